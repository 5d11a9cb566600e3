"""The drift report: one HTML file that shows every change beside the page it came from.

Pages and records are hostile text. The template escapes every expression, ``_visible`` makes what
cannot be seen or encoded visible, and nothing from outside ever becomes a link or markup.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Literal

from markupsafe import Markup

from harness import records
from harness.diff import CATEGORIES, WHOLE_BELOW
from harness.errors import HarnessError
from harness.faults.classes import CLASSES
from harness.model import CaseResult, FieldDiff, FieldResult, Finding, Hunk, Run, Verdict
from harness.provenance import Tracer
from harness.report.evidence import Evidence
from harness.report.sheet import (
    CONTEXT,
    NAMES,
    SOURCE_CHARS,
    TEXT_CHARS,
    Cut,
    Sheet,
    cut,
    hue,
    places,
    sheet,
)
from harness.report.templating import environment
from harness.report.where import FIELDS as FIELDS_PLACED
from harness.report.where import Where, side, where
from harness.report.words import count, family, remedy, sentence, waive_command

# What one capture's diffs may take; those beyond ``limit`` get less.
DIFF_CHARS = 60_000
BRIEF_DIFF_CHARS = 4_000
FIELDS = 60
HUNKS = 40
FINDINGS = 40
GROUPS = 200

SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.NEW: "+",
    Verdict.CHANGED: "Δ",
    Verdict.MISSING: "∅",
    Verdict.SUSPECT: "?",
    Verdict.WRONG: "✗",
    Verdict.ERROR: "!",
}
MEANINGS = {
    Verdict.PASS: "as accepted",
    Verdict.NEW: "no accepted snapshot yet",
    Verdict.CHANGED: "not what was accepted",
    Verdict.MISSING: "a value that was accepted is gone",
    Verdict.SUSPECT: "no right record is like this: an invariant does not hold",
    Verdict.WRONG: "a reviewed golden contradicts it",
    Verdict.ERROR: "no record: the extractor or a file failed",
}
_ODD_SPACES = {" ": "␣", "\n": "↵\n", "\t": "⇥"}


@dataclass(frozen=True, slots=True)
class _Edit:
    """One piece of a hunk, bounded."""

    op: Literal["=", "-", "+"]
    text: Cut


@dataclass(frozen=True, slots=True)
class _Change:
    """One hunk, bounded.

    ``aside`` when old and new share too little to be read as one text; ``whole`` is ``gone`` or
    ``new`` when there is only one side.
    """

    where: str
    edits: tuple[_Edit, ...]
    aside: bool
    whole: Literal["", "gone", "new"] = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Field:
    """One field that did not pass.

    ``line`` is where its text stands, or stood, on the page; ``where`` what else is known of that.
    """

    result: FieldResult
    hue: int
    changes: tuple[_Change, ...]
    left: int
    settled: tuple[str, str] | None
    line: int | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class _Finding:
    """What an invariant has against a record; ``line`` is where on the page, if it says."""

    finding: Finding
    hue: int
    line: int | None
    waive: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one invariant has against records that pass: warnings, and what was waived."""

    name: str
    fault: str
    findings: tuple[tuple[str, Finding], ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Case:
    """One result that is not ``pass``, ready to be shown. ``gone`` says why there is no sheet."""

    result: CaseResult
    anchor: str
    fields: tuple[_Field, ...]
    fields_left: int
    findings: tuple[_Finding, ...]
    findings_left: int
    commands: tuple[tuple[str, str], ...]
    record: Cut | None
    sheet: Sheet | None
    gone: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Results that differ in the same field, or fail in the same way."""

    name: str
    is_field: bool
    categories: tuple[tuple[str, int], ...]
    cases: tuple[tuple[str, CaseResult], ...]


def render(
    run: Run,
    evidence: Callable[[CaseResult], Evidence],
    *,
    title: str = "Drift report",
    limit: int = 200,
    stress: Markup | None = None,
    score: Markup | None = None,
    comparison: Markup | None = None,
) -> str:
    """The run as one HTML page that needs no network, no script and no other file.

    At most ``limit`` changes, worst first, are shown beside their capture; only for these is
    ``evidence`` asked. When it raises HarnessError, the page says so in that change's place.
    ``stress`` is what the last stress run has to show (``report/stress.py``), ``score`` what the
    last scoring has (``report/score_page.py``), ``comparison`` what the last comparison has
    (``report/compare_saved.py``).
    """
    changed = run.drifted
    anchors = _anchors(result.id for result in changed)
    hues: dict[str, int] = {}
    cases = [
        _case(result, anchor, evidence if rank < limit else None, hues)
        for rank, (result, anchor) in enumerate(zip(changed, anchors, strict=True))
    ]
    groups = _groups(list(zip(anchors, changed, strict=True)))
    said = sentence(run)
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            title=title,
            run=run,
            verdict=Verdict.PASS if run.clean else max(run.verdict, Verdict.NEW, key=_severity),
            sentence=said[0].upper() + said[1:],
            groups=groups[:GROUPS],
            groups_left=len(groups) - len(groups[:GROUPS]),
            cases=cases,
            limit=limit,
            rules=_rules(run),
            stress=stress or "",
            score=score or "",
            comparison=comparison or "",
            passing=_by_site(r.id for r in run.results if r.verdict is Verdict.PASS),
            categories=CATEGORIES,
            faults=CLASSES,
            symbols=SYMBOLS,
            meanings=MEANINGS,
            count=count,
            cut=cut,
            names=NAMES,
        )
    )


def _severity(verdict: Verdict) -> int:
    return verdict.severity


def _anchors(ids: Iterable[str]) -> list[str]:
    """A fragment for each id, readable and unique; ``--`` is left for the report's own anchors."""
    seen: Counter[str] = Counter()
    anchors = []
    for case in ids:
        base = re.sub(r"[^a-z0-9]+", "-", case.lower())[:200].strip("-") or "change"
        seen[base] += 1
        anchors.append(base if seen[base] == 1 else f"{base}--again{seen[base]}")
    return anchors


def _by_site(ids: Iterable[str]) -> list[tuple[str, list[str]]]:
    parts = sorted(case.rpartition("/")[::2] for case in ids)
    return [(s, [name for _, name in found]) for s, found in groupby(parts, key=lambda p: p[0])]


def _groups(cases: Sequence[tuple[str, CaseResult]]) -> list[_Group]:
    """The table of contents: most captures first, failures before fields."""
    found: dict[tuple[bool, str], dict[str, CaseResult]] = {}
    categories: dict[tuple[bool, str], Counter[str]] = {}
    for anchor, result in cases:
        keys = [((True, family(r.field)), r.diff.category) for r in result.fields]
        keys += [((True, family(f.field)), f.fault) for f in result.suspicions]
        keys = keys or [((False, _reason(result)), "")]
        for key, category in keys:
            found.setdefault(key, {})[anchor] = result
            categories.setdefault(key, Counter())[category] += 1
    groups = [
        _Group(
            name,
            is_field,
            tuple((c, n) for c, n in categories[is_field, name].most_common() if c),
            tuple(members.items()),
        )
        for (is_field, name), members in found.items()
    ]
    return sorted(groups, key=lambda group: (group.is_field, -len(group.cases)))


def _reason(result: CaseResult) -> str:
    if result.problem:
        return "a file cannot be used"
    if result.failure:
        return f"extractor raised {result.failure.type}"
    return "no accepted snapshot yet"


def _case(
    result: CaseResult,
    anchor: str,
    evidence: Callable[[CaseResult], Evidence] | None,
    hues: dict[str, int],
) -> _Case:
    shown_page, gone, lines, doubted = None, "", dict[str, int](), set[int]()
    placed: list[Where | None] = []
    tracer: Tracer | None = None
    if evidence is not None:
        try:
            found = evidence(result)
        except HarnessError as error:
            gone = str(error) or type(error).__name__
        else:
            lines = places(result, found, {each.field for each in result.fields[:FIELDS]})
            said = {f.place[0] + 1 for f in result.findings[:FINDINGS] if f.place}
            doubted = {number for number in said if number <= len(found.lines)}
            shown_page = sheet(result, found, {*lines.values(), *doubted}, hues)
            tracer = found.tracer
            placed = [where(result, each, tracer) for each in result.fields[:FIELDS_PLACED]]
    shown = result.fields[:FIELDS]
    allowance = DIFF_CHARS if evidence is not None else BRIEF_DIFF_CHARS
    fields = [
        _field(result, each, allowance // len(shown), hues, lines.get(each.field), at)
        for each, at in zip_longest(shown, placed)
    ]
    typed = shlex.quote(result.id)
    name = shlex.quote(result.capture.rpartition("/")[2])
    settled = remedy(result)
    return _Case(
        result=result,
        anchor=anchor,
        fields=tuple(fields),
        fields_left=len(result.fields) - len(shown),
        findings=tuple(
            _Finding(
                finding,
                hue(finding.field, hues),
                next((n for n in doubted if finding.place and n == finding.place[0] + 1), None),
                waive_command(result, finding),
                _doubted(result, finding, tracer),
            )
            for finding in _ranked(result.findings)[:FINDINGS]
        ),
        findings_left=max(0, len(result.findings) - FINDINGS),
        commands=(
            *((settled,) if settled else ()),
            ("run again", f"harness check {typed}"),
            ("run in pytest", f"pytest -k {name}"),
        ),
        record=None
        if result.fields or result.record is None or evidence is None
        else cut(records.dumps(dict(result.record)), SOURCE_CHARS),
        sheet=shown_page,
        gone=gone,
    )


def _doubted(result: CaseResult, finding: Finding, tracer: Tracer | None) -> Where | None:
    """Where the value that an invariant doubts stands, if no field above says it."""
    said = any(each.field == finding.field for each in result.fields)
    if tracer is None or said or len(finding.field) > TEXT_CHARS:
        return None
    now = side(tracer, result.record, finding.field)
    return None if now is None else Where(None, now, tracer.limited)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, waived ones last."""
    return sorted(findings, key=lambda f: (f.waived is not None, f.severity != "error"))


def _rules(run: Run) -> list[_Rule]:
    """What invariants have against captures that pass, most captures first."""
    found: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for result in run.results:
        if result.verdict is Verdict.PASS:
            for finding in result.findings:
                key = finding.invariant, finding.fault
                found.setdefault(key, []).append((result.id, finding))
    return [
        _Rule(name, fault, tuple(each[:NAMES]), len(each) - len(each[:NAMES]))
        for (name, fault), each in sorted(found.items(), key=lambda item: -len(item[1]))
    ]


# --- field diffs ----------------------------------------------------------------------------------


def _field(
    result: CaseResult,
    found: FieldResult,
    allowance: int,
    hues: dict[str, int],
    line: int | None,
    placed: Where | None,
) -> _Field:
    changes: list[_Change] = []
    hunks = found.diff.hunks
    for hunk in hunks[:HUNKS]:
        if allowance <= 0:
            break
        change, size = _bounded(found.diff, hunk, max(allowance, 2 * CONTEXT))
        changes.append(change)
        allowance -= size
    settled = remedy(result, found) if len(found.field) <= TEXT_CHARS else None
    return _Field(
        found,
        hue(found.field, hues),
        tuple(changes),
        len(hunks) - len(changes),
        settled,
        line,
        placed,
    )


def _bounded(diff: FieldDiff, hunk: Hunk, allowance: int) -> tuple[_Change, int]:
    """A hunk of about ``allowance`` characters at most, and what it used of them."""
    edits: list[_Edit] = []
    used = 0
    last = len(hunk.pieces) - 1
    for i, piece in enumerate(hunk.pieces):
        if used >= allowance:
            break
        if piece.op == "=":
            # The text before the first edit matters at its end, after the last at its start.
            part = cut(piece.text, CONTEXT if i else 0, CONTEXT if i < last else 0)
        else:
            half = max(allowance - used, CONTEXT) // 2
            part = cut(piece.text, min(half, 2 * TEXT_CHARS), min(half // 4, CONTEXT))
            if not piece.text.strip():
                part = Cut(_spaces(part.head), part.left, _spaces(part.tail))
        edits.append(_Edit(piece.op, part))
        used += len(part.head) + len(part.tail) + 20
    ops = {piece.op for piece in hunk.pieces}
    aside = diff.similarity < WHOLE_BELOW and ops == {"-", "+"}
    whole: Literal["", "gone", "new"] = "gone" if ops == {"-"} else "new" if ops == {"+"} else ""
    return _Change(hunk.where, tuple(edits), aside, whole, len(hunk.pieces) - len(edits)), used


def _spaces(text: str) -> str:
    """White space that is itself the change, made visible."""
    return "".join(_ODD_SPACES.get(char, f"⟨U+{ord(char):04X}⟩") for char in text)
