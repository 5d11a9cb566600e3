"""Relations of predictable change: the record must follow an edit of the page's content."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from harness.model import Outcome, Tree
from harness.mutations.differences import (
    Difference,
    Words,
    role_of,
    values_differ,
    words_differ,
    words_of,
)
from harness.mutations.relations import Record, Relation
from harness.text import UNSEEN, plain_quotes, shorten, squash, words

_SHY = "\u00ad"
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_SEPARATOR = "\x1f"


def held(tree: Tree) -> str:
    """The texts of a field as one string without white space."""
    return squash(words_of(tree).raw)


def holders(before: Record, *texts: str) -> list[str]:
    """The fields that hold all the texts, as they stand but for white space."""
    keys = [squash(text) for text in texts]
    return [field for field, tree in before.items() if all(k in held(tree) for k in keys)]


def without(found: list[str], part: list[str]) -> list[str]:
    """A list of words without the first place where ``part`` stands in it."""
    return swapped(found, part, [])


def swapped(found: list[str], part: list[str], other: list[str], times: int = 1) -> list[str]:
    """A list of words with ``other`` in the place of ``part``, at most ``times`` (-1: always)."""
    joined = _joined(found).replace(_joined(part), _joined(other) if other else _SEPARATOR, times)
    return [word for word in joined.split(_SEPARATOR) if word]


def _joined(found: list[str]) -> str:
    # Doubled, so that neighbours share no separator and each repetition is found.
    return "".join(f"{_SEPARATOR}{word}{_SEPARATOR}" for word in found)


@dataclass(frozen=True)
class _Edit(Relation):
    """An edit of the prose: the fields that hold it follow, the others stay as they are."""

    @abstractmethod
    def touched(self, before: Record) -> list[str]:
        """The fields that hold what was edited."""

    @abstractmethod
    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        """How a touched field does not follow, or None."""

    def applies(self, before: Outcome) -> bool:
        return before.record is not None and bool(self.touched(before.record))

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        touched = self.touched(before)
        for field in dict.fromkeys([*touched, *before, *after]):
            old, new = before.get(field), after.get(field)
            if field in touched:
                found = self.follows(field, old, new)
            else:
                found = _others_differ(field, old, new)
            if found:
                yield field, found


def _others_differ(field: str, old: Tree, new: Tree) -> Difference | None:
    """Fields beside the edit. Lengths, digests and reading times follow the text, unknown how."""
    if old == new:
        return None
    role = role_of(field, old, new)
    before, after = words_of(old), words_of(new)
    if len(before.flat) == 1 and len(after.flat) == 1 and role == "prose":
        return None
    found = words_differ(field, before, after, role=role)
    return found or (values_differ(field, old, new) if role == "date" else None)


def _expect(field: str, old: Words, expected: list[str], new: Words) -> Difference | None:
    """Compares with words that are expected instead of those that were there before."""
    if expected == new.flat:
        return None
    parts = old.parts if expected == old.flat else (tuple(expected),)
    found = words_differ(field, Words(parts, old.raw), new, role=role_of(field))
    if found and found.fault == "empty" and new.raw.strip():
        return Difference("stub", found.message)
    return found


@dataclass(frozen=True)
class GainsParagraph(_Edit):
    """A new paragraph stands once in each field that holds its neighbours, as it was written.

    ``near`` are paragraphs beside it; a field that claims them all is held to the new one too.
    ``where`` is ``first``, ``middle`` or ``last`` in its run, for the fault's name. Only the soft
    hyphen, which is no text, and white space may differ.

    ``edge`` is the paragraph that the new one took the place of at an end of the run. A field
    that holds it neither before nor after may leave out the new one too: a notice, no prose. One
    that holds it only once it is not at the end drops whatever stands there.
    """

    name = "gains-paragraph"
    text: str = ""
    near: tuple[str, ...] = ()
    where: str = "middle"
    edge: str = ""

    def touched(self, before: Record) -> list[str]:
        key = squash(self.text)
        return [f for f in holders(before, *self.near) if key not in held(before[f])]

    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        key = squash(self.text).replace(_SHY, "")
        text = held(new).replace(_SHY, "")
        count = text.count(key)
        if count > 1:
            return Difference("duplicated", f"the new paragraph stands {count} times")
        before, after = words_of(old, _SHY), words_of(new, _SHY)
        edge = squash(self.edge)
        if count == 0 and edge not in held(old) and edge not in held(new):
            return None
        if count == 0:
            return self._absent(field, before, after)
        rest = without(after.flat, words(self.text.replace(_SHY, "")))
        if edge not in held(old):
            rest = without(rest, words(self.edge))
        return _expect(field, before, before.flat, Words((tuple(rest),), after.raw))

    def _absent(self, field: str, before: Words, after: Words) -> Difference:
        shown = shorten(self.text)
        if fault := _altered(self.text.replace(_SHY, ""), after.raw):
            return Difference(fault, f"the new paragraph {shown!r} came out altered")
        known = {*before.flat, *words(self.edge)}
        added = [word for word in words(self.text) if word not in known]
        if 2 * sum(word in after.flat for word in added) > len(added):
            part = words_differ(
                field, Words((tuple(words(self.text)),), self.text), self._found(after)
            )
            return Difference(
                part.fault
                if part and part.fault in ("glued", "split", "charset", "markup")
                else "inline-lost",
                f"the new paragraph {shown!r} came out in part",
            )
        fault = {"first": "lede-missing", "last": "truncated"}.get(self.where, "paragraph-lost")
        return Difference(fault, f"the new paragraph {shown!r} is missing")

    def _found(self, after: Words) -> Words:
        """The text that shares most words with the new paragraph."""
        wanted = set(words(self.text))
        best = max(after.parts, key=lambda part: len(wanted.intersection(part)))
        return Words((best,), next((t for t in after.raw.split("\n") if words(t) == [*best]), ""))


def _altered(text: str, raw: str) -> str | None:
    """Which characters of ``text`` were changed, when that is all that keeps it from ``raw``."""
    forms: dict[str, Callable[[str], str]] = {
        "bidi": lambda t: _BIDI.sub("", t),
        "unseen-characters": lambda t: UNSEEN.sub("", _JOINERS.sub("", t)),
        "quotes": plain_quotes,
        "case": str.casefold,
        "markup": lambda t: unescape(unescape(t)),
    }
    for fault, form in forms.items():
        if squash(form(text)) in squash(form(raw)):
            return fault
    return None


@dataclass(frozen=True)
class LosesParagraph(_Edit):
    """A deleted paragraph is gone from each field that held it, and the rest is the same."""

    name = "loses-paragraph"
    text: str = ""
    near: tuple[str, ...] = ()

    def touched(self, before: Record) -> list[str]:
        key = squash(self.text)
        return [f for f in holders(before, *self.near) if held(before[f]).count(key) == 1]

    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        if squash(self.text) in held(new):
            return Difference("invented", f"still holds the deleted {shorten(self.text)!r}")
        before = words_of(old)
        return _expect(field, before, without(before.flat, words(self.text)), words_of(new))


@dataclass(frozen=True)
class LosesLede(LosesParagraph):
    """As :class:`LosesParagraph`, for the first paragraph, which every article's body holds.

    A field that holds the paragraphs after it and never had it is at fault by that alone.
    """

    name = "loses-lede"

    def touched(self, before: Record) -> list[str]:
        key = squash(self.text)
        return [f for f in holders(before, *self.near) if held(before[f]).count(key) < 2]

    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        if squash(self.text) not in held(old):
            shown = shorten(self.text)
            return Difference("lede-missing", f"never held the first paragraph, {shown!r}")
        return super().follows(field, old, new)


@dataclass(frozen=True)
class PermutesParagraphs(_Edit):
    """Two neighbours that changed places on the page change places in the field."""

    name = "permutes-paragraphs"
    first: str = ""
    second: str = ""

    def touched(self, before: Record) -> list[str]:
        key = squash(self.first + self.second)
        return [f for f in holders(before, self.first, self.second) if key in held(before[f])]

    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        first, second = words(self.first), words(self.second)
        before = words_of(old)
        expected = swapped(before.flat, first + second, second + first)
        return _expect(field, before, expected, words_of(new))


@dataclass(frozen=True)
class Follows(_Edit):
    """A wording that was replaced all over the page is replaced in each field that holds it."""

    name = "title-follows"
    old: str = ""
    new: str = ""

    def touched(self, before: Record) -> list[str]:
        return holders(before, self.old)

    def follows(self, field: str, old: Tree, new: Tree) -> Difference | None:
        if held(new) == held(old).replace(squash(self.old), squash(self.new)):
            return None
        before, after = words_of(old), words_of(new)
        if after.flat == before.flat:
            return Difference("invented", f"still holds the old wording {shorten(self.old)!r}")
        expected = swapped(before.flat, words(self.old), words(self.new), -1)
        return _expect(field, before, expected, after)
