"""A run as Markdown: the summary of a CI step, and the comment on a pull or merge request.

Worst first and never longer than asked: a forge drops what is too long as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from harness.changes import Change
from harness.model import Run, root_of
from harness.report import words
from harness.report.markdown import MOST_SUMMARY, cell, code, code_cell, edits, link, size

if TYPE_CHECKING:
    from harness.clusters import ChangeCluster

# Every other line of a summary has a bounded length; these few stand even where nothing else does.
SHORTEST = 2_000
_CLUSTERS, _SITES, _FIELDS, _CASES = 40, 30, 12, 3
_LAST = 300  # bytes: room for the lines that say what was left out


class _Sheet:
    """Lines, and how many bytes there is still room for."""

    def __init__(self, limit: int) -> None:
        self.lines: list[str] = []
        self.room = limit - _LAST

    def add(self, *lines: str, leave: int = 0) -> bool:
        """Adds lines together, if that leaves so much room; whether it did."""
        cost = size(lines)
        if self.room - cost < leave:
            return False
        self.room -= cost
        self.lines += lines
        return True


def summary(
    run: Run, clusters: Sequence[ChangeCluster], limit: int = MOST_SUMMARY, report: str = ""
) -> str:
    """The summary of a run in at most ``limit`` bytes, which are 2,000 or more.

    ``clusters`` are those of its changes, weightiest first; ``report`` is the web address of the
    drift report, where it has one.
    """
    sheet = _Sheet(limit)
    sheet.add(f"### Drift report: {cell(words.sentence(run), 600)}", "")
    if report:
        sheet.add(f"{link('All changes beside their pages', report)}", "")
    ranked = sorted(clusters, key=lambda each: -each.verdict.severity)
    _kinds(sheet, ranked, leave=limit * 2 // 5)
    _map(sheet, ranked)
    _next(sheet, run)
    left = _captures(sheet, run)
    if left:
        sheet.lines.append(f"- … and {words.count(left, 'more capture')}, see the drift report")
    return "\n".join(sheet.lines) + "\n"


def _kinds(sheet: _Sheet, clusters: Sequence[ChangeCluster], leave: int) -> None:
    """A paragraph and an example for each kind of change."""
    if not clusters or not sheet.add("#### What changed", "", leave=leave):
        return
    told = 0
    for cluster in islice(clusters, _CLUSTERS):
        if not sheet.add(*_kind(told + 1, cluster), leave=leave):
            break
        told += 1
    if rest := len(clusters) - told:
        said = words.count(rest, "more kind") + " of change, see the drift report"
        sheet.add(f"… and {said}", "")


def _kind(number: int, cluster: ChangeCluster) -> list[str]:
    change = cluster.changes[0]
    alone = f", {cluster.alone:,} to be decided one by one" if cluster.alone else ""
    head = f"**{number}. {cluster.verdict}** {cell(cluster.title)}: {cell(cluster.where)}{alone}"
    cases = list(dict.fromkeys(each.case for each in cluster.changes))
    shown = ", ".join(code(case) for case in cases[:_CASES])
    more = f" and {len(cases) - _CASES:,} more" if len(cases) > _CASES else ""
    return [head, "", *_example(change), f"In {shown}{more}.", ""]


def _example(change: Change) -> list[str]:
    """What one change looks like."""
    shown = edits(change.found.diff.hunks) if change.found else []
    if not shown and change.finding and change.finding.quote:
        shown = [f"The text: {code(change.finding.quote, 160)}"]
    if not shown and change.what in ("failure", "problem"):
        shown = [code(change.summary)]
    return [*shown, ""] if shown else []


def _map(sheet: _Sheet, clusters: Sequence[ChangeCluster]) -> None:
    """How many captures of each site changed in which field."""
    places: dict[tuple[str, str], set[str]] = {}
    for cluster in clusters:
        for change in cluster.changes:
            field = root_of(change.field)
            places.setdefault((change.site, field), set()).add(change.case)
    sites: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for (site, field), cases in places.items():
        sites[site] += len(cases)
        fields[field] += len(cases)
    if not places:
        return
    across = sorted(fields, key=lambda name: (-fields[name], name))
    down = sorted(sites, key=lambda name: (-sites[name], name))
    names = [code_cell(f if f != "*" else "whole record", 60) for f in across[:_FIELDS]]
    lines = [f"| site | {' | '.join(names)} |", f"|---|{'--:|' * len(names)}"]
    for site in down[:_SITES]:
        counts = [len(places.get((site, field), ())) for field in across[:_FIELDS]]
        lines.append(
            f"| {code_cell(site, 80)} | {' | '.join(f'{n:,}' if n else '' for n in counts)} |"
        )
    lost = [
        words.count(len(every) - most, f"more {noun}")
        for every, most, noun in ((across, _FIELDS, "field"), (down, _SITES, "site"))
        if len(every) > most
    ]
    if lost:
        lines += ["", f"… and {' and '.join(lost)}"]
    sheet.add("Captures that changed, by site and field:", "", *lines, "")


def _next(sheet: _Sheet, run: Run) -> None:
    """The commands that go on from here."""
    if run.drifted:
        again = code(f"harness check {run.drifted[0].id}")
        sheet.add(
            f"Next: {again} shows one again; `harness review` accepts or rejects, kind by kind;"
            " or decide in the report's page, export the decisions, and"
            " `harness accept decisions.json`.",
            "",
        )
    if run.orphans and run.update == "none":
        number = words.count(len(run.orphans), "orphaned snapshot")
        sheet.add(f"{number}: `harness lint --prune-orphans`", "")


def _captures(sheet: _Sheet, run: Run) -> int:
    """A line a capture, worst first, while there is room; how many were left out."""
    drifted = run.drifted
    if not drifted or not sheet.add("#### Captures", ""):
        return len(drifted)
    for i, result in enumerate(drifted):
        line = f"- **{result.verdict}** {code(result.id)}: {cell(words.headline(result))}"
        if not sheet.add(line):
            return len(drifted) - i
    return 0
