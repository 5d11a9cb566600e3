"""A worker process: loads an extractor and answers captures over JSON lines.

Run by path in any CPython from 3.8 on: one file, standard library only; nothing of the harness is
needed in that interpreter, except to load an extractor of a project. docs/extractors.md describes
the protocol. ``worker.py --exec LIMITS -- COMMAND…`` sets limits and then becomes the command.
"""

# This file runs on Python 3.8, which has no datetime.UTC.
# ruff: noqa: UP017

from __future__ import annotations

import base64
import contextlib
import dataclasses
import faulthandler
import gc
import importlib
import importlib.util
import json
import math
import os
import re
import sys
import time
import traceback
from collections.abc import Set
from datetime import date, datetime, timedelta, timezone
from datetime import time as time_of_day
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Json = dict[str, Any]
    # A loaded extractor: a request as it came in, to the answer but for its id.
    Run = Callable[[Json], Json]

HERE = os.path.dirname(os.path.abspath(__file__))

# --- The clock -----------------------------------------------------------------------------------


class Clock:
    """The wall clock as Python code sees it, which can be made to stand still.

    ``install`` replaces the clock's functions once; ``now`` is then seconds since 1970 as all of
    them tell it, or None for the real time. Monotonic clocks go on, and so does what C code asks
    of the system.
    """

    def __init__(self) -> None:
        self.now: float | None = None

    def install(self) -> None:
        """Must come before the extractor's imports: ``from time import time`` keeps what it got."""
        for name, told in _TOLD.items():
            setattr(time, name, _Told(self, getattr(time, name), told))
        utc = timezone.utc
        self._replace(datetime, "now", lambda cls, now, tz=None: cls.fromtimestamp(now, tz))
        self._replace(
            datetime, "utcnow", lambda cls, now: cls.fromtimestamp(now, utc).replace(tzinfo=None)
        )
        self._replace(date, "today", lambda cls, now: cls.fromtimestamp(now))

    def _replace(self, cls: type, name: str, told: Callable[..., Any]) -> None:
        # Types in C refuse new attributes. A stand-in for the type would not be the type that C
        # code makes and checks for, so the one method is put into the dict behind its proxy.
        methods = gc.get_referents(cls.__dict__)[0]
        real = methods[name]

        def method(cls: type, *args: Any, **options: Any) -> Any:
            if self.now is None:
                return real.__get__(None, cls)(*args, **options)
            return told(cls, self.now, *args, **options)

        method.__name__ = name
        methods[name] = classmethod(method)
        import ctypes

        ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))


# What the functions of `time` tell at a given moment; the first argument is the real function.


def _of_seconds(real: Any, now: float, secs: Any = None) -> Any:
    return real(now if secs is None else secs)


def _of_fields(real: Any, now: float, *args: Any) -> Any:
    given = len(args) > (real.__name__ == "strftime")
    return real(*args) if given else real(*args, time.localtime(now))


_TOLD: dict[str, Callable[..., Any]] = {
    "time": lambda _, now: now,
    "time_ns": lambda _, now: round(now * 1e6) * 1000,
    "localtime": _of_seconds,
    "gmtime": _of_seconds,
    "ctime": _of_seconds,
    "strftime": _of_fields,
    "asctime": _of_fields,
}


class _Told:
    # No plain function: kept as an attribute of a class, it would become a method.
    def __init__(self, clock: Clock, real: Callable[..., Any], told: Callable[..., Any]) -> None:
        self._clock, self._real, self._told = clock, real, told
        self.__name__ = self.__qualname__ = real.__name__
        self.__doc__ = real.__doc__

    def __call__(self, *args: Any, **options: Any) -> Any:
        now = self._clock.now
        if now is None:
            return self._real(*args, **options)
        return self._told(self._real, now, *args, **options)


# --- The network ---------------------------------------------------------------------------------


