"""Templates: pages that are what they say, escape what they must, and declare their chrome."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from harness.factory import (
    AWKWARD,
    LANGUAGES,
    TEMPLATES,
    Article,
    Template,
    chrome,
    expected,
    render,
    sample,
    sample_articles,
)
from harness.model import Tree
from harness.page import Page, fragment
from harness.records import tag_of
from harness.text import squash
from harness.visible import is_hidden

ARTICLES = [*sample_articles(15, seed=1), *sample_articles(15, seed=2, awkward=True)]
BY_NAME = pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda t: t.name)


def texts(tree: Tree) -> Iterator[str]:
    """Every text of a record, labels of timestamps left out."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list):
        for item in tree:
            yield from texts(item)
    elif isinstance(tree, dict) and tag_of(tree) is None:
        for item in tree.values():
            yield from texts(item)


def spoiled(odd: str) -> Article:
    """An article whose every text holds an awkward one."""
    article, words = ARTICLES[0], "of more words than links and stress need"
    card = replace(
        article.cards[0], title=f"A {odd} z", byline=f"B {odd} y", body=(f"{words} {odd} x",)
    )
    return replace(
        article,
        title=f"D {odd} w",
        byline=f"E {odd} v",
        body=(f"F {words} {odd} u", f"G{odd}{words}"),
        cards=(card,),
    )


def test_there_are_templates_of_every_family() -> None:
    assert len(TEMPLATES) >= 24
    assert {t.family for t in TEMPLATES.values()} == {"daily8", "list", "feed", "data", "article"}
    assert {t.extractor for t in TEMPLATES.values()} == {
        "",
        "daily8",
        "rankwire",
        "topicdesk",
        "tidings_rss",
        "meridian_atom",
        "lumenpost",
    }


@BY_NAME
def test_every_article_is_rendered_as_a_whole_capture(template: Template) -> None:
    for article in ARTICLES:
        capture = render(article, template)
        assert capture.sha256 == hashlib.sha256(capture.body).hexdigest()
        assert capture.name.endswith(f"-{article.language}-{capture.sha256[:8]}")
        assert capture.origin == "synthetic" and template.name in capture.note
        assert render(article, template) == capture
        page = Page(capture)
        assert page.encoding == "utf-8" and "\ufffd" not in page.source
        if page.is_json:
            assert page.data["data"]
        if page.is_xml:
            assert isinstance(page.xml, ElementTree.Element)
        if page.is_html:
            assert page.attr(None, "lang") == article.language
            assert (page.attr(None, "dir") == "rtl") == (article.language in ("ar", "fa"))


def everything(page: Page) -> str:
    """All text of a page without its white space: seen, hidden, in attributes and in data."""
    if page.is_json:
        parts = list(texts(page.data))
    elif page.is_xml:
        inner = [fragment(text or "").raw_text for text in page.xml.itertext()]
        parts = [*page.xml.itertext(), *inner, *(e.get("href", "") for e in page.xml.iter())]
    elif page.is_html:
        data = [text for blob in page.script_json("script") for text in texts(blob)]
        named = ("img", "alt"), ("amp-img", "alt"), ("meta", "content"), ("a", "href")
        parts = [page.first("body").parent.raw_text, *data]
        parts += [value for tag, name in named for value in page.attrs(tag, name)]
    else:
        parts = [page.source]
    return squash("".join(parts))


@BY_NAME
def test_every_text_of_the_record_stands_on_the_page(template: Template) -> None:
    for article in ARTICLES:
        held = everything(Page(render(article, template)))
        missing = [t for t in texts(expected(article, template)) if squash(t) not in held]
        assert not missing


@BY_NAME
def test_chrome_stands_on_the_page_and_in_no_field(template: Template) -> None:
    for article in ARTICLES[:15]:
        around = chrome(article, template)
        held = everything(Page(render(article, template)))
        assert around and not [text for text in around if squash(text) not in held]
        assert not set(around) & set(texts(expected(article, template)))


@BY_NAME
def test_awkward_text_neither_breaks_the_page_nor_changes_its_elements(template: Template) -> None:
    plain = shape(Page(render(spoiled("plain"), template)))
    for odd in AWKWARD:
        assert shape(Page(render(spoiled(odd), template))) == plain, odd


def shape(page: Page) -> object:
    """What stays the same on a page when only its texts change."""
    if page.is_html:
        return [node.tag for node in page.css("*")]
    if page.is_xml:
        return [element.tag for element in page.xml.iter()]
    return len(list(texts(page.data))) if page.is_json else len(page.source_lines)


def test_what_is_hidden_on_the_furnished_page_is_hidden_from_readers() -> None:
    page = Page(render(ARTICLES[0], TEMPLATES["furnished"]))
    hidden = page.css("[hidden]")
    assert hidden and all(is_hidden(node._root) for node in hidden)
    assert ARTICLES[0].tongue.chrome["more"] not in {line.text for line in page.visible}


def test_samples_go_through_all_templates_and_languages_and_repeat() -> None:
    made = sample(len(TEMPLATES) * 5)
    assert {m.template.name for m in made} == set(TEMPLATES)
    assert {m.article.language for m in made} == set(LANGUAGES)
    assert made == sample(len(TEMPLATES) * 5)
    assert {m.template.name for m in sample(9, templates=[TEMPLATES["amp"]])} == {"amp"}
    assert len({m.capture.id for m in made}) == len(made)


def test_expected_records_are_trees_with_the_claim_of_the_page() -> None:
    [made] = sample(1, seed=4, templates=[TEMPLATES["semantic"]])
    claim = made.record["timestamp"]
    assert isinstance(claim, dict) and claim["$timestamp"]["kind"] == "absolute"
    assert made.record["body"] == list(made.article.body)
