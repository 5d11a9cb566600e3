"""The files that a module is made of: what a change of them changes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.sources import digests


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "rules.py": "import re\nimport selectolax\nfrom desk import names\nimport harness\n"
        "def rule(it):\n    import lazily\n",
        "desk/__init__.py": "",
        "desk/names.py": "from . import more\nfrom .deep import LIST\nfrom .... import nothing\n",
        "desk/more.py": "import rules\n",
        "desk/deep.py": "LIST = []\n",
        "lazily.py": "raise SystemExit('never run')\n",
        "unrelated.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def names(project: Path) -> set[str]:
    return {Path(file).relative_to(project).as_posix() for file in digests(["rules"])}


def test_imports_are_followed_those_inside_functions_too_and_nothing_runs(project: Path) -> None:
    deep = {"desk/__init__.py", "desk/names.py", "desk/more.py", "desk/deep.py"}
    assert names(project) == {"rules.py", "lazily.py", *deep}
    assert not {"rules", "desk", "lazily"} & set(sys.modules)


@pytest.mark.parametrize("file", ["rules.py", "desk/deep.py", "lazily.py"])
def test_a_change_in_any_of_them_shows(project: Path, file: str) -> None:
    before = digests(["rules"])
    with (project / file).open("a") as source:
        source.write("# changed\n")
    after = digests(["rules"])
    assert {name for name in after if before[name] != after[name]} == {str(project / file)}


def test_what_cannot_be_read_or_parsed_does_not_end_it(project: Path) -> None:
    (project / "desk/names.py").write_text("def broken(:\n")
    assert names(project) == {"rules.py", "lazily.py", "desk/__init__.py", "desk/names.py"}
    assert digests(["not_there"]) == {}
