"""Fields held against each other, the page's address and its language."""

from __future__ import annotations

from typing import Any

import pytest

from harness.invariants import BUILT_IN, check, crosswise
from tests.invariants.articles import TITLE, capture, found, record, told

URL = "https://riverpost.example/2024/05/03/otters-return"


@pytest.mark.parametrize(
    "fields",
    [
        {"url": URL},
        {"url": f"{URL}/?ref=rss"},
        {"language": "en"},
        {"lang": "en-US"},
        {"dir": "ltr"},
        {"dir": None},
        {"description": None},
        {"description": "Twelve otters."},
    ],
)
def test_fields_that_fit_the_page_have_nothing_against_them(fields: dict[str, Any]) -> None:
    assert found(crosswise, record(**fields)) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"url": "/2024/05/03/otters-return"}, "type"),
        ({"url": "https://riverpost.example/2024/05/02/bats"}, "wrong-block"),
        ({"language": "de"}, "invented"),
        ({"language": None}, "empty"),
        ({"site_name": ""}, "empty"),
        ({"description": "Jane Doe\nAbby Stone"}, "wrong-block"),
        ({"related": [{"title": "T", "url": "https://riverpost.example/bats"}]}, "invented"),
    ],
)
def test_fields_that_do_not_are_warnings(fields: dict[str, Any], fault: str) -> None:
    assert told(crosswise, record(**fields)) == {(fault, "warning")}


def test_addresses_that_the_page_links_are_right() -> None:
    of = capture('<h3>T</h3><a href="/bats?a=1&amp;b=2">x</a>', url=None)
    cards = [{"title": "T", "url": "https://riverpost.example/bats?a=1&b=2"}]
    assert found(crosswise, {"related": cards}, of) == []


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"title": ["a", 1, None], "byline": {"a": {"b": 1}}, "date": 5, "url": 7, "body": 3},
        {"title": {"$tuple": []}, "authors": [["a"], {"b": None}], "published": True},
        {"title": "\ud800", "authors": ["\udfff"], "date": "\ud800", "url": "http://[x"},
        {"title": "x" * 100_000, "byline": "y " * 50_000, "date": "9" * 100_000},
        {"date": -5, "published": 1e300, "modified": "0000-00-00", "timestamp": float("nan")},
        {"published": ["2024-01-01"], "updated": {"a": 1}, "lang": ["en", 1]},
        {"title": "", "byline": "", "date": "", "body": "", "url": "", "related": ""},
    ],
)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("", "text/plain"),
        ("{]", "application/json"),
        ("<rss>", "application/rss+xml"),
        ("\x00\ufffd<h1>", "text/html"),
    ],
)
def test_no_record_and_no_page_makes_an_invariant_raise(
    values: dict[str, Any], body: str | None, media_type: str
) -> None:
    hits = check(values, capture(body, media_type=media_type, captured_at=None))
    assert [hit for hit in hits if hit.fault == "raised"] == []


def test_names_of_invariants_are_unique_and_each_says_what_it_holds() -> None:
    names = [each.name for each in BUILT_IN]
    assert len(names) == len(set(names))
    assert all(each.doc.endswith(".") for each in BUILT_IN)


def test_the_right_record_has_no_error() -> None:
    hits = check(record(url=URL, language="en-GB"), capture())
    assert [hit for hit in hits if hit.severity == "error"] == []
    assert TITLE
