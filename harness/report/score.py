"""A scoring for people: tables in the terminal, Markdown for GitHub, and JSON on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec

from harness.report import reading
from harness.report.markdown import cell, code_cell
from harness.report.words import count
from harness.scoreboard import Board, Extractor, Field, Measure
from harness.text import shorten

FORMAT = "harness-score/1"
# Of what is listed by page in a terminal, the first tell the kind; JSON and the page have all.
SHOWN = 5

COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "body": (
        ("shingle_f1", "F1"),
        ("shingle_precision", "precision"),
        ("shingle_recall", "recall"),
        ("accuracy", "accuracy"),
        ("token_f1", "token F1"),
        ("rouge_lsum", "ROUGE-LSum"),
        ("exact", "exact"),
        ("score", "score"),
    ),
    "text": (
        ("token_f1", "token F1"),
        ("token_precision", "precision"),
        ("token_recall", "recall"),
        ("exact", "exact"),
        ("score", "score"),
    ),
    "byline": (
        ("people", "people"),
        ("people_precision", "precision"),
        ("people_recall", "recall"),
        ("people_f1", "people F1"),
        ("exact", "exact"),
        ("score", "score"),
    ),
    "timestamp": (
        ("instant", "instant"),
        ("day", "day"),
        ("precision_kept", "precision kept"),
        ("exact", "exact"),
        ("score", "score"),
    ),
    "value": (("score", "score"), ("exact", "exact")),
    "snippets": (("snippets", "both"), ("contains", "contains"), ("excludes", "excludes")),
}
"""The measures of each family of fields in the order they are shown, and what people call them.
The first is the one that a field is ranked by."""


# --- on disk --------------------------------------------------------------------------------------


def dumps(found: Board) -> str:
    """A scoring as JSON; lone surrogates are escaped."""
    return json.dumps({"format": FORMAT, **msgspec.to_builtins(found)}, indent=1) + "\n"


def loads(text: str | bytes, name: str) -> Board:
    """The scoring in a JSON text. Raises HarnessError, naming ``name``, when it holds none."""
    return reading.loads(text, name, Board, FORMAT, "saved scoring", "harness score", _check)


def _check(found: Board) -> None:
    for each in (field for extractor in found.extractors for field in extractor.fields):
        if each.family not in COLUMNS or each.measure(each.headline) is None:
            raise ValueError(f"field {each.name!r} has no measure {each.headline!r}")
        if len(each.quantiles) != 5 or not each.histogram:
            raise ValueError(f"field {each.name!r} has no distribution")


def load(path: Path) -> Board | None:
    """A saved scoring; None when there is none. Raises HarnessError when it cannot be read."""
    return reading.load(path, loads)


# --- in words -------------------------------------------------------------------------------------


def sentence(found: Board) -> str:
    """What was scored and who leads where, in one line."""
    of = f"{count(len(found.extractors), 'extractor')} on {count(found.pages, 'page')}"
    leaders = []
    for name in found.fields:
        ranked = found.ranked(name)
        # On other pages, a higher score is no better extractor.
        each, field = ranked[0 if found.comparable else -1]
        figure = f"{title_of(field)} {field.main.value:.3f}"
        who = "" if len(ranked) == 1 else each.label if found.comparable else f"least {each.label}"
        leaders.append(f"{name}: {who} {figure}" if who else f"{name} {figure}")
    said = f"{of}; {', '.join(leaders[:4])}" if leaders else of
    return f"interrupted, until then: {said}" if found.interrupted else said


def title_of(field: Field) -> str:
    """What people call the measure that a field is ranked by."""
    return dict(COLUMNS[field.family])[field.headline]


def notes(found: Board) -> Iterator[str]:
    """What the tables do not show: what was not scored, and what counted as nothing."""
    if found.unscored:
        yield (
            f"{count(found.unscored, 'capture')} without a golden that asserts something:"
            " not scored (harness approve makes one)"
        )
    for page, reason in found.problems[:SHOWN]:
        yield f"not scored: {page}: {reason}"
    if (more := len(found.problems) - SHOWN) > 0:
        yield f"not scored: {more} more captures that cannot be read"
    for each in found.extractors:
        yield from _notes_of(each)


def _notes_of(each: Extractor) -> Iterator[str]:
    if each.failures:
        page, kind, message = each.failures[0]
        yield (
            f"{each.label}: {count(len(each.failures), 'failure')}, counted as 0, as on {page}:"
            f" {kind}: {shorten(message, 100)}"
        )
    if each.missing:
        yield (
            f"{each.label}: {count(len(each.missing), 'page')} not in {each.stored or 'it'},"
            f" counted as nothing extracted: {shorten(', '.join(each.missing), 80)}"
        )
    if each.unknown:
        yield f"{each.label}: {count(each.unknown, 'output')} of other pages left out"
    if each.lacking:
        yield f"{each.label}: its records have no {', '.join(each.lacking)}: not scored"


def interval(measure: Measure | None) -> str:
    """The 95 % interval of a measure; "" where it has none."""
    if measure is None or measure.interval is None:
        return ""
    return "{:.3f}–{:.3f}".format(*measure.interval)


def seconds(value: float) -> str:
    """A duration for people: milliseconds below a second."""
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


# --- for the terminal -----------------------------------------------------------------------------


def full(found: Board) -> Iterator[str]:
    """The scoring for people: a table a field, the worst pages, speed, and one sentence."""
    width = max((len(_name(each)) for each in found.extractors), default=0)
    width = max(12, min(width, 32))
    for name in found.fields:
        yield from _table(found, name, width)
        yield ""
    yield from _speeds(found, width)
    yield from (click.style(f"note: {shorten(note, 500)}", fg="yellow") for note in notes(found))
    yield click.style(shorten(sentence(found), 1000), bold=True)


def _name(each: Extractor) -> str:
    return shorten(each.label, 32)


def _table(found: Board, name: str, width: int) -> Iterator[str]:
    ranked = found.ranked(name)
    columns = columns_of(ranked)
    head = f"{shorten(name, width):{width}}  pages  failed"
    first, *rest = columns
    head += f"  {first[1]:>8} 95 %       " + "".join(f"  {shown:>9}" for _, shown in rest)
    yield click.style(head.rstrip(), bold=True)
    for each, field in ranked:
        line = f"{_name(each):{width}}  {field.pages:5}  {field.failed or '':>6}"
        main = field.measure(first[0])
        line += f"  {'—' if main is None else f'{main.value:.3f}':>8} {interval(main):11}"
        for measure, shown in rest:
            value = field.measure(measure)
            wide = max(9, len(shown))
            line += f"  {'—' if value is None else f'{value.value:.3f}':>{wide}}"
        yield line
    best, field = ranked[0]
    if field.worst:
        pages = ", ".join(f"{each.page} {each.score:.2f}" for each in field.worst[:3])
        yield click.style(f"  worst of {_name(best)}: {shorten(pages, 160)}", dim=True)


def columns_of(ranked: Sequence[tuple[Extractor, Field]]) -> Sequence[tuple[str, str]]:
    """The measures that any extractor has in a field; two may see it as different families."""
    families = dict.fromkeys(field.family for _, field in ranked)
    columns = dict.fromkeys(column for family in families for column in COLUMNS[family])
    return [each for each in columns if any(field.measure(each[0]) for _, field in ranked)]


def _speeds(found: Board, width: int) -> Iterator[str]:
    timed = [(each, each.speed) for each in found.extractors if each.speed is not None]
    if timed:
        yield click.style(f"{'speed':{width}}  pages    median       95 %", bold=True)
    for each, speed in sorted(timed, key=lambda pair: pair[1].median):
        yield (
            f"{_name(each):{width}}  {speed.pages:5}  {seconds(speed.median):>8}"
            f"  {seconds(speed.p95):>9}"
        )
    if timed:
        yield ""


def benchmark_lines(found: Board) -> Iterator[str]:
    """The lines that article-extraction-benchmark's ``evaluate.py`` prints, for its own field."""
    for name in found.fields:
        for each, field in sorted(found.ranked(name), key=lambda pair: pair[0].label):
            if field.family == "body":
                said = " ".join(
                    f"{shown}={m.value:.3f} ± {m.deviation or 0.0:.3f} "
                    for measure, shown in (
                        ("shingle_precision", "precision"),
                        ("shingle_recall", "recall"),
                        ("shingle_f1", "F1"),
                        ("accuracy", "accuracy"),
                    )
                    if (m := field.measure(measure)) is not None
                )
                yield f"{_name(each):<20} {said}".rstrip()


# --- for GitHub -----------------------------------------------------------------------------------


def summary(found: Board) -> str:
    """A Markdown summary for ``$GITHUB_STEP_SUMMARY``."""
    lines = [f"### Score: {cell(sentence(found), 600)}", ""]
    for name in found.fields:
        ranked = found.ranked(name)
        columns = columns_of(ranked)
        titles = "".join(f" {shown} |" for _, shown in columns)
        lines += [
            f"| {code_cell(name)} | pages | 95 % |{titles}",
            f"|---|---:|---|{'---:|' * len(columns)}",
        ]
        for each, field in ranked:
            figures = "".join(
                f" {m.value:.3f} |" if (m := field.measure(measure)) else " — |"
                for measure, _ in columns
            )
            ends = interval(field.measure(columns[0][0]))
            lines.append(f"| {cell(each.label, 60)} | {field.pages} | {ends} |{figures}")
        lines.append("")
    lines += [f"- {cell(note)}" for note in notes(found)]
    return "\n".join(lines) + "\n"
