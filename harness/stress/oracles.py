"""What must stay true while a page is shrunk: the same thing goes wrong in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness import records
from harness.extraction import Extractor, extract
from harness.invariants import Invariant, Subject, examine
from harness.model import Capture, Failure, Finding, Outcome, Tree, first_line
from harness.mutations import Broken, Mutated, mutate
from harness.text import words

# Numbers and quoted page text differ from page to page where the failure is the same.
_PARTICULARS = re.compile(r"\d+|'[^']*'|\"[^\"]*\"")


class Oracle(Protocol):
    """Whether a page still fails, and one line that says how."""

    def __call__(self, capture: Capture) -> bool: ...

    def says(self, capture: Capture) -> str:
        """How it fails; "" when it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutated page: outcomes before and after, and how the relation broke."""

    before: Outcome
    mutated: Mutated
    after: Outcome
    broken: Broken


@dataclass(frozen=True)
class RelationOracle:
    """A relation breaks under these steps: the same relation, field and fault class.

    None of a pin leaves it open. The field must hold words before the mutation: a record that is
    empty already breaks relations for other reasons. ``failure`` pins what is raised.
    """

    extractor: Extractor
    steps: Sequence[tuple[str, int]]
    relation: str | None = None
    field: str | None = None
    fault: str | None = None
    failure: Failure | None = None

    def trial(self, capture: Capture) -> Trial | None:
        """The mutated page on which it breaks, or None."""
        mutated = mutate(capture, self.steps)
        if mutated is None or self.relation not in (None, mutated.relation.name):
            return None
        before = extract(self.extractor, capture)
        if before.record is None or not mutated.relation.applies(before):
            return None
        after = extract(self.extractor, mutated.capture)
        for broken in mutated.relation.check(before, after):
            if self._pinned(broken, before.record, after):
                return Trial(before, mutated, after, broken)
        return None

    def _pinned(self, broken: Broken, before: dict[str, Tree], after: Outcome) -> bool:
        if self.field not in (None, field_of(broken.field)):
            return False
        if self.fault not in (None, broken.fault):
            return False
        if self.failure and not (after.failure and same_failure(self.failure, after.failure)):
            return False
        return has_words(before, field_of(broken.field)) or broken.fault in ("invented", "literal")

    def __call__(self, capture: Capture) -> bool:
        return self.trial(capture) is not None

    def says(self, capture: Capture) -> str:
        found = self.trial(capture)
        if found is None:
            return ""
        return f"{found.broken.relation}: {found.broken.field}: {found.broken.message}"


@dataclass(frozen=True)
class FindingOracle:
    """An invariant objects to the record: the same invariant, field and fault class."""

    extractor: Extractor
    invariants: Sequence[Invariant]
    field: str | None = None
    fault: str | None = None
    severity: str | None = "error"
    roles: Mapping[str, str] | None = None

    def finding(self, capture: Capture) -> Finding | None:
        """The finding that is pinned, or None."""
        outcome = extract(self.extractor, capture)
        if outcome.record is None:
            return None
        for found in examine(Subject(outcome.record, capture, roles=self.roles), self.invariants):
            root = field_of(found.field)
            if (
                self.field in (None, root)
                and self.fault in (None, found.fault)
                and self.severity in (None, found.severity)
            ):
                return found
        return None

    def __call__(self, capture: Capture) -> bool:
        return self.finding(capture) is not None

    def says(self, capture: Capture) -> str:
        found = self.finding(capture)
        return f"{found.invariant}: {found.field}: {found.message}" if found else ""


@dataclass(frozen=True)
class RaisesOracle:
    """The extractor raises: the same type, with the same message but for its particulars."""

    extractor: Extractor
    failure: Failure

    def __call__(self, capture: Capture) -> bool:
        failure = extract(self.extractor, capture).failure
        return failure is not None and same_failure(failure, self.failure)

    def says(self, capture: Capture) -> str:
        failure = extract(self.extractor, capture).failure
        return f"raises {failure.type}: {first_line(failure.message)}" if failure else ""


def same_failure(one: Failure, other: Failure) -> bool:
    """Whether two failures are one: numbers and quoted parts of their messages do not count."""
    return one.type == other.type and _general(one.message) == _general(other.message)


def _general(message: str) -> str:
    return _PARTICULARS.sub("…", first_line(message))


def field_of(path: str) -> str:
    """The field of a record that a path is in: ``body[2]`` → ``body``."""
    return path.partition(".")[0].partition("[")[0]


def has_words(record: dict[str, Tree], field: str) -> bool:
    """Whether a field (``*``: any) holds a word or a value."""
    values = list(record.values()) if field == "*" else [record.get(field)]
    return any(_holds(value) for value in values)


def _holds(value: Tree) -> bool:
    texts = [text for _, text in records.leaves(value)]
    if texts:
        return any(words(text) for text in texts)
    return value not in (None, "", [], {}) and not isinstance(value, list)
