"""Titles, authors, dates and other fields, judged by what their page says of itself."""

from __future__ import annotations

import pytest

from harness.model import Finding, Tree
from harness.plausible import Judgement, judge_page
from tests.plausible.made import AUTHOR, CAPTURE, TITLE


def judged(name: str, old: Tree, new: Tree) -> Judgement:
    return judge_page({name: old}, {name: new}, CAPTURE)[name]


WORSE = [
    pytest.param("title", TITLE, f"{TITLE} | Valley Post", id="the site is glued to the title"),
    pytest.param("title", TITLE, "Valley Post", id="the site for a title"),
    pytest.param("title", TITLE, "Bridge stays", id="half a title"),
    pytest.param("title", TITLE, None, id="no title"),
    pytest.param("title", TITLE, "Related stories", id="another heading"),
    pytest.param("byline", AUTHOR, None, id="no author"),
    pytest.param("byline", AUTHOR, "[no-author]", id="a sign for no author"),
    pytest.param("byline", AUTHOR, ", ".join(AUTHOR), id="an author split into characters"),
    pytest.param("byline", AUTHOR, f"{AUTHOR}3 min read", id="an author glued to a count"),
    pytest.param("byline", AUTHOR, f"{AUTHOR}, 3 March 2026, @mara", id="date and handle too"),
    pytest.param("byline", AUTHOR, "Someone Else", id="another author"),
    pytest.param("authors", [AUTHOR], ["Valley Post"], id="the site for an author"),
    pytest.param(
        "published", "2026-03-03T09:30:00+01:00", "2026-03-03", id="an instant cut to its day"
    ),
    pytest.param(
        "published", "2026-03-03T09:30:00+01:00", "2026-03-03 00:00:00", id="set to midnight"
    ),
    pytest.param(
        "published", "2026-03-03T09:30:00+01:00", "2026-03-05T18:00:00+01:00", id="the update"
    ),
    pytest.param("published", "2026-03-03T09:30:00+01:00", "2027-01-01T00:00:00Z", id="the future"),
    pytest.param("published", "2026-03-03T09:30:00+01:00", None, id="no date"),
    pytest.param(
        "published",
        {"$datetime": "2026-03-03T09:30:00+01:00"},
        {"$date": "2026-03-03"},
        id="a date for a datetime",
    ),
]


@pytest.mark.parametrize(("name", "old", "new"), WORSE)
def test_what_the_page_contradicts_is_worse_and_mended_better(
    name: str, old: Tree, new: Tree
) -> None:
    worse, better = judged(name, old, new), judged(name, new, old)
    assert (worse.verdict, better.verdict) == ("worse", "better")
    assert 0 < worse.confidence < 1


NEUTRAL = [
    pytest.param("title", TITLE, f" {TITLE} ", id="white space"),
    pytest.param("byline", None, "[no-author]", id="two signs for no author"),
    pytest.param("byline", "None", "", id="a literal None"),
    pytest.param("byline", "A. Berg, B. Dahl", "B. Dahl, A. Berg", id="the order of authors"),
    pytest.param("authors", ["A. Berg", "B. Dahl"], ["B. Dahl", "A. Berg"], id="in a list"),
    pytest.param("byline", AUTHOR, f"By {AUTHOR}", id="a word before the name"),
    pytest.param(
        "published", "2026-03-03T09:30:00+01:00", "2026-03-03T08:30:00Z", id="another zone"
    ),
]


@pytest.mark.parametrize(("name", "old", "new"), NEUTRAL)
def test_what_means_the_same_is_neutral(name: str, old: Tree, new: Tree) -> None:
    judgement = judged(name, old, new)
    assert (judgement.verdict, judgement.confidence, judgement.delta) == ("neutral", 1.0, 0.0)


def test_a_title_says_which_of_the_pages_titles_it_no_longer_is() -> None:
    reasons = judged("title", TITLE, f"{TITLE} | Valley Post").reasons
    assert "gained '| Valley Post'" in reasons


def test_a_date_says_what_the_page_states() -> None:
    reasons = judged("published", "2026-03-03T09:30:00+01:00", "2026-03-03").reasons
    assert "lost its time of day" in reasons
    assert any("article:published_time" in r or "datePublished" in r for r in reasons)


def test_a_modified_date_is_held_against_the_modified_date() -> None:
    judgement = judged("modified", "2026-03-05T18:00:00+01:00", "2026-03-03T09:30:00+01:00")
    assert judgement.verdict == "worse"


def test_a_field_of_which_nothing_is_known_has_little_confidence() -> None:
    judgement = judged("colour", "red", "blue")
    assert judgement.confidence <= 0.5


def test_an_unknown_field_whose_words_the_page_has_not_is_worse() -> None:
    assert judged("topic", "Business Sport", "Astronomy Zoology").verdict == "worse"


def test_findings_of_another_field_do_not_count() -> None:
    error = Finding("title-is-a-title", "title", "error", "title", "is no title")
    old: dict[str, Tree] = {"byline": AUTHOR}
    new: dict[str, Tree] = {"byline": None}
    assert judge_page(old, new, CAPTURE, [error], []) == judge_page(old, new, CAPTURE)


def test_a_new_error_decides_where_the_page_says_nothing() -> None:
    error = Finding("no-markup", "colour", "error", "markup", "holds markup")
    judgement = judge_page({"colour": "red"}, {"colour": "blue"}, CAPTURE, [], [error])["colour"]
    assert (judgement.verdict, judgement.basis) == ("worse", "invariants")
