"""Keys by name, out of the bytes that a terminal sends for them. No I/O.

A key is its character, or a name: ``enter``, ``escape``, ``backspace``, ``up``, ``pagedown``,
``ctrl-c``. Pasted text is one key, ``paste:`` and the text, so that no letter in it is a command.
"""

from __future__ import annotations

import codecs
import re

PASTE = "paste:"

_CONTROLS = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x03": "ctrl-c",
    "\x04": "ctrl-d",
    "\x0c": "ctrl-l",
    "\x15": "ctrl-u",
    "\x1a": "ctrl-z",
}
# What xterm and those after it send (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html,
# "PC-Style Function Keys" and "VT220-Style"), with and without modifiers.
_FINAL = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "F": "end",
    "H": "home",
    "M": "enter",
}
_TILDE = {"1": "home", "4": "end", "5": "pageup", "6": "pagedown", "7": "home", "8": "end"}
_CSI = re.compile(r"\x1b\[([0-?]*)[ -/]*([@-~])")
_SS3 = re.compile(r"\x1bO([ -~])")
_PASTE_BEGIN, _PASTE_END = "\x1b[200~", "\x1b[201~"
# A sequence that is longer is none: whatever sends it must not swallow the keys after it.
_LONGEST = 32
_LONGEST_PASTE = 10_000


class Keys:
    """Takes bytes as they come, in whatever parts, and gives keys."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete with these bytes."""
        self._rest += self._decode(data)
        found = []
        while self._rest:
            key, used = _first(self._rest)
            if not used:
                self._shorten()
                break
            self._rest = self._rest[used:]
            if key:
                found.append(key)
        return found

    @property
    def waiting(self) -> bool:
        """Whether a sequence has begun and not ended: it may be one, or the escape key."""
        return bool(self._rest)

    def flush(self) -> list[str]:
        """What a begun sequence means when nothing follows it."""
        if self._rest.startswith(_PASTE_BEGIN):
            return []  # over a slow line, the rest of a paste comes when it comes
        begun, self._rest = self._rest, ""
        return ["escape"] if begun == "\x1b" else []

    def _shorten(self) -> None:
        """Drops what is too long of a paste that goes on, but for what may be its end begun."""
        if len(self._rest) > _LONGEST_PASTE:
            self._rest = _PASTE_BEGIN + self._rest[-len(_PASTE_END) :]


def _first(text: str) -> tuple[str, int]:
    """The first key and how many characters it takes: 0 where more must come, "" for no key."""
    if text[0] != "\x1b":
        if text[0] in _CONTROLS:
            return _CONTROLS[text[0]], 1
        return (text[0] if text[0].isprintable() else ""), 1
    if text.startswith(_PASTE_BEGIN):
        return _pasted(text)
    for pattern in (_CSI, _SS3):
        if match := pattern.match(text):
            return _named(match), match.end()
    if len(text) == 1:
        return "", 0
    if text[1] in "[O":
        return "", 0 if len(text) < _LONGEST else len(text)
    # Alt and a letter, or the escape key and a letter at once: a command is not to be guessed.
    return ("escape", 1) if text[1] == "\x1b" else ("", 2)


def _named(match: re.Match[str]) -> str:
    if match.re is _SS3:
        return _FINAL.get(match[1], "")
    number = match[1].partition(";")[0]
    return _TILDE.get(number, "") if match[2] == "~" else _FINAL.get(match[2], "")


def _pasted(text: str) -> tuple[str, int]:
    # Ctrl-C ends a paste whose end got lost.
    end = re.compile(f"{re.escape(_PASTE_END)}|\x03").search(text)
    return (PASTE + text[len(_PASTE_BEGIN) : end.start()], end.end()) if end else ("", 0)
