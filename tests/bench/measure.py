"""Running a command and knowing what it cost; medians of several such runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one process used: CPU seconds (user + system) and its peak memory."""

    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Figure:
    """Several runs of the same thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def shown(self, unit: str = "s", scale: float = 1.0, digits: int = 2) -> str:
        """``median unit (min–max)``."""
        low, high = min(self.values) * scale, max(self.values) * scale
        middle = f"{self.median * scale:.{digits}f} {unit}".rstrip()
        return f"{middle} ({low:.{digits}f}–{high:.{digits}f})"


def python(*arguments: str, cwd: Path, **environ: str) -> Cost:
    """Runs this Python with arguments, and waits. Raises when it fails: a red run is no figure."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**kept, **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        # Usage of this child alone; RUSAGE_CHILDREN would be the sum and maximum over all so far.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            tail = output.read()[-3000:].decode(errors="replace")
            raise SystemExit(f"{' '.join(arguments)} exited with {process.returncode}:\n{tail}")
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def in_turns(
    arms: Mapping[str, Callable[[], float]], runs: int, say: Callable[[str], None]
) -> dict[str, Figure]:
    """Every arm ``runs`` times, in turns, so that a busy moment hits them alike."""
    values: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(runs):
        for name, measure in arms.items():
            values[name].append(measure())
            say(f"run {turn + 1}/{runs} {name}: {values[name][-1]:.3f}")
    return {name: Figure(tuple(found)) for name, found in values.items()}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table; all columns but the first are aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
