"""Timestamps as claims: "21 hours ago" is an interval, because front-ends round differently.

Only labels that the grammar below knows are read; anything else is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import overload

from harness.model import Timestamp
from harness.text import collapse

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
MONTH, YEAR = 30.44 * DAY, 365.0 * DAY  # the mean month; a year as front-ends count it
SECONDS = {
    "second": 1.0,
    "minute": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": WEEK,
    "month": MONTH,
    "year": YEAR,
}
# No label is longer; a longer text is prose, and not looked at.
LONGEST = 200
# The largest count a front-end prints before it turns to the next unit. Weeks: GitHub and Twitter
# style labels go on to 4 or 5, some aggregators to 51.
_CAPS = {
    "second": 59,
    "minute": 59,
    "hour": 23,
    "day": 30,
    "week": 51,
    "month": 11,
    "year": 99,
}
# moment turns to the next unit at 45 seconds, 45 minutes, 22 hours, 26 days and 11 months
# (https://momentjs.com/docs/#/customization/relative-time-threshold/); it has no weeks.
_MOMENT_CAPS = {"minute": 44, "hour": 21, "day": 25, "month": 10, "year": 99}
_SPELLINGS = {
    "second": "seconds? secs? s",
    "minute": "minutes? mins? m",
    "hour": "hours? hrs? hr h",
    "day": "days? d",
    "week": "weeks? wks? w",
    "month": "months? mos? mo",
    "year": "years? yrs? y",
}
_UNITS = "|".join(
    f"(?P<{unit}>{'|'.join(spellings.split())})" for unit, spellings in _SPELLINGS.items()
)
_LEAD = r"(?:(?:updated|posted|published|modified|last updated)\s*:?\s+)?"
_HEDGE = r"(?:(?P<hedge>about|around|almost|over|nearly|less than|~)\s*)?"
_RELATIVE = re.compile(
    rf"{_LEAD}{_HEDGE}(?P<count>\d{{1,3}}|an?(?: few)?|half an|one)\s*(?:{_UNITS})"
    r"(?P<ago>\.?\s+ago)?",
    re.I,
)
_NOW = re.compile(rf"{_LEAD}(?:just now|now|moments ago|a moment ago)", re.I)
_YESTERDAY = re.compile(rf"{_LEAD}yesterday", re.I)
_NUMERIC_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_NAMED_DATE = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[A-Za-z]{3,9})\.?"
    r"(?:\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?)?,?\s+(?P<year>\d{4})"
)
_MONTH_NAMES = dict(
    enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        start=1,
    )
)
# The calendar day of an unknown place begins at +14:00 (Kiritimati) and ends at -12:00.
_FIRST_ZONE, _LAST_ZONE = timedelta(hours=14), timedelta(hours=12)
# Other zone names are left unread: the library takes "IST", and "PM", for UTC.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+(?:\d{4}|\d\d)\s+\d{1,2}:\d\d(?::\d\d)?"
    r"(?:\s+(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T))?(?:\s*\([^()]*\))?"
)


@dataclass(frozen=True, slots=True)
class Glued:
    """One reading of a source name that stands glued to its age.

    ``source + separator + label`` is the text that was given, always.
    """

    source: str
    separator: str
    label: str


def parse(
    label: str | None,
    *,
    captured_at: datetime | None = None,
    front_end: str | None = None,
    day_first: bool | None = None,
) -> Timestamp | None:
    """The claim that a label makes, or None when it makes none that is understood (or is None).

    ``front_end`` narrows the interval: ``"moment"`` (also dayjs) rounds to nearest. ``day_first``
    settles dates like ``12-03-2025``; when it is None and both readings are dates, the claim has
    no ``published`` interval. ``captured_at`` must be aware; with it, relative labels have a
    ``published`` interval too. Raises ValueError for a naive ``captured_at``.
    """
    if captured_at is not None and captured_at.tzinfo is None:
        raise ValueError(f"captured_at {captured_at} has no time zone; ages cannot be told from it")
    if label is None or len(label) > LONGEST:
        return None
    text = collapse(label)
    if _NOW.fullmatch(text):
        return _relative(label, "second", 0, (0.0, 120.0), captured_at, front_end)
    if _YESTERDAY.fullmatch(text):
        return _relative(label, "day", 1, (0.0, 2 * DAY), captured_at, front_end)
    if match := _RELATIVE.fullmatch(text):
        return _from_match(label, match, captured_at, front_end)
    return _calendar(label, text, day_first) or _instant(label, text)


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
    shown, stripped = value if text is None else text, collapse(value)
    if claim := _iso_day(shown, stripped):
        return claim
    moment = _read_instant(stripped)
    if moment is None:
        raise ValueError(f"{value!r} is not an ISO 8601 or RFC 822 date")
    span = (moment, moment) if moment.tzinfo else _anywhere(moment, timedelta(0))
    return Timestamp(shown, "absolute", published=span)


def _iso_day(label: str, text: str) -> Timestamp | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    day = _day(*map(int, match.groups())) if match else None
    return Timestamp(label, "calendar", "day", published=_anywhere(day)) if day else None


def _anywhere(start: datetime, length: timedelta = timedelta(days=1)) -> tuple[datetime, datetime]:
    """From a naive time in the first zone until ``length`` after it in the last, in UTC."""
    # Databases say "never" with 0001-01-01 and 9999-12-31, the ends of what a datetime holds.
    earliest = start - min(_FIRST_ZONE, start - datetime.min)
    latest = start + min(length + _LAST_ZONE, datetime.max - start)
    return earliest.replace(tzinfo=UTC), latest.replace(tzinfo=UTC)


def split_glued(text: str, *, front_end: str | None = None) -> list[Glued]:
    """The ways to read ``text`` as a source with its age at the end, best first; maybe none.

    A source may end in digits ("NDTV 24X72 hours ago"), so every split of the digits is tried and
    kept when its number is possible for the unit and agrees with its plural; of those the one that
    leaves the label the most digits comes first. ``front_end`` rules out more: moment says
    "an hour" from 45 minutes on, so "France 249 minutes ago" can only be France 24.
    """
    caps = _MOMENT_CAPS if front_end == "moment" else _CAPS
    return [
        Glued(source, text[len(source) : start], text[start:])
        for start in _label_starts(text, caps)
        if (source := text[:start].rstrip(" \t\u00a0•·|–—-,")) or start == 0
    ]


_TAIL = re.compile(
    r"(?:(?P<digits>\d+)|(?P<word>an?(?: few)?|half an)) "
    r"(?P<unit>second|minute|hour|day|week|month|year)(?P<plural>s?) ago$",
    re.I,
)
_DATE_TAIL = re.compile(r"(?P<day>\d{2})-(?P<month>\d{2})-\d{4}$")


def _label_starts(text: str, caps: Mapping[str, int]) -> Iterator[int]:
    # "59 seconds ago" and the digits of a source before it: more cannot matter.
    tail = max(0, len(text) - LONGEST)
    match = _TAIL.search(text, tail)
    if match is None:
        date = _DATE_TAIL.search(text, tail)
        if date and 1 <= int(date["day"]) <= 31 and 1 <= int(date["month"]) <= 31:
            yield date.start()
        return
    if match["word"]:
        yield match.start()
        return
    digits, cap = match["digits"], caps.get(match["unit"].lower(), 0)
    for skip in range(max(0, len(digits) - 2), len(digits)):
        number = digits[skip:]
        possible = number[0] != "0" and int(number) <= cap
        if possible and (int(number) > 1) == bool(match["plural"]):
            yield match.start() + skip


def _from_match(
    label: str, match: re.Match[str], captured_at: datetime | None, front_end: str | None
) -> Timestamp | None:
    unit = next(name for name in SECONDS if match[name])
    word = match["count"].lower()
    # Bare "a day" or "5 min" is a duration, not an age; "5m" and "21h" are the compact ages
    # of timelines, which never spell their unit out.
    if not match["ago"] and (not word.isdigit() or len(match[unit]) > 2 or " " in match[0]):
        return None
    if word.endswith("few"):
        span = (0.0, 60.0) if unit == "second" else (0.0, 10 * SECONDS[unit])
        if front_end == "moment" and unit == "second":
            span = (0.0, 44.5)
        return _relative(label, unit, None, span, captured_at, front_end)
    if word == "half an":
        span = (0.25 * SECONDS[unit], SECONDS[unit])
        return _relative(label, unit, None, span, captured_at, front_end)
    count = int(word) if word.isdigit() else 1
    span = _moment_age(unit, count) if front_end == "moment" else _any_age(unit, count)
    if (match["hedge"] or "").lower() == "less than":
        span = (0.0, count * SECONDS[unit])
    return _relative(label, unit, count, span, captured_at, front_end)


def _any_age(unit: str, count: int) -> tuple[float, float]:
    """The ages at which some front-end prints this label (sound on 84,000 measured labels)."""
    if unit == "month":
        return max(0.0, 0.97 * (count - 1) * MONTH), (count + 1) * 31 * DAY
    if unit == "year":
        return max(0.0, 0.98 * (count - 1) * YEAR), (count + 1) * 366 * DAY
    size = SECONDS[unit]
    if unit in ("day", "week"):
        return max(0.0, (count - 1) * size), (count + 1) * size
    return max(0.0, (count - 0.5) * size - 30), (count + 1) * size + 30


# moment's thresholds (https://momentjs.com/docs/#/customization/relative-time-threshold/): it says
# "a minute" from 44.5 s, "an hour" from 44.5 min, "a day" from 21.5 h, "a month" from 25.5 days and
# "a year" from 10.5 months, and rounds to the nearest otherwise. Months and
# years are calendar lengths there: two days' margin.
_MOMENT_ONE = {
    "minute": (44.5, 90.0),
    "hour": (44.5 * MINUTE, 90 * MINUTE),
    "day": (21.5 * HOUR, 36 * HOUR),
    "month": (25.5 * DAY, 46.5 * DAY),
    "year": (10.4 * MONTH, 1.51 * YEAR),
}


def _moment_age(unit: str, count: int) -> tuple[float, float]:
    if count == 1 and unit in _MOMENT_ONE:
        return _MOMENT_ONE[unit]
    margin = 2 * DAY if unit in ("month", "year") else 0.0
    size = SECONDS[unit]
    return max(0.0, (count - 0.5) * size - margin), (count + 0.5) * size + margin


def _relative(
    label: str,
    unit: str,
    count: int | None,
    age: tuple[float, float],
    captured_at: datetime | None,
    front_end: str | None,
) -> Timestamp:
    published = None
    if captured_at is not None:
        published = (captured_at - timedelta(seconds=age[1]), captured_at - timedelta(0, age[0]))
    return Timestamp(label, "relative", unit, count, age, published, front_end)


def _calendar(label: str, text: str, day_first: bool | None) -> Timestamp | None:
    if claim := _iso_day(label, text):
        return claim
    if match := _NUMERIC_DATE.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        readings = {
            day
            for first_is_day, d, m in ((True, first, second), (False, second, first))
            if (day_first is None or first_is_day == day_first) and (day := _day(year, m, d))
        }
    elif match := _NAMED_DATE.fullmatch(text):
        number = match["d1"] or match["d2"] if not (match["d1"] and match["d2"]) else None
        month = next(
            (n for n, name in _MONTH_NAMES.items() if _is_month(match["month"], name)), None
        )
        found = _day(int(match["year"]), month, int(number)) if month and number else None
        readings = {found} if found else set()
    else:
        return None
    if not readings:
        return None
    published = _anywhere(readings.pop()) if len(readings) == 1 else None
    return Timestamp(label, "calendar", "day", published=published)


def _is_month(word: str, name: str) -> bool:
    word = word.lower()
    return word in (name, name[:3]) or (name == "september" and word == "sept")


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _instant(label: str, text: str) -> Timestamp | None:
    return instant(text, text=label) if _read_instant(text) else None


def _read_instant(text: str) -> datetime | None:
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
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
