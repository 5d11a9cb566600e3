"""What a made page is about: an article with its cards, and how one is made up."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import overload

from harness.factory.central import GERMAN, ITALIAN, PORTUGUESE
from harness.factory.eastern import ARABIC, HINDI, PERSIAN, RUSSIAN, UKRAINIAN
from harness.factory.farther import CHINESE, JAPANESE, KOREAN, THAI
from harness.factory.language import AnyPick, Language
from harness.factory.western import ENGLISH, FRENCH, SPANISH
from harness.text import collapse

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.code: language
        for language in (
            ENGLISH,
            SPANISH,
            FRENCH,
            GERMAN,
            PORTUGUESE,
            ITALIAN,
            RUSSIAN,
            UKRAINIAN,
            HINDI,
            ARABIC,
            PERSIAN,
            JAPANESE,
            KOREAN,
            CHINESE,
            THAI,
        )
    }
)
"""The languages an article can be made up in, by their ISO 639-1 codes."""

# Ages a reader's list shows, each inside the range of its label; beyond 25 days a source that ends
# in a digit could not be told from a count of years ("News72 years ago").
AGES = (
    7_200,
    75_600,
    2_700,
    15,
    95,
    1_500,
    3_900,
    90_000,
    200_000,
    520_000,
    1_300_000,
    2_100_000,
)
# A text that overlaps no other is tried for so often, one that equals no other at all so often.
_PATIENCE, _ATTEMPTS = 50, 2_000
CAPTURED_AT = datetime(2026, 3, 5, 11, 30, tzinfo=UTC)

# Text that pages really hold and that careless code loses, escapes twice or takes for markup.
AWKWARD = (
    "<b>bold</b>",
    "&amp;",
    "&nbsp",
    "R&D",
    "a < b > c",
    '"straight"',
    "it's",
    "“curly ‘nested’ quotes”",
    "</script>",
    "]]>",
    "<!-- note -->",
    "C:\\temp\\new",
    "\\u0041",
    "{{title}}",
    "50\u00a0%",
    "na\u00efve cafe\u0301",
    "\u2067עברית\u2069",
    "left\u200emark",
    "\U0001f469\u200d\U0001f52c",
    "می\u200cخواهم",
    "\U00020bb7野家",
    "e\u2028f",
    "ﬁnal",
    "100\u202f000",
    "None",
)
# What names hold of it: a byline with a sentence's punctuation is read as a sentence, rightly.
_AWKWARD_NAMES = (
    "R&D",
    "it's",
    "na\u00efve cafe\u0301",
    "\u2067עברית\u2069",
    "left\u200emark",
    "می\u200cخواهم",
    "\U00020bb7野家",
    "ﬁnal",
)


@dataclass(frozen=True, slots=True)
class Card:
    """A teaser beside an article, or an entry of a list. It has a source, always."""

    title: str
    byline: str
    published: datetime
    body: tuple[str, ...]
    url: str

    def __post_init__(self) -> None:
        _check(self.title, self.byline, *self.body)


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without how it looks. ``byline`` None: the page names nobody.

    A text is one line: white space as it shows (single spaces, none at the edges) and no control
    characters, since no format has a place for others. Raises ValueError for any other text, for
    a naive time and for an unknown language.
    """

    title: str
    byline: str | None
    published: datetime
    captured_at: datetime
    body: tuple[str, ...]
    cards: tuple[Card, ...]
    language: str
    url: str

    def __post_init__(self) -> None:
        _check(self.title, *self.body, *([] if self.byline is None else [self.byline]))
        if self.language not in LANGUAGES:
            raise ValueError(f"unknown language {self.language!r}; known: {', '.join(LANGUAGES)}")
        if self.published.tzinfo is None or self.captured_at.tzinfo is None:
            raise ValueError("an article's times need a zone")

    @property
    def tongue(self) -> Language:
        """What the factory knows of the article's language."""
        return LANGUAGES[self.language]


def _check(*texts: str) -> None:
    for text in texts:
        if not text or text != collapse(text).strip():
            raise ValueError(f"{text!r} is no text of one line without white space at its edges")
        if bad := [c for c in text if unicodedata.category(c) in ("Cc", "Cs")]:
            raise ValueError(f"{text!r} holds {bad[0]!r}, which not every format can carry")


