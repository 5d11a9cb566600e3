"""The drift report of 10,000 changed captures beside pytest-html on the same failures."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import Figure, python, table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
WORK = Path(__file__).with_name("report_work.py")
CAPTURES = 10_000
MANY = 100_000
PRESSES = 100
MEGABYTE = 1_000_000

BARS = {
    "file": "≤ 3 MB",
    "build": "≤ 10 s",
    "memory": "≤ 500 MB",
    "open": "≤ 1 s",
    "key": "≤ 50 ms",
}

# Asks at every frame whether the page is ready, and notes milliseconds since the navigation began.
# A script's own time would end before the browser has laid out what the script made.
WATCH = """
(() => {
  const ready = () => { try { return READY; } catch { return false; } };
  const press = (key) => dispatchEvent(new KeyboardEvent("keydown", {
    key, code: "Key" + key.toUpperCase(), bubbles: true, cancelable: true }));
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const shown = () => document.querySelector(".detail [data-change].current")?.dataset.change;
  const step = async (key) => {
    const before = shown(), start = performance.now();
    press(key);
    while (shown() === before) {
      await painted();
      if (performance.now() - start > 5000) throw new Error(`nothing answered ${key}`);
    }
    await painted();
    return performance.now() - start;
  };
  window.bench = {
    opened: (async () => {
      while (!ready()) {
        await painted();
        if (performance.now() > 300000) throw new Error("the page was never ready");
      }
      if (KEYS) await step("j");
      await painted();
      return performance.now();
    })(),
    steps: async (keys) => {
      const taken = [];
      for (const key of keys) taken.push(await step(key));
      return taken;
    },
  };
})();
"""
# The overview stands; the list is drawn when it is first looked at, by the first key.
LISTED = 'document.documentElement.classList.contains("scripted")'
# pytest-html draws every row from JSON when its document is loaded.
TABLED = 'document.querySelectorAll("#results-table tbody").length >= ROWS'


@dataclass(frozen=True)
class Arm:
    """One kind of report, made and opened once."""

    size: float
    seconds: float
    megabytes: float
    opened: float


def section(quick: bool, runs: int, say: Callable[[str], None]) -> list[str]:
    """The Markdown section on the drift report."""
    captures = 1_000 if quick else CAPTURES
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as name, _browser() as browser:
        folder = Path(name)
        _work("failures", captures, folder / "test_failures.py")
        ours, theirs, keys, clusters = [], [], [], 0
        for turn in range(runs):
            path = folder / f"report-{turn}.html"
            built = _work("build", captures, path)
            clusters = built["clusters"]
            opened, taken = _open(browser, path, LISTED, PRESSES)
            keys.append(taken)
            size = path.stat().st_size / MEGABYTE
            ours.append(Arm(size, built["seconds"], built["megabytes"], opened))
            theirs.append(_pytest_html(browser, folder, captures))
            say(f"run {turn + 1}/{runs} drift report: {ours[-1]}; pytest-html: {theirs[-1]}")
        many = [] if quick else _many(browser, folder, say)
    return [
        "## The drift report",
        "",
        f"{captures:,} changed captures with realistic texts and 12 planted causes, which come out",
        f"as {clusters} clusters. Beside it pytest-html {version('pytest-html')}, one file, of a",
        f"pytest session of {captures:,} failing tests with the same diffs as their messages.",
        "Build: from a run in memory to the file written; for pytest-html, the session less the",
        "same session without a report. Open: in headless Chromium, from navigation to the frame",
        "after the list stands and the first `j` was answered; for pytest-html, after its rows",
        "stand. Wall clock; the ratios are of arms measured in turns.",
        "",
        *_beside(ours, theirs),
        "",
        f"`j` and `k`, {PRESSES} presses in each run, from the key to the frame that shows the",
        "other change:",
        "",
        *_pressed(keys),
        "",
        *many,
    ]


def _beside(ours: Sequence[Arm], theirs: Sequence[Arm]) -> list[str]:
    rows = []
    for what, name, unit, digits, bar in (
        ("file", "size", "MB", 2, BARS["file"]),
        ("build", "seconds", "s", 2, BARS["build"]),
        ("peak memory", "megabytes", "MB", 0, BARS["memory"]),
        ("open", "opened", "s", 2, BARS["open"]),
    ):
        pair = [[getattr(arm, name) for arm in arms] for arms in (ours, theirs)]
        ratio = Figure(tuple(b / a for a, b in zip(*pair, strict=True)))
        shown = [Figure(tuple(values)).shown(unit, digits=digits) for values in pair]
        rows.append([what, shown[0], bar, shown[1], ratio.shown("×", digits=1)])
    return table(["", "drift report", "bar", "pytest-html", "pytest-html ÷ drift report"], rows)


def _pressed(keys: Sequence[Sequence[float]]) -> list[str]:
    middle = Figure(tuple(statistics.median(taken) for taken in keys))
    worst = Figure(tuple(max(taken) for taken in keys))
    rows = [
        ["median of a run", middle.shown("ms", digits=1), BARS["key"]],
        ["worst of a run", worst.shown("ms", digits=1), BARS["key"]],
    ]
    return table(["", "a press", "bar"], rows)


def _many(browser: Browser, folder: Path, say: Callable[[str], None]) -> list[str]:
    path = folder / "many.html"
    built = _work("build", MANY, path)
    opened, taken = _open(browser, path, LISTED, PRESSES)
    size = path.stat().st_size / MEGABYTE
    say(f"{MANY:,}: {size:.1f} MB, {built['seconds']:.1f} s, opened in {opened:.2f} s")
    middle, worst = statistics.median(taken), max(taken)
    return [
        f"{MANY:,} changed captures, once: {size:.1f} MB, built in {built['seconds']:.1f} s, peak",
        f"memory {built['megabytes']:,.0f} MB with the run itself, {built['clusters']} clusters;",
        f"open after {opened:.2f} s, a press {middle:.0f} ms (worst {worst:.0f} ms). The page",
        f"says: “{_left_out(browser, path)}”",
        "",
    ]


def _pytest_html(browser: Browser, folder: Path, captures: int) -> Arm:
    report = folder / "pytest.html"
    bare, _ = _session(folder)
    whole, megabytes = _session(folder, f"--html={report}", "--self-contained-html")
    rows = TABLED.replace("ROWS", str(captures))
    opened, _ = _open(browser, report, rows, 0)
    return Arm(report.stat().st_size / MEGABYTE, whole - bare, megabytes, opened)


def _session(folder: Path, *options: str) -> tuple[float, float]:
    """Seconds and peak MB of a pytest session whose tests all fail."""
    code = (
        "import sys, pytest; failed = pytest.main(sys.argv[1:]);"
        " sys.exit(0 if failed == pytest.ExitCode.TESTS_FAILED else 3)"
    )
    plugins = [f"-pno:{name}" for name in ("harness", "randomly", "xdist", "cacheprovider")]
    start = time.perf_counter()
    cost = python(
        "-c",
        code,
        "-q",
        "--tb=no",
        "-rN",
        *plugins,
        *options,
        "test_failures.py",
        cwd=folder,
    )
    return time.perf_counter() - start, cost.megabytes


def _work(what: str, captures: int, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, WORK, what, str(captures), str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _open(browser: Browser, path: Path, ready: str, presses: int) -> tuple[float, list[float]]:
    """Seconds until a page in a new profile is ready, and milliseconds of so many key presses."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.set_default_timeout(120_000)
        keys = "true" if presses else "false"
        page.add_init_script(WATCH.replace("READY", ready).replace("KEYS", keys))
        page.goto(path.as_uri(), wait_until="commit")
        opened = page.evaluate("bench.opened") / 1000
        # Three steps ahead for each back, so that most changes are met for the first time.
        pattern = ["jjjk"[i % 4] for i in range(presses)]
        return opened, page.evaluate("keys => bench.steps(keys)", pattern)
    finally:
        context.close()


def _left_out(browser: Browser, path: Path) -> str:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        return " ".join(page.locator(".left-out, .notice").first.inner_text().split())
    finally:
        context.close()


@contextmanager
def _browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    names = [os.environ.get("HARNESS_BROWSER"), "chromium", "chromium-browser", "google-chrome"]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("the benchmark of the report needs Chromium on PATH")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()
