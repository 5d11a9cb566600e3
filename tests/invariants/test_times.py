"""Times that are not those of the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.invariants import times
from harness.invariants.moments import agree, read
from harness.model import Timestamp
from tests.invariants.articles import CAPTURED_AT, capture, found, page, record, told

RIGHT = datetime.fromisoformat("2024-05-03T09:41:00+01:00")


@pytest.mark.parametrize(
    "published",
    [
        RIGHT,
        RIGHT.astimezone(UTC),
        RIGHT.replace(tzinfo=None),
        RIGHT + timedelta(seconds=59),
        date(2024, 5, 3),
        "2024-05-03T08:41:00Z",
        "2024-05-03T09:41:00+0100",
        "2024-05-03",
        "Fri, 03 May 2024 08:41:00 +0000",
        1714725660,
        Timestamp("Friday 3 May 2024, 09:41", "absolute", published=(RIGHT, RIGHT)),
    ],
)
@pytest.mark.parametrize("captured_at", [CAPTURED_AT, None])
def test_the_right_time_has_nothing_against_it(
    published: object, captured_at: datetime | None
) -> None:
    of = capture(captured_at=captured_at)
    assert found(times, {"publish_date": published}, of) == []


@pytest.mark.parametrize(
    ("published", "fault"),
    [
        (RIGHT.replace(day=5, month=3), "day-month"),
        (datetime(2024, 3, 5, 9, 41), "day-month"),
        (date(2024, 3, 5), "day-month"),
        ("2024-03-05T09:41:00+01:00", "day-month"),
        (RIGHT + timedelta(hours=1), "wrong-zone"),
        (RIGHT - timedelta(hours=5, minutes=30), "wrong-zone"),
        (RIGHT.replace(tzinfo=UTC), "wrong-zone"),
        (RIGHT + timedelta(hours=12), "twelve-hour"),
        (RIGHT.replace(hour=0, minute=0), "day-only"),
        (datetime(2024, 5, 3), "day-only"),
        (datetime.fromisoformat("2024-05-09T16:20:30+01:00"), "updated-for-published"),
        (RIGHT - timedelta(days=7), "wrong-date"),
        (RIGHT - timedelta(minutes=37), "wrong-date"),
        (datetime(1970, 1, 1, tzinfo=UTC), "wrong-date"),
        (CAPTURED_AT + timedelta(days=2), "future-date"),
        (date(2025, 6, 20), "future-date"),
        (
            Timestamp("soon", "absolute", published=(CAPTURED_AT + timedelta(days=1),) * 2),
            "future-date",
        ),
    ],
)
def test_a_wrong_time_is_an_error(published: object, fault: str) -> None:
    assert (fault, "error") in told(times, record(published_at=published))


@pytest.mark.parametrize("published", [date(2024, 5, 13), CAPTURED_AT + timedelta(minutes=5)])
def test_clocks_that_differ_and_days_of_other_zones_lie_in_no_future(published: object) -> None:
    of = capture("<p>No time is stated.</p>")
    assert found(times, {"updated_at": published}, of) == []


def test_without_a_capture_time_the_page_itself_says_what_is_late() -> None:
    late = record(published_at=date(2031, 2, 20))
    assert ("future-date", "error") in told(times, late, capture(captured_at=None))
    assert found(times, late, capture("<p>", captured_at=None, url=None)) == []


def test_the_time_of_a_change_is_a_warning_where_the_page_gives_it_for_publication_too() -> None:
    late = '<meta name="date" content="2024-05-09T16:20:30+01:00">'
    of = capture(page() + late)
    changed = record(published_at="2024-05-09T16:20:30+01:00")
    assert told(times, changed, of) == {("updated-for-published", "warning")}
    assert found(times, record(), of) == []


def test_a_swapped_date_of_the_page_itself_is_seen_by_the_capture_time() -> None:
    # The page's own template wrote 12 May 2024 month-first.
    of = capture(page(published="2024-12-05T10:00:00Z"), url=None)
    assert told(times, record(published_at="2024-12-05T10:00:00Z"), of) == {("day-month", "error")}


def test_a_swapped_date_of_the_page_itself_is_seen_by_its_address() -> None:
    of = capture(page(published="2024-03-05T10:00:00Z"))
    assert told(times, record(published_at="2024-03-05T10:00:00Z"), of) == {("day-month", "error")}


@pytest.mark.parametrize("shown", ["2024-05-03", "2024/05/03", "20240503"])
def test_a_swapped_date_is_seen_where_the_page_states_none_for_machines(shown: str) -> None:
    of = capture(f"<p>Published {shown}</p>", url=None)
    assert found(times, {"date": date(2024, 5, 3)}, of) == []
    assert told(times, {"date": date(2024, 3, 5)}, of) == {("day-month", "error")}


def test_a_day_that_a_reader_sees_is_a_warning_where_machines_are_told_another() -> None:
    markup = page().replace("Friday 3 May 2024, 09:41", "Updated 10 May 2024")
    assert told(times, record(published_at="2024-05-10"), capture(markup)) == {
        ("wrong-date", "warning")
    }


def test_a_date_in_a_field_named_after_a_time_is_a_warning() -> None:
    values = {"published_time": date(2024, 5, 3)}
    assert told(times, values) == {("day-only", "warning")}
    assert found(times, {"publish_date": date(2024, 5, 3)}) == []


def test_no_time_is_a_warning_or_an_error_where_the_page_shows_its_day() -> None:
    assert told(times, record(published_at=None)) == {("empty", "error")}
    hidden = capture(page().replace("Friday 3 May 2024, 09:41", ""))
    assert told(times, record(published_at=None), hidden) == {("empty", "warning")}


def test_an_article_is_not_changed_before_it_is_published() -> None:
    values = record(modified=RIGHT - timedelta(days=1))
    assert ("updated-for-published", "error") in told(times, values)


def test_the_time_of_a_change_is_one_that_the_page_states() -> None:
    right = datetime.fromisoformat("2024-05-09T16:20:30+01:00")
    assert found(times, record(modified_at=right)) == []
    assert told(times, record(modified_at=right - timedelta(days=2))) == {("wrong-date", "warning")}
    assert told(times, record(modified_at=right - timedelta(hours=2))) == {("wrong-zone", "error")}


@pytest.mark.parametrize("shown", ["21:05", "9:05 pm", "21.05 Uhr", "21h05"])
def test_a_clock_time_stands_on_a_page_that_states_none_for_machines(shown: str) -> None:
    of = capture(f"<p>3 May 2024, {shown}</p>", url=None)
    assert found(times, {"date": datetime(2024, 5, 3, 21, 5)}, of) == []
    assert told(times, {"date": datetime(2024, 5, 3, 20, 5)}, of) == {("wrong-zone", "warning")}


def test_a_naive_time_that_is_no_wall_clock_of_the_page_is_a_warning() -> None:
    naive = datetime(2024, 5, 3, 21, 41)
    assert told(times, record(published_at=naive)) == {("twelve-hour", "warning")}


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03T09:41:00+01:00",
        "2024-05-03T08:41:00.000Z",
        "2024-05-03 09:41:00 +01:00",
        "2024-05-03 08:41:00 UTC",
        "20240503T084100Z",
        "1714725660",
        "1714725660000",
        "Fri, 03 May 2024 08:41:00 GMT",
    ],
)
def test_the_spellings_of_an_instant_are_one(text: str) -> None:
    moment = read(text)
    assert moment is not None
    assert moment.instant == RIGHT


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-13-03", "2024-05-03T25:00:00Z", "May", "9999999999999999", "x" * 5000, "٣"],
)
def test_what_is_no_machine_readable_time_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_moments(text: str) -> None:
    moment = read(text)
    assert moment is not None
    assert moment.span[0] <= moment.span[1]


MOMENTS = st.datetimes(timezones=st.sampled_from([None, UTC])).map(
    lambda when: read(when.isoformat(timespec="seconds"))
)


@given(MOMENTS, MOMENTS)
def test_agreeing_is_mutual_and_every_moment_agrees_with_itself(a: Any, b: Any) -> None:
    assert a is not None and b is not None
    assert agree(a, a)
    assert agree(a, b) == agree(b, a)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2024, 5, 1)))
def test_the_time_that_the_page_states_is_right_whatever_it_is(when: datetime) -> None:
    stated = when.replace(tzinfo=UTC, microsecond=0)
    of = capture(page(published=stated.isoformat()), url=None)
    faults = told(times, record(published_at=stated), of)
    assert not {fault for fault, severity in faults if severity == "error"}
