"""``harness report``: a saved run, rendered again."""

from __future__ import annotations

from pathlib import Path

import click

from harness.commands import CLEAN, DRIFT, common
from harness.commands.check import print_run
from harness.report import saved
from harness.report.write import write_report


@click.command(epilog="Example: harness report -o drift.html")
@click.argument("run_file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the HTML goes (default: .harness/report.html).",
)
@click.option(
    "--output-format",
    type=click.Choice(["html", "full", "json", "github"]),
    default="html",
    help="html: the drift report; the others as `harness check` prints them.",
)
def command(run_file: Path | None, output: Path | None, output_format: str) -> int:
    """Render a saved run again.

    RUN_FILE is what `harness check --output-format json` printed; without one, the last run.
    Exits with 1 when that run had drifted, as the run itself did.
    """
    config = common.project()
    run = saved.load(run_file or config.run_file)
    if output_format == "html":
        click.echo(f"drift report: {write_report(run, config, output or config.report_file)}")
    else:
        print_run(run, output_format)
    return CLEAN if run.clean else DRIFT
