"""Operators for text that is not there: empty fields, stubs, lost ends, beginnings and middles."""

from __future__ import annotations

import re

from harness.faults.operator import Harm, fault
from harness.invariants.roles import Role
from harness.text import squash

# What consent layers and paywalls say in place of the article.
_CONSENT = (
    "We value your privacy. We and our partners store information on your device. Manage choices",
    "Before you continue, please accept cookies to see this content.",
    "Wir verwenden Cookies. Mit Klick auf Akzeptieren stimmen Sie zu.",
)
_PAYWALL = (
    "Subscribe to continue reading this article.",
    "This article is for subscribers only. Already a subscriber? Log in.",
    "Pour lire la suite, abonnez-vous.",
)
_BLOCKED = (
    "Access denied. Please enable JavaScript and cookies to continue.",
    "Verifying you are human. This may take a few seconds.",
)
_SENTENCE_END = re.compile(r"[.!?。।…][\"”’»]?$")


def _lose(harm: Harm, *roles: Role) -> None:
    site = harm.pick(*roles, where=lambda site: site.value not in (None, "", []))
    if site:
        site.value = [] if isinstance(site.value, list) else None


@fault("title-lost", of="empty", roles=("title",))
def title_lost(harm: Harm) -> None:
    """The title is gone."""
    _lose(harm, "title")


@fault("byline-lost", of="empty", roles=("byline",))
def byline_lost(harm: Harm) -> None:
    """The byline is gone."""
    _lose(harm, "byline")


@fault("date-lost", of="empty", roles=("published",))
def date_lost(harm: Harm) -> None:
    """The time of publication is gone."""
    _lose(harm, "published")


@fault("body-lost", of="empty", roles=("body",))
def body_lost(harm: Harm) -> None:
    """The body is empty."""
    if found := harm.body():
        site, body = found
        site.value = "" if isinstance(site.value, str) else body.rebuilt([])


@fault("related-lost", of="empty", roles=("related",))
def related_lost(harm: Harm) -> None:
    """The list of other articles is empty."""
    site = harm.pick("related", where=lambda site: bool(site.value))
    if site:
        site.value = []


@fault("everything-lost", of="empty", roles=("title", "byline", "published", "body"))
def everything_lost(harm: Harm) -> None:
    """Every field is empty, as after malformed metadata."""
    for name, value in harm.record.items():
        harm.record[name] = [] if isinstance(value, list) else None


@fault("stub", of="stub", roles=("body",), strengths=(6, 30, 74))
def stub(harm: Harm) -> None:
    """Of the body only the first words are left."""
    if found := harm.body():
        site, body = found
        words = " ".join(body.texts).split()
        if len(words) >= 2 * harm.strength:
            site.value = body.all_in_first([" ".join(words[: int(harm.strength)])])


@fault("teaser", of="stub", roles=("body",))
def teaser(harm: Harm) -> None:
    """The description from the metadata stands for the body."""
    text, found = harm.sight.description, harm.body(2)
    if found and text and squash(text) != squash("".join(found[1].texts)):
        found[0].value = found[1].all_in_first([text])


@fault("consent-notice", of="stub", roles=("body",))
def consent_notice(harm: Harm) -> None:
    """A consent notice stands for the body."""
    if found := harm.body():
        found[0].value = found[1].all_in_first([harm.random.choice(_CONSENT)])


@fault("block-page", of="stub", roles=("body",))
def block_page(harm: Harm) -> None:
    """What a bot wall says stands for the body."""
    if found := harm.body():
        found[0].value = found[1].all_in_first([harm.random.choice(_BLOCKED)])


@fault("paywall", of="stub", roles=("body",), strengths=(1, 2))
def paywall(harm: Harm) -> None:
    """After the first paragraphs a request to subscribe ends the body."""
    if found := harm.body(int(harm.strength) + 2):
        site, body = found
        kept = [*body.texts[: int(harm.strength)], harm.random.choice(_PAYWALL)]
        site.value = body.all_in_first(kept)


@fault("end-lost", of="truncated", roles=("body",), strengths=(1, 0.1, 0.5))
def end_lost(harm: Harm) -> None:
    """The last paragraphs are gone."""
    if found := harm.body(2):
        site, body = found
        kept = len(body.paragraphs) - harm.count(len(body.paragraphs) - 1)
        site.value = body.rebuilt(body.paragraphs[:kept])


@fault("cut-in-sentence", of="truncated", roles=("body",), strengths=(0.05, 0.3, 0.6))
def cut_in_sentence(harm: Harm) -> None:
    """The body stops in the midst of a sentence; the strength is the share that is lost."""
    if found := harm.body():
        site, body = found
        kept, texts = round(body.words * (1 - harm.strength)), []
        for text in body.texts:
            words = text.split()
            texts.append(" ".join(words[: max(0, kept)]) if kept < len(words) else text)
            kept -= len(words)
        while texts and not texts[-1]:
            texts.pop()
        if texts and texts[-1] == body.texts[len(texts) - 1]:
            texts[-1] = " ".join(texts[-1].split()[:-2])
        if texts and texts[-1] and not _SENTENCE_END.search(texts[-1]):
            site.value = body.with_texts(texts + [""] * (len(body.texts) - len(texts)))


