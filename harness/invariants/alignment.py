"""Where each text of a record stands on its page, and what was done to it on the way.

Most texts are lines of the page and are found by one look-up. One that is not is looked for without
regard to white space, then without regard to case, quotes and unseen characters, and at last by
pieces of it, so that it can be held against what stands there, word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple, TypeAlias

from harness.invariants.cutting import Lines, Part, cut
from harness.invariants.reading import Reading
from harness.text import UNSEEN, plain_quotes, squash

How: TypeAlias = Literal["line", "part", "spaces", "folded", "near", ""]

# Joiners belong to letters in some scripts; they are kept or lost like what is unseen.
JOINERS = "\u200c\u200d"
_FOLDED_AWAY = re.compile(f"{UNSEEN.pattern[:-1]}{JOINERS}\ufe0e\ufe0f]")
_NUMBER = re.compile(r"\[\d+\]")
# So long a run of characters, without white space, hardly stands in two places of a page.
_CHUNK = 16
# Of a body that the page does not hold nearly all is searched for in vain. After so many characters
# that were looked through, ten thousand times a usual page, only whole lines are looked up.
_PATIENCE = 1_000_000_000
# A text of so many words is compared word by word; beyond, its chunks alone tell where it stands.
_LONGEST = 20_000
# A text of fewer characters is hardly made of two lines.
_SHORTEST = 60


class Piece(NamedTuple):
    """A line of a record's text. ``path`` is that of its value; ``number`` its place in the field.

    ``row`` is the path without numbers: the pieces of one row stand in order. Of a line that is
    several of the page's, ``joined`` tells that a piece follows another in it, after white space
    (1) or nothing (2).
    """

    path: str
    text: str
    number: int
    joined: int = 0

    @property
    def row(self) -> str:
        return _NUMBER.sub("[]", self.path)


class Match(NamedTuple):
    """Where a piece stands: lines ``first`` to ``last``, from character ``start`` to ``end``.

    ``how``: a whole *line* (or several); a *part* of one; *spaces* differ; equal when *folded*;
    *near*: most of it stands there; "" nowhere, and the numbers are -1.
    """

    how: How
    first: int = -1
    start: int = -1
    last: int = -1
    end: int = -1

    def __bool__(self) -> bool:
        return self.how != ""


NOWHERE = Match("")


def fold(text: str) -> str:
    """A text without case, unseen characters and differences between quotes or dashes."""
    if text.isascii():
        return text.casefold()
    return plain_quotes(_FOLDED_AWAY.sub("", text)).casefold()


class Stream:
    """All lines as one string without white space, with the way back to line and character."""

    def __init__(self, texts: Sequence[str], folded: bool) -> None:
        self._texts, self._folded = texts, folded
        parts = [squash(fold(text)) if folded else squash(text) for text in texts]
        self.text = "".join(parts)
        self.starts = [0, *accumulate(map(len, parts))]

    def line(self, position: int) -> int:
        """The number of the line that a position of the stream stands in."""
        return bisect_right(self.starts, position, 0, len(self._texts)) - 1

    def character(self, line: int, position: int) -> int:
        """The character of that line at a position of the stream."""
        left = position - self.starts[line]
        for number, char in enumerate(self._texts[line]):
            left -= len(squash(fold(char) if self._folded else char))
            if left < 0:
                return number
        return len(self._texts[line])

    def match(self, how: How, start: int, end: int) -> Match:
        """The match of a span of the stream."""
        first, last = self.line(start), self.line(end - 1)
        return Match(
            how,
            first,
            self.character(first, start),
            last,
            self.character(last, end - 1) + 1,
        )


class Alignment:
    """Finds texts on a page, each after the last one found where it stands more than once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._cursor = 0
        self._searched = 0

    @cached_property
    def plain(self) -> Stream:
        """The page without white space."""
        return Stream(self.reading.texts, folded=False)

    @cached_property
    def folded(self) -> Stream:
        """The page without white space, case, unseen characters and kinds of quotes."""
        return Stream(self.reading.texts, folded=True)

    def find(self, text: str) -> Match:
        """Where a text stands on the page."""
        found = self.exact(text) or self.loose(text)
        return found or self.near(text)

    def exact(self, text: str) -> Match:
        """Where a text stands on the page just so, white space apart."""
        found = self._line(text)
        if found is None:
            found = (self._searched < _PATIENCE and self._inside(text)) or NOWHERE
        return self._noted(found)

    def loose(self, text: str) -> Match:
        """Where it stands without regard to case, kinds of quotes and unseen characters."""
        if self._searched >= _PATIENCE or not (key := squash(fold(text))):
            return NOWHERE
        stream = self.folded
        found = self._after(stream.text, key, stream.starts[self._cursor])
        if found < 0:
            return NOWHERE
        return self._noted(stream.match("folded", found, found + len(key)))

    def near(self, text: str) -> Match:
        """Where most of it stands."""
        if self._searched >= _PATIENCE or not (key := squash(fold(text))):
            return NOWHERE
        return self._noted(self._near(key) or NOWHERE)

    def cut(self, text: str) -> list[Part]:
        """The parts of a text that is several lines of the page; empty for any other."""
        if len(text) < _SHORTEST or self._searched >= _PATIENCE:
            return []
        stream = self.folded
        self._searched += len(text) * len(self.reading.texts)
        return cut(text, Lines(stream.text, stream.starts, fold))

    def _noted(self, match: Match) -> Match:
        if match:
            self._cursor = match.last
        return match

    def _line(self, text: str) -> Match | None:
        text = text.strip(" \t\n\r\f")
        numbers = self.reading.by_text.get(text)
        if numbers is None:
            return None
        number = numbers[0]
        if len(numbers) > 1:
            number = next((n for n in numbers if n > self._cursor), number)
        return Match("line", number, 0, number, len(text))

    def _inside(self, text: str) -> Match | None:
        key = squash(text)
        if not key:
            return None
        stream = self.plain
        found = self._after(stream.text, key, stream.starts[self._cursor])
        if found >= 0:
            match = stream.match("part", found, found + len(key))
            return self._spaced(match, text)
        return None

    def _spaced(self, match: Match, text: str) -> Match:
        there = self.text_at(match)
        if there.split() == text.split():
            return match
        return Match("spaces", match.first, match.start, match.last, match.end)

    def _after(self, text: str, key: str, position: int) -> int:
        """Where a key stands in a stream: after a position, else anywhere; -1 for nowhere."""
        found = text.find(key, position)
        if found < 0 and position:
            found = text.find(key, 0, position + len(key))
            self._searched += position
        self._searched += (found if found > position else len(text)) - position
        return found

    def _near(self, key: str) -> Match | None:
        """The span between the first and the last chunk of a text that stand on the page."""
        stream = self.folded
        size = min(_CHUNK, max(len(key) // 3, 5))
        if len(key) < 12 or len(key) > _LONGEST:
            return None
        anchors: list[tuple[int, int]] = []
        cursor = stream.starts[self._cursor]
        for offset in range(0, len(key) - size + 1, max(size, len(key) // 40)):
            place = self._after(stream.text, key[offset : offset + size], cursor)
            if place >= 0:
                anchors.append((offset, place))
                cursor = place
        if len(anchors) * 3 < min(len(key) // size, 40):
            return None
        # The place that most chunks agree on; others stand elsewhere by chance.
        anchors.sort(key=lambda a: a[1] - a[0])
        middle = anchors[len(anchors) // 2]
        base = middle[1] - middle[0]
        slack = max(200, len(key))
        near = sorted(a for a in anchors if abs(a[1] - a[0] - base) <= slack)
        (offset, place), (last_offset, last_place) = near[0], near[-1]
        start = place - offset
        end = last_place + len(key) - last_offset
        line = stream.line(place)
        start = max(start, stream.starts[line]) if start < stream.starts[line] else start
        last = stream.line(last_place + size - 1)
        end = min(end, stream.starts[last + 1])
        if start >= end:
            return None
        return stream.match("near", start, end)

    def text_at(self, match: Match) -> str:
        """What stands on the page where a match is; a line end is ``"\\n"``."""
        texts = self.reading.texts
        if match.first == match.last:
            return texts[match.first][match.start : match.end]
        return "\n".join(
            [
                texts[match.first][match.start :],
                *texts[match.first + 1 : match.last],
                texts[match.last][: match.end],
            ]
        )
