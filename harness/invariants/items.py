"""Records made of a feed or of JSON, held against the items that their data lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.invariants.cards import Card, lists_of
from harness.invariants.listed import Item, key_of
from harness.invariants.misread import fault_between
from harness.invariants.moments import agree
from harness.invariants.names import JOINT
from harness.invariants.registry import Hit, invariant
from harness.invariants.roles import role_of
from harness.invariants.subject import Field, Subject
from harness.model import Severity
from harness.text import shorten, squash

_MOST_CARDS = 300
_Pairs = list[tuple[Card, Item]]


def _paired(it: Subject) -> Iterator[tuple[str, list[Card], _Pairs]]:
    """The lists of nested records that stand in the page's data: with the item of each."""
    for path, cards in lists_of(it):
        cards = cards[:_MOST_CARDS]
        if not _of_data(it, cards):
            continue
        pairs = []
        for card in cards:
            texts = [card.text("title"), card.text("url")]
            item = it.listed.of(texts) or it.listed.of(texts[:1]) or it.listed.of(texts[1:])
            if item is not None:
                pairs.append((card, item))
        if 2 * len(pairs) >= len(cards) and pairs:
            yield path, cards, pairs


def _of_data(it: Subject, cards: list[Card]) -> bool:
    """Whether nested records can only have been made of data: no reader sees their titles."""
    if not it.page.is_html:
        return it.page.is_xml or it.page.is_json
    shown = it.reading.by_text
    titles = [card.text("title") for card in cards]
    return 2 * sum(title in shown for title in titles) < len(titles)


@invariant("item-time", fault="wrong-date")
def item_time(it: Subject) -> Iterator[Hit]:
    """The time of a record made of a feed's item or a JSON object is one that it states."""
    for _, _, pairs in _paired(it):
        filled = sum(bool(card.text("published")) for card, _ in pairs)
        for card, item in pairs:
            for field in card.fields:
                if field.role == "published":
                    yield from _timed(it, field, item, filled)


def _timed(it: Subject, field: Field, item: Item, filled: int) -> Iterator[Hit]:
    own, stated = field.moment, item.times
    if field.value in (None, "", []) and stated:
        severity: Severity = "error" if filled and it.listed.sure else "warning"
        message = f"empty, and the page's data has {stated[0].text!r}"
        yield Hit(field.path, message, stated[0].text, severity=severity, fault="empty")
    if own is None or not stated or any(agree(own, each) for each in stated):
        return
    exact = [each for each in stated if each.instant]
    fault = "wrong-date"
    if own.instant and exact:
        nearest = min(exact, key=lambda each: abs(each.span[0] - own.span[0]))
        if nearest.when and nearest.when.tzinfo:
            right = own.span[0].astimezone(nearest.when.tzinfo)
            fault = fault_between(right, nearest.when, it.capture.captured_at)
    message = f"{own.text!r}, and the page's data has {stated[0].text!r}"
    yield Hit(field.path, message, own.text, fault=fault, severity=_sure(it))


def _sure(it: Subject) -> Severity:
    return "error" if it.listed.sure else "warning"


@invariant("item-byline", fault="byline-wrong")
def item_byline(it: Subject) -> Iterator[Hit]:
    """The byline of a record made of an item or object is the one that it states, whole."""
    for _, _, pairs in _paired(it):
        filled = sum(bool(card.text("byline")) for card, _ in pairs)
        for card, item in pairs:
            for field in card.fields:
                if field.role == "byline" and item.names:
                    yield from _named(it, field, item, filled)


def _named(it: Subject, field: Field, item: Item, filled: int) -> Iterator[Hit]:
    names = {key_of(name): name for name in item.names}
    first = item.names[0]
    if not field.text.strip():
        severity: Severity = _sure(it) if filled else "warning"
        message = f"empty, and the page's data has {first!r}"
        yield Hit(field.path, message, first, severity=severity, fault="empty")
        return
    for line in field.lines:
        parts = [key for part in JOINT.split(line) if (key := key_of(part))]
        whole = "".join(names)
        if key_of(line) in names or key_of(line) in item.keys:
            continue
        for part in parts:
            if part in names or part in item.keys:
                continue
            holders = [name for key, name in names.items() if part in key]
            fault = "byline-cut" if holders else "byline-wrong"
            # An address beside a name ("a@b.example (Jane Doe)") is left out rightly.
            noisy = holders and any(sign in holders[0] for sign in "@(<|")
            known = not holders and part in it.listed.by_key
            wrong = bool(holders) or known or squash(part) not in whole
            if wrong:
                message = f"{shorten(line)!r}, and the page's data has {shorten(first)!r}"
                sure: Severity = "warning" if noisy or not (holders or known) else _sure(it)
                yield Hit(field.path, message, line, fault=fault, severity=sure)
                break
    # A creator and a source are two; two creators are to be named both.
    have = key_of(field.text)
    said = [(name, key_of(text)) for name, text in item.texts if role_of(name) == "byline"]
    kept = {name for name, key in said if key in have}
    lost = [key for name, key in said if name in kept and key not in have and have not in key]
    lost = [key for key in lost if not any(sign in names[key] for sign in "@(<|/:")]
    if lost:
        message = f"does not name {names[lost[0]]!r}"
        yield Hit(field.path, message, names[lost[0]], fault="byline-cut", severity="warning")


@invariant("item-title", fault="title-cut")
def item_title(it: Subject) -> Iterator[Hit]:
    """The title of a record made of an item or object is all of the one that it states."""
    for _, _, pairs in _paired(it):
        for card, item in pairs:
            field = card.first("title")
            key = key_of(field.text) if field else ""
            wholes = [text for text in item.titles if key and key in key_of(text)]
            if field is None or not wholes or key in item.keys:
                continue
            message = f"{shorten(field.text)!r} is only a part of {shorten(wholes[0])!r}"
            yield Hit(field.path, message, field.text, severity=_sure(it))


@invariant("item-lost", fault="card-lost")
def item_lost(it: Subject) -> Iterator[Hit]:
    """Nothing that a feed or a list of the page's data holds is left out of the records."""
    for field in it.fields("related"):
        items = it.listed.items if field.value == [] and it.listed.sure else ()
        if items and it.page.is_xml:
            message = f"empty, and the feed has {len(items)} items"
            yield Hit(field.path, message, next(iter(items[0].titles), ""), fault="empty")
    for path, cards, pairs in _paired(it):
        number, count = Counter(item.group for _, item in pairs).most_common(1)[0]
        forms = {item.form for _, item in pairs if item.group == number}
        own = [item for item in it.listed.items if item.group == number and item.form in forms]
        if not path or count < len(cards) / 2 or len(own) <= len(cards):
            continue
        held = {key_of(card.text("title")) for card in cards}
        held |= {key_of(card.text("url")) for card in cards} - {""}
        lost = [i for i in own if i.titles and not any(key_of(t) in held for t in i.titles)]
        lost = [i for i in lost if not i.keys & (held - {""})]
        numbers = [item.number for _, item in pairs if item.group == number]
        between = [i for i in lost if min(numbers) < i.number < max(numbers)]
        if not lost or (len(pairs) < 2 and not it.page.is_xml):
            continue
        sure = it.listed.sure or bool(between)
        first = (between or lost)[0].titles[0]
        message = f"{shorten(first)!r} is in the page's data, and in none of them"
        yield Hit(path, message, first, severity="error" if sure else "warning")
