"""Round trip: an article, rendered and extracted, is the article again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.extraction import Extractor, extract
from harness.extraction.registry import find_extractors
from harness.factory import (
    AGES,
    LANGUAGES,
    TEMPLATES,
    Template,
    chrome,
    expected,
    make_article,
    render,
)
from harness.model import Capture, Timestamp
from harness.page import Page
from harness.records import decode, encode_record
from harness.strategies import articles
from harness.timestamps import instant, parse

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = {
    extractor.name: extractor for extractor in find_extractors(["harness.extractors"], ROOT)
}
BY_NAME = pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda t: t.name)
# Making an article takes a draw for every phrase of it.
MODEST = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.data_too_large]
)


def extractor_for(template: Template) -> Extractor:
    """The family's reference extractor; else one that reads the fields where they stand."""
    if template.extractor:
        return REFERENCE[template.extractor]
    return Extractor("at_places", lambda capture: at_places(capture, template), ("*",))


def at_places(capture: Capture, template: Template) -> dict[str, object]:
    page, places = Page(capture), template.places
    return {
        "title": page.text(places["title"]),
        "byline": at(page, places["byline"]),
        "timestamp": moment_at(page, places["timestamp"]),
        "body": page.lines(places["body"]),
    }


def at(page: Page, place: str) -> str | None:
    selector, _, name = place.partition("@")
    return page.attr(selector, name) if name else page.text(selector)


def moment_at(page: Page, place: str) -> Timestamp | None:
    selector, _, name = place.partition("@")
    if name:
        return instant(
            page.attr(selector, name), text=page.text(selector) or page.attr(selector, name)
        )
    return parse(page.text(selector), captured_at=page.captured_at)


@BY_NAME
@MODEST
@given(article=articles(paragraphs=(0, 5), cards=(0, 7)))
def test_what_was_rendered_is_extracted_again(template: Template, article) -> None:
    outcome = extract(extractor_for(template), render(article, template))
    assert outcome.failure is None, outcome.failure and outcome.failure.traceback
    assert outcome.record == expected(article, template)


@BY_NAME
@settings(MODEST, max_examples=10)
@given(age=st.sampled_from(AGES), language=st.sampled_from(list(LANGUAGES)))
def test_the_true_moment_lies_inside_the_claim(template: Template, age: int, language: str) -> None:
    def first_but_age(choices):
        return age if choices == AGES else choices[0]

    article = make_article(first_but_age, language)
    record = decode(extract(extractor_for(template), render(article, template)).record)
    claims = [item["timestamp"] for item in (record, *record.get("related", []))]
    for claim in claims:
        if claim is not None and claim.published is not None:
            earliest, latest = claim.published
            second = timedelta(seconds=1)
            assert (
                earliest - second <= article.captured_at - timedelta(seconds=age) < latest + second
            )


PLAIN = make_article(lambda choices: choices[0], cards=3)
UNUSUAL = {
    "title that ends as a sentence": {"title": 'Mayor: "We are not leaving."'},
    "title that ends in a shortening": {"title": "Storm to reach the U.S."},
    "title that asks": {"title": "Who will pay for the bridge?"},
    "title that tells an age": {"title": "The bridge that closed 2 hours ago"},
    "title longer than titles are": {"title": "so many words that " * 15 + "end"},
    "subheading as in the page's furniture": {"body": ("First.", "Comments", *PLAIN.body)},
    "paragraph that ends as a card does": {"body": ("The sign said Read More", *PLAIN.body)},
    "paragraphs with bullets": {"body": ("These:", "• one thing", "- another", *PLAIN.body)},
    "paragraph that tells an age": {"body": (*PLAIN.body, "It was last seen 2 hours ago")},
    "same paragraph twice": {"body": (PLAIN.body[0], PLAIN.body[0])},
    "first paragraph is the title": {"body": (PLAIN.title, *PLAIN.body)},
    "same card twice": {"cards": (PLAIN.cards[0], PLAIN.cards[0])},
    "card of the article itself": {"cards": (replace(PLAIN.cards[0], title=PLAIN.title),)},
    "neither body nor cards nor byline": {"body": (), "cards": (), "byline": None},
}


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=list(UNUSUAL))
def test_unusual_articles_are_extracted_again_too(change: dict[str, Any]) -> None:
    article = replace(PLAIN, **change)
    for template in TEMPLATES.values():
        # A tag's heading never equals a card's title, so its list takes the first equal lines for
        # the card.
        if template.name == "daily8-text-tag" and article.title in [c.title for c in article.cards]:
            continue
        outcome = extract(extractor_for(template), render(article, template))
        assert outcome.record == expected(article, template), template.name


@BY_NAME
def test_an_extractor_that_takes_chrome_for_body_is_seen(template: Template) -> None:
    """The property itself can fail: a page whose record holds chrome is not the article."""
    article = make_article(lambda choices: choices[0])
    wrong = encode_record(expected(article, template))
    wrong["body"] = [*wrong["body"], chrome(article, template)[0]]
    assert wrong != extract(extractor_for(template), render(article, template)).record
