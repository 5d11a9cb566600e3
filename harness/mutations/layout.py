"""Models of what sites do to their layout: a right extractor may drift, so it is measured.

An extractor that selects by class breaks when the class is renamed, and is not wrong. How often
each field survives each of these is what the robustness table says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from harness.mutations.content import new_word
from harness.mutations.draft import Draft, Law, Mutation, Rewrite, html_mutation
from harness.mutations.markup import CLOSE, OPEN, TEXT, Paragraph, Tag, change_tags, read_tag
from harness.mutations.relations import MayDrift, PermutesRecords, SameProse, SameTokens
from harness.text import collapse

FAMILY, METADATA = "layout", "metadata"
_METADATA_NAMES = re.compile(
    r"""\b(?:name|property|itemprop)\s*=\s*["']?(?:og:|article:|twitter:|dc\.|dcterms|parsely|
    sailthru|cXense|author|date|description|headline|keywords|news_keywords|pubdate|title)""",
    re.I | re.X,
)
_MICRODATA = re.compile(r"^(?:item(?:prop|scope|type|id|ref)|property|typeof|vocab|about)$", re.I)


def layout(
    name: str,
    summary: str,
    *,
    prose: bool = False,
    family: str = FAMILY,
    law: Law = lambda before, after: before == after,
) -> Callable[[Rewrite], Mutation]:
    """A mutation that may drift; ``prose``: only the fields of running text are measured.

    A reader of the page sees the same text, unless another ``law`` is named.
    """
    base = SameProse() if prose else SameTokens()
    return html_mutation(name, family, summary, relation=MayDrift(base), law=law)


def parts_of(draft: Draft) -> list[str]:
    """The tokens' sources, to be changed in place."""
    return [token.source for token in draft.tokens]


def rename(parts: list[str], draft: Draft, start: int, name: str, keep: bool = True) -> None:
    """Gives an element another name; ``keep``: with its attributes."""
    old, end = draft.tokens[start].name, draft.outline.end[start]
    parts[start] = f"<{name}{parts[start][1 + len(old) :]}" if keep else f"<{name}>"
    parts[end] = f"</{name}>"


