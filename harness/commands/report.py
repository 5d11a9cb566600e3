"""``harness report``: a saved run, rendered again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from harness.commands import CLEAN, DRIFT, common
from harness.commands.check import full
from harness.commands.outputs import (
    PRINTED,
    Written,
    longest,
    print_output,
    write_all,
    written_files,
)
from harness.engine import chosen_by
from harness.errors import HarnessError
from harness.model import Run
from harness.report import saved
from harness.report.outputs import Output
from harness.report.write import write_report
from harness.text import shorten


@click.command(epilog="Example: harness report daily8 -o daily8.html")
@click.argument("what", nargs=-1, metavar="[RUN.json] [CAPTURES]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the HTML goes (default: .harness/report.html; of CAPTURES, .harness/chosen.html).",
)
@click.option(
    "--output-format",
    type=click.Choice(["html", *PRINTED]),
    default="html",
    help="html: the drift report; the others as `harness check` prints them.",
)
@written_files
@longest
def command(
    what: tuple[str, ...],
    output: Path | None,
    output_format: str,
    targets: tuple[Written, ...],
    most_bytes: int,
) -> int:
    """Render a saved run again, without extracting anything.

    RUN.json is what `harness check --output-format json` printed; without one, the last run.
    CAPTURES choose what is shown, as for `harness check`. Exits with 1 when what is shown had
    drifted, as the run itself did.
    """
    config = common.project()
    # Names of captures hold no dot, so what ends like a file is one.
    files = [each for each in what if each.endswith(".json")]
    if len(files) > 1:
        raise HarnessError(f"one saved run at a time, not {shorten(', '.join(files), 200)}")
    run = saved.load(Path(files[0]) if files else config.run_file)
    patterns = [each for each in what if each not in files]
    if patterns:
        run = chosen(run, patterns)
    target = output or (config.state / "chosen.html" if patterns else config.report_file)
    shown = Output(run, config, target, most_bytes)
    write_all(shown, targets)
    if output_format == "html":
        click.echo(f"drift report: {write_report(run, config, target)}")
    else:
        print_output(shown, output_format, full(run))
    return CLEAN if run.clean else DRIFT


def chosen(run: Run, patterns: Sequence[str]) -> Run:
    """The part of a run that patterns choose. Raises HarnessError for one that chooses nothing."""
    known = [(result.extractor, result.capture) for result in run.results]
    wanted: set[tuple[str, str]] = set()
    for pattern in patterns:
        hits = chosen_by(pattern, known)
        if not hits:
            raise HarnessError(
                f"the run has no capture that matches {shorten(pattern)!r};"
                " `harness report --output-format full` shows what it has"
            )
        wanted.update(hits)
    results = tuple(each for each in run.results if (each.extractor, each.capture) in wanted)
    return replace(run, results=results, orphans=())
