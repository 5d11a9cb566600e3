"""Goldens: what a person says a record must be. Reads and writes ``golden.json``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, cast

from harness import expectations, records
from harness.errors import SnapshotError
from harness.files import write_atomic
from harness.model import Golden, Tree

_KEYS = {"trust", "by", "at", "fields", "contains", "excludes"}


def parse_golden(data: bytes, path: Path) -> Golden:
    """The golden in a file's bytes. Raises SnapshotError, naming the file, for anything else."""
    try:
        tree = records.loads(data)
    except ValueError as error:
        raise SnapshotError(
            f"{path} is not valid JSON ({error}); mend it or restore it from git"
        ) from None
    if not isinstance(tree, dict) or not isinstance(tree.get("fields", {}), dict):
        raise SnapshotError(f"{path}: a golden is an object with 'fields', an object")
    if unknown := sorted(set(tree) - _KEYS):
        raise SnapshotError(
            f"{path}: unknown key {unknown[0]!r}; a golden has {', '.join(sorted(_KEYS))}"
        )
    trust = tree.get("trust", "reviewed")
    if trust not in ("auto", "reviewed", "known-wrong"):
        raise SnapshotError(f"{path}: trust is auto, reviewed or known-wrong, not {trust!r}")
    for key in ("contains", "excludes"):
        texts = tree.get(key, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise SnapshotError(f"{path}: {key!r} is a list of texts")
    fields = cast("dict[str, Tree]", tree.get("fields", {}))
    for name, text in expectations.patterns(cast(Tree, fields)):
        if problem := expectations.broken(text):
            raise SnapshotError(f"{path}: field {name!r}: {text!r} cannot be used: {problem}")
    return Golden(
        trust=cast("Literal['auto', 'reviewed', 'known-wrong']", trust),
        fields=fields,
        contains=tuple(cast("list[str]", tree.get("contains", []))),
        excludes=tuple(cast("list[str]", tree.get("excludes", []))),
        by=str(tree.get("by", "")),
        at=str(tree.get("at", "")),
    )


def literally(value: Tree) -> Tree:
    """A value as an expectation of exactly that value.

    Headlines do begin with "re:" and "contains:"; such a text becomes the pattern of itself.
    """
    if isinstance(value, str):
        return f"re:\\A{re.escape(value)}\\Z" if expectations.PREFIX.match(value) else value
    if isinstance(value, list):
        return [literally(item) for item in value]
    if isinstance(value, dict) and records.tag_of(value) is None:
        return {key: literally(item) for key, item in value.items()}
    return value


def write_golden(path: Path, golden: Golden) -> None:
    """Writes ``golden.json`` atomically. Raises HarnessError when that is not possible."""
    write_atomic(path, rendered(golden).encode("utf-8"))


def rendered(golden: Golden) -> str:
    """The text of a ``golden.json``."""
    tree: dict[str, Tree] = {
        "trust": golden.trust,
        "by": golden.by,
        "at": golden.at,
        "fields": dict(golden.fields),
        "contains": list(golden.contains),
        "excludes": list(golden.excludes),
    }
    return records.dumps(tree)
