"""``harness stress``: which fields survive which edits of their pages."""

from __future__ import annotations

import hashlib
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import click

from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.commands.targets import (
    Asked,
    captures_of,
    engine_with,
    file_capture,
    folder_captures,
    is_file,
    project_or_here,
)
from harness.config import Config
from harness.engine import Engine
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.files import slugify, write_atomic
from harness.model import Capture
from harness.mutations import MUTATIONS, Mutation
from harness.report import stress as report
from harness.report.words import count
from harness.report.write import keep_out_of_git
from harness.stress import Fault, Stress, measure, reproduce
from harness.stress.reproduce import extension
from harness.wiring import Isolation, environment

# Of a file, without its ending; file systems allow 255 bytes.
_LONGEST_NAME = 150


@click.command(epilog="Example: harness stress -x daily8 daily8 --must-only")
@click.argument("captures", nargs=-1)
@click.option("-x", "--extractor", "spelled", required=True, metavar="NAME|MODULE:FUNCTION")
@common.isolation
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another corpus, or any folder of .html, .htm, .xhtml and .txt pages, also .gz.",
)
@click.option(
    "--mutation", "names", multiple=True, metavar="NAME", help="Only this mutation or family."
)
@click.option(
    "--seeds", type=click.IntRange(1), default=1, help="How often each is made anew (default: 1)."
)
@click.option("--must-only", is_flag=True, help="Only relations that a right extractor keeps.")
@click.option("--no-shrink", is_flag=True, help="Make no small pages of the faults.")
@click.option(
    "--worst", type=click.IntRange(0), default=30, help="How many faults are shrunk (default: 30)."
)
@click.option(
    "--budget", type=click.FloatRange(min=0), default=10.0, help="Seconds for each (default: 10)."
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the HTML page goes (default: .harness/stress.html).",
)
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full")
def command(
    captures: tuple[str, ...],
    spelled: str,
    corpus: Path | None,
    names: tuple[str, ...],
    seeds: int,
    must_only: bool,
    no_shrink: bool,
    worst: int,
    budget: float,
    report_path: Path | None,
    output_format: str,
    isolation: Isolation,
) -> int:
    """Mutate pages in ways that a right extractor survives, and measure which fields do.

    CAPTURES are chosen as for `harness check`; they may also be files. The extractor (-x) is one of
    the project, module:function, or one of the `peers` extra, e.g. trafilatura. Each fault, that is
    mutation, field and class of fault, gets a small page that shows it and the command for it,
    under .harness/stress/. Exits with 1 when a relation is broken that must hold; what is only
    measured never fails. An extractor that never returns on a mutated page stops the run, unless it
    runs in worker processes (--isolate).
    """
    config = isolation.over(project_or_here())
    engine, (extractor,) = engine_with(config, (spelled,))
    chosen = _mutations(names)
    pages = _pages(engine, extractor, corpus, captures)
    known: dict[str, Callable[[], Capture]] = {}

    def read() -> Iterator[Capture]:
        for page in pages:
            capture = page()
            known[capture.id] = page
            yield capture

    with common.progress("stressing", len(pages), output_format) as advance:
        found = measure(
            extractor, read(), chosen, seeds=seeds, must_only=must_only, advance=advance
        )
    found = replace(
        found,
        environment={**environment(), **_version_of(extractor)},
        command=shlex.join(["harness", *sys.argv[1:]]),
    )
    if not no_shrink and not found.interrupted:
        found = _shrunk(found, config, extractor, spelled, known, worst, budget, output_format)
    written = common.kept(
        config, "stress", report.dumps(found), lambda: report.render(found), report_path
    )
    if output_format == "json":
        click.echo(report.dumps(found), nl=False)
    else:
        click.echo("\n".join(report.full(found)))
        if written:
            click.echo(f"report: {written}")
    if found.interrupted:
        common.say(f"harness: interrupted after {count(found.captures, 'capture')}")
        return MISTAKE
    if not found.trials:
        common.say("harness: nothing was stressed; see the notes above, or choose other pages")
        return MISTAKE
    return CLEAN if found.clean else DRIFT


