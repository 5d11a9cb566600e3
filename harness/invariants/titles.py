"""Titles: what a page calls itself, held against what the record calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from urllib.parse import urlsplit

from harness.invariants.metadata import Stated, fold, plain
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.model import Severity
from harness.text import collapse, shorten, squash, words

# A site's name or section is set off by one of these (after quotes are made plain).
_SEPARATOR = re.compile(r"\s*(?:[|·•»«›‹:/\\~∣｜–—-]|::|>|<|\.\.\.)\s*")
_PARTED_BEFORE = re.compile(r"(?:\s[|·•»>–—-]\s|[:|]\s)$")
_PARTED_AFTER = re.compile(r"\s[|·•«<–—-]\s|\s?[:|]\s")
_OPEN, _CLOSE = re.compile(r"^[\s|·•»«›‹:/~∣｜>(\[-]+"), re.compile(r"[\s|·•»«›‹:/~∣｜<)\]-]+$")
# What a browser shows instead of an article: error pages, walls, and home pages.
_GENERIC = frozenset(
    """404|403|500|not found|page not found|404 not found|404 page not found|error|error 404
    access denied|forbidden|403 forbidden|just a moment|attention required|untitled document|home
    attention required! - cloudflare|are you a robot?|robot check|untitled|homepage|home page|index
    welcome|log in|login|sign in|subscribe|loading|new tab|service unavailable|bad gateway
    502 bad gateway|before you continue|cookie consent|captcha""".replace("\n    ", "|").split("|")
)
# No title of the 640 right ones at hand is longer than 220 characters; papers' run to 250.
_LONGEST = 300
# What a page holds that was decoded with another encoding than its own.
_UNREAD = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff]")
# What a page states for the one article it shows, not for whatever the site shows.
_SHOWN = frozenset({"h1", "og:title", "json-ld headline", "itemprop headline"})
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|\[\.\.\.\])$")


def _titles(it: Subject) -> Iterator[tuple[Field, str]]:
    for field in it.fields("title"):
        if text := collapse(field.text.replace("\n", " ")):
            yield field, text


def _candidates(it: Subject) -> dict[str, Stated]:
    """What may be the title, by its folded text: what the page states, else its lines."""
    if it.page.is_html or it.metadata.titles:
        return it.metadata.titles_by_key
    lines = (text for text in it.reading.texts if len(text) <= _LONGEST)
    return {fold(text): Stated(text, "line") for text in lines if len(words(text)) > 2}


def _shown(it: Subject, text: str) -> bool:
    """Whether a text is a whole line of the page, as its reader sees it."""
    key = squash(text)
    return any(squash(text) == key for text in it.reading.texts if len(text) >= len(key))


@invariant("title-missing", fault="empty")
def title_missing(it: Subject) -> Iterator[Hit]:
    """A page that has a title gives one to its record."""
    for field in it.fields("title"):
        if field.value not in (None, "", []) and field.text.strip():
            continue
        own = [s for s in it.metadata.headings if s.source in _SHOWN and not _of_site(it, s.text)]
        for said in (own or it.metadata.titles)[:1]:
            severity: Severity = "error" if own else "warning"
            message = f"empty, and the page's {said.source} is {said.text!r}"
            yield Hit(field.path, message, said.text, severity=severity)
            return


def _of_site(it: Subject, title: str) -> bool:
    """Whether a stated title is the site's own: it has the site's name, as on its other pages."""
    parts = _SEPARATOR.split(fold(title))
    return any(_is_site(it, part) for part in parts) or title in it.recurring


@invariant("title-type", fault="type")
def title_type(it: Subject) -> Iterator[Hit]:
    """A title is one text."""
    for field in it.fields("title", cards=True):
        if isinstance(field.value, (bool, int, float, list)) and field.value != []:
            yield Hit(field.path, f"a title is a text, not {type(field.value).__name__}")


@invariant("title-generic", fault="stub")
def title_generic(it: Subject) -> Iterator[Hit]:
    """A title is not that of an error page, a wall or a home page."""
    for field, text in _titles(it):
        key = fold(text).replace(" | ", " - ").strip(" .!")
        if key in _GENERIC:
            others = [s for s in it.metadata.headings if fold(s.text) != fold(text)]
            yield Hit(
                field.path,
                f"{text!r} is no article's title",
                text,
                severity="error" if others or not it.metadata.titles else "warning",
            )


@invariant("title-is-site", fault="title-wrong")
def title_is_site(it: Subject) -> Iterator[Hit]:
    """A title is not the name of the site or of a section, where the page has another."""
    for field, text in _titles(it):
        key = fold(text)
        of = [s for s in (*it.metadata.sites, *it.metadata.sections) if fold(s.text) == key]
        if not of:
            continue
        others = [s for s in it.metadata.headings if fold(s.text) != key]
        own = any(fold(s.text) == key for s in it.metadata.headings)
        if others:
            message = f"{text!r} is the {of[0].source}; the page's {others[0].source} is"
            home = not urlsplit(it.page.url or "").path.strip("/")
            severity: Severity = "warning" if own or (it.page.url and home) else "error"
            yield Hit(field.path, f"{message} {others[0].text!r}", text, severity=severity)


@invariant("title-suffix", fault="title-suffix")
def title_suffix(it: Subject) -> Iterator[Hit]:
    """Nothing hangs on a title: no site, section or other text before or after the page's own."""
    for field, text in _titles(it):
        key, stated = fold(text), _candidates(it)
        exact = stated.get(key)
        # With <title> and its site's name, every whole title would be too long or too short.
        others = [pair for pair in stated.items() if pair[0] != key]
        inner = [k for k, s in others if exact is None or s.source != "title"]
        for part in sorted(inner, key=len, reverse=True):
            rest = _around(key, part)
            if rest is None or (len(words(part)) < 2 and not _is_site(it, rest) and rest != part):
                continue
            parted = _parted(key, part)
            if exact is not None and not (parted and _is_site(it, rest)):
                continue
            said = stated[part]
            message = f"{rest!r} hangs on the page's {said.source} {said.text!r}"
            doubted = exact or _shown(it, text) or (rest != part and _segment(it, key))
            severity: Severity = "warning" if doubted else "error"
            fault = "duplicated" if rest == part else "title-suffix" if parted else "glued"
            yield Hit(field.path, message, text, severity=severity, fault=fault)
            break
        else:
            yield from _recurring_suffix(it, field, text, exact)


