"""A page as an extractor reads it: a façade over selectolax's Lexbor parser.

There is one definition of what a reader sees (:func:`visible_lines`) and everything uses it: an
extractor's ``text()``, the unclaimed text of ``harness extract``, the marks in the drift report.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from harness.model import Capture
from harness.text import collapse

# Elements that start and end a line of their own: the HTML standard's rendering section
# (https://html.spec.whatwg.org/multipage/rendering.html), plus cells, buttons and options, which
# stand in boxes of their own: their text never runs into a neighbour's.
BLOCKS = frozenset(
    """address article aside blockquote body br button caption center dd details dialog dir div dl
    dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup
    hr html iframe legend li main menu nav ol optgroup option p pre search section select summary
    table tbody td tfoot th thead tr ul""".split()
)
# Elements whose text a reader never sees. `noscript`: pages are captured from a world with
# scripts. `svg`: its texts are labels of drawings; `title` there is a tooltip.
UNSEEN = frozenset(
    """script style template noscript head title meta link svg iframe object embed audio video
    canvas datalist noframes noembed textarea input""".split()
)
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKUP_TYPES = ("html", "xhtml")
# Of so many enclosing elements a line keeps the names. Real pages nest 40 deep.
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line a reader sees. ``start`` and ``end`` are character offsets into ``Page.source``.

    They are None where the parser moved or rewrote the text so that its place cannot be told.
    ``tags`` names the enclosing elements, outermost first, with their classes: ``nav.top``.
    """

    text: str
    start: int | None = None
    end: int | None = None
    tags: tuple[str, ...] = ()


class Selection:
    """What pages and nodes share: finding nodes, and reading text and attributes from them.

    Where a method takes an optional selector, without one it reads the page or node itself.
    Selectors are CSS; one that cannot be parsed is a ValueError that names it. Text is what a
    reader sees, white space collapsed as CSS does (no-break spaces are content and stay); a node
    that is named is read even when it is hidden, so ``text("head title")`` works.
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
        return None if node is None else " ".join(_texts(node))

    def texts(self, selector: str) -> list[str]:
        """The visible text of every match, one string each; those without any are left out."""
        found = (" ".join(_texts(node)) for node in self._select(selector))
        return [text for text in found if text.strip()]

    def lines(self, selector: str | None = None) -> list[str]:
        """The visible lines of every match: a paragraph, or a part between two ``<br>``, each."""
        nodes = [self._root] if selector is None else self._select(selector)
        return [line for node in nodes for line in _texts(node) if line.strip()]

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
        if value is None:
            return None
        try:
            return urljoin(self._base or "", value.strip())
        except ValueError:  # "http://[x": broken links are content, not our error
            return value.strip()

    def _select(self, selector: str) -> list[LexborNode]:
        try:
            found = self._root.css(selector)
        except SelectolaxError:
            raise ValueError(f"cannot parse the CSS selector {selector!r}") from None
        # Lexbor counts the node itself among its matches; a walk over nested lists would not end.
        own = self._root.mem_id
        return [node for node in found if node.mem_id != own]

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
            return _decode_xml(capture.body, http_content_type_encoding(header))
        return _decode_html(capture.body, http_content_type_encoding(header))

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
    def _root(self) -> LexborNode:  # type: ignore[override]
        root = self._tree.root
        assert root is not None, "Lexbor gives every document, even an empty one, a root"
        return root

    @cached_property
    def _base(self) -> str | None:  # type: ignore[override]
        node = self._tree.css_first("base[href]")
        href = node.attributes.get("href") if node else None
        return urljoin(self.url or "", href) if href else self.url

    @cached_property
    def source_lines(self) -> list[str]:
        """``source`` by its line ends (LF, CR LF or CR), white space kept."""
        return _LINE_END.split(self.source)

    @cached_property
    def visible(self) -> tuple[Line, ...]:
        """What a reader of this page sees, line by line, with where each line stands."""
        if self.is_html:
            return tuple(_located(self._root, self.source))
        if self.is_json:
            return tuple(_json_lines(self.source))
        if self.is_xml:
            return tuple(_xml_lines(self.source))
        return tuple(_text_lines(self.source))

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
        # The standard library's expat (2.4.1 and later) bounds entity expansion and fetches
        # nothing. The text is decoded already; an encoding declaration would contradict it.
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", self.source, count=1)
        return ElementTree.fromstring(text)


def fragment(markup: str, base: str | None = None) -> Node:
    """A piece of HTML, such as a feed's description, as a node; ``base`` resolves its links."""
    root = LexborHTMLParser(markup).root
    assert root is not None, "Lexbor gives every document, even an empty one, a root"
    return Node(root, base)


