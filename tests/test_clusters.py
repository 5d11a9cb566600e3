"""Edits that are alike are one item, and none is lost in it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.clusters import Edit, clusters, shape

TEXTS = st.lists(
    st.sampled_from(["5 min read", "7 min read", "By Ada", "Ada", "x", "1", "é", "你好"]),
    max_size=2,
).map(tuple)
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["a/1", "a/2", "b/1"]),
        st.sampled_from(["body", "byline"]),
        st.sampled_from(["lost", "gained"]),
        TEXTS,
        TEXTS,
        st.floats(0, 1),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Lovelace, 5 min read", "A, 9 a"),
        ("21 hours ago", "9 a"),
        ("BBC  News", "X A"),
        ("3,400 O'Neil", "9,9 A"),
        ("", ""),
    ],
)
def test_a_shape_keeps_classes_and_marks(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_a_sentence_is_its_own_shape() -> None:
    one = "The first of two sentences that have nine words."
    other = "The other of the sentences that have nine words."
    assert shape(one) != shape(other)
    assert shape(one.replace(" ", "\n")) == shape(one)


def test_labels_of_one_shape_are_one_cluster_that_keeps_their_values() -> None:
    edits = [Edit(f"a/{i}", "byline", "lost", (f"{i % 2 + 5} min read",)) for i in range(5)]
    (found,) = clusters(edits)
    assert found.captures == ("a/0", "a/1", "a/2", "a/3", "a/4")
    assert found.values == (((("5 min read",), ()), 3), ((("6 min read",), ()), 2))
    assert not found.exact and found.edits == 5


def test_a_field_or_a_category_apart_is_a_cluster_apart() -> None:
    edits = [
        Edit("a/1", field, category, ("x",)) for field in ("f", "g") for category in ("lost", "c")
    ]
    assert len(clusters(edits)) == 4


def test_the_heaviest_comes_first() -> None:
    rare = Edit("a/1", "body", "lost", ("one whole article",), severity=0.9)
    common = [Edit(f"a/{i}", "byline", "gained", (), ("x",), 0.2) for i in range(6)]
    assert [each.field for each in clusters([rare, *common])] == ["byline", "body"]
    assert [each.field for each in clusters([rare, *common[:3]])] == ["body", "byline"]


@given(EDITS)
def test_every_edit_is_in_exactly_one_cluster(edits: list[Edit]) -> None:
    found = clusters(edits)
    assert sum(each.edits for each in found) == len(edits)
    inside = Counter(
        (each.field, each.category, texts, number)
        for each in found
        for texts, number in each.values
    )
    expected = Counter((e.field, e.category, e.texts) for e in edits)
    assert inside == Counter((*key, number) for key, number in expected.items())


@given(EDITS, st.randoms(use_true_random=False))
def test_the_order_of_the_edits_does_not_matter(edits: list[Edit], draw: Random) -> None:
    shuffled = draw.sample(edits, len(edits))
    assert clusters(shuffled) == clusters(edits)


@given(EDITS)
def test_clusters_are_ranked_by_weight(edits: list[Edit]) -> None:
    weights = [each.weight for each in clusters(edits)]
    assert weights == sorted(weights, reverse=True)
