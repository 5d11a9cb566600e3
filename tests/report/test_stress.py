"""The table of a stress run and its page: hostile text stays text, counts are told right."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.model import Hunk, Piece
from harness.report import stress as report
from harness.stress import Cell, Example, Fault, Reproduction, Stress

HOSTILE = "<script>alert(1)</script>\u202e\"'&"
EXAMPLE = Example(
    "site/page",
    (("span-word", 0),),
    "a span round words",
    f"'a b' became {HOSTILE}",
    (Hunk("paragraph 1 of 2", (Piece("=", "one "), Piece("-", "a b"), Piece("+", HOSTILE))),),
)
SMALL = Reproduction(
    path="x.html",
    source=f"<p>{HOSTILE}</p>",
    size_from=41_000,
    size_to=44,
    command="harness shrink x.html -x peer --mutation span-word",
    example=EXAMPLE,
    ended="minimal",
    parses=True,
    tests=120,
    seconds=0.4,
)
GLUED = Fault(
    "span-word", "neutral markup", "same-tokens", True, "body", "glued", 9, 3, EXAMPLE, SMALL
)
DRIFT = Fault("h1-to-h2", "layout", "may-drift", False, "title", "empty", 2, 2, EXAMPLE)
FOUND = Stress(
    extractor="peer",
    captures=12,
    seeds=3,
    trials=90,
    inapplicable=4,
    cells=(
        Cell("span-word", "neutral markup", True, "body", 12, 36, 9, 9.0),
        Cell("span-word", "neutral markup", True, "title", 12, 36, 0, 12.0),
        Cell("comments", "neutral markup", True, "body", 12, 36, 0, 12.0),
        Cell("h1-to-h2", "layout", False, "title", 2, 2, 2, 0.0),
        Cell("h1-to-h2", "layout", False, "zeta", 2, 2, 1, 1.0),
    ),
    faults=(GLUED, DRIFT),
    failed=(("site/other", "ValueError"),),
    bare=1,
    environment={"peer": "1.2"},
    command="harness stress -x peer",
)


def test_a_saved_run_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "stress.json"
    path.write_text(report.dumps(FOUND), "utf-8")
    assert report.load(path) == FOUND
    assert report.load(tmp_path / "none.json") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "harness-run/1"}', "\xff", "[" * 100_000])
def test_a_file_that_holds_no_stress_run_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stress.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(HarnessError, match="no saved stress run"):
        report.load(path)


def test_lone_surrogates_of_a_page_can_be_saved() -> None:
    hunk = Hunk("", (Piece("+", "a\ud800"),))
    found = replace(FOUND, faults=(replace(DRIFT, example=replace(EXAMPLE, hunks=(hunk,))),))
    assert report.loads(report.dumps(found), "x") == found
    assert "U+D800" in report.render(found)


def test_nothing_of_a_page_becomes_markup() -> None:
    page = report.render(FOUND)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page and "⟨U+202E⟩" in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_a_cell_says_share_pages_and_interval_not_only_a_colour() -> None:
    page = report.section(FOUND)
    assert '<td class="heat3"><strong>75 %</strong> <small>of 12 · 47–91</small></td>' in page
    assert '<td class="heat0"><strong>0 %</strong> <small>of 2 · 0–66</small></td>' in page
    assert 'aria-label="does not apply"' in page


def test_what_must_hold_stands_before_what_is_measured() -> None:
    shown = report.table(FOUND)
    assert [(family, must) for family, must, _ in shown.groups] == [
        ("neutral markup", True),
        ("layout", False),
    ]
    assert shown.fields == ("title", "body", "zeta")
    names = [row.mutation for _, _, rows in shown.groups for row in rows]
    assert names == ["comments", "span-word", "h1-to-h2"]
    page = report.render(FOUND)
    assert page.index("stress--must--span-word") < page.index("stress--measured--h1-to-h2")


def test_mutations_that_everything_survives_are_one_line() -> None:
    first = report.section(FOUND).split("<details")[0]
    assert "every field survives comments" in first
    assert '<th scope="row">comments' not in first
    assert '<th scope="row">comments' in report.section(FOUND).split("<details")[1]


def test_the_sentence_tells_faults_from_drift() -> None:
    assert report.sentence(FOUND) == (
        "12 pages, 90 mutated pages: 1 fault where the record must hold, 1 way it drifts"
    )
    clean = replace(FOUND, faults=(DRIFT,))
    assert "every relation that must hold held" in report.sentence(clean)
    assert report.sentence(replace(FOUND, interrupted=True)).startswith("interrupted, until then")


def test_pages_that_tell_nothing_are_noted() -> None:
    said = " ".join(report.notes(FOUND))
    assert "1 page without mutation made it raise: ValueError" in said
    assert "1 page gave an empty record" in said
    assert list(report.notes(Stress("x", 0, 1, 0, 0, (), ()))) == [
        "no mutation applied to any page"
    ]


def test_the_terminal_shows_broken_rows_faults_and_commands() -> None:
    lines = list(report.full(FOUND))
    text = "\n".join(lines)
    assert "75 % of 12" in text and "everything survives comments" in text
    assert "span-word\x1b[0m body [glued] on 3 pages" in text
    assert "41,000 → 44 bytes" in text and SMALL.command in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (0.001, "<1 %"), (0.5, "50 %"), (0.999, ">99 %"), (1, "100 %")],
)
def test_nearly_all_is_not_all(share: float, said: str) -> None:
    assert report.percent(share) == said


def test_an_empty_run_still_makes_a_page() -> None:
    page = report.render(Stress("x", 0, 1, 0, 0, (), ()))
    assert "no mutation applied to any page" in page and "<table" not in page


@pytest.mark.parametrize("kept", [float("nan"), float("inf"), 99.0, -1.0])
def test_a_saved_run_whose_counts_cannot_be_is_none(kept: float) -> None:
    cell = replace(FOUND.cells[0], kept=kept)
    text = report.dumps(replace(FOUND, cells=(cell,)))
    with pytest.raises(HarnessError, match="is no saved stress run"):
        report.loads(text, "x.json")


def test_a_run_in_which_nothing_had_to_hold_does_not_say_that_all_held() -> None:
    said = report.sentence(Stress("x", 1, 1, 0, 0, (), ()))
    assert said == "1 page, 0 mutated pages: no relation that must hold applied"
