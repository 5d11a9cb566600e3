"""Sources and ages where a page states nothing for machines: they stand beside their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from harness.invariants.cards import Card, lists_of
from harness.invariants.metadata import fold, plain
from harness.invariants.misread import fault_between
from harness.invariants.moments import agree
from harness.invariants.names import LONGEST, ROLES, inside, name_of
from harness.invariants.regions import Region, Shown, stands
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.model import Severity
from harness.records import tag_of
from harness.text import collapse, shorten, squash, words

_MOST_CARDS = 300
# Of all records but one, so many must be as the rule says before the one is said to be wrong.
_SHARE = 0.7
_SIGNS = re.compile(r"\s*[|•·]\s*")
_COMMAS = re.compile(r"\s*,\s*")


def _label(card: Card) -> str:
    """The label of a nested record's time, "" where it is none that a reader sees."""
    field = card.first("published")
    return _text_of(field) if field else ""


def _text_of(field: Field) -> str:
    own = isinstance(field.value, str) or tag_of(field.value) == "$timestamp"
    return field.text.strip() if own else ""


def _lists(it: Subject) -> list[list[Card]]:
    """The lists of nested records of a page that readers see."""
    data = it.page.is_xml or it.page.is_json
    return [] if data else [cards for _, cards in lists_of(it)]


def _sides(it: Subject, cards: Sequence[Card]) -> dict[str, Region]:
    """The lines of each nested record: those after its title, or those before, all alike."""
    placed = [card for card in cards[:_MOST_CARDS] if card.path in it.regions.starts]
    sides = [
        {card.path: find(card.path) for card in placed}
        for find in (it.regions.after, it.regions.before)
    ]
    return max(sides, key=lambda side: sum(map(partial(_fits, it, side), placed)))


def _fits(it: Subject, side: dict[str, Region], card: Card) -> int:
    region, byline = side[card.path], card.text("byline")
    has_label = bool(_label(card)) and it.regions.has_label(_label(card), byline, region)
    return has_label + (bool(byline) and it.regions.grade(byline, region) > 1)


def _most(good: int, of: int) -> bool:
    """Whether a rule holds for enough of the other records to be one."""
    return good >= 2 and good >= _SHARE * of


@invariant("label-beside-title", fault="stale-date")
def label_beside_title(it: Subject) -> Iterator[Hit]:
    """The age or date of a nested record is the one that stands beside its title."""
    for cards in _lists(it):
        side = _sides(it, cards)
        own = [(card, _label(card)) for card in cards if card.path in side]
        labelled = [pair for pair in own if pair[1]]
        right = [
            card.path
            for card, label in labelled
            if any(
                it.regions.has_label(label, card.text("byline"), region)
                for region in (side[card.path], *it.regions.elsewhere(card.path))
            )
        ]
        for card, label in own:
            if card.path in right:
                continue
            field = next((f for f in card.fields if f.role == "published"), None)
            shown = it.regions.labels(side[card.path])
            if field is None or not shown or len(right) < 1:
                continue
            sure: Severity = "error" if _most(len(right), len(labelled) - 1) else "warning"
            if label:
                message = f"{label!r}, and beside its title stands {shown[0].label!r}"
                yield Hit(field.path, message, label, severity=sure)
            elif field.value in (None, "", []):
                message = f"empty, and beside its title stands {shown[0].label!r}"
                yield Hit(field.path, message, shown[0].label, severity=sure, fault="empty")


@invariant("byline-beside-title", fault="byline-wrong")
def byline_beside_title(it: Subject) -> Iterator[Hit]:
    """The byline of a nested record stands beside its title, whole, as those of its neighbours."""
    for cards in _lists(it):
        side = _sides(it, cards)
        held = [card for card in cards if card.path in side and card.text("byline").strip()]
        grades = {
            card.path: max(
                _lowest(it, card, region)
                for region in (side[card.path], *it.regions.elsewhere(card.path))
            )
            for card in held
        }
        for least in (3, 2):
            good = [path for path, grade in grades.items() if grade >= least]
            if good and len(good) >= _SHARE * (len(held) - 1):
                break
        else:
            continue
        for card in held:
            if grades[card.path] < least:
                for hit in _misnamed(it, card, side, grades[card.path]):
                    yield hit if len(good) > 1 else replace(hit, severity="warning")
        if least == 3:
            yield from _nameless(it, cards, side, good)


