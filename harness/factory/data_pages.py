"""Templates whose content stands in data: JSON-LD, a hydration blob, a JSON API."""

from __future__ import annotations

import json
from typing import Any

from harness.factory.article import Article, Card
from harness.factory.markup import attribute, document, html_text, script_json, text_of
from harness.factory.reading import each_card, record
from harness.factory.template import Template
from harness.timestamps import instant


def _authors(byline: str | None) -> list[dict[str, str]]:
    return [] if byline is None else [{"@type": "Person", "name": byline}]


def _json_ld(article: Article) -> str:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Made Example"},
            {
                "@type": "NewsArticle",
                "headline": article.title,
                "datePublished": article.published.isoformat(),
                "dateModified": article.captured_at.isoformat(),
                "author": _authors(article.byline),
                "isAccessibleForFree": False,
                "articleBody": "\n\n".join(article.body),
            },
        ],
    }
    links = "".join(
        f'<li><a href="{attribute(card.url)}">{html_text(card.title)}</a></li>'
        for card in article.cards
    )
    return document(
        article,
        f"""<header><nav><a href="/">{text_of(article, "home")}</a></nav></header>
<main><article><h1>{html_text(article.title)}</h1>
<div class="paywalled"><h2>{text_of(article, "newsletter")}</h2></div></article>
<aside class="related"><h2>{text_of(article, "related")}</h2><ul>{links}</ul></aside></main>
<footer><p>{text_of(article, "rights")}</p></footer>""",
        f'<script type="application/ld+json">{script_json(graph)}</script>',
    )


def _read_json_ld(article: Article) -> dict[str, object]:
    claim = instant(article.published.isoformat())
    return record(
        article.title,
        article.byline,
        claim,
        article.body,
        each_card(article, lambda _, card: record(card.title, url=card.url)),
    )


def _story(card: Card) -> dict[str, Any]:
    return {
        "type": "story",
        "headline": card.title,
        "dek": card.body[0],
        "authors": [{"name": card.byline}],
        "publishedAt": card.published.isoformat(),
        "url": card.url,
    }


def _cards(article: Article) -> list[dict[str, Any]]:
    promo: dict[str, Any] = {
        "type": "promo",
        "headline": article.tongue.chrome["newsletter"],
        "dek": "",
        "authors": [],
        "publishedAt": None,
        "url": "https://made.example/plus",
    }
    stories = [_story(card) for card in article.cards]
    return [*stories[:1], promo, *stories[1:]]


def _hydration(article: Article) -> str:
    blocks = [{"kind": "paragraph", "text": text} for text in article.body]
    blocks.insert(1, {"kind": "pullquote", "text": article.tongue.chrome["caption"]})
    blob = {
        "props": {
            "pageProps": {
                "article": {
                    "headline": article.title,
                    "authors": _authors(article.byline),
                    "publishedAt": article.published.isoformat(),
                    "updatedAt": article.captured_at.isoformat(),
                    "blocks": blocks,
                },
                "related": {"cards": _cards(article)},
            }
        }
    }
    return document(
        article,
        f"""<div id="__next"><main aria-busy="true"><p>{text_of(article, "home")}</p></main></div>
<script id="__NEXT_DATA__" type="application/json">{script_json(blob)}</script>""",
    )


def _read_hydration(article: Article) -> dict[str, object]:
    claim = instant(article.published.isoformat())
    related = each_card(article, _read_story)
    return record(article.title, article.byline, claim, article.body, related)


def _read_story(_article: Article, card: Card) -> dict[str, object]:
    claim = instant(card.published.isoformat())
    return record(card.title, card.byline, claim, card.body[:1], url=card.url)


def _api(article: Article) -> str:
    section = {"id": "s-1", "name": article.title, "cards": _cards(article)}
    return json.dumps({"meta": {"took": 12}, "data": {"section": section}}, ensure_ascii=False)


def _read_api(article: Article) -> dict[str, object]:
    return record(article.title, related=each_card(article, _read_story))


DATA = tuple(
    Template(
        name,
        "data",
        summary,
        write,
        read,
        site="lumenpost",
        media_type=media_type,
        extractor="lumenpost",
        chrome=chrome,
    )
    for name, summary, media_type, write, read, chrome in (
        (
            "json-ld",
            "an article in JSON-LD, behind a paywall for readers",
            "text/html",
            _json_ld,
            _read_json_ld,
            ("home", "newsletter", "related", "rights"),
        ),
        (
            "hydration",
            "a skeleton page whose article stands in a hydration blob",
            "text/html",
            _hydration,
            _read_hydration,
            ("home", "caption", "newsletter"),
        ),
        (
            "json-api",
            "a section as a JSON API gives it, a promo among its cards",
            "application/json",
            _api,
            _read_api,
            ("newsletter",),
        ),
    )
)
