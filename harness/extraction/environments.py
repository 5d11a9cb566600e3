"""Environments of requirement sets: made once with ``uv``, found again without it.

In ``$XDG_CACHE_HOME/extraction-harness/environments`` stand, each by the digest of its pins, its
interpreter and the platform, the environments; in ``index/`` what a requirement set was resolved
to, so that the second time needs no resolver and no network. All of it may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ConfigError
from harness.extraction import installer
from harness.extraction.installer import InstallError, Interpreter
from harness.extraction.requirements import RequirementSet, with_companions
from harness.files import write_atomic

Say = Callable[[str], None]

_MANIFEST = "environment.json"
_UNFINISHED = ".unfinished-"
# A process that was killed left what it was making; nothing takes that long.
_STALE = 24 * 3600
# The first import compiles all of it.
_LONGEST_IMPORT = 300
# Of a checkout, what its code is not made from.
_NO_SOURCE = ("__pycache__", "build", "dist", "node_modules", "venv")
# Of the standard library, what old releases import and Python 3.12 and 3.13 have no more.
_REMOVED = ("asynchat", "asyncore", "cgi", "distutils", "imp", "pipes", "smtpd", "telnetlib")
_SEE = "import importlib.util as u, sys; s = u.spec_from_file_location('l', sys.argv[1]);"
_PROBE = f"{_SEE} m = u.module_from_spec(s); s.loader.exec_module(m); m.call(sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment that is there. ``digest`` is of its pins, its interpreter and the platform."""

    folder: Path
    version: str
    pins: tuple[str, ...]
    digest: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return installer.python_in(self.folder)


def quiet(_: str) -> None:
    """Says nothing."""


def environment(
    wanted: RequirementSet,
    *,
    refresh: bool = False,
    say: Say = quiet,
    cache: Path | None = None,
) -> Environment:
    """The environment of a requirement set, made when it is not there yet, or broken.

    ``refresh`` resolves and makes it anew. ``say`` gets a line when something takes time. Raises
    ConfigError, one line with the decisive reason and what to do next, when it cannot be made.
    """
    store = _Store(cache or _cache())
    asked = with_companions(wanted.requirements, wanted.library)
    sources = [_source_digest(source) for source in wanted.sources]
    key = _digest(["asked", *asked, *sources, wanted.python or _own(), _platform()])
    if not refresh:
        known = store.resolved(key)
        found = store.find(known) if known else None
        if found:
            return found
    try:
        return _made(wanted, store, key, asked, sources, refresh, say)
    except InstallError as error:
        raise ConfigError(_advice(wanted, error)) from None
    except OSError as error:
        raise ConfigError(
            f"{wanted.label}: no environment in {store.root}: {error.strerror or error};"
            " free space or check permissions, then run again"
        ) from None


def _made(
    wanted: RequirementSet,
    store: _Store,
    key: str,
    asked: Sequence[str],
    sources: Sequence[str],
    refresh: bool,
    say: Say,
) -> Environment:
    installer.uv()
    python = installer.interpreter(wanted.python)
    known = None if refresh else store.resolved(key)
    say(f"making an environment for {wanted.label} (Python {python.version}) …")
    # What was resolved once stays so, also where the environment itself was deleted.
    if known and known.version == python.version:
        pins = known.pins
    else:
        pins = installer.resolve(asked, python)
    resolved = _Resolved(pins, python.version, _identity(pins, python, sources), None)
    found = None if refresh else store.find(resolved)
    if found is None:
        with store.unfinished() as folder:
            fresh = [name for pin in pins if (name := _local(pin))]
            installer.install(pins, python, folder, fresh)
            _probe(folder, wanted)
            _write_manifest(folder, resolved)
            found = store.put(folder, resolved, anew=refresh)
    store.remember(key, wanted.label, resolved)
    return found


def _advice(wanted: RequirementSet, error: InstallError) -> str:
    """One line: what was wanted, why it cannot be had, what to do next."""
    why = str(error)
    if error.network:
        return (
            f"{wanted.label}: {why}; the package index is needed the first time:"
            " run again with a network"
        )
    if "cannot be built" in why or "Python" in why:
        others = [each for each in installer.installed() if not installer.fits(_own(), each)]
        example = f"{wanted.label},python=={others[-1]}" if others else "python==3.11"
        if wanted.python:
            return f"{wanted.label}: {why}; name another Python than {wanted.python}"
        return f"{wanted.label}: {why}; name another Python than {_own()}, e.g. {example!r}"
    return f"{wanted.label}: {why}; mend the requirement"


