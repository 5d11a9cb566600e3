"""Precision, recall and F1 of tokens and runs of tokens, as article-extraction-benchmark has them.

The definition is that of ``evaluate.py`` in scrapinghub/article-extraction-benchmark on GitHub: a
token is a run of ``\\w``, a shingle is n tokens in a row (all of a text that has fewer), and texts
are compared as multisets of shingles. The counts of a page are divided by their sum, so that long
pages weigh no more than short ones. Over pages, precision is averaged where something was found,
recall where something was expected, and F1 is the harmonic mean of these two averages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from random import Random
from statistics import stdev
from typing import Literal

# The benchmark's token. Letters of scripts without spaces make one token a phrase; that is its
# definition, so that published tables can be reproduced.
_TOKEN = re.compile(r"\w+")
# A shingle and its count take 250 bytes. Longer texts are counted in passes of so many, each with
# the shingles of one remainder of their hash, so that a text of 50 MB needs no 4 GB.
_AT_ONCE = 1_000_000

SHINGLE = 4
"""How many tokens a shingle has, in the benchmark."""


@dataclass(frozen=True, slots=True)
class Prf:
    """Precision, recall and F1 of one page, 0…1, and its counts divided by their sum.

    Two empty texts agree: all three are 1 and all counts 0. Of nothing extracted where something
    was expected, and of something where nothing was, all three are 0.
    """

    precision: float
    recall: float
    f1: float
    tp: float
    fp: float
    fn: float

    @property
    def extracted(self) -> bool:
        """Whether there was anything whose precision could be asked."""
        return self.tp + self.fp > 0

    @property
    def expected(self) -> bool:
        """Whether there was anything to recall."""
        return self.tp + self.fn > 0


def tokens(text: str) -> list[str]:
    """The benchmark's tokens of a text, in order."""
    return _TOKEN.findall(text)


def same_tokens(expected: str, actual: str) -> bool:
    """What the benchmark's accuracy counts: equal lists of tokens."""
    return expected == actual or tokens(expected) == tokens(actual)


def shingle_prf(expected: str, actual: str, n: int = SHINGLE) -> Prf:
    """How well the shingles of ``n`` tokens of an extracted text are those of the expected one.

    Time and memory grow with the length of the texts, no faster.
    """
    return _prf(_shingle_counts(tokens(expected), tokens(actual), n))


def token_prf(expected: str, actual: str) -> Prf:
    """:func:`shingle_prf` of single tokens: order does not matter."""
    return shingle_prf(expected, actual, 1)


def prf_of(hits: int, extracted: int, expected: int) -> Prf:
    """The scores of ``hits`` among so many things extracted and so many expected."""
    return _prf((hits, extracted - hits, expected - hits))


def _prf(counts: tuple[int, int, int]) -> Prf:
    total = sum(counts)
    tp, fp, fn = (each / total if total else 0.0 for each in counts)
    # Two texts that agree score 1, both empty included; else a side without anything scores 0.
    agree = not (fp or fn)
    precision = 1.0 if agree else tp / (tp + fp) if tp else 0.0
    recall = 1.0 if agree else tp / (tp + fn) if tp else 0.0
    return Prf(precision, recall, harmonic(precision, recall), tp, fp, fn)


def harmonic(precision: float, recall: float) -> float:
    """F1: the harmonic mean of precision and recall; 0 where both are."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def _shingle_counts(expected: list[str], actual: list[str], n: int) -> tuple[int, int, int]:
    """True positives, false positives and false negatives, as whole numbers."""
    wanted, found = _how_many(expected, n), _how_many(actual, n)
    if expected == actual:
        return wanted, 0, 0
    passes = 1 + min(wanted, found) // _AT_ONCE
    hits = 0
    for number in range(passes):
        some = Counter(_part(expected, n, number, passes))
        others = Counter(_part(actual, n, number, passes))
        few, many = (some, others) if len(some) <= len(others) else (others, some)
        hits += sum(min(count, many[each]) for each, count in few.items() if each in many)
    return hits, found - hits, wanted - hits


def _how_many(words: list[str], n: int) -> int:
    return max(len(words) - n + 1, 1) if words else 0


def _part(words: list[str], n: int, number: int, passes: int) -> Iterable[object]:
    """The shingles whose turn it is: all of them, where one pass does."""
    made = _shingles(words, n)
    return made if passes == 1 else (each for each in made if hash(each) % passes == number)


def _shingles(words: list[str], n: int) -> Iterator[object]:
    if n == 1:
        return iter(words)
    if len(words) < n:
        return iter([tuple(words)] if words else [])
    return zip(*(words[i : len(words) - n + 1 + i] for i in range(n)), strict=True)


# --- over pages -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Average:
    """The scores of many pages as the benchmark publishes them.

    ``precision`` is the mean over the pages where something was extracted, ``recall`` that over
    those where something was expected, ``f1`` their harmonic mean. 0 where there is no such page.
    """

    precision: float
    recall: float
    f1: float


def average(pages: Sequence[Prf]) -> Average:
    """The benchmark's figures of a set of pages."""
    precision = _mean([each.precision for each in pages if each.extracted])
    recall = _mean([each.recall for each in pages if each.expected])
    return Average(precision, recall, harmonic(precision, recall))


def deviations(pages: Sequence[Prf], resamples: int = 1000, seed: int = 0) -> Average:
    """What the benchmark prints after "±": standard deviations, by drawing pages with replacement.

    The benchmark seeds nothing, so its own third digit moves from run to run; equal input gives
    equal output here.
    """
    if not pages:
        return Average(0.0, 0.0, 0.0)
    draw = Random(seed)
    drawn = [average(draw.choices(pages, k=len(pages))) for _ in range(resamples)]
    return Average(*(stdev(getattr(each, key) for each in drawn) for key in _FIGURES))


def deviation(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> float:
    """The same of the mean of plain values, such as accuracies; 0 of none."""
    if not values:
        return 0.0
    draw, of = Random(seed), statistic or _mean
    return stdev(of(draw.choices(values, k=len(values))) for _ in range(resamples))


_Figure = Literal["precision", "recall", "f1"]
_FIGURES: tuple[_Figure, ...] = ("precision", "recall", "f1")


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0
