"""The elements of a page that hold its lines: how they are named, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from harness.content.units import Unit
from harness.invariants.article import is_prose
from harness.invariants.reading import Element

# How authors of pages name what holds content, and what holds all else. Names are English in
# nearly all pages, whatever their language.
_NAMES: dict[str, str] = {
    "whole": r"article-?_?body|post-?_?body|entry-?_?content|article-?_?(?:content|text)|"
    r"story-?_?(?:body|content|text)|post-?_?content|body-?_?(?:text|content|copy)|articlebody",
    "article": r"article|story|post(?!ed|er)|entry|blog|news(?!letter)",
    "body": r"body|content|text|prose|copy|rich|paragraph|wysiwyg|markdown",
    "main": r"main|primary|center",
    "comment": r"comment|disqus|repl(?:y|ies)|discuss|forum|thread|message|respon[ds]",
    "social": r"shar(?:e|ing)|social|follow|tweet|facebook|twitter|whatsapp|instagram",
    "related": r"relat|recommend|popular|trending|latest|read-?next|readmore|also|most|teaser|"
    r"card|outbrain|taboola|further|more|recirc|carousel|slider|feed|list",
    "furniture": r"nav|menu|foot|head(?!line)|side|bread|masthead|tool|topbar|widget|banner|skip",
    "ad": r"\bads?\b|advert|sponsor|promo|commerc|dfp|gpt",
    "join": r"newsletter|subscri|sign|log-?in|regist|paywall|cookie|consent|gdpr|modal|popup|"
    r"overlay|cta|donat|form",
    "byline": r"author|byline|meta|date|time(?!line)|publish|bio|dateline",
    "caption": r"caption|figure|image|photo|media|galler|video|credit|img|picture",
    "tags": r"tag|topic|categor|label|keyword|section-?name|kicker",
    "lead": r"lead|intro|summar|standfirst|dek|subtitle|excerpt|abstract|descript|lede|chapo|sapo",
    "shop": r"price|cart|product|spec|rating|review|buy|shop|sku|offer",
    "contents": r"toc|table-?of|anchor|jump|outline",
    "quiet": r"hidden|sr-only|screen-?reader|tooltip|visually|offscreen|print",
    "quote": r"quote|pull|embed|aside|box|inset|info|fact|note",
}
GROUPS = tuple(_NAMES)
_PATTERNS = tuple(re.compile(pattern) for pattern in _NAMES.values())
_NAMED = re.compile(r' (?:class|id|role|itemprop|data-testid|data-component)="([^"]*)"')
# The page's own elements are named for its whole.
_WHOLE = frozenset(("html", "body", ""))
AROUND = (
    "article main section aside nav footer header form figure table ul ol blockquote a button"
).split()
BITS = {name: 1 << number for number, name in enumerate(AROUND)}
# What a paragraph says for the elements around its block, from inside: Readability's idea, that an
# article is the element with most prose right below it (mozilla/readability, grabArticle).
_SCORES = (1.0, 0.6, 0.3, 0.15)


@lru_cache(8192)
def _named(raw: str) -> int:
    """Which groups of names an element's attributes belong to, a bit each."""
    said = " ".join(_NAMED.findall(raw)).lower() if raw else ""
    if not said:
        return 0
    return sum(1 << n for n, pattern in enumerate(_PATTERNS) if pattern.search(said))


def prose_of(unit: Unit) -> int:
    """The characters of a line that is prose, mostly not linked; 0 of any other."""
    count = len(unit.text)
    return count if is_prose(unit.text) and unit.linked * 3 < count else 0


class Box:
    """What stands in an element, all below it counted."""

    __slots__ = ("any", "around", "depth", "letters", "lines", "linked", "near", "prose", "score")

    def __init__(self, element: Element, up: Box | None) -> None:
        own = 0 if element.tag in _WHOLE else _named(element.raw)
        self.any: int = own | (up.any if up else 0)
        self.near = own
        self.around: int = BITS.get(element.tag, 0) | (up.around if up else 0)
        self.depth: int = up.depth + 1 if up else 0
        self.letters = self.lines = self.linked = self.prose = 0
        self.score = 0.0


class Boxes:
    """The elements of a page that hold lines."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._known: dict[int, Box] = {}
        for unit in units:
            if unit.holder is None:
                continue
            count = len(unit.text)
            prose = prose_of(unit)
            score = (1 + min(count / 100, 4)) if prose else 0.0
            level = 0
            block = unit.holder.block
            for element in unit.holder.around:
                box = self.of(element)
                box.letters += count
                box.lines += 1
                box.linked += unit.linked
                box.prose += prose
                if score and (level or element is block):
                    if 1 <= level <= len(_SCORES):
                        box.score += score * _SCORES[level - 1]
                    level += 1

    def of(self, element: Element) -> Box:
        box = self._known.get(id(element))
        if box is not None:
            return box
        # No recursion: pages nest deeply.
        new, here = [element], element.up
        while here is not None and id(here) not in self._known:
            new.append(here)
            here = here.up
        box = None if here is None else self._known[id(here)]
        while new:
            here = new.pop()
            box = self._known[id(here)] = Box(here, box)
        assert box is not None
        return box

    def near(self, element: Element) -> int:
        """The groups of names of the innermost three blocks."""
        found, block = 0, element
        for _ in range(3):
            found |= self.of(block).near
            if block.up is None:
                break
            block = block.up
        return found
