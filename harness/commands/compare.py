"""``harness compare``: what a change of an extractor did to real pages."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.commands.targets import folder_captures, project_or_here
from harness.comparison import Comparison, Summary, compare, sentence, summarise
from harness.comparison.sides import is_stored, release, stored_side
from harness.config import Config
from harness.corpus import CaptureRef, Corpus, Loaded
from harness.engine import Engine, unknown_field
from harness.errors import HarnessError
from harness.model import root_of
from harness.report import compare as report
from harness.text import shorten
from harness.wiring import Isolation, assemble, named

if TYPE_CHECKING:
    from harness.extraction import Extractor
    from harness.model import Capture


@click.command(epilog="Example: harness compare trafilatura==1.12.2 trafilatura==2.0.0")
@click.argument("a")
@click.argument("b")
@common.captures
@common.fields
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another corpus, or any folder of .html, .htm, .xhtml and .txt pages, also .gz.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["worse", "changed", "never"]),
    default="worse",
    help="Exit with 1 when a page is worse (default), when any record changed, or never.",
)
@click.option(
    "--confidence",
    "sure",
    type=click.FloatRange(0, 1),
    default=0.5,
    metavar="0…1",
    help="Count a page as better or worse only from this confidence (default: 0.5).",
)
@click.option(
    "--output-format",
    type=click.Choice(["full", "json", "github"]),
    default="full",
    help="full: for people; json: the comparison, on stdout; github: annotations and a summary.",
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the HTML page goes (default: .harness/compare.html).",
)
@click.option("--refresh", is_flag=True, help="Make environments anew, and extract anew.")
@common.isolation
def command(
    a: str,
    b: str,
    captures: tuple[str, ...],
    fields: tuple[str, ...],
    corpus: Path | None,
    fail_on: str,
    sure: float,
    output_format: str,
    report_path: Path | None,
    refresh: bool,
    isolation: Isolation,
) -> int:
    """Run two extractors over the same captures and say what changed, for better or worse.

    A and B are extractors of the project, module:function, peers (trafilatura), requirement sets
    (trafilatura==1.12.2), extractors at a git revision (daily8@main), or files of stored records
    (.json, .jsonl, also .gz). CAPTURES are chosen as for `harness check`.

    Each change is judged by the golden where there is one, else by invariants and by what the page
    shows. The last line is a sentence for a pull request.
    """
    config = isolation.over(project_or_here())
    engine = _engine(config, corpus, refresh)
    old, new, refs = _sides(engine, config, (a, b), captures, refresh)
    engine = common.closed_at_end(replace(engine, extractors=(old, new)))
    with common.progress("comparing", len(refs), output_format) as advance:
        found = compare(engine, refs, old, new, only=fields, sure=sure, advance=advance)
    found = replace(
        found,
        old=replace(found.old, version=release(old)),
        new=replace(found.new, version=release(new)),
        command=shlex.join(["harness", *sys.argv[1:]]),
    )
    if found.neither == found.captures and not found.interrupted:
        raise _nothing(found)
    _refuse_unknown(found)
    summary = summarise(found)
    # The files first: whoever reads this may go before the end (`| head`).
    from harness.report.compare_page import render

    written = common.kept(
        config,
        "compare",
        report.dumps(found, summary),
        lambda: render(found, summary),
        report_path,
    )
    _print(found, summary, output_format, written)
    common.note_network((old, new))
    if found.interrupted:
        common.say(f"harness: interrupted after {found.captures} of {found.planned} captures")
        return MISTAKE
    if found.broken:
        broken = f"{found.broken} of {found.planned} captures could not be compared"
        common.say(f"harness: {broken}; {_why(found)}")
        return MISTAKE
    drifted = {"worse": bool(found.worse), "changed": bool(found.pages), "never": False}
    return DRIFT if drifted[fail_on] else CLEAN


def _engine(config: Config, corpus: Path | None, refresh: bool) -> Engine:
    engine = assemble(config)
    if corpus is not None:
        engine = replace(engine, corpus=_corpus(corpus))
    return replace(engine, outcomes=None) if refresh else engine


def _corpus(folder: Path) -> Corpus:
    if next(folder.glob("*/*/capture.json"), None):
        return Corpus(folder)
    return _Folder(folder)


class _Folder(Corpus):
    """A plain folder of pages as a corpus: no goldens, and no file of it is written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._pages: dict[CaptureRef, Callable[[], Capture]] = {}
        for page in folder_captures(root, ()):
            capture = page()
            self._pages[CaptureRef(capture.site, capture.name)] = page

    def refs(self) -> list[CaptureRef]:
        return sorted(self._pages)

    def load(self, ref: CaptureRef) -> Loaded:
        return Loaded(self._pages[ref](), None)


def _sides(
    engine: Engine, config: Config, asked: tuple[str, str], patterns: Sequence[str], refresh: bool
) -> tuple[Extractor, Extractor, list[CaptureRef]]:
    """Both sides, and the captures that both are for."""
    made: dict[str, Extractor] = {}
    for spelled in dict.fromkeys(asked):
        if not is_stored(spelled):
            (made[spelled],) = named((spelled,), engine.extractors, config, refresh=refresh)
    refs = [
        ref
        for ref in engine.corpus.refs()
        if all(extractor.handles(ref.site) for extractor in made.values())
    ]
    if not refs:
        raise HarnessError(
            f"no capture in {engine.corpus.root} is for both {asked[0]} and {asked[1]};"
            " `harness check --list` shows which extractor is for what"
        )
    refs = common.chosen_refs(refs, patterns, "capture that both sides are for")
    for spelled in asked:
        if spelled not in made:
            made[spelled] = stored_side(Path(spelled), engine.corpus, refs)
    return made[asked[0]], made[asked[1]], refs


def _nothing(found: Comparison) -> HarnessError:
    if found.neither:
        return HarnessError(
            "nothing could be compared, neither side gives a record of any capture:"
            f" {shorten(found.raised, 300)}"
        )
    if found.skipped:
        return HarnessError(f"nothing could be compared; {_why(found)}")
    return HarnessError("nothing was compared")


def _why(found: Comparison) -> str:
    capture, reason = found.skipped[0]
    return f"{capture}: {shorten(reason, 300)}"


def _refuse_unknown(found: Comparison) -> None:
    """Raises HarnessError for a chosen field that no record has: a typo must not pass."""
    known = {*found.fields, *found.goldens}
    missing = {root_of(chosen) for chosen in found.only} - known
    if missing and not found.interrupted:
        raise unknown_field(min(missing), known)


def _print(found: Comparison, summary: Summary, output_format: str, written: Path | None) -> None:
    if output_format == "json":
        click.echo(report.dumps(found, summary), nl=False)
    elif output_format == "github":
        from harness.report import compare_github, github

        commands = compare_github.workflow_commands(found)
        click.echo("\n".join([*commands, sentence(found, summary)]))
        github.append_summary(compare_github.summary_text(found, summary))
    else:
        for line in report.full(found, summary, written):
            click.echo(line)
