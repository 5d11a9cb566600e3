"""Timestamps that claim another time than their own label does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.invariants.misread import conventions, misread
from harness.model import Timestamp
from harness.timestamps import FRONT_ENDS, instant, parse

AT = datetime(2025, 6, 30, 12, 0, tzinfo=UTC)
LABELS = [
    "a few seconds ago",
    "21 hours ago",
    "2 days ago",
    "3 weeks ago",
    "a month ago",
    "5 years ago",
]


def claimed(label: str, front_end: str | None = None, day_first: bool | None = None) -> Timestamp:
    stamp = parse(label, captured_at=AT, front_end=front_end, day_first=day_first)
    assert stamp is not None
    return stamp


def moved(stamp: Timestamp, by: timedelta) -> Timestamp:
    assert stamp.published is not None
    span = (stamp.published[0] + by, stamp.published[1] + by)
    seconds = by.total_seconds()
    age = (stamp.age[0] - seconds, stamp.age[1] - seconds) if stamp.age else None
    return replace(stamp, published=span, age=age)


@given(st.sampled_from(LABELS), st.sampled_from([None, *FRONT_ENDS]))
def test_a_claim_that_the_label_makes_in_any_front_end_is_none(
    label: str, front_end: str | None
) -> None:
    assert misread(claimed(label, front_end), AT) is None


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("front_end", [None, "moment"])
@pytest.mark.parametrize("days", [-365, -7, -1, 1, 40])
def test_an_age_whose_interval_lies_elsewhere_is_found(
    label: str, front_end: str | None, days: int
) -> None:
    wrong = misread(moved(claimed(label, front_end), timedelta(days=days)), AT)
    assert wrong is not None
    assert wrong.sure


@pytest.mark.parametrize("zone", [-3, 3])
def test_local_days_and_points_inside_the_interval_are_no_fault(zone: int) -> None:
    stamp = claimed("2 days ago")
    day = datetime(2025, 6, 28, tzinfo=UTC) + timedelta(hours=zone)
    own = replace(stamp, published=(day, day + timedelta(days=1)), age=None)
    assert misread(own, AT) is None
    point = AT - timedelta(hours=47)
    assert misread(replace(stamp, published=(point, point), age=None), AT) is None


def test_summer_time_between_label_and_capture_is_no_fault() -> None:
    assert misread(moved(claimed("3 months ago"), timedelta(hours=1)), AT) is None


@pytest.mark.parametrize(
    ("by", "fault"),
    [
        (timedelta(hours=1), "wrong-zone"),
        (timedelta(hours=5, minutes=30), "wrong-zone"),
        (timedelta(hours=12), "twelve-hour"),
        (timedelta(days=365), "future-date"),
        (timedelta(days=-400), "wrong-date"),
        (-timedelta(hours=9, minutes=41), "day-only"),
    ],
)
@pytest.mark.parametrize("label", ["2025-05-03T09:41:00Z", "Sat, 03 May 2025 09:41:00 GMT"])
def test_an_instant_that_its_own_text_does_not_say_is_found(
    label: str, by: timedelta, fault: str
) -> None:
    stamp = instant(label)
    assert misread(stamp, AT) is None
    wrong = misread(moved(stamp, by), AT)
    assert wrong is not None
    assert wrong.fault == fault


def test_day_and_month_exchanged_against_the_own_text_is_found() -> None:
    stamp = instant("2025-05-03T09:41:00Z")
    swapped = datetime(2025, 3, 5, 9, 41, tzinfo=UTC)
    wrong = misread(replace(stamp, published=(swapped, swapped)), AT)
    assert wrong is not None
    assert wrong.fault == "day-month"


def test_an_instant_beside_a_label_of_a_cached_page_is_doubted_only() -> None:
    at = AT - timedelta(hours=9)
    wrong = misread(Timestamp("2 hours ago", "absolute", published=(at, at)), AT)
    assert wrong is not None
    assert not wrong.sure


def test_a_label_that_nobody_can_read_is_no_fault() -> None:
    assert misread(Timestamp("Michaelmas", "relative", "day", 3, (0.0, 9.0)), AT) is None


def test_one_date_read_month_first_among_dates_read_day_first_is_found() -> None:
    stamps = [
        ("a", claimed("23-04-2025", day_first=True)),
        ("b", claimed("12-03-2025", day_first=True)),
        ("c", claimed("11-03-2025", day_first=False)),
    ]
    assert conventions(stamps[:2], AT) == []
    assert conventions(stamps, AT) == [("c", "23-04-2025")]
    assert [key for key, _ in conventions([*stamps[1:], ("d", stamps[1][1])], AT)] == ["c"]


def test_dates_all_read_month_first_are_no_fault() -> None:
    stamps = [(n, claimed(n, day_first=False)) for n in ("03/23/2025", "03/12/2025")]
    assert conventions(stamps, AT) == []
