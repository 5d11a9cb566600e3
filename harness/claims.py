"""Which text of a page a record claims, found by alignment alone, and what is left unclaimed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from harness import records
from harness.model import Tree
from harness.text import plain_quotes, squash
from harness.visible import Line


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a line, in characters of its text, that a field claims."""

    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True)
class Claims:
    """``marks[i]`` are the sorted, disjoint spans of line ``i``; ``absent`` are fields whose text
    does not stand on the page as a reader sees it (metadata, or made up)."""

    lines: tuple[Line, ...]
    marks: tuple[tuple[Mark, ...], ...]
    absent: tuple[str, ...]

    @property
    def unclaimed(self) -> list[tuple[Line, str]]:
        """The parts of lines that no field claims, in page order, as (line, text)."""
        found = []
        for line, marks in zip(self.lines, self.marks, strict=True):
            position = 0
            for mark in (*marks, Mark(len(line.text), len(line.text), "")):
                if text := line.text[position : mark.start].strip():
                    found.append((line, text))
                position = mark.end
        return found


class _Index:
    """All lines as one string without white space, with the way back to line and character."""

    def __init__(self, lines: Sequence[Line], fold: Callable[[str], str]) -> None:
        parts = [squash(fold(line.text)) for line in lines]
        self.text = "".join(parts)
        self._lines, self._fold = lines, fold
        self._starts = [0, *accumulate(map(len, parts))][:-1]
        # The way back is made for the lines that are asked for: a page of 50 MB has few claims.
        self._places: dict[int, list[int]] = {}
        self.by_line: dict[str, list[int]] = {}
        for number, part in enumerate(parts):
            self.by_line.setdefault(part, []).append(number)
        # Where to go on looking for a text that many fields have: 1,000 cards with one byline.
        self.resume: dict[str, int] = {}

    def at(self, position: int) -> tuple[int, int]:
        """Line number and character of a position in ``text``."""
        # Of lines that start there, the last: those before it are empty.
        line = bisect_right(self._starts, position) - 1
        places = self._places.get(line)
        if places is None:
            # One character at a time: an ellipsis folds to three.
            places = self._places[line] = [
                i for i, char in enumerate(self._lines[line].text) for _ in squash(self._fold(char))
            ]
        return line, places[position - self._starts[line]]


def claim(record: Tree, lines: Sequence[Line]) -> Claims:
    """Aligns every text of a record with the lines of its page.

    A text that fills whole lines claims each such place (a title often stands twice); one inside a
    line claims its first free place. White space does not matter; when a text is not found as it
    is, curly and straight quotes and case count as equal.
    """
    exact = _Index(lines, lambda text: text)
    loose: _Index | None = None
    taken: list[list[Mark]] = [[] for _ in lines]
    absent: list[str] = []
    # Long texts first: a byline inside a body must not take the body's place.
    texts = sorted(records.leaves(record), key=lambda leaf: -len(leaf[1]))
    for path, text in texts:
        key = squash(text)
        if not key:
            continue
        spans = _places(exact, key, lines, taken)
        if not spans:
            loose = loose or _Index(lines, _fold)
            spans = _places(loose, squash(_fold(key)), lines, taken)
        if not spans and loose and squash(_fold(key)) not in loose.text:
            absent.append(path)
        for line, start, end in spans:
            taken[line].append(Mark(start, end, path))
    marks = tuple(tuple(sorted(found, key=lambda m: m.start)) for found in taken)
    return Claims(tuple(lines), marks, tuple(absent))


def _fold(text: str) -> str:
    return plain_quotes(text).casefold()


def _places(
    index: _Index, key: str, lines: Sequence[Line], taken: list[list[Mark]]
) -> list[tuple[int, int, int]]:
    """Spans (line, start, end) that ``key`` claims; empty when it stands nowhere free."""
    # Most texts are lines, and need no search through the page.
    free = [n for n in index.by_line.get(key, ()) if not taken[n]]
    if free:
        return [(n, 0, len(lines[n].text)) for n in free]
    inside: list[tuple[int, int, int]] = []
    whole: list[tuple[int, int, int]] = []
    first_free = len(index.text)
    searched = key in index.resume
    position = index.text.find(key, index.resume.get(key, 0))
    while position >= 0:
        spans = _spans(index, position, position + len(key), lines)
        # A character that folds to several ("…" to "...") may hold the key more than once.
        again = bool(whole) and spans[0][0] <= whole[-1][0]
        if not again and not any(_overlaps(span, taken[span[0]]) for span in spans):
            first_free = min(first_free, position)
            if all(start == 0 and end == len(lines[n].text) for n, start, end in spans):
                whole += spans
            elif not inside or (_bounded(spans, lines) and not _bounded(inside, lines)):
                inside = spans
            if searched and not whole and _bounded(inside, lines):
                break
        position = index.text.find(key, position + len(key))
    if not whole:
        # Claims only grow: no whole line will come free, nor any place before this one.
        index.resume[key] = first_free
    return whole or inside


def _spans(
    index: _Index, start: int, end: int, lines: Sequence[Line]
) -> list[tuple[int, int, int]]:
    first, first_char = index.at(start)
    last, last_char = index.at(end - 1)
    if first == last:
        return [(first, first_char, last_char + 1)]
    middle = [(n, 0, len(lines[n].text)) for n in range(first + 1, last) if lines[n].text]
    return [
        (first, first_char, len(lines[first].text)),
        *middle,
        (last, 0, last_char + 1),
    ]


def _overlaps(span: tuple[int, int, int], marks: list[Mark]) -> bool:
    return any(span[1] < mark.end and mark.start < span[2] for mark in marks)


def _bounded(spans: list[tuple[int, int, int]], lines: Sequence[Line]) -> bool:
    """Whether a span begins and ends between words."""
    (first, start, _), (last, _, end) = spans[0], spans[-1]
    before = lines[first].text[start - 1 : start] if start else ""
    return not (before.isalnum() or lines[last].text[end : end + 1].isalnum())
