"""Where the texts of a record stand: alignment with everything that a capture holds."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from harness import records
from harness.claims import LABELS, NEAR, Index, bounded, owner_of, parted
from harness.model import Timestamp, Tree
from harness.page import Page
from harness.provenance import moments
from harness.provenance.documents import JsonReading, PlainReading, XmlReading
from harness.provenance.places import NOWHERE, Fragility, Place, fragility, robust_first
from harness.provenance.reading import HtmlReading, Reading, Stated
from harness.text import plain_quotes, squash

# So many places of one kind are told of one text; more say nothing new.
MOST_PLACES = 8
# A text of fewer characters is inside of everything: one such place is enough.
SHORTEST_INSIDE = 3
MOST_PARTS = 200
# Beyond so many texts of one record the rest is left: a list page of 5,000 cards has 20,000.
MOST_TEXTS = 50_000
_TELLING = 12
_JOINTS = re.compile(
    r"\s*(?:[\n,;|/·•&+]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b|\bи\b|\ben\b|\boch\b|\bog\b|[、，و])\s*"
)
_PUBLISHED = re.compile(r"publi|created|issued|pubdate", re.I)


class Tracer:
    """Finds texts in one capture. The page is read when the first text is asked for, once.

    ``limited`` tells that the page is so large that a part of it was not looked at.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._known: dict[tuple[str, bool], tuple[Place, ...]] = {}

    @cached_property
    def _reading(self) -> Reading:
        page = self.page
        if page.is_html:
            return HtmlReading(page)
        if page.is_json:
            return JsonReading(page)
        return XmlReading(page) if page.is_xml else PlainReading(page)

    @property
    def limited(self) -> bool:
        """Whether bounds were reached: places in the rest of the page are not known."""
        return self._reading.limited

    def trace(self, record: Mapping[str, Tree]) -> dict[str, tuple[Place, ...]]:
        """The places of every text of a record by its path, most robust first; never empty.

        Those that belong to another record come last, whatever they are. A text that stands
        nowhere has the one place :data:`NOWHERE`.
        """
        return self._arranged(list(_leaves(cast(Tree, dict(record)))))

    def value(self, value: Tree, path: str = "") -> dict[str, tuple[Place, ...]]:
        """The places of the texts of one field's value, by their paths."""
        return self._arranged(list(_leaves(value, path)))

    def best(self, value: Tree, *, exact: bool = False) -> Place:
        """The most robust place of a value; of one with several texts, that of the worst.

        ``exact``: only places where it stands in this very form, white space aside; of a time,
        in this precision.
        """
        worst: list[Place] = []
        for _, text, leaf in _leaves(value):
            found = self._places(text, leaf)
            if exact:
                found = tuple(p for p in found if is_exact(p, leaf)) or (NOWHERE,)
            worst.append(found[0])
        return max(worst, key=robust_first, default=NOWHERE)

    def _arranged(self, leaves: Sequence[tuple[str, str, Tree]]) -> dict[str, tuple[Place, ...]]:
        found = {path: self._places(text, leaf) for path, text, leaf in leaves[:MOST_TEXTS]}
        homes: dict[str, list[int]] = {}
        for path, text, _ in leaves[:MOST_TEXTS]:
            lines = [p.line for p in found[path] if p.line is not None and p.start == 0]
            if len(squash(text)) >= _TELLING and lines:
                homes.setdefault(owner_of(path), lines)
        arranged = {}
        for path, text, _ in leaves[:MOST_TEXTS]:
            owner = owner_of(path)
            home = homes.get(owner, ())
            places = found[path]
            if home and len(places) >= MOST_PLACES and not path.endswith("]"):
                places = tuple(dict.fromkeys((*self._beside(squash(text), home[0]), *places)))
            arranged[path] = _from_home(places, home, owner)
        return arranged

    def _beside(self, key: str, home: int) -> Iterator[Place]:
        """The whole lines of a text that stand around a line: 1,000 cards may share a byline."""
        lines = self._lines.by_text.get(key, ())
        i = bisect_left(lines, home)
        for n in lines[max(0, i - 1) : i + 1]:
            yield self._reading.place(n, 0, len(self._reading.lines[n]))

    def _places(self, text: str, leaf: Tree) -> tuple[Place, ...]:
        key = squash(text)
        is_time = not isinstance(leaf, str)
        if not key:
            return (NOWHERE,)
        # Of a timestamp, the instant counts too.
        remembered = (records.dumps(leaf) if is_time else text, is_time)
        known = self._known.get(remembered)
        if known is None:
            known = self._known[remembered] = self._look(key, text, leaf)
        return known

    def _look(self, key: str, text: str, leaf: Tree) -> tuple[Place, ...]:
        found = dict.fromkeys(self._stand(key))
        said = moments.said_by(leaf)
        if said is not None:
            told = {replace(place, written="same") for place in found}
            found |= {
                place: None
                for place in self._moments(said)
                if replace(place, written="same") not in told
            }
        if not found:
            found = dict.fromkeys(self._in_parts(text))
        places = sorted(found, key=robust_first)
        if said is not None:
            # A page states several times; that of publication is the one that is asked for.
            places.sort(key=lambda p: (fragility(p), _PUBLISHED.search(p.path) is None))
        return tuple(places) or (NOWHERE,)

    # --- texts ------------------------------------------------------------------------------------

    def _stand(self, key: str) -> Iterator[Place]:
        """Wherever a text stands in one piece: in this form, else in one that is alike."""
        found = [*self._shown(self._lines, key), *self._told(self._stated, key)]
        found += self._told(self._unseen, key)
        yield from found
        if any(fragility(place) < Fragility.UNSEEN for place in found):
            return
        folded = squash(_fold(key))
        alike = [*self._shown(self._loose_lines, folded), *self._told_alike(folded)]
        yield from (replace(place, written="alike") for place in alike if place not in found)

    def _shown(self, index: Index, key: str) -> Iterator[Place]:
        """Places in what a reader sees: whole lines, several of them, parts of them."""
        reading = self._reading
        whole = index.by_text.get(key, ())
        for n in whole[:MOST_PLACES]:
            yield reading.place(n, 0, len(reading.lines[n]))
        left = MOST_PLACES if len(key) >= SHORTEST_INSIDE else 1 - bool(whole)
        torn: list[list[tuple[int, int, int]]] = []
        found = bool(whole)
        for spans in _occurrences(index, key) if left else ():
            (n, start, end), text = spans[0], reading.lines[spans[0][0]]
            alone = len(spans) == 1
            # Beside whole lines, only labels count: names stand in prose by the dozen.
            if whole and not (alone and len(text) <= LABELS and end - start < len(text)):
                continue
            if bounded(reading.lines, spans) or (alone and parted(text, start, end)):
                yield self._spanned(spans)
                found = True
                left -= 1
                if not left:
                    return
            elif not torn:
                torn.append(spans)
        if torn and not found:
            yield self._spanned(torn[0])

    def _spanned(self, spans: Sequence[tuple[int, int, int]]) -> Place:
        parts = [self._reading.place(*span) for span in spans[:MOST_PARTS]]
        if len(spans) == 1:
            return parts[0]
        return Place("parts", parts=tuple(parts), left=len(spans) - len(parts))

    def _told(self, told: _Told, key: str) -> Iterator[Place]:
        """Places in what is stated or hidden: whole texts, else a few parts of them."""
        settle = self._reading.settle
        if whole := told.index.by_text.get(key):
            for n in whole[:MOST_PLACES]:
                yield settle(told.texts[n], 0, len(told.texts[n].text))
            return
        if len(key) < SHORTEST_INSIDE:
            return
        count = 0
        for spans in _occurrences(told.index, key):
            [(n, start, end)] = spans
            if bounded(told.strings, spans):
                yield settle(told.texts[n], start, end)
                count += 1
            if count == MOST_PLACES // 2:
                return

    def _told_alike(self, folded: str) -> Iterator[Place]:
        for n in self._stated_alike.get(folded, ())[:MOST_PLACES]:
            stated = self._stated.texts[n]
            yield self._reading.settle(stated, 0, len(stated.text))

    def _in_parts(self, text: str) -> Iterator[Place]:
        """A text that was joined from several: names of a byline, lines of a paragraph.

        The mark that some extractors put before an item of a list stands nowhere.
        """
        if bullet := _BULLET.match(text):
            for place in self._stand(squash(text[bullet.end() :])):
                yield replace(place, written="alike")
        for pieces in (text.splitlines(), _JOINTS.split(text)):
            pieces = [piece for piece in pieces if piece.strip()]
            if len(pieces) < 2:
                continue
            parts: list[Place] = []
            for piece in pieces[:MOST_PARTS]:
                best = min(self._stand(squash(piece)), key=robust_first, default=None)
                if best is None:
                    break
                parts += best.parts or (best,)
            else:
                yield Place("parts", parts=tuple(parts), left=max(0, len(pieces) - MOST_PARTS))
                return

    # --- times ------------------------------------------------------------------------------------

    def _moments(self, said: moments.Said) -> Iterator[Place]:
        for stated, claim in self._dates:
            if (written := moments.relation(said, claim)) is not None:
                place = self._reading.settle(stated, 0, len(stated.text))
                yield replace(place, written=written)
        years = moments.years_of(said.claim)
        for n, claims in self._labels:
            if not any(year in self._reading.lines[n] for year in years):
                continue
            for text, claim in claims:
                written = moments.relation(said, claim)
                start = self._reading.lines[n].find(text)
                if written is not None and start >= 0:
                    place = self._reading.place(n, start, start + len(text))
                    yield replace(place, written=written)

    @cached_property
    def _dates(self) -> list[tuple[Stated, Timestamp]]:
        found = []
        for each in self._reading.stated:
            if (claim := moments.stated_by(each.text)) is not None:
                found.append((each, claim))
                if len(found) == moments.MOST_DATES:
                    break
        return found

    @cached_property
    def _labels(self) -> list[tuple[int, list[tuple[str, Timestamp]]]]:
        """The short lines, and parts of lines, that show a date with its year."""
        found: list[tuple[int, list[tuple[str, Timestamp]]]] = []
        for n, line in enumerate(self._reading.lines):
            if len(line) > 160 or not _YEAR.search(line):
                continue
            claims = [
                (piece, claim)
                for piece in dict.fromkeys((line, *self._reading.pieces(n)))
                if len(piece) <= 60 and _YEAR.search(piece)
                for claim in moments.shown_by(piece, self.page.captured_at)
            ]
            if claims:
                found.append((n, claims))
                if len(found) == moments.MOST_DATES:
                    break
        return found

    # --- indexes ----------------------------------------------------------------------------------

    @cached_property
    def _lines(self) -> Index:
        return Index(self._reading.lines, _as_it_is)

    @cached_property
    def _loose_lines(self) -> Index:
        return Index(self._reading.lines, _fold)

    @cached_property
    def _stated(self) -> _Told:
        return _Told(self._reading.stated)

    @cached_property
    def _unseen(self) -> _Told:
        return _Told(self._reading.unseen)

    @cached_property
    def _stated_alike(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for n, stated in enumerate(self._stated.texts):
            if len(stated.text) < 100_000:
                # JSON-LD and meta often hold entities twice escaped.
                key = squash(_fold(html.unescape(stated.text)))
                found.setdefault(key, []).append(n)
        return found


class _Told:
    """Stated texts and their index. No text without white space holds the line end between."""

    def __init__(self, texts: Sequence[Stated]) -> None:
        self.texts = texts
        self.strings = [stated.text for stated in texts]
        self.index = Index(self.strings, _as_it_is, glue="\n")


_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)])\s+(?=\S)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def is_exact(place: Place, leaf: Tree) -> bool:
    """Whether a value stands at a place in its own form."""
    return place.written == "same" or (
        place.written == "alike" and moments.said_by(leaf) is not None
    )


