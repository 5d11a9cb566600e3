"""Bylines as sets of people."""

from __future__ import annotations

import pytest

from harness.model import Tree
from harness.scoring import people, people_prf, same_people


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("By Jane Doe", "jane  doe"),
        ("Jane Doe and John Roe", ["John Roe", "Jane Doe"]),
        ("Jane Doe, John Roe", "JOHN ROE; Jane Doe"),
        ("Von Jürgen Groß", "Jürgen Groß"),
        ([{"name": "Jane Doe", "url": "/j"}], "Jane Doe"),
        (None, ""),
        ([], None),
    ],
)
def test_the_same_people_however_they_are_written(one: Tree, other: Tree) -> None:
    assert same_people(one, other)
    assert people_prf(one, other).f1 == 1.0


def test_by_inside_a_name_is_a_part_of_it() -> None:
    assert people("Abby Byrd") == {"abby byrd"}


def test_a_date_glued_on_and_a_name_left_out_are_told_apart() -> None:
    assert not same_people("Jane Doe", "Jane Doe, May 1")
    glued = people_prf("Jane Doe", "Jane Doe, May 1")
    assert (glued.precision, glued.recall) == (0.5, 1.0)
    lost = people_prf(["Jane Doe", "John Roe"], "John Roe")
    assert (lost.precision, lost.recall) == (1.0, 0.5)


def test_nobody_where_somebody_is_expected_scores_nothing() -> None:
    assert people_prf("Jane Doe", None).f1 == people_prf(None, "Jane Doe").f1 == 0.0
