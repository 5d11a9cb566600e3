"""One case as HTML: what changed, why it is judged so, its capture, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from markupsafe import Markup

from harness import records
from harness.changes import Change
from harness.diff import CATEGORIES
from harness.errors import HarnessError
from harness.judge import NONDETERMINISM
from harness.model import CaseResult, Finding
from harness.plausible import Judgement
from harness.provenance import Tracer
from harness.report.cases import Report, ReportCase
from harness.report.differences import Difference, difference
from harness.report.evidence import Evidence, differing
from harness.report.judged import Judged, judged, judgements
from harness.report.rendered import rendered
from harness.report.sheet import (
    SLIM,
    TEXT_CHARS,
    WHOLE,
    Bounds,
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
from harness.report.words import remedy, waive_command

# What one capture's diffs may take beside the capture, and without it.
DIFF_CHARS = 60_000
BRIEF_DIFF_CHARS = 4_000
FIELDS = 60
FINDINGS = 40
RECORD_CHARS = 20_000


class Look(Protocol):
    """Reads the capture of a result; raises HarnessError where it cannot be shown."""

    def __call__(self, result: CaseResult, /) -> Evidence: ...


@dataclass(frozen=True, slots=True)
class _Field:
    """One change of a field. ``number`` is the change's; None for what is not to be decided.

    ``line`` is where its text stands, or stood, on the page; ``where`` what else is known of that.
    """

    change: Change
    number: int
    hue: int
    difference: Difference
    settled: tuple[str, str] | None
    judged: Judged | None
    line: int | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What an invariant has against a record; ``line`` is where on the page, if it says.

    ``number`` is its change's; None for warnings and what was waived.
    """

    finding: Finding
    number: int | None
    hue: int
    line: int | None
    waive: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class _Whole:
    """A change of the whole record: a failure, a problem, a first record."""

    change: Change
    number: int


@dataclass(frozen=True, slots=True)
class Article:
    """A case ready to be shown. ``gone`` says why there is no sheet; both empty: not looked at."""

    case: ReportCase
    whole: _Whole | None
    fields: tuple[_Field, ...]
    fields_left: int
    doubts: tuple[_Doubt, ...]
    doubts_left: int
    commands: tuple[tuple[str, str], ...]
    record: Cut | None
    sheet: Sheet | None = None
    gone: str = ""
    page: str | None = None

    @property
    def result(self) -> CaseResult:
        return self.case.result


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at a capture gave, for one article."""

    sheet: Sheet
    lines: Mapping[str, int]
    doubted: frozenset[int]
    judgements: Mapping[str, Judgement]
    placed: tuple[Where | None, ...]
    tracer: Tracer
    page: str | None


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a capture an article shows as text, and how much drawn, in characters."""

    text: Bounds
    drawn: int


LARGE = Size(WHOLE, 60_000)
SMALL = Size(SLIM, 24_000)


def article(report: Report, case: ReportCase, look: Look | None, size: Size = LARGE) -> Article:
    """A case, beside its capture where ``look`` is given."""
    if look is None:
        return _article(report, case, None, BRIEF_DIFF_CHARS)
    try:
        seen = _seen(report, case, look(case.result), size)
    except HarnessError as error:
        shown = _article(report, case, None, DIFF_CHARS, whole=True)
        return replace(shown, gone=str(error) or type(error).__name__)
    return _article(report, case, seen, DIFF_CHARS, whole=True)


def html(
    report: Report,
    shown: Article,
    *,
    steps: tuple[str, str] = ("", ""),
    page: str = "",
) -> Markup:
    """An article as HTML.

    ``steps`` are the anchors of the articles before and after it. ``page``: how its rendered
    capture comes: ``inline``, else the name of the chunk that has it, else not at all.
    """
    macro: Any = environment().get_template("article.html.jinja").module
    made: Markup = macro.case_article(shown, report, steps, page)
    return made


def _seen(report: Report, case: ReportCase, evidence: Evidence, size: Size) -> Seen:
    result = case.result
    shown = result.fields[:FIELDS]
    lines = places(result, evidence, {each.field for each in shown})
    findings = result.findings[:FINDINGS]
    said = {f.place[0] + 1 for f in findings if f.place}
    doubted = frozenset(number for number in said if number <= len(evidence.lines))
    return Seen(
        sheet(result, evidence, {*lines.values(), *doubted}, report.hues, size.text),
        lines,
        doubted,
        judgements(result, evidence),
        tuple(where(result, each, evidence.tracer) for each in shown[:FIELDS_PLACED]),
        evidence.tracer,
        rendered(
            evidence,
            differing(result),
            size.drawn,
            hues=report.hues,
            findings=findings,
        ),
    )