def _renamed(name: str, tags: dict[str, str], summary: str) -> Mutation:
    def rewrite(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
        parts = parts_of(draft)
        for start in draft.outline.end:
            other = tags.get(draft.tokens[start].name)
            if other and not draft.outline.out_of_sight[start]:
                rename(parts, draft, start, other)
        return "".join(parts)

    return layout(name, summary)(rewrite)


p_to_div = _renamed("p-to-div", {"p": "div"}, "every <p> is a <div>")
div_to_section = _renamed("div-to-section", {"div": "section"}, "every <div> is a <section>")
article_to_div = _renamed(
    "article-to-div",
    {"article": "div", "main": "div", "section": "div"},
    "<article>, <main> and <section> are <div>",
)
h1_to_h2 = _renamed("h1-to-h2", {"h1": "h2"}, "every <h1> is a <h2>")
headings_to_div = _renamed(
    "headings-to-div", dict.fromkeys(["h1", "h2", "h3", "h4"], "div"), "headings are <div>"
)
lists_to_div = _renamed(
    "lists-to-div", {"ul": "div", "ol": "div", "li": "div"}, "lists and their items are <div>"
)


@layout("wrap-run", "a wrapper round the paragraphs of the article")
def wrap_run(draft: Draft, rng: Random) -> str | None:
    """Each redesign puts another box round the text."""
    run = draft.outline.article
    return _wrap(draft, run, f'<div class="{_class(rng)}">') if run else None


@layout("wrap-three", "three paragraphs of the article in a wrapper of their own")
def wrap_three(draft: Draft, rng: Random) -> str | None:
    """Ad and paywall scripts box a part of the text; a scorer may take the box for the whole."""
    run = draft.outline.article
    if len(run) < 4:
        return None
    i = rng.randrange(len(run) - 2)
    return _wrap(draft, run[i : i + 3], "<div>")


@layout("wrap-each", "each paragraph of the article in a wrapper of its own")
def wrap_each(draft: Draft, rng: Random) -> str | None:
    """Page builders put each block in a box."""
    run = draft.outline.article
    parts, tag = parts_of(draft), f'<div class="{_class(rng)}">'
    for paragraph in run:
        parts[paragraph.start] = tag + parts[paragraph.start]
        parts[paragraph.end] += "</div>"
    return "".join(parts) if run else None


@layout("wrap-deep", "the article's paragraphs a thousand wrappers deep")
def wrap_deep(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """No page is so, but recursion ends here, and libxml2 gives up at 256."""
    run = draft.outline.article
    return _wrap(draft, run, "<div>", 1000) if run else None


@layout("wrap-body", "a wrapper round all of the page")
def wrap_body(draft: Draft, rng: Random) -> str | None:
    """Application frameworks have one root element."""
    parts, tokens = parts_of(draft), draft.tokens
    starts = [i for i, t in enumerate(tokens) if t.kind is OPEN and t.name == "body"]
    ends = [i for i, t in enumerate(tokens) if t.kind is CLOSE and t.name == "body"]
    if not starts or not ends:
        return None
    parts[starts[0]] += f'<div id="{_class(rng)}">'
    parts[ends[-1]] = "</div>" + parts[ends[-1]]
    return "".join(parts)


def _class(rng: Random) -> str:
    return f"{rng.choice(['box', 'wrap', 'layout', 'col'])}-{rng.randrange(16**4):04x}"


def _wrap(draft: Draft, run: Sequence[Paragraph], tag: str, times: int = 1) -> str:
    parts = parts_of(draft)
    parts[run[0].start] = tag * times + parts[run[0].start]
    parts[run[-1].end] += "</div>" * times
    return "".join(parts)


@layout("unwrap-box", "the element round the article's paragraphs taken away")
def unwrap_box(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """Each redesign takes a box away."""
    run = draft.outline.article
    box = draft.outline.parent[run[0].start] if run else -1
    if box < 0 or box not in draft.outline.end or draft.tokens[box].name in ("body", "html"):
        return None
    parts = parts_of(draft)
    parts[box] = parts[draft.outline.end[box]] = ""
    return "".join(parts)


@layout("unwrap-links", "links of the article's prose taken away, their text left")
def unwrap_links(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """Text is no less text for a link round it."""
    parts, found = parts_of(draft), False
    for paragraph in draft.outline.article:
        for i in range(paragraph.start, paragraph.end):
            if draft.tokens[i].kind is OPEN and draft.tokens[i].name == "a":
                end = draft.outline.end.get(i)
                if end is not None:
                    parts[i] = parts[end] = ""
                    found = True
    return "".join(parts) if found else None


@layout("p-to-br", "the article's paragraphs as lines between <br><br>")
def p_to_br(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """How older content systems write paragraphs."""
    run = draft.outline.article
    if len(run) < 2:
        return None
    parts = parts_of(draft)
    for paragraph in run:
        parts[paragraph.start], parts[paragraph.end] = "", "<br><br>"
    return "".join(parts)


@layout("br-to-p", "lines between <br><br> as paragraphs")
def br_to_p(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The way back: ``a<br><br>b`` inside of a paragraph is two paragraphs."""
    made = draft.source
    for paragraph in reversed(draft.outline.paragraphs):
        inside = "".join(t.source for t in draft.tokens[paragraph.start + 1 : paragraph.end])
        split = re.sub(r"(?:<br\s*/?>\s*){2,}", "</p><p>", inside, flags=re.I)
        if split != inside and "<a" not in split:
            made = made.replace(inside, split, 1)
    return None if made == draft.source else made


def _attributes(draft: Draft, change: Callable[[str, str], str | None]) -> str:
    """Every attribute of every tag changed; None takes it away."""

    def changed(tag: Tag) -> Tag:
        found = ((n, change(n.lower(), v)) for n, v in tag.attributes)
        return tag._replace(attributes=tuple((n, v) for n, v in found if v is not None))

    return change_tags(draft.tokens, changed)


def _renaming(attribute: str) -> Rewrite:
    def rewrite(draft: Draft, rng: Random) -> str:
        salt = f"{rng.randrange(16**3):03x}"

        def change(name: str, value: str) -> str:
            if name != attribute or value[:1] not in ("'", '"'):
                return value
            return re.sub(r"[^\s\"']+", lambda m: _other_name(m[0], salt), value)

        return _attributes(draft, change)

    return rewrite


def _other_name(name: str, salt: str) -> str:
    """A name of the same length and look, always the same for the same name."""
    shift = int(salt, 16) % 24 + 1
    turned = "".join(chr((ord(c) - 97 + shift) % 26 + 97) if "a" <= c <= "z" else c for c in name)
    return f"{turned}{salt}"


class_renamed = layout("class-renamed", "every class renamed, each always to the same")(
    _renaming("class")
)
id_renamed = layout("id-renamed", "every id renamed")(_renaming("id"))


@layout("class-added", "a class that nothing names added beside the others")
def class_added(draft: Draft, rng: Random) -> str:
    """CSS-in-JS adds such at every build. ``.name`` does not see it, ``[class="name"]`` does."""

    def add(tag: Tag) -> Tag:
        found = []
        for name, value in tag.attributes:
            quoted = name.lower() == "class" and value[:1] in ('"', "'") and value[1:-1].strip()
            more = f"{value[:-1]} k{rng.randrange(10**5):05d}{value[-1]}" if quoted else value
            found.append((name, more))
        return tag._replace(attributes=tuple(found))

    return change_tags(draft.tokens, add)


@layout("class-removed", "every class attribute taken away")
def class_removed(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """What a reader mode or a mail client leaves."""
    return _attributes(draft, lambda name, value: None if name == "class" else value)


@layout("doctype-dropped", "no doctype", law="any")
def doctype_dropped(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """In quirks mode a table does not end a paragraph (https://html.spec.whatwg.org/#parsing)."""
    made = re.sub(r"<!doctype[^>]*>\s*", "", draft.source, count=1, flags=re.I)
    return None if made == draft.source else made


@layout("sibling-moved", "an element beside the article's box moved to its other side", law="any")
def sibling_moved(draft: Draft, rng: Random) -> str | None:
    """A sidebar goes from right to left, a header below the picture."""
    tokens, outline, run = draft.tokens, draft.outline, draft.outline.article
    box = outline.parent[run[0].start] if run else -1
    if box < 0 or box not in outline.end or tokens[box].name == "body":
        return None
    beside = [
        i
        for i in outline.end
        if outline.parent[i] == outline.parent[box]
        and i != box
        and tokens[i].name in ("div", "aside", "section", "header", "footer", "figure", "ul", "nav")
    ]
    if not beside:
        return None
    moved = rng.choice(beside)
    parts, end, box_end = parts_of(draft), outline.end[moved], outline.end[box]
    text = "".join(parts[moved : end + 1])
    parts[moved : end + 1] = [""] * (end + 1 - moved)
    if moved > box:
        parts[box] = text + parts[box]
    else:
        parts[box_end] += text
    return "".join(parts)


def _siblings(draft: Draft, names: frozenset[str]) -> list[list[int]]:
    """Groups of neighbouring elements of one kind (name and class), three at least."""
    tokens, outline = draft.tokens, draft.outline
    groups: dict[tuple[int, str, str], list[int]] = {}
    for i in outline.end:
        tag = read_tag(tokens[i].source) if tokens[i].name in names else None
        if tag is not None and not outline.out_of_sight[i]:
            classes = next((v for n, v in tag.attributes if n.lower() == "class"), "")
            groups.setdefault((outline.parent[i], tokens[i].name, classes), []).append(i)
    return [
        sorted(group)
        for group in groups.values()
        if len(group) > 2 and _adjacent(draft, sorted(group))
    ]


def _adjacent(draft: Draft, group: list[int]) -> bool:
    ends = [draft.outline.end[i] for i in group]
    gaps = zip(ends, group[1:], strict=False)
    return all(
        draft.tokens[k].kind is TEXT and not draft.tokens[k].source.strip()
        for end, start in gaps
        for k in range(end + 1, start)
    )


def _reorder(draft: Draft, rng: Random, group: list[int]) -> str:
    parts = parts_of(draft)
    spans = [(i, draft.outline.end[i] + 1) for i in group]
    texts = ["".join(parts[a:b]) for a, b in spans]
    order = texts[::-1] if rng.random() < 0.5 else rng.sample(texts, len(texts))
    for (a, b), text in zip(spans, order, strict=True):
        parts[a:b] = [text, *[""] * (b - a - 1)]
    return "".join(parts)


@html_mutation(
    "cards-reordered",
    FAMILY,
    "cards or rows of a list in another order",
    relation=MayDrift(PermutesRecords()),
    law="any",
)
def cards_reordered(draft: Draft, rng: Random) -> str | None:
    """Records follow; an article's own fields do not change with the stories around it."""
    names = frozenset({"article", "li", "div", "section", "tr"})
    groups = [
        g
        for g in _siblings(draft, names)
        if any(t.name == "a" for t in draft.tokens[g[0] : draft.outline.end[g[0]]])
    ]
    sizes = [sum(len(draft.outline.text(i, draft.outline.end[i])) for i in g[:20]) for g in groups]
    if not groups:
        return None
    return _reorder(draft, rng, groups[sizes.index(max(sizes))])


@html_mutation(
    "list-shuffled",
    FAMILY,
    "the points of a list in another order",
    relation=MayDrift(PermutesRecords()),
    law="any",
)
def list_shuffled(draft: Draft, rng: Random) -> str | None:
    """The items of the list with the most text outside of navigation."""
    groups = [
        g
        for g in _siblings(draft, frozenset({"li"}))
        if "nav" not in draft.outline.names_above(g[0])
    ]
    if not groups:
        return None
    return _reorder(draft, rng, rng.choice(groups))


@layout("image-attributes", "sizes, lazy loading and an alternative text added to images")
def image_attributes(draft: Draft, rng: Random) -> str | None:
    """An alternative text is read by flatteners and screen readers, not as prose."""
    mark, parts, found = new_word(draft, rng), parts_of(draft), False
    for i, token in enumerate(draft.tokens):
        tag = read_tag(token.source) if token.name == "img" else None
        if tag is not None:
            found = True
            kept = [a for a in tag.attributes if a[0].lower() not in ("alt", "loading")]
            more = [("alt", f'"{mark} by the sea"'), ("loading", '"lazy"')]
            parts[i] = tag._replace(attributes=(*kept, *more)).render()
    return "".join(parts) if found else None


@layout("heading-repeated", "the heading once more above the article's first paragraph", law="any")
def heading_repeated(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """Share boxes and sticky headers repeat the title; it is no part of the body."""
    tokens, outline, run = draft.tokens, draft.outline, draft.outline.article
    start = next((i for i in outline.end if tokens[i].name == "h1"), None)
    if start is None or not run:
        return None
    title = collapse(
        "".join(t.source for t in tokens[start : outline.end[start]] if t.kind is TEXT)
    )
    parts = parts_of(draft)
    parts[run[0].start] = f'<div class="sticky-title">{title}</div>{parts[run[0].start]}'
    return "".join(parts) if title else None


MUTATIONS: tuple[Mutation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Mutation)
)
