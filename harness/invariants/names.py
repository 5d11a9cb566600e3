"""Names: how bylines are compared, and which names a page gives and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from harness.invariants.metadata import Metadata, Stated, fold
from harness.text import collapse, squash

_LEADS = (
    "written by|words by|text by|story by|reported by|posted by|published by|reviewed by|edited by"
    "|created by|submitted by|all posts by|view all posts by|text von|ein artikel von"
    "|propos recueillis par|by|von|par|por|di|av|af|door|przez|oleh|bởi|autor|autora|autore"
    "|auteur|author|authors|автор"
)
_LEAD = re.compile(rf"\s*(?:{_LEADS})(?:\s*:\s*|\s+)(?=\S)", re.I)
_AND = "and|und|y|e|et|en|och|og|oraz|with|mit|con|avec"
JOINT = re.compile(rf"\s*(?:[,;/|&+•·\n]|\s[–—-]\s|(?<=\s)(?:{_AND})(?=\s))\s*", re.I)
# Who somebody is, not how they are called: what may be left out of a name.
ROLES = frozenset(
    """reporter editor correspondent writer journalist columnist contributor staff senior chief
    md phd dr mr mrs ms prof rn author redakteur redakteurin autor autorin journaliste rédacteur
    redactor redactora periodista redattore giornalista 기자 記者 記 者 특파원 view all posts by
    """.split()
)
# A longer line or element is prose, and names somebody by the way.
LONGEST = 200


def name_of(text: str) -> str:
    """A name as it is compared: folded, without "By" before it and signs around it."""
    bare = _LEAD.sub("", collapse(text), count=1) if _LEAD.match(text) else text
    return fold(bare).strip(" .,:;|-@•·*/'\"()")


def parts_of(text: str) -> list[str]:
    """The names in a text that lists several, as they are compared."""
    return [name for part in JOINT.split(text) if (name := name_of(part))]


def inside(part: str, whole: str) -> bool:
    """Whether ``part`` stands in ``whole`` between words, and is not all of it."""
    start = whole.find(part)
    if start < 0 or len(part) == len(whole):
        return False
    before, after = whole[start - 1 : start] if start else "", whole[start + len(part) :][:1]
    return not (before.isalnum() or after.isalnum())


class Names:
    """The names that a page gives for its authors, and its short lines."""

    def __init__(self, metadata: Metadata, lines: Sequence[str]) -> None:
        self._metadata = metadata
        self._lines = lines

    @cached_property
    def stated(self) -> dict[str, str]:
        """The authors that the page names for machines: as compared → as stated."""
        return _compared(self._metadata.authors)

    @cached_property
    def elements(self) -> dict[str, str]:
        """The same of the elements that hold bylines."""
        return _compared(self._metadata.bylines)

    @cached_property
    def every(self) -> dict[str, str]:
        """All of these names."""
        return {**self.elements, **self.stated}

    @cached_property
    def sites(self) -> set[str]:
        """The names of the site, as compared."""
        return {name_of(stated.text) for stated in self._metadata.sites}

    @cached_property
    def short(self) -> list[str]:
        """The short lines of the page and what it says of authors, folded."""
        said = [each.text for each in (*self._metadata.authors, *self._metadata.bylines)]
        texts = (*said, *self._lines)
        return list({fold(text): None for text in texts if len(text) < LONGEST})

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(self.short)

    def known(self, text: str) -> bool:
        """Whether the page gives this very text as an author, or as a whole line."""
        key = name_of(text)
        return key in self.stated or key in self.elements or self.shown(text)

    def shown(self, text: str) -> bool:
        """Whether the text is a whole line or byline element of the page."""
        return fold(text) in self._whole

    def verbatim(self, text: str) -> bool:
        """Whether the text stands between words in one short line or element of the page."""
        key = fold(text)
        return key in self._whole or any(inside(key, line) for line in self.short)

    def like_site(self, name: str, url: str | None) -> bool:
        """Whether a name is that of the site, as editors' systems put in for want of an author."""
        key = squash(name)
        host = (url or "").partition("//")[2].partition("/")[0].lower()
        return any(key in squash(site) or squash(site) in key for site in self.sites if site) or (
            len(key) >= 4 and any(label.startswith(key[:6]) for label in host.split("."))
        )


def _compared(said: Iterable[Stated]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in said:
        for part in (name_of(each.text), *parts_of(each.text)):
            found.setdefault(part, each.text)
    found.pop("", None)
    return found