def _recurring_suffix(it: Subject, field: Field, text: str, exact: Stated | None) -> Iterator[Hit]:
    """A last part that names the site, on pages that state no title without it."""
    parts = re.split(r"\s+[|·•»–—-]\s+", text)
    if len(parts) < 2 or not (_is_site(it, fold(parts[-1])) or parts[-1] in it.recurring):
        return
    severity: Severity = "warning" if exact or _segment(it, fold(text)) else "error"
    yield Hit(field.path, f"{parts[-1]!r} is the site's name", text, severity=severity)


def _around(key: str, inner: str) -> str | None:
    """What stands before or after ``inner`` in ``key``, None when it is not at one end of it."""
    if len(key) <= len(inner):
        return None
    if key.startswith(inner):
        return _CLOSE.sub("", _OPEN.sub("", key[len(inner) :]))
    if key.endswith(inner):
        return _CLOSE.sub("", _OPEN.sub("", key[: -len(inner)]))
    return None


def _parted(key: str, inner: str) -> bool:
    """Whether the rest is set off by a space or a sign, not run into the title."""
    neighbour = key[len(inner)] if key.startswith(inner) else key[-len(inner) - 1]
    return not neighbour.isalnum()


def _is_site(it: Subject, rest: str) -> bool:
    """Whether a folded text is the site's name or section, as the page or its address gives it."""
    if not rest:
        return False
    bare = squash(rest).removeprefix("the")
    said = [*it.metadata.sites, *it.metadata.sections]
    names = {squash(fold(stated.text)).removeprefix("the") for stated in said}
    host = (it.page.url or "").partition("//")[2].partition("/")[0].lower()
    labels = set(re.split(r"[.-]", host)) - {"www", "com", "org", "net", "co", "news"}
    return bare in names or bare in labels or bare == host.removeprefix("www.")


