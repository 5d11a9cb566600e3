"""The texts that a page holds, line by line: those it shows, those it hides, those in its data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from harness.invariants.metadata import Metadata
from harness.invariants.reading import Element, Reading
from harness.page import Page, fragment
from harness.text import collapse, words

Origin: TypeAlias = Literal["shown", "hidden", "data"]

# A run of so many words hardly stands in two texts by chance.
SHINGLE = 4
Shingle: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A line of a page. ``linked`` is how many of its characters are linked.

    ``holder`` is the element around it; None for what the page does not show: hidden lines
    (``origin`` is ``hidden``) and the lines of its JSON-LD's article (``data``).
    """

    text: str
    words: tuple[str, ...]
    linked: int
    holder: Element | None
    origin: Origin


class Source:
    """A page, read once, as a sequence of units with their words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reading = Reading(page)
        self.metadata = Metadata(page)

    @cached_property
    def units(self) -> list[Unit]:
        """The lines shown, then the hidden ones, then those that only its data hold."""
        reading = self.reading
        found = [
            Unit(text, tuple(words(text)), linked, reading.holder(number), "shown")
            for number, (text, linked) in enumerate(zip(reading.texts, reading.linked, strict=True))
        ]
        known = set(reading.texts)
        seen: set[Shingle] = set()
        for unit in found:
            seen.update(shingles(unit.words))
        hidden: list[tuple[str, Origin]] = [(text, "hidden") for text in reading.hidden]
        stated: list[tuple[str, Origin]] = [(text, "data") for text in self.stated]
        for text, origin in hidden + stated:
            if text in known:
                continue
            known.add(text)
            own = tuple(words(text))
            runs = shingles(own)
            # What the page shows too, in other lines, is counted there.
            if own and not (runs and sum(run in seen for run in runs) * 2 > len(runs)):
                found.append(Unit(text, own, 0, None, origin))
                seen.update(runs)
        return [unit for unit in found if unit.words]

    @cached_property
    def stated(self) -> list[str]:
        """The lines of the article that the page's JSON-LD holds."""
        text = self.metadata.article_body
        if "<" in text or "&" in text:
            return [line for line in fragment(text).lines() if line.strip()]
        return [line for part in text.splitlines() if (line := collapse(part))]


def shingles(sequence: tuple[str, ...] | list[str]) -> list[Shingle]:
    """The runs of four words of a sequence; none where it is shorter."""
    parts = (sequence, sequence[1:], sequence[2:], sequence[3:])
    return list(zip(*parts, strict=False))
