"""Lists of nested records: whole, in the page's order, each with its own fields and no others'."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from harness.invariants.metadata import fold
from harness.invariants.registry import Hit, invariant
from harness.invariants.roles import Role, role_of
from harness.invariants.subject import Field, Subject
from harness.model import Severity, Timestamp
from harness.records import leaves
from harness.text import shorten, squash

# So much of a text tells it from others; the rest need not be compared.
_HEAD = 80
_BODY = 100


@dataclass(frozen=True)
class Card:
    """A nested record: its path and its fields."""

    path: str
    fields: tuple[Field, ...]

    def first(self, role: Role) -> Field | None:
        """Its first field of a role that holds anything."""
        return next((f for f in self.fields if f.role == role and f.text.strip()), None)

    def text(self, role: Role) -> str:
        """The text of that field, "" where there is none."""
        field = self.first(role)
        return field.text if field else ""

    @cached_property
    def stamp(self) -> Timestamp | None:
        """Its time, where that is a Timestamp."""
        field = self.first("published")
        return field.stamp if field else None


def lists_of(it: Subject) -> list[tuple[str, list[Card]]]:
    """The lists of nested records that are articles, by their paths."""
    fields: dict[str, list[Field]] = {}
    for field in it.all_fields:
        if field.card:
            fields.setdefault(field.card, []).append(field)
    lists: dict[str, list[Card]] = {}
    for path, own in fields.items():
        lists.setdefault(path.rpartition("[")[0], []).append(Card(path, tuple(own)))
    found: list[tuple[str, list[Card]]] = []
    for name, cards in lists.items():
        role = role_of(name.rpartition(".")[2])
        if role == "related" or (role == "" and any(card.first("title") for card in cards)):
            found.append((name, cards))
    return found


class Places:
    """Where the titles of a list's records first stand as a line, and what stands around them."""

    def __init__(self, it: Subject, cards: list[Card]) -> None:
        self.squashed = [squash(text) for text in it.reading.texts]
        starts = it.regions.starts
        self.of = {card.path: starts[card.path] for card in cards if card.path in starts}
        self.bounds = sorted(self.of.values())

    def around(self, path: str) -> tuple[str, str]:
        """The text between a record's title and the one before it, and the one after it."""
        own = self.of[path]
        rank = bisect_left(self.bounds, own)
        before = self.bounds[rank - 1] + 1 if rank else max(0, own - 10)
        after = self.bounds[rank + 1] if rank + 1 < len(self.bounds) else len(self.squashed)
        return "".join(self.squashed[before:own]), "".join(self.squashed[own + 1 : after])


@invariant("card-mixed", fault="mixed-up")
def card_mixed(it: Subject) -> Iterator[Hit]:
    """The fields of a nested record stand together on the page, not with its neighbour's."""
    for _, cards in lists_of(it):
        places = Places(it, cards)
        placed = [card for card in cards if card.path in places.of]
        if len(placed) < 2:
            continue
        around = {card.path: places.around(card.path) for card in placed}
        for role in ("byline", "published", "body"):
            yield from _misplaced(role, placed, around)


def _misplaced(role: Role, cards: list[Card], around: dict[str, tuple[str, str]]) -> Iterator[Hit]:
    keys = {card.path: squash(card.text(role))[:_HEAD] for card in cards}
    held = {path: key for path, key in keys.items() if key}
    if len(held) < 2 or len(set(held.values())) < 2:
        return
    # Bylines stand before the titles or after them, all alike.
    sides = [{path for path, key in held.items() if key in around[path][side]} for side in (0, 1)]
    fits = max(sides, key=len)
    times = Counter(held.values())
    strays = {
        path: others
        for path, key in held.items()
        if path not in fits
        and times[key] == 1
        and (others := [p for p, texts in around.items() if p != path and key in "\0".join(texts)])
    }
    # Titles that stand in a menu, apart from their records, leave all the rest to the last one.
    owners = {others[0] for others in strays.values()}
    if len(fits) < len(held) / 2 and (len(owners) < len(strays) or len(strays) < 2):
        return
    for card in cards:
        field = card.first(role)
        if card.path in strays and field is not None:
            other = strays[card.path][0]
            message = f"{shorten(field.text)!r} stands with {other}, not with this title"
            yield Hit(field.path, message, field.text)


