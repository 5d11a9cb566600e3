"""XML feeds and JSON: other spellings of the same document, and their items in another order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from random import Random
from typing import Any

from harness.mutations.draft import Draft, Law, Mutation, Rewrite, source_mutation
from harness.mutations.markup import ATTRIBUTE
from harness.mutations.relations import PermutesRecords, Relation

XML, JSON = "xml", "json"
_XML_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>"
    r"|</?[A-Za-z_](?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.S,
)
_START = re.compile(rf"<([A-Za-z_][-\w:.]*)((?:{ATTRIBUTE.pattern})*)(\s*/?)>", re.A)
# What RSS and Atom call an item; sitemaps have their own word.
_ITEMS = ("item", "entry", "url")


def _reordered(before: str, after: str) -> bool:
    return sorted(before) == sorted(after)


def xml_mutation(
    name: str, summary: str, *, relation: Relation | None = None, law: Law = "same-lines"
) -> Callable[[Rewrite], Mutation]:
    """A mutation of XML other than XHTML."""
    return source_mutation(
        f"xml-{name}", XML, summary, accepts=lambda p: p.is_xml, relation=relation, law=law
    )


def json_mutation(
    name: str, summary: str, *, relation: Relation | None = None, law: Law = "same-lines"
) -> Callable[[Rewrite], Mutation]:
    """A mutation of JSON."""
    return source_mutation(
        f"json-{name}", JSON, summary, accepts=lambda p: p.is_json, relation=relation, law=law
    )


def pieces(source: str) -> list[str]:
    """XML as text and markup in turn: even members are text."""
    found, position = [], 0
    for match in _XML_TOKEN.finditer(source):
        found += [source[position : match.start()], match[0]]
        position = match.end()
    return [*found, source[position:]]


@xml_mutation("attribute-order", "attributes of each tag shuffled")
def attribute_order(draft: Draft, rng: Random) -> str:
    """Attributes have no order (https://www.w3.org/TR/xml/#sec-starttags)."""

    def shuffle(match: re.Match[str]) -> str:
        found = [m[0] for m in ATTRIBUTE.finditer(match[2])]
        end = match[0][match.end(2) - match.start() :]
        return f"<{match[1]}{''.join(rng.sample(found, len(found)))}{end}"

    parts = pieces(draft.source)
    parts[1::2] = [_START.sub(shuffle, p) if _START.fullmatch(p) else p for p in parts[1::2]]
    return "".join(parts)


@xml_mutation("comments", "comments between elements")
def comments(draft: Draft, rng: Random) -> str:
    """Comments are no part of a document's text (https://www.w3.org/TR/xml/#sec-comments)."""
    parts = pieces(draft.source)
    for i in range(2, len(parts) - 2, 2):
        inside = parts[i - 1].startswith(("</", "<?")) and parts[i + 1].startswith("<")
        if inside and not parts[i].strip() and rng.random() < 0.3:
            parts[i] = f"<!-- cache {rng.randrange(1000)} -->{parts[i]}"
    return "".join(parts)


@xml_mutation("indent", "white space between elements")
def indent(draft: Draft, rng: Random) -> str:
    """Between the elements of a feed; XHTML inside of it is text, and left."""
    parts = pieces(draft.source)
    first = next((i for i, p in enumerate(parts) if i % 2 and _START.fullmatch(p)), len(parts))
    for i in range(first + 1, len(parts) - 1, 2):
        before, after = parts[i - 1], parts[i + 1]
        named = all(re.match(r"</?(?:item|entry|channel|feed|rss)\b", p) for p in (before, after))
        if named and not parts[i].strip():
            parts[i] += rng.choice(["\n", "\n    ", " "])
    return "".join(parts)


@xml_mutation("cdata-to-text", "CDATA sections as escaped text")
def cdata_to_text(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Two spellings of one text (https://www.w3.org/TR/xml/#sec-cdata-sect)."""
    parts = pieces(draft.source)
    for i in range(1, len(parts), 2):
        if parts[i].startswith("<![CDATA["):
            parts[i] = _escaped(parts[i][9:-3])
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@xml_mutation("text-to-cdata", "escaped text as CDATA sections")
def text_to_cdata(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Two spellings of one text. Only XML's own references and numbers are read."""
    parts = pieces(draft.source)
    for i in range(0, len(parts), 2):
        text = parts[i]
        known = re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)*", text)
        beside = parts[max(0, i - 1) : i + 2]
        if text.strip() and known and not any(p.startswith("<![") for p in beside[::2]):
            plain = unescape(text)
            if "]]>" not in plain and "\r" not in plain:
                parts[i] = f"<![CDATA[{plain}]]>"
    return "".join(parts)


@xml_mutation("numeric-references", "letters as numeric character references")
def numeric_references(draft: Draft, rng: Random) -> str:
    """A character and its number are the same text."""
    parts = pieces(draft.source)
    parts[::2] = [
        re.sub(
            r"&#?\w+;|\w",
            lambda m: m[0] if len(m[0]) > 1 or rng.random() > 0.1 else f"&#{ord(m[0])};",
            text,
        )
        for text in parts[::2]
    ]
    return "".join(parts)


@xml_mutation("empty-elements", "<a/> as <a></a>")
def empty_elements(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Two spellings of one element."""
    parts = pieces(draft.source)
    for i in range(1, len(parts), 2):
        match = _START.fullmatch(parts[i])
        if match and parts[i].endswith("/>"):
            parts[i] = f"{parts[i][:-2].rstrip()}></{match[1]}>"
    return "".join(parts)


@xml_mutation(
    "items-reordered", "items in the reverse order", relation=PermutesRecords(), law=_reordered
)
def items_reordered(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The records are the same, in this order or in one that the extractor makes."""
    parts = pieces(draft.source)
    for name in _ITEMS:
        starts = [i for i, p in enumerate(parts) if i % 2 and re.match(rf"<{name}[\s>]", p)]
        ends = [i for i, p in enumerate(parts) if i % 2 and re.match(rf"</{name}\s*>", p)]
        if len(starts) > 1 and len(starts) == len(ends):
            return _reversed(parts, starts, ends)
    return None


def _reversed(parts: list[str], starts: list[int], ends: list[int]) -> str:
    items = ["".join(parts[a : b + 1]) for a, b in zip(starts, ends, strict=True)]
    gaps = ["".join(parts[b + 1 : a]) for b, a in zip(ends, starts[1:], strict=False)]
    found = ["".join(parts[: starts[0]])]
    for item, gap in zip(items[::-1], [*gaps, "".join(parts[ends[-1] + 1 :])], strict=True):
        found += [item, gap]
    return "".join(found)


def _read(draft: Draft) -> Any:
    try:
        return json.loads(draft.source)
    except (ValueError, RecursionError):
        return None


@json_mutation("pretty-print", "indented, or on one line")
def pretty_print(draft: Draft, rng: Random) -> str | None:
    """White space between values means nothing (RFC 8259, section 2)."""
    value = _read(draft)
    if value is None:
        return None
    kept = not draft.source.isascii()
    if "\n" in draft.source.strip():
        return json.dumps(value, ensure_ascii=not kept, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=not kept, indent=rng.choice([1, 2, 4]))


@json_mutation("escapes", "characters as \\u escapes")
def escapes(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """A character and its escape are the same text (RFC 8259, section 7)."""
    value = _read(draft)
    return None if value is None else json.dumps(value, ensure_ascii=True)


def _shuffled(value: Any, rng: Random) -> Any:
    if isinstance(value, dict):
        keys = rng.sample(list(value), len(value))
        return {key: _shuffled(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, rng) for item in value]
    return value


@json_mutation("key-order", "the members of each object shuffled", law=_reordered)
def key_order(draft: Draft, rng: Random) -> str | None:
    """An object is an unordered collection (RFC 8259, section 1)."""
    value = _read(draft)
    return None if value is None else json.dumps(_shuffled(value, rng), ensure_ascii=False)


@json_mutation("keys-added", "a member that nobody knows in each object", law="any")
def keys_added(draft: Draft, rng: Random) -> str | None:
    """Programming interfaces grow fields."""
    value = _read(draft)
    return None if value is None else json.dumps(_grown(value, rng), ensure_ascii=False)


def _grown(value: Any, rng: Random) -> Any:
    if isinstance(value, dict):
        grown = {key: _grown(item, rng) for key, item in value.items()}
        return {**grown, f"x_{rng.randrange(16**4):04x}": rng.randrange(100)}
    return [_grown(item, rng) for item in value] if isinstance(value, list) else value


def _longest_list(value: Any) -> list[Any]:
    """The list of the most objects, anywhere in a document."""
    best: list[Any] = []
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            if len(item) > len(best) and all(isinstance(x, dict) for x in item):
                best = item
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
    return best


@json_mutation(
    "items-reordered",
    "the longest list of objects in the reverse order",
    relation=PermutesRecords(),
    law=_reordered,
)
def json_items_reordered(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The records are the same, in this order or in one that the extractor makes."""
    value = _read(draft)
    items = _longest_list(value)
    if len(items) < 2:
        return None
    items.reverse()
    return json.dumps(value, ensure_ascii=False)


MUTATIONS: tuple[Mutation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Mutation)
)
