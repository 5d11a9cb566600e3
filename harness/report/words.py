"""A result in plain words: the sentences that terminal, pytest and CI share."""

from __future__ import annotations

import shlex
from collections import Counter

from harness.judge import GOLDEN_HOLDS, NONDETERMINISM
from harness.model import CaseResult, FieldResult, Finding, Hunk, Run, Verdict, family_of, root_of
from harness.text import shorten, show_unseen

# What a golden contradicts is the extractor's fault until a person says otherwise.
MEND = "mend the extractor, or if the golden is wrong"
MOST_CAUSES = 12
GOLDEN = {
    "agrees": "the golden agrees with the new value",
    "contradicts": "the golden contradicts it",
    "silent": "",
}


def sentence(run: Run) -> str:
    """The verdict on a run: ``3 of 63 captures drifted: 2 wrong, 1 changed``.

    With several extractors on one capture, it counts cases.
    """
    total = len(run.results)
    noun = "capture" if len({result.capture for result in run.results}) == total else "case"
    counts = {verdict: n for verdict, n in run.counts.items() if verdict is not Verdict.PASS}
    if not total:
        said = "no capture was checked"
    elif set(counts) == {Verdict.NEW}:
        said = (
            f"{counts[Verdict.NEW]:,} of {count(total, noun)} new: nothing was accepted of them yet"
        )
    elif set(counts) == {Verdict.SUSPECT}:
        said = (
            f"{counts[Verdict.SUSPECT]:,} of {count(total, noun)} suspect: an invariant does not"
            " hold"
        )
    elif counts:
        each = ", ".join(_tally(n, verdict) for verdict, n in counts.items())
        said = f"{sum(counts.values()):,} of {count(total, noun)} drifted: {each}"
    else:
        said = f"1 {noun} passes" if total == 1 else f"all {count(total, noun)} pass"
    if updated := sum(result.updated for result in run.results):
        said += f"; {count(updated, 'snapshot')} updated"
    if run.orphans:
        said += f"; {count(len(run.orphans), 'orphaned snapshot')}"
    waived, warned = findings_of(run)
    if warned:
        said += f"; {count(warned, 'warning')}"
    if waived:
        said += f"; {count(waived, 'finding')} waived"
    return f"interrupted, until then: {said}" if run.interrupted else said


def findings_of(run: Run) -> tuple[int, int]:
    """How many findings of a run somebody waived, and how many are warnings that nobody did."""
    findings = [each for result in run.results for each in result.findings]
    waived = sum(each.waived not in (None, GOLDEN_HOLDS) for each in findings)
    return waived, sum(f.severity == "warning" and f.waived is None for f in findings)


def causes(run: Run) -> list[str]:
    """What drifted, a line for each field and category: how many captures, of which sites.

    Empty where fewer than six captures drifted: they say it themselves.
    """
    if len(run.drifted) < 6:
        return []
    found: dict[tuple[str, str], list[CaseResult]] = {}
    for result in run.drifted:
        causes_ = {("file", "cannot be used")} if result.problem else signature(result)
        for cause in sorted(causes_):
            found.setdefault(cause, []).append(result)
    lines = []
    for (field, category), results in sorted(found.items(), key=lambda item: -len(item[1])):
        sites = sorted({result.capture.partition("/")[0] for result in results})
        shown = ", ".join(sites[:5]) + (f" and {len(sites) - 5} more" if len(sites) > 5 else "")
        lines.append(
            f"{shorten(field, 200)} {category}: {count(len(results), 'capture')} of {shown}"
        )
    rest = len(lines) - MOST_CAUSES
    return lines if rest <= 0 else [*lines[:MOST_CAUSES], f"… and {rest} more kinds of change"]


def signature(result: CaseResult) -> frozenset[tuple[str, str]]:
    """The (field, category) pairs of a result; results that share it drifted alike."""
    if result.problem:
        return frozenset({("file", result.problem)})
    fields = {(family_of(each.field), each.diff.category) for each in result.fields}
    fields |= {(family_of(each.field), each.fault) for each in result.suspicions}
    return frozenset(fields or {("record", str(result.verdict))})


def varied(run: Run) -> list[CaseResult]:
    """The drifted results, worst first; of equally bad ones, first one of each kind."""
    seen: Counter[frozenset[tuple[str, str]]] = Counter()
    ranked = []
    for result in run.drifted:
        kind = signature(result)
        ranked.append((-result.verdict.severity, seen[kind], result))
        seen[kind] += 1
    return [result for _, _, result in sorted(ranked, key=lambda item: item[:2])]


def _tally(number: int, verdict: Verdict) -> str:
    # "error" is the one verdict that is a noun.
    return count(number, verdict) if verdict is Verdict.ERROR else f"{number:,} {verdict}"


