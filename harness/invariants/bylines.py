"""Bylines: whole names of people and sources, as the page gives them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from harness import timestamps
from harness.invariants.metadata import fold, plain
from harness.invariants.names import JOINT, LONGEST, ROLES, Names, inside, name_of, parts_of
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.model import Severity
from harness.text import collapse, plain_quotes, shorten, squash, words

_BY = re.compile(r"\s*(?:by|von|par|por|written by|posted by|author)\b\s*:?\s*\S", re.I)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:h]\d{2}(?::\d\d)?(?!\d)\s*(?:[ap]\.?m\.?|uhr)?", re.I)
_DATE = re.compile(
    r"(?<!\d)\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?[^\W\d]{3,10}\.?,?\s+(?:de\s+)?(?:19|20)\d\d"
    r"|[^\W\d]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)|\d{1,2}月\d{1,2}日",
    re.I,
)
# Nobody reads more of a byline, and no more authors: papers have up to 1,000.
_MOST = 1000
_NOISE = (
    ("a reading time", re.compile(r"(?<!\d)\d{1,3}\s*-?\s*min(?:ute)?s?\b(?!\s+ago)", re.I)),
    ("a handle", re.compile(r"(?<![\w.])@\w{2,}")),
    (
        "an address",
        re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+|https?://|\bwww\.|\w\.(?:html?|php)\b", re.I),
    ),
    (
        "a count",
        re.compile(r"\b\d+\s+(?:comments?|shares?|views?|likes?|followers?|posts?)\b", re.I),
    ),
    (
        "a button",
        re.compile(
            r"\b(?:follow(?: (?:us|me|@\w+))?|share|subscribe|see more|read more|contact)\s*$", re.I
        ),
    ),
    ("a label", re.compile(r"\b(?:published|updated|posted on|last modified)\b", re.I)),
)


@dataclass(frozen=True)
class Byline:
    """A byline field that holds anything: its texts, and the names that the page gives."""

    field: Field
    items: tuple[str, ...]
    names: Names


def _bylines(it: Subject) -> Iterator[Byline]:
    for field in it.fields("byline"):
        items = _items(field)
        if items:
            yield Byline(field, items, it.names)


def _items(field: Field) -> tuple[str, ...]:
    """The texts of a byline: an author each when it is a list."""
    return tuple(collapse(line[:_MOST]) for line in field.lines[:_MOST] if line.strip())


def _is_list(field: Field) -> bool:
    return not isinstance(field.value, str)


@invariant("byline-missing", fault="empty", severity="warning")
def byline_missing(it: Subject) -> Iterator[Hit]:
    """A page that names its author for machines gives one to its record."""
    fields = it.fields("byline")
    if not fields or any(field.text.strip() for field in fields):
        return
    for said in (*it.metadata.names, *it.metadata.bylines):
        name = name_of(said.text)
        if not name or len(words(name)) > 4 or any(map(str.isdigit, name)):
            continue
        person = len(words(name)) in (2, 3) and not it.names.like_site(name, it.page.url)
        machine = not said.source.endswith("element")
        if not machine and not (person and said.text.istitle()):
            continue
        message = f"empty, and the page's {said.source} is {said.text!r}"
        yield Hit(fields[0].path, message, said.text)
        return


@invariant("byline-type", fault="type")
def byline_type(it: Subject) -> Iterator[Hit]:
    """A byline is a text or a list of texts."""
    for field in it.fields("byline", cards=True):
        if isinstance(field.value, (bool, int, float)):
            yield Hit(field.path, f"a byline is a text, not {type(field.value).__name__}")


@invariant("byline-time", fault="byline-time")
def byline_time(it: Subject) -> Iterator[Hit]:
    """A byline holds no age, date or time of day."""
    for field in it.fields("byline", cards=True):
        for text in _items(field):
            if len(text) > timestamps.LONGEST:
                continue
            if label := _age(text):
                yield Hit(field.path, f"{label!r} is a time, not a name", text)
            elif match := _DATE.search(text) or _CLOCK.search(text):
                shown = it.names.verbatim(text)
                severity: Severity = "warning" if shown else "error"
                yield Hit(
                    field.path, f"{match[0]!r} is a time, not a name", text, severity=severity
                )


def _age(text: str) -> str:
    """The relative age at the end of a text, or the whole of it; "" when there is none."""
    for glued in timestamps.split_glued(text)[:1]:
        stamp = timestamps.parse(glued.label)
        return glued.label if stamp is None or stamp.kind == "relative" else ""
    return ""


@invariant("byline-noise", fault="byline-noise")
def byline_noise(it: Subject) -> Iterator[Hit]:
    """A byline is names: no "By", handle, address, reading time, count, button or label."""
    for byline in _bylines(it):
        for text in byline.items:
            if found := _noise(text):
                what, quote = found
                severity: Severity = "warning" if byline.names.verbatim(text) else "error"
                message = f"{quote!r} is {what}, not a name"
                yield Hit(byline.field.path, message, text, severity=severity)
            elif rest := _more_than_stated(byline, text):
                message = f"{rest!r} stands beside the name that the page states"
                yield Hit(byline.field.path, message, text)


def _noise(text: str) -> tuple[str, str] | None:
    for what, pattern in _NOISE:
        if match := pattern.search(text):
            return what, match[0]
    if _BY.match(text):
        return "a label", words(text)[0]
    return None


def _more_than_stated(byline: Byline, text: str) -> str:
    """What stands in a text beside a name that the page states, where no place shows them so."""
    if byline.names.known(text) or not (names := byline.names.every):
        return ""
    if byline.names.verbatim(text):
        return ""
    parts = parts_of(text)
    unknown = [part for part in parts if part not in names and not byline.names.verbatim(part)]
    for part in unknown:
        whole = max((n for n in names if len(n) > 2 and inside(n, part)), key=len, default="")
        if whole and (rest := collapse(part.replace(whole, " "))) not in names:
            return rest
    # A name that the page gives beside something that it does not.
    return unknown[0] if 0 < len(unknown) < len(parts) else ""


@invariant("byline-cut", fault="byline-cut")
def byline_cut(it: Subject) -> Iterator[Hit]:
    """A name is whole, as the page gives it."""
    for byline in _bylines(it):
        for text in byline.items:
            for part in parts_of(text):
                if part in byline.names.stated or part in byline.names.elements:
                    continue
                longer = _longer(byline, part)
                if longer is not None and not byline.names.shown(text):
                    message = f"{part!r} is only a part of the page's {shorten(longer[1])!r}"
                    yield Hit(byline.field.path, message, text, severity=longer[0])
                elif longer is None and _breaks_word(it, part):
                    yield Hit(byline.field.path, f"{part!r} breaks a word of the page", text)


def _longer(byline: Byline, part: str) -> tuple[Severity, str] | None:
    """A longer name that the page states, and how surely it is meant."""
    for severity, names in (("error", byline.names.stated), ("warning", byline.names.elements)):
        for name, said in names.items():
            if _lacks(part, name):
                sure = severity == "error" or not inside(part, name)
                return ("error" if sure else "warning"), said
            if _lacks_letters(part, name):
                return "error", said
    return None


def _lacks_letters(part: str, whole: str) -> bool:
    """Whether letters are gone from inside a name, as where "by" is taken out of "Abby"."""
    lost = len(whole) - len(part)
    if not 0 < lost <= 6 or len(part) < 3:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(part, whole, strict=False)) if a != b), len(part)
    )
    if part[start:] != whole[start + lost :]:
        return False
    # What goes with a space or sign beside it is a middle name or an initial.
    gone = whole[start : start + lost]
    return start > 0 and gone.isalpha()


def _breaks_word(it: Subject, part: str) -> bool:
    """Whether a name stands on the page only with letters right before or after it."""
    # Scripts without capitals write names and particles without a space between.
    if len(part) < 3 or part.upper() == part:
        return False
    found = False
    for line in it.reading.texts if any(part in text for text in it.names.short) else ():
        text = plain(line)
        start = text.casefold().find(part)
        if start < 0 or len(line) > LONGEST:
            continue
        # "ByJane Doe" and "Jane Doe2 hours ago" are glued by the page; the name is whole.
        end = start + len(part)
        sources = [fold(glued.source) for glued in timestamps.split_glued(text)]
        if _parted(text, start) and (_parted(text, end) or part in sources):
            return False
        found = True
    return found


def _parted(text: str, at: int) -> bool:
    """Whether words may part at a place of a text: at a space, sign, digit or capital."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if not (before.isalnum() and after.isalnum()):
        return True
    return before.isdigit() or after.isdigit() or (before.islower() and after.isupper())


