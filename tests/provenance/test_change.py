"""The same value at another place, in one capture and in two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from harness.diff import compare_records
from harness.model import Tree
from harness.provenance import (
    SCALE,
    Fragility,
    Place,
    Tracer,
    describe,
    fragility,
    moved,
    place_tree,
    shift,
    summarise,
    weaker_place,
)
from harness.provenance.change import means_the_same
from tests.provenance.standing import page_of
from tests.trees import trees

PAGE = """<script type="application/ld+json">{"author": {"name": "Jane Doe"},
"datePublished": "2024-05-01T10:00:00Z"}</script><h1>Storm</h1>
<div class="meta"><span>x</span><span>By Jane Doe</span><span>JANE DOE</span>
<i>May 1, 2024</i></div><p>Jane  Doe</p>"""


NAMED_AT = "JSON-LD $.author.name"


def categories(old: Any, new: Any, markup: str = PAGE) -> list[tuple[str, str]]:
    page = page_of(markup)
    asked = weaker_place(lambda: Tracer(page))
    found = compare_records({"byline": old}, {"byline": new}, None, moved=asked)
    return [(diff.category, diff.summary) for diff in found]


@pytest.mark.parametrize("new", ["By Jane Doe", "JANE DOE"])
def test_the_same_name_from_a_weaker_place_says_both_places(new: str) -> None:
    number = 2 if new.startswith("By") else 3
    assert categories("Jane Doe", new) == [
        (
            "place",
            f"same value, now from div.meta > span:nth-child({number}), before from {NAMED_AT}",
        )
    ]


def test_the_same_name_from_a_stronger_place_keeps_its_category() -> None:
    assert [category for category, _ in categories("JANE DOE", "Jane Doe")] == ["case"]
    assert [category for category, _ in categories("By Jane Doe", "Jane Doe")] == ["lost"]


def test_an_instant_that_became_the_day_of_a_label_says_so() -> None:
    old, new = {"$datetime": "2024-05-01T10:00:00+00:00"}, {"$date": "2024-05-01"}
    [(category, summary)] = categories(old, new)
    assert category == "place"
    assert summary.endswith("div.meta > i, before from JSON-LD $.datePublished")


def test_a_name_that_was_computed_has_no_place() -> None:
    assert [category for category, _ in categories("Jane Doe", "jane doe")] == ["case"]


def test_another_name_is_another_value() -> None:
    assert [category for category, _ in categories("Jane Doe", "By Ann Lee")] == ["value"]


def test_white_space_alone_is_no_other_place() -> None:
    assert [category for category, _ in categories("Jane Doe", "Jane  Doe")] == ["whitespace"]


def test_the_page_is_not_read_for_values_that_differ() -> None:
    def never() -> Tracer:
        raise AssertionError("the page was read")

    assert compare_records({"x": "a"}, {"x": "b"}, None, moved=weaker_place(never))
    assert compare_records({"x": ["a"]}, {"x": None}, None, moved=weaker_place(never))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("Jane Doe", "Von Jane Doe", True),
        ("Byron Lee", "Lee", False),
        (["One.", "Two."], "One.\n\nTwo.", True),
        (["One.", "Two."], ["One."], False),
        ("It’s", "IT'S", True),
        ({"$datetime": "2024-05-01T10:00:00+00:00"}, "2024-05-01T12:00:00+02:00", True),
        ({"$datetime": "2024-05-01T10:00:00+00:00"}, {"$date": "2024-05-02"}, False),
        ({"$datetime": "2024-05-01T10:00:00+00:00"}, {"$datetime": "2024-05-01T18:00:00"}, False),
        ({"$datetime": "2024-05-01T10:00:00+00:00"}, {"$datetime": "2024-05-01T10:00:00"}, False),
        ([{"a": "x"}], [{"a": "X"}], False),
        ("", "", False),
    ],
)
def test_what_counts_as_the_same_value(old: Tree, new: Tree, same: bool) -> None:
    assert means_the_same(old, new) is same


@given(trees, trees)
def test_any_two_values_can_be_held_against_each_other(old: Tree, new: Tree) -> None:
    assert means_the_same(old, new) == means_the_same(new, old)
    tracer = Tracer(page_of(PAGE))
    weaker_place(lambda: tracer)(old, new)
    move = shift(old, tracer, new, tracer)
    back = shift(new, tracer, old, tracer)
    assert (move is None) == (back is None)
    assert move is None or back is None or move.steps == -back.steps


def test_a_site_that_dropped_its_metadata_made_the_value_more_fragile() -> None:
    old, new = Tracer(page_of(PAGE)), Tracer(page_of("<p class=by>Jane Doe</p>"))
    move = shift("Jane Doe", old, "Jane Doe", new)
    assert move is not None
    assert (move.steps, move.said) == (2, "now from p.by, before from JSON-LD $.author.name")
    assert shift("Jane Doe", old, "Jane Doe", Tracer(page_of(PAGE))) is None


def test_text_before_a_place_does_not_move_it() -> None:
    old = Place("text", "p.by", 3, 11, Fragility.INSIDE, 4)
    assert moved(old, Place("text", "p.by", 9, 17, Fragility.INSIDE, 7)) is None
    assert moved(old, Place("text", "p.who", 3, 11, Fragility.INSIDE, 4)) is not None


def test_every_grade_has_its_reason_and_they_are_in_order() -> None:
    assert list(SCALE) == sorted(Fragility)
    assert all(SCALE.values())


def test_of_several_parts_the_worst_counts() -> None:
    strong, weak = (Place("text", "p", fragility=g) for g in (Fragility.NAMED, Fragility.INSIDE))
    assert fragility(Place("parts", parts=(strong, weak))) is Fragility.INSIDE


def test_many_paragraphs_are_told_in_one_line() -> None:
    places = [
        Place("text", f"article > p:nth-child({n})", fragility=Fragility.SEMANTIC, line=n)
        for n in range(9)
    ]
    assert summarise(places) == "article > p × 9"
    assert summarise(places[:1]) == describe(places[0]) == "article > p:nth-child(0)"


def test_a_place_as_json() -> None:
    page = page_of(PAGE)
    [tree] = [place_tree(p) for p in Tracer(page).value("JANE DOE")[""]]
    assert tree == {
        "kind": "text",
        "path": "div.meta > span:nth-child(3)",
        "start": 12,
        "end": 20,
        "fragility": "positional",
        "line": 1,
        "near": "div.meta",
    }
