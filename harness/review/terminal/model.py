"""What a review in the terminal knows: what there is to decide, and where the reviewer is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

from harness.changes import Change

if TYPE_CHECKING:
    from harness.clusters import ChangeCluster

Kind = Literal["accept", "reject", "approve"]
Key = tuple[str, str, str]
"""What a decision is about: case, path of the field, category of the change."""

View = Literal["inline", "aside", "old", "new"]
VIEWS: tuple[View, ...] = ("inline", "aside", "old", "new")
Mode = Literal["change", "values", "help", "find", "name"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is decided about one change, now or before, here or by somebody else.

    ``written``: a snapshot or golden has it; else it is only recorded.
    """

    decision: Kind
    by: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of what was asked of a :class:`Desk`.

    ``known`` has what is decided now; None where a decision was taken back. ``refused`` says why
    of those that could not be applied: stale ones, files that cannot be written.
    """

    known: Mapping[Key, Known | None] = field(default_factory=dict)
    refused: Sequence[tuple[Key, str]] = ()


class Desk(Protocol):
    """Who applies decisions. None of its methods raises for what cannot be applied."""

    def decide(self, decisions: Sequence[tuple[Change, Kind]], by: str) -> Answer:
        """Applies decisions as one step of undo."""

    def undo(self) -> Answer:
        """Takes the last step back; an empty answer where there is none."""

    def known(self) -> Answer:
        """All that is decided about the changes of the run, by whomever."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a key asks of the outer world."""

    do: Literal["decide", "undo", "leave"]
    decisions: tuple[tuple[Change, Kind], ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Review:
    """What there is to review: it stays the same while the state goes on."""

    verdict: str
    clusters: tuple[ChangeCluster, ...]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change, cluster by cluster."""
        return tuple(change for cluster in self.clusters for change in cluster.changes)

    @cached_property
    def cluster_of(self) -> tuple[int, ...]:
        """For each change, which cluster it is in."""
        return tuple(i for i, cluster in enumerate(self.clusters) for _ in cluster.changes)

    def holding(self, query: str) -> tuple[int, ...]:
        """The changes that have all words of a query in what they are called or say."""
        words = query.casefold().split()
        if not words:
            return tuple(range(len(self.changes)))
        return tuple(i for i in range(len(self.changes)) if self._has(i, words))

    def _has(self, i: int, words: Iterable[str]) -> bool:
        change, cluster = self.changes[i], self.clusters[self.cluster_of[i]]
        said = [change.case, change.field, str(change.verdict), change.category, change.summary]
        if change.found is not None:
            hunks = change.found.diff.hunks
            said += [piece.text for hunk in hunks for piece in hunk.pieces if piece.op != "="]
        text = " ".join([*said, cluster.title]).casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of the text a screen shows: ``page`` lines, and how far it can be scrolled."""

    page: int = 1
    last: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Where the reviewer is.

    ``shown`` are the changes that ``query`` leaves, ``at`` is one of them. ``scroll`` is the first
    line of the text that is on the screen. ``entry`` is what is being typed, ``wanted`` what waits
    for it. ``named`` is true once the reviewer said who approves. ``left`` is how many changes
    nobody decided about.
    """

    shown: tuple[int, ...]
    known: Mapping[Key, Known]
    by: str
    left: int = 0
    at: int = 0
    view: View = "inline"
    mode: Mode = "change"
    scroll: int = 0
    query: str = ""
    entry: str = ""
    wanted: tuple[tuple[Change, Kind], ...] = ()
    named: bool = False
    message: str = ""


def key_of(change: Change) -> Key:
    """What decisions about a change are known by."""
    return change.case, change.field, change.category


def decided(state: State, change: Change) -> Known | None:
    """What is decided about a change."""
    return state.known.get(key_of(change))
