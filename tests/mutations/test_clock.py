"""The same page captured later, and captured again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Capture, Page, parse
from harness.model import Outcome
from harness.mutations import MUTATIONS
from harness.mutations.clock import print_label, read_label
from tests.mutations.pages import CAPTURED_AT, EVERY, extract, html, outcome, text, visible

HOURS = st.sampled_from([1, 3, 7, 24, 48, 120])


def test_a_later_capture_has_the_same_bytes() -> None:
    for capture in EVERY:
        made = MUTATIONS["clock-shift"](capture, 1)
        assert made is not None and made.capture.body == capture.body
        assert made.capture.captured_at is not None and made.capture.captured_at > CAPTURED_AT
        assert made.relation.check(extract(capture), extract(made.capture)) == []


def test_a_capture_of_unknown_time_cannot_be_shifted() -> None:
    capture = replace(html(), captured_at=None)
    assert MUTATIONS["clock-shift"](capture, 1) is None
    assert MUTATIONS["recapture"](capture, 1) is None


def test_an_extractor_that_asks_the_clock_instead_of_the_capture_is_seen() -> None:
    def wrong(capture: Capture) -> Outcome:
        age = Page(capture).text(".age")
        return outcome(timestamp=parse(age, captured_at=CAPTURED_AT))

    for name in ("clock-shift", "recapture"):
        found = []
        for seed in range(6):
            made = MUTATIONS[name](html(), seed)
            assert made is not None
            found += made.relation.check(wrong(html()), wrong(made.capture))
        assert found and {b.fault for b in found} == {"wrong-date"}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("capture", [html(), text()], ids=["html", "text"])
def test_a_story_captured_again_is_as_old_as_it_is(capture: Capture, seed: int) -> None:
    made = MUTATIONS["recapture"](capture, seed)
    assert made is not None
    assert made.relation.check(extract(capture), extract(made.capture)) == []
    assert len(visible(made.capture)) == len(visible(capture))


@pytest.mark.parametrize(
    ("shown", "hours", "later"),
    [
        ("a few seconds ago", 1, "an hour ago"),
        ("2 hours ago", 3, "5 hours ago"),
        ("21 hours ago", 1, "a day ago"),
        ("20 hours ago", 48, "3 days ago"),
        ("an hour ago", 24, "a day ago"),
        ("25 days ago", 120, "a month ago"),
        ("10 months ago", 1, "10 months ago"),
        ("10 months ago", 24 * 40, "a year ago"),
    ],
)
def test_ages_are_printed_as_moment_prints_them(shown: str, hours: int, later: str) -> None:
    label = read_label(shown)
    assert label is not None
    assert print_label(label, label.age + hours * 3600, moment=True) == later


@pytest.mark.parametrize(
    ("shown", "hours", "later"),
    [
        ("21h", 1, "22h"),
        ("21h", 7, "1d"),
        ("3d", 24, "4d"),
        ("5 mins ago", 1, "1 hour ago"),
        ("1 hour ago", 1, "2 hours ago"),
        ("2 weeks ago", 120, "2 weeks ago"),
        ("Updated 2 hours ago", 1, "Updated 3 hours ago"),
    ],
)
def test_other_front_ends_cut_the_rest_off(shown: str, hours: int, later: str) -> None:
    label = read_label(shown)
    assert label is not None
    assert print_label(label, label.age + hours * 3600, moment=False) == later


@given(
    st.sampled_from(["{} minutes ago", "{} hours ago", "{} days ago", "{}h", "{}d", "{} mins ago"]),
    st.integers(2, 21),
    HOURS,
    st.booleans(),
)
def test_both_labels_can_be_of_one_instant(form: str, count: int, hours: int, moment: bool) -> None:
    first = read_label(form.format(count))
    assert first is not None
    if moment and first.short:
        return
    again = print_label(first, first.age + hours * 3600, moment)
    later = CAPTURED_AT + timedelta(hours=hours)
    one = parse(form.format(count), captured_at=CAPTURED_AT)
    other = parse(again, captured_at=later, front_end="moment" if moment else None)
    assert one is not None and other is not None
    assert one.published is not None and other.published is not None
    assert one.published[0] <= other.published[1] and other.published[0] <= one.published[1]


@pytest.mark.parametrize("label", ["hace 2 horas", "vor 3 Tagen", "3 min read", "a horse", ""])
def test_what_cannot_be_printed_again_changes_nothing(label: str) -> None:
    capture = html(f"<p>{label}</p>")
    assert MUTATIONS["recapture"](capture, 1) is None


def test_a_number_that_could_belong_to_the_source_is_left_alone() -> None:
    capture = html("<p>Echo3 hours ago</p><p>France 249 minutes ago</p>")
    made = MUTATIONS["recapture"](capture, 1)
    assert made is None or "France 24" in "".join(visible(made.capture))


def test_dates_stay_what_they_are() -> None:
    capture = html("<p>3 hours ago</p><p>12 March 2025</p><p>Echo12-03-2025</p>")
    made = MUTATIONS["recapture"](capture, 1)
    assert made is not None
    assert visible(made.capture)[1:] == ["12 March 2025", "Echo12-03-2025"]
    assert isinstance(made.capture.captured_at, datetime)
