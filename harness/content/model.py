"""What was learnt from pages whose content is known: how likely a line is content, and which of
two texts of a page is the better one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.content.contrast import NAMES
from harness.content.features import FEATURES
from harness.content.trees import Trees, trees_of

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Model:
    """``lines`` judges a line by its features; ``better`` and ``lean`` judge a pair of texts by
    their numbers, and ``size`` how far their scores lie apart. ``sure`` scales a judgement so that
    its logistic is the chance to be right; ``made`` tells from what all this was learnt."""

    lines: Trees
    better: Trees
    lean: tuple[tuple[int, float], ...]
    size: Trees
    sure: float
    made: Mapping[str, Any]

    def chances(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """For each line's features the chance that it is content."""
        return [_logistic(self.lines(row)) for row in rows]

    def lead(self, forward: Sequence[float], backward: Sequence[float]) -> float:
        """How much speaks for the second text of a pair, as log odds; negative: for the first.

        ``forward`` are the numbers of the pair, ``backward`` those of the pair the other way
        round; exchanging both changes the sign and nothing else.
        """
        straight = sum(weight * (forward[n] - backward[n]) for n, weight in self.lean)
        return self.sure * ((self.better(forward) - self.better(backward)) / 2 + straight)

    def distance(self, forward: Sequence[float], backward: Sequence[float]) -> float:
        """How far the scores of both texts lie apart, 0 to 1, whichever is better."""
        root = (self.size(forward) + self.size(backward)) / 2
        return min(max(root, 0.0) ** 2, 1.0)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


@cache
def model() -> Model:
    """The model that the harness comes with; read once."""
    return read_model(WEIGHTS)


def read_model(path: Path) -> Model:
    """A table that ``tools/fit_content_model.py`` wrote. Raises ValueError where its columns are
    not those of this code."""
    table = json.loads(path.read_text("utf-8"))
    lines, better, size = (trees_of(table[name]) for name in ("lines", "better", "size"))
    if lines.columns != FEATURES or (better.columns, size.columns) != (NAMES, NAMES):
        raise ValueError(f"{path}: made for other features; run tools/fit_content_model.py")
    lean = tuple((NAMES.index(name), float(weight)) for name, weight in table["lean"].items())
    return Model(lines, better, lean, size, float(table["sure"]), table["made"])
