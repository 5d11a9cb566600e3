"""The body of a record on its page: where each paragraph stands, and what stands around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from harness.invariants.alignment import NOWHERE, Alignment, Match, Piece
from harness.invariants.cutting import unmarked
from harness.invariants.edits import Edit, edits
from harness.invariants.reading import Home, Reading
from harness.text import squash

# A line of so many characters is prose; fewer may be a heading, a label or a link.
PROSE = 80
# In these scripts a character is a syllable or a word.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_DENSE_PROSE = 32
# A line of fewer characters beside the body may be a label, a date, a name.
SHORT = 20

Where: TypeAlias = Literal["before", "between", "after"]


def is_prose(text: str) -> bool:
    """Whether a line is long enough to be a paragraph."""
    return len(text) >= PROSE or (
        len(text) >= _DENSE_PROSE and not text.isascii() and _DENSE.search(text) is not None
    )


@dataclass(slots=True)
class Group:
    """Lines of prose in one place: their numbers, their characters, how many the body claims."""

    numbers: list[int] = field(default_factory=list)
    size: int = 0
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A line that the body lacks: before, between or after its own.

    ``company`` is how many of the body's lines stand in the same place; ``tag`` the line's block.
    """

    number: int
    text: str
    where: Where
    near: bool
    company: int
    tag: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A part of a line that the body lacks, beside a part that it has."""

    line: int
    start: int
    end: int
    placed: Placed


class Placed(NamedTuple):
    """A line of the record's text and where it stands on the page."""

    piece: Piece
    match: Match


def place(alignment: Alignment, piece: Piece) -> Iterator[Placed]:
    """A piece where it stands on the page, without marks of Markdown, and in parts where it is
    several of the page's lines."""
    if match := alignment.exact(piece.text):
        yield Placed(piece, match)
        return
    for text in unmarked(piece.text):
        each = piece if text == piece.text else piece._replace(text=text)
        match = NOWHERE if each is piece else alignment.exact(text)
        match = match or alignment.loose(text)
        parts = [] if match else alignment.cut(text)
        for number, part in enumerate(parts):
            joined = number and (2 if part.glued else 1)
            yield Placed(each._replace(text=part.text, joined=joined), alignment.find(part.text))
        if not parts:
            yield Placed(each, match or alignment.near(text))


