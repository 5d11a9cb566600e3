"""How three front-ends print ages, from their sources: what intervals are held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

DAY = 86400
# https://github.com/hustcc/timeago.js, src/utils/date.ts
_TIMEAGO = [60, 60, 24, 7, 365 / 7 / 12, 12]
_TIMEAGO_UNITS = ["second", "minute", "hour", "day", "week", "month", "year"]


def timeago(elapsed: float) -> str:
    size, index = elapsed, 0
    while index < len(_TIMEAGO) and size >= _TIMEAGO[index]:
        size /= _TIMEAGO[index]
        index += 1
    number = math.floor(size)
    return "just now" if index == 0 and number <= 9 else _ago(number, _TIMEAGO_UNITS[index])


def strict(elapsed: float) -> str:
    """date-fns formatDistanceStrict: https://date-fns.org/docs/formatDistanceStrict."""
    minutes = elapsed / 60
    if minutes < 1:
        return _ago(_round(elapsed), "second")
    if minutes < 60:
        return _ago(_round(minutes), "minute")
    if minutes < 1440:
        return _ago(_round(minutes / 60), "hour")
    if minutes < 43200:
        return _ago(_round(minutes / 1440), "day")
    if minutes < 525600:
        months = _round(minutes / 43200)
        return _ago(1, "year") if months == 12 else _ago(months, "month")
    return _ago(_round(minutes / 525600), "year")


def moment(elapsed: float) -> str:
    """moment fromNow below a month, where no calendar is needed: its documented thresholds."""
    seconds = _round(elapsed)
    minutes, hours, days = (_round(elapsed / size) for size in (60, 3600, DAY))
    if seconds <= 44:
        return "a few seconds ago"
    if minutes < 45:
        return "a minute ago" if minutes <= 1 else _ago(minutes, "minute")
    if hours < 22:
        return "an hour ago" if hours <= 1 else _ago(hours, "hour")
    if days < 26:
        return "a day ago" if days <= 1 else _ago(days, "day")
    return "a month ago"


def _round(value: float) -> int:
    return math.floor(value + 0.5)


def _ago(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)} ago"


FORMATTERS: Mapping[str, tuple[Callable[[float], str], float]] = {
    "timeago": (timeago, 20 * 365 * DAY),
    "date-fns-strict": (strict, 20 * 365 * DAY),
    "moment": (moment, 40 * DAY),
}
"""Front-end → its printer, and the greatest age that the printer is right for."""
