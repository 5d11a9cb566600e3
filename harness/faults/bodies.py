"""A body as paragraphs, whatever its form: a list, one text, HTML, or nested sections."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from harness import records
from harness.model import Tree
from harness.text import collapse

_PARAGRAPH = re.compile(r"(<p\b[^>]*>)(.*?)(</p>)", re.S | re.I)
_TAG = re.compile(r"<[^>]*>")
_LINE = re.compile(r"[^\n\r]+")

Path = tuple["str | int", ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's text; ``box`` is the number of the list or text that holds it.

    ``gap`` is what stands before it where one text holds it with others: line ends.
    """

    text: str
    box: int
    gap: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    """A list of texts or one text inside of a body, by its path, and how to write it again."""

    path: Path
    form: str  # "list", "lines" or "html"
    original: Tree


class Body:
    """The paragraphs of a value, and the value again from other paragraphs.

    >>> Body({"sections": [{"paragraphs": ["a", "b"]}]}).rebuilt([Paragraph("b", 0)])
    {'sections': [{'paragraphs': ['b']}]}
    """

    def __init__(self, value: Tree) -> None:
        self._value = value
        self._boxes = list(_boxes(value, ()))
        self.paragraphs = [
            Paragraph(text, number, gap)
            for number, box in enumerate(self._boxes)
            for gap, text in _texts(box)
        ]

    @property
    def texts(self) -> list[str]:
        return [paragraph.text for paragraph in self.paragraphs]

    @property
    def words(self) -> int:
        """How many words, as white space parts them."""
        return sum(len(text.split()) for text in self.texts)

    def with_texts(self, texts: Sequence[str]) -> Tree:
        """The value with its paragraphs' texts replaced, one for one; "" drops one."""
        pairs = zip(self.paragraphs, texts, strict=True)
        return self.rebuilt([replace(old, text=text) for old, text in pairs if text])

    def all_in_first(self, texts: Sequence[str]) -> Tree:
        """The value with these paragraphs in its first box and none in the others."""
        return self.rebuilt([Paragraph(text, 0) for text in texts])

    def inserted(self, position: int, text: str) -> Tree:
        """The value with a paragraph more, before the one at ``position``."""
        before = self.paragraphs[max(0, position - 1)].box if self.paragraphs else 0
        found = list(self.paragraphs)
        found.insert(position, Paragraph(text, before))
        return self.rebuilt(found)

    def rebuilt(self, paragraphs: Sequence[Paragraph]) -> Tree:
        """The value with these paragraphs, each in its box, in this order."""
        if not self._boxes:
            return [paragraph.text for paragraph in paragraphs]
        value = self._value
        for number, box in enumerate(self._boxes):
            held = [paragraph for paragraph in paragraphs if paragraph.box == number]
            before = [paragraph for paragraph in self.paragraphs if paragraph.box == number]
            if held != before:
                value = _replaced(value, box.path, _written(box, held))
        return value


def _boxes(tree: Tree, path: Path) -> Iterator[_Box]:
    if isinstance(tree, str):
        markup = tree.lstrip()[:1] == "<" and _PARAGRAPH.search(tree)
        yield _Box(path, "html" if markup else "lines", tree)
    elif isinstance(tree, list):
        if all(isinstance(item, str) for item in tree):
            yield _Box(path, "list", tree)
        else:
            for number, item in enumerate(tree):
                yield from _boxes(item, (*path, number))
    elif isinstance(tree, dict) and records.tag_of(tree) in (None, "$tuple"):
        for key, item in tree.items():
            yield from _boxes(item, (*path, key))


def _texts(box: _Box) -> Iterator[tuple[str, str]]:
    """The paragraphs of a box with the gaps before them; white space alone is no paragraph."""
    if box.form == "list":
        yield from (("", text) for text in cast("list[str]", box.original) if text.strip())
        return
    text = cast(str, box.original)
    if box.form == "html":
        found = (_unmarked(match[2]) for match in _PARAGRAPH.finditer(text))
        yield from (("", inner) for inner in found if inner)
        return
    end = 0
    for match in _LINE.finditer(text):
        if match[0].strip():
            yield text[end : match.start()], match[0]
            end = match.end()


def _unmarked(markup: str) -> str:
    return collapse(html.unescape(_TAG.sub("", markup)))


def _written(box: _Box, held: Sequence[Paragraph]) -> Tree:
    texts = [paragraph.text for paragraph in held]
    if box.form == "list":
        return cast(Tree, texts)
    text = cast(str, box.original)
    if box.form == "html":
        return _rewritten(text, texts)
    usual = "\n\n" if "\n\n" in text else "\n"
    gaps = [paragraph.gap if "\n" in paragraph.gap else usual for paragraph in held]
    return "".join(gap + text for gap, text in zip(["", *gaps[1:]], texts, strict=False))


def _rewritten(markup: str, texts: Sequence[str]) -> str:
    """HTML with other paragraphs: those that stay keep their markup."""
    chunks: dict[str, str] = {}
    for match in _PARAGRAPH.finditer(markup):
        chunks.setdefault(_unmarked(match[2]), match[0])
    first = _PARAGRAPH.search(markup)
    assert first is not None, "a box is HTML where it holds a paragraph"
    end = max(match.end() for match in _PARAGRAPH.finditer(markup))
    inner = "\n".join(
        chunks.get(text) or f"<p>{html.escape(text, quote=False)}</p>" for text in texts
    )
    return f"{markup[: first.start()]}{inner}{markup[end:]}"


def _replaced(tree: Tree, path: Path, value: Tree) -> Tree:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(tree, list):
        return [_replaced(v, rest, value) if i == key else v for i, v in enumerate(tree)]
    assert isinstance(tree, dict), "a path leads through lists and dicts"
    return {k: _replaced(v, rest, value) if k == key else v for k, v in tree.items()}
