"""The texts of nested records: as on the page, once, and there where their neighbours' are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.text import collapse, squash

# Shorter texts stand on a page more than once, and their spaces prove nothing.
_TELLING = 24
# So many characters in one line are prose, so many in a region an article.
_PROSE, _ARTICLE = 60, 200
# Thai to Khmer, and kana to Han: scripts without spaces between words.
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u17ff"), ("\u3040", "\u9fff"))


@invariant("card-spaces", fault="glued")
def card_spaces(it: Subject) -> Iterator[Hit]:
    """The texts of nested records have their spaces where the page has them."""
    page = " ".join(it.reading.texts)
    places: list[int] = []
    squashed = ""
    for field in _texts(it):
        for line in field.lines:
            text = collapse(line)
            if len(text) < _TELLING or text in page:
                continue
            if not places:
                places = [i for i, char in enumerate(page) if not char.isspace()]
                squashed = squash(page)
            key = squash(text)
            start = squashed.find(key)
            if start < 0:
                continue  # other invariants look at other words
            there = page[places[start] : places[start + len(key) - 1] + 1]
            wrong = _first_difference(text, there)
            if wrong is not None:
                at, glued = wrong
                words = f"{text[max(0, at - 12) : at + 12]!r} is {_around(there, at)!r} on the page"
                if glued:
                    yield Hit(field.path, words, there)
                else:
                    yield Hit(field.path, words, there, severity="warning", fault="split")


@invariant("card-text-once", fault="duplicated")
def card_text_once(it: Subject) -> Iterator[Hit]:
    """A nested record repeats no text that the page shows once."""
    page = " ".join(it.reading.texts)
    for field in _texts(it):
        if field.role != "body":
            continue
        for text, times in Counter(map(collapse, field.lines)).items():
            if times > 1 and len(text) >= _TELLING and page.count(text) < times:
                yield Hit(field.path, f"{text!r} stands there {times} times", text)


@invariant("card-body", fault="empty", severity="warning")
def card_body(it: Subject) -> Iterator[Hit]:
    """A nested record has a text where its neighbours have one and the page shows one."""
    lists: dict[str, list[Field]] = defaultdict(list)
    for field in it.fields("body", cards=True):
        if field.card:
            lists[field.card.rpartition("[")[0]].append(field)
    for bodies in lists.values():
        empty = [each for each in bodies if not each.lines]
        if not empty or len(bodies) - len(empty) < max(2, len(empty)):
            continue
        claimed = _claimed(it)
        for field in empty:
            if prose := _prose_after(it, field.card, claimed, _PROSE):
                yield Hit(field.path, f"empty, and the page shows {prose!r}", prose)


@invariant("body-after-title", fault="empty", severity="warning")
def body_after_title(it: Subject) -> Iterator[Hit]:
    """A record of a plain text has a body where prose follows its title."""
    if not it.capture.media_type.startswith("text/plain"):
        return
    for field in it.fields("body"):
        if not field.lines and (prose := _prose_after(it, "", _claimed(it), _ARTICLE)):
            yield Hit(field.path, f"empty, and after the title stands {prose!r}", prose)


def _texts(it: Subject) -> Iterator[Field]:
    """The prose of nested records."""
    return (f for f in it.all_fields if f.card and f.role in ("title", "body", "description"))


def _claimed(it: Subject) -> str:
    return "\n".join(squash(line) for field in it.all_fields for line in field.lines)


def _prose_after(it: Subject, path: str, claimed: str, least: int) -> str:
    """The first long line behind a title that no field claims, where there are enough of them."""
    if path not in it.regions.starts:
        return ""
    lines = [it.regions.texts[number] for number in it.regions.after(path)]
    loose = [
        text
        for text in lines
        if len(text) >= _PROSE and " " in text and squash(text)[:_PROSE] not in claimed
    ]
    return loose[0] if sum(map(len, loose)) >= least else ""


def _first_difference(text: str, there: str) -> tuple[int, bool] | None:
    """Where the first space differs in a text, and whether it is lost; None where none counts."""
    i = j = 0
    while i < len(text) and j < len(there):
        if text[i] == there[j] or (text[i].isspace() and there[j].isspace()):
            i, j = i + 1, j + 1
        elif there[j].isspace():
            if _counts(there, j):
                return i, True
            j += 1
        elif text[i].isspace():
            if _counts(text, i):
                return i, False
            i += 1
        else:
            return None
    return None


def _counts(text: str, at: int) -> bool:
    """Whether the space at ``at`` stands between words of a script that has such spaces."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not after.isalnum() or not (before.isalnum() or before in tuple(".,;:!?")):
        return False
    return not any(low <= char <= high for low, high in _UNSPACED for char in (before, after))


def _around(text: str, at: int) -> str:
    return text[max(0, at - 12) : at + 13]
