"""Strategies for made pages: an article is drawn, and rendered through a template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.factory import (
    LANGUAGES,
    TEMPLATES,
    Article,
    Template,
    assemble_article,
    expected,
    render,
)
from harness.model import Capture
from harness.records import Record

T = TypeVar("T")


@st.composite
def articles(
    draw: DrawFn,
    *,
    languages: Sequence[str] | None = None,
    paragraphs: tuple[int, int] = (1, 5),
    cards: tuple[int, int] = (0, 4),
    awkward: bool = True,
) -> Article:
    """Articles of made-up prose; ``languages`` are codes of LANGUAGES, all when not given.

    ``paragraphs`` and ``cards`` are how many, (least, most). ``awkward`` puts entities, quotes,
    bidi marks, emoji and the like into the texts. They shrink towards one short English paragraph
    without any of that. Raises KeyError for an unknown language.
    """
    known = [LANGUAGES[code].code for code in (LANGUAGES if languages is None else languages)]
    return assemble_article(
        draw(_choosers),
        draw(st.lists(_choosers, min_size=paragraphs[0], max_size=paragraphs[1])),
        draw(st.lists(_choosers, min_size=cards[0], max_size=cards[1])),
        draw(st.sampled_from(known)),
        awkward=awkward and draw(st.booleans()),
    )


class _Chooser:
    """Chooses by the numbers it was given, then always the first.

    A paragraph's choices so are values of their own: one paragraph goes while the others stay.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = iter(numbers)

    def __call__(self, choices: Sequence[T]) -> T:
        return choices[next(self._numbers, 0) % len(choices)]


# A paragraph of three sentences has 20 choices. With no least size, five would be the mean.
_choosers = st.lists(st.integers(0, 59), min_size=8, max_size=20).map(_Chooser)


@st.composite
def pages(
    draw: DrawFn,
    *,
    templates: Sequence[str | Template] | None = None,
    articles: SearchStrategy[Article] | None = None,
) -> tuple[Capture, Record]:
    """A made page and the record that a right extractor gives for it.

    ``templates`` are templates or names of TEMPLATES, all when not given. The record is a tree as
    ``harness.records.encode_record`` gives. Raises KeyError for an unknown template.
    """
    chosen = TEMPLATES if templates is None else templates
    known = [TEMPLATES[item] if isinstance(item, str) else item for item in chosen]
    article = draw(_ANY if articles is None else articles)
    template = draw(st.sampled_from(known))
    return render(article, template), expected(article, template)


_ANY = articles()
