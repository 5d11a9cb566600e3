"""What a reviewer needs to see beside a verdict: the page, and which field claims which text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from harness import records
from harness.claims import Claims, Mark, claim
from harness.errors import HarnessError
from harness.model import Capture, CaseResult, family_of
from harness.page import Page
from harness.provenance import Tracer
from harness.text import squash
from harness.visible import Line

# Laying out and aligning a page costs a second for each megabyte.
LARGEST = 8_000_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """The capture behind one result, aligned with the record that came out of it.

    ``now`` holds the claims of the new record; ``lost[i]`` the spans of line ``i`` that the
    accepted record claimed and the new one does not; ``source`` is the decoded page; ``tracer``
    finds where else than in these lines a text stands.
    """

    capture: Capture
    now: Claims
    lost: tuple[tuple[Mark, ...], ...]
    source: str
    tracer: Tracer

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.now.lines


def gather(result: CaseResult, load: Callable[[str], Capture]) -> Evidence:
    """Aligns a result's records with its capture, which ``load`` reads by its ``site/name``.

    Raises what ``load`` raises (CorpusError) when the capture cannot be read any more, and
    HarnessError for a page so large that nobody would read it in a report.
    """
    capture = load(result.capture)
    if len(capture.body) > LARGEST:
        raise HarnessError(
            f"the page has {len(capture.body):,} bytes, too many to show here; see"
            f" `harness extract {result.id}`"
        )
    page = Page(capture)
    lines = page.visible
    now = claim(dict(result.record or {}), lines)
    before = claim(dict(result.accepted or {}), lines)
    lost = tuple(
        tuple(mark for mark in old if not _covered(mark, new, line))
        for line, old, new in zip(lines, before.marks, now.marks, strict=True)
    )
    return Evidence(capture, now, lost, page.source, Tracer(page))


def differing(result: CaseResult) -> set[str]:
    """The paths of the new record whose text the accepted one did not have in that field.

    By text and not by path: where records came, went or moved, the new ones have other numbers.
    """
    before: dict[str, set[str]] = {}
    for path, text in records.leaves(dict(result.accepted or {})):
        before.setdefault(family_of(path), set()).add(text)
    paths = {
        path
        for path, text in records.leaves(dict(result.record or {}))
        if result.accepted is not None and text not in before.get(family_of(path), ())
    }
    # What contradicts the golden may be as it was accepted; then the whole field is meant.
    fields = {top for path in paths for top in ancestors(path)}
    return paths | {r.field for r in result.fields if r.against == "golden"} - fields


def ancestors(path: str) -> Iterator[str]:
    """A path and those above it: ``a.b[0]``, ``a``, ``a.b``."""
    yield path
    for i, char in enumerate(path):
        if char in "[.":
            yield path[:i]


def within(path: str, parents: Set[str]) -> bool:
    """Whether a path is, or lies in, one of ``parents``."""
    return bool(parents) and any(parent in parents for parent in ancestors(path))


def _covered(mark: Mark, marks: tuple[Mark, ...], line: Line) -> bool:
    """Whether every visible character of a span is claimed by one of ``marks``."""
    position = mark.start
    for other in marks:
        if other.end > position:
            if squash(line.text[position : min(other.start, mark.end)]):
                return False
            position = max(position, other.end)
        if position >= mark.end:
            return True
    return not squash(line.text[position : mark.end])
