"""The desk of a project: decisions go through ``harness.review.apply``, as everybody's do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.changes import Change
from harness.errors import HarnessError
from harness.review.apply import Review as Applying
from harness.review.decisions import Decision, decide
from harness.review.terminal.model import Answer, Key, Kind, Known, key_of


class ProjectDesk:
    """Decisions about the changes of a run. ``by`` is whose steps they are, and who undoes them."""

    def __init__(self, applying: Applying, changes: Iterable[Change], by: str) -> None:
        self._applying = applying
        self._seen = {key_of(change): (change.old, change.new) for change in changes}
        self._by = by
        self._version = -1

    def decide(self, decisions: Sequence[tuple[Change, Kind]], by: str) -> Answer:
        """Applies decisions as one step of undo; ``by`` stands in what is approved."""
        asked = [decide(change, kind, by=by) for change, kind in decisions]
        try:
            answer = self._applying.decide(asked, self._by)
        except HarnessError as error:
            return Answer(refused=[(_key(each), str(error)) for each in asked])
        known = {
            _key(each.decision): Known(
                each.decision.decision, each.decision.by, each.state == "written"
            )
            for each in answer.applied
        }
        return Answer(known, [(_key(each.decision), each.why) for each in answer.refused])

    def undo(self) -> Answer:
        """Takes back this reviewer's last step."""
        try:
            answer = self._applying.undo(self._by)
            standing = self._standing()
        except HarnessError as error:
            return Answer(refused=[(("", "", ""), str(error))])
        back = {_key(each.decision): standing.get(_key(each.decision)) for each in answer.applied}
        return Answer(back, [(_key(each.decision), each.why) for each in answer.refused])

    def known(self) -> Answer:
        """What is decided about these very changes, if anything was since it was asked before."""
        try:
            version = self._applying.version
            if version == self._version:
                return Answer()
            standing = self._standing()
        except HarnessError:
            # The next decision will say what is wrong with the journal.
            return Answer()
        self._version = version
        return Answer({key: standing.get(key) for key in self._seen})

    def _standing(self) -> dict[Key, Known]:
        folded = self._applying.folded()
        found: dict[Key, Known] = {}
        for step in folded.steps:
            if not step.undone:
                for each in step.decisions:
                    # The same field may have been decided in an earlier run, about other texts.
                    if self._seen.get(_key(each)) == (each.old, each.new):
                        written = each.part not in folded.live
                        found[_key(each)] = Known(each.decision, each.by, written)
        return found


def _key(decision: Decision) -> Key:
    return decision.part
