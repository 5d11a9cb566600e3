"""What a change can be called, and what it can be explained with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import cast

from harness import records
from harness.model import Tree
from harness.text import squash

# What a change is called, most telling first: where several parts of a field changed, the first
# of their categories in this order names the field's.
CATEGORIES: Mapping[str, str] = {
    "type": "the value is of another type",
    "lost": "text or a value is gone",
    "truncated": "the end is cut off",
    "misplaced": "it holds the text of another field",
    "encoding": "characters were decoded wrongly",
    "glued": "a space between words, or the border to another field, is lost",
    "split": "a word is broken in two",
    "duplicated": "the same text stands twice",
    "chrome": "text of the page around the article leaked in",
    "gained": "text or a value is new",
    "value": "it says something else",
    "reordered": "the same parts in another order",
    "place": "the same value, read from a more fragile place of the page",
    "case": "only upper and lower case differ",
    "punctuation": "only punctuation or quotes differ",
    "unseen": "only characters that nobody sees differ: zero-width, soft hyphens, direction marks",
    "whitespace": "only white space differs",
    "equivalent": "written differently, means the same",
}

RANK = {name: rank for rank, name in enumerate(CATEGORIES)}

Chrome = Callable[[str], bool]
Moved = Callable[[Tree, Tree], str | None]
"""Of two forms of one value: where they are read from, when the new place is more fragile."""

# What a change of form alone can be called; the place that the new form is read from says more.
FORMS = frozenset({"type", "lost", "gained", "value", "case", "punctuation", "unseen"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a change of one field can be explained with.

    ``texts`` are those of the accepted and of the new record, of which the ones at or below
    ``path`` are the field's own; ``is_chrome`` says whether a text is part of the page around the
    content; ``moved`` where two forms of one value are read from.
    """

    texts: Texts = field(default_factory=lambda: Texts())
    path: str = ""
    is_chrome: Chrome = lambda _: False
    moved: Moved = lambda _, __: None

    def home(self, text: str) -> str | None:
        """The path of another field that has this text, white space aside."""
        return self.texts.equal(squash(text), self.path)

    def wider_home(self, text: str) -> str | None:
        """The path of another field that has this text within a longer one."""
        return self.texts.containing(squash(text), self.path)


class Texts:
    """All texts of records, and their paragraphs as one, without white space, by their paths.

    A path of two records has the text that the first has there. Indexed when first asked, once a
    comparison: a page of 5,000 records asks 5,000 times.
    """

    def __init__(self, *roots: Mapping[str, Tree]) -> None:
        self._roots = roots

    @cached_property
    def _paths(self) -> dict[str, list[str]]:
        texts: dict[str, str] = {}
        for root in self._roots:
            for path, text in records.leaves(cast(Tree, root)):
                texts.setdefault(path, text)
        found: dict[str, list[str]] = {}
        whole: dict[str, list[str]] = {}
        for path, text in texts.items():
            if key := squash(text):
                found.setdefault(key, []).append(path)
                if path.endswith("]"):
                    whole.setdefault(path[: path.rindex("[")], []).append(key)
        for path, keys in whole.items():
            if len(keys) > 1:
                found.setdefault("".join(keys), []).append(path)
        return found

    @cached_property
    def _joined(self) -> tuple[str, list[int], list[str]]:
        # No text without white space holds a line end.
        keys = list(self._paths)
        starts = [0, *accumulate(len(key) + 1 for key in keys)]
        return "\n".join(keys), starts, keys

    def equal(self, key: str, own: str) -> str | None:
        """The first path, outside of ``own``, with a text that squashes to ``key``."""
        inside = (f"{own}[", f"{own}.")
        paths = self._paths.get(key, ())
        return next((p for p in paths if p != own and not p.startswith(inside)), None)

    def containing(self, key: str, own: str) -> str | None:
        """The first path, outside of ``own``, with a text that squashed has ``key`` in it."""
        joined, starts, keys = self._joined
        position = joined.find(key)
        while position >= 0:
            i = bisect_right(starts, position) - 1
            if home := self.equal(keys[i], own):
                return home
            position = joined.find(key, starts[i + 1])
        return None


NOTHING_KNOWN = Surroundings()
