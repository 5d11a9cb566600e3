"""What people look at first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.comparison import FieldChange, PageChange, worst
from harness.comparison.judging import page_verdict
from harness.comparison.ranking import order
from harness.plausible import Judgement

FIELDS = st.builds(
    lambda name, delta, confidence: FieldChange(
        name,
        name if name == "body" else "",
        Judgement(
            "worse" if delta < 0 else "better" if delta else "neutral", confidence, delta, "page"
        ),
        (),
    ),
    st.sampled_from(["body", "title", "byline"]),
    st.floats(-1, 1),
    st.floats(0, 1),
)


def page(name: str, *fields: FieldChange) -> PageChange:
    return PageChange(f"s/{name}", *page_verdict(fields, 0.5), fields)


def change(name: str, delta: float, confidence: float = 1.0) -> FieldChange:
    verdict = "worse" if delta < 0 else "better"
    return FieldChange(name, name, Judgement(verdict, confidence, delta, "golden"), ())


def test_a_lost_body_is_not_pushed_out_of_sight_by_many_lost_bylines() -> None:
    pages = [page(f"{i}", change("byline", -1.0)) for i in range(30)]
    lost = page("lost", change("body", -0.2))
    assert min([*pages, lost], key=order) is lost


def test_the_list_is_as_long_as_there_are_large_losses() -> None:
    pages = [page(f"{i:02}", change("body", -0.5 - i / 100)) for i in range(14)]
    small = [page(f"small{i}", change("body", -0.01)) for i in range(30)]
    ranked = tuple(sorted([*small, *pages], key=order))
    assert set(worst(ranked)[:14]) == set(pages)
    assert len(worst(ranked)) == 14 + 10
    assert len(worst(ranked[14:])) == 10


def test_a_large_change_that_is_hard_to_tell_comes_before_a_small_sure_loss() -> None:
    doubtful, surely = page("d", change("body", 0.8, 0.3)), page("s", change("body", -0.05))
    gained = page("g", change("body", 0.9, 0.99))
    ranked = sorted([gained, surely, doubtful], key=order)
    assert ranked == [doubtful, surely, gained]
    assert worst(tuple(ranked)) == (doubtful, surely)


def test_better_pages_come_last_and_are_not_among_the_worst() -> None:
    pages = [
        page("b", change("body", 0.9)),
        page("w", change("title", -0.1)),
        page("u", change("title", -1, 0.1)),
    ]
    ranked = tuple(sorted(pages, key=order))
    assert [p.capture for p in ranked] == ["s/w", "s/u", "s/b"]
    assert [p.capture for p in worst(ranked)] == ["s/w", "s/u"]


@pytest.mark.parametrize("delta", [-0.16, -0.9])
def test_loss_and_confidence_both_count(delta: float) -> None:
    sure, doubtful = page("sure", change("body", delta)), page("doubt", change("body", delta, 0.6))
    assert sorted([doubtful, sure], key=order) == [sure, doubtful]


@given(st.lists(st.lists(FIELDS, min_size=1, max_size=3), max_size=25))
def test_no_large_sure_loss_is_left_out_of_the_worst(drawn: list[list[FieldChange]]) -> None:
    pages = [page(f"{i}", *sorted(fields, key=lambda f: -f.loss)) for i, fields in enumerate(drawn)]
    listed = worst(tuple(sorted(pages, key=order)))
    large = [
        p
        for p in pages
        if any(
            f.role == "body" and f.judgement.delta < -0.15 and f.judgement.confidence >= 0.5
            for f in p.fields
        )
    ]
    assert set(large) <= set(listed)
