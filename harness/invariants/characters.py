"""Words and characters of texts are those of the page: nothing glued, torn, recoded, left over."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from harness.chrome import is_phrase
from harness.invariants.alignment import JOINERS, fold
from harness.invariants.article import Placed, is_prose
from harness.invariants.edits import BIDI, MARKUP, MOJIBAKE, Edit
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.model import Severity
from harness.text import UNSEEN, shorten, squash, words

# Of one fault in one field so many places are told: a body that was read in a wrong encoding is
# wrong in every line.
_MOST = 5
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Scripts in which joiners decide how letters look.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af]")
# Marks of footnotes, which some extractors leave out by design.
_REFERENCE = re.compile(r"\s*(?:\[[\w ]{1,4}\]|[*†‡¹²³\d]{1,3})\s*")
_TAG = re.compile(r"</?(\w+)")
# The signs that belong together: who keeps one of them keeps the others.
_SIGNS = {sign: family for family in ("‘’", "“”", "«»", "–—") for sign in family}
_SEAM = re.compile(r"(\w)\s+(\w)")
_WORD = re.compile(r"\w")
_DIGITS = re.compile(r"\d+")
# The text of a link of more characters is a headline or a sentence of its own.
_LONGEST_LINK = 80
# A sentence of so many characters is not written by mistake.
_SENTENCE = 60
_NUMBERED = re.compile(r"&(?:amp;)*#")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LITERAL = re.compile(
    r"(?:None|null|undefined|NaN|nan|nil|\[object \w+\]|\[?no[-_ ]author\]?|<NA>|NaT|N/A"
    r"|\{\{[^{}]*\}\}|\{%[^%]*%\}|\$\{[^{}]*\}|%[A-Z_]{3,}%|%\(?\w*\)?[sd]|__\w+__"
    r"|<[^<>]* object at 0x[0-9a-f]+>|\[\]|\{\}|lorem ipsum\b.*)",
    re.S | re.I,
)
_LITERAL_WORD = re.compile(
    r"(?<![\w'’-])(?:None|null|undefined|NaN|\[object \w+\]|\{\{[^{}]*\}\})(?![\w'’-])"
)
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\[\"'/nrt](?=\W|[A-Z\\]|$)")


def _place(it: Subject, placed: Placed, edit: Edit) -> tuple[int, int, int] | None:
    """Where an edit stands on the page, in the line that it begins in."""
    match = placed.match
    line, position = match.first, match.start + edit.start
    texts = it.reading.texts
    while line < match.last and position > len(texts[line]):
        position -= len(texts[line]) + 1
        line += 1
    end = min(position + max(len(edit.there), 1), len(texts[line]))
    return (line, min(position, end), end)


def _told(it: Subject, fault: str, wording: str) -> Iterator[Hit]:
    told: dict[str, int] = {}
    for placed, edit in it.edits:
        field = placed.piece.path.partition(".")[0].partition("[")[0]
        if edit.fault != fault or told.get(field, 0) >= _MOST:
            continue
        told[field] = told.get(field, 0) + 1
        there, here = shorten(edit.there or " ", 60), shorten(edit.here or " ", 60)
        yield Hit(
            placed.piece.path,
            wording.format(there=repr(there), here=repr(here), text=repr(placed.piece.text)),
            edit.here.strip() or placed.piece.text,
            _place(it, placed, edit),
            _severity(it, placed, edit),
        )


def _severity(it: Subject, placed: Placed, edit: Edit) -> Severity:
    """Warnings for what the goldens of well-kept libraries, and of careful people, do too."""
    judge = _JUDGES.get(edit.fault)
    return "error" if edit.sure and (judge is None or judge(it, placed, edit)) else "warning"


def _glued(it: Subject, placed: Placed, edit: Edit) -> bool:
    # A space is lost by mistake only. Line breaks inside of a block are often left out.
    texts, holder = it.reading.texts, it.reading.holder
    if "\n" in edit.there:
        line = (_place(it, placed, edit) or (placed.match.first,))[0]
        ends = min(line + edit.there.count("\n"), placed.match.last)
        if holder(line).block is holder(ends).block or any(
            len(texts[number]) < 60 for number in range(line, ends)
        ):
            return False
    if _of_code(it, placed):
        return False
    # A page may have a space inside of a word by mistake, and the word in other places.
    return not all(word in it.page_words for word in words(fold(edit.here)))


def _quoted(it: Subject, placed: Placed, edit: Edit) -> bool:
    # One kind of quote or dash throughout is a choice, and one paragraph may be quoted from
    # elsewhere; where the page's stand in a paragraph beside others, it is a fault.
    if _of_code(it, placed) or not edit.here.isascii():
        return False
    gone = {sign for sign in edit.there if sign in _SIGNS} - {*edit.here}
    return any(sign in placed.piece.text for each in gone for sign in _SIGNS[each])


def _split(it: Subject, _placed: Placed, edit: Edit) -> bool:
    # Where one element ends and the next begins, a page may show a gap that is not in its text.
    seams = _SEAM.findall(edit.here)
    return it.torn >= 2 and all(one.islower() and two.islower() for one, two in seams)


def _lost(it: Subject, placed: Placed, edit: Edit) -> bool:
    # People leave out remarks, but no link or stressed words in the middle of a sentence.
    text = edit.there.strip()
    if _REFERENCE.fullmatch(edit.there) or not _prosaic(it, placed) or "\n" in edit.there:
        return False
    if not _WORD.search(text) or is_phrase(text):
        return False
    inline = f">{html.escape(text, quote=False)}</" in it.reading.markup
    if inline and text[:1].isalnum() and 2 <= len(text) <= _LONGEST_LINK:
        return True
    there = it.alignment.text_at(placed.match)
    around = there[: edit.start].rstrip()[-1:] + there[edit.start + len(edit.there) :].lstrip()[:1]
    few = len(text.split()) <= 3 and all(char.isalpha() or char == " " for char in text)
    return few and len(around) == 2 and around.isalpha() and around.islower()


def _invented(it: Subject, placed: Placed, edit: Edit) -> bool:
    if not _prosaic(it, placed) or "\n" in edit.there:
        return False
    there, here = edit.there.strip(), edit.here.strip()
    if not there:
        return len(here) >= _SENTENCE and fold(squash(here)) not in it.machine_text
    numbers = _DIGITS.findall(there), _DIGITS.findall(here)
    if _DIGITS.sub("0", there) == _DIGITS.sub("0", here):
        return numbers[0] != numbers[1]
    if numbers != ([], []) or not (there + here).replace(" ", "").isalpha():
        return False
    # Only texts that are not as on the page need it, and most of a run's texts are.
    from rapidfuzz.distance import Indel

    # Careful people mend slips and accents; whoever exchanges words for others does more.
    return min(len(there), len(here)) >= 4 and Indel.normalized_similarity(there, here) < 0.5


def _cased(it: Subject, placed: Placed, edit: Edit) -> bool:
    return _prosaic(it, placed) and len(words(edit.here)) >= 4


def _bidi(_it: Subject, placed: Placed, edit: Edit) -> bool:
    return bool(edit.here or _RIGHT_TO_LEFT.search(placed.piece.text))


def _unseen(it: Subject, placed: Placed, edit: Edit) -> bool:
    signs = UNSEEN.findall(edit.here)
    there = UNSEEN.search(edit.there)
    added = signs and not there and any(sign not in it.page.source for sign in signs)
    moved = edit.there + edit.here
    joined = any(sign in moved for sign in JOINERS) and _JOINING.search(placed.piece.text)
    return bool(added or joined)


def _prosaic(it: Subject, placed: Placed) -> bool:
    """Whether a text is a paragraph that stands in one line of the page, whatever its edits."""
    match = placed.match
    return is_prose(placed.piece.text) and match.first == match.last and not _of_code(it, placed)


def _of_code(it: Subject, placed: Placed) -> bool:
    holder = it.reading.holder(placed.match.first)
    return any(each.tag in ("pre", "code", "samp", "kbd") for each in holder.around)


_JUDGES: dict[str, Callable[[Subject, Placed, Edit], bool]] = {
    "glued": _glued,
    "quotes": _quoted,
    "split": _split,
    "inline-lost": _lost,
    "invented": _invented,
    "duplicated": lambda it, placed, edit: len(edit.here) >= 30 and _prosaic(it, placed),
    "case": _cased,
    "bidi": _bidi,
    "unseen-characters": _unseen,
}


@invariant("spaces-kept", fault="glued")
def spaces_kept(it: Subject) -> Iterator[Hit]:
    """Words that stand apart on the page stand apart in the record."""
    return _told(it, "glued", "{here} stands apart on the page: {there}")


@invariant("words-whole", fault="split")
def words_whole(it: Subject) -> Iterator[Hit]:
    """Words that are one on the page are one in the record."""
    return _told(it, "split", "{here} is not torn on the page: {there}")


@invariant("words-kept", fault="inline-lost")
def words_kept(it: Subject) -> Iterator[Hit]:
    """No words inside of a text are missing."""
    return _told(it, "inline-lost", "{there} is missing from {text}")


@invariant("words-true", fault="invented")
def words_true(it: Subject) -> Iterator[Hit]:
    """No words inside of a text are others than the page's."""
    return _told(it, "invented", "{here} is not on the page, there stands {there}")


