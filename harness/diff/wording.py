"""Two texts as pieces that both share or one of them has: the word diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from rapidfuzz.distance import Indel

from harness.model import Piece
from harness.text import tokens, words

# Below this share of common text a word diff is confetti; old and new are shown whole instead.
WHOLE_BELOW = 0.35

# Aligning takes a bit for each pair of tokens, 125 MB for 30,000 words against as many. Beyond,
# what lies between the common ends is shown as replaced.
PAIRS_UP_TO = 1_000_000_000

# So many characters of two texts tell whether one is a version of the other.
ENOUGH = 20_000


def first_difference(old: Sequence[str], new: Sequence[str]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )


def word_diff(old: str, new: str) -> tuple[tuple[Piece, ...], float]:
    """Old and new as pieces, in words, and their similarity (0 to 1, by common tokens).

    The ``=`` and ``-`` pieces joined are ``old``, the ``=`` and ``+`` pieces are ``new``. Common
    ends are taken off first; the middle is aligned by tokens, up to PAIRS_UP_TO of them.
    """
    if old == new:
        return ((Piece("=", old),) if old else ()), 1.0
    before, after = tokens(old), tokens(new)
    head = first_difference(before, after)
    tail = first_difference(before[head:][::-1], after[head:][::-1])
    middle_old = before[head : len(before) - tail]
    middle_new = after[head : len(after) - tail]
    shared = "".join(before[:head]), "".join(before[len(before) - tail :] if tail else [])
    if len(middle_old) * len(middle_new) > PAIRS_UP_TO:
        middle = [Piece("-", "".join(middle_old)), Piece("+", "".join(middle_new))]
    else:
        middle = _aligned(middle_old, middle_new)
    kept = sum(len(p.text) for p in middle if p.op == "=") + sum(map(len, shared))
    similarity = 2 * kept / (len(old) + len(new))
    if similarity < WHOLE_BELOW and old and new:
        return (Piece("-", old), Piece("+", new)), similarity
    pieces = [Piece("=", shared[0]), *_without_specks(middle), Piece("=", shared[1])]
    return tuple(_joined(pieces)), similarity


def _aligned(old: list[str], new: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for op in Indel.opcodes(old, new):
        was, now = (
            "".join(old[op.src_start : op.src_end]),
            "".join(new[op.dest_start : op.dest_end]),
        )
        if op.tag == "equal":
            pieces.append(Piece("=", was))
        else:
            pieces += [Piece("-", was), Piece("+", now)]
    return pieces


def _without_specks(pieces: list[Piece]) -> list[Piece]:
    """Equal runs of white space or a lone token between edits join the edits: easier to read."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        before, after = pieces[max(0, i - 2) : i], pieces[i + 1 : i + 3]
        between = any(p.op != "=" for p in before) and any(p.op != "=" for p in after)
        speck = piece.op == "=" and (
            not piece.text.strip() or (len(tokens(piece.text)) <= 2 and len(piece.text) <= 2)
        )
        if speck and between:
            out += [Piece("-", piece.text), Piece("+", piece.text)]
        else:
            out.append(piece)
    return out


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbouring pieces of one kind as one; between two shared ones, first old, then new."""
    gone: list[str] = []
    come: list[str] = []
    kept: list[str] = []
    for piece in [*pieces, Piece("=", "")]:
        if piece.op == "=":
            if piece.text and (gone or come):
                yield from _flush(kept, gone, come)
            kept.append(piece.text)
        elif piece.text:
            (gone if piece.op == "-" else come).append(piece.text)
    yield from _flush(kept, gone, come)


def _flush(kept: list[str], gone: list[str], come: list[str]) -> Iterator[Piece]:
    ops: tuple[tuple[Literal["=", "-", "+"], list[str]], ...] = (
        ("=", kept),
        ("-", gone),
        ("+", come),
    )
    for op, parts in ops:
        if text := "".join(parts):
            yield Piece(op, text)
        parts.clear()


def similarity_of(old: str, new: str) -> float:
    """A quick share of common words, 0 to 1, order aside."""
    before, after = Counter(words(old)), Counter(words(new))
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0
