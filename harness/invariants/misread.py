"""What a timestamp claims, held against its own label read anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from harness import timestamps
from harness.invariants.moments import SLACK, Moment, read
from harness.model import Timestamp

_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
# Offsets run from -12:00 to +14:00; what differs by more is another mistake.
_WIDEST = timedelta(hours=14)
# Labels are rounded to whole seconds, and clocks differ a little; days are local, and the clock
# is put forward twice a year.
_CLOCKS = 120.0
_SUMMER = 3600.0
_CALENDAR = ("day", "week", "month", "quarter", "year")


class Misread(NamedTuple):
    """A claim that the label does not make: its class of fault, and what the label means."""

    fault: str
    message: str
    sure: bool = True


def misread(
    stamp: Timestamp, captured_at: datetime | None, languages: Sequence[str] = ()
) -> Misread | None:
    """Why no reading of the label gives this claim; None where one does, or none is known.

    A claim may be narrower or wider than the harness's own. What it may not: lie elsewhere.
    """
    if (moment := read(stamp.text)) is not None:
        return _not_instant(stamp, moment, captured_at)
    readings = _readings(stamp, captured_at, languages)
    if not readings:
        return None
    return _not_counted(stamp, readings) or _not_placed(stamp, readings, captured_at)


def _readings(
    stamp: Timestamp, captured_at: datetime | None, languages: Sequence[str]
) -> list[Timestamp]:
    """Every reading of the label; first, where it is an age, as the claim's own front-end."""
    text = stamp.text
    found = timestamps.candidates(text, captured_at=captured_at)
    if languages and not languages[0].lower().startswith("en"):
        found += timestamps.candidates(text, captured_at=captured_at, languages=languages)
    if any(each.kind == "relative" for each in found):
        names = dict.fromkeys((stamp.front_end, None, *timestamps.FRONT_ENDS))
        every = (timestamps.parse(text, captured_at=captured_at, front_end=n) for n in names)
        found = [*(each for each in every if each is not None), *found]
    return found


def _not_counted(stamp: Timestamp, readings: Sequence[Timestamp]) -> Misread | None:
    known = {(each.unit, each.count) for each in readings if each.kind == "relative"}
    if stamp.kind != "relative" or not stamp.unit or not known:
        return None
    if (stamp.unit, stamp.count) in known:
        return None
    return Misread("stale-date", f"{stamp.text!r} is not {stamp.count} {stamp.unit}")


def _not_placed(
    stamp: Timestamp, readings: Sequence[Timestamp], captured_at: datetime | None
) -> Misread | None:
    ages = [each.age for each in readings if each.age]
    units = {each.unit for each in readings}
    slack = _SUMMER if units & set(_CALENDAR) else _CLOCKS
    if stamp.kind == "relative" and stamp.age and ages and not _fits(stamp.age, ages, slack):
        message = f"{stamp.text!r} is no age of {stamp.age[0]:g} to {stamp.age[1]:g} s"
        return Misread("wrong-date", message)
    spans = [each.published for each in readings if each.published]
    if stamp.published is None or not spans:
        return None
    relative = readings[0].kind == "relative"
    origin = min(span[0] for span in spans)
    numbers = [_seconds(span, origin) for span in spans]
    if _fits(_seconds(stamp.published, origin), numbers, slack if relative else _CLOCKS):
        return None
    # A page may be kept for a while with the ages of the time when it was made; what its
    # machine-readable time says is then right, and the label is not.
    sure = not relative or stamp.kind == "relative"
    nearest = min(spans, key=lambda span: abs(span[0] - stamp.published[0]))  # type: ignore[index]
    fault = _told(stamp.published[0], nearest[0], captured_at)
    message = f"{stamp.text!r} is no time from {stamp.published[0]} to {stamp.published[1]}"
    return Misread(fault, message, sure)


def _seconds(span: tuple[datetime, datetime], origin: datetime) -> tuple[float, float]:
    return (span[0] - origin).total_seconds(), (span[1] - origin).total_seconds()


def _fits(
    claim: tuple[float, float], readings: Sequence[tuple[float, float]], slack: float
) -> bool:
    """Whether a claim is one of the readings, or lies within all of them together.

    One as wide as the first reading, to the second, is that reading and lies where it does.
    """
    width = claim[1] - claim[0]
    alike = [each for each in readings if abs(each[1] - each[0] - width) <= 1]
    if width > 1 and alike and abs(readings[0][1] - readings[0][0] - width) <= 1:
        return any(abs(each[0] - claim[0]) <= slack for each in alike)
    low, high = min(each[0] for each in readings), max(each[1] for each in readings)
    if low - slack <= claim[0] and claim[1] <= high + slack:
        return True
    return any(claim[0] <= each[0] and each[1] <= claim[1] for each in readings)