def count(number: int, noun: str) -> str:
    """``1 capture``, ``1,204 captures``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def field_lines(result: FieldResult) -> list[str]:
    """A field's failure: what happened on the first line, then the text that differs."""
    diff = result.diff
    head = f"{shorten(diff.field, 200)}: {show_unseen(diff.summary)} [{diff.category}]"
    against = "expected by the golden" if result.against == "golden" else "accepted"
    lines = [head]
    for hunk in diff.hunks[:8]:
        lines += hunk_lines(hunk)
    if len(diff.hunks) > 8:
        lines.append(f"  … and {count(len(diff.hunks) - 8, 'more place')}, see the drift report")
    lines.append(f"  (- {against}, + now)")
    if GOLDEN[result.golden] and result.against != "golden":
        lines.append(f"  {GOLDEN[result.golden]}")
    return lines


def finding_lines(finding: Finding) -> list[str]:
    """What an invariant has against a record: what on the first line, then the text in question."""
    head = f"{shorten(finding.field, 200)}: {show_unseen(finding.message)}"
    lines = [f"{head} {finding_kind(finding)}"]
    if finding.quote and finding.quote not in finding.message:
        lines.append(f"  the text: {shorten(finding.quote, 160)}")
    if finding.waived == GOLDEN_HOLDS:
        lines.append(f"  {GOLDEN_HOLDS}")
    elif finding.waived is not None:
        lines.append(f"  waived: {shorten(finding.waived, 160)}")
    return lines


def finding_kind(finding: Finding) -> str:
    """``[glued: an error by invariant no-lost-space]``."""
    severity = "an error" if finding.severity == "error" else "a warning"
    fault = f"{finding.fault}: " if finding.fault else ""
    return f"[{fault}{severity} by invariant {finding.invariant}]"


def waive_command(result: CaseResult, finding: Finding) -> str:
    """The command by which a person lets a finding be."""
    field = family_of(finding.field).replace("[]", "")
    parts = ["harness", "waive", result.id, finding.invariant, "--field", show_unseen(field)]
    return f"{shlex.join(parts)} --reason '…'"


def hunk_lines(hunk: Hunk, context: int = 40, width: int = 400) -> list[str]:
    """A hunk as an old and a new line, shared text shortened to what stands near the edits."""
    old, new = [], []
    last = len(hunk.pieces) - 1
    for i, piece in enumerate(hunk.pieces):
        text = show_unseen(piece.text).replace("\n", "⏎")
        if piece.op == "=":
            if len(text) > 2 * context + 3:
                head = text[:context] if i else ""
                tail = text[-context:] if i < last else ""
                text = (
                    f"{head} … {tail}".strip()
                    if head and tail
                    else (head + "…" if head else "…" + tail)
                )
            old.append(text)
            new.append(text)
            continue
        text = text if len(text) <= width else f"{text[: width // 2]} … {text[-width // 2 :]}"
        (old if piece.op == "-" else new).append(text)
    where = [f"  {shorten(hunk.where, 120)}:"] if hunk.where else []
    gone = any(piece.op == "-" for piece in hunk.pieces)
    come = any(piece.op == "+" for piece in hunk.pieces)
    shown_old = [f"  - {''.join(old)}"] if gone or any(p.op == "=" for p in hunk.pieces) else []
    shown_new = [f"  + {''.join(new)}"] if come or any(p.op == "=" for p in hunk.pieces) else []
    return [*where, *shown_old, *shown_new]


def remedy(result: CaseResult, field: FieldResult | None = None) -> tuple[str, str] | None:
    """(when, command) that settles a result, or one field of it; None when only code can.

    A snapshot is accepted. What a golden contradicts stays wrong until a person approves the golden
    anew.
    """
    if result.record is None:
        return None
    accepted = result.updated or result.record == result.accepted
    if accepted and not result.fields:
        return None  # as accepted; what an invariant doubts is waived or mended
    against = [each.against for each in ((field,) if field else result.fields)]
    verb = "approve" if "golden" in against else "accept"
    command = f"harness {verb} {shlex.quote(result.id)}"
    if field:
        root = root_of(field.field)
        command += f" --field {shlex.quote(show_unseen(root))}"
    return (MEND if verb == "approve" else "accept"), command


def next_steps(result: CaseResult) -> list[str]:
    """What to do about a result: the commands, one a line."""
    if result.record is None:
        return [f"run again: harness check {shlex.quote(result.id)}"]
    settled = remedy(result)
    unsteady = any(each.fault == NONDETERMINISM for each in result.suspicions)
    doubted = [each for each in result.suspicions if each.fault != NONDETERMINISM]
    waivers = {waive_command(result, each): None for each in doubted[:3]}
    again = f"see it again: harness check {shlex.quote(result.id)} --determinism"
    return [
        *([": ".join(settled)] if settled else []),
        *([again] if unsteady else []),
        *(f"if the page is like that: {command}" for command in waivers),
    ]


def headline(result: CaseResult, width: int = 200) -> str:
    """The result in one line that fits a terminal or an annotation."""
    return shorten(result.headline, width)
