"""Operators for text that should not be there: doubled, leaked, another's, or made up."""

from __future__ import annotations

from collections.abc import Sequence

from harness import records
from harness.faults.bodies import Body, Paragraph
from harness.faults.operator import Harm, fault
from harness.faults.sight import Found
from harness.model import Tree
from harness.text import squash

_MADE_UP = (
    "Officials said further details would be released at a later date.",
    "In this article we look at everything that you need to know about the topic.",
    "As an experienced observer would note, the situation remains complex.",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
)


@fault("paragraph-doubled", of="duplicated", roles=("body",), strengths=(1, 0.5))
def paragraph_doubled(harm: Harm) -> None:
    """Paragraphs stand twice, one after the other."""
    if found := harm.body():
        site, body = found
        doubled = set(harm.some(len(body.paragraphs)))
        site.value = body.rebuilt(
            [p for i, each in enumerate(body.paragraphs) for p in [each] * (1 + (i in doubled))]
        )


@fault("body-doubled", of="duplicated", roles=("body",))
def body_doubled(harm: Harm) -> None:
    """The whole body stands twice, as where a page is built for two sizes of screen."""
    if found := harm.body():
        site, body = found
        site.value = body.rebuilt([*body.paragraphs, *body.paragraphs])


@fault("lede-repeated", of="duplicated", roles=("body",))
def lede_repeated(harm: Harm) -> None:
    """The first paragraph is repeated further below."""
    if found := harm.body(3):
        site, body = found
        position = harm.random.randrange(2, len(body.paragraphs) + 1)
        site.value = body.inserted(position, body.texts[0])


@fault("sentence-doubled", of="duplicated", roles=("body",))
def sentence_doubled(harm: Harm) -> None:
    """A paragraph holds its beginning twice, as where text nodes are walked twice."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        long = [i for i, text in enumerate(texts) if len(text.split()) >= 8]
        if long:
            number = harm.random.choice(long)
            words = texts[number].split()
            texts[number] = " ".join(words[: len(words) // 2] + words)
            site.value = body.with_texts(texts)


@fault("title-doubled", of="duplicated", roles=("title",))
def title_doubled(harm: Harm) -> None:
    """The title holds its text twice, as where a page has it for two sizes of screen."""
    site = harm.pick("title", where=lambda site: bool(site.text.strip()))
    if site:
        site.value = f"{site.text}{harm.random.choice([' ', ''])}{site.text}"


@fault("wrong-block", of="wrong-block", roles=("body",))
def wrong_block(harm: Harm) -> None:
    """Another part of the page stands for the body."""
    if found := harm.body():
        site, body = found
        held = squash("".join(body.texts))
        blocks = [
            block
            for block in harm.sight.blocks
            if not any(len(text) > 40 and squash(text) in held for text in block)
        ]
        if blocks:
            site.value = body.all_in_first(harm.random.choice(blocks))


@fault("card-for-article", of="wrong-block", roles=("body", "related"))
def card_for_article(harm: Harm) -> None:
    """The text of a nested record stands for the body."""
    own = [site for site in harm.sites("body") if not site.card and site.body.texts]
    cards = [site for site in harm.sites("body") if site.card and site.body.words >= 8]
    if own and cards:
        own[0].value = own[0].body.all_in_first(harm.random.choice(cards).body.texts)


@fault("comments-for-article", of="wrong-block", roles=("body",))
def comments_for_article(harm: Harm) -> None:
    """Readers' comments stand for the body."""
    if found := harm.body():
        fresh = harm.sight.fresh(harm.sight.comments, harm.shown())
        if sum(len(each.text.split()) for each in fresh) >= 12:
            found[0].value = found[1].all_in_first([each.text for each in fresh])


@fault("whole-page", of="whole-page", roles=("body",))
def whole_page(harm: Harm) -> None:
    """Everything that a reader sees stands for the body."""
    if found := harm.body():
        site, body = found
        lines = [line.text for line in harm.sight.lines]
        if len(squash("".join(lines))) > 1.2 * len(squash("".join(body.texts))):
            site.value = body.all_in_first(lines)


