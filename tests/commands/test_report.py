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
    assert "one saved run at a time" in one_line(harness("report", "a.json", "b.json"))


def test_a_page_of_chosen_captures_leaves_the_whole_report_alone(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    before = (empty.root / ".harness" / "report.html").read_bytes()
    done = harness("report", "alpha", drifted[1])
    path = empty.root / ".harness" / "chosen.html"
    assert (done.code, done.out) == (1, f"drift report: {path}\n")
    page = path.read_text("utf-8")
    assert drifted[0] in page and drifted[1] in page and drifted[2] not in page
    assert (empty.root / ".harness" / "report.html").read_bytes() == before
    assert "no capture that matches 'alhpa'" in one_line(harness("report", "alhpa"))


@pytest.mark.parametrize("form", ["json", "gitlab", "junit", "sarif", "markdown"])
@pytest.mark.usefixtures("drifted")
def test_a_form_is_the_same_printed_written_now_and_written_later(
    empty: Project, harness: Call, form: str
) -> None:
    code = harness("check", "--write", f"{form}=out/now").code
    printed = harness("report", "--output-format", form)
    assert code == printed.code == 1
    assert harness("report", "--write", f"{form}=later", "--write", "json=run.json").code == 1
    later = (empty.root / "later").read_text("utf-8")
    assert later == printed.out == (empty.root / "out" / "now").read_text("utf-8")
    assert "alpha" in later


@pytest.mark.usefixtures("drifted")
def test_a_file_that_cannot_be_written_or_named_is_one_line(empty: Project, harness: Call) -> None:
    empty.write("file", "")
    done = harness("check", "--write", "junit=file/x.xml")
    assert one_line(done).startswith("cannot write file/x.xml") and "3 of 3" in done.out
    for words, said in (
        ("juint=x", "no format 'juint'; did you mean 'junit'?"),
        ("junit", "'junit' is not FORMAT=FILE"),
        ("junit=", "'junit=' is not FORMAT=FILE"),
    ):
        refused = harness("report", "--write", words)
        assert refused.code == 2 and said in refused.err
