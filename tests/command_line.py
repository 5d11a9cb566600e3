"""``harness …`` called in this process: what a user sees, without paying for an interpreter."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Protocol

import pytest

from harness.cli import main
from tests.conftest import PAGE, Finished, Project


class Call(Protocol):
    """Runs a command in a project and returns what it said."""

    def __call__(self, *words: str, stdin: bytes = b"", **environ: str) -> Finished: ...


def caller(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """A :class:`Call` for a project, outside CI."""

    def call(*words: str, stdin: bytes = b"", **environ: str) -> Finished:
        with monkeypatch.context() as patch:
            patch.chdir(project.root)
            for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "HARNESS_UPDATE_IN_CI"):
                patch.delenv(name, raising=False)
            for name, value in environ.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["harness", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            patch.setattr(sys, "path", list(sys.path))
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Finished(int(ended.value.code or 0), said.out, said.err)

    return call


def fill(project: Project, *titles: str) -> list[str]:
    """Stores a capture for each title and returns their ids."""
    return [project.add(title, PAGE.format(title=title)) for title in titles]


def one_line(done: Finished) -> str:
    """The only line of a refusal. Fails when there are more, or any of them is a traceback."""
    assert done.code == 2, done
    assert "Traceback" not in done.err + done.out
    lines = [line for line in done.err.splitlines() if line]
    assert len(lines) == 1, done
    assert lines[0].startswith("harness: "), lines
    return lines[0].removeprefix("harness: ")


NewProject = Callable[[], Project]
