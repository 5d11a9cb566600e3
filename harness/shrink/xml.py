"""XML as a tree, prefixes as they are written, and back."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from harness.shrink.tree import Node, text
from harness.visible import parse_xml

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read(source: str) -> Node | None:
    """The tree of an XML text; None when it is not well-formed.

    CDATA becomes ordinary text, comments and processing instructions go.
    """
    root = Node("#root")
    stack = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, attributes=attributes)
        stack[-1].children.append(node)
        stack.append(node)

    def characters(data: str) -> None:
        around = stack[-1].children
        if around and around[-1].tag == "#text":
            around[-1].parts.append(data)
        else:
            around.append(text(data))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(_DECLARATION.sub("", source, count=1), True)
    except (expat.ExpatError, ValueError):
        return None
    return root


def write(root: Node) -> str:
    """The text of a tree."""
    out: list[str] = []
    stack: list[Node | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
        elif node.tag == "#text":
            out.append(escape(node.text))
        else:
            kept = list(node.kept())
            if node.is_element and not node.bare:
                attributes = "".join(f" {k}={quoteattr(v)}" for k, v in node.attributes.items())
                out.append(f"<{node.tag}{attributes}{'>' if kept else '/>'}")
                stack.append(f"</{node.tag}>" if kept else "")
            stack.extend(reversed(kept))
    return "".join(out)


def is_valid(source: str) -> bool:
    """Whether a text is well-formed XML."""
    try:
        parse_xml(source)
    except (ElementTree.ParseError, ValueError):
        return False
    return True
