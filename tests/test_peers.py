"""Other people's extractors under ours: what a missing one says, and what each gives."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from harness import peers
from harness.errors import ConfigError
from harness.extraction import Extractor, extract
from harness.extraction.registry import resolve
from harness.model import Capture, Outcome
from tests.command_line import Call, NewProject, caller, one_line
from tests.conftest import REPOSITORY, Project

PARAGRAPHS = [
    f"{word} is what the people of the town have to say about the river, which has been rising for"
    " the last few days and which is now at the height of the old market, as it was in the year of"
    " the great flood that everybody here still talks about." for word in ("This", "That", "Here")
]  # fmt: skip
ARTICLE = f"""<!doctype html><html lang="en"><head><title>The river is rising</title>
<meta name="author" content="Ada Lane">
<meta property="article:published_time" content="2026-03-01T08:00:00Z"></head><body>
<article><h1>The river is rising</h1>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</article>
</body></html>"""
INSTALLED = {
    name: importlib.util.find_spec(module.partition(".")[0]) is not None
    for name, module in peers.MODULES.items()
}
needs_library = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            not here, reason=f"{name} is not installed; `tox run -e peers` runs this"
        ),
    )
    for name, here in INSTALLED.items()
]


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


def run(name: str, page: str, **meta: str) -> Outcome:
    found = getattr(peers, name)
    assert isinstance(found, Extractor)
    return extract(found, Capture("site", "page", page.encode(), "text/html", **meta))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", peers.MODULES)
def test_a_peer_is_an_extractor_of_any_site(name: str) -> None:
    found = getattr(peers, name)
    assert isinstance(found, Extractor)
    assert found.name == name and found.handles("anything")


@pytest.mark.parametrize("name", peers.MODULES)
def test_a_library_that_is_missing_names_the_extra(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    said = f"{name} is not installed; pip install 'extraction-harness[peers]'"
    for spelled in (name, f"harness.peers:{name}"):
        with pytest.raises(ConfigError) as refused:
            resolve(spelled, (), REPOSITORY)
        assert str(refused.value) == said


def test_the_command_line_says_it_in_one_line(
    harness: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "goose3" else real(name, *a)
    )
    said = one_line(harness("stress", "-x", "goose3"))
    assert said == "goose3 is not installed; pip install 'extraction-harness[peers]'"


def test_a_projects_own_extractor_of_that_name_comes_first() -> None:
    own = Extractor("trafilatura", lambda _: {}, ("*",))
    assert resolve("trafilatura", [own], REPOSITORY) is own


def test_peers_can_be_listed_in_the_configuration(empty: Project, harness: Call) -> None:
    empty.write("harness.toml", 'extractors = ["harness.peers"]\n')
    empty.add("alpha", "<p>x</p>")
    listed = harness("check", "--list")
    assert listed.code == 0, listed
    assert {line.partition(":")[0] for line in listed.out.split()} == set(peers.MODULES)


@pytest.mark.parametrize("name", needs_library)
def test_an_article_comes_out_with_what_the_library_gives(name: str) -> None:
    record = run(name, ARTICLE).record
    assert record is not None
    if name == "newspaper4k":
        # It drops the last paragraph: docs/peer-faults.md.
        assert record["body"] == PARAGRAPHS or record["body"] == PARAGRAPHS[:-1]
    else:
        assert [text for text in record["body"] if len(text) > 60] == PARAGRAPHS  # type: ignore
    if name in ("justext", "resiliparse"):
        assert set(record) == {"body"}
    else:
        assert "The river is rising" in str(record["title"])
        assert record["byline"] == "Ada Lane"
    if name in ("trafilatura", "newspaper4k", "goose3"):
        assert "2026-03-01" in str(record["published"])


@pytest.mark.parametrize("name", needs_library)
def test_no_page_makes_a_peer_use_the_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    image = '<img src="https://example.com/big.jpg"><meta http-equiv=refresh content="0;url=/b">'
    for page in ("", "<p>x", ARTICLE.replace("<h1>", f"{image}<h1>")):
        failure = run(name, page, url="https://example.com/a").failure
        assert failure is None or "socket" not in failure.message


@pytest.mark.parametrize("name", needs_library)
def test_the_same_page_gives_the_same_record(name: str) -> None:
    first = run(name, ARTICLE)
    run(name, ARTICLE.replace("river", "mountain"))
    assert run(name, ARTICLE) == first


@pytest.mark.parametrize("name", needs_library)
def test_no_peer_writes_to_the_terminal(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    run(name, "<p>x")
    run(name, ARTICLE.replace("08:00:00Z", "08:00:00 or so"))
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
