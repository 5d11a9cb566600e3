"""What was done to a text between its page and the record, word by word, and what fault that is."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from harness.invariants.alignment import JOINERS, Match, fold
from harness.text import UNSEEN, plain_quotes, squash, tokens

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile(f"{UNSEEN.pattern[:-1]}{JOINERS}\ufe0e\ufe0f]")
MARKUP = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|code|div|em|figure|h[1-6]|hr|i|iframe|img|li|ol|p|script|small|"
    r"span|strong|style|sub|sup|table|td|th|tr|u|ul)(?:\s[^<>]*)?/?>"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|"
    r"copy|reg|euro|[aeiouAEIOU](?:acute|grave|circ|uml|tilde)|[nN]tilde|[cC]cedil|szlig);"
)
# UTF-8 read as a one-byte encoding: a lead byte's letter and a continuation byte's.
# (UTF-8 in cp1252 and latin-1; cp1251 and koi8 give runs of Р and С with odd letters between.)
MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    "|(?:[РС][\u0402-\u040f\u0452-\u045f\u0490\u0491\u00a0-\u00bf\u2013-\u203a\u20ac\u2116]){2}"
)
# How lists look in plain text and Markdown: no text of the page, and no fault.
_MARKER = re.compile(r"[\s>#*|_`~+–—•·▪◦○●■–-]*(?:\d{1,3}[.)]|[a-zA-Z][.)])?[\s#*|_`~•·]*")
_WORD = re.compile(r"\w")
_CONTROL = re.compile("[\x7f-\x9f]")
# A text that ends so is whole; what follows it may be a mark of a footnote.
SENTENCE_END = re.compile(r"[.!?。！？।؟…:;][\s\"'”’»)\]」』*¹²³\d]*$")
_EDGES = re.compile(r"^\W+|\W+$")
_INNER = re.compile(r"(?<=\w)\s+(?=\w)")
_GAP = re.compile(r"(?<=\S)\s+(?=\S)")


# Comparing costs time and memory as the product of the words. Of longer texts than real paragraphs
# have, this many words from the first difference on are compared.
_WORK = 16_000_000
_WINDOW = 3_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference: ``there`` on the page, ``here`` in the record, and the fault that it is.

    ``start`` counts characters of the page's text. ``sure``: nothing else explains it.
    """

    fault: str
    there: str
    here: str
    start: int
    sure: bool = True


def edits(there: str, here: str, match: Match) -> Iterator[Edit]:
    """The differences between the page's text and the record's that a reader would notice.

    Where only the neighbourhood of a text is known (``near``), what the page has more at the ends
    is no difference: nobody knows how far the text goes.
    """
    old, new = tokens(there), tokens(here.strip())
    position = left = 0
    held = squash(there)
    near = match.how == "near"
    for tag, a, b, c, d in _opcodes(old, new):
        position += sum(map(len, old[left:a]))
        left = a
        if tag == "equal":
            continue
        was, now = "".join(old[a:b]), "".join(new[c:d])
        before, after = "".join(new[max(c - 1, 0) : c]), "".join(new[d : d + 1])
        edge = not before or not after
        if edge and near and not now.strip():
            continue
        marks = _MARKER.fullmatch(now) and _MARKER.fullmatch(was)
        if edge and marks and not (was.strip() and now.strip()):
            continue
        found = _edit(was, now, before, after)
        again = found and found[0] == "invented" and len(now) >= 12
        if again and squash(_EDGES.sub("", now)) in held:
            found = "duplicated", True
        if not found:
            continue
        sure = found[1] and not (edge and was and near)
        if was.strip() or now.strip():
            yield Edit(found[0], was, now, position, sure)
        else:  # white space alone would say nothing to a reader
            was, now = f"{before}{was}{after}", f"{before}{now}{after}"
            yield Edit(found[0], was, now, max(position - len(before), 0), sure)


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """How the words of one text become those of the other; white space is all alike."""
    # Only texts that are not as on the page need it, and most of a run's texts are.
    from rapidfuzz.distance import Indel

    def plain(token: str) -> str:
        return " " if token.isspace() else token

    before, after = [*map(plain, old)], [*map(plain, new)]
    cut = len(before) * len(after) > _WORK
    start = 0
    if cut:
        start = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), 0)  # noqa: B905
        before, after = before[start : start + _WINDOW], after[start : start + _WINDOW]
    blocks = list(Indel.opcodes(before, after))
    if cut:
        # What stands at the end of the window may go on behind it.
        while blocks and blocks[-1].tag != "equal":
            blocks.pop()
    merged: list[tuple[str, int, int, int, int]] = []
    for block in blocks:
        tag, a, b, c, d = (
            block.tag,
            block.src_start,
            block.src_end,
            block.dest_start,
            block.dest_end,
        )
        # A lone blank between two changes joins them: "a b" → "c d" is one change.
        lone = tag == "equal" and b - a == 1 and old[a].isspace()
        if merged and ((tag != "equal" and merged[-1][0] == "change") or lone):
            _, a, _, c, _ = merged.pop()
            tag = "change"
        merged.append(("equal" if tag == "equal" else "change", a, b, c, d))
    yield from merged


