"""Templates of feeds: RSS 2.0 and Atom, with bodies as CDATA, as escaped HTML and as XHTML."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime

from harness.factory.article import Article, Card
from harness.factory.markup import attribute, cdata, html_text, inline
from harness.factory.reading import each_card, record
from harness.factory.template import Template
from harness.timestamps import instant

_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"


def _html_of(card: Card) -> str:
    return "\n".join(f"<p>{inline(text)}</p>" for text in card.body)


def _rss(article: Article, body: Callable[[Card], str]) -> str:
    items = "\n".join(
        f"""<item><title>{html_text(card.title)}</title><link>{html_text(card.url)}</link>
<guid isPermaLink="false">made:{i}</guid><dc:creator>{cdata(card.byline)}</dc:creator>
<pubDate>{format_datetime(card.published)}</pubDate>
{body(card)}</item>"""
        for i, card in enumerate(article.cards)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="{_CONTENT}" xmlns:dc="{_DC}"><channel>
<title>{html_text(article.title)}</title><link>https://made.example/</link>
<description>{html_text(article.tongue.chrome["newsletter"])}</description>
<language>{article.language}</language>
{items}
</channel></rss>
"""


def _rss_cdata(article: Article) -> str:
    return _rss(
        article,
        lambda card: (
            f"<description>{html_text(article.tongue.chrome['more'])}</description>\n"
            f"<content:encoded>{cdata(_html_of(card))}</content:encoded>"
        ),
    )


def _rss_escaped(article: Article) -> str:
    return _rss(article, lambda card: f"<description>{html_text(_html_of(card))}</description>")


def _read_rss(article: Article) -> dict[str, object]:
    def item(_article: Article, card: Card) -> dict[str, object]:
        # Feeds are full of no-break spaces from visual editors; this family's are plain ones.
        body = tuple(" ".join(text.split()) for text in card.body)
        claim = instant(format_datetime(card.published))
        return record(card.title, card.byline, claim, body, url=card.url)

    return record(article.title, related=each_card(article, item))


def _atom(article: Article, content: Callable[[Card], str], title_type: str) -> str:
    def title(text: str) -> str:
        # type="html": escaped once as HTML and once more as XML (RFC 4287, section 3.1.1.2).
        return html_text(html_text(text)) if title_type == "html" else html_text(text)

    entries = "\n".join(
        f"""<entry><id>tag:made.example,2026:{i}</id>
<title type="{title_type}">{title(card.title)}</title>
<link rel="enclosure" type="image/png" href="https://made.example/{i}.png"/>
<link rel="alternate" type="text/html" href="{attribute(card.url)}"/>
<author><name>{html_text(card.byline)}</name></author>
<updated>{article.captured_at.isoformat()}</updated>
<published>{card.published.isoformat()}</published>
{content(card)}</entry>"""
        for i, card in enumerate(article.cards)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{article.language}">
<title type="{title_type}">{title(article.title)}</title>
<id>tag:made.example,2026:feed</id><updated>{article.captured_at.isoformat()}</updated>
<rights>{html_text(article.tongue.chrome["rights"])}</rights>
{entries}
</feed>
"""


def _atom_html(article: Article) -> str:
    return _atom(
        article, lambda card: f'<content type="html">{html_text(_html_of(card))}</content>', "html"
    )


def _atom_xhtml(article: Article) -> str:
    return _atom(
        article,
        lambda card: (
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
            f"{_html_of(card)}</div></content>"
        ),
        "text",
    )


def _atom_summary(article: Article) -> str:
    return _atom(
        article, lambda card: f'<summary type="text">{html_text(card.body[0])}</summary>', "text"
    )


def _read_atom(article: Article) -> dict[str, object]:
    def entry(_article: Article, card: Card) -> dict[str, object]:
        claim = instant(card.published.isoformat())
        return record(card.title, card.byline, claim, card.body, url=card.url)

    return record(article.title, related=each_card(article, entry))


def _read_summary(article: Article) -> dict[str, object]:
    def entry(_article: Article, card: Card) -> dict[str, object]:
        claim = instant(card.published.isoformat())
        return record(card.title, card.byline, claim, card.body[:1], url=card.url)

    return record(article.title, related=each_card(article, entry))


FEEDS = (
    *(
        Template(
            name,
            "feed",
            summary,
            write,
            _read_rss,
            site="tidings_rss",
            media_type="application/rss+xml",
            extractor="tidings_rss",
            chrome=("newsletter", *more),
        )
        for name, summary, write, more in (
            ("rss-cdata", "RSS 2.0, whole bodies in content:encoded", _rss_cdata, ("more",)),
            ("rss-escaped", "RSS 2.0, bodies as escaped HTML in description", _rss_escaped, ()),
        )
    ),
    *(
        Template(
            name,
            "feed",
            summary,
            write,
            read,
            site="meridian_atom",
            media_type="application/atom+xml",
            extractor="meridian_atom",
            chrome=("rights",),
        )
        for name, summary, write, read in (
            ("atom-html", "Atom, titles and bodies as escaped HTML", _atom_html, _read_atom),
            ("atom-xhtml", "Atom, bodies as XHTML elements", _atom_xhtml, _read_atom),
            (
                "atom-summary",
                "Atom, entries with a plain summary only",
                _atom_summary,
                _read_summary,
            ),
        )
    ),
)