def _from_home(places: tuple[Place, ...], home: Sequence[int], owner: str) -> tuple[Place, ...]:
    """Places of one text with those that are its record's own first.

    Where a text stands beside the title of its record, that is its place, and the same words far
    away are another's: a card's byline that is also the author's. What a page states about itself
    is no card's.
    """
    if not home or len(places) < 2:
        return places

    def distance(place: Place) -> int:
        # Of two lines as near, the later one: most pages put the title first.
        if place.line is None:
            return 0
        return min(
            2 * (place.line - n) if place.line >= n else 2 * (n - place.line) + 1 for n in home
        )

    far = 4 * NEAR + 1
    if all(p.line is None or distance(p) > far for p in places):
        return places

    def foreign(place: Place) -> bool:
        if place.line is not None:
            return distance(place) > far
        return bool(owner) and place.kind in ("meta", "title", "json-ld")

    return tuple(sorted(places, key=lambda p: (foreign(p), fragility(p), distance(p))))


def _occurrences(index: Index, key: str) -> Iterator[list[tuple[int, int, int]]]:
    position = index.text.find(key)
    tried = 0
    while position >= 0 and tried < 10 * MOST_PLACES:
        yield index.spans(position, position + len(key))
        position = index.text.find(key, position + len(key))
        tried += 1


def _leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, str, Tree]]:
    """(path, text, value) of every text, dates included: ``records.leaves`` and typed times."""
    if isinstance(tree, str):
        yield path, tree, tree
    elif isinstance(tree, list):
        for i, item in enumerate(tree):
            yield from _leaves(item, f"{path}[{i}]")
    elif isinstance(tree, dict):
        tag = records.tag_of(tree)
        if tag in ("$datetime", "$date") and isinstance(tree[tag], str):
            yield path, cast(str, tree[tag]), tree
        elif tag == "$timestamp":
            yield from ((path, text, tree) for _, text in records.leaves(tree, path))
        elif tag in ("$tuple", "$set"):
            yield from _leaves(tree[tag], path)
        elif tag is None:
            for key, item in tree.items():
                yield from _leaves(item, f"{path}.{key}" if path else key)


def _as_it_is(text: str) -> str:
    return text


def _fold(text: str) -> str:
    return plain_quotes(text).casefold()
