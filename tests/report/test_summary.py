"""The summary of a run in Markdown: worst first, one example a kind, never too long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.changes import changes
from harness.clusters import clusters_of
from harness.model import Run, Verdict
from harness.report.markdown import MOST_COMMENT, MOST_SUMMARY
from harness.report.summary import SHORTEST, summary
from tests.planted import planted
from tests.report.runs import HOSTILE, everything, field, hostile, result
from tests.report.test_markdown import noticed, tags
from tests.trees import any_text


def told(run: Run, limit: int = MOST_SUMMARY, report: str = "") -> str:
    return summary(run, clusters_of(changes(run)), limit, report)


def test_it_says_verdict_kinds_places_and_what_to_do() -> None:
    text = told(everything(), report="https://ci.example/report.html")
    lines = text.splitlines()
    assert lines[0].startswith("### Drift report: 7 of 8 captures drifted: 2 errors, 1 wrong")
    assert "[All changes beside their pages](<https://ci.example/report.html>)" in text
    kinds = re.findall(r"^\*\*\d+\. (\w+)\*\*", text, re.M)
    assert kinds[:3] == ["error", "error", "wrong"] and kinds[-1] == "new"
    assert "• shared <del>old text</del><ins>new text</ins> shared" in text
    assert "| site |" in text and "| `site` |" in text
    assert "`harness accept decisions.json`" in text
    assert "2 orphaned snapshots: `harness lint --prune-orphans`" in text
    listed = re.findall(r"^- \*\*(\w+)\*\* `(.*?)`", text, re.M)
    assert [verdict for verdict, _ in listed] == [
        "error", "error", "wrong", "suspect", "missing", "changed", "new",
    ]  # fmt: skip


def test_a_clean_run_is_one_line() -> None:
    assert told(Run((replace(result("a"), verdict=Verdict.PASS),))) == (
        "### Drift report: 1 capture passes\n\n"
    )


def test_a_page_makes_no_markup_and_calls_nobody() -> None:
    text = told(hostile(), report=HOSTILE)
    assert tags(text) <= {
        "html", "head", "body", "h3", "h4", "p", "strong", "code", "pre", "del", "ins", "table",
        "thead", "tbody", "tr", "th", "td", "ul", "li",
    }  # fmt: skip
    assert not re.search(r"@\w|#\d|GH-\d|!\d|~\w|://|www\.|:\w+:|\$\w", noticed(text), re.I)
    assert not re.search(r"^\s*/\w", text, re.M)
    text.encode("utf-8")


@settings(max_examples=40)
@given(
    st.lists(st.tuples(any_text, any_text, any_text), max_size=12),
    st.integers(SHORTEST, 20_000),
    any_text,
)
def test_it_is_never_longer_than_asked(
    drawn: list[tuple[str, str, str]], limit: int, site: str
) -> None:
    results = [
        result(f"{n}{name}", field(name, summary=text * 50, old=old * 80, new=text * 80), site=site)
        for n, (name, text, old) in enumerate(drawn)
    ]
    run = Run((*results, *hostile().results), orphans=(HOSTILE,) * 3)
    assert len(told(run, limit).encode("utf-8", "backslashreplace")) <= limit


@pytest.mark.parametrize("limit", [MOST_SUMMARY, MOST_COMMENT])
def test_a_huge_run_fits_and_says_what_was_left_out(limit: int) -> None:
    run = Run(
        tuple(
            result(f"{n}", field(f"f{n % 50}", summary="é" * 300, old=HOSTILE), site=f"s{n % 99}")
            for n in range(4000)
        )
    )
    text = told(run, limit)
    assert limit * 0.8 < len(text.encode()) < limit
    assert re.search(r"\n- … and [\d,]+ more captures, see the drift report\n$", text)
    assert re.search(r"\n… and \d+ more kinds of change", text)
    assert "… and 38 more fields and 69 more sites" in text


def test_every_planted_cause_is_told() -> None:
    made = planted(600)
    text = told(made.run, MOST_COMMENT)
    assert len(text.encode()) < MOST_COMMENT
    assert 12 <= len(re.findall(r"^\*\*\d+\. ", text, re.M)) <= 20
