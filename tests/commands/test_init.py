"""``harness init``: a project that works at once, and nobody's file spoiled."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.command_line import Call, caller, one_line
from tests.conftest import PAGE, Project


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """An empty folder."""
    (tmp_path / "bare").mkdir()
    return Project(tmp_path / "bare")


@pytest.fixture
def harness(
    bare: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Calls ``harness …`` in the folder."""
    return caller(bare, monkeypatch, capsys)


def test_an_empty_folder_becomes_a_project_that_works(bare: Project, harness: Call) -> None:
    done = harness("init")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("next: harness capture URL_OR_FILE --site example_com\n")
    bare.write("saved.html", PAGE.format(title="alpha"))
    bare.write(
        "extractors/news.py",
        "from harness import extractor\n@extractor('news')\ndef news(page):\n"
        "    return {'title': page.text('h1')}\n",
    )
    assert harness("capture", "saved.html", "--site", "news").code == 0
    assert harness("check", "--update", "new").code == 0
    assert harness("lint").code == 0
    assert b"corpus/**/page.* -text" in (bare.root / ".gitattributes").read_bytes()
    assert (bare.root / ".github/workflows/harness.yml").exists()


def test_a_second_time_changes_nothing(bare: Project, harness: Call) -> None:
    harness("init", "--no-ci")
    before = {path: path.read_bytes() for path in bare.root.rglob("*") if path.is_file()}
    assert not (bare.root / ".github").exists()
    said = one_line(harness("init"))
    assert said.endswith("harness.toml configures the harness already; nothing was changed")
    assert "nothing was changed" in one_line(harness("init", "sub"))
    assert {path: path.read_bytes() for path in bare.root.rglob("*") if path.is_file()} == before
    assert not (bare.root / "sub").exists()


def test_files_that_are_there_keep_their_bytes(bare: Project, harness: Call) -> None:
    project = b'[project]\r\nname = "caf\xc3\xa9"\r\n[tool.x]\r\nextractors = ["extractors"]'
    bare.write("pyproject.toml", project)
    bare.write(".gitignore", b"caf\xe9/\n.harness/\n")
    bare.write(".gitattributes", b"*.png binary")
    bare.write("tests/test_extractors.py", "mine = 1\n")
    done = harness("init")
    assert done.code == 0
    made = (bare.root / "pyproject.toml").read_bytes()
    assert made.startswith(project + b"\r\n\r\n[tool.harness]\r\n")
    assert tomllib.loads(made.decode())["tool"]["harness"]["extractors"] == ["extractors"]
    assert (bare.root / ".gitignore").read_bytes() == b"caf\xe9/\n.harness/\n"
    attributes = (bare.root / ".gitattributes").read_bytes()
    assert attributes.startswith(b"*.png binary\n# A capture is bytes")
    assert (bare.root / "tests/test_extractors.py").read_text() == "mine = 1\n"
    assert f"left alone {bare.root / '.gitignore'}" in done.out


def test_a_broken_pyproject_is_named_and_left_alone(bare: Project, harness: Call) -> None:
    bare.write("pyproject.toml", "[project\n")
    assert "is not valid TOML" in one_line(harness("init"))
    assert [path.name for path in bare.root.iterdir()] == ["pyproject.toml"]


def test_a_folder_that_cannot_be_made_is_named(bare: Project, harness: Call) -> None:
    bare.write("file", "")
    assert f"cannot write {bare.root / 'file' / 'sub'}" in one_line(harness("init", "file/sub"))
