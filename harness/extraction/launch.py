"""How a worker process is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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
