"""The body is the article: whole, in order, once, and from its own part of the page."""

from __future__ import annotations

from typing import Any

import pytest

from harness.invariants import check
from harness.model import Capture
from tests.invariants.story import (
    BODY,
    CAPTION,
    LAST,
    LEDE,
    MENU,
    RELATED,
    SECOND,
    THIRD,
    TITLE,
    capture,
    errors,
    faults,
    found,
    page,
    with_text,
)

SECTIONS = {"summary": [], "sections": [{"headline": [], "paragraphs": BODY}]}


@pytest.mark.parametrize("body", [BODY, "\n".join(BODY), "\n\n".join(BODY), SECTIONS])
def test_a_right_body_in_any_form_is_clean(body: Any) -> None:
    assert found(body, title=TITLE, byline="Ada Holm") == []


def test_a_right_body_as_html_is_clean() -> None:
    assert found("<div>" + "".join(f"<p>{text}</p>" for text in BODY) + "</div>") == []


@pytest.mark.parametrize("empty", ["", [], None, " \n", {"summary": [], "sections": []}])
def test_an_empty_body_of_a_page_with_an_article_is_told(empty: Any) -> None:
    (finding,) = [f for f in found(empty, title=TITLE) if f.field == "body"]
    assert (finding.fault, finding.severity) == ("empty", "error")
    assert finding.quote == LEDE[:199].rstrip() or finding.quote.startswith(LEDE[:80])


def test_an_empty_body_of_a_short_piece_of_news_is_a_warning() -> None:
    markup = f"<article><h1>{TITLE}</h1><p>{LEDE}</p><p>{SECOND}</p></article>"
    assert 160 < len(LEDE + SECOND) < 400
    assert [(f.fault, f.severity) for f in found([], markup)] == [("empty", "warning")]


def test_an_empty_body_of_a_page_without_prose_is_right() -> None:
    assert found([], "<h1>Tides</h1><ul><li>High<li>Low</ul>") == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (BODY[1:], "lede-missing"),
        ([LEDE, SECOND, LAST], "paragraph-lost"),
        (BODY[:3], "truncated"),
        (with_text(3, LAST[:60]), "truncated"),
        (with_text(3, LAST[:60] + "…"), "truncated"),
        (with_text(3, LAST[:60] + " [...]"), "truncated"),
        ([*BODY, LEDE], "duplicated"),
        (BODY * 2, "duplicated"),
        (with_text(1, SECOND[:35] + SECOND), "duplicated"),
        ([SECOND, LEDE, THIRD, LAST], "reordered"),
        ([*BODY[1:], LEDE], "reordered"),
        (["".join(BODY)], "glued"),
        ([LEDE + SECOND, THIRD, LAST], "glued"),
        ([LEDE[:44], LEDE[45:], SECOND, THIRD, LAST], "split"),
        (["We value your privacy. Please accept cookies to continue."], "stub"),
        ([LEDE[:30]], "stub"),
        ([RELATED], "stub"),
    ],
)
def test_what_happened_to_the_body_is_named(body: list[str], fault: str) -> None:
    assert fault in faults(body)


def test_a_lost_lede_and_a_moved_paragraph_are_errors() -> None:
    assert "lede-missing" in errors(BODY[1:])
    assert "reordered" in errors([SECOND, LEDE, THIRD, LAST])
    assert "truncated" in errors(with_text(3, LAST[:101]))
    assert "duplicated" in errors([*BODY, LEDE])


def test_another_block_that_holds_little_of_the_pages_prose_is_told() -> None:
    comment = (
        "I have lived on the island for forty years, and this was always so; well done, crews!"
    )
    markup = page() + f"<section><p>{comment}</p></section>"
    assert {"stub", "wrong-block"} & faults([comment], markup)


def test_the_place_of_a_lost_paragraph_is_told() -> None:
    (finding,) = [f for f in found([LEDE, SECOND, LAST]) if f.fault == "paragraph-lost"]
    assert finding.place is not None
    line, start, end = finding.place
    assert check({}, capture()) == []
    from harness.page import Page

    assert Page(capture()).visible[line].text[start:end] == THIRD


def test_order_of_sections_before_summary_is_no_fault() -> None:
    body = {"summary": [LEDE], "sections": [{"headline": [], "paragraphs": BODY[1:]}]}
    assert "reordered" not in faults(body)


def test_keys_of_sections_in_another_order_than_the_pages_are_no_fault() -> None:
    markup = page(["Votes", SECOND, "Ships", LAST])
    body = [{"content": SECOND, "title": "Votes"}, {"content": LAST, "title": "Ships"}]
    assert "reordered" not in faults({"sections": body}, markup)


def test_a_text_that_the_page_shows_twice_may_stand_twice() -> None:
    assert "duplicated" not in faults([*BODY, LEDE], page([*BODY, LEDE]))