def _edit(was: str, now: str, before: str, after: str) -> tuple[str, bool] | None:
    """The fault of one difference, and whether it is sure; None for one without weight."""
    if squash(was) == squash(now):
        return _spacing(was, now, before, after)
    if (seen := _UNSEEN.sub("", was)) != was or _UNSEEN.search(now):
        bare = _UNSEEN.sub("", now)
        if squash(bare) == squash(seen):
            moved = "".join(_UNSEEN.findall(was)) + "".join(_UNSEEN.findall(now))
            if not moved.strip("\u00ad\ufe0e\ufe0f") and len(now) < len(was):
                return None  # soft hyphens may be dropped: they are hints to the typesetter
            return ("bidi" if BIDI.search(moved) else "unseen-characters"), True
    if "\ufffd" in now and "\ufffd" not in was:
        return "charset", True
    if MOJIBAKE.search(was) or _CONTROL.search(was):
        return "charset", False  # the page itself is wrong
    if unicodedata.normalize("NFKC", was) == unicodedata.normalize("NFKC", now):
        return "quotes", False  # ligatures and the like
    if MARKUP.search(now) or (("&" in now or "<" in now) and html.unescape(now) == was):
        return "markup", True
    if MOJIBAKE.search(now) and not MOJIBAKE.search(was):
        return "charset", True
    if plain_quotes(was) == plain_quotes(now):
        return "quotes", True
    if was.casefold() == now.casefold():
        return "case", True
    if squash(fold(was)) == squash(fold(now)):
        return ("quotes" if squash(was).casefold() != squash(now).casefold() else "case"), True
    if not _WORD.search(was) and not _WORD.search(now):
        return "quotes", False
    if not now.strip() or len(squash(now)) * 4 < len(squash(was)):
        return "inline-lost", bool(_WORD.search(was))
    if "?" in now and len(now) == len(was) and _unknown(was, now):
        return "charset", True
    return "invented", bool(_WORD.search(now))


def _unknown(was: str, now: str) -> bool:
    """Whether "?" stands for letters that an encoding does not have."""
    return all(a == b or (b == "?" and not a.isascii()) for a, b in zip(was, now, strict=True))


def _spacing(was: str, now: str, before: str, after: str) -> tuple[str, bool] | None:
    left, right = before[-1:], after[:1]
    gaps = len(_GAP.findall(left + was + right)), len(_GAP.findall(left + now + right))
    inner = len(_INNER.findall(left + was + right)), len(_INNER.findall(left + now + right))
    if inner[0] > inner[1]:
        return "glued", True
    if inner[0] < inner[1]:
        return "split", True
    if gaps[0] > gaps[1]:
        return "glued", "\n" in was
    if gaps[0] < gaps[1]:
        return "split", False
    return None
