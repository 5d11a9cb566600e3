"""What docs/review.md says, done: its commands run, its keys and rules are those of the code."""

from __future__ import annotations

import re
import shlex

import pytest

from harness.changes import changes
from harness.config import find_config
from harness.report import saved
from harness.review.decisions import decide, dumps
from tests.conftest import REPOSITORY, Project
from tests.review.live import serving

DOCUMENT = (REPOSITORY / "docs" / "review.md").read_text("utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", DOCUMENT, re.S)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_every_command_of_the_guide_is_tried_here() -> None:
    tried = {"pip", "harness review", "harness accept"}
    assert {
        " ".join(line.split()[: 1 if line.startswith("pip") else 2]) for line in commands()
    } == (tried)


def drift(project: Project) -> None:
    path = project.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace('page.text("h1")', 'page.text("h1").upper()'))


@pytest.mark.parametrize(
    "line",
    [each for each in commands() if each.startswith("harness review") and "terminal" not in each],
)
def test_a_documented_review_serves_and_ends_with_its_line(project: Project, line: str) -> None:
    pytest.importorskip("uvicorn")
    drift(project)
    with serving(project, *shlex.split(line)[2:]) as live:
        assert live.url.startswith("http://127.0.0.1:"), live.err
        assert live.end() == 1
    assert live.out.splitlines()[-1] == "0 accepted, 0 rejected, 4 open"


def test_the_terminal_is_a_command_too(project: Project) -> None:
    drift(project)
    done = project.run("harness", "review", "--terminal")
    assert done.code == 2 and "terminal" in done.err and "Traceback" not in done.err


def test_the_documented_accepts_do_what_they_say(project: Project) -> None:
    drift(project)
    assert project.run("harness", "check").code == 1
    found = changes(saved.load(find_config(project.root).run_file))
    kinds = ("accept", "reject", "reject", "accept")
    decisions = [decide(each, kind) for each, kind in zip(found, kinds, strict=True)]  # type: ignore[arg-type]
    project.write("decisions.json", dumps(decisions))
    lines = [each for each in commands() if each.startswith("harness accept")]
    assert lines == [
        "harness accept decisions.json",
        "harness accept site",
        "harness accept --all --rejected",
    ]
    done = [project.run(*shlex.split(line)) for line in lines]
    assert [each.code for each in done] == [1, 0, 0], done
    assert "2 accepted, 2 rejected" in done[0].out
    assert done[1].out.endswith("accepted 0 of 2\n") and "skipped" in done[1].err
    assert project.run("harness", "check").code == 0


def test_the_options_named_in_the_guide_exist(project: Project) -> None:
    for name in ("review", "accept"):
        said = project.run("harness", name, "--help").out
        for option in re.findall(rf"harness {name} [^`\n]*?(--[a-z-]+)", DOCUMENT):
            assert option in said
