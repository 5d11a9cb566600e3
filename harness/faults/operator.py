"""What an operator is: a named way to harm a record as a faulty extractor would have."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from types import ModuleType
from typing import cast

from harness import records
from harness.faults.bodies import Body
from harness.faults.classes import CLASSES
from harness.faults.sight import Sight
from harness.invariants.roles import Role, role_of
from harness.model import Capture, Tree
from harness.records import Record
from harness.text import squash

# Two halves of a character that stand side by side are that character (records.py).
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# Cards are harmed as the record itself is, but less often: most extractors give one article.
_CARDS_SHARE = 0.2


class Site:
    """A field of the record that is harmed, or of one of its nested records (``card``)."""

    __slots__ = ("card", "holder", "name", "role")

    def __init__(self, holder: dict[str, Tree], name: str, role: Role, card: bool) -> None:
        self.holder, self.name, self.role, self.card = holder, name, role, card

    @property
    def value(self) -> Tree:
        return self.holder[self.name]

    @value.setter
    def value(self, value: Tree) -> None:
        self.holder[self.name] = value

    @property
    def body(self) -> Body:
        """The value as paragraphs, whatever its form."""
        return Body(self.value)

    @property
    def text(self) -> str:
        """The value where it is one text, "" for anything else."""
        return self.value if isinstance(self.value, str) else ""


class Harm:
    """What an operator works on: a copy of the record that it may change, and what it may use.

    ``sight`` is what the page offers, ``random`` decides, ``strength`` says how much.
    """

    def __init__(self, record: Record, sight: Sight, random: Random, strength: float) -> None:
        self.record = record
        self.sight = sight
        self.random = random
        self.strength = strength

    def sites(self, *roles: Role) -> list[Site]:
        """The fields of these roles, those of nested records included, in the record's order."""
        return [site for site in _sites(self.record, False) if site.role in roles]

    def pick(self, *roles: Role, where: Callable[[Site], bool] = lambda _: True) -> Site | None:
        """One field of these roles that fits: mostly the record's own, sometimes a card's."""
        fitting = [site for site in self.sites(*roles) if where(site)]
        own = [site for site in fitting if not site.card]
        cards = [site for site in fitting if site.card]
        if own and not (cards and self.random.random() < _CARDS_SHARE):
            return own[0]
        return self.random.choice(cards) if cards else None

    def body(self, paragraphs: int = 1) -> tuple[Site, Body] | None:
        """A body of at least so many paragraphs, or None."""
        site = self.pick("body", where=lambda site: len(site.body.paragraphs) >= paragraphs)
        return None if site is None else (site, site.body)

    def cards(self) -> list[list[dict[str, Tree]]]:
        """The lists of nested records, each with its records."""
        return list(_lists(self.record))

    def count(self, total: int) -> int:
        """How many of ``total`` things the strength means: a number of them, or a share."""
        if isinstance(self.strength, int):
            return min(self.strength, total)
        return min(total, max(1, round(self.strength * total))) if total else 0

    def some(self, total: int) -> list[int]:
        """That many of the numbers below ``total``, in order."""
        return sorted(self.random.sample(range(total), self.count(total)))

    def shown(self) -> str:
        """All text of the record without white space, to see what it holds already."""
        return squash("\n".join(text for _, text in records.leaves(cast(Tree, self.record))))


@dataclass(frozen=True, slots=True)
class Fault:
    """An operator: plants one fault of a class into a record.

    ``roles`` are those of the fields that it harms (``harness.invariants.roles``). ``strengths``
    are what it may be called with: a whole number of things (paragraphs, words, hours), or a share
    of them below or equal to 1.0. ``summary`` says in one line what it does.
    """

    name: str
    fault: str
    summary: str
    roles: tuple[str, ...]
    strengths: tuple[float, ...]
    function: Callable[[Harm], None]

    def __call__(
        self,
        record: Record,
        capture: Capture,
        seed: int = 0,
        strength: float | None = None,
        *,
        sight: Sight | None = None,
    ) -> Record | None:
        """The harmed record, or None where nothing that a reader would notice can be harmed.

        Pure: the same arguments always give the same, and ``record`` is not changed. ``strength``
        is the first of ``strengths`` unless given. ``sight`` saves looking at the page twice.
        """
        # With the name, the pages of one run are harmed in different places.
        random = Random(f"{self.name}:{seed}:{capture.id}")
        amount = self.strengths[0] if strength is None else strength
        harm = Harm(
            cast(Record, _copy(cast(Tree, record))), sight or Sight(capture), random, amount
        )
        self.function(harm)
        if harm.record == record:
            return None
        return cast(Record, _whole(harm.record))


def fault(
    name: str, *, of: str, roles: tuple[Role, ...], strengths: tuple[float, ...] = (1,)
) -> Callable[[Callable[[Harm], None]], Fault]:
    """Makes a function that changes ``harm.record`` an operator. ``of`` is the class of fault.

    The function leaves the record as it is where it has nothing to harm.
    """
    if of not in CLASSES:
        raise ValueError(f"operator {name!r}: no fault class {of!r}")

    def decorate(function: Callable[[Harm], None]) -> Fault:
        summary = inspect.cleandoc(function.__doc__ or "").partition("\n")[0]
        return Fault(name, of, summary, roles, strengths, function)

    return decorate


def faults_of(*modules: ModuleType) -> Iterator[Fault]:
    """The operators that modules hold, in the order they define them."""
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Fault))


def _sites(record: dict[str, Tree], card: bool) -> Iterator[Site]:
    for name, value in record.items():
        role = role_of(name)
        nested = _records(value) if role != "body" else []
        if role == "related" or not nested:
            yield Site(record, name, role, card)
        for item in nested:
            yield from _sites(item, True)


def _lists(record: dict[str, Tree]) -> Iterator[list[dict[str, Tree]]]:
    for name, value in record.items():
        if role_of(name) != "body" and (nested := _records(value)):
            yield nested
            for item in nested:
                yield from _lists(item)


def _records(value: Tree) -> list[dict[str, Tree]]:
    if not isinstance(value, list) or not value:
        return []
    if all(isinstance(item, dict) and records.tag_of(item) is None for item in value):
        return cast("list[dict[str, Tree]]", value)
    return []


def _copy(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: _copy(item) for key, item in tree.items()}
    return [_copy(item) for item in tree] if isinstance(tree, list) else tree


def _whole(tree: Tree) -> Tree:
    """The tree with halves of characters that came to stand side by side made one."""
    if isinstance(tree, str):
        if tree.isascii() or not _PAIR.search(tree):
            return tree
        return _PAIR.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), tree)
    if isinstance(tree, dict):
        return {key: _whole(item) for key, item in tree.items()}
    return [_whole(item) for item in tree] if isinstance(tree, list) else tree
