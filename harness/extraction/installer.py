"""The package manager ``uv``: finding interpreters, resolving, installing, its errors in a line."""

from __future__ import annotations

import contextlib
import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ConfigError

# A resolution asks the index some dozen times; a build of an old release compiles C.
_LONGEST = 1200
# What a caller's shell or project has set for environments of its own would install elsewhere.
_NOT_OURS = ("VIRTUAL_ENV", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT")
_WIDE = 330


class InstallError(ConfigError):
    """The package manager refused. ``network``: because there is none."""

    def __init__(self, message: str, *, network: bool = False) -> None:
        super().__init__(message)
        self.network = network


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that environments are made from."""

    path: Path
    version: str


def uv() -> str:
    """The path of ``uv``. Raises ConfigError, naming the extra, when it is not installed."""
    try:
        found: str = importlib.import_module("uv").find_uv_bin()
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv") or ""
    if not found:
        raise ConfigError(
            "a requirement set needs uv, which makes its environment;"
            " pip install 'extraction-harness[compare]'"
        )
    return found


def interpreter(wanted: str | None) -> Interpreter:
    """The interpreter for a version (``3.9``, ``3.9.18``); None means the one that runs this.

    Looks at this one, on PATH, among those of pyenv, then where uv looks. Raises ConfigError,
    naming what there is, when no such Python is installed.
    """
    own = Interpreter(Path(sys.executable), platform.python_version())
    if wanted is None or fits(own.version, wanted):
        return own
    for path in _candidates(wanted):
        version = _version_of(path)
        if version and fits(version, wanted):
            return Interpreter(path, version)
    there = ", ".join(installed()) or "none"
    raise ConfigError(
        f"no Python {wanted} here (there are: {there}); install it, e.g. `uv python install"
        f" {wanted}`, or name another"
    )


def fits(version: str, wanted: str) -> bool:
    """Whether a version of Python is the wanted one: ``3.9.18`` is ``3.9``, ``3.11`` is not."""
    return f"{version}.".startswith(f"{wanted}.")


def installed() -> list[str]:
    """The minor versions of Python, from 3.8 on, that can be found without starting any."""
    found = {platform.python_version().rpartition(".")[0]}
    for minor in range(8, 30):
        if any(True for _ in _pyenv(f"3.{minor}")) or _on_path(f"3.{minor}"):
            found.add(f"3.{minor}")
    return sorted(found, key=lambda version: int(version.split(".")[1]))


def resolve(requirements: Sequence[str], python: Interpreter) -> tuple[str, ...]:
    """The pins of all that these requirements need: one release of each distribution.

    Raises InstallError, with the decisive line, when there is no such set or no network.
    """
    asked = ["pip", "compile", "-", "--python", str(python.path)]
    asked += ["--no-header", "--no-annotate", "--quiet", "--color", "never"]
    text = "".join(f"{each}\n" for each in requirements)
    try:
        said = _run(asked, text)
    except InstallError as error:
        if not error.network:
            raise
        # What uv has seen before it still knows.
        try:
            said = _run([*asked, "--offline"], text)
        except InstallError:
            raise error from None
    lines = (line.strip() for line in said.splitlines())
    return tuple(sorted(line for line in lines if line and not line.startswith("#")))


def install(pins: Sequence[str], python: Interpreter, folder: Path, fresh: Sequence[str]) -> None:
    """Makes a virtual environment in a folder and installs the pins.

    What was installed on this machine before needs no network. ``fresh`` are distributions whose
    sources may have changed. Raises InstallError.
    """
    _run(["venv", "--quiet", "--relocatable", "--python", str(python.path), str(folder)])
    if not pins:
        return
    asked = ["pip", "install", "--quiet", "--color", "never", "--no-deps", "-r", "-"]
    # uv links files to its cache, where an edit in here would spoil every later installation.
    asked += ["--python", str(python_in(folder)), "--link-mode", "copy"]
    asked += [word for name in fresh for word in ("--refresh-package", name)]
    text = "".join(f"{each}\n" for each in pins)
    try:
        _run([*asked, "--offline"], text)
    except InstallError:
        _run(asked, text)


def python_in(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def decisive(said: str) -> str:
    """The one line of what uv says that tells a person why.

    >>> decisive("  × No solution found when resolving dependencies:\\n  ╰─▶ Because there is no"
    ...     " version of\\n      a==9 and you require a==9, we can conclude…")
    'there is no version of a==9 and you require a==9'
    """
    text = re.sub(r"[│╰─▶├×]+", " ", said)
    flat = " ".join(text.split())
    if because := re.search(r"\bBecause (.+?)(?:, we can conclude|\.? ?(?:And|hint:)|\.$|$)", flat):
        return _short(because[1])
    if "Failed to build" in flat:
        package = re.search(r"Failed to build `?([^`\s]+)", flat)
        name = package[1] if package else "a distribution"
        return _short(f"{name} cannot be built from source{_raised(said)}")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    causes = re.findall(r"(?:Caused by|cause): (.+)", text)
    told = [*(errors or lines[-1:]), *causes[-1:]]
    return _short(": ".join(told) or "it gave no reason")


def _raised(said: str) -> str:
    """The exception that ended a build, as the build system showed it."""
    shown = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception)\b:? .*?)\s*$", said, re.MULTILINE)
    shown = [line for line in shown if not line.strip().startswith("error")]
    return f": {shown[-1]}" if shown else ""


def _short(text: str) -> str:
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…"


def _run(words: Sequence[str], text: str = "") -> str:
    environ = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    try:
        done = subprocess.run(
            [uv(), *words],
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            # Not in the project: its [tool.uv] is about the project's own dependencies.
            cwd=os.path.abspath(os.sep),
            env=environ,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"uv was not done after {_LONGEST} s") from None
    except OSError as error:
        raise InstallError(f"cannot run uv: {error.strerror}") from None
    if done.returncode:
        raise InstallError(decisive(done.stderr), network=_offline(done.stderr))
    return done.stdout


def _offline(said: str) -> bool:
    signs = ("Failed to fetch", "error sending request", "dns error", "Could not connect")
    return any(sign in said for sign in signs)


def _candidates(wanted: str) -> Iterator[Path]:
    if path := _on_path(wanted):
        yield Path(path)
    yield from _pyenv(wanted)
    with contextlib.suppress(InstallError):  # it finds none; the caller says what there is
        asked = ["python", "find", "--quiet", "--no-project", "--no-python-downloads", wanted]
        if found := _run(asked).strip():
            yield Path(found)


def _on_path(wanted: str) -> str | None:
    return shutil.which(f"python{'.'.join(wanted.split('.')[:2])}")


def _pyenv(wanted: str) -> Iterator[Path]:
    """Interpreters of pyenv: its shims on PATH run only those that a folder has chosen."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    if root.is_dir():
        fitting = [each for each in root.iterdir() if fits(each.name, wanted)]
        for each in sorted(fitting, key=_by_number, reverse=True):
            if (each / "bin" / "python").exists():
                yield each / "bin" / "python"


def _by_number(path: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", path.name)]


def _version_of(path: Path) -> str | None:
    code = "import platform; print(platform.python_version())"
    try:
        done = subprocess.run(
            [path, "-I", "-S", "-c", code],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
