"""Verdicts: correct against the golden, stable against the snapshot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from harness.diff import same
from harness.errors import SnapshotError
from harness.judge import Standard, judge, selects, weigh
from harness.model import (
    CaseResult,
    Failure,
    Finding,
    Golden,
    Outcome,
    Verdict,
    Waiver,
    case_id,
    first_line,
    worst,
)
from harness.snapshots import render
from tests import trees

TITLE = {"title": "Bridge closes", "body": ["One paragraph."]}
OTHER = {"title": "Bridge opens", "body": ["One paragraph."]}


def outcome(value: Any) -> Outcome:
    return Outcome(None, value) if isinstance(value, Failure) else Outcome(value)


def verdict(
    new: Any, accepted: Any = None, golden: Any = None, trust: Any = "reviewed", only: Any = ()
) -> CaseResult:
    made = outcome(new)
    return judge(
        "site/page-00000000",
        "site",
        made,
        Standard(
            Golden(trust, golden) if golden is not None else None,
            None if accepted is None else render(outcome(accepted)).encode(),
            "snapshots/site/page.json",
        ),
        rendered=render(made),
        only=only,
    )


BOOM, BANG = Failure("ValueError", "boom"), Failure("ValueError", "bang")


@pytest.mark.parametrize(
    ("new", "accepted", "golden", "expected"),
    [
        (TITLE, TITLE, None, Verdict.PASS),
        (TITLE, TITLE, {"title": "Bridge closes"}, Verdict.PASS),
        (TITLE, None, None, Verdict.NEW),
        (TITLE, None, {"title": "Bridge closes"}, Verdict.NEW),
        (OTHER, None, {"title": "Bridge closes"}, Verdict.WRONG),
        (OTHER, TITLE, None, Verdict.CHANGED),
        (OTHER, TITLE, {"title": "Bridge closes"}, Verdict.WRONG),
        (OTHER, TITLE, {"title": "Bridge opens"}, Verdict.CHANGED),
        (OTHER, OTHER, {"title": "Bridge closes"}, Verdict.WRONG),
        ({"title": None, "body": ["One paragraph."]}, TITLE, None, Verdict.MISSING),
        ({"body": ["One paragraph."]}, TITLE, None, Verdict.MISSING),
        (BOOM, TITLE, None, Verdict.ERROR),
        (BOOM, None, None, Verdict.ERROR),
        (BOOM, BOOM, None, Verdict.PASS),
        (BANG, BOOM, None, Verdict.ERROR),
        (TITLE, BOOM, None, Verdict.CHANGED),
    ],
)
def test_the_verdict(new: Any, accepted: Any, golden: Any, expected: Verdict) -> None:
    result = verdict(new, accepted, golden)
    assert result.verdict is expected
    assert result.headline


def test_what_no_person_has_seen_is_changed_not_wrong() -> None:
    assert verdict(OTHER, OTHER, TITLE, "auto").verdict is Verdict.CHANGED
    assert verdict(OTHER, OTHER, TITLE, "known-wrong").verdict is Verdict.PASS


def test_a_repair_is_told_from_a_regression() -> None:
    def opinion(golden: Any) -> str:
        return verdict(OTHER, TITLE, golden).fields[0].golden

    assert opinion(None) == opinion({"body": ["One paragraph."]}) == "silent"
    assert opinion({"title": "Bridge opens"}) == "agrees"
    assert opinion({"title": "Bridge closes"}) == "contradicts"


def test_a_field_is_not_blamed_for_one_whose_name_it_begins() -> None:
    old = {"title": "A b c", "title_long": "x"}
    new = {"title": "A b d", "title_long": "y"}
    fields = {
        f.field: f.golden for f in verdict(new, old, {"title": "A b d", "title_long": "x"}).fields
    }
    assert fields == {"title": "agrees", "title_long": "contradicts"}


def test_the_worst_field_comes_first() -> None:
    old = {"a": "x y z", "b": "x", "c": "x"}
    result = verdict({"a": "x y", "b": None, "c": "y"}, old, {"c": "x"})
    assert [f.field for f in result.fields] == ["c", "b", "a"]
    assert result.verdict is Verdict.WRONG


def test_only_the_chosen_fields_are_judged() -> None:
    assert verdict(OTHER, TITLE, TITLE, only=["body"]).verdict is Verdict.PASS
    assert verdict(OTHER, TITLE, TITLE, only=["title"]).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("chosen", "field", "yes"),
    [
        ("related", "related[2].byline", True),
        ("related.byline", "related[2].byline", True),
        ("related[2].byline", "related[2].byline", True),
        ("related[1].byline", "related[2].byline", False),
        ("relate", "related", False),
        ("title", "title_long", False),
    ],
)
def test_a_field_is_chosen_by_path_root_or_without_indexes(
    chosen: str, field: str, yes: bool
) -> None:
    assert selects([chosen], field) is yes


def test_a_record_kept_for_review_comes_with_the_accepted_one() -> None:
    result = verdict(OTHER, TITLE)
    assert (result.record, result.accepted) == (OTHER, TITLE)
    assert verdict(TITLE, TITLE).record is None, "nothing to review"


def test_a_broken_snapshot_is_an_error_that_names_it() -> None:
    standard = Standard(None, b"{", "snapshots/site/page.json")
    with pytest.raises(SnapshotError, match=r"snapshots/site/page\.json"):
        judge("site/page", "site", Outcome(TITLE), standard, rendered=render(Outcome(TITLE)))


@given(trees.plain_records, trees.plain_records)
def test_a_record_passes_exactly_when_it_is_the_accepted_one(old: Any, new: Any) -> None:
    result = verdict(new, old)
    assert (result.verdict is Verdict.PASS) == same(old, new)
    assert len(result.headline.splitlines()) == 1
    assert result.verdict == worst([f.verdict for f in result.fields])


def finding(field: str = "title", severity: Any = "error", name: str = "rule") -> Finding:
    return Finding(name, field, severity, "glued", f"{field} is odd")


def weighed(
    new: Any = TITLE, accepted: Any = TITLE, golden: Any = None, **known: Any
) -> CaseResult:
    made = Golden(known.pop("trust", "reviewed"), golden) if golden is not None else None
    result = verdict(new, accepted, golden, made.trust if made else "reviewed")
    return weigh(result, new, known.pop("findings", [finding()]), made, **known)


def test_a_record_that_is_as_accepted_and_yet_unsound_is_suspect() -> None:
    result = weighed()
    assert result.verdict is Verdict.SUSPECT
    assert result.headline == "title: title is odd"
    assert (result.record, result.accepted) == (TITLE, TITLE), "there is something to review"


@pytest.mark.parametrize(
    ("new", "accepted", "golden", "expected"),
    [
        (TITLE, None, None, Verdict.SUSPECT),
        (OTHER, TITLE, None, Verdict.SUSPECT),
        (OTHER, TITLE, {"title": "Bridge closes"}, Verdict.WRONG),
    ],
)
def test_suspect_is_worse_than_changed_and_better_than_wrong(
    new: Any, accepted: Any, golden: Any, expected: Verdict
) -> None:
    assert weighed(new, accepted, golden).verdict is expected


def test_a_warning_is_shown_and_changes_no_verdict() -> None:
    result = weighed(findings=[finding(severity="warning")])
    assert (result.verdict, len(result.findings)) == (Verdict.PASS, 1)
    assert result.record is None


def test_what_a_reviewed_golden_holds_is_no_suspicion() -> None:
    result = weighed(golden={"title": "Bridge closes"})
    assert result.verdict is Verdict.PASS
    assert result.findings[0].waived == "the reviewed golden holds this value"
    assert weighed(golden={"body": ["One paragraph."]}).verdict is Verdict.SUSPECT
    assert weighed(golden={"title": "Bridge closes"}, trust="auto").verdict is Verdict.SUSPECT
    inside = [finding("title[0].text")]
    assert weighed(golden={"title": "Bridge closes"}, findings=inside).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("waiver", "waives"),
    [
        (Waiver("rule", "title", "known"), True),
        (Waiver("rule", "*", "known"), True),
        (Waiver("rule", "title", "known", extractor="site"), True),
        (Waiver("rule", "title", "known", extractor="other"), False),
        (Waiver("rule", "body", "known"), False),
        (Waiver("other", "title", "known"), False),
    ],
)
def test_a_waiver_lets_its_finding_be_and_no_other(waiver: Waiver, waives: bool) -> None:
    result = weighed(waivers=[waiver])
    assert (result.verdict is Verdict.PASS) == waives
    assert (result.findings[0].waived == "known") == waives


def test_a_waiver_of_a_field_of_records_needs_no_index() -> None:
    found = [finding("related[3].title")]
    assert weighed(findings=found, waivers=[Waiver("rule", "related.title", "x")]).suspicions == ()


def test_a_waiver_that_waives_nothing_is_reported() -> None:
    result = weighed(findings=[], waivers=[Waiver("rule", "title", "known")])
    assert result.verdict is Verdict.PASS
    (unused,) = result.findings
    assert (unused.invariant, unused.severity) == ("unused-waiver", "warning")
    command = "harness waive site/page-00000000 rule --field title --remove"
    assert unused.message.endswith(command)
    odd = weighed(findings=[], waivers=[Waiver("a; b\n\x1b", "*", "known")]).findings[0].message
    assert odd.endswith("harness waive site/page-00000000 'a; b ⟨U+001B⟩' --remove")
    assert "\n" not in odd
    other = weighed(findings=[], waivers=[Waiver("rule", "title", "x", extractor="other")])
    assert other.findings == (), "the other extractor may need it"


def test_findings_on_other_fields_than_the_chosen_are_left_out() -> None:
    assert weighed(only=["body"], waivers=[Waiver("rule", "title", "known")]).findings == ()
    assert weighed(only=["title"]).verdict is Verdict.SUSPECT


def test_severity_is_the_order_of_the_verdicts() -> None:
    assert worst([]) is Verdict.PASS
    assert worst([Verdict.NEW, Verdict.ERROR, Verdict.WRONG]) is Verdict.ERROR
    assert [v.value for v in sorted(Verdict, key=lambda v: v.severity)] == [
        "pass",
        "new",
        "changed",
        "missing",
        "suspect",
        "wrong",
        "error",
    ]


def test_ids_and_messages_are_short() -> None:
    assert case_id("site", "site/page") == "site/page"
    assert case_id("generic", "site/page") == "generic:site/page"
    assert case_id("sit", "site/page") == "sit:site/page"
    assert first_line("\n\n  boom \nmore") == "boom"
    assert len(first_line("x" * 999)) == 200
    assert first_line("") == ""


def test_what_the_golden_expected_is_shown_and_not_what_was_accepted() -> None:
    result = verdict({"title": "NOW"}, {"title": "ACCEPTED"}, {"title": "GOLD"})
    (field,) = result.fields
    assert (field.verdict, field.against) == (Verdict.WRONG, "golden")
    assert "GOLD" in field.diff.summary and "ACCEPTED" not in field.diff.summary


def test_a_change_is_a_repair_only_where_the_golden_objected_before() -> None:
    golden = {"title": "contains:Bridge", "body": ["One paragraph."]}
    (cut,) = verdict({**TITLE, "title": "Bridge"}, TITLE, golden).fields
    assert cut.golden == "silent", "the golden is content with both"
    (repaired,) = verdict(TITLE, {**TITLE, "title": "Advertisement"}, golden).fields
    assert repaired.golden == "agrees"


def test_an_accepted_error_does_not_silence_a_golden() -> None:
    assert verdict(BOOM, BOOM).verdict is Verdict.PASS
    held = verdict(BOOM, BOOM, {"title": "Bridge closes"})
    assert held.verdict is Verdict.ERROR and held.failure == BOOM
    assert verdict(BOOM, BOOM, {"title": "x"}, trust="known-wrong").verdict is Verdict.PASS


def test_every_objection_of_a_golden_is_told() -> None:
    golden = Golden("reviewed", {}, contains=("bridge toll", "ferry"))
    made = outcome(TITLE)
    standard = Standard(golden, render(made).encode(), "x.json")
    result = judge("s/a", "s", made, standard, rendered=render(made))
    assert [r.diff.summary.split("'")[1] for r in result.fields] == ["bridge toll", "ferry"]


def test_an_address_in_an_error_differs_each_time_and_is_no_difference() -> None:
    here, there = (Failure("E", f"no <Node at 0x7f{n}3a5c0>") for n in (1, 2))
    assert verdict(here, there).verdict is Verdict.PASS
