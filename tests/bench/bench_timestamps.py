"""What reading a label costs, against dateparser on the same labels; and how often it is right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import dateparser
from measure import Figure, in_turns, table

from harness.timestamps import parse, split_glued
from harness.timestamps.intervals import SECONDS

# Measured labels, where they are at hand: [formatter, now, elapsed seconds, label].
MEASURED = Path(__file__).parents[2].parent / "shared" / "data" / "js_labels.jsonl"
STRICT = [f"{n} {unit}s ago" for unit in SECONDS for n in (2, 5, 11, 21)] + (
    "21h|3d|5m|2w|an hour ago|half an hour ago|just now|a few seconds ago|yesterday|last week"
    "|1 mo ago|Updated 5 mins ago|time2 hours ago|about 3 hours ago|Posted 3h ago|1 hour ago"
).split("|")
FOREIGN = ["hace 3 horas", "vor 21 Minuten", "3 घंटे पहले", "قبل ٣ ساعات", "21 минуту назад", "3日前"]
PROSE = [
    "The minister opened two of the five bridges on Monday",
    "10 things to know about the 2024 election",
    "A 3 min read: what happened 20 years ago, and why it matters",
]
BYLINES = ["NDTV 24X72 hours ago", "New Indian Express21 hours ago", "The Hindu12-03-2025"]


def section(runs: int, say: Callable[[str], None]) -> list[str]:
    """The Markdown section on labels."""
    figures = in_turns(
        {
            "strict": lambda: _each(parse, STRICT, 50),
            "dateparser": lambda: _each(_peer, STRICT, 1),
            "locales": lambda: _each(parse, FOREIGN, 50),
            "prose": lambda: _each(parse, PROSE, 50),
            "glued": lambda: _each(split_glued, BYLINES, 50),
        },
        max(runs, 5),
        lambda line: say(f"a label, seconds: {line}"),
    )
    ratios = [
        theirs / ours
        for theirs, ours in zip(figures["dateparser"].values, figures["strict"].values, strict=True)
    ]
    rows = [
        ["strict grammar", figures["strict"].shown("µs", 1e6, 1), "10 µs"],
        ["dateparser, the same labels", figures["dateparser"].shown("µs", 1e6, 0), ""],
        ["slower by", Figure(tuple(ratios)).shown("×", 1, 0), "30 ×"],
        ["other locales", figures["locales"].shown("µs", 1e6, 1), ""],
        ["prose", figures["prose"].shown("µs", 1e6, 1), ""],
        ["a glued byline, all readings", figures["glued"].shown("µs", 1e6, 0), ""],
    ]
    return [
        "## Timestamps",
        "",
        f"One label, without its capture time: {len(STRICT)} labels of the strict grammar, and",
        'dateparser with `languages=["en"]` on the same ones in the same run, after a first call',
        "of each.",
        "",
        *table(["work", "time", "bar"], rows),
        "",
        *_measured(),
    ]


def _peer(label: str) -> object:
    return dateparser.parse(label, languages=["en"])


def _each(work: Callable[[str], object], texts: Iterable[str], rounds: int) -> float:
    texts = list(texts)
    for text in texts:
        work(text)
    start = time.perf_counter()
    for _ in range(rounds):
        for text in texts:
            work(text)
    return (time.perf_counter() - start) / rounds / len(texts)


def _measured() -> list[str]:
    """How wide the intervals of measured labels are, and whether they hold the true age."""
    if not MEASURED.exists():
        return []
    rows = [json.loads(line) for line in MEASURED.read_text("utf-8").splitlines()]
    held, widths = [0, 0], [0.0, 0.0]
    for printer, _, elapsed, label in rows:
        for kind, front_end in enumerate((None, printer)):
            claim = parse(label, front_end=front_end)
            if claim and claim.age:
                held[kind] += claim.age[0] <= elapsed <= claim.age[1]
                widths[kind] += claim.age[1] - claim.age[0]
    hours = [f"{width / len(rows) / 3600:,.0f} h" for width in widths]
    return [
        f"{len(rows):,} labels that seven front-ends printed, ages up to three years:",
        "",
        *table(
            ["front-end", "true age inside", "mean width"],
            [
                ["unknown", f"{held[0] / len(rows):.2%}", hours[0]],
                ["named", f"{held[1] / len(rows):.2%}", hours[1]],
            ],
        ),
        "",
    ]
