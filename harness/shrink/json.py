"""JSON as a tree of members, and back."""

from __future__ import annotations

import json
from typing import Any

from harness.shrink.tree import Node, text


def read(source: str) -> Node | None:
    """The tree of a JSON text; None when it is none."""
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        return None
    root = Node("#root")
    stack: list[tuple[Any, str | None, Node]] = [(value, None, root)]
    while stack:
        item, name, around = stack.pop()
        node = _node(item)
        node.name = name
        around.children.append(node)
        if isinstance(item, dict):
            stack.extend((child, key, node) for key, child in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend((child, None, node) for child in reversed(item))
    return root


def _node(item: Any) -> Node:
    if isinstance(item, dict):
        return Node("object")
    if isinstance(item, list):
        return Node("array")
    return text(item) if isinstance(item, str) else text(json.dumps(item), "#raw")


def write(root: Node) -> str:
    """The text of a tree, without white space between the members."""
    out: list[str] = []
    stack: list[Node | str] = list(root.kept())
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if node.name is not None:
            out.append(json.dumps(node.name, ensure_ascii=False) + ":")
        if not node.is_element:
            is_text = node.tag == "#text"
            out.append(json.dumps(node.text, ensure_ascii=False) if is_text else node.text)
            continue
        opening, closing = "{}" if node.tag == "object" else "[]"
        out.append(opening)
        stack.append(closing)
        for number, child in enumerate(reversed(list(node.kept()))):
            if number:
                stack.append(",")
            stack.append(child)
    return "".join(out)


def is_valid(source: str) -> bool:
    """Whether a text is JSON."""
    return read(source) is not None
