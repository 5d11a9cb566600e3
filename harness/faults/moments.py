"""Times as records hold them, read and written again in the form that they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal, cast

from harness.model import Tree
from harness.records import rfc3339, tag_of

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_RFC_822 = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? \S+")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_NAMED = re.compile(
    rf"(?P<d1>\d{{1,2}}\s+)?(?P<month>{'|'.join(_MONTHS)})(?P<d2>\s+\d{{1,2}})?(?P<comma>,?\s+)"
    r"(?P<year>\d{4})"
)
# What can be seconds since 1970: from 1973 to 2096; in milliseconds, the same.
_SCALES = {1: (1e8, 4e9), 1000: (1e11, 4e12)}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was read. ``at`` is naive where the value says no zone.

    ``kind``: "instant" states a time of day, "day" none, "relative" is an age before the capture.
    """

    at: datetime
    kind: Literal["instant", "day", "relative"]
    _write: Callable[[datetime], Tree]

    def moved(self, to: datetime) -> Tree:
        """The value with another time, in the same form. Raises OverflowError or ValueError."""
        zone = self.at.tzinfo
        if zone is None:
            to = to.replace(tzinfo=None)
        elif to.tzinfo is None:
            to = to.replace(tzinfo=zone)
        return self._write(to if zone is None else to.astimezone(zone))


def read_moment(value: Tree) -> Moment | None:
    """The time that a field holds, None where it is none or cannot be read."""
    try:
        return _read(value)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return None  # a hand-written or foreign record may hold anything under a tag


def _read(value: Tree) -> Moment | None:
    tag = tag_of(value)
    if isinstance(value, dict):
        content = value.get(tag or "")
        if tag == "$datetime":
            at = datetime.fromisoformat(cast(str, content))
            return Moment(at, "instant", lambda to: {"$datetime": to.isoformat()})
        if tag == "$date":
            return Moment(
                _midnight(date.fromisoformat(cast(str, content))),
                "day",
                lambda to: {"$date": to.date().isoformat()},
            )
        return _claim(content) if tag == "$timestamp" and isinstance(content, dict) else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value)
    return None


def _number(value: float) -> Moment | None:
    """Seconds or milliseconds since 1970."""
    scale = next((s for s, (low, high) in _SCALES.items() if low < value < high), None)
    if scale is None:
        return None
    whole = isinstance(value, int)

    def write(to: datetime) -> Tree:
        number = to.timestamp() * scale
        return round(number) if whole else number

    return Moment(datetime.fromtimestamp(value / scale, UTC), "instant", write)


def _claim(claim: dict[str, Tree]) -> Moment | None:
    span, age = claim.get("published"), claim.get("age")
    kind = claim.get("kind")
    if isinstance(span, dict):
        earliest = datetime.fromisoformat(cast(str, span["earliest"]))
        latest = datetime.fromisoformat(cast(str, span["latest"]))
        at = earliest + (latest - earliest) / 2
        if kind == "calendar":
            at = _midnight(at.date()).replace(tzinfo=UTC)
    elif isinstance(age, dict):
        earliest = latest = at = datetime(2000, 1, 1, tzinfo=UTC)
    else:
        return None
    text = claim.get("text")
    if kind == "absolute" and isinstance(text, str) and _ISO.fullmatch(text.strip()):
        local = datetime.fromisoformat(text.strip())
        at = local if local.tzinfo else at

    def write(to: datetime) -> Tree:
        delta = to - at
        moved = dict(claim)
        if isinstance(span, dict):
            ends = {"earliest": rfc3339(earliest + delta), "latest": rfc3339(latest + delta)}
            moved["published"] = cast(Tree, ends)
        if isinstance(age, dict):
            seconds = delta.total_seconds()
            moved["age"] = {key: cast(float, v) - seconds for key, v in age.items()}
        return {"$timestamp": moved}

    kinds: dict[object, Literal["instant", "day", "relative"]]
    kinds = {"absolute": "instant", "calendar": "day"}
    return Moment(at, kinds.get(kind, "relative"), write)


def _text(text: str) -> Moment | None:
    if _ISO.fullmatch(text):
        at = datetime.fromisoformat(text)
        if len(text) == 10:
            return Moment(at, "day", lambda to: to.date().isoformat())
        separator, precise, zulu = text[10], "." in text or "," in text, text.endswith("Z")
        seconds = text.count(":") > 1 + (text[-6] in "+-" and ":" in text[-6:])
        digits = len(re.split("[.,]", text)[-1].rstrip("Z").split("+")[0]) if precise else 0
        unit = (
            "microseconds"
            if digits > 3
            else "milliseconds"
            if precise
            else "seconds"
            if seconds
            else "minutes"
        )

        def write(to: datetime) -> Tree:
            shown = to.isoformat(separator, unit)
            return shown.replace("+00:00", "Z") if zulu else shown

        return Moment(at, "instant", write)
    if _RFC_822.fullmatch(text):
        return Moment(parsedate_to_datetime(text), "instant", format_datetime)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match)
    if (match := _NAMED.fullmatch(text)) and bool(match["d1"]) != bool(match["d2"]):
        return _named(match)
    return None


def _numeric(match: re.Match[str]) -> Moment:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    day_first = second <= 12
    day, month = (first, second) if day_first else (second, first)
    wide, also, separator = len(match[1]), len(match[3]), match[2]

    def write(to: datetime) -> Tree:
        one, two = (to.day, to.month) if day_first else (to.month, to.day)
        return f"{one:0{wide}}{separator}{two:0{also}}{separator}{to.year:04}"

    return Moment(datetime(year, month, day), "day", write)


def _named(match: re.Match[str]) -> Moment:
    day = int(match["d1"] or match["d2"])
    at = datetime(int(match["year"]), _MONTHS.index(match["month"]) + 1, day)

    def write(to: datetime) -> Tree:
        month, before, after = _MONTHS[to.month - 1], match["d1"] or "", match["d2"] or ""
        before = before.replace(str(day), str(to.day)) if before else ""
        after = after.replace(str(day), str(to.day)) if after else ""
        return f"{before}{month}{after}{match['comma']}{to.year}"

    return Moment(at, "day", write)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def shifted(moment: Moment, delta: timedelta) -> Tree:
    """The value later by ``delta``, in the same form. Raises OverflowError."""
    return moment.moved(moment.at + delta)
