"""Every text of a record stands on its page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from harness.invariants.alignment import fold
from harness.invariants.article import is_prose
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.model import Severity
from harness.text import squash, words

_ALTERNATIVE = re.compile(r"<img\b[^>]*? alt=\"([^\"]{8,})\"")
# Most words of a text stand on the page: it was put together of several places, as table rows are.
_MOST_WORDS = 0.9
_MOST = 5
# So many characters, without white space, are more than a label.
_LABEL = 16
# And so many are a sentence.
_SENTENCE = 40
# So many lines tell whether a body comes from the page's data.
_SAMPLE = 20


@invariant("text-grounded", fault="invented")
def text_grounded(it: Subject) -> Iterator[Hit]:
    """Every line of the body stands on the page, where a reader sees it."""
    told = 0
    placed_all = it.article.placed
    absent = [each.piece for each in placed_all if not each.match]
    # Pages that scripts build hold their article as data only.
    mostly = len(absent) > 2 and len(absent) * 2 > len(placed_all)
    sample = absent[:_SAMPLE] if mostly else []
    if 2 * sum(_in_data(it, fold(squash(piece.text))) for piece in sample) > len(sample):
        message = f"most of the body stands in the page's data only: {absent[0].text!r}"
        yield Hit(absent[0].path, message, absent[0].text, fault="hidden-text", severity="warning")
        return
    # What a click shows has several lines; what leaks has one.
    several = sum(_in_data(it, fold(squash(piece.text))) for piece in absent[:_SAMPLE]) > 1
    for placed in placed_all:
        text = placed.piece.text.strip()
        if placed.match or not re.search(r"\w", text):
            continue
        told += 1
        if told > _MOST:
            return
        hit = _ungrounded(it, placed.piece.path, text)
        yield replace(hit, severity="warning") if several and hit.fault == "hidden-text" else hit


@invariant("cards-grounded", fault="invented")
def cards_grounded(it: Subject) -> Iterator[Hit]:
    """Every text of a nested record stands on the page, in its attributes or its data."""
    told = 0
    for field, placed in it.placed:
        text = placed.piece.text.strip()
        if not field.card or placed.match or not re.search(r"\w", text):
            continue
        if fold(squash(text)) in it.machine_text or (
            field.role == "byline" and it.joins_names(text)
        ):
            continue
        told += 1
        if told > _MOST:
            return
        yield Hit(placed.piece.path, f"{text!r} is not on the page", text)


def _in_data(it: Subject, key: str) -> bool:
    # Scripts and style sheets show what is hidden at first: the rest of an article, say.
    return key in it.machine_text or key in it.hidden_text


def _ungrounded(it: Subject, path: str, text: str) -> Hit:
    key = fold(squash(text))
    # Labels, marks and captions are written by careful people, too.
    severity: Severity = "error" if len(key) >= _LABEL and text[:1] != "[" else "warning"
    if key in it.hidden_text:
        message = f"{text!r} is hidden on the page"
        return Hit(path, message, text, fault="hidden-text", severity=severity)
    if key in squash(fold("".join(map(html.unescape, _ALTERNATIVE.findall(it.reading.markup))))):
        message = f"{text!r} is the alternative text of a picture"
        return Hit(path, message, text, fault="caption-leak", severity=severity)
    if key in it.machine_text:
        message = f"{text!r} stands in the page's data or code, not on the page"
        # Some sites give the article as data only; an extractor may take it from there.
        if it.data_has(text):
            severity = "warning"
        return Hit(path, message, text, fault="hidden-text", severity=severity)
    known = it.page_words
    found = words(fold(text))
    if len(found) >= 4 and sum(word in known for word in found) >= _MOST_WORDS * len(found):
        message = f"{text!r} does not stand on the page, though its words do"
        return Hit(path, message, text, severity="warning")
    if not is_prose(text) and len(key) < _SENTENCE:
        severity = "warning"
    return Hit(path, f"{text!r} is not on the page", text, severity=severity)
