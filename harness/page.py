"""A page as an extractor reads it: a façade over selectolax's Lexbor parser."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import (
    http_content_type_encoding,
)

from harness.decoding import decode_html, decode_xml
from harness.model import Capture
from harness.visible import (
    LINE_END,
    Line,
    html_lines,
    json_lines,
    out_of_sight,
    parse_xml,
    text_lines,
    texts_of,
    xml_lines,
)

_MARKUP_TYPES = ("html", "xhtml")


class Selection:
    """What pages and nodes share: finding nodes, and reading text and attributes from them.

    Where a method takes an optional selector, without one it reads the page or node itself.
    Selectors are CSS; one that cannot be parsed is a ValueError that names it. Text is what a
    reader sees, white space collapsed as CSS does (no-break spaces are content and stay). Of many
    matches those that the page hides are left out; where it hides all, they were meant, so
    ``text("head title")`` works.
    """

    _root: LexborNode
    _base: str | None

    def css(self, selector: str) -> list[Node]:
        """All nodes below this one that match, in document order."""
        return [Node(node, self._base) for node in self._select(selector)]

    def first(self, selector: str) -> Node | None:
        """The first node below this one that matches, or None."""
        node = self._select_first(selector)
        return None if node is None else Node(node, self._base)

    def text(self, selector: str | None = None) -> str | None:
        """The visible text of the first match, on one line; None when nothing matches."""
        node = self._select_first(selector)
        return None if node is None else " ".join(texts_of(node))

    def texts(self, selector: str) -> list[str]:
        """The visible text of every match, one string each; those without any are left out."""
        found = (" ".join(texts_of(node)) for node in self._seen(self._select(selector)))
        return [text for text in found if text.strip()]

    def lines(self, selector: str | None = None) -> list[str]:
        """The visible lines of every match: a paragraph, or a part between two ``<br>``, each."""
        nodes = [self._root] if selector is None else self._seen(self._select(selector))
        return [line for node in nodes for line in texts_of(node) if line.strip()]

    def attr(self, selector: str | None, name: str) -> str | None:
        """An attribute of the first match ("" when it has no value); None when there is none."""
        node = self._select_first(selector)
        return None if node is None else _attribute(node, name)

    def attrs(self, selector: str, name: str) -> list[str]:
        """That attribute of every match that has it."""
        values = (_attribute(node, name) for node in self._select(selector))
        return [value for value in values if value is not None]

    def link(self, selector: str | None = None, name: str = "href") -> str | None:
        """An attribute of the first match as an absolute URL (relative when the page has none)."""
        value = self.attr(selector, name)
        return None if value is None else _join(self._base, value)

    def _select(self, selector: str) -> list[LexborNode]:
        try:
            found = self._root.css(selector)
        except SelectolaxError:
            raise ValueError(f"cannot parse the CSS selector {selector!r}") from None
        # Lexbor counts the node itself among its matches; a walk over nested lists would not end.
        own = self._root.mem_id
        return [node for node in found if node.mem_id != own]

    def _seen(self, nodes: list[LexborNode]) -> list[LexborNode]:
        """Those of ``nodes`` that a reader sees; all of them where that is none."""
        known = {self._root.mem_id: False}
        return [node for node in nodes if not out_of_sight(node, known)] or nodes

    def _select_first(self, selector: str | None) -> LexborNode | None:
        if selector is None:
            return self._root
        return next(iter(self._select(selector)), None)


class Node(Selection):
    """An element of a page."""

    def __init__(self, node: LexborNode, base: str | None) -> None:
        self._root, self._base = node, base

    def __repr__(self) -> str:
        return f"<{'.'.join([self.tag, *(self.attr(None, 'class') or '').split()])}>"

    @property
    def tag(self) -> str:
        """The element's name in lower case."""
        return self._root.tag or ""

    @property
    def html(self) -> str:
        """The element and what is in it, serialised again."""
        return self._root.html or ""

    @property
    def raw_text(self) -> str:
        """All text in the element, seen or not, as it stands: for scripts and data blobs."""
        return self._root.text(deep=True)

    @property
    def next(self) -> Node | None:
        """The next element beside this one, or None."""
        node = self._root.next
        while node is not None and not node.is_element_node:
            node = node.next
        return None if node is None else Node(node, self._base)

    @property
    def parent(self) -> Node | None:
        """The element around this one, or None."""
        node = self._root.parent
        return Node(node, self._base) if node is not None and node.is_element_node else None


