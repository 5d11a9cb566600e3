"""docs/ci.md, done: its commands run, its tables name what there is, its YAML is what we ship."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from harness.commands.outputs import PRINTED
from harness.report import gitlab, junit, markdown, sarif
from harness.report.github import MOST_ANNOTATIONS
from tests.conftest import REPOSITORY, Project

DOCUMENT = (REPOSITORY / "docs" / "ci.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, re.M | re.S)


def commands() -> list[str]:
    found = [line[2:] for block in blocks("console") for line in block.splitlines()]
    return [line for line in found if line.startswith("harness ")]


def test_every_command_runs(project: Project) -> None:
    source = (project.root / "extractors/site.py").read_text()
    project.write("extractors/site.py", source.replace('".by"', '".author"'))
    assert len(commands()) == 6
    for command in commands():
        words = shlex.split(command.replace("daily8 ", "site "))
        if "run.json" in words:
            done = project.run("harness", "check", "--output-format", "json")
            project.write("run.json", done.out)
        if "decisions.json" in words:
            empty = {"format": "harness-decisions/1", "by": "me", "at": "", "decisions": []}
            project.write("decisions.json", json.dumps(empty))
        done = project.run(*words)
        assert "Traceback" not in done.err, done.err
        assert done.code == (0 if words[1] == "accept" else 1) or "decision" in done.err, (
            words,
            done,
        )
    for name in ("junit.xml", "gl-code-quality-report.json", "harness.sarif", "summary.md"):
        assert (project.root / "out" / name).stat().st_size > 100


def test_the_table_names_every_form_and_its_limits() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \|$", DOCUMENT, re.M))
    assert set(rows) == set(PRINTED)
    assert f"{MOST_ANNOTATIONS} annotations" in rows["github"]
    assert (
        f"{markdown.MOST_SUMMARY:,}" in rows["github"]
        and f"{markdown.MOST_SUMMARY:,}" in rows["markdown"]
    )
    assert f"{markdown.MOST_COMMENT:,}" in rows["markdown"]
    assert f"{gitlab.MOST:,}" in rows["gitlab"]
    assert f"{sarif.MOST_RESULTS:,}" in rows["sarif"]
    assert f"{sarif.MOST_BYTES / 1e6} MB" in rows["sarif"]
    assert f"{junit.MOST_TEXT / 1e6:.0f} MB" in rows["junit"]


def test_the_examples_use_inputs_and_variables_that_exist() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the CI files")
    action = yaml.safe_load((REPOSITORY / ".github/actions/harness/action.yml").read_text())
    template = yaml.safe_load((REPOSITORY / ".gitlab/harness.yml").read_text())
    job, scan, include = (yaml.safe_load(block) for block in blocks("yaml"))
    (step,) = (s for s in job["jobs"]["drift"]["steps"] if "with" in s)
    assert set(step["with"]) <= set(action["inputs"])
    names = re.findall(r"steps\.harness\.outputs\.([\w-]+)", json.dumps(scan))
    assert names and set(names) <= set(action["outputs"])
    assert include["include"] == [{"local": ".gitlab/harness.yml"}]
    assert set(include["harness"]["variables"]) <= set(template[".harness"]["variables"])
