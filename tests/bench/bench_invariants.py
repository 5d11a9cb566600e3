"""What the invariants cost an article: CPU milliseconds, parsing the page included.

``python tests/bench/bench_invariants.py [FOLDER]``; with a folder (as ``eval_invariants.py`` takes)
also on its real pages.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench_pytest import WORDS
from measure import in_turns, table

from harness.invariants import BUILT_IN, Subject, examine
from harness.model import Capture
from harness.records import Record, encode_record

Case = tuple[Record, Capture]
PAGES = 40
LETTERS = 10_000


def section(runs: int, say: Callable[[str], None], folder: Path | None = None) -> list[str]:
    """The Markdown section on invariants."""
    chance = random.Random(23)
    cases = {f"generated, {LETTERS // 1000} KB": [_article(chance) for _ in range(PAGES)]}
    if folder is not None:
        cases |= _real(folder)
    rows = []
    for name, pages in cases.items():
        arms = {
            "record and page": lambda pages=pages: _milliseconds(pages, parse_only=False),
            "parsing alone": lambda pages=pages: _milliseconds(pages, parse_only=True),
        }
        figures = in_turns(arms, max(runs, 3), lambda line, name=name: say(f"{name}: {line}"))
        size = sum(len(capture.body) for _, capture in pages) / len(pages) / 1000
        rows.append(
            [
                name,
                str(len(pages)),
                f"{size:.0f} KB",
                figures["record and page"].shown("ms", 1, 2),
                figures["parsing alone"].shown("ms", 1, 2),
            ]
        )
    return [
        "## Invariants",
        "",
        f"All {len(BUILT_IN)} built-in invariants on a right record and a page not read before,",
        "CPU milliseconds an article; beside it what parsing the page alone costs.",
        "",
        *table(["pages", "number", "mean size", "all invariants", "parsing"], rows),
        "",
    ]


def _milliseconds(cases: Sequence[Case], *, parse_only: bool) -> float:
    """The mean of the pages; of three rounds the best: others' work on the machine is no cost."""
    return min(_round(cases, parse_only) for _ in range(3))


def _round(cases: Sequence[Case], parse_only: bool) -> float:
    start = time.process_time()
    for record, capture in cases:
        subject = Subject(record, capture)
        if parse_only:
            assert subject.page.serialised
        else:
            examine(subject)
    return (time.process_time() - start) / len(cases) * 1000


def _article(chance: random.Random) -> Case:
    """A news page of about 10 KB: menu, header, paragraphs with links, teasers, footer."""

    def sentence(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize() + "."

    title, byline = sentence(8)[:-1], "Ada Holm"
    body: list[str] = []
    markup: list[str] = []
    while sum(map(len, markup)) < 0.72 * LETTERS:
        words = " ".join(sentence(14) for _ in range(3)).split()
        body.append(" ".join(words))
        words[5] = f'<a href="/topic/{words[5]}">{words[5]}</a>'
        markup.append(f'<p class="article-text">{" ".join(words)}</p>')
    menu = "".join(f'<li class="item"><a href="/{n}">{sentence(1)}</a></li>' for n in range(10))
    cards = "".join(f'<div class="card"><a href="/{n}">{sentence(7)}</a></div>' for n in range(8))
    stated = f'{{"@type":"NewsArticle","headline":"{title}","author":{{"name":"{byline}"}}}}'
    page = (
        f'<!doctype html><html lang="en"><head><title>{title} | Site</title>'
        f'<meta property="og:title" content="{title}">'
        f'<script type="application/ld+json">{stated}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{title}</h1><p class=byline>By {byline}</p>"
        f'<div class="story">{"".join(markup)}</div></article><aside>{cards}</aside></main>'
        "<footer><p>Terms of use</p><p>Contact us</p></footer></body></html>"
    )
    record = encode_record({"title": title, "byline": byline, "body": body})
    return record, Capture("bench", "page", page.encode(), "text/html")


def _real(folder: Path) -> dict[str, list[Case]]:
    from eval_invariants import SETS

    cases = {
        name: [(record, capture) for _, record, capture in SETS[name](folder)]
        for name in ("readability", "fundus", "aeb")
    }
    return {f"real, {name}": found for name, found in cases.items() if found}


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    options = parser.parse_args()
    sys.stdout.write("\n".join(section(3, lambda _: None, options.folder)))


if __name__ == "__main__":
    main()
