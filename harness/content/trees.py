"""Sums of decision trees, read from a table and asked without any library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

# A leaf is its value; a fork is the column it asks, the threshold, what follows at or below it,
# and what follows above.
Tree: TypeAlias = "float | tuple[int, float, Tree, Tree]"


@dataclass(frozen=True, slots=True)
class Trees:
    """``base`` plus one value of each tree. ``columns`` names the numbers that a row holds."""

    columns: tuple[str, ...]
    base: float
    trees: tuple[Tree, ...]

    def __call__(self, row: Sequence[float]) -> float:
        total = self.base
        for tree in self.trees:
            node = tree
            while type(node) is tuple:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node  # type: ignore[operator]
        return total


def trees_of(table: Mapping[str, Any]) -> Trees:
    """The trees of a table as ``tools/fit_content_model.py`` writes it."""
    forks = tuple(_tree(each) for each in table["trees"])
    return Trees(tuple(table["columns"]), float(table["base"]), forks)


def _tree(node: Any) -> Tree:
    if not isinstance(node, list):
        return float(node)
    column, threshold, low, high = node
    return int(column), float(threshold), _tree(low), _tree(high)
