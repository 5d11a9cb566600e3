"""A capture read once: the lines a reader sees, and every other text that can be pointed at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from selectolax.lexbor import LexborNode

from harness.page import Page
from harness.provenance.elements import Elements, ancestors
from harness.provenance.places import LONGEST_PATH, Fragility, Place, PlaceKind
from harness.text import collapse, squash
from harness.visible import visible_lines

# Bounds for hostile pages: of a larger one the rest is not looked at, and `limited` says so. The
# largest real pages have 20,000 elements and 5 MB of scripts.
MOST_LINES = 100_000
LONGEST_LINE = 1_000_000
MOST_ELEMENTS = 100_000
MOST_STATED = 100_000
MOST_CHARACTERS = 20_000_000

# Elements in the head, or without text of their own.
_SKIPPED = frozenset(
    "style meta link head input iframe object embed audio video canvas title".split()
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_TEXT_ATTRIBUTES = frozenset("title alt aria-label placeholder value label summary".split())
_LINK_ATTRIBUTES = frozenset("href src content poster datetime cite".split())
_KEY = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Stated:
    """A text that is not one a reader sees as a line: metadata, an attribute, hidden text.

    ``place`` is where it stands as a whole; ``node`` the element whose path is not told yet.
    """

    text: str
    place: Place
    node: LexborNode | None = None


class Reading(Protocol):
    """What alignment asks of a capture. ``lines`` are the texts of ``Page.visible``, in order."""

    lines: Sequence[str]
    stated: Sequence[Stated]
    unseen: Sequence[Stated]
    limited: bool

    def place(self, line: int, start: int, end: int) -> Place:
        """Where a span of a line stands."""
        ...

    def pieces(self, line: int) -> Sequence[str]:
        """The parts of a line that stand in elements of their own."""
        ...

    def settle(self, stated: Stated, start: int, end: int) -> Place:
        """Where a span of a stated text stands."""
        ...


def around(page: Page) -> list[Stated]:
    """What came with the page: its URL and the HTTP headers."""
    found: list[Stated] = []
    if page.url:
        place = Place("url", "", 0, len(page.url), Fragility.METADATA)
        found.append(Stated(page.url, place))
    for name, value in page.capture.headers[:200]:
        place = Place("header", name[:LONGEST_PATH], 0, len(value), Fragility.METADATA)
        found.append(Stated(value, place))
    return found


def span_of(place: Place, text: str, start: int, end: int) -> Place:
    """A place of a whole text as that of a span of it."""
    if squash(text[:start]) or squash(text[end:]):
        worst = max(place.fragility, Fragility.INSIDE)
        return replace(place, start=start, end=end, fragility=worst)
    return replace(place, start=start, end=end)


class HtmlReading:
    """An HTML capture. Paths are made for what is asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        lines: list[str] = []
        self.elements = Elements(page._root, MOST_ELEMENTS)
        self._parts: list[list[tuple[str, LexborNode]]] = []
        self._hidden: list[LexborNode] = []
        self.limited = self.elements.limited
        room = MOST_CHARACTERS
        for line in islice(visible_lines(page._root), MOST_LINES):
            text = collapse("".join(part for part, _ in line))
            if len(text) > LONGEST_LINE:
                text, self.limited = text[:LONGEST_LINE], True
            room -= len(text)
            if room < 0:
                self.limited = True
                break
            self._hidden += [node for _, node in line if node is not None and node.is_element_node]
            if text.strip():
                lines.append(text)
                self._parts.append([(p, n) for p, n in line if n is not None and p.strip()])
        self.limited |= len(lines) >= MOST_LINES
        self.lines: Sequence[str] = lines
        self.stated: Sequence[Stated] = self._bounded([*self._state(), *around(page)])
        self.unseen: Sequence[Stated] = self._bounded(list(self._unseen()))

    def _bounded(self, found: list[Stated]) -> list[Stated]:
        room = MOST_CHARACTERS
        kept = []
        for each in islice(found, MOST_STATED):
            room -= len(each.text)
            if room < 0:
                break
            kept.append(each)
        self.limited |= len(kept) < len(found)
        return kept

    # --- lines ------------------------------------------------------------------------------------

    def pieces(self, line: int) -> Sequence[str]:
        return [collapse(part) for part, _ in self._parts[line]]

    def place(self, line: int, start: int, end: int) -> Place:
        text = self.lines[line]
        first = len(squash(text[:start]))
        last = first + len(squash(text[start:end]))
        nodes: list[LexborNode] = []
        position, edges = 0, set[int]()
        for part, node in self._parts[line]:
            ahead = position + len(squash(part))
            if position < last and ahead > first:
                nodes.append(node)
                edges |= {position, ahead}
            position = ahead
        holder = _common(nodes)
        if holder is None:
            return Place("text", "", start, end, Fragility.INSIDE, line)
        cut_out = first not in edges or last not in edges
        if not cut_out and self.elements.ink(holder) == last - first:
            holder, grade = self._best(holder)
        elif cut_out or squash(text) != squash(text[start:end]):
            grade = Fragility.INSIDE
        else:
            # A line between two <br>: which one it is, is its only name.
            grade = max(Fragility.POSITIONAL, self.elements.grade(holder))
        path, near = self.elements.path(holder), self.elements.near(holder)
        return Place("text", path, start, end, grade, line, near=near)

    def _best(self, node: LexborNode) -> tuple[LexborNode, Fragility]:
        """Of an element and those around it that hold nothing else, the most robust."""
        best, grade = node, self.elements.grade(node)
        for above in islice(ancestors(node), 4):
            if above.tag == "body" or not _alone(node):
                break
            node = above
            if (found := self.elements.grade(node)) < grade:
                best, grade = node, found
        return best, grade

    # --- what is stated ---------------------------------------------------------------------------

    def settle(self, stated: Stated, start: int, end: int) -> Place:
        place = span_of(stated.place, stated.text, start, end)
        if stated.node is None:
            return place
        path, near = self.elements.path(stated.node), self.elements.near(stated.node)
        if place.kind in ("time", "attribute"):
            path = f"{path[: LONGEST_PATH - len(place.path)]} @{place.path}"
            if place.kind == "attribute" and place.fragility < Fragility.INSIDE:
                grade = max(Fragility.NAMED, self.elements.grade(stated.node))
                grade = Fragility.SEMANTIC if place.path == "content" else grade
                place = replace(place, fragility=grade)
        return replace(place, path=path, near=near)

    def _state(self) -> Iterator[Stated]:
        ld = embedded = 0
        for node in self.elements.all:
            tag = node.tag
            if tag == "script":
                kind = (node.attributes.get("type") or "").lower()
                if kind.startswith("application/ld+json"):
                    yield from _json_texts(node, "json-ld", Fragility.METADATA, ld)
                    ld += 1
                elif "json" in kind:
                    yield from _json_texts(node, "json", Fragility.NAMED, embedded)
                    embedded += 1
            elif tag == "meta":
                yield from _meta(node)
            elif tag == "title":
                text = node.text(deep=True)
                if not any(above.tag == "svg" for above in islice(ancestors(node), 3)):
                    place = Place("title", "title", 0, len(text), Fragility.METADATA)
                    yield Stated(text, place)
            else:
                yield from _attributes(node, tag or "")

    def _unseen(self) -> Iterator[Stated]:
        for number, node in enumerate(self._page._root.css("script"), 1):
            if "json" not in (node.attributes.get("type") or "").lower():
                text = node.text(deep=True)
                path = f"script, number {number} of the page"
                yield Stated(text, Place("script", path, 0, len(text), Fragility.UNSEEN))
        for node in self._hidden:
            if node.tag not in _SKIPPED and node.tag != "script":
                text = node.text(deep=True)
                yield Stated(text, Place("hidden", "", 0, len(text), Fragility.UNSEEN), node)
        for number, match in enumerate(_COMMENT.finditer(self._page.source), 1):
            path = f"comment, number {number} of the page"
            yield Stated(match[1], Place("comment", path, 0, len(match[1]), Fragility.UNSEEN))


