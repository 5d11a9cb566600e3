"""What makes edits alike: the signature of an item, from its spans and from what recurs.

A text that recurs over captures is furniture, a label, a template; one that stands in a single
capture is its content. So of the texts that were lost or gained in one place,

- those that make up much of what recurs there are each a group of their own (*literal*),
- the others that recur are a group together (*recurring*),
- those that no two captures share are a group by their kind (*own*).

A regression that takes words of the content is thereby never among the changes that take a label,
however alike they look: "By" of 400 bylines is one group, the first names of three are another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from harness.clusters import kinds
from harness.clusters.spans import Span

Mark = Literal["", "literal", "recurring", "own"]
Facets = tuple[str, ...]

# A text in fewer captures proves nothing: a story may stand on two pages.
_RECURS = 3
# Names and short texts repeat by chance. They recur where one makes up this share of what happened
# in a place, or where most of what happened there are texts that repeat.
_RECURS_SHARE, _MOSTLY = 0.05, 0.5
# A text that makes up this share of what recurs in one place is looked at alone.
_LITERAL_SHARE = 0.2
# Of a text's beginning and end that many words are its frame: "Sign up for the … every morning".
_FRAME_WORDS, _FRAMED_ABOVE = 4, 10
# A capture in which more than so many different things happened is told by their kinds only.
_MOST_TOKENS = 3
# Edits of form that come together, since one habit of writing makes them.
_WRITING = frozenset({"quotes", "spaces"})


@dataclass(frozen=True, slots=True)
class Item:
    """Something to group. ``facets`` keep apart whatever differs in them.

    ``size`` says how much changed, for what is told by that; ``cut``: paragraphs end early.
    """

    facets: Facets
    spans: tuple[Span, ...]
    site: str = ""
    size: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """One kind of edit, as a signature holds it.

    ``removed`` and ``added`` are kinds of texts, or with the mark ``literal`` the texts themselves,
    digits as ``9``. ``number`` is ``one`` or ``several`` of whole paragraphs.
    """

    op: str
    unit: str = "text"
    place: str = ""
    form: str = ""
    removed: str = ""
    added: str = ""
    mark: Mark = ""
    glued: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Signature:
    """What the items of one group share; nothing of it depends on their order."""

    facets: Facets
    tokens: tuple[Token, ...]
    size: str = ""


_Slot = tuple[Facets, Token]
_Text = tuple[str, str]


def signatures(items: Sequence[Item]) -> list[Signature]:
    """The signature of each item, in their order."""
    known: dict[_Slot, _Slot] = {}
    found = [_slots(item, known) for item in items]
    counts: dict[_Slot, Counter[_Text]] = {}
    for slots in found:
        for slot, text in slots:
            if text is not None:
                counts.setdefault(slot, Counter())[text] += 1
    marks = {slot: _marks(slot[1], texts) for slot, texts in counts.items()}
    return [_signature(item, slots, marks) for item, slots in zip(items, found, strict=True)]


def _slots(item: Item, known: dict[_Slot, _Slot]) -> dict[tuple[_Slot, _Text | None], int]:
    """The places of an item's edits with the texts there, each with how often it stands there."""
    found: dict[tuple[_Slot, _Text | None], int] = {}
    for span, n in Counter(item.spans).items():
        token, text = _token(span, item.site)
        slot = item.facets, token
        slot = known.setdefault(slot, slot)
        found[slot, text] = found.get((slot, text), 0) + n
    return found


def _token(span: Span, site: str) -> tuple[Token, _Text | None]:
    if span.form:
        return Token(span.op, span.unit, form=span.form, glued=span.glued), None
    if span.unit == "message":
        return Token(span.op, span.unit), _values(span)
    if span.unit == "record":
        # A record is known by its first line, the title; the ages of its cards repeat.
        first = (text.partition("\n")[0] for text in (span.removed, span.added))
        return Token(span.op, span.unit), (next(first), next(first))
    # What is put in place of something is the same edit wherever it stands in a running text.
    place = "" if span.op == "~" and span.prose else span.place
    within = span.prose and span.unit == "text" and place in ("", "middle")
    removed, added = (
        kinds.kind(text, site, prose=within) if text else "" for text in (span.removed, span.added)
    )
    token = Token(span.op, span.unit, place, "", removed, added, glued=span.glued)
    if all(each.lstrip(kinds.SEPARATORS) in kinds.SURE for each in (removed, added) if each):
        return token, None
    return token, _values(span)


