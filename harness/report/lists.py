"""What a report lists beside the changes: new captures, failures, and findings that do not fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.judge import GOLDEN_HOLDS
from harness.model import CaseResult, Finding, Run, Verdict
from harness.report.sheet import NAMES


@dataclass(frozen=True, slots=True)
class Names:
    """Cases as (anchor, name, what is said of it): the first of them; ``left`` are left out."""

    cases: tuple[tuple[str, str, str], ...]
    left: int = 0

    @property
    def number(self) -> int:
        return len(self.cases) + self.left


@dataclass(frozen=True, slots=True)
class Rule:
    """What one invariant has against records: warnings, or what was waived."""

    name: str
    fault: str
    findings: tuple[tuple[str, Finding], ...]
    left: int

    @property
    def number(self) -> int:
        return len(self.findings) + self.left


@dataclass(frozen=True, slots=True)
class Lists:
    """``new`` have no snapshot yet, ``errors`` gave no record; findings by invariant."""

    new: Names
    errors: Names
    waived: tuple[Rule, ...]
    warnings: tuple[Rule, ...]


def lists(run: Run, anchors: Mapping[str, str]) -> Lists:
    """The lists of a run. ``anchors`` are those of cases that stand in the document."""
    passing = [
        (result.id, finding)
        for result in run.results
        if result.verdict is Verdict.PASS
        for finding in result.findings
    ]
    waived = [
        (result.id, finding)
        for result in run.results
        for finding in result.findings
        if finding.waived not in (None, GOLDEN_HOLDS)
    ]
    return Lists(
        new=_names((r for r in run.results if r.verdict is Verdict.NEW), anchors),
        errors=_names((r for r in run.results if r.verdict is Verdict.ERROR), anchors),
        waived=_rules(waived),
        warnings=_rules([each for each in passing if each[1].waived in (None, GOLDEN_HOLDS)]),
    )


def _names(results: Iterable[CaseResult], anchors: Mapping[str, str]) -> Names:
    found = list(results)
    shown = tuple((anchors.get(r.id, ""), r.id, r.headline) for r in found[:NAMES])
    return Names(shown, len(found) - len(shown))


def _rules(found: list[tuple[str, Finding]]) -> tuple[Rule, ...]:
    """By invariant and class of fault, most captures first."""
    rules: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for name, finding in found:
        rules.setdefault((finding.invariant, finding.fault), []).append((name, finding))
    return tuple(
        Rule(name, fault, tuple(each[:NAMES]), len(each) - len(each[:NAMES]))
        for (name, fault), each in sorted(rules.items(), key=lambda item: -len(item[1]))
    )
