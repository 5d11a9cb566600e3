"""A record and its capture, with what several invariants ask of both, found once."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from harness import records
from harness.claims import Claims, claim
from harness.invariants.alignment import Alignment, Piece, fold
from harness.invariants.article import Article, Placed
from harness.invariants.edits import Edit, edits
from harness.invariants.listed import Listed, listed
from harness.invariants.metadata import Metadata
from harness.invariants.moments import Moment, of_interval, read, read_label
from harness.invariants.names import Names
from harness.invariants.reading import Reading
from harness.invariants.regions import Regions
from harness.invariants.roles import Role, role_of
from harness.model import Capture, Timestamp, Tree
from harness.page import Page, fragment
from harness.records import Record
from harness.text import squash, words
from harness.visible import LINE_END, Line

# What a subject finds of the page alone.
_OF_THE_PAGE = frozenset(
    "reading alignment machine_exact machine_text page_words metadata listed datetimes "
    "hidden_text _data".split()
)
_OF_WORDS = frozenset(("inline-lost", "invented", "duplicated", "case", "split"))
_CONTAINER = re.compile(r"<(?:!doctype|html|body|main|article|section|div)\b", re.I)
# How extractors join the names of a list.
_LIST = re.compile(r"\s*(?:[,;&|/·•]|\b(?:and|und|et|y|e|og|och|en)\b)\s*")
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.S | re.I)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.S)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record or of one of its nested records.

    ``path`` as in findings; ``card`` is the path of the nested record it belongs to ("" in the
    record itself). ``lines`` are its texts, a paragraph each; ``value`` its tree.
    """

    path: str
    name: str
    role: Role
    card: str
    value: Tree
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All its text, a paragraph a line."""
        return "\n".join(self.lines)

    @property
    def pieces(self) -> list[Piece]:
        """Its lines with the paths of the values that they stand in."""
        if isinstance(self.value, str):
            return [Piece(self.path, line, number) for number, line in enumerate(self.lines)]
        found: list[Piece] = []
        for leaf, text in records.leaves(self.value):
            path = f"{self.path}{leaf}" if leaf[:1] in ("", "[") else f"{self.path}.{leaf}"
            for line in _text_lines(text, self.role):
                found.append(Piece(path, line, len(found)))
        return found

    @property
    def stamp(self) -> Timestamp | None:
        """The value as a Timestamp, where the extractor gave one."""
        if records.tag_of(self.value) != "$timestamp":
            return None
        return cast(Timestamp, records.decode(self.value))

    @property
    def moment(self) -> Moment | None:
        """The value as a point or range in time; None when it is none, or has no place in time."""
        if isinstance(self.value, str):
            return read_label(self.value, None)
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return read(str(self.value))
        tag = records.tag_of(self.value)
        if tag == "$timestamp":
            published = stamp.published if (stamp := self.stamp) else None
            if published is None:
                return None
            return of_interval(self.text, published)
        if tag not in ("$datetime", "$date"):
            return None
        assert isinstance(self.value, dict), "a tagged value is an object"
        return read(str(self.value[tag]))


class Subject:
    """What an invariant looks at: ``record`` (a tree, see ``records.py``) and ``capture``."""

    def __init__(
        self,
        record: Record,
        capture: Capture,
        *,
        page: Page | None = None,
        recurring: Collection[str] = (),
        roles: Mapping[str, str] | None = None,
    ) -> None:
        self.record = record
        self.capture = capture
        self.page = page or Page(capture)
        self.recurring = recurring
        self._roles = roles

    def with_record(self, record: Record) -> Subject:
        """Another record of the same page: what was found of the page is not looked for again."""
        other = Subject(
            record, self.capture, page=self.page, recurring=self.recurring, roles=self._roles
        )
        other.__dict__.update({k: v for k, v in self.__dict__.items() if k in _OF_THE_PAGE})
        return other

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """Every field, those of nested records included, in the record's order."""
        return tuple(self._fields(self.record, "", ""))

    def fields(self, *roles: Role, cards: bool = False) -> list[Field]:
        """The fields of these roles; those of nested records only with ``cards``."""
        return [f for f in self.all_fields if f.role in roles and (cards or not f.card)]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What a reader of the page sees, as in ``Page.visible``, without places in the source."""
        return self.reading.lines

    @cached_property
    def reading(self) -> Reading:
        """The same lines with what holds them, several times sooner."""
        return Reading(self.page)

    @cached_property
    def alignment(self) -> Alignment:
        """Finds texts among those lines."""
        return Alignment(self.reading)

    @cached_property
    def article(self) -> Article:
        """The lines of the record's own body, and where each stands on the page."""
        fields = self.fields("body") or self.fields("html")
        pieces = [piece for field in fields for piece in field.pieces]
        return Article(self.alignment, pieces)

    @cached_property
    def placed(self) -> tuple[tuple[Field, Placed], ...]:
        """The lines of all other texts of the record, and where each stands on the page."""
        return tuple(
            (field, Placed(piece, self.alignment.find(piece.text)))
            for field in self.all_fields
            if field.card or field.role in ("title", "byline", "description")
            for piece in field.pieces
            if field.role in ("title", "byline", "description", "body")
        )

    @cached_property
    def edits(self) -> tuple[tuple[Placed, Edit], ...]:
        """How those texts that do not stand on the page as they are differ from what does."""
        others = [
            (placed, edit)
            for field, placed in self.placed
            if placed.match.how in ("spaces", "folded", "near")
            and squash(placed.piece.text) not in self.machine_exact
            and not (field.role == "byline" and self.joins_names(placed.piece.text))
            for edit in edits(self.alignment.text_at(placed.match), placed.piece.text, placed.match)
        ]
        own = [
            (placed, edit)
            for placed, edit in self.article.edits
            # An article that a page holds as data, and shows the beginning of, is taken from there.
            if placed.match.how != "near"
            or edit.fault not in _OF_WORDS
            or not self.data_has(placed.piece.text)
        ]
        return (*own, *others)

    def joins_names(self, text: str) -> bool:
        """Whether a text is a list of several that the page or its data holds one by one."""
        parts = [part for part in _LIST.split(text) if part.strip()]
        return len(parts) > 1 and all(fold(squash(part)) in self.machine_text for part in parts)

    @cached_property
    def elsewhere(self) -> frozenset[int]:
        """The numbers of the page's lines that fields beside the body hold."""
        return frozenset(
            number
            for field, placed in self.placed
            if placed.match and (field.card or field.role != "description")
            for number in range(placed.match.first, placed.match.last + 1)
        )

    @cached_property
    def torn(self) -> int:
        """How many words are torn."""
        return sum(edit.fault == "split" and edit.sure for _, edit in self.edits)

    @cached_property
    def loose(self) -> tuple[tuple[str, str], ...]:
        """Texts, with their paths, that do not stand in the lines of the page as they are."""
        every = [*self.article.placed, *(placed for _, placed in self.placed)]
        return tuple(
            (each.piece.path, each.piece.text) for each in every if each.match.how in ("", "near")
        )

    @cached_property
    def every_text(self) -> tuple[tuple[str, str, bool], ...]:
        """The lines of all texts, with their paths, and whether they stand so on the page."""
        every = [*self.article.placed, *(placed for _, placed in self.placed)]
        return tuple((p.piece.path, p.piece.text, p.match.how in ("line", "part")) for p in every)

    @cached_property
    def body_text(self) -> str:
        """The record's own body, a paragraph a line."""
        return "\n".join(each.piece.text for each in self.article.placed)

    @cached_property
    def held_elsewhere(self) -> frozenset[str]:
        """The lines of all fields but the record's own body, without white space."""
        own = {id(f) for f in self.fields("body", "html")}
        others = (f for f in self.all_fields if id(f) not in own)
        return frozenset(squash(line) for f in others for line in f.lines)

    @cached_property
    def machine_exact(self) -> str:
        """The page's source with entities resolved, without white space."""
        return squash(html.unescape(self.page.source))

    @cached_property
    def machine_text(self) -> str:
        """The same with escapes of JSON resolved, without case and kinds of quotes."""
        text = self.machine_exact
        if "\\" in text:
            text += _resolved(text)
        return fold(text)

    @cached_property
    def hidden_text(self) -> str:
        """The lines out of a reader's sight, folded, without white space in them."""
        return "\n".join(squash(fold(line)) for line in self.reading.hidden)

    @cached_property
    def _data(self) -> str:
        """What the page's scripts hold, as :attr:`machine_text`; all of a page that is data."""
        if not self.page.is_html:
            return self.machine_text
        text = squash(html.unescape("".join(_SCRIPT.findall(self.page.source))))
        return fold(text + _resolved(text) if "\\" in text else text)

    def data_has(self, text: str) -> bool:
        """Whether the page's scripts hold a text, white space, case and quotes apart."""
        return fold(squash(text)) in self._data

    @cached_property
    def page_words(self) -> frozenset[str]:
        """The words that a reader of the page sees, without case."""
        return frozenset(words(fold("\n".join(self.reading.texts))))

    @cached_property
    def metadata(self) -> Metadata:
        """What the page says about itself for machines."""
        return Metadata(self.page)

    @cached_property
    def listed(self) -> Listed:
        """The items of a feed, and the objects of the page's JSON."""
        return listed(self.page)

    @cached_property
    def regions(self) -> Regions:
        """Where the titles of the record and its nested records stand, and what is around them."""
        own = [field.text for field in self.fields("title")]
        titles = {"": own[0]} if own else {}
        for field in self.fields("title", cards=True):
            if field.card:
                titles.setdefault(field.card, field.text)
        return Regions(self, titles)

    @cached_property
    def datetimes(self) -> dict[str, list[Moment]]:
        """What elements show a time for: their texts without white space, and the times."""
        found: dict[str, list[Moment]] = {}
        for node in self.page.css("time[datetime]") if self.page.is_html else ():
            if moment := read(node.attr(None, "datetime") or ""):
                found.setdefault(squash(node.text() or ""), []).append(moment)
        return found

    @cached_property
    def names(self) -> Names:
        """The names that the page gives for its authors."""
        return Names(self.metadata, self.reading.texts)

    @cached_property
    def claims(self) -> Claims:
        """Which of those lines the record claims, and what stays unclaimed."""
        return claim(dict(self.record), self.lines)

    def _fields(self, record: Mapping[str, Tree], prefix: str, card: str) -> Iterator[Field]:
        for name, value in record.items():
            path = f"{prefix}{name}"
            role = role_of(name, self._roles)
            nested = _nested(value)
            if nested:
                for number, item in enumerate(nested):
                    yield from self._fields(item, f"{path}[{number}].", f"{path}[{number}]")
            else:
                yield Field(path, name, role, card, value, tuple(_lines(value, role)))