class NetworkRefused(ConnectionError):  # noqa: N818 - its name is the type of the failure
    """An extractor tried to use the network. An OSError, as being offline is."""


class Network:
    """Refuses the network to Python code from ``refuse`` on; ``tried`` has who was asked for."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def refuse(self) -> None:
        """Cannot be undone."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        where = _asked_for(event[7:], arguments)
        if where is not None:
            self.tried.append(where)
            raise NetworkRefused(refusal(where))


def refusal(where: str) -> str:
    """What an extractor is told that tried to reach a host."""
    return (
        f"network access to {where} during extraction was refused; allow it with"
        " `network = true` in the configuration, or with --allow-network"
    )


def _asked_for(event: str, arguments: tuple[Any, ...]) -> str | None:
    """``host:port`` that a socket call wants to reach, or None where it leaves no machine."""
    if event in ("connect", "sendto", "sendmsg"):
        sock, address = arguments[0], arguments[1]
        if address is None or isinstance(address, (str, bytes)):
            return None  # a socket in the file system, or one that is connected already
        return _spelled(address) if isinstance(address, tuple) and sock else None
    if event == "getaddrinfo":
        # Without a host, it only makes an address to listen on.
        return None if arguments[0] is None else _spelled(arguments[:2])
    if event in ("gethostbyname", "gethostbyaddr"):
        return _spelled(arguments[:1])
    return _spelled(arguments[0]) if event == "getnameinfo" else None


def _spelled(address: tuple[Any, ...]) -> str:
    parts = (
        each.decode("ascii", "replace") if isinstance(each, bytes) else each for each in address
    )
    return ":".join(str(each) for each in list(parts)[:2] if each is not None)


# --- What the system grants ----------------------------------------------------------------------

_NEWUSER, _NEWNET = 0x10000000, 0x40000000  # include/uapi/linux/sched.h
_PDEATHSIG, _SUBREAPER = 1, 36  # include/uapi/linux/prctl.h


def confine(limits: Json) -> str:
    """Sets what the system can hold a process to. How the network is kept away: "none", "system".

    That the parent's death ends this process, and that orphans of its children stay findable, is
    Linux's; elsewhere the end of the input must do.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not sys.platform.startswith("linux"):
        return "none"
    import ctypes
    import signal

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    return "none" if limits["network"] or not _leave_network(libc) else "system"


def limit_memory(mebibytes: int) -> None:
    """An allocation beyond the limit raises MemoryError. On Linux; macOS knows no such limit."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    with open("/proc/self/status", encoding="ascii") as status:
        mapped = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData"))
    wanted = (mebibytes << 20) + mapped
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or wanted < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def _leave_network(libc: Any) -> bool:
    """Moves to a network namespace that has no interface, where the kernel lets us."""
    # In a child first: some kernels grant the namespace of users and then nothing in it, and
    # there would be no way back.
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if _unshare(libc) else 1)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0 and _unshare(libc)


def _unshare(libc: Any) -> bool:
    if libc.unshare(_NEWNET) == 0:
        return True  # root keeps its rights on files, which it would lose among other users
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEWUSER | _NEWNET) != 0:
        return False
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    except OSError:
        return False
    return True


# --- Records -------------------------------------------------------------------------------------

# As in harness/records.py, which gives the same tree for the same value.
_FIRST = {name: i for i, name in enumerate(("title", "byline", "timestamp", "body", "related"))}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_DEEPEST = 100


class RecordError(TypeError):
    """An extractor returned something that is no record, or holds a value that has no JSON form."""


def encode_record(value: object) -> Json:
    """A record of any supported type as JSON values; what JSON lacks is tagged."""
    items = _items(value)
    if items is None:
        raise RecordError(f"an extractor returns a record of named fields, not {_name(value)}")
    record = {}
    for key in sorted(items, key=_order):
        if not isinstance(key, str):
            raise RecordError(f"field names are text, not {key!r}")
        if key.startswith("$"):
            raise RecordError(f"field {key!r}: names that start with $ are taken by type tags")
        if not key or set(key) & set(".[]*"):
            raise RecordError(f"field {key!r}: names hold no '.', '[', ']' or '*', as paths do")
        record[key] = _encode(items[key], key, 1)
    return record


