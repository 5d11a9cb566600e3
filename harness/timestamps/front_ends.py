"""The libraries that print ages, and how a page's own labels give theirs away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from harness.timestamps.labels import LONGEST, tidy

FRONT_ENDS: Mapping[str, str] = {
    "moment": "moment.js fromNow, and dayjs, whose thresholds are the same",
    "timeago": "timeago.js",
    "date-fns": "date-fns formatDistance, and Rails' distance_of_time_in_words",
    "date-fns-strict": "date-fns formatDistanceStrict",
    "date-fns-intl": "date-fns intlFormatDistance",
    "github": "GitHub's <relative-time>",
}
"""Name → what prints so: the values that ``front_end=`` understands (and their spellings)."""

_SPELLINGS = {
    "moment": "moment momentjs momentfromnow dayjs dayjsfromnow fromnow",
    "timeago": "timeago timeagojs",
    "date-fns": "datefns datefnsformatdistance datefnsformatdistancetonow formatdistance rails"
    " formatdistancetonow distanceoftimeinwords timeagoinwords",
    "date-fns-strict": "datefnsstrict datefnsformatdistancestrict formatdistancestrict"
    " datefnsformatdistancetonowstrict",
    "date-fns-intl": "datefnsintl datefnsintlformatdistance intlformatdistance",
    "github": "github githubrelativetime relativetime relativetimeelement"
    " githubrelativetimeelement",
}
_NAMES = {spelling: name for name, words in _SPELLINGS.items() for spelling in words.split()}
_known: dict[str, str | None] = dict.fromkeys(FRONT_ENDS)
_known.update({name: name for name in FRONT_ENDS})


def front_end_named(name: str | None) -> str | None:
    """The front-end that ``name`` means ("dayjs", "moment.fromNow"), or None for no known one."""
    if name is None or name in _known:
        return name
    return _NAMES.get(re.sub(r"[^a-z]", "", name.lower()))


def _numbers(low: int, high: int) -> str:
    """A pattern for the numbers ``low`` to ``high``, below 100."""
    return "(?:" + "|".join(str(n) for n in range(high, low - 1, -1)) + ")"


def _counted(unit: str, high: int, low: int = 2) -> str:
    return f"{_numbers(low, high)} {unit}s"


def _vocabulary(*forms: str) -> str:
    return "|".join(forms)


_AGO, _YEARS = " ago", r"[1-9]\d? years?"
_VOCABULARIES: Mapping[str, str] = {
    "moment": _vocabulary(
        "a few seconds ago",
        *(f"an? {unit} ago" for unit in ("minute", "hour", "day", "month", "year")),
        _counted("minute", 44) + _AGO,
        _counted("hour", 21) + _AGO,
        _counted("day", 25) + _AGO,
        _counted("month", 10) + _AGO,
        _counted("year", 99) + _AGO,
    ),
    "timeago": _vocabulary(
        "just now",
        "right now",
        _counted("second", 59, 10) + _AGO,
        *(f"1 {unit} ago" for unit in ("minute", "hour", "day", "week", "month", "year")),
        _counted("minute", 59) + _AGO,
        _counted("hour", 23) + _AGO,
        _counted("day", 6) + _AGO,
        _counted("week", 4) + _AGO,
        _counted("month", 11) + _AGO,
        _counted("year", 99) + _AGO,
    ),
    "date-fns": _vocabulary(
        r"less than (?:a minute|\d+ seconds) ago",
        "half a minute ago",
        "1 (?:minute|day) ago",
        _counted("minute", 45) + _AGO,
        "about 1 (?:hour|month) ago",
        "about " + _counted("hour", 24) + _AGO,
        _counted("day", 30) + _AGO,
        "about 2 months ago",
        _counted("month", 12) + _AGO,
        rf"(?:about|over|almost) {_YEARS} ago",
    ),
    "date-fns-strict": _vocabulary(
        *(f"1 {unit} ago" for unit in ("second", "minute", "hour", "day", "month", "year")),
        _counted("second", 60, 0) + _AGO,
        _counted("minute", 60) + _AGO,
        _counted("hour", 24) + _AGO,
        _counted("day", 30) + _AGO,
        _counted("month", 12) + _AGO,
        _counted("year", 99) + _AGO,
    ),
    "date-fns-intl": _vocabulary(
        "now",
        "yesterday",
        "(?:last|this) (?:week|month|quarter|year)",
        "1 (?:second|minute|hour) ago",
        _counted("second", 59) + _AGO,
        _counted("minute", 59) + _AGO,
        _counted("hour", 24) + _AGO,
        _counted("day", 7) + _AGO,
        _counted("week", 5) + _AGO,
        _counted("month", 4) + _AGO,
        _counted("quarter", 4) + _AGO,
        _counted("year", 99) + _AGO,
    ),
    "github": _vocabulary(
        "now",
        "yesterday",
        "last (?:week|month|year)",
        "1 (?:second|minute|hour) ago",
        _counted("second", 55) + _AGO,
        _counted("minute", 55) + _AGO,
        _counted("hour", 21) + _AGO,
        _counted("day", 31) + _AGO,
        _counted("week", 4) + _AGO,
        _counted("month", 11) + _AGO,
        _counted("year", 99) + _AGO,
    ),
    # No rules of their own; they are here so that their labels are not taken for another's.
    "humanize": _vocabulary(
        "now",
        *(f"an? {unit} ago" for unit in ("second", "minute", "hour", "day", "month", "year")),
        r"\d+ (?:seconds|minutes|hours|days|months|years) ago",
        r"1 year, \d+ (?:days?|months?) ago",
    ),
    "jquery.timeago": _vocabulary(
        "less than a minute ago",
        "(?:about )?an? (?:minute|hour|day|month|year) ago",
        r"(?:about )?\d+ (?:minutes|hours|days|months|years) ago",
    ),
    "carbon": _vocabulary(
        r"1 (?:second|minute|hour|day|week|month|year) ago",
        r"\d+ (?:seconds|minutes|hours|days|weeks|months|years) ago",
    ),
}
_RELATIVE = re.compile(
    r"just now|right now|now|yesterday|(?:last|this) \w+|.* ago",
)


@cache
def _vocabularies() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(forms) for name, forms in _VOCABULARIES.items()}


def front_end_of(labels: Iterable[str]) -> str | None:
    """The one front-end that can have printed all of a page's English ``labels``, or None.

    None too when several can ("2 hours ago" alone tells nothing), and when a label is in no
    front-end's vocabulary. Texts that are no ages are passed over. Pass the answer to
    :func:`harness.timestamps.parse` as ``front_end``.
    """
    left = dict(_vocabularies())
    seen: set[str] = set()
    for label in labels:
        text = tidy(label) if len(label) <= LONGEST else ""
        if text in seen or not _RELATIVE.fullmatch(text):
            continue
        seen.add(text)
        left = {name: words for name, words in left.items() if words.fullmatch(text)}
    name = next(iter(left), None)
    return name if seen and len(left) == 1 and name in FRONT_ENDS else None
