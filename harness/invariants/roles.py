"""What a field is for, told by its name: records of any extractor are checked alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

Role: TypeAlias = Literal[
    "title",
    "byline",
    "published",
    "modified",
    "body",
    "description",
    "related",
    "url",
    "image",
    "site",
    "language",
    "tags",
    "html",
    "",
]
ROLES: tuple[str, ...] = get_args(Role)

# The names that schema.org, OpenGraph, trafilatura, newspaper4k, goose3, fundus, readability,
# Zyte's article schema and the WCXB and article-extraction benchmarks use.
_NAMES: Mapping[Role, str] = {
    "title": "title headline heading h1 article_title name",
    "byline": "byline author authors creator writer source journalist reporter by",
    "published": "timestamp published published_at published_time date_published publishing_date"
    " publish_date publication_date pub_date pubdate date datetime time created created_at"
    " date_created age when posted posted_at",
    "modified": "modified modified_at updated updated_at date_modified modified_date"
    " modified_time last_modified update_date updated_date",
    "body": "body text content article_body main_content paragraphs maintext main_text"
    " plain_text plaintext full_text fulltext cleaned_text article_text text_content",
    "description": "description excerpt summary dek subtitle abstract standfirst lede teaser"
    " meta_description",
    "related": "related cards items stories articles results entries links recommended",
    "url": "url link href canonical canonical_url permalink canonical_link",
    "image": "image images top_image thumbnail photo picture video videos",
    "site": "site site_name sitename publisher hostname domain outlet",
    "language": "lang language dir direction locale in_language",
    "tags": "tags topics keywords categories category section sections topic tag meta_keywords",
    "html": "html content_html body_html article_html raw_html summary_html",
}
_ROLE: Mapping[str, Role] = {name: role for role, names in _NAMES.items() for name in names.split()}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-\s]+")


def role_of(name: str, given: Mapping[str, str] | None = None) -> Role:
    """The role of a field by its name, ``""`` when it tells none; ``given`` names come first."""
    if given and name in given:
        return given[name]  # type: ignore[return-value]
    return _ROLE.get(_HUMP.sub("_", name).lower(), "")