def make_article(
    pick: AnyPick,
    language: str = "en",
    *,
    paragraphs: int = 3,
    cards: int = 2,
    awkward: bool = False,
) -> Article:
    """An article of made-up prose, in which every choice is ``pick(choices)``.

    ``pick`` is ``random.Random(seed).choice`` or draws from a strategy. No two titles or
    paragraphs of an article are the same. ``awkward`` puts some of AWKWARD into its texts. Raises
    KeyError for an unknown language, and ValueError when more texts are asked for than there are
    (hundreds).
    """
    return assemble_article(pick, [pick] * paragraphs, [pick] * cards, language, awkward=awkward)


def assemble_article(
    head: AnyPick,
    paragraphs: Sequence[AnyPick],
    cards: Sequence[AnyPick],
    language: str = "en",
    *,
    awkward: bool = False,
) -> Article:
    """The same with choices of their own for the head and for every paragraph and card."""
    make = _Maker(LANGUAGES[language], awkward)
    title = make.title(head)
    return Article(
        title=title,
        byline=make.name(head, (*make.words.sources, make.words.people[0], None)),
        published=make.time(head),
        captured_at=CAPTURED_AT,
        body=tuple(make.paragraph(pick) for pick in paragraphs),
        cards=tuple(make.card(pick, i) for i, pick in enumerate(cards)),
        language=language,
        url=f"https://made.example/{language}/2026/story",
    )


def sample_articles(count: int, seed: int = 0, *, awkward: bool = False) -> list[Article]:
    """So many articles, in all languages by turns; the same ones for the same seed."""
    # Not for secrets: a seeded generator is the point.
    choose = random.Random(seed)
    codes = list(LANGUAGES)
    return [
        make_article(
            choose.choice,
            codes[(seed + i) % len(codes)],
            paragraphs=choose.randint(2, 9),
            cards=choose.randint(1, 5),
            awkward=awkward,
        )
        for i in range(count)
    ]


class _Maker:
    """Makes texts of one article, none twice."""

    def __init__(self, words: Language, awkward: bool) -> None:
        self.words = words
        self._awkward = awkward
        self._seen: set[str] = set()
        self._made = 0

    def title(self, pick: AnyPick) -> str:
        return self._new(pick, lambda shift: self.words.title(pick, shift))

    def paragraph(self, pick: AnyPick) -> str:
        sentences = pick((1, 2, 3))
        return self._new(pick, lambda shift: self.words.paragraph(pick, sentences, shift))

    @overload
    def name(self, pick: AnyPick, choices: Sequence[str]) -> str: ...
    @overload
    def name(self, pick: AnyPick, choices: Sequence[str | None]) -> str | None: ...
    def name(self, pick: AnyPick, choices: Sequence[str | None]) -> str | None:
        odd = pick((None, *_AWKWARD_NAMES)) if self._awkward else None
        name = pick(choices)
        return name and _with(odd, name)

    def time(self, pick: AnyPick) -> datetime:
        return CAPTURED_AT - timedelta(seconds=pick(AGES))

    def card(self, pick: AnyPick, index: int) -> Card:
        return Card(
            title=self.title(pick),
            byline=self.name(pick, self.words.sources),
            published=self.time(pick),
            body=tuple(self.paragraph(pick) for _ in range(pick((1, 1, 2)))),
            url=f"https://made.example/{self.words.code}/2026/card-{index}?a=1&b=2",
        )

    def _new(self, pick: AnyPick, make: Callable[[int], str]) -> str:
        odd = pick((None, *AWKWARD)) if self._awkward else None
        for attempt in range(_ATTEMPTS):
            text = make(self._made)
            self._made += 1
            if text not in self._seen and (attempt > _PATIENCE or not self._overlaps(text)):
                self._seen.add(text)
                return _with(odd, text)
        raise ValueError(f"{len(self._seen)} texts are all that can be made up for one article")

    def _overlaps(self, text: str) -> bool:
        """Whether one of the texts is a part of another: a title that its body says again."""
        return any(other in text or text in other for other in self._seen)


def _with(odd: str | None, text: str) -> str:
    """The text with an odd one inside, where its first word ends."""
    if odd is None:
        return text
    head, space, rest = text.partition(" ")
    middle = min(4, len(text) // 2)
    return f"{head} {odd} {rest}" if space else f"{text[:middle]}{odd}{text[middle:]}"
