"""Labels in one form: native digits as ASCII, one kind of space, no unseen marks, no case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

# No label is longer; a longer text is prose, and not looked at.
LONGEST = 200

# Direction marks and zero-width characters that stand in labels of right-to-left pages and change
# nothing a reader sees; and the minus of some locales' narrow forms ("−5 min").
_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_PLAIN = {**_UNSEEN, 0x2212: "-", 0x2010: "-", 0x2011: "-", 0x2019: "'", 0x2BC: "'"}


def tidy(text: str) -> str:
    """The form in which labels are compared. Equal forms are the same label to a reader."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFC", text.translate(_PLAIN)).casefold()
    return " ".join(_ascii_digits(plain).split())


def _ascii_digits(text: str) -> str:
    # Every decimal digit of every script: int() knows them all, and str.isdecimal finds them.
    return "".join(str(int(char)) if char > "\x7f" and char.isdecimal() else char for char in text)


_NUMBER = re.compile(r"[0-9]+")


def pattern_of(tidied: str) -> tuple[str, int | None]:
    """A tidied label with its only number as ``#``, and that number.

    The number is None where there is none. Two numbers, or one of more than three digits, make
    no age: the pattern is then empty.
    """
    found = _NUMBER.findall(tidied)
    if not found:
        return tidied, None
    if len(found) > 1 or len(found[0]) > 3:
        return "", None
    return tidied.replace(found[0], "#"), int(found[0])


def lazily(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """A pattern that is compiled at its first use: a tenth of ``import harness`` would be these."""
    return cache(lambda: re.compile(pattern, flags))
