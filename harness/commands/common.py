"""What several commands share: the project, its options, and text for the terminal."""

from __future__ import annotations

import difflib
import getpass
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from harness.config import Config, find_config
from harness.engine import Case, Engine
from harness.errors import HarnessError
from harness.model import Verdict
from harness.text import shorten

COLOURS = {
    Verdict.PASS: "green",
    Verdict.NEW: "cyan",
    Verdict.CHANGED: "yellow",
    Verdict.MISSING: "red",
    Verdict.SUSPECT: "red",
    Verdict.WRONG: "red",
    Verdict.ERROR: "red",
}

captures = click.argument("captures", nargs=-1)
extractors = click.option(
    "-x",
    "--extractor",
    "extractors",
    multiple=True,
    metavar="NAME",
    help="Only this extractor; may be repeated.",
)
fields = click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="FIELD",
    help="Only this field, e.g. byline or related.body; may be repeated.",
)


def project() -> Config:
    """The configuration of the project that the command was called in."""
    return find_config(Path.cwd())


def planned(engine: Engine, patterns: tuple[str, ...], names: tuple[str, ...]) -> list[Case]:
    """The cases that the arguments choose. Raises HarnessError when that is none."""
    cases = engine.plan(patterns, names)
    if not cases:
        raise HarnessError(
            f"no capture in {engine.corpus.root} has an extractor; add one with `harness capture`,"
            " or an extractor whose name is the site's"
        )
    return cases


def unknown(noun: str, name: str, known: Iterable[str]) -> HarnessError:
    """What to raise for a name that is none of many: the nearest one, else what there is."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {shorten(', '.join(names), 300)}"
    return HarnessError(f"no {noun} {shorten(name)!r}; {hint}")


def badge(verdict: Verdict) -> str:
    """A verdict as a coloured word."""
    return click.style(verdict.value, fg=COLOURS[verdict], bold=True)


def colour_diff(line: str) -> str:
    """A line of a diff in its colour."""
    stripped = line.lstrip()
    if stripped.startswith("- "):
        return click.style(line, fg="red")
    if stripped.startswith("+ "):
        return click.style(line, fg="green")
    return line


def say(message: str, **style: Any) -> None:
    """A note for a person, on stderr, so that it is never taken for data."""
    click.secho(message, err=True, **style)


def person() -> str:
    """Who approves and waives: git's ``user.name``, else the login; "" when nobody knows."""
    try:
        said = subprocess.run(
            ["git", "config", "user.name"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return _login()
    return said.stdout.strip() or _login()


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not be in its passwd
        return ""
