"""The same text in other bytes: charsets, byte order marks and line ends.

Where the bytes themselves say how to read them (a mark, a right declaration), every field keeps
its words. Where only the HTTP header says it, an extractor that is handed bytes alone cannot
know, and it is measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from harness.decoding import known_charset
from harness.model import Capture
from harness.mutations.draft import Draft, Edit, Mutation, draft_of, lines_of
from harness.mutations.markup import COMMENT, OPEN, OTHER, RAW, Token
from harness.mutations.relations import MayDrift, Relation, SameTokens
from harness.page import Page
from harness.visible import LINE_END

FAMILY = "encoding"
# The charsets that pages of the last 25 years declare
# (https://encoding.spec.whatwg.org/#names-and-labels).
CHARSETS = (
    "windows-1252 iso-8859-2 windows-1251 koi8-r windows-1253 windows-1255 windows-1256 "
    "windows-1254 gb18030 big5 shift_jis euc-jp euc-kr utf-8"
).split()
# A page of which more would be written as character references is not written in that charset.
_MOST_REFERENCES = 0.02
_IN_META = re.compile(r"""(charset\s*=\s*["']?\s*)([-\w:.]+)""", re.I)
_IN_XML = re.compile(r"""(<\?xml[^>]*\bencoding\s*=\s*["'])([-\w.]+)""", re.I)


def reencoded(draft: Draft, label: str, declared: str | None = None) -> Capture | None:
    """The capture in another charset, declared as ``declared`` (by default as what it is).

    Characters that the charset lacks become references, in scripts escapes. None where they are
    many, or where the page has none outside of ASCII, so that nothing would change.
    """
    codec = known_charset(label)
    source = draft.source
    if codec is None or (source.isascii() and label != "utf-16") or _same_codec(codec, draft):
        return None
    lacking = len(source) - len(source.encode(codec, "ignore").decode(codec, "ignore"))
    if lacking > _MOST_REFERENCES * len(source) + 2:
        return None
    said = declared or label
    page = draft.page
    text = source if lacking == 0 else None
    if page.is_html:
        text = _html(draft, codec, said)
    elif page.is_xml:
        text = _xml(draft, codec, said)
    if text is None:
        return None
    return replace(
        draft.capture,
        body=text.encode(codec),
        headers=_headers(draft.capture, label),
        charset=codec if draft.capture.charset or page_is_text(page) else None,
    )


def page_is_text(page: Page) -> bool:
    """Whether a capture is plain text, which can declare nothing."""
    return not (page.is_html or page.is_xml or page.is_json)


def _same_codec(codec: str, draft: Draft) -> bool:
    return known_charset(draft.encoding) == codec


def _headers(capture: Capture, label: str) -> tuple[tuple[str, str], ...]:
    """The headers with the charset of the content type, where it was stated."""
    return tuple(
        (name, _IN_META.sub(rf"\g<1>{label}", value) if name.lower() == "content-type" else value)
        for name, value in capture.headers
    )


def _html(draft: Draft, codec: str, label: str) -> str:
    tokens = [
        Token(t.kind, _IN_META.sub(rf"\g<1>{label}", t.source), t.name) if t.name == "meta" else t
        for t in draft.tokens
    ]
    if not any(t.name == "meta" and _IN_META.search(t.source) for t in tokens):
        tokens.insert(_in_head(tokens), Token(OPEN, f'<meta charset="{label}">', "meta"))
    return "".join(_writable(token, codec) for token in tokens)


def _in_head(tokens: list[Token]) -> int:
    """Where the first element of the head may stand."""
    for i, token in enumerate(tokens):
        if token.kind is OPEN and token.name == "head":
            return i + 1
    for i, token in enumerate(tokens):
        quiet = token.kind in (OTHER, COMMENT) or not token.source.strip()
        if not quiet:
            return i + 1 if token.name == "html" else i
    return 0


def _writable(token: Token, codec: str) -> str:
    """A token's source without the characters that a charset lacks."""
    if token.source.isascii():
        return token.source
    if token.kind is RAW and token.name == "script":
        return _escaped(token.source, codec, lambda code: f"\\u{code:04x}", wide=False)
    if token.kind is RAW and token.name == "style":
        return _escaped(token.source, codec, lambda code: f"\\{code:x} ")
    if token.kind in (COMMENT, OTHER):
        return token.source.encode(codec, "replace").decode(codec)
    return token.source.encode(codec, "xmlcharrefreplace").decode(codec)


def _escaped(text: str, codec: str, form: Callable[[int], str], wide: bool = True) -> str:
    found = []
    for char in text:
        try:
            char.encode(codec)
            found.append(char)
        except UnicodeEncodeError:
            code = ord(char)
            if code > 0xFFFF and not wide:
                high, low = divmod(code - 0x10000, 0x400)
                found += [form(0xD800 + high), form(0xDC00 + low)]
            else:
                found.append(form(code))
    return "".join(found)


def _xml(draft: Draft, codec: str, label: str) -> str | None:
    """XML with its declaration; None where a CDATA section holds what the charset lacks."""
    source = draft.source
    if _IN_XML.search(source):
        source = _IN_XML.sub(rf"\g<1>{label}", source, count=1)
    else:
        bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
        source = f'<?xml version="1.0" encoding="{label}"?>{bare}'
    pieces = re.split(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", source, flags=re.S)
    for piece in pieces[1::2]:
        if piece.encode(codec, "ignore").decode(codec) != piece:
            return None
    return "".join(piece.encode(codec, "xmlcharrefreplace").decode(codec) for piece in pieces)


def _proved(draft: Draft, made: Capture | None, relation: Relation, note: str) -> Edit | None:
    """The edit, if a reader sees the same lines in the other bytes."""
    if made is None or lines_of(Page(made)) != draft.lines:
        return None
    return Edit(made, relation, note)


def _charset(label: str) -> Mutation:
    summary = f"in {label}, declared"

    def edit(capture: Capture, rng: Random) -> Edit | None:  # noqa: ARG001
        draft = draft_of(capture)
        if draft.page.is_json:  # RFC 8259: UTF-8 and nothing else
            return None
        return _proved(draft, reencoded(draft, label), SameTokens(), summary)

    return Mutation(f"encoding-{label}", FAMILY, summary, True, edit)


def _marked(name: str, codec: str, mark: bytes) -> Mutation:
    summary = f"in {codec}, with its byte order mark"

    def edit(capture: Capture, rng: Random) -> Edit | None:  # noqa: ARG001
        draft = draft_of(capture)
        if draft.page.is_json or draft.mark:
            return None
        if codec == "utf-8":
            if known_charset(draft.encoding) != "utf-8":
                return None
            made: Capture | None = replace(capture, body=mark + capture.body)
        else:
            other = reencoded(draft, "utf-16")
            body = other.body.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff") if other else b""
            text = body.decode("utf-16-le")
            made = other and replace(
                other, body=mark + text.encode(codec), charset="utf-16" if other.charset else None
            )
        return _proved(draft, made, SameTokens(), summary)

    return Mutation(name, FAMILY, summary, True, edit)


def _wrong_meta(capture: Capture, rng: Random) -> Edit | None:
    """The header outranks the declaration (https://encoding.spec.whatwg.org/#decode)."""
    draft = draft_of(capture)
    if not draft.page.is_html or draft.mark or draft.source.isascii():
        return None
    label = rng.choice(["windows-1252", "koi8-r", "shift_jis"])
    meta = [i for i, t in enumerate(draft.tokens) if t.name == "meta" and _IN_META.search(t.source)]
    if not meta:
        return None
    parts = [t.source for t in draft.tokens]
    parts[meta[0]] = _IN_META.sub(rf"\g<1>{label}", parts[meta[0]])
    body = "".join(parts).encode(draft.encoding, "surrogateescape")
    header = ("Content-Type", f"text/html; charset={draft.encoding}")
    others = tuple(h for h in capture.headers if h[0].lower() != "content-type")
    made = replace(capture, body=body, headers=(*others, header))
    return _proved(draft, made, MayDrift(), f"<meta> says {label}, the header what it is")


def _no_meta(capture: Capture, rng: Random) -> Edit | None:  # noqa: ARG001
    """UTF-8 that says so nowhere; most of the web is."""
    draft = draft_of(capture)
    if not draft.page.is_html or draft.source.isascii() or draft.encoding != "utf-8":
        return None
    parts = [
        "" if t.name == "meta" and _IN_META.search(t.source) else t.source for t in draft.tokens
    ]
    headers = tuple(h for h in capture.headers if h[0].lower() != "content-type")
    body = "".join(parts).encode("utf-8", "surrogateescape")
    made = replace(capture, body=body, headers=headers, charset=None)
    return _proved(draft, made, MayDrift(), "UTF-8 that is declared nowhere")


def _line_ends(name: str, end: str) -> Mutation:
    summary = f"line ends as {name.upper()}"

    def edit(capture: Capture, rng: Random) -> Edit | None:  # noqa: ARG001
        draft = draft_of(capture)
        # Only very old readers of text take a lone CR for a line end; markup and JSON do.
        strict = end != "\r" or not page_is_text(draft.page)
        relation = SameTokens() if strict else MayDrift()
        made = LINE_END.sub(end, draft.source)
        return draft.finish(made, relation, summary, "same-lines")

    return Mutation(f"line-ends-{name}", FAMILY, summary, True, edit)


MUTATIONS: tuple[Mutation, ...] = (
    *map(_charset, CHARSETS),
    _marked("bom-utf-8", "utf-8", b"\xef\xbb\xbf"),
    _marked("bom-utf-16-le", "utf-16-le", b"\xff\xfe"),
    _marked("bom-utf-16-be", "utf-16-be", b"\xfe\xff"),
    Mutation("meta-wrong", FAMILY, "a wrong <meta>, a right header", False, _wrong_meta),
    Mutation("meta-missing", FAMILY, "UTF-8 that is declared nowhere", False, _no_meta),
    _line_ends("lf", "\n"),
    _line_ends("crlf", "\r\n"),
    _line_ends("cr", "\r"),
)