@invariant("title-cut", fault="title-cut")
def title_cut(it: Subject) -> Iterator[Hit]:
    """A title is whole: no part of a heading of the page, unless the rest is no title."""
    for field, text in _titles(it):
        key, stated = fold(text), _candidates(it)
        core = _ELLIPSIS.sub("", key)
        severity: Severity
        if core != key:
            longer = [s for k, s in stated.items() if k.startswith(core) and len(k) > len(key)]
            if longer:
                severity = "warning" if key in stated else "error"
                message = f"breaks off; the page's {longer[0].source} is {longer[0].text!r}"
                yield Hit(field.path, message, text, severity=severity)
                continue
        if key in stated or len(key) < 2:
            continue
        left = [(k, s) for k, s in stated.items() if key in k and not _only_site_left(it, k, key)]
        if not left:
            continue
        left.sort(key=lambda pair: pair[1].source == "title")
        said = left[0][1]
        # "Title | Part" may be a site's name that nothing else tells; two hands that wrote it
        # both did not mean the site. A single word before a colon may be a kicker.
        sure = not all(_set_off(whole, key) or _kicker(whole, key) for whole, _ in left)
        wholes = {whole for whole, _ in left if not _kicker(whole, key)}
        hands = {_kin(s.source) for s in it.metadata.titles if fold(s.text) in wholes}
        sure = sure or len(hands - {"title"}) > 1
        message = f"only a part of the page's {said.source} {said.text!r}"
        # Who writes titles by hand leaves out the rest of "Title - Subtitle" by right; and what
        # only browsers show is often more than a title.
        sure = sure and _shown_by(it, wholes)
        sure = sure and (not _segment(it, key) or _subtitled(it, key))
        severity = "error" if sure and not _shown(it, text) else "warning"
        yield Hit(field.path, message, text, severity=severity)


def _shown_by(it: Subject, wholes: set[str]) -> bool:
    """Whether one of these titles is more than what browsers show, or the page states none."""
    said = [s for s in it.metadata.titles if fold(s.text) in wholes]
    return not it.metadata.titles or any(stated.source != "title" for stated in said)


def _subtitled(it: Subject, key: str) -> bool:
    """Whether the page shows the title as a part of "Title: Subtitle", and gives it so."""
    wholes = [s for k, s in it.metadata.titles_by_key.items() if key in k]
    hands = {_kin(s.source) for s in it.metadata.titles if key in fold(s.text)}
    shown = any(s.source == "h1" for s in it.metadata.titles if key in fold(s.text))
    return shown and len(hands) > 1 and all(": " in fold(each.text) for each in wholes)


def _segment(it: Subject, key: str) -> bool:
    """Whether a title is one or several whole parts of a stated one, the others set off."""
    for stated in it.metadata.titles_by_key:
        start = stated.find(key)
        if start < 0 or stated == key:
            continue
        before, after = stated[:start], stated[start + len(key) :]
        opened = not before or _PARTED_BEFORE.search(before)
        if opened and (not after or _PARTED_AFTER.match(after)):
            return True
    return False


def _kin(source: str) -> str:
    """Which hand wrote a title: what is shown, what is given to others, what browsers show."""
    return source if source in ("h1", "title") else "given"


def _kicker(whole: str, key: str) -> bool:
    """Whether what stands before a part is one word and a colon, and nothing stands after it."""
    before, _, after = whole.partition(key)
    return not after.strip() and before.rstrip().endswith(":") and len(words(before)) == 1


def _sides(whole: str, key: str) -> list[str]:
    """What stands before (turned round) and after a part of a text."""
    before, _, after = whole.partition(key)
    return [side for side in (before[::-1], after) if side.strip()]


def _set_off(whole: str, key: str) -> bool:
    """Whether a part of a text is set off from the rest by signs, as a site's name is."""
    return all(_SEPARATOR.match(side) for side in _sides(whole, key))


