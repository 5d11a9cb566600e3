"""What neither the grammar nor the table knows: dateparser, held to a strict account.

dateparser guesses: it takes the digits of a headline for a date and fills in what is missing. So
it is asked only about short texts, in languages that are named or that the script tells, and its
answer counts only when it does not depend on the day it is asked on in the wrong way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.timestamps.english import Age

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LONGEST = 48
_MOST_WORDS = 7
# Words of these scripts stand without spaces between them; "3 ชั่วโมงที่ผ่านมา" is among the longest.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_MOST_UNSPACED = 16
_NUMBER = re.compile(r"\d+")
# A relative label is the same distance from two days, before which months differ in length. A
# text without a direction ("5 hours") is future where that is preferred: it is no age then.
_BASES = (datetime(2023, 6, 15, 12, 0, 0), datetime(2024, 9, 26, 13, 0, 0))
_STEPS: Sequence[tuple[str, timedelta]] = (
    ("second", timedelta(seconds=1)),
    ("minute", timedelta(minutes=1)),
    ("hour", timedelta(hours=1)),
    ("day", timedelta(days=1)),
    ("week", timedelta(weeks=1)),
)
# Scripts that name their languages well enough, for pages that do not.
_SCRIPTS: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"[\u0400-\u04ff]", ("ru", "uk", "bg")),
    (r"[\u3040-\u30ff]", ("ja",)),
    (r"[\uac00-\ud7af]", ("ko",)),
    (r"[\u4e00-\u9fff]", ("zh", "ja")),
    (r"[\u0370-\u03ff]", ("el",)),
    (r"[\u0590-\u05ff]", ("he",)),
    (r"[\u0600-\u06ff]", ("ar", "fa", "ur")),
    (r"[\u0900-\u097f]", ("hi",)),
    (r"[\u0980-\u09ff]", ("bn",)),
    (r"[\u0e00-\u0e7f]", ("th",)),
)


def read(text: str, languages: Sequence[str] | None) -> list[Age] | datetime:
    """The age that dateparser reads, or the day; an empty list for no claim worth the name.

    ``text`` is tidied. Latin letters without a language are not read: too many languages fit.
    """
    if not 2 <= len(text) <= LONGEST or len(text.split()) > _MOST_WORDS:
        return []
    if len(_UNSPACED.findall(text)) > _MOST_UNSPACED:
        return []
    numbers = [int(number) for number in _NUMBER.findall(text)]
    # Without a digit it would have to be a word, and the words are in the table.
    if not numbers or len(numbers) > 3 or any(number > 9999 for number in numbers):
        return []
    known = _languages(text, languages)
    if not known:
        return []
    if len(numbers) == 1 and numbers[0] < 1000:
        return _age(text, numbers[0], known)
    # A day without its year would be completed, with the year of the asking.
    return (max(numbers) > 1900 and _day(text, numbers, known)) or []


def _languages(text: str, languages: Sequence[str] | None) -> tuple[str, ...]:
    if languages:
        heads = [re.split("[-_]", language.lower())[0] for language in languages]
        # English is the strict grammar's, which is complete.
        return tuple(dict.fromkeys(h for h in heads if h != "en" and h in _supported()))
    return next((names for script, names in _SCRIPTS if re.search(script, text)), ())


@cache
def _supported() -> frozenset[str]:
    # dateparser asks for 50 ms at its import: only labels that come here pay them.
    from dateparser.data import languages_info

    return frozenset(languages_info.language_order)


@cache
def _parser(languages: tuple[str, ...], base: datetime, kind: str) -> DateDataParser:
    from dateparser.date import DateDataParser

    settings: dict[str, Any] = {
        "RELATIVE_BASE": base,
        "PARSERS": [kind],
        "STRICT_PARSING": True,
        "PREFER_DATES_FROM": "past" if base == _BASES[0] else "future",
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": False,
        "NORMALIZE": True,
    }
    return DateDataParser(languages=list(languages), settings=settings)


def _asked(text: str, languages: tuple[str, ...], base: datetime, kind: str) -> datetime | None:
    try:
        data = _parser(languages, base, kind).get_date_data(text)
    except (ValueError, TypeError, OverflowError, KeyError, IndexError, AttributeError):
        # What its translations raise on texts that are nothing of the kind.
        return None
    found = data.date_obj if data else None
    return found.replace(tzinfo=None) if found else None


def _age(text: str, number: int, languages: tuple[str, ...]) -> list[Age]:
    """The one unit whose ``number`` before two different days gives both of its answers."""
    answers = [_asked(text, languages, base, "relative-time") for base in _BASES]
    if number == 0 or not all(answers):
        return []
    for unit, step in _STEPS:
        if all(
            base - step * number == answer for base, answer in zip(_BASES, answers, strict=True)
        ):
            return [Age(unit, number)]
    for unit, months in (("month", 1), ("year", 12)):
        if all(
            _back(base, months * number) == answer
            for base, answer in zip(_BASES, answers, strict=True)
        ):
            return [Age(unit, number)]
    return []


def _back(base: datetime, months: int) -> datetime | None:
    total = base.year * 12 + base.month - 1 - months
    return base.replace(year=total // 12, month=total % 12 + 1) if total >= 12 else None


def _day(text: str, numbers: list[int], languages: tuple[str, ...]) -> datetime | None:
    """A day of which day, month and year all stand in the label."""
    if len(numbers) == 3 and not re.search(r"\d\W*[^\W\d_]+\W*\d", text):
        # Which of three bare numbers is the day, is a guess.
        return None
    answers = {_asked(text, languages, base, "absolute-time") for base in _BASES}
    found = answers.pop()
    if answers or found is None:
        return None
    # Every number of the label has to be in the answer, and no other date in it.
    named = {found.year, found.day} | ({found.month} if len(numbers) == 3 else set())
    whole = found.replace(hour=0, minute=0, second=0, microsecond=0)
    # A year far ahead is one of another calendar.
    return whole if set(numbers) == named and found == whole and found.year < 2200 else None
