"""Bodies in every form: read as paragraphs, and written again in their own form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.faults.bodies import Body, Paragraph
from harness.model import Tree
from tests import trees
from tests.faults.samples import BODIES, PARAGRAPHS


def test_every_form_holds_the_same_paragraphs() -> None:
    for name, value in BODIES.items():
        assert Body(value).texts == PARAGRAPHS, name


@given(trees.trees)
def test_a_body_that_is_not_changed_is_the_same(value: Tree) -> None:
    body = Body(value)
    if body.paragraphs:
        assert body.rebuilt(body.paragraphs) == value
        assert body.with_texts(body.texts) == value


@given(st.lists(trees.prose, min_size=2, max_size=6, unique=True), st.data())
def test_one_paragraph_less_is_one_less_in_every_form(
    texts: list[str], data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, len(texts) - 1))
    kept = [text for number, text in enumerate(texts) if number != lost]
    half = len(texts) // 2
    for value in (
        texts,
        "\n\n".join(texts),
        "\n".join(texts),
        {"$tuple": texts},
        {"summary": texts[:half], "sections": [{"paragraphs": texts[half:]}]},
        "".join(f"<p class=x>{text}</p>\n" for text in texts),
    ):
        body = Body(value)
        assert body.texts == texts
        rebuilt = body.rebuilt([p for n, p in enumerate(body.paragraphs) if n != lost])
        assert Body(rebuilt).texts == kept
        assert type(rebuilt) is type(value)


def test_line_ends_between_the_other_paragraphs_stay_as_they_were() -> None:
    body = Body("one\n\ntwo\nthree\n\n\nfour")
    assert body.with_texts(["one", "TWO", "three", "four"]) == "one\n\nTWO\nthree\n\n\nfour"
    assert body.rebuilt(body.paragraphs[1:]) == "two\nthree\n\n\nfour"
    assert body.inserted(1, "new") == "one\n\nnew\n\ntwo\nthree\n\n\nfour"


def test_a_new_paragraph_stands_in_the_box_of_the_one_before() -> None:
    value: Tree = {"summary": ["a"], "sections": [{"paragraphs": ["b", "c"]}]}
    body = Body(value)
    assert body.inserted(1, "x") == {
        "summary": ["a", "x"],
        "sections": [{"paragraphs": ["b", "c"]}],
    }
    assert body.inserted(3, "x") == {
        "summary": ["a"],
        "sections": [{"paragraphs": ["b", "c", "x"]}],
    }
    assert body.inserted(0, "x") == {
        "summary": ["x", "a"],
        "sections": [{"paragraphs": ["b", "c"]}],
    }


def test_nothing_is_a_body_of_no_paragraphs() -> None:
    empty: tuple[Tree, ...] = (None, "", " \n ", [], {}, 5, [" "], {"$date": "2026-01-01"})
    for value in empty:
        assert Body(value).paragraphs == []
    assert Body(None).rebuilt([Paragraph("x", 0)]) == ["x"]


def test_html_paragraphs_are_read_as_text_and_new_ones_escaped() -> None:
    body = Body("<article><p>A &amp; <b>b</b></p><p>C</p></article>")
    assert body.texts == ["A & b", "C"]
    assert body.with_texts(["A & b", "x < y"]) == (
        "<article><p>A &amp; <b>b</b></p>\n<p>x &lt; y</p></article>"
    )