def _lacks(part: str, whole: str) -> bool:
    """Whether a part of a name lacks more than what somebody is."""
    if part not in whole or len(whole) > LONGEST:
        return False
    return not set(words(whole.replace(part, " "))) <= ROLES


@invariant("byline-incomplete", fault="byline-cut", severity="warning")
def byline_incomplete(it: Subject) -> Iterator[Hit]:
    """A list of authors names all that the page names."""
    for byline in _bylines(it):
        have = {part for text in byline.items for part in (name_of(text), *parts_of(text))}
        said = [name for name in it.metadata.names if parts_of(name.text)]
        lost = [s for s in said if not (set(parts_of(s.text)) | {name_of(s.text)}) & have]
        kept = len(said) - len(lost)
        if kept and lost:
            yield Hit(byline.field.path, f"does not name {lost[0].text!r}", lost[0].text)


@invariant("author-pieces", fault="author-split")
def author_pieces(it: Subject) -> Iterator[Hit]:
    """An author list holds a name each, not letters, not first and last names apart."""
    for byline in _bylines(it):
        items, path = byline.items, byline.field.path
        if not _is_list(byline.field) or len(items) < 2:
            continue
        if len(items) >= 3 and sum(len(item.strip()) <= 1 for item in items) > len(items) / 2:
            yield Hit(path, "single letters, not names", " ".join(items))
            continue
        for first, second in pairwise(items):
            joined = [name_of(f"{first} {second}"), name_of(f"{first}, {second}")]
            alone = byline.names.shown(first) and byline.names.shown(second)
            names = byline.names.every
            if joined[0] in names and not (
                {name_of(first), name_of(second)} & set(byline.names.stated)
            ):
                severity: Severity = "warning" if alone else "error"
                message = f"{first!r} and {second!r} are the one name {names[joined[0]]!r}"
                yield Hit(path, message, f"{first} {second}", severity=severity)


