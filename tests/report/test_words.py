"""The sentences that terminal, pytest and CI share."""

from __future__ import annotations

import pytest

from harness.model import CaseResult, Failure, FieldDiff, FieldResult, Hunk, Piece, Run, Verdict
from harness.report import words

PASS = CaseResult("site/a", "site", Verdict.PASS)
OTHER = CaseResult("site/b", "site", Verdict.PASS)


def changed(
    against: str = "snapshot", golden: str = "silent", field: str = "byline", hunks: int = 1
) -> FieldResult:
    pieces = (Piece("=", "By "), Piece("-", "A"), Piece("+", "B\n"), Piece("=", " x" * 100))
    diff = FieldDiff(field, "text", "value", "A → \u202eB", (Hunk("", pieces),) * hunks, 0.5)
    return FieldResult(Verdict.CHANGED, against, diff, golden)  # type: ignore[arg-type]


def case(*fields: FieldResult, verdict: Verdict = Verdict.CHANGED, **more: object) -> CaseResult:
    return CaseResult("site/a", "site", verdict, fields, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (Run(()), "no capture was checked"),
        (Run((PASS,)), "1 capture passes"),
        (Run((PASS, OTHER)), "all 2 captures pass"),
        (Run((PASS, PASS)), "all 2 cases pass"),
        (Run((OTHER, case())), "1 of 2 captures drifted: 1 changed"),
        (
            Run((case(), case(verdict=Verdict.WRONG), *(case(verdict=Verdict.ERROR),) * 2)),
            "4 of 4 cases drifted: 2 errors, 1 wrong, 1 changed",
        ),
        (Run((PASS,), orphans=("x:site/a",)), "1 capture passes; 1 orphaned snapshot"),
        (Run((case(verdict=Verdict.PASS, updated=True),) * 2), "2 snapshots updated"),
        (Run((), interrupted=True), "interrupted, until then: no capture was checked"),
    ],
)
def test_the_verdict_on_a_run_is_one_sentence(run: Run, said: str) -> None:
    assert said in words.sentence(run)


def test_a_field_says_what_happened_then_old_and_new() -> None:
    head, old, new, legend = words.field_lines(changed())
    assert head == "byline: A → ⟨U+202E⟩B [value]"
    assert old.startswith("  - By A x x") and old.endswith("…")
    assert new.startswith("  + By B⏎ x x")
    assert legend == "  (- accepted, + now)"


def test_what_the_golden_says_stands_with_the_field() -> None:
    assert (
        words.field_lines(changed(golden="agrees"))[-1] == "  the golden agrees with the new value"
    )
    against = words.field_lines(changed("golden", "contradicts"))
    assert against[-1] == "  (- expected by the golden, + now)"


def test_many_places_are_counted() -> None:
    assert "  … and 4 more places, see the drift report" in words.field_lines(changed(hunks=12))


def test_next_steps_are_commands_that_can_be_pasted() -> None:
    new = {"record": {"title": "x"}}
    assert words.next_steps(case(changed(), **new)) == ["accept: harness accept site/a"]
    first = case(verdict=Verdict.NEW, **new)
    assert words.next_steps(first) == ["accept: harness accept site/a"]
    failed = case(verdict=Verdict.ERROR, failure=Failure("E", "m"))
    assert words.next_steps(failed) == ["run again: harness check site/a"]


def test_what_a_golden_contradicts_is_approved_and_not_accepted() -> None:
    golden = changed("golden", field="related[0].byline")
    other = CaseResult("site/a", "any", Verdict.WRONG, (golden,), record={"title": "x"})
    said = "mend the extractor, or if the golden is wrong"
    assert words.remedy(other) == (said, "harness approve any:site/a")
    assert words.remedy(other, golden) == (said, "harness approve any:site/a --field related")


def test_a_field_s_command_is_quoted_for_the_shell() -> None:
    field = changed(field="a b")
    result = case(field, record={"a b": "x"})
    assert words.remedy(result, field) == ("accept", "harness accept site/a --field 'a b'")


def test_a_headline_is_one_line_that_fits() -> None:
    long = case(verdict=Verdict.ERROR, failure=Failure("E", "one\x1b[31m " * 100 + "\ntwo"))
    said = words.headline(long, 80)
    assert len(said) == 80 and "\n" not in said and "\x1b" not in said
    assert words.headline(case(*[changed(field=f"f{i}") for i in range(5)])).endswith("and 2 more")


def alike(n: int, site: str = "site") -> list[CaseResult]:
    return [
        CaseResult(f"{site}/{i}", site, Verdict.CHANGED, (changed(field=f"related[{i}].byline"),))
        for i in range(n)
    ]


def test_many_captures_with_one_cause_are_one_line() -> None:
    run = Run((*alike(4), *alike(3, "other"), case(changed(), record={}), PASS))
    assert words.causes(run) == [
        "related[].byline value: 7 captures of other, site",
        "byline value: 1 capture of site",
    ]
    assert words.causes(Run(tuple(alike(5)))) == [], "five say it themselves"


def test_what_is_shown_first_is_worst_and_then_different() -> None:
    wrong = case(changed("golden"), verdict=Verdict.WRONG)
    other = case(changed(field="title"))
    run = Run((*alike(3), other, wrong))
    assert words.varied(run) == [wrong, run.results[0], other, *run.results[1:3]]


def test_captures_that_are_only_new_have_not_drifted() -> None:
    run = Run((case(verdict=Verdict.NEW), PASS))
    assert words.sentence(run) == "1 of 2 cases new: nothing was accepted of them yet"
