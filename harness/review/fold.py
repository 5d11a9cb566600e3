"""What a journal amounts to: the decisions that stand, and the steps that can be undone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.errors import HarnessError
from harness.journal import Entry
from harness.review.decisions import Decision, of_row
from harness.review.writes import Write, write_of

Part = tuple[str, str, str]


@dataclass(slots=True)
class Step:
    """What one person did at once, and how far that came."""

    id: str
    by: str = ""
    at: str = ""
    decisions: list[Decision] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    done: bool = False
    undone: bool = False
    restored: bool = False

    @property
    def unfinished(self) -> bool:
        """Whether its process died before all was written, or all was restored."""
        return not self.restored if self.undone else not self.done


@dataclass(frozen=True, slots=True)
class Folded:
    """``live`` are the decisions that no write has used up: rejections, and parts of a field whose
    other changes wait. ``steps`` are in the order in which they were done."""

    live: Mapping[Part, Decision]
    steps: tuple[Step, ...]
    version: int

    def last(self, by: str) -> Step | None:
        """The last step of somebody that was not undone."""
        mine = (step for step in reversed(self.steps) if not step.undone and step.by == by)
        return next(mine, None)


def fold(entries: Iterable[Entry]) -> Folded:
    """Reads entries in their order; what is broken in one is left out."""
    steps: dict[str, Step] = {}
    version = 0
    for entry in entries:
        version += 1
        step = steps.setdefault(entry.step, Step(entry.step))
        match entry.kind:
            case "decided":
                step.by, step.at = str(entry.data.get("by", "")), str(entry.data.get("at", ""))
                step.decisions += _decisions(entry)
            case "held":
                step.writes += _writes(entry)
                step.done = False  # a long step is done part by part
            case "done":
                step.done = True
                _drop(step, entry.data.get("failed"))
            case "undone":
                step.undone = True
            case "restored":
                step.restored = True
    live: dict[Part, Decision] = {}
    for step in steps.values():
        if not step.undone:
            _lay(live, step)
    return Folded(live, tuple(steps.values()), version)


def _lay(live: dict[Part, Decision], step: Step) -> None:
    """What stands after a step: what is written of a field is the last word on all of it."""
    for decision in step.decisions:
        live.pop(decision.part, None)  # the last word on a part is also the last in order
        live[decision.part] = decision
    if not step.writes:
        return
    used = {(write.case, root) for write in step.writes for root in write.fields or ("",)}
    for part, decision in list(live.items()):
        if (decision.case, "") in used or (decision.case, decision.root) in used:
            del live[part]


def _drop(step: Step, failed: object) -> None:
    """Takes out the cases that could not be written: their reviewer was told so."""
    if isinstance(failed, list) and failed:
        step.decisions = [each for each in step.decisions if each.case not in failed]
        step.writes = [each for each in step.writes if each.case not in failed]


def _decisions(entry: Entry) -> list[Decision]:
    rows = entry.data.get("decisions")
    found = []
    for row in rows if isinstance(rows, list) else []:
        try:
            found.append(of_row(row, ""))
        except HarnessError:  # a line that was mended by hand; the others of it still count
            continue
    return found


def _writes(entry: Entry) -> list[Write]:
    rows = entry.data.get("writes")
    found = (write_of(row) for row in (rows if isinstance(rows, list) else []))
    return [write for write in found if write is not None]
