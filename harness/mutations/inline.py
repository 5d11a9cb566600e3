"""Edits inside of the prose, and unseen elements beside it: every field keeps its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from random import Random

from harness.mutations.draft import Draft, Mutation, html_mutation
from harness.mutations.markup import CLOSE, OPEN, PHRASING, TEXT, Token, source_of
from harness.mutations.neutral import FAMILY, REFERENCE
from harness.mutations.relations import SameTokens


def _some(rng: Random, indexes: Iterable[int], share: float) -> set[int]:
    """A share of the indexes, at least one where there are any."""
    found = list(indexes)
    return set(rng.sample(found, max(1, int(share * len(found))))) if found else set()


@html_mutation("comments", FAMILY, "comments between elements and inside of text")
def comments(draft: Draft, rng: Random) -> str:
    """Frameworks leave ``<!-- -->`` between any two texts they put together."""
    texts = [
        i
        for i, token in enumerate(draft.tokens)
        if token.kind is TEXT and not draft.outline.out_of_sight[i]
    ]
    chosen = _some(rng, texts, 0.3)

    def comment(i: int, token: Token) -> str:
        if i not in chosen:
            return token.source
        spaces = [m.end() for m in re.finditer(" ", token.source)]
        at = rng.choice([0, *spaces])
        mark = rng.choice(["<!-- -->", "<!--/-->", f"<!-- block {rng.randrange(99)} -->"])
        return token.source[:at] + mark + token.source[at:]

    return "".join(comment(i, token) for i, token in enumerate(draft.tokens))


def _inject(draft: Draft, rng: Random, elements: list[str]) -> str | None:
    """Unseen elements at the ends of head and body and between paragraphs of the article."""
    places: list[int] = [
        i for i, t in enumerate(draft.tokens) if t.kind is CLOSE and t.name in ("head", "body")
    ]
    between = [p.end + 1 for p in draft.outline.article[:-1]]
    places += rng.sample(between, min(2, len(between)))
    if not places:
        return None
    parts = [token.source for token in draft.tokens]
    for place in sorted(set(places), reverse=True):
        parts.insert(place, rng.choice(elements))
    return "".join(parts)


@html_mutation("script-injection", FAMILY, "analytics scripts added")
def script_injection(draft: Draft, rng: Random) -> str | None:
    """Scripts are added by tag managers where they like; a reader sees none of them."""
    number = rng.randrange(10**6)
    return _inject(
        draft,
        rng,
        [
            f"<script>dataLayer.push({{'id': {number}, 'page': 'the article'}});</script>",
            f'<script async="async" src="https://stats.example/t{number}.js"></script>',
            f'<script>if (1 &lt; {number}) {{ track("The quick report of the day"); }}</script>',
        ],
    )


@html_mutation("style-injection", FAMILY, "style sheets added")
def style_injection(draft: Draft, rng: Random) -> str | None:
    """Styles are added by widgets where they like; a reader sees nothing of their text."""
    number = rng.randrange(10**6)
    return _inject(
        draft,
        rng,
        [
            f"<style>.x{number} {{ color: #c0ffee; }}</style>",
            f'<style type="text/css">/* the next part */ .w{number}::before{{content:"x"}}</style>',
        ],
    )


def _in_prose(draft: Draft, rng: Random, change: Callable[[str], str], share: float) -> str | None:
    """Text tokens of the article's prose, a share of them changed."""
    chosen = _some(rng, draft.outline.prose_tokens(), share)
    if not chosen:
        return None
    return "".join(
        change(token.source) if i in chosen else token.source
        for i, token in enumerate(draft.tokens)
    )


def _words_in(source: str) -> list[re.Match[str]]:
    """The words of a text token that are no part of a character reference."""
    refs = [m.span() for m in REFERENCE.finditer(source)]
    return [
        m
        for m in re.finditer(r"[^\W\d_]{4,}", source)
        if not any(a < m.end() and m.start() < b for a, b in refs)
    ]


@html_mutation("empty-span", FAMILY, "an empty span in the middle of words of the prose")
def empty_span(draft: Draft, rng: Random) -> str | None:
    """Editors and highlighters leave empty elements; the word round one is one word."""

    def split(source: str) -> str:
        found = [m for m in _words_in(source) if m[0].isascii()]
        if not found:
            return source
        word = rng.choice(found)
        at = word.start() + rng.randrange(1, len(word[0]))
        return f'{source[:at]}<span class="hl"></span>{source[at:]}'

    return _in_prose(draft, rng, split, 0.5)