class Article:
    """A body's lines, where each stands on the page, and the page's prose around them."""

    def __init__(self, alignment: Alignment, pieces: Sequence[Piece]) -> None:
        self.alignment = alignment
        self.reading: Reading = alignment.reading
        self.placed = [placed for piece in pieces for placed in place(alignment, piece)]

    @cached_property
    def size(self) -> int:
        """Characters of the body."""
        return sum(len(each.piece.text) for each in self.placed)

    @cached_property
    def found(self) -> list[Placed]:
        """The pieces that stand on the page, wholly or nearly."""
        return [each for each in self.placed if each.match]

    @cached_property
    def claimed(self) -> frozenset[int]:
        """The numbers of the page's lines that the body holds, wholly or in part.

        A line that stands on the page several times and in the body counts everywhere.
        """
        numbers: set[int] = set()
        by_text = self.reading.by_text
        for each in self.found:
            match = each.match
            if match.how == "line":
                numbers.update(by_text[self.reading.texts[match.first]])
            else:
                numbers.update(range(match.first, match.last + 1))
        return frozenset(numbers)

    @cached_property
    def edits(self) -> list[tuple[Placed, Edit]]:
        """How the pieces that do not stand on the page as they are differ from what does."""
        found: list[tuple[Placed, Edit]] = []
        for each in self.placed:
            if each.match.how in ("spaces", "folded", "near"):
                there = self.alignment.text_at(each.match)
                found += [(each, edit) for edit in edits(there, each.piece.text, each.match)]
        return found

    @cached_property
    def first(self) -> int:
        """The number of the first line that the body claims; -1 when none."""
        return min(self.claimed, default=-1)

    @cached_property
    def once(self) -> list[Placed]:
        """The pieces that stand in one place of the page only, so that their order means much."""
        by_text, texts = self.reading.by_text, self.reading.texts
        held = Counter(each.piece.text for each in self.found)
        return [
            each
            for each in self.found
            if held[each.piece.text] == 1
            and (
                len(by_text[texts[each.match.first]]) == 1
                if each.match.how == "line"
                else self.alignment.plain.text.count(squash(each.piece.text)) < 2
            )
        ]

    @cached_property
    def prose(self) -> list[int]:
        """The numbers of the page's lines that are prose: long, and mostly no links."""
        linked = self.reading.linked
        return [
            number
            for number, text in enumerate(self.reading.texts)
            if is_prose(text) and linked[number] * 2 < len(text)
        ]

    @cached_property
    def groups(self) -> dict[int, Group]:
        """The page's prose outside of its furniture, by the element around the lines' blocks."""
        found: dict[int, Group] = {}
        reading = self.reading
        for number in self.prose:
            holder = reading.holder(number)
            if holder.chrome:
                continue
            block = holder.block
            group = found.setdefault(id(block.up or block), Group())
            group.numbers.append(number)
            group.size += len(reading.texts[number])
            group.claimed += number in self.claimed
        return found

    @cached_property
    def largest_unclaimed(self) -> Group | None:
        """The place with most prose among those that the body has nothing of, if that is more
        than the body has."""
        claimed = self.claimed
        texts = self.reading.texts
        if sum(len(texts[n]) for n in self.prose if n not in claimed) < self.size:
            return None
        free = [group for group in self.groups.values() if not group.claimed]
        return max(free, key=lambda group: group.size, default=None)

    @cached_property
    def homes(self) -> Counter[Home]:
        """The places that the body's lines come from, and how many lines each gave."""
        return Counter(map(self.home, self.claimed))

    def home(self, number: int) -> Home:
        """The element around a line's block, and the block's name and classes."""
        return self.reading.holder(number).block.home

    @cached_property
    def container(self) -> int:
        """The id of the element around most of the body's prose."""
        sizes: Counter[int] = Counter()
        for number in self.claimed:
            sizes[self.home(number)[0]] += len(self.reading.texts[number])
        return max(sizes, key=lambda each: sizes[each], default=0)

    def inside(self, number: int) -> bool:
        """Whether a line stands in the element around most of the body's prose."""
        return any(id(each) == self.container for each in self.reading.holder(number).around)

    @cached_property
    def captions(self) -> tuple[int, int]:
        """How many captions stand between the body's first and last line, and how many of them
        the body holds."""
        numbers = [each.match.first for each in self.once]
        if not numbers:
            return 0, 0
        region = range(min(numbers), max(numbers) + 1)
        found = [number for number in region if self.reading.holder(number).caption]
        return len(found), sum(number in self.claimed for number in found)

    def among(self, number: int) -> bool:
        """Whether a line stands in one element with other lines of the body."""
        container = self.home(number)[0]
        return sum(n for home, n in self.homes.items() if home[0] == container) > 1

    @cached_property
    def lost(self) -> list[Lost]:
        """Lines that stand beside the body's own, in elements of the same kind, and are not in it.

        ``near``: in the same element; else in one that is named alike.
        """
        claimed = self.claimed
        if not claimed:
            return []
        reading = self.reading
        # A line that stands in a table of contents too does not begin the body there.
        sure = [each.match for each in self.once] or [each.match for each in self.found]
        first, last = min(m.first for m in sure), max(m.last for m in sure)
        homes = self.homes
        containers = {home[0] for home in homes}
        # One block of each place is enough: all of them have one name and one path.
        blocks = {self.home(number): number for number in claimed}
        kinds = {home[1:] for home in blocks}
        paths = {reading.holder(number).block.path for number in blocks.values()}
        found = []
        for number, text in enumerate(reading.texts):
            count = len(text)
            if number in claimed or count < 3 or reading.linked[number] * 2 > count:
                continue
            home = self.home(number)
            near = home in homes
            beside = not near and home[0] in containers and is_prose(text)
            if count < SHORT and not (near and homes[home] >= 3 and first < number < last):
                continue
            holder = reading.holder(number)
            block = holder.block
            if not near and not beside and (home[1:] not in kinds or block.path not in paths):
                continue
            # What stands in one element with the body is no furniture, whatever that is named.
            furniture = holder.chrome and (beside or not block.chrome)
            if furniture or holder.caption or home[1] == "h1":
                continue
            where: Where = "between"
            if number < first or number > last:
                where = "before" if number < first else "after"
            # Notes by the editors about the author or the text are set in italics.
            tag = "em" if holder.tag in ("em", "i") else home[1]
            if tag == "em" and where == "after":
                continue
            found.append(Lost(number, text, where, near, homes.get(home, 0), tag))
        return found

    @cached_property
    def rests(self) -> list[Rest]:
        """The parts of the page's lines that the body breaks off before, after or between."""
        spans: dict[int, list[tuple[int, int, Placed]]] = {}
        texts = self.reading.texts
        whole: set[int] = set()
        for each in self.found:
            match = each.match
            if match.how in ("line", "near"):
                whole.update(range(match.first, match.last + 1))
                continue
            for line in range(match.first, match.last + 1):
                start = match.start if line == match.first else 0
                end = match.end if line == match.last else len(texts[line])
                spans.setdefault(line, []).append((start, end, each))
        found = []
        for line, parts in spans.items():
            if line in whole:
                continue
            parts.sort(key=lambda part: part[:2])
            position, placed = 0, parts[0][2]
            for start, end, each in (*parts, (len(texts[line]), len(texts[line]), parts[-1][2])):
                rest = texts[line][position:start]
                if sum(map(str.isalnum, rest)) >= 3:
                    found.append(Rest(line, position, start, each if not position else placed))
                position, placed = max(position, end), each
        return found