def _probe(folder: Path, wanted: RequirementSet) -> None:
    """Imports the library once, before any capture: else each would say the same."""
    if wanted.library is None:
        return
    libraries = str(Path(__file__).with_name("libraries.py"))
    python = installer.python_in(folder)
    try:
        done = subprocess.run(
            [python, "-I", "-c", _PROBE, libraries, wanted.library],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_IMPORT,
            check=False,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(
            f"{wanted.label}: installed, but its import was not done after {_LONGEST_IMPORT} s;"
            " name another release"
        ) from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        last = lines[-1] if lines else f"exit code {done.returncode}"
        raise ConfigError(
            f"{wanted.label}: installed, but cannot be imported: {last}; {_remedy(wanted, last)}"
        )


def _remedy(wanted: RequirementSet, said: str) -> str:
    """What to add to a set whose import failed."""
    missing = re.search(r"No module named '([\w.]+)'", said)
    name = missing[1].partition(".")[0] if missing else ""
    if name == "pkg_resources":
        return f"add setuptools: {wanted.label + ',setuptools<81'!r}"
    if name in _REMOVED:
        return f"newer Pythons lack it; add an older one: {wanted.label + ',python==3.11'!r}"
    if name:
        return f"add what provides it: {f'{wanted.label},{name}'!r}"
    return "add the release of a dependency that it was written for, e.g. ',lxml<5'"


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What a requirement set came to. ``interpreter`` is how its file looked, None when new."""

    pins: tuple[str, ...]
    version: str
    digest: str
    interpreter: list[Any] | None


class _Store:
    """The folder of environments."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def resolved(self, key: str) -> _Resolved | None:
        """What was resolved under this key before; None when nothing is known or readable."""
        try:
            data = json.loads((self.root / "index" / f"{key}.json").read_text("utf-8"))
            pins, version, digest = data["pins"], data["python"], data["digest"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not re.fullmatch(r"[0-9a-f]{32}", str(digest)) or not isinstance(pins, list):
            return None
        return _Resolved(tuple(map(str, pins)), str(version), digest, None)

    def remember(self, key: str, label: str, resolved: _Resolved) -> None:
        """Keeps what a requirement set was resolved to."""
        data = {
            "asked": label,
            "python": resolved.version,
            "digest": resolved.digest,
            "pins": resolved.pins,
        }
        text = json.dumps(data, indent=1)
        write_atomic(self.root / "index" / f"{key}.json", f"{text}\n".encode())

    def find(self, resolved: _Resolved) -> Environment | None:
        """The environment, if it is there and whole."""
        folder = self.root / resolved.digest
        try:
            manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
            whole = manifest == _manifest(folder, resolved)
        except (OSError, ValueError):
            return None
        if not whole:
            return None
        return Environment(folder, resolved.version, resolved.pins, resolved.digest)

    @contextlib.contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A folder to make an environment in; gone afterwards, unless it was put in place."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._tidy()
        folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.root))
        try:
            yield folder / "environment"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, folder: Path, resolved: _Resolved, *, anew: bool) -> Environment:
        """Moves a finished environment to its place, where a broken one may stand.

        ``anew``: also where one stands that seems whole.
        """
        target = self.root / resolved.digest
        if anew:
            with contextlib.suppress(OSError):
                os.rename(target, folder.with_name("before"))
        for _ in range(3):
            with contextlib.suppress(OSError):
                os.rename(folder, target)
            # Another run may have been sooner: theirs is as good.
            if found := self.find(resolved):
                return found
            with contextlib.suppress(OSError):
                os.rename(target, folder.with_name(f"broken-{time.monotonic_ns()}"))
        raise InstallError(f"{target} is in the way; delete it")

    def _tidy(self) -> None:
        for left in self.root.glob(f"{_UNFINISHED}*"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _STALE:
                    shutil.rmtree(left, ignore_errors=True)


def _write_manifest(folder: Path, resolved: _Resolved) -> None:
    text = json.dumps(_manifest(folder, resolved), indent=1)
    (folder / _MANIFEST).write_text(f"{text}\n", "utf-8")


def _manifest(folder: Path, resolved: _Resolved) -> dict[str, object]:
    """What must still be so for the environment to be whole. Raises OSError for a missing part."""
    python = installer.python_in(folder)
    # An interpreter that was replaced in its place is another one.
    stat = python.stat()
    return {
        "pins": list(resolved.pins),
        "python": [resolved.version, str(python.resolve()), stat.st_size, stat.st_mtime_ns],
        "files": _digest(sorted(_files(folder))),
    }


def _files(folder: Path) -> Iterator[str]:
    """Name and size of each installed file; what Python compiles on its way is left out."""
    pending = [os.fspath(folder)]
    start = len(pending[0]) + 1
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        pending.append(entry.path)
                elif entry.name != _MANIFEST:
                    size = entry.stat(follow_symlinks=False).st_size
                    yield f"{entry.path[start:]} {size}"


def _source_digest(source: Path) -> str:
    """The digest of an archive, or of a checkout's files but for what is hidden or built."""
    state = hashlib.blake2b(digest_size=16)
    for path in sorted(_sources(source)) if source.is_dir() else [source]:
        data = path.read_bytes()
        state.update(os.fsencode(path.relative_to(source).as_posix()))
        state.update(f" {len(data)}\n".encode())
        state.update(data)
    return state.hexdigest()


def tree_state(folder: Path) -> str:
    """As the digest of a checkout's files, by their sizes and times; of one that is gone too."""
    said = []
    with contextlib.suppress(OSError):
        for path in _sources(folder):
            stat = path.stat()
            said.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return _digest(sorted(said))


def _sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name in _NO_SOURCE or entry.is_symlink():
            continue
        if entry.is_dir():
            if not entry.name.endswith(".egg-info"):
                yield from _sources(entry)
        elif entry.suffix not in (".pyc", ".pyo"):
            yield entry


def _local(pin: str) -> str | None:
    """The distribution of a pin that is installed from a folder or file of this machine."""
    name, at, where = pin.partition("@")
    return name.strip() if at and where.strip().startswith("file:") else None


def _identity(pins: Iterable[str], python: Interpreter, sources: Iterable[str]) -> str:
    return _digest(["environment", *pins, python.version, _platform(), *sources])


def _digest(parts: Iterable[str]) -> str:
    # A file's name may be no UTF-8.
    said = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).hexdigest()


def _platform() -> str:
    return f"{sys.platform} {platform.machine()} {platform.libc_ver()[0]}"


def _own() -> str:
    return platform.python_version()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The specification asks for an absolute path, and for others to be ignored.
    root = Path(base) if os.path.isabs(base) else Path.home() / ".cache"
    return root / "extraction-harness" / "environments"
