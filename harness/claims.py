"""Which text of a page a record claims, found by alignment alone, and what is left unclaimed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from harness import records
from harness.model import Tree
from harness.text import plain_quotes, squash
from harness.visible import Line

# A byline or an age stands within so many lines of its title on the pages we know: between them
# come a standfirst, a category, buttons.
NEAR = 4
# A line of so many characters beside a title is made of labels ("Reuters · 2 hours ago"); prose is
# longer.
LABELS = 120
# So many characters without white space name one thing on a page; shorter texts are anywhere.
_TELLING = 12
# Titles stand a few times on a page; of a text that stands everywhere, the nearest are tried.
_HOMES = 4
_TRIED = 30


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


class Index:
    """Texts as one string without white space, with the way back to text and character.

    ``fold`` is applied to each text, and must be a function of its characters one by one.
    ``by_text`` gives the numbers of the texts that squash to a key. ``glue`` stands between two
    texts; where it is empty, a key may run over several.
    """

    def __init__(self, texts: Sequence[str], fold: Callable[[str], str], glue: str = "") -> None:
        parts = [squash(fold(text)) for text in texts]
        self.text = glue.join(parts)
        self._texts, self._fold = texts, fold
        self.starts = [0, *accumulate(len(part) + len(glue) for part in parts)][:-1]
        # The way back is made for the texts that are asked for: a page of 50 MB has few claims.
        self._places: dict[int, list[int]] = {}
        self.by_text: dict[str, list[int]] = {}
        for number, part in enumerate(parts):
            self.by_text.setdefault(part, []).append(number)
        # Where to go on looking for a text that many fields have: 1,000 cards with one byline.
        self.resume: dict[str, int] = {}

    def at(self, position: int) -> tuple[int, int]:
        """Number of the text and character in it of a position in ``text``."""
        # Of texts that start there, the last: those before it are empty.
        number = bisect_right(self.starts, position) - 1
        places = self._places.get(number)
        if places is None:
            # One character at a time: an ellipsis folds to three.
            text = self._texts[number]
            folded = {char: squash(self._fold(char)) for char in set(text)}
            places = self._places[number] = [i for i, char in enumerate(text) for _ in folded[char]]
        return number, places[position - self.starts[number]]

    def spans(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The (text, start, end) that a stretch of ``text`` is made of, empty texts left out."""
        first, first_char = self.at(start)
        last, last_char = self.at(end - 1)
        if first == last:
            return [(first, first_char, last_char + 1)]
        between = range(first + 1, last)
        middle = [(n, 0, len(self._texts[n])) for n in between if self._texts[n]]
        return [
            (first, first_char, len(self._texts[first])),
            *middle,
            (last, 0, last_char + 1),
        ]


def claim(record: Tree, lines: Sequence[Line]) -> Claims:
    """Aligns every text of a record with the lines of its page.

    A text that fills whole lines claims each such place (a title often stands twice); where
    several records have it, each line goes to the record whose other texts are nearest. One inside
    a line claims its free place nearest to them, and where there are none, its first. A line that
    is far away is not claimed when the text stands in a line of labels beside its record's title.
    White space does not matter; when a text is not found as it is, curly and straight quotes and
    case count as equal.
    """
    return _Claiming(record, lines).claims()


