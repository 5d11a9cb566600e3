"""What extractors and careful people do on purpose is no error: one test for each false alarm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.factory import sample
from harness.invariants import check
from harness.model import Capture
from harness.strategies import assert_sound
from tests.invariants.story import (
    BODY,
    CAPTION,
    LAST,
    LEDE,
    SECOND,
    THIRD,
    TITLE,
    errors,
    faults,
    found,
    page,
    with_text,
)

PARTS = "<h3>What comes next</h3><ul><li>Three ships<li>Four crews of eleven</ul>"
ROWS = "<table><tr><td>Ship<td>Crew<tr><td>Night ferry<td>Eleven</table>"


@pytest.mark.parametrize("seed", [1, 6])
def test_the_right_record_of_every_made_page_has_no_error(seed: int) -> None:
    for made in sample(26 * 6, seed=seed):
        assert_sound(made.record, made.capture)


def test_a_body_as_one_line_is_no_torrent_of_errors() -> None:
    markup = page([LEDE, SECOND, f"<aside>{CAPTION}</aside>", THIRD, LAST])
    assert errors(" ".join(BODY), markup) == set()
    assert "paragraph-lost" in faults(" ".join([LEDE, SECOND, LAST]), markup)
    assert "invented" in errors(" ".join(BODY).replace("412", "413"), markup)


def test_paragraphs_run_together_without_a_blank_are_still_glued() -> None:
    markup = page([LEDE, SECOND, f"<aside>{CAPTION}</aside>", THIRD, LAST])
    assert "glued" in errors("".join(BODY), markup)


@pytest.mark.parametrize(
    "lines",
    [
        ["### What comes next", "- Three ships", "- Four crews of eleven"],
        ["What comes next", "• Three ships", "• Four crews of eleven"],
        ["**What comes next**", "1. Three ships", "2. Four crews of eleven"],
    ],
)
def test_marks_of_lists_and_headings_are_no_words(lines: list[str]) -> None:
    markup = page([*BODY[:3], PARTS, LAST])
    assert found([*BODY[:3], *lines, LAST], markup) == []


def test_rows_of_a_table_in_markdown_are_its_cells() -> None:
    rows = ["| Ship | Crew |", "|---|---|", "| Night ferry | Eleven |"]
    assert errors([*BODY[:3], *rows, LAST], page([*BODY[:3], ROWS, LAST])) == set()


def test_one_kind_of_quotes_made_straight_throughout_is_a_choice() -> None:
    body = [text.replace("“", '"').replace("”", '"') for text in BODY]
    assert "—" in body[1]
    assert errors(body) == set()
    assert faults(body) == {"quotes"}


def test_a_remark_that_people_leave_out_is_no_error() -> None:
    markup = page(with_text(1, f"{SECOND} (The count was public.)"))
    assert errors(BODY, markup) == set()
    assert "inline-lost" in errors(
        with_text(2, THIRD.replace("look for money elsewhere, and", "look, and")),
        page(with_text(2, THIRD.replace("for money elsewhere", "<a>for money elsewhere</a>"))),
    )


def test_marks_of_footnotes_and_mended_slips_are_no_errors() -> None:
    markup = page(with_text(2, THIRD.replace("elsewhere", "elsewhere<sup>2</sup>")))
    assert errors(BODY, markup) == set()
    assert errors(BODY, page(with_text(2, THIRD.replace("October", "Octobre")))) == set()


def test_a_page_in_a_wrong_encoding_does_not_make_its_record_wrong() -> None:
    wrong = SECOND.encode().decode("latin-1")
    assert errors(BODY, page(with_text(1, wrong))) == set()


def test_a_paragraph_or_two_that_people_leave_out_are_no_error() -> None:
    more = [f"In the year {n} the company had tried the same, and nothing came of it, as the "
            "older crews remember well." for n in (1971, 1982, 1993, 2004)]  # fmt: skip
    markup = page([LEDE, SECOND, *more, THIRD, LAST])
    assert errors([LEDE, SECOND, *more[:2], THIRD, LAST], markup) == set()
    assert "paragraph-lost" in faults([LEDE, SECOND, *more[:2], THIRD, LAST], markup)
    assert "paragraph-lost" in errors(BODY, markup)


def test_footnotes_behind_the_body_are_no_loss() -> None:
    notes = [f"{sign} {text}" for sign, text in zip("*†", (THIRD * 2, LAST * 2), strict=True)]
    assert "truncated" not in errors(BODY, page([*BODY, *notes]))


def test_a_list_page_without_an_article_is_rightly_a_list() -> None:
    heads = [f"Headline number {n} of the newest stories" for n in range(8)]
    links = "".join(f'<h3><a href="/{n}">{head}</a></h3>' for n, head in enumerate(heads))
    told = check({"body": heads}, Capture("s", "n", f"<main>{links}</main>".encode(), "text/html"))
    assert [f.severity for f in told if f.invariant == "not-a-list"] == ["warning"]


def test_an_article_that_a_click_unfolds_is_no_leak() -> None:
    markup = page([LEDE, SECOND]) + f"<div hidden><p>{THIRD}</p><p>{LAST}</p></div>"
    told = [f for f in found(BODY, markup) if f.fault == "hidden-text"]
    assert {f.severity for f in told} == {"warning"}


def test_line_breaks_in_a_lines_own_parts_are_no_tear() -> None:
    markup = page([f"<b>Night boats:</b> {LEDE}", *BODY[1:]])
    assert errors(["Night boats:", *BODY], markup) == set()


def test_cards_and_furniture_behind_the_body_of_a_text_capture_are_no_loss() -> None:
    lines = [TITLE, *BODY, "Related Articles", THIRD.upper(), "Read it in our app today"]
    capture = Capture("s", "n", "\n".join(lines).encode(), "text/plain")
    record = {"title": TITLE, "body": BODY, "related": [{"body": [THIRD.upper()]}]}
    assert [f for f in check(record, capture) if f.field.startswith("body")] == []


def test_a_list_of_cards_needs_no_body() -> None:
    cards = [{"title": f"Harbour news {n}", "body": [text]} for n, text in enumerate(BODY)]
    lines = [line for card in cards for line in (str(card["title"]), card["body"][0])]
    for media_type, joined in (("text/plain", "\n"), ("text/html", "<p>")):
        capture = Capture("s", "n", joined.join(lines).encode(), media_type)
        told = check({"body": [], "related": cards}, capture)
        assert [f for f in told if f.invariant == "body-not-empty"] == []


def test_names_joined_from_a_list_in_the_pages_data_are_right() -> None:
    data: dict[str, Any] = {"items": [{"title": TITLE, "authors": ["Ada Holm", "Ole Vik"]}]}
    capture = Capture("s", "n", json.dumps(data).encode(), "application/json")
    record = {"related": [{"title": TITLE, "byline": "Ada Holm, Ole Vik"}]}
    assert [f for f in check(record, capture) if f.severity == "error"] == []
    record = {"related": [{"title": TITLE, "byline": "Ada Holm, Per Dal"}]}
    assert [f.field for f in check(record, capture)] != []


def test_a_tag_that_the_pages_data_has_as_text_is_no_markup() -> None:
    title = "How a stray </script> blanked the page 🚀"
    data = json.dumps({"title": title}).replace("</", "\\u003c/")
    markup = f"<div id=app></div><script type='application/json'>{data}</script>"
    assert "markup" not in errors([], markup, title=title)
    assert "markup" in errors([], markup, title=title.replace("</script>", "<b>tag</b>"))
