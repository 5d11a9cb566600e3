"""``harness lint``: what is wrong with corpus and snapshots."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from harness.commands import CLEAN, DRIFT, common
from harness.corpus import Corpus
from harness.corpus.lint import Problem, lint
from harness.engine import Engine
from harness.errors import ConfigError, HarnessError
from harness.snapshots import Snapshots
from harness.wiring import assemble


@click.command(epilog="Example: harness lint")
@click.option(
    "--prune-orphans",
    is_flag=True,
    help="Delete snapshots whose capture or extractor is gone, and pending output of such.",
)
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full")
def command(prune_orphans: bool, output_format: str) -> int:
    """Find what is wrong with corpus and snapshots.

    Captures that do not load or whose digest is wrong, duplicates, dates without a zone, git-LFS
    pointers, block and consent pages, secrets in headers and URLs, goldens that contradict
    themselves, snapshots without a capture, captures without an extractor. Exits with 1 when there
    is anything.
    """
    config = common.project()
    corpus, accepted = Corpus(config.corpus), Snapshots(config.snapshots)
    problems = list(lint(corpus, accepted, datetime.now(UTC)))
    try:
        engine = assemble(config)
    except ConfigError as error:
        if prune_orphans:
            raise
        problems.append(Problem("extractors", str(config.source), str(error)))
    else:
        if prune_orphans:
            prune(engine)
        problems += _beside_extractors(engine)
    return _print(problems, len(corpus.refs()), output_format)


def _beside_extractors(engine: Engine) -> list[Problem]:
    orphans = [
        Problem(
            "orphan", orphan, "no capture or extractor of that name; --prune-orphans deletes it"
        )
        for orphan in engine.orphans()
    ]
    unread = [
        Problem("unread", str(engine.corpus.folder(ref)), "no extractor reads this site")
        for ref in engine.unread()
    ]
    return [*orphans, *unread]


def _print(problems: list[Problem], total: int, output_format: str) -> int:
    if output_format == "json":
        click.echo(json.dumps([asdict(problem) for problem in problems], indent=2))
        return DRIFT if problems else CLEAN
    for problem in problems:
        # A message about a broken file names it already.
        where = "" if problem.message.startswith(problem.where) else f"{problem.where}: "
        click.echo(f"{click.style(problem.check, fg='yellow')} {where}{problem.message}")
    noun = "problem" if len(problems) == 1 else "problems"
    click.echo(f"{len(problems) or 'no'} {noun} in {total} captures")
    return DRIFT if problems else CLEAN


def prune(engine: Engine) -> None:
    """Deletes snapshots and pending output that no capture and extractor stand behind."""
    living = {(case.extractor.name, case.ref.id) for case in engine.plan()}
    if not living:
        raise HarnessError(
            f"no capture in {engine.corpus.root} has an extractor, so every snapshot would go;"
            " delete the folder yourself if that is meant"
        )
    for store in (engine.accepted, engine.pending):
        for name, capture in list(store.ids()):
            if (name, capture) not in living:
                store.delete(name, capture)
                click.echo(f"deleted {store.path(name, capture)}")
