"""Captures that are no HTML: feeds and other XML, JSON, plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree

from harness.page import Page, fragment
from harness.provenance.places import LONGEST_PATH, Fragility, Place
from harness.provenance.reading import (
    MOST_LINES,
    MOST_STATED,
    Stated,
    around,
    json_strings,
    span_of,
)
from harness.text import collapse

# Prefixes as the feeds' own documents write them; the files may use others.
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
}


class PlainReading:
    """A capture without elements: its lines are known by their numbers."""

    def __init__(self, page: Page) -> None:
        self.lines: Sequence[str] = [line.text for line in page.visible[:MOST_LINES]]
        self.stated: Sequence[Stated] = around(page)
        self.unseen: Sequence[Stated] = ()
        self.limited = len(page.visible) > MOST_LINES

    def place(self, line: int, start: int, end: int) -> Place:
        place = Place("text", f"line {line + 1}", 0, 0, Fragility.POSITIONAL, line)
        return span_of(place, self.lines[line], start, end)

    def pieces(self, line: int) -> Sequence[str]:
        return [self.lines[line]]

    def settle(self, stated: Stated, start: int, end: int) -> Place:
        return span_of(stated.place, stated.text, start, end)


class JsonReading(PlainReading):
    """A JSON capture: each string is known by its path."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._places: list[Place] = []
        try:
            value = page.data
        except (ValueError, RecursionError):
            return
        strings = list(json_strings(value))
        for path, text in strings:
            parts = [part for part in text.splitlines() if collapse(part)]
            for _ in parts:
                # A string of several lines must be taken apart.
                grade = Fragility.METADATA if len(parts) == 1 else Fragility.INSIDE
                self._places.append(Place("data", path, fragility=grade))
        whole = [each for each in strings if "\n" in each[1].strip()]
        stated = [Stated(t, Place("data", p, 0, len(t), Fragility.METADATA)) for p, t in whole]
        self.stated = [*stated, *self.stated]

    def place(self, line: int, start: int, end: int) -> Place:
        if line >= len(self._places):
            return super().place(line, start, end)
        place = replace(self._places[line], line=line)
        return span_of(place, self.lines[line], start, end)


class XmlReading(PlainReading):
    """A feed or other XML: each text is known by the elements around it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._places: list[Place] = []
        try:
            root = page.xml
        except ElementTree.ParseError:
            return
        attributes: list[Stated] = []
        for path, text, given in _texts(root):
            lines = _count_lines(text)
            # Markup in a description: its paragraphs are known by their elements only.
            grade = Fragility.METADATA if lines == 1 else Fragility.SEMANTIC
            self._places += [Place("feed", path, fragility=grade)] * lines
            for name, value in given.items():
                place = Place("feed", f"{path} @{name}", 0, len(value), Fragility.METADATA)
                attributes.append(Stated(value, place))
        self.limited |= len(attributes) > MOST_STATED
        self.stated = [*attributes[:MOST_STATED], *self.stated]

    def place(self, line: int, start: int, end: int) -> Place:
        if line >= len(self._places):
            return super().place(line, start, end)
        place = replace(self._places[line], line=line)
        return span_of(place, self.lines[line], start, end)


def _texts(root: ElementTree.Element) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(path, text, attributes) of each text in the order of ``visible.xml_lines``."""
    stack: list[tuple[ElementTree.Element | str, str]] = [(root, f"/{_local(root.tag)}")]
    while stack:
        item, path = stack.pop()
        if isinstance(item, str):
            yield path, item, {}
            continue
        given = {_local(name): value for name, value in item.attrib.items()}
        yield path, item.text or "", given
        total = Counter(child.tag for child in item)
        seen: Counter[str] = Counter()
        below: list[tuple[ElementTree.Element | str, str]] = []
        for child in item:
            seen[child.tag] += 1
            number = f"[{seen[child.tag]}]" if total[child.tag] > 1 else ""
            step = f"{path}/{_local(child.tag)}{number}"
            step = step if len(step) <= LONGEST_PATH else f"{step[: LONGEST_PATH - 1]}…"
            below += [(child, step), (child.tail or "", path)]
        stack += reversed(below)


def _local(name: object) -> str:
    """A name with the prefix that people know it by, instead of its namespace."""
    space, _, local = str(name).rpartition("}")
    return _PREFIXES.get(space[1:], "") + local[:LONGEST_PATH]


def _count_lines(text: str) -> int:
    """Into how many of ``visible.xml_lines`` a text goes."""
    if not text.strip():
        return 0
    if "<" not in text and "&" not in text and "\0" not in text:
        return int(bool(collapse(text).strip()))
    return len(fragment(text).lines())