@invariant("authors-joined", fault="author-split")
def authors_joined(it: Subject) -> Iterator[Hit]:
    """Two names stand apart, and apart from what follows them."""
    for byline in _bylines(it):
        names = [name for name in (*byline.names.stated, *byline.names.elements) if len(name) > 2][
            :60
        ]
        for text in byline.items:
            if byline.names.shown(text) or byline.names.known(text):
                continue
            if not JOINT.search(text) and _tiled(squash(name_of(text)), names):
                yield Hit(byline.field.path, f"names run together: {text!r}", text)
            elif _spaced_otherwise(byline, text):
                message = f"spaced as nowhere on the page: {text!r}"
                yield Hit(byline.field.path, message, text, fault="glued")
            elif rest := _run_on(text, names):
                message = f"{rest!r} runs on after a name that the page states"
                yield Hit(byline.field.path, message, text, fault="glued")


def _tiled(key: str, names: list[str]) -> bool:
    """Whether a text is nothing but two or more of the names, with nothing between them."""
    tiles = {squash(name) for name in names} - {key}
    ends = {0}
    for start in range(len(key)):
        if start in ends:
            ends |= {start + len(tile) for tile in tiles if key.startswith(tile, start)}
    return len(key) in ends


def _run_on(text: str, names: list[str]) -> str:
    """What follows a known name with no sign between, and begins a word of its own."""
    key = fold(text)
    for name in names:
        rest = text[len(name) :]
        # "JaneDoeShare" is two; "Doerr" is a longer name.
        known = len(words(name)) > 1 and key.startswith(name) and len(key) == len(text)
        if known and rest[:1].isupper() and not text[len(name) - 1].isupper():
            return rest
    return ""


def _spaced_otherwise(byline: Byline, text: str) -> bool:
    key = name_of(text)
    if key in byline.names.stated or key in byline.names.elements:
        return False
    alike = [n for n in (*byline.names.stated, *byline.names.elements) if squash(n) == squash(key)]
    return bool(alike) and not byline.names.shown(text)


