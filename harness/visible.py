"""What a reader of a page sees, line by line, and where each line stands in its source.

There is one definition of that, :func:`visible_lines`, and everything uses it: an extractor's
``text()``, the unclaimed text of ``harness extract``, the marks in the drift report.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser, LexborNode

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

LINE_END = re.compile(r"\r\n|\r|\n")

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


def visible_lines(root: LexborNode) -> Iterator[list[tuple[str, LexborNode | None]]]:
    """What a reader sees below ``root``: a list of (text, its text node) for each line.

    Lines end at block elements and ``<br>``; a hidden or unseen element gives itself with no text.
    Texts are white-space collapsed by the caller; inside ``<pre>`` each source line is a line.
    """
    line: list[tuple[str, LexborNode | None]] = []
    inside_pre = 0
    for event, node in _walk(root):
        if node.tag == "pre":
            inside_pre += {"open": 1, "close": -1}.get(event, 0)
        if event == "text":
            text = node.text_content or ""
            if "\n" in text and inside_pre:
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
    """Texts, blocks that open and close, and hidden elements, in page order.

    No recursion: pages nest deeply.
    """
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
                yield "open", node
        child = node.first_child if step_down else None
        if child is not None:
            node = child
            continue
        entered = step_down
        while node is not None:
            if node.is_element_node and node.tag in BLOCKS:
                yield ("close" if entered else "edge"), node
            entered = True
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
    return style is not None and hiding_style(style)


def hiding_style(style: str) -> bool:
    """Whether an element's own style takes it out of a reader's sight."""
    return _HIDING_STYLE.search(style) is not None


def out_of_sight(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether an element or one around it is hidden; ``known`` are answers by ``mem_id``."""
    path: list[int] = []
    here: LexborNode | None = node
    while here is not None and here.is_element_node:
        identity = here.mem_id
        if identity in known or is_hidden(here):
            hidden = known.get(identity, True)
            break
        path.append(identity)
        here = here.parent
    else:
        hidden, identity = False, 0
    known.update(dict.fromkeys((*path, identity), hidden))
    return hidden


def texts_of(root: LexborNode) -> list[str]:
    """The lines that a reader sees below ``root``, white space collapsed."""
    lines = (collapse("".join(text for text, _ in line)) for line in visible_lines(root))
    return [line for line in lines if line]


def html_lines(root: LexborNode, source: str) -> Iterator[Line]:
    """The lines of an HTML page, with their places."""
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


def text_lines(source: str) -> Iterator[Line]:
    """The lines of a plain text, with their places."""
    position = 0
    for end in [*(match.span() for match in LINE_END.finditer(source)), (len(source),) * 2]:
        if (text := collapse(source[position : end[0]])).strip():
            yield Line(text, position, end[0])
        position = end[1]


def json_lines(source: str) -> Iterator[Line]:
    """The texts of a JSON document, a line each; ``tags`` are their keys."""
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        yield from text_lines(source)
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


def xml_lines(source: str) -> Iterator[Line]:
    """The texts of an XML document; HTML inside of them is read as such."""
    try:
        root = parse_xml(source)
    except ElementTree.ParseError:
        yield from text_lines(source)
        return
    stack: list[tuple[str, str | None] | ElementTree.Element] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            tag, part = item
            for text in _markup_lines(part) if part and part.strip() else ():
                yield Line(text, tags=(tag,))
            continue
        tag = str(item.tag)
        for child in reversed(item):
            stack += [(tag, child.tail), child]
        stack.append((tag, item.text))


def parse_xml(source: str) -> ElementTree.Element:
    """The root of an XML text. Raises ElementTree.ParseError when it is not well-formed."""
    # The standard library's expat (2.4.1 and later) bounds entity expansion and fetches nothing.
    # The text is decoded already; an encoding declaration would contradict it.
    return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source, count=1))


def _markup_lines(markup: str) -> list[str]:
    """The visible lines of HTML inside of XML, such as a feed's description."""
    root = LexborHTMLParser(markup).root
    assert root is not None, "Lexbor gives every document, even an empty one, a root"
    return [line for line in texts_of(root) if line.strip()]
