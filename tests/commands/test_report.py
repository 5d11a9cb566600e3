"""``harness report``: a saved run, again."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.command_line import Call, one_line
from tests.conftest import Project


def test_the_last_run_is_rendered_again(empty: Project, drifted: list[str], harness: Call) -> None:
    checked = harness("check")
    (empty.root / ".harness" / "report.html").unlink()
    done = harness("report")
    assert (done.code, done.err) == (1, "")
    page = (empty.root / ".harness" / "report.html").read_text("utf-8")
    assert all(capture in page for capture in drifted)
    again = harness("report", "--output-format", "full")
    assert again.code == 1
    assert again.out.splitlines() == checked.out.splitlines()[:-1]


@pytest.mark.usefixtures("ids")
def test_a_run_that_was_piped_away(empty: Project, harness: Call) -> None:
    piped = harness("check", "--output-format", "json").out
    empty.write("run.json", piped)
    assert harness("report", "run.json", "--output-format", "json").out == piped
    done = harness("report", "run.json", "-o", "out/drift.html")
    assert done.code == 0 and (empty.root / "out" / "drift.html").exists()


@pytest.mark.usefixtures("drifted")
def test_captures_that_are_gone_since_are_no_crash(empty: Project, harness: Call) -> None:
    shutil.rmtree(empty.root / "corpus")
    done = harness("report")
    assert (done.code, done.err) == (1, "")


def test_mistakes_are_one_line(empty: Project, harness: Call) -> None:
    path = empty.root / ".harness" / "run.json"
    assert one_line(harness("report")) == f"no saved run at {path}; run `harness check` first"
    for text in ("{", "[]", json.dumps({"format": "harness-run/1"})):
        empty.write(".harness/run.json", text)
        assert one_line(harness("report")).startswith(f"{path} is no saved run")
    assert "no saved run at other.json" in one_line(harness("report", "other.json"))
