"""Dates: the instant, the day and the precision, each told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import Timestamp, Tree
from harness.records import encode_record
from harness.scoring import date_score


def at(text: str) -> Tree:
    return {"$datetime": text}


def stamp(text: str, **claim: Tree) -> Tree:
    return {"$timestamp": {"text": text, **claim}}


AFTERNOON = at("2024-05-01T14:03:00+02:00")


@pytest.mark.parametrize(
    ("expected", "actual", "instant", "day", "precision"),
    [
        pytest.param(AFTERNOON, at("2024-05-01T12:03:00+00:00"), True, True, "same", id="zones"),
        pytest.param(AFTERNOON, "2024-05-01T12:03:00Z", True, True, "same", id="as a text"),
        pytest.param(AFTERNOON, at("2024-05-01T15:03:00+02:00"), False, True, "same", id="hour"),
        pytest.param(AFTERNOON, "2024-05-01", False, True, "cut", id="cut to its day"),
        pytest.param(AFTERNOON, at("2024-05-01T00:00:00"), False, True, "cut", id="at midnight"),
        pytest.param(AFTERNOON, at("2024-05-01T00:00:00+00:00"), False, True, "cut", id="in UTC"),
        pytest.param(AFTERNOON, at("2024-05-01T14:03:00"), True, True, "no zone", id="own wall"),
        pytest.param(AFTERNOON, at("2024-05-01T12:03:00"), True, True, "no zone", id="UTC wall"),
        pytest.param(AFTERNOON, at("2024-05-01T13:03:00"), False, True, "no zone", id="no wall"),
        pytest.param(AFTERNOON, "2024-05-03", False, False, "cut", id="another day"),
        pytest.param(AFTERNOON, None, False, False, "absent", id="lost"),
        pytest.param(AFTERNOON, "no date", False, False, "absent", id="no date"),
        pytest.param(None, None, True, True, "same", id="rightly none"),
        pytest.param(None, "2024-05-01", False, False, "absent", id="made up"),
        pytest.param("2024-05-01", AFTERNOON, True, True, "finer", id="more than is known"),
        pytest.param("2024-05-01", "2024-05-02", False, False, "same", id="the day after"),
        pytest.param("2024-05-01", at("2024-05-02T00:00:00"), False, False, "no zone", id="next"),
        pytest.param("May 1, 2024", "2024-05-01", True, True, "same", id="as pages write it"),
        pytest.param(at("2024-05-01T23:30:00-05:00"), "2024-05-01", False, True, "cut", id="there"),
        pytest.param(
            at("2024-05-01T23:30:00-05:00"), "2024-05-02", False, True, "cut", id="in UTC"
        ),
        pytest.param(stamp("7 hours ago", count=7), "7 hours ago", True, True, "same", id="label"),
        pytest.param(stamp("7 hours ago"), "9 hours ago", False, False, "same", id="other age"),
        pytest.param(stamp("x y z"), "p q r", False, False, "absent", id="unreadable"),
    ],
)
def test_what_is_right_of_a_date(
    expected: Tree, actual: Tree, instant: bool, day: bool, precision: str
) -> None:
    found = date_score(expected, actual)
    assert (found.instant, found.day, found.precision) == (instant, day, precision)
    assert found.score == (1.0 if instant else 0.5 if day else 0.0)


def test_a_claim_is_an_interval_and_its_instant_lies_in_it() -> None:
    captured = datetime(2024, 5, 1, 12, tzinfo=UTC)
    hours = (captured - timedelta(hours=8), captured - timedelta(hours=7))
    claim = Timestamp("7 hours ago", "relative", "hour", 7, (25_200, 28_800), hours)
    expected = encode_record({"t": claim})["t"]
    assert date_score(expected, at("2024-05-01T04:30:00+00:00")).instant
    assert not date_score(expected, at("2024-05-01T06:30:00+00:00")).instant


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.integers(-12 * 60, 14 * 60),
    st.integers(-12 * 60, 14 * 60),
)
def test_the_zone_an_instant_is_written_in_does_not_matter(
    moment: datetime, one: int, other: int
) -> None:
    first = moment.replace(tzinfo=timezone(timedelta(minutes=one)))
    again = first.astimezone(timezone(timedelta(minutes=other)))
    found = date_score(at(first.isoformat()), at(again.isoformat()))
    assert (found.instant, found.day) == (True, True)
    day = date_score(at(first.isoformat()), first.date().isoformat())
    assert (day.instant, day.day, day.precision) == (False, True, "cut")
