"""A run as things to decide about: what each settles, what goes stale, what is never in bulk."""

from __future__ import annotations

from typing import Any

import pytest

from harness import records
from harness.changes import (
    EMPTY_NOW,
    OBJECTED,
    OTHER_TYPE,
    UNLIKE,
    WHOLE,
    Change,
    changes,
    changes_of,
    digest,
)
from harness.judge import Standard, judge, raised, weigh
from harness.model import CaseResult, Failure, Finding, Golden, Outcome, Run, Verdict, Waiver
from harness.snapshots import Snapshot, render

DOUBT = Finding("byline-cut", "byline", "error", "byline-cut", "a part is missing")
OLD: dict[str, Any] = {"title": "The old title of it", "byline": "By Ada", "body": ["One.", "Two."]}


def judged(
    new: dict[str, Any] | Failure,
    old: dict[str, Any] | Failure | None = None,
    golden: Golden | None = None,
    only: tuple[str, ...] = (),
) -> CaseResult:
    """A case as the engine judges it."""
    outcome = Outcome(None, new) if isinstance(new, Failure) else Outcome(new)
    accepted = None
    if old is not None:
        accepted = render(Snapshot(None, old) if isinstance(old, Failure) else Snapshot(old))
    standard = Standard(golden, accepted.encode() if accepted else None, "x.json")
    return judge("s/a", "s", outcome, standard, rendered=render(outcome), only=only)


def only(result: CaseResult) -> Change:
    (change,) = changes_of(result)
    return change


def test_a_case_that_passes_has_nothing_to_decide() -> None:
    assert changes_of(judged(OLD, OLD)) == ()


def test_a_change_carries_digests_of_its_whole_top_level_field() -> None:
    old: dict[str, Any] = {
        "related": [{"title": "A long enough title", "by": "By Ada"}, {"title": "B"}]
    }
    new: dict[str, Any] = {
        "related": [{"title": "A long enough title", "by": "Ada"}, {"title": "B"}]
    }
    change = only(judged(new, old))
    assert (change.field, change.root, change.unit) == (
        "related[0].by",
        "related",
        ("s/a", "related"),
    )
    assert (change.old, change.new) == (digest(old["related"]), digest(new["related"]))
    assert (change.settles, change.alone, change.of) == ("accept", "", 1)


def test_changes_of_one_top_level_field_are_one_unit() -> None:
    old = {"title": "T", "related": [{"title": f"Card number {n}", "by": "By Ada"} for n in (1, 2)]}
    new = {"title": "U", "related": [{"title": f"Card number {n}", "by": "Ada"} for n in (1, 2)]}
    assert {c.field: c.of for c in changes_of(judged(new, old))} == {
        "title": 1,
        "related[0].by": 2,
        "related[1].by": 2,
    }


@pytest.mark.parametrize(
    ("field", "old", "new", "alone"),
    [
        ("byline", "By Ada", None, EMPTY_NOW),
        ("byline", "Ada", "Ada and a great many other people", UNLIKE),
        ("n", "12", 12, OTHER_TYPE),
        ("byline", None, "Ada", ""),
        ("byline", "By Ada Lovelace", "Ada Lovelace", ""),
        ("related", [{"title": f"Card {n}"} for n in range(5)], [{"title": "Card 0"}], UNLIKE),
        (
            "related",
            [{"title": "A"}, {"title": "B"}, {"title": "C"}],
            [{"title": "A"}, {"title": "B"}],
            "",
        ),
        ("related", [{"title": "A"}], [{"title": "A"}, {"title": "Other"}], ""),
    ],
)
def test_what_empties_a_field_or_leaves_little_is_never_in_bulk(
    field: str, old: Any, new: Any, alone: str
) -> None:
    assert only(judged({field: new}, {field: old})).alone == alone


def test_records_lost_within_a_record_are_counted_there() -> None:
    inner = [{"title": f"Inner {n}"} for n in range(4)]
    old = {"related": [{"title": "Outer", "related": inner}]}
    few = {"related": [{"title": "Outer", "related": inner[:3]}]}
    most = {"related": [{"title": "Outer", "related": inner[:1]}]}
    assert only(judged(few, old)).alone == ""
    assert only(judged(most, old)).alone == UNLIKE


def test_nothing_accepted_yet_is_one_change_of_the_whole_record() -> None:
    change = only(judged(OLD))
    assert (change.what, change.field, change.verdict) == ("new", WHOLE, Verdict.NEW)
    assert (change.old, change.new, change.settles) == ("", digest(OLD), "accept")


def test_a_new_record_that_a_golden_contradicts_is_both_to_approve_and_to_accept() -> None:
    found = changes_of(judged(OLD, golden=Golden("reviewed", {"title": "Another title of it"})))
    assert [(c.what, c.settles, c.verdict) for c in found] == [
        ("field", "approve", Verdict.WRONG),
        ("new", "accept", Verdict.NEW),
    ]


