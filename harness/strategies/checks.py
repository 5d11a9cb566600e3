"""Assertions for property tests: their first line says what broke, and how to see it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from hypothesis import target

from harness.extraction import Extractor, extract
from harness.invariants import check
from harness.model import Capture, Finding, Outcome, Tree
from harness.mutations import Broken
from harness.records import tag_of
from harness.strategies.trials import Trial
from harness.text import shorten, words

AnyExtractor = Extractor | Callable[[Capture], object]


def extractor_of(function: AnyExtractor) -> Extractor:
    """An extractor, from itself or a plain function of a capture."""
    if isinstance(function, Extractor):
        return function
    return Extractor(getattr(function, "__name__", "extractor"), function, ("*",))


def broken_by(extractor: AnyExtractor, trial: Trial) -> list[Broken]:
    """Where an extractor breaks the relation of a trial; nothing when it raises on the original."""
    under_test = extractor_of(extractor)
    before = extract(under_test, trial.original)
    return trial.relation.check(before, extract(under_test, trial.capture))


def assert_holds(extractor: AnyExtractor, trial: Trial, *, aim: str | None = None) -> None:
    """Raises AssertionError when an extractor breaks the relation of a mutated capture.

    Its first line says field, fault class, mutations with seeds, and the command that shows it
    again on a shrunk page. ``aim`` is a label for Hypothesis's ``target``: with it, the search
    goes towards mutations that lose more of the record's words, also where nothing is broken yet.
    An extractor that raises on the original page is a failure, too.
    """
    under_test = extractor_of(extractor)
    before = extract(under_test, trial.original)
    if before.failure is not None:
        raise AssertionError(
            f"*: raised on the unmutated {trial.original.id}: {before.failure.type}:"
            f" {shorten(before.failure.message, 120)}"
        )
    after = extract(under_test, trial.capture)
    if aim is not None:
        target(token_loss(before, after), label=aim)
    found = trial.relation.check(before, after)
    if found:
        raise AssertionError(_report(under_test, trial, found))


def _report(extractor: Extractor, trial: Trial, found: list[Broken]) -> str:
    made = ", ".join(f"{name} (seed {seed})" for name, seed in trial.steps)
    first = found[0]
    return "\n".join(
        [
            f"{first.field}: {first.fault} under {made}; {_command(extractor, trial, first)}",
            f"relation {first.relation} on {trial.original.id}: {trial.note}",
            *(f"  {broken.field}: {broken.fault}: {broken.message}" for broken in found),
        ]
    )


def _command(extractor: Extractor, trial: Trial, found: Broken) -> str:
    made = " ".join(f"--mutation {name}:{seed}" for name, seed in trial.steps)
    pinned = f"--field {found.field} --fault {found.fault}"
    return f"harness shrink {trial.original.id} -x {extractor.name} {made} {pinned}"


def assert_sound(record: Mapping[str, object], capture: Capture) -> None:
    """Raises AssertionError when an invariant finds an error in a record of a capture.

    ``record`` is as an extractor returns it, or a tree. Findings of severity ``warning`` and
    waived ones pass.
    """
    found = [f for f in check(record, capture) if f.severity == "error" and not f.waived]
    if found:
        lines = [_finding(finding) for finding in found]
        raise AssertionError("\n".join([f"{lines[0]}; harness extract {capture.id}", *lines[1:]]))


def _finding(finding: Finding) -> str:
    return f"{finding.field}: {finding.fault} ({finding.invariant}): {finding.message}"


def token_loss(before: Outcome, after: Outcome) -> float:
    """The share of a record's words that is gone, from 0 to 1; 1 when there is no record left."""
    if before.record is None:
        return 0.0
    if after.record is None:
        return 1.0
    old = Counter(_words(before.record))
    lost = old - Counter(_words(after.record))
    return lost.total() / max(1, old.total())


def _words(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield from words(tree)
    elif isinstance(tree, list):
        for item in tree:
            yield from _words(item)
    elif isinstance(tree, dict) and tag_of(tree) is None:
        for item in tree.values():
            yield from _words(item)