@invariant("byline-case", fault="case", severity="warning")
def byline_case(it: Subject) -> Iterator[Hit]:
    """A name has the capitals that some place of the page gives it."""
    for byline in _bylines(it):
        said = [*it.metadata.authors, *it.metadata.bylines]
        for text in byline.items:
            alike = [s.text for s in said if fold(s.text) == fold(text)]
            if alike and not any(plain_quotes(text) in plain_quotes(s.text) for s in said):
                plain = plain_quotes(text)
                if not any(plain in plain_quotes(text) for text in it.reading.texts):
                    yield Hit(byline.field.path, f"the page has {alike[0]!r}", text)


@invariant("authors-repeated", fault="duplicated")
def authors_repeated(it: Subject) -> Iterator[Hit]:
    """An author is named once."""
    for byline in _bylines(it):
        names = [name_of(text) for text in byline.items]
        for name in {name for name in names if names.count(name) > 1}:
            yield Hit(byline.field.path, f"{name!r} is named {names.count(name)} times", name)


@invariant("byline-other", fault="byline-wrong")
def byline_other(it: Subject) -> Iterator[Hit]:
    """A byline is one that the page states for its article, where it states one."""
    for byline in _bylines(it):
        stated = {
            name: said
            for name, said in byline.names.stated.items()
            if len(words(name)) < 6 and not it.names.like_site(name, it.page.url)
        }
        if not stated:
            yield from _no_element(byline)
            continue
        yield from _site_for_person(it, byline, stated)
        own = {word for text in byline.items for word in words(fold(text))}
        if own & {word for name in byline.names.stated for word in words(name)}:
            continue
        text = "; ".join(byline.items)
        said = next(iter(stated.values()))
        named = any(byline.names.known(item) for item in byline.items)
        message = f"{shorten(text)!r}, and the page's author is {said!r}"
        in_element = any(name_of(item) in byline.names.elements for item in byline.items)
        # A date for a byline is told as one; a byline that is nowhere, as made up.
        sure = named and not in_element and not _DATE.search(text)
        severity: Severity = "error" if sure else "warning"
        yield Hit(byline.field.path, message, text, severity=severity)


def _site_for_person(it: Subject, byline: Byline, stated: dict[str, str]) -> Iterator[Hit]:
    """The name of the site alone, on a page that names somebody as well."""
    sites = [text for text in byline.items if it.names.like_site(name_of(text), it.page.url)]
    known = [text for text in byline.items if name_of(text) in byline.names.stated]
    if len(sites) == len(byline.items) and known:
        said = next(iter(stated.values()))
        message = f"{sites[0]!r} is the site, and the page names {said!r}"
        yield Hit(byline.field.path, message, sites[0], severity="warning")


def _no_element(byline: Byline) -> Iterator[Hit]:
    """A byline that no element for bylines holds, on a page that names no author otherwise."""
    names = [
        name for name in (*byline.names.elements, *byline.names.stated) if 1 < len(words(name)) < 5
    ]
    own = {word for text in byline.items for word in words(fold(text))}
    if names and not own & {
        w for n in (*byline.names.elements, *byline.names.stated) for w in words(n)
    }:
        text = "; ".join(byline.items)
        message = f"{shorten(text)!r} stands in no byline of the page"
        yield Hit(byline.field.path, message, text, severity="warning")


@invariant("byline-is-other-field", fault="byline-wrong")
def byline_is_other_field(it: Subject) -> Iterator[Hit]:
    """A byline is not the title, a paragraph or the description."""
    for byline in _bylines(it):
        key = fold(byline.field.text)
        for other in it.fields("title", "description"):
            if key == fold(other.text):
                yield Hit(byline.field.path, f"the same as {other.path}", byline.field.text)
        head = squash(key)[:LONGEST]
        bodies = [line for body in it.fields("body") for line in body.lines[:5]]
        if len(head) > 30 and any(squash(fold(line)).startswith(head) for line in bodies):
            yield Hit(byline.field.path, "the beginning of a paragraph", byline.field.text)
        elif len(key) > LONGEST and not _is_list(byline.field):
            yield Hit(byline.field.path, f"{len(key)} characters are no name", byline.field.text)
