"""How a record must, or must not, change when its page is mutated.

A relation holds two outcomes of one extractor against each other: before and after. It asks
nothing of the fields' names: a field is judged when it holds the text that was touched, and where
no field does, the relation does not apply (:meth:`Relation.applies`), which is not the same as
that it held. "The same tokens" are :func:`harness.text.words`: white space, punctuation and the
cut into paragraphs do not count.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeGuard

from harness.model import Outcome, Tree
from harness.mutations.differences import (
    Difference,
    Planted,
    role_of,
    values_differ,
    words_differ,
    words_of,
)
from harness.text import shorten

Record = dict[str, Tree]


@dataclass(frozen=True, slots=True)
class Broken:
    """How a relation was broken in one field; ``field`` is ``*`` when there is no record."""

    relation: str
    field: str
    fault: str
    message: str


@dataclass(frozen=True)
class Relation(ABC):
    """What ties the record of a mutated page to the record of the page as it was.

    ``must_hold``: an extractor that breaks it is at fault. Otherwise it is measured only.
    """

    name: ClassVar[str] = ""
    must_hold: ClassVar[bool] = True

    def applies(self, before: Outcome) -> bool:
        """Whether there is anything to judge: a record, and in it the text that was touched."""
        return before.record is not None

    def judges(self, tree: Tree) -> bool:  # noqa: ARG002 - some relations ask
        """Whether a field that held this is judged: of any other it cannot be said that it held."""
        return True

    def check(self, before: Outcome, after: Outcome) -> list[Broken]:
        """Where it is broken, at most once a field; nothing where it does not apply."""
        if before.record is None or not self.applies(before):
            return []
        if after.record is None:
            failure = after.failure
            shown = f"{failure.type}: {failure.message}" if failure else "no record"
            return [Broken(self.name, "*", "raised", f"the extractor raised {shorten(shown, 160)}")]
        found = self.compare(before.record, after.record)
        return [Broken(self.name, field, diff.fault, diff.message) for field, diff in found]

    @abstractmethod
    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        """The fields in which two records break the relation."""


def _fields(before: Record, after: Record) -> list[str]:
    return list({**before, **after})


@dataclass(frozen=True)
class SameRecord(Relation):
    """The record is the same, to the last character."""

    name = "same-record"

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field in _fields(before, after):
            old, new = before.get(field), after.get(field)
            if old != new:
                yield (
                    field,
                    _tokens_differ(field, old, new)
                    or Difference(
                        "type", f"differs in white space or type: {_dump(old)} and {_dump(new)}"
                    ),
                )


def _dump(tree: Tree) -> str:
    return shorten(json.dumps(tree, ensure_ascii=False), 60)


def _tokens_differ(
    field: str, old: Tree, new: Tree, planted: Sequence[Planted] = (), ignore: str = ""
) -> Difference | None:
    if old == new and not planted:
        return None
    if _is_records(old) and _is_records(new) and len(new) < len(old):
        lost = _members(old) - _members(new)
        if not _members(new) - _members(old):
            shown = shorten(" ".join(map(str, next(iter(lost), ()))))
            return Difference("card-lost", f"{len(old) - len(new)} of {len(old)} lost: {shown!r}")
    by_words = words_differ(
        field, words_of(old, ignore), words_of(new, ignore), planted, role_of(field, old, new)
    )
    return by_words or values_differ(field, old, new)


def _is_records(tree: Tree) -> TypeGuard[list[Tree]]:
    return isinstance(tree, list) and bool(tree) and all(isinstance(item, dict) for item in tree)


@dataclass(frozen=True)
class SameTokens(Relation):
    """Every field has the same words, in order, and the same numbers and instants.

    ``planted`` is text that the mutation added where no field may take it from. The characters of
    ``ignore`` count as not there.
    """

    name = "same-tokens"
    planted: tuple[Planted, ...] = ()
    ignore: str = ""

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field in _fields(before, after):
            found = _tokens_differ(
                field, before.get(field), after.get(field), self.planted, self.ignore
            )
            if found:
                yield field, found


@dataclass(frozen=True)
class SameProse(Relation):
    """The fields that hold running text have the same words; others may change.

    For what takes a page's metadata away: title, author and date may have stood only there.
    """

    name = "same-prose"
    # A title or a line about the author is shorter.
    shortest: int = 40

    def applies(self, before: Outcome) -> bool:
        return before.record is not None and any(map(self.judges, before.record.values()))

    def judges(self, tree: Tree) -> bool:
        return len(words_of(tree).flat) >= self.shortest

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field, tree in before.items():
            if self.judges(tree):
                new = words_of(after.get(field))
                if found := words_differ(field, words_of(tree), new, role="prose"):
                    yield field, found


@dataclass(frozen=True)
class PermutesRecords(Relation):
    """Lists keep their members, in another order; everything else has the same tokens."""

    name = "permutes-records"

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field in _fields(before, after):
            old, new = before.get(field), after.get(field)
            if isinstance(old, list) and isinstance(new, list) and _members(old) == _members(new):
                continue
            if found := _tokens_differ(field, old, new):
                yield field, found


def _members(items: list[Tree]) -> Counter[tuple[object, ...]]:
    return Counter(tuple(words_of(item).flat) for item in items)


@dataclass(frozen=True)
class MayDrift(Relation):
    """What ``base`` asks, but measured only: a right extractor may break it too."""

    name = "may-drift"
    must_hold = False
    base: Relation = SameTokens()

    def applies(self, before: Outcome) -> bool:
        return self.base.applies(before)

    def judges(self, tree: Tree) -> bool:
        return self.base.judges(tree)

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        return self.base.compare(before, after)


def combine(relations: Sequence[Relation]) -> Relation:
    """The relation of several mutations, one after the other: the strongest that surely holds.

    Any that may drift makes the whole so. One predictable change among relations of sameness
    stays what it is. Two predictable changes are not worked out: what they do to each other
    depends on where they fell, so the whole may drift. Sameness is as weak as the weakest.
    """
    if len(relations) == 1:
        return relations[0]
    planted = tuple(p for r in relations if isinstance(r, SameTokens) for p in r.planted)
    ignore = "".join(r.ignore for r in relations if isinstance(r, SameTokens))
    same = SameTokens(planted, ignore)
    changes = [r for r in relations if not isinstance(r, SameRecord | SameTokens)]
    if any(not r.must_hold for r in relations) or len(changes) > 1:
        return MayDrift(same)
    if not changes:
        exact = all(isinstance(r, SameRecord) for r in relations)
        return SameRecord() if exact else same
    # Where planted text stands beside a change in the prose, neither can be told from the other.
    return MayDrift(same) if planted or ignore else changes[0]
