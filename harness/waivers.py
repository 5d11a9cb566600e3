"""Waivers: findings that a person let be, with the reason. Reads and writes ``waivers.json``.

The file lies beside a capture and holds a list of
``{"invariant", "field", "extractor"?, "reason", "by"?, "at"?}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness import records
from harness.errors import SnapshotError
from harness.files import write_atomic
from harness.model import Tree, Waiver

NAME = "waivers.json"


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    invariant: str
    reason: str
    field: str = "*"
    extractor: str | None = None
    by: str = ""
    at: str = ""


def parse_waivers(data: bytes, path: Path) -> tuple[Waiver, ...]:
    """The waivers in a file's bytes. Raises SnapshotError, naming the file, for anything else."""
    try:
        entries = msgspec.convert(json.loads(data), list[_Entry])
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise SnapshotError(
            f"{path} is no list of waivers ({error}); mend it or restore it from git"
        ) from None
    for entry in entries:
        if not entry.reason.strip():
            raise SnapshotError(f"{path}: the waiver of {entry.invariant!r} gives no reason")
    return tuple(Waiver(e.invariant, e.field, e.reason, e.extractor, e.by, e.at) for e in entries)


def write_waivers(path: Path, waivers: Iterable[Waiver]) -> None:
    """Writes waivers atomically; no waivers, no file. Raises HarnessError if it cannot."""
    entries: list[Tree] = []
    for waiver in waivers:
        entry: dict[str, Tree] = {"invariant": waiver.invariant, "field": waiver.field}
        if waiver.extractor:
            entry["extractor"] = waiver.extractor
        entries.append({**entry, "reason": waiver.reason, "by": waiver.by, "at": waiver.at})
    if entries:
        write_atomic(path, records.dumps(entries).encode("utf-8"))
    else:
        path.unlink(missing_ok=True)
