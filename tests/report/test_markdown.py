"""Foreign text in Markdown stays text, as a real renderer of Markdown sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from harness.model import Hunk, Piece
from harness.report.markdown import cell, code, code_cell, edits, is_web_address, link, size
from tests.report.runs import HOSTILE
from tests.trees import any_text

OURS = {"html", "head", "body", "p", "code", "pre", "del", "ins"}
BITS = [*HOSTILE.split(" "), "\n", " ", "`", "|", "~~", "__x__", "1. ", "- ", "$x$", "/label", "\\"]
texts = st.one_of(any_text, st.lists(st.sampled_from(BITS), max_size=12).map("".join))


def tags(markdown: str) -> set[str]:
    """The elements that a page with this Markdown has; raw HTML is taken as it is, as forges do."""
    page = LexborHTMLParser(
        MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown)
    )
    return {node.tag for node in page.css("*")}


def noticed(markdown: str) -> str:
    """What a forge looks through for mentions, references and bare links: text that is no code."""
    page = LexborHTMLParser(
        MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown)
    )
    for node in page.css("code, pre"):
        node.decompose()
    return page.text()


@given(texts)
def test_no_text_makes_markup_or_calls_anybody(text: str) -> None:
    # Never first in a line: "1." is a list there.
    for made in (f"x {cell(text)}", code(text), f"| {cell(text)} |", f"- **x** {cell(text)}"):
        assert tags(made) <= OURS | {"ul", "li", "strong"}, made
        said = noticed(made)
        assert not re.search(r"@\w|#\d|GH-\d|!\d|~\w|://|www\.|:\w+:|\$\w", said, re.I), said
        assert len(made.splitlines()) <= 1


@given(st.lists(texts, min_size=1, max_size=3))
def test_a_cell_of_a_table_stays_one(cells: list[str]) -> None:
    for shown in (cell, code_cell):
        row = " | ".join(shown(text) or "-" for text in [*cells, "last"])
        columns = len(cells) + 1
        table = f"|{' x |' * columns}\n|{'---|' * columns}\n| {row} |\n"
        html = MarkdownIt("gfm-like", {"linkify": False}).render(table)
        # What is too much in a row is dropped, so the last one tells.
        assert html.count("<td>") == columns, table
        assert re.search(r"<td>(<code>)?last(</code>)?</td>\s*</tr>", html), table


@given(st.lists(st.tuples(st.sampled_from("=-+"), texts), max_size=4), texts)
def test_a_diff_shows_every_word_and_nothing_else(
    pieces: list[tuple[str, str]], where: str
) -> None:
    hunk = Hunk(where, tuple(Piece(op, text) for op, text in pieces))
    made = "\n".join(edits([hunk], width=10_000))
    assert tags(made) <= {"html", "head", "body", "pre", "del", "ins"}, made
    assert not noticed(made).strip()
    # GitLab obeys lines that begin with a slash; a blank line would end nothing but look odd.
    assert not any(line.startswith(("/", " /")) or not line for line in made.splitlines())


def test_an_edit_is_told_by_word() -> None:
    hunk = Hunk("paragraph 3 of 9", (Piece("-", "By "), Piece("=", "Ada & Co"), Piece("+", "  ")))
    assert edits([hunk]) == [
        "<pre>",
        "• paragraph 3 of 9: <del>By </del>Ada &amp; Co<ins>␣␣</ins>",
        "</pre>",
    ]
    whole = Hunk("", (Piece("-", "a"), Piece("+", "b")))
    assert edits([whole] * 5)[1:-1] == ["• <del>a</del> → <ins>b</ins>"] * 3 + ["… 2 more"]
    assert edits([]) == edits([Hunk("", ())]) == []
    long = Hunk("", (Piece("=", "a" * 500), Piece("+", "b" * 500), Piece("=", "c" * 500)))
    assert size(edits([long])) < 500


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://ci.example/job/1#artifacts", True),
        ("http://localhost:8080/x", True),
        ("javascript:alert(1)", False),
        ("https://x/>)[a](b", False),
        ("https://x/ y", False),
        ("https://x/\u202e", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_a_web_address_becomes_a_link(url: str, good: bool) -> None:
    assert is_web_address(url) is good
    assert ("a" in tags(link("report", url))) is good