def _only_site_left(it: Subject, whole: str, key: str) -> bool:
    """Whether what a title leaves out of a stated one is set off, and names the site or section."""
    before, _, after = whole.partition(key)
    rests = [rest for part in (before, after) if (rest := _CLOSE.sub("", _OPEN.sub("", part)))]
    sites = all(
        _is_site(it, rest) or any(_is_site(it, p) for p in _SEPARATOR.split(rest)) for rest in rests
    )
    return _set_off(whole, key) and sites


@invariant("title-spacing", fault="glued")
def title_spacing(it: Subject) -> Iterator[Hit]:
    """The words of a title stand apart as on the page."""
    for field, text in _titles(it):
        key, stated = fold(text), _candidates(it)
        if key in stated:
            continue
        for said_key, said in stated.items():
            if squash(said_key) != squash(key):
                continue
            fault = "glued" if key.count(" ") < said_key.count(" ") else "split"
            message = f"spaced as on no part of the page; its {said.source} is {said.text!r}"
            shown = any(fold(text) == key for text in it.reading.texts)
            yield Hit(
                field.path, message, text, fault=fault, severity="warning" if shown else "error"
            )
            break


@invariant("title-case", fault="case")
def title_case(it: Subject) -> Iterator[Hit]:
    """A title has the capitals that some place of the page gives it."""
    for field, text in _titles(it):
        key = fold(text)
        said = [s for s in it.metadata.titles if fold(s.text) == key]
        written = plain(text)
        if not said or any(plain(s.text) == written for s in said):
            continue
        if any(plain(text) == written for text in it.reading.texts):
            continue
        yield Hit(field.path, f"the page's {said[0].source} is {said[0].text!r}", text)


@invariant("title-unstated", fault="title-wrong")
def title_unstated(it: Subject) -> Iterator[Hit]:
    """A title is one that the page states for itself, or at least shares its words."""
    for field, text in _titles(it):
        stated = it.metadata.titles_by_key
        key = squash(fold(text))
        if any(map(_UNREAD.search, stated)):
            continue
        if not stated or any(key in squash(k) or squash(k) in key for k in stated):
            continue
        own = _telling(fold(text))
        likeness = max(len(own & _telling(k)) / max(1, len(own)) for k in stated)
        said = (it.metadata.headings or it.metadata.titles)[0]
        message = f"{shorten(text)!r} is no title of this page; its {said.source} is {said.text!r}"
        sure = likeness < 0.5 or (likeness < 0.7 and len(own) >= 4)
        sure = sure and _agreed(it.metadata.titles)
        yield Hit(field.path, message, text, severity="error" if sure else "warning")


def _agreed(titles: Sequence[Stated]) -> bool:
    """Whether two hands state one title, or the page shows one: a lone one may be a draft's."""
    told = [(_kin(stated.source), _telling(fold(stated.text))) for stated in titles]
    return any(kin == "h1" for kin, _ in told) or any(
        a != b and 2 * len(one & two) >= min(len(one), len(two))
        for (a, one), (b, two) in combinations(told[:12], 2)
    )


def _telling(text: str) -> set[str]:
    """The words that tell one title from another: no articles and the like, if it has others."""
    every = words(text)
    return {word for word in every if len(word) > 3 or not word.isascii()} or set(every)


@invariant("title-length", fault="title-wrong")
def title_length(it: Subject) -> Iterator[Hit]:
    """A title is a line, not a paragraph."""
    for field, text in _titles(it):
        if len(text) > _LONGEST:
            stated = fold(text) in it.metadata.titles_by_key
            message = f"{len(text)} characters are no title"
            yield Hit(field.path, message, text, severity="warning" if stated else "error")


@invariant("title-repeats-field", fault="title-wrong")
def title_repeats_field(it: Subject) -> Iterator[Hit]:
    """A title is not the byline, the description or the first paragraph."""
    for field, text in _titles(it):
        key = fold(text)
        own = key in it.metadata.titles_by_key
        for other in it.fields("byline", "description", "site"):
            if key == fold(other.text):
                message = f"the same as {other.path}: {text!r}"
                yield Hit(field.path, message, text, severity="warning" if own else "error")
        for body in islice(it.fields("body"), 1):
            if not own and len(text) > 100 and any(fold(line) == key for line in body.lines):
                yield Hit(field.path, f"a paragraph of the body: {shorten(text)!r}", text)