@invariant("card-order", fault="reordered", severity="warning")
def card_order(it: Subject) -> Iterator[Hit]:
    """Nested records stand in the order of the page."""
    for name, cards in lists_of(it):
        places = Places(it, cards)
        order = [(places.of[card.path], card) for card in cards if card.path in places.of]
        for (here, _), (there, card) in pairwise(order):
            if there < here:
                title = card.text("title")
                message = f"{shorten(title)!r} stands before the record that it follows"
                yield Hit(f"{card.path}.{_name(card)}" if title else name, message, title)
                break


def _name(card: Card) -> str:
    field = card.first("title")
    return field.name if field else ""


@invariant("card-newest-first", fault="reordered", severity="warning")
def card_newest_first(it: Subject) -> Iterator[Hit]:
    """A list that is newest-first but for a few records is newest-first."""
    for _, cards in lists_of(it):
        stamps = [(card, card.stamp.age) for card in cards if card.stamp and card.stamp.age]
        if len(stamps) < 5:
            continue
        oldest, late = 0.0, []
        for card, age in stamps:
            # What is surely newer than something before it breaks the order.
            if age[1] < oldest:
                late.append(card)
            oldest = max(oldest, age[0])
        places = Places(it, cards)
        known = [places.of[c.path] for c, _ in stamps if c.path in places.of]
        own_order = len(known) == len(stamps) and known == sorted(known)
        if len(late) == 1 and not own_order:
            label = late[0].text("published")
            yield Hit(late[0].path, f"{label!r} is newer than what stands before it", label)


@invariant("card-repeated", fault="duplicated")
def card_repeated(it: Subject) -> Iterator[Hit]:
    """No record of a list is there twice."""
    for _, cards in lists_of(it):
        seen: dict[tuple[tuple[str, str], ...], Card] = {}
        for card in cards:
            key = tuple((f.name, f.text) for f in card.fields if f.text.strip())
            if not key:
                continue
            if key in seen:
                title = card.text("title") or card.fields[0].text
                twice = squash(title) and _count(it, title) > 1
                severity: Severity = "warning" if twice else "error"
                message = f"the same as {seen[key].path}"
                yield Hit(card.path, message, title, severity=severity)
            seen.setdefault(key, card)


def _count(it: Subject, text: str) -> int:
    key = squash(text)
    return sum(squash(text) == key for text in it.reading.texts)


@invariant("card-shares-text", fault="mixed-up")
def card_shares_text(it: Subject) -> Iterator[Hit]:
    """No two records of a list with titles of their own have one body or one address."""
    for _, cards in lists_of(it):
        for role, severity in (("body", "error"), ("url", "warning")):
            seen: dict[str, Card] = {}
            for card in cards:
                text = card.text(role)  # type: ignore[arg-type]
                if role == "body" and len(text) < _BODY:
                    continue
                other = seen.setdefault(text, card) if text else card
                if other is not card and fold(other.text("title")) != fold(card.text("title")):
                    message = f"its {role} is that of {other.path}"
                    yield Hit(card.path, message, text, severity=severity)  # type: ignore[arg-type]


@invariant("card-untitled", fault="empty", severity="warning")
def card_untitled(it: Subject) -> Iterator[Hit]:
    """Where nearly all records of a list have titles, all have."""
    for _, cards in lists_of(it):
        without = [card for card in cards if not card.text("title").strip()]
        if not without or len(without) > len(cards) / 4:
            continue
        for card in without:
            text = next((f.text for f in card.fields if f.text.strip()), "")
            yield Hit(card.path, "no title, and the others have one", text)


