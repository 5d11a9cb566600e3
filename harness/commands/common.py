"""What several commands share: the project, its options, and text for the terminal."""

from __future__ import annotations

import functools
import getpass
import math
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from harness.config import Config, find_config
from harness.corpus import CaptureRef
from harness.engine import Case, Engine, Mode, chosen_by
from harness.errors import HarnessError
from harness.extraction import Extractor, external
from harness.files import write_atomic
from harness.model import Verdict
from harness.report.write import keep_out_of_git
from harness.text import nearest, shorten, show_unseen
from harness.wiring import Isolation, assemble

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


def isolation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of where and within what limits extractors run.

    The command gets one argument, ``isolation``; ``isolation.over(config)`` is the configuration
    that they make of the project's.
    """

    @functools.wraps(command)
    def with_isolation(
        *args: Any,
        isolate: bool | None,
        workers: int | None,
        timeout: float | None,
        memory: int | None,
        allow_network: bool,
        **kwargs: Any,
    ) -> Any:
        asked = Isolation(isolate, workers, timeout, memory, True if allow_network else None)
        return command(*args, isolation=asked, **kwargs)

    options = (
        click.option(
            "--isolate/--no-isolate",
            default=None,
            help="Run extractors in worker processes: a crash or a hang costs one capture.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(0),
            metavar="N",
            help="So many worker processes at once (default: one for each core).",
        ),
        click.option(
            "--timeout",
            type=_Seconds(),
            metavar="SECONDS",
            help="For one capture in a worker (default: 30).",
        ),
        click.option(
            "--memory",
            type=click.IntRange(1),
            metavar="MIB",
            help="For one worker (default: 2048).",
        ),
        click.option("--allow-network", is_flag=True, help="Extractors may use the network."),
    )
    for option in reversed(options):
        with_isolation = option(with_isolation)
    return with_isolation


class _Seconds(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on
    """A number of seconds above 0; click's range takes ``nan`` and ``inf``."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            seconds = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        if not 0 < seconds < math.inf:
            self.fail(f"{value} is not in the range x>0.", param, ctx)
        return seconds


def assembled(
    config: Config, isolation: Isolation, *, mode: Mode = "none", only: Collection[str] = ()
) -> Engine:
    """The project's engine with the options of :func:`isolation`; closed when the command ends."""
    return closed_at_end(assemble(isolation.over(config), mode=mode, only=only))


def closed_at_end(engine: Engine) -> Engine:
    """The engine; what processes its extractors have end with the command."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(engine.close)
    return engine


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


def chosen_refs(
    refs: Sequence[CaptureRef], patterns: Sequence[str], noun: str = "capture"
) -> list[CaptureRef]:
    """The captures that patterns choose; all without one. Raises HarnessError for one of none."""
    if not patterns:
        return list(refs)
    known = [("", ref.id) for ref in refs]
    chosen: set[str] = set()
    for pattern in patterns:
        hits = chosen_by(pattern, known)
        if not hits:
            raise HarnessError(
                f"no {noun} matches {shorten(pattern)!r};"
                " `harness check --list` shows what there is"
            )
        chosen.update(capture for _, capture in hits)
    return [ref for ref in refs if ref.id in chosen]


def unknown(noun: str, name: str, known: Iterable[str]) -> HarnessError:
    """What to raise for a name that is none of many: the nearest one, else what there is."""
    return HarnessError(f"no {noun} {shorten(name)!r}; {nearest(name, known)}")


def note_network(extractors: Iterable[Extractor]) -> None:
    """Tells which extractors asked for the network, and to which it could not be refused."""
    for each in extractors:
        remote = external.running(each)
        if remote is None or remote.limits.network:
            continue
        name = show_unseen(each.label or each.name)
        if remote.network_refused is False:
            say(
                f"note: {name}: this system grants no network namespace, so the network could not"
                " be refused to it"
            )
        if remote.refusals:
            first = sorted(remote.refusals.items())[:3]
            places = ", ".join(f"{show_unseen(at)} ({n})" for at, n in first)
            say(f"note: {name}: network access was refused: {places}; --allow-network allows it")


@contextmanager
def progress(
    what: str, total: int, output_format: str, at_least: int = 1
) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr, when that is a terminal and the work is long enough to see.

    What is given is called once for each of the ``total`` steps, with any arguments.
    """
    if output_format != "full" or total < at_least or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)


def kept(
    config: Config, name: str, saved: str, page: Callable[[], str], path: Path | None
) -> Path | None:
    """Writes what a measure found, as ``name.json`` for the drift report and as a page.

    Gives where the page is. On a read-only checkout an answer is still an answer: what cannot be
    written is a note, unless the page was asked for by ``path``.
    """
    try:
        keep_out_of_git(config)
        write_atomic(config.state / f"{name}.json", saved.encode("ascii"))
        target = path or config.state / f"{name}.html"
        write_atomic(target, page().encode("utf-8"))
        return target.resolve()
    except HarnessError as error:
        if path:
            raise
        say(f"note: no report: {error}")
        return None


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
