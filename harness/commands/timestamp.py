"""``harness timestamp``: what a label on a page says about time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import click

from harness.commands import CLEAN, MISTAKE, common
from harness.errors import HarnessError
from harness.model import Timestamp
from harness.records import timestamp_tree
from harness.text import shorten, show_unseen
from harness.timestamps import FRONT_ENDS, candidates, parse

KEYS = ("label", "captured_at", "languages", "front_end")


@click.command(epilog='Example: harness timestamp "hace 3 horas" --language es')
@click.argument("labels", nargs=-1, metavar="[LABEL]...")
@click.option(
    "--captured-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help="When the page was captured, with its offset.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language of the page, e.g. hi or en-IN; may be repeated.",
)
@click.option("--front-end", type=click.Choice(sorted(FRONT_ENDS)), help="What printed the label.")
@click.option("--jsonl", is_flag=True, help="Read one JSON object a line from stdin.")
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full")
def command(
    labels: tuple[str, ...],
    captured_at: datetime | None,
    languages: tuple[str, ...],
    front_end: str | None,
    jsonl: bool,
    output_format: str,
) -> int:
    """Say what labels such as "21 hours ago" mean: an interval, or nothing.

    With --jsonl, each line of stdin is {"label", "captured_at"?, "languages"?, "front_end"?}, and
    each is answered by a line {"label", "timestamp", "candidates"}: the timestamp is null when the
    label is none, or its unit or number is ambiguous; where its day or zone is, the timestamp has
    no "published". The candidates are all readings. The options hold for lines without their own.
    """
    if jsonl == bool(labels):
        raise HarnessError(
            "give LABELs, or --jsonl and lines on stdin; see `harness timestamp --help`"
        )
    options: dict[str, Any] = {
        "captured_at": captured_at,
        "languages": languages or None,
        "front_end": front_end,
    }
    if jsonl:
        return _answer_lines(sys.stdin.buffer, options)
    for label in labels:
        claim, readings = parse(label, **options), candidates(label, **options)
        if output_format == "json":
            click.echo(_json(label, claim, readings))
        else:
            for line in _full(label, claim, readings):
                click.echo(line)
    return CLEAN


def _answer_lines(lines: Iterable[bytes], options: dict[str, Any]) -> int:
    """Answers each line as it comes; those that are no questions are named on stderr."""
    code = CLEAN
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        label = None
        try:
            tree = _tree(line)
            label = tree["label"]
            asked = {**options, **_question(tree)}
            answer = _json(label, parse(label, **asked), candidates(label, **asked))
        except ValueError as error:
            common.say(f"harness: stdin line {number}: {error}")
            answer = json.dumps({"label": label, "error": f"line {number}: {error}"})
            code = MISTAKE
        click.echo(answer)
        # Whoever asks one line at a time waits for the answer.
        sys.stdout.flush()
    return code


def _tree(line: bytes) -> dict[str, Any]:
    """The object of a line, with its label. Raises ValueError, one line."""
    try:
        tree = json.loads(line)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(tree, dict) or not isinstance(tree.get("label"), str):
        raise ValueError('a line is an object with a "label", which is text')
    return tree


def _question(tree: dict[str, Any]) -> dict[str, Any]:
    """The arguments of parse() that a line holds, but for the label. Raises ValueError."""
    if unknown := sorted(set(tree) - set(KEYS)):
        raise ValueError(f"unknown key {shorten(unknown[0])!r}; there are {', '.join(KEYS)}")
    question = {key: tree[key] for key in KEYS[1:] if tree.get(key) is not None}
    languages = question.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(code, str) for code in languages):
        raise ValueError('"languages" is a list of language codes')
    if not isinstance(question.get("front_end", ""), str):
        raise ValueError('"front_end" is text')
    if "captured_at" in question:
        question["captured_at"] = _aware(question["captured_at"])
    return question


def _aware(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError('"captured_at" is a date with time and offset: 2026-03-01T12:00:00Z')
    return moment


def _json(label: str, claim: Timestamp | None, readings: list[Timestamp]) -> str:
    return json.dumps(
        {
            "label": label,
            "timestamp": timestamp_tree(claim) if claim else None,
            "candidates": [timestamp_tree(reading) for reading in readings],
        }
    )


def _full(label: str, claim: Timestamp | None, readings: list[Timestamp]) -> Iterator[str]:
    shown = click.style(show_unseen(label), bold=True)
    if not readings:
        yield f"{shown}: no timestamp"
        return
    if len(readings) == 1:
        yield f"{shown}: {_told(claim or readings[0])}"
        return
    yield f"{shown}: ambiguous, {len(readings)} readings"
    yield from (f"  {_told(reading)}" for reading in readings)


def _told(claim: Timestamp) -> str:
    """One line: what is counted, the age, the instants."""
    parts: list[str] = [claim.kind]
    if claim.unit:
        parts.append(claim.unit if claim.count is None else f"{claim.count} {claim.unit}")
    if claim.age:
        parts.append(f"{_seconds(claim.age[0])} to {_seconds(claim.age[1])} old")
    tree = timestamp_tree(claim)["published"]
    if isinstance(tree, dict):
        parts.append(f"published {tree['earliest']} to {tree['latest']}")
    return ", ".join(parts)


def _seconds(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.4g} {unit}"
    return f"{seconds:.4g} s"
