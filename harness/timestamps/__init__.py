"""Timestamps as claims: "21 hours ago" is an interval, because front-ends round differently.

Labels are read by a strict grammar of English and aggregators' forms, then by every CLDR locale's
own forms, then by dateparser, whose answer is checked. What none of them knows is None, and what
reads in several ways says so: never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from harness.model import Timestamp
from harness.text import collapse
from harness.timestamps import absolute, english, front_ends, locales
from harness.timestamps.agreement import ages_before, compatible
from harness.timestamps.english import Age
from harness.timestamps.front_ends import FRONT_ENDS, front_end_of
from harness.timestamps.glue import Glued, split_glued
from harness.timestamps.labels import LONGEST, tidy
from harness.timestamps.machine import instant, read_instant

__all__ = [
    "FRONT_ENDS",
    "LONGEST",
    "Glued",
    "candidates",
    "compatible",
    "front_end_of",
    "instant",
    "parse",
    "split_glued",
]


def parse(
    label: str | None,
    *,
    captured_at: datetime | None = None,
    languages: Sequence[str] | str | None = None,
    front_end: str | None = None,
    day_first: bool | None = None,
) -> Timestamp | None:
    """The claim that a label makes, or None when it makes none that is understood (or is None).

    ``captured_at`` must be aware; with it, relative labels have a ``published`` interval too.
    ``languages`` are the page's ("hi", "pt-BR", "en_IN"), best first: they choose between
    locales that mean different things by one label, and between zones ("IST"). Without them all
    locales are asked. ``front_end`` is a name of :data:`FRONT_ENDS`, or what :func:`front_end_of`
    found, and narrows the interval; other names narrow nothing. ``day_first`` settles dates like
    ``12-03-2025``.

    An ambiguous label is never settled by guessing: one whose unit or number is not certain is
    None, and one whose day or zone is not certain has no ``published`` interval.
    :func:`candidates` then has the readings. A label tells when something *was* published, so
    words that mean both ("कल", yesterday or tomorrow) are read as past, and future forms ("in 2
    hours") are None. Raises ValueError for a naive ``captured_at``, TypeError for a label
    that is no text.
    """
    if captured_at is not None and captured_at.tzinfo is None:
        raise ValueError(f"captured_at {captured_at} has no time zone; ages cannot be told from it")
    if label is None:
        return None
    if not isinstance(label, str):
        raise TypeError(f"a label is text, not {type(label).__name__}")
    if len(label) > LONGEST:
        return None
    languages = _listed(languages)
    text = tidy(label)
    named = front_end if front_end is None else front_ends.front_end_named(front_end)
    if (languages is None or english.spoken(languages)) and (age := english.read(text, label)):
        return _relative(label, age, captured_at, front_end, named)
    found = _slowly(label, text, captured_at, languages, front_end, day_first)
    if len(found) < 2:
        return found[0] if found else None
    first = found[0]
    if first.kind == "relative" and first.count is not None and not _same_claim(found):
        return None
    return replace(first, published=None)


def candidates(
    label: str | None,
    *,
    captured_at: datetime | None = None,
    languages: Sequence[str] | str | None = None,
    front_end: str | None = None,
    day_first: bool | None = None,
) -> list[Timestamp]:
    """Every reading of a label, likeliest first; one for a label that is not ambiguous.

    The parameters and errors are those of :func:`parse`. Several readings: a date whose day and
    month can be swapped, a zone name that several places use, a short form that locales use for
    different units.
    """
    if label is None:
        return []
    claim = parse(
        label,
        captured_at=captured_at,
        languages=languages,
        front_end=front_end,
        day_first=day_first,
    )
    if claim is not None and (claim.published is not None or claim.kind == "relative"):
        return [claim]
    if len(label) > LONGEST:
        return []
    return _slowly(label, tidy(label), captured_at, _listed(languages), front_end, day_first)


def _listed(languages: Sequence[str] | str | None) -> Sequence[str] | None:
    """A list of languages, from one that is only named; None for none."""
    return [languages] if isinstance(languages, str) else languages or None


def _same_claim(found: Sequence[Timestamp]) -> bool:
    return len({(claim.unit, claim.count) for claim in found}) == 1


def _relative(
    label: str, age: Age, captured_at: datetime | None, front_end: str | None, named: str | None
) -> Timestamp:
    seconds = age.seconds(named)
    published = ages_before(captured_at, seconds) if captured_at is not None else None
    return Timestamp(label, "relative", age.unit, age.count, seconds, published, front_end)


def _slowly(
    label: str,
    text: str,
    captured_at: datetime | None,
    languages: Sequence[str] | None,
    front_end: str | None,
    day_first: bool | None,
) -> list[Timestamp]:
    """The readings of what is not English, or not relative."""
    from harness.timestamps import fallback

    def claims(ages: Sequence[Age]) -> list[Timestamp]:
        named = front_ends.front_end_named(front_end)
        return [_relative(label, age, captured_at, front_end, named) for age in ages]

    # No locale's age has a colon between digits, and a date has nothing of an age.
    ages = locales.read(text, languages) if ":" not in text[-6:] else []
    if ages:
        return claims(ages)
    if (claim := read_instant(label, collapse(label))) is not None:
        return [claim]
    moments = absolute.read(text, captured_at=captured_at, day_first=day_first, languages=languages)
    if moments:
        return [_absolute(label, moment, captured_at, front_end) for moment in moments]
    if languages is not None and (age := english.read(text, label)):
        return claims([age])
    answer = fallback.read(text, languages)
    if isinstance(answer, list):
        return claims(answer)
    span = absolute.whole_day(answer)
    return [Timestamp(label, "calendar", "day", published=span)]


def _absolute(
    label: str, moment: absolute.Moment, captured_at: datetime | None, front_end: str | None
) -> Timestamp:
    if moment.days is not None:
        published = moment.published
        if published is None and moment.age and captured_at is not None:
            published = ages_before(captured_at, moment.age)
        return Timestamp(label, "relative", "day", moment.days, moment.age, published, front_end)
    if moment.is_day:
        return Timestamp(label, "calendar", "day", None, None, moment.published)
    return Timestamp(label, "absolute", None, None, moment.age, moment.published)
