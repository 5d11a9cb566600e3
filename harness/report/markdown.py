"""Markdown for GitHub and GitLab in which foreign text is only ever text.

Whoever writes a page that is captured can write what a reviewer's browser shows. So foreign text
makes no markup, no link, no picture, no mention, no reference and no command of the forge.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from harness.model import Hunk, Piece
from harness.text import UNSEEN, shorten, show_unseen

# GitHub drops a summary of a step whole when it is over 1 MiB.
MOST_SUMMARY = 900_000
# So long may a comment be, by characters; bytes are never fewer.
MOST_COMMENT = 65_536
_ESCAPED = re.compile(r"([\\`|<>*_~\[\]()#&!$+\-{}])")
# Forges look for these in the finished page, where a backslash is gone: mentions and addresses,
# references (#1, !1, ~label, GH-1), links that are bare, and pictures by name (:octocat:).
_NOTICED = re.compile(r"@|#|!|~|%|\$|\^|:(?=//)|www(?=\.)|GH(?=-\d)|:(?=[\w+-]+:)", re.I)
_BREAK = "\u200b"
_SPACES = str.maketrans({" ": "␣", "\u00a0": "⍽", "\t": "⇥"})


def cell(text: str, width: int = 300) -> str:
    """Foreign text in one line of prose or of a table."""
    noticed = _NOTICED.sub(lambda match: match[0] + _BREAK, shorten(text, width))
    return _ESCAPED.sub(r"\\\1", noticed)


def code(text: str, width: int = 300) -> str:
    """The same as code in prose: nothing in it is markup but its own end."""
    return f"`{_one_line(text, width)}`"


def code_cell(text: str, width: int = 300) -> str:
    """The same as code in a table, where only there a bar needs a backslash."""
    return code(text, width).replace("|", "\\|")


def link(label: str, url: str) -> str:
    """A link to a page of our own; only its label, where the address is no web address."""
    if not is_web_address(url):
        return label
    return f"[{label}](<{url}>)"


def is_web_address(url: str) -> bool:
    """Whether a text is a whole http(s) address, with nothing that could end one in Markdown."""
    if re.search(r"[\s<>\\\"'`()\[\]|]", url) or UNSEEN.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def edits(hunks: Iterable[Hunk], most: int = 3, width: int = 300) -> list[str]:
    """Hunks word by word as a block: what is gone in ``<del>``, what is new in ``<ins>``.

    In ``pre`` a forge looks for no mentions, links or Markdown.
    """
    told = [hunk for hunk in hunks if hunk.pieces]
    shown = [_edited(hunk, width) for hunk in told[:most]]
    if not shown:
        return []
    if rest := len(told) - len(shown):
        shown.append(f"… {rest} more")
    return ["<pre>", *shown, "</pre>"]


def size(lines: Iterable[str]) -> int:
    """How many bytes lines take in a file."""
    return sum(len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines)


def _one_line(text: str, width: int) -> str:
    return shorten(text, width).replace("`", "'") or "⟨nothing⟩"


def _edited(hunk: Hunk, width: int) -> str:
    # Something of ours first: a line that begins with a slash is a command to GitLab.
    where = f"• {_text(shorten(hunk.where, 80))}: " if hunk.where else "• "
    last = len(hunk.pieces) - 1
    pieces = [_piece(piece, i == 0, i == last, width) for i, piece in enumerate(hunk.pieces)]
    whole = [piece.op for piece in hunk.pieces] == ["-", "+"]
    return where + (" → " if whole else "").join(pieces)


def _piece(piece: Piece, first: bool, last: bool, width: int, context: int = 40) -> str:
    text = piece.text
    if piece.op == "=":
        if len(text) > 2 * context + 3:
            head = "" if first else f"{text[:context]} "
            tail = "" if last else f" {text[-context:]}"
            text = f"{head}…{tail}"
        return _text(text)
    if len(text) > width:
        text = f"{text[: width // 2]} … {text[-width // 2 :]}"
    if not text.strip():
        text = text.translate(_SPACES)
    return f"<del>{_text(text)}</del>" if piece.op == "-" else f"<ins>{_text(text)}</ins>"


def _text(text: str) -> str:
    return html.escape(show_unseen(text).replace("\n", "⏎"), quote=False)
