"""Changes of one text: which category, and the sentence that says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from unicodedata import category as kind_of_character

from rapidfuzz.distance import Indel

from harness.diff.categories import NOTHING_KNOWN, Surroundings
from harness.diff.wording import ENOUGH, WHOLE_BELOW, first_difference, word_diff
from harness.model import FieldDiff, Hunk, Kind, Piece
from harness.text import UNSEEN, plain_quotes, shorten, squash, words

# ZWNJ and ZWJ too: nobody sees them where they do not belong, and their loss is a fault where they
# do.
_NOT_SEEN = re.compile(f"{UNSEEN.pattern}|[\u200c\u200d]")
# UTF-8 read as windows-1252, the classic: "â€™", "Ã©", "Â ".
MOJIBAKE = re.compile("\ufffd|Ã[\u0080-¿]|â€|Â[\u00a0-¿]|[ÐÑ][\u0080-¿]")


def compare_texts(path: str, kind: Kind, old: str, new: str, around: Surroundings) -> FieldDiff:
    pieces, similarity = compared = word_diff(old, new)
    category, summary = classify(old, new, around, compared)
    return FieldDiff(path, kind, category, summary, (Hunk("", pieces),), similarity)


def classify(
    old: str,
    new: str,
    around: Surroundings = NOTHING_KNOWN,
    compared: tuple[tuple[Piece, ...], float] | None = None,
) -> tuple[str, str]:
    """Category and one-line summary of a change between two non-empty texts.

    ``compared`` is their :func:`word_diff`, where the caller has it.
    """
    if squash(old) == squash(new):
        return classify_spaces(old, new)
    if _seen(old) == _seen(new):
        return "unseen", _unseen_summary(old, new)
    if old.casefold() == new.casefold():
        return "case", f"only case differs: '{shorten(new)}'"
    if squash(plain_quotes(old)) == squash(plain_quotes(new)) or (
        words(old) == words(new) and _symbols(old) == _symbols(new)
    ):
        return "punctuation", _punctuation_summary(old, new)
    if len(MOJIBAKE.findall(new)) > len(MOJIBAKE.findall(old)) or _misread(new) == old:
        return "encoding", f"wrongly decoded characters: '{shorten(_around_mojibake(new))}'"
    if times := repeated(squash(old), squash(new)):
        return (
            "duplicated",
            f"stands {'twice' if times == 2 else f'{times} times'}: '{shorten(old, 50)}'",
        )
    if home := home_of(new, old, around):
        return "misplaced", f"now holds the text of {home}: '{shorten(new, 50)}'"
    if old in new:
        before, _, after = new.partition(old)
        return _classify_gain(before, after, around)
    stripped = new.rstrip("… .")
    if stripped and old.startswith(stripped):
        lost = old[len(stripped) :]
        return "truncated", (
            f"cut after {len(new):,} of {len(old):,} characters, lost '{shorten(lost.strip(), 50)}'"
        )
    if new in old:
        before, _, after = old.partition(new)
        lost = " … ".join(shorten(part.strip(), 50) for part in (before, after) if part.strip())
        return "lost", f"lost '{lost}'"
    return _classify_edits(old, new, around, *(compared or word_diff(old, new)))


def _seen(text: str) -> str:
    return _NOT_SEEN.sub("", text)


def _unseen_summary(old: str, new: str) -> str:
    gone = Counter(_NOT_SEEN.findall(old)) - Counter(_NOT_SEEN.findall(new))
    come = Counter(_NOT_SEEN.findall(new)) - Counter(_NOT_SEEN.findall(old))
    parts = [
        f"{verb} {', '.join(f'U+{ord(char):04X} × {n}' for char, n in sorted(found.items()))}"
        for verb, found in (("lost", gone), ("gained", come))
        if found
    ]
    return f"only unseen characters differ: {'; '.join(parts) or 'they stand elsewhere'}"


def _symbols(text: str) -> list[str]:
    """Characters between words that say something: "$5" is not "€5", nor a heart a star."""
    if text.isascii():
        return [char for char in text if char in "$+<=>^|~"]  # without the quote among them, "`"
    return [char for char in plain_quotes(text) if kind_of_character(char)[0] == "S"]


def classify_spaces(old: str, new: str) -> tuple[str, str]:
    before, after = words(old), words(new)
    if len(after) < len(before):
        i = first_difference(before, after)
        return "glued", f"lost space: '{shorten(_at(after, i, new), 40)}'"
    if len(after) > len(before):
        i = first_difference(before, after)
        pair = " ".join(after[i : i + 2])
        return (
            "split",
            f"broken word: '{shorten(_at(before, i, old), 40)}' → '{shorten(pair, 40)}'",
        )
    return "whitespace", "only white space differs"


def _at(parts: Sequence[str], i: int, default: str) -> str:
    return parts[i] if i < len(parts) else default


def _punctuation_summary(old: str, new: str) -> str:
    gone = Counter(old) - Counter(new)
    come = Counter(new) - Counter(old)
    marks = f"{' '.join(sorted(gone)) or 'nothing'} → {' '.join(sorted(come)) or 'nothing'}"
    noun = "quotes" if any(c in "'\"‘’“”„«»`" for c in (*gone, *come)) else "punctuation"
    return f"only {noun} differ{'s' if noun == 'punctuation' else ''}: {marks}"


def _misread(text: str) -> str:
    """A text that is UTF-8 read as Latin-1, read rightly; "" where it is not that."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""


