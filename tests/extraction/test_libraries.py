"""The calls of others' libraries: in old interpreters, and in the shapes their releases have."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from harness.extraction import libraries, worker
from harness.extraction.libraries import LIBRARIES, call

PAGE, URL = "<p>one", "https://example.com/"
Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a made-up library in place of the module of that name."""

    def module(name: str, **members: Any) -> None:
        made = ModuleType(name)
        vars(made).update(members)
        monkeypatch.setitem(sys.modules, name, made)

    return module


@pytest.mark.parametrize("module", [libraries, worker], ids=["libraries", "worker"])
def test_what_old_interpreters_load_is_their_syntax_and_their_library(module: ModuleType) -> None:
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text("utf-8"), feature_version=(3, 8))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    # `X | Y` and `list[X]` are evaluated where they are not annotations; 3.8 has neither.
    values = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    for value in values:
        assert not any(
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("list", "dict", "tuple", "set")
            for node in ast.walk(value)
        )


def test_an_unknown_library_is_a_key_error_and_a_missing_one_an_import_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(KeyError):
        call("beautifulsoup")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ImportError):
        call("trafilatura")


@pytest.mark.parametrize(
    ("version", "options"),
    [("0.9.1", {}), ("1.10.0", {}), ("1.11.0", {"with_metadata": True})]
    + [(each, {"with_metadata": True}) for each in ("1.12.2", "2.0.0", "2.3.1", "10.0")],
)
def test_trafilatura_is_asked_for_metadata_where_that_leaves_no_page_out(
    install: Install, version: str, options: dict[str, bool]
) -> None:
    asked: list[dict[str, Any]] = []

    def bare_extraction(html: str, **given: Any) -> None:
        assert html == PAGE
        asked.append(given)

    install("trafilatura", __version__=version, bare_extraction=bare_extraction)
    nothing = {"title": None, "byline": None, "published": None, "body": []}
    assert call("trafilatura")(PAGE, URL) == nothing
    assert asked == [{"url": URL, **options}]


@pytest.mark.parametrize("shape", [dict, SimpleNamespace])
def test_trafilatura_gives_a_dict_or_a_document(install: Install, shape: Any) -> None:
    found = shape(title="T", author="A", date="2026-01-01", text="one\n\n two \n")
    install("trafilatura", __version__="1.5", bare_extraction=lambda _, **__: found)
    record = call("trafilatura")(PAGE, None)
    assert record == {
        "title": "T",
        "byline": "A",
        "published": "2026-01-01",
        "body": ["one", "two"],
    }


class _Article(SimpleNamespace):
    def download(self, input_html: str) -> None:
        self.title, self.text = "T", f"{input_html}\n{self.url}"

    def parse(self) -> None:
        self.authors, self.publish_date = ["A", "B"], None


@pytest.mark.parametrize(("version", "short"), [("0.2.8", 0), ("0.9.1", 0), ("0.9.3", 1)])
@pytest.mark.parametrize("name", ["newspaper3k", "newspaper4k"])
def test_newspaper_is_given_the_page_in_every_release(
    install: Install, name: str, version: str, short: int
) -> None:
    calls: list[str] = []

    def article(url: str, input_html: str, fetch_images: bool) -> _Article:
        calls.append(url)
        made = _Article(url=url, fetch_images=fetch_images)
        made.download(input_html)
        made.parse()
        return made

    def make(url: str, fetch_images: bool) -> _Article:
        assert not fetch_images
        return _Article(url=url)

    install("newspaper", __version__=version, article=article, Article=make)
    record = call(name)(PAGE, None)
    assert record["byline"] == "A, B"
    assert record["body"] == [PAGE, "https://page.invalid/"]
    assert len(calls) == short


def test_readability_before_0_8_knows_no_author(install: Install) -> None:
    class Old:
        def __init__(self, html: str, url: str | None) -> None:
            self.said = [html, url]

        def title(self) -> str:
            return "T"

        def summary(self) -> str:
            return "<p>x"

    class New(Old):
        def author(self) -> str:
            return "A"

    for document, author in ((Old, None), (New, "A")):
        install("readability", Document=document)
        record = call("readability")(PAGE, URL)
        assert record == {"title": "T", "byline": author, "body": {"$html": "<p>x"}}


def test_every_library_has_a_module_and_says_how_it_is_called() -> None:
    for module, function in LIBRARIES.values():
        assert module and function.__doc__
