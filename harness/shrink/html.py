"""HTML as a tree, as a browser's parser builds it, and back: closed, escaped and short."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.shrink.tree import Node, text

# https://html.spec.whatwg.org/multipage/syntax.html#elements-2
VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()
)
RAW_TEXT = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
# Whose first line end the parser drops.
_KEEPS_LINES = frozenset({"pre", "textarea", "listing"})
# What a parser would put into the head, were it first in a body whose tag is not written.
_OF_THE_HEAD = frozenset("base link meta noscript script style template title".split())
_IMPLIED = frozenset({"html", "head", "body"})
# Kept or dropped whole: the parser keeps a template's content apart, and drawings have a
# syntax of their own.
_WHOLE = frozenset({"template", "svg", "math"})


def read(source: str) -> Node | None:
    """The tree of a page; None where the parser gives none."""
    document = LexborHTMLParser(source).root
    if document is None or document.parent is None:
        return None
    root = Node("#root")
    stack: list[tuple[LexborNode, Node]] = [(document.parent, root)]
    while stack:
        parent, made = stack.pop()
        child = parent.first_child
        while child is not None:
            if (node := _node(child, made.tag)) is not None:
                made.children.append(node)
                if node.is_element:
                    stack.append((child, node))
            child = child.next
    return root


def _node(node: LexborNode, parent: str) -> Node | None:
    if node.is_text_node:
        value = node.text_content or ""
        # Between head and body, white space is nobody's.
        return None if parent in ("#root", "html", "head") and not value.strip() else text(value)
    tag = node.tag or ""
    if not node.is_element_node or tag in _WHOLE:
        return text(node.html or "", "#raw")
    return Node(tag, attributes={name: value or "" for name, value in node.attributes.items()})


def write(root: Node) -> str:
    """The page of a tree: end tags written, html, head and body only where they say something."""
    out: list[str] = []
    stack: list[tuple[Node, str] | str] = [(root, "")]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            out.append(item)
            continue
        node, around = item
        if node.tag == "#raw":
            out.append(node.text)
        elif node.tag == "#text":
            out.append(_text(node.text, around))
        else:
            start, end = _tags(node)
            out.append(start)
            stack.append(end)
            inside = around if node.bare or node.tag == "#root" else node.tag
            stack.extend((child, inside) for child in reversed(node.children) if not child.gone)
    return "".join(out)


def is_canonical(source: str) -> bool:
    """Whether reading and writing a page gives the page again, to the last character."""
    tree = read(source)
    return tree is not None and write(tree) == source


def _text(value: str, around: str) -> str:
    return value if around in RAW_TEXT else value.replace("&", "&amp;").replace("<", "&lt;")


def _tags(node: Node) -> tuple[str, str]:
    if node.bare or node.tag == "#root":
        return "", ""
    attributes = "".join(map(_attribute, node.attributes, node.attributes.values()))
    first = next(node.kept(), None)
    if node.tag in _IMPLIED and not attributes:
        needed = node.tag == "body" and first is not None and _would_move(first)
        return ("<body>", "") if needed else ("", "")
    start = f"<{node.tag}{attributes}>"
    if node.tag in VOID or node.tag in _IMPLIED:
        return start, ""
    if node.tag in _KEEPS_LINES and first and first.tag == "#text" and first.text[:1] == "\n":
        start += "\n"
    return start, f"</{node.tag}>"


def _would_move(first: Node) -> bool:
    if first.tag == "#text":
        return first.text[:1].isspace()
    return first.tag in _OF_THE_HEAD or first.tag == "#raw"


def _attribute(name: str, value: str) -> str:
    if not value:
        return f" {name}"
    escaped = value.replace("&", "&amp;").replace('"', "&quot;")
    return f' {name}="{escaped}"'
