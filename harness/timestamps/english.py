"""The strict grammar: ages as English pages and aggregators print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.timestamps.intervals import DAY, HOUR, SECONDS, Span, age_of, few_of, now_of
from harness.timestamps.labels import lazily


@dataclass(frozen=True, slots=True)
class Age:
    """What a relative label says. ``span`` is its age where number and unit do not tell it."""

    unit: str
    count: int | None
    hedge: str = ""
    span: Span | None = None

    def seconds(self, front_end: str | None) -> Span:
        """The ages at which ``front_end`` (None: any) prints this."""
        if self.span is not None:
            return self.span
        if self.count is None:
            return few_of(self.unit, front_end)
        if self.count == 0 and self.unit == "second":
            return now_of(front_end)
        return age_of(self.unit, self.count, front_end, self.hedge)


_SPELLINGS = {
    "second": "second seconds sec secs s",
    "minute": "minute minutes min mins m",
    "hour": "hour hours hr hrs h",
    "day": "day days d",
    "week": "week weeks wk wks w",
    "month": "month months mo mos mth mths",
    "quarter": "quarter quarters qtr qtrs",
    "year": "year years yr yrs y",
}
_UNITS = {word: unit for unit, words in _SPELLINGS.items() for word in words.split()}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: number for number, word in enumerate(_WORDS, start=1)} | {"a": 1, "an": 1}
_FEW = "(?:just )?a few|few|several|a couple of|a couple|couple of|some"

# What sites put before an age; a clock icon's alternative text, "time", stands glued to it.
LEAD = (
    r"(?:(?:(?:last|first|recently) )?(?:updated|posted|published|modified|edited|uploaded|created"
    r"|added|premiered|streamed|aired|reported|shared|written|asked|answered|active|seen|revised)"
    r"(?: on| at)?|time|clock|date)\b ?[:\-–—]? ?"
)
_GLUED_LEAD = r"(?:time|clock)(?=\d|an? |half |just )"
_HEDGES = {
    "around": "about",
    "approximately": "about",
    "approx": "about",
    "approx.": "about",
    "circa": "about",
    "~": "about",
    "nearly": "almost",
    "more than": "over",
    "under": "less than",
    "within": "less than",
}
_HEDGE = "about|almost|over|less than|" + "|".join(map(re.escape, reversed(_HEDGES)))
_relative = lazily(
    rf"(?:{LEAD}|{_GLUED_LEAD})?(?:(?P<hedge>{_HEDGE}) ?)?"
    rf"(?P<count>[0-9]{{1,3}}(?= ?[a-z])|(?:{_FEW}|half an|half a|an?|{'|'.join(_WORDS)})(?= ))"
    rf" ?(?P<unit>{_UNIT})\.?"
    rf"(?:,? (?:and )?(?P<more>[0-9]{{1,2}}) ?(?P<smaller>{_UNIT})\.?)? (?P<ago>ago)\.?"
)
_plainest = lazily(r"([0-9]{1,3}) ?([a-z]+) ago")
# "5m" and "21h" are the ages of timelines, which never spell their unit out; "5 min" is a duration.
_compact_form = lazily(
    rf"(?:{LEAD}|{_GLUED_LEAD})?(?P<count>[0-9]{{1,3}})(?P<unit>s|m|hr?|d|wk?|mo|yr?)"
)
# "100m" is a race, and "72h" a deadline; timelines count weeks as long as they like.
_COMPACT_CAPS = {"second": 60, "minute": 60, "hour": 48, "day": 60, "month": 24, "year": 60}

_TODAY, _YESTERDAY = Age("day", 0), Age("day", 1)
_NOW, _MOMENTS = Age("second", 0), Age("second", None, "", (0.0, 120.0))
WORDS = {
    **dict.fromkeys(("just now", "now", "right now", "a moment ago", "moments ago"), _NOW),
    **dict.fromkeys(("just a moment ago", "just posted", "just in", "this instant"), _NOW),
    **dict.fromkeys(("seconds ago", "a few moments ago", "few moments ago"), _MOMENTS),
    "minutes ago": Age("minute", None, "", (0.0, 5430.0)),
    "hours ago": Age("hour", None, "", (0.0, 25 * HOUR)),
    **dict.fromkeys(("today", "this morning", "this afternoon", "this evening"), _TODAY),
    **dict.fromkeys(("tonight", "earlier today"), _TODAY),
    **dict.fromkeys(("yesterday", "last night", "yesterday evening"), _YESTERDAY),
    "the day before yesterday": Age("day", 2),
    "a fortnight ago": Age("week", 2),
    **{f"this {unit}": Age(unit, 0) for unit in SECONDS if unit not in ("second", "day")},
    **{f"last {unit}": Age(unit, 1) for unit in ("week", "month", "quarter", "year")},
}
_lead = lazily(LEAD)
# The reading time that stands beside an age, on either side.
_read_time = lazily(
    r"(?: ?[•·|,/–—-]+)? ?[0-9]{1,3}[ -]?min(?:ute)?s?\.?(?:[ -]?read(?:ing time)?)$"
    r"|^[0-9]{1,3}[ -]?min(?:ute)?s?\.?(?:[ -]?read(?:ing time)?) ?[•·|,/–—-]+ ?"
)
_AROUND = " ()[]·•|–—,"


def spoken(languages: Sequence[str]) -> bool:
    """Whether English is among a page's languages."""
    return any(
        language[:2].lower() == "en" and language[2:3] in ("", "-", "_") for language in languages
    )


