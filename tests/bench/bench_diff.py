"""How fast a difference is found, against difflib on the same texts in the same run."""

from __future__ import annotations

import difflib
import random
import time
from collections.abc import Callable

from bench_pytest import WORDS
from measure import Figure, in_turns, table

from harness import diff


def section(runs: int, say: Callable[[str], None]) -> list[str]:
    """The Markdown section on comparing."""
    chance = random.Random(11)
    rows = []
    for name, old, new, bound in (_article(chance), _paragraph(chance)):
        figures = in_turns(
            {
                "harness": lambda old=old, new=new: _seconds(lambda: _compare(old, new)),
                "difflib.ndiff": lambda old=old, new=new, bound=bound: _seconds(
                    lambda: _ndiff(old, new, bound)
                ),
            },
            max(runs, 3),
            lambda line, name=name: say(f"{name}, seconds: {line}"),
        )
        ours, theirs = figures["harness"], figures["difflib.ndiff"]
        ratio = Figure(tuple(t / o for t, o in zip(theirs.values, ours.values, strict=True)))
        least = "at least " if bound and theirs.median >= bound else ""
        rows.append(
            [
                name,
                ours.shown("ms", 1e3, 1),
                least + theirs.shown("ms", 1e3, 0),
                least + ratio.shown("×", 1, 0),
            ]
        )
    return [
        "## Differences",
        "",
        "A changed field compared as a check does it (kind, hunks, category, summary), against",
        "`difflib.ndiff` on the same lines (words for the single paragraph), which is what syrupy",
        "and pytest show. ndiff is given up when its first lines take more than 20 seconds.",
        "",
        *table(["texts", "harness", "difflib.ndiff", "faster by"], rows),
        "",
    ]


Case = tuple[str, list[str], list[str], float]


def _article(chance: random.Random) -> Case:
    old = [" ".join(chance.choices(WORDS, k=90)) for _ in range(100)]
    new = [_reworded(chance, text, 0.1) for text in old]
    return "100 paragraphs, every one changed", old, new, 20.0


def _paragraph(chance: random.Random) -> Case:
    text = " ".join(chance.choices(WORDS, k=12_000))[:50_000]
    return (
        "one paragraph of 50,000 characters, 2 % of words replaced",
        [text],
        [_reworded(chance, text, 0.02)],
        20.0,
    )


def _reworded(chance: random.Random, text: str, share: float) -> str:
    return " ".join(
        f"new{chance.randrange(99)}" if chance.random() < share else word for word in text.split()
    )


def _compare(old: list[str], new: list[str]) -> None:
    before, after = {"body": list(old)}, {"body": list(new)}
    found = diff.compare_records(before, after, {}, diff.NOTHING_KNOWN.is_chrome)
    assert found


def _ndiff(old: list[str], new: list[str], bound: float) -> None:
    if len(old) == 1:
        old, new = old[0].split(), new[0].split()
    stop = time.perf_counter() + bound
    for _ in difflib.ndiff(old, new):
        if time.perf_counter() > stop:
            return


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
