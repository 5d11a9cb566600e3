"""What runs found, a line for each site and field."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import history
from harness.errors import HarnessError
from harness.history import WHOLE, History, Row, rows
from harness.model import (
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Run,
    Verdict,
    worst,
)
from tests.command_line import NewProject, caller, fill
from tests.conftest import Project

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def differs(field: str, verdict: Verdict = Verdict.CHANGED, empty: bool = False) -> FieldResult:
    diff = FieldDiff(field, "text", "lost", "said", similarity=0.5, new_empty=empty)
    return FieldResult(verdict, "snapshot", diff)


def case(capture: str, *fields: FieldResult, extractor: str = "") -> CaseResult:
    verdict = worst([each.verdict for each in fields])
    return CaseResult(capture, extractor or capture.partition("/")[0], verdict, fields)


def a_run(*results: CaseResult) -> Run:
    return Run(results, environment={"python": "3.12"})


def told(run: Run) -> dict[tuple[str, str], dict[str, int]]:
    return {(row.site, row.field): dict(row.counts) for row in rows(run, START)}


def add_runs(file: History, number: int, drift: int = 1, start: datetime = START) -> None:
    results = [case(f"site/{i}", differs("byline")) for i in range(drift)]
    for i in range(number):
        file.append(a_run(*results, case("site/z")), start + timedelta(hours=i), f"c{i}")


# --- what is kept ---------------------------------------------------------------------------------


def test_a_site_that_passes_has_one_line_that_says_how_many_were_read() -> None:
    found = rows(a_run(case("one/a"), case("one/b"), case("two/a")), START, "9f3a")
    assert [(r.site, r.field, r.captures, dict(r.counts)) for r in found] == [
        ("one", WHOLE, 2, {}),
        ("two", WHOLE, 1, {}),
    ]
    assert {r.at for r in found} == {"2026-11-20T08:00:00Z"}
    assert {r.commit for r in found} == {"9f3a"}
    assert len({r.run for r in found}) == 1


def test_each_field_that_did_not_pass_has_a_line_with_its_verdicts() -> None:
    missing = differs("byline", Verdict.MISSING, empty=True)
    run = a_run(case("s/a", missing), case("s/b", differs("byline"), differs("title")), case("s/c"))
    assert told(run) == {
        ("s", WHOLE): {"drifted": 2, "missing": 1, "changed": 1},
        ("s", "byline"): {"drifted": 2, "missing": 1, "changed": 1, "empty": 1},
        ("s", "title"): {"drifted": 1, "changed": 1},
    }


def test_cards_of_one_list_are_one_field_and_a_capture_counts_once() -> None:
    run = a_run(case("s/a", differs("related[0].byline"), differs("related[7].byline")))
    assert told(run)["s", "related[].byline"] == {"drifted": 1, "changed": 1}


def test_what_an_invariant_doubts_is_suspect() -> None:
    finding = Finding("inv", "title", "error", "glued", "words stand together")
    result = CaseResult("s/a", "s", Verdict.SUSPECT, findings=(finding,))
    assert told(a_run(result))["s", "title"] == {"drifted": 1, "suspect": 1}


def test_a_record_that_failed_or_is_new_drifts_as_a_whole() -> None:
    failed = CaseResult("s/a", "s", Verdict.ERROR, failure=Failure("ValueError", "no"))
    new = CaseResult("s/b", "s", Verdict.NEW, record={"title": "T"})
    counts = {"drifted": 2, "error": 1, "new": 1, "whole": 2}
    assert told(a_run(failed, new)) == {("s", WHOLE): counts}


def test_extractors_of_one_site_are_told_apart() -> None:
    run = a_run(case("s/a"), case("s/a", differs("title"), extractor="other"))
    assert [(r.extractor, r.field, r.drifted) for r in rows(run, START)] == [
        ("other", WHOLE, 1),
        ("other", "title", 1),
        ("s", WHOLE, 0),
    ]


def test_an_extractor_that_makes_up_field_names_does_not_fill_the_disk() -> None:
    results = [case(f"s/{i}", differs(f"f{i}" + "x" * 10_000)) for i in range(500)]
    found = rows(a_run(*results), START)
    assert len(found) == 1 + history.FIELDS_A_SITE
    assert max(len(row.field) for row in found) <= history.NAME_CHARS


# --- the file -------------------------------------------------------------------------------------

ROWS = st.builds(
    Row,
    run=st.text(min_size=1),
    at=st.just("2026-11-20T08:00:00Z"),
    site=st.text(min_size=1),
    extractor=st.text(min_size=1),
    field=st.text(st.characters(categories=None), min_size=1),
    captures=st.integers(0, 1 << 40),
    counts=st.dictionaries(st.sampled_from(history.COUNTED), st.integers(1, 1 << 40)),
    commit=st.text(),
    environment=st.text(),
)


@given(ROWS)
def test_a_row_comes_back_as_it_was_whatever_its_names(row: Row) -> None:
    found, skipped = history._parsed(history._line(row).split(b"\n"))
    assert (found, skipped) == ([row], 0)


@given(st.binary(max_size=200))
def test_no_line_breaks_reading(data: bytes) -> None:
    found, skipped = history._parsed(data.split(b"\n"))
    assert not found
    assert skipped <= data.count(b"\n") + 1


def test_runs_come_back_in_the_order_of_their_time(tmp_path: Path) -> None:
    file = History(tmp_path / "new" / "history.jsonl")
    assert file.read() == history.Past()
    for hours in (2, 0, 1):  # a cache of another machine was put before this one's
        file.append(a_run(case("s/a")), START + timedelta(hours=hours), f"c{hours}")
    assert [row.commit for row in file.read().rows] == ["c0", "c1", "c2"]
    assert [row.commit for row in file.read(runs=2).rows] == ["c1", "c2"]


def test_broken_and_foreign_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 1)
    good = file.path.read_bytes()
    negative = good.strip().splitlines()[0].replace(b'"captures":2', b'"captures":-2')
    day = good.strip().splitlines()[0].replace(b"2026-11-20T08:00:00Z", b"some day")
    foreign = [b"not json", b"[1]", b'{"run": 1}', b"\xff\xfe", b"[" * 100_000, negative, day]
    half = good.rstrip()[:-20]
    file.path.write_bytes(b"\n".join([*foreign, good, half]))
    add_runs(file, 1, start=START + timedelta(days=1))
    past = file.read()
    assert past.skipped == len(foreign) + 1
    assert [(row.at[8:10], row.field) for row in past.rows] == [
        ("20", WHOLE),
        ("20", "byline"),
        ("21", WHOLE),
        ("21", "byline"),
    ]


def test_the_oldest_runs_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 5)
    monkeypatch.setattr(history, "SLACK", 2)
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 7)
    assert len({row.run for row in file.read().rows}) == 5 + 2
    add_runs(file, 1, start=START + timedelta(days=1))
    assert list(dict.fromkeys(row.commit for row in file.read().rows)) == [
        *("c3", "c4", "c5", "c6", "c0")
    ]


def test_a_file_that_grew_too_large_is_cut_to_the_newest_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "LARGEST", 4_000)
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 40)
    assert file.path.stat().st_size <= 4_000
    assert file.read().rows[-1].commit == "c39"


def test_of_a_long_file_only_the_end_is_read_and_no_run_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 40)
    for tail in range(900, 1_400, 37):
        monkeypatch.setattr(history, "TAIL", tail)
        past = file.read()
        assert past.skipped == 0
        assert 0 < len(past.rows) < 20
        assert [row.field for row in past.rows] == [WHOLE, "byline"] * (len(past.rows) // 2)


def test_runs_that_end_at_the_same_time_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    script = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from harness.history import History; from harness.model import *\n"
        "results = tuple(CaseResult(f's{i}/a', 'x', Verdict.PASS) for i in range(200))\n"
        "for i in range(10): History(Path(sys.argv[1])).append(Run(results), datetime.now(UTC))\n"
    )
    each = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], env={**os.environ})
        for _ in range(4)
    ]
    assert [process.wait(60) for process in each] == [0] * 4
    past = History(path).read(runs=100)
    assert past.skipped == 0
    assert len(past.rows) == 4 * 10 * 200


def test_dropping_old_runs_loses_none_that_ends_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 30)
    monkeypatch.setattr(history, "SLACK", 0)
    file = History(tmp_path / "history.jsonl")
    names = [f"{thread}-{i}" for thread in range(3) for i in range(10)]

    def add(thread: int) -> None:
        for i in range(10):
            file.append(a_run(case("s/a")), datetime.now(UTC), f"{thread}-{i}")

    add_runs(file, 30)
    threads = [threading.Thread(target=add, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row.commit for row in file.read().rows} == set(names)


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 1)
    before = file.path.read_bytes()
    write = os.write
    calls = []

    def full(handle: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data[:50])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(HarnessError, match="No space left on device; trends lack this run"):
            add_runs(file, 1)
    assert file.path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(HarnessError, match=r"cannot write .*history\.jsonl: Permission denied"):
        add_runs(History(tmp_path / "history.jsonl"), 1)


def test_a_folder_in_the_place_of_the_file_is_one_line(tmp_path: Path) -> None:
    file = History(tmp_path)
    with pytest.raises(HarnessError, match="cannot write"):
        add_runs(file, 1)
    with pytest.raises(HarnessError, match="cannot read"):
        file.read()


def test_every_line_is_json_of_its_own(tmp_path: Path) -> None:
    file = History(tmp_path / "history.jsonl")
    add_runs(file, 1, drift=3)
    lines = [json.loads(line) for line in file.path.read_text("ascii").split("\n") if line]
    assert lines[1] == {
        "run": lines[0]["run"],
        "at": "2026-11-20T08:00:00Z",
        "commit": "c0",
        "environment": lines[0]["environment"],
        "site": "site",
        "extractor": "site",
        "field": "byline",
        "captures": 4,
        "drifted": 3,
        "changed": 3,
    }


# --- which commit ---------------------------------------------------------------------------------


def test_the_commit_is_gits_or_the_runners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert history.commit_of(tmp_path) == ""
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    assert history.commit_of(tmp_path) == ""
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    said = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    assert history.commit_of(tmp_path) == said.stdout.strip()
    monkeypatch.setenv("CI_COMMIT_SHA", "abc")
    assert history.commit_of(tmp_path) == "abc"


def test_without_git_no_commit_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history.commit_of(tmp_path) == ""


# --- which runs are kept --------------------------------------------------------------------------


def kept(project: Project) -> list[int]:
    """How many captures drifted in each run of the project's history."""
    file = History(project.root / ".harness" / "history.jsonl")
    return [row.drifted for row in file.read().rows if row.field == WHOLE]


def test_a_check_of_everything_is_kept_and_one_of_a_part_is_not(
    new_project: NewProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = new_project()
    harness = caller(project, monkeypatch, capsys)
    names = fill(project, "alpha", "beta")
    harness("check", "--update", "all")
    harness("check")
    for part in (names[0], "--field=title", "--extractor=site"):
        harness("check", part)
    harness("report")
    assert len(kept(project)) == 2
    assert kept(project)[-1] == 0


def test_a_pytest_run_is_kept_when_it_passes_too_and_a_part_is_not(project: Project) -> None:
    before = len(kept(project))
    assert project.run("pytest", "-q").code == 0
    assert len(kept(project)) == before + 1
    assert project.run("pytest", "-q", "-k", "alpha").code == 0
    assert project.run("pytest", "-q", "--harness-field", "title").code == 0
    assert len(kept(project)) == before + 1