def read(text: str, label: str) -> Age | None:
    """The age that a label states, or None when it states none; ``text`` is its tidied form."""
    # Nearly every label is one of these, and the whole grammar takes three times as long.
    if (match := _plainest().fullmatch(text)) and (unit := _UNITS.get(match[2])):
        return Age(unit, int(match[1]))
    if match := _relative().fullmatch(text):
        return _counted(match)
    if text.endswith("read"):
        return _plain(text, label)
    return _words(text) or _compact(text, label) or _plain(text, label)


def _plain(text: str, label: str) -> Age | None:
    """The age of a label that stands between bullets or beside a reading time."""
    if len(text) > 80:
        return None
    plain = text.strip(_AROUND)
    if "read" in plain:
        plain = _read_time().sub("", plain).strip(_AROUND)
    if plain == text:
        return None
    match = _relative().fullmatch(plain)
    return _counted(match) if match else _words(plain) or _compact(plain, label)


def _compact(text: str, label: str) -> Age | None:
    match = _compact_form().fullmatch(text)
    # "5M" are millions and "300W" watts.
    if match is None or match["unit"] not in label:
        return None
    unit, count = _UNITS[match["unit"]], int(match["count"])
    return Age(unit, count) if count <= _COMPACT_CAPS.get(unit, 999) else None


def _words(text: str) -> Age | None:
    if age := WORDS.get(text):
        return age
    match = _lead().match(text)
    return WORDS.get(text[match.end() :].rstrip(".")) if match else None


def _counted(match: re.Match[str]) -> Age | None:
    hedge, word, spelled, more, smaller = match.group("hedge", "count", "unit", "more", "smaller")
    unit = _UNITS[spelled]
    hedge = _HEDGES.get(hedge, hedge) if hedge else ""
    if word.isdigit():
        count = int(word)
    elif len(spelled) == 1:
        return None
    elif word in _NUMBERS:
        count = _NUMBERS[word]
    elif word in ("half an", "half a"):
        return Age(unit, None, "", (0.25 * SECONDS[unit], SECONDS[unit]))
    else:
        return Age(unit, None)
    if more is None:
        return Age(unit, count, hedge)
    return _composite(unit, count, _UNITS[smaller], int(more))


def _composite(unit: str, count: int, smaller: str, more: int) -> Age | None:
    """ "2 days, 3 hours ago": the number and unit of its larger part, the interval of both."""
    part = SECONDS[smaller]
    if part >= SECONDS[unit]:
        return None
    # Months and years have the days they have; front-ends floor the smaller part, or round it.
    slack = count * (2.5 * DAY if unit in ("month", "quarter", "year") else 0.0)
    whole = count * SECONDS[unit] + more * part
    return Age(unit, count, "", (max(0.0, whole - part - slack), whole + part + slack))