@invariant("text-once", fault="duplicated")
def text_once(it: Subject) -> Iterator[Hit]:
    """No words inside of a text stand there twice."""
    return _told(it, "duplicated", "{here} stands once on the page and is repeated")


@invariant("case-kept", fault="case")
def case_kept(it: Subject) -> Iterator[Hit]:
    """Capitals are those of the page."""
    return _told(it, "case", "{here} is {there} on the page")


@invariant("quotes-kept", fault="quotes")
def quotes_kept(it: Subject) -> Iterator[Hit]:
    """Quotes, dashes and punctuation are those of the page."""
    return _told(it, "quotes", "{here} is {there} on the page")


@invariant("unseen-kept", fault="unseen-characters")
def unseen_kept(it: Subject) -> Iterator[Hit]:
    """Zero-width, joining and control characters are those of the page."""
    return _told(it, "unseen-characters", "{here} is {there} on the page")


@invariant("bidi-kept", fault="bidi")
def bidi_kept(it: Subject) -> Iterator[Hit]:
    """The marks that direct right-to-left text are those of the page."""
    return _told(it, "bidi", "{here} is {there} on the page")


@invariant("characters-read", fault="charset")
def characters_read(it: Subject) -> Iterator[Hit]:
    """Characters were read in the encoding that they were written in."""
    yield from _told(it, "charset", "{here} is {there} on the page")
    for path, text in it.loose:
        found = re.search("\ufffd", text) or MOJIBAKE.search(text)
        if found and found[0] not in it.alignment.plain.text:
            # A page may write a character that is none: "&#xD800;" is U+FFFD.
            written = found[0] == "\ufffd" and _NUMBERED.search(it.page.source)
            if written or found[0] in it.machine_exact:
                continue
            yield Hit(path, f"{text!r} was read in a wrong encoding", text)


