"""How a worker process is started."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("worker.py")

# What a process needs to find its programs, files, language and time zone. All else, such as the
# tokens that a CI job holds and the addresses of proxies, is nothing an extractor is given.
_KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "NODE_PATH",
    "JAVA_HOME",
    "NLTK_DATA",
    "COVERAGE_PROCESS_START",
)
_KEPT_GROUPS = ("LC_", "XDG_")


@dataclass(frozen=True, slots=True)
class Launch:
    """A command that answers captures over JSON lines.

    ``load`` tells our own worker (``worker.py``) what to load, in its first line of input; None for
    a command that speaks the protocol itself. ``environ`` is added to the environment.
    """

    argv: tuple[str, ...]
    load: Mapping[str, Any] | None
    cwd: Path
    environ: Mapping[str, str] = field(default_factory=dict)


def python_launch(
    load: Mapping[str, Any],
    cwd: Path,
    python: str = sys.executable,
    environ: Mapping[str, str] | None = None,
) -> Launch:
    """How our own worker is started in an interpreter, CPython 3.8 or newer.

    ``load`` is one of ``{"project": root, "extractor": name}``, ``{"library": name}``,
    ``{"call": "module:function", "path": [folders], "gets": "html" | "capture"}``.
    """
    return Launch((python, "-s", str(WORKER)), load, cwd, environ or {})


def environment(launch: Launch, mark: str) -> dict[str, str]:
    """The environment of a worker: the least that programs need, and what the launch adds.

    ``mark`` is in it, and so in that of the processes it starts, to find them by.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_GROUPS)
    }
    # The user's own project finds its modules as it does without a worker.
    if launch.load and "project" in launch.load and "PYTHONPATH" in os.environ:
        kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
    fixed = {"PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1"}
    return {**kept, **fixed, **launch.environ, "HARNESS_WORKER": mark}


def command_line(launch: Launch, limits: Mapping[str, object]) -> list[str]:
    """What is run: a command of another language gets its limits from our launcher first."""
    if launch.load is not None:
        return list(launch.argv)
    # -I -S: the launcher needs no site-packages, and starts in a third of the time.
    launcher = [sys.executable, "-I", "-S", str(WORKER), "--exec", json.dumps(limits), "--"]
    return [*launcher, *launch.argv]
