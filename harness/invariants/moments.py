"""Points and days in time as pages and records write them, held against each other.

A date without a time is a day; a time without an offset is one somewhere on earth. Both are
intervals, so that two claims are compared by whether they can both be true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from harness import timestamps

# "time": to the minute or better; "day": a calendar day; "range": an age or a vague label.
Precision: TypeAlias = Literal["time", "day", "range"]

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ]+(?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.I,
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?")
_SLASHED = re.compile(r"(\d{4})/(\d\d?)/(\d\d?)(?: (\d\d):(\d\d)(?::(\d\d))?)?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3}|\.\d+)?")
# Clocks of servers and of browsers differ, and pages are cached and rounded to the minute.
SLACK = timedelta(seconds=90)
_FIRST, _LAST = timedelta(hours=14), timedelta(hours=12)


@dataclass(frozen=True)
class Moment:
    """A claim about when: ``when`` as written (naive without an offset), None for a range.

    ``span`` is the (earliest, latest) aware instant that it allows.
    """

    text: str
    when: datetime | None
    precision: Precision
    bounds: tuple[datetime, datetime] | None = None

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """From the first to the last instant that this may mean, in UTC."""
        if self.bounds:
            return self.bounds
        assert self.when is not None, "a range has its bounds"
        length = timedelta(days=1) if self.precision == "day" else timedelta(0)
        if self.when.tzinfo is None:
            return _shift(self.when, -_FIRST), _shift(self.when, length + _LAST)
        return _utc(self.when), _shift(_utc(self.when).replace(tzinfo=None), length)

    @property
    def day(self) -> date | None:
        """The calendar day as written."""
        return self.when.date() if self.when else None

    @property
    def instant(self) -> datetime | None:
        """The one instant in UTC that it means, where it does."""
        known = self.when is not None and self.when.tzinfo and self.precision == "time"
        return self.span[0] if known else None

    @property
    def midnight(self) -> bool:
        """Written with a time of day of 00:00:00."""
        when = self.when
        return bool(when and self.precision == "time" and (when.hour, when.minute) == (0, 0))


def agree(a: Moment, b: Moment, slack: timedelta = SLACK) -> bool:
    """Whether both can be true: some instant lies in both.

    Two naive times, and two days, must be written alike: they come from one page.
    """
    if a.when and b.when and a.when.tzinfo is None and b.when.tzinfo is None:
        if "day" in (a.precision, b.precision):
            return a.day == b.day
        return abs(a.when - b.when) <= slack
    return a.span[0] <= b.span[1] + slack and b.span[0] <= a.span[1] + slack


def read(text: str) -> Moment | None:
    """A machine-readable date (ISO 8601 in its spellings, RFC 822, seconds since 1970), or None."""
    text = text.strip()
    if len(text) > timestamps.LONGEST or not any(map(str.isdigit, text)):
        return None
    try:
        return _iso(text) or _packed(text)
    except (ValueError, OverflowError):
        return None


def read_label(text: str, captured_at: datetime | None) -> Moment | None:
    """:func:`read`, else a label that ``timestamps.parse`` knows; None when it tells no time."""
    if found := read(text):
        return found
    try:
        stamp = timestamps.parse(text, captured_at=captured_at)
    except (ValueError, OverflowError):
        return None
    if stamp is None or stamp.published is None:
        return None
    return of_interval(text, stamp.published)


def of_interval(text: str, published: tuple[datetime, datetime]) -> Moment:
    """The moment of a timestamp's ``published`` interval."""
    if published[0] == published[1]:
        return Moment(text, published[0], "time")
    return Moment(text, None, "range", published)


def _iso(text: str) -> Moment | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    if not match["time"]:
        return Moment(text, datetime.fromisoformat(match["day"]), "day")
    zone = (match["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return Moment(text, datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}"), "time")


def _packed(text: str) -> Moment | None:
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text) == 13 and "." not in text else 1)
        return Moment(text, datetime.fromtimestamp(seconds, UTC), "time")
    if match := _BASIC.fullmatch(text):
        return _from_parts(text, match.groups()[:6], UTC if match[7] else None)
    if match := _SLASHED.fullmatch(text):
        return _from_parts(text, match.groups(), None)
    stamp = timestamps.instant(text) if re.match(r"[A-Z][a-z]{2}, \d", text) else None
    if stamp is None or stamp.published is None:
        return None
    return Moment(text, stamp.published[0], "time")


def _from_parts(text: str, parts: tuple[str | None, ...], zone: object) -> Moment:
    numbers = [int(part) for part in parts if part is not None]
    when = datetime(*numbers[:6])  # type: ignore[arg-type]
    precision: Precision = "time" if len(numbers) > 3 else "day"
    return Moment(text, when.replace(tzinfo=UTC) if zone else when, precision)


def _utc(when: datetime) -> datetime:
    try:
        return when.astimezone(UTC)
    except OverflowError:  # 0001-01-01 and 9999-12-31 have no UTC form in half of the zones
        return when.replace(tzinfo=UTC)


def _shift(when: datetime, by: timedelta) -> datetime:
    """A naive time moved, kept within what a datetime holds, in UTC."""
    try:
        return (when + by).replace(tzinfo=UTC)
    except OverflowError:
        return (datetime.min if by < timedelta(0) else datetime.max).replace(tzinfo=UTC)
