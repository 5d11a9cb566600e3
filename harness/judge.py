"""Verdicts: a record against its golden (correct?), snapshot (stable?) and invariants (sound?)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from harness import diff, expectations, snapshots
from harness.model import (
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Golden,
    Hunk,
    Outcome,
    Piece,
    Tree,
    Verdict,
    Waiver,
    first_line,
    root_of,
    worst,
)
from harness.text import shorten, show_unseen

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_INDEX = re.compile(r"\[\d+\]")
UNUSED_WAIVER = "unused-waiver"
# The class of a record that is another the next time: that one of them is right settles nothing.
NONDETERMINISM = "nondeterminism"
GOLDEN_HOLDS = "the reviewed golden holds this value"


@dataclass(frozen=True, slots=True)
class Standard:
    """What an outcome is held against. ``snapshot`` is the accepted file's bytes, ``path`` its name
    for messages; None where nothing was accepted yet."""

    golden: Golden | None
    snapshot: bytes | None
    path: str


def judge(
    capture: str,
    extractor: str,
    outcome: Outcome,
    standard: Standard,
    *,
    rendered: str,
    is_chrome: diff.Chrome = diff.NOTHING_KNOWN.is_chrome,
    moved: diff.Moved = diff.NOTHING_KNOWN.moved,
    only: Collection[str] = (),
) -> CaseResult:
    """The verdict on one outcome.

    ``rendered`` is the outcome as a snapshot would store it: equal bytes need no comparison.
    ``only`` restricts the judgement to some fields (:func:`selects`). Raises SnapshotError when
    the accepted file is broken.
    """
    unchanged = standard.snapshot is not None and rendered.encode("utf-8") == standard.snapshot
    if unchanged and not _asserts(standard.golden):
        return CaseResult(capture, extractor, Verdict.PASS)
    accepted = None
    if standard.snapshot is not None and (not unchanged or outcome.failure):
        accepted = snapshots.parse(standard.snapshot, standard.path)
    if outcome.failure or outcome.record is None:
        return _judge_failure(capture, extractor, outcome, accepted, standard.golden)
    golden = standard.golden
    if golden and not capture.startswith(f"{extractor}/"):
        golden = _of_fields(golden, {*outcome.record, *((accepted and accepted.record) or ())})
    against_golden = _against_golden(golden, outcome, is_chrome, only)
    if unchanged:
        against_snapshot: list[FieldDiff] = []
    elif accepted is None:
        verdict = worst([Verdict.NEW, *(r.verdict for r in against_golden)])
        return CaseResult(capture, extractor, verdict, tuple(against_golden), record=outcome.record)
    elif accepted.record is None:
        against_snapshot = [_no_longer_raises(accepted.error)]
    else:
        against_snapshot = _only(
            diff.compare_records(accepted.record, outcome.record, outcome.kinds, is_chrome, moved),
            only,
        )
    repaired: list[str] = []
    if against_snapshot and accepted and accepted.record is not None:
        was = Outcome(accepted.record, kinds=outcome.kinds)
        repaired = [r.field for r in _against_golden(golden, was, is_chrome, only)]
    fields = _merged(against_snapshot, against_golden, repaired)
    if not fields:
        return CaseResult(capture, extractor, Verdict.PASS)
    before = outcome.record if accepted is None else accepted.record
    return CaseResult(
        capture,
        extractor,
        worst([result.verdict for result in fields]),
        tuple(fields),
        record=outcome.record,
        accepted=before,
    )


def weigh(
    result: CaseResult,
    record: dict[str, Tree],
    findings: Iterable[Finding],
    golden: Golden | None,
    waivers: Iterable[Waiver] = (),
    only: Collection[str] = (),
) -> CaseResult:
    """A result with what the invariants have against its record.

    A finding of severity ``error`` makes a record *suspect*, unless a person let it be: by a
    waiver, or by a reviewed golden that holds the very value that the invariant doubts, which is
    still told, since goldens are approved in haste too. A waiver that waives nothing is a finding
    itself: the fault it spoke of is gone. One for all extractors is held against the site's own
    only, since what another gave may be what it is for.
    """
    waivers = [w for w in waivers if w.extractor in (None, result.extractor)]
    objected = {root_of(each.field) for each in result.fields if each.against == "golden"}
    approved = set()
    if golden and golden.trust == "reviewed":
        approved = {name for name in golden.fields if name in record} - objected
    used: set[Waiver] = set()
    weighed = []
    for finding in findings:
        if only and not selects(only, finding.field):
            continue
        waiver = next((w for w in waivers if waives(w, finding)), None)
        if waiver:
            used.add(waiver)
            finding = replace(finding, waived=waiver.reason)
        elif root_of(finding.field) in approved and finding.fault != NONDETERMINISM:
            finding = replace(finding, waived=GOLDEN_HOLDS)
        weighed.append(finding)
    if not only:
        weighed += [
            Finding(
                UNUSED_WAIVER,
                waiver.field,
                "warning",
                "",
                f"{waiver.invariant!r} is waived here and finds nothing; take the waiver away:"
                f" {_removal(result, waiver)}",
            )
            for waiver in waivers
            if waiver not in used and (waiver.extractor or ":" not in result.id)
        ]
    result = replace(result, findings=tuple(weighed))
    if not result.suspicions:
        return result
    return replace(
        result,
        verdict=worst([result.verdict, Verdict.SUSPECT]),
        record=record,
        # An unchanged record was not looked at: it is what was accepted.
        accepted=record if result.verdict is Verdict.PASS else result.accepted,
    )


def _removal(result: CaseResult, waiver: Waiver) -> str:
    words = ["harness", "waive", result.id, waiver.invariant]
    if waiver.field != "*":
        words += ["--field", waiver.field]
    if waiver.extractor:
        words += ["-x", waiver.extractor]
    # A message is one line, whatever a file that was written by hand holds.
    return show_unseen(" ".join(shlex.join([*words, "--remove"]).split()))


def waives(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding is one of those that a waiver lets be."""
    if waiver.invariant != finding.invariant:
        return False
    return waiver.field == "*" or selects((waiver.field,), finding.field)