def _nested(value: Tree) -> list[dict[str, Tree]]:
    """The records of a list of records; a body of sections is text, not records."""
    if not isinstance(value, list) or not value:
        return []
    if all(isinstance(item, dict) and records.tag_of(item) is None for item in value):
        return cast("list[dict[str, Tree]]", value)
    return []


def _lines(value: Tree, role: Role) -> Iterator[str]:
    for _, text in records.leaves(value):
        yield from _text_lines(text, role)


def _text_lines(text: str, role: Role) -> Iterator[str]:
    if "<" in text and role in ("body", "html") and _is_markup(text):
        # Readability and its kin give the article as HTML.
        yield from fragment(text).lines()
    else:
        # Not splitlines(): to that, control characters are line ends too.
        lines = LINE_END.split(text) if "\n" in text or "\r" in text else (text,)
        yield from (line for line in lines if line and not line.isspace())


def _is_markup(text: str) -> bool:
    """Whether a text is HTML as a whole, not text with a tag left in it."""
    text = text.strip()
    if text[:1] != "<" or text[-1:] != ">":
        return False
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return _CONTAINER.match(text) is not None or (text.count("</p>") >= lines > 1)


def _resolved(text: str) -> str:
    """A text with JSON's escapes resolved; characters beyond the first 65,536 are two escapes."""
    text = _ESCAPE.sub(_unescaped, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return "" if match[2] in "nrtbf" else match[2]
