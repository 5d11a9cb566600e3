"""A page as a tree that can be cut: elements, texts, members of JSON, lines of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Node:
    """One node. ``tag`` is an element's name; those that start with ``#`` are no elements:

    ``#root``, ``#text`` (``parts`` are what is left of its text), ``#raw`` (kept or dropped whole).
    ``name`` is the key of a member of a JSON object. ``gone`` and ``bare`` are edits under trial:
    the node with all in it is not written, or only what is in it.
    """

    tag: str
    parts: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    name: str | None = None
    gone: bool = False
    bare: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def is_element(self) -> bool:
        return not self.tag.startswith("#")

    def kept(self) -> Iterator[Node]:
        """The children that are written."""
        return (child for child in self.children if not child.gone)

    def walk(self) -> Iterator[Node]:
        """This node and all below it that are written, in page order. No recursion."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if not child.gone)


def text(value: str, tag: str = "#text") -> Node:
    """A text node."""
    return Node(tag, [value])
