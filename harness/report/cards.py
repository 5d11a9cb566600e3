"""Clusters of changes as the report lists them: what it is, where, how often, by which values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.clusters import ChangeCluster
from harness.report.cases import Report
from harness.report.differences import spaces

CARDS = 200
VALUES = 20
# So many values stand in the open; the rest is unfolded.
OPEN_VALUES = 3
FIRSTS = 4


@dataclass(frozen=True, slots=True)
class Card:
    """One cluster. ``share`` is the part of all changes that it has, 0 to 100.

    ``firsts`` are (anchor, case) of its first cases, the anchor "" where the article does not stand
    in the document.
    """

    cluster: ChangeCluster
    share: float
    firsts: tuple[tuple[str, str], ...]

    @property
    def opened(self) -> list[tuple[str, str, int]]:
        """The values that stand in the open."""
        return [_seen(each) for each in self.cluster.values[:OPEN_VALUES]]

    @property
    def folded(self) -> list[tuple[str, str, int]]:
        """The values that are unfolded."""
        return [_seen(each) for each in self.cluster.values[OPEN_VALUES:VALUES]]

    @property
    def left(self) -> int:
        """Values that are not shown."""
        return max(0, len(self.cluster.values) - VALUES)

    @property
    def more(self) -> int:
        """Captures beyond the first."""
        return max(0, self.cluster.captures - len(self.firsts))


def cards(report: Report, anchors: Mapping[str, str]) -> list[Card]:
    """The weightiest clusters. ``anchors`` are those of cases that stand in the document."""
    total = len(report.changes)
    return [
        Card(each, 100 * len(each.changes) / total, _firsts(each, anchors))
        for each in report.clusters[:CARDS]
    ]


def _seen(value: tuple[str, str, int]) -> tuple[str, str, int]:
    """A value of nothing but white space, made visible."""
    old, new, number = value
    return old if old.strip() else spaces(old), new if new.strip() else spaces(new), number


def _firsts(cluster: ChangeCluster, anchors: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Cases that can be jumped to come first."""
    cases = list(dict.fromkeys(change.case for change in cluster.changes))
    there = [case for case in cases if case in anchors][:FIRSTS]
    known = set(there)
    others = [case for case in cases[: 2 * FIRSTS] if case not in known]
    return tuple((anchors.get(case, ""), case) for case in [*there, *others][:FIRSTS])
