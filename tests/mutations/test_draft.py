"""Drafts: text and bytes go over into each other, and an edited page is held to its law."""

from __future__ import annotations

import pytest

from harness.mutations.draft import Draft, NotEditableError
from tests.mutations.pages import PROSE, html


def test_a_reader_may_see_the_same_in_another_tree() -> None:
    draft = Draft(html("<p>a</p><p>b</p>"))
    other = html("<p>a</p><div>b</div>")
    assert draft.keeps(other, "same-lines")
    assert not draft.keeps(other, "same-tree")
    assert draft.keeps(html("<p>a</p>\n <p>b</p>"), "same-tree")


def test_other_lines_break_every_law_but_one() -> None:
    draft, other = Draft(html("<p>a</p><p>b</p>")), html("<p>a b</p>")
    assert not draft.keeps(other, "same-lines")
    assert not draft.keeps(other, "same-tree")
    assert draft.keeps(other, "any")
    assert draft.keeps(other, lambda before, after: before == after == "ab")


def test_an_edit_that_moves_the_charset_is_none() -> None:
    draft = Draft(html('<meta charset="iso-8859-1"><p>a</p>'))
    assert not draft.keeps(html("<p>a</p>"), "any")


def test_a_text_that_metadata_states_too_is_known_in_any_spelling() -> None:
    text = PROSE[2]
    once = Draft(html(f"<p>{text}</p>"))
    escaped = text.replace("’", "\\u2019").replace("é", "\\u00e9")
    twice = Draft(html(f'<p>{text}</p><script>{{"articleBody": "{escaped}"}}</script>'))
    described = Draft(html(f'<meta content="{text[: len(text) // 2]}…"><p>{text}</p>'))
    assert (once.stated(text), twice.stated(text), described.stated(text)) == (1, 2, 1)


def test_new_text_is_written_in_the_page_s_charset() -> None:
    draft = Draft(html('<meta charset="windows-1251"><p>a</p>'))
    assert draft.escape("Да <b> & ☃") == "Да &lt;b&gt; &amp; &#9731;"


@pytest.mark.parametrize("body", ["a\0b"])
def test_a_page_that_cannot_be_written_back_is_not_edited(body: str) -> None:
    with pytest.raises(NotEditableError):
        Draft(html(body))
