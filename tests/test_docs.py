"""What the documents say, done: every command and code block of the README runs here."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import COMMANDS
from harness.config import find_config
from harness.diff import CATEGORIES
from harness.engine import MODES
from harness.model import Verdict
from tests.conftest import EXTRACTOR, PAGE, REPOSITORY, Finished, Project

README = (REPOSITORY / "README.md").read_text("utf-8")
STORY = """<!doctype html><title>A story - Example</title><nav>Home World Sport</nav>
<h1>A story</h1><p><span class=author>Ada Writer</span> <span class=age>3 hours ago</span>
<article><p>The first paragraph.</p><p>The second one.</p></article>"""
GLUED = (
    "<!doctype html><title>A story</title><h1>A story</h1><p class=meta><span>New Indian Express"
    "</span><span>21 hours ago</span></p><article><p>The first paragraph of it.</p><p>The second"
    " one.</p></article>"
)


def blocks(language: str) -> list[str]:
    return [
        re.sub(r"^   ", "", block, flags=re.M) if indent else block
        for indent, block in re.findall(rf"^( *)```{language}\n(.*?)^ *```", README, re.M | re.S)
    ]


def commands() -> list[str]:
    return [
        line.strip().removeprefix("$ ")
        for block in blocks("console")
        for line in block.splitlines()
        if line.strip().startswith("$ ")
    ]


def run(project: Project, command: str, stdin: bytes | None = None) -> Finished:
    """Runs a documented command line; ``harness`` and ``pytest`` as modules of this Python."""
    return project.run(*shlex.split(command), stdin=stdin, PYTEST_ADDOPTS="-p no:randomly")


def test_the_two_commands_are_what_tox_and_ci_run() -> None:
    assert commands()[:2] == ["pip install -e . && harness check", "pip install tox && tox run"]
    tox = (REPOSITORY / "tox.ini").read_text()
    assert "commands = harness check {posargs}" in tox
    script = (REPOSITORY / ".ci" / "run").read_text()
    assert "pip install --quiet tox\ntox run\n" in script


def test_the_first_command_prints_what_the_readme_says() -> None:
    done = Project(REPOSITORY).run("harness", "check", "--update", "none")
    said = blocks("console")[0].splitlines()[1:]
    assert done.out.splitlines()[0] == said[0]
    assert done.out.splitlines()[1] == f"drift report: {REPOSITORY}/{said[1].split(': ')[1]}"


def test_the_broken_byline_is_told_as_the_readme_says(tmp_path: Path) -> None:
    project = Project(tmp_path)
    source = (REPOSITORY / "harness" / "extractors" / "daily8.py").read_text()
    honest = 'page.text(".article-meta .source")'
    assert honest in source
    project.write("extractors/daily8.py", source.replace(honest, 'page.text(".article-meta")'))
    project.write("harness.toml", f"corpus = {str(REPOSITORY / 'corpus')!r}\n")
    done = project.run("harness", "check", "russia-warns-us-south-korea-and-japan-html")
    told = blocks("text")[0].splitlines()
    assert done.out.splitlines()[: len(told)] == told


def test_a_suspect_record_is_told_as_the_readme_says(new_project: Callable[[], Project]) -> None:
    project = new_project()
    project.write("harness.toml", 'extractors = ["extractors"]\n')
    source = EXTRACTOR.replace('".by"', '".meta"')
    assert source != EXTRACTOR
    project.write("extractors/site.py", source)
    project.add("story", GLUED)
    told = blocks("text")[1].splitlines()
    assert project.run("harness", "check", "--update", "new").out.splitlines()[: len(told)] == told


def test_an_invariant_of_ones_own_runs(project: Project) -> None:
    project.write("extractors/rules.py", blocks("python")[1])
    project.add("live", PAGE.format(title="LIVE: the storm"))
    done = project.run("harness", "check", "--update", "new", "--warnings")
    assert "live blog, not an article: 'LIVE: the storm' [list-page: a warning" in done.out


def test_the_documented_property_test_passes(project: Project) -> None:
    project.write("tests/test_it.py", blocks("python")[2])
    project.write("conftest.py", "")
    done = project.run("pytest", "-q", "-p", "no:randomly", PYTHONPATH=".")
    assert done.code == 0 and "1 passed" in done.out, done.out


def test_the_five_steps_work_as_they_are_written(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("saved.html", STORY)
    steps = commands()[2:]
    assert [step.split()[1] if step.startswith("harness") else step for step in steps] == [
        "init",
        "capture",
        "extract",
        "approve",
        "pytest --snapshot-update",
        "pytest",
    ]
    for step in steps:
        if step.startswith("harness extract"):
            project.write("extractors/example_com.py", blocks("python")[0])
        done = run(project, step, b"y\n" * 4 if "approve" in step else None)
        assert done.code == 0, f"{step}\n{done.out}\n{done.err}"
    # The first pytest accepts the snapshot, the golden holds what was approved.
    assert len(project.snapshots()) == 2, "one snapshot and .gitkeep"
    assert '"title": "A story"' in next(project.root.glob("corpus/*/*/golden.json")).read_text()
    assert "1 snapshot passed" in done.out, done.out


@pytest.mark.parametrize("block", blocks("python")[-2:], ids=["three lines", "own checks"])
def test_a_documented_test_file_passes(project: Project, block: str) -> None:
    project.write("tests/test_it.py", block)
    done = project.run("pytest", "-q")
    assert done.code == 0, done.out
    assert "4 passed" in done.out or "8 passed" in done.out


def test_the_documented_configuration_is_one(tmp_path: Path) -> None:
    block = blocks("toml")[0]
    tomllib.loads(block)
    (tmp_path / "pyproject.toml").write_text(block)
    assert find_config(tmp_path).fields == {"sku": "exact"}


def test_every_command_in_the_table_is_one() -> None:
    for words in re.findall(r"`(harness [^`]*|pytest [^`]*)`", README):
        name = words.split()[1]
        if words.startswith("harness"):
            assert name in COMMANDS, words


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(
    name: str, new_project: Callable[[], Project]
) -> None:
    done = new_project().run("harness", name, "--help")
    assert done.code == 0
    assert f"Example: harness {name}" in done.out
    help_text = " ".join(done.out.split())
    for option in re.findall(rf"`harness {name} [^`]*?(--[a-z-]+)", README):
        assert option in help_text


def test_every_verdict_and_mode_is_documented() -> None:
    for verdict in Verdict:
        assert f"| `{verdict}` |" in README
    for mode in MODES:
        assert f"| `{mode}` |" in README
    named = re.search(r"Each change has a category, such as\s(.*?):", README, re.S)
    assert named
    assert set(re.findall(r"`(\w+)`", named[1])) <= set(CATEGORIES)


def test_every_file_the_documents_link_to_exists() -> None:
    for document in (REPOSITORY / "README.md", *REPOSITORY.glob("docs/*.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
            if not link.startswith("http"):
                assert (document.parent / link).exists(), f"{document.name}: {link}"
