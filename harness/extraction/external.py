"""Extractors outside this process: requirement sets, and those that the configuration describes.

``[tool.harness.external.NAME]`` has ``command``, a list of words, for a program in any language
that speaks the protocol of docs/extractors.md; or ``requirements``, with ``python`` and ``call``
where they are wanted, for Python code in an environment of its own.
"""

from __future__ import annotations

import difflib
import hashlib
import math
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from harness.errors import ConfigError
from harness.extraction.contract import Extractor
from harness.extraction.environments import environment
from harness.extraction.launch import WORKER, Launch, python_launch
from harness.extraction.limits import Limits
from harness.extraction.remote import Remote
from harness.extraction.requirements import (
    RequirementSet,
    collect,
    python_version,
    split,
    unknown_library,
)
from harness.files import is_slug
from harness.model import KINDS, Capture, Failure, Kind, Outcome

_KEYS = ("command", "requirements", "python", "call", "sites", "kinds", "timeout", "memory")


def on_stderr(line: str) -> None:
    """A note for a person while something takes time."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Means:
    """How extractors outside this process are run.

    ``root`` is the project's folder and ``state`` where its worktrees stand. ``workers`` are the
    processes of one extractor. ``refresh`` makes environments anew. ``say`` gets a line when
    something takes time.
    """

    root: Path
    state: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    refresh: bool = False
    say: Callable[[str], None] = on_stderr


@dataclass(frozen=True, slots=True)
class External:
    """An extractor as a table of the configuration describes it; ``timeout`` in s, memory in MiB.

    Either ``command`` or ``requirements`` is set.
    """

    name: str
    sites: tuple[str, ...]
    command: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    python: str | None = None
    call: str | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    timeout: float | None = None
    memory: int | None = None


def external_table(table: Mapping[str, Mapping[str, Any]], source: Path) -> dict[str, External]:
    """What the tables ``[tool.harness.external.NAME]`` say, by name.

    Raises ConfigError, one line, for unknown keys (with the nearest known one) and wrong values.
    """
    return {name: _external(name, each, source) for name, each in table.items()}


def externals(
    table: Mapping[str, Mapping[str, Any]], source: Path, means: Means
) -> tuple[Extractor, ...]:
    """The extractors of these tables. No environment is made before the first capture, or
    :func:`ready`. Raises ConfigError as :func:`external_table`."""
    return tuple(_extractor(each, means) for each in external_table(table, source).values())


def ready(extractor: Extractor) -> Extractor:
    """The extractor with its environment made and a worker started.

    Extractors of this process are given back as they are. Raises ConfigError, one line, when it
    cannot run: said once, before the first capture.
    """
    running = extractor.function
    if isinstance(running, Deferred):
        running, identity = running.settled
        extractor = replace(extractor, function=running, identity=identity)
    if isinstance(running, Remote) and "library" not in (running.launch.load or {}):
        # A library was imported when its environment was made.
        start(running, extractor.label or extractor.name)
    return extractor


def running(extractor: Extractor) -> Remote | None:
    """The workers that an extractor runs in; None in this process, or where none was needed."""
    function = extractor.function
    if isinstance(function, Deferred):
        return function.made
    return function if isinstance(function, Remote) else None


def start(running: Remote, label: str) -> None:
    """Starts a worker. Raises ConfigError when that does not work."""
    if failure := running.start():
        running.close()
        raise ConfigError(f"{label}: {failure.message}")


def requirement_extractor(wanted: RequirementSet, means: Means) -> Extractor:
    """A known library in an environment of its own, made here when it is not there yet."""
    running, identity = _in_environment(wanted, None, means)
    return Extractor(
        name=wanted.name,
        function=running,
        sites=("*",),
        origin=wanted.label,
        label=wanted.label,
        identity=identity,
    )


class Deferred:
    """An extractor whose environment is made when it is first needed."""

    remote = True

    def __init__(self, make: Callable[[], tuple[Remote, str]]) -> None:
        self._make = make
        self._lock = threading.Lock()

    @cached_property
    def _made(self) -> tuple[Remote, str] | ConfigError:
        try:
            return self._make()
        except ConfigError as error:
            return error

    @property
    def settled(self) -> tuple[Remote, str]:
        """The extractor's workers and its identity. Raises ConfigError, always the same."""
        with self._lock:
            made = self._made
        if isinstance(made, ConfigError):
            raise made
        return made

    @property
    def made(self) -> Remote | None:
        """The extractor's workers, where they were needed already."""
        made = self.__dict__.get("_made")
        return made[0] if isinstance(made, tuple) else None

    @property
    def launch(self) -> Launch:
        """How its workers are started."""
        return self.settled[0].launch

    @property
    def limits(self) -> Limits:
        """What they may use."""
        return self.settled[0].limits

    def __call__(self, capture: Capture) -> Outcome:
        """Runs the extractor; what keeps it from running is a failure ``CannotStart``."""
        try:
            running, _ = self.settled
        except ConfigError as error:
            return Outcome(None, Failure("CannotStart", str(error)))
        return running(capture)

    def close(self) -> None:
        """Ends its workers, if there are any."""
        made = self.__dict__.get("_made")
        if isinstance(made, tuple):
            made[0].close()


def _extractor(external: External, means: Means) -> Extractor:
    limits = replace(
        means.limits,
        seconds=external.timeout or means.limits.seconds,
        memory=external.memory or means.limits.memory,
    )
    mine = replace(means, limits=limits)
    running: Remote | Deferred
    if external.command:
        running = Remote(Launch(external.command, None, means.root), limits, means.workers)
    else:
        wanted = _set_of(external, means.root)
        running = Deferred(lambda: _in_environment(wanted, external.call, mine))
    return Extractor(
        name=external.name,
        function=running,
        sites=external.sites,
        kinds=external.kinds,
        origin=f"external.{external.name}",
    )