def _mutations(names: Sequence[str]) -> Mapping[str, Mutation]:
    if not names:
        return MUTATIONS
    families = {each.family for each in MUTATIONS.values()}
    if unknown := [name for name in names if name not in MUTATIONS and name not in families]:
        raise common.unknown("mutation", unknown[0], {*MUTATIONS, *families})
    return {n: each for n, each in MUTATIONS.items() if n in names or each.family in names}


def _pages(
    engine: Engine, extractor: Extractor, corpus: Path | None, patterns: Sequence[str]
) -> list[Callable[[], Capture]]:
    """What is stressed, to be read one by one."""
    files = [each for each in patterns if is_file(each)]
    rest = [each for each in patterns if each not in files]
    pages: list[Callable[[], Capture]] = [partial(_file, each) for each in files]
    if corpus is not None:
        return [*pages, *folder_captures(corpus, rest)]
    if files and not rest:
        return pages
    stored = captures_of(engine, extractor, rest)
    if not stored and not pages:
        raise HarnessError(
            f"no capture in {engine.corpus.root} is for {extractor.name}; name files, or a folder"
            " with --corpus"
        )
    return [*pages, *stored]


def _file(target: str) -> Capture:
    # The whole path: two folders may hold files of one name.
    return replace(file_capture(target, Asked()), name=target)


def _shrunk(
    found: Stress,
    config: Config,
    extractor: Extractor,
    spelled: str,
    known: Mapping[str, Callable[[], Capture]],
    worst: int,
    budget: float,
    output_format: str,
) -> Stress:
    """The faults with small pages of the worst. Ctrl-C leaves the rest as they are."""
    faults, taken = list(found.faults), set[str]()
    with common.progress("shrinking", min(worst, len(faults)), output_format) as advance:
        try:
            keep_out_of_git(config)
            for number, fault in enumerate(faults[:worst]):
                capture = known[fault.example.capture]()
                name = _file_name(fault, taken)
                faults[number] = _one(fault, name, config, extractor, spelled, capture, budget)
                advance()
        except KeyboardInterrupt:
            common.say("harness: interrupted while shrinking; the table is whole")
        except HarnessError as error:
            common.say(f"note: no small pages: {error}")
    return replace(found, faults=tuple(faults))


def _file_name(fault: Fault, taken: set[str]) -> str:
    """A name of its own for a fault's page: fields are called as their authors like."""
    name = fault.id
    if len(name) > _LONGEST_NAME or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        name = f"{slugify(name, _LONGEST_NAME)}-{digest[:8]}"
    # One mutation may be a must on some pages and measured on others.
    name = name if name not in taken else f"{name}-measured"
    taken.add(name)
    return name


def _one(
    fault: Fault,
    name: str,
    config: Config,
    extractor: Extractor,
    spelled: str,
    capture: Capture,
    budget: float,
) -> Fault:
    path = config.state / "stress" / extractor.name / f"{name}.{extension(capture)}"
    here = Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    made = reproduce(
        fault, capture, extractor, spelled=spelled, path=str(shown), budget_seconds=budget
    )
    if made is None:
        return fault
    shrunk, reproduction = made
    write_atomic(path, shrunk.capture.body)
    return replace(fault, shrunk=reproduction)


def _version_of(extractor: Extractor) -> dict[str, str]:
    """The release of the library that an extractor calls, where it is a peer."""
    from harness.peers import MODULES

    top = MODULES.get(extractor.name, "").partition(".")[0]
    if not top or not extractor.origin.startswith("harness.peers:"):
        return {}
    names = packages_distributions().get(top, [])
    try:
        return {name: version(name) for name in names}
    except PackageNotFoundError:
        return {}
