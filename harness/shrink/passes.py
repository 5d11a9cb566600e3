"""What can be taken from a page: subtrees, element tags, attributes, words, characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from harness.shrink.formats import Format
from harness.shrink.search import Search, minimise
from harness.shrink.tree import Node

# Each round opens ways for the next; real pages are done after two or three.
ROUNDS = 8
# Single characters and bytes cost a test each: that pays only for what is small already.
MOST_CHARACTERS = 2_000

# First, subtrees below these shares of the page are tried.
COARSE = (1 / 8, 1 / 32, 1 / 128)

_PIECE = re.compile(r"\S+\s*|\s+")
Item = TypeVar("Item")


def reduce_tree(root: Node, form: Format, search: Search) -> None:
    """Takes from the tree whatever can go, until nothing can."""
    cutter = _Cutter(root, form, search)
    # What is far from the failure goes in large pieces, and the wrappers round it at once: level by
    # level, a chain of forty wrappers would cost hundreds of tests of the whole page.
    for share in COARSE:
        cutter.pieces(share)
    if form.unwraps:
        cutter.tags()
    for _ in range(ROUNDS):
        size = len(search.best.body)
        cutter.subtrees()
        if form.unwraps:
            cutter.tags()
        cutter.attributes()
        cutter.words()
        cutter.characters()
        if len(search.best.body) == size:
            return


def reduce_bytes(search: Search) -> None:
    """Takes lines, then bytes, from a page that cannot be rewritten as text."""
    for pieces in (search.best.body.splitlines(keepends=True), None):
        body = search.best.body
        if pieces is None:
            if len(body) > MOST_CHARACTERS * 8:
                return
            pieces = [body[i : i + 1] for i in range(len(body))]
        kept: list[bytes | None] = list(pieces)

        def drop(places: list[int], kept: list[bytes | None] = kept) -> bool:
            before = [kept[i] for i in places]
            for i in places:
                kept[i] = None
            if search.shorter_bytes(b"".join(part for part in kept if part is not None)):
                return True
            for i, part in zip(places, before, strict=True):
                kept[i] = part
            return False

        minimise(range(len(kept)), drop)


class _Cutter:
    """Edits one tree in place; an edit that the failure does not survive is taken back."""

    def __init__(self, root: Node, form: Format, search: Search) -> None:
        self._root, self._form, self._search = root, form, search

    def _survives(self) -> bool:
        return self._search.shorter(self._form.write(self._root))

    def _flagged(self, flag: str) -> Callable[[list[Node]], bool]:
        def drop(nodes: list[Node]) -> bool:
            for node in nodes:
                setattr(node, flag, True)
            if self._survives():
                return True
            for node in nodes:
                setattr(node, flag, False)
            return False

        return drop

    def pieces(self, share: float) -> None:
        """The largest subtrees that hold less than a share of the page, in page order."""
        sizes = _sizes(self._root)
        limit = sizes[id(self._root)] * share
        pieces, stack = [], [self._root]
        while stack:
            node = stack.pop()
            if sizes[id(node)] <= limit:
                pieces.append(node)
            else:
                stack.extend(reversed(node.children))
        minimise(pieces, self._flagged("gone"))
        _purge(self._root)

    def subtrees(self) -> None:
        """Level by level from the top: what goes early takes most with it.

        Hierarchical delta debugging (Misherghi, Su: HDD, 2006).
        """
        level = [self._root]
        while level:
            below = [child for node in level for child in node.children]
            minimise(below, self._flagged("gone"))
            for node in level:
                node.children = list(node.kept())
            level = [child for node in level for child in node.children]

    def tags(self) -> None:
        """Elements are replaced by what is in them."""
        elements = [node for node in self._root.walk() if node.is_element and not node.bare]
        minimise(elements, self._flagged("bare"))
        _splice(self._root)

    def attributes(self) -> None:
        """All attributes of elements, then single ones."""
        found = [(node, name) for node in self._root.walk() for name in node.attributes]

        def drop(pairs: list[tuple[Node, str]]) -> bool:
            before = {id(node): (node, dict(node.attributes)) for node, _ in pairs}
            for node, name in pairs:
                del node.attributes[name]
            if self._survives():
                return True
            for node, attributes in before.values():
                node.attributes = attributes
            return False

        minimise(found, drop)

    def words(self) -> None:
        """Words of all texts and of the attributes' values."""
        self._pieces(_PIECE.findall)

    def characters(self) -> None:
        """Single characters, once the page is small."""
        if len(self._search.best.body) <= MOST_CHARACTERS:
            self._pieces(list)

    def _pieces(self, split: Callable[[str], list[str]]) -> None:
        texts = [node for node in self._root.walk() if node.tag == "#text"]
        for node in texts:
            node.parts = split(node.text)
        self._minimise_parts([node.parts for node in texts])
        for node in list(self._root.walk()):
            for name, value in list(node.attributes.items()):
                parts = split(value)
                self._minimise_parts([parts], _setter(node, name, parts))

    def _minimise_parts(
        self, lists: Sequence[list[str]], apply: Callable[[], None] | None = None
    ) -> None:
        places = [(parts, i) for parts in lists for i in range(len(parts))]

        def drop(some: list[tuple[list[str], int]]) -> bool:
            before = [parts[i] for parts, i in some]
            for parts, i in some:
                parts[i] = ""
            if apply:
                apply()
            if self._survives():
                return True
            for (parts, i), part in zip(some, before, strict=True):
                parts[i] = part
            if apply:
                apply()
            return False

        minimise(places, drop)


def _setter(node: Node, name: str, parts: list[str]) -> Callable[[], None]:
    def apply() -> None:
        node.attributes[name] = "".join(parts)

    return apply


def _sizes(root: Node) -> dict[int, int]:
    """About how many characters each node takes, by its identity."""
    order = list(root.walk())
    sizes: dict[int, int] = {}
    for node in reversed(order):
        own = len(node.text) + 2 * len(node.tag) + sum(map(len, node.attributes.values()))
        sizes[id(node)] = own + sum(sizes[id(child)] for child in node.children)
    return sizes


def _purge(root: Node) -> None:
    """Forgets the nodes that are gone."""
    for node in list(root.walk()):
        node.children = list(node.kept())


def _splice(root: Node) -> None:
    """Makes bare elements' children those of the element around them."""
    for node in list(root.walk()):
        if not any(child.bare for child in node.children):
            continue
        flat: list[Node] = []
        stack = list(reversed(node.children))
        while stack:
            child = stack.pop()
            if child.bare:
                stack.extend(reversed(child.children))
            else:
                flat.append(child)
        node.children = flat
