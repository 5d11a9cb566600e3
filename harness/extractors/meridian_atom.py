"""Meridian: Atom feeds, one record a feed and a nested record an entry.

A text construct says in its ``type`` what it is: plain text, escaped HTML or XHTML elements.
Entries without content have a summary, entries never published only a date of update.
"""

from xml.etree.ElementTree import Element

from harness import Page, extractor, fragment, instant

NAMES = {"": "http://www.w3.org/2005/Atom", "xhtml": "http://www.w3.org/1999/xhtml"}


@extractor("meridian_atom")
def meridian_atom(page: Page) -> dict[str, object]:
    return {
        "title": title(page.xml),
        "byline": None,
        "timestamp": None,
        "body": [],
        "related": [story(entry) for entry in page.xml.iterfind("entry", NAMES)],
    }


def story(entry: Element) -> dict[str, object]:
    updated = entry.findtext("updated", "", NAMES)
    link = entry.find("link[@rel='alternate']", NAMES)
    return {
        "title": title(entry),
        "byline": ", ".join(n.text or "" for n in entry.iterfind("author/name", NAMES)) or None,
        "timestamp": instant(entry.findtext("published", updated, NAMES)),
        "body": body(entry),
        "related": [],
        "url": None if link is None else link.get("href"),
    }


def title(element: Element) -> str:
    text = element.findtext("title", "", NAMES)
    is_html = element.find("title[@type='html']", NAMES) is not None
    return fragment(text).text() or "" if is_html else text


def body(entry: Element) -> list[str]:
    content = entry.find("content", NAMES)
    if content is None:
        return [entry.findtext("summary", "", NAMES)]
    if content.get("type") == "xhtml":
        return ["".join(p.itertext()) for p in content.iterfind(".//xhtml:p", NAMES)]
    return fragment(content.text or "").texts("p")
