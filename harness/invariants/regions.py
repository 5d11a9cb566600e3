"""What stands around the titles of a page: the lines from one title to the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from harness import timestamps
from harness.invariants.metadata import fold
from harness.invariants.names import JOINT, LONGEST, inside, name_of
from harness.text import squash

if TYPE_CHECKING:
    from harness.invariants.subject import Subject

# An age inside a line of counts: "412 points by peltonwheel 5 hours ago | hide".
_AGE = re.compile(
    r"(?<![\w.])(?:\d{1,3}|an?|one)\s?(?:second|minute|min|hour|hr|day|week|month|year)s?\s+ago\b",
    re.I,
)
_PARTS = re.compile(r"\s*[|•·]\s*")
# A source with its age, or an age in a line of counts; prose that tells of one is longer.
_SHORT = 120
_BULLET = re.compile(r"^[\s•·*–-]+")
# Titles that are shorter stand in other lines by chance.
_TELLING = 12
# So far from the first line of a text, or from its title, its source and age stand.
_NEAR = 8


class Shown(NamedTuple):
    """An age or date that a line shows: its label, and the source that stands before it.

    ``glued``: nothing stands between the two.
    """

    line: int
    label: str
    source: str
    glued: bool


@dataclass(frozen=True)
class Region:
    """Lines that belong to one record: from ``start`` to before ``end``."""

    start: int
    end: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.start <= number < self.end

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.end))


class Regions:
    """Where the titles of a record and its nested records stand, and what is around each.

    ``""`` is the path of the record itself.
    """

    def __init__(self, it: Subject, titles: dict[str, str]) -> None:
        self._it = it
        self.texts: Sequence[str] = it.reading.texts
        self._titles = {path: key for path, text in titles.items() if (key := squash(text))}
        self._shown: dict[int, tuple[Shown, ...]] = {}

    @cached_property
    def starts(self) -> dict[str, int]:
        """The first line of each title; of titles that several have, none."""
        times = Counter(self._titles.values())
        lines = [squash(text) for text in self.texts]
        whole: dict[str, int] = {}
        for number, text in enumerate(lines):
            whole.setdefault(text, number)
        found = {}
        for path, key in self._titles.items():
            if times[key] > 1 and path:
                continue
            if key in whole:
                found[path] = whole[key]
            elif len(key) >= _TELLING and path:
                places = [number for number, line in enumerate(lines) if key in line]
                if len(places) == 1:
                    found[path] = places[0]
        return found

    @cached_property
    def _bounds(self) -> list[int]:
        return sorted(set(self.starts.values()))

    def after(self, path: str) -> Region:
        """From a title to the next one's, or to the end."""
        start = self.starts[path]
        later = [bound for bound in self._bounds if bound > start]
        return Region(start, later[0] if later else len(self.texts))

    def before(self, path: str) -> Region:
        """From the title before to this one."""
        end = self.starts[path]
        earlier = [bound for bound in self._bounds if bound < end]
        return Region(earlier[-1] + 1 if earlier else max(0, end - _NEAR), end)

    def elsewhere(self, path: str) -> list[Region]:
        """What stands around a title where it stands again, as in a list of what is read most."""
        first, region = self.starts[path], self.after(path)
        if self.texts[first] not in self._it.reading.by_text:
            return []
        again = [n for n in self._it.reading.by_text[self.texts[first]] if n not in region]
        last = len(self.texts)
        return [Region(max(0, n - _NEAR // 2), min(n + _NEAR, last)) for n in again[:4]]

    @cached_property
    def own(self) -> Region | None:
        """What stands between the record's own title and its text; None when that is not known."""
        cards = [number for path, number in self.starts.items() if path]
        placed = self._it.article.placed[:3]
        first = next((p.match.first for p in placed if p.match.first >= 0), None)
        start = self.starts.get("")
        if start is None:
            return None if first is None else Region(max(0, first - 3), first)
        if first is not None and start < first:
            # A title stands again right before its text, and the first time in a menu.
            again = [n for n in range(start, first) if self.texts[n] == self.texts[start]]
            return Region(max(again[-1], first - 4 * _NEAR), first)
        if first is not None:
            return None
        later = [number for number in cards if number > start]
        return Region(start, min([*later, start + _NEAR, len(self.texts)]))

    def shown(self, number: int) -> tuple[Shown, ...]:
        """The ages and dates that a short line shows."""
        found = self._shown.get(number)
        if found is None:
            found = self._shown[number] = _shown(number, self.texts[number])
        return found

    def labels(self, region: Region) -> list[Shown]:
        """All ages and dates that the lines of a region show."""
        return [each for number in region for each in self.shown(number)]

    def has_label(self, label: str, byline: str, region: Region) -> bool:
        """Whether a label stands in a region, not as a part of another."""
        return any(stands(label, self.texts[number], byline) for number in region)

    def grade(self, name: str, region: Region) -> int:
        """How a name stands in a region: 3 as a whole line or part of a list, 2 between words,
        1 inside words, 0 nowhere."""
        key = squash(name)
        if not key:
            return 0
        best = 0
        for number in region:
            text = self.texts[number]
            if len(text) <= LONGEST and key in squash(text):
                best = max(best, _grade(fold(name), text))
                if best == 3:
                    break
        return best


def _shown(number: int, text: str) -> tuple[Shown, ...]:
    if len(text) > _SHORT:
        return ()
    return tuple(Shown(number, *each) for each in _ages(text))


@lru_cache(4096)
def _ages(text: str) -> tuple[tuple[str, str, bool], ...]:
    for glued in timestamps.split_glued(text)[:1]:
        return ((glued.label, glued.source, bool(glued.source) and not glued.separator),)
    return tuple((match[0], "", False) for match in _AGE.finditer(text))


def stands(label: str, text: str, byline: str = "") -> bool:
    """Whether a label stands in a line whole: "2 hours ago" is not in "12 hours ago"."""
    key, line = fold(label), fold(text)
    if not key:
        return False
    start = line.find(key)
    while start >= 0:
        before, after = line[start - 1 : start], line[start + len(key) :][:1]
        cut = key[0].isdigit() and before.isdigit()
        # "NDTV 24X72 hours ago" is 2 hours, where the source is known.
        if cut and byline and squash(line[:start]) == squash(fold(byline)):
            cut = False
        runs_on = after.isascii() and after.isalnum() and key[-1].isascii() and key[-1].isalnum()
        own = text[start + len(key) :][:1] if len(text) == len(line) else after
        if not cut and not (runs_on and not own.isupper()):
            return True
        start = line.find(key, start + 1)
    return squash(key) in (squash(fold(each)) for each, _, _ in _ages(text))


def _grade(key: str, text: str) -> int:
    line = fold(text)
    parts = {line, name_of(text), _BULLET.sub("", line), *JOINT.split(line), *_PARTS.split(line)}
    if (
        key in parts
        or key in {name_of(part) for part in parts}
        or any(key == fold(source) for _, source, _ in _ages(text) if source)
    ):
        return 3
    for glued in timestamps.split_glued(text)[1:] if len(text) <= _SHORT else ():
        if key == fold(glued.source):
            return 3
    if inside(key, line):
        return 2
    return 1 if key in line else 0
