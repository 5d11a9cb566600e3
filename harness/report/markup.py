"""Foreign texts and attributes as parts of a document, escaped by one rule."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from harness.text import show_unseen

CELLS = frozenset({"td", "th"})
ATTRIBUTE_CHARS = 160
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
# A cell over 65,534 rows is laid out for minutes; no reader counts so many.
_MOST_SPANNED = 30


def attribute(text: str) -> str:
    """A foreign text as an attribute's value, quoted, bounded and harmless."""
    if len(text) > ATTRIBUTE_CHARS:
        text = text[: ATTRIBUTE_CHARS - 1] + "…"
    text = escaped(" ".join(text.split())).replace("'", "&#39;")
    return f"'{text}'"


def escaped(text: str) -> str:
    """A foreign text as text of a document, what cannot be seen made visible."""
    text = show_unseen(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def language(node: LexborNode) -> str:
    """The ``lang`` and ``dir`` of an element as attributes, where they are valid."""
    attributes = node.attrs
    if not len(attributes):
        return ""
    given = ""
    if "lang" in attributes and _LANGUAGE.fullmatch(attributes["lang"] or ""):
        given = f" lang={attributes['lang']}"
    if "dir" in attributes and (way := (attributes["dir"] or "").lower()) in _DIRECTIONS:
        given += f" dir={way}"
    return given


def numbers(node: LexborNode, name: str) -> str:
    """The numbers of a cell or a list as attributes, bounded."""
    attributes = node.attrs
    if not len(attributes):
        return ""
    names = ("colspan", "rowspan") if name in CELLS else ("start",) if name == "ol" else ("value",)
    found = ""
    for key in names:
        value = (attributes[key] or "") if key in attributes else ""
        if re.fullmatch("[0-9]{1,4}", value):
            number = int(value)
            found += f" {key}={min(number, _MOST_SPANNED) if name in CELLS else number}"
    return found
