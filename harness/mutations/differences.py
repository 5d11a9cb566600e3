"""What became of the words of a field: the fault class that tells most, and one line about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from rapidfuzz.distance import Indel

from harness import records
from harness.model import Tree
from harness.text import shorten, squash, words

Role = Literal["title", "byline", "date", "prose"]

_TITLE = re.compile(r"title|headline", re.I)
_BYLINE = re.compile(r"author|byline|creator|writer|source", re.I)
_DATE = re.compile(r"date|time|published|modified|updated", re.I)
_DATE_TAGS = frozenset({"$timestamp", "$datetime", "$date", "$time"})
# UTF-8 read as a one-byte encoding: "Ã©", "â€™", "Ð¿"; and what no decoder could read.
_MOJIBAKE = re.compile("\ufffd|[ÃÂÐÑ][\x80-\xbf‚-™]|â€|ï»¿")
_MARKUP = re.compile(r"&(?:[a-z]+|#\d+|#x[0-9a-f]+);|</?[a-z][^<>]*>", re.I)
_LITERALS = frozenset({"none", "null", "undefined", "nan", "false", "true"})
# Less than a fifth of the words left: a stub, whatever was lost first. Less than three in ten in
# common: another block. More than twice the words: the page around it.
_STUB, _ANOTHER, _WHOLE = 0.2, 0.3, 2.0
_ANOTHER_TEXT = {"title": "title-wrong", "byline": "byline-wrong", "date": "wrong-date"}


@dataclass(frozen=True, slots=True)
class Planted:
    """Text that a mutation put where no field may take it from.

    ``mark`` is a word of it that stands nowhere else on the page; ``fault`` the class of fault of
    a field that shows it.
    """

    mark: str
    fault: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A fault class and one line that says what differs."""

    fault: str
    message: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one field: of each text by itself (``parts``), and the texts as they stand."""

    parts: tuple[tuple[str, ...], ...]
    raw: str

    @property
    def flat(self) -> list[str]:
        return [word for part in self.parts for word in part]


def words_of(tree: Tree, ignore: str = "") -> Words:
    """The words of every text in ``tree``; the characters of ``ignore`` count as not there."""
    drop = dict.fromkeys(map(ord, ignore))
    texts = [text.translate(drop) if drop else text for _, text in records.leaves(tree)]
    parts = tuple(tuple(words(text)) for text in texts)
    return Words(tuple(part for part in parts if part), "\n".join(texts))


def role_of(field: str, *trees: Tree) -> Role:
    """What a field is for, by its values if these are dates, else by its name."""
    if any(records.tag_of(tree) in _DATE_TAGS for tree in trees):
        return "date"
    for role, pattern in (("title", _TITLE), ("byline", _BYLINE), ("date", _DATE)):
        if pattern.search(field):
            return role  # type: ignore[return-value]
    return "prose"


def values_differ(field: str, before: Tree, after: Tree) -> Difference | None:
    """How the values that are not text (numbers, instants) of a field differ, or None."""
    old, new = _values(before), _values(after)
    if old == new:
        return None
    if not new:
        return Difference("empty", f"{_show(old)} is gone")
    if role_of(field, before, after) == "date" or "$" in str(old):
        return Difference("wrong-date", f"{_show(old)} became {_show(new)}")
    return Difference("wrong-block" if old else "invented", f"{_show(old)} became {_show(new)}")


def _values(tree: Tree) -> list[Tree]:
    """The values of a tree in order, without texts and without what is empty."""
    found: list[Tree] = []
    stack = [tree]
    while stack:
        item = stack.pop()
        tag = records.tag_of(item)
        if tag == "$timestamp" and isinstance(item, dict):
            claim = item[tag]
            rest = claim.items() if isinstance(claim, dict) else ()
            found.append({tag: {key: value for key, value in rest if key != "text"}})
        elif isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict) and (tag is None or tag in ("$tuple", "$set", "$map")):
            stack.extend(reversed(list(item.values())))
        elif item is not None and not isinstance(item, str):
            found.append(item)
    return found


def _show(values: list[Tree]) -> str:
    shown = ", ".join(str(v) for v in values[:3]) or "nothing"
    return shorten(shown, 80)


def words_differ(
    field: str,
    before: Words,
    after: Words,
    planted: Sequence[Planted] = (),
    role: Role | None = None,
) -> Difference | None:
    """How the words of a field differ, or None. Cheap when they do not."""
    old, new = before.flat, after.flat
    known = set(old)
    for plant in planted:
        if plant.mark in new and plant.mark not in known:
            where = shorten(_around(new, new.index(plant.mark)))
            return Difference(plant.fault, f"shows what the mutation planted: {where!r}")
    if old == new:
        return None
    if not new:
        return Difference("empty", f"all {len(old)} words are gone")
    role = role or role_of(field)
    if not old:
        fault = "literal" if new[0].casefold() in _LITERALS and len(new) == 1 else "invented"
        return Difference(fault, f"was empty, now {shorten(' '.join(new))!r}")
    return _damage(before, after) or _by_edits(role, before, old, new)


def _damage(before: Words, after: Words) -> Difference | None:
    """Faults that show in the characters, whatever words they make."""
    for fault, pattern in (("charset", _MOJIBAKE), ("markup", _MARKUP)):
        found = pattern.findall(after.raw)
        if len(found) > len(pattern.findall(before.raw)):
            match = pattern.search(after.raw)
            assert match is not None
            near = after.raw[max(0, match.start() - 20) : match.end() + 20]
            return Difference(fault, f"now reads {shorten(near)!r}")
    return None


def _by_edits(role: Role, before: Words, old: list[str], new: list[str]) -> Difference:
    lost: list[int] = []
    gained: list[int] = []
    for edit in Indel.opcodes(old, new):
        if edit.tag == "delete":
            lost += range(edit.src_start, edit.src_end)
        elif edit.tag == "insert":
            gained += range(edit.dest_start, edit.dest_end)
    out, added = [old[i] for i in lost], [new[i] for i in gained]
    if Counter(out) == Counter(added):
        return Difference("reordered", f"{len(out)} words stand elsewhere: {_quote(out)}")
    if "".join(out) == "".join(added):
        fault = "glued" if len(added) < len(out) else "split"
        fault = "author-split" if role == "byline" else fault
        return Difference(fault, f"{_quote(out)} became {_quote(added)}")
    common = len(old) - len(out)
    if out and added and common < _ANOTHER * max(len(old), len(new)):
        fault = _ANOTHER_TEXT.get(role, "wrong-block")
        return Difference(fault, f"{_quote(old)} became {_quote(new)}")
    if len(out) > len(added) or (out and role == "date"):
        return _loss(role, before, old, lost)
    return _gain(role, before, new, added)


def _loss(role: Role, before: Words, old: list[str], lost: list[int]) -> Difference:
    message = f"{len(lost)} of {len(old)} words lost: {_quote([old[i] for i in lost])}"
    if role in ("title", "byline", "date"):
        fault = {"title": "title-cut", "byline": "byline-cut", "date": "wrong-date"}[role]
        return Difference(fault, message)
    if len(old) - len(lost) < _STUB * len(old):
        return Difference("stub", message)
    gone = set(lost)
    ends = list(accumulate(len(part) for part in before.parts))
    starts = [0, *ends[:-1]]
    whole = [
        n for n, (a, b) in enumerate(zip(starts, ends, strict=True)) if gone.issuperset(range(a, b))
    ]
    if lost[-1] == len(old) - 1 and len(gone) == len(old) - lost[0]:
        return Difference("truncated", message)
    if whole and len(ends) > 1:
        if whole[-1] == len(ends) - 1:
            return Difference("truncated", message)
        return Difference("lede-missing" if whole[0] == 0 else "paragraph-lost", message)
    return Difference("inline-lost", message)


def _gain(role: Role, before: Words, new: list[str], added: list[str]) -> Difference:
    message = f"{len(added)} words more: {_quote(added)}"
    if role in ("title", "byline", "date"):
        fault = {"title": "title-suffix", "byline": "byline-noise", "date": "wrong-date"}[role]
        return Difference(fault, message)
    # A word or two that stand in the text already prove no repetition.
    if len(added) > 4 and "".join(added) in squash("".join(before.flat)):
        return Difference("duplicated", message)
    size = len(before.flat)
    return Difference("whole-page" if len(new) > _WHOLE * size + 50 else "chrome-leak", message)


def _quote(found: Sequence[str]) -> str:
    return repr(shorten(" ".join(found[:20])))


def _around(found: list[str], at: int) -> str:
    return " ".join(found[max(0, at - 3) : at + 4])
