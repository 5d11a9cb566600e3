"""Times are written again in the form that they had."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.faults.moments import read_moment, shifted
from harness.model import Tree
from tests import trees
from tests.faults.samples import TIMES, claim

SAME: tuple[Tree, ...] = (
    *(value for name, value in TIMES.items() if name not in ("label", "mail")),
    claim("21 hours ago", 21, 21),
    "2026-03-05 08:30:00.123+00:00",
    "2026-03-05T08:30:00.123456-05:00",
    "2026-03-05T08:30",
    "2026-03-05T08:30+0530".replace("+0530", "+05:30"),
    "March 5, 2026",
    "5.3.2026",
    "03/25/2026",
    1772699400.5,
    1772699400123,
    "Thu, 05 Mar 2026 08:30:00 +0000",
)


@pytest.mark.parametrize("value", SAME, ids=str)
def test_a_time_that_is_not_moved_is_the_same(value: Tree) -> None:
    moment = read_moment(value)
    assert moment is not None
    assert shifted(moment, timedelta(0)) == value
    there = shifted(moment, timedelta(days=3))
    assert there != value
    again = read_moment(there)
    if isinstance(value, dict) and "$timestamp" in value and not isinstance(there, str):
        return  # an age is read as one instant of its interval
    assert again is not None and again.at - moment.at == timedelta(days=3)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        "",
        "soon",
        "21 hours ago",
        "2026-13-40",
        "40/40/2026",
        "5 March 6, 2026",
        "in 2026",
        {"$date": 5},
        {"$datetime": "no"},
        {"$timestamp": "text"},
        {"$timestamp": {"text": "x"}},
        {"$timestamp": {"published": {"earliest": "x"}}},
        ["2026-03-05"],
        {"$float": "nan"},
    ],
    ids=str,
)
def test_what_is_no_time_is_none(value: Tree) -> None:
    assert read_moment(value) is None


@given(trees.trees)
def test_anything_is_a_time_or_none(value: Tree) -> None:
    moment = read_moment(value)
    assert moment is None or isinstance(moment.at, datetime)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)), st.integers(-10_000, 10_000))
def test_what_was_moved_reads_as_moved(at: datetime, hours: int) -> None:
    at = at.replace(microsecond=0)
    value: Tree = {"$datetime": at.isoformat()}
    for form in (value, at.isoformat(), at.isoformat(" ")):
        moment = read_moment(form)
        assert moment is not None
        again = read_moment(shifted(moment, timedelta(hours=hours)))
        assert again is not None and again.at == at + timedelta(hours=hours)
