"""Machine-readable dates: ISO 8601, RFC 3339 and RFC 822."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import overload

from harness.model import Timestamp
from harness.text import collapse
from harness.timestamps.absolute import span_of

_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
# Other zone names are left unread: the library takes "IST", and "PM", for UTC.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+(?:\d{4}|\d\d)\s+\d{1,2}:\d\d(?::\d\d)?"
    r"(?:\s+(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T))?(?:\s*\([^()]*\))?"
)


@overload
def instant(value: str, *, text: str | None = None) -> Timestamp: ...
@overload
def instant(value: None, *, text: str | None = None) -> None: ...
def instant(value: str | None, *, text: str | None = None) -> Timestamp | None:
    """A claim from a machine-readable date (ISO 8601, RFC 3339 or RFC 822); None for None.

    ``text`` is the label that stands on the page; without it the value itself is. A date without
    a time is a calendar claim; a time without an offset is not an instant, so its interval is as
    wide as the world's zones. Raises ValueError when ``value`` is no such date.
    """
    if value is None:
        return None
    shown = value if text is None else text
    claim = read_instant(shown, collapse(value))
    if claim is None:
        raise ValueError(f"{value!r} is not an ISO 8601 or RFC 822 date")
    return claim


def read_instant(label: str, text: str) -> Timestamp | None:
    """The claim of a machine-readable date with its spaces collapsed; None when it is none."""
    if match := _ISO_DAY.fullmatch(text):
        day = _day(*map(int, match.groups()))
        span = span_of(day, timedelta(days=1)) if day else None
        return Timestamp(label, "calendar", "day", published=span) if span else None
    moment = _moment(text)
    if moment is None:
        return None
    span = (moment, moment) if moment.tzinfo else span_of(moment, timedelta(0))
    return Timestamp(label, "absolute", published=span)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    if _ISO.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    if _RFC_822.fullmatch(text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        # RFC 5322: "-0000" is UTC with nothing said of the place; the library gives it no zone.
        return moment.replace(tzinfo=UTC) if "-0000" in text else moment
    return None