def _set_of(external: External, root: Path) -> RequirementSet:
    wanted = collect(
        external.requirements, root, label=",".join(external.requirements), python=external.python
    )
    if external.call is None and wanted.library is None:
        raise ConfigError(unknown_library(wanted.label, wanted.requirements))
    # An adapter may well do without a part of the library that our call would need.
    return replace(wanted, library=wanted.library if external.call is None else None)


def _in_environment(wanted: RequirementSet, call: str | None, means: Means) -> tuple[Remote, str]:
    """The workers of a requirement set, and their identity."""
    made = environment(wanted, refresh=means.refresh, say=means.say)
    if call is None:
        load: dict[str, Any] = {"library": wanted.library}
        identity = identity_of(means.limits, made.digest, our_source())
    else:
        load = {"call": call, "path": [str(means.root)], "gets": "html"}
        identity = ""  # what the project's own code imports may change between runs
    launch = python_launch(load, means.root, str(made.python))
    return Remote(launch, means.limits, means.workers), identity


def identity_of(limits: Limits, *parts: str) -> str:
    """The digest of what decides an extractor's answers, with the limits that can change them."""
    said = [*parts, f"network={limits.network}", f"clock={limits.clock}"]
    return hashlib.blake2b("\0".join(said).encode(), digest_size=16).hexdigest()


@cache
def our_source() -> str:
    """The digest of our files that run in the worker."""
    state = hashlib.blake2b(digest_size=16)
    for path in (WORKER, WORKER.with_name("libraries.py")):
        state.update(path.read_bytes())
    return state.hexdigest()


def _external(name: str, table: Mapping[str, Any], source: Path) -> External:
    where = f"{source}: [external.{name}]"
    if not is_slug(name):
        raise ConfigError(
            f"{where}: the name names a folder, so use lower-case ASCII letters, digits, '-' and"
            " '_', at most 80"
        )
    _no_unknown(table, where)
    command = _words(table, "command", where, "a list of words, e.g. ['node', 'extract.mjs']")
    requirements = _requirements(table, where)
    if bool(command) == bool(requirements):
        raise ConfigError(f"{where}: write either `command` or `requirements`")
    if command and (extra := [key for key in ("python", "call") if key in table]):
        raise ConfigError(f"{where}: {extra[0]!r} goes with `requirements`, not with `command`")
    sites = _words(table, "sites", where, "a list of sites or patterns, e.g. ['*']")
    return External(
        name=name,
        # As of @extractor: without a word, the site of its name.
        sites=sites or (name,),
        command=command,
        requirements=requirements,
        python=_python(table, where),
        call=_call(table, where),
        kinds=_kinds(table, where),
        timeout=_number(table, "timeout", where, "a number of seconds above 0", float),
        memory=_number(table, "memory", where, "a number of MiB, at least 1", int),
    )


def _no_unknown(table: Mapping[str, Any], where: str) -> None:
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"keys are {', '.join(_KEYS)}"
            raise ConfigError(f"{where}: unknown key {key!r}; {hint}")


def _requirements(table: Mapping[str, Any], where: str) -> tuple[str, ...]:
    if isinstance(table.get("requirements"), str):
        return tuple(split(table["requirements"]))
    return _words(table, "requirements", where, "a list, e.g. ['trafilatura==1.12.2']")


def _words(table: Mapping[str, Any], key: str, where: str, meaning: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if isinstance(found, str) and key == "sites":
        found = [found]
    good = isinstance(found, list) and all(isinstance(word, str) and word for word in found)
    if not good or (key in table and not found):
        raise ConfigError(f"{where}: {key!r} is {meaning}")
    return tuple(cast("Iterable[str]", found))


def _python(table: Mapping[str, Any], where: str) -> str | None:
    found = table.get("python")
    if found is None:
        return None
    # 3.10 without quotes is the number 3.1.
    if not isinstance(found, str):
        raise ConfigError(f"{where}: 'python' is a version in quotes, e.g. \"3.9\", not {found!r}")
    return python_version(found, where)


def _call(table: Mapping[str, Any], where: str) -> str | None:
    found = table.get("call")
    if found is None:
        return None
    module, _, function = found.partition(":") if isinstance(found, str) else ("", "", "")
    parts = [*module.split("."), *function.split(".")]
    if not all(part.isidentifier() for part in parts):
        raise ConfigError(f"{where}: 'call' is \"module:function\", not {found!r}")
    return str(found)


def _kinds(table: Mapping[str, Any], where: str) -> Mapping[str, Kind]:
    found = table.get("kinds", {})
    if not isinstance(found, dict):
        raise ConfigError(f"{where}: 'kinds' is a table of field names and their kinds")
    for name, kind in found.items():
        if kind not in KINDS:
            raise ConfigError(
                f"{where}: field {name!r} has kind {kind!r}; kinds are {', '.join(KINDS)}"
            )
    return found


def _number(table: Mapping[str, Any], key: str, where: str, meaning: str, kind: type) -> Any:
    value = table.get(key)
    if value is None:
        return None
    allowed = (int, float) if kind is float else int
    # TOML has `inf`, `nan` and booleans; Python takes the last for numbers.
    wrong = isinstance(value, bool) or not isinstance(value, allowed)
    if wrong or not 0 < value < math.inf:
        raise ConfigError(f"{where}: {key!r} is {meaning}, not {value!r}")
    return kind(value)
