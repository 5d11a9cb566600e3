"""Articles: what they may hold, and how they are made up."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime

import pytest

from harness.factory import AWKWARD, LANGUAGES, make_article, sample_articles
from harness.factory.language import CHROME_KEYS
from harness.text import words

ARTICLE = make_article(random.Random(1).choice)
# Words that make text prose to extractors which count them: the most common of each language.
FUNCTION_WORDS = {
    "en": "the of to and that",
    "es": "el la de que y",
    "fr": "le la de que et",
    "de": "der die und das von",
    "pt": "o a de que e",
    "it": "il la di che e",
    "ru": "и не что в на",
    "uk": "і не що в на",
    "hi": "के में है से और",
    "ar": "في من أن على لم",
    "fa": "و در از که را",
}


@pytest.mark.parametrize("code", FUNCTION_WORDS)
def test_prose_holds_the_function_words_of_its_language(code: str) -> None:
    choose = random.Random(5).choice
    prose = [
        w.casefold() for i in range(40) for w in words(LANGUAGES[code].paragraph(choose, 2, i))
    ]
    common = sum(prose.count(word) for word in FUNCTION_WORDS[code].split())
    assert common / len(prose) > 0.06


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda item: item.code)
def test_every_choice_of_phrases_makes_a_whole_sentence(language) -> None:
    choose = random.Random(2).choice
    sentences = [language.sentence(choose, i) for i in range(300)]
    assert not [s for s in sentences if re.search(r"[{}]|  |\s[.,。]", s)]
    assert all(s[0] == s[0].upper() for s in sentences)
    assert len(set(sentences)) > 200
    assert sum(len(s) > 40 for s in sentences) > 200 or language.code in ("ja", "ko", "zh")


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda item: item.code)
def test_chrome_has_a_text_of_its_own_for_every_place(language) -> None:
    assert tuple(language.chrome) == CHROME_KEYS
    assert len(set(language.chrome.values())) == len(CHROME_KEYS)


def test_no_text_of_an_article_stands_twice_even_when_every_choice_is_the_first() -> None:
    article = make_article(lambda choices: choices[0], paragraphs=30, cards=10)
    texts = [article.title, *article.body]
    texts += [t for card in article.cards for t in (card.title, *card.body)]
    assert len(texts) == len(set(texts)) == 51


def test_no_title_is_said_again_in_a_body() -> None:
    for article in sample_articles(60, seed=3):
        texts = [article.title, *article.body]
        texts += [t for card in article.cards for t in (card.title, *card.body)]
        assert not [(a, b) for a in texts for b in texts if a is not b and a in b]


def test_the_one_who_writes_is_not_the_one_who_is_quoted() -> None:
    for article in sample_articles(60, seed=4):
        assert not [text for text in article.body if article.byline and article.byline in text]


def test_the_same_seed_gives_the_same_articles_and_another_seed_others() -> None:
    assert sample_articles(20, seed=7) == sample_articles(20, seed=7)
    assert sample_articles(20, seed=7) != sample_articles(20, seed=8)
    assert {a.language for a in sample_articles(15)} == set(LANGUAGES)


def test_awkward_text_comes_only_where_it_is_asked_for() -> None:
    def held(awkward: bool) -> set[str]:
        made = [t for a in sample_articles(60, awkward=awkward) for t in (a.title, *a.body)]
        return {odd for odd in AWKWARD if any(odd in text for text in made)}

    assert len(held(True)) > len(AWKWARD) * 0.8
    assert not held(False) - {"it's", "None"}


@pytest.mark.parametrize(
    "text", ["", " edge", "two  spaces", "a\nb", "nul\0", "half\ud800", "x\u00a0"]
)
def test_a_text_that_no_page_could_show_on_one_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no text of one line|not every format"):
        replace(ARTICLE, title=text)
    with pytest.raises(ValueError, match=r"no text of one line|not every format"):
        replace(ARTICLE.cards[0], body=("fine", text))


def test_unknown_languages_and_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown language 'xx'; known: en, es"):
        replace(ARTICLE, language="xx")
    with pytest.raises(ValueError, match="zone"):
        replace(ARTICLE, published=datetime(2026, 3, 5))
