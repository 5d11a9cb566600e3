"""Edits of what the page says, which the record must follow; and text that no field may take.

Where the article stands is not asked of a golden: it is the longest run of prose in one element.
An edit of it is judged in those fields only that hold the paragraphs beside the edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from random import Random

from harness.mutations.changes import (
    Follows,
    GainsParagraph,
    LosesLede,
    LosesParagraph,
    PermutesParagraphs,
)
from harness.mutations.draft import Change, Draft, Mutation, html_mutation, stated_once
from harness.mutations.markup import OPEN, TEXT, Paragraph
from harness.text import collapse, shorten, squash

FAMILY, HIDDEN, CHARACTERS = "content", "hidden text", "characters"
_SYLLABLES = "ba de fo gu ka le mi no pu ra so ti va we zo".split()
# Where sentences have no spaces, a canary of whole words cannot be made of their words.
_FEWEST_WORDS = 8
# What bytes that are no text are decoded to (PEP 383).
_BYTES = frozenset(map(chr, range(0xDC80, 0xDD00)))


def new_word(draft: Draft, rng: Random) -> str:
    """A word that can be spoken and stands nowhere in the source."""
    while True:
        word = "".join(rng.choice(_SYLLABLES) for _ in range(4)).capitalize()
        if word not in draft.source:
            return word


def canary(text: str, mark: str, rng: Random) -> str:
    """A paragraph that says nothing, of the words of ``text`` in another order, and ``mark``.

    It has the language, length and share of small words of its model, by which extractors tell
    prose from lists. Text in a script without spaces is cut in two and its halves exchanged.
    """
    found = text.split()
    if len(found) < _FEWEST_WORDS:
        half = len(text) // 2
        return f"{text[half:]} {mark} {text[:half]}"
    at = rng.randrange(2, len(found) - 2)
    turned = found[at:] + found[:at]
    for i in range(0, len(turned) - 1, 3):
        turned[i], turned[i + 1] = turned[i + 1], turned[i]
    turned.insert(len(turned) // 2, mark)
    return " ".join(turned)


def start_tag(draft: Draft, paragraph: Paragraph) -> str:
    """A paragraph's own start tag, for one beside it: selectors go by its class. Without id."""
    source = draft.tokens[paragraph.start].source
    return re.sub(r"""\sid\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", source, flags=re.I)


def insert(draft: Draft, place: int, markup: str) -> str:
    """The source with something put before a token."""
    parts = [token.source for token in draft.tokens]
    return "".join([*parts[:place], markup, *parts[place:]])


def cut(draft: Draft, paragraph: Paragraph) -> str:
    """The source without a paragraph."""
    parts = [token.source for token in draft.tokens]
    return "".join([*parts[: paragraph.start], *parts[paragraph.end + 1 :]])


def _gained(text: str) -> Callable[[str, str], bool]:
    key = squash(text)
    return lambda old, new: new.count(key) == 1 and new.replace(key, "", 1) == old


def _gain(draft: Draft, rng: Random, where: str, special: str = "") -> Change | None:
    run = draft.outline.article
    if len(run) < 3:
        return None
    if where == "middle":
        i = rng.randrange(len(run) - 1)
        model, place, near, edge = run[i], run[i].end + 1, (run[i].text, run[i + 1].text), ""
    elif where == "first":
        model, place, near, edge = run[0], run[0].start, (run[1].text, run[2].text), run[0].text
    else:
        model, place, near = run[-1], run[-1].end + 1, (run[-3].text, run[-2].text)
        edge = run[-1].text
    longest = max(run, key=lambda p: len(p.text))
    mark = new_word(draft, rng)
    text = canary(longest.text, f"{mark} {special}".strip(), rng)
    source = insert(draft, place, f"{start_tag(draft, model)}{draft.escape(text)}</p>")
    relation = GainsParagraph(collapse(text), near, where, edge)
    return Change(
        source,
        stated_once(draft, relation, *near),
        f"a new paragraph with {mark!r}: {where} of the prose",
        _gained(text),
    )


@html_mutation(
    "canary-middle", FAMILY, "a new paragraph between two of the article", relation=GainsParagraph()
)
def canary_middle(draft: Draft, rng: Random) -> Change | None:
    """A body cut short, taken from elsewhere or with blocks doubled does not show it once."""
    return _gain(draft, rng, "middle")


@html_mutation(
    "canary-first", FAMILY, "a new paragraph before the article's first", relation=GainsParagraph()
)
def canary_first(draft: Draft, rng: Random) -> Change | None:
    """An extractor that loses the lede loses this one."""
    return _gain(draft, rng, "first")


@html_mutation(
    "canary-last", FAMILY, "a new paragraph after the article's last", relation=GainsParagraph()
)
def canary_last(draft: Draft, rng: Random) -> Change | None:
    """An extractor that always drops the last paragraph drops this one."""
    return _gain(draft, rng, "last")


_SPECIAL = {
    "quotes": (
        "curly, straight and angle quotes, dashes and an ellipsis",
        "“Taroz” ‘is’ \"not\" 'one' «of» „them“ — it’s – well…",
    ),
    "bidi": (
        "right-to-left words with their marks and isolates",
        "\u200fשלום\u200f and \u2067مرحبا\u2069 (here)\u200e",
    ),
    "joiners": (
        "joiners in Persian, Hindi and an emoji",
        "می\u200cخواهم क्\u200dष 👩\u200d🚀",
    ),
    "astral": ("characters beyond 16 bits", "𝒳 is 𠮷 and 😀 with 🇺🇦"),
    "markup-text": (
        "text about markup, escaped as it must be",
        "the tag <b> and the reference &amp; where 1 < 2 & 3 > 2",
    ),
    "combining": ("letters with combining marks, decomposed", "cafe\u0301 and n\u0303u i\u0307"),
    "no-break-spaces": ("no-break and thin spaces", "10\u00a0000\u202f% of\u2009it"),
}


def _special(name: str, summary: str, text: str) -> Mutation:
    def rewrite(draft: Draft, rng: Random) -> Change | None:
        return _gain(draft, rng, "middle", text)

    return html_mutation(
        f"canary-{name}", CHARACTERS, f"a new paragraph with {summary}", relation=GainsParagraph()
    )(rewrite)


def _alone(run: Sequence[Paragraph], paragraph: Paragraph) -> bool:
    """Whether a paragraph is one of many: without it the article is an article still."""
    return len(paragraph.text) * 3 <= sum(len(p.text) for p in run)


def _lost(text: str) -> Callable[[str, str], bool]:
    key = squash(text)
    return lambda old, new: old.count(key) == 1 and old.replace(key, "") == new


@html_mutation(
    "delete-paragraph", FAMILY, "one paragraph of the article deleted", relation=LosesParagraph()
)
def delete_paragraph(draft: Draft, rng: Random) -> Change | None:
    """What the record still holds of it was not taken from this page."""
    run = draft.outline.article
    if len(run) < 4:
        return None
    i = rng.randrange(1, len(run) - 1)
    gone = run[i]
    if not _alone(run, gone):
        return None
    near = (run[i - 1].text, run[i + 1].text)
    relation = stated_once(draft, LosesParagraph(gone.text, near), gone.text)
    return Change(cut(draft, gone), relation, f"deleted: {shorten(gone.text)!r}", _lost(gone.text))


@html_mutation("delete-lede", FAMILY, "the article's first paragraph deleted", relation=LosesLede())
def delete_lede(draft: Draft, rng: Random) -> Change | None:  # noqa: ARG001
    """It must change the output: a body that does not change never had its first paragraph."""
    run = draft.outline.article
    if len(run) < 4 or not _alone(run, run[0]):
        return None
    near = (run[1].text, run[2].text)
    relation = stated_once(draft, LosesLede(run[0].text, near), run[0].text)
    note = f"deleted: {shorten(run[0].text)!r}"
    return Change(cut(draft, run[0]), relation, note, _lost(run[0].text))


@html_mutation(
    "swap-paragraphs",
    FAMILY,
    "two neighbouring paragraphs exchanged",
    relation=PermutesParagraphs(),
)
def swap_paragraphs(draft: Draft, rng: Random) -> Change | None:
    """The body follows the page's order."""
    run = draft.outline.article
    if len(run) < 4:
        return None
    i = rng.randrange(1, len(run) - 2)
    one, two = run[i], run[i + 1]
    parts = [token.source for token in draft.tokens]
    source = "".join(
        [
            *parts[: one.start],
            *parts[two.start : two.end + 1],
            *parts[one.end + 1 : two.start],
            *parts[one.start : one.end + 1],
            *parts[two.end + 1 :],
        ]
    )
    relation = PermutesParagraphs(one.text, two.text)
    return Change(
        source,
        stated_once(draft, relation, one.text, two.text),
        f"exchanged: {shorten(one.text, 30)!r} and {shorten(two.text, 30)!r}",
        _swapped(one, two),
    )


def _swapped(one: Paragraph, two: Paragraph) -> Callable[[str, str], bool]:
    a, b = squash(one.text), squash(two.text)
    between = re.compile(f"{re.escape(a)}(.*?){re.escape(b)}", re.S)
    return lambda old, new: between.sub(lambda m: b + m[1] + a, old, count=1) == new


def _heading(draft: Draft) -> str | None:
    """The text of the only ``<h1>``, when it is of one piece and long enough to be no label."""
    tokens, outline = draft.tokens, draft.outline
    starts = [
        i
        for i, t in enumerate(tokens)
        if t.kind is OPEN and t.name == "h1" and not outline.out_of_sight[i]
    ]
    if len(starts) != 1 or starts[0] not in outline.end:
        return None
    texts = [
        t.source.strip()
        for t in tokens[starts[0] : outline.end[starts[0]]]
        if t.kind is TEXT and t.source.strip()
    ]
    if len(texts) != 1:
        return None
    text = collapse(unescape(texts[0]))
    return text if len(text) >= 12 and _BYTES.isdisjoint(text) else None


def _written(text: str) -> str:
    """A pattern for a text in all the ways in which HTML, attributes and JSON write it.

    Letters and digits of ASCII are written as they are; the rest maybe as reference or escape.
    """
    parts = []
    for char in text:
        if char.isascii() and char.isalnum():
            parts.append(char)
        elif char.isspace():
            parts.append(r"(?:\s|&nbsp;|&#160;|\\u00a0)+")
        else:
            other = r"&#?\w+;|(?:\\u[0-9a-fA-F]{4}){1,2}|\\."
            parts.append(f"(?:{re.escape(char)}|{other})")
    return "".join(parts)


def replace_wording(draft: Draft, text: str, rng: Random) -> tuple[str, str]:
    """The source with one word of a heading replaced wherever the heading stands; its new text.

    A heading without a word of ASCII letters gains one.
    """
    found = list(re.finditer(r"[A-Za-z]{4,}", text))
    mark, half = new_word(draft, rng), len(text) // 2
    start, end = rng.choice(found).span() if found else (half, half)
    if not found:
        mark = f" {mark} "
    elif text[start].islower():
        mark = mark.lower()
    before, after = _written(text[:start]), _written(text[end:])
    pattern = re.compile(f"({before}){text[start:end]}({after})")
    source = pattern.sub(lambda m: f"{m[1]}{mark}{m[2]}", draft.source)
    return source, collapse(text[:start] + mark + text[end:])


@html_mutation(
    "edit-title",
    FAMILY,
    "a word of the title replaced wherever the title stands",
    relation=Follows(),
)
def edit_title(draft: Draft, rng: Random) -> Change | None:
    """In heading, ``<title>``, metadata and JSON alike; what follows none of them is made up."""
    heading = _heading(draft)
    if heading is None:
        return None
    source, text = replace_wording(draft, heading, rng)
    old, new = squash(heading), squash(text)
    return Change(
        source,
        Follows(heading, text),
        f"title is now {shorten(text)!r}",
        lambda before, after: before.replace(old, new) == after,
    )


MUTATIONS: tuple[Mutation, ...] = (
    canary_middle,
    canary_first,
    canary_last,
    delete_paragraph,
    delete_lede,
    swap_paragraphs,
    edit_title,
    *(_special(name, *rest) for name, rest in _SPECIAL.items()),
)
