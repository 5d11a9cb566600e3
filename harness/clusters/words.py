"""A cluster in words: what happened, and how often. Foreign text is shortened, and shown.

The sentence names the very text where all changes share it, else the pattern and one example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from harness.changes import Change
from harness.clusters.groups import Signature, Token
from harness.clusters.kinds import SEPARATORS
from harness.faults.classes import CLASSES
from harness.text import shorten

Values = Sequence[tuple[tuple[str, str], int]]

_WIDTH = 60
_PLURALS: Mapping[str, str] = {
    "title": "titles",
    "byline": "bylines",
    "author": "authors",
    "timestamp": "timestamps",
    "date": "dates",
    "body": "bodies",
    "url": "addresses",
    "related": "lists of related records",
}
_WHAT: Mapping[str, str] = {
    "new": "new record",
    "failure": "failure",
    "finding": "finding",
    "problem": "file",
}
_KINDS: Mapping[str, str] = {
    "name": "a name",
    "age": "an age",
    "date": "a date",
    "words": "words",
    "number": "a number",
    "link": "an address",
    "handle": "a handle",
    "furniture": "page furniture",
    "site": "the site's name",
    "credit": "a credit",
    "marks": "marks",
    "prose": "a sentence",
    "lines": "a long line",
}
_FORMS: Mapping[str, str] = {
    "quotes": "quotes, dashes or spaces written in another way",
    "spaces": "only white space differs",
    "lines": "only line ends differ",
    "unseen": "characters that nobody sees differ",
    "case": "upper and lower case differ",
    "case upper": "in capitals now",
    "case lower": "in lower case now",
    "marks": "punctuation differs",
    "marks at a number": "punctuation at a number differs",
    "number": "a number is another",
    "number cut": "a number lost digits",
    "number longer": "a number gained digits",
    "number marks": "the marks in a number differ",
    "number other": "a number is another",
    "number scaled": "a number is shifted by a power of ten",
    "number sign": "a number has the other sign",
    "encoding": "characters are decoded wrongly",
    "encoding mended": "characters are decoded rightly now",
    "space": "spaces between words differ",
    "space lost": "a space is lost between words",
    "space gained": "a word is broken in two",
    "paragraphs joined": "two paragraphs run together",
    "paragraph divided": "a paragraph is divided in two",
    "order": "the same records in another order",
    "claim kind": "the kind of time is another",
    "claim unit": "the unit of time is another",
    "claim front_end": "another front-end is told",
    "claim age": "the age is another",
    "moment day only": "the time of day is lost",
    "moment time known": "the time of day is known now",
    "moment zone lost": "the time zone is lost",
    "moment zone known": "the time zone is known now",
    "moment same": "the same instant, written in another way",
    "moment day and month": "day and month are exchanged",
    "moment twelve hours": "the instant is off by twelve hours",
    "moment later": "the instant is later",
    "moment earlier": "the instant is earlier",
    "cut little": "the end is cut off, little is lost",
    "cut much": "the end is cut off, much is lost",
    "more": "and many more edits",
}
_PLACES: Mapping[str, str] = {
    "head": " at the beginning",
    "tail": " at the end",
    "middle": " within",
}


def title(signature: Signature, first: Change, values: Values) -> str:
    """What happened in a cluster, in one sentence; ``first`` is one of its changes."""
    said = _about(first, values) or _edits(signature, first, values)
    if first.found is not None and first.found.against == "golden":
        return f"not as the golden has it: {said}"
    if first.found is not None and first.found.golden == "agrees":
        return f"as the golden has it now: {said}"
    return said


def where(field: str, what: str, number: int, captures: int, sites: Sequence[str]) -> str:
    """How often, and on how many sites: ``41 bylines, 6 sites``."""
    if what == "field" and field != "*":
        name = field.rpartition(".")[2]
        plural = _PLURALS.get(name)
        noun = name if number == 1 else plural
        counted = f"{number:,} {noun}" if plural else _count(captures, "capture")
        if "." in field and plural:
            counted += f" of {shorten(field.partition('.')[0].removesuffix('[]'), 40)}"
        if captures != number and plural:
            counted += f" in {_count(captures, 'capture')}"
    elif what == "field":
        counted = _count(captures, "capture")
    else:
        counted = _count(number, _WHAT[what])
    on = _count(len(sites), "site")
    return f"{counted}, {shorten(sites[0], 40) if len(sites) == 1 else on}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _about(first: Change, values: Values) -> str:
    """What is said of changes that are about a whole record."""
    if first.finding is not None:
        finding = first.finding
        fault = CLASSES.get(finding.fault, "")
        same = len(values) == 1
        return shorten(finding.message if same or not fault else fault, 160)
    if first.what == "failure":
        of = f": {_quoted(values[0][0][1])}" if len(values) == 1 else ""
        return f"raises {shorten(first.category, 80)}{of}"
    if first.what in ("new", "problem"):
        return shorten(first.summary, 160)
    if first.field == "*":
        return shorten(first.summary, 160)
    return ""


def _edits(signature: Signature, first: Change, values: Values) -> str:
    alone = len(signature.tokens) == 1
    noun = shorten(first.field.rpartition(".")[2].partition("[")[0], 40)
    said = [_phrase(token, noun, first.category, values, alone) for token in signature.tokens]
    return "; ".join(dict.fromkeys(said)) or shorten(first.summary, 160)


def _phrase(token: Token, noun: str, category: str, values: Values, alone: bool) -> str:
    old, new = values[0][0] if alone else ("", "")
    exact = alone and len(values) == 1
    if token.form:
        return _form(token, noun, old, new)
    text = _Text(token, old, new, exact)
    if token.unit == "paragraph":
        return _paragraph(token, category, text)
    if token.unit == "record":
        verb = "lost" if token.op == "-" else "gained"
        return f"records {verb}{text.like()}"
    if token.unit == "value":
        return f"{noun} was empty, now {text.named()}"
    if token.op == "-" and token.place == "head" and text.known:
        return f"{text.named()} prefix lost"
    if token.op == "-":
        return f"{text.named()} lost{_PLACES.get(token.place, '')}{text.rest()}"
    if token.op == "+" and token.glued:
        return f"{text.named()} glued to the {noun}{text.rest()}"
    if token.op == "+":
        return f"{text.named()} gained{_PLACES.get(token.place, '')}{text.rest()}"
    return text.both()


class _Text:
    """The text of an edit in words: itself where all share it, else what it is like."""

    def __init__(self, token: Token, old: str, new: str, exact: bool) -> None:
        self.token, self.old, self.new, self.exact = token, old, new, exact
        # A literal with digits or a gap stands for texts that differ in them.
        one = token.mark == "literal" and not any(c in token.removed + token.added for c in "9…")
        if one and not exact:
            self.old, self.new = token.removed, token.added
        self.known = exact or one

    def named(self) -> str:
        shown = self.new if self.token.op == "+" else self.old
        if self.known and shown:
            return _quoted(shown)
        return self._kind(self.token.added if self.token.op == "+" else self.token.removed)

    def _kind(self, found: str) -> str:
        if self.token.mark == "literal":
            return "a text that recurs"
        said = _KINDS.get(found.lstrip(SEPARATORS), "text")
        return f"{said}, the same in several captures," if self.token.mark == "recurring" else said

    def rest(self) -> str:
        return "" if self.known else self.like()

    def like(self) -> str:
        shown = self.new if self.token.op == "+" else self.old
        if not shown:
            return ""
        return f": {_quoted(shown)}" if self.known else f", like {_quoted(shown)}"

    def both(self) -> str:
        if self.known:
            return f"{_quoted(self.old)} → {_quoted(self.new)}"
        was, now = (
            _KINDS.get(each.lstrip(SEPARATORS), "text")
            for each in (self.token.removed, self.token.added)
        )
        if self.token.mark == "literal":
            was, now = "a text that recurs", "another"
        example = f", like {_quoted(self.old)} → {_quoted(self.new)}" if self.old else ""
        return f"{was} replaced by {'other ' + was if was == now else now}{example}"


def _paragraph(token: Token, category: str, text: _Text) -> str:
    one = token.number == "one"
    noun = "paragraph" if one else "paragraphs"
    recurs = " that several captures share" if token.mark == "recurring" else ""
    if token.mark == "literal" and not text.known:
        recurs = " of one wording"
    if token.op == "+":
        furniture = " of page furniture" if category == "chrome" else ""
        number = "1 paragraph" if one else "several paragraphs"
        return f"{number}{furniture}{recurs} gained{_PLACES.get(token.place, '')}{text.like()}"
    which = {"head": "first", "tail": "last", "whole": "every"}.get(token.place)
    if which is None:
        which, noun = ("a", "paragraph within") if one else ("several", "paragraphs within")
    elif which == "every":
        noun = "paragraph"
    return f"{which} {noun}{recurs} gone{text.like()}"


def _form(token: Token, noun: str, old: str, new: str) -> str:
    form = token.form
    if form == "emptied":
        return f"{noun} is empty now"
    # The first of the parts that value_of joins: both sides are of one edit.
    old, new = old.partition(" … ")[0], new.partition(" … ")[0]
    example = f", like {_quoted(old)} → {_quoted(new)}" if old and new else ""
    for prefix, said in _PREFIXED.items():
        if form.startswith(prefix) and form not in _FORMS:
            return said(form.removeprefix(prefix)) + (example if prefix in _WITH_EXAMPLE else "")
    known = _FORMS.get(form, form)
    shown = form.startswith(("claim", "moment", "number", "encoding", "case", "paragraph"))
    return known + (example if shown else "")


def _marks(form: str) -> str:
    gone, _, come = form.partition(" →")
    number = " at a number" if come.endswith(" at a number") else ""
    come = come.removesuffix(" at a number").strip()
    if gone and come:
        return f"{_quoted(gone)} → {_quoted(come)}{number}"
    return f"{_quoted(gone or come)} {'lost' if gone else 'gained'}{number}"


_PREFIXED: Mapping[str, Callable[[str], str]] = {
    "marks ": _marks,
    "type ": lambda said: f"another type: {shorten(said, 80)}",
    "empty ": lambda said: f"empty in another way: {shorten(said, 80)}",
    "claim count ": lambda said: f"the count of a time is {_COUNTS[said]}",
    "claim published": lambda said: f"the instant is moved{_by(said)}",
    "claim": lambda _: "the claim of time is another",
    "moment ": lambda said: f"the instant is moved{_by(' ' + said)}",
    "address ": lambda said: f"the address differs in its {said.replace('+', ', ')}",
    "address": lambda _: "the address is another",
}
_WITH_EXAMPLE = frozenset({"claim count ", "claim published", "claim", "moment "})
_COUNTS: Mapping[str, str] = {
    "cut": "cut",
    "longer": "longer",
    "marks": "written in another way",
    "other": "another",
}


def _by(said: str) -> str:
    said = said.strip()
    return f" by {said}" if said.startswith(("+", "-")) else ""


def _quoted(text: str) -> str:
    return f"“{shorten(text, _WIDTH)}”"
