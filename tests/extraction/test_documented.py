"""The examples of docs/extractors.md, read and run as they stand there."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from harness.extraction import Extractor, extract
from harness.extraction.external import Means, external_table, externals, ready
from harness.extraction.requirements import DISTRIBUTIONS, looks_like_requirements, revision
from harness.model import Capture
from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "extractors.md").read_text("utf-8")
PAGE = Capture("example_com", "page", b"<h1>T</h1><article><p>one</article>", "text/html")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.M | re.S)


def test_the_configuration_is_one() -> None:
    tables = tomllib.loads(blocks("toml")[0])["tool"]["harness"]["external"]
    found = external_table(tables, Path("pyproject.toml"))
    assert set(found) == {"mozilla", "old_goose"}
    for key in ("command", "requirements", "python", "call", "sites", "kinds", "timeout"):
        assert any(getattr(each, key) for each in found.values()), key


def test_the_python_functions_are_extractors() -> None:
    spaces = []
    for block in blocks("python"):
        spaces.append(vars(ModuleType("example")))
        exec(block, spaces[-1])
    found = spaces[0]["example_com"]
    assert isinstance(found, Extractor)
    assert extract(found, PAGE).record == {"title": "T", "body": ["one"]}
    assert callable(spaces[1]["goose"])


@pytest.mark.skipif(shutil.which("perl") is None, reason="there is no Perl on the PATH")
def test_the_lines_of_perl_are_an_extractor(tmp_path: Path) -> None:
    (tmp_path / "extract.pl").write_text(blocks("perl")[0])
    table = {"mine": {"command": ["perl", "extract.pl"]}}
    made = externals(table, Path("pyproject.toml"), Means(tmp_path, tmp_path))[0]
    try:
        assert extract(ready(made), PAGE).record == {"title": "T"}
    finally:
        made.close()


def test_the_words_that_are_typed_mean_what_is_said() -> None:
    for line in blocks("console"):
        for old, new in re.findall(r"harness compare (\S+) (\S+)", line):
            assert looks_like_requirements(old) or revision(old)
            assert looks_like_requirements(new) or revision(new) or new == "daily8"
    for distribution in DISTRIBUTIONS:
        assert distribution in TEXT


def test_the_example_is_as_long_as_it_is_said() -> None:
    script = REPOSITORY / "docs" / "examples" / "readability_js" / "extract.mjs"
    assert abs(len(script.read_text().splitlines()) - 35) <= 3
