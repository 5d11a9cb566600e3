"""Whether a decision still stands: what the reviewer saw, held against what lies on disk now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness import snapshots
from harness.changes import WHOLE, Change, changes_of
from harness.corpus import CaptureRef
from harness.engine import Case, Engine, Extraction
from harness.errors import HarnessError
from harness.model import Outcome
from harness.review.decisions import Decision
from harness.review.disk import Disk, Present
from harness.text import shorten


@dataclass(frozen=True, slots=True)
class Checked:
    """``why`` a decision cannot be applied, or a ``note`` that it was before; else it stands."""

    why: str = ""
    note: str = ""

    @property
    def stands(self) -> bool:
        return not (self.why or self.note)


@dataclass
class Checker:
    """Checks decisions while the lock is held: what it has read of a case does not change."""

    disk: Disk
    engine: Callable[[], Engine]
    _present: dict[tuple[str, str], Present] = field(default_factory=dict)
    _changes: dict[tuple[str, str], tuple[Change, ...]] = field(default_factory=dict)

    def check(self, decision: Decision) -> Checked:
        """Whether a decision is about what lies on disk, and can settle it."""
        case = decision.case
        if not self.disk.knows(decision.extractor, decision.capture):
            return Checked(f"{shorten(case)}: {self.disk.corpus.root} has no such capture")
        if decision.decision == "approve" and not decision.by:
            return Checked(f"{case}: a golden names who approved it; say who you are with --by")
        try:
            present = self.present(decision)
            if not present.synced:
                return Checked(
                    f"{case}: its snapshot changed since this output was compared;"
                    f" run `harness check {case}` again"
                )
            if decision.decision != "approve" and _waits(decision, present):
                return Checked()
            return self._by_change(decision, present)
        except HarnessError as error:
            said = str(error)
            return Checked(said if case in said else f"{case}: {said}")

    def missing(self, decision: Decision, others: Sequence[Decision]) -> str:
        """What a top-level field still waits for, given what else is decided about its case.

        "" when it can be written. Raises HarnessError when the case cannot be judged.
        """
        mine = [each for each in others if each.root == decision.root]
        if self._rejected(decision, mine):
            return f"another change of {shorten(decision.root)} was rejected"
        if decision.decision == "approve":
            needed = [c for c in self._at(decision) if c.what in ("field", "new")]
            left = [c for c in needed if not any(_covers(each, c) for each in mine)]
            return _left(decision, len(left), len(needed))
        seen = decision.old, decision.new
        alike = [e for e in mine if e.decision != "reject" and (e.old, e.new) == seen]
        of = max(each.of for each in alike)
        done = len({each.part for each in alike})
        if done >= of or decision.root == WHOLE:
            return ""
        if all(each.category for each in alike):
            return _left(decision, of - done, of)
        # Without categories, one decision is about all changes of its path.
        needed = [c for c in self._at(decision) if c.settles == "accept"]
        left = [c for c in needed if not any(_covers(each, c) for each in alike)]
        return _left(decision, len(left), len(needed))

    def present(self, decision: Decision) -> Present:
        """A decision's case as it lies on disk. Raises SnapshotError for a broken file."""
        key = decision.extractor, decision.capture
        if key not in self._present:
            self._present[key] = self.disk.present(*key)
        return self._present[key]

    def changes(self, decision: Decision) -> tuple[Change, ...]:
        """The changes of a case, judged anew from its files; nothing is extracted.

        Raises HarnessError when a file cannot be used, or the extractor is gone.
        """
        key = decision.extractor, decision.capture
        if key not in self._changes:
            self._changes[key] = self._judged(decision)
        return self._changes[key]

    def _judged(self, decision: Decision) -> tuple[Change, ...]:
        output = self.present(decision).output
        if output is None:
            return ()
        engine = self.engine()
        extractor = next((e for e in engine.extractors if e.name == decision.extractor), None)
        if extractor is None:
            raise HarnessError(f"{decision.case}: there is no extractor {decision.extractor!r}")
        site, _, name = decision.capture.partition("/")
        case = Case(CaptureRef(site, name), extractor)
        kinds = {**engine.kinds, **extractor.kinds}
        outcome = Outcome(output.record, output.error, kinds)
        loaded = engine.corpus.load(case.ref)
        extraction = Extraction(loaded, outcome, snapshots.render(outcome), 0.0)
        accepted = engine.accepted.read(decision.extractor, decision.capture)
        return changes_of(engine.judge(case, extraction, accepted))

    def _at(self, decision: Decision) -> list[Change]:
        return [each for each in self.changes(decision) if each.root == decision.root]

    def _by_change(self, decision: Decision, present: Present) -> Checked:
        """Asks for the very change: of goldens and findings, files alone do not tell."""
        found = [
            each
            for each in self.changes(decision)
            if each.field == decision.field
            and (each.old, each.new) == (decision.old, decision.new)
            and decision.category in ("", each.category)
        ]
        if not found:
            return self._stale(decision, present)
        if decision.decision == "reject":
            return Checked()
        if decision.decision == "approve":
            able = any(each.what in ("field", "new", "finding") for each in found)
            return Checked() if able else Checked(f"{decision.case}: there is no record to approve")
        if any(each.settles == "accept" for each in found):
            return Checked()
        where = f"{decision.case}: {shorten(decision.field)}"
        if found[0].settles == "approve":
            return Checked(f"{where}: a golden contradicts it; approve it, or mend the extractor")
        if found[0].what == "finding":
            return Checked(
                f"{where}: an invariant objects; mend the extractor, waive the finding, or approve"
                " the value"
            )
        return Checked(f"{where}: a file cannot be used; mend it")

    def _stale(self, decision: Decision, present: Present) -> Checked:
        old, new = present.digests(decision.root)
        again = f"; run `harness check {decision.case}` again"
        where = f"{decision.case}: {shorten(decision.field)}"
        if decision.decision == "approve" and new == decision.new and not self._at(decision):
            return Checked(note="approved already")
        if decision.decision == "accept" and _accepted(decision, present):
            return Checked(note="accepted already")
        if new != decision.new:
            what = "output" if present.pending is not None else "output is not pending, or it"
            return Checked(f"{where}: its {what} changed since it was reviewed{again}")
        if decision.decision == "reject" and old == decision.new:
            return Checked(f"{where}: it was accepted already; undo that, or restore it from git")
        what = "snapshot" if old != decision.old else "snapshot, golden or page"
        return Checked(f"{where}: its {what} changed since it was reviewed{again}")

    def _rejected(self, decision: Decision, mine: Sequence[Decision]) -> bool:
        return any(
            each.decision == "reject" and each.new == decision.new and self.check(each).stands
            for each in mine
        )


def _waits(decision: Decision, present: Present) -> bool:
    """Whether this very output waits for this very field of the snapshot."""
    if (decision.root == WHOLE) != (WHOLE in present.roots()):
        return False
    seen = decision.old, decision.new
    return present.differs(decision.root) and seen == present.digests(decision.root)


def _accepted(decision: Decision, present: Present) -> bool:
    if decision.old == decision.new or present.accepted is None:
        return False
    if present.differs(decision.root):
        return False
    return present.digests(decision.root)[1] == decision.new


def _covers(decision: Decision, change: Change) -> bool:
    """Whether a decision is one that settles a change."""
    if (decision.field, decision.old, decision.new) != (change.field, change.old, change.new):
        return False
    if decision.category not in ("", change.category):
        return False
    return decision.decision == "approve" or decision.decision == change.settles


def _left(decision: Decision, left: int, of: int) -> str:
    return f"{of - left} of {of} changes of {shorten(decision.root)} are decided" if left else ""
