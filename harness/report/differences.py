"""The difference of one field as the report shows it: bounded, with what did not change folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from rapidfuzz.distance import Indel

from harness.diff import WHOLE_BELOW
from harness.model import CaseResult, FieldDiff, FieldResult, Hunk, Tree
from harness.report.sheet import CONTEXT, TEXT_CHARS, Cut, cut

HUNKS = 40
# Beyond this many paragraphs nobody unfolds what did not change, and aligning them takes long.
PARAGRAPHS = 1_000
# So much of what did not change is there to be unfolded; the page beside it has the rest.
SAME_CHARS = 6_000

_ODD_SPACES = {" ": "␣", "\n": "↵\n", "\t": "⇥"}
# As `harness.diff.paragraphs` names the place of a hunk.
_PLACE = re.compile(r"(?:(new) )?paragraph (\d+)")


@dataclass(frozen=True, slots=True)
class Edit:
    """One piece of a hunk, bounded."""

    op: Literal["=", "-", "+"]
    text: Cut


@dataclass(frozen=True, slots=True)
class Same:
    """Paragraphs that did not change: how many, and the texts of the first of them."""

    number: int
    texts: tuple[Cut, ...]

    @property
    def left(self) -> int:
        return self.number - len(self.texts)


@dataclass(frozen=True, slots=True)
class Place:
    """One hunk, bounded.

    ``aside`` when old and new share too little to be read as one text; ``whole`` is ``gone`` or
    ``new`` when there is only one side. ``before`` are the unchanged paragraphs above it.
    """

    where: str
    edits: tuple[Edit, ...]
    aside: bool
    whole: Literal["", "gone", "new"] = ""
    left: int = 0
    before: Same | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in a field: ``left`` places are left out, ``after`` follows unchanged."""

    places: tuple[Place, ...]
    left: int
    after: Same | None = None


def difference(
    result: CaseResult, found: FieldResult, allowance: int, folded: bool = False
) -> Difference:
    """A field's difference in about ``allowance`` characters.

    ``folded``: with the paragraphs that did not change, where the field is a list of them.
    """
    places: list[Place] = []
    hunks = found.diff.hunks
    above, after = _unchanged(result, found, folded)
    for number, hunk in enumerate(hunks[:HUNKS]):
        if allowance <= 0:
            break
        place, size = _bounded(found.diff, hunk, max(allowance, 2 * CONTEXT), above.get(number))
        places.append(place)
        allowance -= size
    left = len(hunks) - len(places)
    return Difference(tuple(places), left, None if left else after)


def _bounded(diff: FieldDiff, hunk: Hunk, allowance: int, before: Same | None) -> tuple[Place, int]:
    """A hunk of about ``allowance`` characters at most, and what it used of them."""
    edits: list[Edit] = []
    used = 0
    last = len(hunk.pieces) - 1
    for i, piece in enumerate(hunk.pieces):
        if used >= allowance:
            break
        if piece.op == "=":
            # The text before the first edit matters at its end, after the last at its start.
            part = cut(piece.text, CONTEXT if i else 0, CONTEXT if i < last else 0)
        else:
            half = max(allowance - used, CONTEXT) // 2
            part = cut(piece.text, min(half, 2 * TEXT_CHARS), min(half // 4, CONTEXT))
            if not piece.text.strip():
                part = Cut(spaces(part.head), part.left, spaces(part.tail))
        edits.append(Edit(piece.op, part))
        used += len(part.head) + len(part.tail) + 20
    ops = {piece.op for piece in hunk.pieces}
    aside = diff.similarity < WHOLE_BELOW and ops == {"-", "+"}
    whole: Literal["", "gone", "new"] = "gone" if ops == {"-"} else "new" if ops == {"+"} else ""
    left = len(hunk.pieces) - len(edits)
    return Place(hunk.where, tuple(edits), aside, whole, left, before), used


def spaces(text: str) -> str:
    """White space that is itself the change, made visible."""
    return "".join(_ODD_SPACES.get(char, f"⟨U+{ord(char):04X}⟩") for char in text)


# --- what did not change --------------------------------------------------------------------------


def _unchanged(
    result: CaseResult, found: FieldResult, folded: bool
) -> tuple[dict[int, Same], Same | None]:
    """The unchanged paragraphs above each hunk, by its number, and those below the last."""
    name = found.field
    old = _paragraphs((result.accepted or {}).get(name))
    new = _paragraphs((result.record or {}).get(name))
    hunks = found.diff.hunks
    if not folded or found.against != "snapshot" or old is None or new is None or not hunks:
        return {}, None
    if max(len(old), len(new)) > PARAGRAPHS:
        return {}, None
    spots = [_PLACE.match(hunk.where) for hunk in hunks]
    # (last place in the old text, in the new text) that a hunk may have for a stretch to follow it.
    stretches = list(_stretches(old, new))
    above: dict[int, list[str]] = {}
    below: list[str] = []
    for start_old, start_new, texts in stretches:
        follower = next(
            (i for i, spot in enumerate(spots) if spot and _follows(spot, start_old, start_new)),
            None,
        )
        if follower is None:
            below += texts
        else:
            above.setdefault(follower, []).extend(texts)
    room = SAME_CHARS // (len(above) + 1)
    return {i: _same(texts, room) for i, texts in above.items()}, (
        _same(below, room) if below else None
    )


def _stretches(old: list[str], new: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Runs of equal paragraphs: where they begin in the old and the new text, and their texts."""
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            yield op.src_start, op.dest_start, old[op.src_start : op.src_end]


def _follows(spot: re.Match[str], start_old: int, start_new: int) -> bool:
    """Whether a hunk stands below a stretch that begins at these paragraphs."""
    number = int(spot[2]) - 1
    return number >= (start_new if spot[1] else start_old)


def _same(texts: Sequence[str], room: int) -> Same:
    shown: list[Cut] = []
    for text in texts:
        if room <= 0:
            break
        shown.append(cut(text, max(min(room, TEXT_CHARS), CONTEXT)))
        room -= len(text)
    return Same(len(texts), tuple(shown))


def _paragraphs(tree: Tree) -> list[str] | None:
    if isinstance(tree, list) and all(isinstance(item, str) for item in tree):
        return cast("list[str]", tree)
    return None
