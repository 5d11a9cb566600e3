"""A project with accepted output, and commands called in this process."""

from __future__ import annotations

import pytest

from tests.command_line import Call, NewProject, caller, fill
from tests.conftest import Project


@pytest.fixture
def empty(new_project: NewProject) -> Project:
    """A project without captures."""
    return new_project()


@pytest.fixture
def harness(
    empty: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Calls ``harness …`` in the project."""
    return caller(empty, monkeypatch, capsys)


@pytest.fixture
def ids(empty: Project, harness: Call) -> list[str]:
    """The project's three captures, whose output is accepted."""
    made = fill(empty, "alpha", "beta", "gamma")
    assert harness("check", "--update", "all").code == 0
    return made


@pytest.fixture
def drifted(empty: Project, ids: list[str], harness: Call) -> list[str]:
    """The captures, after a check that left three pending outputs: the byline is gone."""
    break_byline(empty)
    assert harness("check").code == 1
    return ids


def break_byline(project: Project) -> None:
    """Makes the extractor lose the byline of every page and upper-case its title."""
    path = project.root / "extractors" / "site.py"
    source = path.read_text("utf-8")
    source = source.replace('page.text(".by")', 'page.text(".author")')
    path.write_text(source.replace('page.text("h1")', 'page.text("h1").upper()'), "utf-8")
