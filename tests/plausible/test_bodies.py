"""Bodies that lost or gained something, judged by their page alone."""

from __future__ import annotations

import dataclasses

import pytest

from harness.model import Finding, Tree
from harness.plausible import Judgement, judge_page
from tests.plausible.made import CAPTION, CAPTURE, CARDS, MENU, PARAGRAPHS

MENU_PAGE: list[Tree] = [*MENU, *PARAGRAPHS, *CARDS, *MENU]


def judged(old: Tree, new: Tree) -> Judgement:
    return judge_page({"body": old}, {"body": new}, CAPTURE)["body"]


@pytest.mark.parametrize(
    "harmed",
    [
        pytest.param([], id="nothing is left"),
        pytest.param(PARAGRAPHS[:1], id="a stub is left"),
        pytest.param(PARAGRAPHS[:-1], id="the last paragraph is gone"),
        pytest.param(PARAGRAPHS[1:], id="the first paragraph is gone"),
        pytest.param(MENU_PAGE, id="the whole page came along"),
        pytest.param([*PARAGRAPHS, *CARDS], id="related stories came along"),
        pytest.param(CARDS, id="the wrong block was taken"),
        pytest.param([*PARAGRAPHS, *PARAGRAPHS], id="all is there twice"),
        pytest.param(
            [*PARAGRAPHS, *("An invented sentence that stands on no page at all." for _ in "123")],
            id="text was invented",
        ),
    ],
)
def test_a_harmed_body_is_worse_and_a_mended_one_better(harmed: list[Tree]) -> None:
    whole: list[Tree] = list(PARAGRAPHS)
    worse, better = judged(whole, harmed), judged(harmed, whole)
    assert (worse.verdict, better.verdict) == ("worse", "better")
    assert worse.delta < 0 < better.delta
    assert worse.basis == "page"


def test_a_lost_body_is_judged_with_confidence() -> None:
    judgement = judged(list(PARAGRAPHS), [])
    assert judgement.confidence > 0.8
    assert judgement.delta < -0.5
    assert judgement.reasons[0].startswith("empty now; the page seems to hold ")


def test_a_larger_loss_has_a_larger_delta() -> None:
    whole: list[Tree] = list(PARAGRAPHS)
    assert judged(whole, whole[:1]).delta < judged(whole, whole[:-1]).delta


def test_the_reason_tells_how_many_words_of_content_were_lost() -> None:
    count = len(PARAGRAPHS[-1].split())
    reasons = judged(list(PARAGRAPHS), list(PARAGRAPHS[:-1])).reasons
    assert f"lost {count} words that read as the page's content" in reasons[0]


def test_the_reason_tells_that_menus_came_along() -> None:
    reasons = judged(list(PARAGRAPHS), MENU_PAGE).reasons
    assert any("of menus and links" in reason for reason in reasons)


def test_the_reason_tells_that_captions_came_along() -> None:
    reasons = judged(list(PARAGRAPHS), [*PARAGRAPHS, CAPTION]).reasons
    assert any("captions" in r or CAPTION[:20] in r for r in reasons)


def test_invented_words_are_told() -> None:
    reasons = judged(list(PARAGRAPHS), [*PARAGRAPHS, "Zyx wvu tsr qpo nml"]).reasons
    assert any("5 more words that stand nowhere on the page" in r for r in reasons)


def test_repeated_text_is_told() -> None:
    reasons = judged(list(PARAGRAPHS), [*PARAGRAPHS, PARAGRAPHS[0]]).reasons
    assert any(reason.startswith("repeats ") for reason in reasons)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(["\n".join(PARAGRAPHS)], id="paragraphs joined by line ends"),
        pytest.param([f"  {text} \u00ad" for text in PARAGRAPHS], id="white space, soft hyphens"),
        pytest.param("\n\n".join(PARAGRAPHS), id="one text instead of a list"),
        pytest.param(
            [t.replace("bridge", "bri\u00addge") for t in PARAGRAPHS], id="hyphens inside"
        ),
        pytest.param([*PARAGRAPHS, ""], id="an empty paragraph"),
    ],
)
def test_the_same_words_are_neutral(same: Tree) -> None:
    judgement = judged(list(PARAGRAPHS), same)
    assert (judgement.verdict, judgement.confidence, judgement.basis) == ("neutral", 1.0, "equal")


def test_a_field_with_an_unknown_name_is_read_as_content_when_it_is_long() -> None:
    old: dict[str, Tree] = {"bread": list(PARAGRAPHS)}
    new: dict[str, Tree] = {"bread": PARAGRAPHS[:1]}
    judgement = judge_page(old, new, CAPTURE)["bread"]
    assert judgement.verdict == "worse"
    assert judgement.confidence > 0.5


def test_a_plain_text_is_judged_with_less_confidence_than_a_page() -> None:
    plain = dataclasses.replace(
        CAPTURE, body="\n".join(PARAGRAPHS).encode(), media_type="text/plain"
    )
    old: dict[str, Tree] = {"body": list(PARAGRAPHS)}
    assert judge_page(old, {"body": []}, plain)["body"].confidence <= 0.5


def test_an_empty_page_gives_a_judgement_too() -> None:
    empty = dataclasses.replace(CAPTURE, body=b"")
    old: dict[str, Tree] = {"body": list(PARAGRAPHS)}
    assert judge_page(old, {"body": ["x"]}, empty)["body"].verdict in ("better", "worse", "neutral")


def test_an_error_that_only_the_new_body_has_speaks_against_it() -> None:
    old: dict[str, Tree] = {"body": list(PARAGRAPHS)}
    new: dict[str, Tree] = {"body": [*PARAGRAPHS, CAPTION]}
    error = Finding("captions-out", "body[6]", "error", "caption-leak", "holds a caption")
    without = judge_page(old, new, CAPTURE)["body"]
    judgement = judge_page(old, new, CAPTURE, [], [error])["body"]
    signed = [j.confidence * (1 if j.delta > 0 else -1) for j in (without, judgement)]
    assert signed[1] < signed[0]
    assert any("captions-out" in reason for reason in judgement.reasons)
