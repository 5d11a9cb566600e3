"""Tokens of HTML source, and where its prose stands."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.mutations.markup import (
    CLOSE,
    COMMENT,
    OPEN,
    RAW,
    Outline,
    read_tag,
    source_of,
    tokenize,
)
from tests.mutations.pages import ARTICLE, PROSE

MARKUP = st.lists(
    st.sampled_from(
        "<p> </p> <div class=a> <div class='b>c'> </div> <!-- x --> <!--> <script> "
        "</script> & &amp; "
        '<title> </title> < > </ <a href="x>y"> <br/> text \x00 é <svg> </svg> <li> <table><tr> '
        "<![CDATA[ ]]> <?php <!doctype html> <p hidden> <pre> \n".split(" ")
    ),
    max_size=30,
).map("".join)


@given(MARKUP)
@example("<")
@example("<script>a</scrip")
@example("<a b='")
def test_tokens_joined_are_the_source(source: str) -> None:
    assert source_of(tokenize(source)) == source


@given(MARKUP)
def test_any_source_has_an_outline(source: str) -> None:
    outline = Outline(tokenize(source))
    assert len(outline.parent) == len(outline.tokens) == len(outline.out_of_sight)
    assert all(parent < i for i, parent in enumerate(outline.parent))
    assert all(start < end for start, end in outline.end.items())
    assert outline.paragraphs is not None


def test_a_script_is_one_raw_token_whatever_it_holds() -> None:
    kinds = [(t.kind, t.source) for t in tokenize("<script>if (a<b) '</p>'</script><!-- <p> -->")]
    assert kinds == [
        (OPEN, "<script>"),
        (RAW, "if (a<b) '</p>'"),
        (CLOSE, "</script>"),
        (COMMENT, "<!-- <p> -->"),
    ]


@pytest.mark.parametrize(
    "source",
    ["<p>", "<a href=\"x\" B='y' c=z d>", "<img src=a/>", '<br class="x" />', "<x-y a:b='1'/>"],
)
def test_a_tag_is_taken_apart_and_put_together(source: str) -> None:
    tag = read_tag(source)
    assert tag is not None
    assert read_tag(tag.render()) == tag


@pytest.mark.parametrize("source", ["<p", '<a "x">', "<a b='>", "</p>", '<a b=c"d>'])
def test_a_tag_that_breaks_the_rules_is_left_alone(source: str) -> None:
    assert read_tag(source) is None


def test_the_article_is_the_longest_run_of_prose() -> None:
    outline = Outline(tokenize(ARTICLE))
    assert [p.text for p in outline.article] == PROSE


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div hidden>{}</div>",
        "<div style='display: none'>{}</div>",
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<dialog>{}</dialog>",
    ],
)
def test_what_no_reader_sees_is_no_article(wrapper: str) -> None:
    hidden = "".join(f"<p>{line}</p>" for line in PROSE * 2)
    shown = "".join(f"<p>{line}</p>" for line in PROSE[:3])
    source = f"<body>{wrapper.format(hidden)}<div>{shown}</div></body>"
    assert len(Outline(tokenize(source)).article) == 3


def test_unclosed_list_items_are_siblings() -> None:
    outline = Outline(tokenize("<ul><li>one<li>two</ul><p>a<p>b<div>c</div>"))
    items = [i for i, t in enumerate(outline.tokens) if t.name in ("li", "p") and t.kind is OPEN]
    names = [outline.names_above(i) for i in items]
    assert names == [{"ul"}, {"ul"}, set(), set()]


def test_lists_of_links_are_no_prose() -> None:
    link = "<p><a href=x>A headline long enough to be taken for a sentence, but a link</a></p>"
    assert Outline(tokenize(f"<div>{link * 5}</div>")).article == []
