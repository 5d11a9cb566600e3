"""What a report reads of a capture: pages that nest deeper than Python calls."""

from __future__ import annotations

from harness.model import Capture, CaseResult, Run, Verdict
from harness.report.articles import article, html
from harness.report.cases import prepare
from harness.report.evidence import ancestors, gather, within
from tests.hostile import PAYLOADS, page_of


def test_an_article_on_a_page_nested_deeply_is_made() -> None:
    capture = Capture(
        "site", "deep", page_of(PAYLOADS["deep"] + "<p>" + "Prose. " * 40), "text/html"
    )
    case = CaseResult(
        "site/deep",
        "site",
        Verdict.CHANGED,
        record={"title": "A sound title", "body": ["The last paragraph."]},
        accepted={"title": "A sound title", "body": ["deep", "The last paragraph."]},
    )
    report = prepare(Run((case,)))
    shown = article(report, report.cases[0], lambda _: gather(case, lambda _: capture))
    assert shown.page is not None and "The last paragraph." in shown.page
    assert "The last paragraph." in html(report, shown, page="inline")


def test_a_path_lies_in_those_above_it() -> None:
    assert list(ancestors("a.b[0]")) == ["a.b[0]", "a", "a.b"]
    assert within("related[2].body", {"related"})
    assert not within("related", {"related[2]"})
