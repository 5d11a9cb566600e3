"""Why a change is held to be for the better or the worse, as the report says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.changes import Change
from harness.content import Model
from harness.model import CaseResult, root_of
from harness.plausible import Judgement, judge_page
from harness.report.evidence import Evidence

Side = Literal["worse", "better", "unsure", "neutral"]

# A judgement less sure than this is told as "hard to tell", as `harness compare` counts them.
SURE = 0.5
REASONS = 3
# Judging reads every line of a page: a second for each megabyte, and no article is of this size.
LARGEST = 1_000_000

# What a change is called is all that is known of it where neither golden, invariant nor page speak:
# these are losses whichever text they happen to, and these alter no word.
_HARMS = frozenset(
    {"type", "lost", "truncated", "misplaced", "encoding", "glued", "split", "duplicated"}
    | {"chrome", "place"}
)
_FORM = frozenset({"case", "punctuation", "unseen", "whitespace", "equivalent"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A side, the ground for it in a few words, and reasons, the weightiest first."""

    side: Side
    said: str
    reasons: tuple[str, ...] = ()


def judged(change: Change, by_page: Mapping[str, Judgement], meaning: str) -> Judged | None:
    """What to think of a change; None where it is no change of a value.

    A golden outranks invariants, these outrank the page, and the page outranks the mere kind of the
    change, whose ``meaning`` is told. ``by_page`` are the judgements of :func:`judgements`.
    """
    found = change.found
    if found is None:
        return None
    if found.golden == "agrees":
        return Judged("better", "the golden agrees with the new value: likely a repair")
    if found.golden == "contradicts" or found.against == "golden":
        return Judged("worse", "the golden contradicts the new value")
    doubts = [f.message for f in change.result.suspicions if root_of(f.field) == change.root]
    page = by_page.get(change.root)
    if doubts:
        return Judged("worse", "an invariant objects to the new value", tuple(doubts[:REASONS]))
    if page is not None and page.basis != "equal":
        return _by_page(page)
    if change.category in _FORM:
        return Judged("neutral", "every word is as it was")
    if change.category in _HARMS:
        return Judged("worse", f"by its kind: {meaning}")
    return Judged("unsure", "neither golden nor invariant says which value is right")


def _by_page(page: Judgement) -> Judged:
    reasons = page.reasons[:REASONS]
    if page.verdict == "neutral":
        return Judged("neutral", "the page makes no difference between both values", reasons)
    if page.confidence < SURE:
        return Judged("unsure", f"hard to tell from the page, rather {page.verdict}", reasons)
    return Judged(page.verdict, f"judged by the page, {page.confidence:.0%} sure", reasons)


def judgements(
    result: CaseResult, evidence: Evidence, model: Model | None = None
) -> dict[str, Judgement]:
    """What the page says of each field that differs from the accepted record; nothing if large."""
    if result.record is None or result.accepted is None:
        return {}
    if len(evidence.capture.body) > LARGEST:
        return {}
    return judge_page(
        result.accepted, result.record, evidence.capture, page=evidence.tracer.page, model=model
    )
