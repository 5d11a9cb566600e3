"""Holding a record against a golden."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.expectations import broken, mismatches
from harness.model import FieldDiff, Golden
from harness.records import encode_record
from harness.timestamps import parse
from tests import trees

RECORD = encode_record(
    {
        "title": "Bridge closes",
        "byline": None,
        "timestamp": parse("2 hours ago"),
        "body": ["The old bridge is closed.", "The ferry runs."],
        "related": [{"title": "Goats", "byline": "A"}, {"title": "Ferry", "byline": "B"}],
        "words": 42,
    }
)


def against(fields: Any, record: Any = RECORD, **more: Any) -> list[FieldDiff]:
    return mismatches(Golden("reviewed", fields, **more), record)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        RECORD,
        {"title": "Bridge closes"},
        {"byline": None},
        {"not there": None},
        {"title": "re:^Bridge\\b.*s$"},
        {"title": "startswith:Bridge"},
        {"title": "contains:closes"},
        {"title": "mincount:5"},
        {"body": "mincount:2"},
        {"body": "maxcount:2"},
        {"body": "contains:ferry"},
        {"body": "re:closed.\\n\\nThe"},
        {"body": ["contains:bridge", "The ferry runs."]},
        {"timestamp": "2 hours ago"},
        {"timestamp": "re:ago$"},
        {"timestamp": {"$timestamp": {"unit": "hour", "count": 2}}},
        {"timestamp": {"$timestamp": {"age": {"min_seconds": 5370, "max_seconds": 10830}}}},
        {"timestamp": {"$timestamp": {"front_end": None}}},
        {"related": [{"title": "Goats"}, {"title": "Ferry", "byline": "re:^[AB]$"}]},
        {"related": "mincount:1"},
        {"byline": "maxcount:3"},
        {"words": 42},
        {"words": "re:^4"},
    ],
)
def test_what_a_golden_leaves_open_is_not_asserted(fields: Any) -> None:
    assert against(fields) == []


@pytest.mark.parametrize(
    ("fields", "field", "category"),
    [
        ({"title": "Bridge closes!"}, "title", "punctuation"),
        ({"byline": "A. Writer"}, "byline", "lost"),
        ({"title": None}, "title", "gained"),
        ({"not there": "x"}, "not there", "lost"),
        ({"title": "re:^closes"}, "title", "value"),
        ({"byline": "re:.*"}, "byline", "lost"),
        ({"byline": "mincount:1"}, "byline", "lost"),
        ({"body": "maxcount:1"}, "body", "value"),
        ({"body": ["contains:bridge", "The ferry stops."]}, "body", "value"),
        ({"timestamp": "3 hours ago"}, "timestamp", "value"),
        ({"timestamp": {"$timestamp": {"unit": "day"}}}, "timestamp", "value"),
        ({"timestamp": {"$date": "2026-03-01"}}, "timestamp", "type"),
        ({"related": [{"title": "Goats"}]}, "related", "gained"),
        (
            {"related": [{"title": "Goats", "byline": "C"}, {"title": "Ferry"}]},
            "related[0].byline",
            "value",
        ),
        ({"related": []}, "related", "gained"),
        ({"words": 42.0}, "words", "type"),
        ({"words": "42"}, "words", "type"),
    ],
)
def test_a_contradiction_names_its_field(fields: Any, field: str, category: str) -> None:
    assert [(d.field, d.category) for d in against(fields)] == [(field, category)]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_null_asserts_absence_of_whatever_form(nothing: Any) -> None:
    assert against({"x": None}, {"x": nothing}) == against({"x": None}, {}) == []


def test_an_extra_field_explains_a_change() -> None:
    assert (
        "now holds the text of related[0].byline"
        in against({"title": "X"}, {"title": "A", "related": [{"byline": "A"}]})[0].summary
    )


def test_required_and_banned_texts_are_looked_for_in_every_field() -> None:
    assert against({}, contains=("ferry   runs", "2 hours ago"), excludes=("Read more",)) == []
    missing, leaked = against({}, contains=("Goatherd",), excludes=("old\nbridge",))
    assert (missing.field, missing.category) == ("*", "lost")
    assert (leaked.field, leaked.category) == ("body", "chrome")


@pytest.mark.parametrize("text", ["re:(", "mincount:many", "maxcount:", "re:a{2,1}"])
def test_a_broken_expectation_is_told_before_it_is_used(text: str) -> None:
    assert broken(text)


@pytest.mark.parametrize(
    "text", ["re:a", "mincount: 3", "contains:", "Re: hello", "mincounts:x", ""]
)
def test_ordinary_texts_are_usable_expectations(text: str) -> None:
    assert broken(text) is None


@given(trees.records)
def test_a_record_agrees_with_itself(record: Any) -> None:
    prefixed = ("re:", "startswith:", "contains:", "mincount:", "maxcount:")
    assert not any(str(record).count(prefix) for prefix in prefixed)
    assert against(record, record) == []


@given(
    trees.records, trees.records, st.lists(trees.text, max_size=2), st.lists(trees.text, max_size=2)
)
def test_any_record_can_be_held_against_any_golden(
    fields: Any, record: Any, contains: list[str], excludes: list[str]
) -> None:
    for diff in against(fields, record, contains=tuple(contains), excludes=tuple(excludes)):
        assert diff.summary
        root = diff.field.partition(".")[0].partition("[")[0]
        assert diff.field == "*" or excludes or root in fields
