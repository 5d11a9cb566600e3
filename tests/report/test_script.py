"""The report's script as text: what a browser and a content policy ask of it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.report.script import FILES, script, source

FOLDER = Path(__file__).parents[2] / "harness" / "report" / "templates" / "review"


def test_every_file_is_part_of_the_script() -> None:
    assert sorted(FILES) == sorted(path.stem for path in FOLDER.glob("*.js"))


def test_the_policy_names_this_very_text() -> None:
    digest = base64.b64encode(hashlib.sha256(script().encode("utf-8")).digest()).decode("ascii")
    assert source() == f"'sha256-{digest}'"


@pytest.mark.parametrize("ends", ["</script", "<script", "<!--", "]]>"])
def test_nothing_in_it_ends_its_element(ends: str) -> None:
    assert ends not in script().lower()


@pytest.mark.parametrize(
    "forbidden",
    [r"\beval\b", r"new Function", r"outerHTML", r"insertAdjacentHTML", r"document\.write",
     r"setAttribute\(.style", r"\.cssText", r"\bimport\b.*\bfrom\b", r"https?://",
     r"\bon[a-z]+ ?= "],
)  # fmt: skip
def test_it_uses_nothing_that_the_policy_forbids_or_that_runs_text(forbidden: str) -> None:
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script(), flags=re.S)
    assert not re.search(forbidden, code)


def test_html_is_parsed_in_one_place() -> None:
    assert script().count("innerHTML") == 1
    assert "template.innerHTML" in (FOLDER / "articles.js").read_text("utf-8")


def test_no_file_is_too_long_to_be_read() -> None:
    assert all(len(path.read_text("utf-8").splitlines()) <= 400 for path in FOLDER.glob("*.js"))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here to read the script")
def test_it_is_javascript(tmp_path: Path) -> None:
    path = tmp_path / "script.js"
    path.write_text(script(), "utf-8")
    done = subprocess.run(["node", "--check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
