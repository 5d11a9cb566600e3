"""Decisions that write: what was seen is what is accepted, and nothing else is."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from harness.review.answers import Answer
from tests.review.conftest import CARDS, RECORD, Bench


def states(answer: Answer) -> list[str]:
    return [each.state for each in answer.applied]


def why(answer: Answer) -> list[str]:
    return [each.why for each in answer.refused]


def test_an_accepted_field_is_written_and_the_others_wait(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    [byline] = bench.changes("a", "byline")
    answer = bench.review.decide(bench.decide([byline]), "Ada")
    assert (states(answer), answer.refused) == (["written"], ())
    record = bench.accepted("a")["record"]
    assert (record["byline"], record["title"]) == ("Ada Lovelace", RECORD["title"])
    assert bench.pending("a")["record"]["title"] == "Another headline of it"
    assert [each.field for each in bench.changes("a")] == ["title"]


def test_the_last_field_that_is_accepted_leaves_nothing_pending(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    for change in bench.changes("a"):
        assert states(bench.review.decide(bench.decide([change]))) == ["written"]
    assert bench.pending("a") is None
    assert bench.check().clean


def test_fields_accepted_by_two_reviewers_do_not_make_each_other_stale(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    title, byline = sorted(bench.changes("a"), key=lambda each: each.field, reverse=True)
    ada, bob = bench.review, bench.review
    assert states(ada.decide(bench.decide([title]), "Ada")) == ["written"]
    assert states(bob.decide(bench.decide([byline]), "Bob")) == ["written"]
    assert bench.check().clean


def test_what_another_accepted_already_is_said_so(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(bench.changes("a"))
    bench.review.decide(found, "Ada")
    answer = bench.review.decide(found, "Bob")
    assert [(each.state, each.note) for each in answer.applied] == [("written", "accepted already")]


def test_a_field_of_several_changes_waits_for_all_of_them(bench: Bench) -> None:
    bench.give("a", related=[{"title": "One", "byline": "Ann"}, {"title": "Two", "byline": "Ben"}])
    first, second = bench.changes("a")
    assert (first.root, first.of) == ("related", 2)
    answer = bench.review.decide(bench.decide([first]))
    assert [(each.state, each.note) for each in answer.applied] == [
        ("recorded", "1 of 2 changes of related are decided")
    ]
    assert bench.accepted("a")["record"]["related"] == CARDS
    # Again, as a browser does that lost its connection: that is no second change.
    assert states(bench.review.decide(bench.decide([first]))) == ["recorded"]
    assert states(bench.review.decide(bench.decide([second]))) == ["written"]
    assert bench.accepted("a")["record"]["related"][1]["byline"] == "Ben"


def test_two_changes_of_one_path_are_two(bench: Bench) -> None:
    bench.give("a", related=[CARDS[0], {"title": "Another thing", "byline": "Z"}])
    found = bench.changes("a", "related")
    assert [each.category for each in found] == ["lost", "gained"]
    gained = bench.decide(found[1:])
    assert states(bench.review.decide(gained)) == ["recorded"]
    assert bench.accepted("a")["record"]["related"] == CARDS
    assert states(bench.review.decide(bench.decide(found[:1]))) == ["written"]


def test_without_categories_a_decision_is_about_all_changes_of_its_path(bench: Bench) -> None:
    bench.give("a", related=[CARDS[0], {"title": "Another thing", "byline": "Z"}])
    found = bench.decide(bench.changes("a", "related")[:1])
    bare = [dataclasses.replace(each, category="") for each in found]
    assert states(bench.review.decide(bare)) == ["written"]


def test_a_rejected_part_keeps_its_field_from_being_written(bench: Bench) -> None:
    bench.give("a", related=[{"title": "One", "byline": "Ann"}, {"title": "Two", "byline": "Ben"}])
    first, second = bench.changes("a")
    assert states(bench.review.decide(bench.decide([first], "reject"))) == ["recorded"]
    answer = bench.review.decide(bench.decide([second]))
    assert [each.note for each in answer.applied] == ["another change of related was rejected"]
    assert bench.accepted("a")["record"]["related"] == CARDS
    # The reviewer thinks better of it: the last word counts.
    assert states(bench.review.decide(bench.decide([first]))) == ["written"]


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_a_decision_about_another_output_is_refused(bench: Bench, kind: str) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(bench.changes("a"), kind)
    bench.give("a", byline="Grace Hopper")
    bench.check()
    before = bench.tree()
    case = bench.names["a"]
    [said] = why(bench.review.decide(found))
    again = f"run `harness check {case}` again"
    assert said == f"{case}: byline: its output changed since it was reviewed; {again}"
    assert bench.tree() == before


def test_a_decision_about_another_snapshot_is_refused(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(bench.changes("a"))
    bench.give("a", byline="Grace Hopper")
    bench.check("all")
    bench.give("a", byline="Ada Lovelace")
    case = bench.names["a"]
    bench.check()
    [said] = why(bench.review.decide(found))
    again = f"run `harness check {case}` again"
    assert said == f"{case}: byline: its snapshot changed since it was reviewed; {again}"


@pytest.mark.parametrize("kind", ["accept", "reject", "approve"])
def test_a_snapshot_that_git_changed_under_the_output_is_refused(bench: Bench, kind: str) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(bench.changes("a"), kind, by="Ada")
    path = bench.config.snapshots / "site" / f"{bench.names['a']}.json"
    path.write_bytes(path.read_bytes().replace(b"first paragraph", b"1st paragraph"))
    assert (
        "its snapshot changed since this output was compared" in why(bench.review.decide(found))[0]
    )


def test_some_stale_decisions_do_not_hold_up_the_others(bench: Bench) -> None:
    for title in "abc":
        bench.give(title, byline="Ada Lovelace")
    found = bench.decide(bench.changes())
    bench.give("b", byline="Grace Hopper")
    bench.check()
    answer = bench.review.decide(found)
    assert states(answer) == ["written", "written"]
    assert [each.decision.case for each in answer.refused] == [bench.names["b"]]


@pytest.mark.parametrize(
    "capture",
    [
        "site/none-00000000",
        "../site/a",
        "site/../../etc",
        "site",
        "site/a/b",
        "/etc/passwd",
        "a\0b/c",
    ],
)
def test_a_case_that_is_none_is_refused_and_touches_no_file(bench: Bench, capture: str) -> None:
    bench.give("a", byline="Ada Lovelace")
    [one] = bench.decide(bench.changes("a"))
    before = bench.tree()
    odd = dataclasses.replace(one, capture=capture, case=capture)
    assert "has no such capture" in why(bench.review.decide([odd]))[0]
    strange = dataclasses.replace(one, extractor="../site", case="../site:x")
    assert "has no such capture" in why(bench.review.decide([strange]))[0]
    assert bench.tree() == before


# --- whole records --------------------------------------------------------------------------------


def test_a_first_output_is_accepted_whole(bench: Bench) -> None:
    bench.names["d"] = bench.project.add("d", "<h1>d</h1>")
    bench.out["d"] = dict(RECORD)
    bench.save()
    [new] = bench.changes("d")
    assert (new.what, new.field) == ("new", "*")
    assert states(bench.review.decide(bench.decide([new]))) == ["written"]
    assert bench.accepted("d")["record"] == RECORD
    assert bench.check().clean


def test_that_it_raises_is_accepted_and_that_it_no_longer_does(bench: Bench) -> None:
    bench.fail("a", "no <h1> at <object at 0x7f00deadbeef>")
    [raises] = bench.changes("a")
    assert (raises.what, raises.alone) == ("failure", "the extractor raised")
    # The address is another in each process; the failure is the same.
    bench.fail("a", "no <h1> at <object at 0x7f11deadbeef>")
    bench.check()
    assert states(bench.review.decide(bench.decide([raises]))) == ["written"]
    assert bench.accepted("a")["error"]["type"] == "ValueError"
    assert bench.check().clean
    bench.out["a"] = dict(RECORD)
    bench.save()
    [again] = bench.changes("a")
    assert (again.field, again.category) == ("*", "type")
    assert states(bench.review.decide(bench.decide([again]))) == ["written"]
    assert bench.accepted("a")["record"] == RECORD


def test_another_failure_than_the_accepted_one_is_a_change(bench: Bench) -> None:
    bench.fail("a", "one")
    bench.review.decide(bench.decide(bench.changes("a")))
    bench.fail("a", "two")
    answer = bench.review.decide(bench.decide(bench.changes("a")))
    assert states(answer) == ["written"], answer
    assert bench.accepted("a")["error"]["message"] == "two"


def test_a_field_that_came_or_went_is_accepted(bench: Bench) -> None:
    bench.give("a", byline=..., section="news")
    found = bench.changes("a")
    assert {each.field for each in found} == {"byline", "section"}
    assert states(bench.review.decide(bench.decide(found))) == ["written", "written"]
    assert bench.check().clean
    assert "byline" not in bench.accepted("a")["record"]


def test_a_null_that_became_no_field_is_accepted(bench: Bench) -> None:
    bench.give("a", byline=None)
    bench.check("all")
    bench.give("a", byline=...)
    [gone] = bench.changes("a")
    assert gone.old == gone.new == ""
    assert states(bench.review.decide(bench.decide([gone]))) == ["written"]
    assert bench.check().clean


# --- goldens --------------------------------------------------------------------------------------


def test_an_approved_value_is_what_the_golden_expects_and_the_snapshot_holds(bench: Bench) -> None:
    bench.put_golden("a", trust="reviewed", by="Old", at="2020-01-01", fields={"title": "re:x"})
    bench.give("a", title="re: your letter")
    [wrong] = bench.changes("a", "title")
    assert wrong.settles == "approve"
    answer = bench.review.decide(bench.decide([wrong], "approve"), "Ada")
    assert (states(answer), answer.refused) == (["written"], ())
    golden = bench.golden("a")
    assert (golden["trust"], golden["by"]) == ("reviewed", "Ada")
    assert golden["at"] > "2020" and golden["fields"]["title"].startswith("re:\\A")
    assert bench.accepted("a")["record"]["title"] == "re: your letter"
    assert bench.check().clean
    answer = bench.review.decide(bench.decide([wrong], "approve"), "Bob")
    assert [each.note for each in answer.applied] == ["approved already"]


def test_a_golden_is_made_with_the_trust_and_name_of_the_reviewer(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(
        bench.changes("a"), "approve", trust="auto", by="Eve", at="2026-02-03T04:05:06Z"
    )
    assert states(bench.review.decide(found, "Ada")) == ["written"]
    golden = bench.golden("a")
    assert (golden["trust"], golden["by"], golden["at"]) == ("auto", "Eve", "2026-02-03")
    assert golden["fields"] == {"byline": "Ada Lovelace"}
    assert bench.accepted("a")["record"]["byline"] == "Ada Lovelace"


def test_one_field_cannot_be_vouched_for_in_a_golden_nobody_vouched_for(bench: Bench) -> None:
    bench.put_golden("a", trust="auto", fields={"title": "x", "byline": RECORD["byline"]})
    [wrong] = bench.changes("a", "title")
    before = bench.tree()
    answer = bench.review.decide(bench.decide([wrong], "approve"), "Ada")
    case = bench.names["a"]
    [said] = why(answer)
    assert said == (
        f"{case}: its golden is 'auto' and speaks of byline too; one field cannot be 'reviewed'"
        f" alone: `harness approve {case}` asks for all"
    )
    assert bench.tree() == before
    assert states(bench.review.decide(bench.decide([wrong], "approve", trust="auto"), "Ada")) == [
        "written"
    ]


@pytest.mark.parametrize("texts", [{"contains": ["Zanzibar"]}, {"excludes": ["headline"]}])
def test_what_no_value_can_settle_says_what_to_edit(bench: Bench, texts: dict[str, Any]) -> None:
    bench.put_golden("a", trust="reviewed", fields={}, **texts)
    [objection] = bench.changes("a")
    before = bench.tree()
    [said] = why(bench.review.decide(bench.decide([objection], "approve"), "Ada"))
    assert said.endswith(f"edit {bench.config.corpus / bench.names['a']}/golden.json"), said
    assert bench.tree() == before


def test_accepting_what_a_golden_contradicts_is_refused(bench: Bench) -> None:
    bench.put_golden("a", trust="reviewed", fields={"title": "x"})
    [wrong] = bench.changes("a", "title")
    [said] = why(bench.review.decide(bench.decide([wrong])))
    assert said.endswith("a golden contradicts it; approve it, or mend the extractor")


def test_a_golden_that_changed_makes_an_approval_stale(bench: Bench) -> None:
    bench.put_golden("a", trust="reviewed", fields={"title": "x"})
    [wrong] = bench.changes("a", "title")
    bench.put_golden("a", trust="reviewed", fields={"title": "y"})
    [said] = why(bench.review.decide(bench.decide([wrong], "approve"), "Ada"))
    assert "changed since it was reviewed" in said


def test_a_golden_without_the_name_of_a_person_is_not_written(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.decide(bench.changes("a"), "approve")
    assert "names who approved it" in why(bench.review.decide(found))[0]
    assert bench.golden("a") is None


def test_a_field_with_another_objection_is_not_approved_unseen(bench: Bench) -> None:
    expected = [{"title": "One", "byline": "Ann"}, {"title": "Two", "byline": "Ben"}]
    bench.put_golden("a", trust="reviewed", fields={"related": expected})
    first, second = bench.changes("a")
    answer = bench.review.decide(bench.decide([first], "approve"), "Ada")
    assert [(each.state, each.note) for each in answer.applied] == [
        ("recorded", "1 of 2 changes of related are decided")
    ]
    assert bench.golden("a")["fields"]["related"] == expected
    assert states(bench.review.decide(bench.decide([second], "approve"), "Ada")) == ["written"]
    assert bench.check().clean


def test_a_field_the_golden_wants_and_the_record_lost_can_be_approved_away(bench: Bench) -> None:
    bench.put_golden("a", trust="reviewed", fields={"byline": RECORD["byline"]})
    bench.give("a", byline=...)
    found = bench.changes("a", "byline")
    assert states(bench.review.decide(bench.decide(found, "approve"), "Ada")) == ["written"]
    assert bench.golden("a")["fields"] == {"byline": None}
    assert bench.check().clean


# --- undo -----------------------------------------------------------------------------------------


def test_undo_restores_every_byte_of_a_step(bench: Bench) -> None:
    bench.put_golden("b", trust="reviewed", by="Old", at="2020-01-01", fields={"title": "x"})
    bench.give("a", title="Another headline of it", byline=..., extra=[1])
    bench.give("b", byline="Ada Lovelace")
    bench.fail("c", "no <h1>")
    found = bench.changes()
    before = bench.tree()
    decisions = [
        *bench.decide([each for each in found if each.settles == "accept"]),
        *bench.decide([each for each in found if each.settles == "approve"], "approve"),
    ]
    answer = bench.review.decide(decisions, "Ada")
    assert set(states(answer)) == {"written"} and len(answer.applied) == len(found) == 6
    assert bench.check().clean
    answer = bench.review.undo("Ada")
    assert (len(answer.applied), answer.refused) == (6, ())
    assert bench.tree() == before
    assert [each.field for each in bench.changes()] == [each.field for each in found]


def test_undo_of_a_first_output_takes_its_snapshot_away(bench: Bench) -> None:
    path = bench.config.snapshots / "site" / f"{bench.names['a']}.json"
    path.unlink()
    [new] = bench.changes("a")
    before = bench.tree()
    bench.review.decide(bench.decide([new]))
    assert path.exists()
    bench.review.undo()
    assert bench.tree() == before


def test_undo_leaves_alone_what_another_decided_about_the_same_case(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes("a", "title")), "Ada")
    bench.review.decide(bench.decide(bench.changes("a", "byline")), "Bob")
    assert bench.review.undo("Ada").refused == ()
    record = bench.accepted("a")["record"]
    assert (record["title"], record["byline"]) == (RECORD["title"], "Ada Lovelace")
    assert [each.field for each in bench.changes("a")] == ["title"]


def test_undo_goes_back_step_by_step_and_ends(bench: Bench) -> None:
    for title in "abc":
        bench.give(title, byline="Ada Lovelace")
    before = bench.tree()
    found = bench.changes()
    before = bench.tree()
    for change in found:
        bench.review.decide(bench.decide([change]))
    assert len(bench.review.undo(steps=2).applied) == 2
    assert bench.accepted("a")["record"]["byline"] == "Ada Lovelace"
    assert len(bench.review.undo().applied) == 1
    assert bench.tree() == before
    assert bench.review.undo().applied == ()


def test_undo_is_refused_where_the_file_changed_since(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    bench.give("b", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes()))
    path = bench.config.snapshots / "site" / f"{bench.names['a']}.json"
    path.write_bytes(path.read_bytes().replace(b"Ada L", b"Eda L"))
    answer = bench.review.undo()
    case = bench.names["a"]
    assert why(answer) == [
        f"{case}: its snapshot's byline changed since; it cannot be undone, restore it from git"
    ]
    assert [each.decision.case for each in answer.applied] == [bench.names["b"]]
    assert b"Eda L" in path.read_bytes()


def test_a_recorded_decision_is_undone_too(bench: Bench) -> None:
    bench.give("a", related=[{"title": "One", "byline": "Ann"}, {"title": "Two", "byline": "Ben"}])
    first, second = bench.changes("a")
    bench.review.decide(bench.decide([first]), "Ada")
    bench.review.undo("Ada")
    assert states(bench.review.decide(bench.decide([second]))) == ["recorded"]


def test_undoing_the_part_that_completed_a_field_leaves_the_other_part_decided(
    bench: Bench,
) -> None:
    bench.give("a", related=[{"title": "One", "byline": "Ann"}, {"title": "Two", "byline": "Ben"}])
    first, second = bench.changes("a")
    bench.review.decide(bench.decide([first]), "Ada")
    bench.review.decide(bench.decide([second]), "Bob")
    bench.review.undo("Bob")
    assert bench.accepted("a")["record"]["related"] == CARDS
    assert states(bench.review.decide(bench.decide([second]), "Bob")) == ["written"]


def test_what_a_reviewer_took_back_by_git_is_not_written_again(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    found = bench.changes("a")
    path = bench.config.snapshots / "site" / f"{bench.names['a']}.json"
    before = path.read_bytes()
    bench.review.decide(bench.decide(found))
    path.write_bytes(before)
    bench.check()
    bench.give("b", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes("b")))
    assert path.read_bytes() == before
    assert states(bench.review.decide(bench.decide(found))) == ["written"]


# --- accept beside the review ---------------------------------------------------------------------


def test_accepting_all_skips_what_was_rejected_as_it_is_now(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes("a", "title"), "reject"), "Ada")
    case = ("site", bench.names["a"])
    answer = bench.review.accept([case], rejected=False)
    assert why(answer) == [
        f"{case[1]}: title was rejected in the review by Ada, and skipped; --rejected takes it"
    ]
    record = bench.accepted("a")["record"]
    assert (record["title"], record["byline"]) == (RECORD["title"], "Ada Lovelace")
    answer = bench.review.accept([case], rejected=False)
    assert answer.applied == () and len(answer.refused) == 1
    assert len(bench.review.accept([case]).applied) == 1
    assert bench.check().clean


def test_another_output_than_the_rejected_one_is_accepted(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes("a"), "reject"))
    bench.give("a", byline="Grace Hopper")
    bench.check()
    answer = bench.review.accept([("site", bench.names["a"])], rejected=False)
    assert (len(answer.applied), answer.refused) == (1, ())


def test_accepting_can_be_undone_too(bench: Bench) -> None:
    bench.give("a", title="Another headline of it", byline=...)
    bench.fail("b", "no <h1>")
    bench.check()
    before = bench.tree()
    cases = [("site", bench.names[title]) for title in "ab"]
    assert len(bench.review.accept(cases, errors=True, by="Ada").applied) == 2
    answer = bench.review.undo("Ada")
    assert [each.decision.case for each in answer.applied] == [case[1] for case in cases]
    assert bench.tree() == before


def test_a_full_disk_is_told_and_leaves_the_decision_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.errors import HarnessError
    from harness.snapshots import Snapshots

    bench.give("a", byline="Ada Lovelace")
    bench.give("b", byline="Ada Lovelace")
    found = bench.decide(bench.changes())
    real = Snapshots.write

    def full(self: Snapshots, extractor: str, capture: str, text: str) -> Any:
        if capture == bench.names["a"]:
            raise HarnessError("cannot write x: No space left on device; free space")
        return real(self, extractor, capture, text)

    monkeypatch.setattr(Snapshots, "write", full)
    answer = bench.review.decide(found)
    assert why(answer) == [
        f"{bench.names['a']}: cannot write x: No space left on device; free space"
    ]
    assert [each.decision.case for each in answer.applied] == [bench.names["b"]]
    monkeypatch.undo()
    assert bench.review.folded().live == {}
    assert states(bench.review.decide(found[:1])) == ["written"]


def test_the_journal_says_who_decided_what_when_and_what_was_there(bench: Bench) -> None:
    bench.give("a", byline="Ada Lovelace")
    bench.review.decide(bench.decide(bench.changes("a")), "Ada")
    lines = [json.loads(line) for line in bench.journal.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["decided", "held", "done"]
    assert (lines[0]["by"], lines[0]["decisions"][0]["field"]) == ("Ada", "byline")
    assert lines[0]["at"].endswith("Z")
    assert lines[1]["writes"][0]["was"] == {"byline": RECORD["byline"]}
