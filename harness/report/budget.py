"""How much of a run its report holds: what is whole, what is packed away, and what is left out.

A file of any run opens at once and can be attached anywhere. So articles are taken in the order of
what a reviewer learns from them, until the file is full: one of each cluster first, then what is to
be decided one by one, then what differs within its cluster; the hundredth of a cluster of identical
edits comes last, since the cluster says all about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harness.report.cases import Report


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one page, in bytes of the file unless it says otherwise."""

    file: int
    """All of it. The index has to be whole, or decisions on clusters would not be: it alone may go
    beyond this, up to ``index``."""
    index: int
    static: int
    """Articles that stand in the document: a browser lays out 1 MB in a third of a second."""
    static_few: int
    """The same where all cases are few (:data:`FEW`), and packing them would hide them."""
    articles: int
    """How many articles stand in the document: what is there without a script."""
    captures: int
    """How many articles are beside their capture. Each costs 20 to 60 ms to align and draw."""
    source: int
    """Bytes of captured pages that are read: aligning costs a second for each megabyte."""
    drawn: int
    """Drawn captures that stand in the document, for readers without a script."""
    beside: float
    """The share of the room that packed captures may take: the rest is for more articles."""
    packed: bool
    """Whether articles that do not stand in the document are in the file at all."""
    alike: int
    """Articles of one cluster of identical edits; after these, others come first."""


FEW = 100

# 3 MB is a mail attachment, and what CI shows without a download. 100,000 changes have an index of
# 6 MB, which a browser reads in half a second.
FILE = Budget(
    file=3_000_000,
    index=8_000_000,
    static=700_000,
    static_few=2_000_000,
    articles=100,
    captures=100,
    source=4_000_000,
    drawn=3,
    beside=0.3,
    packed=True,
    alike=20,
)
# A server gives every article when it is asked for; the page itself is what opens first.
REVIEW = Budget(
    file=64_000_000,
    index=64_000_000,
    static=400_000,
    static_few=400_000,
    articles=12,
    captures=4,
    source=1_000_000,
    drawn=0,
    beside=0,
    packed=False,
    alike=0,
)


def order(report: Report, alike: int) -> list[int]:
    """The numbers of all cases in the order in which they find room.

    ``alike``: how many of a cluster of identical edits come before the rest of such clusters.
    """
    first = dict.fromkeys(_firsts(report))
    seen: Counter[int] = Counter()
    ranked: list[tuple[int, int]] = []
    for case in report.cases:
        tier = 4
        for i, change in enumerate(case.changes):
            cluster = report.cluster_of[case.first + i]
            seen[cluster] += 1
            if change.alone:
                tier = min(tier, 1)
            elif not report.clusters[cluster].exact:
                tier = min(tier, 2)
            elif seen[cluster] <= alike:
                tier = min(tier, 3)
        ranked.append((tier, case.number))
    rest = [number for _, number in sorted(ranked) if number not in first]
    return [*first, *rest]


def _firsts(report: Report) -> Iterator[int]:
    """The first case of each cluster, the weightiest cluster first."""
    found: dict[int, int] = {}
    for case in report.cases:
        for i in range(len(case.changes)):
            found.setdefault(report.cluster_of[case.first + i], case.number)
    for cluster in range(len(report.clusters)):
        yield found[cluster]
