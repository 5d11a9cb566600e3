"""Identical edits over many captures as one item: one look at "the byline holds an age" is enough.

Edits are of one cluster where field, category and *shape* are the same: the shape of a label is
what stays when its digits and words are replaced by their classes; a sentence is its own shape. A
cluster keeps its distinct values, so that nothing is hidden by being alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Texts = tuple[tuple[str, ...], tuple[str, ...]]
"""What an edit took away, and what it put in."""

_DIGITS = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_RUN = re.compile(r"([aAX])(?: \1)+")
# Labels are alike when they are of one shape, sentences only when they are the same.
_LABEL_UP_TO = 8


@dataclass(frozen=True, slots=True)
class Edit:
    """A change in one place: ``field`` is a family (``related[].byline``), ``severity`` ≥ 0."""

    capture: str
    field: str
    category: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    severity: float = 1.0

    @property
    def texts(self) -> Texts:
        return self.removed, self.added


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


def clusters(edits: Iterable[Edit]) -> tuple[Cluster, ...]:
    """Every edit in exactly one cluster, the weightiest cluster first.

    The order of the edits does not matter.
    """
    shapes: dict[Texts, Texts] = {}
    groups: dict[tuple[str, str, Texts], list[Edit]] = {}
    for edit in edits:
        if (alike := shapes.get(edit.texts)) is None:
            alike = shapes[edit.texts] = _shapes(edit.removed), _shapes(edit.added)
        groups.setdefault((edit.field, edit.category, alike), []).append(edit)
    found = (_cluster(field, category, each) for (field, category, _), each in groups.items())
    return tuple(sorted(found, key=_rank))


def _rank(each: Cluster) -> tuple[object, ...]:
    texts = each.field, each.category, each.values, each.captures
    return (-each.weight, -each.edits, *texts)


def _cluster(field: str, category: str, edits: list[Edit]) -> Cluster:
    values = Counter(edit.texts for edit in edits)
    # Sums of floats depend on their order, which is the caller's.
    severity = sum(sorted(edit.severity for edit in edits)) / len(edits)
    return Cluster(
        field,
        category,
        tuple(sorted({edit.capture for edit in edits})),
        tuple(sorted(values.items(), key=lambda item: (-item[1], item[0]))),
        severity,
    )


def _shapes(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(shape, texts))


def shape(text: str) -> str:
    """A label with words and digits as classes: ``a`` lower, ``A`` capitalised, ``X`` upper, ``9``.

    Runs of one class are one, as are runs of white space. Text of more than eight words is given
    as it is, but for its white space.

    >>> shape("By Ada Lovelace, 5 min read")
    'A, 9 a'
    """
    if len(parts := text.split()) > _LABEL_UP_TO:
        return " ".join(parts)
    known = _WORD.sub(_word_class, _DIGITS.sub("9", text))
    return _RUN.sub(r"\1", " ".join(known.split()))


def _word_class(match: re.Match[str]) -> str:
    word = match[0]
    if word.isupper() and len(word) > 1:
        return "X"
    return "A" if word[0].isupper() else "a"