@fault("cut-with-ellipsis", of="truncated", roles=("body",), strengths=(200, 500))
def cut_with_ellipsis(harm: Harm) -> None:
    """The body is cut after so many characters, and "…" is put there, as feeds do."""
    if found := harm.body():
        site, body = found
        room, texts = int(harm.strength), []
        for text in body.texts:
            if room < len(text):
                texts.append(f"{text[:room].rstrip()}{harm.random.choice(['…', '...', ' [...]'])}")
                break
            texts.append(text)
            room -= len(text)
        if len("".join(body.texts)) > harm.strength + 40:
            site.value = body.with_texts(texts + [""] * (len(body.texts) - len(texts)))


@fault("paragraph-cut", of="truncated", roles=("body",))
def paragraph_cut(harm: Harm) -> None:
    """A paragraph in the midst lacks its second half."""
    if found := harm.body(3):
        site, body = found
        texts = list(body.texts)
        long = [i for i, text in enumerate(texts[:-1]) if len(text.split()) >= 12]
        if long:
            number = harm.random.choice(long)
            words = texts[number].split()
            texts[number] = " ".join(words[: len(words) // 2])
            site.value = body.with_texts(texts)


@fault("lede-lost", of="lede-missing", roles=("body",), strengths=(1, 2))
def lede_lost(harm: Harm) -> None:
    """The first paragraphs are gone."""
    if found := harm.body(int(harm.strength) + 1):
        site, body = found
        site.value = body.rebuilt(body.paragraphs[int(harm.strength) :])


@fault("middle-lost", of="paragraph-lost", roles=("body",), strengths=(1, 0.1, 0.5))
def middle_lost(harm: Harm) -> None:
    """Paragraphs in the midst are gone."""
    if found := harm.body(3):
        site, body = found
        lost = {number + 1 for number in harm.some(len(body.paragraphs) - 2)}
        site.value = body.rebuilt([p for i, p in enumerate(body.paragraphs) if i not in lost])


@fault("short-lost", of="paragraph-lost", roles=("body",), strengths=(60, 120))
def short_lost(harm: Harm) -> None:
    """Paragraphs shorter than so many characters are taken for furniture and left out."""
    if found := harm.body(2):
        site, body = found
        site.value = body.rebuilt([p for p in body.paragraphs if len(p.text) >= harm.strength])


def _lose_elements(harm: Harm, selector: str) -> None:
    keys = {squash(text) for text in harm.sight.texts(selector)}
    if found := harm.body(2):
        site, body = found
        kept = [p for p in body.paragraphs if squash(p.text) not in keys]
        if kept:
            site.value = body.rebuilt(kept)


@fault("list-items-lost", of="paragraph-lost", roles=("body",))
def list_items_lost(harm: Harm) -> None:
    """The items of the body's lists are gone."""
    _lose_elements(harm, "li,li p")


@fault("quotes-lost", of="paragraph-lost", roles=("body",))
def quotes_lost(harm: Harm) -> None:
    """The body's block quotes are gone."""
    _lose_elements(harm, "blockquote,blockquote p")


@fault("subheadings-lost", of="paragraph-lost", roles=("body",))
def subheadings_lost(harm: Harm) -> None:
    """The headings inside of the body are gone."""
    _lose_elements(harm, "h2,h3,h4,h5")


@fault("inline-lost", of="inline-lost", roles=("body",), strengths=(1, 0.5, 1.0))
def inline_lost(harm: Harm) -> None:
    """The texts of links and emphasis inside of paragraphs are gone."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        places = [
            (number, *span) for number, text in enumerate(texts) for span in harm.sight.inline(text)
        ]
        gap = harm.random.choice(["", " "])
        for number, start, end in reversed([places[i] for i in harm.some(len(places))]):
            text = texts[number]
            rest = text[end:].removeprefix(" ") if not gap else text[end:]
            texts[number] = f"{text[:start]}{rest}".strip()
        site.value = body.with_texts(texts)


@fault("words-lost", of="inline-lost", roles=("body",), strengths=(1, 3))
def words_lost(harm: Harm) -> None:
    """A few words in a row are missing inside of a paragraph."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        long = [i for i, text in enumerate(texts) if len(text.split()) >= 8]
        if long:
            number = harm.random.choice(long)
            words = texts[number].split(" ")
            amount = int(harm.strength)
            start = harm.random.randrange(1, max(2, len(words) - amount - 1))
            texts[number] = " ".join(words[:start] + words[start + amount :])
            site.value = body.with_texts(texts)


@fault("description-lost", of="empty", roles=("description",))
def description_lost(harm: Harm) -> None:
    """The description is gone."""
    _lose(harm, "description")
