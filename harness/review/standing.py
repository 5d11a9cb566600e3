"""What is decided about the changes of a run: the journal and the disk, seen from the run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.changes import WHOLE, Change, digest
from harness.diff import same
from harness.errors import HarnessError
from harness.model import CaseResult, Run
from harness.review.answers import State
from harness.review.apply import Review
from harness.review.decisions import Decision
from harness.review.disk import Disk, Present, whole_digest
from harness.review.fold import Folded, Step
from harness.review.writes import Write


@dataclass(frozen=True, slots=True)
class Standing:
    """What is decided about a change: by whom and when, where that is known.

    ``decision`` is "" where nothing is, any more or yet.
    """

    change: Change
    decision: str = ""
    state: State = "recorded"
    by: str = ""
    at: str = ""


@dataclass
class Standings:
    """Follows what is decided about the changes of a run, by whomever and in any process."""

    review: Review
    changes: Sequence[Change]
    _by_case: dict[str, list[Change]] = field(default_factory=dict)
    _seen: dict[str, tuple[object, Present]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.changes:
            self._by_case.setdefault(change.case, []).append(change)

    def since(self, version: int) -> tuple[int, list[Standing]]:
        """The journal's version now, and what stands of all changes that were ever decided about.

        Nothing where the version is still that one. From version 0 on, snapshots that changed
        without a journal are seen too. Raises HarnessError when the journal cannot be read.
        """
        folded = self.review.folded()
        if folded.version == version and version:
            return version, []
        story = _Story(folded)
        cases = [case for case in self._by_case if case in story.cases or not version]
        found = [self._standing(each, story) for case in cases for each in self._by_case[case]]
        if not version:
            found = [each for each in found if each.decision]
        return folded.version, found

    def counts(self) -> tuple[int, int, int]:
        """How many changes are accepted or approved, rejected, and open; recorded ones are open."""
        _, found = self.since(0)
        written = sum(each.state == "written" for each in found)
        rejected = sum(each.decision == "reject" for each in found)
        return written, rejected, len(self.changes) - written - rejected

    def _standing(self, change: Change, story: _Story) -> Standing:
        last = story.last.get((change.case, change.root)) or story.last.get((change.case, ""))
        if self._written(change, last):
            step = last[0] if last else None
            said = _said(change, step.decisions) if step else None
            kind = said.decision if said else change.settles or "accept"
            by, at = (step.by, step.at) if step else ("", "")
            return Standing(change, kind, "written", said.by if said else by, at)
        said = _said(change, story.live.get(change.case, ()))
        if said is None:
            return Standing(change)
        return Standing(change, said.decision, "recorded", said.by, said.at)

    def _written(self, change: Change, last: tuple[Step, Write] | None) -> bool:
        if change.settles != "accept":
            if last is None or last[1].file != "golden":
                return False
            return last[1].now.get(change.root) == change.new
        try:
            present = self._present(change.result)
        except HarnessError:  # a broken file is no snapshot
            return False
        accepted = present.accepted
        if accepted is None:
            return False
        if change.root == WHOLE:
            return whole_digest(accepted) == change.new
        if accepted.record is None or present.differs(change.root):
            return False
        if change.old == change.new:  # null became no field, or the other way
            return (change.root in accepted.record) == (change.root in (change.result.record or {}))
        return digest(accepted.record.get(change.root)) == change.new

    def _present(self, result: CaseResult) -> Present:
        disk = self.review.disk
        now = tuple(
            _about(folder.location(result.extractor, result.capture))
            for folder in (disk.accepted, disk.pending)
        )
        known = self._seen.get(result.id)
        if known is None or known[0] != now:
            known = now, disk.present(result.extractor, result.capture)
            self._seen[result.id] = known
        return known[1]


class _Story:
    """The journal by case: what stands, what was written last of each field, what was touched."""

    def __init__(self, folded: Folded) -> None:
        self.live: dict[str, list[Decision]] = {}
        for decision in folded.live.values():
            self.live.setdefault(decision.case, []).append(decision)
        self.last: dict[tuple[str, str], tuple[Step, Write]] = {}
        self.cases: set[str] = set()
        for step in folded.steps:
            self.cases.update(each.case for each in step.decisions)
            for write in step.writes:
                self.cases.add(write.case)
                if step.undone:
                    continue
                for root in write.fields or ("",):
                    # Of a golden and the snapshot with it, the golden tells more.
                    before = self.last.get((write.case, root))
                    if before is None or before[0] is not step or write.file == "golden":
                        self.last[write.case, root] = step, write


def _said(change: Change, decisions: Iterable[Decision]) -> Decision | None:
    """The decision about a change, by what its reviewer saw."""
    found = None
    for each in decisions:
        if each.case != change.case or each.field != change.field:
            continue
        if (each.old, each.new) != (change.old, change.new):
            continue
        if each.category in ("", change.category):
            found = each
    return found


def _about(path: str) -> tuple[int, int, int] | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


# --- which run ------------------------------------------------------------------------------------


def outdated(run: Run, disk: Disk) -> str:
    """Why a saved run is not what lies on disk, "" where it is.

    Of every case that drifted the output must be pending, or accepted since; each field of its
    snapshot must hold what it did, or that output.
    """
    for result in run.drifted:
        if result.problem:
            continue
        try:
            present = disk.present(result.extractor, result.capture)
        except HarnessError as error:
            return str(error)
        if not _agrees(result, present):
            return f"{result.id} is no longer as the last run left it"
    return ""


def _agrees(result: CaseResult, present: Present) -> bool:
    output = present.output
    if output is None or not present.synced:
        return False
    if result.failure is not None:
        error = output.error
        return error is not None and error.type == result.failure.type
    record = result.record or {}
    if output.record is None or not same(dict(output.record), dict(record)):
        return False
    if present.accepted is None:
        return result.accepted is None
    if present.accepted.record is None:
        return result.accepted is None
    if result.accepted is None:  # a first output, accepted since
        return True
    before, now = result.accepted, present.accepted.record
    return all(_either(name, now, before, record) for name in {*before, *now, *record})


def _either(name: str, now: Mapping[str, object], *others: Mapping[str, object]) -> bool:
    return any(
        (name in now) == (name in other) and same(now.get(name), other.get(name))  # type: ignore[arg-type]
        for other in others
    )
