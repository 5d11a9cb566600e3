"""What a template is: how an article is written as a page, and what a right extractor reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from harness import records
from harness.factory.ages import age_label
from harness.factory.article import Article
from harness.model import Capture, Timestamp
from harness.timestamps import instant, parse

Reading = Callable[[Article], dict[str, object]]


@dataclass(frozen=True, slots=True, repr=False)
class Template:
    """One way to show an article.

    ``write`` gives the page as text, ``read`` the fields a right extractor gives. ``extractor``
    names the reference extractor of the template's family, "" where there is none; then
    ``places`` says where the fields stand: a CSS selector each. ``chrome`` names texts of
    ``Language.chrome``, or is texts, that the page shows around the article; ``cards`` among them
    means the titles of the cards.
    """

    name: str
    family: str
    summary: str
    write: Callable[[Article], str]
    read: Reading
    site: str = "made"
    media_type: str = "text/html"
    extractor: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    chrome: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"TEMPLATES[{self.name!r}]"


def render(article: Article, template: Template) -> Capture:
    """The page, as a synthetic capture in UTF-8. Equal arguments give equal bytes."""
    body = template.write(article).encode("utf-8")
    digest = hashlib.sha256(body).hexdigest()
    return Capture(
        site=template.site,
        name=f"{template.name}-{article.language}-{digest[:8]}",
        body=body,
        media_type=template.media_type,
        url=article.url,
        captured_at=article.captured_at,
        charset="utf-8" if template.media_type == "text/plain" else None,
        status=200,
        headers=(("content-type", f"{template.media_type}; charset=utf-8"),),
        sha256=digest,
        origin="synthetic",
        rights="generated, MIT",
        note=f"generated: template {template.name}, language {article.language}",
    )


def expected(article: Article, template: Template) -> records.Record:
    """The record that a right extractor gives for the rendered page, as records are stored."""
    return records.encode_record(template.read(article))


def chrome(article: Article, template: Template) -> tuple[str, ...]:
    """Texts of the page that are no field's: none of them may be in a right record."""
    around = tuple(article.tongue.chrome.get(key, key) for key in template.chrome if key != "cards")
    cards = article.cards if "cards" in template.chrome else ()
    return around + tuple(card.title for card in cards)


def label_of(article: Article, published: datetime, front_end: str) -> str:
    """The age that the page prints for something published then."""
    seconds = (article.captured_at - published).total_seconds()
    return age_label(seconds, article.language, front_end)


def claim_of(
    article: Article,
    published: datetime,
    how: Literal["label", "machine"],
    *,
    front_end: str = "intl",
    known: str | None = None,
) -> Timestamp | None:
    """The claim that the page makes: by the printed label, or by the machine-readable date.

    ``known`` is the front-end that the site's extractor is sure of.
    """
    label = label_of(article, published, front_end)
    if how == "machine":
        return instant(published.isoformat(), text=label)
    return parse(label, captured_at=article.captured_at, front_end=known)