def _order(key: object) -> tuple[int, str]:
    return (_FIRST.get(key, len(_FIRST)) if isinstance(key, str) else len(_FIRST), str(key))


def _name(value: object) -> str:
    return "None" if value is None else type(value).__qualname__


def _items(value: Any) -> dict[Any, Any] | None:
    """The fields of a dict, dataclass, attrs class, pydantic model, msgspec struct, Scrapy item."""
    if isinstance(value, dict):
        return value
    kind = type(value)
    if any(c.__name__ == "Item" and c.__module__.startswith("scrapy") for c in kind.__mro__):
        return dict(value)
    names: Any = getattr(kind, "__dataclass_fields__", None)
    if names is None and hasattr(kind, "__attrs_attrs__"):
        names = [attribute.name for attribute in kind.__attrs_attrs__]
    if names is None:
        names = getattr(kind, "__struct_fields__", None)
    if names is None and hasattr(kind, "__pydantic_validator__"):
        names = kind.model_fields
    if names is None and hasattr(kind, "__validators__"):  # pydantic 1
        names = getattr(kind, "__fields__", None)
    if names is None or isinstance(value, type):
        return None
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def _encode(value: Any, path: str, depth: int) -> Any:
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, str) and not isinstance(value, Enum):
        return str(value) if value.isascii() else _PAIR.sub(_joined, str(value))
    if depth > _DEEPEST:
        raise RecordError(
            f"field {path[:80]!r} is nested more than {_DEEPEST} deep, or holds itself"
        )
    deeper = depth + 1
    if isinstance(value, list):
        return [_encode(item, f"{path}[{i}]", deeper) for i, item in enumerate(value)]
    for kinds, tag, form in _TAGS:
        if isinstance(value, kinds):
            return {tag: form(value)} if tag else form(value)
    if isinstance(value, tuple):
        return {"$tuple": [_encode(item, f"{path}[{i}]", deeper) for i, item in enumerate(value)]}
    if isinstance(value, Set):
        members = [_encode(item, path, deeper) for item in value]
        return {"$set": sorted(members, key=lambda item: json.dumps(item, sort_keys=True))}
    if type(value).__module__ == "harness.model" and _name(value) == "Timestamp":
        return {"$timestamp": sys.modules["harness.records"].timestamp_tree(value)}
    items = _items(value)
    if items is None:
        raise RecordError(f"field {path!r} holds {_name(value)}, which has no JSON form")
    if set(items) == {"$html"}:
        return items
    if all(isinstance(key, str) and not key.startswith("$") for key in items):
        keys = sorted(items, key=_order)
        return {key: _encode(items[key], f"{path}.{key}", deeper) for key in keys}
    pairs = items.items()
    return {
        "$map": [[_encode(k, path, deeper), _encode(v, f"{path}.{k}", deeper)] for k, v in pairs]
    }


def _joined(halves: Any) -> str:
    text: str = halves[0].encode("utf-16", "surrogatepass").decode("utf-16")
    return text


def _number(value: float) -> Any:
    number = float(value)
    return number if math.isfinite(number) else {"$float": repr(number)}


# The first that fits: an Enum may be an int too, and a datetime is a date.
_TAGS: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (float, "", _number),
    (Enum, "$enum", lambda value: [type(value).__qualname__, value.name]),
    (int, "", int),
    (datetime, "$datetime", lambda value: value.isoformat()),
    (date, "$date", lambda value: value.isoformat()),
    (time_of_day, "$time", lambda value: value.isoformat()),
    (timedelta, "$timedelta", lambda value: value.total_seconds()),
    (Decimal, "$decimal", str),
    (UUID, "$uuid", str),
    ((bytes, bytearray), "$bytes", lambda value: base64.b64encode(value).decode("ascii")),
)

