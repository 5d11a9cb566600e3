"""Changes that are neither better nor worse whatever the page says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from harness.diff import EMPTY
from harness.model import FieldDiff, Tree
from harness.plausible import Judgement
from harness.records import leaves
from harness.text import UNSEEN, squash, words

# What extractors put where they found nothing: readability's "[no-author]", a literal None.
_NOTHING = re.compile(
    r"[\[(<]?(?:no[- ]?(?:author|title|byline|date|text|content)|none|null|nil|nan|n/?a|unknown"
    r"|undefined|-+|—)?[\])>]?",
    re.I,
)
_NOT_SEEN = re.compile(f"{UNSEEN.pattern}|[\u200c\u200d]")


def neutral(role: str, old: Tree, new: Tree, diffs: Sequence[FieldDiff]) -> Judgement | None:
    """The judgement of a change that says nothing new; None for any other.

    That are: white space and characters that nobody sees, paragraph borders in a body whose words
    are the same, the order of authors, another way to say "nothing found", a URL of the same page.
    """
    if is_nothing(old) and is_nothing(new):
        return _equal("either side found nothing")
    if diffs and all(d.category in ("whitespace", "unseen", "equivalent") for d in diffs):
        return _equal("only white space or what nobody sees differs")
    if _seen(old) == _seen(new):
        return _equal("only white space differs")
    before, after = _text(old), _text(new)
    if not (before and after):  # numbers and the like have no words that could be the same
        return None
    if role == "body" and words(before) == words(after):
        return _equal("the words are the same")
    if role == "byline" and Counter(words(before)) == Counter(words(after)):
        return _equal("the same names in another order")
    return None


def is_nothing(value: Tree) -> bool:
    """Whether a value stands for "nothing found": empty, or a word that says so."""
    if value is False:
        return True
    if isinstance(value, (int, float)):  # 0 is a number, and equals False
        return False
    if value in EMPTY or value == {}:
        return True
    if isinstance(value, list):
        return all(map(is_nothing, value))
    return isinstance(value, str) and _NOTHING.fullmatch(value.strip()) is not None


def _seen(value: Tree) -> object:
    """A value but for the white space of its texts, and what nobody sees in them."""
    if isinstance(value, str):
        text = _NOT_SEEN.sub("", value)
        return squash(text), words(text)
    if isinstance(value, list):
        return [_seen(each) for each in value]
    if isinstance(value, dict):
        return {name: _seen(each) for name, each in value.items()}
    return type(value), value


def _text(value: Tree) -> str:
    return _NOT_SEEN.sub("", "\n".join(text for _, text in leaves(value)))


def _equal(reason: str) -> Judgement:
    return Judgement("neutral", 1.0, 0.0, "equal", (reason,))
