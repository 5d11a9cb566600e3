"""Processes that a worker started: what they use, and their end. Linux keeps them in /proc."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator

_PAGE = os.sysconf("SC_PAGE_SIZE")


def memory(root: int) -> int:
    """Bytes that a process and its descendants use themselves; 0 where that cannot be known."""
    pids = [root, *_children(root)]
    # Resident pages that are backed by no file; children share pages with who forked them, so
    # this is a bound, and quickly read.
    return sum(map(_anonymous, pids))


def shared_memory(root: int) -> int:
    """As :func:`memory`, a page that several processes share counted once. Slow."""
    return sum(map(_proportional, [root, *_children(root)]))


def _anonymous(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            _, resident, shared, *_ = file.read().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", "rb") as file:
        for line in file:
            if line.startswith(b"Pss_Anon:"):
                return int(line.split()[1]) << 10
    return _anonymous(pid)


def _children(root: int) -> Iterator[int]:
    """Descendants, by the kernel's own lists (CONFIG_PROC_CHILDREN)."""
    stack = [root]
    while stack:
        pid = stack.pop()
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for thread in threads:
            with contextlib.suppress(OSError, ValueError):
                with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                    found = [int(child) for child in file.read().split()]
                yield from found
                stack.extend(found)


def end(root: int, mark: str) -> None:
    """Kills a process, its group, its descendants, and all that carry its mark.

    The process must not have been waited for yet: its number would be another's.
    """
    for pid in [*_children(root), root]:
        _kill(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(root, signal.SIGKILL)
    sweep([mark])


def sweep(marks: Iterable[str]) -> None:
    """Kills whatever carries one of the marks in its environment, until nothing is left."""
    wanted = [f"HARNESS_WORKER={mark}".encode() for mark in marks]
    # A process may fork while we look; what is left after so many looks is beyond us.
    for _ in range(50):
        left = [pid for pid in _marked(wanted) if _kill(pid)]
        if not left:
            return
        time.sleep(0.002)


def _marked(wanted: list[bytes]) -> Iterator[int]:
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return
    for pid in pids:
        # Of zombies and of other people's processes the environment cannot be read.
        with contextlib.suppress(OSError), open(f"/proc/{pid}/environ", "rb") as file:
            if not set(wanted).isdisjoint(file.read().split(b"\0")):
                yield pid


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True
