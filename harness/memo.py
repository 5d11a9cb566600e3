"""What the invariants said before, so that a record that did not change is not examined again.

A file of lines, ``<key> <findings as JSON>``, in the state folder. Keys are digests of all that
the answer depends on, so nothing in it is ever wrong, only unused; deleting the file costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from harness.model import Finding

# A line is 40 bytes where nothing was found. Past this the file holds mostly the past.
LARGEST = 64_000_000


class Memo:
    """Findings by key. A file that cannot be read or written is as good as none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _known(self) -> dict[bytes, bytes]:
        try:
            if self.path.stat().st_size > LARGEST:
                self.path.unlink()
                return {}
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return {}
        # The last line may be half of one: a process was killed while it wrote.
        return dict(line.split(b" ", 1) for line in lines[:-1] if b" " in line)

    def get(self, key: str) -> tuple[Finding, ...] | None:
        """What was found before under this key; None when nobody looked."""
        data = self._known.get(key.encode("ascii"))
        if data is None:
            return None
        if data == b"[]":
            return ()
        with contextlib.suppress(ValueError, RecursionError, msgspec.MsgspecError):
            return tuple(msgspec.convert(json.loads(data), list[Finding]))
        return None

    def put(self, key: str, findings: Iterable[Finding]) -> None:
        """Keeps what was found."""
        # json escapes what UTF-8 cannot hold.
        data = json.dumps(msgspec.to_builtins(list(findings)), separators=(",", ":"))
        # On a read-only checkout a verdict is still a verdict.
        with contextlib.suppress(OSError), _appending(self.path) as file:
            # One write at the end of the file: processes side by side do not mix their lines.
            file.write(f"{key} {data}\n".encode("ascii"))


def _appending(path: Path) -> BinaryIO:
    try:
        return cast(BinaryIO, open(path, "ab", buffering=0))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return cast(BinaryIO, open(path, "ab", buffering=0))


def key_of(*parts: bytes) -> str:
    """The digest of parts, told apart from any other division of the same bytes."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()