def _article(
    report: Report, case: ReportCase, seen: Seen | None, allowance: int, whole: bool = False
) -> Article:
    result = case.result
    numbered = [(case.first + i, change) for i, change in enumerate(case.changes)]
    fields = [(n, change) for n, change in numbered if change.found is not None]
    about_all = [
        _Whole(change, n) for n, change in numbered if change.found is None and not change.finding
    ]
    shown = fields[:FIELDS]
    share = allowance // max(len(shown), 1)
    doubts = _doubts(report, case, seen, numbered)
    record = result.record if whole and not result.fields else None
    return Article(
        case=case,
        whole=next(iter(about_all), None),
        fields=tuple(
            _field(report, change, n, i, share, seen, whole) for i, (n, change) in enumerate(shown)
        ),
        fields_left=len(fields) - len(shown),
        doubts=tuple(doubts[:FINDINGS]),
        doubts_left=max(0, len(doubts) - FINDINGS),
        commands=commands(result),
        record=None if record is None else cut(records.dumps(dict(record)), RECORD_CHARS),
        sheet=seen.sheet if seen else None,
        page=seen.page if seen else None,
    )


def _field(
    report: Report,
    change: Change,
    number: int,
    rank: int,
    allowance: int,
    seen: Seen | None,
    folded: bool,
) -> _Field:
    found = change.found
    assert found is not None
    result = change.result
    return _Field(
        change,
        number,
        hue(found.field, report.hues),
        difference(result, found, allowance, folded),
        remedy(result, found) if len(found.field) <= TEXT_CHARS else None,
        judged(change, seen.judgements if seen else {}, CATEGORIES.get(change.category, "")),
        seen.lines.get(found.field) if seen else None,
        seen.placed[rank] if seen and rank < len(seen.placed) else None,
    )


def _doubts(
    report: Report,
    case: ReportCase,
    seen: Seen | None,
    numbered: Sequence[tuple[int, Change]],
) -> list[_Doubt]:
    """What invariants say: first what is to be decided, then warnings, then what was waived."""
    result = case.result
    decided = [(change.finding, n) for n, change in numbered if change.finding is not None]
    others = [
        (finding, None)
        for finding in sorted(result.findings, key=lambda f: f.waived is not None)
        if finding.severity != "error" or finding.waived is not None
    ]
    return [
        _Doubt(
            finding,
            number,
            hue(finding.field, report.hues),
            _line(finding, seen),
            waive_command(result, finding),
            _doubted(result, finding, seen.tracer) if seen else None,
        )
        for finding, number in (*decided, *others)
    ]


def _line(finding: Finding, seen: Seen | None) -> int | None:
    if seen is None or finding.place is None or finding.place[0] + 1 not in seen.doubted:
        return None
    return finding.place[0] + 1


def _doubted(result: CaseResult, finding: Finding, tracer: Tracer) -> Where | None:
    """Where the value that an invariant doubts stands, if no field above says it."""
    said = any(each.field == finding.field for each in result.fields)
    if said or len(finding.field) > TEXT_CHARS:
        return None
    now = side(tracer, result.record, finding.field)
    return None if now is None else Where(None, now, tracer.limited)


def commands(result: CaseResult) -> tuple[tuple[str, str], ...]:
    """(what for, command): settles the case, runs it again, makes a small page of its fault."""
    typed = shlex.quote(result.id)
    name = shlex.quote(result.capture.rpartition("/")[2])
    settled = remedy(result)
    smaller = f"harness shrink {shlex.quote(result.capture)} -x {shlex.quote(result.extractor)}"
    shrink: tuple[tuple[str, str], ...] = ()
    if result.failure is not None and not result.problem:
        shrink = (("make a small page that fails alike", f"{smaller} --raises"),)
    elif doubts := [each for each in result.suspicions if each.fault != NONDETERMINISM]:
        option = f"--invariant {shlex.quote(doubts[0].invariant)}"
        shrink = (("make a small page with the same fault", f"{smaller} {option}"),)
    return (
        *((settled,) if settled else ()),
        ("run again", f"harness check {typed}"),
        ("run in pytest", f"pytest -k {name}"),
        *shrink,
    )
