"""Pages as trees and back, one format each: HTML, XML, JSON, plain text, and raw source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from harness.decoding import decode_html, decode_xml
from harness.page import Page
from harness.shrink import html, json, xml
from harness.shrink.tree import Node, text

_TOKEN = re.compile(r"<[^<>]*>?|[^<]+", re.S)


@dataclass(frozen=True, slots=True)
class Format:
    """How a page's text becomes a tree (None: it cannot) and a text again.

    ``valid`` says whether a text is well-formed; ``decode`` finds the text of bytes alone.
    ``unwraps``: an element can go while what is in it stays.
    """

    read: Callable[[str], Node | None]
    write: Callable[[Node], str]
    valid: Callable[[str], bool]
    decode: Callable[[bytes], str]
    unwraps: bool = True

    def whole(self, body: bytes, source: str) -> bool:
        """Whether a page is well-formed, and its bytes alone tell their encoding."""
        return self.decode(body) == source and self.valid(source)


def formats_of(page: Page) -> Iterator[Format]:
    """The formats to read a page in, the one that says most first."""
    as_html: Callable[[bytes], str] = partial(_second, decode_html)
    if page.is_html:
        yield Format(html.read, html.write, html.is_canonical, as_html)
    elif page.is_xml:
        yield Format(xml.read, xml.write, xml.is_valid, partial(_second, decode_xml))
    elif page.is_json:
        yield Format(json.read, json.write, json.is_valid, as_html, unwraps=False)
    else:
        yield Format(_read_lines, _write_lines, _anything, as_html, unwraps=False)
        return
    yield Format(_read_source, _write_source, _anything, as_html, unwraps=False)


def _second(decoder: Callable[[bytes, str | None], tuple[str, str]], body: bytes) -> str:
    return decoder(body, None)[1]


def _anything(_: str) -> bool:
    return True


def _read_lines(source: str) -> Node:
    return Node("#root", children=[text(line) for line in re.split(r"\r\n|\r|\n", source)])


def _write_lines(root: Node) -> str:
    return "\n".join(line.text for line in root.kept())


def _read_source(source: str) -> Node:
    return Node("#root", children=[text(token) for token in _TOKEN.findall(source)])


def _write_source(root: Node) -> str:
    return "".join(token.text for token in root.kept())
