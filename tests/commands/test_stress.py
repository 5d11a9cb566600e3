"""``harness stress``: what it says, writes and refuses."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from tests.command_line import Call, fill, one_line
from tests.conftest import PAGE, Project

# Spaces before an end tag are eaten, as jusText does.
GLUING = """
from harness import Page, extractor

@extractor("site")
def site(page):
    source = page.source.replace("</span> ", "</span>").encode()
    read = Page(page.capture.__class__("a", "b", source, "text/html"))
    return {"title": page.text("h1"), "body": [t for t in read.lines("article")]}
"""
SOUND = """
from harness import extractor

@extractor("site")
def site(page):
    return {"title": page.text("h1"), "body": page.lines("article")}
"""
LONG = PAGE.replace(
    "The second paragraph says a little more.",
    "The second paragraph says a little more, and what it says is about the ferry and the harbour.",
)


@pytest.fixture
def stories(empty: Project) -> Project:
    """Two captures and an extractor that is sound."""
    empty.write("extractors/site.py", SOUND)
    for title in ("alpha", "beta"):
        empty.add(title, LONG.format(title=title))
    return empty


def test_a_sound_extractor_passes_and_the_table_is_saved(stories: Project, harness: Call) -> None:
    done = harness("stress", "-x", "site", "--must-only")
    assert done.code == 0, done
    assert "every relation that must hold held" in done.out
    saved = json.loads((stories.root / ".harness/stress.json").read_text())
    assert saved["format"] == "harness-stress/1" and saved["captures"] == 2
    page = (stories.root / ".harness/stress.html").read_text()
    assert page.startswith("<!doctype html>") and "<script" not in page
    assert str(stories.root / ".harness/stress.html") in done.out


def test_a_fault_gets_a_small_page_and_one_command_that_shows_it(
    stories: Project, harness: Call
) -> None:
    stories.write("extractors/site.py", GLUING)
    done = harness("stress", "-x", "site", "--mutation", "span-word", "--output-format", "json")
    assert done.code == 1, done
    [fault] = json.loads(done.out)["faults"]
    assert (fault["field"], fault["fault"], fault["captures"]) == ("body", "glued", 2)
    small = fault["shrunk"]
    assert small["path"] == ".harness/stress/site/span-word-body-glued.html"
    written = (stories.root / small["path"]).read_bytes()
    assert written.decode() == small["source"]
    assert len(written) == small["size_to"] <= 200
    shown = harness(*small["command"].split()[1:])
    assert shown.code == 1, shown
    assert "same-tokens: body" in shown.out


def test_the_terminal_names_field_class_and_command(stories: Project, harness: Call) -> None:
    stories.write("extractors/site.py", GLUING)
    done = harness("stress", "-x", "site", "alpha", "--mutation", "neutral markup")
    assert done.code == 1
    assert "span-word body [glued] on 1 page" in done.out
    assert "harness shrink .harness/stress/site/" in done.out
    assert re.search("everything survives .*soft-wrap", done.out)


def test_a_plain_folder_of_pages_is_a_corpus(stories: Project, harness: Call) -> None:
    stories.write("pages/one.html", LONG.format(title="one"))
    stories.write("pages/deep/two.htm.gz", gzip.compress(LONG.format(title="two").encode()))
    stories.write("pages/notes.md", "no page")
    done = harness(
        "stress", "-x", "site", "--corpus", "pages", "--mutation", "comments", "--output-format",
        "json",
    )  # fmt: skip
    assert (done.code, json.loads(done.out)["captures"]) == (0, 2)
    some = harness("stress", "-x", "site", "--corpus", "pages", "deep/", "--mutation", "comments")
    assert "site: 1 page, 1 mutated page" in some.out


def test_a_corpus_of_captures_elsewhere_and_single_files(stories: Project, harness: Call) -> None:
    done = harness("stress", "-x", "site", "--corpus", "corpus", "--mutation", "comments")
    assert "2 pages, 2 mutated pages" in done.out
    page = stories.write("a.html", LONG.format(title="a"))
    done = harness("stress", "-x", "extractors.site:site", str(page), "--mutation", "comments")
    assert done.code == 0 and "1 page, 1 mutated page" in done.out


def test_two_files_of_one_name_are_two_pages(stories: Project, harness: Call) -> None:
    for folder in ("a", "b"):
        stories.write(f"{folder}/page.html", LONG.format(title=folder))
    stories.write("extractors/site.py", GLUING)
    done = harness("stress", "-x", "site", "a/page.html", "b/page.html", "--mutation", "span-word")
    assert "span-word body [glued] on 2 pages" in done.out


def test_without_a_project_the_defaults_do(stories: Project, harness: Call) -> None:
    stories.write("plain.py", 'def read(capture):\n    return {"size": str(len(capture.body))}\n')
    stories.write("a.html", LONG.format(title="a"))
    (stories.root / "harness.toml").unlink()
    done = harness("stress", "-x", "plain:read", "a.html", "--mutation", "comments", "--no-shrink")
    assert done.code == 1, done
    assert "comments size" in done.out
    assert (stories.root / ".harness/stress.json").exists()
    assert (stories.root / ".harness/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-x", "sit"), "no extractor 'sit'; did you mean 'site'?"),
        (("-x", "site", "nothing"), "no capture matches 'nothing'"),
        (
            ("-x", "site", "--mutation", "commets"),
            "no mutation 'commets'; did you mean 'comments'?",
        ),
        (("-x", "site", "--corpus", "nowhere"), "no folder nowhere"),
        (("-x", "site", "--corpus", "extractors"), "extractors holds no page: neither"),
        (("-x", "json:no"), "extractor 'json:no': json has no function 'no'"),
    ],
)
@pytest.mark.usefixtures("stories")
def test_a_mistake_is_one_line(harness: Call, words: tuple[str, ...], said: str) -> None:
    assert one_line(harness("stress", *words)).startswith(said)


def test_an_empty_corpus_says_what_to_name(harness: Call) -> None:
    assert "name files, or a folder" in one_line(harness("stress", "-x", "site"))


def test_a_broken_archive_is_named(stories: Project, harness: Call) -> None:
    stories.write("pages/a.html.gz", b"\x1f\x8bnonsense")
    said = one_line(harness("stress", "-x", "site", "--corpus", "pages"))
    assert said.startswith("pages/a.html.gz is broken")


def test_a_sites_captures_are_chosen_as_for_check(empty: Project, harness: Call) -> None:
    fill(empty, "alpha", "beta", "gamma")
    done = harness("stress", "-x", "site", "alpha", "gam", "--mutation", "comments")
    assert "2 pages, 2 mutated pages" in done.out


def test_where_nothing_was_stressed_it_does_not_pass(stories: Project, harness: Call) -> None:
    stories.write("raising.py", "def read(capture):\n    raise ValueError('no')\n")
    done = harness("stress", "-x", "raising:read", "--mutation", "comments")
    assert done.code == 2, done
    assert "2 pages without mutation made it raise: ValueError" in done.out
    assert "every relation" not in done.out
    assert done.err.startswith("harness: nothing was stressed")


@pytest.mark.parametrize("name", ["a/b", "n\0ul", "x" * 300, "/etc/x"])
def test_a_field_of_any_name_gets_a_small_page_in_its_folder(
    stories: Project, harness: Call, name: str
) -> None:
    module = f"odd{len(name)}"
    stories.write(
        f"{module}.py",
        f"def read(capture):\n    return {{{name!r}: f'size {{len(capture.body)}}'}}\n",
    )
    done = harness(
        "stress",
        "-x",
        f"{module}:read",
        "alpha",
        "--mutation",
        "comments",
        "--output-format",
        "json",
    )
    assert done.code == 1, done
    [fault] = json.loads(done.out)["faults"]
    path = stories.root / fault["shrunk"]["path"]
    assert path.parent == stories.root / ".harness/stress/read" and path.is_file()


def test_where_no_page_can_be_written_the_table_is_still_told(
    stories: Project, harness: Call
) -> None:
    stories.write("extractors/site.py", GLUING)
    stories.write(".harness/stress", "a file where the folder should be")
    done = harness("stress", "-x", "site", "--mutation", "span-word")
    assert done.code == 1, done
    assert "span-word body [glued] on 2 pages" in done.out
    assert "note: no small pages: cannot write" in done.err
