"""What the data of a page lists: the items of a feed, the objects of a JSON answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element

from harness.invariants.metadata import fold
from harness.invariants.moments import Moment, read
from harness.invariants.roles import role_of
from harness.page import Page, fragment
from harness.text import squash

# Nobody checks more; a feed has some tens of items.
_MOST = 2000
_DEEPEST = 12


@dataclass(frozen=True)
class Item:
    """One object of a list in a page's data.

    ``group`` tells it from the objects of other lists, ``form`` what kind of object it is among
    its neighbours. ``texts`` are its short texts by the names they stand under.
    """

    group: int
    number: int
    form: tuple[object, ...]
    texts: tuple[tuple[str, str], ...]

    @cached_property
    def titles(self) -> list[str]:
        """The texts under names for titles."""
        return [text for name, text in self.texts if role_of(name) == "title"]

    @cached_property
    def keys(self) -> frozenset[str]:
        """All its texts as they are compared."""
        return frozenset(key_of(text) for _, text in self.texts)

    @cached_property
    def times(self) -> list[Moment]:
        """The times that it states."""
        roles = ("published", "modified")
        return [m for name, text in self.texts if role_of(name) in roles and (m := read(text))]

    @cached_property
    def names(self) -> list[str]:
        """The authors or sources that it states."""
        return [text for name, text in self.texts if role_of(name) == "byline"]


@dataclass(frozen=True)
class Listed:
    """The lists of a page's data, and where a text stands in them."""

    items: tuple[Item, ...]
    # A list of a feed or an answer is what the record is made of; what a page carries beside its
    # markup may be anything.
    sure: bool
    by_key: dict[str, list[Item]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.items:
            for key in item.keys:
                self.by_key.setdefault(key, []).append(item)

    def of(self, texts: Sequence[str]) -> Item | None:
        """The one item that holds all of these texts (those that are not empty)."""
        keys = [key for text in texts if (key := key_of(text))]
        found = [i for i in self.by_key.get(keys[0], ()) if i.keys.issuperset(keys)] if keys else []
        return found[0] if len(found) == 1 else None


def key_of(text: str) -> str:
    """A text of the data as it is compared: without markup, case and white space."""
    plain = fragment(text).text() or "" if "<" in text or "&" in text else text
    return squash(fold(plain))


def listed(page: Page) -> Listed:
    """The lists of a feed, a JSON answer, or the JSON in a page's scripts."""
    try:
        if page.is_xml:
            return Listed(tuple(islice(_feed(page.xml), _MOST)), True)
        if page.is_json:
            return Listed(tuple(islice(_objects(page.data), _MOST)), True)
        if page.is_html:
            blobs = page.script_json("script[type='application/json']")
            return Listed(tuple(islice(_objects(blobs), _MOST)), False)
    except (ValueError, SyntaxError, RecursionError):  # broken data lists nothing
        pass
    return Listed((), False)


def _feed(root: Element) -> Iterator[Item]:
    """The items of RSS 1 and 2, the entries of Atom."""
    number = 0
    for element in root.iter():
        if _local(element) in ("item", "entry"):
            yield Item(0, number, (_local(element),), tuple(_texts(element)))
            number += 1


def _texts(item: Element) -> Iterator[tuple[str, str]]:
    for child in islice(item, 60):
        name = _local(child)
        own = [each for each in child if _local(each) == "name"]
        for each in own or [child]:
            text = "".join(each.itertext()).strip()
            if text:
                yield name, text
        if href := child.get("href"):
            yield name, href


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _objects(data: Any) -> Iterator[Item]:
    """The objects of every list of objects, the outermost lists first."""
    lists = 0
    pending: list[tuple[Any, int]] = [(data, 0)]
    while pending:
        value, depth = pending.pop(0)
        inner = value.values() if isinstance(value, dict) else value
        if not isinstance(value, (dict, list)) or depth > _DEEPEST:
            continue
        pending += [(each, depth + 1) for each in inner if isinstance(each, (dict, list))]
        objects = [each for each in inner if isinstance(each, dict)]
        if isinstance(value, list) and len(objects) == len(value) > 0:
            for number, each in enumerate(objects):
                yield Item(lists, number, _form(each), tuple(_leaves(each)))
            lists += 1


def _form(value: dict[str, Any]) -> tuple[object, ...]:
    """What kind of object it is: its members' names, and what it says of its own kind."""
    kinds = {key: value[key] for key in ("type", "kind", "@type", "__typename") if key in value}
    return (*sorted(value), *map(str, kinds.items()))


def _leaves(value: dict[str, Any], name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, each in value.items():
        # The name of an author stands under "author"; what it is called there does not matter.
        said = name or key
        if isinstance(each, (str, int, float)) and not isinstance(each, bool):
            if not name or role_of(name) != "byline" or role_of(key) in ("title", "byline"):
                yield said, str(each)
        elif isinstance(each, dict) and depth < 2:
            yield from _leaves(each, said if role_of(said) else "", depth + 1)
        elif isinstance(each, list) and depth < 2 and role_of(said) == "byline":
            for one in each[:20]:
                if isinstance(one, str):
                    yield said, one
                elif isinstance(one, dict):
                    yield from _leaves(one, said, depth + 1)
