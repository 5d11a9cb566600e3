"""A review in the terminal without a terminal: a desk that remembers, and a reviewer's keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from harness.changes import Change, changes
from harness.clusters import clusters_of
from harness.model import CaseResult, FieldDiff, FieldResult, Finding, Hunk, Piece, Run, Verdict
from harness.report.words import sentence
from harness.review.terminal.look import Look
from harness.review.terminal.model import Answer, Ask, Key, Kind, Known, Review, State, key_of
from harness.review.terminal.screen import Frame, screen
from harness.review.terminal.state import answered, begin, press


@dataclass
class Desk:
    """Decides as asked, but refuses the changes in ``stale``."""

    decisions: dict[Key, Known] = field(default_factory=dict)
    steps: list[dict[Key, Known | None]] = field(default_factory=list)
    stale: set[Key] = field(default_factory=set)

    def decide(self, decisions: Sequence[tuple[Change, Kind]], by: str) -> Answer:
        fresh = {key_of(c): Known(k, by, True) for c, k in decisions if key_of(c) not in self.stale}
        refused = [(key_of(c), "it changed since") for c, _ in decisions if key_of(c) in self.stale]
        if fresh:
            self.steps.append({key: self.decisions.get(key) for key in fresh})
        self.decisions |= fresh
        return Answer(fresh, refused)

    def undo(self) -> Answer:
        if not self.steps:
            return Answer()
        before = self.steps.pop()
        for key, known in before.items():
            if known is None:
                del self.decisions[key]
            else:
                self.decisions[key] = known
        return Answer(before)

    def known(self) -> Answer:
        return Answer(self.decisions)


@dataclass
class Reviewer:
    """Somebody at a terminal of 80 × 24, or of another look."""

    review: Review
    desk: Desk = field(default_factory=Desk)
    look: Look = field(default_factory=Look)
    by: str = "Ada"
    keys: int = 0
    left: bool = False

    def __post_init__(self) -> None:
        self.state: State = begin(self.review, self.desk.known(), self.by)

    def press(self, *keys: str) -> Ask | None:
        """Presses keys one after the other; what the last one asked for."""
        ask = None
        for key in keys:
            self.keys += 1
            self.state, ask = press(self.review, self.state, key, self.frame.room)
            if ask and ask.do == "leave":
                self.left = True
            elif ask:
                undo = ask.do == "undo"
                said = self.desk.undo() if undo else self.desk.decide(ask.decisions, ask.by)
                self.state = answered(self.review, self.state, ask, said)
        return ask

    @property
    def frame(self) -> Frame:
        return screen(self.review, self.state, self.look, lambda _: None)

    @property
    def text(self) -> str:
        return "\n".join(line.plain.rstrip() for line in self.frame.lines)

    @property
    def at(self) -> Change:
        return self.review.changes[self.state.at]

    @property
    def cluster(self) -> int:
        return self.review.cluster_of[self.state.at]


def reviewing(run: Run, **more: object) -> Reviewer:
    """A reviewer of a run."""
    return Reviewer(Review(sentence(run), clusters_of(changes(run))), **more)  # type: ignore[arg-type]


def edit(
    capture: str,
    field: str = "byline",
    old: str = "By Ada Lovelace",
    new: str = "Ada Lovelace",
    category: str = "lost",
    **more: object,
) -> CaseResult:
    """A case whose field went from one text to another."""
    same = 0
    while same < min(len(old), len(new)) and old[-1 - same] == new[-1 - same]:
        same += 1
    pieces = (
        Piece("-", old[: len(old) - same]),
        Piece("+", new[: len(new) - same]),
        Piece("=", old[len(old) - same :]),
    )
    kept = tuple(piece for piece in pieces if piece.text)
    diff = FieldDiff(field, "text", category, f"lost in {field}", (Hunk("", kept),), 0.9)
    result = FieldResult(Verdict.CHANGED, "snapshot", diff)
    made = CaseResult(
        capture,
        capture.partition("/")[0],
        Verdict.CHANGED,
        (result,),
        record={field: new},
        accepted={field: old},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def emptied(capture: str) -> CaseResult:
    """A case whose byline is gone."""
    made = edit(capture)
    diff = replace(made.fields[0].diff, new_empty=True, similarity=0.0)
    fields = (replace(made.fields[0], verdict=Verdict.MISSING, diff=diff),)
    return replace(made, verdict=Verdict.MISSING, fields=fields, record={"byline": None})


def contradicted(capture: str) -> CaseResult:
    """A case that a golden is against."""
    made = edit(capture)
    fields = (replace(made.fields[0], verdict=Verdict.WRONG, against="golden"),)
    return replace(made, verdict=Verdict.WRONG, fields=fields)


def doubted(capture: str) -> CaseResult:
    """A case as accepted, which an invariant objects to."""
    finding = Finding("no-lost-space", "byline", "error", "glued", "words stand together", "AdaBy")
    record = {"byline": "AdaBy"}
    return CaseResult(
        capture, "site", Verdict.SUSPECT, record=record, accepted=record, findings=(finding,)
    )


def a_run(results: Iterable[CaseResult]) -> Run:
    return Run(tuple(results))