class _Claiming:
    """One alignment: what is taken so far, and where each record stands."""

    def __init__(self, record: Tree, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._texts = [line.text for line in lines]
        self._exact = Index(self._texts, _as_it_is)
        self._loose: Index | None = None
        self._taken: list[list[Mark]] = [[] for _ in lines]
        leaves = list(records.leaves(record))
        self._keys = {path: squash(text) for path, text in leaves}
        # Long texts first: a byline inside a body must not take the body's place.
        self._order = sorted(leaves, key=lambda leaf: -len(leaf[1]))
        sharing: dict[str, list[str]] = {}
        for path, key in self._keys.items():
            sharing.setdefault(key, []).append(path)
        self._sharing = {key: paths for key, paths in sharing.items() if len(paths) > 1}
        self._homes = self._find_homes()
        self._allotted: dict[tuple[bool, str], dict[str, list[int]]] = {}

    def claims(self) -> Claims:
        absent: list[str] = []
        for path, _ in self._order:
            key = self._keys[path]
            if not key:
                continue
            spans = self._places(self._exact, key, path)
            if not spans:
                loose = self._loose = self._loose or Index(self._texts, _fold)
                spans = self._places(loose, squash(_fold(key)), path)
                if not spans and squash(_fold(key)) not in loose.text:
                    absent.append(path)
            for line, start, end in spans:
                self._taken[line].append(Mark(start, end, path))
        marks = tuple(tuple(sorted(found, key=lambda m: m.start)) for found in self._taken)
        return Claims(tuple(self._lines), marks, tuple(absent))

    def _find_homes(self) -> Mapping[str, Sequence[int]]:
        """The lines of the first text of each record that is its own and fills lines: its title."""
        homes: dict[str, Sequence[int]] = {}
        for path, key in self._keys.items():
            owner = owner_of(path)
            if owner not in homes and len(key) >= _TELLING and key not in self._sharing:
                found = self._exact.by_text.get(key)
                if found:
                    homes[owner] = found
        return homes

    def _places(self, index: Index, key: str, path: str) -> list[tuple[int, int, int]]:
        """Spans (line, start, end) that ``key`` claims; empty when it stands nowhere free."""
        # Items of a list stand where the list goes on, not beside a title.
        home = () if path.endswith("]") else self._homes.get(owner_of(path), ())
        # Most texts are lines, and need no search through the page.
        free = [n for n in index.by_text.get(key, ()) if not self._taken[n]]
        if free and key in self._sharing:
            asked = index is self._exact, key
            if asked not in self._allotted:
                self._allotted[asked] = self._allot(free, self._sharing[key])
            free = [n for n in self._allotted[asked].get(path, ()) if not self._taken[n]]
        if free:
            if (
                home
                and len(key) <= LABELS
                and min(_distance(n, home) for n in free[:_TRIED]) > NEAR
            ):
                beside = self._beside(index, key, home, within=NEAR)
                if beside and len(self._texts[beside[0][0]]) <= LABELS:
                    return beside
            return [(n, 0, len(self._texts[n])) for n in free]
        return self._inside(index, key, home)

    def _inside(self, index: Index, key: str, home: Sequence[int]) -> list[tuple[int, int, int]]:
        """Several whole lines, else a part of one."""
        inside: list[tuple[int, int, int]] = []
        whole: list[tuple[int, int, int]] = []
        first_free = len(index.text)
        searched = key in index.resume
        if searched and home and (beside := self._beside(index, key, home)):
            return beside
        position = index.text.find(key, index.resume.get(key, 0))
        while position >= 0:
            spans = index.spans(position, position + len(key))
            # A character that folds to several ("…" to "...") may hold the key more than once.
            again = bool(whole) and spans[0][0] <= whole[-1][0]
            if not again and self._is_free(spans):
                first_free = min(first_free, position)
                if all(start == 0 and end == len(self._texts[n]) for n, start, end in spans):
                    whole += spans
                elif not inside or (self._bounded(spans) and not self._bounded(inside)):
                    inside = spans
                if searched and not whole and self._bounded(inside):
                    break
            position = index.text.find(key, position + len(key))
        if not whole:
            # Claims only grow: no whole line will come free, nor any place before this one.
            index.resume[key] = first_free
            if inside and home:
                return self._beside(index, key, home) or inside
        return whole or inside

    def _beside(
        self, index: Index, key: str, home: Sequence[int], within: int | None = None
    ) -> list[tuple[int, int, int]]:
        """The free place of ``key`` in one line that is nearest to ``home``, if it is a word."""
        best: list[tuple[int, int, int]] = []
        nearest = len(self._texts) if within is None else within
        for line in home[:_HOMES]:
            for found in (self._after(index, key, line), self._before(index, key, line)):
                for position in islice(found, _TRIED):
                    number, _ = index.at(position)
                    if abs(number - line) > nearest or (best and abs(number - line) == nearest):
                        break
                    spans = index.spans(position, position + len(key))
                    if len(spans) == 1 and self._is_free(spans) and self._is_parted(spans[0]):
                        best, nearest = spans, abs(number - line)
                        break
        return best

    @staticmethod
    def _after(index: Index, key: str, line: int) -> Iterator[int]:
        position = index.text.find(key, index.starts[line])
        while position >= 0:
            yield position
            position = index.text.find(key, position + len(key))

    @staticmethod
    def _before(index: Index, key: str, line: int) -> Iterator[int]:
        position = index.text.rfind(key, 0, index.starts[line])
        while position >= 0:
            yield position
            position = index.text.rfind(key, 0, position)

    def _allot(self, free: Sequence[int], paths: Sequence[str]) -> dict[str, list[int]]:
        """Which of the lines of one text are whose, where the fields at ``paths`` have it."""
        owners: dict[str, list[str]] = {}
        for path in paths:
            owners.setdefault(owner_of(path), []).append(path)
        homes = sorted((n, owner) for owner in owners for n in self._homes.get(owner, ()))
        nearest: dict[str, list[int]] = {}
        for n in free if homes else ():
            i = bisect_right(homes, n, key=lambda home: home[0])
            # Of two that are as near, the one before: most pages put the title first.
            near = homes[max(0, i - 1) : i + 1]
            _, owner = min(near, key=lambda home: abs(home[0] - n))
            nearest.setdefault(owner, []).append(n)
        if not nearest:
            # Nothing tells them apart but their order, which is the page's.
            return _in_turn(paths, free)
        self._share_out(nearest, list(owners))
        return {
            path: lines
            for owner, found in nearest.items()
            for path, lines in _in_turn(owners[owner], found).items()
        }

    def _share_out(self, nearest: dict[str, list[int]], owners: Sequence[str]) -> None:
        """Gives records that have no line the nearest one that a neighbour has to spare."""
        spare = sorted(n for lines in nearest.values() if len(lines) > 1 for n in lines)
        holders = {n: owner for owner, lines in nearest.items() for n in lines}
        for owner in owners:
            if owner in nearest or not spare:
                continue
            home = self._homes.get(owner, ())
            i = bisect_left(spare, home[0]) if home else 0
            near = [k for k in (i - 1, i) if 0 <= k < len(spare)]
            n = spare.pop(min(near, key=lambda k: _distance(spare[k], home) if home else k))
            giver = nearest[holders[n]]
            giver.remove(n)
            nearest[owner] = [n]
            if len(giver) == 1:
                spare.remove(giver[0])

    def _is_free(self, spans: Sequence[tuple[int, int, int]]) -> bool:
        return not any(
            start < mark.end and mark.start < end
            for n, start, end in spans
            for mark in self._taken[n]
        )

    def _bounded(self, spans: Sequence[tuple[int, int, int]]) -> bool:
        """Whether a span begins and ends between words."""
        return bounded(self._texts, spans)

    def _is_parted(self, span: tuple[int, int, int]) -> bool:
        line, start, end = span
        return parted(self._texts[line], start, end)


def parted(text: str, start: int, end: int) -> bool:
    """Whether a span of a line is bounded, or glued to its neighbours in a way that shows.

    It shows where a small letter meets a capital ("DoeMay 1"), and where a span that begins or
    ends its line runs into a number ("Reuters21 hours ago").
    """
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    glued = [
        left + right
        for left, right in ((before, text[start]), (text[end - 1], after))
        if left.isalnum() and right.isalnum() and not (left.islower() and right.isupper())
    ]
    return not glued or (
        len(glued) == 1 and not (before and after) and any(map(str.isdigit, glued[0]))
    )


def bounded(texts: Sequence[str], spans: Sequence[tuple[int, int, int]]) -> bool:
    """Whether (text, start, end) spans, taken as one, begin and end between words."""
    (first, start, _), (last, _, end) = spans[0], spans[-1]
    before = texts[first][start - 1 : start] if start else ""
    return not (before.isalnum() or texts[last][end : end + 1].isalnum())


def owner_of(path: str) -> str:
    """The path of the record that a leaf belongs to: ``related[2].`` of ``related[2].body[0]``."""
    return path[: path.rfind(".") + 1]


def _in_turn(paths: Sequence[str], lines: Sequence[int]) -> dict[str, list[int]]:
    """The first line to the first path, and so on; what is left to the first."""
    given = {path: [n] for path, n in zip(paths, lines, strict=False)}
    given[paths[0]] += lines[len(paths) :]
    return given


def _distance(line: int, home: Sequence[int]) -> int:
    return min(abs(line - n) for n in home[:_HOMES])


def _as_it_is(text: str) -> str:
    return text


def _fold(text: str) -> str:
    return plain_quotes(text).casefold()
