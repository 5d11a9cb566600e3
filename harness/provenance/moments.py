"""Times as places state them, held against what a record claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from harness import records, timestamps
from harness.model import Timestamp, Tree
from harness.timestamps import absolute
from harness.timestamps.labels import tidy

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?", re.S)
# What ISO 8601 and RFC 822 dates are like; the parser decides.
_LIKE_A_DATE = re.compile(r"[^\n]{0,20}\d[^\n]{7,50}")
# A page with so many dates is a list, and one more proves nothing.
MOST_DATES = 400


@dataclass(frozen=True, slots=True)
class Said:
    """A time that a record gives: what it claims, and whether that is a day only."""

    claim: Timestamp
    is_day: bool


def said_by(value: Tree) -> Said | None:
    """The time that a value of a record is, if it is one whose instant or day is known."""
    tag = records.tag_of(value)
    try:
        if isinstance(value, str):
            text = value.strip()
            claim = timestamps.instant(text) if len(text) < 50 and _ISO.fullmatch(text) else None
        elif tag in ("$datetime", "$date"):
            claim = timestamps.instant(str(cast("dict[str, Tree]", value)[tag]))
        elif tag == "$timestamp":
            claim = cast(Any, records.decode(value))
        else:
            claim = None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None  # a golden may hold a typed value that is no such thing
    if not isinstance(claim, Timestamp) or not _known(claim):
        return None
    return Said(claim, _is_day(claim))


def stated_by(text: str) -> Timestamp | None:
    """The time that a machine-readable text states, or None."""
    if not 8 <= len(text) <= 60 or not _LIKE_A_DATE.match(text):
        return None
    try:
        return timestamps.instant(text.strip())
    except (ValueError, OverflowError):
        return None


def shown_by(text: str, captured_at: datetime | None) -> list[Timestamp]:
    """What a label with a year in it can mean; empty where it is no date."""
    moments = absolute.read(tidy(text), captured_at=captured_at, day_first=None, languages=None)
    return [
        Timestamp(
            text,
            "calendar" if moment.is_day else "absolute",
            "day" if moment.is_day else None,
            published=moment.published,
        )
        for moment in moments
        if moment.published
    ]


def relation(said: Said, stated: Timestamp) -> Literal["alike", "otherwise"] | None:
    """How a stated time fits what a record says: as precisely, merely compatible, or not."""
    if not _known(stated) or not timestamps.compatible(said.claim, stated):
        return None
    return "alike" if said.is_day == _is_day(stated) else "otherwise"


def same_time(old: Said, new: Said) -> bool:
    """Whether two times of a record are one, told more or less precisely.

    A time without a zone is compatible with a day of instants, and a day with two: they are one
    only where they are written with the same day.
    """
    if not timestamps.compatible(old.claim, new.claim):
        return False
    days = [_days(old.claim), _days(new.claim)]
    zoneless = any(_is_zoneless(said) for said in (old, new))
    if zoneless and not (old.is_day or new.is_day):
        return False
    return not all(days) or bool(days[0] & days[1])


def _is_zoneless(said: Said) -> bool:
    claim = said.claim
    return claim.kind == "absolute" and len(set(claim.published or ())) > 1


def _days(claim: Timestamp) -> set[str]:
    """The days that a machine-readable time is on: as written, and in UTC where that is known."""
    found = {claim.text.strip()[:10]} if _ISO.fullmatch(claim.text.strip()) else set[str]()
    if claim.published and claim.published[0] == claim.published[1]:
        found.add(claim.published[0].astimezone(UTC).date().isoformat())
    return found


def _known(claim: Timestamp) -> bool:
    # A naive datetime in a $timestamp cannot be compared with an aware one.
    return claim.published is not None and all(each.tzinfo for each in claim.published)


def _is_day(claim: Timestamp) -> bool:
    return claim.kind == "calendar" and claim.unit == "day"


def years_of(claim: Timestamp) -> set[str]:
    """The years in which a claim can lie, as they are written."""
    assert claim.published is not None, "asked about known times only"
    return {str(moment.year) for moment in claim.published}