def _lowest(it: Subject, card: Card, region: Region) -> int:
    field = card.first("byline")
    texts = [line.strip() for line in field.lines] if field else []
    whole = max((it.regions.grade(text, region) for text in texts[:1]), default=0)
    if len(texts) == 1 and whole < 3 and "," in texts[0]:
        parts = [it.regions.grade(part, region) for part in _COMMAS.split(texts[0]) if part]
        return max(whole, min(parts, default=0)) if len(parts) < 4 else whole
    return min([whole, *(it.regions.grade(text, region) for text in texts[1:6])])


def _misnamed(it: Subject, card: Card, side: dict[str, Region], grade: int) -> Iterator[Hit]:
    field = card.first("byline")
    assert field is not None, "a card that holds a byline has its field"
    text = field.text
    if joined := _torn(it, text, side[card.path]):
        message = f"{shorten(text)!r} is the one name {joined!r}"
        yield Hit(field.path, message, text, fault="author-split")
        return
    if grade:
        message = f"{shorten(text)!r} is only a part of what stands beside its title"
        severity: Severity = "warning" if _described(it, text, side[card.path]) else "error"
        yield Hit(field.path, message, text, fault="byline-cut", severity=severity)
        return
    others = [path for path, region in side.items() if it.regions.grade(text, region) == 3]
    where = f"; it stands with {others[0]}" if others else ""
    message = f"{shorten(text)!r} does not stand beside its title{where}"
    yield Hit(field.path, message, text, severity="error" if others else "warning")


def _described(it: Subject, text: str, region: Region) -> bool:
    """Whether what follows a name in its line tells of somebody: "in Paris", "for Reuters"."""
    key = fold(text)
    for number in region:
        line = plain(it.reading.texts[number])
        start = fold(line).find(key)
        if start >= 0 and inside(key, fold(line)) and len(line) <= LONGEST:
            rest = _SIGNS.split(line[start + len(key) :].strip())[0]
            before = line[:start].strip()
            # "By" and signs before a name are no part of it, other words are.
            bare = name_of(f"{before} x") == "x"
            told = not rest or rest[0].islower() or set(words(fold(rest))) <= ROLES
            if told and (bare or rest[:1].islower()):
                return True
    return False


def _torn(it: Subject, text: str, region: Region) -> str:
    """The one name that a list of its words or letters was made of; "" for none."""
    parts = [part for part in _COMMAS.split(text.replace("\n", ", ")) if part]
    joined = " ".join(parts)
    if len(parts) < 2:
        return ""
    key = squash(fold(joined))
    for number in region:
        line = it.reading.texts[number]
        sources = [shown.source for shown in it.regions.shown(number) if shown.source]
        for name in (line, *sources):
            if squash(fold(name)) == key and "," not in name:
                return name
    return ""


def _nameless(
    it: Subject, cards: Sequence[Card], side: dict[str, Region], good: Sequence[str]
) -> Iterator[Hit]:
    """A record without byline, beside whose title one stands as its neighbours' do."""
    for card in cards:
        field = next((f for f in card.fields if f.role == "byline"), None)
        if card.path not in side or field is None or field.text.strip():
            continue
        for shown in it.regions.labels(side[card.path])[:1]:
            name = shown.source or _line_before(it, shown, side[card.path], card)
            if name:
                message = f"empty, and beside its title stands {name!r}"
                # A whole line before an age, or a name that is glued to it.
                sure = len(good) >= 2 and (shown.glued or not shown.source)
                severity: Severity = "error" if sure else "warning"
                yield Hit(field.path, message, name, severity=severity, fault="empty")


