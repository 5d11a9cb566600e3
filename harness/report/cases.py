"""A run as its report counts it: cases worst first, their changes, and the clusters of these."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from harness.changes import Change, changes_of
from harness.clusters import ChangeCluster, clusters_of
from harness.model import CaseResult, Run
from harness.report.index import plain_anchor
from harness.report.sheet import HUES, hue


@dataclass(frozen=True, slots=True)
class ReportCase:
    """One case that did not pass.

    ``number`` is its index in the report's cases, ``first`` that of its first change in the
    report's changes, ``anchor`` the fragment of its article.
    """

    number: int
    result: CaseResult
    anchor: str
    first: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Report:
    """What is shown of a run.

    ``digest`` tells this run from every other, the same on each machine. ``cluster_of`` has for
    each change the index of its cluster. ``hues`` are the colours of fields, all over a report the
    same: those that differ first, others as they are met.
    """

    run: Run
    cases: tuple[ReportCase, ...]
    clusters: tuple[ChangeCluster, ...]
    cluster_of: tuple[int, ...]
    digest: str
    hues: dict[str, int]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes of all cases, in their order."""
        return tuple(change for case in self.cases for change in case.changes)

    @cached_property
    def _by_anchor(self) -> dict[str, ReportCase]:
        return {case.anchor: case for case in self.cases}

    def case(self, anchor: str) -> ReportCase | None:
        """The case whose article has this fragment."""
        return self._by_anchor.get(anchor)


def prepare(run: Run) -> Report:
    """The report of a run; its order of cases is the run's :attr:`~harness.model.Run.drifted`."""
    cases, first = [], 0
    results = run.drifted
    for number, (result, anchor) in enumerate(zip(results, anchors(results), strict=True)):
        found = changes_of(result)
        cases.append(ReportCase(number, result, anchor, first, found))
        first += len(found)
    every = [change for case in cases for change in case.changes]
    clusters = clusters_of(every)
    # By identity: a change holds whole records, which have no hash and are long to compare.
    of = {id(change): n for n, cluster in enumerate(clusters) for change in cluster.changes}
    hues: dict[str, int] = {}
    for path, _ in Counter(change.field for change in every).most_common(HUES * 10):
        hue(path, hues)
    numbers = tuple(of[id(change)] for change in every)
    return Report(run, tuple(cases), clusters, numbers, _digest(every), hues)


def anchors(results: Iterable[CaseResult]) -> list[str]:
    """A fragment for each case, readable and unique; ``--`` is left for the report's own."""
    seen: Counter[str] = Counter()
    found = []
    for result in results:
        base = plain_anchor(result.id)
        seen[base] += 1
        found.append(base if seen[base] == 1 else f"{base}--again{seen[base]}")
    return found


def _digest(changes: Iterable[Change]) -> str:
    """Of what there is to decide: a run with the same changes is the same work, done or not."""
    state = hashlib.sha256()
    for each in changes:
        row = "\0".join((each.case, each.field, each.what, each.category, each.old, each.new))
        state.update(row.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()[:16]
