"""What the drift report says of where a value stands."""

from __future__ import annotations

from harness.diff import compare_records
from harness.model import Finding, Run, Tree, Verdict
from harness.report.where import TEXTS, where
from tests.report.test_html import beside, capture, drifted, parse, render, texts

PAGE = """<script type="application/ld+json">{"author": {"name": "Jane Doe"}}</script>
<h1>Storm warning</h1><div class="meta"><b>x</b><b>By Jane Doe</b></div><p>Words of it.</p>"""
OLD: dict[str, Tree] = {"title": "Storm warning", "byline": "Jane Doe"}
NEW: dict[str, Tree] = {"title": "Storm warning", "byline": "By Jane Doe"}


def test_a_changed_field_says_where_both_values_stand() -> None:
    page = parse(render(Run((drifted(OLD, NEW),)), beside(PAGE)))
    assert texts(page, ".stands") == [
        "before JSON-LD $.author.name metadata",
        "now div.meta > b:nth-child(2) positional",
    ]
    every = texts(page, ".places details li")
    assert every[0].startswith("byline JSON-LD $.author.name (metadata); inside the text of")


def test_a_value_that_was_made_up_stands_nowhere() -> None:
    page = parse(render(Run((drifted(OLD, {**OLD, "byline": "A Ghost"}),)), beside(PAGE)))
    assert texts(page, ".stands")[1] == "now nowhere in the capture nowhere"


def test_what_an_invariant_doubts_says_where_it_stands() -> None:
    from dataclasses import replace

    doubt = Finding("x-y", "title", "error", "case", "odd")
    result = replace(drifted(OLD, NEW), findings=(doubt,), verdict=Verdict.SUSPECT)
    page = parse(render(Run((result,)), beside(PAGE)))
    assert texts(page, ".findings .stands") == ["now h1 semantic"]


def test_a_day_stands_at_its_label_first() -> None:
    markup = PAGE.replace('"author"', '"datePublished": "2024-05-01T10:00:00Z", "author"')
    markup += "<div class=when>May 1, 2024</div>"
    old: dict[str, Tree] = {"t": {"$datetime": "2024-05-01T10:00:00+00:00"}}
    result = drifted(old, {"t": {"$date": "2024-05-01"}})
    assert texts(parse(render(Run((result,)), beside(markup))), ".stands") == [
        "before JSON-LD $.datePublished metadata",
        "now div.when named",
    ]


def test_a_path_made_of_markup_stays_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    markup = '<script type="application/ld+json">{"' + evil + '": "Jane Doe"}</script><p>x</p>'
    page = parse(render(Run((drifted({"byline": "Ann"}, {"byline": "Jane Doe"}),)), beside(markup)))
    assert not page.css("img, article script")
    assert evil in texts(page, ".stands")[-1]


def test_many_paragraphs_are_bounded() -> None:
    many: list[Tree] = [f"Paragraph number {n} of it." for n in range(60)]
    markup = "<article>" + "".join(f"<p>{text}</p>" for text in many) + "</article>"
    result = drifted({"body": many[:-1]}, {"body": many})
    page = parse(render(Run((result,)), beside(markup)))
    assert texts(page, ".stands")[-1] == "now article > p × 60 semantic"
    items = texts(page, ".places details ul:last-of-type li")
    assert items[-1] == f"and {60 - TEXTS} more texts"


def test_whole_records_and_moved_cards_are_left_out() -> None:
    from harness.page import Page
    from harness.provenance import Tracer

    old: dict[str, Tree] = {"related": [{"title": f"Card number {n}"} for n in range(3)]}
    new: dict[str, Tree] = {"related": [{"title": "Card number 2"}, {"title": "Card numbers 1"}]}
    result = drifted(old, new)
    assert len(compare_records(old, new)) > 1
    tracer = Tracer(Page(capture("<p>Card number 2</p>")))
    for field in result.fields:
        found = where(result, field, tracer)
        assert (found is None) == (field.diff.kind == "records")
        assert found is None or found.new is None
