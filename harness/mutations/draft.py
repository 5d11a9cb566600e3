"""A capture on its way to a mutated one: decoded for editing, and held to a law afterwards."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from random import Random
from typing import Literal

from harness.model import Capture
from harness.mutations.markup import Outline, Token, tokenize
from harness.mutations.relations import MayDrift, Relation, SameTokens
from harness.page import Page
from harness.text import squash

Law = Literal["same-tree", "same-lines", "any"] | Callable[[str, str], bool]
"""What the parsed page must keep; a function is asked with what a reader sees before and after,
without white space."""

# Larger pages are none that a person reads, and edits of them take seconds.
LARGEST = 3_000_000
_BESIDE_TAGS = re.compile(r"\s+(?=<)|(?<=>)\s+")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a mutation made of a capture, with the relation that ties the two records."""

    capture: Capture
    relation: Relation
    note: str


@dataclass(frozen=True, slots=True)
class Mutated:
    """A mutated capture, the relation its record must keep, and what was done, in one line."""

    capture: Capture
    relation: Relation
    steps: tuple[tuple[str, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """A named, seeded edit of captures; call it with a capture and a seed.

    It gives None where it does not apply: the page holds nothing that it edits, or a parse of the
    edited page shows that the edit would do more than it says. The same capture and seed always
    give the same result. ``must_hold`` is of the mutation in general; a relation of one page may
    be weaker (a paragraph that the page's metadata repeats), so judge by ``Mutated.relation``.
    """

    name: str
    family: str
    summary: str
    must_hold: bool
    edit: Callable[[Capture, Random], Edit | None] = field(repr=False)

    def __call__(self, capture: Capture, seed: int = 0) -> Mutated | None:
        """The mutated capture, or None where the mutation does not apply."""
        if len(capture.body) > LARGEST:
            return None
        try:
            edit = self.edit(capture, Random(f"{self.name}:{seed}"))
        except (UnicodeError, RecursionError, NotEditableError):
            # A charset that nobody knows, text that it cannot write, nesting without end: such a
            # page cannot be edited, which is no fault of its extractor.
            return None
        if edit is None or _same(edit.capture, capture):
            return None
        body = edit.capture.body
        mutated = replace(
            edit.capture, origin="mutated", sha256=sha256(body).hexdigest(), note=edit.note
        )
        return Mutated(mutated, edit.relation, ((self.name, seed),), edit.note)


class NotEditableError(Exception):
    """A page that an edit cannot be made in."""


def _same(one: Capture, other: Capture) -> bool:
    return (one.body, one.captured_at, one.charset, one.headers, one.media_type) == (
        other.body,
        other.captured_at,
        other.charset,
        other.headers,
        other.media_type,
    )


class Draft:
    """The text of a capture, for editing.

    Bytes that the encoding does not know are kept as surrogates and written back as they were.
    Raises NotEditableError where text and bytes do not go over into each other without loss.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.page = Page(capture)
        try:
            self.encoding = self.page.encoding
            codecs.lookup(self.encoding)  # of no bytes, any charset makes no text
        except LookupError:
            raise NotEditableError(f"no charset {capture.charset!r}") from None
        self.mark, data = _without_mark(capture.body, self.encoding)
        self.source = data.decode(self.encoding, "surrogateescape")
        if self.source.encode(self.encoding, "surrogateescape") != data or "\0" in self.source:
            raise NotEditableError(f"{self.encoding} does not give the bytes back")

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenize(self.source)

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.tokens)

    @cached_property
    def lines(self) -> list[str]:
        """The lines a reader sees."""
        return lines_of(self.page)

    @cached_property
    def tree(self) -> str:
        """The parser's tree of an HTML page, white space beside tags left out."""
        return tree_of(self.page)

    @cached_property
    def _squashed(self) -> str:
        return squash(self.source)

    def stated(self, text: str) -> int:
        """How often the source states a text, scripts and attributes included; at least once.

        It is looked for by a stretch of plain letters, which every escape leaves alone, from its
        second half: descriptions quote beginnings, and are no other source of the whole.
        """
        half = text[len(text) // 2 :]
        probe = max(_stretches(half), key=len)
        probe = probe if len(probe) > 11 else squash(half)[:30]
        return max(1, self._squashed.count(probe))

    def escape(self, text: str) -> str:
        """A text as HTML source in this page's encoding."""
        plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        coded = plain.encode(self.encoding, "xmlcharrefreplace").decode(self.encoding)
        return coded.removeprefix("\ufeff")

    def finish(self, source: str, relation: Relation, note: str, law: Law = "any") -> Edit | None:
        """The edited capture, or None when its parse breaks the law.

        ``same-lines``: a reader sees the same lines. ``same-tree``: the parser makes the same
        tree of it, attribute order apart. The encoding must be read off it as before, always.
        """
        body = self.mark + source.encode(self.encoding, "surrogateescape")
        edited = replace(self.capture, body=body)
        if not self.keeps(edited, law):
            return None
        return Edit(edited, relation, note)

    def keeps(self, edited: Capture, law: Law) -> bool:
        """Whether an edited capture, as parsed, keeps a law."""
        page = Page(edited)
        if page.encoding != self.encoding:
            return False
        if law == "any":
            return True
        if callable(law):
            return law(squash("".join(self.lines)), squash("".join(lines_of(page))))
        if law == "same-tree" and tree_of(page) != self.tree:
            return False
        return lines_of(page) == self.lines


@lru_cache(maxsize=1)
def draft_of(capture: Capture) -> Draft:
    """The draft of a capture; the last one is kept, since many mutations are made of one page."""
    return Draft(capture)


def lines_of(page: Page) -> list[str]:
    """The lines that a reader of a page sees, for HTML without their places, which cost more."""
    return page.lines() if page.is_html else [line.text for line in page.visible]


def tree_of(page: Page) -> str:
    """The parser's tree of an HTML page, serialised, white space beside tags left out."""
    halves = (page.first("head"), page.first("body"))
    return "".join(_BESIDE_TAGS.sub("", half.html) for half in halves if half)


def _stretches(text: str) -> list[str]:
    found, run = [], ""
    for char in text:
        if (char.isascii() and char.isalnum()) or char == " ":
            run += char.strip()
        else:
            found.append(run)
            run = ""
    return [*found, run]


def _without_mark(body: bytes, encoding: str) -> tuple[bytes, bytes]:
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if body.startswith(mark) and encoding.lower().replace("_", "-") == name:
            return mark, body[len(mark) :]
    return b"", body


def stated_once(draft: Draft, relation: Relation, *texts: str) -> Relation:
    """The relation, or a measured one when the page states one of the texts elsewhere too.

    A body in a page's JSON-LD is as good a source as its paragraphs, and no edit of these.
    """
    if all(draft.stated(text) == 1 for text in texts):
        return relation
    return MayDrift(relation)


@dataclass(frozen=True, slots=True)
class Change:
    """A new source with a relation and note of its own, and the law it is held to."""

    source: str
    relation: Relation
    note: str
    law: Law = "any"


Rewrite = Callable[[Draft, Random], "str | Change | None"]


def source_mutation(
    name: str,
    family: str,
    summary: str,
    *,
    accepts: Callable[[Page], bool],
    relation: Relation | None = None,
    law: Law = "same-lines",
) -> Callable[[Rewrite], Mutation]:
    """Makes a mutation out of a function from a draft to the new source.

    ``accepts`` says which pages it is for. The function gives the new source alone or as a
    Change, or None where there is none. ``relation`` (by default, the same tokens) and ``law``
    hold where it gives the source alone; ``must_hold`` is that of ``relation``.
    """
    usual = relation or SameTokens()

    def make(rewrite: Rewrite) -> Mutation:
        def edit(capture: Capture, rng: Random) -> Edit | None:
            if not capture.body or not accepts(Page(capture)):
                return None
            draft = draft_of(capture)
            made = rewrite(draft, rng)
            if made is None:
                return None
            if isinstance(made, str):
                made = Change(made, usual, summary, law)
            return draft.finish(made.source, made.relation, made.note, made.law)

        return Mutation(name, family, summary, usual.must_hold, edit)

    return make


def html_mutation(
    name: str,
    family: str,
    summary: str,
    *,
    relation: Relation | None = None,
    law: Law = "same-lines",
    xhtml: bool = True,
) -> Callable[[Rewrite], Mutation]:
    """A mutation of HTML; ``xhtml``: it is well-formed XML too, and may be made in such pages."""

    def accepts(page: Page) -> bool:
        return page.is_html and (xhtml or "xhtml" not in page.capture.media_type)

    return source_mutation(name, family, summary, accepts=accepts, relation=relation, law=law)
