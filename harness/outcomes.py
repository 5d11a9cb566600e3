"""What extractors gave before, so that what cannot have changed is not extracted again.

In ``.harness/outcomes/`` a file for each extractor that has an identity, of lines ``<key> <digest
of the rest> <seconds> <outcome as JSON>``. A key is the digest of all that an extractor sees of a
capture. Lines are only ever appended, and the last one of a key counts; one that is cut short or
was edited is as good as none. The folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
import time
from pathlib import Path
from typing import Any, cast

from harness.memo import key_of
from harness.model import Capture, Failure, Kind, Outcome, Tree

# These come from the machine and its limits, not from the extractor and the capture alone.
_FLEETING = frozenset(
    "TimeLimit MemoryLimit OutputLimit Crashed Exited BadAnswer NetworkRefused Quarantined"
    " CannotStart MemoryError".split()
)
# An identity changes with every commit and release; what nobody reads any more is taken away.
_UNUSED_DAYS = 30
# A file this large holds mostly the past of its own captures.
LARGEST = 2_000_000_000
_IDENTITY = re.compile(r"[0-9a-f]{8,64}")
_KEY = 32


class Outcomes:
    """Outcomes by extractor's identity and capture. Threads may share one.

    A file that cannot be read or written is as good as none: a verdict is still a verdict.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, dict[bytes, bytes]] = {}
        self._lock = threading.Lock()

    def read(self, identity: str, capture: Capture) -> tuple[Outcome, float] | None:
        """What an extractor gave for a capture, and the seconds that took; None when unknown."""
        if not _IDENTITY.fullmatch(identity):
            return None
        with self._lock:
            if identity not in self._known:
                self._known[identity] = self._lines(identity)
            rest = self._known[identity].get(_key(capture).encode("ascii"))
        return None if rest is None else _decoded(rest)

    def write(self, identity: str, capture: Capture, outcome: Outcome, seconds: float) -> None:
        """Remembers what an extractor gave, unless that says more of the machine than of it."""
        if not _IDENTITY.fullmatch(identity) or not _lasting(outcome):
            return
        rest = _encoded(outcome, seconds)
        if rest is None:
            return
        key = _key(capture).encode("ascii")
        with self._lock:
            if (known := self._known.get(identity)) is not None:
                known[key] = rest
            with contextlib.suppress(OSError):
                self._append(identity, b"%b %b\n" % (key, rest))

    def _path(self, identity: str) -> Path:
        return self.folder / f"{identity}.jsonl"

    def _lines(self, identity: str) -> dict[bytes, bytes]:
        path = self._path(identity)
        try:
            if path.stat().st_size > LARGEST:
                path.unlink()
                return {}
            data = path.read_bytes()
            # When it was read last is what says whether anybody still does.
            os.utime(path)
        except OSError:
            return {}
        lines = (line.split(b" ", 1) for line in data.split(b"\n") if line[_KEY : _KEY + 1] == b" ")
        return dict(lines)

    def _append(self, identity: str, line: bytes) -> None:
        path = self._path(identity)
        new = not path.exists()
        if new:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._tidy()
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            # What another process left half-written, killed or on a full disk, is ended first.
            if not new and not _ends_whole(handle):
                line = b"\n" + line
            # One write at the end of the file: processes side by side do not mix their lines.
            os.write(handle, line)
        finally:
            os.close(handle)

    def _tidy(self) -> None:
        for path in self.folder.glob("*.jsonl"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _UNUSED_DAYS * 86400:
                    path.unlink()


def _ends_whole(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size == 0 or os.pread(handle, 1, size - 1) == b"\n"


def _lasting(outcome: Outcome) -> bool:
    return outcome.failure is None or outcome.failure.type not in _FLEETING


def _key(capture: Capture) -> str:
    about = (
        capture.site,
        capture.name,
        capture.url,
        capture.captured_at and capture.captured_at.isoformat(),
        capture.media_type,
        capture.charset,
        capture.status,
        capture.headers,
        capture.origin,
        capture.rights,
        capture.note,
    )
    return key_of(capture.body, json.dumps(about).encode("ascii"))


def _encoded(outcome: Outcome, seconds: float) -> bytes | None:
    failure = outcome.failure
    value = {
        "record": outcome.record,
        "failure": failure and [failure.type, failure.message, failure.traceback],
        "kinds": dict(outcome.kinds),
    }
    try:
        # json escapes what UTF-8 cannot hold.
        text = f"{seconds:.6f} {json.dumps(value, separators=(',', ':'))}".encode("ascii")
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return None
    return _digest(text) + b" " + text


def _decoded(rest: bytes) -> tuple[Outcome, float] | None:
    digest, _, text = rest.partition(b" ")
    if digest != _digest(text):
        return None
    seconds, _, data = text.partition(b" ")
    value = cast("dict[str, Any]", json.loads(data))
    failure = Failure(*value["failure"]) if value["failure"] else None
    record = cast("dict[str, Tree] | None", value["record"])
    return Outcome(record, failure, cast("dict[str, Kind]", value["kinds"])), float(seconds)


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=8).hexdigest().encode("ascii")
