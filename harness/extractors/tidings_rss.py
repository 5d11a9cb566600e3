"""Tidings: RSS 2.0 feeds, one record a feed and a nested record an item.

Bodies are HTML inside XML (escaped or CDATA), whole in ``content:encoded`` or short in
``description``. Authors stand in ``dc:creator``, ``author`` or ``source``, dates are RFC 822.
"""

from xml.etree.ElementTree import Element

from harness import Page, extractor, fragment, instant

NAMES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@extractor("tidings_rss")
def tidings_rss(page: Page) -> dict[str, object]:
    return {
        "title": page.xml.findtext("channel/title"),
        "byline": None,
        "timestamp": None,
        "body": [],
        "related": [story(item) for item in page.xml.iterfind("channel/item")],
    }


def story(item: Element) -> dict[str, object]:
    return {
        "title": item.findtext("title"),
        "byline": first_text(item, "dc:creator", "author", "source"),
        "timestamp": instant(item.findtext("pubDate")),
        "body": paragraphs(first_text(item, "content:encoded", "description") or ""),
        "related": [],
        "url": item.findtext("link"),
    }


def first_text(item: Element, *paths: str) -> str | None:
    texts = (item.findtext(path, namespaces=NAMES) for path in paths)
    return next((text for text in texts if text), None)


def paragraphs(markup: str) -> list[str]:
    """One text for each ``<p>``, or the whole as one; no-break spaces become plain ones."""
    html = fragment(markup)
    texts = html.texts("p") or html.texts("body")
    return [text for raw in texts if (text := " ".join(raw.split()))]
