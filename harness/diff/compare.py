"""Records against records: every field by the comparator of its kind, lists of records matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, cast

from rapidfuzz import fuzz

from harness import records
from harness.diff.categories import FORMS, NOTHING_KNOWN, Chrome, Moved, Surroundings, Texts
from harness.diff.paragraphs import compare_paragraphs
from harness.diff.texts import compare_texts
from harness.diff.values import (
    EMPTY,
    compare_exact,
    compare_numbers,
    compare_timestamps,
    compare_urls,
    plain,
    presence,
    same,
)
from harness.diff.wording import word_diff
from harness.model import FieldDiff, Hunk, Kind, Piece, Tree
from harness.text import shorten, squash


def compare_records(
    old: Mapping[str, Tree],
    new: Mapping[str, Tree],
    kinds: Mapping[str, Kind] | None = None,
    is_chrome: Chrome = NOTHING_KNOWN.is_chrome,
    moved: Moved = NOTHING_KNOWN.moved,
) -> list[FieldDiff]:
    """Every difference between two records, in the order of their fields; empty when equal.

    ``is_chrome`` and ``moved`` are what the page is asked, where it explains a change.
    """
    around = Surroundings(Texts(old, new), "", is_chrome, moved)
    return list(_compare_fields(old, new, "", kinds or {}, around))


def _compare_fields(
    old: Mapping[str, Tree],
    new: Mapping[str, Tree],
    prefix: str,
    kinds: Mapping[str, Kind],
    around: Surroundings,
) -> Iterator[FieldDiff]:
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = old.get(name), new.get(name)
        if (name in old) == (name in new) and same(before, after):
            continue
        path = f"{prefix}{name}"
        kind = kinds.get(name) or records.kind_of(before, after)
        if name not in new or name not in old:
            there = name in old, name in new
            yield presence(path, kind, before, after, around.is_chrome, *there)
        elif kind == "records" and isinstance(before, list) and isinstance(after, list):
            yield from _compare_lists(before, after, path, kinds, around)
        else:
            yield compare_field(path, kind, before, after, replace(around, path=path))


def compare_field(
    path: str, kind: Kind, old: Tree, new: Tree, around: Surroundings = NOTHING_KNOWN
) -> FieldDiff:
    """The difference between two unequal values of one field, by the comparator of its kind."""
    found = _compare_values(path, kind, old, new, around)
    if found.category in FORMS and (said := around.moved(old, new)):
        return replace(found, category="place", summary=f"same value, {said}")
    return found


def _compare_values(path: str, kind: Kind, old: Tree, new: Tree, around: Surroundings) -> FieldDiff:
    if old in EMPTY or new in EMPTY:
        return presence(path, kind, old, new, around.is_chrome)
    if kind == "timestamp":
        return compare_timestamps(path, old, new, around)
    if kind == "url" and isinstance(old, str) and isinstance(new, str):
        return compare_urls(path, old, new)
    if kind == "number":
        return compare_numbers(path, old, new)
    if kind != "exact":
        before, after = _paragraphs(old), _paragraphs(new)
        if type(old) is type(new) and before is not None and after is not None:
            if isinstance(old, str):
                return compare_texts(path, kind, before[0], after[0], around)
            return compare_paragraphs(path, kind, before, after, around)
    return compare_exact(path, kind, old, new)


def _paragraphs(tree: Tree) -> list[str] | None:
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, list) and all(isinstance(item, str) for item in tree):
        return cast("list[str]", tree)
    return None


def _compare_lists(
    old: list[Tree],
    new: list[Tree],
    path: str,
    kinds: Mapping[str, Kind],
    around: Surroundings,
) -> Iterator[FieldDiff]:
    pairs = match_records(old, new)
    lost = [i for i in range(len(old)) if i not in pairs]
    taken = set(pairs.values())
    gained = [j for j in range(len(new)) if j not in taken]
    if lost:
        yield _items_diff(path, "lost", [(i, old[i]) for i in lost], len(old), bool(new))
    if gained:
        yield _items_diff(path, "gained", [(j, new[j]) for j in gained], len(new), True)
    order = [pairs[i] for i in sorted(pairs)]
    if order != sorted(order):
        shown = [_identity(old[i]) for i in sorted(pairs)]
        after = [_identity(old[i]) for i in sorted(pairs, key=lambda i: pairs[i])]
        yield FieldDiff(
            path,
            "records",
            "reordered",
            f"{len(pairs)} records in another order, now first: '{shorten(after[0], 40)}'",
            (Hunk("order", word_diff("\n".join(shown), "\n".join(after))[0]),),
            1.0,
        )
    for i, j in sorted(pairs.items()):
        before, after_ = old[i], new[j]
        if same(before, after_):
            continue
        if isinstance(before, dict) and isinstance(after_, dict):
            prefix = f"{path}[{i}]."
            yield from _compare_fields(before, after_, prefix, kinds, around)
        else:
            kind = records.kind_of(before, after_)
            yield compare_field(f"{path}[{i}]", kind, before, after_)


def _items_diff(
    path: str,
    category: Literal["lost", "gained"],
    items: list[tuple[int, Tree]],
    of: int,
    any_left: bool,
) -> FieldDiff:
    op: Literal["-", "+"] = "-" if category == "lost" else "+"
    names = ", ".join(f"'{shorten(_identity(item), 40)}'" for _, item in items[:3])
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    which = (
        f"record {items[0][0] + 1} of {of}" if len(items) == 1 else f"{len(items)} of {of} records"
    )
    hunks = tuple(Hunk(f"[{i}]", (Piece(op, _record_text(item)),)) for i, item in items)
    return FieldDiff(
        path,
        "records",
        category,
        f"{category} {which}: {names}{more}",
        hunks,
        0.0,
        new_empty=category == "lost" and not any_left,
    )


def _record_text(tree: Tree) -> str:
    if not isinstance(tree, dict):
        return plain(tree)
    return "\n".join(f"{key}: {plain(value)}" for key, value in tree.items() if value not in EMPTY)


def _identity(tree: Tree) -> str:
    """The text by which people know a record: its title, else its first text."""
    if isinstance(tree, dict) and isinstance(title := tree.get("title"), str):
        return title
    return next((text for _, text in records.leaves(tree)), plain(tree))


def match_records(old: list[Tree], new: list[Tree]) -> dict[int, int]:
    """Which new record is which old one: equal ones, then same identity, then alike."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    for key in (records.dumps, _identity, lambda tree: squash(_identity(tree)).casefold()):
        places: dict[str, list[int]] = {}
        for j in free:
            places.setdefault(key(new[j]), []).append(j)
        for i, item in enumerate(old):
            if i not in pairs and (found := places.get(key(item))):
                pairs[i] = found.pop(0)
                del free[pairs[i]]
    rest = [i for i in range(len(old)) if i not in pairs]
    if rest and free:
        spare = list(free)
        # Past 40,000 comparisons (0.2 s) each is only held against those around its place.
        reach = max(10, 40_000 // (2 * len(rest)))
        near = (spare[max(0, n - reach) : n + reach] for n in range(len(rest)))
        scored = sorted(
            (
                (_record_likeness(old[i], new[j]), -abs(i - j), -i, -j)
                for i, candidates in zip(rest, near, strict=True)
                for j in candidates
            ),
            reverse=True,
        )
        for ratio, _, i, j in scored:
            if ratio > 60 and -i not in pairs and -j in free:
                pairs[-i] = -j
                del free[-j]
    return pairs


def _record_likeness(old: Tree, new: Tree) -> float:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0
    ratios = [
        float(fuzz.ratio(plain(old[key])[:400], plain(new[key])[:400]))
        for key in old
        if key in new and old[key] not in EMPTY and new[key] not in EMPTY
    ]
    return max(
        fuzz.ratio(_identity(old)[:400], _identity(new)[:400]),
        sum(ratios) / len(ratios) if ratios else 0,
    )