def _line_before(it: Subject, shown: Shown, region: Region, card: Card) -> str:
    """The line before an age that stands alone, where that is a name and no title."""
    if shown.line - 1 < region.start:
        return ""
    text = collapse(it.reading.texts[shown.line - 1])
    alone = stands(shown.label, it.reading.texts[shown.line]) and len(words(text)) < 7
    return text if alone and fold(text) != fold(card.text("title")) and _is_name(text) else ""


def _is_name(text: str) -> bool:
    return any(map(str.isalpha, text)) and not text.rstrip().endswith((".", "?", ":", "…"))


@invariant("label-of-article", fault="stale-date")
def label_of_article(it: Subject) -> Iterator[Hit]:
    """The age or date of an article without metadata is the one between its title and its text."""
    if not it.fields("published") or it.metadata.published or it.metadata.times:
        return
    region = _own(it)
    if region is None:
        return
    shown = it.regions.labels(region)
    for field in it.fields("published") if shown else ():
        label = _text_of(field)
        byline = next((f.text for f in it.fields("byline")), "")
        if field.value in (None, "", []):
            severity = _sure(it, shown[0])
            message = f"empty, and below the title stands {shown[0].label!r}"
            yield Hit(field.path, message, shown[0].label, severity=severity, fault="empty")
        elif label and not it.regions.has_label(label, byline, region):
            severity = _sure(it, shown[0])
            message = f"{label!r}, and below the title stands {shown[0].label!r}"
            yield Hit(field.path, message, label, severity=severity)


@invariant("byline-of-article", fault="byline-wrong")
def byline_of_article(it: Subject) -> Iterator[Hit]:
    """The byline of an article without metadata is the source that stands with its age."""
    if not it.fields("byline") or it.metadata.authors or it.metadata.published:
        return
    region = _own(it)
    if region is None:
        return
    shown = [_with_line_before(it, each, region) for each in it.regions.labels(region)]
    shown = [each for each in shown if each.source and not _is_title(it, each.source)]
    for field in it.fields("byline") if shown else ():
        text, first = field.text.strip(), shown[0]
        severity = _sure(it, first)
        if not text:
            message = f"empty, and below the title stands {first.source!r}"
            yield Hit(field.path, message, first.source, severity=severity, fault="empty")
            continue
        grades = [it.regions.grade(line, region) for line in field.lines[:6]]
        same = len(field.lines) == 1 and name_of(text) == name_of(first.source)
        if min(grades) == 3 or same:
            continue
        if joined := _torn(it, text, region):
            message = f"{shorten(text)!r} is the one name {joined!r}"
            yield Hit(field.path, message, text, severity=severity, fault="author-split")
        elif min(grades):
            message = f"{shorten(text)!r} is only a part of {first.source!r}"
            yield Hit(field.path, message, text, severity=severity, fault="byline-cut")
        else:
            message = f"{shorten(text)!r}, and below the title stands {first.source!r}"
            yield Hit(field.path, message, text, severity=severity)


def _own(it: Subject) -> Region | None:
    """What stands between title and text, on pages of that kind."""
    if it.page.is_xml or it.page.is_json or not it.fields("title", "body"):
        return None
    return it.regions.own


def _is_title(it: Subject, text: str) -> bool:
    return any(fold(field.text) == fold(text) for field in it.fields("title"))


def _with_line_before(it: Subject, shown: Shown, region: Region) -> Shown:
    """An age that stands alone, with the source in the line before it."""
    if shown.source or shown.line - 1 < region.start:
        return shown
    text = collapse(it.reading.texts[shown.line - 1])
    if len(words(text)) > 6 or not _is_name(text):
        return shown
    return shown._replace(source=text)