@fault("headlines-for-article", of="list-page", roles=("body",))
def headlines_for_article(harm: Harm) -> None:
    """Headlines of other articles stand for the body."""
    if found := harm.body():
        site, body = found
        titles = [s.text for s in harm.sites("title") if s.card and s.text.strip()]
        titles = titles or [f.text for f in harm.sight.fresh(harm.sight.related, harm.shown())]
        if len(titles) >= 3:
            site.value = body.all_in_first(titles[:30])


@fault("list-for-article", of="list-page", roles=("title", "body", "related"))
def list_for_article(harm: Harm) -> None:
    """Titles and texts of nested records stand one after the other for the body."""
    own = [site for site in harm.sites("body") if not site.card]
    texts = [t for cards in harm.cards() for card in cards for t in _texts_of_card(card)]
    if own and len(texts) >= 4:
        own[0].value = own[0].body.all_in_first(texts)


@fault("sentence-invented", of="invented", roles=("body",))
def sentence_invented(harm: Harm) -> None:
    """A sentence that the page does not hold stands as a paragraph."""
    if found := harm.body():
        site, body = found
        position = harm.random.randrange(len(body.paragraphs) + 1)
        site.value = body.inserted(position, harm.random.choice(_MADE_UP))


@fault("number-changed", of="invented", roles=("body",))
def number_changed(harm: Harm) -> None:
    """A digit of the text is another."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        digits = [(n, i) for n, t in enumerate(texts) for i, c in enumerate(t) if c in "0123456789"]
        if digits:
            number, i = harm.random.choice(digits)
            digit = str((int(texts[number][i]) + harm.random.randrange(1, 9)) % 10)
            texts[number] = f"{texts[number][:i]}{digit}{texts[number][i + 1 :]}"
            site.value = body.with_texts(texts)


@fault("words-exchanged", of="invented", roles=("body",), strengths=(1, 5))
def words_exchanged(harm: Harm) -> None:
    """Words of a paragraph are replaced by words of another place in the text."""
    if found := harm.body():
        site, body = found
        words = [(n, i) for n, t in enumerate(body.texts) for i, _ in enumerate(t.split(" "))]
        parts = [text.split(" ") for text in body.texts]
        long = sorted({w for text in parts for w in text if len(w) >= 5 and w.isalpha()})
        if len(words) >= 20 and len(long) >= 5:
            for chosen in harm.some(len(words)):
                n, i = words[chosen]
                parts[n][i] = harm.random.choice([word for word in long if word != parts[n][i]])
            site.value = body.with_texts([" ".join(part) for part in parts])


@fault("furniture-leaked", of="chrome-leak", roles=("body",), strengths=(1, 3, 10))
def furniture_leaked(harm: Harm) -> None:
    """Lines of menus, buttons and footers stand in the body, where the page has them."""
    _leak(harm, harm.sight.furniture)


@fault("comments-leaked", of="chrome-leak", roles=("body",), strengths=(1, 1.0))
def comments_leaked(harm: Harm) -> None:
    """Readers' comments stand in the body."""
    _leak(harm, harm.sight.comments)


@fault("byline-leaked", of="chrome-leak", roles=("body", "byline"))
def byline_leaked(harm: Harm) -> None:
    """The line with the byline stands in the body."""
    sites = [site for site in harm.sites("byline") if not site.card]
    bylines = [squash(text) for site in sites for _, text in records.leaves(site.value)]
    if bylines and bylines[0]:
        found = [f for f in harm.sight.lines if bylines[0] in squash(f.text)]
        _leak(harm, [f for f in found if len(f.text) <= 120], anywhere=True)


@fault("caption-leaked", of="caption-leak", roles=("body",), strengths=(1, 1.0))
def caption_leaked(harm: Harm) -> None:
    """Captions stand in the body, where the pictures stand on the page."""
    _leak(harm, harm.sight.captions)


@fault("alternative-leaked", of="caption-leak", roles=("body",))
def alternative_leaked(harm: Harm) -> None:
    """The alternative text of a picture stands in the body."""
    _leak(harm, harm.sight.alternatives)


