"""Texts made to fit a screen: what it cannot show, where lines end. No I/O."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from harness.text import show_unseen

_ASCII = str.maketrans(
    {"…": "...", "×": "x", "─": "-", "␣": "_", "⏎": "\\n", "⇥": "\\t", "⟨": "<", "⟩": ">"}
    | {"“": '"', "”": '"', "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Look:
    """The screen that is drawn on: its size in cells, and what its encoding can say."""

    width: int = 80
    height: int = 24
    encoding: str = "utf-8"

    @property
    def unicode(self) -> bool:
        """Whether every character can be written."""
        return self.encoding.lower().replace("-", "") == "utf8"


def wrapped(text: Text, width: int) -> list[Text]:
    """A text as lines of at most ``width`` cells."""
    if not text.plain.strip():
        return [Text()]
    lines = text.wrap(_CONSOLE, width, overflow="fold", no_wrap=False, tab_size=4)
    return list(lines)


# Rich asks a console how wide a tab is, and for nothing else.
_CONSOLE = Console(file=io.StringIO(), width=80, color_system=None)


def shown(line: Text, look: Look) -> Text:
    """A text with what cannot be seen, or not be written here, as what can."""
    made = Text()
    for text, style in _runs(line):
        made.append(visible(text, look), style)
    return made


def _runs(line: Text) -> Iterator[tuple[str, str]]:
    """The stretches of one style; of two styles on one place, the one given last."""
    styles = [str(line.style)] * len(line.plain)
    for span in line.spans:
        for i in range(span.start, min(span.end, len(styles))):
            styles[i] = str(span.style)
    start = 0
    for i in range(1, len(styles) + 1):
        if i == len(styles) or styles[i] != styles[start]:
            yield line.plain[start:i], styles[start]
            start = i


def visible(text: str, look: Look) -> str:
    """A text with what cannot be seen, or not be written on this screen, as what can."""
    text = show_unseen(text.expandtabs(4))
    if look.unicode:
        return text
    plain = text.translate(_ASCII)
    return plain.encode(look.encoding, "backslashreplace").decode(look.encoding, "replace")


def fitted(line: Text, look: Look) -> Text:
    """One line, cut where the screen ends."""
    made = shown(line, look)
    made.plain = made.plain.replace("\n", " ")
    made.truncate(look.width, overflow="ellipsis" if look.unicode else "crop")
    return made


def one_line(text: str) -> str:
    """A text on one line, no longer than any screen is wide."""
    return " ".join(text.split())[:1_000]


def beginning(text: str, width: int) -> str:
    """The beginning of a text that fits."""
    made = Text(one_line(text))
    made.truncate(max(width, 0))
    return made.plain


def end(text: str, width: int) -> str:
    """The end of a text that fits."""
    while cell_len(text) > width:
        text = text[1:]
    return text
