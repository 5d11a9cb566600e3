"""Two texts of one page held against each other, as numbers.

Each text is summed up by itself (:func:`summary`), and the lines that only one of them holds are
summed up by side (:func:`contrast`). All numbers come from the page and the two texts alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harness.content.features import FEATURES

_LINKED, _PROSE, _CHROME = map(FEATURES.index, ("linked", "prose", "chrome"))
_IN_BEST, _IS_TITLE, _STATED = map(FEATURES.index, ("in_best", "is_title", "stated"))
_CAPTION, _AFTER = map(FEATURES.index, ("caption", "after_title"))
_AFTER_BEST, _BEFORE_BEST = map(FEATURES.index, ("after_best", "before_best"))
_HIDDEN, _DATA, _HAS_STATED = map(FEATURES.index, ("hidden", "data", "has_stated"))
_PAGE = tuple(
    map(FEATURES.index, ("page_prose", "page_lines", "page_linked", "page_article", "best_share"))
)
_COMMENT, _HEADING = FEATURES.index("any_comment"), FEATURES.index("tag_h2")
_QUOTE, _LIST, _CELL = (FEATURES.index(f"tag_{t}") for t in ("blockquote", "li", "td"))
_BYLINE, _LEAD = FEATURES.index("near_byline"), FEATURES.index("near_lead")

SUMMARY = (
    "score precision recall sharp size times unknown repeated best_recall best_share chrome linked "
    "stated prose hidden data title wanted unwanted line"
).split()
SIDE = (
    "words share chance low high best chrome linked caption early late comment head item cell "
    "byline lead after_best before_best lines prose"
).split()
PAGE = "expected prose lines linked article best_share stated doubt shared jaccard".split()
NAMES: tuple[str, ...] = (
    *(f"old_{name}" for name in SUMMARY),
    *(f"new_{name}" for name in SUMMARY),
    *(f"gain_{name}" for name in SUMMARY),
    *(f"lost_{name}" for name in SIDE),
    *(f"got_{name}" for name in SIDE),
    *(f"page_{name}" for name in PAGE),
)


@dataclass(frozen=True, slots=True)
class Soft:
    """A page with the chance of each of its lines to be content.

    ``rows`` are the lines' features, ``sizes`` their words. ``chances`` of lines that repeat
    others are 0: a text holds content once. ``expected`` is how many words of content there are.
    """

    rows: Sequence[Sequence[float]]
    sizes: Sequence[int]
    chances: Sequence[float]
    expected: float
    sharp: float
    doubt: float
    best: float


@dataclass(frozen=True, slots=True)
class Held:
    """What a text holds of a page: of each line so many words; ``size`` words in all.

    ``unknown`` of them stand nowhere on the page; ``lines`` is how many lines it has.
    """

    covered: Sequence[int]
    size: int
    unknown: int
    lines: int


def soft(
    rows: Sequence[Sequence[float]],
    texts: Sequence[str],
    sizes: Sequence[int],
    chances: Sequence[float],
) -> Soft:
    """The page's lines with their chances, each text counted once, where it is likeliest."""
    first: dict[str, int] = {}
    own = list(chances)
    for number, text in enumerate(texts):
        known = first.setdefault(text, number)
        if known != number:
            if own[number] > own[known]:
                own[known], first[text] = 0.0, number
            else:
                own[number] = 0.0
    expected = sum(p * n for p, n in zip(own, sizes, strict=True))
    sharp = sum(_sharp(p) * n for p, n in zip(own, sizes, strict=True))
    doubt = sum(p * (1 - p) * n for p, n in zip(own, sizes, strict=True))
    best = sum(n for row, n in zip(rows, sizes, strict=True) if row[_IN_BEST] and row[_PROSE])
    return Soft(rows, sizes, own, expected, sharp, doubt, best)


def _sharp(p: float) -> float:
    return p**3 / (p**3 + (1 - p) ** 3)


def score(page: Soft, held: Held) -> float:
    """The F1 that a text is expected to have."""
    hits = sum(p * n for p, n in zip(page.chances, held.covered, strict=True) if n)
    return 2 * hits / max(held.size + page.expected, 1.0)


