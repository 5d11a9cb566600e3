"""Which words of a page a text holds, and which of its words the page does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.content.units import SHINGLE, Shingle, Unit, shingles
from harness.text import collapse, words


@dataclass(frozen=True)
class Text:
    """A text of a record: its lines, and its words in order."""

    lines: tuple[str, ...]

    @cached_property
    def words(self) -> list[str]:
        """All words, lines run together."""
        return words("\n".join(self.lines))

    @cached_property
    def runs(self) -> set[Shingle]:
        """Every four words that follow each other."""
        return set(shingles(self.words))

    @cached_property
    def short(self) -> set[Shingle]:
        """The lines of fewer than four words."""
        found = (tuple(words(line)) for line in self.lines if len(line) < 200)
        return {line for line in found if 0 < len(line) < SHINGLE}


def text_of(text: str) -> Text:
    """A text by its lines, empty ones left out."""
    return Text(tuple(line for part in text.splitlines() if (line := collapse(part))))


class Ground:
    """The words of a page as one sequence, to look texts up in."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.words = [word for unit in units for word in unit.words]
        self.runs = shingles(self.words)

    @cached_property
    def known(self) -> set[Shingle]:
        """Every four words that follow each other on the page."""
        return set(self.runs)

    @cached_property
    def vocabulary(self) -> set[str]:
        """Every word of the page."""
        return set(self.words)

    def covered(self, text: Text) -> list[int]:
        """How many words of each unit stand in the text, in runs of four or as a line of fewer."""
        held = bytearray(len(self.words))
        runs, four = text.runs, b"\1" * SHINGLE
        for start, run in enumerate(self.runs):
            if run in runs:
                held[start : start + SHINGLE] = four
        found, position = [], 0
        short = text.short
        for unit in self.units:
            end = position + len(unit.words)
            if len(unit.words) < SHINGLE and short and unit.words in short:
                found.append(len(unit.words))
            else:
                found.append(held.count(1, position, end))
            position = end
        return found

    def unknown(self, text: Text) -> int:
        """How many words of the text stand nowhere on the page."""
        known = self.vocabulary
        return sum(word not in known for word in text.words)