@invariant("card-lost", fault="card-lost", severity="warning")
def card_lost(it: Subject) -> Iterator[Hit]:
    """Nothing on the page that stands as the titles of a list do is left out of it."""
    if not it.page.is_html:
        return
    lists = lists_of(it)
    texts = {squash(text) for _, text in leaves(dict(it.record))} if lists else set()
    lines = [squash(text) for text in it.reading.texts] if lists else []
    for name, cards in lists:
        starts = it.regions.starts
        places = sorted(starts[card.path] for card in cards if card.path in starts)
        shape = _Shape([it.lines[number].tags for number in places])
        if not places or not shape.tags or 2 * shape.count < len(cards):
            continue
        titles = [key for card in cards if (key := squash(card.text("title")))]
        lost = [
            number
            for number, line in enumerate(it.lines)
            if lines[number] not in texts
            and shape.holds(line.tags)
            and not any(title in lines[number] for title in titles)
        ]
        between = [n for n in lost if places[0] < n < places[-1]]
        for number in (between or lost)[:1]:
            text = it.lines[number].text
            message = f"{shorten(text)!r} stands as its titles do, and is none"
            severity: Severity = "error" if between and len(between) < len(cards) else "warning"
            yield Hit(name, message, text, (number, 0, len(text)), severity=severity)


# Style sheets made by tools name classes by a hash, another for each card.
_HASH = re.compile(r"\d")
_DEEP = 4


class _Shape:
    """The elements that most titles of a list stand in, their classes as far as any has them."""

    def __init__(self, places: list[tuple[str, ...]]) -> None:
        names = Counter(tuple(_split(tag)[0] for tag in tags[-_DEEP:]) for tags in places)
        self.tags, self.count = names.most_common(1)[0] if names else ((), 0)
        alike = [tags[-_DEEP:] for tags in places]
        alike = [tags for tags in alike if tuple(_split(tag)[0] for tag in tags) == self.tags]
        columns = [[_split(tag)[1] for tag in column] for column in zip(*alike, strict=True)]
        self._every = [frozenset().union(*column) for column in columns]
        self._common = [column[0].intersection(*column[1:]) for column in columns]

    def holds(self, tags: tuple[str, ...]) -> bool:
        """Whether a line in these elements stands as the titles do."""
        parts = [_split(tag) for tag in tags[-_DEEP:]]
        if tuple(name for name, _ in parts) != self.tags:
            return False
        return all(
            common <= own <= every
            for (_, own), common, every in zip(parts, self._common, self._every, strict=True)
        )


@lru_cache(4096)
def _split(tag: str) -> tuple[str, frozenset[str]]:
    """The name of an element and those of its classes that are no hashes."""
    name, *classes = tag.split(".")
    return name, frozenset(each for each in classes if not _HASH.search(each))


@invariant("card-title-whole", fault="title-cut")
def card_title_whole(it: Subject) -> Iterator[Hit]:
    """The titles of a list stand on the page whole, where those of their neighbours do."""
    if it.page.is_xml or it.page.is_json:
        return
    for _, cards in lists_of(it):
        starts = it.regions.starts
        held = [card for card in cards if card.path in starts]
        cut = [
            card for card in held if _cut(card.text("title"), it.reading.texts[starts[card.path]])
        ]
        for card in cut if len(held) >= 3 and 4 * len(cut) <= len(held) + 1 else ():
            line = it.reading.texts[starts[card.path]]
            title = card.text("title")
            message = f"{shorten(title)!r} is only a part of {shorten(line)!r}"
            yield Hit(f"{card.path}.{_name(card)}", message, title)


def _cut(title: str, line: str) -> bool:
    """Whether a title runs on in its line, or begins within a word or sentence of it."""
    key, whole = fold(title), fold(line)
    start = whole.find(key)
    if start < 0 or key == whole:
        return False
    before, after = whole[:start], whole[start + len(key) :]
    return bool(re.match(r"[\s,]*\w", after) or re.search(r"[^\W\d]\s*$", before))


@invariant("card-is-record", fault="duplicated", severity="warning")
def card_is_record(it: Subject) -> Iterator[Hit]:
    """The article itself is none of the records beside it."""
    titles = {fold(field.text) for field in it.fields("title") if field.text.strip()}
    for _, cards in lists_of(it):
        for card in cards:
            if fold(card.text("title")) in titles:
                yield Hit(card.path, "has the title of the record itself", card.text("title"))
