"""``harness shrink``: the smallest page on which the same thing goes wrong."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

import click

from harness import records
from harness.commands import CLEAN, DRIFT, common
from harness.commands.targets import (
    Asked,
    captures_of,
    engine_with,
    file_capture,
    is_file,
    project_or_here,
)
from harness.config import Config
from harness.engine import Engine
from harness.errors import HarnessError
from harness.extraction import Extractor, extract
from harness.faults.classes import CLASSES
from harness.files import slugify, write_atomic
from harness.model import Capture, Tree
from harness.mutations import MUTATIONS, mutate
from harness.report.words import count
from harness.report.write import keep_out_of_git
from harness.shrink import Shrunk, shrink
from harness.stress import FindingOracle, Oracle, RaisesOracle, RelationOracle, alone
from harness.stress.oracles import field_of
from harness.stress.reproduce import extension, known, pins
from harness.text import nearest, show_unseen
from harness.wiring import Isolation


@dataclass(frozen=True, slots=True)
class _Pin:
    """What stays true while the page shrinks, and the options that ask for it again."""

    oracle: Oracle
    options: tuple[str, ...]
    field: str = "*"


@dataclass(frozen=True, slots=True)
class _Done:
    """A page that was shrunk."""

    capture: Capture
    extractor: Extractor
    pin: _Pin
    shrunk: Shrunk
    said: str
    seconds: float
    path: Path
    command: str
    alone: bool


@click.command(epilog="Example: harness shrink page.html -x trafilatura --mutation p-to-br")
@click.argument("target")
@click.option("-x", "--extractor", "spelled", required=True, metavar="NAME|MODULE:FUNCTION")
@common.isolation
@click.option("--invariant", metavar="NAME", help="Keep that this invariant objects.")
@click.option(
    "--mutation",
    "mutations",
    multiple=True,
    metavar="NAME[:SEED]",
    help="Keep that the record breaks the relation of this mutation; several are made in order.",
)
@click.option("--raises", is_flag=True, help="Keep that the extractor raises what it raises.")
@click.option("--field", help="Only a fault of this field, e.g. body.")
@click.option("--fault", metavar="CLASS", help="Only this class of fault, e.g. paragraph-lost.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the small page goes (default: .harness/shrunk/).",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    default=30.0,
    metavar="SECONDS",
    help="The best page until then is taken (default: 30).",
)
@click.option("--url", help="The URL of a file's page.")
@click.option("--captured-at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="Of a file.")
@click.option("--media-type", help="Of a file, when its ending does not tell.")
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full")
def command(
    target: str,
    spelled: str,
    invariant: str | None,
    mutations: tuple[str, ...],
    raises: bool,
    field: str | None,
    fault: str | None,
    output: Path | None,
    budget: float,
    url: str | None,
    captured_at: datetime | None,
    media_type: str | None,
    output_format: str,
    isolation: Isolation,
) -> int:
    """Reduce a page to what makes an extractor fail.

    TARGET is a capture (as for `harness check`), a file, or '-' for stdin. What fails is kept the
    same: the same relation or invariant, field and fault class. Without --invariant, --mutation or
    --raises, it is what the extractor raises, else the first finding of severity error. Exits with
    1 when the page fails, with 0 when there is nothing to shrink.
    """
    if bool(invariant) + bool(mutations) + raises > 1:
        raise HarnessError("choose one of --invariant, --mutation and --raises")
    if fault is not None and fault not in CLASSES:
        raise HarnessError(f"no class of faults {fault!r}; {nearest(fault, CLASSES)}")
    # Findings name places in a field; what is kept is the field.
    field = field_of(field) if field else None
    config = isolation.over(project_or_here())
    engine, (extractor,) = engine_with(config, (spelled,))
    found, edited = False, not mutations
    asked = Asked(url, captured_at, media_type)
    for capture in _captures(engine, extractor, target, asked):
        edited = edited or mutate(capture, _steps(mutations)) is not None
        pin = _pin(engine, extractor, capture, invariant, _steps(mutations), raises, field, fault)
        if pin is None:
            continue
        found = True
        done = _shrink(config, capture, extractor, spelled, pin, output, budget)
        if output_format == "json":
            click.echo(json.dumps(_tree(done)))
        else:
            click.echo("\n".join(_full(done)))
        break
    if not found:
        click.echo(
            json.dumps({"extractor": extractor.name, "fails": False})
            if output_format == "json"
            else _fine(target, mutations, edited)
        )
    return DRIFT if found else CLEAN


def _fine(target: str, mutations: Sequence[str], edited: bool) -> str:
    if not edited:
        return (
            f"{' and '.join(mutations)}: nothing of {target} is edited by that; nothing to shrink"
        )
    return f"{target} does not fail; there is nothing to shrink"


def _captures(engine: Engine, extractor: Extractor, target: str, asked: Asked) -> Iterator[Capture]:
    if is_file(target):
        yield file_capture(target, asked)
    else:
        yield from (read() for read in captures_of(engine, extractor, (target,)))


def _steps(mutations: Sequence[str]) -> tuple[tuple[str, int], ...]:
    steps = []
    for each in mutations:
        name, _, seed = each.partition(":")
        if name not in MUTATIONS:
            raise common.unknown("mutation", name, MUTATIONS)
        if not re.fullmatch(r"[0-9]{0,18}", seed):
            raise HarnessError(f"--mutation {each}: a seed is a number, as in {name}:3")
        steps.append((name, int(seed or 0)))
    return tuple(steps)


def _pin(
    engine: Engine,
    extractor: Extractor,
    capture: Capture,
    invariant: str | None,
    steps: tuple[tuple[str, int], ...],
    raises: bool,
    field: str | None,
    fault: str | None,
) -> _Pin | None:
    """What fails on a capture, pinned; None when nothing does."""
    if steps:
        return _relation(extractor, capture, steps, field, fault)
    outcome = extract(extractor, capture)
    if outcome.failure and not invariant:
        return _Pin(RaisesOracle(extractor, outcome.failure), ("--raises",))
    if raises:
        return None
    rules = engine.invariants
    if invariant is not None:
        rules = tuple(each for each in rules if each.name == invariant)
        if not rules:
            raise common.unknown("invariant", invariant, (each.name for each in engine.invariants))
    severity = None if invariant else "error"
    hit = FindingOracle(extractor, rules, field, fault, severity, engine.roles).finding(capture)
    if hit is None:
        return None
    root = field_of(hit.field)
    own = tuple(each for each in rules if each.name == hit.invariant)
    oracle = FindingOracle(extractor, own, root, hit.fault, hit.severity, engine.roles)
    options = ("--invariant", hit.invariant, "--field", root, "--fault", hit.fault)
    return _Pin(oracle, options, root)


def _relation(
    extractor: Extractor,
    capture: Capture,
    steps: tuple[tuple[str, int], ...],
    field: str | None,
    fault: str | None,
) -> _Pin | None:
    found = RelationOracle(extractor, steps, None, field, fault).trial(capture)
    if found is None:
        return None
    broken, root = found.broken, field_of(found.broken.field)
    oracle = RelationOracle(
        extractor, steps, broken.relation, root, broken.fault, found.after.failure
    )
    where = ("--field", root) if root != "*" else ()
    return _Pin(oracle, (*pins(steps), *where, "--fault", broken.fault), root)


def _shrink(
    config: Config,
    capture: Capture,
    extractor: Extractor,
    spelled: str,
    pin: _Pin,
    output: Path | None,
    budget: float,
) -> _Done:
    started = time.monotonic()
    shrunk = shrink(alone(capture, pin.oracle), pin.oracle, budget_seconds=budget)
    seconds = time.monotonic() - started
    small = shrunk.capture
    if output is None:
        keep_out_of_git(config)
        name = slugify(f"{extractor.name}-{Path(capture.name).stem}-{'-'.join(pin.options)}", 120)
        output = config.state / "shrunk" / f"{name}.{extension(small)}"
    write_atomic(output, small.body)
    options = known(small)
    shown = output.relative_to(Path.cwd()) if output.is_relative_to(Path.cwd()) else output
    words = ["harness", "shrink", str(shown), "-x", spelled, *pin.options, *options]
    # What the command will read: the file, and what it says of it.
    asked = Asked(small.url, small.captured_at, None)
    again = replace(file_capture(str(output), asked), site=small.site, name=small.name)
    return _Done(
        capture,
        extractor,
        pin,
        shrunk,
        pin.oracle.says(small),
        seconds,
        shown,
        shlex.join(words),
        pin.oracle(again),
    )


def _values(done: _Done) -> list[tuple[str, Tree]]:
    """The records before and after, or of the page as it is; only the field, if it is one."""
    if isinstance(done.pin.oracle, RelationOracle):
        trial = done.pin.oracle.trial(done.shrunk.capture)
        assert trial is not None, "the shrunk page fails"
        sides = [("before", trial.before), ("after", trial.after)]
    else:
        sides = [("record", extract(done.extractor, done.shrunk.capture))]
    shown: list[tuple[str, Tree]] = []
    for name, outcome in sides:
        record = outcome.record
        if outcome.failure is not None:
            shown.append((name, f"raises {outcome.failure.type}: {outcome.failure.message}"))
        elif record is not None and done.pin.field in record:
            shown.append((name, {done.pin.field: record[done.pin.field]}))
        else:
            shown.append((name, cast(Tree, record)))
    return shown


def _tree(done: _Done) -> dict[str, object]:
    shrunk = done.shrunk
    return {
        "capture": done.capture.id if done.capture.site != "file" else done.capture.name,
        "extractor": done.extractor.name,
        "fails": True,
        "said": done.said,
        "from": len(done.capture.body),
        "to": len(shrunk.capture.body),
        "seconds": round(done.seconds, 3),
        "tests": shrunk.tests,
        "ended": shrunk.ended,
        "parses": shrunk.parses,
        "source": shrunk.capture.body.decode(shrunk.capture.charset or "utf-8", "replace"),
        "file": str(done.path),
        "command": done.command,
        "reproduces": done.alone,
        **dict(_values(done)),
    }


def _full(done: _Done) -> Iterator[str]:
    shrunk = done.shrunk
    small = shrunk.capture
    yield click.style(f"{done.capture.id} by {done.extractor.name}", bold=True)
    yield click.style(show_unseen(done.said), fg="red")
    ended = {"minimal": "", "budget": ", out of time", "interrupted": ", interrupted"}
    yield (
        f"{len(done.capture.body):,} → {len(small.body):,} bytes in {done.seconds:.1f} s,"
        f" {count(shrunk.tests, 'test')}{ended[shrunk.ended]}"
    )
    yield ""
    source = small.body.decode(small.charset or "utf-8", "replace")
    yield from (f"  {show_unseen(line)}" for line in source.split("\n"))
    yield ""
    if isinstance(done.pin.oracle, RelationOracle) and (trial := done.pin.oracle.trial(small)):
        yield f"mutation: {trial.mutated.note}"
    for name, value in _values(done):
        text = value if isinstance(value, str) else records.dumps(value).strip()
        yield click.style(f"{name}:", fg="cyan")
        yield from (f"  {show_unseen(line)}" for line in text.splitlines())
    if not shrunk.parses:
        yield "note: the failure lies in how the source is written; it does not parse as it stands"
    if not done.alone:
        yield "note: read from the file, it does not fail; it depends on more than file and options"
    yield f"written: {done.path}"
    yield f"again: {done.command}"
