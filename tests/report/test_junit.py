"""JUnit XML: a test case a capture, valid whatever a page says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from harness.model import CaseResult, Failure, Run, Verdict
from harness.report import junit
from tests.report.runs import everything, field, files, hostile, result
from tests.trees import any_text

ROOT = Path("/project")


def suite(run: Run, report: str = "", **limits: int) -> ElementTree.Element:
    text = junit.render(run, files(ROOT), report, **limits)
    # As a file is read: by bytes.
    return ElementTree.fromstring(text.encode("utf-8"))[0]


def test_a_case_is_a_test_and_the_counts_are_theirs() -> None:
    found = suite(everything(), "https://ci.example/report.html")
    cases = found.findall("testcase")
    assert [case.get("name") for case in cases][:3] == ["site/changed", "site/gone", "site/golden"]
    assert int(found.get("tests", "")) == len(cases) == 10
    assert int(found.get("failures", "")) == len(found.findall("testcase/failure")) == 7
    assert int(found.get("errors", "")) == len(found.findall("testcase/error")) == 2
    by_name = {case.get("name"): case for case in cases}
    assert len(by_name["site/fine"]) == 0
    assert by_name["site/changed"].get("classname") == "site"
    assert by_name["site/changed"].get("file") == "snapshots/site/site/changed.json"
    properties = {each.get("name"): each.get("value") for each in found.iter("property")}
    assert properties["python"] == "3.11"
    assert properties["report"] == "https://ci.example/report.html"
    assert "drift report: https://ci.example/report.html" in (found.findtext("system-out") or "")


def test_a_failure_says_field_old_new_and_the_next_command() -> None:
    failure = suite(Run((result("a", field("byline")),))).find("testcase/failure")
    assert failure is not None and failure.get("type") == "changed"
    assert failure.get("message") == "byline: differs"
    lines = (failure.text or "").splitlines()
    assert "  - shared old text shared" in lines and "  + shared new text shared" in lines
    assert (
        lines[-1] == "accept: harness accept site/a --field byline" or "harness accept" in lines[-1]
    )


def test_hostile_text_is_valid_and_stays_text() -> None:
    found = suite(hostile())
    assert {each.tag for each in found.iter()} == {
        "testsuite", "properties", "property", "testcase", "failure", "error", "system-out",
    }  # fmt: skip
    assert "⟨U+0000⟩" in ElementTree.tostring(found, "unicode")


@given(any_text | st.sampled_from(["\ufffe", "\uffff", "]]>", "\x0c", "\ud800", "&#0;"]))
def test_any_text_in_any_place_is_valid(text: str) -> None:
    failed = CaseResult(f"site/{text}", text, Verdict.ERROR, failure=Failure(text, text, text))
    run = Run(
        (result("a", field(text, summary=text, old=text)), failed),
        orphans=(text,), environment={text: text}, command=text,
    )  # fmt: skip
    assert suite(run, text).find("testcase") is not None


def test_left_over_snapshots_fail_only_where_they_fail_the_run() -> None:
    run = Run((), orphans=("site/left",))
    assert suite(run).get("failures") == "1"
    assert suite(replace(run, update="pending")).get("failures") == "0"


def test_an_interrupted_run_is_no_pass() -> None:
    run = Run((CaseResult("site/a", "site", Verdict.PASS),), interrupted=True)
    assert suite(run).get("errors") == "1"


def test_more_text_than_gitlab_reads_is_cut_with_a_word() -> None:
    long = tuple(result(f"{n}", field(old="o" * 300, new="n" * 300)) for n in range(50))
    full, cut = (junit.render(Run(long), files(ROOT), most_text=n) for n in (10**9, 2_000))
    assert len(cut) < len(full) / 2
    assert "see the drift report" in cut and "see the drift report" not in full
    assert cut.count("<failure") == 50
