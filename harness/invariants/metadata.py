"""What a page says about itself for machines: titles, authors, dates, each with its source.

Everything is read leniently, since half of the pages write it wrong: broken JSON-LD is searched
for its plain members, entities are resolved, lists and nested objects are opened.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from harness.invariants.moments import Moment, read, read_label
from harness.page import Page
from harness.text import UNSEEN, collapse, plain_quotes

_SELECTOR = (
    "title, meta, h1, time, html[lang], link[rel~=canonical], script[type*='ld+json'], [itemprop],"
    " [rel~=author], [class*=byline i], [class*=author i]"
)
# The names of `meta` elements (name, property or itemprop) that real sites use.
_META: Mapping[str, str] = {
    name.replace(":", "."): kind
    for kind, names in {
        "title": "og:title twitter:title title dc.title dcterms.title parsely-title sailthru.title"
        " headline citation_title cxenseparse:recs:title",
        "site": "og:site_name application-name apple-mobile-web-app-title al:ios:app_name"
        " al:android:app_name dc.publisher publisher",
        "author": "author article:author dc.creator dcterms.creator parsely-author sailthru.author"
        " byl citation_author cxenseparse:author creator",
        "published": "article:published_time article:published date pubdate publish-date"
        " publish_date publication_date dc.date dc.date.issued dcterms.date dcterms.issued"
        " dcterms.created dc.date.created parsely-pub-date sailthru.date datepublished"
        " og:published_time og:article:published_time citation_publication_date"
        " cxenseparse:recs:publishtime date.release article.published last-published"
        " originalpublicationdate published_time rnews:datepublished article_date_original",
        "modified": "article:modified_time og:updated_time dcterms.modified dc.date.modified"
        " datemodified last-modified article.updated revised cxenseparse:recs:modifiedtime"
        " lastmod utime og:modified_time article:modified",
        "description": "description og:description twitter:description dc.description",
        "language": "og:locale language content-language dc.language",
        "section": "article:section section parsely-section og:section",
        "url": "og:url",
    }.items()
    for name in names.split()
}
_ARTICLE = re.compile(r"Article|Posting|Report|Review|Recipe|HowTo|VideoObject|PodcastEpisode")
_URL_DAY = re.compile(r"/(20[0-3]\d|19[89]\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=\D|$)")
_BROKEN = re.compile(
    r'"(headline|datePublished|dateModified|articleBody|description)"\s*:\s*'
    r'"((?:[^"\\]|\\.){1,100000})"'
)
_BROKEN_AUTHOR = re.compile(r'"author"\s*:\s*(?:\[?\s*\{[^{}]*?"name"\s*:\s*)?"([^"\\]{1,200})"')
# A page names itself once; lists of comments and of cards carry the same classes by the hundred.
_MOST = 40
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Stated:
    """A text that a page states about itself, and where: ``og:title``, ``json-ld author``."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A time that a page states about itself, and where."""

    moment: Moment
    source: str


def plain(text: str) -> str:
    """A text with typewriter quotes, single spaces and nothing unseen."""
    if not text.isprintable():  # nothing unseen is printable, and most texts are
        text = UNSEEN.sub("", text)
    return " ".join(plain_quotes(text).split())


def fold(text: str) -> str:
    """A text as it is compared: :func:`plain`, without regard to case."""
    return plain(text).casefold()