def summary(page: Soft, held: Held) -> list[float]:
    """A text by itself: the numbers that ``SUMMARY`` names."""
    hits = sharp = known = best = chrome = linked = stated = prose = hidden = data = 0.0
    title = wanted = unwanted = inside = 0.0
    for number, count in enumerate(held.covered):
        chance, row = page.chances[number], page.rows[number]
        if not count:
            if chance > 0.7:
                wanted += page.sizes[number]
            continue
        hits += chance * count
        sharp += _sharp(chance) * count
        known += count
        if chance > 0.7:
            wanted += page.sizes[number] - count
        elif chance < 0.3:
            unwanted += count
        if row[_IN_BEST]:
            inside += count
            if row[_PROSE]:
                best += count
        chrome += count * row[_CHROME]
        linked += count * (row[_LINKED] > 0.5)
        stated += count * row[_STATED]
        prose += count * row[_PROSE]
        hidden += count * row[_HIDDEN]
        data += count * row[_DATA]
        title += row[_IS_TITLE]
    size = max(held.size, 1)
    expected = max(page.expected, 1.0)
    return [
        2 * hits / (size + expected),
        hits / size,
        hits / expected,
        2 * sharp / (size + max(page.sharp, 1.0)),
        math.log1p(held.size),
        math.log((held.size + 5) / (expected + 5)),
        held.unknown / size,
        max(0.0, held.size - known - held.unknown) / size,
        best / max(page.best, 1),
        inside / size,
        chrome / size,
        linked / size,
        stated / size,
        prose / size,
        hidden / size,
        data / size,
        min(title, 3.0),
        wanted / expected,
        unwanted / size,
        math.log1p(held.size / max(held.lines, 1)),
    ]


def contrast(page: Soft, old: Held, new: Held) -> tuple[list[float], list[float], list[float]]:
    """What only the old text holds, what only the new one holds, and the page: numbers of each."""
    lost, got = _Side(), _Side()
    shared = either = 0
    for number, (before, after) in enumerate(zip(old.covered, new.covered, strict=True)):
        if before == after:
            shared += before
            either += before
            continue
        shared += min(before, after)
        either += max(before, after)
        side, count = (lost, before - after) if before > after else (got, after - before)
        side.add(page, number, count)
    size = max(old.size, new.size, 1)
    some = page.rows[0] if page.rows else [0.0] * len(FEATURES)
    around = [
        math.log1p(page.expected),
        *(some[index] for index in _PAGE),
        some[_HAS_STATED],
        page.doubt / max(page.expected, 1.0),
        math.log1p(shared),
        shared / max(either, 1),
    ]
    return lost.row(size), got.row(size), around


class _Side:
    """The lines that only one of two texts holds."""

    __slots__ = ("sums", "words")

    _COLUMNS = (
        _IN_BEST,
        _CHROME,
        _LINKED,
        _CAPTION,
        _COMMENT,
        _HEADING,
        _LIST,
        _CELL,
        _BYLINE,
        _LEAD,
        _PROSE,
    )

    def __init__(self) -> None:
        self.words = 0
        self.sums = [0.0] * (len(self._COLUMNS) + 8)

    def add(self, page: Soft, number: int, count: int) -> None:
        self.words += count
        row, chance = page.rows[number], page.chances[number]
        sums = self.sums
        for place, column in enumerate(self._COLUMNS):
            sums[place] += row[column] * count
        at = len(self._COLUMNS)
        sums[at] += chance * count
        sums[at + 1] += count * (chance < 0.3)
        sums[at + 2] += count * (chance > 0.7)
        sums[at + 3] += count * (not row[_AFTER])
        sums[at + 4] += count * (row[_AFTER_BEST] > 0)
        sums[at + 5] += count * (row[_BEFORE_BEST] > 0)
        sums[at + 6] += 1

    def row(self, size: int) -> list[float]:
        count = max(self.words, 1)
        (best, chrome, linked, caption, comment, head, item, cell, byline, lead, prose,
         chance, low, high, early, after, before, lines, _) = (
            value / count for value in self.sums
        )  # fmt: skip
        return [
            math.log1p(self.words), self.words / size, chance if self.words else 0.5, low, high,
            best, chrome, linked, caption, early, after, comment, head, item, cell, byline, lead,
            after, before, math.log1p(lines * count), prose,
        ]  # fmt: skip


def pair(
    old: Sequence[float],
    new: Sequence[float],
    parts: tuple[Sequence[float], Sequence[float], Sequence[float]],
) -> list[float]:
    """The numbers that ``NAMES`` names, of the summaries of both texts and their contrast."""
    lost, got, around = parts
    gain = [after - before for before, after in zip(old, new, strict=True)]
    return [*old, *new, *gain, *lost, *got, *around]
