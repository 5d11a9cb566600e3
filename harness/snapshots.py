"""Accepted and pending output on disk. The only reader and writer of these folders.

A snapshot is one JSON object: ``{"record": {…}}``, or ``{"error": {"type", "message"}}`` where it
was accepted that the extractor raises. A pending file has the same, and under ``against`` the
digest of the snapshot that it was compared with: a stale one is not accepted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from harness import records
from harness.errors import SnapshotError
from harness.files import read_whole, write_atomic
from harness.model import Failure, Outcome, Tree, case_id


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot or pending file holds: a record or an expected failure."""

    record: dict[str, Tree] | None
    error: Failure | None = None
    against: str | None = None


class Snapshots:
    """``<root>/<extractor>/<site>/<capture>.json`` files: the accepted or the pending ones."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = os.path.join(root, "")

    def path(self, extractor: str, capture: str) -> Path:
        """The file of an extractor's output on the capture ``site/name``."""
        return Path(self.location(extractor, capture))

    def location(self, extractor: str, capture: str) -> str:
        """The same as text: of 10,000 captures, making paths takes longer than reading them."""
        return f"{self._prefix}{extractor}{os.sep}{capture}.json"

    def read(self, extractor: str, capture: str) -> bytes | None:
        """The bytes of a file, None when there is none. Raises SnapshotError when unreadable."""
        return read(self.location(extractor, capture))

    def write(self, extractor: str, capture: str, text: str) -> Path:
        """Writes a file whole or not at all, and returns its path."""
        path = self.path(extractor, capture)
        write_atomic(path, text.encode("utf-8"))
        return path

    def delete(self, extractor: str, capture: str) -> bool:
        """Removes a file and the folders it leaves empty; whether there was one."""
        location = self.location(extractor, capture)
        try:
            os.unlink(location)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise SnapshotError(f"cannot delete {location}: {error.strerror}") from None
        path = Path(location)
        for folder in (path.parent, path.parent.parent):
            try:
                folder.rmdir()
            except OSError:  # not empty, or gone already: another run tidies up too
                break
        return True

    def ids(self) -> Iterator[tuple[str, str]]:
        """(extractor, ``site/name``) of every file, sorted."""
        for extractor in _names(self._prefix):
            for site in _names(os.path.join(self._prefix, extractor)):
                for name in _names(os.path.join(self._prefix, extractor, site)):
                    if name.endswith(".json"):
                        yield extractor, f"{site}/{name.removesuffix('.json')}"


def _names(folder: str) -> list[str]:
    """What is in a folder, sorted; nothing in what is none. Dot files are half-written ones."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []


def read(path: str) -> bytes | None:
    """A file's bytes, None when there is none. Raises SnapshotError when it cannot be read."""
    try:
        return read_whole(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SnapshotError(f"cannot read {path}: {error.strerror}") from None


def digest(data: bytes | None) -> str | None:
    """The sha256 of a file's bytes, for ``against``; None for no file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def render(outcome: Outcome | Snapshot, against: str | None = None) -> str:
    """The text of a snapshot; with ``against``, of a pending file."""
    error = outcome.failure if isinstance(outcome, Outcome) else outcome.error
    tree: dict[str, Tree] = {}
    if error:
        tree["error"] = {"type": error.type, "message": error.message}
    else:
        tree["record"] = cast(Tree, outcome.record)
    if against is not None:
        tree["against"] = against
    return records.dumps(tree)


def parse(data: bytes, path: Path | str) -> Snapshot:
    """What a file's bytes say. Raises SnapshotError, naming file and remedy, for anything else."""
    extractor, site, name = ["", "", *str(path).removesuffix(".json").split(os.sep)][-3:]
    case = case_id(extractor, f"{site}/{name}")
    remedy = f"restore it from git, or accept the output anew: harness check {case} --update all"
    try:
        tree = records.loads(data)
    except ValueError as error:
        markers = b"\n<<<<<<< " in b"\n" + data
        problem = "holds conflict markers" if markers else f"is not valid JSON ({error})"
        raise SnapshotError(f"{path} {problem}; {remedy}") from None
    if isinstance(tree, dict):
        record, error_ = tree.get("record"), tree.get("error")
        against = cast("str | None", tree.get("against"))
        if isinstance(record, dict):
            try:
                records.decode(record)
            except Exception as error:  # noqa: BLE001 - every type's own parser may object
                raise SnapshotError(
                    f"{path} holds a value that cannot be read ({type(error).__name__}: {error});"
                    f" {remedy}"
                ) from None
            return Snapshot(record, None, against)
        if isinstance(error_, dict):
            failure = Failure(str(error_.get("type")), str(error_.get("message")))
            return Snapshot(None, failure, against)
    raise SnapshotError(f"{path} holds neither a record nor an error; {remedy}")
