"""``harness check``: the main job."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.commands.outputs import (
    PRINTED,
    Written,
    longest,
    print_output,
    write_all,
    written_files,
)
from harness.config import Config
from harness.determinism import TIMES, Repeats, repeat
from harness.engine import MODES, Case, Engine, Mode
from harness.errors import HarnessError
from harness.model import CaseResult, Finding, Run, Verdict
from harness.report import saved, words
from harness.report.outputs import Output
from harness.report.write import keep_out_of_git, write_report
from harness.text import show_unseen
from harness.wiring import Isolation, assemble, elsewhere, ready, update_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

# Past this many, a terminal is the wrong place to read them; of one kind of change, a few tell all.
SHOWN = 20
SHOWN_ALIKE = 3
COLOURS = {"error": "red", "warning": "yellow"}


@click.command(epilog="Example: harness check daily8 --field byline")
@common.captures
@common.extractors
@common.fields
@common.isolation
@click.option(
    "--determinism",
    is_flag=True,
    help="Also extract every capture three times more, in other processes and another order: a"
    " record that differs is suspect.",
)
@click.option(
    "--update",
    type=click.Choice(MODES),
    help="What to do with output that differs: none (default in CI), pending (default elsewhere:"
    " leave it for `harness accept`), new (accept first snapshots), all (accept everything).",
)
@click.option(
    "--output-format",
    type=click.Choice(PRINTED),
    default="full",
    help="On stdout. full: for people; json: the run; github: annotations and a step summary;"
    " gitlab: code quality; junit, sarif, markdown.",
)
@written_files
@longest
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the HTML drift report goes (default: .harness/report.html).",
)
@click.option("--warnings", is_flag=True, help="Show the findings on captures that pass, too.")
@click.option("--list", "only_list", is_flag=True, help="List what would be checked, and stop.")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    fields: tuple[str, ...],
    update: Mode | None,
    output_format: str,
    targets: tuple[Written, ...],
    most_bytes: int,
    report_path: Path | None,
    warnings: bool,
    only_list: bool,
    isolation: Isolation,
    determinism: bool,
) -> int:
    """Run the extractors over the corpus and say what drifted.

    CAPTURES choose what to run: a site, site/capture, a part of a capture's name, a pattern with
    '*'; 'extractor:' may stand before it. Without any, everything runs.
    """
    config = isolation.over(common.project())
    engine = common.closed_at_end(assemble(config, mode=update_mode(update), only=fields))
    cases = common.planned(engine, captures, extractors)
    if only_list:
        click.echo("\n".join(case.id for case in cases))
        return CLEAN
    cases = ready(cases)
    engine.refuse_unknown_fields(cases)
    try:
        again = _repeated(config, engine, cases, output_format) if determinism else Repeats({})
    except KeyboardInterrupt:
        common.say("harness: interrupted before the check")
        return MISTAKE
    with progress(len(cases), output_format) as advance:
        run = engine.run(cases, advance, again.findings)
    common.note_network({case.extractor.name: case.extractor for case in cases}.values())
    if not (captures or extractors) and (unread := engine.unread()):
        sites = ", ".join(sorted({ref.site for ref in unread}))
        common.say(f"note: no extractor reads {words.count(len(unread), 'capture')} of {sites}")
    if captures or extractors:
        # What a partial run did not look at is not left over.
        run = replace(run, orphans=())
    run = replace(run, command=shlex.join(["harness", *sys.argv[1:]]))
    # The report first: whoever reads this may go before the end (`| head`).
    written, problem = None, None
    output = Output(run, config, report_path, most_bytes)
    try:
        whole = not (captures or extractors or fields)
        written = finish(run, config, report_path, whole=whole)
        write_all(output, targets)
    except HarnessError as error:
        problem = error
    if warnings and output_format == "full":
        for line in passing_lines(run):
            click.echo(line)
    print_output(output, output_format, full(run))
    if problem:
        raise problem
    if written and output_format == "full":
        click.echo(f"drift report: {written}")
    if run.interrupted:
        common.say(f"harness: interrupted after {len(run.results)} of {len(cases)} captures")
        return MISTAKE
    return CLEAN if run.clean else DRIFT


def _repeated(config: Config, engine: Engine, cases: Sequence[Case], output_format: str) -> Repeats:
    with progress(TIMES * len(cases), output_format, "repeating") as advance:
        return repeat(engine, cases, partial(elsewhere, config=config), advance)


@contextmanager
def progress(
    total: int, output_format: str, what: str = "checking"
) -> Iterator[Callable[[object], None]]:
    """A progress bar on stderr, when that is a terminal and the work is long enough to see."""
    if output_format != "full" or total < 200 or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _: bar.advance(task)


def finish(run: Run, config: Config, report: Path | None, *, whole: bool = False) -> Path | None:
    """Saves the run and writes its report; where the report is. ``whole``: of every capture.

    On a read-only checkout a verdict is still a verdict: what cannot be written is a note, unless
    the report was asked for by name.
    """
    try:
        keep_out_of_git(config)
        saved.save(run, config.run_file)
        return write_report(run, config, report or config.report_file, whole=whole)
    except HarnessError as error:
        if report or run.update != "none":
            raise
        common.say(f"note: no report: {error}")
        return None


def full(run: Run) -> Iterator[str]:
    """A run for people: the verdict, what drifted, worst first, and what to do next."""
    alike: Counter[object] = Counter()
    shown = 0
    for result in words.varied(run):
        kind = words.signature(result)
        alike[kind] += 1
        if shown < SHOWN and alike[kind] <= SHOWN_ALIKE:
            yield from case_lines(result)
            yield ""
            shown += 1
    if rest := len(run.drifted) - shown:
        yield f"… and {words.count(rest, 'more capture')}, see the drift report"
        yield ""
    if causes := words.causes(run):
        yield from [*causes, ""]
    for orphan in run.orphans[:SHOWN]:
        yield f"{click.style('orphan', fg='yellow')} {orphan}: no capture or extractor of that name"
    if run.orphans:
        yield "delete orphaned snapshots: harness lint --prune-orphans"
    yield click.style(words.sentence(run), bold=True, fg="green" if run.clean else None)


def passing_lines(run: Run) -> Iterator[str]:
    """The findings on captures that pass: warnings, and what was waived."""
    for result in run.results:
        if result.findings and result.verdict is Verdict.PASS:
            yield f"{common.badge(result.verdict)} {click.style(result.id, bold=True)}"
            yield from finding_lines(result.findings)
            yield ""


def finding_lines(findings: Sequence[Finding], most: int = 8) -> Iterator[str]:
    """Findings for people, errors first, waived ones last."""
    ranked = sorted(findings, key=lambda f: (f.waived is not None, f.severity != "error"))
    for finding in ranked[:most]:
        colour = None if finding.waived is not None else COLOURS[finding.severity]
        head, *rest = words.finding_lines(finding)
        yield f"  {click.style(head, fg=colour, dim=finding.waived is not None)}"
        yield from (f"  {line}" for line in rest)
    if len(ranked) > most:
        yield f"  … and {words.count(len(ranked) - most, 'more finding')}"


def case_lines(result: CaseResult) -> Iterator[str]:
    """One result for people: its headline, its fields, and the next commands."""
    yield f"{common.badge(result.verdict)} {click.style(result.id, bold=True)}"
    if result.problem or not (result.fields or result.suspicions):
        yield f"  {words.headline(result, 2000)}"
    if result.failure and result.failure.traceback and not result.problem:
        trace = show_unseen(result.failure.traceback)
        # A bar first: GitHub's runner obeys any line that begins with "::", indented or not.
        yield from (f"  | {line}" for line in trace.rstrip().splitlines()[-6:])
    shown: list[Any] = list(result.fields[:8])
    for field in shown:
        for line in words.field_lines(field):
            yield f"  {common.colour_diff(line)}"
    if len(result.fields) > len(shown):
        yield f"  … and {len(result.fields) - len(shown)} more fields"
    yield from finding_lines(result.findings)
    for step in words.next_steps(result):
        yield click.style(f"  {step}", dim=True)
