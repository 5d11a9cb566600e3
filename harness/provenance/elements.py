"""How an element is addressed, and what holds it in place when its page changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborNode

from harness.provenance.places import LONGEST_PATH, Fragility
from harness.text import squash
from harness.visible import DEEPEST

_NAME = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,39}")
# Elements that stand in numbers: an extractor takes them all, so their number among siblings says
# nothing.
_ITEMS = frozenset("p li dd dt blockquote pre h2 h3 h4 h5 h6 tr option figcaption".split())
_LANDMARKS = frozenset({"article", "main"})
_ASIDE = frozenset({"nav", "aside", "footer", "dialog"})
_SAYING = frozenset({"h1", "time", "address"})
_ALONE = _LANDMARKS | _SAYING | {"body", "head", "html"}
# What begins class names that are written anew at each build: styled-components, emotion, JSS,
# Svelte, Astro.
_BUILDERS = ("css-", "sc-", "jss", "jsx-", "svelte-", "astro-", "emotion-")
# A word of a name that mixes letters and digits as hashes do: CSS modules' "byline__3xYz1".
_BUILT = re.compile(r"(?:^|[-_])(?=[^-_]{5,}(?:$|[-_]))(?:[A-Za-z]+\d+[A-Za-z]|\d+[A-Za-z]+\d)")
_SWITCHES = re.compile(r"[a-z](?=[A-Z])|[A-Z](?=[a-z])")
# Names of looks (Tailwind, Bootstrap), which say nothing of the content.
_LOOKS = re.compile(
    r"(?:[mp][trblxyse]?|gap|col|row|w|h|d|text|font|bg|flex|grid|items|justify|float|pull|order|"
    r"border|rounded|shadow|leading|tracking|space|container|clearfix|block|inline|hidden|relative|"
    r"absolute|overflow|align|cf|left|right)(?:-(?:\d+|xs|sm|md|lg|xl|\dxl|full|auto|left|right|"
    r"center|start|end|bold|medium|semibold|normal|wrap|fluid|x|y|col|row|block|none|between))*"
)
# How far up a name is looked for, and how many steps a path has.
_STEPS = 6
_NAMED_WITHIN = 3


@lru_cache(4096)
def given_name(name: str) -> bool:
    """Whether a class or id is one that people gave: it can be written, and outlives a build."""
    if not _NAME.fullmatch(name) or _LOOKS.fullmatch(name):
        return False
    if name.lower().startswith(_BUILDERS):
        return False
    short_and_mixed = len(name) <= 8 and len(_SWITCHES.findall(name)) >= 3
    return not short_and_mixed and _BUILT.search(name) is None


class Elements:
    """The elements of one page: how often each name stands, and who stands beside whom."""

    def __init__(self, root: LexborNode, most: int) -> None:
        found = root.css("*")
        self.limited = len(found) > most
        self.all: list[LexborNode] = found[:most]
        self._places: dict[int, Mapping[int, int]] = {}
        self._ink: dict[int, int] = {}

    @cached_property
    def _counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for node in self.all:
            tag = node.tag or ""
            counts[tag] += 1
            attributes = node.attributes
            if names := attributes.get("class"):
                counts.update(f"{tag}.{name}" for name in set(names.split()))
            if identity := attributes.get("id"):
                counts[f"#{identity}"] += 1
        return counts

    def path(self, node: LexborNode) -> str:
        """A short selector that matches the element; the page's only match wherever it can be."""
        steps: list[str] = []
        here: LexborNode | None = node
        while here is not None and here.is_element_node and len(steps) < _STEPS:
            step, alone = self._step(here)
            steps.append(step)
            if alone:
                break
            here = here.parent
        while len(steps) > 1 and len(" > ".join(reversed(steps))) > LONGEST_PATH:
            steps.pop()
        return " > ".join(reversed(steps))[:LONGEST_PATH]

    def _step(self, node: LexborNode) -> tuple[str, bool]:
        """One step of a path, and whether nothing else on the page matches it."""
        attributes = node.attributes
        tag = node.tag or ""
        identity = attributes.get("id") or ""
        if given_name(identity) and self._counts[f"#{identity}"] == 1:
            return f"#{identity}", True
        classes = [name for name in (attributes.get("class") or "").split() if given_name(name)]
        named = [tag if _NAME.fullmatch(tag) else "*", *(f"{tag}.{name}" for name in classes)]
        rarest = min(reversed(named), key=lambda name: self._counts[name])
        # That a page has one <b> is chance, that it has one <h1> is not.
        if self._counts[rarest] == 1 and (rarest != named[0] or tag in _ALONE):
            return rarest, True
        rarest = f"{tag}.{classes[0]}" if classes else named[0]
        place = self._place(node)
        return (rarest if place is None else f"{rarest}:nth-child({place})"), False

    def _place(self, node: LexborNode) -> int | None:
        """Which child of its parent an element is; None where no sibling has its tag."""
        parent = node.parent
        if parent is None:
            return None
        known = self._places.get(parent.mem_id)
        if known is None:
            children = list(_children(parent))
            tags = Counter(child.tag for child in children)
            known = self._places[parent.mem_id] = {
                child.mem_id: number
                for number, child in enumerate(children, 1)
                if tags[child.tag] > 1
            }
        return known.get(node.mem_id)

    def grade(self, node: LexborNode) -> Fragility:
        """What holds an element that is wholly the text in question."""
        if _says_what_it_holds(node) or self._in_article(node):
            return Fragility.SEMANTIC
        here: LexborNode | None = node
        for _ in range(_NAMED_WITHIN):
            if here is None or not here.is_element_node or here.tag in ("html", "body"):
                break
            if _has_name(here):
                return Fragility.NAMED
            if here.tag not in _ITEMS and self._place(here) is not None:
                break
            here = here.parent
        return Fragility.POSITIONAL

    @staticmethod
    def _in_article(node: LexborNode) -> bool:
        if node.tag not in _ITEMS:
            return False
        for above in ancestors(node):
            if above.tag in _ASIDE:
                return False
            if above.tag in _LANDMARKS or _says_what_it_holds(above):
                return True
        return False

    def near(self, node: LexborNode) -> str:
        """The nearest element with a name, or a landmark, that it is or stands in."""
        for above in (node, *ancestors(node)):
            attributes = above.attributes
            if given_name(attributes.get("id") or ""):
                return f"#{attributes.get('id')}"
            names = [n for n in (attributes.get("class") or "").split() if given_name(n)]
            if names:
                return f"{above.tag}.{names[0]}"
            if above.tag in _LANDMARKS | _ASIDE:
                return above.tag or ""
        return ""

    def ink(self, node: LexborNode) -> int:
        """How many characters, white space aside, all text in an element has."""
        known = self._ink.get(node.mem_id)
        if known is None:
            known = self._ink[node.mem_id] = len(squash(node.text(deep=True)))
        return known


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, innermost first, up to ``DEEPEST`` of them."""
    here = node.parent
    for _ in range(DEEPEST):
        if here is None or not here.is_element_node:
            return
        yield here
        here = here.parent


def _children(parent: LexborNode) -> Iterator[LexborNode]:
    child = parent.first_child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _has_name(node: LexborNode) -> bool:
    attributes = node.attributes
    if given_name(attributes.get("id") or ""):
        return True
    return any(map(given_name, (attributes.get("class") or "").split()))


def _says_what_it_holds(node: LexborNode) -> bool:
    if node.tag in _SAYING:
        return True
    attributes = node.attributes
    if "itemprop" in attributes or attributes.get("role") == "main":
        return True
    return "author" in (attributes.get("rel") or "").split()
