"""Options and output that every command which shows a run shares."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from harness.report import words
from harness.report.markdown import MOST_SUMMARY
from harness.report.outputs import (
    FORMATS,
    Output,
    github_lines,
    render,
    to_step_summary,
    write,
)
from harness.report.summary import SHORTEST
from harness.text import nearest

PRINTED = ("full", "github", *FORMATS)
Written = tuple[str, Path]


class _Target(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on
    """``FORMAT=FILE``."""

    name = "format=file"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Written:
        form, equals, file = str(value).partition("=")
        if form in FORMATS and file:
            return form, Path(file)
        if form in FORMATS or not equals:
            self.fail(f"{value!r} is not FORMAT=FILE, as in junit=junit.xml", param, ctx)
        return self.fail(f"no format {form!r}; {nearest(form, FORMATS)}", param, ctx)


written_files = click.option(
    "--write",
    "targets",
    type=_Target(),
    multiple=True,
    metavar="FORMAT=FILE",
    help=f"Also write the run to a file; may be repeated. FORMAT: {', '.join(FORMATS)}.",
)
longest = click.option(
    "--max-bytes",
    "most_bytes",
    type=click.IntRange(SHORTEST),
    default=MOST_SUMMARY,
    show_default=True,
    metavar="N",
    help="So long may Markdown be; a comment on GitHub: 65536.",
)


def write_all(output: Output, asked: Iterable[Written]) -> None:
    """Writes the files that were asked for. Raises HarnessError for the first that cannot be."""
    for form, path in asked:
        write(output, form, path)


def print_output(output: Output, form: str, lines: Iterable[str]) -> None:
    """A run on stdout in the form that was asked for; ``lines`` are those for people.

    Raises HarnessError when GitHub's summary cannot be written, after the rest.
    """
    if form == "full":
        for line in lines:
            click.echo(line)
    elif form == "github":
        click.echo("\n".join([*github_lines(output), words.sentence(output.run)]))
        to_step_summary(output)
    else:
        click.echo(render(output, form).encode("utf-8", "backslashreplace"), nl=False)
