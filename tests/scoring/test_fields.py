"""One number for one field, whatever it is, and goldens' own texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.goldens import literally
from harness.model import Golden, Kind, Tree
from harness.scoring import agrees, counterpart, field_score, snippets, text_of
from tests.trees import trees


@pytest.mark.parametrize(
    ("expected", "actual", "kind", "score"),
    [
        ("one two", "one two", None, 1.0),
        ("one two", "one", None, pytest.approx(2 / 3)),
        (["one two", "three"], ["one two"], None, pytest.approx(0.8)),
        (["one two", "three"], "one two three", None, 1.0),
        ("re:^One", "One two", None, 1.0),
        ("re:^Two", "One two", None, 0.0),
        ("startswith:One", "Two one", None, 0.0),
        ("mincount:2", ["a"], "paragraphs", 0.0),
        (["contains:two", "x"], ["one two", "x"], None, 1.0),
        (None, None, None, 1.0),
        (None, "", None, 1.0),
        (None, "made up", None, 0.0),
        ("lost", None, None, 0.0),
        ("…", "—", None, 0.0),
        (3, 3.0, None, 1.0),
        (3, 4, None, 0.0),
        ("https://a.example/?b=1&a=2", "https://a.example/?a=2&b=1", None, 1.0),
        ("https://a.example/x", "https://a.example/y", None, 0.0),
        ({"$datetime": "2024-05-01T12:00:00+00:00"}, "2024-05-01", None, 0.5),
        ("2024-05-01", {"$date": "2024-05-01"}, None, 1.0),
        ({"lead": ["one"], "rest": ["two"]}, ["one", "two"], None, 1.0),
    ],
)
def test_a_field_scores(expected: Tree, actual: Tree, kind: Kind | None, score: float) -> None:
    assert field_score(expected, actual, kind) == score


def test_records_are_matched_before_they_are_scored() -> None:
    card: Tree = {"title": "The first of all cards", "byline": "A. Writer"}
    other: Tree = {"title": "Quite another story told", "byline": "B. Writer"}
    assert field_score([card, other], [other, card]) == 1.0
    assert field_score([card, other], [card]) == pytest.approx(2 / 3)
    open_golden: Tree = {"title": "The first of all cards"}
    half: Tree = {"title": "The first of all cards", "byline": None}
    assert field_score([card], [half]) == pytest.approx(0.5)
    assert field_score([open_golden], [card]) == 1.0  # what is left open is not asked


@given(trees)
def test_every_value_scores_one_as_a_literal_golden(tree: Tree) -> None:
    golden = literally(tree)
    assert agrees(golden, tree)
    assert field_score(golden, tree) == 1.0


@given(trees, trees)
def test_every_score_is_a_share(one: Tree, other: Tree) -> None:
    assert 0.0 <= field_score(one, other) <= 1.0


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (None, ""),
        ("a", "a"),
        (["a", "b"], "a\nb"),
        ({"$timestamp": {"text": "now"}}, "now"),
        ({"$tuple": ["a", "b"]}, "a\nb"),
        ([{"title": "a", "body": ["b"]}], "a\nb"),
        (3, "3"),
    ],
)
def test_values_as_texts(tree: Tree, text: str) -> None:
    assert text_of(tree) == text


def test_a_field_is_found_by_name_then_by_what_it_is_for() -> None:
    record: dict[str, Tree] = {"published": "x", "articleBody": "y", "title": "z"}
    assert counterpart("title", record) == "title"
    assert counterpart("timestamp", record) == "published"
    assert counterpart("body", record) == "articleBody"
    assert counterpart("byline", record) is None
    assert counterpart("body", {"text": "a", "content": "b"}) is None  # nobody knows which
    assert counterpart("oddity", {"strange": 1}) is None
    assert counterpart("oddity", {"strange": 1}, {"oddity": "tags", "strange": "tags"}) == "strange"


@given(st.booleans())
def test_snippets_are_looked_for_without_regard_to_white_space(spaced: bool) -> None:
    golden = Golden("reviewed", {}, ("one two", "gone"), ("Related", "three"))
    found = snippets(golden, {"body": ["one \n two" if spaced else "one two", "three"]})
    assert (found.held, found.of_contains) == (1, 2)
    assert (found.kept_out, found.of_excludes) == (1, 2)
