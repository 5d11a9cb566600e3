"""Labels that name a day, an hour, or both: every reading, as the instants that it can mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harness.timestamps.english import LEAD
from harness.timestamps.intervals import DAY, Span
from harness.timestamps.labels import lazily
from harness.timestamps.locales import month_numbers, weekday_names
from harness.timestamps.zones import EVERYWHERE, ZONE, offsets

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of a label: an instant or a day, maybe without its date.

    ``published`` is None where the capture time would be needed and is not known. ``days`` is
    how many days before the capture's own the label names, for "Yesterday at 10:45".
    """

    published: tuple[datetime, datetime] | None
    is_day: bool = False
    days: int | None = None
    age: Span | None = None


_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?)?"
    rf"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?:uhr|hrs|hours|h)\b)?(?: ?\(?(?P<zone>{ZONE})\)?)?"
)
# A letter with its marks; digits and the punctuation of dates are no part of a month's name.
_NAME = r"[^\W\d_](?:[^\s\d,;:|/()•·–—\"“”!?-]*[^\s\d.,;:|/()•·–—\"“”!?-])?"
_DATE = (
    r"(?:(?P<y1>[0-9]{4})(?P<sep>[-/.])(?P<m1>[0-9]{1,2})(?P=sep)(?P<d1>[0-9]{1,2})"
    r"|(?P<a>[0-9]{1,2})(?P<sep2>[-/.])(?P<b>[0-9]{1,2})(?P=sep2)(?P<y2>[0-9]{4})"
    r"|(?P<y3>[0-9]{4}) ?[年년] ?(?P<m3>[0-9]{1,2}) ?[月월] ?(?P<d3>[0-9]{1,2}) ?[日일]"
    rf"|(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?(?: |-)(?:of |de |d')?(?P<n4>{_NAME})[.,]*"
    r"(?: |-)(?:de |del )?(?P<y4>[0-9]{4})(?: (?:г|г\.|года|р\.|року|m))?"
    rf"|(?P<n5>{_NAME})\.? (?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{{4}}))\.?"
)
_WEEKDAY = rf"(?:(?P<weekday>{_NAME}(?:-feira)?)\.?,? )?"
_BETWEEN = r"(?: ?[,|•·–—-]? ?)(?:(?:at|um|à|às|a las|alle|kl\.?|klo|@|o|v|в|о) )?"
_label = lazily(
    rf"(?:{LEAD})?(?:{_WEEKDAY}{_DATE}(?:{_BETWEEN}{_TIME})?)"
    rf"|(?:{LEAD})?{_TIME.replace('P<', 'P<t')},? (?:on )?{_WEEKDAY.replace('P<', 'P<t')}"
    rf"{_DATE.replace('P<', 'P<t').replace('P=', 'P=t')}"
)
_near_day_form = lazily(rf"(?:{LEAD})?(?P<day>today|yesterday)(?:,| at|, at| @)? {_TIME}")
_clock_form = lazily(rf"(?:{LEAD})?{_TIME}")


def read(
    text: str,
    *,
    captured_at: datetime | None,
    day_first: bool | None,
    languages: Sequence[str] | None,
) -> list[Moment]:
    """Every reading of a tidied label, likeliest first; none when it is no date."""
    # Every form has two digits, and starts within the first few words.
    if len(text) > 80:
        return []
    try:
        if "day" in text and (match := _near_day_form().fullmatch(text)):
            return _near_day(match, captured_at, languages)
        if match := _label().fullmatch(text):
            return _dated(match, day_first, languages)
        if match := _clock_form().fullmatch(text):
            return _clock(match, captured_at, languages)
    except OverflowError:
        # A capture at the ends of what a datetime holds has no day before or after it.
        return []
    return []


def span_of(
    start: datetime, length: timedelta, zone: tuple[timedelta, timedelta] = EVERYWHERE
) -> tuple[datetime, datetime]:
    """From a naive time in the zone's first place until ``length`` after it in its last, in UTC."""
    # Databases say "never" with 0001-01-01 and 9999-12-31, the ends of what a datetime holds.
    least, greatest = zone
    ahead, behind = max(greatest, timedelta(0)), max(-least, timedelta(0))
    back, forth = max(-greatest, timedelta(0)), max(least, timedelta(0))
    early = start - min(ahead, start - datetime.min) + back
    late = start + min(length + behind, datetime.max - start) - forth
    return early.replace(tzinfo=UTC), late.replace(tzinfo=UTC)


def whole_day(day: datetime) -> tuple[datetime, datetime]:
    """A calendar day of an unknown place: it begins at +14:00 and ends at -12:00."""
    return span_of(day, _DAY)


def _group(match: re.Match[str], *names: str) -> str | None:
    return next((match[p + name] for name in names for p in ("", "t") if match[p + name]), None)


def _dated(
    match: re.Match[str], day_first: bool | None, languages: Sequence[str] | None
) -> list[Moment]:
    weekday = _group(match, "weekday")
    days = _days(match, day_first, languages)
    if weekday and weekday not in weekday_names():
        return []
    if _group(match, "hour") is None:
        return [Moment(span_of(day, _DAY), is_day=True) for day in days]
    time = _time(match, "t" if match["thour"] else "")
    if time is None:
        return []
    return [
        Moment(span_of(day + time[0], time[1], zone))
        for day in days
        for zone in offsets(_group(match, "zone"), languages)
    ]