def test_stated_article_body_that_is_much_longer_is_told() -> None:
    stated = " ".join(BODY * 3)
    script = f'<script type="application/ld+json">{{"@type":"Article","articleBody":"{stated}"}}'
    markup = f"<p>{LEDE}</p>{script}</script>"
    assert "stub" in errors([LEDE], markup)


def test_an_article_that_stands_in_data_only_gives_one_warning() -> None:
    blob = '<script>window.DATA = ["' + '","'.join(BODY) + '"]</script><div id=app></div>'
    assert [(f.fault, f.severity) for f in found(BODY, blob)] == [("hidden-text", "warning")]


def test_an_empty_summary_beside_a_shown_standfirst_is_told() -> None:
    markup = page().replace("</h1>", f'</h1><p class="dek">{LAST[:110]}</p>')
    assert "lede-missing" in faults(SECTIONS, markup, title=TITLE)


def test_an_empty_description_that_the_page_states_is_told() -> None:
    markup = page().replace("</head>", f'<meta name="description" content="{LEDE}"></head>')
    assert "empty" in faults(BODY, markup, description=None)
    assert "empty" not in faults(BODY, markup, description=LEDE)


def test_the_menu_for_the_article_is_a_list() -> None:
    lines = [*MENU, RELATED]
    markup = page().replace(RELATED, "Fishermen Ask for a Second Harbour Pilot " * 5)
    assert {"stub", "wrong-block", "list-page"} & faults(lines, markup)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/json"])
def test_text_captures_are_silent_where_right_and_speak_where_wrong(media_type: str) -> None:
    made = Capture("s", "n", "\n".join([TITLE, *BODY]).encode(), media_type)
    assert check({"title": TITLE, "body": BODY}, made) == []
    assert {f.fault for f in check({"title": TITLE, "body": BODY[1:]}, made)} & {"lede-missing"}


def test_captions_between_paragraphs_are_no_lost_paragraphs() -> None:
    assert CAPTION not in "".join(f.message for f in found(BODY[:3]))


def test_headings_items_and_quotations_beside_the_paragraphs_are_kept() -> None:
    parts = "<h3>What comes next</h3><ul><li>Three ships</ul><blockquote>No night boat</blockquote>"
    markup = page().replace(f'<p class="text">{LAST}', f'{parts}<p class="text">{LAST}')
    told = [f.quote for f in found(BODY, markup) if f.invariant == "parts-kept"]
    assert told == ["What comes next", "Three ships", "No night boat"]
    right = [*BODY[:3], "What comes next", "Three ships", "No night boat", LAST]
    assert found(right, markup) == []


def test_headings_of_boxes_among_the_paragraphs_are_no_loss() -> None:
    box = '<div class="box"><h3>The island in numbers</h3></div>'
    markup = page().replace(f'<p class="text">{LAST}', f'{box}<p class="text">{LAST}')
    assert found(BODY, markup) == []


def test_a_body_of_a_few_words_of_the_article_is_a_stub() -> None:
    assert "stub" in errors([LEDE[:30]])


def test_an_ellipsis_that_the_page_has_too_is_no_cut() -> None:
    markup = page([*BODY[:3], "And the band played on…"])
    assert found([*BODY[:3], "And the band played on…"], markup) == []


def names(body: Any, markup: str | None = None, **fields: Any) -> set[str]:
    return {finding.invariant for finding in found(body, markup, **fields)}


def test_a_description_that_is_left_out_has_its_own_invariant() -> None:
    markup = page().replace("</head>", f'<meta name="description" content="{LEDE}"></head>')
    assert "description-not-empty" in names(BODY, markup, description="")


@pytest.mark.parametrize(
    "notice",
    [
        "Subscribe to continue reading.",
        "Wir verwenden Cookies, um Ihnen mehr zu zeigen.",
        "Please verify you are a human.",
        "この記事は有料会員限定です。",
    ],
)
def test_notices_of_paywalls_and_consent_layers_are_known(notice: str) -> None:
    assert "no-notice" in names([LEDE, notice])
    assert "no-notice" not in names(BODY)


def test_paragraphs_joined_by_a_space_are_one_where_the_page_has_two() -> None:
    told = [f for f in found([f"{LEDE} {SECOND}", THIRD, LAST]) if f.fault == "glued"]
    assert [(f.invariant, f.severity) for f in told] == [("paragraphs-apart", "warning")]


def test_a_body_of_headlines_alone_is_a_list() -> None:
    heads = [f"Headline number {n} of the newest stories" for n in range(8)]
    links = "".join(f'<h3><a href="/{n}">{head}</a></h3>' for n, head in enumerate(heads))
    assert "not-a-list" in names(heads, f"<main>{links}</main>")
