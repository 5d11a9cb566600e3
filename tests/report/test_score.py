"""A scoring as table, page, summary and file: hostile text stays text, figures are told right."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.model import Failure, Golden, Outcome
from harness.report import score as report
from harness.report import score_page
from harness.scoreboard import Board, Got, Page, Speed, scored

HOSTILE = "<script>alert(1)</script>\u202e\"'&"
PAGES = [
    Page("site/one", "site", Golden("reviewed", {"title": "A title", "body": "a b c d e f"}), "1"),
    Page("other/two", "other", Golden("reviewed", {"title": HOSTILE, "body": "g h i j"}), "2"),
]
GOOD = {page.id: Got(Outcome({**page.golden.fields}), 0.004) for page in PAGES}
BAD = {
    "site/one": Got(Outcome({"title": HOSTILE, "body": "a b c d x"})),
    "other/two": Got(Outcome(None, Failure("Oops", HOSTILE))),
}
FOUND = Board(
    (scored("good", PAGES, GOOD), scored("bad==1.0", PAGES, BAD, stored="bad.json")),
    2,
    unscored=3,
    command="harness score",
)


def test_the_better_extractor_leads_each_table() -> None:
    text = "\n".join(report.full(FOUND))
    assert text.index("good") < text.index("bad==1.0")
    assert "token F1" in text
    assert "ROUGE-LSum" in text
    assert "2 extractors on 2 pages; title: good token F1 1.000, body: good F1 1.000" in text


def test_failures_and_what_was_not_scored_are_said() -> None:
    said = "\n".join(report.notes(FOUND))
    assert "3 captures without a golden" in said
    assert "bad==1.0: 1 failure, counted as 0, as on other/two: Oops" in said


def test_extractors_of_other_pages_are_not_called_better() -> None:
    own = scored("own", PAGES[:1], GOOD)
    said = report.sentence(Board((FOUND.extractors[1], own), 2))
    assert "title: least bad==1.0" in said


def test_the_terminal_shows_no_control_characters() -> None:
    text = "\n".join(report.full(FOUND))
    assert "\u202e" not in text


def test_the_page_escapes_hostile_text_and_forbids_everything_but_its_style() -> None:
    page = score_page.render(FOUND)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert "⟨U+202E⟩" in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_every_link_of_the_page_leads_somewhere() -> None:
    page = score_page.render(FOUND)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_drawing_is_told_in_words() -> None:
    page = score_page.render(FOUND)
    assert page.count("<svg") == page.count('role="img" aria-label="')
    assert "worst 0.00, a quarter below" in page


def test_drawings_keep_what_counts_a_single_page_visible() -> None:
    field = replace(FOUND.extractors[0].fields[0], histogram=(1, *([0] * 18), 5000))
    heights = [height for _, _, height, _ in score_page.bars(field)]
    assert (heights[0], heights[1], heights[-1]) == (2, 0, score_page.BAR_HEIGHT)


def test_speed_stands_on_the_page_and_in_the_table() -> None:
    assert FOUND.extractors[0].speed == Speed(0.004, 0.004, 2)
    assert "4.0 ms" in score_page.render(FOUND)
    assert "4.0 ms" in "\n".join(report.full(FOUND))


def test_the_summary_for_github_has_a_table_a_field_and_no_markup_of_others() -> None:
    text = report.summary(FOUND)
    assert "| `title` | pages | 95 % | token F1 |" in text
    assert "<script>" not in text


def test_the_benchmarks_own_lines() -> None:
    lines = list(report.benchmark_lines(FOUND))
    assert [line.split()[0] for line in lines] == ["bad==1.0", "good"]
    assert lines[1].startswith("good                 precision=1.000 ± 0.000  recall=1.000 ± 0.000")


def test_a_scoring_is_saved_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "score.json"
    assert report.load(path) is None
    path.write_text(report.dumps(FOUND), "utf-8")
    assert report.load(path) == FOUND


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "harness-score/1"}', "\xff"])
def test_another_file_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(HarnessError, match=r"no saved scoring.*`harness score` again"):
        report.loads(text, "score.json")
