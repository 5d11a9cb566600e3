"""What a check costs without pytest: the shipped corpus cold, the import, and one capture."""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench_pytest import WORDS, generate
from measure import Figure, in_turns, python, table

ROOT = Path(__file__).parents[2]


def section(quick: bool, runs: int, say: Callable[[str], None]) -> list[str]:
    """The Markdown section on `harness check` and `import harness`."""
    captures = sum(1 for _ in (ROOT / "corpus").glob("*/*/capture.json"))
    cold = in_turns(
        {
            "python -c pass": lambda: python("-c", "pass", cwd=ROOT).cpu,
            "import harness": lambda: python("-c", "import harness", cwd=ROOT).cpu,
            "harness check": lambda: _check(),
        },
        max(runs, 5),
        say,
    )
    bare = cold["python -c pass"].median
    rows = [
        [name, figure.shown("ms", 1e3, 0), f"{(figure.median - bare) * 1e3:.0f} ms", bar]
        for (name, figure), bar in zip(cold.items(), ["", "150 ms", "1,000 ms"], strict=True)
    ]
    size, count = 5_000, 300 if quick else 2_000
    whole, extracting = _throughput(count, size, runs, say)
    beyond = Figure(tuple(a - b for a, b in zip(whole.values, extracting.values, strict=True)))
    return [
        "## `harness check`",
        "",
        f"CPU of whole processes. `harness check` runs on the shipped corpus, {captures} captures;",
        "nothing drifts, and the report is written.",
        "",
        *table(["process", "CPU", "beyond the interpreter", "bar"], rows),
        "",
        f"One capture of a {size // 1000} KB page inside a run of {count:,}: reading, digest,",
        "judging, clearing what was pending; the reference-style extractor (parse, title, 10",
        "paragraphs) measured alone beside it.",
        "",
        *table(
            ["part", "CPU a capture"],
            [
                ["whole check", whole.shown("µs", 1e6, 0)],
                ["extraction alone", extracting.shown("µs", 1e6, 0)],
                ["the harness", beyond.shown("µs", 1e6, 0)],
            ],
        ),
        "",
    ]


def _check() -> float:
    with tempfile.TemporaryDirectory() as name:
        report = str(Path(name) / "report.html")
        return python(
            "-m", "harness", "check", "--update", "none", "--report", report, cwd=ROOT
        ).cpu


def _throughput(
    count: int, size: int, runs: int, say: Callable[[str], None]
) -> tuple[Figure, Figure]:
    from harness.config import find_config
    from harness.corpus import Corpus
    from harness.extraction import extract
    from harness.model import Capture
    from harness.wiring import assemble

    chance = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as name:
        root = Path(name)
        generate(root, 0)
        (root / "extractors/bench.py").write_text(
            'from harness import extractor\n@extractor("bench", sites="*")\n'
            "def bench(page):\n"
            '    return {"title": page.text("h1"), "body": page.lines("article p")}\n'
        )
        corpus = Corpus(root / "corpus")
        for number in range(count):
            body = _page(chance, number, size)
            digest = hashlib.sha256(body).hexdigest()
            corpus.add(
                Capture("site", f"page-{number}-{digest[:8]}", body, "text/html", sha256=digest)
            )
        update = assemble(find_config(root), mode="all")
        update.run(update.plan())
        engine = assemble(find_config(root), mode="pending")
        cases = engine.plan()
        loaded = [corpus.load(case.ref).capture for case in cases]
        figures = in_turns(
            {
                "check": lambda: _cpu(lambda: engine.run(cases)) / count,
                "extract": lambda: (
                    _cpu(lambda: [extract(cases[0].extractor, item) for item in loaded]) / count
                ),
            },
            max(runs, 5),
            lambda line: say(f"a capture, seconds: {line}"),
        )
    return figures["check"], figures["extract"]


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _page(chance: random.Random, number: int, size: int) -> bytes:
    head = f"<!doctype html><title>T</title><h1>Story {number}</h1><article>"
    room = (size - len(head)) // 10
    paragraphs = (" ".join(chance.choices(WORDS, k=200))[: room - 8] for _ in range(10))
    return (head + "".join(f"<p>{text}</p>\n" for text in paragraphs) + "</article>").encode()
