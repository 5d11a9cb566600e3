"""The page's lines that one line of a record is made of: Markdown taken off, joined lines apart.

Extractors write lists, headings, emphasis, links and tables as plain text or Markdown does, and
some give a whole body as one line. Held against the page as it stands, such a line would seem
full of faults.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from harness.text import squash

# Marks that begin a line: https://spec.commonmark.org/0.31.2/ (ATX headings, list items, quotes),
# and what plain text has for list items. They stand before a blank.
_LEAD = re.compile(
    r"\s*(?:(?:#{1,6}|[-*+•·‣▪▫◦○●■□–—>✓✔➤►▶→]|\(?(?:\d{1,3}|[a-zA-Z])[.)])(?:\s+|$))+"
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
# Underscores inside of words are names in code.
_EMPHASIS = re.compile(r"(?<![^\s(\[“\"])(\*{1,3}|_{1,3}|~~|`{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_RULE = re.compile(r"[\s|:+=-]*")
_CLOSING = re.compile(r"\s+#+\s*$")

# Rows of tables are short, unless their bars stand at the edges too.
_ROW = 300
# A line of fewer characters, without white space, may stand in a text by chance; in scripts
# without word spaces half as many tell as much.
_ANCHOR = 24
_INNER = 4
# So much beside one line of the page is another text, not an edit of that line.
_REST = 40


def unmarked(text: str) -> list[str]:
    """The texts of a line without the marks of Markdown and plain-text lists; cells one by one.

    A line without marks gives itself.
    """
    bare = text
    if (lead := _LEAD.match(bare)) and lead.end() < len(bare):
        bare = bare[lead.end() :]
    bare = _CLOSING.sub("", bare) if lead else bare
    stripped = bare.strip()
    row = stripped[:1] == "|" or (" | " in stripped and len(stripped) <= _ROW)
    cells = stripped.strip("|").split("|") if row else [bare]
    found = []
    for cell in cells:
        cell = _LINK.sub(r"\1", cell) if "](" in cell else cell
        cell = _EMPHASIS.sub(r"\2", cell)
        if not row or not _RULE.fullmatch(cell):
            found.append(cell.strip() if row else cell)
    return found or [text]


class Part(NamedTuple):
    """A part of a text; ``glued`` when no white space is between it and the part before it."""

    text: str
    glued: bool


class Lines(NamedTuple):
    """The page's lines without white space, case and kinds of quotes, all in one text.

    Line ``n`` goes from ``starts[n]`` to ``starts[n + 1]``; ``fold`` makes a text comparable.
    """

    text: str
    starts: list[int]
    fold: Callable[[str], str]

    def key(self, number: int) -> str:
        """One line."""
        return self.text[self.starts[number] : self.starts[number + 1]]


class _Key:
    """A text without white space, with the way back."""

    def __init__(self, text: str, fold: Callable[[str], str]) -> None:
        self.whole = text
        parts = [squash(fold(char)) for char in text]
        self.text = "".join(parts)
        self.places = [place for place, part in enumerate(parts) for _ in part]

    def part(self, start: int, end: int) -> str:
        return self.whole[self.places[start] : self.places[end - 1] + 1]

    def apart(self, start: int, end: int) -> bool:
        """Whether no word begins before a span and none goes on behind it."""
        before, after = self.places[start], self.places[end - 1] + 1
        return not (
            (before and self.whole[before - 1].isalnum() and self.whole[before].isalnum())
            or (self.whole[after - 1].isalnum() and self.whole[after : after + 1].isalnum())
        )

    def glued(self, start: int) -> bool:
        place = self.places[start]
        return place > 0 and not self.whole[place - 1].isspace() and not self.whole[place].isspace()


def cut(text: str, lines: Lines) -> list[Part]:
    """The parts of a text that are lines of the page, and what is between them, in its order.

    Empty when the text is not made of lines: then it is one, and may be an edited one.
    """
    key = _Key(text, lines.fold)
    spans = _anchors(key, lines)
    if not spans or 3 * sum(end - start for start, end, _ in spans) < len(key.text):
        return []
    if len(spans) == 1:
        start, end, number = spans[0]
        rests = [rest for rest in (key.text[:start], key.text[end:]) if rest]
        line = lines.key(number)
        if not any(len(rest) >= _REST and rest not in line for rest in rests):
            return []
    return list(_parts(key, sorted(_filled(key, lines, spans))))


def _anchors(key: _Key, lines: Lines) -> list[tuple[int, int, int]]:
    """Long lines that stand in a text: start, end and the line's number, none over another."""
    found: list[tuple[int, int, int]] = []
    starts = lines.starts
    for number in range(len(starts) - 1):
        size = starts[number + 1] - starts[number]
        if size < _ANCHOR // 2 or size > len(key.text):
            continue
        line = lines.key(number)
        if size < _ANCHOR and line.isascii():
            continue
        place = key.text.find(line)
        if place >= 0:
            found.append((-size, place, number))
    taken: list[tuple[int, int, int]] = []
    for size, place, number in sorted(found):
        at = bisect_right(taken, (place,))
        before = taken[at - 1][1] if at else 0
        after = taken[at][0] if at < len(taken) else len(key.text)
        if before <= place and place - size <= after:
            taken.insert(at, (place, place - size, number))
    return taken


def _filled(
    key: _Key, lines: Lines, anchors: list[tuple[int, int, int]]
) -> Iterator[tuple[int, int]]:
    """The anchors, and the short lines of the page that stand between them in both."""
    position, before = 0, -1
    for start, end, number in (*anchors, (len(key.text), len(key.text), -1)):
        last = number if number >= 0 else min(before + 200, len(lines.starts) - 1)
        first = before + 1 if before >= 0 else max(number - 200, 0)
        for between in range(first, last) if position < start else ():
            line = lines.key(between)
            if not _INNER <= len(line) <= start - position:
                continue
            place = key.text.find(line, position, start)
            if place >= 0 and key.apart(place, place + len(line)):
                yield place, place + len(line)
                position = place + len(line)
        if end > start:
            yield start, end
        position, before = end, number


def _parts(key: _Key, spans: list[tuple[int, int]]) -> Iterator[Part]:
    position = 0
    for start, end in (*spans, (len(key.text), len(key.text))):
        if any(map(str.isalnum, key.text[position:start])):
            yield Part(key.part(position, start), key.glued(position))
        if end > start:
            # Signs between two lines that neither of them has stand apart, like bullets.
            yield Part(key.part(start, end), position == start and key.glued(start))
        position = end
