"""Bytes of a page as text: by what the page says of itself, as browsers decide it."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import (
    html_body_declared_encoding,
    read_bom,
    resolve_encoding,
)

_NOT_OF_THE_WEB = frozenset({"unicode-escape", "unicode_escape", "raw-unicode-escape", "utf-7"})


def decode_html(body: bytes, header: str | None) -> tuple[str, str]:
    """By BOM, header, ``<meta>``, then UTF-8 if it is that, else the web's default.

    That is the browsers' order (https://encoding.spec.whatwg.org/).
    """
    by_mark, mark = read_bom(body)
    if by_mark and mark:
        return by_mark, body[len(mark) :].decode(by_mark, "replace")
    declared = known_charset(html_body_declared_encoding(body), readable=True)
    if name := known_charset(header) or declared:
        return name, body.decode(name, "replace")
    try:
        return "utf-8", body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", body.decode("cp1252", "replace")


def is_charset(name: str) -> bool:
    """Whether pages can be decoded with the charset of this name."""
    try:
        # Python's codecs include some for which this fails on any page: idna, undefined, hex.
        b"a\xff".decode(name, "replace")
    except (LookupError, ValueError):
        return False
    return True


def known_charset(name: str | None, readable: bool = False) -> str | None:
    """The encoding of this name, or None. ``readable``: its name stood in the page itself."""
    found = resolve_encoding(name) if name else None
    # A declaration that can be read as ASCII does not stand in UTF-16; servers of .NET say so of
    # UTF-8 (https://html.spec.whatwg.org/#determining-the-character-encoding).
    if found is None or (readable and found.startswith(("utf-16", "utf-32"))):
        return None
    # Nor does a page get codecs that no browser has, to spell what its bytes do not say.
    if not is_charset(found) or codecs.lookup(found).name in _NOT_OF_THE_WEB:
        return None
    return found


def decode_xml(body: bytes, header: str | None) -> tuple[str, str]:
    """A feed's encoding: by BOM, header, declaration, else UTF-8 (RFC 7303, section 3.2)."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if body.startswith(mark):
            return name, body[len(mark) :].decode(name, "replace")
    stated = re.match(rb"\s*<\?xml[^>]*\bencoding=[\"']([A-Za-z0-9._-]+)", body)
    declared = known_charset(stated[1].decode("ascii"), readable=True) if stated else None
    name = known_charset(header) or declared or "utf-8"
    return name, body.decode(name, "replace")