# --- Loading -------------------------------------------------------------------------------------


def load(what: Json, limits: Json) -> tuple[Run, Json]:
    """The extractor that the first line names, and what it says of itself: kinds, sites."""
    if "project" in what:
        return _project(what["project"], what["extractor"], limits)
    if not limits["network"]:
        NETWORK.refuse()
    if "library" in what:
        return _on_html(_library(what["library"])), {}
    sys.path[:0] = what.get("path", [])
    module, _, attribute = what["call"].partition(":")
    function: Any = importlib.import_module(module)
    for part in attribute.split("."):
        function = getattr(function, part)
    return (_on_html if what.get("gets", "html") == "html" else _on_capture)(function), {}


def _on_html(function: Callable[..., Any]) -> Run:
    return lambda request: _called(function, request["html"], request["capture"]["url"])


def _on_capture(function: Callable[..., Any]) -> Run:
    def run(request: Json) -> Json:
        body = base64.b64decode(request["body"])
        return _called(function, {**request["capture"], "html": request["html"], "body": body})

    return run


def _called(function: Callable[..., Any], *arguments: Any) -> Json:
    try:
        value = function(*arguments)
        if hasattr(value, "__await__"):
            import asyncio  # slow to import, and few need it

            value = asyncio.run(_awaited(value))
        return {"record": encode_record(value)}
    except BaseException as error:  # noqa: BLE001 - an extractor may raise anything at all
        return {"error": told(error)}


async def _awaited(value: Any) -> Any:
    return await value


def _library(name: str) -> Callable[..., Any]:
    path = os.path.join(HERE, "libraries.py")
    spec = importlib.util.spec_from_file_location("_harness_libraries", path)
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    # Interpreters of all versions load this file: none of them leaves its bytecode beside it.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    found: Callable[..., Any] = module.call(name)
    return found


def _project(root: str, name: str, limits: Json) -> tuple[Run, Json]:
    """An extractor as that tree's own harness finds it and runs it."""
    from pathlib import Path

    os.chdir(root)
    sys.path.insert(0, root)
    config = importlib.import_module("harness.config").find_config(Path(root))
    registry = importlib.import_module("harness.extraction.registry")
    extract = importlib.import_module("harness.extraction").extract
    capture_of = importlib.import_module("harness.model").Capture
    registered = registry.find(config.extractors, config.invariants, Path(root))[0]
    extractor = registry.resolve(name, registered, Path(root))
    if importlib.util.find_spec("harness.extraction.guards"):
        limits_of = importlib.import_module("harness.extraction.limits").Limits
        options = {"limits": limits_of(network=limits["network"], clock=limits["clock"])}
    else:
        options = {}
        if not limits["network"]:
            NETWORK.refuse()

    known = {each.name for each in dataclasses.fields(capture_of)}  # of a tree that may be older

    def run(request: Json) -> Json:
        about = {name: value for name, value in request["capture"].items() if name in known}
        about["captured_at"] = moment(about["captured_at"])
        about["headers"] = tuple(tuple(each) for each in about["headers"])
        body = base64.b64decode(request["body"])
        outcome = extract(extractor, capture_of(body=body, **about), **options)
        kinds = dict(outcome.kinds)
        if outcome.failure is None:
            return {"record": outcome.record, "kinds": kinds}
        error = {k: getattr(outcome.failure, k) for k in ("type", "message", "traceback")}
        return {"error": error, "kinds": kinds}

    return run, {"kinds": dict(extractor.kinds), "sites": list(extractor.sites)}


def moment(text: str | None) -> datetime | None:
    """An instant as it is sent: RFC 3339, or null."""
    return None if text is None else datetime.fromisoformat(text)