@html_mutation("span-word", FAMILY, "a span round words of the prose")
def span_word(draft: Draft, rng: Random) -> str | None:
    """Glossaries and highlighters wrap words; the text is the same."""

    def wrap(source: str) -> str:
        found = _words_in(source)
        if not found:
            return source
        word = rng.choice(found)
        a, b = word.span()
        return f"{source[:a]}<span>{source[a:b]}</span>{source[b:]}"

    return _in_prose(draft, rng, wrap, 0.5)


def _pairs(draft: Draft, names: frozenset[str], bare: bool) -> list[tuple[int, int]]:
    """Inline elements inside of the article's prose, as (start tag, end tag)."""
    outline = draft.outline
    return [
        (i, outline.end[i])
        for p in outline.article
        for i in range(p.start + 1, p.end)
        if draft.tokens[i].kind is OPEN
        and draft.tokens[i].name in names
        and i in outline.end
        and not (bare and " " in draft.tokens[i].source)
        and not outline.out_of_sight[i]
    ]


@html_mutation("bold-italic", FAMILY, "<strong> and <b>, <em> and <i> exchanged in the prose")
def bold_italic(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """What makes prose bold or italic is the editor's habit."""
    other = {"strong": "b", "b": "strong", "em": "i", "i": "em"}
    pairs = _pairs(draft, frozenset(other), bare=False)
    if not pairs:
        return None
    parts = [token.source for token in draft.tokens]
    for start, end in pairs:
        name = draft.tokens[start].name
        parts[start] = f"<{other[name]}{parts[start][1 + len(name) :]}"
        parts[end] = f"</{other[name]}>"
    return "".join(parts)


@html_mutation("unwrap-inline", FAMILY, "bold, italic and bare spans of the prose taken away")
def unwrap_inline(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The text of inline elements is part of the sentence. Links stay: fields hold them."""
    names = PHRASING - {"a", "q", "sub", "sup", "abbr", "bdo", "bdi", "code", "cite"}
    pairs = _pairs(draft, names, bare=True)
    if not pairs:
        return None
    parts = [token.source for token in draft.tokens]
    for start, end in pairs:
        parts[start] = parts[end] = ""
    return "".join(parts)


@html_mutation(
    "nav-shuffle",
    FAMILY,
    "links of the navigation in another order",
    law=lambda before, after: sorted(before) == sorted(after),
)
def nav_shuffle(draft: Draft, rng: Random) -> str | None:
    """No field holds the menu. Breadcrumbs, which have an order, are left."""
    tokens, outline = draft.tokens, draft.outline
    parts = [token.source for token in tokens]
    for nav, end in outline.end.items():
        token = tokens[nav]
        if token.name != "nav" or "crumb" in source_of(tokens[nav : nav + 6]).lower():
            continue
        groups: dict[int, list[int]] = {}
        for i in range(nav + 1, end):
            if tokens[i].kind is OPEN and tokens[i].name in ("li", "a") and i in outline.end:
                groups.setdefault(outline.parent[i], []).append(i)
        siblings = max(groups.values(), key=len, default=[])
        if len({tokens[i].name for i in siblings}) == 1 and len(siblings) > 1:
            spans = [(i, outline.end[i] + 1) for i in siblings]
            texts = ["".join(parts[a:b]) for a, b in spans]
            turn = rng.randrange(1, len(texts))
            texts = texts[turn:] + texts[:turn]
            for (a, b), text in zip(spans, texts, strict=True):
                parts[a:b] = [text, *[""] * (b - a - 1)]
    made = "".join(parts)
    return None if made == draft.source else made


@html_mutation(
    "zero-width",
    "characters",
    "soft hyphens and zero-width spaces in words of the prose",
    relation=SameTokens(ignore="\u00ad\u200b"),
    law="any",
)
def zero_width(draft: Draft, rng: Random) -> str | None:
    """Places where a line may break are no part of a word; the record may keep or drop them."""

    def mark(source: str) -> str:
        found = [m for m in _words_in(source) if len(m[0]) > 5 and m[0].isascii()]
        if not found:
            return source
        at = rng.choice(found).start() + 3
        return source[:at] + rng.choice(["&shy;", "&#8203;", "&#173;"]) + source[at:]

    return _in_prose(draft, rng, mark, 0.3)


MUTATIONS: tuple[Mutation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Mutation)
)