def visible_lines(root: LexborNode) -> Iterator[list[tuple[str, LexborNode | None]]]:
    """What a reader sees below ``root``: a list of (text, its text node) for each line.

    Lines end at block elements and ``<br>``; a hidden or unseen element gives itself with no text.
    Texts are white-space collapsed by the caller; inside ``<pre>`` each source line is a line.
    """
    line: list[tuple[str, LexborNode | None]] = []
    for event, node in _walk(root):
        if event == "text":
            text = node.text_content or ""
            if "\n" in text and _in_pre(node, root):
                first, *rest = text.split("\n")
                line.append((first, node))
                for part in rest:
                    yield line
                    line = [(part, node)]
            else:
                line.append((text, node))
        elif event == "hidden":
            line.append(("", node))
        elif line:
            yield line
            line = []
    if line:
        yield line


def _walk(root: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Texts, block edges and hidden elements in page order. No recursion: pages nest deeply."""
    node: LexborNode | None = root
    while node is not None:
        step_down = False
        if node.is_text_node:
            yield "text", node
        elif node.is_element_node or node.mem_id == root.mem_id:
            step_down = node.mem_id == root.mem_id or not is_hidden(node)
            if not step_down:
                yield "hidden", node
            if step_down and node.tag in BLOCKS:
                yield "edge", node
        child = node.first_child if step_down else None
        if child is not None:
            node = child
            continue
        while node is not None:
            if node.is_element_node and node.tag in BLOCKS:
                yield "edge", node
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


def is_hidden(node: LexborNode) -> bool:
    """Whether an element and all in it is out of a reader's sight, by its own markup."""
    if node.tag in UNSEEN:
        return True
    attributes = node.attrs
    if node.tag == "dialog" and "open" not in attributes:
        return True
    if not len(attributes):
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDING_STYLE.search(style) is not None


def _in_pre(node: LexborNode, root: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == "pre":
            return True
        if parent.mem_id == root.mem_id:
            return False
        parent = parent.parent
    return False


def _attribute(node: LexborNode, name: str) -> str | None:
    attributes = node.attributes
    return (attributes[name] or "") if name in attributes else None


def _texts(root: LexborNode) -> list[str]:
    lines = (collapse("".join(text for text, _ in line)) for line in visible_lines(root))
    return [line for line in lines if line]


def _located(root: LexborNode, source: str) -> Iterator[Line]:
    places = _SourceText(source)
    known: dict[int, tuple[str, ...]] = {}
    for line in visible_lines(root):
        text = collapse("".join(part for part, _ in line))
        spans: list[tuple[int, int] | None] = []
        for part, node in line:
            if part.strip():
                spans.append(places.find(part))
            elif node is not None and node.is_element_node:
                places.skip(node)
        if text.strip():
            holder = next(node for part, node in line if part.strip())
            start, end = _extent(spans)
            yield Line(text, start, end, _tags(holder, known))


def _extent(spans: list[tuple[int, int] | None]) -> tuple[int, int] | tuple[None, None]:
    """From the first span to the last, when all are known and stand in order."""
    found = [span for span in spans if span]
    if len(found) < len(spans) or any(a[1] > b[0] for a, b in pairwise(found)):
        return None, None
    return found[0][0], found[-1][1]


def _tags(node: LexborNode | None, known: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    names: list[tuple[int, str]] = []
    parent = node.parent if node else None
    while parent is not None and parent.is_element_node and parent.mem_id not in known:
        classes = (parent.attributes.get("class") or "").split()
        names.append((parent.mem_id, ".".join([parent.tag or "", *classes])))
        parent = parent.parent
    tags = known.get(parent.mem_id, ()) if parent is not None else ()
    for mem_id, name in reversed(names):
        tags = known[mem_id] = (*tags, name)[-DEEPEST:]
    return tags


class _SourceText:
    """Finds where a text node stands in the source, moving forward as the parser did.

    Lexbor keeps no positions, so the runs of text between tags are read off the source once and
    matched in order; a run that the parser moved (foster parenting) is looked for from the start.
    """

    # Elements whose content is no run.
    _RAW = frozenset({"script", "style", "textarea", "title", "noscript"})
    # What opens and never closes reaches to the end, as in the parser: no second look at the rest.
    _RUN = re.compile(
        r"<!--(?:-?>|.*?(?:--!?>|\Z))"
        r"|<(script|style|textarea|title|noscript)\b[^>]*+(?<!/)>.*?(?:</\1\b[^>]*+>|\Z)"
        r"|<[!/?a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|))*+(?:>|\Z)",
        re.S | re.I,
    )

    def __init__(self, source: str) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        position = 0
        for tag in self._RUN.finditer(source):
            self._add(source, position, tag.start())
            position = tag.end()
        self._add(source, position, len(source))
        self._cursor = 0

    def _add(self, source: str, start: int, end: int) -> None:
        if start < end:
            run = html.unescape(source[start:end].replace("\0", ""))
            if key := collapse(run):
                self._places.setdefault(key, []).append((start, end))

    def find(self, text: str) -> tuple[int, int] | None:
        places = self._places.get(collapse(text))
        if not places:
            return None
        place = places[bisect_left(places, (self._cursor, 0)) % len(places)]
        self._cursor = max(self._cursor, place[1])
        return place

    def skip(self, hidden: LexborNode) -> None:
        """Moves on past what stands in an element that no reader sees."""
        if hidden.tag in self._RAW:
            return
        for node in hidden.traverse(include_text=True):
            parent = node.parent
            if node.is_text_node and parent is not None and parent.tag not in self._RAW:
                self.find(node.text_content or "")


def _text_lines(source: str) -> Iterator[Line]:
    position = 0
    for end in [*(match.span() for match in _LINE_END.finditer(source)), (len(source),) * 2]:
        if (text := collapse(source[position : end[0]])).strip():
            yield Line(text, position, end[0])
        position = end[1]


def _json_lines(source: str) -> Iterator[Line]:
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        yield from _text_lines(source)
        return
    stack: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while stack:
        item, path = stack.pop()
        if isinstance(item, dict):
            stack.extend((child, (*path, str(key))) for key, child in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend((child, path) for child in reversed(item))
        elif isinstance(item, str):
            for text in item.splitlines():
                if collapse(text):
                    yield Line(collapse(text), tags=path)


def _xml_lines(source: str) -> Iterator[Line]:
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source, count=1))
    except ElementTree.ParseError:
        yield from _text_lines(source)
        return
    stack: list[tuple[str, str | None] | ElementTree.Element] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            tag, part = item
            for text in fragment(part).lines() if part and part.strip() else ():
                yield Line(text, tags=(tag,))
            continue
        tag = str(item.tag)
        for child in reversed(item):
            stack += [(tag, child.tail), child]
        stack.append((tag, item.text))


def _decode_html(body: bytes, header: str | None) -> tuple[str, str]:
    """By BOM, header, ``<meta>``, then UTF-8 if it is that, else the web's default.

    That is the browsers' order (https://encoding.spec.whatwg.org/).
    """
    by_mark, mark = read_bom(body)
    if by_mark and mark:
        return by_mark, body[len(mark) :].decode(by_mark, "replace")
    declared = _charset(html_body_declared_encoding(body), readable=True)
    if name := _charset(header) or declared:
        return name, body.decode(name, "replace")
    try:
        return "utf-8", body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", body.decode("cp1252", "replace")


def _charset(name: str | None, readable: bool = False) -> str | None:
    """The encoding of this name, or None. ``readable``: its name stood in the page itself."""
    found = resolve_encoding(name) if name else None
    # A declaration that can be read as ASCII does not stand in UTF-16; servers of .NET say so of
    # UTF-8 (https://html.spec.whatwg.org/#determining-the-character-encoding).
    if found is None or (readable and found.startswith(("utf-16", "utf-32"))):
        return None
    try:
        # Python's codecs include some for which this fails on any page: idna, undefined, hex.
        b"a\xff".decode(found, "replace")
    except (LookupError, ValueError):
        return None
    return found


def _decode_xml(body: bytes, header: str | None) -> tuple[str, str]:
    """A feed's encoding: by BOM, header, declaration, else UTF-8 (RFC 7303, section 3.2)."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if body.startswith(mark):
            return name, body[len(mark) :].decode(name, "replace")
    stated = re.match(rb"\s*<\?xml[^>]*\bencoding=[\"']([A-Za-z0-9._-]+)", body)
    declared = _charset(stated[1].decode("ascii"), readable=True) if stated else None
    name = _charset(header) or declared or "utf-8"
    return name, body.decode(name, "replace")