def _values(span: Span) -> _Text:
    return kinds.value(span.removed), kinds.value(span.added)


def _frame(text: str) -> str:
    """A long text by its first and last words, a short one as it is."""
    words = text.split(" ")
    if len(words) <= _FRAMED_ABOVE:
        return text
    return " ".join([*words[:_FRAME_WORDS], "…", *words[-_FRAME_WORDS:]])


def _marks(token: Token, texts: Counter[_Text]) -> dict[_Text, tuple[Mark, _Text]]:
    """Which texts of one place are literal or recurring there, and as what they are known.

    The others are own.
    """
    total = texts.total()
    found: dict[_Text, tuple[Mark, _Text]] = {}
    long = {token.removed, token.added} & {"prose", "lines"}
    if long:
        frames: Counter[_Text] = Counter()
        for text, n in texts.items():
            frames[_frame(text[0]), _frame(text[1])] += n
        least = max(_RECURS, _LITERAL_SHARE * total)
        frequent = {frame for frame, n in frames.items() if n >= least}
        for text in texts if frequent else ():
            if (frame := (_frame(text[0]), _frame(text[1]))) in frequent:
                found[text] = "literal", frame
    often = {text: n for text, n in texts.items() if n >= _RECURS and text not in found}
    mass = sum(often.values())
    # The words of running text repeat by chance, and more so the fewer there are.
    within = token.unit == "text" and "words" in (token.removed, token.added)
    if not long and mass < _MOSTLY * total:
        often = {text: n for text, n in often.items() if n >= _RECURS_SHARE * total}
    mass = total if within else sum(often.values())
    for text, n in often.items():
        if n >= _LITERAL_SHARE * mass:
            found[text] = "literal", text
        elif not within:
            found[text] = "recurring", text
    return found


def _signature(
    item: Item,
    slots: dict[tuple[_Slot, _Text | None], int],
    marks: dict[_Slot, dict[_Text, tuple[Mark, _Text]]],
) -> Signature:
    numbers: Counter[Token] = Counter()
    for (slot, text), n in slots.items():
        token = slot[1]
        if text is not None:
            mark, known = marks[slot].get(text, ("own", text))
            token = replace(token, mark=mark)
            if mark == "literal":
                token = replace(token, removed=known[0], added=known[1])
        numbers[token] += n
    tokens = _merged(
        replace(token, number="several" if n > 1 else "one") if token.unit == "paragraph" else token
        for token, n in numbers.items()
    )
    if item.cut and any(token.mark == "own" for token in tokens):
        # Where a text is cut, paragraphs of any number and kind are lost.
        kept = {token for token in tokens if token.op != "-"}
        tokens = kept | {Token("-", "paragraph", "tail", f"cut {item.size}")}
    if len(tokens) <= _MOST_TOKENS:
        return Signature(item.facets, tuple(sorted(tokens)))
    return Signature(item.facets, tuple(sorted(_coarse(tokens))), item.size)


def _merged(tokens: Iterable[Token]) -> set[Token]:
    """Edits of form by their habit: quotes with spaces, marks of several kinds."""
    found = set(tokens)
    writing = {token for token in found if token.form in _WRITING}
    if len(writing) > 1:
        found = (found - writing) | {Token("~", form="quotes")}
    several = {token for token in found if token.form.startswith("marks ")}
    if len(several) > 1:
        at_number = any(token.form.endswith("number") for token in several)
        form = "marks at a number" if at_number else "marks"
        found = (found - several) | {Token("~", form=form)}
    return found


def _coarse(tokens: set[Token]) -> set[Token]:
    return {
        Token(token.op, token.unit, form=token.form.partition(" ")[0], glued=token.glued)
        for token in tokens
    }
