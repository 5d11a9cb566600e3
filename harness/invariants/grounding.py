"""Every text of a record stands on its page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from harness.invariants.alignment import fold
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.text import squash, words

_ALTERNATIVE = re.compile(r"<img\b[^>]*? alt=\"([^\"]{8,})\"")
# Most words of a text stand on the page: it was put together of several places, as table rows are.
_MOST_WORDS = 0.9
_MOST = 5
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
    if 2 * sum(fold(squash(p.text)) in it.machine_text for p in sample) > len(sample):
        message = f"most of the body stands in the page's data only: {absent[0].text!r}"
        yield Hit(absent[0].path, message, absent[0].text, fault="hidden-text", severity="warning")
        return
    for placed in placed_all:
        text = placed.piece.text.strip()
        if placed.match or not re.search(r"\w", text):
            continue
        told += 1
        if told > _MOST:
            return
        yield _ungrounded(it, placed.piece.path, text)


@invariant("cards-grounded", fault="invented")
def cards_grounded(it: Subject) -> Iterator[Hit]:
    """Every text of a nested record stands on the page, in its attributes or its data."""
    told = 0
    for field, placed in it.placed:
        text = placed.piece.text.strip()
        if not field.card or placed.match or not re.search(r"\w", text):
            continue
        if fold(squash(text)) in it.machine_text:
            continue
        told += 1
        if told > _MOST:
            return
        yield Hit(placed.piece.path, f"{text!r} is not on the page", text)


def _ungrounded(it: Subject, path: str, text: str) -> Hit:
    key = fold(squash(text))
    if any(key in fold(squash(line)) for line in it.reading.hidden):
        return Hit(path, f"{text!r} is hidden on the page", text, fault="hidden-text")
    if key in squash(fold("".join(map(html.unescape, _ALTERNATIVE.findall(it.reading.markup))))):
        message = f"{text!r} is the alternative text of a picture"
        return Hit(path, message, text, fault="caption-leak")
    if key in it.machine_text:
        message = f"{text!r} stands in the page's data or code, not on the page"
        # Some sites give the article as data only; an extractor may take it from there.
        severity = "warning" if key in squash(fold(it.metadata.article_body)) else "error"
        return Hit(path, message, text, fault="hidden-text", severity=severity)  # type: ignore[arg-type]
    known = it.page_words
    found = words(fold(text))
    if len(found) >= 4 and sum(word in known for word in found) >= _MOST_WORDS * len(found):
        message = f"{text!r} does not stand on the page, though its words do"
        return Hit(path, message, text)
    return Hit(path, f"{text!r} is not on the page", text)
