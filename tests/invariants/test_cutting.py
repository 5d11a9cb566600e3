"""Lines that are several of the page's, or carry marks of Markdown, are read as what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.invariants.alignment import fold
from harness.invariants.cutting import Lines, cut, unmarked
from harness.text import squash
from tests.invariants.story import BODY, LAST, LEDE, SECOND, THIRD


def lines(*texts: str) -> Lines:
    keys = [squash(fold(text)) for text in texts]
    starts = [sum(map(len, keys[:n])) for n in range(len(keys) + 1)]
    return Lines("".join(keys), starts, fold)


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("- Three ships", ["Three ships"]),
        ("• Three ships", ["Three ships"]),
        ("12. Three ships", ["Three ships"]),
        ("(a) Three ships", ["Three ships"]),
        ("## Three ships ##", ["Three ships"]),
        ("> - **Three** ships", ["Three ships"]),
        ("See [the *old* quay](https://quay.example/a_(b)) now", ["See the old quay now"]),
        ("| Ship | Crew |", ["Ship", "Crew"]),
        ("Ship | Crew", ["Ship", "Crew"]),
        ("|---|:--|", ["|---|:--|"]),
        ("get_next_work and 2*3*4", ["get_next_work and 2*3*4"]),
        ("-5 degrees", ["-5 degrees"]),
        ("1.5 metres", ["1.5 metres"]),
        ("-", ["-"]),
        ("", [""]),
    ],
)
def test_marks_of_markdown_and_lists_are_taken_off(line: str, texts: list[str]) -> None:
    assert unmarked(line) == texts


@given(st.text(alphabet="-*#|_`[]() a1.\n", max_size=40))
def test_unmarking_any_line_gives_its_words_only(line: str) -> None:
    given_words = sorted(char for char in line if char == "a")
    assert unmarked(line)
    assert sorted(c for text in unmarked(line) for c in text if c == "a") <= given_words


def test_a_text_of_several_lines_is_cut_where_they_end() -> None:
    found = cut(f"{LEDE} {SECOND}{LAST}", lines(*BODY))
    assert [(part.text, part.glued) for part in found] == [
        (LEDE, False),
        (SECOND, False),
        (LAST, True),
    ]


def test_short_lines_between_long_ones_are_cut_off_too() -> None:
    found = cut(f"{LEDE} The vote {SECOND}", lines(LEDE, "The vote", SECOND))
    assert [part.text for part in found] == [LEDE, "The vote", SECOND]


def test_an_edited_line_is_not_cut() -> None:
    assert cut(LEDE.replace("island", "inland"), lines(*BODY)) == []
    assert cut(f"{SECOND} {SECOND[:60]}", lines(*BODY)) == []


def test_what_the_page_does_not_have_is_a_part_of_its_own() -> None:
    extra = "A sentence that nobody on the island has ever said or written down."
    assert [part.text for part in cut(f"{THIRD} {extra}", lines(*BODY))] == [THIRD, extra]


@given(st.lists(st.sampled_from(BODY), min_size=2, max_size=4, unique=True))
def test_the_parts_of_joined_lines_are_those_lines(texts: list[str]) -> None:
    assert [part.text for part in cut(" ".join(texts), lines(*BODY))] == texts
