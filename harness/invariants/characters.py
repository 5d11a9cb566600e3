"""Words and characters of texts are those of the page: nothing glued, torn, recoded, left over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.invariants.alignment import JOINERS
from harness.invariants.article import Placed
from harness.invariants.edits import BIDI, MARKUP, MOJIBAKE, Edit
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Subject
from harness.model import Severity
from harness.text import UNSEEN, shorten, squash

# Of one fault in one field so many places are told: a body that was read in a wrong encoding is
# wrong in every line.
_MOST = 5
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Scripts in which joiners decide how letters look.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af]")
_CURLY = re.compile("[‘’“”„«»–—…]")
# Marks of footnotes, which some extractors leave out by design.
_REFERENCE = re.compile(r"\s*(?:\[[\w ]{1,4}\]|[*†‡¹²³\d]{1,3})\s*")
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
    """Warnings for what the goldens of well-kept libraries do, too."""
    if not edit.sure:
        return "warning"
    moved = edit.there + edit.here
    if edit.fault == "glued":
        # A space is lost by mistake only. Line breaks inside of a block are often left out.
        holder, match = it.reading.holder, placed.match
        inside = match.first != match.last and (
            holder(match.first).block is holder(match.last).block
            or all(len(it.reading.texts[n]) < 60 for n in range(match.first, match.last))
        )
        return "warning" if inside and "\n" in edit.there else "error"
    if edit.fault == "quotes":
        # Straight quotes and hyphens throughout are a choice; some of them are a fault.
        chosen = edit.here.isascii() and not _CURLY.search(it.body_text)
        return "warning" if chosen else "error"
    if edit.fault == "split" and it.torn < 2:
        return "warning"
    if edit.fault == "inline-lost" and _REFERENCE.fullmatch(edit.there):
        return "warning"
    if edit.fault == "bidi":
        return "error" if _RIGHT_TO_LEFT.search(placed.piece.text) or edit.here else "warning"
    if edit.fault == "unseen-characters":
        added = UNSEEN.search(edit.here) and not UNSEEN.search(edit.there)
        joined = any(sign in moved for sign in JOINERS) and _JOINING.search(placed.piece.text)
        return "error" if added or joined else "warning"
    return "error"


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
        if found is None:
            continue
        # Some control characters are white space to Python, and gone where that is.
        strange = found[0].isspace() and found[0] not in it.page.source
        if strange or squash(text) not in it.machine_exact:
            yield Hit(path, f"{found[0]!r} is left in {text!r}", found[0])


@invariant("no-control-characters", fault="unseen-characters")
def no_control_characters(it: Subject) -> Iterator[Hit]:
    """No text holds control characters or halves of characters."""
    for path, text, stands in it.every_text:
        if text.isprintable():
            continue
        found = _CONTROL.search(text) or (None if stands else UNSEEN.search(text))
        if found is None:
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
            key = squash(line)
            if key not in it.alignment.plain.text and key not in it.machine_exact:
                yield Hit(field.path, f"{line!r} stands for a value", line)
            elif not line.islower() and line[:5].lower() != "lorem":
                yield Hit(field.path, f"{line!r} stands for a value", line, severity="warning")
    for placed, edit in it.edits:
        if edit.fault in ("invented", "inline-lost") and _LITERAL_WORD.search(edit.here):
            yield Hit(placed.piece.path, f"{edit.here!r} stands for {edit.there!r}", edit.here)
