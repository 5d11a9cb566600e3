"""Applies decisions to a project: the one way in which a review writes.

Everything happens with the journal's lock held, in this order: what a process that died left
half-done is finished; each decision is held against what lies on disk now; those that stand are
put into the journal; what files hold is put there too; the files are written; the journal says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import TypeVar

from harness.changes import WHOLE
from harness.config import Config
from harness.engine import Engine
from harness.errors import HarnessError
from harness.journal import Entry, Journal, new_step
from harness.model import Tree, case_id
from harness.review import goldens, writes
from harness.review.answers import Answer, Applied, Refused
from harness.review.checking import Checker
from harness.review.decisions import Decision
from harness.review.disk import Disk
from harness.review.fold import Folded, Part, Step, fold
from harness.review.writes import Planned, Write
from harness.wiring import assemble

# What one line of the journal says of what files held: a few megabytes at most.
CASES_A_LINE = 100
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Review:
    """Decisions about a project, by whoever and from however many processes.

    ``engine`` is asked only for decisions that a snapshot cannot judge: goldens and findings.
    """

    disk: Disk
    journal: Journal
    make_engine: Callable[[], Engine]
    _last: list[tuple[tuple[Entry, ...], Folded]] = field(default_factory=list)

    @classmethod
    def of(cls, config: Config) -> Review:
        """The review of a project; its engine is assembled when it is needed."""
        journal = Journal(config.state / "review.jsonl")
        return cls(Disk.of(config), journal, lambda: assemble(config))

    @cached_property
    def engine(self) -> Engine:
        return self.make_engine()

    @property
    def version(self) -> int:
        """How many entries the journal has, those of other processes too."""
        return len(self.journal.entries())

    def folded(self) -> Folded:
        """What the journal amounts to now."""
        entries = self.journal.entries()
        # Another file may have as many entries; none has the same ones.
        if not self._last or self._last[-1][0] != entries:
            self._last[:] = [(entries, fold(entries))]
        return self._last[-1][1]

    def unchecked(self, decisions: Iterable[Decision]) -> set[tuple[str, str]]:
        """The cases, as (extractor, ``site/capture``), whose output is not there to be compared.

        Those are for the check to run first: nothing usable is pending, and nothing was accepted
        that a decision is about.
        """
        checker = Checker(self.disk, lambda: self.engine)
        found: set[tuple[str, str]] = set()
        for each in decisions:
            if not self.disk.knows(each.extractor, each.capture):
                continue
            try:
                present = checker.present(each)
            except HarnessError:
                found.add((each.extractor, each.capture))
                continue
            there = present.pending is not None and present.synced
            if not there and not checker.check(each).note:
                found.add((each.extractor, each.capture))
        return found

    def decide(self, decisions: Iterable[Decision], by: str = "") -> Answer:
        """Applies decisions as one step. ``by`` is whose they are, where they do not say.

        A decision is refused, and the others are applied, when what the reviewer saw is no longer
        there, when its case is none, and when it cannot settle its change. Of several about one
        change, the last counts. Raises HarnessError when the journal cannot be read or written.
        """
        at = now()
        asked = {each.part: replace(each, by=each.by or by, at=each.at or at) for each in decisions}
        with self.journal.lock():
            self._recover()
            checker = Checker(self.disk, lambda: self.engine)
            checked = [(each, checker.check(each)) for each in asked.values()]
            refused = [Refused(each, found.why) for each, found in checked if found.why]
            standing = [each for each, found in checked if found.stands]
            already = [
                Applied(each, "written", found.note) for each, found in checked if found.note
            ]
            if not standing:
                return Answer(self.version, tuple(already), tuple(refused))
            applied, failed = self._step(standing, by, at, checker)
            return Answer(self.version, (*already, *applied), (*refused, *failed))

    def undo(self, by: str = "", steps: int = 1) -> Answer:
        """Takes back the last steps of somebody, the last one first.

        ``applied`` are the decisions that no longer stand. What was written and has changed since
        is refused and left as it is. Raises HarnessError as :meth:`decide`.
        """
        undone: list[Applied] = []
        refused: list[Refused] = []
        with self.journal.lock():
            self._recover()
            for _ in range(steps):
                step = self.folded().last(by)
                if step is None:
                    break
                self.journal.append("undone", step.id, {"by": by, "at": now()})
                failed = self._restore(step)
                decisions = step.decisions or [_of_write(each, step) for each in step.writes]
                undone += [Applied(d, "recorded") for d in decisions if d.case not in failed]
                refused += [Refused(d, failed[d.case]) for d in decisions if d.case in failed]
            return Answer(self.version, tuple(undone), tuple(refused))

    def accept(
        self,
        cases: Sequence[tuple[str, str]],
        fields: Sequence[str] = (),
        *,
        errors: bool = False,
        rejected: bool = True,
        by: str = "",
        done: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Accepts what is pending of cases, as (extractor, ``site/capture``), whoever saw it.

        Without ``rejected``, fields that a reviewer rejected as they are now stay pending; those
        are refused with a note. ``errors``: also that an extractor raises. ``done`` is called after
        each case.
        """
        applied: list[Applied] = []
        refused: list[Refused] = []
        step, at = new_step(), now()
        rest = iter(cases)
        while chunk := list(islice(rest, CASES_A_LINE)):
            with self.journal.lock():
                self._recover(but=step)
                live = self.folded().live
                planned: dict[Decision, list[Planned]] = {}
                for name, capture in chunk:
                    decision = _of_case(name, capture, by, at)
                    try:
                        taken, note = self._wanted(decision, fields, {} if rejected else live)
                        plan = writes.plan(self.disk, name, capture, taken, errors=errors)
                        planned[decision] = [plan]
                        if note:
                            refused.append(Refused(decision, note))
                    except HarnessError as error:
                        refused.append(Refused(decision, str(error)))
                if planned:
                    data = {"by": by, "at": at, "decisions": []}
                    self.journal.append("decided", step, data)
                    good, bad = self._write(step, planned)
                    applied += [Applied(each, "written") for each in good]
                    refused += bad
                    self.journal.append("done", step)
            for _ in chunk:
                done()
        return Answer(self.version, tuple(applied), tuple(refused))

    def _wanted(
        self, decision: Decision, fields: Sequence[str], live: Mapping[Part, Decision]
    ) -> tuple[Sequence[str], str]:
        """The fields to accept, () for all, and what is told of those that were rejected.

        Raises HarnessError where that leaves nothing.
        """
        present = self.disk.present(decision.extractor, decision.capture)
        mine = [each for each in live.values() if each.case == decision.case]
        if not any(each.decision == "reject" for each in mine):
            return fields, ""
        checker = Checker(self.disk, lambda: self.engine)
        dropped = {
            each.root: each.by
            for each in mine
            if each.decision == "reject" and checker.check(each).stands
        }
        roots = [name for name in present.roots() if not fields or name in fields]
        kept = [name for name in roots if name not in dropped and WHOLE not in dropped]
        if len(kept) == len(roots):
            return fields, ""
        names = ", ".join(name for name in roots if name not in kept)
        what = "it" if names == WHOLE or WHOLE in dropped else names
        who = next((f" by {name}" for name in dropped.values() if name), "")
        note = f"{decision.case}: {what} was rejected in the review{who}, and skipped; --rejected"
        if not kept:
            raise HarnessError(f"{note} takes it")
        return kept, f"{note} takes it"

    # --- steps ------------------------------------------------------------------------------------

    def _step(
        self, standing: Sequence[Decision], by: str, at: str, checker: Checker
    ) -> tuple[list[Applied], list[Refused]]:
        folded = self.folded()
        live = {**folded.live, **{each.part: each for each in standing}}
        plans, notes, refused = self._plans(standing, live, checker)
        kept = [each for each in standing if each not in refused]
        step = new_step()
        if kept:
            rows = [row_of(each) for each in kept]
            self.journal.append("decided", step, {"by": by, "at": at, "decisions": rows})
            written, failed = self._write(step, plans)
            cut = {"failed": [each.decision.case for each in failed]}
            self.journal.append("done", step, cut)
        else:
            written, failed = [], []
        bad = {each.decision.case: each.why for each in failed}
        cases = {each.case for each in written}
        units = {(each.case, each.root) for each in plans if each.case in cases}
        applied = []
        for each in kept:
            if each.case in bad:
                refused[each] = bad[each.case]
            elif each.decision != "reject" and (each.case, each.root) in units:
                applied.append(Applied(each, "written"))
            else:
                applied.append(Applied(each, "recorded", notes.get(each, "")))
        return applied, [Refused(each, why) for each, why in refused.items()]

    def _plans(
        self, standing: Sequence[Decision], live: Mapping[Part, Decision], checker: Checker
    ) -> tuple[dict[Decision, list[Planned]], dict[Decision, str], dict[Decision, str]]:
        """What is to be written, by one decision of each field; notes; what cannot be."""
        by_case: dict[str, list[Decision]] = {}
        for each in live.values():
            by_case.setdefault(each.case, []).append(each)
        plans: dict[Decision, list[Planned]] = {}
        notes: dict[Decision, str] = {}
        refused: dict[Decision, str] = {}
        touched: dict[str, list[Decision]] = {}
        for each in standing:
            if each.decision != "reject":
                touched.setdefault(each.case, []).append(each)
        for case, mine in touched.items():
            units: dict[str, Decision] = {}
            for each in mine:
                note = checker.missing(each, by_case[case])
                if note:
                    notes[each] = note
                else:
                    units[each.root] = each
            try:
                plans |= self._plan_case(list(units.values()), checker)
            except HarnessError as error:
                refused |= dict.fromkeys(mine, str(error))
        return plans, notes, refused

    def _plan_case(
        self, units: Sequence[Decision], checker: Checker
    ) -> dict[Decision, list[Planned]]:
        """The files that complete fields of one case change: golden first, then snapshot."""
        if not units:
            return {}
        first = units[0]
        present = checker.present(first)
        found: list[Planned] = []
        approved = [each for each in units if each.decision == "approve"]
        if approved:
            output = present.output
            record: Mapping[str, Tree] = (output and output.record) or {}
            if not record:
                raise HarnessError(f"{first.case}: there is no record that could be approved")
            whole = any(each.root == WHOLE for each in approved)
            roots = list(record) if whole else [each.root for each in approved]
            golden = goldens.plan(self.disk, approved[0], record, roots)
            found.append(Planned(golden, golden.text, None))
        roots_now = present.roots()
        takes = [each.root for each in units if each.root in roots_now]
        if takes:
            fields = () if WHOLE in takes else takes
            found.append(
                writes.plan(self.disk, first.extractor, first.capture, fields, errors=True)
            )
        return {first: found, **{each: [] for each in units[1:]}}

    def _write(
        self, step: str, plans: Mapping[Decision, list[Planned]]
    ) -> tuple[list[Decision], list[Refused]]:
        """Puts into the journal what files hold, then writes them."""
        written: list[Decision] = []
        failed: list[Refused] = []
        for chunk in _chunks(plans.items(), CASES_A_LINE):
            rows = [plan.write.row() for _, each in chunk for plan in each]
            if rows:
                self.journal.append("held", step, {"writes": rows})
            for decision, each in chunk:
                try:
                    for plan in each:
                        self._perform(plan)
                except HarnessError as error:
                    failed.append(Refused(decision, f"{decision.case}: {error}"))
                else:
                    written.append(decision)
        return written, failed

    def _perform(self, plan: Planned) -> None:
        if plan.write.file == "golden":
            goldens.perform(self.disk, plan.write)
        else:
            writes.perform(self.disk, plan)

    def _restore(self, step: Step) -> dict[str, str]:
        """Makes files what they were before a step; why not, by case."""
        failed: dict[str, str] = {}
        for write in reversed(step.writes):
            try:
                writes.undo(self.disk, write)
            except HarnessError as error:
                failed[write.case] = str(error)
        self.journal.append("restored", step.id)
        return failed

    def _recover(self, but: str = "") -> None:
        """Finishes what processes that died left: they had the lock, and now this one has."""
        for step in self.folded().steps:
            if not step.unfinished or step.id == but:
                continue
            if step.undone:
                self._restore(step)
                continue
            self._finish(step)

    def _finish(self, step: Step) -> None:
        begun = step.writes
        for write in begun:
            try:
                writes.finish(self.disk, write)
            except HarnessError:  # changed by others since: what they did stands
                continue
        told = {write.case for write in begun}
        rest = [each for each in step.decisions if each.case not in told]
        checker = Checker(self.disk, lambda: self.engine)
        standing = [each for each in rest if checker.check(each).stands]
        plans, _, _ = self._plans(standing, self.folded().live, checker)
        self._write(step.id, plans)
        self.journal.append("done", step.id)


def now() -> str:
    """This second, in UTC, as RFC 3339."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def row_of(decision: Decision) -> dict[str, object]:
    """A decision as the journal holds it."""
    return {name: getattr(decision, name) for name in Decision.__slots__}


def _of_case(extractor: str, capture: str, by: str, at: str) -> Decision:
    case = case_id(extractor, capture)
    return Decision(case, extractor, capture, WHOLE, 1, "accept", "", "", by=by, at=at)


def _of_write(write: Write, step: Step) -> Decision:
    """What `harness accept` did, which is about no change of a run."""
    decision = _of_case(write.extractor, write.capture, step.by, step.at)
    return replace(decision, field=write.fields[0]) if len(write.fields) == 1 else decision


def _chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
