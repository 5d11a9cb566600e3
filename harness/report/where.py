"""Where the values of a changed field stand in its capture, as the drift report says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from harness.model import CaseResult, FieldResult, Tree, value_at
from harness.provenance import SCALE, Place, Tracer, describe, fragility, summarise

# So many fields of one capture say where they stand, of each so many texts and places.
FIELDS = 30
TEXTS = 12
PLACES = 5


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a field: its path, and its places, most robust first, as (words, grade)."""

    path: str
    places: tuple[tuple[str, str], ...]
    left: int


@dataclass(frozen=True, slots=True)
class Side:
    """Where the old or the new value stands: in one line, how fragile that is, and in full."""

    said: str
    grade: str
    reason: str
    texts: tuple[Text, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Where:
    """Where both values of a field stand. ``limited``: a part of the page was not looked at."""

    old: Side | None
    new: Side | None
    limited: bool


def where(result: CaseResult, field: FieldResult, tracer: Tracer) -> Where | None:
    """Where the values of a field stand; None for whole records and where there are no values.

    What a golden expected is no value of a record and is left out.
    """
    if field.diff.kind == "records":
        return None
    path = field.field
    # A diff counts items of a list as the old record did; where they moved, the new have others.
    moved = any(
        each.diff.kind == "records" and path.startswith(f"{each.field}[") for each in result.fields
    )
    old = side(tracer, result.accepted, path) if field.against == "snapshot" else None
    new = None if moved else side(tracer, result.record, path)
    return Where(old, new, tracer.limited) if old or new else None


def side(tracer: Tracer, record: Mapping[str, Tree] | None, path: str) -> Side | None:
    """Where the value at a path of a record stands."""
    value = value_at(record, path)
    if value is None:
        return None
    # A day has its own label first, before the instants that merely lie on it.
    found = {
        each: tuple(sorted(places, key=lambda place: place.written == "otherwise"))
        for each, places in tracer.value(value, path).items()
    }
    if not found:
        return None
    best = [places[0] for places in found.values()]
    worst = max(map(fragility, best))
    texts = tuple(_text(each, places) for each, places in islice(found.items(), TEXTS))
    return Side(summarise(best), worst.label, SCALE[worst], texts, len(found) - len(texts))


def _text(path: str, places: tuple[Place, ...]) -> Text:
    shown = tuple((describe(place), fragility(place).label) for place in places[:PLACES])
    return Text(path, shown, len(places) - len(shown))