def _around_mojibake(text: str) -> str:
    match = MOJIBAKE.search(text)
    if match is None:
        return text
    return text[max(0, match.start() - 20) : match.end() + 20]


def repeated(old: str, new: str) -> int:
    times, rest = divmod(len(new), len(old)) if old else (0, 1)
    return times if times > 1 and not rest and new == old * times else 0


def home_of(new: str, old: str, around: Surroundings) -> str | None:
    """The other field whose text ``new`` is; short texts prove nothing unless they are equal."""
    if home := around.home(new):
        return home
    home = around.wider_home(new) if len(squash(new)) >= 40 else None
    if home is None:
        return None
    before, after = words(old[:ENOUGH]), words(new[:ENOUGH])
    return None if Indel.normalized_similarity(before, after) > WHOLE_BELOW else home


def _classify_gain(before: str, after: str, around: Surroundings) -> tuple[str, str]:
    extra = " … ".join(part.strip() for part in (before, after) if part.strip())
    for part in (before, after):
        touches = part and not part[0].isspace() and not part[-1].isspace()
        if touches and (home := around.home(part.strip(" ·•|-"))):
            return "glued", f"'{shorten(extra, 40)}' of {home} is glued to it"
    if all(around.is_chrome(part.strip()) for part in (before, after) if part.strip()):
        return "chrome", f"page chrome leaked in: '{shorten(extra)}'"
    return "gained", f"gained '{shorten(extra)}'"


def _classify_edits(
    old: str, new: str, around: Surroundings, pieces: tuple[Piece, ...], similarity: float
) -> tuple[str, str]:
    gone = [p.text for p in pieces if p.op == "-" and p.text.strip()]
    come = [p.text for p in pieces if p.op == "+" and p.text.strip()]
    if Counter(words(old)) == Counter(words(new)) and sorted(_symbols(old)) == sorted(
        _symbols(new)
    ):
        return "reordered", f"same words in another order: '{shorten(new, 50)}'"
    if similarity < WHOLE_BELOW:
        return "value", f"'{shorten(old, 40)}' → '{shorten(new, 40)}'"
    if gone and not come:
        return "lost", f"lost '{shorten(' … '.join(gone))}'"
    if come and not gone:
        if all(around.is_chrome(text.strip()) for text in come):
            return "chrome", f"page chrome leaked in: '{shorten(' … '.join(come))}'"
        return "gained", f"gained '{shorten(' … '.join(come))}'"
    was, now = shorten(" … ".join(gone), 40), shorten(" … ".join(come), 40)
    return "value", f"'{was}' → '{now}'"
