"""A diff as the edits that it is made of, each with its place and what can be said of it alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from harness.diff.texts import MOJIBAKE
from harness.model import FieldDiff, Hunk, Piece
from harness.text import UNSEEN, plain_quotes, squash, tokens, words

Op = Literal["-", "+", "~"]
Unit = Literal["text", "paragraph", "record", "value", "message"]
Place = Literal["head", "middle", "tail", "whole", ""]

# A text that was written anew has thousands of edits; those that a cause makes recur among the
# first, and beyond only the kinds of edits count.
MOST_SPANS = 400
# The same for edits within hunks: those of a text that was rewritten tell nothing one by one.
MOST_PIECES = 400
# Whole replacements are aligned again up to here, since a short text that gained a long one is
# shown whole.
_ALIGN_UP_TO = 4_000


@dataclass(frozen=True, slots=True)
class Span:
    """One edit: what was taken away, what was put in, and where.

    ``unit``: within a text, or a whole paragraph, record or value. ``place`` is within the text, or
    of the paragraph among all. ``form`` names an edit that its texts alone explain ("quotes",
    "number cut"); "" where they have to be looked at. ``glued``: no space was left between.
    ``prose``: it stands in a running text.
    """

    op: Op
    removed: str = ""
    added: str = ""
    unit: Unit = "text"
    place: Place = ""
    form: str = ""
    glued: bool = False
    prose: bool = False


_OF = re.compile(r"paragraph (\d+) of (\d+)")
_NEW = re.compile(r"new paragraph (\d+)")
_NUMBER = re.compile(r"[-+−]?\d[\d.,\u00a0\u202f'’ ]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_CLAIM = re.compile(r"(kind|unit|count|age|published|front_end): (.*)")
_EARLIEST = re.compile(r"earliest (\S+?),")
# In a text of more words, a change in its midst is one of wording.
_LABEL_WORDS, _LABEL_CHARS = 8, 60
# Edits of marks and single words come again and again.
_CACHED_UP_TO = 60


def spans_of(diff: FieldDiff, length: int | None = None) -> tuple[Span, ...]:
    """The edits of a diff, in its order; ``length`` is how many paragraphs there are now."""
    if diff.new_empty and not diff.old_empty:
        return (Span("-", _side(diff.hunks, "-"), unit="value", place="whole", form="emptied"),)
    if diff.old_empty and diff.new_empty:
        return (Span("~", unit="value", form=f"empty {diff.summary}"),)
    if diff.category == "type":
        said = diff.summary.partition(":")[0]
        old, new = _sides(diff.hunks)
        return (Span("~", old, new, "value", form=f"type {said}"),)
    if diff.old_empty:
        return (Span("+", "", _side(diff.hunks, "+"), unit="value", place="whole"),)
    if whole := _of_kind(diff):
        return whole
    return tuple(_joined(list(_of_hunks(diff, length))))


def spans_of_hunk(hunk: Hunk) -> tuple[Span, ...]:
    """The edits of one place of a field."""
    return tuple(_of_hunk(hunk, {}, {}, None))


def _side(hunks: Iterable[Hunk], op: str) -> str:
    return "\n\n".join("".join(p.text for p in h.pieces if p.op == op) for h in hunks)


def _sides(hunks: Iterable[Hunk]) -> tuple[str, str]:
    pieces = [piece for hunk in hunks for piece in hunk.pieces]
    old = "".join(piece.text for piece in pieces if piece.op != "+")
    return old, "".join(piece.text for piece in pieces if piece.op != "-")


def _of_kind(diff: FieldDiff) -> tuple[Span, ...]:
    """The edits of values that mean something as a whole: times, numbers, addresses."""
    if len(diff.hunks) != 1 or diff.hunks[0].where:
        return ()
    old, new = _sides(diff.hunks)
    if diff.kind == "timestamp" and "\nkind: " in old and "\nkind: " in new:
        return tuple(_claims(old, new))
    if diff.kind == "url":
        return (Span("~", old, new, unit="value", form=_address(old, new)),)
    if diff.kind == "number":
        return (Span("~", old, new, unit="value", form=f"number {_quantity(old, new)}"),)
    if _MOMENT.fullmatch(old) and _MOMENT.fullmatch(new):
        return (Span("~", old, new, unit="value", form=f"moment {_moved(old, new)}"),)
    return ()


def _claims(old: str, new: str) -> Iterator[Span]:
    """What a timestamp claims; ages and instants follow from the label, where that changed."""
    was, now = dict(_CLAIM.findall(old)), dict(_CLAIM.findall(new))
    label = old.partition("\nkind: ")[0], new.partition("\nkind: ")[0]
    changed = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    telling = [key for key in changed if key in ("kind", "unit")] or [
        key for key in changed if key == "count"
    ]
    for key in telling or changed:
        sides = was.get(key, ""), now.get(key, "")
        said = f" {_number(*sides)}" if key == "count" else ""
        if key == "published" and sides[0] and sides[1]:
            ends = [_EARLIEST.search(side) for side in sides]
            said = f" {_moved(ends[0][1], ends[1][1])}" if ends[0] and ends[1] else ""
        shown = label if label[0] != label[1] else sides
        old_shown, new_shown = shown
        yield Span("~", old_shown, new_shown, "value", form=f"claim {key}{said}")
    if not changed and label[0] != label[1]:
        yield from _edits(_aligned(*label))


def _moved(old: str, new: str) -> str:
    """How far one instant lies from another, in classes that clocks and zones make."""
    try:
        was, now = datetime.fromisoformat(old), datetime.fromisoformat(new)
    except ValueError:
        return "other"
    if len(new) <= 10 < len(old):
        return "day only"
    if len(old) <= 10 < len(new):
        return "time known"
    if (was.tzinfo is None) != (now.tzinfo is None):
        return "zone lost" if now.tzinfo is None else "zone known"
    if was == now:
        return "same"
    seconds = (now - was).total_seconds()
    if (was.day, was.month, was.year) == (now.month, now.day, now.year):
        return "day and month"
    if abs(seconds) == 43_200:
        return "twelve hours"
    if seconds % 900 == 0 and abs(seconds) <= 50_400:  # zones are up to 14 hours, in quarters
        return f"{seconds / 3600:+g} h"
    return "later" if seconds > 0 else "earlier"


def _address(old: str, new: str) -> str:
    try:
        was, now = urlsplit(old), urlsplit(new)
    except ValueError:  # "http://[x"
        return "address"
    names = ("scheme", "host", "path", "query", "fragment")
    moved = [n for n, a, b in zip(names, was, now, strict=True) if a != b]
    emptied = [n for n, a, b in zip(names, was, now, strict=True) if a and not b]
    return f"address {'+'.join(moved)}{' lost ' + '+'.join(emptied) if emptied else ''}"


def _quantity(old: str, new: str) -> str:
    try:
        was, now = Decimal(old), Decimal(new)
        if was == -now:
            return "sign"
        ratio = now / was if was else Decimal(0)
    except (InvalidOperation, ArithmeticError):
        return _number(old, new)
    if ratio > 0 and ratio.scaleb(-ratio.adjusted()) == 1:
        return "scaled"
    return _number(old, new)


def _number(old: str, new: str) -> str:
    """How the digits of one number relate to those of another."""
    was, now = ("".join(char for char in text if char.isdigit()) for text in (old, new))
    if was == now:
        return "marks"
    if now in was:
        return "cut"
    if was in now:
        return "longer"
    return "other"


def _of_hunks(diff: FieldDiff, length: int | None) -> Iterator[Span]:
    lost = {int(m[1]): int(m[2]) for h in diff.hunks if _whole(h, "-") and (m := _of(h))}
    total = max(lost.values(), default=0)
    come = {int(m[1]) for h in diff.hunks if (m := _NEW.fullmatch(h.where))}
    gone = _places(lost, total)
    new = _places(come, length or 0)
    pieces = 0
    for number, hunk in enumerate(diff.hunks):
        pieces += len(hunk.pieces)
        if number >= MOST_SPANS or (number and pieces > MOST_PIECES):
            yield Span("~", form="more")
            return
        yield from _of_hunk(hunk, gone, new, diff)


def _of(hunk: Hunk) -> re.Match[str] | None:
    return _OF.fullmatch(hunk.where)


def _whole(hunk: Hunk, op: str) -> bool:
    return all(piece.op == op for piece in hunk.pieces)


def _places(numbers: Iterable[int], total: int) -> dict[int, Place]:
    """Of paragraphs that came or went, by number from 1: whether their run is at an end."""
    found: dict[int, Place] = {}
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        at_head, at_tail = run[0] == 1, bool(total) and run[-1] == total
        place: Place = "head" if at_head else "tail" if at_tail else "middle"
        if at_head and at_tail:
            place = "whole"
        found.update(dict.fromkeys(run, place))
    return found


def _of_hunk(
    hunk: Hunk, gone: dict[int, Place], new: dict[int, Place], diff: FieldDiff | None
) -> Iterator[Span]:
    if hunk.where == "order":
        yield Span("~", *_sides([hunk]), "record", form="order")
    elif hunk.where.startswith("[") and hunk.pieces:
        text = hunk.pieces[0].text
        lost = hunk.pieces[0].op == "-"
        yield Span("-", text, unit="record") if lost else Span("+", "", text, "record")
    elif match := _NEW.fullmatch(hunk.where):
        place = new.get(int(match[1]), "")
        yield Span("+", "", _side([hunk], "+"), unit="paragraph", place=place, prose=True)
    elif (match := _of(hunk)) and _whole(hunk, "-"):
        place = gone.get(int(match[1]), "")
        yield Span("-", _side([hunk], "-"), unit="paragraph", place=place, prose=True)
    else:
        yield from _edits(hunk.pieces, diff is not None and diff.category == "encoding")


def _aligned(old: str, new: str) -> tuple[Piece, ...]:
    """Old and new with their common ends apart, in words."""
    before, after = tokens(old), tokens(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    end = "".join(before[len(before) - tail :])
    return (
        Piece("=", "".join(before[:head])),
        Piece("-", "".join(before[head : len(before) - tail])),
        Piece("+", "".join(after[head : len(after) - tail])),
        Piece("=", end),
    )


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    shorter = min(len(old), len(new))
    return next((i for i in range(shorter) if old[i] != new[i]), shorter)


def _edits(pieces: Sequence[Piece], misread: bool = False) -> Iterator[Span]:
    """The edits within one text."""
    if len(pieces) == 2 and pieces[0].op == "-" and pieces[1].op == "+":
        old, new = pieces[0].text, pieces[1].text
        if len(old) + len(new) <= _ALIGN_UP_TO:
            pieces = _aligned(old, new)
    prose = _is_prose(pieces)
    # Whether anything is said before the edit, and after it.
    last = -1
    for i, piece in enumerate(pieces):
        if piece.op == "=" and not piece.text.isspace() and piece.text:
            last = i
    before, removed, added, said = "", "", "", False
    for i, piece in enumerate((*pieces, Piece("=", ""))):
        if piece.op == "-":
            removed += piece.text
            continue
        if piece.op == "+":
            added += piece.text
            continue
        if removed or added:
            ahead = last >= i
            place: Place = "middle" if said and ahead else "tail" if said else "head"
            if not said and not ahead:
                place = "whole"
            sides = before[-1:], piece.text[:1]
            short = len(removed) + len(added) <= _CACHED_UP_TO
            edit = _edit if short else _edit.__wrapped__
            yield edit(removed, added, sides, place, prose, misread)
            removed = added = ""
        before = piece.text
        said = said or bool(before and not before.isspace())


def _is_prose(pieces: Sequence[Piece]) -> bool:
    """Whether what the sides of an edit share is a running text."""
    shared = [piece.text for piece in pieces if piece.op == "="]
    if sum(map(len, shared)) <= _LABEL_CHARS:
        return False
    if sum(text.count(" ") for text in shared) > _LABEL_WORDS:
        return True
    return len(words("".join(shared)[:400])) > _LABEL_WORDS


@lru_cache(maxsize=20_000)
def _edit(
    removed: str,
    added: str,
    sides: tuple[str, str],
    place: Place,
    prose: bool = False,
    misread: bool = False,
) -> Span:
    """One edit; ``sides`` are the characters that both texts have before and after it."""
    form = _form(removed, added, *sides, misread)
    if form:
        return Span("~", removed, added, form=form, prose=prose)
    if removed and added:
        if added.startswith(removed) or added.endswith(removed):
            return _extended(removed, added, place, prose)
        if removed.startswith(added) or removed.endswith(added):
            return _shortened(removed, added, place, prose)
        return Span("~", removed, added, place=place, prose=prose)
    text = removed or added
    before, after = sides
    touches = before.isalnum() and text[0].isalnum()
    touches = touches or (after.isalnum() and text[-1].isalnum())
    glued = bool(added) and touches
    return Span("-" if removed else "+", removed, added, place=place, glued=glued, prose=prose)


def _extended(removed: str, added: str, place: Place, prose: bool) -> Span:
    """A word that has grown: "Liskov" that is "Liskov4 days ago" now."""
    at_end = added.startswith(removed)
    text = added[len(removed) :] if at_end else added[: len(added) - len(removed)]
    at: Place = place if place == "middle" else "tail" if at_end else "head"
    edge = text[0] if at_end else text[-1]
    return Span("+", "", text, place=at, glued=not edge.isspace(), prose=prose)


def _shortened(removed: str, added: str, place: Place, prose: bool) -> Span:
    at_end = removed.startswith(added)
    text = removed[len(added) :] if at_end else removed[: len(removed) - len(added)]
    at: Place = place if place == "middle" else "tail" if at_end else "head"
    edge = text[0] if at_end else text[-1]
    return Span("-", text, place=at, glued=edge.isalnum(), prose=prose)


def _form(removed: str, added: str, before: str, after: str, misread: bool) -> str:
    """What the texts of an edit alone explain; "" where they have to be looked at."""
    if (not removed or not added) and len(removed) + len(added) > _LABEL_CHARS:
        return ""
    if squash(removed) == squash(added):
        return _spaces(removed, added, before, after)
    plain = squash(plain_quotes(removed)), squash(plain_quotes(added))
    if plain[0] == plain[1]:
        return "quotes"
    if UNSEEN.sub("", plain[0]) == UNSEEN.sub("", plain[1]):
        return "unseen"
    if not removed or not added:
        return _marks(removed, added, before, after)
    if removed.casefold() == added.casefold():
        return "case upper" if added.isupper() else "case lower" if added.islower() else "case"
    if MOJIBAKE.search(added) or (misread and not added.isascii() and added != removed):
        return "encoding"
    if MOJIBAKE.search(removed):
        return "encoding mended"
    if _NUMBER.fullmatch(removed.strip()) and _NUMBER.fullmatch(added.strip()):
        return f"number {_number(removed, added)}"
    return _marks(removed, added, before, after)


def _marks(removed: str, added: str, before: str, after: str) -> str:
    """An edit of punctuation alone; marks that stand at a number may be part of it."""
    if any(char.isalnum() for char in removed + added) or not (removed + added).isprintable():
        return ""
    gone, come = "".join(removed.split()), "".join(added.split())
    if len(gone) > 3 or len(come) > 3 or not (gone.isascii() or len(gone) == 1):
        return ""
    number = after.isdigit() or (before.isdigit() and after and not after.isspace())
    return f"marks {gone} → {come}{' at a number' if number else ''}"


def _spaces(removed: str, added: str, before: str, after: str) -> str:
    was, now = len(words(removed)), len(words(added))
    if now < was:
        return "space lost"
    if now > was:
        return "space gained"
    between = before and after and not before.isspace() and not after.isspace()
    if removed and not added and between:
        return "space lost"
    if added and not removed and before.isalnum() and after.isalnum():
        return "space gained"
    return "lines" if removed.count("\n") != added.count("\n") else "spaces"


def _joined(spans: list[Span]) -> list[Span]:
    """Two paragraphs that became one are that, and not one that grew and one that is lost."""
    whole = [i for i, span in enumerate(spans) if span.unit == "paragraph"]
    edges = [
        i
        for i, span in enumerate(spans)
        if span.unit == "text" and span.op != "~" and span.place in ("head", "tail")
    ]
    if not whole or not edges:
        return spans
    # A paragraph that is lost from its place and gained by another, or the other way round.
    places = {(spans[i].op, squash(spans[i].removed or spans[i].added)): i for i in whole}
    dropped: set[int] = set()
    for i in edges:
        span = spans[i]
        gained = span.op == "+"
        other = places.get(("-" if gained else "+", squash(span.removed or span.added)))
        if other is not None and other not in dropped:
            dropped.add(other)
            form = "paragraphs joined" if gained else "paragraph divided"
            spans[i] = Span("~", span.removed, span.added, form=form, glued=span.glued)
    return [span for i, span in enumerate(spans) if i not in dropped]
