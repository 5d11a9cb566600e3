"""``harness score``: how well extractors do against goldens, field by field."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.commands.targets import project_or_here, with_named
from harness.config import Config
from harness.corpus import CaptureRef, Corpus
from harness.engine import Engine
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.floors import NAME, Fallen, Floors, fallen, pinned, raised, read_floors, write_floors
from harness.report import github, score_page
from harness.report import score as report
from harness.scoreboard import Board, Ground, Records, ground_of, score, truth_of
from harness.scoreboard import Extractor as Scored
from harness.text import nearest, shorten
from harness.wiring import Isolation

SECTION = "score"
# On a corpus that a person waits for less than this, a bar is only noise.
_BAR_FROM = 20
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog="Example: harness score -x trafilatura -x newspaper4k --field body")
@common.captures
@click.option(
    "-x",
    "--extractor",
    "spelled",
    multiple=True,
    metavar="NAME",
    help="An extractor: its name, module:function, a peer or a requirement (trafilatura==1.12.2);"
    " may be repeated. Without it and --records: all of the project's.",
)
@click.option(
    "--records",
    "stored",
    multiple=True,
    metavar="FILE[=NAME]",
    help="Stored outputs of others: JSON lines, or one object of records by id; may be repeated.",
)
@click.option(
    "--truth",
    type=_FILE,
    help='With --records: what is right, {"<id>": {"articleBody": …}}, in place of goldens.',
)
@common.fields
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another corpus: a folder of captures with golden.json; no project is needed.",
)
@common.isolation
@click.option(
    "--output-format",
    type=click.Choice(["full", "json", "github"]),
    default="full",
    help="full: for people; json: every figure, on stdout; github: a step summary.",
)
@click.option("--pin", is_flag=True, help=f"Write the scores to {NAME}; floors only rise.")
@click.option("--lower", is_flag=True, help="With --pin: also lower floors.")
@click.option(
    "--report",
    "report_path",
    type=_FILE,
    help="Where the leaderboard page goes (default: .harness/score.html).",
)
def command(
    captures: tuple[str, ...],
    spelled: tuple[str, ...],
    stored: tuple[str, ...],
    truth: Path | None,
    fields: tuple[str, ...],
    corpus: Path | None,
    isolation: Isolation,
    output_format: str,
    pin: bool,
    lower: bool,
    report_path: Path | None,
) -> int:
    """Score extractors and stored outputs against goldens, field by field.

    Bodies get precision, recall and F1 of runs of four tokens as article-extraction-benchmark
    defines them, accuracy, and ROUGE-LSum; other texts those of tokens; bylines are compared as
    people, dates as instants and as days. Failures count as 0. Captures without a golden are not
    scored. Exits with 1 when a score is below its floor.
    """
    partial = bool(captures or fields)
    _refuse(captures, spelled, stored, truth, corpus, partial, pin, lower)
    config = isolation.over(project_or_here())
    floors_path = (corpus or config.source.parent) / NAME
    if corpus is not None:
        config = replace(config, corpus=corpus.resolve())
    # Before the work: a broken file should not cost a minute.
    floors = None if truth else read_floors(floors_path, SECTION)
    files = _files(stored)
    engine, extractors = _extractors(config, isolation, spelled, bool(files))
    ground, urls = _ground(engine.corpus, captures, truth)
    _refuse_unknown(fields, ground)
    _names_differ([*(each.label for each in files), *(e.label or e.name for e in extractors)])
    asked = sum(e.handles(page.site) for e in extractors for page in ground.pages)
    with common.progress("scoring", asked, output_format, _BAR_FROM) as advance:
        found = score(engine, ground, extractors, files, only=fields, urls=urls, advance=advance)
    found = replace(found, command=shlex.join(["harness", *sys.argv[1:]]))
    written = common.kept(
        config, "score", report.dumps(found), lambda: score_page.render(found), report_path
    )
    _show(found, output_format, truth is not None, written)
    common.note_network(extractors)
    if found.interrupted:
        common.say("harness: interrupted; what was finished is above")
        return MISTAKE
    if not any(each.fields for each in found.extractors):
        common.say("harness: nothing was scored: no golden asserts a field that is asked for")
        return MISTAKE
    if broken := unstarted(found):
        common.say(f"harness: not one page could be extracted with {broken}")
        return MISTAKE
    if found.problems:
        common.say(f"harness: {len(found.problems)} captures cannot be read; run `harness lint`")
        return MISTAKE
    if partial or truth:
        return CLEAN
    if pin:
        floors = repinned(floors, found, lower)
        write_floors(floors_path, SECTION, floors)
        common.say(f"floors pinned: {floors_path}")
    return held(floors, found, floors_path)


def _refuse(
    captures: Sequence[str],
    spelled: Sequence[str],
    stored: Sequence[str],
    truth: Path | None,
    corpus: Path | None,
    partial: bool,
    pin: bool,
    lower: bool,
) -> None:
    """Raises HarnessError for options that do not go together."""
    if lower and not pin:
        raise HarnessError("--lower goes with --pin: it lets floors be pinned lower")
    if pin and partial:
        raise HarnessError("--pin takes all captures and fields; leave the choice away")
    if truth is None:
        return
    if not stored:
        raise HarnessError("--truth has no pages to extract from; name stored outputs: --records")
    for given, name in ((spelled, "-x"), (captures, "CAPTURES"), (corpus, "--corpus")):
        if given:
            raise HarnessError(f"--truth stands in place of a corpus; {name} does not go with it")
    if pin:
        raise HarnessError("--pin needs a corpus to keep the floors beside; --truth is none")


def _files(stored: Sequence[str]) -> list[Records]:
    """The files of ``--records``, each with a name; ``=`` may be a part of a file's own."""
    found = []
    for each in stored:
        file, equals, label = each.rpartition("=")
        if not equals or os.path.exists(each):
            file, label = each, ""
        path = Path(file)
        found.append(Records(path, label or path.name.removesuffix(".gz").rpartition(".")[0]))
    return found


