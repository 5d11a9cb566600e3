"""Values of records, and what goldens expect of them, as texts."""

from __future__ import annotations

import re

from harness import expectations, records
from harness.diff import plain
from harness.model import Tree

# `goldens.literally` writes a text that begins like a pattern as the pattern of itself.
_LITERAL = re.compile(r"re:\\A(.*)\\Z", re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)


def text_of(tree: Tree) -> str:
    """A record's value as one text: a list, an item a line; a timestamp, its label; null, "".

    Of a nested record, every text a reader would see, a line each.
    """
    if tree is None:
        return ""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return "\n".join(map(text_of, tree))
    if isinstance(tree, dict):
        tag = records.tag_of(tree)
        if tag in ("$tuple", "$set") and isinstance(tree[tag], list):
            return text_of(tree[tag])
        if tag is None or tag == "$timestamp":
            return "\n".join(text for _, text in records.leaves(tree))
    return plain(tree)


def without_patterns(expected: Tree) -> Tree:
    """An expectation with each pattern as the text that it surely has: ``contains:x`` as ``x``."""
    if isinstance(expected, str):
        return _sure_text(expected)
    if isinstance(expected, list):
        return [without_patterns(each) for each in expected]
    if isinstance(expected, dict) and records.tag_of(expected) is None:
        return {key: without_patterns(each) for key, each in expected.items()}
    return expected


def _sure_text(expected: str) -> str:
    match = expectations.PREFIX.fullmatch(expected)
    if match is None:
        return expected
    if match[1] in ("startswith", "contains"):
        return match[2]
    literal = _LITERAL.fullmatch(expected)
    return _ESCAPED.sub(r"\1", literal[1]) if literal else ""
