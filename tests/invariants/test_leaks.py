"""What is not the article, and stands in the body, is told."""

from __future__ import annotations

import pytest

from harness.invariants import check
from harness.page import Page
from tests.invariants.story import (
    BODY,
    CAPTION,
    HIDDEN,
    LEDE,
    MENU,
    RELATED,
    TITLE,
    capture,
    errors,
    faults,
    found,
    page,
    with_text,
)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Terms of use", "chrome-leak"),
        ("Newsletter", "chrome-leak"),
        (MENU[0], "chrome-leak"),
        (CAPTION, "caption-leak"),
        ("A white ferry under a dark sky", "caption-leak"),
        (RELATED, "related-leak"),
        (f"Read more: {RELATED}", "related-leak"),
        (f"Lire aussi : {RELATED}", "related-leak"),
        (HIDDEN, "hidden-text"),
        ('var quay = {"on": true}; function go() { return quay; }', "hidden-text"),
    ],
)
@pytest.mark.parametrize("position", [0, 2, 4])
def test_a_line_that_is_no_part_of_the_article_is_named(
    line: str, fault: str, position: int
) -> None:
    assert fault in faults([*BODY[:position], line, *BODY[position:]])


def test_the_title_at_the_start_of_the_body_is_told() -> None:
    assert "title-in-body" in faults([TITLE, *BODY], title=TITLE)
    assert "title-in-body" in faults(with_text(0, f"{TITLE} {LEDE}"), title=TITLE)
    assert "title-in-body" not in faults(BODY, title=TITLE)


def test_the_byline_in_the_body_is_told() -> None:
    assert "chrome-leak" in faults(["By Ada Holm", *BODY], byline="Ada Holm")


def test_the_whole_page_for_the_article_is_an_error() -> None:
    lines = [line.text for line in Page(capture()).visible]
    assert "whole-page" in errors(lines)
    first, *rest = found(lines)
    assert first.fault == "whole-page" and rest, "the cause stands before what it brings"


def test_lines_that_pages_of_the_site_share_are_furniture() -> None:
    markup = page([*BODY, "The Quay is printed on paper from the island."])
    body = [*BODY, "The Quay is printed on paper from the island."]
    told = check({"body": body}, capture(markup), recurring={body[-1]})
    assert [f.fault for f in told] == ["chrome-leak"]
    assert check({"body": body}, capture(markup)) == []


def test_all_captions_kept_by_design_are_no_leak() -> None:
    figures = [f"<figure><figcaption>Ferry {n} at the quay.</figcaption></figure>" for n in "123"]
    markup = page([*figures, LEDE, *BODY[1:]])
    body = [*(f"Ferry {n} at the quay." for n in "123"), *BODY]
    assert "caption-leak" not in faults(body, markup)


def test_text_for_screen_readers_only_is_told() -> None:
    markup = page([*BODY, '<span class="sr-only">Opens in a new window</span>'])
    assert "hidden-text" in faults([*BODY, "Opens in a new window"], markup)


def test_an_article_inside_an_element_named_like_furniture_is_no_leak() -> None:
    markup = page().replace('<div class="story">', '<div class="story with-sidebar sidebar">')
    assert "chrome-leak" not in faults(BODY, markup)
