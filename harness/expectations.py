"""Holding a record against a golden: partial, tolerant where the golden says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from harness import diff, records
from harness.model import FieldDiff, Golden, Hunk, Kind, Piece, Tree
from harness.text import collapse, shorten

PREFIX = re.compile(r"(re|startswith|contains|mincount|maxcount):(.*)", re.S)


def mismatches(
    golden: Golden,
    record: Mapping[str, Tree],
    kinds: Mapping[str, Kind] | None = None,
    is_chrome: diff.Chrome = diff.NOTHING_KNOWN.is_chrome,
) -> list[FieldDiff]:
    """Every field in which a record is not what its golden expects; empty when all agree."""
    expected: dict[str, Tree] = {}
    actual: dict[str, Tree] = {}
    for name, expectation in golden.fields.items():
        expected[name], actual[name] = aligned(expectation, record.get(name))
    # The other fields explain a change ("now holds the text of related[0].body").
    rest = {name: value for name, value in record.items() if name not in actual}
    found = diff.compare_records({**expected, **rest}, {**actual, **rest}, kinds, is_chrome)
    told = {d.field for d in found}
    # The diff of a field shows what leaked into it already.
    return [*found, *(d for d in _texts(golden, record) if d.field not in told)]


def patterns(expected: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of what may be a pattern in a golden: no text inside of a typed value is."""
    if isinstance(expected, str):
        yield path, expected
    elif isinstance(expected, list):
        for i, item in enumerate(expected):
            yield from patterns(item, f"{path}[{i}]")
    elif isinstance(expected, dict) and records.tag_of(expected) is None:
        for key, item in expected.items():
            yield from patterns(item, f"{path}.{key}" if path else key)


def broken(text: str) -> str | None:
    """Why a string expectation cannot be used (a bad pattern, a count that is none), or None."""
    match = PREFIX.fullmatch(text)
    if match is None:
        return None
    try:
        if match[1] == "re":
            re.compile(match[2])
        elif match[1].endswith("count"):
            int(match[2])
    except (re.error, ValueError) as error:
        return str(error)
    return None


def aligned(expected: Tree, actual: Tree) -> tuple[Tree, Tree]:
    """Expected and actual in one shape: what the golden leaves open is gone from both.

    They are equal (:func:`harness.diff.same`) when the value is what the golden expects of it.
    """
    if expected is None:
        return (actual, actual) if actual in diff.EMPTY else (None, actual)
    if isinstance(expected, str):
        return _aligned_text(expected, actual)
    tag = records.tag_of(expected)
    if tag and isinstance(expected, dict):
        if tag != "$timestamp" or records.tag_of(actual) != tag:
            return expected, actual
        claim, wanted = cast("dict[str, Tree]", actual)[tag], expected[tag]
        if not isinstance(claim, dict) or not isinstance(wanted, dict):
            return expected, actual
        # People write ages in whole seconds: 3600 is 3600.0 there.
        alike = {k: v if claim.get(k) == v else claim.get(k) for k, v in wanted.items()}
        return expected, {tag: cast(Tree, alike)}
    if isinstance(expected, dict) and isinstance(actual, dict):
        pairs = {key: aligned(value, actual.get(key)) for key, value in expected.items()}
        return {k: pair[0] for k, pair in pairs.items()}, {k: p[1] for k, p in pairs.items()}
    if isinstance(expected, list) and isinstance(actual, list):
        if expected and all(isinstance(item, dict) for item in expected):
            return _aligned_records(expected, actual)
        if len(expected) == len(actual):
            both = [aligned(*pair) for pair in zip(expected, actual, strict=True)]
            return [pair[0] for pair in both], [pair[1] for pair in both]
    return expected, actual


def _aligned_records(expected: list[Tree], actual: list[Tree]) -> tuple[Tree, Tree]:
    wanted, found = list(expected), list(actual)
    for i, j in diff.match_records(expected, actual).items():
        wanted[i], found[j] = aligned(expected[i], actual[j])
    return wanted, found


def _aligned_text(expected: str, actual: Tree) -> tuple[Tree, Tree]:
    shown: Tree = None if actual is None else diff.plain(actual)
    match = PREFIX.fullmatch(expected)
    if match is None:
        # A text expected of a timestamp is its label.
        return (expected, shown) if records.tag_of(actual) == "$timestamp" else (expected, actual)
    # Of nothing there are none: "maxcount:3" holds, "re:.*" does not.
    counted = match[1].endswith("count")
    if (counted or actual is not None) and _satisfies(match[1], match[2], str(shown), actual):
        return actual, actual
    return expected, shown


def _satisfies(prefix: str, argument: str, text: str, actual: Tree) -> bool:
    match prefix:
        case "re":
            return re.search(argument, text) is not None
        case "startswith":
            return text.startswith(argument)
        case "contains":
            return argument in text
    count = 0 if actual is None else len(actual) if isinstance(actual, list) else len(text)
    return count >= int(argument) if prefix == "mincount" else count <= int(argument)


def _texts(golden: Golden, record: Mapping[str, Tree]) -> Iterator[FieldDiff]:
    found = [(path, collapse(text)) for path, text in records.leaves(cast(Tree, record))]
    for wanted in golden.contains:
        if not any(collapse(wanted) in text for _, text in found):
            summary = f"no field holds '{shorten(wanted)}', which the golden requires"
            yield FieldDiff("*", "text", "lost", summary, (Hunk("", (Piece("-", wanted),)),))
    for banned in golden.excludes:
        for path, text in found:
            if collapse(banned) in text:
                field = re.sub(r"\[\d+\]$", "", path)
                summary = f"holds '{shorten(banned)}', which the golden excludes"
                yield FieldDiff(
                    field, "text", "chrome", summary, (Hunk("", (Piece("+", banned),)),)
                )
                break
