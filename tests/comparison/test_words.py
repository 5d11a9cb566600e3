"""The sentence to paste, the numbers under it, and what they do not say alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.comparison import (
    RECORD,
    Comparison,
    Side,
    notes,
    p_value,
    sentence,
    signed,
    summarise,
    title,
)
from tests.comparison.sides import comparison, judged, page, scored


def said(found: Comparison) -> str:
    return sentence(found, summarise(found))


def noted(found: Comparison) -> str:
    return "\n".join(notes(found, summarise(found)))


def test_the_sentence_counts_bodies_and_gives_mean_interval_and_test() -> None:
    found = comparison(
        page("a/1", scored(0.5, 0.9)), page("a/2", scored(0.5, 0.8)), page("b/1", scored(0.9, 0.48))
    )
    assert said(found).startswith(
        "lib 1.0 → 2.0 on 13 captures of 3 sites: body better on 2, worse on 1"
        " (worst b/1: −0.42 F1), unchanged on 10; mean F1 +0.022 (95 % −"
    )
    assert said(found).endswith("sign test p = 1.000).")
    assert "\n" not in said(found)


def test_without_goldens_no_f1_is_claimed() -> None:
    found = comparison(page("a/1", judged("body", -0.4, basis="page")), goldens=False)
    assert "worse on 1 (worst a/1: about −0.40)" in said(found)
    assert "judged without goldens, sign test p = 1.000" in said(found)
    assert "F1" not in said(found)


def test_a_mean_that_rose_does_not_hide_the_pages_that_are_worse() -> None:
    worse = [page(f"a/{i}", scored(0.9, 0.8)) for i in range(7)]
    found = comparison(*worse, page("a/x", scored(0.0, 1.0)), page("b/x", scored(0.0, 1.0)))
    assert "the mean F1 rose by 0.068, and yet 7 pages are worse (2 better)" in noted(found)
    only_better = comparison(page("a/1", scored(0.1, 0.9)))
    assert "and yet" not in noted(only_better)


def test_when_no_body_token_changed_it_is_said_and_neutral_fields_are_named() -> None:
    reason = "the same names in another order"
    found = comparison(
        page("a/1", judged("byline", 0.0, basis="equal", reason=reason)),
        page("a/2", judged("body", 0.0, basis="equal", reason="the words are the same")),
    )
    assert summarise(found).same_words
    assert said(found).endswith(": no body token changed on any of 12 pages.")
    assert f"byline changed on 1 page, and means the same: {reason}" in noted(found)
    assert "12 pages prove little: up to 22 % of pages may still be worse" in noted(found)


def test_a_body_that_changed_words_is_not_said_to_have_none() -> None:
    unsure = judged("body", 0.0, basis="page", confidence=0.1)
    found = comparison(page("a/1", unsure), goldens=False)
    assert not summarise(found).same_words
    assert "changed on 1 where the page does not tell, unchanged on 10" in said(found)


def test_fields_that_were_not_asked_for_are_not_said_to_be_the_same() -> None:
    found = replace(comparison(page("a/1", judged("byline", -1.0))), only=("byline",))
    assert "body token" not in said(found)
    assert said(found).endswith("byline worse on 1.")


def test_nothing_changed() -> None:
    assert said(comparison()) == "lib 1.0 → 2.0 on 10 captures: every record is the same."


def test_raising_counts_as_a_worse_body_and_is_noted() -> None:
    raised = judged(RECORD, -1.0, basis="equal")
    found = comparison(page("a/1", raised, judged("body", -0.8, scores=(0.8, 0.0))))
    assert summarise(found).body.worse == 1
    assert "(worst a/1: it raises)" in said(found)
    assert "the new side gives no record on 1 page" in noted(found)


def test_an_interrupted_comparison_says_how_far_it_came() -> None:
    found = replace(comparison(page("a/1", scored(0.5, 0.9))), interrupted=True, planned=99)
    assert said(found).startswith("interrupted, 11 of 99 captures: lib 1.0 → 2.0")


def test_what_was_left_out_is_noted() -> None:
    found = replace(comparison(), skipped=(("a/9", "b.jsonl holds nothing of it"),))
    assert "1 capture left out, first a/9: b.jsonl holds nothing of it" in noted(found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("trafilatura==1.12.2", "trafilatura==2.0.0", "trafilatura 1.12.2 → 2.0.0"),
        ("a==1,b==2", "a==2,b==2", "a==1,b==2 → a==2,b==2"),
        ("daily8@main", "daily8@HEAD", "daily8@main → daily8@HEAD"),
        ("a\u202eb", "c", "a⟨U+202E⟩b → c"),
    ],
)
def test_sides_are_called_as_they_were_typed(old: str, new: str, expected: str) -> None:
    assert title(Side(old), Side(new)) == expected


def test_a_peer_is_told_with_its_release() -> None:
    assert title(Side("trafilatura", "2.0"), Side("x")) == "trafilatura (2.0) → x"


def test_numbers_as_people_write_them() -> None:
    assert [signed(0.0), signed(-0.0001), signed(-0.42), signed(0.0101, 3)] == [
        "0.00", "0.00", "−0.42", "+0.010",
    ]  # fmt: skip
    assert signed(-0.004) == "−0.004", "what is called worse did lose something"
    assert (p_value(0.0351), p_value(1e-9)) == ("p = 0.035", "p < 0.001")


def test_numbers_of_a_field_are_of_all_its_goldens() -> None:
    found = comparison(page("a/1", scored(1.0, 0.6)), page("b/1", scored(0.4, 1.0)), unchanged=8)
    body = summarise(found).body
    assert (body.goldens, body.mean) == (10, pytest.approx(0.02))
    assert (body.only_a, body.only_b, body.p_right) == (1, 1, 1.0)
    low, high = body.interval or (0, 0)
    assert low < 0.02 < high


def test_sites_count_their_unchanged_pages() -> None:
    found = comparison(page("a/1", scored(1.0, 0.6)), unchanged=3)
    assert summarise(found).sites == {
        "a": {"worse": 1, "unchanged": 0},
        "calm": {"unchanged": 3},
    }


def test_where_both_sides_raise_nothing_is_said_to_be_the_same() -> None:
    found = replace(comparison(), neither=10, raised="KeyError: 'author'")
    assert said(found).endswith("on 10 captures: neither side gives a record.")
    assert "neither side gives a record on 10 pages; first: KeyError: 'author'" in noted(found)


def test_a_sentence_about_neutral_changes_alone_is_whole() -> None:
    found = replace(comparison(page("a/1", judged("byline", 0.0, basis="equal"))), only=("byline",))
    assert said(found).endswith("nothing changed that means anything else.")


def test_the_worst_body_is_one_that_is_surely_worse() -> None:
    unsure = judged("body", -0.1, confidence=0.1)
    found = comparison(page("a/1", judged("title", -0.5), unsure))
    assert "worse on 0, changed on 1" in said(found)


def test_without_a_body_nothing_is_said_of_its_tokens() -> None:
    found = replace(comparison(page("a/1", judged("title", -0.5))), bodies=())
    assert not summarise(found).same_words
