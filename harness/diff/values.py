"""Values that come, go or are compared whole: numbers, URLs, timestamps, anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from w3lib.url import canonicalize_url

from harness import records
from harness.diff.categories import Chrome, Surroundings
from harness.diff.texts import compare_texts
from harness.diff.wording import word_diff
from harness.model import FieldDiff, Hunk, Kind, Piece, Tree
from harness.text import shorten

EMPTY: tuple[Tree, ...] = (None, "", [])


def presence(
    path: str,
    kind: Kind,
    old: Tree,
    new: Tree,
    is_chrome: Chrome,
    was_there: bool = True,
    is_there: bool = True,
) -> FieldDiff:
    def made(category: str, summary: str, *pieces: Piece) -> FieldDiff:
        hunks = (Hunk("", pieces),) if pieces else ()
        return FieldDiff(
            path, kind, category, summary, hunks, old_empty=was_empty, new_empty=is_empty
        )

    was_empty, is_empty = old in EMPTY, new in EMPTY
    if was_empty and is_empty:
        return made("type", f"{_empty_name(old, was_there)} → {_empty_name(new, is_there)}")
    if is_empty:
        return made("lost", f"lost, was {_preview(old)}", Piece("-", plain(old)))
    texts = [new] if isinstance(new, str) else new if isinstance(new, list) else [None]
    all_chrome = all(isinstance(text, str) and is_chrome(text) for text in texts)
    category = "chrome" if all_chrome else "gained"
    summary = f"was empty, now {_preview(new)}" if was_there else f"new field: {_preview(new)}"
    return made(category, summary, Piece("+", plain(new)))


def _empty_name(value: Tree, there: bool) -> str:
    if not there:
        return "absent"
    return "null" if value is None else "empty text" if value == "" else "empty list"


def _preview(tree: Tree) -> str:
    if isinstance(tree, list):
        noun = "paragraph" if all(isinstance(item, str) for item in tree) else "record"
        return count(len(tree), noun)
    return f"'{shorten(plain(tree), 50)}'"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def plain(tree: Tree) -> str:
    """A value as text for people: paragraphs by blank lines, a timestamp's label, else JSON."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list) and tree and all(isinstance(item, str) for item in tree):
        return "\n\n".join(cast("list[str]", tree))
    tag = records.tag_of(tree)
    if tag and isinstance(tree, dict):
        content = tree[tag]
        if tag == "$timestamp" and isinstance(content, dict):
            return str(content.get("text"))
        if isinstance(content, str):
            return content
    return records.dumps(tree).rstrip("\n")


def _type_name(tree: Tree) -> str:
    tag = records.tag_of(tree)
    if tag:
        return tag[1:]
    return {
        "NoneType": "null",
        "str": "text",
        "bool": "true/false",
        "int": "whole number",
        "float": "decimal number",
        "dict": "record",
    }.get(type(tree).__name__, type(tree).__name__)


def compare_exact(path: str, kind: Kind, old: Tree, new: Tree) -> FieldDiff:
    before, after = plain(old), plain(new)
    if _type_name(old) != _type_name(new):
        summary = f"{_type_name(old)} → {_type_name(new)}: '{shorten(before, 40)}'"
        named = f"{_type_name(old)} {before}", f"{_type_name(new)} {after}"
        return FieldDiff(path, kind, "type", summary, _whole(*named))
    if before == after:  # ["a", "b"] and ["a\n\nb"] read alike
        before, after = records.dumps(old), records.dumps(new)
    summary = f"'{shorten(before, 40)}' → '{shorten(after, 40)}'"
    pieces, similarity = word_diff(before, after)
    return FieldDiff(path, kind, "value", summary, (Hunk("", pieces),), similarity)


def _whole(old: str, new: str) -> tuple[Hunk, ...]:
    return (Hunk("", (Piece("-", old), Piece("+", new))),)


def compare_numbers(path: str, old: Tree, new: Tree) -> FieldDiff:
    diff = compare_exact(path, "number", old, new)
    if diff.category != "value":
        return diff
    try:
        delta = Decimal(plain(new)) - Decimal(plain(old))
    except ArithmeticError:  # no numbers, or 1E+999999 beside its negative
        return diff
    return replace(diff, summary=f"{plain(old)} → {plain(new)} ({delta:+})")


def compare_urls(path: str, old: str, new: str) -> FieldDiff:
    diff = compare_exact(path, "url", old, new)
    try:
        same_page = canonicalize_url(old) == canonicalize_url(new)
    except ValueError:  # "http://[x", lone surrogates: broken links are content
        return diff
    if same_page:
        return replace(diff, category="equivalent", summary=f"same page, now {shorten(new, 80)}")
    return diff


def compare_timestamps(path: str, old: Tree, new: Tree, around: Surroundings) -> FieldDiff:
    if records.tag_of(old) != "$timestamp" or records.tag_of(new) != "$timestamp":
        return compare_exact(path, "timestamp", old, new)
    was = cast("dict[str, Tree]", old)["$timestamp"]
    now = cast("dict[str, Tree]", new)["$timestamp"]
    if not isinstance(was, dict) or not isinstance(now, dict):
        return compare_exact(path, "timestamp", old, new)
    changed = [
        key
        for key in [*was, *(k for k in now if k not in was)]
        if not same(was.get(key), now.get(key))
    ]
    if not changed:  # a key that is null on one side, absent on the other
        return compare_exact(path, "timestamp", old, new)
    said = f"{shorten(str(was.get('text')), 30)!r} → {shorten(str(now.get('text')), 30)!r}"
    if changed == ["text"] and was.get("text") and now.get("text"):
        diff = compare_texts(path, "timestamp", str(was["text"]), str(now["text"]), around)
        return replace(diff, summary=f"label {diff.summary}")
    details = "; ".join(_claim_change(key, was.get(key), now.get(key)) for key in changed)
    pieces, similarity = word_diff(_claim_text(was), _claim_text(now))
    summary = f"{said} ({details})" if "text" in changed else details
    return FieldDiff(path, "timestamp", "value", summary, (Hunk("", pieces),), similarity)


def _claim_change(key: str, old: Tree, new: Tree) -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        moved = [part for part in {**old, **new} if not same(old.get(part), new.get(part))]
        return f"{key} {', '.join(f'{p} {old.get(p)} → {new.get(p)}' for p in moved)}"
    if key == "count" and isinstance(old, int) and isinstance(new, int):
        return f"count {old} → {new}, {new - old:+}"
    return "label" if key == "text" else f"{key} {_short_json(old)} → {_short_json(new)}"


def _short_json(value: Tree) -> str:
    return "none" if value is None else shorten(plain(value), 60)


def _claim_text(claim: Mapping[str, Tree]) -> str:
    lines = [str(claim.get("text"))]
    for key, value in claim.items():
        if key != "text" and value is not None:
            shown = (
                ", ".join(f"{k} {v}" for k, v in value.items())
                if isinstance(value, dict)
                else str(value)
            )
            lines.append(f"{key}: {shown}")
    return "\n".join(lines)


def same_type(old: Tree, new: Tree) -> bool:
    """Whether two equal values are so in type too: Python holds 1 == True == 1.0."""
    if type(old) is not type(new):
        return False
    if isinstance(old, list):
        return all(map(same_type, old, cast("list[Tree]", new)))
    if isinstance(old, dict):
        return all(same_type(old[key], cast("dict[str, Tree]", new)[key]) for key in old)
    return True


def same(old: Tree, new: Tree) -> bool:
    """Whether two values are equal in value and in type, all the way down."""
    return old == new and same_type(old, new)
