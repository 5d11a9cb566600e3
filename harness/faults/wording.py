"""Operators for text that is not as it was: its order, its seams, and words for no value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from harness.faults.characters import INSIDE
from harness.faults.operator import Harm, fault
from harness.invariants.roles import Role

# What stands for "nothing" where code made text of it: str(None), a JavaScript value, pandas, and
# a sentinel of trafilatura's and newspaper's.
_NOTHINGS = ("None", "null", "undefined", "NaN", "[object Object]", "nil")
_SENTINELS = ("[no-author]", "N/A", "Unknown", "{{ author.name }}", "%AUTHOR%")
_SENTENCES = re.compile(r"(?<=[.!?。।])\s+")
_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


@fault("neighbours-swapped", of="reordered", roles=("body",))
def neighbours_swapped(harm: Harm) -> None:
    """Two paragraphs that follow each other stand the other way round."""
    if found := harm.body(2):
        site, body = found
        texts = list(body.texts)
        places = [i for i, (a, b) in enumerate(pairwise(texts)) if a != b]
        if places:
            i = harm.random.choice(places)
            texts[i], texts[i + 1] = texts[i + 1], texts[i]
            site.value = body.with_texts(texts)


@fault("paragraphs-shuffled", of="reordered", roles=("body",), strengths=(0.5, 1.0))
def paragraphs_shuffled(harm: Harm) -> None:
    """Paragraphs stand in another order than on the page."""
    if found := harm.body(3):
        site, body = found
        texts, chosen = list(body.texts), harm.some(len(body.texts))
        moved = list(chosen)
        harm.random.shuffle(moved)
        if moved == chosen:
            moved = [*chosen[1:], *chosen[:1]]
        for target, source in zip(chosen, moved, strict=True):
            texts[target] = body.texts[source]
        site.value = body.with_texts(texts)


@fault("lede-last", of="reordered", roles=("body",))
def lede_last(harm: Harm) -> None:
    """The first paragraph stands at the end."""
    if found := harm.body(2):
        site, body = found
        site.value = body.with_texts([*body.texts[1:], body.texts[0]])


@fault("paragraphs-fused", of="glued", roles=("body",), strengths=(1, 0.5, 1.0))
def paragraphs_fused(harm: Harm) -> None:
    """Paragraphs follow each other without a space, as where `<br>` gives no line end."""
    if found := harm.body(2):
        site, body = found
        fused = set(harm.some(len(body.texts) - 1))
        texts = [body.texts[0]]
        for number, text in enumerate(body.texts[1:]):
            if number in fused:
                texts[-1] += text
            else:
                texts.append(text)
        rest = [""] * (len(body.texts) - len(texts))
        site.value = body.with_texts(texts + rest)


@fault("space-lost", of="glued", roles=("body",), strengths=(1, 5, 1.0))
def space_lost(harm: Harm) -> None:
    """The space between a link or emphasis and the words beside it is lost."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        seams = _seams(texts, harm)
        if not seams:
            every = [(n, m.start()) for n, t in enumerate(texts) for m in _GAP.finditer(t)]
            amount = 1 if isinstance(harm.strength, float) else int(harm.strength)
            seams = sorted(harm.random.sample(every, min(amount, len(every))))
            chosen = seams
        else:
            chosen = [seams[number] for number in harm.some(len(seams))]
        for number, at in reversed(chosen):
            texts[number] = texts[number][:at] + texts[number][at + 1 :]
        site.value = body.with_texts(texts)


@fault("title-space-lost", of="glued", roles=("title",))
def title_space_lost(harm: Harm) -> None:
    """A space of the title is lost."""
    site = harm.pick("title", where=lambda site: bool(_GAP.search(site.text)))
    if site:
        at = harm.random.choice([match.start() for match in _GAP.finditer(site.text)])
        site.value = site.text[:at] + site.text[at + 1 :]


@fault("paragraph-torn", of="split", roles=("body",), strengths=(1, 0.5))
def paragraph_torn(harm: Harm) -> None:
    """A paragraph is torn in two where a link or a sentence begins."""
    if found := harm.body():
        site, body = found
        seams = _seams(body.texts, harm)
        ends = ((n, m) for n, text in enumerate(body.texts) for m in _SENTENCES.finditer(text))
        seams = seams or [(number, match.start()) for number, match in ends]
        chosen = dict(seams[i] for i in harm.some(len(seams)))
        result = []
        for number, paragraph in enumerate(body.paragraphs):
            at = chosen.get(number, 0)
            parts = (paragraph.text[:at].strip(), paragraph.text[at:].strip())
            result += [type(paragraph)(part, paragraph.box) for part in parts if part]
        if len(result) > len(body.paragraphs):
            site.value = body.rebuilt(result)


@fault("word-torn", of="split", roles=("body",), strengths=(1, 5))
def word_torn(harm: Harm) -> None:
    """A space stands inside of a word, as where elements inside of it are joined by spaces."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        inside = [(n, m.start() + 1) for n, t in enumerate(texts) for m in INSIDE.finditer(t)]
        for number, at in reversed([inside[i] for i in harm.some(len(inside))]):
            texts[number] = f"{texts[number][:at]} {texts[number][at:]}"
        site.value = body.with_texts(texts)


@fault("literal-title", of="literal", roles=("title",))
def literal_title(harm: Harm) -> None:
    """The title is the word for no value."""
    _literal(harm, "title", _NOTHINGS)


@fault("literal-byline", of="literal", roles=("byline",))
def literal_byline(harm: Harm) -> None:
    """The byline is the word for no value, or a sentinel or placeholder."""
    _literal(harm, "byline", (*_NOTHINGS, *_SENTINELS))


@fault("literal-in-body", of="literal", roles=("body",), strengths=(1, 3))
def literal_in_body(harm: Harm) -> None:
    """The word for no value stands inside of paragraphs, in place of a link or between words."""
    if found := harm.body():
        site, body = found
        texts, word = list(body.texts), harm.random.choice(_NOTHINGS[:3])
        gaps = [(n, m.start()) for n, text in enumerate(texts) for m in _GAP.finditer(text)]
        for number, at in reversed([gaps[i] for i in harm.some(len(gaps))]):
            texts[number] = f"{texts[number][:at]} {word}{texts[number][at:]}"
        site.value = body.with_texts(texts)


@fault("literal-paragraph", of="literal", roles=("body",))
def literal_paragraph(harm: Harm) -> None:
    """A paragraph is the word for no value."""
    if found := harm.body():
        site, body = found
        position = harm.random.randrange(len(body.paragraphs) + 1)
        site.value = body.inserted(position, harm.random.choice(_NOTHINGS))


def _seams(texts: Sequence[str], harm: Harm) -> list[tuple[int, int]]:
    """(paragraph, character) of spaces where an element begins or ends inside of a paragraph."""
    found: set[tuple[int, int]] = set()
    for number, text in enumerate(texts):
        for start, end in harm.sight.inline(text):
            found.update((number, at) for at in (start - 1, end) if _parts_words(text, at))
    return sorted(found)


def _parts_words(text: str, at: int) -> bool:
    """Whether the character at a position is a space between two words."""
    return (
        0 < at < len(text) - 1
        and text[at] == " "
        and text[at - 1].isalnum()
        and text[at + 1].isalnum()
    )


def _literal(harm: Harm, role: Role, words: Sequence[str]) -> None:
    site = harm.pick(role, where=lambda site: site.value not in (None, "", []))
    if site and isinstance(site.value, (str, list)):
        word = harm.random.choice([w for w in words if w != site.value])
        site.value = [word] if isinstance(site.value, list) else word
