"""The body is the article: whole, in order, once, and from its own part of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.chrome import is_phrase
from harness.invariants.article import PROSE, Lost, is_prose
from harness.invariants.edits import SENTENCE_END
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.model import Severity
from harness.text import shorten, squash

_MOST = 5
# So much prose in one place is an article, a review or a long comment.
_ARTICLE = 400
# So much may be a short piece of news.
_NEWS = 160
_CUT = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.|&hellip;|\+\d+ chars?)\s*\])\s*(?:\w+ \w+)?\W*$")
# What sites put among their paragraphs to be followed, and extractors leave out.
_PROMOTION = re.compile(
    r"newsletter|sign(?:ing)? up|subscribe|follow (?:us|him|her|them|me)|click here|"
    r"download (?:the|our) app|abonnieren|abonnez|suscr[ií]b|iscriviti|подпи[сш]",
    re.I,
)
# What stands where a text goes on for subscribers or after consent, and what robots are told.
_NOTICE = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read|unlock|access)|subscribers? only|"
    r"already (?:a )?(?:subscriber|member)|(?:log|sign) in to (?:continue|read)|"
    r"create (?:a|your) (?:free )?account to|continue reading (?:your|with|for)|"
    r"enable (?:javascript|cookies)|(?:accept|use|manage) (?:all )?cookies|"
    r"we (?:value|respect) your privacy|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"access denied|are you a robot|unusual traffic|checking your browser|just a moment|"
    r"abonnez-vous|réservé aux abonnés|déjà abonné|accepter les cookies|"
    r"nur für abonnenten|jetzt abonnieren|bereits abonnent|wir verwenden cookies|"
    r"weiterlesen mit|suscr[ií]b[ea]te|solo para suscriptores|utilizamos cookies|"
    r"abbonati per|riservato agli abbonati|utilizziamo i cookie|assine para|"
    r"exclusivo para assinantes|usamos cookies|alleen voor abonnees|wij gebruiken cookies|"
    r"только для подписчиков|оформите подписку|мы используем|有料会員|会員限定|订阅后|구독하",
    re.I,
)


@invariant("body-not-empty", fault="empty")
def body_not_empty(it: Subject) -> Iterator[Hit]:
    """A page that shows an article gives a body."""
    bodies = it.fields("body", "html")
    if not bodies or it.article.placed:
        return
    cards = any(field.card for field in it.all_fields)
    held = {squash(text) for field in it.all_fields for text in field.lines}
    groups = [
        group
        for group in it.article.groups.values()
        # Beside the cards of a list stand their own texts.
        if group.size >= _ARTICLE and not (cards and it.elsewhere.intersection(group.numbers))
    ]
    best = max(groups, key=lambda g: g.size, default=None)
    stated = len(it.metadata.article_body)
    texts = it.reading.texts
    if best is not None and any(squash(texts[n]) not in held for n in best.numbers):
        first = best.numbers[0]
        severity: Severity = "warning" if cards or not it.page.is_html else "error"
        message = f"empty, and the page shows {best.size} characters of prose: {texts[first]!r}"
        yield Hit(
            bodies[0].path, message, texts[first], (first, 0, len(texts[first])), severity=severity
        )
    elif stated >= 200:
        message = f"empty, and the page's JSON-LD holds {stated} characters of articleBody"
        yield Hit(bodies[0].path, message)
    elif not cards and sum(len(texts[n]) for n in it.article.prose) >= _NEWS:
        yield Hit(bodies[0].path, "empty, and the page shows prose", severity="warning")


@invariant("body-parts-filled", fault="lede-missing", severity="warning")
def body_parts_filled(it: Subject) -> Iterator[Hit]:
    """Where a body has a place for a summary, a standfirst that the page shows stands there."""
    article = it.article
    empty = [
        f"{field.path}.{name}"
        for field in it.fields("body")
        if isinstance(field.value, dict)
        for name, value in field.value.items()
        if value in ("", [], None)
    ]
    if not empty or not article.once:
        return
    texts = it.reading.texts
    first = min(each.match.first for each in article.once)
    titles = {squash(s.text) for s in it.metadata.titles}
    start = max(
        (n for n in range(max(first - 40, 0), first) if squash(texts[n]) in titles), default=-1
    )
    for number in range(start + 1, first) if start >= 0 else ():
        holder = it.reading.holder(number)
        if number in article.claimed or not is_prose(texts[number]):
            continue
        if (
            not holder.chrome
            and not holder.caption
            and it.reading.linked[number] * 2 < len(texts[number])
        ):
            yield Hit(
                empty[0],
                f"empty, and between title and body stands {texts[number]!r}",
                texts[number],
                (number, 0, len(texts[number])),
            )
            return


@invariant("description-not-empty", fault="empty", severity="warning")
def description_not_empty(it: Subject) -> Iterator[Hit]:
    """A description that the page states is not left out."""
    for field in it.fields("description"):
        if not field.lines and field.value in (None, "", []) and it.metadata.descriptions:
            text = it.metadata.descriptions[0].text
            yield Hit(field.path, f"empty, and the page states {text!r}", text)


@invariant("body-is-the-article", fault="stub")
def body_is_the_article(it: Subject) -> Iterator[Hit]:
    """No other part of the page holds much more prose than the body."""
    article = it.article
    # Only elements tell one part of a page from another.
    if not article.placed or not it.page.is_html:
        return
    path = article.placed[0].piece.path
    beside = [lost for lost in article.lost if lost.near]
    size = sum(len(lost.text) for lost in beside)
    if size >= max(_ARTICLE, 4 * article.size):
        text = beside[0].text
        yield Hit(
            path,
            f"{article.size} characters, and beside them the page has {size} more: {text!r}",
            text,
            (beside[0].number, 0, len(text)),
        )
    best = article.largest_unclaimed
    if best is not None and best.size >= max(_ARTICLE, 1.5 * article.size):
        first = best.numbers[0]
        text = it.reading.texts[first]
        near = first - 60 <= article.first <= best.numbers[-1] + 5 and article.size < 300
        sure = best.size >= 3 * article.size
        yield Hit(
            path,
            f"{article.size} characters, and elsewhere the page has {best.size} of prose: {text!r}",
            text,
            (first, 0, len(text)),
            "error" if sure else "warning",
            "stub" if near or not article.found else "wrong-block",
        )


@invariant("as-long-as-stated", fault="truncated")
def as_long_as_stated(it: Subject) -> Iterator[Hit]:
    """The body is about as long as the article that the page's JSON-LD holds."""
    article = it.article
    if not article.placed or "articleBody" not in it.page.source:
        return
    stated, own = len(squash(it.metadata.article_body)), len(squash(it.body_text))
    if stated >= 300 and own < 0.8 * stated:
        fault = "stub" if own < 0.3 * stated else "truncated"
        severity: Severity = "error" if own < 0.25 * stated else "warning"
        yield Hit(
            article.placed[0].piece.path,
            f"{own} letters, and the page's JSON-LD has an articleBody of {stated}",
            severity=severity,
            fault=fault,
        )


