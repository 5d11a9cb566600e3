"""The edits of changed pages, for clusters, and their texts cut to what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.clusters import Edit, edit_of
from harness.comparison.model import PageChange
from harness.model import FieldDiff, Hunk, Piece, family_of

# A page that was written anew has thousands; what recurs over pages is among the first.
_MOST_HUNKS = 50
# What is shown of a piece, from either end; 10,000 changed bodies must fit into memory.
_SHARED, _CHANGED = 160, 3000


def edits(page: PageChange) -> Iterator[Edit]:
    """Every edit of a page whose change means something, hunk by hunk."""
    for change in page.fields:
        if change.judgement.basis == "equal" and change.judgement.verdict == "neutral":
            continue
        severity = max(0.01, abs(change.judgement.delta) * change.judgement.confidence)
        for diff in change.diffs:
            for hunk in diff.hunks[:_MOST_HUNKS]:
                category = _category(diff, hunk)
                edit = edit_of(page.capture, family_of(diff.field), category, hunk, severity)
                if edit.removed or edit.added:
                    yield edit


def _category(diff: FieldDiff, hunk: Hunk) -> str:
    """That of the field; of one place of several, what happened there."""
    removed, added = (any(p.op == op and p.text.strip() for p in hunk.pieces) for op in "-+")
    if len(diff.hunks) == 1 or (removed and added):
        return diff.category
    return "lost" if removed else "gained"


def cut(page: PageChange) -> PageChange:
    """A page whose diffs hold only what is shown of them."""
    fields = tuple(
        replace(change, diffs=tuple(replace(d, hunks=_cut_hunks(d)) for d in change.diffs))
        for change in page.fields
    )
    return replace(page, fields=fields)


def _cut_hunks(diff: FieldDiff) -> tuple[Hunk, ...]:
    return tuple(
        Hunk(hunk.where, tuple(Piece(p.op, _cut(p)) for p in hunk.pieces[:_MOST_HUNKS]))
        for hunk in diff.hunks[:_MOST_HUNKS]
    )


def _cut(piece: Piece) -> str:
    most = _SHARED if piece.op == "=" else _CHANGED
    if len(piece.text) <= 2 * most + 20:
        return piece.text
    left = len(piece.text) - 2 * most
    return f"{piece.text[:most]} … {left:,} characters … {piece.text[-most:]}"