def test_a_text_that_a_golden_requires_is_settled_by_no_decision() -> None:
    change = only(judged(OLD, OLD, Golden("reviewed", {}, contains=("Three.",))))
    assert (change.field, change.settles, change.verdict) == (WHOLE, "", Verdict.WRONG)
    assert change.new == digest(OLD)


def test_a_text_that_a_golden_excludes_is_no_unlikeness() -> None:
    change = only(judged(OLD, OLD, Golden("reviewed", {}, excludes=("Two.",))))
    assert (change.field, change.alone) == ("body", "")


def test_what_a_golden_has_is_in_the_digest_of_its_objection() -> None:
    one = only(judged(OLD, OLD, Golden("reviewed", {"title": "The new title of it"})))
    other = only(judged(OLD, OLD, Golden("reviewed", {"title": "The odd title of it"})))
    assert one.old != other.old and one.new == other.new == digest(OLD["title"])
    assert one.settles == "approve" and one.of == 1


def test_a_failure_is_accepted_alone_and_known_by_what_was_raised() -> None:
    failure = Failure("ValueError", "no <x at 0x7f00aa11bb>")
    change = only(judged(failure, OLD))
    assert (change.what, change.category, change.settles) == ("failure", "ValueError", "accept")
    assert change.alone and change.new == digest(raised(failure))
    assert change.old == digest(OLD)


def test_a_failure_that_is_another_than_accepted_says_both() -> None:
    change = only(judged(Failure("KeyError", "b"), Failure("ValueError", "a")))
    assert change.summary == "raises KeyError: b, was ValueError: a"


def test_a_record_where_an_error_was_accepted_is_one_change_of_the_whole() -> None:
    change = only(judged(OLD, Failure("ValueError", "a")))
    assert (change.what, change.field, change.settles, change.alone) == (
        "field",
        WHOLE,
        "accept",
        "",
    )
    assert change.new == digest(OLD)


def test_a_file_that_cannot_be_used_is_settled_by_nobody_here() -> None:
    change = only(CaseResult("s/a", "s", Verdict.ERROR, problem="golden.json: not JSON"))
    assert (change.what, change.settles, change.summary) == ("problem", "", "golden.json: not JSON")
    assert change.alone


def test_a_suspicion_on_an_unchanged_record_is_a_change_of_its_own() -> None:
    change = only(weigh(judged(OLD, OLD), OLD, [DOUBT], None))
    assert (change.what, change.verdict, change.alone) == ("finding", Verdict.SUSPECT, OBJECTED)
    assert change.old == change.new == digest(OLD["byline"])
    assert change.settles == ""


def test_a_change_of_a_field_that_an_invariant_objects_to_is_never_in_bulk() -> None:
    new = {**OLD, "byline": "Ada", "title": "The new title of it"}
    found = changes_of(weigh(judged(new, OLD), new, [DOUBT], None))
    assert {(c.what, c.field): c.alone for c in found} == {
        ("field", "byline"): OBJECTED,
        ("field", "title"): "",
        ("finding", "byline"): OBJECTED,
    }


def test_a_finding_about_the_whole_record_is_one_about_each_of_its_changes() -> None:
    new = {**OLD, "title": "The new title of it"}
    whole = Finding("steady", WHOLE, "error", "nondeterminism", "another each time")
    found = changes_of(weigh(judged(new, OLD), new, [whole], None))
    assert [c.alone for c in found] == [OBJECTED, OBJECTED]


def test_a_waived_finding_is_nothing_to_decide() -> None:
    waiver = Waiver("byline-cut", "byline", "the page is like that")
    assert changes_of(weigh(judged(OLD, OLD), OLD, [DOUBT], None, [waiver])) == ()


def test_a_new_record_accepted_in_this_run_leaves_only_what_is_doubted() -> None:
    doubted = weigh(judged(OLD), OLD, [DOUBT], None)
    updated = CaseResult(
        "s/a", "s", Verdict.SUSPECT, record=OLD, updated=True, findings=doubted.findings
    )
    assert [c.what for c in changes_of(updated)] == ["finding"]


def test_a_run_of_some_fields_has_changes_of_these() -> None:
    new = {**OLD, "byline": "Ada", "title": "The new title of it"}
    assert [c.field for c in changes_of(judged(new, OLD, only=("byline",)))] == ["byline"]


def test_the_worst_case_comes_first() -> None:
    run = Run(
        (judged({**OLD, "title": "The new title of it"}, OLD), judged({**OLD, "byline": None}, OLD))
    )
    assert [c.verdict for c in changes(run)] == [Verdict.MISSING, Verdict.CHANGED]


def test_a_digest_tells_types_apart_and_takes_any_text() -> None:
    values: list[Any] = [1, "1", True, 1.0, [1], {"a": 1}, "\ud800", "", [], records.loads(b"{}")]
    assert len({digest(value) for value in values}) == len(values)
    assert digest(None) == ""