def _sure(it: Subject, shown: Shown) -> Severity:
    """How sure it is that a line below a title is the article's own source and age.

    A text has no more than its lines. In a page the line may be a section's or a change's; where
    the records beside the article have theirs in the same way, it is not.
    """
    body = any(field.text.strip() for field in it.fields("body"))
    if not it.page.is_html:
        return "error" if body and it.regions.starts.get("") is not None else "warning"
    stamped = [card for _, cards in lists_of(it) for card in cards if _label(card)]
    alike = shown.glued and body and len(stamped) >= 2
    return "error" if alike and all(card.text("byline") for card in stamped) else "warning"


@invariant("ages-claimed", fault="card-lost")
def ages_claimed(it: Subject) -> Iterator[Hit]:
    """In a text, every source with its age belongs to the record or to one of its nested ones."""
    if it.page.is_xml or it.page.is_json:
        return
    lists = [(path, cards) for path, cards in lists_of(it) if "]" not in path]
    if not lists:
        yield from _none_claimed(it)
    if it.page.is_html:
        return
    for path, cards in lists:
        side = {c.path: it.regions.after(c.path) for c in cards if c.path in it.regions.starts}
        counts = {card: len({s.line for s in it.regions.labels(r)}) for card, r in side.items()}
        if not counts or (len(counts) > 1 and min(counts.values()) != 1):
            continue
        last = max(side, key=lambda each: side[each].start)
        for card, count in counts.items():
            if count < 2:
                continue
            extra = it.regions.labels(side[card])[-1]
            message = f"{it.reading.texts[extra.line]!r} stands after it and belongs to none"
            usual = _most(sum(n == 1 for n in counts.values()), len(counts) - 1)
            severity: Severity = "error" if usual and card != last else "warning"
            yield Hit(path, message, it.reading.texts[extra.line], severity=severity)
        yield from _before_first(it, path, min(r.start for r in side.values()))


def _before_first(it: Subject, path: str, start: int) -> Iterator[Hit]:
    """Ages after the article's own, before the first of the records beside it."""
    own = it.regions.own
    bodies = [placed.match.last for placed in it.article.placed if placed.match]
    ended = max([own.end if own else 0, *(n + 1 for n in bodies if n < start)])
    for shown in it.regions.labels(Region(ended, start))[:1]:
        text = it.reading.texts[shown.line]
        message = f"{text!r} stands before the first of them and belongs to none"
        yield Hit(path, message, text, severity="warning")


def _none_claimed(it: Subject) -> Iterator[Hit]:
    """A page that shows sources with their ages, for a record that has none beside itself."""
    fields = [field for field in it.fields("related") if field.value in (None, [])]
    if not fields:
        return
    own = it.regions.own
    ends = [placed.match.last + 1 for placed in it.article.placed[-3:] if placed.match]
    start = max([own.end if own else 0, *ends])
    shown = it.regions.labels(Region(start, len(it.reading.texts)))
    if len(shown) > it.page.is_html:
        text = it.reading.texts[shown[0].line]
        message = f"empty, and after the text stands {text!r}"
        yield Hit(fields[0].path, message, text, severity="warning", fault="empty")


@invariant("labels-and-datetimes", fault="wrong-date")
def labels_and_datetimes(it: Subject) -> Iterator[Hit]:
    """An instant with a label is that of an element of the page that shows the label."""
    stamps = [
        (field, stamp, field.moment)
        for field in it.fields("published", "modified", cards=True)
        if (stamp := field.stamp) and stamp.published and stamp.published[0] == stamp.published[1]
    ]
    known = it.datetimes if stamps else {}
    for field, stamp, moment in stamps:
        told = known.get(squash(stamp.text), [])
        if moment is None or not told or any(agree(moment, each) for each in told):
            continue
        right = told[0]
        fault = "wrong-date"
        if moment.when and right.when and moment.when.tzinfo and right.when.tzinfo:
            own = moment.when.astimezone(right.when.tzinfo)
            fault = fault_between(own, right.when, it.capture.captured_at)
        message = f"{moment.span[0].isoformat()}, and {stamp.text!r} is {right.text} on the page"
        yield Hit(field.path, message, stamp.text, fault=fault)
