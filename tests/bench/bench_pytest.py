"""What a record costs as a pytest test: the harness, syrupy's own formats, and bare pytest."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from measure import Cost, Figure, python, table

# With a path argument syrupy 7 looks at every test for every single-file snapshot: 70 seconds for
# 1,000 tests, and two hours for 10,000.
SINGLE_FILE_WITH_PATH = 1_000
BAR = 1.5

EXTRACT = """
def record_of(body):
    title, _, rest = body.decode().partition("</h1>")
    return {
        "title": title.rpartition("<h1>")[2],
        "body": [part.partition("</p>")[0] for part in rest.split("<p>")[1:]],
    }
"""
PAGES = f"""
from pathlib import Path
import pytest
{EXTRACT}
PAGES = sorted(Path(__file__).parents[1].glob("corpus/*/*/page.html"))
IDS = ["/".join(page.parts[-3:-1]) for page in PAGES]
"""
TESTS = {
    "bare": f"""{PAGES}
@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_record(page):
    assert page
""",
    "read and compare by hand": f"""{PAGES}
import json

@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_record(page):
    accepted = Path(__file__).parents[1] / "snapshots" / "bench" / page.parts[-3]
    text = (accepted / f"{{page.parts[-2]}}.json").read_bytes()
    assert record_of(page.read_bytes()) == json.loads(text)["record"]
""",
    "harness": """
def test_record(record, snapshot):
    assert record == snapshot
""",
    "syrupy amber": f"""{PAGES}
@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_record(page, snapshot):
    assert record_of(page.read_bytes()) == snapshot
""",
    "syrupy JSON": f"""{PAGES}
from syrupy.extensions.json import JSONSnapshotExtension

@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(JSONSnapshotExtension)

@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_record(page, snapshot):
    assert record_of(page.read_bytes()) == snapshot
""",
}
WORDS = (
    "the of minister said on Monday water council report after bridge price year river court"
    " government could people new plan rain market engineers north budget school vote public"
).split()


def generate(root: Path, count: int) -> None:
    """A project of ``count`` captures of about 3 KB, 500 a site, each unlike the others."""
    chance = random.Random(20260301)
    for number in range(count):
        paragraphs = "".join(
            f"<p>{' '.join(chance.choices(WORDS, k=70))} {number}.</p>\n" for _ in range(7)
        )
        page = f"<!doctype html><title>T</title><h1>Story {number}</h1>\n{paragraphs}".encode()
        digest = hashlib.sha256(page).hexdigest()
        folder = root / f"corpus/site{number // 500:03}/story-{number:06}-{digest[:8]}"
        folder.mkdir(parents=True)
        (folder / "page.html").write_bytes(page)
        description = {
            "url": f"https://example.org/{number}",
            "captured_at": "2026-03-01T08:00:00Z",
            "media_type": "text/html",
            "sha256": digest,
        }
        (folder / "capture.json").write_text(json.dumps(description), "utf-8")
    (root / "harness.toml").write_text('extractors = ["extractors"]\n', "utf-8")
    (root / "extractors").mkdir()
    (root / "extractors/bench.py").write_text(
        f"from harness import Extractor\n{EXTRACT}\n"
        'bench = Extractor("bench", lambda capture: record_of(capture.body), ("*",))\n',
        "utf-8",
    )
    for name, text in TESTS.items():
        file = root / "_".join(["test", *name.split()]) / "test_it.py"
        file.parent.mkdir()
        file.write_text(text, "utf-8")


def pytest(root: Path, arm: str, path: bool, *more: str) -> Cost:
    """One run of an arm. Only syrupy and the harness are loaded beside pytest, in every arm."""
    folder = "_".join(["test", *arm.split()])
    # Without a path argument pytest looks where testpaths says, and syrupy sees no selection.
    where = [f"{folder}/test_it.py"] if path else ["-o", f"testpaths={folder}"]
    plugins = ["-p", "syrupy", "-p", "harness.pytest_plugin"]
    command = ["-m", "pytest", "-q", "--rootdir", ".", *plugins, *where, *more]
    return python(*command, cwd=root, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def bench(
    count: int, runs: int, arms: Iterable[str], single_file: int, say: Callable[[str], None]
) -> list[str]:
    """Table rows for one number of captures, without and with a path argument.

    ``single_file`` is how many captures syrupy JSON may have with one.
    """
    rows = []
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as name:
        root = Path(name)
        say(f"generating {count:,} captures")
        generate(root, count)
        python("-m", "harness", "check", "--update", "all", cwd=root)
        chosen = list(arms)
        for arm in chosen:
            if arm.startswith("syrupy"):
                pytest(root, arm, False, "--snapshot-update")
        for path in (False, True):
            costs: dict[str, list[Cost]] = {}
            for turn in range(runs):
                for arm in chosen:
                    if arm == "syrupy JSON" and path and count > single_file:
                        continue
                    cost = pytest(root, arm, path)
                    costs.setdefault(arm, []).append(cost)
                    shown = f"{cost.cpu:.2f} s {cost.megabytes:.0f} MB"
                    say(f"{count:,} {'path' if path else ''} run {turn + 1}/{runs} {arm}: {shown}")
            rows += _rows(count, path, costs)
    return rows


def _rows(count: int, path: bool, costs: dict[str, list[Cost]]) -> list[list[str]]:
    bare = Figure(tuple(cost.cpu for cost in costs["bare"]))
    rows = []
    for arm, found in costs.items():
        cpu = Figure(tuple(cost.cpu for cost in found))
        memory = Figure(tuple(cost.megabytes for cost in found))
        ratios = Figure(tuple(c / b for c, b in zip(cpu.values, bare.values, strict=True)))
        rows.append(
            [
                f"{count:,}{', path argument' if path else ''}",
                arm,
                cpu.shown(),
                ratios.shown("×"),
                f"{cpu.median / count * 1e3:.2f} ms",
                memory.shown("MB", digits=0),
            ]
        )
    return rows


def section(
    counts: list[int], runs: int, say: Callable[[str], None], *, patient: bool = True
) -> list[str]:
    """The Markdown section on the pytest path; an impatient one skips what takes minutes."""
    rows: list[list[str]] = []
    for count in counts:
        # Past 10,000 only linearity is asked; the other formats would take their time to say no.
        arms = list(TESTS) if count <= 10_000 else ["bare", "harness"]
        limit = SINGLE_FILE_WITH_PATH if patient else 0
        rows += bench(count, runs, arms, limit, say)
    return [
        "## A record a pytest test",
        "",
        "Pages of about 3 KB, an extractor that only splits the text, everything passes. *bare* is",
        "a parametrised test of the same count and ids that reads nothing; the same plugins",
        "(syrupy, harness) are loaded in every arm and the arms take turns. CPU is user + system",
        "time of the whole process, with collection and report; × is against *bare* in the same",
        f"turn. Bar: harness at most {BAR} × bare at 10,000, with and without a path argument, and",
        "linear beyond.",
        "",
        *table(["captures", "arm", "CPU", "× bare", "CPU a test", "peak memory"], rows),
        "",
    ]
