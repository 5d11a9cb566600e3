"""Labels as claims: what is read, what is left alone, and that the truth lies in the interval."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.records import decode, dumps, encode_record, loads
from harness.timestamps import candidates, instant, parse, split_glued
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
        "1 Mar 2026 08:00 +99999999999999999999",
        "1 Foo 2026 08:00 +0000",
        "Breaking: 5",
        "now showing",
    ],
)
def test_what_is_no_age_is_left_alone(label: str | None) -> None:
    assert parse(label, captured_at=NOW) is None


@settings(deadline=None)  # the first label may load tables, or dateparser
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


@settings(deadline=None)  # the first label may load tables, or dateparser
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-1439, 1439))
def test_the_same_instant_in_any_zone_is_the_same_claim(moment: datetime, minutes: int) -> None:
    try:
        local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    except OverflowError:
        return
    assert instant(local.isoformat()).published == (moment, moment)


# --- intervals ------------------------------------------------------------------------------------


@settings(deadline=None)  # the first label may load tables, or dateparser
@given(st.integers(0, 999), units, st.sampled_from([None, "moment"]))
def test_the_earliest_comes_before_the_latest_and_that_before_the_capture(
    count: int, unit: str, front_end: str | None
) -> None:
    claim = parse(f"{count} {unit}s ago", captured_at=NOW, front_end=front_end)
    assert claim is not None and claim.age is not None and claim.published is not None
    assert 0 <= claim.age[0] < claim.age[1]
    assert claim.published[0] < claim.published[1] <= NOW


@settings(deadline=None)  # the first label may load tables, or dateparser
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


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "9" * 1_000_000,
        "a " * 500_000,
        "\0" * 60,
        "9" * 199,
        "an hour " * 20,
        "12-" * 60,
        "Updated " * 24,
        "١" * 150,
        "1 марта " * 20,
        "\ud800 2 hours ago",
        "-5 hours ago",
        "1\u0663 hours ago" * 9,
        "²½Ⅷ hours ago",
        "99999999 years ago",
    ],
    ids=lambda text: ascii(text[:12]),
)
@pytest.mark.parametrize("languages", [None, ["fr"], ["xx", "", "-"], ["hi", "en-"]])
def test_bad_input_is_no_label_and_no_exception(text: str, languages: list[str] | None) -> None:
    assert parse(text, languages=languages, front_end="") is None
    assert candidates(text, languages=languages) == []
    for glued in split_glued(text, languages=languages):
        assert glued.source + glued.separator + glued.label == text


@settings(deadline=None)  # the first label may load tables, or dateparser
@given(st.text(max_size=40), st.sampled_from([["hi"], ["ru", "de"], ["ar-EG"], ["zz"], []]))
def test_any_text_in_any_language_is_a_claim_or_none(text: str, languages: list[str]) -> None:
    claim = parse(text, languages=languages, captured_at=NOW)
    assert claim is None or claim.text == text
    assert (
        (claim is None)
        or claim in candidates(text, languages=languages, captured_at=NOW)
        or (claim.published is None)
    )


@pytest.mark.parametrize("label", [3, b"2 hours ago", ["now"]])
def test_a_label_is_text(label: object) -> None:
    with pytest.raises(TypeError, match="a label is text, not"):
        parse(label)  # type: ignore[arg-type]


@pytest.mark.parametrize("year", [1, 9999])
def test_captures_at_the_ends_of_time_do_no_harm(year: int) -> None:
    captured_at = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, tzinfo=UTC)
    for label in ("99 years ago", "yesterday at 10:45 UTC", "21:04 IST", "2 hours ago"):
        claim = parse(label, captured_at=captured_at)
        assert claim is None or claim.published is None or claim.published[0] <= claim.published[1]


# --- aggregators' forms ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "unit", "count"),
    [
        ("5 minutes ago • 3 min read", "minute", 5),
        ("3 min read • 5 minutes ago", "minute", 5),
        ("time2 hours ago", "hour", 2),
        ("timean hour ago", "hour", 1),
        ("21h", "hour", 21),
        ("Posted 3h ago", "hour", 3),
        ("1 mo ago", "month", 1),
        ("2 qtrs. ago", "quarter", 2),
        ("last quarter", "quarter", 1),
        ("Updated yesterday", "day", 1),
        ("two days ago", "day", 2),
        ("2 days, 3 hours ago", "day", 2),
        ("(2 hours ago)", "hour", 2),
        ("· 2h", "hour", 2),
        ("a couple of hours ago", "hour", None),
        ("today", "day", 0),
        ("the day before yesterday", "day", 2),
    ],
)
def test_forms_of_aggregators(label: str, unit: str, count: int | None) -> None:
    claim = parse(label)
    assert claim is not None and (claim.kind, claim.unit, claim.count) == ("relative", unit, count)


def test_two_units_make_an_interval_of_the_smaller() -> None:
    claim = parse("2 days, 3 hours ago")
    assert claim is not None and claim.age == (2 * DAY + 2 * HOUR, 2 * DAY + 4 * HOUR)
    assert parse("3 hours, 2 days ago") is None


@pytest.mark.parametrize(
    "label",
    [
        "24 hours",
        "72 hours",
        "10 Things…",
        "5 days to go",
        "2 weeks' notice",
        "300W",
        "5M",
        "100m",
        "2025",
        "iPhone 15",
        "a y ago",
        "10:45",
        "3 days old",
        "5 hours later",
        "2 weeks",
    ],
)
def test_numbers_with_units_that_are_no_ages(label: str) -> None:
    assert parse(label, captured_at=NOW) is None
    assert candidates(label, captured_at=NOW) == []


# --- hours and zones ------------------------------------------------------------------------------


def minute(hour: int, minutes: int, day: int = 12) -> tuple[datetime, datetime]:
    start = datetime(2025, 3, day, hour, minutes, tzinfo=UTC)
    return start, start + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("label", "published"),
    [
        ("March 12, 2025 9:04 PM UTC", minute(21, 4)),
        ("12 Mar 2025, 21:04 GMT", minute(21, 4)),
        ("Wed, 12 March 2025 21:04 CET", minute(20, 4)),
        ("21:04 CET, Wed 12 March 2025", minute(20, 4)),
        ("Published: Mar 12, 2025 at 12:04 am JST", minute(15, 4, day=11)),
        ("2025-03-12 12:04 p.m. UTC+2", minute(10, 4)),
        ("12.03.2025 21:04 MEZ", minute(20, 4)),
    ],
)
def test_hours_zones_and_halves_of_the_day(
    label: str, published: tuple[datetime, datetime]
) -> None:
    claim = parse(label, languages=["de"])
    assert claim is not None and claim.published == published


def test_indian_time_is_ambiguous_unless_the_page_is_indian() -> None:
    label = "12 Mar 2025, 21:04 IST"
    claim, readings = parse(label), candidates(label)
    assert claim is not None and claim.published is None
    assert [reading.published for reading in readings] == [
        minute(15, 34),
        minute(19, 4),
        minute(20, 4),
    ]
    for languages in (["hi"], ["en-IN"], ["en_IN", "en"], ["ta-IN"]):
        indian = parse(label, languages=languages)
        assert indian is not None and indian.published == minute(15, 34)
    israeli = parse(label, languages=["he"])
    assert israeli is not None and israeli.published == minute(19, 4)


def test_an_hour_without_its_day_is_the_last_before_the_capture() -> None:
    claim = parse("21:04 IST", captured_at=NOW, languages=["en-IN"])
    assert claim is not None and claim.kind == "absolute"
    assert claim.published is not None
    assert claim.published[0] == datetime(2026, 2, 28, 15, 34, tzinfo=UTC)
    today = parse("3:04 pm IST", captured_at=NOW, languages=["hi"])
    assert today is not None and today.published is not None
    assert today.published[0] == datetime(2026, 3, 1, 9, 34, tzinfo=UTC)
    assert len(candidates("21:04 IST", captured_at=NOW)) == 3


def test_yesterday_at_an_hour_is_a_day_in_an_unknown_zone_and_a_minute_in_a_known_one() -> None:
    anywhere = parse("Yesterday at 10:45", captured_at=NOW)
    assert anywhere is not None and (anywhere.unit, anywhere.count) == ("day", 1)
    assert anywhere.age == (13.25 * HOUR - MINUTE, 37.25 * HOUR)
    here = parse("Yesterday at 10:45 UTC", captured_at=NOW)
    assert here is not None and here.published is not None
    assert here.published[0] == datetime(2026, 2, 28, 10, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("languages", "month"),
    [(["de"], 3), (["en-GB"], 3), (["en-IN"], 3), (["en-US"], 12), (["fr", "en-US"], 3)],
)
def test_a_language_settles_the_order_of_day_and_month(languages: list[str], month: int) -> None:
    claim = parse("12/03/2025", languages=languages)
    assert claim is not None
    assert claim.published == day_anywhere(2025, month, 15 - month)
    for either in (["en"], ["ja"], None):
        assert len(candidates("12/03/2025", languages=either)) == 2