def _common(nodes: Sequence[LexborNode]) -> LexborNode | None:
    """The innermost element that holds all of these texts."""
    if not nodes:
        return None
    around_first = list(ancestors(nodes[0]))
    if len(nodes) > 1:
        around_last = {node.mem_id for node in ancestors(nodes[-1])}
        around_first = [node for node in around_first if node.mem_id in around_last]
    return around_first[0] if around_first else None


def _alone(node: LexborNode) -> bool:
    """Whether nothing beside an element has any text."""
    for forward in (False, True):
        beside = node.next if forward else node.prev
        for _ in range(20):
            if beside is None:
                break
            if beside.is_text_node and (beside.text_content or "").strip():
                return False
            if beside.is_element_node and beside.text(deep=True).strip():
                return False
            beside = beside.next if forward else beside.prev
        else:
            return False
    return True


def _json_texts(
    node: LexborNode, kind: PlaceKind, grade: Fragility, script: int
) -> Iterator[Stated]:
    try:
        value = json.loads(node.text(deep=True))
    except (ValueError, RecursionError):
        return
    for path, text in json_strings(value):
        yield Stated(text, Place(kind, path, 0, len(text), grade, script=script))


def json_strings(value: Any) -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its path (``$.author[0].name``), in order."""
    stack: list[tuple[Any, str]] = [(value, "$")]
    left = MOST_STATED
    while stack and left:
        item, path = stack.pop()
        if isinstance(item, str):
            left -= 1
            yield (path if len(path) <= LONGEST_PATH else f"{path[: LONGEST_PATH - 1]}…"), item
        elif isinstance(item, dict):
            stack += [(child, path + _step(key)) for key, child in reversed(item.items())]
        elif isinstance(item, list):
            stack += [(item[i], f"{path}[{i}]") for i in range(len(item) - 1, -1, -1)]


def _step(key: str) -> str:
    """A key as a step of a JSON path (RFC 9535)."""
    key = key[: LONGEST_PATH + 1]
    return f".{key}" if _KEY.fullmatch(key) else f"[{json.dumps(key, ensure_ascii=False)}]"


def _meta(node: LexborNode) -> Iterator[Stated]:
    attributes = node.attributes
    text = attributes.get("content")
    if not text:
        return
    for by in ("property", "name", "itemprop"):
        if name := attributes.get(by):
            path = f"meta[{by}={json.dumps(name[: LONGEST_PATH - 20], ensure_ascii=False)}]"
            yield Stated(text, Place("meta", path, 0, len(text), Fragility.METADATA))
            return


def _attributes(node: LexborNode, tag: str) -> Iterator[Stated]:
    attributes = node.attributes
    if not attributes:
        return
    for name, value in attributes.items():
        if not value:
            continue
        if name == "datetime":
            yield Stated(value, Place("time", name, 0, len(value), Fragility.METADATA), node)
        elif tag == "link" and name == "href":
            if (rel := attributes.get("rel")) and rel not in ("stylesheet", "preload"):
                place = Place("attribute", name, 0, len(value), Fragility.METADATA)
                yield Stated(value, place, node)
        elif name in _TEXT_ATTRIBUTES or name in _LINK_ATTRIBUTES or name.startswith("data-"):
            place = Place("attribute", name[:80], 0, len(value), Fragility.NAMED)
            yield Stated(value, place, node)
