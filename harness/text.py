"""Text as the harness sees it: white space, tokens, and what a reader cannot see."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# CSS collapses exactly these (https://www.w3.org/TR/css-text-3/#white-space-processing);
# no-break and ideographic spaces are content and stay.
_CSS_SPACE = re.compile(r"[ \t\n\r\f]+")

# Scripts written without spaces between words: one token a character, or a diff of one
# changed word would replace the sentence. Thai, Lao, Myanmar, Khmer, kana, Han, Hangul is spaced.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Combining marks are not \w (Devanagari vowel signs, Thai tones) yet belong to their word.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57"
    "\u0b82-\u0bcd\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d57\u200c\u200d"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*|\s+|.", re.S)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*")

# Lone surrogates cannot be written; the rest is written but not seen, or turns the text around
# it (Unicode TR36, "bidirectional text spoofing").
# ZWNJ and ZWJ are left alone: they are ordinary letters' company in Persian and Indic scripts.
UNSEEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f"
    "\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)

_PLAIN_QUOTES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)


def collapse(text: str) -> str:
    """White space as CSS shows it in a line: runs become one space, edges are trimmed."""
    # Most texts hold single spaces only, which is known much sooner than replaced.
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        text = _CSS_SPACE.sub(" ", text)
    return text.strip(" ")


def squash(text: str) -> str:
    """The text with all white space gone: equal squashes differ in white space only."""
    return "".join(text.split())


def plain_quotes(text: str) -> str:
    """Curly quotes, dashes, ellipses and odd spaces as their typewriter forms."""
    # Of what is replaced only the backtick is ASCII, and most texts are.
    if text.isascii() and "`" not in text:
        return text
    return text.translate(_PLAIN_QUOTES)


def tokens(text: str) -> list[str]:
    """Words, runs of white space and single other characters; joined, they are the text again."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """The words of a text, in order; one a character in scripts without word spaces."""
    return _WORD.findall(text)


def show_unseen(text: str) -> str:
    """Control, bidi and zero-width characters and lone surrogates as ``⟨U+202E⟩``."""
    return UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def shorten(text: str, width: int = 60) -> str:
    """One line of at most ``width`` characters, for messages."""
    line = show_unseen(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to tell of a name that is none of the known: the one that was meant, else what there is.

    ``otherwise`` stands where none is near, instead of all names.
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1, 0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    return otherwise or f"there are: {shorten(', '.join(names), 300) or 'none'}"
