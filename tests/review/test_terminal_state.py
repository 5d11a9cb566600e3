"""What keys do to a review in the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.changes import digest
from harness.model import CaseResult, Failure, Verdict
from harness.review.terminal.look import Look
from harness.review.terminal.model import Known, key_of
from harness.review.terminal.state import news
from tests.planted import planted
from tests.review.terminal_reviews import (
    Desk,
    Reviewer,
    a_run,
    contradicted,
    doubted,
    edit,
    emptied,
    reviewing,
)


def prefixes(number: int = 4) -> Reviewer:
    """One cluster of one edit."""
    return reviewing(a_run(edit(f"site/p{i}") for i in range(number)))


def ages(number: int) -> Reviewer:
    """One cluster of one shape with that many values."""
    names = [f"Ada Lovelace{i + 1} hours ago" for i in range(number)]
    return reviewing(
        a_run(
            edit(f"site/a{i}", old="Ada Lovelace", new=n, category="glued")
            for i, n in enumerate(names)
        )
    )


# --- how much work a review is --------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_hundred_changes_in_twelve_causes_take_forty_keys_at_most(seed: int) -> None:
    made = planted(200, seed)
    assert len(set(made.causes.values())) == 12
    one = reviewing(made.run)
    assert len(one.review.changes) >= 200
    while one.state.left:
        alone = bool(one.at.alone) and one.state.mode == "change"
        one.press("a" if alone else "A")
    assert one.keys <= 40, one.keys
    assert len(one.desk.decisions) == len(one.review.changes)
    assert "everything is decided" in one.text


# --- one by one -----------------------------------------------------------------------------------


def test_accepting_goes_on_to_the_next_open_change() -> None:
    one = prefixes(3)
    first = one.at
    one.press("a")
    assert one.desk.decisions == {key_of(first): Known("accept", "Ada", True)}
    assert one.at is not first
    one.press("r", "a")
    assert sorted(each.decision for each in one.desk.decisions.values()) == [
        "accept",
        "accept",
        "reject",
    ]
    assert "everything is decided" in one.text


def test_skipping_decides_nothing_and_comes_round_again() -> None:
    one = prefixes(3)
    first = one.at
    one.press("a", "s", "s")
    assert one.at is not first
    assert len(one.desk.decisions) == 1
    one.press("s", "s")
    assert one.at is not first


def test_a_decision_can_be_changed_but_not_made_twice() -> None:
    one = prefixes(2)
    one.press("a", "k", "a")
    assert "is accepted already" in one.text
    one.press("r")
    assert [each.decision for each in one.desk.decisions.values()] == ["reject"]
    one.press("k", "r")
    assert "is rejected already" in one.text


def test_what_an_invariant_doubts_can_be_rejected_and_not_accepted() -> None:
    one = reviewing(a_run([doubted("site/a")]))
    assert one.press("a") is None
    assert "a mended extractor or a waiver" in one.text
    assert one.press("A") is None
    assert one.press("r")
    assert not one.state.left


def test_a_file_that_cannot_be_used_cannot_be_accepted() -> None:
    result = CaseResult("site/a", "site", Verdict.ERROR, problem="page.html is gone")
    one = reviewing(a_run([result]))
    assert one.press("a") is None
    assert "only mending what is broken" in one.text
    assert "page.html is gone" in one.text


def test_a_stale_decision_is_refused_with_its_reason_and_the_reviewer_stays() -> None:
    one = prefixes(2)
    one.desk.stale.add(key_of(one.at))
    here = one.at
    one.press("a")
    assert "refused site/p0 byline: it changed since" in one.text
    assert one.at is here
    assert not one.desk.decisions


# --- whole clusters -------------------------------------------------------------------------------


def test_a_cluster_of_one_edit_is_accepted_with_one_key() -> None:
    one = prefixes(5)
    one.press("A")
    assert len(one.desk.decisions) == 5
    assert "accepted 5 changes" in one.text


def test_a_cluster_of_one_shape_is_accepted_only_after_all_its_values_were_shown() -> None:
    one = ages(40)
    seen = set()
    for _ in range(20):
        one.press("A")
        if one.desk.decisions:
            break
        assert one.state.mode == "values"
        seen |= {i for i in range(1, 41) if f"{{+{i} hours ago+}}" in one.text}
    assert len(seen) == 40
    assert len(one.desk.decisions) == 40


def test_leaving_the_values_accepts_nothing() -> None:
    one = ages(3)
    one.press("A", "escape")
    assert one.state.mode == "change"
    assert not one.desk.decisions
    one.press("enter", "A")
    assert len(one.desk.decisions) == 3


def test_rejecting_a_cluster_needs_no_look_at_its_values() -> None:
    one = ages(3)
    one.press("R")
    assert {each.decision for each in one.desk.decisions.values()} == {"reject"}


@pytest.mark.parametrize("key", ["A", "R"])
def test_fields_that_are_empty_now_are_never_decided_together(key: str) -> None:
    one = reviewing(a_run(emptied(f"site/e{i}") for i in range(3)))
    one.press(key, key, key)
    assert not one.desk.decisions
    one.press("escape", key)
    assert "only one by one: the field is empty now" in one.text
    one.press("a", "r", "a")
    assert len(one.desk.decisions) == 3


def test_a_decided_change_is_not_decided_again_with_its_cluster() -> None:
    one = prefixes(3)
    one.press("r", "A")
    decided = [each.decision for each in one.desk.decisions.values()]
    assert sorted(decided) == ["accept", "accept", "reject"]
    one.press("A")
    assert "everything in this cluster is decided" in one.text


def test_with_a_filter_only_what_is_shown_of_a_cluster_is_decided() -> None:
    one = prefixes(12)
    one.press("/", *"site/p1", "enter", "A")
    assert {case for case, _, _ in one.desk.decisions} == {"site/p1", "site/p10", "site/p11"}
    assert "9 changes open, none shown" in one.text
    one.press("/", "ctrl-u", "enter", "A")
    assert len(one.desk.decisions) == 12


# --- undo -----------------------------------------------------------------------------------------


def test_undo_takes_back_step_by_step_and_goes_there() -> None:
    one = prefixes(3)
    first = one.at
    one.press("a", "A")
    assert not one.state.left
    one.press("u")
    assert one.state.left == 2
    assert "undone: 2 decisions" in one.text
    one.press("u")
    assert one.at is first
    assert not one.desk.decisions
    one.press("u")
    assert "nothing to undo" in one.text


def test_undoing_a_changed_mind_brings_the_first_decision_back() -> None:
    one = prefixes(2)
    one.press("a", "k", "r", "u")
    assert [each.decision for each in one.desk.decisions.values()] == ["accept"]


# --- goldens --------------------------------------------------------------------------------------


def test_a_golden_is_approved_in_the_name_of_somebody() -> None:
    one = reviewing(a_run(contradicted(f"site/g{i}") for i in range(2)))
    one.press("a")
    assert one.state.mode == "name"
    assert not one.desk.decisions
    assert "approve the golden as: Ada" in one.text
    one.press(*" B. Reader", "enter")
    assert set(one.desk.decisions.values()) == {Known("approve", "Ada B. Reader", True)}
    one.press("a")
    assert len(one.desk.decisions) == 2, "who said it once is not asked again"


def test_without_a_name_no_golden_is_approved() -> None:
    one = reviewing(a_run([contradicted("site/g")]), by="")
    one.press("a", "enter")
    assert "needs the name" in one.text
    one.press("escape")
    assert one.state.mode == "change"
    assert not one.desk.decisions
    one.press("a", "paste:  Grace \n Hopper ", "enter")
    assert set(one.desk.decisions.values()) == {Known("approve", "Grace Hopper", True)}


# --- moving ---------------------------------------------------------------------------------------


def mixed() -> Reviewer:
    return reviewing(
        a_run(
            [
                *(edit(f"one/p{i}") for i in range(3)),
                *(emptied(f"two/e{i}") for i in range(2)),
                *(edit(f"three/t{i}", "title", "The end | Site", "The end") for i in range(2)),
            ]
        )
    )


@pytest.mark.parametrize(
    ("there", "back"), [(("j", "k")), (("down", "up")), (("n", "p")), (("right", "left"))]
)
def test_keys_and_arrows_go_there_and_back(there: str, back: str) -> None:
    one = mixed()
    start = one.state.at
    one.press(there)
    assert one.state.at > start
    assert (one.cluster == 1) == (there in ("n", "right"))
    one.press(back, back)
    assert one.state.at == start
    assert "this is the first" in one.text
    one.press(*[there] * 20)
    assert "this is the last" in one.text


def test_the_next_cluster_is_entered_at_its_first_open_change() -> None:
    one = mixed()
    one.press("n", "a", "p", "n")
    assert one.at.case not in {case for case, _, _ in one.desk.decisions}


def test_what_others_decide_meanwhile_is_shown_and_not_asked_again() -> None:
    one = prefixes(3)
    other = Desk({key_of(one.review.changes[1]): Known("reject", "Grace")})
    one.state = news(one.review, one.state, other.known())
    assert one.state.left == 2
    one.press("a")
    assert one.at is one.review.changes[2]
    one.press("k")
    assert "rejected by Grace" in one.text


def test_a_review_begins_at_the_first_open_change() -> None:
    first = prefixes(3)
    known = {key_of(first.review.changes[0]): Known("accept", "Ada", False)}
    one = Reviewer(first.review, Desk(known))
    assert one.at is one.review.changes[1]
    one.press("k")
    assert "accepted, not written yet by Ada" in one.text


def test_finding_nothing_keeps_what_was_shown() -> None:
    one = mixed()
    one.press("/", *"no such text", "enter")
    assert "no change holds 'no such text'" in one.text
    assert len(one.state.shown) == 7
    one.press("/", *"TWO byline", "enter")
    assert {one.review.changes[i].case for i in one.state.shown} == {"two/e0", "two/e1"}
    assert "2 changes with 'TWO byline'" in one.text
    one.press("/", "backspace", "escape")
    assert len(one.state.shown) == 2


def test_letters_that_are_typed_are_no_commands() -> None:
    one = prefixes(3)
    one.press("/", *"Aarq?", "paste:AR")
    assert one.state.mode == "find"
    assert not one.desk.decisions
    assert "find: Aarq?AR" in one.text


def test_what_is_pasted_outside_a_line_does_nothing() -> None:
    one = prefixes(3)
    one.press("paste:AAAA")
    assert not one.desk.decisions


def test_views_go_round_and_help_closes_on_any_key() -> None:
    one = prefixes(1)
    said = []
    for _ in range(4):
        said.append(one.text)
        one.press("d")
    assert one.text == said[0]
    assert len(set(said)) == 4
    one.press("?")
    assert "undo the last decision" in one.text
    one.press("a")
    assert one.state.mode == "change"
    assert not one.desk.decisions


@pytest.mark.parametrize("key", ["q", "ctrl-c"])
def test_leaving_needs_one_key(key: str) -> None:
    one = prefixes(1)
    one.press(key)
    assert one.left


def test_ctrl_c_leaves_from_anywhere() -> None:
    for keys in ("/", "?", "enter"):
        one = prefixes(1)
        one.press(keys, "ctrl-c")
        assert one.left


def test_an_extractor_that_raised_is_decided_one_by_one() -> None:
    failure = Failure("ValueError", "no title", "Traceback …\n  File x\nValueError: no title")
    results = [
        CaseResult(f"site/f{i}", "site", Verdict.ERROR, failure=failure, accepted={"title": "T"})
        for i in range(2)
    ]
    one = reviewing(a_run(results))
    assert "| ValueError: no title" in one.text
    one.press("A", "A")
    assert not one.desk.decisions
    one.press("escape", "a")
    assert len(one.desk.decisions) == 1


# --- whatever is pressed --------------------------------------------------------------------------

KEYS = [*"jknparsARud/?q b", "enter", "escape", "up", "down", "home", "end", "backspace", "paste:x"]
MIXED = [
    *(edit(f"one/p{i}") for i in range(3)),
    *(emptied(f"two/e{i}") for i in range(2)),
    contradicted("three/g"),
    doubted("site/d"),
    *(edit(f"four/{i}", new=f"{i} Ada Lovelace", category="gained") for i in range(3)),
]


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_no_keys_decide_together_what_is_decided_alone(keys: list[str]) -> None:
    one = reviewing(a_run(MIXED), look=Look(60, 12))
    for key in keys:
        before = one.at
        ask = one.press(key)
        if ask and ask.do == "decide":
            changed = [change for change, _ in ask.decisions]
            assert changed
            assert len(changed) == 1 or not any(change.alone for change in changed)
            assert len(changed) > 1 or changed[0] is before or not changed[0].alone
            assert all(kind in ("reject", change.settles) for change, kind in ask.decisions)
        assert one.state.left == len(one.review.changes) - len(one.desk.decisions)
        assert one.state.at in one.state.shown


def test_the_digests_of_a_change_are_what_is_decided_about() -> None:
    change = prefixes(1).at
    assert (change.old, change.new) == (digest("By Ada Lovelace"), digest("Ada Lovelace"))
