"""The body holds the article only: no furniture, captions, links, hidden text, title or byline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.chrome import is_phrase
from harness.invariants.article import PROSE
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.model import Severity
from harness.text import collapse, squash

_MOST = 5
# "Read more: " and a headline.
_LEADING = 30
# So much prose is an article.
_ARTICLE = 800
_READ_MORE = re.compile(
    r"\s*[\W_]*(?:read more|read also|also read|see also|also see|more on this|more:|related:|"
    r"related (?:articles?|stor(?:y|ies)|topics?|content)|don['’]t miss|recommended|"
    r"you may (?:also )?like|watch:|read next|up next|in pictures:|lire aussi|à lire|voir aussi|"
    r"lesen sie auch|mehr zum thema|auch interessant|lea también|le puede interesar|te puede "
    r"interesar|leia (?:também|mais)|veja também|leggi anche|lees ook|läs också|les også|"
    r"læs også|lue myös|czytaj też|czytaj także|zobacz też|читайте также|читайте ещё|"
    r"читайте також|اقرأ أيضا|यह भी पढ़ें|あわせて読みたい|関連記事|相关阅读|延伸閱讀|관련기사)",
    re.I,
)
_CODE = re.compile(
    r"(?:function\s*\w*\s*\(|\bvar \w+\s*=|\bwindow\.\w|\bdocument\.\w|=>\s*[{(]|\bif\s*\(\w|"
    r"@media\b|@import\b|[.#][\w-]+\s*\{[^}]*:[^}]*|\"@(?:context|type)\"\s*:|!function|"
    r"\(\w*\)\s*\{|\bconst \w+\s*=|\blet \w+\s*=)"
)


@invariant("no-furniture", fault="chrome-leak")
def no_furniture(it: Subject) -> Iterator[Hit]:
    """No line of menus, buttons, footers, comments or widgets stands in the body."""
    told = sure = 0
    article = it.article
    # Some sites hold the article itself in an element named like furniture.
    usual = _mostly(it, lambda number: it.reading.holder(number).chrome)
    # Some extractors keep comments, with all that belongs to them, by design.
    kept = sum(it.reading.holder(each.match.first).chrome for each in article.found) >= 20
    for each in article.found:
        match = each.match
        text = each.piece.text
        if match.how not in ("line", "part", "spaces", "folded") or len(text) > 300:
            continue
        phrase = len(text) <= 60 and is_phrase(text)
        chrome = not usual and it.reading.holder(match.first).chrome and _everywhere(it, text)
        again = bool(it.recurring) and collapse(text) in it.recurring
        if not (phrase or chrome or again):
            continue
        told += 1
        sure += phrase and chrome
        if told > _MOST:
            return
        line = match.first
        yield Hit(
            each.piece.path,
            f"{text!r} is page furniture",
            text,
            (line, match.start, match.end if line == match.last else len(it.reading.texts[line])),
            "error"
            if (phrase and chrome and sure >= 3 and not kept) or (again and (phrase or chrome))
            else "warning",
        )


def _everywhere(it: Subject, text: str) -> bool:
    """Whether all lines of a text stand in furniture."""
    numbers = it.reading.by_text.get(collapse(text), ())
    return all(it.reading.holder(number).chrome for number in numbers)


def _mostly(it: Subject, test: object) -> bool:
    """Whether a test holds for most of the body's prose on the page."""
    assert callable(test)
    texts = it.reading.texts
    total = sum(len(texts[number]) for number in it.article.claimed)
    return 2 * sum(len(texts[n]) for n in it.article.claimed if test(n)) > total


@invariant("no-captions", fault="caption-leak", severity="warning")
def no_captions(it: Subject) -> Iterator[Hit]:
    """No caption of a picture stands in the body as if it were a paragraph."""
    told = 0
    shown, held = it.article.captions
    if 3 <= shown == held:  # some extractors keep captions, all of them, by design
        return
    for each in it.article.found:
        match = each.match
        if it.reading.holder(match.first).caption:
            numbers = it.reading.by_text.get(collapse(each.piece.text), ())
            if all(it.reading.holder(number).caption for number in numbers):
                told += 1
                if told > _MOST:
                    return
                line = match.first
                end = match.end if line == match.last else len(it.reading.texts[line])
                yield Hit(
                    each.piece.path,
                    f"{each.piece.text!r} is the caption of a picture",
                    each.piece.text,
                    (line, match.start, end),
                )