def _extractors(
    config: Config, isolation: Isolation, spelled: Sequence[str], files: bool
) -> tuple[Engine, tuple[Extractor, ...]]:
    engine = common.assembled(config, isolation)
    if spelled:
        return with_named(engine, spelled, config)
    if files:
        return engine, ()
    if not engine.extractors:
        raise HarnessError("no extractor here: name one with -x, or stored outputs with --records")
    return engine, engine.extractors


def _ground(
    corpus: Corpus, patterns: Sequence[str], truth: Path | None
) -> tuple[Ground, Callable[[], Mapping[str, str | None]]]:
    """What is scored against, and the URLs of its captures, read when they are asked for."""
    if truth is not None:
        return truth_of(truth), dict
    refs = common.chosen_refs(corpus.refs(), patterns)
    found = ground_of(corpus, refs)
    if not found.pages and not found.problems:
        raise HarnessError(
            f"no capture in {corpus.root} has a golden that asserts anything; make one with"
            " `harness approve`, or name another corpus with --corpus"
        )

    def urls() -> Mapping[str, str | None]:
        refs = [CaptureRef(*page.id.split("/", 1)) for page in found.pages]
        return {ref.id: corpus.load(ref).capture.url for ref in refs}

    return found, urls


def _refuse_unknown(fields: Sequence[str], ground: Ground) -> None:
    """Raises HarnessError for a chosen field that no golden asserts: a typo must not pass."""
    known = sorted({name for page in ground.pages for name in page.golden.fields})
    for field in fields:
        if field not in known and not ground.problems:
            raise HarnessError(f"no golden asserts a field {field!r}; {nearest(field, known)}")


def _names_differ(labels: Sequence[str]) -> None:
    if twice := next((each for each in labels if labels.count(each) > 1), None):
        raise HarnessError(
            f"two of what is scored are called {shorten(twice)!r}; name one: --records FILE=NAME"
        )


def _show(found: Board, output_format: str, truth: bool, written: Path | None) -> None:
    if output_format == "json":
        click.echo(report.dumps(found), nl=False)
        return
    if output_format == "github":
        click.echo(report.sentence(found))
        try:
            github.append_summary(report.summary(found))
        except HarnessError as error:
            common.say(f"note: {error}")
        return
    click.echo("\n".join(report.full(found)))
    if truth:
        click.echo("\n".join(["", *report.benchmark_lines(found)]))
    if written:
        click.echo(f"report: {written}")


def unstarted(found: Board) -> str:
    """The first extractor whose worker never started, and why; "" when all did.

    Its zeros say nothing of the extractor, and no floor is held against them.
    """
    for each in found.extractors:
        if each.pages and sum(kind == "CannotStart" for _, kind, _ in each.failures) == each.pages:
            return f"{shorten(each.label)}: {shorten(each.failures[0][2], 300)}"
    return ""


# --- floors ---------------------------------------------------------------------------------------


def repinned(floors: Floors | None, found: Board, lower: bool) -> Floors:
    """The floors after pinning: raised; with ``lower``, as measured. Others' floors are kept."""
    scores = _scores(found)
    measured = {each.label: each.digest for each in found.extractors}
    if floors is None:
        return Floors(measured, pinned(scores))
    mine = {label: f"{label}: " for label in measured}
    kept = {
        name: each
        for name, each in floors.floors.items()
        if not (lower and name.startswith(tuple(mine.values())))
    }
    return Floors({**floors.measured, **measured}, raised(kept, scores))


def held(floors: Floors | None, found: Board, path: Path) -> int:
    """Compares with the floors and says what fell. The exit code."""
    mine = [each for each in found.extractors if floors and each.label in floors.measured]
    if floors is None or not mine:
        common.say(
            f"no floors are pinned for these; keep the scores: harness score --pin  ({path})"
        )
        return CLEAN
    changed = [each.label for each in mine if floors.measured[each.label] != each.digest]
    if changed:
        common.say(
            f"{path}: the corpus changed since the floors of {shorten(', '.join(changed), 120)}"
            " were pinned (captures or goldens came, went or changed), so they say nothing of this"
            " score; look at the figures, then pin anew: harness score --pin, with --lower"
            " where they are lower",
            fg="yellow",
        )
        return DRIFT
    below = fallen(_of(floors, mine), _scores(found))
    for each in below:
        common.say(sentence(each), fg="red")
    if below:
        common.say(
            "regressed: mend the extractor (the report has the worst pages), or lower the floors:"
            " harness score --pin --lower"
        )
        return DRIFT
    common.say("no score is below its floor")
    return CLEAN


def sentence(each: Fallen) -> str:
    """How far a score fell."""
    got = "is not measured" if each.got is None else f"got {each.got:.3f}"
    return f"{each.name}: floor of {each.measure} is {each.floor:.3f}, {got}"


def _of(floors: Floors, extractors: Sequence[Scored]) -> dict[str, Mapping[str, float]]:
    """The floors of these extractors: a score of one that was not run has not fallen."""
    mine = tuple(f"{each.label}: " for each in extractors)
    return {name: each for name, each in floors.floors.items() if name.startswith(mine)}


def _scores(found: Board) -> dict[str, dict[str, float]]:
    return {name: each for e in found.extractors for name, each in e.scores.items()}
