"""Texts of cards: spaces lost or added, repeated, gone."""

from __future__ import annotations

from typing import Any

import pytest

from harness.invariants import nested
from harness.model import Capture
from tests.invariants.articles import told

TEXTS = [
    "The goats of the upper hills came down in March, and nobody had counted them until now.",
    "A covered bridge of forty feet was moved at night, on rollers that a farmer had lent.",
    "The last pans of the coast gave salt for two weeks, and then the rain set in for good.",
]
TITLES = ["Goats seen in the hills", "A bridge moves at night", "Salt from the last pans"]


def html() -> Capture:
    cards = "".join(
        f"<li><h3>{title}</h3><p>{text}</p></li>" for title, text in zip(TITLES, TEXTS, strict=True)
    )
    return Capture("site", "x-00000000", f"<ul>{cards}</ul>".encode(), "text/html")


def text(*before: str) -> Capture:
    lines = [*before, *(line for pair in zip(TITLES, TEXTS, strict=True) for line in pair)]
    return Capture("site", "x-00000000", "\n".join(lines).encode(), "text/plain")


def feed() -> Capture:
    items = "".join(
        f"<item><title>{title}</title><description>{text}</description></item>"
        for title, text in zip(TITLES, TEXTS, strict=True)
    )
    body = f"<rss><channel>{items}</channel></rss>".encode()
    return Capture("site", "x-00000000", body, "application/rss+xml")


PAGES = pytest.mark.parametrize("page", [html(), text(), feed()], ids=["html", "text", "feed"])


def record(number: int = 0, **card: Any) -> dict[str, Any]:
    cards = [{"title": a, "body": [b]} for a, b in zip(TITLES, TEXTS, strict=True)]
    cards[number] |= card
    return {"related": cards}


@PAGES
def test_a_right_list_is_told_nothing(page: Capture) -> None:
    assert told(nested, record(), page) == set()


@PAGES
def test_a_space_that_was_lost_in_a_card_is_an_error(page: Capture) -> None:
    body = [TEXTS[0].replace("in March", "inMarch")]
    assert told(nested, record(body=body), page) == {("glued", "error")}
    body = [TEXTS[0].replace("March, and", "March,and")]
    assert told(nested, record(body=body), page) == {("glued", "error")}


@PAGES
def test_a_word_that_was_torn_in_a_card_is_a_warning(page: Capture) -> None:
    body = [TEXTS[0].replace("counted", "cou nted")]
    assert told(nested, record(body=body), page) == {("split", "warning")}


def test_spaces_of_other_kinds_and_scripts_without_spaces_prove_nothing() -> None:
    body = [TEXTS[0].replace(" ", "\u00a0", 2)]
    assert told(nested, record(body=body), html()) == set()
    line = "創業九十二年の時計店が三月末で店を閉じるのを前に、店主の森永千代治さんが町を回る。"
    page = f"<ul><li><h3>{TITLES[0]}</h3><p>{line[:20]}\n{line[20:]}</p></li></ul>"
    capture = Capture("site", "x-00000000", page.encode(), "text/html")
    assert told(nested, {"related": [{"title": TITLES[0], "body": [line]}]}, capture) == set()


@PAGES
def test_a_paragraph_of_a_card_that_stands_twice_is_an_error(page: Capture) -> None:
    assert told(nested, record(body=[TEXTS[0]] * 2), page) == {("duplicated", "error")}


def test_two_cards_may_tell_the_same() -> None:
    page = html().body.replace(TEXTS[1].encode(), TEXTS[0].encode())
    capture = Capture("site", "x-00000000", page, "text/html")
    assert told(nested, record(1, body=[TEXTS[0]]), capture) == set()


@PAGES
def test_a_card_without_its_text_is_a_warning_where_its_neighbours_have_theirs(
    page: Capture,
) -> None:
    assert told(nested, record(1, body=[]), page) == {("empty", "warning")}
    none = {"related": [{"title": title, "body": []} for title in TITLES]}
    assert told(nested, none, page) == set(), "the extractor takes no texts of cards"


def test_a_plain_text_whose_body_is_empty_though_prose_follows_its_title() -> None:
    page = text("Otters return", "New Indian Express21 hours ago", *TEXTS, "Related Articles")
    cards = [{"title": title, "body": []} for title in TITLES]
    assert ("empty", "warning") in told(
        nested, {"title": "Otters return", "body": [], "related": cards}, page
    )
    assert told(nested, {"title": "Otters return", "body": TEXTS, "related": cards}, page) == set()
