"""Reading and writing files so that nothing is ever half-written."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from harness.errors import HarnessError

SLUG_LENGTH = 80
# Most pages and records fit; a regular file that gives less than asked for is at its end.
_CHUNK = 1 << 17
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def write_atomic(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all; readers see the old or the new content, never a part.

    Raises HarnessError naming the file when the system refuses (read-only folder, full disk).
    """
    try:
        handle, name = _temporary(path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                # A full disk may show only here, and a rename must not outlive its content.
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:  # Ctrl-C too: no temporary file outlives a write that failed
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise HarnessError(
            f"cannot write {path}: {error.strerror or error};"
            " free space or check permissions, then run again"
        ) from error


def _temporary(path: Path) -> tuple[int, str]:
    """A new file beside ``path``, whose folder is made when it is not there."""
    prefix = f".{path.name[:40]}."
    for _ in range(10):
        # Other processes tidy empty folders away (Snapshots.delete), also between these two calls.
        with contextlib.suppress(FileNotFoundError):
            path.parent.mkdir(parents=True, exist_ok=True)
            return tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    return tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=".tmp")


def read_whole(path: str | Path) -> bytes:
    """A file's bytes. Raises OSError.

    ``open`` makes eight system calls for a small file; four a file are a tenth of a check's time.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(handle, _CHUNK)
        if len(data) < _CHUNK:
            return data
        chunks = [data]
        while data := os.read(handle, _CHUNK):
            chunks.append(data)
        return b"".join(chunks)
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(path: Path, seconds: float = 2.0) -> Iterator[bool]:
    """Holds a lock beside a file for as long as the block runs; whether it is really held.

    It is not where another process holds it for longer than ``seconds``, or where the system or
    its file system knows no locks. A process that ends lets go of its locks.
    """
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    try:
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield False
        return
    try:
        yield _got(partial(fcntl.flock, handle, fcntl.LOCK_EX | fcntl.LOCK_NB), seconds)
    finally:
        os.close(handle)


def _got(lock: Callable[[], None], seconds: float) -> bool:
    """Tries to get a lock, for so long."""
    end = time.monotonic() + seconds
    while True:
        try:
            lock()
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.005)
        except OSError:  # network file systems without locks
            return False
        else:
            return True


def _umask() -> int:
    # The only portable way to read the umask is to set it. mkstemp makes files private; snapshots
    # are as readable as any other file of the checkout.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def slugify(text: str, length: int = SLUG_LENGTH) -> str:
    """ASCII lower-case letters, digits and dashes, at most ``length``; "page" if none."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    return slug[:length].strip("-") or "page"


def is_slug(name: str) -> bool:
    """Whether a name may be a site or a capture: ``[a-z0-9_-]``, 80 at most, no leading dash."""
    return _SLUG.fullmatch(name) is not None
