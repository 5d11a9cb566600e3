"""What a place in a capture is, how fragile it is, and how it is said to people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

from harness.model import Tree

PlaceKind: TypeAlias = Literal[
    "json-ld",
    "meta",
    "time",
    "title",
    "feed",
    "data",
    "url",
    "header",
    "json",
    "attribute",
    "text",
    "hidden",
    "comment",
    "script",
    "parts",
    "nowhere",
]

# Paths of hostile pages (a key of a megabyte, elements a thousand deep) are cut here.
LONGEST_PATH = 200
_INDEX = re.compile(r"\[\d+\]|:nth-child\(\d+\)")
_LINE = re.compile(r"\bline \d+$")


class Fragility(IntEnum):
    """How easily a place is lost when its site changes; smaller is more robust."""

    METADATA = 0
    SEMANTIC = 1
    NAMED = 2
    POSITIONAL = 3
    INSIDE = 4
    UNSEEN = 5
    NOWHERE = 6

    @property
    def label(self) -> str:
        """The name as it is printed and stored: ``metadata``."""
        return self.name.lower()


# The order is docs/provenance.md's, with what it rests on.
SCALE: Mapping[Fragility, str] = {
    Fragility.METADATA: "machine-readable by a standard (JSON-LD, meta, time[datetime], a feed's"
    " element): search engines and other sites read it, so redesigns keep it",
    Fragility.SEMANTIC: "an element that says what it holds (h1, a paragraph of article, itemprop,"
    " rel=author): it outlives its classes and its place",
    Fragility.NAMED: "an element addressed by a class, an id or a key that the site made up: lost"
    " when a redesign renames it",
    Fragility.POSITIONAL: "an element without a name of its own, addressed by its place among"
    " others: lost when something is put before it or around it",
    Fragility.INSIDE: "a part of a longer text: it must be cut out, and the words around it change",
    Fragility.UNSEEN: "hidden text, a comment or a script: nobody who edits the page looks at it",
    Fragility.NOWHERE: "nowhere in the capture: made up or computed",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a capture where an extracted text stands.

    ``path`` says how to get there: a CSS selector (``text``, ``time``; for ``attribute`` with
    `` @name`` after it), a JSON path in the JSON script number ``script`` of its kind
    (``json-ld``, ``json``), the selector of a ``meta``, a path of elements (``feed``), a header's
    name. ``start`` and ``end`` are characters of the text that stands there; where ``line`` is
    given, of that line of ``Page.visible``. ``near`` is the nearest element with a name.
    ``written`` is ``same`` for these very characters, white space aside, ``alike`` where case,
    quotes or the spelling of a date differ, ``otherwise`` for an instant that is merely
    compatible. A text that stands in several pieces is of kind ``parts``; ``left`` counts those
    that are not told.
    """

    kind: PlaceKind
    path: str = ""
    start: int = 0
    end: int = 0
    fragility: Fragility = Fragility.NOWHERE
    line: int | None = None
    script: int | None = None
    near: str = ""
    written: Literal["same", "alike", "otherwise"] = "same"
    parts: tuple[Place, ...] = ()
    left: int = 0


NOWHERE = Place("nowhere")

_KINDS: tuple[PlaceKind, ...] = PlaceKind.__args__  # type: ignore[attr-defined]
_KIND_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}
_WRITTEN = ("same", "alike", "otherwise")


def fragility(place: Place) -> Fragility:
    """How easily a place is lost when its site changes; of several parts, as their worst."""
    if place.kind == "parts":
        return max((fragility(part) for part in place.parts), default=Fragility.NOWHERE)
    return place.fragility


def robust_first(place: Place) -> tuple[object, ...]:
    """The key by which places are ordered: total, and the same on every run."""
    return (
        fragility(place),
        _WRITTEN.index(place.written),
        _KIND_RANK[place.kind],
        place.script if place.script is not None else -1,
        place.line if place.line is not None else -1,
        len(place.path),
        place.path,
        place.start,
        place.end,
        tuple(map(robust_first, place.parts)),
    )


