"""Annotations: at their line, worst first, and foreign text stays text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.changes import changes
from harness.clusters import clusters_of
from harness.errors import HarnessError
from harness.model import CaseResult, Failure, Finding, Run, Verdict
from harness.report import github
from tests.report.runs import HOSTILE, everything, field, files, hostile, result, store

ROOT = Path("/project")


def commands(run: Run, root: Path = ROOT) -> list[str]:
    return github.workflow_commands(run, clusters_of(changes(run)), files(root))


def test_a_change_is_shown_at_the_line_of_its_snapshot(tmp_path: Path) -> None:
    store(tmp_path, "site/a", {"title": "t", "byline": "b"})
    assert commands(Run((result("a", field("byline")),)), tmp_path) == [
        "::error file=snapshots/site/site/a.json,line=4,title=changed%3A site/a::byline: differs"
    ]


def test_one_of_each_kind_comes_before_the_second_of_any() -> None:
    many = [
        result(f"b{n}", field("byline", Verdict.MISSING), verdict=Verdict.MISSING)
        for n in range(20)
    ]
    run = Run((*many, result("t", field("title")), result("u", field("url"))))
    titles = re.findall(r"title=(\w+)%3A site/(\w+)", "\n".join(commands(run)))
    assert titles[:3] == [("missing", "b0"), ("changed", "t"), ("changed", "u")]
    assert {name for _, name in titles[3:]} == {"b1", "b2", "b3", "b4", "b5"}
    assert "20 bylines" in commands(run)[0] and "19 more changes like it" in commands(run)[0]


def test_worst_first_errors_before_warnings_and_passes_say_nothing() -> None:
    said = commands(everything())
    verdicts = re.findall(r"title=(\w+)%3A", "\n".join(said))
    assert verdicts == [
        "error", "error", "wrong", "suspect", "missing", "changed", "new", "orphan", "orphan",
    ]  # fmt: skip
    assert [line.split()[0] for line in said].count("::warning") == 1
    assert commands(Run(())) == []


def test_no_more_than_github_shows_and_the_rest_is_counted() -> None:
    nine = commands(Run(tuple(result(f"{i}") for i in range(9))))
    assert len(nine) == 9 and "drift report" not in nine[-1]
    many = commands(Run(tuple(result(f"{i}") for i in range(30)), orphans=("site/x",)))
    assert len(many) == 9
    assert many[-1].endswith("::22 more changes and 1 orphaned snapshot, see the drift report")


def test_a_page_cannot_start_a_command_of_its_own() -> None:
    failed = CaseResult("site/a", "site", Verdict.ERROR, failure=Failure("E,a=b::", HOSTILE))
    for run in (Run((result("a", field(summary=HOSTILE)),)), Run((failed,)), hostile()):
        for line in commands(run):
            assert len(line.splitlines()) == 1
            assert not re.search(r"%(?!25|0A|0D|3A|2C)", line)
            assert re.match(r"::(error|warning) (file=[^,:]+,line=\d+,)?title=[^,:]*::", line)
    assert "%250A" in commands(Run((failed,)))[0], "what the page wrote is text"


def test_a_file_outside_of_the_checkout_is_not_pointed_at(tmp_path: Path) -> None:
    run = Run((result("a"),))
    outside = files(tmp_path)
    outside = type(outside)(tmp_path / "x", outside.snapshots, outside.corpus)
    (line,) = github.workflow_commands(run, clusters_of(changes(run)), outside)
    assert line.startswith("::error title=")


def test_what_invariants_doubt_is_annotated() -> None:
    doubt = Finding("no-glue", "related[2].body[0]", "error", "glued", "'ofit' is two words")
    kept = {"related": ["of it"]}
    suspect = CaseResult(
        "site/a", "site", Verdict.SUSPECT, record=kept, accepted=kept, findings=(doubt,)
    )
    (line,) = commands(Run((suspect,)))
    assert line.endswith("title=suspect%3A site/a::related[2].body[0]: 'ofit' is two words")


def test_a_summary_is_added_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    github.append_summary("é \ud800\n", {"GITHUB_STEP_SUMMARY": str(path)})
    assert path.read_text("utf-8") == "before\né \\ud800\n"
    github.append_summary("nowhere", {})
    with pytest.raises(HarnessError, match=r"^cannot write \$GITHUB_STEP_SUMMARY"):
        github.append_summary("x", {"GITHUB_STEP_SUMMARY": str(tmp_path)})