def told(error: BaseException) -> Json:
    """An exception as text, without the frames of this file and its neighbours.

    One that comes of a refused network is told as that, whatever a library made of it.
    """
    try:
        message = str(error)
    except BaseException as broken:  # noqa: BLE001 - __str__ is the extractor's code too
        message = f"(its message cannot be shown: {type(broken).__name__})"
    trace = traceback.TracebackException.from_exception(error)
    theirs = [frame for frame in trace.stack if os.path.dirname(frame.filename) != HERE]
    trace.stack = traceback.StackSummary.from_list(theirs)
    text = "".join(trace.format())
    kind = type(error).__qualname__
    refused = _refusal_behind(error)
    if refused is not None and refused is not error:
        kind, message = type(refused).__qualname__, str(refused)
    return {"type": kind, "message": message, "traceback": text}


def _refusal_behind(error: BaseException | None) -> NetworkRefused | None:
    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, NetworkRefused):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


# --- Serving -------------------------------------------------------------------------------------


def main() -> None:
    """Speaks the protocol on standard input and output, which the extractor never sees."""
    lines, answers = _private_pipes()
    first = json.loads(next(lines))
    limits = first["limits"]
    reply: Json
    try:
        run, reply = _prepared(first["load"], limits)
    except BaseException as error:  # noqa: BLE001 - whatever an import may raise
        _write(answers, {"error": told(error)})
        return
    _write(answers, reply)
    network, clock, mine = NETWORK, CLOCK, os.getpid()
    for line in lines:
        request = json.loads(line)
        del line  # of a large page, one copy less while it is extracted
        captured = moment(request["capture"]["captured_at"])
        clock.now = captured.timestamp() if captured else None
        network.tried.clear()
        answer = _answer(run, request)
        if os.getpid() != mine:  # a fork that came back: one answer is enough
            os._exit(0)
        if network.tried:
            answer["refused"] = network.tried[:20]
        clock.now = None
        _write(answers, {"id": request["id"], **answer})


NETWORK, CLOCK = Network(), Clock()


def _prepared(what: Json, limits: Json) -> tuple[Run, Json]:
    faulthandler.enable(2)  # of a crash in C, where in the extractor it was
    network = confine(limits)
    limit_memory(limits["memory"])
    if not limits["network"] and network == "none":
        network = "python"
    if limits["clock"]:
        CLOCK.install()
    run, about = load(what, limits)
    return run, {"ready": True, "kinds": {}, **about, "network": network}


def _answer(run: Run, request: Json) -> Json:
    try:
        return run(request)
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt is an extractor's own here
        return {"error": told(error)}
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # whatever the extractor has put in its place
                stream.flush()


def _private_pipes() -> tuple[Iterator[bytes], int]:
    """Moves the protocol away from the standard streams: whatever is printed goes to stderr."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace", line_buffering=True)
    return iter(open(requests, "rb", 1 << 16)), answers


def _write(answers: int, answer: Json) -> None:
    try:
        data = json.dumps(answer, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can spell
        data = json.dumps(answer).encode("ascii")
    rest = memoryview(data + b"\n")
    while rest:
        rest = rest[os.write(answers, rest) :]


def become(limits: Json, command: list[str]) -> None:
    """Confines this process, says so in one line, and becomes the command."""
    import shutil

    program = shutil.which(command[0])
    if program is None:
        message = f"no program {command[0]!r} in {os.getcwd()} or on the PATH"
        _write(1, {"error": {"type": "FileNotFoundError", "message": message, "traceback": ""}})
        return
    _write(1, {"ready": True, "kinds": {}, "network": confine(limits)})
    os.execv(program, command)


if __name__ == "__main__":
    # The folder of a script stands first in its path; ours holds nothing for an extractor.
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != HERE]
    if sys.argv[1:2] == ["--exec"]:
        become(json.loads(sys.argv[2]), sys.argv[4:])
    else:
        main()
