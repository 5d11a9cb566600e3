"""A run in every form that is printed or written to a file for another program."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.changes import changes
from harness.config import Config
from harness.files import write_atomic
from harness.model import Run
from harness.report import github, saved
from harness.report.markdown import MOST_SUMMARY, is_web_address
from harness.report.remarks import Files, remarks

if TYPE_CHECKING:
    from harness.clusters import ChangeCluster

FORMATS = ("json", "gitlab", "junit", "sarif", "markdown")
"""The forms that can go to a file."""


@dataclass(frozen=True)
class Output:
    """A run and what its outputs point at.

    ``report`` is the file of its drift report, None for the project's usual one. ``most_bytes``
    is how long Markdown may be.
    """

    run: Run
    config: Config
    report: Path | None = None
    most_bytes: int = MOST_SUMMARY

    @property
    def files(self) -> Files:
        return Files.of(self.config)

    @property
    def report_file(self) -> Path:
        return (self.report or self.config.report_file).resolve()

    @cached_property
    def clusters(self) -> tuple[ChangeCluster, ...]:
        """The clusters of the run's changes."""
        # Imported here: a run that passes has none.
        from harness.clusters import clusters_of

        return clusters_of(changes(self.run))


def render(output: Output, form: str) -> str:
    """A run in one of :data:`FORMATS`."""
    run, files = output.run, output.files
    if form == "json":
        return saved.dumps(run)
    if form == "gitlab":
        from harness.report import gitlab

        return gitlab.render(remarks(run, files))
    if form == "junit":
        from harness.report import junit

        return junit.render(run, files, report_address(output) or str(output.report_file))
    if form == "sarif":
        from harness.report import sarif

        return sarif.render(
            run, remarks(run, files), run.environment.get("extraction-harness", "0")
        )
    return _markdown(output)


def write(output: Output, form: str, path: Path) -> None:
    """The same into a file. Raises HarnessError when it cannot be written."""
    write_atomic(path, render(output, form).encode("utf-8", "backslashreplace"))


def github_lines(output: Output) -> list[str]:
    """Lines that GitHub's runner shows as annotations, worst first; none of a clean run."""
    if output.run.clean:
        return []
    return github.workflow_commands(output.run, output.clusters, output.files)


def to_step_summary(output: Output) -> None:
    """Adds the run to the summary of GitHub's step, where this is one.

    Raises HarnessError when it cannot be written.
    """
    if github.step_summary():
        github.append_summary(_markdown(output))


def _markdown(output: Output) -> str:
    from harness.report.summary import summary

    return summary(output.run, output.clusters, output.most_bytes, report_address(output))


def report_address(output: Output, environ: Mapping[str, str] = os.environ) -> str:
    """Where a browser will find the drift report of this CI job; "" where nobody can know.

    ``HARNESS_REPORT_URL`` says it. Otherwise it is made of what GitHub, GitLab and Jenkins tell
    their jobs: https://docs.github.com/actions/reference/variables-reference,
    https://docs.gitlab.com/ci/variables/predefined_variables/,
    https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables.
    """
    known = environ.get("HARNESS_REPORT_URL", "")
    if not known and (job := environ.get("CI_JOB_URL")):
        known = f"{job}/artifacts/file/{_below(output, environ.get('CI_PROJECT_DIR'))}"
    if not known and (run := environ.get("GITHUB_RUN_ID")):
        server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
        known = f"{server}/{repository}/actions/runs/{run}#artifacts"
    if not known and (build := environ.get("BUILD_URL")):
        known = f"{build}artifact/{_below(output, environ.get('WORKSPACE'))}"
    return known if is_web_address(known) else ""


def _below(output: Output, folder: str | None) -> str:
    """The drift report's path in the job's checkout."""
    for root in (folder, output.config.root):
        if root and output.report_file.is_relative_to(Path(root).resolve()):
            return output.report_file.relative_to(Path(root).resolve()).as_posix()
    return output.report_file.name
