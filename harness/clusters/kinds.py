"""What a text is like, without knowing what it says: a name, an age, a sentence, page furniture.

Texts of one kind in one place are alike to a reviewer when no two of them are the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harness.chrome import is_phrase
from harness.text import collapse, words
from harness.timestamps import absolute, english, locales
from harness.timestamps.labels import tidy

# Words that stand before or after a name and are not part of it, in the languages of large sites.
_CREDIT = re.compile(
    r"(?:by|written by|posted by|reported by|author|authors|von|par|por|de|di|da|door|av|af|text"
    r"|texto|texte|testo|автор|текст|कॉपी|द्वारा|बाय|بقلم|كتب|文|記者|作者|来源|글|기자|yazan|oleh)\s*[:：]?",
    re.I,
)
SEPARATORS = "|–—-·•:»›>/,;()[]"
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.I)
_HANDLE = re.compile(r"@\w+|\S+@\S+\.\w+")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_PARTS = re.compile(r"[-_.]+")
_TERMINAL = re.compile(r"[.!?…。！？؟।॥][\"'”’»)\]]*$")
# Longer texts are no labels: a line of prose, or several.
_LABEL_WORDS, _LABEL_CHARS = 8, 80
_AGE_CHARS = 60

SURE = frozenset({"age", "date", "number", "link", "handle", "furniture", "site", "credit"})
"""Kinds that say enough of a text: whether it recurs tells nothing more."""


def kind(text: str, site: str = "", *, prose: bool = False) -> str:
    """One word for what a text is like, its separator before it: ``|name``, ``age``.

    ``site`` is the slug of the site that it stands on; ``prose``: it stands within a running text,
    whose words are not told apart further.
    """
    bare = collapse(text).strip()
    core = bare.strip(SEPARATORS + " ").strip()
    if site and _is_site(core, site):
        return f"{_mark(bare, core)}site"
    found = _kind(core)
    if prose and found in ("name", "words", "prose", "lines"):
        return "words" if found in ("name", "words") else found
    return f"{_mark(bare, core)}{found}"


def value(text: str) -> str:
    """A text with its digits as ``9`` and its white space as single spaces: what recurs."""
    return _DIGITS.sub("9", " ".join(text.split()))


def _mark(bare: str, core: str) -> str:
    """The separator by which a text hangs on what is before it."""
    return bare[0] if core and bare[0] in SEPARATORS else ""


def _is_site(text: str, site: str) -> bool:
    if len(text) > 60:
        return False
    said = _letters(text).removeprefix("the")
    parts = _PARTS.split(site.removeprefix("www"))
    while len(parts) > 1 and len(parts[-1]) <= 3:  # "com", "co", "uk"
        parts.pop()
    return len(said) >= 3 and said in (_letters(site), "".join(parts).removeprefix("the"))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@lru_cache(maxsize=20_000)
def _kind(text: str) -> str:
    if not any(char.isalnum() for char in text):
        return "marks"
    if _DIGITS.fullmatch(text):
        return "number"
    if _LINK.fullmatch(text):
        return "link"
    if _HANDLE.fullmatch(text):
        return "handle"
    if is_phrase(text):
        return "furniture"
    if _CREDIT.fullmatch(text):
        return "credit"
    if len(text) <= _AGE_CHARS and (found := _time(text)):
        return found
    if len(text) > _LABEL_CHARS or len(words(text)) > _LABEL_WORDS:
        return "prose" if _TERMINAL.search(text) else "lines"
    parts = [part for part in text.split() if part[0].isalpha()]
    capitals = sum(part[0].isupper() for part in parts)
    return "name" if parts and 2 * capitals > len(parts) and len(parts) <= 6 else "words"


def _time(text: str) -> str:
    """``age`` or ``date`` where a text is a label of time; only quick readings are tried."""
    label = tidy(text)
    if english.read(label, text) or locales.read(label):
        return "age"
    dated = any(char.isdigit() for char in label) and absolute.read(
        label, captured_at=None, day_first=None, languages=None
    )
    return "date" if dated else ""