def _judge_failure(
    capture: str,
    extractor: str,
    outcome: Outcome,
    accepted: snapshots.Snapshot | None,
    golden: Golden | None,
) -> CaseResult:
    failure = outcome.failure
    assert failure is not None, "an outcome holds a record or a failure"
    expected = accepted.error if accepted else None
    as_expected = expected and raised(expected) == raised(failure)
    if as_expected and not _asserts(golden):
        return CaseResult(capture, extractor, Verdict.PASS)
    fields: tuple[FieldResult, ...] = ()
    if expected and not as_expected:
        pieces, similarity = diff.word_diff(raised(expected), raised(failure))
        summary = f"raises {raised(failure)}, was {raised(expected)}"
        changed = FieldDiff(
            "*", "exact", "value", shorten(summary, 160), (Hunk("", pieces),), similarity
        )
        fields = (FieldResult(Verdict.ERROR, "snapshot", changed),)
    return CaseResult(
        capture,
        extractor,
        Verdict.ERROR,
        fields,
        failure=failure,
        accepted=accepted.record if accepted else None,
    )


def raised(failure: Failure) -> str:
    """What was raised, without the address that "<object at 0x7f…>" has in this process only."""
    return f"{failure.type}: {_ADDRESS.sub('0x…', first_line(failure.message))}"


def _no_longer_raises(error: Failure | None) -> FieldDiff:
    was = raised(error) if error else "an error"
    summary = f"gives a record now; it was accepted that it raises {shorten(was, 80)}"
    return FieldDiff("*", "exact", "type", summary, (Hunk("", (Piece("-", was),)),))


def _of_fields(golden: Golden, fields: Collection[str]) -> Golden:
    """What a golden asserts of the fields that an extractor has, or had.

    An extractor of many sites may give fewer fields than the site's own, for which the golden was
    approved; that is no fault of either.
    """
    return replace(
        golden, fields={k: v for k, v in golden.fields.items() if k in fields}, contains=()
    )


def _asserts(golden: Golden | None) -> bool:
    """Whether a golden asserts anything: then no error, accepted or not, is a right answer."""
    if golden is None or golden.trust == "known-wrong":
        return False
    return bool(golden.fields or golden.contains or golden.excludes)


def _against_golden(
    golden: Golden | None, outcome: Outcome, is_chrome: diff.Chrome, only: Collection[str]
) -> list[FieldResult]:
    if golden is None or not _asserts(golden) or outcome.record is None:
        return []
    verdict = Verdict.WRONG if golden.trust == "reviewed" else Verdict.CHANGED
    found = expectations.mismatches(golden, outcome.record, outcome.kinds, is_chrome)
    return [FieldResult(verdict, "golden", d, "contradicts") for d in _only(found, only)]


def _merged(
    against_snapshot: list[FieldDiff], against_golden: list[FieldResult], repaired: Collection[str]
) -> list[FieldResult]:
    """What either object to, worst first. Where both do, the golden's objection stands for both."""
    objected = {result.field for result in against_golden}
    merged = [
        FieldResult(
            _verdict(change), "snapshot", change, _opinion(change.field, objected, repaired)
        )
        for change in against_snapshot
        if change.field not in objected
    ]
    return sorted([*against_golden, *merged], key=lambda result: -result.verdict.severity)


def _opinion(
    field: str, objected: Collection[str], repaired: Collection[str]
) -> Literal["agrees", "contradicts", "silent"]:
    """What the golden thinks of a change: it agrees where it objected to what was accepted."""
    if _related(field, objected):
        return "contradicts"
    return "agrees" if _related(field, repaired) else "silent"


def _related(field: str, others: Collection[str]) -> bool:
    """Whether one of ``others`` is this field, a part of it, or what it is a part of."""
    return any(
        field == other
        or other.startswith((f"{field}.", f"{field}["))
        or field.startswith((f"{other}.", f"{other}["))
        for other in others
    )


def _verdict(change: FieldDiff) -> Verdict:
    if change.new_empty and not change.old_empty:
        return Verdict.MISSING
    return Verdict.CHANGED


def _only(found: list[FieldDiff], only: Collection[str]) -> list[FieldDiff]:
    return [d for d in found if selects(only, d.field)] if only else found


def selects(only: Collection[str], field: str) -> bool:
    """Whether a field path is among the chosen ones: itself, its root, or without its indexes.

    ``related`` selects all under it; ``related.byline`` the bylines of all its records.
    """
    bare = _INDEX.sub("", field)
    return any(chosen in (field, bare) or bare.startswith(f"{chosen}.") for chosen in only)
