"""Edits of a comparison in clusters: identical ones over many captures are one item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute

from harness.clusters.groups import Item, Signature, signatures
from harness.clusters.spans import Span, spans_of_hunk
from harness.model import Hunk, Piece

Texts = tuple[tuple[str, ...], tuple[str, ...]]
"""What an edit took away, and what it put in."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change in one place: ``field`` is a family (``related[].byline``), ``severity`` ≥ 0.

    ``spans`` are what it is made of (:func:`edit_of`); without them its texts are taken for whole
    ones.
    """

    capture: str
    field: str
    category: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    severity: float = 1.0
    spans: tuple[Span, ...] = attribute(default=(), repr=False, compare=False)

    @property
    def texts(self) -> Texts:
        return self.removed, self.added

    @property
    def site(self) -> str:
        return self.capture.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Edits that are alike.

    ``captures`` are sorted, each once; ``values`` are the distinct texts with how many edits have
    them, most frequent first; ``severity`` is the mean of the edits'.
    """

    field: str
    category: str
    captures: tuple[str, ...]
    values: tuple[tuple[Texts, int], ...]
    severity: float

    @property
    def edits(self) -> int:
        """How many edits are in it; a capture may have several."""
        return sum(number for _, number in self.values)

    @property
    def exact(self) -> bool:
        """Whether all of its edits have the same texts."""
        return len(self.values) == 1

    @property
    def weight(self) -> float:
        """What clusters are ranked by: severity × captures."""
        return self.severity * len(self.captures)


def edit_of(capture: str, field: str, category: str, hunk: Hunk, severity: float = 1.0) -> Edit:
    """One place of a diff as an edit."""
    sides = (
        tuple(p.text.strip() for p in hunk.pieces if p.op == op and p.text.strip()) for op in "-+"
    )
    removed, added = sides
    return Edit(capture, field, category, removed, added, severity, spans_of_hunk(hunk))


def clusters(edits: Iterable[Edit]) -> tuple[Cluster, ...]:
    """Every edit in exactly one cluster, the weightiest cluster first.

    Edits of one field and category are alike where their signature is the same
    (:mod:`harness.clusters.groups`). The order of the edits does not matter.
    """
    every = list(edits)
    items = [Item((each.field, each.category), _spans(each), each.site) for each in every]
    groups: dict[Signature, list[Edit]] = {}
    for edit, signature in zip(every, signatures(items), strict=True):
        groups.setdefault(signature, []).append(edit)
    return tuple(sorted(map(_cluster, groups.values()), key=_rank))


def _spans(edit: Edit) -> tuple[Span, ...]:
    if edit.spans or not (edit.removed or edit.added):
        return edit.spans
    sides = (("-", edit.removed), ("+", edit.added))
    pieces = tuple(Piece(op, text) for op, texts in sides for text in texts)  # type: ignore[arg-type]
    return spans_of_hunk(Hunk("", pieces))


def _rank(each: Cluster) -> tuple[object, ...]:
    texts = each.field, each.category, each.values, each.captures
    return (-each.weight, -each.edits, *texts)


def _cluster(edits: list[Edit]) -> Cluster:
    values = Counter(edit.texts for edit in edits)
    # Sums of floats depend on their order, which is the caller's.
    severity = sum(sorted(edit.severity for edit in edits)) / len(edits)
    return Cluster(
        edits[0].field,
        edits[0].category,
        tuple(sorted({edit.capture for edit in edits})),
        tuple(sorted(values.items(), key=lambda item: (-item[1], item[0]))),
        severity,
    )