class Page(Selection):
    """A capture, decoded and parsed on demand.

    ``source`` is the decoded text. HTML is reached with :meth:`css` and its kin, plain text with
    ``source`` or ``visible``, JSON with ``data``, XML with ``xml``.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture

    @property
    def url(self) -> str | None:
        return self.capture.url

    @property
    def captured_at(self) -> datetime | None:
        """When the capture was made; None when nobody knows."""
        return self.capture.captured_at

    @cached_property
    def encoding(self) -> str:
        """The encoding that was used: as stated in ``capture.json``, else sniffed."""
        return self._decoded[0]

    @cached_property
    def source(self) -> str:
        """The page as text. Bytes that the encoding does not know become U+FFFD."""
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        capture = self.capture
        if capture.charset:
            text = capture.body.decode(capture.charset, "replace")
            return capture.charset, text.removeprefix("\ufeff")
        header = next((v for k, v in capture.headers if k.lower() == "content-type"), None)
        if self.is_xml:
            return decode_xml(capture.body, http_content_type_encoding(header))
        return decode_html(capture.body, http_content_type_encoding(header))

    @property
    def is_html(self) -> bool:
        """Whether the capture is HTML (also XHTML)."""
        return self.capture.media_type.rpartition("/")[2].startswith(_MARKUP_TYPES)

    @property
    def is_json(self) -> bool:
        """Whether the capture is JSON, ``application/ld+json`` and its kind included."""
        return self.capture.media_type.endswith(("/json", "+json"))

    @property
    def is_xml(self) -> bool:
        """Whether the capture is XML other than XHTML: a feed, a sitemap."""
        return not self.is_html and self.capture.media_type.endswith(("/xml", "+xml"))

    @cached_property
    def _tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.source)

    @property
    def serialised(self) -> str:
        """The parsed page as markup again: every element that closes is closed."""
        return self._root.html or ""

    @property
    def _root(self) -> LexborNode:  # type: ignore[override]
        root = self._tree.root
        assert root is not None, "Lexbor gives every document, even an empty one, a root"
        return root

    @cached_property
    def _base(self) -> str | None:  # type: ignore[override]
        node = self._tree.css_first("base[href]")
        href = node.attributes.get("href") if node else None
        return _join(self.url, href) if href else self.url

    @cached_property
    def source_lines(self) -> list[str]:
        """``source`` by its line ends (LF, CR LF or CR), white space kept."""
        return LINE_END.split(self.source)

    @cached_property
    def visible(self) -> tuple[Line, ...]:
        """What a reader of this page sees, line by line, with where each line stands."""
        if self.is_html:
            return tuple(html_lines(self._root, self.source))
        if self.is_json:
            return tuple(json_lines(self.source))
        if self.is_xml:
            return tuple(xml_lines(self.source))
        return tuple(text_lines(self.source))

    @cached_property
    def data(self) -> Any:
        """The content of a JSON capture. Raises ValueError when it is no JSON."""
        return json.loads(self.source)

    def script_json(self, selector: str) -> list[Any]:
        """The content of every matching ``<script>`` that holds valid JSON.

        Pages carry broken blobs beside good ones (a trailing comma is the classic); a browser
        ignores them and so does this.
        """
        found = []
        for node in self.css(selector):
            try:
                found.append(json.loads(node.raw_text))
            except (ValueError, RecursionError):
                continue
        return found

    def json_ld(self, *types: str) -> list[dict[str, Any]]:
        """The JSON-LD objects of the given ``@type`` (any if none is given), ``@graph`` opened."""
        found: list[dict[str, Any]] = []
        stack = self.script_json('script[type^="application/ld+json"]')[::-1]
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            elif isinstance(item, dict):
                stack.append(item.get("@graph"))
                kinds = item.get("@type")
                names = [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
                short = {name.rpartition("/")[2] for name in names}
                if kinds is not None and (not types or short & set(types)):
                    found.append(item)
        return found

    @cached_property
    def xml(self) -> ElementTree.Element:
        """The root of an XML capture. Raises ElementTree.ParseError when it is not well-formed."""
        return parse_xml(self.source)


def fragment(markup: str, base: str | None = None) -> Node:
    """A piece of HTML, such as a feed's description, as a node; ``base`` resolves its links."""
    root = LexborHTMLParser(markup).root
    assert root is not None, "Lexbor gives every document, even an empty one, a root"
    return Node(root, base)


def _join(base: str | None, href: str) -> str:
    try:
        return urljoin(base or "", href.strip())
    except ValueError:  # "http://[x": broken links are content, not our error
        return href.strip()


def _attribute(node: LexborNode, name: str) -> str | None:
    attributes = node.attributes
    return (attributes[name] or "") if name in attributes else None
