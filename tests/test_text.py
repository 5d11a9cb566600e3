"""White space, tokens, and what a reader cannot see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.text import collapse, plain_quotes, shorten, show_unseen, squash, tokens, words
from tests.trees import any_text


@given(any_text)
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert [token for token in tokens(text) if token in set(words(text))] == words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop", ["Don", "'", "t", " ", "stop"]),
        ("a  \n b", ["a", "  \n ", "b"]),
        ("漢字です", ["漢", "字", "で", "す"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("대한 민국", ["대한", " ", "민국"]),
        ("क्षि है", ["क्षि", " ", "है"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_a_word_keeps_its_marks_and_scripts_without_spaces_split(
    text: str, expected: list[str]
) -> None:
    assert tokens(text) == expected


def test_white_space_is_what_css_says() -> None:
    assert collapse(" a\t\n\r\f b ") == "a b"
    assert collapse("\u00a0a\u00a0 b\u3000") == "\u00a0a\u00a0 b\u3000", "content, not space"
    assert squash(" a\u00a0b\u3000c\n") == "abc"


@given(any_text)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    for once in (collapse, squash, plain_quotes, show_unseen):
        assert once(once(text)) == once(text)


def test_curly_quotes_become_straight() -> None:
    assert plain_quotes("“It’s—well…”\u202f5") == '"It\'s-well..." 5'


def test_unseen_characters_are_named() -> None:
    assert show_unseen("a\u202eb\ud800c\u2028") == "a⟨U+202E⟩b⟨U+D800⟩c⟨U+2028⟩"
    assert show_unseen("می\u200cخواهم\n") == "می\u200cخواهم\n", (
        "ZWNJ is an ordinary letter's company"
    )


@given(any_text, st.integers(2, 80))
def test_a_shortened_text_is_one_line_that_can_be_encoded(text: str, width: int) -> None:
    line = shorten(text, width)
    assert len(line) <= width
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")
