"""How old a page's "2 days ago" can be: the rules of the front-ends that print such labels.

All ages are seconds before the capture, as (least, greatest). The general rules hold for every
front-end of :data:`harness.timestamps.front_ends.FRONT_ENDS` and for those that count calendar
days, weeks, months or years; the rules of one front-end are its documented thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Span = tuple[float, float]

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
MONTH, QUARTER, YEAR = 30.44 * DAY, 91.31 * DAY, 365.0 * DAY
SECONDS: Mapping[str, float] = {
    "second": 1.0,
    "minute": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": WEEK,
    "month": MONTH,
    "quarter": QUARTER,
    "year": YEAR,
}
# Summer time moves what is counted in local calendar days by an hour.
SUMMER = HOUR
# The most days that this many consecutive months can have (2: July and August).
_LONGEST_MONTHS = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337, 372)
_LEAST_SECONDS = ("second", "minute", "hour")


def age_of(unit: str, count: int, front_end: str | None = None, hedge: str = "") -> Span:
    """The ages at which ``front_end`` (None: any) prints ``count`` of ``unit``.

    ``hedge`` is the word before the number ("about", "over", "almost", "less than", or none).
    """
    if hedge == "less than":
        least, most = 0.0, count * SECONDS[unit]
        return (0.0, 30.0) if front_end in _HALF_MINUTE and unit == "minute" else (least, most)
    rule = _RULES.get(front_end or "")
    low, high = rule(unit, count, hedge) if rule else _any(unit, count)
    return max(0.0, low), max(high, 1.0)


def few_of(unit: str, front_end: str | None = None) -> Span:
    """The ages of "a few seconds ago", "several hours ago", "a couple of days ago"."""
    if unit == "second":
        return (0.0, 44.5) if front_end == "moment" else (0.0, 60.0)
    return (0.0, 10 * SECONDS[unit])


def now_of(front_end: str | None = None) -> Span:
    """The ages of "just now"."""
    return (0.0, 10.0) if front_end == "timeago" else (0.0, 120.0)


def _any(unit: str, count: int) -> Span:
    if unit in _LEAST_SECONDS:
        size = SECONDS[unit]
        return (count - 0.5) * size - 30, (count + 1) * size + 30
    if unit == "month":
        return _months(count)
    if unit == "quarter":
        return _quarters(count)
    if unit == "year":
        return 0.98 * (count - 1) * YEAR, (count + 1) * 366 * DAY
    return (count - 1) * SECONDS[unit], (count + 1) * SECONDS[unit]


def _quarters(count: int) -> Span:
    # The first has 90 days, two at most 184, and three in a row 273 to 276.
    low = max(0.0, 91.0 * (count - 1) - 1)
    return low * DAY, (91.5 * (count + 1) + 1) * DAY


def _months(count: int) -> Span:
    """From the shortest months that can lie between to the longest that can be touched."""
    # Whole months are at least 28, 59, 89… days; GitHub's have 30, less one and a half in all.
    shortest = 28.0 if count == 2 else max(0.0, 29.5 * (count - 1) - 0.5)
    longest = _LONGEST_MONTHS[count + 1] if count < 12 else 31 * (count + 1)
    return shortest * DAY, longest * DAY


# moment's thresholds (https://momentjs.com/docs/#/customization/relative-time-threshold/): it says
# "a minute" from 44.5 s, "an hour" from 44.5 min, "a day" from 21.5 h, "a month" from 25.5 days and
# "a year" from 10.5 months, and rounds to the nearest otherwise. Months and years are calendar
# lengths there: "2 months" begins 28 + 15.2 days after 1 February. dayjs has the same thresholds.
_MOMENT_ONE = {
    "minute": (44.5, 90.0),
    "hour": (44.5 * MINUTE, 90 * MINUTE),
    "day": (21.5 * HOUR, 36 * HOUR),
    "month": (25.5 * DAY, 46.5 * DAY),
    "year": (10.4 * MONTH, 1.51 * YEAR),
}


def _moment(unit: str, count: int, _: str) -> Span:
    if count == 1 and unit in _MOMENT_ONE:
        return _MOMENT_ONE[unit]
    size = SECONDS[unit]
    before, after = (2.5 * DAY, 2 * DAY) if unit in ("month", "year") else (0.0, 0.0)
    # A leap year in four.
    leaps = count / 4 * DAY if unit == "year" else 0.0
    return (count - 0.5) * size - before, (count + 0.5) * size + after + leaps


def _timeago(unit: str, count: int, _: str) -> Span:
    # https://github.com/hustcc/timeago.js, src/utils/date.ts: [60, 60, 24, 7, 365/7/12, 12]
    size = YEAR / 12 if unit == "month" else SECONDS[unit]
    low, high = count * size, (count + 1) * size
    return low, min(high, YEAR / 12) if unit == "week" and count < 5 else high


def _date_fns(unit: str, count: int, hedge: str) -> Span:
    # https://date-fns.org/docs/formatDistance; Rails' distance_of_time_in_words has its thresholds.
    # Seconds are rounded to minutes first: everything turns 30 s early.
    half = 30.0
    if unit == "minute":
        return count * MINUTE - half, count * MINUTE + half
    if unit == "hour":
        low = 45 * MINUTE if count == 1 else (count - 0.5) * HOUR
        return low - half, min((count + 0.5) * HOUR, DAY) - half
    if unit == "day":
        low = DAY if count == 1 else 42 * HOUR if count == 2 else (count - 0.5) * DAY
        high = 42 * HOUR if count == 1 else (count + 0.5) * DAY
        return low - half - SUMMER, high + SUMMER
    if unit == "month":
        low, high = _date_fns_months(count, hedge)
        return low * DAY - half - SUMMER, high * DAY + SUMMER
    if unit == "year":
        low, high = _date_fns_years(count, hedge)
        return low * DAY, high * DAY
    return _any(unit, count)


def _date_fns_months(count: int, hedge: str) -> Span:
    if hedge == "about" and count <= 2:
        return 15.0 * (count + 1) if count == 2 else 30.0, 15.0 * (count + 2)
    if count == 1:
        return 30.0, 45.0
    return 45.0 if count == 2 and hedge else 60.0 if count == 2 else 30 * count - 15.0, (
        30 * count + 15.0 if count < 12 else 366.0
    )


# Three and nine months, with three days for the ends of months and leap years.
_DATE_FNS_YEARS = {"about": (0, 92), "over": (89, 276), "almost": (-92, 0)}


def _date_fns_years(count: int, hedge: str) -> Span:
    after, until = _DATE_FNS_YEARS.get(hedge, (-92, 276))
    return 365 * count + after - 3, 365.25 * count + until + 3


def _date_fns_strict(unit: str, count: int, _: str) -> Span:
    # https://date-fns.org/docs/formatDistanceStrict: the largest unit that is reached, rounded.
    size = {"month": 30 * DAY}.get(unit, SECONDS[unit])
    low, high = (count - 0.5) * size, (count + 0.5) * size
    if unit != "second":
        low = max(low, size)
    if unit == "year" and count == 1:
        # 11.5 months and more are "12 months", which it prints as a year.
        low = 345 * DAY
    return (low, high) if unit in _LEAST_SECONDS else (low - SUMMER, high + SUMMER)


# date-fns' constants (https://date-fns.org/docs/Constants): 365.2425 days a year.
_FNS_YEAR = 365.2425 * DAY
# From this age on, and until that one, does it use the unit.
_INTL_UNITS = {
    "day": (HOUR, WEEK),
    "week": (6 * DAY, _FNS_YEAR / 12),
    "month": (_FNS_YEAR / 12, _FNS_YEAR / 4),
    "quarter": (_FNS_YEAR / 4, _FNS_YEAR),
    "year": (273 * DAY, 1e12),
}


def _date_fns_intl(unit: str, count: int, _: str) -> Span:
    # https://date-fns.org/docs/intlFormatDistance: whole seconds, minutes, hours; differences of
    # calendar days, weeks, months, quarters and years from then on.
    if unit in _LEAST_SECONDS:
        return count * SECONDS[unit], (count + 1) * SECONDS[unit]
    least, most = _INTL_UNITS[unit]
    low, high = _calendar(unit, count)
    return max(low, least) - SUMMER, min(high, most) + SUMMER


def _calendar(unit: str, count: int) -> Span:
    """How far apart two instants can be whose calendar units are ``count`` apart."""
    if unit == "month":
        return _months(count)
    if unit == "quarter":
        return _quarters(count)
    if unit == "year":
        return (count - 1) * 365 * DAY, (count + 1) * 366 * DAY
    return (count - 1) * SECONDS[unit], (count + 1) * SECONDS[unit]


def _github(unit: str, count: int, _: str) -> Span:
    # https://github.com/github/relative-time-element, roundToSingleUnit: from 55 s, 55 min,
    # 21 h (12 h after the first day) and 6 days on, the next unit begins; milliseconds from 900.
    early = 5.1
    hours = 54 * MINUTE + 54.9
    if unit == "second":
        return count - 0.1, count + 1.0
    if unit == "minute":
        return count * MINUTE - early, (count + 1) * MINUTE - 5
    if unit == "hour":
        return (count - 1) * HOUR + hours, count * HOUR + hours + 0.1
    noon = 11 * HOUR + hours
    if unit == "day":
        low = 20 * HOUR + hours if count == 1 else (count - 1) * DAY + noon
        return low - SUMMER, count * DAY + noon + SUMMER
    if unit == "week":
        days = 5 if count == 1 else 7 * count - 4
        return days * DAY + noon - SUMMER, (7 * count + 3) * DAY + noon + SUMMER
    if unit == "month":
        low = 24 * DAY + noon if count == 1 else (30 * (count - 1) - 1.5) * DAY
        # On 29 February, a year ago is in March, and 388 days are eleven months.
        return low - SUMMER, (30 * count + 30.5) * DAY if count < 11 else 389.5 * DAY
    if unit == "year":
        low = 328 * DAY if count == 1 else (360 * (count - 1) - 1) * DAY
        return low, (count + 1) * 366 * DAY
    return _any(unit, count)


_HALF_MINUTE = ("date-fns",)
_RULES: Mapping[str, Callable[[str, int, str], Span]] = {
    "moment": _moment,
    "timeago": _timeago,
    "date-fns": _date_fns,
    "date-fns-strict": _date_fns_strict,
    "date-fns-intl": _date_fns_intl,
    "github": _github,
}