class Metadata:
    """What a page states about itself. Empty where nothing is known, as for feeds and texts."""

    def __init__(self, page: Page) -> None:
        self.titles: list[Stated] = []
        self.sites: list[Stated] = []
        self.authors: list[Stated] = []
        self.bylines: list[Stated] = []
        self.published: list[Dated] = []
        self.modified: list[Dated] = []
        self.times: list[Dated] = []
        self.descriptions: list[Stated] = []
        self.sections: list[Stated] = []
        self.languages: list[Stated] = []
        self.urls: list[Stated] = []
        self.article_body = ""
        self._captured_at = page.captured_at
        if page.is_html:
            # Lexbor gives a node once for each selector of the list that it matches.
            nodes = {node.mem_id: node for node in page._root.css(_SELECTOR)}
            for node in nodes.values():
                self._node(node)
        for url in dict.fromkeys((page.url, *(stated.text for stated in self.urls))):
            self._url(url)

    @property
    def headings(self) -> list[Stated]:
        """The titles that the page shows or gives to others, without ``<title>``."""
        return [stated for stated in self.titles if stated.source != "title"]

    @cached_property
    def titles_by_key(self) -> dict[str, Stated]:
        """The titles by their folded text; where two are equal, a heading before ``<title>``."""
        ordered = sorted(self.titles, key=lambda stated: stated.source == "title")
        return {key: each for each in reversed(ordered) if (key := fold(each.text))}

    @cached_property
    def names(self) -> list[Stated]:
        """The authors that the page names for machines, no URLs, each once."""
        return list({stated.text: stated for stated in reversed(self.authors)}.values())[::-1]

    def _node(self, node: LexborNode) -> None:
        attributes = node.attributes
        tag = node.tag
        if tag == "meta":
            self._meta(attributes)
        elif tag == "script":
            self._script(node.text(deep=True))
        elif tag in ("title", "h1"):
            if (tag == "h1" or not self._has("title")) and not _in_svg(node):
                self._add(self.titles, _text(node), tag)
        elif tag == "html":
            self._add(self.languages, attributes.get("lang"), "lang")
        elif tag == "link":
            self._add(self.urls, attributes.get("href"), "canonical")
        elif tag == "time" or attributes.get("datetime"):
            self._time(attributes)
        else:
            self._element(node, attributes)

    def _has(self, source: str) -> bool:
        return any(stated.source == source for stated in self.titles)

    def _meta(self, attributes: Mapping[str, str | None]) -> None:
        content = attributes.get("content")
        if not content or not content.strip():
            return
        for key in ("property", "name", "itemprop"):
            # "dc.title" and "dc:title" are one name, and one attribute may hold several.
            for name in (attributes.get(key) or "").lower().split():
                if kind := _META.get(name.replace(":", ".")):
                    self._claim(kind, content, name)
                    return

    def _claim(self, kind: str, text: object, source: str) -> None:
        if not isinstance(text, (str, int, float)):
            return
        value = str(text)
        match kind:
            case "published" | "modified":
                moment = read(value) or read_label(value, self._captured_at)
                if moment:
                    getattr(self, kind).append(Dated(moment, source))
            case "author":
                if not value.lstrip().startswith(("http:", "https:", "//", "/")):
                    self._add(self.authors, value, source)
            case _:
                self._add(getattr(self, f"{kind}s"), value, source)

    def _add(self, to: list[Stated], value: str | None, source: str) -> None:
        if value and len(to) < _MOST:
            text = collapse(html.unescape(value) if "&" in value else value)
            if text:
                to.append(Stated(text, source))

    def _time(self, attributes: Mapping[str, str | None]) -> None:
        value = attributes.get("datetime") or attributes.get("content")
        if not value or len(self.times) >= _MOST:
            return
        moment = read(value)
        if moment is None:
            return
        told = f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}".lower()
        if "modif" in told or "updat" in told:
            self.modified.append(Dated(moment, "time"))
        elif "datepublished" in told or "pubdate" in attributes:
            self.published.append(Dated(moment, "time"))
        self.times.append(Dated(moment, "time"))

    def _element(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        itemprop = (attributes.get("itemprop") or "").lower()
        content = attributes.get("content")
        if itemprop in ("datepublished", "datemodified"):
            self._claim(itemprop.removeprefix("date"), content or _text(node), itemprop)
        elif itemprop == "headline":
            self._add(self.titles, content or _text(node), "itemprop headline")
        elif len(self.bylines) < _MOST and node.tag not in ("body", "html", "article", "main"):
            told = f"{itemprop} {attributes.get('rel') or ''} {attributes.get('class') or ''}"
            told = told.lower()
            if "author" in told or "byline" in told:
                source = "byline element" if "byline" in told else "author element"
                text = node.text(deep=True, separator="\n")
                if len(text) < _LONGEST_NAME * 4:
                    for line in text.split("\n"):
                        if len(line) < _LONGEST_NAME:
                            self._add(self.bylines, line, source)
                    joined = collapse(node.text(deep=True))
                    if len(joined) < _LONGEST_NAME:
                        self._add(self.bylines, joined, source)

    def _script(self, text: str) -> None:
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            self._broken(text)
            return
        for item in islice(_objects(data), 200):
            self._object(item)

    def _object(self, item: Mapping[str, Any]) -> None:
        kinds = item.get("@type")
        names = [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
        article = any(map(_ARTICLE.search, names))
        if article:
            self._claim("title", item.get("headline"), "json-ld headline")
            for name in _names(item.get("author")):
                self._claim("author", name, "json-ld author")
            body = item.get("articleBody")
            if isinstance(body, str) and len(body) > len(self.article_body):
                self.article_body = body
            for name in _names(item.get("publisher")):
                self._claim("site", name, "json-ld publisher")
            section = item.get("articleSection")
            for each in section if isinstance(section, list) else [section]:
                self._claim("section", each, "json-ld articleSection")
            self._claim("description", item.get("description"), "json-ld description")
        if article or "WebPage" in names:
            self._claim("published", item.get("datePublished"), "json-ld datePublished")
            self._claim("modified", item.get("dateModified"), "json-ld dateModified")
        if "WebSite" in names or any("Organization" in name for name in names):
            self._claim("site", item.get("name"), "json-ld name")

    def _broken(self, text: str) -> None:
        """Members of JSON-LD that no parser reads; the first of each, the article's own."""
        found: dict[str, str] = {}
        for match in _BROKEN.finditer(text):
            found.setdefault(match[1], match[2])
        self._claim("title", found.get("headline"), "json-ld headline")
        self._claim("published", found.get("datePublished"), "json-ld datePublished")
        self._claim("modified", found.get("dateModified"), "json-ld dateModified")
        self.article_body = self.article_body or found.get("articleBody", "")
        if author := _BROKEN_AUTHOR.search(text):
            self._claim("author", author[1], "json-ld author")

    def _url(self, url: str | None) -> None:
        match = _URL_DAY.search(_path(url)) if url else None
        if match and (moment := read("-".join((match[1], match[2].zfill(2), match[3].zfill(2))))):
            self.times.append(Dated(moment, "url"))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # "http://[x" is content too
        return ""


def _text(node: LexborNode) -> str:
    return node.text(deep=True)


def _in_svg(node: LexborNode) -> bool:
    return node.tag == "title" and node.parent is not None and node.parent.tag == "svg"


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that speak of the page: the outermost, of graphs, main entities."""
    stack = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:_MOST]))
        elif isinstance(item, dict):
            stack += [item.get("mainEntity"), item.get("@graph")]
            main = item.get("mainEntityOfPage")
            stack.append({**main, "mainEntityOfPage": None} if isinstance(main, dict) else None)
            yield item


def _names(value: Any) -> Iterator[str]:
    """The names in an author or publisher: a string, an object, a list of either."""
    items = value if isinstance(value, list) else [value]
    for item in items[:_MOST]:
        name = item.get("name") if isinstance(item, dict) else item
        for each in name if isinstance(name, list) else [name]:
            if isinstance(each, str):
                yield each
