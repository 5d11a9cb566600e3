"""Measures, and writes docs/benchmarks.md: ``python tests/bench/run.py [--quick | --full]``.

``--only report`` measures one section and prints it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import bench_check
import bench_diff
import bench_invariants
import bench_pytest
import bench_report
import bench_timestamps
import bench_workers

ROOT = Path(__file__).parents[2]
SECTIONS = ("pytest", "check", "diff", "invariants", "timestamps", "workers", "report")


def main() -> None:
    """Runs every benchmark and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 captures only, 3 minutes")
    parser.add_argument("--full", action="store_true", help="also 50,000 captures, half an hour")
    parser.add_argument("--runs", type=int, default=3, help="runs of each arm (default: 3)")
    parser.add_argument("--only", choices=SECTIONS, help="print this section, write nothing")
    parser.add_argument("--output", type=Path, default=ROOT / "docs/benchmarks.md")
    options = parser.parse_args()
    if options.runs < 3:
        parser.error("fewer than 3 runs show no spread")
    counts = [1_000] if options.quick else [1_000, 10_000] + ([50_000] if options.full else [])
    sections = _sections(options, counts)
    if options.only:
        print("\n".join(sections[options.only]()))  # noqa: T201 - what was asked for
        return
    lines = [*_head(options), *(line for each in sections.values() for line in each())]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    _say(f"wrote {options.output}")


def _sections(options: argparse.Namespace, counts: list[int]) -> dict[str, Callable[[], list[str]]]:
    quick, runs = options.quick, options.runs
    measured: tuple[Callable[[], list[str]], ...] = (
        lambda: bench_pytest.section(counts, runs, _say, patient=not quick),
        lambda: bench_check.section(quick, runs, _say),
        lambda: bench_diff.section(runs, _say),
        lambda: bench_invariants.section(runs, _say),
        lambda: bench_timestamps.section(runs, _say),
        lambda: bench_workers.section(runs, _say),
        lambda: bench_report.section(quick, runs, _say),
    )
    return dict(zip(SECTIONS, measured, strict=True))


def _head(options: argparse.Namespace) -> list[str]:
    flag = " --quick" if options.quick else " --full" if options.full else ""
    names = ("pytest", "syrupy", "selectolax", "rapidfuzz", "msgspec", "dateparser")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return [
        "# Benchmarks",
        "",
        f"Written by `python tests/bench/run.py{flag}` on {datetime.now(UTC):%Y-%m-%d}; run it to",
        "have the figures of your machine. Each figure is the median of the runs with its lowest",
        f"and highest in brackets ({options.runs} runs or more). CPU seconds differ from machine",
        "to machine and with what else runs on it; the ratios, measured in turns, hardly do.",
        "",
        f"Machine: {os.cpu_count()} cores ({platform.machine()}, {platform.system()}), Python",
        f"{platform.python_version()}; {versions}.",
        "",
    ]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress of a script


if __name__ == "__main__":
    main()