def _not_instant(stamp: Timestamp, moment: Moment, captured_at: datetime | None) -> Misread | None:
    """A claim whose label is a date for machines."""
    if stamp.published is None:
        return None
    (early, late), (first, last) = stamp.published, moment.span
    if _fits(_seconds((early, late), first), [_seconds((first, last), first)], _CLOCKS):
        return None
    fault = _told(early, first, captured_at)
    return Misread(fault, f"{stamp.text!r} is not {early.isoformat()}")


def _told(claimed: datetime, right: datetime, captured_at: datetime | None) -> str:
    """The fault class of a time that should be another."""
    own = right.astimezone(claimed.tzinfo) if claimed.tzinfo and right.tzinfo else right
    return fault_between(claimed, own, captured_at)


def fault_between(claimed: datetime, right: datetime, captured_at: datetime | None = None) -> str:
    """The fault class of a time that should be another, both in one zone (or both in none)."""
    apart = abs(claimed - right)
    swapped = (right.day, right.month) == (claimed.month, claimed.day)
    if swapped and right.day != right.month and right.year == claimed.year:
        return "day-month"
    if captured_at is not None and claimed.tzinfo and claimed > captured_at + _QUARTER:
        return "future-date"
    if (claimed.hour, claimed.minute, claimed.second) == (0, 0, 0) and apart < 24 * _HOUR:
        return "day-only"
    rest = apart % _QUARTER
    if apart > _WIDEST + SLACK or apart < _QUARTER - SLACK or min(rest, _QUARTER - rest) > SLACK:
        return "wrong-date"
    return "twelve-hour" if abs(apart - 12 * _HOUR) <= SLACK else "wrong-zone"


_Key = TypeVar("_Key")


def conventions(
    stamps: Iterable[tuple[_Key, Timestamp]], captured_at: datetime | None
) -> list[tuple[_Key, str]]:
    """Those of a page's timestamps that are read month first where another is day first, or so.

    ``12-03-2025`` can be either, ``23-04-2025`` only one: the labels of one form on one page are
    written alike. Each that departs comes with the label that tells.
    """
    told: dict[bool, str] = {}
    open_ones: list[tuple[_Key, Timestamp, bool]] = []
    for key, stamp in stamps:
        ways = _ways(stamp, captured_at)
        if ways is None:
            continue
        used, only = ways
        if only is None:
            open_ones.append((key, stamp, used))
        else:
            told.setdefault(only, stamp.text)
    if len(told) == 1:
        right, label = next(iter(told.items()))
        return [(key, label) for key, _, used in open_ones if used is not right]
    used_ways = [used for _, _, used in open_ones]
    if told or len(set(used_ways)) < 2:
        return []
    # Nothing tells which; that they differ is wrong all the same, and fewer are wrong than right.
    right = 2 * sum(used_ways) >= len(used_ways)
    label = next(stamp.text for _, stamp, used in open_ones if used is right)
    return [(key, label) for key, _, used in open_ones if used is not right]


def _ways(stamp: Timestamp, captured_at: datetime | None) -> tuple[bool, bool | None] | None:
    """Whether a numeric date is read day first, and whether it can only be; None for others."""
    text = stamp.text.strip()
    if stamp.published is None or len(text) > 40 or text[:4].isdecimal():
        return None
    if not any(f"{sign}" in text for sign in "-/.") or not text[:1].isdecimal():
        return None
    spans = []
    for first in (True, False):
        claim = timestamps.parse(text, captured_at=captured_at, day_first=first)
        spans.append(claim.published if claim else None)
    day, month = spans
    if day is None or month is None:
        return None if day is month else (day is not None, day is not None)
    if day == month:  # only one of the two is a date, and both readings give it
        parts = text.replace("/", "-").replace(".", "-").split("-")
        if len(parts) < 2 or not parts[0].isdecimal() or parts[0] == parts[1]:
            return None
        return int(parts[0]) > 12, int(parts[0]) > 12
    middle = stamp.published[0] + (stamp.published[1] - stamp.published[0]) / 2
    if day[0] <= middle <= day[1]:
        return True, None
    return (False, None) if month[0] <= middle <= month[1] else None
