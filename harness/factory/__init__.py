"""Pages made up from articles: many templates, many languages, and the right record of each.

>>> from harness.factory import TEMPLATES, expected, render, sample_articles
>>> [article] = sample_articles(1)
>>> render(article, TEMPLATES["wordpress"]).media_type
'text/html'
>>> expected(article, TEMPLATES["wordpress"])["title"] == article.title
True

The prose is generated: sentences of their language, without a story. Nothing here draws at random
but what is given a seed, and nothing needs a file or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from harness.factory.ages import FRONT_ENDS, age_label
from harness.factory.article import (
    AGES,
    AWKWARD,
    LANGUAGES,
    Article,
    Card,
    assemble_article,
    make_article,
    sample_articles,
)
from harness.factory.article_pages import ARTICLES
from harness.factory.daily8_pages import DAILY8
from harness.factory.data_pages import DATA
from harness.factory.feeds import FEEDS
from harness.factory.language import Language
from harness.factory.list_pages import LISTS
from harness.factory.template import Template, chrome, expected, render
from harness.model import Capture
from harness.records import Record

TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {template.name: template for template in (*DAILY8, *LISTS, *FEEDS, *DATA, *ARTICLES)}
)
"""Every template, by its name."""

__all__ = [
    "AGES",
    "AWKWARD",
    "FRONT_ENDS",
    "LANGUAGES",
    "TEMPLATES",
    "Article",
    "Card",
    "Language",
    "Made",
    "Template",
    "age_label",
    "assemble_article",
    "chrome",
    "expected",
    "make_article",
    "render",
    "sample",
    "sample_articles",
]


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made, what it is about, and the record that is right for it."""

    article: Article
    template: Template
    capture: Capture
    record: Record


def sample(
    count: int,
    seed: int = 0,
    *,
    templates: Sequence[Template] | None = None,
    awkward: bool = False,
) -> list[Made]:
    """So many pages, in all templates and languages by turns; the same ones for the same seed."""
    choices = tuple(TEMPLATES.values()) if templates is None else tuple(templates)
    return [
        Made(article, template, render(article, template), expected(article, template))
        for i, article in enumerate(sample_articles(count, seed, awkward=awkward))
        for template in (choices[(seed + i) % len(choices)],)
    ]
