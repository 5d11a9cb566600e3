"""GitLab's code quality report: the fields it reads, and as many issues as it takes."""

from __future__ import annotations

import json
from pathlib import Path

from harness.model import Run
from harness.report import gitlab
from harness.report.remarks import remarks
from tests.report.runs import everything, files, hostile, result


def issues(run: Run, root: Path, most: int = gitlab.MOST) -> list[dict[str, object]]:
    return json.loads(gitlab.render(remarks(run, files(root)), most))


def test_an_issue_has_what_gitlab_reads(tmp_path: Path) -> None:
    for run in (everything(), hostile()):
        found = issues(run, tmp_path)
        assert len({issue["fingerprint"] for issue in found}) == len(found)
        for issue in found:
            assert set(issue) == {
                "description", "check_name", "fingerprint", "severity", "location",
            }  # fmt: skip
            assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert issue["location"]["lines"]["begin"] >= 1
            assert issue["location"]["path"]


def test_the_worst_come_first(tmp_path: Path) -> None:
    order = [issue["severity"] for issue in issues(everything(), tmp_path)]
    assert order == [
        "blocker", "blocker", "critical", "major", "major", "minor", "info", "minor", "minor",
    ]  # fmt: skip


def test_a_clean_run_is_an_empty_list(tmp_path: Path) -> None:
    assert issues(Run(()), tmp_path) == []


def test_what_is_too_much_is_counted(tmp_path: Path) -> None:
    run = Run(tuple(result(f"{n}") for n in range(30)))
    found = issues(run, tmp_path, most=10)
    assert len(found) == 11
    assert found[-1]["description"] == "20 more changes, see the drift report"


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    text = gitlab.render(remarks(hostile(), files(tmp_path)))
    assert text == gitlab.render(remarks(hostile(), files(tmp_path)))
    assert text.isascii() and "\x00" not in text
