"""Paragraphs of the body follow each other as on the page, once each, whole, and apart."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from harness.invariants.article import Placed, is_prose
from harness.invariants.edits import SENTENCE_END
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.text import squash

_MOST = 5
# What is shorter may be a name, a formula or an inserted heading.
_LONG = 40


@invariant("paragraphs-once", fault="duplicated")
def paragraphs_once(it: Subject) -> Iterator[Hit]:
    """No paragraph stands in the body more often than on the page."""
    placed = it.article.placed
    if len({each.piece.text for each in placed}) == len(placed):
        return
    counts = Counter(squash(each.piece.text) for each in placed)
    told = 0
    for key, count in counts.items():
        if count < 2 or len(key) < 12:
            continue
        there = it.alignment.plain.text.count(key)
        if 0 < there < count:
            each = next(p for p in it.article.placed if squash(p.piece.text) == key)
            told += 1
            if told > _MOST:
                return
            yield Hit(
                each.piece.path,
                f"{each.piece.text!r} stands {count} times, on the page {there}",
                each.piece.text,
                severity="error" if is_prose(each.piece.text) else "warning",
            )


@invariant("in-order", fault="reordered")
def in_order(it: Subject) -> Iterator[Hit]:
    """Paragraphs follow each other as on the page."""
    told: set[str] = set()
    whole = [(each.match.first, each.match.start) for each in it.article.once]
    if all(a <= b for a, b in pairwise(whole)):
        return
    for row in _rows(it.article.once):
        positions = [(each.match.first, each.match.start) for each in row]
        moved = [row[n] for n in _out_of_order(positions)]
        # Tables of contents, lists and tables stand where it suits their design.
        sure = 2 * sum(_paragraph(it, each) for each in moved) >= len(moved)
        for each in moved[:_MOST]:
            if each.piece.text in told:
                continue
            told.add(each.piece.text)
            line = each.match.first
            yield Hit(
                each.piece.path,
                f"{each.piece.text!r} stands at another place on the page",
                each.piece.text,
                (line, each.match.start, len(it.reading.texts[line])),
                "error" if sure and _paragraph(it, each) else "warning",
            )


def _paragraph(it: Subject, placed: Placed) -> bool:
    """Whether a text is a paragraph that stands as such on the page."""
    text = placed.piece.text
    if not is_prose(text) or not SENTENCE_END.search(text) or placed.match.how == "near":
        return False
    holder = it.reading.holder(placed.match.first)
    return not holder.caption and not any(each.tag in _LISTED for each in holder.around)


_LISTED = frozenset(("li", "td", "th", "dd", "pre", "code", "figure", "aside"))


def _rows(placed: list[Placed]) -> Iterator[list[Placed]]:
    """The texts that follow each other: those of a list, and those of the lists in a list.

    The keys of an object have no order; where those of sections are not in that of the page, the
    whole is out of order and tells nothing.
    """
    rows: dict[str, list[Placed]] = {}
    lists: dict[str, list[Placed]] = {}
    for each in placed:
        rows.setdefault(each.piece.row, []).append(each)
        lists.setdefault(each.piece.row.partition("[")[0], []).append(each)
    yield from rows.values()
    for name, row in lists.items():
        if name not in rows and f"{name}[]" not in rows:
            positions = [(each.match.first, each.match.start) for each in row]
            if len(_out_of_order(positions)) * 4 <= len(row):
                yield row


def _out_of_order(positions: list[tuple[int, int]]) -> list[int]:
    """The fewest that have to be taken out so that the rest is in order."""
    if all(a <= b for a, b in pairwise(positions)):
        return []
    tails: list[tuple[int, int]] = []
    ends: list[int] = []
    before = [-1] * len(positions)
    for number, position in enumerate(positions):
        rank = bisect_right(tails, position)
        before[number] = ends[rank - 1] if rank else -1
        if rank == len(tails):
            tails.append(position)
            ends.append(number)
        else:
            tails[rank], ends[rank] = position, number
    kept = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        kept.add(number)
        number = before[number]
    return [n for n in range(len(positions)) if n not in kept]


def _continued(one: Placed, two: Placed) -> bool:
    """Whether a text goes on in the line of the page that another ends in."""
    a, b = one.match, two.match
    return (
        a.how == b.how == "part"
        and a.last == b.first
        and 0 <= b.start - a.end <= 2
        and not two.piece.joined
    )


@invariant("paragraphs-whole", fault="split")
def paragraphs_whole(it: Subject) -> Iterator[Hit]:
    """A paragraph of the page is one paragraph of the body, not several."""
    found = [pair for pair in pairwise(it.article.placed) if _continued(*pair)]
    # Some extractors break all lines at a width.
    hard = len(found)
    for one, two in found[:_MOST]:
        b = two.match
        yield Hit(
            two.piece.path,
            f"{two.piece.text!r} goes on from {one.piece.text[-40:]!r} in one line of the page",
            two.piece.text,
            (b.first, b.start, b.end),
            "error"
            if is_prose(one.piece.text)
            and not SENTENCE_END.search(one.piece.text)
            and two.piece.text[:1].islower()
            and len(two.piece.text) >= _LONG
            and hard <= _MOST
            and one.piece.row == two.piece.row
            else "warning",
        )


def _torn(it: Subject, one: Placed, two: Placed) -> bool:
    """Whether two lines of the page are run together without a blank between their words."""
    end, start = one.piece.text[-1:], two.piece.text[:1]
    if two.piece.joined != 2 or not start.isalnum() or not (one.match and two.match):
        return False
    # Line breaks inside of a block are often left out.
    holder = it.reading.holder
    if holder(one.match.last).block is holder(two.match.first).block:
        return False
    # Where words have no blanks between them, nobody sees a seam.
    return not any(is_prose(sign * _LONG) and not sign.isascii() for sign in (end, start))


@invariant("paragraphs-apart", fault="glued")
def paragraphs_apart(it: Subject) -> Iterator[Hit]:
    """Paragraphs of the page are not run together into one."""
    seams = [
        (one, two)
        for one, two in pairwise(it.article.placed)
        if two.piece.joined and one.piece.path == two.piece.path
    ]
    torn = [seam for seam in seams if _torn(it, *seam)]
    long = [seam for seam in seams if any(is_prose(each.piece.text) for each in seam)]
    for one, two in (*torn, *long)[:1]:
        text = two.piece.text
        message = f"{text!r} is another line of the page than {one.piece.text[-40:]!r}, before it"
        yield Hit(two.piece.path, message, text, severity="error" if torn else "warning")
        return
    for each in it.article.placed:
        match = each.match
        if match.how == "part" and match.last > match.first >= 0:
            texts = it.reading.texts[match.first : match.last + 1]
            yield Hit(
                each.piece.path,
                f"{len(texts)} lines of the page are one: {each.piece.text!r}",
                each.piece.text,
                (match.first, match.start, len(texts[0])),
                "warning",
            )
            return
