"""The journal of a review: ``.harness/review.jsonl``, only ever appended to, under one lock.

Each line is a JSON object with ``kind`` and ``step``; a step is what one person did at once::

    {"kind": "decided", "step": "9f…", "by": "Ada", "at": "…", "decisions": [{…}, …]}
    {"kind": "held", "step": "9f…", "writes": [{…}, …]}     what files held, before it is changed
    {"kind": "done", "step": "9f…"}                         all of it is written
    {"kind": "undone", "step": "9f…", "by": "Ada", "at": "…"}
    {"kind": "restored", "step": "9f…"}                     all of that is written

A line is written, and on its way to the disk, before anything is done that it tells of. So whoever
finds ``decided`` without ``done`` finishes the work of a process that died.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from harness.errors import HarnessError

Kind = Literal["decided", "held", "done", "undone", "restored"]
KINDS: tuple[str, ...] = get_args(Kind)
# A step of some hundred captures takes a second or two.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal; ``number`` counts from 1."""

    number: int
    kind: Kind
    step: str
    data: Mapping[str, Any] = field(repr=False)


class Journal:
    """The lines of one file, as this process has read them; safe to use from several threads."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path = path
        self.patience = patience
        self._entries: list[Entry] = []
        self._broken: list[int] = []
        self._lines = 0
        self._read_to = 0
        self._file: tuple[int, int] | None = None
        self._reading = threading.Lock()

    def entries(self) -> tuple[Entry, ...]:
        """Every whole line, those of other processes too. Raises HarnessError if it cannot be read.

        A line that is none, by hand or by a process that was killed, is left out (:attr:`broken`).
        """
        with self._reading:
            self._read_on()
            return tuple(self._entries)

    @property
    def broken(self) -> tuple[int, ...]:
        """The numbers of the lines that could not be read."""
        with self._reading:
            return tuple(self._broken)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps all other threads and processes from deciding. Raises HarnessError when it cannot.

        A process that ends, however it does, lets go of it.
        """
        path = self.path.with_suffix(".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise self._problem("lock", path, error) from None
        try:
            self._wait_for(handle, path)
            yield
        finally:
            os.close(handle)

    def append(self, kind: Kind, step: str, data: Mapping[str, Any] | None = None) -> None:
        """Adds a line; only to be called with the lock held.

        Raises HarnessError when it cannot: nothing of it is in the file then.
        """
        # json escapes what UTF-8 cannot hold.
        line = json.dumps({"kind": kind, "step": step, **(data or {})}, ensure_ascii=True)
        try:
            handle = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666
            )
        except OSError as error:
            raise self._problem("write", self.path, error) from None
        try:
            end = os.fstat(handle).st_size
            try:
                _write(handle, _after_half_a_line(handle, end) + line.encode("ascii") + b"\n")
                os.fsync(handle)
            except OSError as error:
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, end)
                raise self._problem("write", self.path, error) from None
        finally:
            os.close(handle)

    def _wait_for(self, handle: int, path: Path) -> None:
        end = time.monotonic() + self.patience
        while True:
            try:
                if _try_lock(handle):
                    return
            except OSError as error:  # network file systems need not know locks
                raise self._problem("lock", path, error) from None
            if time.monotonic() >= end:
                raise HarnessError(
                    f"{path} is held by another `harness review` or `harness accept`; wait until it"
                    " is done, or end it"
                )
            time.sleep(0.01)

    def _problem(self, what: str, path: Path, error: OSError) -> HarnessError:
        return HarnessError(
            f"cannot {what} {path}: {error.strerror or error};"
            " free space or check permissions, then decide again"
        )

    def _read_on(self) -> None:
        """Takes in what was appended since; all of it where the file is another one now."""
        try:
            with open(self.path, "rb") as file:
                about = os.fstat(file.fileno())
                same = self._file == (about.st_dev, about.st_ino)
                if not same or about.st_size < self._read_to:
                    self._forget()
                    self._file = about.st_dev, about.st_ino
                file.seek(self._read_to)
                data = file.read()
        except FileNotFoundError:
            self._forget()
            return
        except OSError as error:
            raise HarnessError(
                f"cannot read {self.path}: {error.strerror or error}; check permissions"
            ) from None
        # What has no end of line yet is being written, or was when its process died.
        whole = data.rfind(b"\n") + 1
        self._read_to += whole
        for line in data[:whole].split(b"\n")[:-1]:
            self._lines += 1
            if line.strip():
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            tree = json.loads(line)
        except (ValueError, RecursionError):
            tree = None
        if (
            isinstance(tree, dict)
            and tree.get("kind") in KINDS
            and isinstance(step := tree.get("step"), str)
        ):
            self._entries.append(Entry(self._lines, tree["kind"], step, tree))
        else:
            self._broken.append(self._lines)

    def _forget(self) -> None:
        self._entries, self._broken = [], []
        self._lines = self._read_to = 0
        self._file = None


def new_step() -> str:
    """A name for a step that no other has."""
    return secrets.token_hex(8)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _after_half_a_line(handle: int, end: int) -> bytes:
    """What ends a line that a dying process left without its end."""
    if end == 0:
        return b""
    os.lseek(handle, end - 1, os.SEEK_SET)
    return b"" if os.read(handle, 1) == b"\n" else b"\n"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        # Not lockf: that lock is the process's, and two threads of it would both have it.
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
