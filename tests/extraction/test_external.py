"""Extractors of the configuration's external tables, and requirement sets, run for real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigError
from harness.extraction import Extractor, extract
from harness.extraction.external import (
    Deferred,
    External,
    Means,
    external_table,
    externals,
    identity_of,
    ready,
)
from harness.extraction.limits import Limits
from harness.extraction.registry import resolve
from harness.model import Capture, Outcome
from tests.extraction.wheels import boilerpy3

SOURCE = Path("harness.toml")
PAGE = Capture("site", "page", b"<h1>T</h1><p>one<p>two", "text/html", url="https://example.com/")
ADAPTER = """
from boilerpy3.extractors import ArticleExtractor

def title(html, url):
    return {"title": ArticleExtractor().get_doc(html).title, "url": url}
"""
# In sed: the id is copied, the record says what was asked for.
SED = r's/^{"id": \([0-9]*\), .*"url": "\([^"]*\)".*$/{"id": \1, "record": {"url": "\2"}}/'

Start = Callable[..., Extractor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """The extractor of one external table, in a project of this test; its workers end with it."""
    made: list[Extractor] = []

    def extractor(name: str = "mine", **table: Any) -> Extractor:
        limits = Limits(seconds=20)
        means = Means(tmp_path, tmp_path / ".harness", limits, say=lambda _: None)
        found = externals({name: table}, SOURCE, means)
        made.extend(found)
        return found[0]

    yield extractor
    for each in made:
        each.close()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all the package index there is."""
    if shutil.which("uv") is None:
        pytest.importorskip("uv", reason="uv is not installed: pip install uv")
    folder = tmp_path / "wheels"
    boilerpy3(folder, "1.0.2")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_a_table_is_read() -> None:
    table = {
        "a": {"command": ["node", "a.mjs"], "sites": "*", "timeout": 5, "memory": 100},
        "b": {"requirements": "goose3==3.1.6,lxml<5", "python": "3.9", "kinds": {"x": "text"}},
    }
    found = external_table(table, SOURCE)
    assert found["a"] == External("a", ("*",), ("node", "a.mjs"), timeout=5.0, memory=100)
    needs = ("goose3==3.1.6", "lxml<5")
    assert found["b"] == External("b", ("b",), (), needs, "3.9", kinds={"x": "text"})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"comand": ["x"]}, "[external.mine]: unknown key 'comand'; did you mean 'command'?"),
        ({"zzz": 1}, "unknown key 'zzz'; keys are command, requirements"),
        ({}, "write either `command` or `requirements`"),
        ({"command": ["x"], "requirements": ["y"]}, "write either `command` or `requirements`"),
        ({"command": "node x"}, "'command' is a list of words"),
        ({"command": []}, "'command' is a list of words"),
        ({"command": ["x"], "call": "a:b"}, "'call' goes with `requirements`"),
        ({"requirements": ["goose3"], "python": 3.1}, 'a version in quotes, e.g. "3.9", not 3.1'),
        ({"requirements": ["goose3"], "python": "2.7"}, "'2.7' is no version of Python"),
        ({"requirements": ["goose3"], "call": "a.b"}, "'call' is \"module:function\""),
        ({"requirements": ["requests"]}, "'requests' names none of the extractors"),
        ({"command": ["x"], "timeout": 0}, "'timeout' is a number of seconds above 0, not 0"),
        ({"command": ["x"], "timeout": float("inf")}, "'timeout' is a number of seconds"),
        ({"command": ["x"], "memory": 1.5}, "'memory' is a number of MiB"),
        ({"command": ["x"], "memory": True}, "'memory' is a number of MiB"),
        ({"command": ["x"], "sites": []}, "'sites' is a list of sites"),
        ({"command": ["x"], "kinds": {"a": "word"}}, "field 'a' has kind 'word'; kinds are text"),
    ],
)
def test_a_mistake_in_a_table_is_told_in_one_line(
    start: Start, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        start(**table)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_name_that_is_no_folder_is_refused(start: Start) -> None:
    with pytest.raises(ConfigError, match=r"\[external.My One\]: the name names a folder"):
        start("My One", command=["x"])


@pytest.mark.skipif(shutil.which("sed") is None, reason="there is no sed on the PATH")
def test_one_line_of_sed_is_an_extractor(start: Start) -> None:
    mine = ready(start(command=["sed", "-u", SED], sites=["*"], kinds={"url": "url"}))
    for _ in range(3):
        assert extract(mine, PAGE) == Outcome({"url": PAGE.url}, kinds={"url": "url"})
    assert mine.remote and mine.identity == ""


def test_a_program_that_there_is_not_is_told_before_any_capture(start: Start) -> None:
    mine = start(command=["no-such-program", "x"])
    with pytest.raises(ConfigError) as refused:
        ready(mine)
    assert str(refused.value).startswith("mine: ")
    assert "no program 'no-such-program'" in str(refused.value)


def test_an_environment_is_made_when_it_is_needed(
    start: Start, index: Path, tmp_path: Path
) -> None:
    assert index.is_dir()
    mine = start(requirements=["boilerpy3==1.0.2"], sites=["*"])
    assert isinstance(mine.function, Deferred) and mine.remote
    assert not (tmp_path / "cache").exists()
    assert extract(mine, PAGE).record == {"title": "1.0.2", "body": ["one", "two"]}
    settled = ready(mine)
    assert settled.identity and extract(settled, PAGE) == extract(mine, PAGE)
    assert resolve("mine", [mine], tmp_path).identity == settled.identity


def test_a_function_of_the_project_runs_in_the_environment(
    start: Start, index: Path, tmp_path: Path
) -> None:
    assert index.is_dir()
    (tmp_path / "adapter.py").write_text(ADAPTER)
    mine = ready(start(requirements=["boilerpy3==1.0.2"], call="adapter:title", sites=["*"]))
    assert extract(mine, PAGE).record == {"title": "1.0.2", "url": PAGE.url}
    assert mine.identity == "", "the project's own code may change between runs"


def test_a_function_that_cannot_be_imported_is_told_before_any_capture(
    start: Start, index: Path, tmp_path: Path
) -> None:
    assert index.is_dir()
    (tmp_path / "adapter.py").write_text("import no_such_module")
    mine = start(requirements=["boilerpy3==1.0.2"], call="adapter:title")
    with pytest.raises(ConfigError) as refused:
        ready(mine)
    assert "No module named 'no_such_module'" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_cannot_be_installed_fails_each_capture_and_is_tried_once(
    start: Start, index: Path
) -> None:
    mine = start(requirements=["boilerpy3==9"])
    first = extract(mine, PAGE)
    shutil.rmtree(index)
    assert first.failure and first.failure.type == "CannotStart"
    assert "no version of boilerpy3==9" in first.failure.message
    assert extract(mine, PAGE) == first


def test_a_release_that_is_typed_is_an_extractor(index: Path, tmp_path: Path) -> None:
    boilerpy3(index, "1.0.7", title="new")
    found = [resolve(f"boilerpy3=={each}", (), tmp_path) for each in ("1.0.2", "1.0.7")]
    assert [each.name for each in found] == ["boilerpy3-1-0-2", "boilerpy3-1-0-7"]
    assert [each.label for each in found] == ["boilerpy3==1.0.2", "boilerpy3==1.0.7"]
    assert found[0].identity != found[1].identity and found[0].handles("anything")
    titles = [extract(each, PAGE).record["title"] for each in found]  # type: ignore[index]
    assert titles == ["1.0.2", "new"]
    for each in found:
        each.close()


def test_only_limits_that_change_an_answer_are_in_an_identity() -> None:
    limits = Limits()
    assert identity_of(limits, "a") == identity_of(Limits(seconds=1, memory=5, output=2), "a")
    assert len({identity_of(each, "a") for each in (limits, Limits(network=True))}) == 2
    assert identity_of(limits, "a", "b") != identity_of(limits, "ab")
