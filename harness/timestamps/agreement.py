"""Whether two claims about one page can both be true."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.model import Timestamp

# A page and its capture do not share a clock, and labels are cut to whole seconds.
_CLOCKS = timedelta(seconds=2)
# Labels that count days were printed in local time, and summer time may lie between.
_SUMMER = timedelta(hours=1)
_CALENDAR_UNITS = ("day", "week", "month", "quarter", "year")


def compatible(
    a: Timestamp | None,
    b: Timestamp | None,
    *,
    a_captured_at: datetime | None = None,
    b_captured_at: datetime | None = None,
) -> bool:
    """False when two claims of one page, at two capture times, cannot both be true.

    True when some instant lies in both intervals, within clock slack; and whenever a claim is None
    or its instants are not known (no capture time, or an ambiguous date): nothing is proven
    then. A claim that was parsed without ``captured_at`` gets it here. Raises ValueError for a
    capture time without zone.
    """
    first, second = _published(a, a_captured_at), _published(b, b_captured_at)
    if a is None or b is None or first is None or second is None:
        return True
    local = {a.unit, b.unit} & set(_CALENDAR_UNITS)
    slack = _CLOCKS + (_SUMMER if local else timedelta(0))
    return max(first[0], second[0]) - min(first[1], second[1]) <= slack


def _published(
    claim: Timestamp | None, captured_at: datetime | None
) -> tuple[datetime, datetime] | None:
    if captured_at is not None and captured_at.tzinfo is None:
        raise ValueError(f"captured_at {captured_at} has no time zone; ages cannot be told from it")
    if claim is None:
        return None
    if claim.published is not None:
        return claim.published
    return ages_before(captured_at, claim.age) if captured_at and claim.age else None


def ages_before(captured_at: datetime, age: tuple[float, float]) -> tuple[datetime, datetime]:
    """The earliest and latest instant of an age; the ends of time where it reaches beyond them."""
    return _before(captured_at, age[1]), _before(captured_at, age[0])


def _before(captured_at: datetime, seconds: float) -> datetime:
    try:
        return captured_at - timedelta(seconds=seconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=captured_at.tzinfo)
