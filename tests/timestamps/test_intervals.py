"""Intervals hold the truth, narrow with what is known, and agree with each other."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model import Timestamp
from harness.timestamps import FRONT_ENDS, compatible, front_end_of, instant, parse
from tests.conftest import REPOSITORY
from tests.timestamps.formatters import FORMATTERS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = 86400
LABELS = REPOSITORY.parent / "shared" / "data" / "js_labels.jsonl"
printers = st.sampled_from(sorted(FORMATTERS))
shares = st.floats(0, 1, exclude_max=True)


def claim_of(label: str, captured_at: datetime = NOW, front_end: str | None = None) -> Timestamp:
    claim = parse(label, captured_at=captured_at, front_end=front_end)
    assert claim is not None and claim.age is not None and claim.published is not None, label
    return claim


def printed(name: str, share: float) -> tuple[str, float]:
    """A label and its true age; ages are drawn evenly over magnitudes."""
    printer, most = FORMATTERS[name]
    elapsed = most**share
    return printer(elapsed), elapsed


@settings(deadline=None)
@given(printers, shares)
def test_the_true_age_lies_in_the_interval_and_a_named_front_end_narrows_it(
    name: str, share: float
) -> None:
    label, elapsed = printed(name, share)
    wide, narrow = claim_of(label).age, claim_of(label, front_end=name).age
    assert wide is not None and narrow is not None
    assert wide[0] <= elapsed <= wide[1], (label, elapsed)
    assert narrow[0] <= elapsed <= narrow[1], (label, elapsed)
    assert narrow[1] - narrow[0] <= wide[1] - wide[0], label


@settings(deadline=None)
@given(printers, shares)
def test_some_age_in_the_interval_prints_the_label_again(name: str, share: float) -> None:
    label, _ = printed(name, share)
    age = claim_of(label, front_end=name).age
    assert age is not None
    printer, most = FORMATTERS[name]
    steps = [age[0] + (age[1] - age[0]) * step / 40 for step in range(41)]
    assert label in {printer(min(step, most)) for step in steps}


@settings(deadline=None)
@given(printers, shares, st.floats(0, 400 * DAY), st.booleans())
def test_a_second_capture_of_the_page_is_compatible_with_the_first(
    name: str, share: float, later: float, named: bool
) -> None:
    printer, most = FORMATTERS[name]
    label, elapsed = printed(name, share)
    if elapsed + later > most:
        return
    front_end = name if named else None
    after = NOW + timedelta(seconds=later)
    first = claim_of(label, front_end=front_end)
    second = claim_of(printer(elapsed + later), after, front_end)
    assert compatible(first, second) and compatible(second, first)


def test_claims_that_cannot_both_be_true_are_not_compatible() -> None:
    first = claim_of("2 hours ago")
    assert not compatible(first, claim_of("2 hours ago", NOW + timedelta(hours=5)))
    assert not compatible(first, instant("2026-02-27T10:00:00Z"))
    assert compatible(first, instant("2026-03-01T10:00:00Z"))
    assert compatible(first, parse("2026-03-01"))


def test_claims_without_instants_prove_nothing_until_their_capture_is_given() -> None:
    early, late = parse("2 hours ago"), parse("2 hours ago")
    assert compatible(early, late) and compatible(early, None) and compatible(None, None)
    after = NOW + timedelta(days=1)
    assert not compatible(early, late, a_captured_at=NOW, b_captured_at=after)
    assert compatible(parse("12-03-2025"), claim_of("2 hours ago")), "which day is not known"
    with pytest.raises(ValueError, match="has no time zone"):
        compatible(early, late, a_captured_at=datetime(2026, 3, 1))


def test_clocks_and_summer_time_raise_no_alarm() -> None:
    day = claim_of("2 days ago")
    assert day.published is not None
    at_edge = day.published[0] - timedelta(minutes=59)
    assert compatible(day, instant(at_edge.isoformat()))
    hour = claim_of("2 hours ago")
    assert hour.published is not None
    assert not compatible(hour, instant((hour.published[0] - timedelta(minutes=59)).isoformat()))


# --- the rules, value by value --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "front_end", "low", "high"),
    [
        ("2 months ago", None, 28, 92),
        ("3 months ago", None, 58.5, 123),
        ("last quarter", None, 0, 184),
        ("2 quarters ago", None, 90, 275),
        ("last year", None, 0, 732),
        ("2 months ago", "moment", 43.22, 77.3),
        ("2 days ago", "timeago", 2, 3),
        ("4 weeks ago", "timeago", 28, 30.42),
        ("about 2 months ago", "date-fns", 45, 60),
        ("2 months ago", "date-fns", 60, 75),
        ("over 1 year ago", "date-fns", 455, 641),
        ("1 year ago", "date-fns-strict", 345, 547.5),
        ("last month", "date-fns-intl", 30.44, 62),
        ("3 quarters ago", "date-fns-intl", 181, 365.24),
        ("last week", "github", 5.5, 10.49),
        ("2 days ago", "github", 1.5, 2.49),
    ],
)
def test_a_rule_covers_what_its_front_end_counts_and_little_more(
    label: str, front_end: str | None, low: float, high: float
) -> None:
    claim = parse(label, front_end=front_end)
    assert claim is not None and claim.age is not None
    least, most = claim.age[0] / DAY, claim.age[1] / DAY
    assert low - 4 <= least <= low + 0.01, least
    assert high - 0.01 <= most <= high + 4, most


def test_less_than_a_minute_is_half_of_one_where_minutes_are_rounded() -> None:
    assert claim_of("less than a minute ago").age == (0, 60)
    assert claim_of("less than a minute ago", front_end="date-fns").age == (0, 30)
    assert claim_of("just now", front_end="timeago").age == (0, 10)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("dayjs", "moment"),
        ("moment.fromNow", "moment"),
        ("timeago.js", "timeago"),
        ("date-fns.formatDistance", "date-fns"),
        ("github.relative-time", "github"),
        ("rails", "date-fns"),
        ("date-fns.strict", "date-fns-strict"),
    ],
)
def test_a_front_end_has_many_names(spelling: str, name: str) -> None:
    assert claim_of("2 hours ago", front_end=spelling).age == claim_of("2 hours ago", NOW, name).age


def test_an_unknown_front_end_narrows_nothing() -> None:
    assert claim_of("2 hours ago", front_end="ours").age == claim_of("2 hours ago").age


# --- a page's own vocabulary ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "front_end"),
    [
        (["a few seconds ago", "an hour ago"], "moment"),
        (["just now", "3 weeks ago"], "timeago"),
        (["about 1 hour ago", "3 days ago"], "date-fns"),
        (["last quarter"], "date-fns-intl"),
        (["yesterday", "14 days ago"], "github"),
        (["60 minutes ago", "1 day ago", "12 days ago"], None),
        (["2 hours ago"], None),
        (["an hour ago"], None),
        (["a few seconds ago", "22 hours ago"], None),
        (["A headline", "3 min read"], None),
        ([], None),
    ],
)
def test_a_front_end_is_inferred_only_when_no_other_prints_so(
    labels: list[str], front_end: str | None
) -> None:
    assert front_end_of(labels) == front_end


@settings(deadline=None)
@given(printers, st.lists(shares, min_size=1, max_size=30))
def test_an_inferred_front_end_is_the_one_that_printed(name: str, drawn: list[float]) -> None:
    labels = [printed(name, share)[0] for share in drawn]
    assert front_end_of(labels) in (name, None)


@pytest.mark.skipif(not LABELS.exists(), reason=f"{LABELS} is missing: measured labels")
def test_measured_labels_hold_the_truth_whatever_is_known_of_the_front_end() -> None:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    pages: dict[str, list[str]] = defaultdict(list)
    for printer, _, _, label in rows:
        pages[printer].append(label)
    inferred = {printer: front_end_of(labels) for printer, labels in pages.items()}
    assert set(inferred.values()) <= {*FRONT_ENDS, None}
    widths = [0.0, 0.0]
    for printer, _, elapsed, label in rows:
        for kind, front_end in enumerate((None, printer, inferred[printer])):
            claim = parse(label, front_end=front_end)
            assert claim is not None and claim.age is not None, label
            assert claim.age[0] <= elapsed <= claim.age[1], (label, front_end, elapsed)
            if kind < 2:
                widths[kind] += claim.age[1] - claim.age[0]
    assert widths[1] < 0.6 * widths[0]
