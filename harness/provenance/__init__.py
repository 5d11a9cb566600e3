"""Where the texts of a record stand in its capture, found by alignment alone.

>>> from harness import Page
>>> from harness.model import Capture
>>> page = Page(Capture("s", "c", b"<h1>Storm</h1><p>By <b>Reuters</b></p>", "text/html"))
>>> found = provenance({"title": "Storm", "byline": "Reuters"}, page)
>>> describe(found["title"][0]), describe(found["byline"][0])
('h1', 'body > p > b')
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import Tree
from harness.page import Page
from harness.provenance.change import shift, weaker_place
from harness.provenance.places import (
    NOWHERE,
    SCALE,
    Fragility,
    Move,
    Place,
    PlaceKind,
    describe,
    fragility,
    moved,
    place_tree,
    robust_first,
    summarise,
)
from harness.provenance.tracing import Tracer

__all__ = [
    "NOWHERE",
    "SCALE",
    "Fragility",
    "Move",
    "Place",
    "PlaceKind",
    "Tracer",
    "describe",
    "fragility",
    "moved",
    "place_tree",
    "provenance",
    "robust_first",
    "shift",
    "summarise",
    "weaker_place",
]


def provenance(record: Mapping[str, Tree], page: Page) -> dict[str, tuple[Place, ...]]:
    """The places of every text of a record by its path, most robust first; never empty.

    A text that stands nowhere has the one place :data:`NOWHERE`; one that was joined from
    several, a place of kind ``parts``. For many records of one page, keep a :class:`Tracer`.
    """
    return Tracer(page).trace(record)
