"""Bodies: what a text gained and lost of what the page seems to hold as content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.content import Estimate, Held, Reference, Text
from harness.content.units import Unit
from harness.model import Finding, Tree
from harness.plausible.judgement import Basis, Judgement, of_odds
from harness.plausible.values import texts
from harness.text import shorten

# Scores that are expected to lie nearer say nothing: goldens of one page differ by more.
LEAST = 0.003
# What an error that comes or goes adds to the log odds. Errors are rare in right records, and the
# same loss mostly shows in the lines too.
_ERROR = 0.3
# A line is called content where that is likelier than not.
_LIKELY = 0.5
# So many reasons are read.
_MOST = 4


class _Part:
    """Lines that one side has and the other has not, and what kind of text they mostly are."""

    def __init__(self) -> None:
        self.lines = self.words = 0
        self._longest, self._quote = 0, ""
        self._kinds: Counter[str] = Counter()

    def add(self, unit: Unit, count: int) -> None:
        """Counts so many words of a line."""
        self.lines += 1
        self.words += count
        self._kinds[_kind(unit)] += count
        if count > self._longest:
            self._longest, self._quote = count, unit.text

    @property
    def kind(self) -> str:
        """What most of the words are: ``captions``."""
        return self._kinds.most_common(1)[0][0]

    @property
    def quote(self) -> str:
        """The line that has most of the words."""
        return f"'{shorten(self._quote)}'"


def _kind(unit: Unit) -> str:
    holder = unit.holder
    if holder is None:
        return "text that the page hides" if unit.origin == "hidden" else "the page's JSON-LD"
    if holder.caption:
        return "captions"
    if unit.linked * 2 > len(unit.text):
        return "menus and links"
    return "the page's furniture" if holder.chrome else "text beside the content"


def judge_body(
    reference: Reference,
    old: Tree,
    new: Tree,
    old_findings: Sequence[Finding] = (),
    new_findings: Sequence[Finding] = (),
) -> Judgement:
    """Whether the new body is the better content of its page."""
    before, after = Text(tuple(texts(old))), Text(tuple(texts(new)))
    if before.words == after.words:
        return Judgement("neutral", 1.0, 0.0, "equal", ("the same words",))
    was, now = reference.held(before), reference.held(after)
    estimate = reference.compare(was, now)
    errors = _errors(old_findings) - _errors(new_findings)
    odds = estimate.lead + _ERROR * max(-2, min(2, errors))
    reasons = _reasons(reference, was, now)
    reasons += _of_findings(old_findings, new_findings)
    size = _size(estimate, was, now)
    if size < LEAST:
        return Judgement("neutral", 0.5, 0.0, "page", tuple(reasons[:_MOST]))
    basis: Basis = "invariants" if errors and (odds > 0) != (estimate.lead > 0) else "page"
    return of_odds(odds, size, basis, tuple(reasons[:_MOST]))


def _size(estimate: Estimate, was: Held, now: Held) -> float:
    """How far the scores lie apart; what changed bounds it, whatever is learnt."""
    if was.covered == now.covered and was.size == now.size and was.unknown == now.unknown:
        return min(estimate.distance, 0.02)
    return estimate.distance


def _errors(findings: Sequence[Finding]) -> int:
    """How many kinds of errors there are."""
    return len({(f.invariant, f.fault) for f in findings if f.severity == "error"})


def _of_findings(old: Sequence[Finding], new: Sequence[Finding]) -> list[str]:
    gone = {f.invariant for f in old if f.severity == "error"}
    come = {f.invariant: f for f in new if f.severity == "error"}
    said = [f"now {name}: {come[name].message}" for name in come if name not in gone]
    return said[:2] + [f"no longer against {name}" for name in sorted(gone - set(come))][:1]


def _reasons(reference: Reference, was: Held, now: Held) -> list[str]:
    """What was lost and gained, in words, the largest part first."""
    if not now.size:
        return [f"empty now; the page seems to hold {reference.soft.expected:.0f} words of content"]
    parts: list[tuple[int, str]] = []
    for verb, less, more in (("lost", now, was), ("gained", was, now)):
        content, rest = _parts(reference, less, more)
        if content.words:
            said = f"{verb} {content.words} words that read as the page's content: {content.quote}"
            parts.append((content.words, said))
        if rest.words:
            said = f"{verb} {rest.words} words of {rest.kind} ({rest.lines} lines): {rest.quote}"
            parts.append((rest.words, said))
    if now.unknown != was.unknown:
        more_or_less = "more" if now.unknown > was.unknown else "fewer"
        count = abs(now.unknown - was.unknown)
        parts.append((count, f"{count} {more_or_less} words that stand nowhere on the page"))
    again = _repeated(now) - _repeated(was)
    if abs(again) >= 5:
        verb = "repeats" if again > 0 else "no longer repeats"
        parts.append((abs(again), f"{verb} {abs(again)} words"))
    parts.sort(key=lambda part: -part[0])
    found = [said for _, said in parts]
    if not was.size:
        found.insert(0, f"was empty; {now.size} words now")
    return found or ["the same lines in another order or otherwise cut"]


def _repeated(held: Held) -> int:
    return max(0, held.size - held.unknown - sum(held.covered))


def _parts(reference: Reference, less: Held, more: Held) -> tuple[_Part, _Part]:
    """What the second text has and the first has not: likely content, and the rest."""
    content, rest = _Part(), _Part()
    chances, units = reference.soft.chances, reference.source.units
    for number, (low, high) in enumerate(zip(less.covered, more.covered, strict=True)):
        if high > low:
            part = content if chances[number] >= _LIKELY else rest
            part.add(units[number], high - low)
    return content, rest
