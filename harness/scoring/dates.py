"""Dates held against what is expected: the instant, the day, and how much a date claims to know.

A library may give the right day with all its times gone. Days are then right and instants are not,
so both are counted, and a date that was cut down to its day is told apart from a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal

from harness import expectations, records
from harness.diff import EMPTY, same
from harness.model import Timestamp, Tree
from harness.text import collapse
from harness.timestamps import compatible, parse
from harness.timestamps.machine import read_instant

Precision = Literal["same", "cut", "finer", "no zone", "absent"]

# Labels round: "21 hours ago" is up to two hours wide and still no day. A calendar day is between
# 24 and 50 hours wide, the latter where its zone is not known.
_INSTANT = timedelta(hours=20)
_DAY = timedelta(hours=60)
# An age without a capture time is compared with another as if both pages were captured then.
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DateScore:
    """How a date came out.

    ``instant``: both may be the same moment, and no precision was lost. ``day``: the day is right,
    which it is with the instant. ``precision``: ``cut`` where only the day is left of an instant,
    at midnight too, or only the month of a day; ``finer`` where more is claimed than expected; ``no
    zone`` where a time of day comes without its offset; ``absent`` where there is no readable date.
    """

    instant: bool
    day: bool
    precision: Precision

    @property
    def score(self) -> float:
        """1 for the instant, 0.5 for the day alone, else 0."""
        return 1.0 if self.instant else 0.5 if self.day else 0.0


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a date says: a claim, its time of day as it is written, and which days it can mean."""

    claim: Timestamp
    wall: datetime | None
    days: frozenset[date]

    @property
    def width(self) -> int:
        """0 an instant, 1 a day, 2 more."""
        assert self.claim.published
        length = self.claim.published[1] - self.claim.published[0]
        return 0 if self.zoneless or length < _INSTANT else 1 if length <= _DAY else 2

    @property
    def zoneless(self) -> bool:
        return self.wall is not None and self.wall.tzinfo is None

    @property
    def at_midnight(self) -> bool:
        return self.wall is not None and self.wall.time() == time.min


def date_score(expected: Tree, actual: Tree) -> DateScore:
    """A date held against the expected one; both as records hold them, or as texts.

    A text that is a date in any form :func:`harness.timestamps.parse` knows is read. A time of day
    without an offset is right where it is the expected one's in UTC or in the offset that one
    states. Where no date is expected, none is right; what cannot be read as a date is right only
    when it is exactly as expected.
    """
    wanted, found = expectations.aligned(expected, actual)
    if same(wanted, found) or (wanted in EMPTY and found in EMPTY):
        return DateScore(True, True, "same")
    one, other = _stated(expected), _stated(actual)
    if one is None or other is None:
        return DateScore(False, False, "absent")
    instant = _same_instant(one, other)
    day = instant or bool(one.days & other.days)
    return DateScore(instant and other.width <= one.width, day, _precision(one, other, instant))


def _same_instant(one: _Stated, other: _Stated) -> bool:
    if "calendar" in (one.claim.kind, other.claim.kind) and one.days and other.days:
        # Seen from all zones, two days in a row overlap by 26 hours.
        return bool(one.days & other.days)
    if one.zoneless or other.zoneless:
        return any(
            compatible(_claim_at(a), _claim_at(b)) for a in _walls(one) for b in _walls(other)
        )
    return compatible(one.claim, other.claim)


def _walls(stated: _Stated) -> list[tuple[datetime, datetime]]:
    """The interval that clocks may have shown, in UTC and where it was written."""
    if stated.zoneless and stated.wall is not None:
        wall = stated.wall.replace(tzinfo=UTC)
        return [(wall, wall)]
    assert stated.claim.published
    spans = [stated.claim.published]
    if stated.wall is not None:
        wall = stated.wall.replace(tzinfo=UTC)
        spans.append((wall, wall))
    return spans


def _claim_at(span: tuple[datetime, datetime]) -> Timestamp:
    return Timestamp("", "absolute", published=span)


def _precision(one: _Stated, other: _Stated, instant: bool) -> Precision:
    if other.width > one.width:
        return "cut"
    if one.width == 0 and other.at_midnight and not instant and one.days & other.days:
        return "cut"
    if other.zoneless and not one.zoneless:
        return "no zone"
    return "finer" if other.width < one.width else "same"


def _stated(tree: Tree) -> _Stated | None:
    """What a value says as a date; None when it is none, or one that cannot be settled."""
    tag = records.tag_of(tree)
    if isinstance(tree, dict):
        content: Any = tree.get(tag or "")
        if tag == "$timestamp" and isinstance(content, dict):
            return _of_claim(content)
        return _of_text(content) if tag in ("$datetime", "$date") else None
    return _of_text(tree) if isinstance(tree, str) else None


def _of_claim(content: Mapping[str, Any]) -> _Stated | None:
    """A claim as records hold it, or the part of one that a golden asserts."""
    read = _of_text(text) if isinstance(text := content.get("text"), str) else None
    published, age = content.get("published"), content.get("age")
    span: tuple[datetime, datetime] | None = None
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        if published:
            ends = (published["earliest"], published["latest"])
            span = (datetime.fromisoformat(ends[0]), datetime.fromisoformat(ends[1]))
        elif age:
            least, most = age["min_seconds"], age["max_seconds"]
            span = (_SOME_TIME - timedelta(seconds=most), _SOME_TIME - timedelta(seconds=least))
    if span is None or span[0].tzinfo is None or span[1].tzinfo is None:
        return read
    is_day = content.get("kind") == "calendar" or (read and read.claim.kind == "calendar")
    claim = Timestamp("", "calendar" if is_day else "absolute", content.get("unit"), published=span)
    wall = read.wall if read and read.wall and read.wall.tzinfo else None
    return _Stated(claim, wall, _days(claim, wall))


@lru_cache(maxsize=4096)
def _of_text(text: object) -> _Stated | None:
    if not isinstance(text, str):
        return None
    claim = read_instant(text, collapse(text)) or parse(text)
    if claim is None:
        return None
    if claim.published is None:
        if claim.age is None:
            return None
        most, least = claim.age[1], claim.age[0]
        with suppress(OverflowError):
            span = (_SOME_TIME - timedelta(seconds=most), _SOME_TIME - timedelta(seconds=least))
            return _Stated(Timestamp("", "relative", claim.unit, published=span), None, frozenset())
        return None
    wall = _wall(text) if claim.kind == "absolute" else None
    return _Stated(claim, wall, _days(claim, wall))


def _wall(text: str) -> datetime | None:
    """The time that a machine-readable date writes, with its offset where it has one."""
    try:
        return datetime.fromisoformat(collapse(text))
    except ValueError:
        return None


def _days(claim: Timestamp, wall: datetime | None) -> frozenset[date]:
    """The days that a date can mean, in UTC and where it was written."""
    if wall is not None and wall.tzinfo is None:
        return frozenset([wall.date()])
    written = [wall.date()] if wall else []
    assert claim.published
    first, last = (end.astimezone(UTC) for end in claim.published)
    if last - first > _DAY:
        return frozenset(written)
    if claim.kind == "calendar":
        # Of an unknown place, from the first zone's midnight to the last one's: 50 hours.
        return frozenset([(first + (last - first) / 2).date(), *written])
    within = [(first + timedelta(days=n)).date() for n in range((last - first).days + 1)]
    return frozenset([*within, last.date(), *written])
