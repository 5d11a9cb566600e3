"""What a page seems to hold as content, and what follows for two texts that claim to be it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from harness.content.contrast import Held, Soft, contrast, pair, soft, summary
from harness.content.coverage import Ground, Text
from harness.content.features import features
from harness.content.model import Model, model
from harness.content.units import Source
from harness.page import Page


@dataclass(frozen=True, slots=True)
class Estimate:
    """How two texts of a page compare: ``lead`` are the log odds that the second is better
    (negative: the first), ``distance`` how far their scores lie apart, 0 to 1."""

    lead: float
    distance: float


class Reference:
    """A page with the chance of each of its lines to be content."""

    def __init__(self, page: Page, given: Model | None = None) -> None:
        self.page = page
        self.model = given or model()
        self.source = Source(page)
        self._held: dict[tuple[str, ...], Held] = {}

    @cached_property
    def ground(self) -> Ground:
        """The page's words, to look texts up in."""
        return Ground(self.source.units)

    @cached_property
    def soft(self) -> Soft:
        """The lines with their chances."""
        units = self.source.units
        rows = features(self.source)
        chances = self.model.chances(rows)
        return soft(rows, [u.text for u in units], [len(u.words) for u in units], chances)

    def held(self, text: Text) -> Held:
        """What a text holds of the page; looked up once for each text."""
        found = self._held.get(text.lines)
        if found is None:
            ground, size = self.ground, len(text.words)
            found = Held(ground.covered(text), size, ground.unknown(text), len(text.lines))
            self._held[text.lines] = found
        return found

    def compare(self, old: Held, new: Held) -> Estimate:
        """Which of two texts is the better content of this page, and by how much."""
        page = self.soft
        before, after = summary(page, old), summary(page, new)
        lost, got, around = contrast(page, old, new)
        forward = pair(before, after, (lost, got, around))
        backward = pair(after, before, (got, lost, around))
        return Estimate(self.model.lead(forward, backward), self.model.distance(forward, backward))
