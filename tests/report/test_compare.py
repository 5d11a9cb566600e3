"""A comparison as text, page, JSON and for GitHub: hostile text stays text, and no page is lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import click
import pytest

from harness.comparison import Comparison, PageChange, summarise
from harness.errors import HarnessError
from harness.model import FieldDiff, Hunk, Piece
from harness.report import compare, compare_github, compare_page, compare_saved
from harness.report.github import MOST_ANNOTATIONS
from harness.report.markdown import MOST_SUMMARY
from tests.comparison.sides import comparison, judged, page, scored

HOSTILE = "</p><script>alert(1)</script>\u202e\"'&::error::x\n::set-env\ud800"


def hostile(each: PageChange) -> PageChange:
    """A page all of whose texts want to be markup."""
    diff = FieldDiff(
        "body", "text", "value", HOSTILE, (Hunk(HOSTILE, (Piece("-", HOSTILE), Piece("+", "x"))),)
    )
    change = replace(each.fields[0], diffs=(diff,), expected=HOSTILE)
    judgement = replace(change.judgement, reasons=(HOSTILE,))
    return replace(each, fields=(replace(change, judgement=judgement),))


def rendered(found: Comparison) -> str:
    return compare_page.render(found, summarise(found))


def lines(found: Comparison) -> str:
    return click.unstyle("\n".join(compare.full(found, summarise(found))))


def test_hostile_text_stays_text_everywhere() -> None:
    found = replace(
        comparison(*(hostile(page(f"a/{i}", scored(0.9, 0.1))) for i in range(3))),
        command=HOSTILE,
        environment={HOSTILE: HOSTILE},
    )
    html = rendered(found)
    assert "<script" not in html and "\u202e" not in html and "\ud800" not in html
    assert "&lt;script&gt;" in html and "⟨U+202E⟩" in html
    assert "default-src 'none'" in html
    html.encode("utf-8")
    assert "\u202e" not in lines(found)
    for line in compare_github.workflow_commands(found):
        assert line.startswith("::warning title=") and "\n" not in line and "\u202e" not in line
    summary = compare_github.summary_text(found, summarise(found))
    assert "<script" not in summary.replace("\\<", "")
    json.loads(compare.dumps(found, summarise(found)).encode("ascii"))


def test_the_page_shows_the_worst_first_and_the_better_apart() -> None:
    found = comparison(
        page("a/lost", scored(0.9, 0.1)),
        page("a/less", scored(0.9, 0.8)),
        page("b/more", scored(0.1, 0.9)),
        page("b/hm", judged("body", -0.3, basis="page", confidence=0.1)),
        page("b/same", judged("byline", 0.0, basis="equal")),
    )
    html = rendered(found)
    places = [
        html.index(f"<bdi>{name}</bdi></a>") for name in ("a/lost", "a/less", "b/hm", "b/more")
    ]
    assert places == sorted(places)
    assert html.index("Changed, and means the same") > places[-1]
    assert "<del>old text</del>" in html and "<ins>new text</ins>" in html
    assert (
        "F1 0.900 → 0.100" in html and "mean" not in html[: html.index("<h1>")].split("<title>")[0]
    )
    anchors = re.findall(r' id="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)


def test_ten_thousand_changed_pages_still_make_a_page() -> None:
    long = "word " * 2000
    one = page("x/y", scored(0.9, 0.1))
    diff = replace(one.fields[0].diffs[0], hunks=(Hunk("", (Piece("-", long), Piece("+", "a"))),))
    fields = (replace(one.fields[0], diffs=(diff,)),)
    pages = [
        replace(one, capture=f"s{i % 50}/{i:05}{long[:60]}", fields=fields) for i in range(10_000)
    ]
    found = replace(comparison(), pages=tuple(pages), compared={"s": 10_000})
    html = rendered(found)
    assert len(html) < 3_000_000
    assert "7,920 more pages, left out here; they are in the JSON" in html
    summary = compare_github.summary_text(found, summarise(found))
    assert MOST_SUMMARY / 2 < len(summary.encode()) < 1 << 20
    assert re.search(r"… and [\d,]+ more pages", summary)
    assert len(lines(found)) < 60_000
    assert len(json.loads(compare.dumps(found, summarise(found)))["pages"]) == 10_000


def test_github_gets_at_most_nine_annotations_worst_first() -> None:
    found = comparison(*(page(f"a/{i:02}", scored(0.9, i / 100)) for i in range(20)))
    commands = compare_github.workflow_commands(found)
    assert len(commands) == MOST_ANNOTATIONS
    assert "a/00" in commands[0] and "12 more pages" in commands[-1]
    assert compare_github.workflow_commands(comparison(page("a/1", scored(0.1, 0.9)))) == []


def test_the_terminal_lists_every_large_loss() -> None:
    found = comparison(*(page(f"a/{i:02}", scored(0.9, 0.5)) for i in range(14)))
    for i in range(14):
        assert f"a/{i:02}" in lines(found)
    assert lines(found).splitlines()[-1].startswith("lib 1.0 → 2.0 on 24 captures")


def test_times_are_told_only_where_they_were_measured() -> None:
    found = comparison()
    assert compare.speeds(found) == ""
    measured = replace(found, new=replace(found.new, seconds=0.0123, measured=5))
    assert compare.speeds(measured) == "median time of a page: lib==2.0 12.3 ms"


def test_a_saved_comparison_is_shown_in_the_drift_report(tmp_path: Path) -> None:
    found = comparison(hostile(page("a/1", scored(0.9, 0.1))))
    path = tmp_path / "compare.json"
    path.write_text(compare.dumps(found, summarise(found)))
    saved = compare_saved.load(path)
    assert saved is not None
    section = compare_saved.section(saved, tmp_path / "compare.html")
    assert "worse on 1" in section and "a/1" in section and "<script" not in section
    assert compare_saved.load(tmp_path / "none.json") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "harness-compare/1"}', "[" * 100_000])
def test_a_file_that_holds_no_comparison_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "compare.json"
    path.write_text(text)
    with pytest.raises(HarnessError, match="no saved comparison"):
        compare_saved.load(path)
