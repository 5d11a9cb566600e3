"""Metadata taken away: the prose is on the page still, so a right extractor finds it there."""

from __future__ import annotations

import re
from random import Random

from harness.mutations.draft import Draft, Mutation
from harness.mutations.layout import layout, parts_of
from harness.mutations.markup import RAW, Tag, change_tags

FAMILY = "metadata"
_METADATA_NAMES = re.compile(
    r"""\b(?:name|property|itemprop)\s*=\s*["']?(?:og:|article:|twitter:|dc\.|dcterms|parsely|
    sailthru|cXense|author|date|description|headline|keywords|news_keywords|pubdate|title)""",
    re.I | re.X,
)
_MICRODATA = re.compile(r"^(?:item(?:prop|scope|type|id|ref)|property|typeof|vocab|about)$", re.I)


@layout("json-ld-stripped", "JSON-LD taken away", prose=True, family=FAMILY)
def json_ld_stripped(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """A body that changes was masked by metadata: its layout may be broken unseen."""
    parts = parts_of(draft)
    for i, token in enumerate(draft.tokens):
        if token.kind is RAW and "ld+json" in parts[i - 1]:
            parts[i] = "{}"
    return "".join(parts)


@layout(
    "metadata-blanked",
    "JSON-LD and <meta> of article, author and date taken away",
    prose=True,
    family=FAMILY,
)
def metadata_blanked(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """The body unchanged; title, author and date may have stood there only."""
    parts = parts_of(draft)
    for i, token in enumerate(draft.tokens):
        if token.kind is RAW and "ld+json" in parts[i - 1]:
            parts[i] = "{}"
        elif token.name == "meta" and _METADATA_NAMES.search(token.source):
            parts[i] = ""
    return "".join(parts)


@layout("open-graph-removed", "Open Graph and Twitter <meta> taken away", prose=True, family=FAMILY)
def open_graph_removed(draft: Draft, rng: Random) -> str | None:  # noqa: ARG001
    """Cards for social networks are no part of the article."""
    parts = parts_of(draft)
    for i, token in enumerate(draft.tokens):
        if token.name == "meta" and re.search(r"[\"'=](?:og|twitter|article):", token.source):
            parts[i] = ""
    return "".join(parts)


@layout("microdata-removed", "microdata and RDFa attributes taken away", prose=True, family=FAMILY)
def microdata_removed(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """``itemprop`` and its kin; on ``<meta>`` they are left."""

    def bare(tag: Tag) -> Tag:
        if tag.name.lower() == "meta":
            return tag
        return tag._replace(
            attributes=tuple(a for a in tag.attributes if not _MICRODATA.match(a[0]))
        )

    return change_tags(draft.tokens, bare)


MUTATIONS: tuple[Mutation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Mutation)
)