_THAI = re.compile("[\u0e00-\u0e7f]")


def _days(
    match: re.Match[str], day_first: bool | None, languages: Sequence[str] | None
) -> list[datetime]:
    year = int(_group(match, "y1", "y2", "y3", "y4", "y5") or 0)
    if 2400 < year < 2700 and (_THAI.search(match[0]) or "th" in (languages or ())):
        # Thailand counts the years of the Buddha: 2568 is 2025.
        year -= 543
    if first := _group(match, "a"):
        one, two = int(first), int(_group(match, "b") or 0)
        orders = {True: (two, one), False: (one, two)}
        habits = _habits(languages) if day_first is None else (day_first,)
        pairs = dict.fromkeys(orders[habit] for habit in habits)
    else:
        number = int(_group(match, "d1", "d3", "d4", "d5") or 0)
        if name := _group(match, "n4", "n5"):
            months = month_numbers(name, languages)
        else:
            months = [int(_group(match, "m1", "m3") or 0)]
        pairs = {(month, number): None for month in months}
    return [day for month, number in pairs if (day := _day(year, month, number))]


# Where the month stands first, and where the year does: there, the rest can be either.
_EITHER = frozenset("en zh ja ko hu lt mn sv fil sw".split())
_DAY_FIRST_ENGLISH = frozenset("GB IE IN AU NZ PK BD LK NG KE GH ZW SG HK MY UG TZ JM 001".split())


def _habits(languages: Sequence[str] | None) -> tuple[bool, ...]:
    """Whether dates begin with the day: both answers where the languages do not tell."""
    head, _, tail = (languages[0] if languages else "en").replace("_", "-").partition("-")
    region = tail.upper().rpartition("-")[2]
    if region in ("US", "PH", "CA") or (head.lower() in _EITHER and not region):
        return (False,) if region == "US" else (True, False)
    if head.lower() == "en":
        return (True,) if region in _DAY_FIRST_ENGLISH else (True, False)
    return (True, False) if head.lower() in _EITHER else (True,)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _time(match: re.Match[str], prefix: str = "") -> tuple[timedelta, timedelta] | None:
    """The time of day, and how long it lasts: a minute, or a second; None when there is none."""
    hour, half = int(match[prefix + "hour"]), match[prefix + "half"]
    minute, second = match[prefix + "minute"], match[prefix + "second"]
    if minute is None and not half:
        return None
    if half:
        if not 1 <= hour <= 12 and not hour > 12:
            return None
        # "21:04 PM" is written, and means what it says.
        hour = hour if hour > 12 else hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    time = timedelta(hours=hour, minutes=int(minute or 0), seconds=int(second or 0))
    return time, timedelta(seconds=1) if second else timedelta(minutes=1 if minute else 60)


def _near_day(
    match: re.Match[str], captured_at: datetime | None, languages: Sequence[str] | None
) -> list[Moment]:
    """ "Yesterday at 10:45": in an unknown zone, any of 24 hours."""
    time = _time(match)
    if time is None:
        return []
    days = 1 if match["day"] == "yesterday" else 0
    start, length = time[0].total_seconds(), time[1].total_seconds()
    age = (max(0.0, days * DAY - start - length), (days + 1) * DAY - start)
    if not match["zone"] or captured_at is None:
        return [Moment(None, days=days, age=age)]
    return [
        Moment((low, high), days=days, age=age)
        for zone in offsets(match["zone"], languages)
        for low, high in [_on_day(captured_at, days, time, zone)]
    ]


def _on_day(
    captured_at: datetime,
    days: int,
    time: tuple[timedelta, timedelta],
    zone: tuple[timedelta, timedelta],
) -> tuple[datetime, datetime]:
    ends = [
        span_of(_midnight(captured_at, offset) - days * _DAY + time[0], time[1], (offset, offset))
        for offset in zone
    ]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _midnight(captured_at: datetime, offset: timedelta) -> datetime:
    local = captured_at.astimezone(UTC).replace(tzinfo=None) + offset
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _clock(
    match: re.Match[str], captured_at: datetime | None, languages: Sequence[str] | None
) -> list[Moment]:
    """When it was "21:04 IST" last. Without zone or half of the day, it may be a length."""
    time = _time(match)
    if time is None or not (match["zone"] or (match["half"] and match["minute"])):
        return []
    zones = offsets(match["zone"], languages)
    if captured_at is None:
        spans: list[tuple[datetime, datetime] | None] = [None for _ in zones]
    elif not match["zone"]:
        spans = [(captured_at - _DAY, captured_at)]
    else:
        spans = [_last(captured_at, time, zone) for zone in zones]
    return [Moment(span, age=(0.0, DAY)) for span in spans]


def _last(
    captured_at: datetime,
    time: tuple[timedelta, timedelta],
    zone: tuple[timedelta, timedelta],
) -> tuple[datetime, datetime]:
    low, high = _on_day(captured_at, 0, time, zone)
    return (low, high) if low <= captured_at else (low - _DAY, high - _DAY)
