"""What the action, the template and the workflow say, done step by step by bash."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness import records
from harness.commands.init import _WORKFLOW
from tests.conftest import PAGE, REPOSITORY, Project

yaml = pytest.importorskip("yaml", reason="PyYAML reads the CI files")

from tests.integration.steps import Runner, Values, load, resolved  # noqa: E402

if shutil.which("bash") is None:
    pytest.skip("there is no bash here", allow_module_level=True)

ACTION = REPOSITORY / ".github" / "actions" / "harness" / "action.yml"
TEMPLATE = REPOSITORY / ".gitlab" / "harness.yml"
BYLINE = 'page.text(".by")'


@pytest.fixture
def checkout(new_project: Callable[[], Project]) -> Project:
    """A project in a folder of a checkout, with three captures that are accepted."""
    project = new_project()
    (project.root / ".git").mkdir()
    for name in ("alpha", "beta", "gamma"):
        capture = project.add(name, PAGE.format(title=name))
        body = [
            f"First paragraph of {name}.",
            "The second paragraph says a little more.",
            "The third one ends it.",
        ]
        record = {"title": name, "byline": "A. Writer", "body": body}
        project.write(f"snapshots/site/{capture}.json", records.dumps({"record": record}))
    return project


def drift(project: Project) -> None:
    path = project.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace(BYLINE, 'page.text(".author")'))


def no_outputs(_name: str, _inputs: dict[str, str]) -> Values:
    return {}


class GitHub:
    """A runner with the inputs of the action, and a ``gh`` that writes down what it is asked."""

    def __init__(self, project: Project, temp: Path, **inputs: str) -> None:
        self.action = load(ACTION)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(given) <= set(self.action["inputs"])
        values: dict[str, Any] = {
            "github": {
                "token": "t0ken",
                "ref_name": "topic",
                "run_id": "7",
                "run_attempt": "1",
                "event_name": "pull_request",
                "event": {
                    "pull_request": {"number": 12},
                    "repository": {"default_branch": "main"},
                },
            }
        }
        values["inputs"] = {
            name: given.get(name, resolved(each["default"], values))
            for name, each in self.action["inputs"].items()
        }
        self.summary = temp / "summary.md"
        self.runner = Runner(
            project.root,
            temp,
            values,
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_REPOSITORY": "owner/repo",
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_RUN_ID": "7",
                "RUNNER_TEMP": str(temp / "runner"),
                "GH_LOG": str(temp / "gh.log"),
            },
        )
        (temp / "runner").mkdir()
        self.gh("")

    def gh(self, former: str, code: int = 0) -> None:
        self.runner.command(
            "gh",
            f'echo "$GH_TOKEN $*" >> "$GH_LOG"\n'
            f'for word in "$@"; do case $word in body=@*) cp "${{word#body=@}}" "$GH_LOG.body";;'
            f" esac; done\n"
            f'case "$*" in *--paginate*) printf %s "{former}";; *) exit {code};; esac',
        )

    def run(self) -> int:
        def fake(name: str, inputs: dict[str, str]) -> Values:
            if name.startswith("actions/upload-artifact") and Path(inputs["path"]).is_file():
                return {"artifact-url": "https://github.example/artifacts/1"}
            return {}

        return self.runner.steps(self.action["runs"]["steps"], fake)

    @property
    def asked(self) -> list[str]:
        path = Path(self.runner.environ["GH_LOG"])
        return path.read_text().splitlines() if path.exists() else []

    @property
    def body(self) -> str:
        return Path(f"{self.runner.environ['GH_LOG']}.body").read_text()

    def output(self, name: str) -> str:
        return resolved(self.action["outputs"][name]["value"], self.runner.values)


def test_a_clean_project_passes_and_its_report_is_uploaded(
    checkout: Project, tmp_path: Path
) -> None:
    github = GitHub(checkout, tmp_path / "ci", install="touch installed")
    assert github.run() == 0, github.runner.out
    assert (checkout.root / "installed").exists()
    assert [name.partition("@")[0] for name, _ in github.runner.used] == [
        "actions/setup-python",
        "actions/cache/restore",
        "actions/cache/save",
        "actions/upload-artifact",
    ]
    assert "all 3 captures pass" in github.summary.read_text()
    assert "::error" not in github.runner.out
    assert github.asked == [], "no comment was asked for"
    assert github.output("exit-code") == "0"


def test_drift_fails_after_everything_was_told(checkout: Project, tmp_path: Path) -> None:
    drift(checkout)
    github = GitHub(checkout, tmp_path / "ci", install=":", comment="true")
    assert github.run() == 1, github.runner.out
    assert "::error file=snapshots/site/site/alpha" in github.runner.out
    summary = github.summary.read_text()
    assert "3 of 3 captures drifted" in summary
    assert "(<https://github.example/owner/repo/actions/runs/7#artifacts>)" in summary
    assert ElementTree.parse(github.output("junit")).getroot()[0].get("failures") == "3"
    assert len(json.loads(Path(github.output("sarif")).read_text())["runs"][0]["results"]) == 3
    comments = "repos/owner/repo/issues/12/comments"
    find = ".[] | select(.body | startswith(env.MARK)) | .id"
    body = tmp_path / "ci/runner/harness/drift-report/comment.md"
    assert github.asked == [
        f"t0ken api --paginate {comments} --jq {find}",
        f"t0ken api --silent {comments} -F body=@{body}",
    ]
    assert github.body.startswith("<!-- harness action: drift-report -->\n### Drift report: 3 of")
    assert "(<https://github.example/artifacts/1>)" in github.body
    page = Path(github.output("report")).read_text("utf-8")
    assert page.lstrip().startswith("<!doctype html>") and "alpha" in page


def test_a_comment_is_replaced_and_a_fork_is_no_failure(checkout: Project, tmp_path: Path) -> None:
    github = GitHub(checkout, tmp_path / "ci", install=":", comment="true")
    github.gh("41\n42\n")
    assert github.run() == 0, github.runner.out
    assert "PATCH repos/owner/repo/issues/comments/41" in github.asked[-1]
    assert "all 3 captures pass" in github.body, "what was wrong is not any more"
    drift(checkout)
    github = GitHub(checkout, tmp_path / "fork", install=":", comment="true")
    github.gh("", code=1)
    assert github.run() == 1
    assert "::notice title=harness::no comment could be made" in github.runner.out


def test_a_mistake_is_exit_code_2_and_no_comment(checkout: Project, tmp_path: Path) -> None:
    checkout.write("harness.toml", "corpuss = 1\n")
    github = GitHub(checkout, tmp_path / "ci", install=":", comment="true", report="false")
    assert github.run() == 2, github.runner.out
    assert "did you mean 'corpus'" in github.runner.out and not github.asked


def test_a_failed_installation_stops(checkout: Project, tmp_path: Path) -> None:
    github = GitHub(checkout, tmp_path / "ci", install="false; touch went-on")
    assert github.run() == 1
    assert not (checkout.root / "went-on").exists() and not github.summary.exists()


def test_inputs_are_words_and_never_scripts(checkout: Project, tmp_path: Path) -> None:
    evil = "$(touch pwned) `touch pwned` ; touch pwned #"
    github = GitHub(checkout, tmp_path / "ci", install=":", name="a'b", arguments=f"'{evil}'")
    assert github.run() == 2
    assert not list(checkout.root.rglob("pwned"))
    assert "no capture matches" in github.runner.out and "touch pwned" in github.runner.out
    github = GitHub(checkout, tmp_path / "two", install=":", arguments="alpha --field 'byline'")
    assert github.run() == 0, github.runner.out
    assert "1 capture passes" in github.runner.out


def test_the_project_may_lie_below_the_checkout(checkout: Project, tmp_path: Path) -> None:
    drift(checkout)
    outer = tmp_path / "outer"
    shutil.copytree(checkout.root, outer / "sub dir", ignore=shutil.ignore_patterns(".git"))
    (outer / ".git").mkdir()
    github = GitHub(
        Project(outer), tmp_path / "ci", install=":", working_directory="sub dir", python_version=""
    )
    assert github.run() == 1
    assert "::error file=sub dir/snapshots/site/site/alpha" in github.runner.out
    assert github.runner.used[0][1]["path"] == "sub dir/.harness/history.jsonl"


def test_the_workflow_of_init_runs_and_keeps_the_history_of_a_failed_run(
    checkout: Project, tmp_path: Path
) -> None:
    steps = yaml.safe_load(_WORKFLOW)["jobs"]["harness"]["steps"]
    drift(checkout)
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    runner = Runner(checkout.root, tmp_path / "ci", {}, environ)
    runner.command("python", f'echo "python $*" >> {tmp_path}/python')
    assert runner.steps(steps, no_outputs) == 1, runner.out
    assert (tmp_path / "python").read_text() == "python -m pip install extraction-harness\n"
    assert "3 of 3 captures drifted" in (tmp_path / "summary.md").read_text()
    used = dict(runner.used)
    assert (checkout.root / used["actions/upload-artifact@v4"]["path"]).is_file()
    saved, restored = used["actions/cache/save@v4"], used["actions/cache/restore@v4"]
    assert saved["path"] == restored["path"] and saved["key"] == restored["key"]


def test_the_action_and_the_workflow_use_the_same_actions() -> None:
    action = ACTION.read_text()
    for name in re.findall(r"uses: (\S+)", _WORKFLOW):
        assert name == "actions/checkout@v4" or f"uses: {name}\n" in action, name


# --- GitLab ---------------------------------------------------------------------------------------


def gitlab(project: Project, temp: Path, **variables: str) -> tuple[int, Runner, dict[str, Any]]:
    """Runs the job's script lines in one ``sh``, as GitLab's runner does."""
    document = load(TEMPLATE)
    job = {**document[".harness"], **document["harness"]}
    assert job["extends"] == ".harness"
    environ = {
        "CI_PROJECT_DIR": str(project.root),
        "CI_JOB_URL": "https://gitlab.example/g/p/-/jobs/5",
        "GITLAB_CI": "true",
        **job["variables"],
        **variables,
    }
    runner = Runner(project.root, temp, {}, environ)
    script = "\n".join(job["script"])
    code = runner.bash(script, project.root, {}, "sh", "-e").code
    return code, runner, job


def test_the_gitlab_job_writes_what_it_declares(checkout: Project, tmp_path: Path) -> None:
    drift(checkout)
    code, runner, job = gitlab(checkout, tmp_path / "ci")
    assert code == 1, runner.out
    assert (tmp_path / "ci" / "pip").read_text() == "pip install extraction-harness\n"
    reports = job["artifacts"]["reports"]
    issues = json.loads((checkout.root / reports["codequality"]).read_text())
    assert [issue["severity"] for issue in issues] == ["major"] * 3
    for issue in issues:
        path = checkout.root / issue["location"]["path"]
        line = path.read_text("utf-8").splitlines()[issue["location"]["lines"]["begin"] - 1]
        assert '"byline": "A. Writer"' in line
    suite = ElementTree.parse(checkout.root / reports["junit"]).getroot()[0]
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties["report"] == (
        "https://gitlab.example/g/p/-/jobs/5/artifacts/file/drift-report/report.html"
    )
    assert (checkout.root / job["artifacts"]["paths"][0] / "report.html").is_file()
    assert job["artifacts"]["when"] == job["cache"]["when"] == "always"


def test_the_gitlab_job_takes_another_folder_command_and_arguments(
    checkout: Project, tmp_path: Path
) -> None:
    outer = tmp_path / "outer"
    shutil.copytree(checkout.root, outer / "sub", ignore=shutil.ignore_patterns(".git"))
    (outer / ".git").mkdir()
    code, runner, _ = gitlab(
        Project(outer), tmp_path / "ci",
        HARNESS_DIRECTORY="sub", HARNESS_INSTALL="touch installed",
        HARNESS_ARGUMENTS="alpha $(x) *",
    )  # fmt: skip
    assert (outer / "sub" / "installed").exists()
    assert code == 2 and "no capture matches '$(x)'" in runner.out
    code, runner, _ = gitlab(
        Project(outer), tmp_path / "again",
        HARNESS_DIRECTORY="sub", HARNESS_INSTALL="false", HARNESS_ARGUMENTS="",
    )  # fmt: skip
    assert code == 1 and "captures" not in runner.out


@pytest.mark.parametrize(
    ("schema", "path"),
    [("vendor.gitlab-ci", TEMPLATE), ("vendor.github-actions", ACTION)],
    ids=["gitlab", "github"],
)
def test_the_files_are_what_their_schemas_allow(schema: str, path: Path) -> None:
    if find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema, which ships the schemas, is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
