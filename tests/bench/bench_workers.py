"""What isolation costs: a capture through a worker, beside the same in process; two workers."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench_check import _page
from measure import Figure, in_turns, table

# Parses nothing: what is left is the way there and back.
MODULE = """
import time
def record(html):
    return {"title": "Story", "body": [html[i * 400 : i * 400 + 400] for i in range(10)]}
def at_once(html, url):
    return record(html)
def ten(html, url):
    end = time.thread_time() + 0.010
    while time.thread_time() < end:
        pass
    return record(html)
def large(html, url):
    return {"size": len(html)}
"""


def section(runs: int, say: Callable[[str], None]) -> list[str]:
    """The Markdown section on extraction in process and in workers."""
    runs = max(runs, 5)
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as name:
        folder = Path(name)
        (folder / "bench_extractors.py").write_text(MODULE)
        costs = _costs(folder, runs, say)
        speed = _throughput(folder, runs, say)
        workers, bare = (_ratio(speed, kind) for kind in ("workers", "bare"))
        large = _large(folder, runs, say)
    return [
        "## Isolation",
        "",
        "One capture of a 5 KB page, wall clock beyond extraction itself: the extractor takes its",
        "record from the text at once. Through a worker: the page there, the record back.",
        "",
        *table(
            ["path", "beyond extraction, a capture", "bar"],
            [
                ["in process", costs["in process"].shown("ms", 1e3, 3), "0.3 ms"],
                ["in a worker", costs["in a worker"].shown("ms", 1e3, 3), "1 ms"],
            ],
        ),
        "",
        "An extractor that takes 10 ms of CPU, called from as many threads as there are workers;",
        "beside it bare processes that only compute, which is what the machine has to give.",
        "",
        *table(
            ["pages a second", "one", "two", "times"],
            [
                ["workers", *_shown(speed, "workers"), workers.shown("", 1, 2)],
                ["bare processes", *_shown(speed, "bare"), bare.shown("", 1, 2)],
            ],
        ),
        "",
        "The bar for workers is 1.7 times, on two cores that nothing else uses.",
        "",
        f"A page of 50 MB, to a worker that counts its characters: {large.shown('s')}.",
        "",
    ]


def _ratio(speed: Mapping[str, Figure], kind: str) -> Figure:
    one, two = speed[f"1 {kind}"].values, speed[f"2 {kind}"].values
    return Figure(tuple(b / a for a, b in zip(one, two, strict=True)))


def _shown(speed: Mapping[str, Figure], kind: str) -> list[str]:
    return [speed[f"{number} {kind}"].shown("", 1, 0) for number in (1, 2)]


def _costs(folder: Path, runs: int, say: Callable[[str], None]) -> dict[str, Figure]:
    from harness.extraction import Extractor, extract
    from harness.model import Capture
    from harness.page import Page

    chance = random.Random(7)
    captures = [
        Capture("site", f"page-{n}", _page(chance, n, 5_000), "text/html", "https://example.com/")
        for n in range(500)
    ]
    space: dict[str, Callable[[str, str | None], object]] = {}
    exec(MODULE, space)
    record = space["at_once"]
    here = Extractor("bench", lambda capture: record(Page(capture).source, capture.url), ("*",))
    with _remote(folder, "at_once", 1) as remote:
        away = Extractor("bench", remote, ("*",))
        remote(captures[0])
        extract(here, captures[0])
        found = in_turns(
            {
                "extraction": lambda: _each(lambda c: record(Page(c).source, c.url), captures),
                "in process": lambda: _each(lambda c: extract(here, c), captures),
                "in a worker": lambda: _each(lambda c: extract(away, c), captures),
            },
            runs,
            lambda line: say(f"a capture of 5 KB, seconds: {line}"),
        )
    alone = found.pop("extraction").values
    return {
        name: Figure(tuple(a - b for a, b in zip(figure.values, alone, strict=True)))
        for name, figure in found.items()
    }


def _each(work: Callable[[Any], object], captures: Sequence[Any]) -> float:
    """Median seconds of one."""
    taken = []
    for capture in captures:
        start = time.perf_counter()
        work(capture)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _throughput(folder: Path, runs: int, say: Callable[[str], None]) -> dict[str, Figure]:
    from harness.model import Capture

    capture = Capture("site", "page", _page(random.Random(7), 1, 5_000), "text/html")
    remotes = {number: _remote(folder, "ten", number) for number in (1, 2)}

    def rate(number: int) -> float:
        remote, count = remotes[number], 100 * number
        with ThreadPoolExecutor(number) as threads:
            list(threads.map(remote, [capture] * number * 2))  # all workers have started
            start = time.perf_counter()
            outcomes = list(threads.map(remote, [capture] * count))
            taken = time.perf_counter() - start
        assert all(outcome.record for outcome in outcomes)
        return count / taken

    arms = {
        **{f"{n} workers": lambda n=n: rate(n) for n in (1, 2)},
        **{f"{n} bare": lambda n=n: _bare(n, 100) for n in (1, 2)},
    }
    try:
        return in_turns(arms, runs, lambda line: say(f"pages a second: {line}"))
    finally:
        for remote in remotes.values():
            remote.close()


# What the machine itself gives to processes that only compute, as the extractor does.
BARE = """
import sys, time
sys.stdin.read(1)
for _ in range(int(sys.argv[1])):
    end = time.thread_time() + 0.010
    while time.thread_time() < end:
        pass
"""


def _bare(number: int, count: int) -> float:
    command = [sys.executable, "-I", "-S", "-c", BARE, str(count)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        for _ in range(number)
    ]
    time.sleep(0.2)  # all have started
    start = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write(b"x")
        process.stdin.close()
    for process in processes:
        process.wait()
    return number * count / (time.perf_counter() - start)


def _large(folder: Path, runs: int, say: Callable[[str], None]) -> Figure:
    from harness.model import Capture

    page = _page(random.Random(7), 1, 50_000)
    capture = Capture("site", "large", page * (50_000_000 // len(page)), "text/html")
    with _remote(folder, "large", 1) as remote:

        def once() -> float:
            start = time.perf_counter()
            assert remote(capture).record
            return time.perf_counter() - start

        once()
        return in_turns({"50 MB": once}, runs, lambda line: say(f"seconds: {line}"))["50 MB"]


def _remote(folder: Path, function: str, workers: int) -> Any:
    from harness.extraction.launch import python_launch
    from harness.extraction.limits import Limits
    from harness.extraction.remote import Remote

    load = {"call": f"bench_extractors:{function}", "path": [str(folder)]}
    return Remote(python_launch(load, folder), Limits(), workers)


if __name__ == "__main__":
    print("\n".join(section(5, print)))  # noqa: T201 - a script
