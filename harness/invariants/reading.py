"""A page read once, in one pass over its serialised tree: its lines, and what holds each of them.

The lines are those of ``Page.visible``, index for index; a property test holds that. That
walks the tree node by node to know where each line stands in the source, which invariants do not
ask, and costs several times as much.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TypeAlias

from harness.chrome import holds_chrome
from harness.page import Page
from harness.text import collapse
from harness.visible import BLOCKS, DEEPEST, UNSEEN, Line, hiding_style

# Lexbor escapes "<" and ">" in attributes, so a tag ends at the first ">". Of the five elements
# whose content is no markup the content is left out.
_TAG = re.compile(
    r"<(?:(script|style|iframe|noembed|noframes)(?=[ >])[^>]*>.*?</\1"
    r"|!--.*?--|(/?)([^\s>]*)([^>]*))>([^<]*)",
    re.S,
)
# Lexbor keeps "<!-- <script>" in a script, as browsers do, and then "</script>" ends nothing.
_NESTED_SCRIPT = re.compile(r"<script[^>]*>[^<]*<!--(?:(?!</script).)*<script", re.S)
_VOID = frozenset(
    """area base basefont bgsound br col embed frame hr img input keygen link meta param source
    track wbr""".split()
)
_BLOCK, _EMPTY, _UNSEEN = 1, 2, 4
_KINDS = {
    tag: _BLOCK * (tag in BLOCKS) + _EMPTY * (tag in _VOID) + _UNSEEN * (tag in UNSEEN)
    for tag in BLOCKS | UNSEEN | _VOID
}
# lexbor writes an attribute without a value as `hidden=""`, and as `hidden` up to selectolax 0.4.6.
_ATTRIBUTE = re.compile(r' ([^\s=]+)(?:="[^"]*")?')
_CLASS = re.compile(r' class="([^"]*)"')
# What themes name texts for screen readers only; a style sheet that is not looked at hides them.
_QUIET = re.compile(
    r"(?:^|[-_ ])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-(?:text|hidden)|"
    r"element-invisible|assistive-text|offscreen|u-hidden|is-hidden|d-none)(?:$|[-_ ])",
    re.I,
)
_STYLE = re.compile(r' style="([^"]*)"')
_CSS_SPACE = " \t\n\r\f"
_CAPTION = re.compile(r"(?:^|[-_])(?:fig)?captions?(?:$|[-_])|imagecaption|wp-caption", re.I)


# Name, attributes as they stand, and what is around. Elements are many and few are asked about.
_Raw: TypeAlias = "tuple[str, str, _Raw | None]"


Home: TypeAlias = tuple[int, str, tuple[str, ...]]

# Pages hold the same few dozen kinds of elements, and those of one site the same ones again.
_holds_chrome = lru_cache(4096)(holds_chrome)


@lru_cache(4096)
def _classes_of(attributes: str) -> tuple[str, ...]:
    found = _CLASS.search(attributes)
    return tuple(html.unescape(found[1]).split()) if found else ()


class Element:
    """An element that holds lines. ``up`` is the one around it; the outermost has none."""

    __slots__ = (
        "_block",
        "_caption",
        "_chrome",
        "_classes",
        "_home",
        "_path",
        "_quiet",
        "_tags",
        "raw",
        "tag",
        "up",
    )

    def __init__(self, tag: str, raw: str, up: Element | None) -> None:
        self.tag, self.raw, self.up = tag, raw, up
        self._block: Element | None = None
        self._caption: bool | None = None
        self._chrome: bool | None = None
        self._classes: tuple[str, ...] | None = None
        self._home: Home | None = None
        self._path: str | None = None
        self._quiet: bool | None = None
        self._tags: tuple[str, ...] | None = None

    def _outermost_first(self, name: str) -> None:
        """Has the elements around it answer before it asks: pages nest deeper than Python calls."""
        silent: list[Element] = []
        each = self.up
        while each is not None and getattr(each, f"_{name}") is None:
            silent.append(each)
            each = each.up
        while silent:
            getattr(silent.pop(), name)

    @property
    def classes(self) -> tuple[str, ...]:
        """The words of its ``class``."""
        if self._classes is None:
            self._classes = _classes_of(self.raw) if self.raw else ()
        return self._classes

    @property
    def tags(self) -> tuple[str, ...]:
        """The enclosing elements and itself, as in ``Line.tags``."""
        if self._tags is None:
            self._outermost_first("tags")
            around = () if self.up is None else self.up.tags
            own = (".".join((self.tag, *self.classes)),) if self.tag else ()
            self._tags = (*around, *own)[-DEEPEST:]
        return self._tags

    @property
    def path(self) -> str:
        """Names and classes of all that it stands in and its own."""
        if self._path is None:
            self._outermost_first("path")
            around = "" if self.up is None else self.up.path
            self._path = f"{around}>{'.'.join((self.tag, *self.classes))}"[-2000:]
        return self._path

    @property
    def home(self) -> Home:
        """Where a block stands and of what kind it is; the same for all items of one list."""
        if self._home is None:
            self._home = (id(self.up), self.tag, self.classes)
        return self._home

    @property
    def chrome(self) -> bool:
        """Whether it, or an element around it, is one that holds no content."""
        if self._chrome is None:
            self._outermost_first("chrome")
            own = _holds_chrome(self.tag, self.classes)
            self._chrome = own or (self.up is not None and self.up.chrome)
        return self._chrome

    @property
    def caption(self) -> bool:
        """Whether it stands in the caption of a picture or a table."""
        if self._caption is None:
            self._outermost_first("caption")
            own = self.tag in ("figcaption", "caption") or any(map(_CAPTION.search, self.classes))
            self._caption = own or (self.up is not None and self.up.caption)
        return self._caption

    @property
    def quiet(self) -> bool:
        """Whether its classes, or those around it, say that only screen readers read it."""
        if self._quiet is None:
            self._outermost_first("quiet")
            own = bool(self.classes) and _QUIET.search(" ".join(self.classes)) is not None
            self._quiet = own or (self.up is not None and self.up.quiet)
        return self._quiet

    @property
    def around(self) -> Iterator[Element]:
        """It and the elements around it, innermost first."""
        each: Element | None = self
        while each is not None:
            yield each
            each = each.up

    @property
    def block(self) -> Element:
        """The innermost block that it is or stands in."""
        if self._block is None:
            self._outermost_first("block")
            inline = self.tag not in BLOCKS and self.up is not None
            self._block = self.up.block if inline and self.up is not None else self
        return self._block


class Reading:
    """The lines of a page and what holds them.

    ``texts[i]`` is ``Page.visible[i].text``, ``linked[i]`` how many of its characters are linked.
    ``hidden`` are the lines in elements out of a reader's sight, scripts and styles apart.
    """

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        self.linked: list[int] = []
        self.hidden: list[str] = []
        self._raw: list[_Raw] = []
        self._known: dict[int, Element] = {}
        self.markup = page.serialised if page.is_html else ""
        if not page.is_html or _untold(self.markup):
            self._copy(page)
        else:
            self._read(self.markup)

    def holder(self, number: int) -> Element:
        """The element around the first text of a line."""
        return self._holders[number]

    @cached_property
    def _holders(self) -> list[Element]:
        return [self._element(raw) for raw in self._raw]

    def _element(self, raw: _Raw) -> Element:
        known = self._known.get(id(raw))
        if known is not None:
            return known
        path = []
        each: _Raw | None = raw
        while each is not None and id(each) not in self._known:
            path.append(each)
            each = each[2]
        element = None if each is None else self._known[id(each)]
        for item in reversed(path):
            element = self._known[id(item)] = Element(item[0], item[1], element)
        assert element is not None
        return element

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The same as ``Page.visible``, without the places in the source."""
        pairs = zip(self.texts, self._holders, strict=True)
        return tuple(Line(text, tags=holder.tags) for text, holder in pairs)

    @cached_property
    def by_text(self) -> dict[str, list[int]]:
        """The numbers of the lines of each text."""
        found: dict[str, list[int]] = {}
        for number, text in enumerate(self.texts):
            found.setdefault(text, []).append(number)
        return found

    def _copy(self, page: Page) -> None:
        for line in page.visible:
            raw: _Raw | None = None
            for tag in line.tags:
                name, _, classes = tag.partition(".")
                raw = (name, f' class="{html.escape(classes.replace(".", " "))}"', raw)
            self.texts.append(line.text)
            self.linked.append(0)
            self._raw.append(raw or ("", "", None))

    def _read(self, markup: str) -> None:
        here: _Raw = ("", "", None)
        holder: _Raw | None = None  # what is around the first text of the line
        parts: list[str] = []
        unseen: _Raw | None = None  # the hidden element that all this stands in
        hidden: list[str] = []
        links = linked = pre = 0
        kind_of = _KINDS.get
        for rawtext, closing, tag, attributes, text in _TAG.findall(markup):
            kind = kind_of(tag or rawtext, 0)
            if kind & _BLOCK:
                if unseen is not None:
                    hidden.append("\n")
                elif parts:
                    self._end(parts, holder, linked)
                    parts, linked, holder = [], 0, None
            if not tag or kind & _EMPTY:  # a comment or a script, or an element without content
                pass
            elif closing:
                if here[0] == tag:  # in SVG, elements named like empty ones close
                    if unseen is None:
                        links -= tag == "a"
                        pre -= tag == "pre"
                    elif here is unseen:
                        unseen = None
                        self._hide(hidden)
                        hidden = []
                    here = here[2] or here
            else:
                here = (tag, attributes, here)
                if unseen is not None:
                    pass
                elif kind & _UNSEEN or ((attributes or tag == "dialog") and _hides(here)):
                    unseen = here
                else:
                    links += tag == "a"
                    pre += tag == "pre"
            if not text:
                continue
            if unseen is not None:
                hidden.append(text)
                continue
            if pre and "\n" in text:
                *ended, text = text.split("\n")
                for part in ended:
                    if holder is None and _inked(part):
                        holder = here
                    self._end([*parts, part], holder, linked)
                    parts, linked, holder = [], 0, None
            if parts or text.strip(_CSS_SPACE):
                parts.append(text)
                if holder is None and _inked(text):
                    holder = here
                if links:
                    linked += len(text)
        if parts:
            self._end(parts, holder, linked)

    def _end(self, parts: list[str], holder: _Raw | None, linked: int) -> None:
        text = collapse(parts[0] if len(parts) == 1 else "".join(parts))
        if "&" in text:
            text = _plain(text)
        if holder is not None and text and not text.isspace():
            self.texts.append(text)
            self.linked.append(linked)
            self._raw.append(holder)

    def _hide(self, texts: Iterable[str]) -> None:
        for line in "".join(texts).split("\n"):
            if (text := collapse(_plain(line))) and not text.isspace():
                self.hidden.append(text)


def _untold(markup: str) -> bool:
    """Whether the content of some element cannot be told from markup."""
    if "<xmp" in markup or "<plaintext" in markup:
        return True
    return "<!--" in markup and _NESTED_SCRIPT.search(markup) is not None


def _inked(text: str) -> bool:
    """Whether a text of a serialised tree is more than white space."""
    return not text.isspace() and (text[:1] not in "& " or bool(_plain(text).strip()))


def _plain(text: str) -> str:
    # The entities that a serialised tree holds (https://html.spec.whatwg.org/#escapingString).
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _has(raw: str, attribute: str) -> bool:
    return f" {attribute}" in raw and attribute in _ATTRIBUTE.findall(raw)


def _hides(element: _Raw) -> bool:
    tag, raw, around = element
    if tag == "dialog" and not _has(raw, "open"):
        return True
    if tag == "html" and around is not None and around[2] is None:
        return False
    if _has(raw, "hidden"):
        return True
    if "style=" not in raw:
        return False
    style = _STYLE.search(raw)
    return style is not None and hiding_style(html.unescape(style[1]))
