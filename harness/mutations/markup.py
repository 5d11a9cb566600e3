"""HTML source as tokens, and where its prose stands: for edits that leave the rest as it is.

Parsing and serialising a page again would change it in a hundred places besides the one that a
mutation is about, most of all where the markup is broken. So edits are made in the source, and
:mod:`harness.mutations.draft` holds the parsed page against what the edit was to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import NamedTuple

from harness.text import collapse
from harness.visible import BLOCKS, UNSEEN

TEXT, OPEN, CLOSE, COMMENT, RAW, OTHER = "text", "open", "close", "comment", "raw", "other"

# https://html.spec.whatwg.org/#void-elements, with the obsolete ones that parse alike.
VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr".split()
)
# Elements whose content holds no markup (https://html.spec.whatwg.org/#parsing-html-fragments).
RAW_TEXT = frozenset("script style textarea title xmp iframe noembed noframes plaintext".split())
# What a start tag closes that was left open (https://html.spec.whatwg.org/#optional-tags).
_CLOSES = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "option": {"option"},
}
_CLOSES_P = BLOCKS - {"br", "body", "html", "head", "td", "tr", "tbody", "button", "caption"}
_LISTS = frozenset({"ul", "ol", "dl", "table", "select", "menu"})
PHRASING = frozenset("a abbr b bdi bdo cite code em i mark q s small span strong sub sup u".split())

_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<([/!?]?)([a-zA-Z][^\s/>]*+)?(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|))*+"
    r"(?:>|\Z)",
    re.S,
)
_TAG_START = re.compile(r"<(?:[a-zA-Z!?]|/[a-zA-Z])")
ATTRIBUTE = re.compile(
    r"""\s+([a-zA-Z_][-\w:.]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""", re.A
)
_OPEN_TAG = re.compile(rf"<([a-zA-Z][-\w:]*)((?:{ATTRIBUTE.pattern})*)(\s*/?)>", re.A)
_HIDING = re.compile(
    r"\shidden(?=[\s=/>])|\sstyle\s*=[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I
)
# Running text, not a caption, a label or a line of links.
_SHORTEST_PROSE, _LINK_SHARE = 60, 0.4


class Token(NamedTuple):
    """A piece of source. ``name`` is the element, in lower case; of ``raw``, the one it is in."""

    kind: str
    source: str
    name: str = ""


class Tag(NamedTuple):
    """A start tag taken apart: attributes as (name, value as written with quotes, or "")."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    end: str

    def render(self) -> str:
        """The tag as source, one space before each attribute."""
        parts = [f" {n}={v}" if v else f" {n}" for n, v in self.attributes]
        # An unquoted value swallows the slash that follows it.
        gap = (
            " " if self.end and self.attributes and self.attributes[-1][1][-1:] not in "\"'" else ""
        )
        return f"<{self.name}{''.join(parts)}{gap}{self.end}>"


def read_tag(source: str) -> Tag | None:
    """A start tag, or None for one that is not written by the rules."""
    match = _OPEN_TAG.fullmatch(source)
    if match is None:
        return None
    found = tuple((m[1], m[2] or "") for m in ATTRIBUTE.finditer(match[2]))
    return Tag(match[1], found, match[match.lastindex or 0].strip() if match.lastindex else "")


def change_tags(tokens: Sequence[Token], change: Callable[[Tag], Tag]) -> str:
    """The source that tokens make, every start tag that is written by the rules changed."""
    parts = [token.source for token in tokens]
    for i, token in enumerate(tokens):
        tag = read_tag(token.source) if token.kind is OPEN else None
        changed = tag and change(tag)
        if changed and changed != tag:
            parts[i] = changed.render()
    return "".join(parts)


def tokenize(source: str) -> list[Token]:
    """All of ``source`` as tokens: their sources, joined, are the source again."""
    found: list[Token] = []
    position, size = 0, len(source)
    start = _TAG_START.search(source)
    while start is not None:
        match = _TOKEN.match(source, start.start())
        if match is None:  # pragma: no cover - each start of a tag matches to the end at least
            break
        if start.start() > position:
            found.append(Token(TEXT, source[position : start.start()]))
        token = _markup(match)
        found.append(token)
        position = match.end()
        if token.kind is OPEN and token.name in RAW_TEXT:
            end = _end_of_raw(source, position, token.name)
            if end > position:
                found.append(Token(RAW, source[position:end], token.name))
            position = end
        start = _TAG_START.search(source, position)
    if position < size:
        found.append(Token(TEXT, source[position:]))
    return found


def _markup(match: re.Match[str]) -> Token:
    text, mark, name = match[0], match[1], match[2]
    if text.startswith("<!--"):
        return Token(COMMENT, text)
    if name is None or mark in ("!", "?"):
        return Token(OTHER, text)
    return Token(CLOSE if mark else OPEN, text, name.lower())


def _end_of_raw(source: str, position: int, name: str) -> int:
    if name == "plaintext":
        return len(source)
    match = re.compile(rf"</{name}(?=[\s/>])", re.I).search(source, position)
    return match.start() if match else len(source)


@dataclass(frozen=True)
class Paragraph:
    """A ``<p>`` of running text: its tokens from start tag to end tag, and what a reader sees."""

    start: int
    end: int
    text: str


class Outline:
    """Tokens with their nesting: enough of the parser's rules to find prose in real pages."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.parent: list[int] = []
        self.end: dict[int, int] = {}
        self._build()

    def _build(self) -> None:
        stack: list[int] = []
        names: list[str] = []
        for i, token in enumerate(self.tokens):
            if token.kind is OPEN:
                _close_implied(token.name, stack, names)
            elif token.kind is CLOSE and token.name in names:
                while names.pop() != token.name:
                    stack.pop()
                self.end[stack.pop()] = i
            self.parent.append(stack[-1] if stack else -1)
            if token.kind is OPEN and token.name not in VOID:
                stack.append(i)
                names.append(token.name)

    def above(self, index: int) -> Iterator[int]:
        """The start tags around a token, innermost first."""
        index = self.parent[index]
        while index >= 0:
            yield index
            index = self.parent[index]

    def names_above(self, index: int) -> set[str]:
        """The names of the elements around a token."""
        return {self.tokens[i].name for i in self.above(index)}

    @cached_property
    def out_of_sight(self) -> list[bool]:
        """Of each token, whether a reader sees nothing of it: in the head, a script, hidden."""
        found: list[bool] = []
        for i, token in enumerate(self.tokens):
            parent = self.parent[i]
            hidden = token.kind is RAW or (parent >= 0 and found[parent])
            if token.kind is OPEN and not hidden:
                closed = token.name == "dialog" and " open" not in token.source
                hidden = token.name in UNSEEN or closed or bool(_HIDING.search(token.source))
            found.append(hidden)
        return found

    @cached_property
    def preformatted(self) -> list[bool]:
        """Of each token, whether white space counts there: in ``<pre>``, as far as markup says."""
        found: list[bool] = []
        for i, token in enumerate(self.tokens):
            parent = self.parent[i]
            inside = parent >= 0 and found[parent]
            if token.kind is OPEN and not inside:
                inside = token.name in ("pre", "listing") or "white-space" in token.source
            found.append(inside)
        return found

    def text(self, start: int, end: int) -> str:
        """What a reader sees of the tokens from ``start`` to before ``end``, on one line."""
        seen = (
            unescape(t.source) if t.kind is TEXT else " "
            for t, hidden in zip(self.tokens[start:end], self.out_of_sight[start:end], strict=True)
            if (t.kind is TEXT or (t.kind is OPEN and t.name == "br")) and not hidden
        )
        return collapse("".join(seen))

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of running text, in page order."""
        found = []
        for i, token in enumerate(self.tokens):
            if token.name != "p" or token.kind is not OPEN or self.out_of_sight[i]:
                continue
            end = self.end.get(i)
            if end is not None and (text := self._prose(i, end)):
                found.append(Paragraph(i, end, text))
        return found

    def _prose(self, start: int, end: int) -> str:
        """The text of a paragraph, or nothing when it is no running text."""
        inside = self.tokens[start + 1 : end]
        if any(t.name in BLOCKS and t.name != "br" for t in inside):
            return ""
        text = self.text(start, end)
        if len(text) < _SHORTEST_PROSE and not (len(text) > 25 and not text.isascii()):
            return ""
        links = sum(
            len(t.source)
            for i, t in enumerate(inside, start + 1)
            if t.kind is TEXT and "a" in self._near(i, start)
        )
        return text if links <= _LINK_SHARE * len(text) else ""

    def _near(self, index: int, top: int) -> set[str]:
        names = set()
        for above in self.above(index):
            if above <= top:
                break
            names.add(self.tokens[above].name)
        return names

    @cached_property
    def article(self) -> list[Paragraph]:
        """The longest run of prose in one element: most likely the article's body."""
        runs: dict[int, list[Paragraph]] = {}
        for paragraph in self.paragraphs:
            runs.setdefault(self.parent[paragraph.start], []).append(paragraph)
        return max(runs.values(), key=lambda run: sum(len(p.text) for p in run), default=[])

    def prose_tokens(self) -> list[int]:
        """The text tokens inside of the article's paragraphs, with at least one letter."""
        return [
            i
            for p in self.article
            for i in range(p.start, p.end)
            if self.tokens[i].kind is TEXT
            and not self.out_of_sight[i]
            and self.tokens[i].source.strip()
        ]


def _close_implied(name: str, stack: list[int], names: list[str]) -> None:
    """Leaves the elements that a start tag closes without an end tag."""
    if name in _CLOSES_P and "p" in names[-6:]:
        at = len(names) - 1 - names[::-1].index("p")
        # A button or a cell inside of the paragraph keeps it open.
        if all(n in PHRASING for n in names[at + 1 :]):
            del names[at:], stack[at:]
    closes = _CLOSES.get(name)
    if closes:
        for at in range(len(names) - 1, -1, -1):
            if names[at] in _LISTS:
                break
            if names[at] in closes:
                del names[at:], stack[at:]
                break


def source_of(tokens: Sequence[Token]) -> str:
    """The source that tokens make."""
    return "".join([token.source for token in tokens])