def describe(place: Place) -> str:
    """A place in words that a developer knows: ``JSON-LD $.author.name``."""
    many = f" (script {place.script + 1})" if place.script else ""
    inside = f", characters {place.start:,}–{place.end:,} of a longer text"
    cut = inside if place.fragility is Fragility.INSIDE else ""
    match place.kind:
        case "nowhere":
            return "nowhere in the capture"
        case "parts":
            return _describe_parts(place)
        case "json-ld":
            said = f"JSON-LD {place.path}{many}"
        case "json":
            said = f"embedded JSON {place.path}{many}"
        case "data":
            said = f"JSON {place.path}"
        case "title":
            said = "<title>"
        case "url":
            said = "the URL of the capture"
        case "header":
            said = f"HTTP header {place.path}"
        case "hidden":
            return f"hidden text of {place.path}"
        case "comment" | "script":
            return f"a {place.path}"
        case "text" if place.fragility is Fragility.INSIDE:
            return f"inside the text of {place.path}, characters {place.start:,}–{place.end:,}"
        case _:
            said = place.path
    return said + cut


def _describe_parts(place: Place) -> str:
    total = len(place.parts) + place.left
    kinds = list(dict.fromkeys(alike(part) for part in place.parts))
    shown = "; ".join(kinds[:3]) + (f" and {len(kinds) - 3} more" if len(kinds) > 3 else "")
    return f"{total:,} parts: {shown}"


def alike(place: Place) -> str:
    """:func:`describe` without what tells items of a list apart: their numbers and offsets."""
    if place.kind == "parts":
        return _INDEX.sub("", describe(place))
    said = _INDEX.sub("", describe(place)).partition(", characters ")[0]
    return _LINE.sub("a line", said)


def summarise(places: Sequence[Place]) -> str:
    """Where the texts of one field stand, each given by its best place, in one line."""
    counted: dict[str, int] = {}
    for place in places:
        said = describe(place) if len(places) == 1 else alike(place)
        counted[said] = counted.get(said, 0) + 1
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    parts = [said if n == 1 else f"{said} × {n:,}" for said, n in ranked[:3]]
    more = f"; and {len(ranked) - 3} more places" if len(ranked) > 3 else ""
    return "; ".join(parts) + more


def place_tree(place: Place) -> dict[str, Tree]:
    """A place as JSON: ``{"kind", "path", "start", "end", "fragility"}`` and what else is known."""
    tree: dict[str, Tree] = {
        "kind": place.kind,
        "path": place.path,
        "start": place.start,
        "end": place.end,
        "fragility": fragility(place).label,
    }
    if place.line is not None:
        tree["line"] = place.line
    if place.script is not None:
        tree["script"] = place.script
    if place.near:
        tree["near"] = place.near
    if place.written != "same":
        tree["written"] = place.written
    if place.parts:
        tree["parts"] = [place_tree(part) for part in place.parts]
    if place.left:
        tree["left"] = place.left
    return tree


@dataclass(frozen=True, slots=True)
class Move:
    """The same value at two places. ``steps`` of the scale: above 0 it is more fragile now."""

    old: Place
    new: Place

    @property
    def steps(self) -> int:
        """How many steps of the scale the new place is more fragile; below 0, more robust."""
        return int(fragility(self.new)) - int(fragility(self.old))

    @property
    def said(self) -> str:
        """``now from div.meta > span, before from JSON-LD $.author.name``."""
        return f"now from {describe(self.new)}, before from {describe(self.old)}"


def moved(old: Place, new: Place) -> Move | None:
    """How a place differs from another, in one capture or in two; None where it is the same.

    Offsets and numbers of lines do not count: text before a place moves them without moving it.
    """
    same = (old.kind, old.path, fragility(old)) == (new.kind, new.path, fragility(new))
    if same and len(old.parts) == len(new.parts):
        pairs = zip(old.parts, new.parts, strict=True)
        if not any(moved(a, b) for a, b in pairs):
            return None
    return Move(old, new)