@invariant("no-notice", fault="stub")
def no_notice(it: Subject) -> Iterator[Hit]:
    """No paywall, consent or robot notice stands for the article or ends it."""
    placed = it.article.placed
    small = len(placed) <= 4 and it.article.size < 1500
    for each in {id(p): p for p in (*placed[:1], *placed[-1:])}.values() if placed else ():
        text = each.piece.text
        if len(text) <= (400 if small or not each.match else 160) and (
            found := _NOTICE.search(text)
        ):
            yield Hit(
                each.piece.path,
                f"{found[0]!r} is what a paywall, a consent layer or a robot check says",
                text,
                severity="error" if small and not each.match else "warning",
            )


@invariant("prose-claimed", fault="paragraph-lost")
def prose_claimed(it: Subject) -> Iterator[Hit]:
    """No paragraph beside the body's own is left out: before, between or after them."""
    article = it.article
    found = [lost for lost in article.lost if not _held(it, lost)]
    after = sum(len(lost.text) for lost in found if lost.where == "after")
    runs = _runs(it, found)
    # The longest weigh most, and what stands before the body is its beginning.
    found.sort(key=lambda lost: (lost.where != "before" or not lost.near, -len(lost.text)))
    for lost in found[:_MOST]:
        sure = it.page.is_html and _is_paragraph(lost) and lost.company >= 3
        if lost.where == "before":
            sure = sure and len(lost.text) >= 120 and runs[lost.number][1]
        elif lost.where == "between":
            # People leave out a paragraph or two that lead elsewhere.
            sure = sure and runs[lost.number][0] >= 3
        else:
            sure = sure and after >= max(_ARTICLE, 0.3 * article.size)
        yield Hit(
            article.placed[0].piece.path,
            f"left out {lost.where} the body's paragraphs: {lost.text!r}",
            lost.text,
            (lost.number, 0, len(lost.text)),
            "error" if sure else "warning",
            _FAULT[lost.where],
        )


