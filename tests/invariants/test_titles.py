"""Titles that are not the page's own."""

from __future__ import annotations

import pytest

from harness.invariants import titles
from harness.invariants.metadata import fold
from tests.invariants.articles import SENTENCES, TITLE, capture, found, page, record, told


def test_the_right_title_has_nothing_against_it() -> None:
    assert found(titles, record()) == []


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("", "empty"),
        (None, "empty"),
        (f"{TITLE} - Nature", "title-suffix"),
        (f"Breaking: {TITLE}", "title-suffix"),
        (f"{TITLE}River Post", "glued"),
        (f"{TITLE} {TITLE}", "duplicated"),
        ("Otters Return to the Old Mill: A River’s Second", "title-cut"),
        ("Otters Return to the Old Mill", "title-cut"),
        ("A River’s Second Spring", "title-cut"),
        ("Otters Return to the Old…", "title-cut"),
        ("OttersReturn to the Old Mill: A River’s Second Spring", "glued"),
        ("Ot ters Return to the Old Mill: A River’s Second Spring", "split"),
        (TITLE.upper(), "case"),
        (TITLE.lower(), "case"),
        ("Bats Counted in the Tower", "title-wrong"),
        ("River Post", "title-wrong"),
        ("Nature", "title-wrong"),
        (SENTENCES[0] * 6, "title-wrong"),
        ("Just a moment...", "stub"),
        ("Attention Required! | Cloudflare", "stub"),
        ("404 Not Found", "stub"),
        ([TITLE], "type"),
        (7, "type"),
    ],
)
def test_a_wrong_title_is_an_error(title: object, fault: str) -> None:
    assert (fault, "error") in told(titles, record(title=title))


def test_a_tab_title_with_its_site_is_a_warning_for_some_pages_state_no_other() -> None:
    assert told(titles, record(title=f"{TITLE} | River Post")) == {("title-suffix", "warning")}


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Otters return | River Post", "Otters return"),
        ("Otters return - Nature", "Otters return"),
        ("River Post: Otters return", "Otters return"),
    ],
)
def test_leaving_the_site_or_section_out_is_right(stated: str, title: str) -> None:
    assert found(titles, record(title=title), capture(page(title=stated))) == []


def test_a_part_that_the_page_shows_as_a_line_is_no_error() -> None:
    markup = page().replace("<article>", "<article><h2>Otters Return to the Old Mill</h2>")
    cut = record(title="Otters Return to the Old Mill")
    assert told(titles, cut, capture(markup)) == {("title-cut", "warning")}


def test_a_kicker_of_one_word_may_be_left_out() -> None:
    of = capture(page(title="Comment: Otters return to the old mill"))
    assert told(titles, record(title="Otters return to the old mill"), of) == {
        ("title-cut", "warning")
    }


def test_quotes_spaces_and_unseen_characters_make_no_other_title() -> None:
    odd = TITLE.replace("’", "'").replace(" ", "\u00a0", 1) + "\u200b"
    assert fold(odd) == fold(TITLE)
    assert found(titles, record(title=odd)) == []


def test_a_page_read_in_the_wrong_encoding_says_nothing_of_titles() -> None:
    of = capture("<title>DeepMind\ue21a\u0084</title><h1>DeepMind\ue21a\u0084</h1>")
    assert found(titles, record(title="DeepMind新电脑"), of) == []


def test_where_a_lone_draft_title_is_stated_another_is_a_warning() -> None:
    of = capture('<meta property="og:title" content="Draft: archive outage"><p>Text</p>')
    assert told(titles, record(title="How a stray tag emptied the pages"), of) == {
        ("title-wrong", "warning")
    }


def test_the_title_of_a_text_capture_is_held_against_its_lines() -> None:
    of = capture("\n".join(["logo", TITLE, *SENTENCES]), media_type="text/plain")
    assert found(titles, record(), of) == []
    assert ("title-cut", "error") in told(titles, record(title=TITLE[:-7]), of)
    assert ("title-suffix", "error") in told(titles, record(title=f"{TITLE} River Post"), of)


def test_another_field_for_a_title_is_told_by_name() -> None:
    hits = found(titles, record(title="Jane Doe", authors=["Jane Doe"]))
    assert ("title-repeats-field", "error") in {(hit.invariant, hit.severity) for hit in hits}
    long = SENTENCES[0] + " " + SENTENCES[1]
    hits = found(titles, record(title=long, body=[long]))
    assert any("a paragraph of the body" in hit.message for hit in hits)


def test_a_paragraph_for_a_title_is_too_long_even_where_nothing_is_stated() -> None:
    of = capture("<p>" + SENTENCES[0] * 8 + "</p>")
    assert told(titles, {"title": SENTENCES[0] * 8}, of) == {("title-wrong", "error")}
