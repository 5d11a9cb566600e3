"""What pages state about themselves for machines."""

from __future__ import annotations

import json

import pytest

from harness.invariants.metadata import Metadata
from harness.page import Page
from tests.invariants.articles import TITLE, capture, page


def of(markup: str, media_type: str = "text/html", url: str | None = None) -> Metadata:
    return Metadata(Page(capture(markup, url=url, media_type=media_type)))


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_every_source_is_told_with_its_name() -> None:
    said = of(page())
    assert {stated.source for stated in said.titles} == {
        "title",
        "og:title",
        "json-ld headline",
        "h1",
    }
    assert [stated.text for stated in said.headings] == [TITLE] * 3
    assert [stated.text for stated in said.sites] == ["River Post"]
    assert [stated.text for stated in said.names] == ["Jane Doe", "Abby Stone"]
    assert [(d.moment.text, d.source) for d in said.published] == [
        ("2024-05-03T09:41:00+01:00", "json-ld datePublished")
    ]
    assert said.languages[0].text == "en-GB"
    assert said.sections[0].text == "Nature"
    assert [(d.moment.text, d.source) for d in said.times] == [("2024-05-03", "url")]


@pytest.mark.parametrize(
    "author",
    [
        "Jane Doe",
        ["Jane Doe"],
        {"name": "Jane Doe"},
        [{"@type": "Person", "name": "Jane Doe"}],
        {"name": ["Jane Doe"]},
    ],
)
def test_authors_in_any_shape_of_json_ld_are_read(author: object) -> None:
    said = of(ld({"@type": ["NewsArticle"], "author": author}))
    assert [stated.text for stated in said.authors] == ["Jane Doe"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda item: item,
        lambda item: [item],
        lambda item: {"@graph": [{"@type": "WebSite"}, item]},
        lambda item: {"@type": "WebPage", "mainEntity": item},
        lambda item: {"@type": "WebPage", "mainEntityOfPage": item},
    ],
)
def test_articles_nested_in_json_ld_are_found(wrap: object) -> None:
    assert callable(wrap)
    said = of(ld(wrap({"@type": "http://schema.org/BlogPosting", "headline": "A &amp; B"})))
    assert [stated.text for stated in said.titles] == ["A & B"]


@pytest.mark.parametrize(
    "broken",
    [
        '{"headline": "Otters", "author": {"name": "Jane"}, "datePublished": "2024-05-03",}',
        '<!-- --> {"headline": "Otters", "author": "Jane", "datePublished": "2024-05-03"',
        """{"@type": "Article", "headline": "Otters", "articleBody": "two\nlines\t",
        "author": "Jane", "datePublished": "2024-05-03"}""",
    ],
)
def test_broken_json_ld_is_read_as_far_as_it_goes(broken: str) -> None:
    said = of(f'<script type="application/ld+json">{broken}</script>')
    assert [stated.text for stated in said.titles] == ["Otters"]
    assert [stated.text for stated in said.authors] == ["Jane"]
    assert [dated.moment.text for dated in said.published] == ["2024-05-03"]


def test_lists_of_other_articles_state_nothing_of_this_one() -> None:
    others = {"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "Other"}]}
    assert of(ld(others)).titles == []


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<meta name="DC.creator" content="Jane Doe">', "Jane Doe"),
        ('<meta property="dc:creator article:author" content="Jane Doe">', "Jane Doe"),
        ('<meta property="article:author" content="https://social.example/jane">', None),
        ('<meta name="author" content="  ">', None),
        ('<meta name="author">', None),
    ],
)
def test_authors_of_meta_elements_are_names(markup: str, text: str | None) -> None:
    assert [stated.text for stated in of(markup).authors] == ([text] if text else [])


def test_times_know_their_role_by_their_marks() -> None:
    said = of(
        '<time itemprop="datePublished" datetime="2024-05-03">x</time>'
        '<time class="updated" datetime="2024-05-09">y</time><time datetime="2024-05-01">z</time>'
        '<meta itemprop="dateModified" content="2024-05-10"><time datetime="soon">no</time>'
    )
    assert [dated.moment.text for dated in said.published] == ["2024-05-03"]
    assert [dated.moment.text for dated in said.modified] == ["2024-05-09", "2024-05-10"]
    assert len(said.times) == 3


@pytest.mark.parametrize("url", ["https://x.example/2024/05/03/a", "https://x.example/2024-5-3-a"])
def test_the_day_in_an_address_is_read(url: str) -> None:
    assert [dated.moment.text for dated in of("<p>", url=url).times] == ["2024-05-03"]


@pytest.mark.parametrize("url", ["https://x.example/2024/55/03", "http://[x", "/a/2024", None])
def test_an_address_without_a_day_states_none(url: str | None) -> None:
    assert of("<p>", url=url).times == []


@pytest.mark.parametrize("media_type", ["application/rss+xml", "application/json", "text/plain"])
def test_captures_that_are_no_page_state_nothing(media_type: str) -> None:
    said = of("<rss><channel><title>Feed</title></channel></rss>", media_type)
    assert not (said.titles or said.authors or said.published)


def test_a_page_of_ten_thousand_bylines_is_read_but_for_its_end() -> None:
    said = of('<p class="byline">Jane</p>' * 10_000 + "<h1>T</h1>" * 10_000)
    assert len(said.bylines) <= 50
    assert len(said.titles) <= 50


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<",
        '<script type="application/ld+json">' + "[" * 50_000,
        ld({"@type": {"x": 1}, "author": [1, None, {"name": {"a": 2}}], "headline": ["T"]}),
        ld({"@type": "Article", "datePublished": ["2024"], "author": {"name": None}}),
        ld([[[["x"]]], None, 3]),
        '<meta property="article:published_time" content="0000-00-00">',
    ],
)
def test_nonsense_states_nothing_and_raises_nothing(markup: str) -> None:
    said = of(markup)
    assert not (said.authors or said.published)
