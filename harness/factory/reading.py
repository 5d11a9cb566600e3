"""Fields as the reference extractors name them."""

from __future__ import annotations

from collections.abc import Callable

from harness.factory.article import Article, Card


def record(
    title: str | None,
    byline: str | None = None,
    timestamp: object = None,
    body: tuple[str, ...] = (),
    related: list[dict[str, object]] | None = None,
    **more: object,
) -> dict[str, object]:
    """A record with the fields of an article, and what a site adds."""
    return {
        "title": title,
        "byline": byline,
        "timestamp": timestamp,
        "body": list(body),
        "related": related or [],
        **more,
    }


def each_card(
    article: Article, read: Callable[[Article, Card], dict[str, object]]
) -> list[dict[str, object]]:
    """The records of all cards, in order."""
    return [read(article, card) for card in article.cards]
