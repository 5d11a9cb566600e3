"""How well extractors do against goldens: fields, pages, intervals and speed, side by side."""

from harness.scoreboard.fields import SNIPPETS
from harness.scoreboard.measure import Got, Page, scored
from harness.scoreboard.model import BINS, Board, Extractor, Field, Measure, PageScore, Speed
from harness.scoreboard.run import Ground, Records, ground_of, score, truth_of

__all__ = [
    "BINS",
    "SNIPPETS",
    "Board",
    "Extractor",
    "Field",
    "Got",
    "Ground",
    "Measure",
    "Page",
    "PageScore",
    "Records",
    "Speed",
    "ground_of",
    "score",
    "scored",
    "truth_of",
]
