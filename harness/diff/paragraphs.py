"""Changes of a list of paragraphs: matched whole first, then word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from harness.diff.categories import CATEGORIES, RANK, Surroundings
from harness.diff.texts import MOJIBAKE, classify, classify_spaces, home_of, repeated
from harness.diff.values import count
from harness.diff.wording import ENOUGH, WHOLE_BELOW, first_difference, similarity_of, word_diff
from harness.model import FieldDiff, Hunk, Kind, Piece
from harness.text import shorten, squash, words

# Paragraphs are aligned up to this many on one side; a text of more is no article.
PARAGRAPHS_UP_TO = 20_000


def compare_paragraphs(
    path: str, kind: Kind, old: list[str], new: list[str], around: Surroundings
) -> FieldDiff:
    changes = list(_paragraph_changes(old, new, around))
    hunks = tuple(change.hunk for change in changes)
    shared = sum(len(p.text) for h in hunks for p in h.pieces if p.op == "=")
    untouched = sum(len(p) for p in (Counter(old) & Counter(new)).elements())
    size = sum(map(len, old)) + sum(map(len, new))
    similarity = min(1.0, 2 * (shared + untouched) / size) if size else 1.0
    category, summary = _classify_paragraphs(old, new, changes, around)
    return FieldDiff(path, kind, category, summary, hunks, similarity)


@dataclass(frozen=True, slots=True)
class _Change:
    category: str
    summary: str
    hunk: Hunk
    index: int


def _paragraph_changes(old: list[str], new: list[str], around: Surroundings) -> Iterator[_Change]:
    """Paragraphs are matched first, whole; only inside what is left are words compared."""
    known = frozenset(old)
    if max(len(old), len(new)) > PARAGRAPHS_UP_TO:
        head = first_difference(old, new)
        pieces = (Piece("-", "\n\n".join(old[head:])), Piece("+", "\n\n".join(new[head:])))
        yield _Change("value", "too many paragraphs to align", Hunk("", pieces), head)
        return
    before: list[int] = []
    after: list[int] = []
    # Indel knows no replacement: what lies between two equal runs is one block, in any order.
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            yield from _block(old, new, before, after, known, around)
            before, after = [], []
        else:
            before += range(op.src_start, op.src_end)
            after += range(op.dest_start, op.dest_end)
    yield from _block(old, new, before, after, known, around)


def _block(
    old: list[str],
    new: list[str],
    before: list[int],
    after: list[int],
    known: frozenset[str],
    around: Surroundings,
) -> Iterator[_Change]:
    pairs = dict(_pair(old, new, before, after))
    taken = set(pairs.values())
    spare = iter([j for j in after if j not in taken])
    for i in before:
        where = f"paragraph {i + 1} of {len(old)}"
        if i in pairs:
            was, now = old[i], new[pairs[i]]
            compared = word_diff(was, now)
            category, summary = classify(was, now, around, compared)
            yield _Change(category, summary, Hunk(where, compared[0]), i)
        else:
            yield _Change(
                "lost", f"lost '{shorten(old[i])}'", Hunk(where, (Piece("-", old[i]),)), i
            )
    for j in spare:
        category = "chrome" if around.is_chrome(new[j]) else "gained"
        if category == "gained" and new[j] in known:
            category = "duplicated"
        elif category == "gained" and (home := home_of(new[j], "", around)):
            category = "misplaced"
            summary = f"holds the text of {home}: '{shorten(new[j], 50)}'"
            yield _Change(
                category, summary, Hunk(f"new paragraph {j + 1}", (Piece("+", new[j]),)), j
            )
            continue
        yield _Change(
            category,
            f"{'page chrome leaked in' if category == 'chrome' else category}: '{shorten(new[j])}'",
            Hunk(f"new paragraph {j + 1}", (Piece("+", new[j]),)),
            j,
        )


def _pair(
    old: list[str], new: list[str], before: list[int], after: list[int]
) -> Iterator[tuple[int, int]]:
    """Old and new paragraphs that are versions of each other, in order, most similar first."""
    spare = list(after)
    was = {i: _outline(old[i][:ENOUGH]) for i in before}
    now = {j: _outline(new[j][:ENOUGH]) for j in after}
    # A block of n × m comparisons, each of them quadratic in its texts: 0.2 s at the limit, beyond
    # it only neighbours are compared.
    effort = sum(map(len, was.values())) * sum(map(len, now.values()))
    window = len(spare) if len(before) * len(spare) <= 10_000 and effort <= 10**10 else 3
    for i in before:
        best, best_ratio = None, 100 * WHOLE_BELOW
        for j in spare[:window]:
            ratio = _likeness(was[i], now[j], best_ratio)
            if ratio > best_ratio:
                best, best_ratio = j, ratio
        if best is not None:
            yield i, best
            spare = [j for j in spare if j > best]


def _outline(text: str) -> str:
    """A text without what tells its versions apart: case, white space, a wrong decoding."""
    if MOJIBAKE.search(text):
        text = text.encode("cp1252", "ignore").decode("utf-8", "ignore")
    return squash(text).casefold()


def _likeness(old: str, new: str, above: float) -> float:
    """0 to 100, or 0 when not ``above``. A text that holds all of the other is its version."""
    short, long = (old, new) if len(old) < len(new) else (new, old)
    if len(short) > 20 and short in long:
        return 99.0
    return float(fuzz.ratio(old, new, score_cutoff=above))


def _classify_paragraphs(
    old: list[str], new: list[str], changes: list[_Change], around: Surroundings
) -> tuple[str, str]:
    joined_old, joined_new = "\n\n".join(old), "\n\n".join(new)
    if Counter(old) == Counter(new):
        moved = [i + 1 for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        return "reordered", f"{count(len(moved), 'paragraph')} in another order"
    if squash(joined_old) == squash(joined_new):
        if words(joined_old) == words(joined_new):
            if len(old) == len(new):
                return "whitespace", "only white space differs"
            category = "glued" if len(new) < len(old) else "split"
            return category, f"{len(old)} paragraphs became {len(new)}, the words are the same"
        return classify_spaces(joined_old, joined_new)
    if repeated(squash(joined_old), squash(joined_new)):
        return "duplicated", f"the whole text stands twice, {count(len(new), 'paragraph')}"
    if similarity_of(joined_old, joined_new) < WHOLE_BELOW and (
        home := home_of(joined_new, joined_old, around)
    ):
        return "misplaced", f"now holds the text of {home}: '{shorten(joined_new, 50)}'"
    kept = joined_new.rstrip("… .")
    if kept and joined_old.startswith(kept):
        whole = old[: len(new)] == new
        if not whole or len(old) - len(new) > 1:
            return "truncated", (
                f"cut after {len(joined_new):,} of {len(joined_old):,} characters,"
                f" {count(len(old) - len(new), 'paragraph')} and more lost"
                if not whole
                else f"the last {len(old) - len(new)} of {len(old)} paragraphs are lost"
            )
    category = min((change.category for change in changes), key=RANK.__getitem__, default="value")
    return category, _summarise(changes, old)


def _summarise(changes: list[_Change], old: list[str]) -> str:
    by_category: dict[str, list[_Change]] = {}
    for change in sorted(changes, key=lambda c: RANK[c.category]):
        by_category.setdefault(change.category, []).append(change)
    parts = []
    for category, group in by_category.items():
        if len(group) == 1:
            change = group[0]
            where = change.hunk.where
            parts.append(change.summary if where.startswith("new") else f"{where} {change.summary}")
        elif category == "lost":
            parts.append(f"{len(group)} of {len(old)} paragraphs lost")
        else:
            parts.append(f"{len(group)} paragraphs: {CATEGORIES[category]}")
    return "; ".join(parts)
