"""A run as a list of changes: each is one thing that a reviewer decides about.

A snapshot is accepted by whole fields, so changes within one top-level field of one case are one
*unit*: it can be accepted when all of its changes were.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from harness.diff import WHOLE_BELOW
from harness.judge import raised
from harness.model import (
    CaseResult,
    FieldDiff,
    FieldResult,
    Finding,
    Run,
    Tree,
    Verdict,
    root_of,
    value_at,
)

WHOLE = "*"
"""The field of a change that is about a whole record."""

EMPTY_NOW = "the field is empty now"
OBJECTED = "an invariant objects"
OTHER_TYPE = "the value is of another type"
UNLIKE = f"old and new are less than {WHOLE_BELOW:.0%} alike"
"""Why a change is never accepted together with others (``Change.alone``)."""


What = Literal["field", "new", "failure", "finding", "problem"]
Settled = Literal["accept", "approve", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to decide about a case.

    ``field`` is a path without a golden's or snapshot's name; ``*`` is the whole record. ``root``
    is the top-level field that is accepted with it. ``category`` is the diff's, a finding's class
    of fault, or the type of what was raised. ``old`` and ``new`` are digests of what a reviewer
    saw (:func:`digest`): a decision about anything else is stale. ``alone`` says why it is never
    decided together with others; "" where it may be. ``settles`` is the action that ends it:
    ``accept`` a snapshot, ``approve`` a golden, "" only mended code or a waiver. ``of`` is how many
    changes its unit has.
    """

    result: CaseResult
    what: What
    field: str
    root: str
    verdict: Verdict
    category: str
    summary: str
    old: str
    new: str
    alone: str = ""
    settles: Settled = ""
    of: int = 1
    found: FieldResult | None = None
    finding: Finding | None = None

    @property
    def case(self) -> str:
        return self.result.id

    @property
    def site(self) -> str:
        return self.result.capture.partition("/")[0]

    @property
    def unit(self) -> tuple[str, str]:
        """What is accepted at once: a case and a top-level field."""
        return self.case, self.root


def changes(run: Run) -> tuple[Change, ...]:
    """Every change of a run: the worst case first, in each case in the order of its fields."""
    return tuple(change for result in run.drifted for change in changes_of(result))


def changes_of(result: CaseResult) -> tuple[Change, ...]:
    """The changes of one case; none where it passes."""
    if result.verdict is Verdict.PASS:
        return ()
    if result.problem:
        return (_about_all(result, "problem", "file", result.problem, "a file cannot be used"),)
    if result.failure is not None:
        kind, said = result.failure.type, result.headline.removeprefix(f"{WHOLE}: ")
        return (_about_all(result, "failure", kind, said, "the extractor raised", "accept"),)
    doubts = {root_of(each.field) for each in result.suspicions}
    of = Counter(root_of(each.field) for each in result.fields if each.against == "snapshot")
    found = [_field(result, each, doubts, of) for each in result.fields]
    # A golden may object to a record of which nothing was accepted yet.
    if result.accepted is None and not of and not result.updated:
        alone = OBJECTED if doubts else ""
        found.append(_about_all(result, "new", "new", "no accepted snapshot yet", alone, "accept"))
    return (*found, *(_finding(result, each) for each in result.suspicions))


def digest(value: Tree) -> str:
    """16 hexadecimal digits that tell one value from another; "" for no value."""
    if value is None:
        return ""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def expected(diff: FieldDiff) -> str:
    """A digest of what a golden has against a value, as the reviewer saw it."""
    return digest([[hunk.where, *(p.op + p.text for p in hunk.pieces)] for hunk in diff.hunks])


def _field(result: CaseResult, found: FieldResult, doubts: Set[str], of: Counter[str]) -> Change:
    root, diff = root_of(found.field), found.diff
    record, accepted = result.record or {}, result.accepted or {}
    golden = found.against == "golden"
    whole = root == WHOLE
    new = digest(dict(record)) if whole else digest(record.get(root))
    old = digest(dict(accepted)) if whole else digest(accepted.get(root))
    settles: Settled = "approve" if golden else "accept"
    if golden and whole:
        settles = ""  # a text that the golden requires and no field holds
    return Change(
        result,
        "field",
        found.field,
        root,
        found.verdict,
        diff.category,
        diff.summary,
        expected(diff) if golden else old,
        new,
        _alone(found, accepted, bool(doubts) if whole else bool({root, WHOLE} & doubts)),
        settles,
        1 if golden else of[root],
        found=found,
    )


def _alone(found: FieldResult, accepted: dict[str, Tree], doubted: bool) -> str:
    diff = found.diff
    if diff.new_empty and not diff.old_empty:
        return EMPTY_NOW
    if doubted:
        return OBJECTED
    if found.field == WHOLE or diff.old_empty:
        return ""
    if diff.category == "type":
        return OTHER_TYPE
    return UNLIKE if _likeness(diff, accepted) < WHOLE_BELOW else ""


def _likeness(diff: FieldDiff, accepted: dict[str, Tree]) -> float:
    """How alike old and new are, of what a diff has no measure: records that came or went."""
    if diff.similarity or not diff.hunks:
        return diff.similarity
    ops = {piece.op for hunk in diff.hunks for piece in hunk.pieces}
    if diff.kind == "records" and diff.category in ("lost", "gained"):
        old = value_at(accepted, diff.field)
        before, moved = len(old) if isinstance(old, list) else 0, len(diff.hunks)
        total = before if diff.category == "lost" else before + moved
        same = before - moved if diff.category == "lost" else before
        return max(0, same) / total if total else 0.0
    # A text that a golden excludes stands in a value that is not shown.
    return 1.0 if ops == {"+"} else diff.similarity


def _finding(result: CaseResult, finding: Finding) -> Change:
    root = root_of(finding.field)
    record = result.record or {}
    value = digest(dict(record)) if root == WHOLE else digest(record.get(root))
    return Change(
        result,
        "finding",
        finding.field,
        root,
        Verdict.SUSPECT,
        finding.fault,
        finding.message,
        value,
        value,
        OBJECTED,
        finding=finding,
    )


def _about_all(
    result: CaseResult,
    what: What,
    category: str,
    summary: str,
    alone: str,
    settles: Settled = "",
) -> Change:
    old = digest(dict(result.accepted)) if result.accepted is not None else ""
    failure = result.failure
    new = digest(dict(result.record)) if result.record is not None else ""
    if failure is not None:
        new = digest(raised(failure))
    verdict = Verdict.NEW if what == "new" else result.verdict
    return Change(result, what, WHOLE, WHOLE, verdict, category, summary, old, new, alone, settles)