@fault("related-leaked", of="related-leak", roles=("body",), strengths=(1, 5))
def related_leaked(harm: Harm) -> None:
    """Links to other articles stand in the body."""
    titles = tuple(Found(site.text) for site in harm.sites("title") if site.card and site.text)
    if titles:
        places = harm.sight.places
        titles = tuple(Found(f.text, places.get(squash(f.text))) for f in titles)
        _leak(harm, titles, anywhere=True)
    else:
        _leak(harm, harm.sight.related)


@fault("read-more-leaked", of="related-leak", roles=("body",))
def read_more_leaked(harm: Harm) -> None:
    """ "Read more:" and a link to another article stand in the midst of the body."""
    titles = [Found(site.text) for site in harm.sites("title") if site.card and site.text]
    fresh = titles or harm.sight.fresh(harm.sight.related, harm.shown())
    if fresh and (found := harm.body(2)):
        site, body = found
        lead = harm.random.choice(["Read more: ", "Also read: ", "READ ALSO | "])
        text = f"{lead}{harm.random.choice(fresh).text}"
        site.value = body.inserted(harm.random.randrange(1, len(body.paragraphs)), text)


@fault("hidden-leaked", of="hidden-text", roles=("body",), strengths=(1, 3))
def hidden_leaked(harm: Harm) -> None:
    """Text that no reader sees stands in the body."""
    _leak(harm, harm.sight.hidden)


@fault("script-leaked", of="hidden-text", roles=("body",))
def script_leaked(harm: Harm) -> None:
    """A script or style sheet stands in the body."""
    _leak(harm, harm.sight.scripts)


@fault("title-in-body", of="title-in-body", roles=("title", "body"))
def title_in_body(harm: Harm) -> None:
    """The title is the first paragraph."""
    titles = [site.text for site in harm.sites("title") if not site.card]
    bodies = [site for site in harm.sites("body") if not site.card and site.body.texts]
    if titles and titles[0].strip() and bodies:
        body = bodies[0].body
        if squash(body.texts[0]) != squash(titles[0]):
            bodies[0].value = body.inserted(0, titles[0])


@fault("title-before-lede", of="title-in-body", roles=("title", "body"))
def title_before_lede(harm: Harm) -> None:
    """The first paragraph begins with the title."""
    titles = [site.text for site in harm.sites("title") if not site.card]
    bodies = [site for site in harm.sites("body") if not site.card and site.body.texts]
    if titles and titles[0].strip() and bodies:
        body = bodies[0].body
        if not squash(body.texts[0]).startswith(squash(titles[0])):
            bodies[0].value = body.with_texts([f"{titles[0]} {body.texts[0]}", *body.texts[1:]])


def _leak(harm: Harm, texts: Sequence[Found], *, anywhere: bool = False) -> None:
    """Puts texts into the record's own body, each where it stands on the page.

    ``anywhere``: also texts that stand in another field; without it only what no field shows.
    """
    sites = [site for site in harm.sites("body") if not site.card and site.body.texts]
    if not sites:
        return
    site, body = sites[0], sites[0].body
    shown = squash("\n".join(body.texts)) if anywhere else harm.shown()
    fresh = harm.sight.fresh(texts, shown)
    chosen = [fresh[number] for number in harm.some(len(fresh))]
    placed = [(_position(harm, body, each), _one_line(each.text)) for each in chosen]
    result: list[Paragraph] = []
    for number, paragraph in enumerate((*body.paragraphs, None)):
        box = paragraph.box if paragraph else body.paragraphs[-1].box
        result += [Paragraph(text, box) for position, text in placed if position == number]
        if paragraph:
            result.append(paragraph)
    if placed:
        site.value = body.rebuilt(result)


def _position(harm: Harm, body: Body, found: Found) -> int:
    position = harm.sight.position(found, body.texts)
    return harm.random.randrange(len(body.paragraphs) + 1) if position is None else position


def _one_line(text: str) -> str:
    """One line, whatever white space the text has."""
    return " ".join(text.split())


def _texts_of_card(card: dict[str, Tree]) -> list[str]:
    found: list[str] = []
    for name in ("title", "headline", "byline"):
        value = card.get(name)
        if isinstance(value, str) and value.strip():
            found.append(_one_line(value))
    return found
