"""What an extractor in this process is kept from: the network, and any time but its capture's."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from types import BuiltinFunctionType

from harness.extraction.limits import Limits

HOW_TO_ALLOW = "allow it with `network = true` in the configuration, or with --allow-network"
_refusing: ContextVar[bool] = ContextVar("harness_refuses_network", default=False)
# On a thread that an extractor started: contexts are not handed on to threads before Python 3.14.
_MARK = "_harness_refuses_network"


class NetworkRefused(OSError):  # noqa: N818 - the name is what people read in a verdict
    """An extractor asked for the network.

    It is what a machine without a network raises, so that a library with a way to do without (a
    list of its own beside the one it would fetch) takes that way.
    """


@contextmanager
def guarded(limits: Limits, moment: datetime | None) -> Iterator[None]:
    """Refuses the network and lets the clock stand at ``moment``, as far as the limits say so.

    The network is refused in this context and in threads that are started in it; a child process,
    and a library that calls the system without Python, are not seen. The clock stands for the whole
    process: ``time.time``, ``datetime.now`` and what is made of them, never ``time.monotonic`` and
    ``time.perf_counter``. Time zones stay as they are.
    """
    if not limits.network:
        _watch()
    token = _refusing.set(not limits.network)
    try:
        if moment is None or not limits.clock:
            yield
        else:
            with _standing_at(moment):
                yield
    finally:
        _refusing.reset(token)


@contextmanager
def _standing_at(moment: datetime) -> Iterator[None]:
    if not isinstance(time.time, BuiltinFunctionType):
        # A test has set the clock with freezegun, or a worker process has: it is theirs.
        yield
        return
    # Its import costs 50 ms, most of it pytest's, and few processes extract.
    import time_machine

    # A number, not the datetime: of that it would also take the time zone, for the whole process.
    with time_machine.travel(moment.timestamp(), tick=False):
        yield


def refusal(error: BaseException) -> NetworkRefused | None:
    """The refusal that an exception comes from: libraries wrap what a socket raises."""
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop()
        if isinstance(each, NetworkRefused):
            return each
        if id(each) not in seen:
            seen.add(id(each))
            left += [e for e in (each.__context__, each.__cause__) if e is not None]
            if isinstance(each, BaseExceptionGroup):
                left += each.exceptions
    return None


@cache
def _watch() -> None:
    """Installs the hook, which cannot be taken away again, once in a process."""
    sys.addaudithook(_hook)
    if sys.version_info < (3, 12):
        # Before, Python does not tell its hooks that a thread is started.
        start: Callable[..., object] = threading._start_new_thread  # type: ignore[attr-defined]

        def told(function: object, *args: object) -> object:
            _thread((function,))
            return start(function, *args)

        threading._start_new_thread = told  # type: ignore[attr-defined]


def _hook(event: str, args: tuple[object, ...]) -> None:
    # Called for every import and every open of the process: the usual way out is the first line.
    asked = _WATCHED.get(event)
    if asked is not None:
        asked(args)


def _refuse(host: object, port: object = None) -> None:
    if not (_refusing.get() or getattr(threading.current_thread(), _MARK, False)):
        return
    name = host.decode("ascii", "backslashreplace") if isinstance(host, bytes) else str(host)
    place = f"[{name}]" if ":" in name and port else name
    raise NetworkRefused(
        f"network access to {f'{place}:{port}' if port else name} during extraction was refused;"
        f" {HOW_TO_ALLOW}"
    )


def _address(args: tuple[object, ...]) -> None:
    """``connect``, ``sendto`` and ``sendmsg``: an internet address is a tuple that begins so."""
    sock, address = args[0], args[1]
    family = getattr(sock, "family", None)
    if family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        _refuse(*address[:2])


def _look_up(args: tuple[object, ...]) -> None:
    """``getaddrinfo(host, port, …)``: without a host it only makes an address to listen on."""
    if args[0] is not None:
        _refuse(*args[:2])


def _name(args: tuple[object, ...]) -> None:
    """``gethostbyname`` and its kin, with a name, an address, or an address and a port."""
    first = args[0]
    if isinstance(first, tuple):
        _refuse(*first[:2])
    else:
        _refuse(first)


def _thread(args: tuple[object, ...]) -> None:
    """A thread that is started by what must not use the network must not either."""
    thread = getattr(args[0], "__self__", None)
    if isinstance(thread, threading.Thread) and (
        _refusing.get() or getattr(threading.current_thread(), _MARK, False)
    ):
        setattr(thread, _MARK, True)


_WATCHED: dict[str, Callable[[tuple[object, ...]], None]] = {
    "socket.connect": _address,
    "socket.sendto": _address,
    "socket.sendmsg": _address,
    "socket.getaddrinfo": _look_up,
    "socket.gethostbyname": _name,
    "socket.gethostbyaddr": _name,
    "socket.getnameinfo": _name,
    "_thread.start_new_thread": _thread,  # Python 3.12
    "_thread.start_joinable_thread": _thread,
}
