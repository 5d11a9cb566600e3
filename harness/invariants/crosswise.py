"""Fields held against each other and against the page's address and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from harness.invariants.cards import lists_of
from harness.invariants.metadata import fold
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.text import shorten

# Fields of a language's role that hold "ltr" or "rtl".
_DIRECTIONS = ("dir", "direction")
_MOST_CARDS = 200
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


@invariant("url-absolute", fault="type", severity="warning")
def url_absolute(it: Subject) -> Iterator[Hit]:
    """An address is whole: with its scheme and host."""
    for field in islice(it.fields("url", "image", cards=True), _MOST_CARDS):
        text = field.text.strip()
        if text and len(field.lines) == 1 and not _SCHEME.match(text):
            yield Hit(field.path, f"{shorten(text)!r} is no absolute address", text)


@invariant("url-on-page", fault="invented", severity="warning")
def url_on_page(it: Subject) -> Iterator[Hit]:
    """The address of a nested record stands on the page."""
    source = ""
    for _, cards in lists_of(it):
        for card in cards[:_MOST_CARDS]:
            path = _path(card.text("url"))
            if len(path) < 2:
                continue
            source = source or unescape(it.page.source).replace("\\/", "/")
            if path not in source and path.rpartition("/")[2] not in source:
                url = card.text("url")
                yield Hit(f"{card.path}.url", f"{shorten(url)!r} is not on the page", url)


@invariant("url-own", fault="wrong-block", severity="warning")
def url_own(it: Subject) -> Iterator[Hit]:
    """The record's address is its page's, not another's."""
    known = [url for url in (it.page.url, *(s.text for s in it.metadata.urls)) if url]
    paths = {_path(url).rstrip("/") for url in known}
    for field in it.fields("url"):
        url = field.text.strip()
        if known and url and _SCHEME.match(url) and _path(url).rstrip("/") not in paths:
            yield Hit(field.path, f"{shorten(url)!r} is not the page's {known[0]!r}", url)


@invariant("language-agrees", fault="invented", severity="warning")
def language_agrees(it: Subject) -> Iterator[Hit]:
    """A language field names the language that the page states."""
    said = {re.split(r"[-_]", s.text)[0].lower() for s in it.metadata.languages}
    for field in it.fields("language"):
        own = re.split(r"[-_]", field.text.strip())[0].lower()
        is_code = len(own) in (2, 3) and field.name.lower() not in _DIRECTIONS
        if said and is_code and own not in said and all(len(each) in (2, 3) for each in said):
            stated = it.metadata.languages[0].text
            yield Hit(field.path, f"{field.text!r}, and the page states {stated!r}", field.text)


@invariant("stated-missing", fault="empty", severity="warning")
def stated_missing(it: Subject) -> Iterator[Hit]:
    """A site or language that the page states is in the record's field for it."""
    for field in it.fields("site", "language"):
        if field.value not in (None, "", []) or field.name.lower() in _DIRECTIONS:
            continue
        said = it.metadata.sites if field.role == "site" else it.metadata.languages
        for stated in said[:1]:
            message = f"empty, and the page's {stated.source} is {shorten(stated.text)!r}"
            yield Hit(field.path, message, stated.text)


@invariant("description-repeats", fault="wrong-block", severity="warning")
def description_repeats(it: Subject) -> Iterator[Hit]:
    """A description is not the byline, and not the name of the site."""
    for field in it.fields("description"):
        key = fold(field.text)
        for other in it.fields("byline", "site"):
            if key and key == fold(other.text):
                yield Hit(field.path, f"the same as {other.path}", field.text)
