"""Annotations and summary: foreign text stays text, and nothing is dropped without a word."""

from __future__ import annotations

import re

from harness.model import (
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Run,
    Verdict,
)
from harness.report import github


def result(
    name: str,
    verdict: Verdict = Verdict.CHANGED,
    summary: str = "differs",
    field: str = "related[2].body",
) -> CaseResult:
    diff = FieldDiff(field, "text", "value", summary)
    return CaseResult(f"site/{name}", "site", verdict, (FieldResult(verdict, "snapshot", diff),))


def test_worst_first_errors_before_warnings_and_passes_say_nothing() -> None:
    run = Run(
        (
            result("a"),
            CaseResult("site/new", "site", Verdict.NEW),
            CaseResult("site/pass", "site", Verdict.PASS),
            result("b", Verdict.WRONG),
        )
    )
    assert github.workflow_commands(run) == [
        "::error title=wrong%3A site/b::related[2].body: differs",
        "::error title=changed%3A site/a::related[2].body: differs",
        "::warning title=new%3A site/new::no accepted snapshot yet",
    ]
    assert github.workflow_commands(Run(())) == []


def test_no_more_than_github_shows_and_the_rest_is_counted() -> None:
    nine = github.workflow_commands(Run(tuple(result(f"{i}") for i in range(9))))
    assert len(nine) == 9 and "more captures" not in nine[-1]
    many = github.workflow_commands(Run(tuple(result(f"{i}") for i in range(30))))
    assert len(many) == 9
    assert many[-1].endswith("22 more captures drifted, see the drift report")


def test_a_page_cannot_start_a_command_of_its_own() -> None:
    hostile = "x %0A\n::error::pwned\r\n::stop-commands::t %0A\u2028"
    failed = CaseResult("site/a", "site", Verdict.ERROR, failure=Failure("E,a=b::", hostile))
    for run in (Run((result("a", summary=hostile),)), Run((failed,))):
        (line,) = github.workflow_commands(run)
        assert len(line.splitlines()) == 1
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", line)
        assert "%250A" in line, "what the page wrote is text"


def test_the_summary_counts_fields_by_kind_of_change() -> None:
    text = github.summary(Run((result("a"), result("b"))))
    assert text.startswith("### Drift report: 2 of 2 captures drifted: 2 changed\n")
    assert "| `related[].body` | value: " in text
    assert "| 2 |" in text


def test_a_field_of_any_name_stays_in_its_cell() -> None:
    text = github.summary(Run((result("a", field="a|b`c@d"),)))
    assert "| `a\\|b'c@d` | value: " in text


def test_a_page_cannot_write_markdown_or_call_people() -> None:
    text = github.summary(Run((result("a", summary="<img src=x> [a](b) @octocat | # `x`"),)))
    line = next(line for line in text.splitlines() if line.startswith("- "))
    for bad in ("<img", "[a]", "@octocat", " | ", " # "):
        assert bad not in line.replace("\\<", "").replace("\\[", "")


def test_a_summary_that_github_would_drop_is_cut_with_a_word() -> None:
    run = Run(tuple(result(f"{i}", summary="é" * 300) for i in range(4000)))
    text = github.summary(run)
    assert len(text.encode()) < 1_000_000
    assert re.search(r"… and \d+ more, see the drift report\n$", text)


def test_orphans_are_in_the_summary() -> None:
    assert "1 orphaned snapshots: `harness lint --prune-orphans`" in github.summary(
        Run((), orphans=("x:site/a",))
    )


def test_what_invariants_doubt_is_annotated_and_counted() -> None:
    doubt = Finding("no-glue", "related[2].body[0]", "error", "glued", "'ofit' is two words")
    suspect = CaseResult("site/a", "site", Verdict.SUSPECT, findings=(doubt,))
    (line,) = github.workflow_commands(Run((suspect,)))
    assert line == "::error title=suspect%3A site/a::related[2].body[0]: 'ofit' is two words"
    text = github.summary(Run((suspect,)))
    assert "| `related[].body` | glued: words run together across elements | 1 |" in text
