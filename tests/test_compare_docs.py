"""docs/compare.md against the command: the keys, and the examples."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tests.command_line import Call, NewProject, caller, fill
from tests.conftest import REPOSITORY, Project

DOCUMENT = (REPOSITORY / "docs" / "compare.md").read_text("utf-8")
SHORTER = """
from harness import Page

def function(capture):
    page = Page(capture)
    return {"title": page.text("h1"), "body": page.lines("article p")[:1]}
"""


@pytest.fixture
def harness(
    new_project: NewProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[Project, Call]:
    project = new_project()
    fill(project, "alpha", "beta")
    project.write("package/__init__.py", "")
    project.write("package/module.py", SHORTER)
    return project, caller(project, monkeypatch, capsys)


def test_every_key_of_the_json_is_documented(harness: tuple[Project, Call]) -> None:
    done = harness[1]("compare", "site", "package.module:function", "--output-format", "json")
    told = json.loads(done.out)
    (page, *_) = told["pages"]
    numbers = told["statistics"]["body"]
    (cluster, *_) = told["clusters"]
    documented = set(re.findall(r"`([a-z_0-9]+)`", DOCUMENT))
    for part in (page, page["body"], page["fields"][0], numbers, cluster, told["sides"]["a"]):
        assert not set(part) - documented
    assert not set(told) - documented - {"format", "command", "environment"}


def test_the_options_of_the_examples_are_those_of_the_command(
    harness: tuple[Project, Call],
) -> None:
    shown = harness[1]("compare", "--help").out
    for option in set(re.findall(r"--[a-z][a-z-]+", DOCUMENT)):
        assert option in shown


def test_the_examples_run_on_a_project_of_that_name(harness: tuple[Project, Call]) -> None:
    project, call = harness
    record = '{{"capture": "{}", "record": {{"title": "x"}}}}\n'
    folder = project.write("pages/a.html", "<h1>x</h1>").parent
    for name in ("before", "after"):
        project.write(f"{name}.jsonl", record.format("a"))
    assert folder.is_dir()
    commands = [line[2:] for line in DOCUMENT.splitlines() if line.startswith("$ ")]
    (stored,) = [each for each in commands if ".jsonl" in each]
    done = call(*shlex.split(stored)[1:])
    assert done.code == 0, done
    assert "every record is the same" in done.out