@invariant("markup-gone", fault="markup")
def markup_gone(it: Subject) -> Iterator[Hit]:
    """No tags, entities or escapes are left in a text."""
    yield from _told(it, "markup", "{here} is {there} on the page")
    for path, text in it.loose:
        found = MARKUP.search(text) or _ESCAPE.search(text)
        if found is None or squash(found[0]) in it.alignment.plain.text:
            continue  # a page about markup shows some
        if it.data_has(text) and _unpaired(found[0], text):
            continue
        # Some control characters are white space to Python, and gone where that is.
        strange = found[0].isspace() and found[0] not in it.page.source
        if strange or squash(text) not in it.machine_exact:
            yield Hit(path, f"{found[0]!r} is left in {text!r}", found[0])


def _unpaired(tag: str, text: str) -> bool:
    """Whether a tag stands alone in a text, as in a sentence about tags."""
    name = _TAG.match(tag)
    return name is not None and len(re.findall(rf"</?{name[1]}\b", text, re.I)) == 1


@invariant("no-control-characters", fault="unseen-characters")
def no_control_characters(it: Subject) -> Iterator[Hit]:
    """No text holds control characters or halves of characters."""
    for path, text, stands in it.every_text:
        if text.isprintable():
            continue
        found = _CONTROL.search(text) or (None if stands else UNSEEN.search(text))
        if found is None or found[0] in it.alignment.plain.text or found[0] == "\u00ad":
            continue
        # Some control characters are white space to Python, and gone where that is.
        strange = found[0].isspace() and found[0] not in it.page.source
        if strange or squash(text) not in it.machine_exact:
            fault = "bidi" if BIDI.search(found[0]) else None
            yield Hit(path, f"{found[0]!r} stands in {text!r}", text, fault=fault)


@invariant("no-literal", fault="literal")
def no_literal(it: Subject) -> Iterator[Hit]:
    """No placeholder or word for "nothing" stands for a value or a paragraph."""
    for field in it.all_fields:
        if field.role in ("html", "url", "image"):
            continue
        for text in field.lines:
            line = text.strip()
            if (len(line) > 60 and line[:5].lower() != "lorem") or not _LITERAL.fullmatch(line):
                continue
            key = squash(line[:60])
            if key not in it.alignment.plain.text and key not in it.machine_exact:
                yield Hit(field.path, f"{line!r} stands for a value", line)
            elif not line.islower() and line[:5].lower() != "lorem":
                yield Hit(field.path, f"{line!r} stands for a value", line, severity="warning")
    for placed, edit in it.edits:
        if edit.fault in ("invented", "inline-lost") and _LITERAL_WORD.search(edit.here):
            yield Hit(placed.piece.path, f"{edit.here!r} stands for {edit.there!r}", edit.here)