def _held(it: Subject, lost: Lost) -> bool:
    """Whether another field holds a line, or, in a text without elements, lies before it."""
    if lost.number in it.elsewhere or squash(lost.text) in it.held_elsewhere:
        return True
    if it.page.is_html or lost.where == "before":
        return False
    if is_phrase(lost.text):
        return True
    body = it.article.found[-1].match.last
    return lost.where == "after" and (
        not is_prose(lost.text) or any(body < number < lost.number for number in it.elsewhere)
    )


def _is_paragraph(lost: Lost) -> bool:
    """Whether a line is a whole sentence or more, and no remark, list item or call to follow."""
    return (
        lost.near
        and is_prose(lost.text)
        and lost.tag not in ("li", "em", "td", "pre")
        and SENTENCE_END.search(lost.text) is not None
        and lost.text[:1] not in "*†‡¹²³[("
        and _PROMOTION.search(lost.text) is None
    )


def _runs(it: Subject, found: list[Lost]) -> dict[int, tuple[int, bool]]:
    """For each line how many paragraphs that are left out follow each other there, and whether
    the body goes on right behind them."""
    numbers = {lost.number: _is_paragraph(lost) for lost in found}
    runs: dict[int, tuple[int, bool]] = {}
    for number in sorted(numbers):
        if number in runs:
            continue
        end, paragraphs = number, 0
        while end in numbers:
            paragraphs += numbers[end]
            end += 1
        for each in range(number, end):
            runs[each] = (paragraphs, end in it.article.claimed)
    return runs


_FAULT = {"before": "lede-missing", "between": "paragraph-lost", "after": "truncated"}


@invariant("parts-kept", fault="paragraph-lost", severity="warning")
def parts_kept(it: Subject) -> Iterator[Hit]:
    """Headings, list items and quotations between the body's paragraphs are in the body."""
    article = it.article
    lost = {each.number for each in article.lost}
    numbers = [each.match.first for each in article.once]
    if len(numbers) < 2:
        return
    held, reading = it.held_elsewhere, it.reading
    told: set[str] = set()
    for number in range(min(numbers) + 1, max(numbers)):
        text = reading.texts[number]
        if number in article.claimed or number in lost or len(text) < 4:
            continue
        holder = reading.holder(number)
        part = next((e for e in holder.around if e.tag in _PARTS), None)
        if part is None or part.tag in told or 2 * reading.linked[number] > len(text):
            continue
        if part.chrome or holder.caption or holder.quiet or is_phrase(text):
            continue
        around = part.up.up if part.up is not None and part.tag == "li" else part.up
        # Right beside the paragraphs: those deeper belong to boxes and widgets among them.
        if id(around) == article.container and squash(text) not in held:
            told.add(part.tag)
            name, place = _PARTS[part.tag], (number, 0, len(text))
            yield Hit(article.placed[0].piece.path, f"{name} left out: {text!r}", text, place)


_PARTS = {
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "a heading"),
    "li": "a list item",
    "blockquote": "a quotation",
}


@invariant("lines-whole", fault="truncated")
def lines_whole(it: Subject) -> Iterator[Hit]:
    """A paragraph is a whole line of the page, not a part that breaks off."""
    article = it.article
    texts = it.reading.texts
    for rest in article.rests[:_MOST]:
        text = texts[rest.line][rest.start : rest.end]
        where = "end" if rest.end == len(texts[rest.line]) else "start" if not rest.start else ""
        fault = "truncated" if where == "end" else "inline-lost"
        fault = "lede-missing" if where == "start" and rest.placed.piece.number == 0 else fault
        broken = where == "end" and not SENTENCE_END.search(rest.placed.piece.text)
        yield Hit(
            rest.placed.piece.path,
            f"the paragraph goes on on the page: {shorten(text, 80)!r}"
            if where == "end"
            else f"missing from a paragraph: {shorten(text, 80)!r}",
            text,
            (rest.line, rest.start, rest.end),
            "error"
            if broken
            and len(text) >= 20
            and len(rest.placed.piece.text) >= PROSE
            # What begins anew is another line's, run into this one by the page.
            and text.lstrip(" ,;-–—'\"")[:1].islower()
            else "warning",
            fault,
        )


@invariant("no-ellipsis", fault="truncated")
def no_ellipsis(it: Subject) -> Iterator[Hit]:
    """The body does not end with the sign for "there is more", unless the page does."""
    if not it.article.placed:
        return
    last = it.article.placed[-1]
    text = last.piece.text.rstrip()
    if found := _CUT.search(text):
        there = it.alignment.text_at(last.match) if last.match else ""
        page = last.match and it.reading.texts[last.match.last].rstrip().endswith(found[0].strip())
        if not page and not there.rstrip().endswith(found[0].strip()):
            yield Hit(last.piece.path, f"breaks off with {found[0]!r}", found[0])
