"""What is said of a change: better, worse or neutral, how sure, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["better", "worse", "neutral"]
Basis: TypeAlias = Literal["golden", "invariants", "page", "equal"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a field's new value is better or worse than its old one.

    ``confidence`` runs from 0 to 1: twice the chance that the verdict is right, less 1, so that a
    guess has 0. ``delta`` is the new score minus the old, −1 to 1; estimated where there is no
    golden. ``basis`` is what the verdict rests on. ``reasons`` are for people, the weightiest
    first.
    """

    verdict: Side
    confidence: float
    delta: float
    basis: Basis
    reasons: tuple[str, ...] = ()

    @property
    def risk(self) -> float:
        """The score that is at risk, 0 to 1: the size of the step × the chance that it is one down.

        Pages in this order show those that lost much sooner than ``delta × confidence`` does: a
        large step of doubtful sign comes before a small one that is surely down.
        """
        signed = self.confidence if self.delta > 0 else -self.confidence
        return abs(self.delta) * (1 - signed) / 2


def of_odds(odds: float, size: float, basis: Basis, reasons: tuple[str, ...]) -> Judgement:
    """A judgement by its log odds (negative: worse) and how far the scores lie apart, 0 to 1."""
    if not odds:
        return Judgement("neutral", 0.0, 0.0, basis, reasons)
    confidence = math.tanh(abs(odds) / 2)
    delta = math.copysign(min(size, 1.0), odds)
    return Judgement("better" if odds > 0 else "worse", confidence, delta, basis, reasons)


def of_scores(
    old: float, new: float, confidence: float, basis: Basis, reasons: tuple[str, ...]
) -> Judgement:
    """A judgement by what both values are worth, 0 to 1, and how sure such a step is."""
    delta = new - old
    if abs(delta) < 1e-9:
        return Judgement("neutral", confidence, 0.0, basis, reasons)
    return Judgement("better" if delta > 0 else "worse", confidence, delta, basis, reasons)