@invariant("no-links-to-others", fault="related-leak", severity="warning")
def no_links_to_others(it: Subject) -> Iterator[Hit]:
    """No line of the body is a link to another article."""
    told = 0
    reading = it.reading
    for each in it.article.placed:
        text, match = each.piece.text, each.match
        lead = len(text) <= 250 and _READ_MORE.match(text)
        linked = (
            match.how in ("line", "folded", "spaces")
            and match.first == match.last
            and len(text) >= 12
            and reading.linked[match.first] >= 0.9 * len(text)
            and not it.article.inside(match.first)
        )
        if not lead and not linked:
            continue
        told += 1
        if told > _MOST:
            return
        place = (match.first, match.start, match.end) if match.first == match.last >= 0 else None
        # What no reader sees there was put together from a link's parts.
        sure = lead and not match and len(text) >= _LEADING
        yield Hit(
            each.piece.path,
            f"{text!r} leads to another article",
            text,
            place,
            "error" if sure else "warning",
        )


@invariant("not-a-list", fault="list-page")
def not_a_list(it: Subject) -> Iterator[Hit]:
    """The body is prose, not the headlines of a list."""
    placed = it.article.placed
    if len(placed) < 3:
        return
    reading = it.reading
    linked = total = 0
    for each in it.article.found:
        match = each.match
        total += len(each.piece.text)
        if match.how == "line":
            linked += min(reading.linked[match.first], len(each.piece.text))
    long = sum(len(each.piece.text) >= PROSE for each in placed)
    if total and linked >= 0.6 * total:
        # Of a page that is a list, the list is right: a page with an article has prose beside it.
        other = it.article.largest_unclaimed
        beside = other is not None and other.size >= _ARTICLE
        sure = long * 3 < len(placed) and len(placed) >= 5 and total >= 200 and beside
        severity: Severity = "error" if sure else "warning"
        text = placed[0].piece.text
        message = f"{100 * linked // total} % of the body are links: {text!r}"
        yield Hit(placed[0].piece.path, message, text, severity=severity)


@invariant("not-the-whole-page", fault="whole-page")
def not_the_whole_page(it: Subject) -> Iterator[Hit]:
    """The body does not hold most of the page's menus, footers and links."""
    reading = it.reading
    if 2 * len(it.article.claimed) < len(reading.texts):
        return
    furniture = [
        n for n, text in enumerate(reading.texts) if len(text) > 1 and reading.holder(n).chrome
    ]
    claimed = it.article.claimed
    held = sum(n in claimed for n in furniture)
    links = [n for n, text in enumerate(reading.texts) if reading.linked[n] >= 0.9 * len(text) > 1]
    linked = sum(n in claimed for n in links)
    kept = held >= 8 and held >= 0.5 * len(furniture)
    if kept or (
        linked >= 8 and linked >= 0.6 * len(links) and len(claimed) > 0.7 * len(reading.texts)
    ):
        # Some sites hold all that they show in elements named like furniture.
        prose = it.article.prose
        usual = 2 * sum(reading.holder(n).chrome for n in prose) > len(prose) or not prose
        sure = kept and len(claimed) >= 0.8 * len(reading.texts) and not usual
        yield Hit(
            it.article.placed[0].piece.path,
            f"the body holds {len(claimed)} of the page's {len(reading.texts)} lines, "
            f"{held} of {len(furniture)} lines of furniture and {linked} of {len(links)} links",
            severity="error" if sure else "warning",
        )


@invariant("no-hidden-text", fault="hidden-text")
def no_hidden_text(it: Subject) -> Iterator[Hit]:
    """No text for screen readers only, and no code, stands in the body."""
    for each in it.article.placed:
        text, match = each.piece.text, each.match
        if match:
            if len(text) <= 200 and it.reading.holder(match.first).quiet:
                message = f"{text!r} is text for screen readers only"
                yield Hit(each.piece.path, message, text, severity="warning")
        elif len(_CODE.findall(text)) >= 1 and sum(text.count(c) for c in '{}();="') >= 6:
            yield Hit(each.piece.path, f"{text!r} is code", text)


@invariant("title-not-in-body", fault="title-in-body", severity="warning")
def title_not_in_body(it: Subject) -> Iterator[Hit]:
    """The body does not begin with the title."""
    if not it.article.placed:
        return
    first = it.article.placed[0]
    text = squash(first.piece.text).casefold()
    for title in it.fields("title"):
        key = squash(title.text).casefold()
        if len(key) < 8 or not text.startswith(key):
            continue
        yield Hit(first.piece.path, f"the body begins with the title: {title.text!r}", title.text)
    if it.fields("title") or len(text) < 8:
        return
    if text in {squash(stated.text).casefold() for stated in it.metadata.titles}:
        yield Hit(
            first.piece.path,
            f"the body begins with the page's title: {first.piece.text!r}",
            first.piece.text,
        )


@invariant("byline-not-in-body", fault="chrome-leak", severity="warning")
def byline_not_in_body(it: Subject) -> Iterator[Hit]:
    """No short line of the body holds the byline."""
    names = [name for field in it.fields("byline") for name in field.lines if len(name) >= 5]
    for each in it.article.placed:
        text = each.piece.text
        if len(text) <= 120 and any(name in text for name in names):
            yield Hit(each.piece.path, f"{text!r} holds the byline", text)
