"""Values of records as they are judged: without what only stands for "nothing found"."""

from __future__ import annotations

import re

from harness.model import Tree
from harness.records import leaves
from harness.text import UNSEEN, words

# What extractors write where they found nothing: readability-lxml's "[no-author]" and
# "[no-title]", a literal None, a form's placeholder.
_NOTHING = re.compile(
    r"[\[(<]?(?:no[- ]?(?:author|title|byline|date|text|content)|none|null|nil|nan|n/?a|unknown"
    r"|undefined|[-–—]+)?[\])>]?",
    re.I,
)
_JOINERS = str.maketrans("", "", "\u200c\u200d")


def texts(value: Tree) -> list[str]:
    """The texts of a value that say something: runs of white space are one space, unseen
    characters gone."""
    if isinstance(value, (bool, int, float)):
        return [str(value)]
    found = (
        " ".join(UNSEEN.sub("", line).translate(_JOINERS).split())
        for text in _strings(value)
        for line in text.splitlines()
    )
    return [line for line in found if line and not _NOTHING.fullmatch(line)]


def _strings(value: Tree) -> list[str]:
    found = [text for _, text in leaves(value)]
    if found or not isinstance(value, dict):
        return found
    # Dates and numbers with a type tag hold text that a reader does not see as such.
    return [str(each) for key, each in value.items() if key.startswith("$")]


def words_of(value: Tree) -> list[str]:
    """All words of a value."""
    return words("\n".join(texts(value)))
