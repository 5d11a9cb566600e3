"""Markup that means the same: every field keeps its words.

Only edits that no right extractor can see are here. Where a reading of the page by CSS selectors
could tell the difference, an edit is made inside of running prose only (a span round a word), or
it is a model of layout change and stands in :mod:`harness.mutations.layout` (a class renamed).
Every edit is proved on the parsed page: a reader sees the same lines, else it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import codepoint2name
from random import Random

from selectolax.lexbor import LexborHTMLParser

from harness.mutations.draft import Draft, Mutation, html_mutation
from harness.mutations.markup import (
    CLOSE,
    COMMENT,
    OPEN,
    OTHER,
    RAW,
    TEXT,
    VOID,
    Tag,
    Token,
    change_tags,
    read_tag,
)

FAMILY = "neutral markup"
# Elements that end lines in every style sheet, so that white space at their edges is never seen.
_SOLID = frozenset(
    """address article aside blockquote body dd div dl dt figcaption figure footer form h1 h2 h3 h4
    h5 h6 head header hr html li link main meta nav ol p script section style table tbody td tfoot
    th thead title tr ul""".split()
)
REFERENCE = re.compile(r"&#?\w+;?")
# What may follow when an end tag is left out (https://html.spec.whatwg.org/#optional-tags); a
# start tag, or the end of the element around.
_AFTER = {
    "p": "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main nav ol p pre section table ul /article /blockquote /body /div /main /section "
    "/td /th",
    "li": "li /ul /ol /menu",
    "dt": "dt dd",
    "dd": "dt dd /dl",
    "td": "td th tr /tr",
    "th": "td th tr /tr",
    "tr": "tr /tbody /table",
    "option": "option /select",
}
_OPTIONAL = {name: frozenset(after.split()) for name, after in _AFTER.items()}


@html_mutation("attribute-order", FAMILY, "attributes of each tag shuffled")
def attribute_order(draft: Draft, rng: Random) -> str:
    """HTML attributes have no order (https://html.spec.whatwg.org/#attributes-2)."""

    def shuffle(tag: Tag) -> Tag:
        names = [name.lower() for name, _ in tag.attributes]
        if len(names) < 2 or len(set(names)) < len(names):  # of two alike the first counts
            return tag
        return tag._replace(attributes=tuple(rng.sample(tag.attributes, len(names))))

    return change_tags(draft.tokens, shuffle)


@html_mutation("data-attributes", FAMILY, "data-* attributes added to a third of the tags")
def data_attributes(draft: Draft, rng: Random) -> str:
    """Build ids and test hooks come and go; no selector names one that did not exist."""

    def add(tag: Tag) -> Tag:
        if rng.random() > 0.34:
            return tag
        name = f"data-{rng.choice('qxzvk')}{rng.randrange(16**4):04x}"
        return tag._replace(attributes=(*tag.attributes, (name, f'"{rng.randrange(1000)}"')))

    return change_tags(draft.tokens, add)


@html_mutation(
    "attribute-quotes", FAMILY, "other quotes round attribute values", law="same-tree", xhtml=False
)
def attribute_quotes(draft: Draft, rng: Random) -> str:
    """Double, single or none (https://html.spec.whatwg.org/#attributes-2)."""

    def requote(value: str) -> str:
        bare = value[1:-1] if value[:1] in ("'", '"') else value
        if re.fullmatch(r"[A-Za-z0-9_.-]+", bare) and rng.random() < 0.5:
            return bare
        if value[:1] == '"' and "'" not in bare:
            return f"'{bare}'"
        return f'"{bare}"' if value and '"' not in bare else value

    def change(tag: Tag) -> Tag:
        return tag._replace(attributes=tuple((n, requote(v)) for n, v in tag.attributes))

    return change_tags(draft.tokens, change)


@html_mutation("attribute-spaces", FAMILY, "line ends and spaces inside of tags", law="same-tree")
def attribute_spaces(draft: Draft, rng: Random) -> str:
    """White space between attributes and round ``=`` means nothing."""

    def spaced(token: Token) -> str:
        tag = read_tag(token.source) if token.kind is OPEN else None
        if tag is None or not tag.attributes:
            return token.source
        gap, equals = rng.choice(["\n    ", "  ", "\t"]), rng.choice(["=", " = ", "= "])
        parts = [f"{gap}{n}{equals}{v}" if v else f"{gap}{n}" for n, v in tag.attributes]
        return f"<{tag.name}{''.join(parts)} {tag.end}>"

    return "".join(map(spaced, draft.tokens))


@html_mutation(
    "duplicate-attributes",
    FAMILY,
    "a second class or id that parsers ignore",
    law="same-tree",
    xhtml=False,
)
def duplicate_attributes(draft: Draft, rng: Random) -> str:
    """Of two attributes of a name the first counts
    (https://html.spec.whatwg.org/#attribute-name-state)."""

    def double(tag: Tag) -> Tag:
        for name, _ in tag.attributes:
            if name.lower() in ("class", "id") and rng.random() < 0.5:
                again = (name, f'"x{rng.randrange(1000)}"')
                return tag._replace(attributes=(*tag.attributes, again))
        return tag

    return change_tags(draft.tokens, double)


@html_mutation("upper-case-tags", FAMILY, "tag names in capitals", law="same-tree", xhtml=False)
def upper_case_tags(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Names of elements have no case in HTML."""
    return "".join(
        token.source.replace(
            token.source[: len(token.name) + 2], token.source[: len(token.name) + 2].upper(), 1
        )
        if token.kind in (OPEN, CLOSE)
        else token.source
        for token in draft.tokens
    )


@html_mutation("void-slash", FAMILY, "<br> as <br/> and back", law="same-tree", xhtml=False)
def void_slash(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """The slash of a void element means nothing."""

    def change(tag: Tag) -> Tag:
        if tag.name.lower() not in VOID:
            return tag
        return tag._replace(end="" if tag.end else " /")

    return change_tags(draft.tokens, change)


def _hard_space(name: str, kind: str) -> bool:
    return name in _SOLID and kind in (OPEN, CLOSE)


@html_mutation(
    "pretty-print", FAMILY, "line ends and indentation between block elements", law="same-tree"
)
def pretty_print(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """White space at the edges of blocks collapses; an element without content stays without."""
    outline, parts = draft.outline, []
    last = Token(TEXT, "x")
    for i, token in enumerate(draft.tokens):
        at_edge = _hard_space(token.name, token.kind) or _hard_space(last.name, last.kind)
        empty = last.kind is OPEN and token.kind is CLOSE
        raw = RAW in (token.kind, last.kind) or (last.kind is OPEN and last.name == "textarea")
        quiet = outline.preformatted[i] or raw or empty or OTHER in (token.kind, last.kind)
        if at_edge and not quiet and not (token.kind is CLOSE and last.name == token.name):
            depth = min(12, sum(1 for _ in outline.above(i)))
            parts.append("\n" + "  " * depth)
        parts.append(token.source)
        last = token
    return "".join(parts)


def _visible_text(draft: Draft, change: Callable[[str], str]) -> str | None:
    """Every text token that a reader sees and whose white space collapses, changed."""
    outline = draft.outline
    made = "".join(
        change(token.source)
        if token.kind is TEXT and not outline.out_of_sight[i] and not outline.preformatted[i]
        else token.source
        for i, token in enumerate(draft.tokens)
    )
    return None if made == draft.source else made


@html_mutation("soft-wrap", FAMILY, "line ends instead of spaces in text")
def soft_wrap(draft: Draft, rng: Random) -> str | None:
    """A line end in text is a space; where no space is, none is put."""
    return _visible_text(
        draft, lambda text: re.sub(" ", lambda _: "\n" if rng.random() < 0.25 else " ", text)
    )


@html_mutation("space-runs", FAMILY, "runs of spaces instead of single ones in text")
def space_runs(draft: Draft, rng: Random) -> str | None:
    """White space in text collapses to one space."""
    return _visible_text(
        draft,
        lambda text: re.sub(
            "(?<=\\S) (?=\\S)",
            lambda _: rng.choice(["   ", " \t", " \n  "]) if rng.random() < 0.25 else " ",
            text,
        ),
    )


@html_mutation(
    "numeric-entities", FAMILY, "letters as numeric character references", law="same-tree"
)
def numeric_entities(draft: Draft, rng: Random) -> str | None:
    """A character and its number are the same text."""

    def change(text: str) -> str:
        return re.sub(
            r"&#?\w+;?|\w",
            lambda m: m[0] if len(m[0]) > 1 or rng.random() > 0.05 else _number(m[0], rng),
            text,
        )

    return _visible_text(draft, change)


def _number(char: str, rng: Random) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no text
        return char
    return f"&#{code};" if rng.random() < 0.5 else f"&#x{code:X};"


@html_mutation(
    "named-entities",
    FAMILY,
    "accented letters, quotes and dashes by name",
    law="same-tree",
    xhtml=False,
)
def named_entities(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The names of HTML 4, which every parser knows. A no-break space too."""
    names = {code: f"&{name};" for code, name in codepoint2name.items() if chr(code) not in '&<>"'}
    return _visible_text(draft, lambda text: text.translate(names))


@html_mutation(
    "optional-end-tags",
    FAMILY,
    "end tags left out where HTML allows it",
    law="same-tree",
    xhtml=False,
)
def optional_end_tags(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """``</p>``, ``</li>``, ``</td>`` … (https://html.spec.whatwg.org/#optional-tags)."""
    tokens, parts = draft.tokens, []
    for i, token in enumerate(tokens):
        after = _OPTIONAL.get(token.name) if token.kind is CLOSE else None
        if after and _next_tag(tokens, i) in after:
            continue
        parts.append(token.source)
    made = "".join(parts)
    return None if made == draft.source else made


@html_mutation(
    "document-tags",
    FAMILY,
    "the tags of html, head and body left out",
    law="same-tree",
    xhtml=False,
)
def document_tags(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """Both tags of each are optional (https://html.spec.whatwg.org/#optional-tags)."""
    names = ("html", "head", "body")
    made = "".join(
        token.source
        for token in draft.tokens
        if token.name not in names or token.kind is RAW or " " in token.source
    )
    return None if made == draft.source else made


def _next_tag(tokens: list[Token], i: int) -> str:
    for token in tokens[i + 1 : i + 4]:
        if token.kind is OPEN:
            return token.name
        if token.kind is CLOSE:
            return f"/{token.name}"
        if token.kind is not COMMENT and token.source.strip():
            return ""
    return ""


@html_mutation("reserialise", FAMILY, "parsed and written again", law="same-tree", xhtml=False)
def reserialise(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """What a browser's "save page" or a cleaning proxy gives."""
    if not draft.source.isascii() and any("\ud800" <= char <= "\udfff" for char in draft.source):
        return None
    made = LexborHTMLParser(draft.source).html or ""
    # Lexbor 2.5 writes an unclosed <iframe> in a <noscript> without its end tag.
    if made.count("<iframe") != made.count("</iframe"):
        return None
    # The writer spells out references; an older charset may lack their characters.
    return made.encode(draft.encoding, "xmlcharrefreplace").decode(draft.encoding)


MUTATIONS: tuple[Mutation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Mutation)
)
