"""Labels as claims: what is read, what is left alone, and that the truth lies in the interval."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import decode, dumps, encode_record, loads
from harness.timestamps import instant, parse, split_glued
from tests.conftest import REPOSITORY

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LABELS = REPOSITORY.parent / "shared" / "data" / "js_labels.jsonl"
MINUTE, HOUR, DAY = 60, 3600, 86400
units = st.sampled_from("second minute hour day week month year".split())


# --- what is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("21 hours ago", 20.5 * HOUR - 30, 22 * HOUR + 30),
        ("an hour ago", HOUR / 2 - 30, 2 * HOUR + 30),
        ("1 hour ago", HOUR / 2 - 30, 2 * HOUR + 30),
        ("One Hour Ago", HOUR / 2 - 30, 2 * HOUR + 30),
        ("half an hour ago", HOUR / 4, HOUR),
        ("2 days ago", DAY, 3 * DAY),
        ("a few seconds ago", 0, 60),
        ("Just now", 0, 120),
        ("Yesterday", 0, 2 * DAY),
        ("less than 5 minutes ago", 0, 5 * MINUTE),
        ("about 3 hours ago", 2.5 * HOUR - 30, 4 * HOUR + 30),
        ("Updated 5 mins ago", 4.5 * MINUTE - 30, 6 * MINUTE + 30),
        ("Last updated: 5 mins. ago", 4.5 * MINUTE - 30, 6 * MINUTE + 30),
        ("5m", 4.5 * MINUTE - 30, 6 * MINUTE + 30),
        ("2w", 7 * DAY, 21 * DAY),
        ("0 minutes ago", 0, MINUTE + 30),
        ("  21\u00a0hours\n ago ", 20.5 * HOUR - 30, 22 * HOUR + 30),
    ],
)
def test_a_relative_label_is_an_interval(label: str, low: float, high: float) -> None:
    claim = parse(label, captured_at=NOW)
    assert claim is not None
    assert claim.kind == "relative"
    assert claim.text == label, "as it is shown"
    assert claim.age == (low, high)
    assert claim.published == (NOW - timedelta(seconds=high), NOW - timedelta(seconds=low))


@pytest.mark.parametrize(
    "label", ["21 hours ago", "२१ hours ago", "21\u202fhours ago", "21 HRS AGO"]
)
def test_the_same_label_in_other_digits_and_spaces_is_the_same_interval(label: str) -> None:
    claim = parse(label)
    assert claim is not None
    assert (claim.unit, claim.count, claim.age) == ("hour", 21, (20.5 * HOUR - 30, 22 * HOUR + 30))
    assert claim.published is None, "nobody knows when it was captured"


@pytest.mark.parametrize(
    "label",
    [
        None,
        "",
        "3 min read",
        "5 minutes",
        "a day",
        "5 min",
        "5 minutes ago • 3 min read",
        "What happened 20 years ago today",
        "20 years ago, a storm",
        "NDTV 24X72 hours ago",
        "4 days of rain",
        "In 2 hours",
        "2 hours later",
        "1000 hours ago",
        "may 5",
        "March 2026",
        "1 March 2 2026",
        "31-13-2025",
        "00-00-0000",
        "2026-02-30",
        "2026-03-01T25:00",
        "Sun, 1 Mar 2026 08:00 PM",
        "Sun, 1 Mar 2026 08:00:00 IST",
        "1 Mar 2026 08:00 +99999999999999999999",
        "1 Foo 2026 08:00 +0000",
        "Breaking: 5",
        "now showing",
    ],
)
def test_what_is_no_age_is_left_alone(label: str | None) -> None:
    assert parse(label, captured_at=NOW) is None


@given(st.text(max_size=30))
def test_any_text_is_a_claim_or_none(text: str) -> None:
    claim = parse(text, captured_at=NOW)
    assert claim is None or claim.text == text
    for glued in split_glued(text):
        assert glued.source + glued.separator + glued.label == text


def test_a_capture_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        parse("2 hours ago", captured_at=datetime(2026, 3, 1))


# --- dates ----------------------------------------------------------------------------------------


def day_anywhere(year: int, month: int, day: int) -> tuple[datetime, datetime]:
    start = datetime(year, month, day, tzinfo=timezone(timedelta(hours=14)))
    end = datetime(year, month, day, tzinfo=timezone(timedelta(hours=-12))) + timedelta(days=1)
    return start, end


@pytest.mark.parametrize(
    "label",
    [
        "2025-03-12",
        "12 March 2025",
        "March 12, 2025",
        "Mar. 12th 2025",
        "12 mar, 2025",
        "12.03.2025",
    ],
)
def test_a_day_is_as_wide_as_the_worlds_zones(label: str) -> None:
    claim = parse(label, day_first=True)
    assert claim is not None
    assert (claim.kind, claim.unit, claim.published) == (
        "calendar",
        "day",
        day_anywhere(2025, 3, 12),
    )


def test_a_date_that_reads_both_ways_has_no_interval() -> None:
    both, one = parse("12-03-2025"), parse("13-03-2025")
    assert both is not None and both.published is None
    assert one is not None and one.published == day_anywhere(2025, 3, 13)
    american = parse("12-03-2025", day_first=False)
    assert american is not None and american.published == day_anywhere(2025, 12, 3)
    assert parse("13-03-2025", day_first=False) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01T13:30:00+05:30", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01 08:00:00.123+0000", datetime(2026, 3, 1, 8, 0, 0, 123_000, UTC)),
        ("Sun, 01 Mar 2026 08:00:00 GMT", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 08:00:00 +0000 (UTC)", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("1 Mar 2026 03:00 EST", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("1 Mar 26 08:00 -0000", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_its_offset(value: str, expected: datetime) -> None:
    assert instant(value).published == (expected, expected)
    claim = parse(value)
    assert claim is not None and claim.published == (expected, expected)


@pytest.mark.parametrize(
    "value", ["2026-03-01T08:00:00", "1 Mar 2026 08:00", "1 Mar 2026 08:00:00"]
)
def test_a_time_without_a_zone_is_no_instant(value: str) -> None:
    naive = datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert instant(value).published == (naive - timedelta(hours=14), naive + timedelta(hours=12))


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-01",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+05:30",
        "9999-12-31",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59-08:00",
        "31-12-9999",
        "1 January 0001",
    ],
)
def test_the_dates_that_databases_write_for_never_do_no_harm(value: str) -> None:
    claim = parse(value)
    assert claim is not None and claim.published is not None
    assert claim.published[0] <= claim.published[1]
    assert decode(loads(dumps(encode_record({"x": claim}))))["x"] == claim


@pytest.mark.parametrize("value", ["yesterday", "2 hours ago", "12 March 2025", "", "2026-13-01"])
def test_a_machine_readable_date_must_be_one(value: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 or RFC 822 date"):
        instant(value)


def test_an_instant_keeps_the_label_that_is_shown() -> None:
    assert instant("2026-03-01T08:00:00Z", text="this morning").text == "this morning"
    assert instant(None) is None


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-1439, 1439))
def test_the_same_instant_in_any_zone_is_the_same_claim(moment: datetime, minutes: int) -> None:
    try:
        local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    except OverflowError:
        return
    assert instant(local.isoformat()).published == (moment, moment)


# --- intervals ------------------------------------------------------------------------------------


@given(st.integers(0, 999), units, st.sampled_from([None, "moment"]))
def test_the_earliest_comes_before_the_latest_and_that_before_the_capture(
    count: int, unit: str, front_end: str | None
) -> None:
    claim = parse(f"{count} {unit}s ago", captured_at=NOW, front_end=front_end)
    assert claim is not None and claim.age is not None and claim.published is not None
    assert 0 <= claim.age[0] < claim.age[1]
    assert claim.published[0] < claim.published[1] <= NOW


@given(st.integers(1, 10), units)
def test_knowing_the_front_end_narrows_the_interval(count: int, unit: str) -> None:
    if unit in ("second", "week"):  # moment prints neither
        return
    label = f"{count} {unit}{'s' * (count > 1)} ago"
    wide, narrow = parse(label), parse(label, front_end="moment")
    assert wide is not None and narrow is not None and wide.age and narrow.age
    assert narrow.age[1] - narrow.age[0] < wide.age[1] - wide.age[0]
    assert narrow.front_end == "moment"


SMALL_TABLE = [
    # (elapsed seconds, what moment prints, what a flooring front-end prints)
    (44, "a few seconds ago", "44 seconds ago"),
    (89, "a minute ago", "1 minute ago"),
    (59 * MINUTE, "an hour ago", "59 minutes ago"),
    (89 * MINUTE, "an hour ago", "1 hour ago"),
    (int(21.4 * HOUR), "21 hours ago", "21 hours ago"),
    (22 * HOUR, "a day ago", "22 hours ago"),
    (int(1.4 * DAY), "a day ago", "1 day ago"),
    (int(1.6 * DAY), "2 days ago", "1 day ago"),
    (26 * DAY, "a month ago", "3 weeks ago"),
    (46 * DAY, "a month ago", "6 weeks ago"),
    (330 * DAY, "a year ago", "10 months ago"),
    (int(1.6 * 365 * DAY), "2 years ago", "1 year ago"),
]


@pytest.mark.parametrize(("elapsed", "rounded", "floored"), SMALL_TABLE)
def test_the_truth_lies_in_the_interval(elapsed: int, rounded: str, floored: str) -> None:
    for label, front_end in ((rounded, "moment"), (rounded, None), (floored, None)):
        claim = parse(label, front_end=front_end)
        assert claim is not None and claim.age is not None
        assert claim.age[0] <= elapsed <= claim.age[1], (label, front_end)


@pytest.mark.skipif(not LABELS.exists(), reason=f"{LABELS} is missing: measured labels")
def test_the_truth_lies_in_the_interval_of_measured_labels() -> None:
    read, wrong = 0, []
    for line in LABELS.read_text(encoding="utf-8").splitlines()[::10]:
        formatter, now, elapsed, label = json.loads(line)
        captured_at = datetime.fromtimestamp(now, UTC)
        truth = captured_at - timedelta(seconds=elapsed)
        front_ends = (
            (None, "moment") if formatter in ("moment.fromNow", "dayjs.fromNow") else (None,)
        )
        for front_end in front_ends:
            claim = parse(label, captured_at=captured_at, front_end=front_end)
            if claim is None or claim.published is None:
                continue
            read += 1
            # `elapsed` is rounded to seconds; calendar units shift with summer time.
            if not claim.published[0] <= truth <= claim.published[1] + timedelta(seconds=1):
                wrong.append((formatter, front_end, elapsed, label, claim.age))
    assert not wrong, wrong[:10]
    assert read > 3_000


# --- glued ----------------------------------------------------------------------------------------

SOURCES = ["NDTV 24X7", "9News", "News18", "Channel 4", "1News", "ABC 33/40", "France 24", "NDTV"]
separators = st.sampled_from(["", " ", " • ", "\u00a0", " | ", " — ", ", ", "-"])
ages = st.one_of(
    st.tuples(st.integers(2, 9), units).map(lambda age: f"{age[0]} {age[1]}s ago"),
    st.sampled_from(["a day ago", "an hour ago", "a few seconds ago", "1 hour ago"]),
)


@given(st.one_of(st.sampled_from(SOURCES), st.text(max_size=12)), separators, ages)
def test_the_parts_of_a_glued_byline_join_to_it(source: str, separator: str, age: str) -> None:
    raw = source + separator + age
    found = split_glued(raw)
    for glued in found:
        assert glued.source + glued.separator + glued.label == raw
        assert parse(glued.label) is not None


@given(st.sampled_from(SOURCES), separators, st.integers(1, 21), units)
def test_a_source_that_ends_in_digits_keeps_them_in_some_reading(
    source: str, separator: str, count: int, unit: str
) -> None:
    if count > {"month": 10}.get(unit, 99):
        return
    label = f"{count} {unit}{'s' * (count > 1)} ago"
    found = [(g.source, g.separator, g.label) for g in split_glued(source + separator + label)]
    assert (source, separator, label) in found


@pytest.mark.parametrize(
    ("raw", "source", "label"),
    [
        ("NDTV 24X72 hours ago", "NDTV 24X7", "2 hours ago"),
        ("News182 hours ago", "News18", "2 hours ago"),
        ("Channel 421 hours ago", "Channel 4", "21 hours ago"),
        ("France 2421 hours ago", "France 24", "21 hours ago"),
        ("ABC 33/405 hours ago", "ABC 33/40", "5 hours ago"),
        ("France 241 hour ago", "France 24", "1 hour ago"),
        ("NDTV a day ago", "NDTV", "a day ago"),
        ("Reutersan hour ago", "Reuters", "an hour ago"),
        ("9Newsa few seconds ago", "9News", "a few seconds ago"),
        ("The Hindu12-03-2025", "The Hindu", "12-03-2025"),
        ("2 hours ago", "", "2 hours ago"),
    ],
)
def test_the_best_reading_comes_first(raw: str, source: str, label: str) -> None:
    best = split_glued(raw)[0]
    assert (best.source, best.label) == (source, label)


def test_what_moment_never_prints_settles_a_source() -> None:
    raw = "France 249 minutes ago"
    assert [g.source for g in split_glued(raw)] == ["France 2", "France 24"]
    assert [g.source for g in split_glued(raw, front_end="moment")] == ["France 24"]


@pytest.mark.parametrize(
    "text",
    [
        "NDTV 24X7",
        "News18",
        "1News",
        "3 min read",
        "Channel 4 days",
        "NDTV 2 hour ago",
        "BBC 2 hours",
        "Ten ways to save",
        "NDTV 0 hours ago",
        "NDTV 99-99-2025",
        "",
    ],
)
def test_a_source_without_an_age_is_not_split(text: str) -> None:
    assert split_glued(text) == []
