"""``harness score``: tables, floors, stored outputs, mistakes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.commands.score import unstarted
from harness.scoreboard import Board, Extractor
from tests.command_line import Call
from tests.commands.conftest import break_byline
from tests.conftest import Project


def approve(project: Project, capture: str, **fields: Any) -> None:
    site = capture.partition("/")[2].rpartition("-")[0]
    golden = {
        "title": f"{site.title()}",
        "byline": "A. Writer",
        "body": [
            f"First paragraph of {site.title()}.",
            "The second paragraph says a little more.",
            "The third one ends it.",
        ],
    } | fields
    project.write(f"corpus/{capture}/golden.json", json.dumps({"fields": golden}))


@pytest.fixture
def goldened(empty: Project, ids: list[str], harness: Call) -> list[str]:
    """The project's captures; two of three have a golden of what the extractor gives."""
    for capture in ids[:2]:
        said = harness("extract", capture, "--output-format", "json")
        approve(empty, capture, **json.loads(said.out)["record"])
    return ids


@pytest.mark.usefixtures("goldened")
def test_every_field_has_a_table_and_pages_without_a_golden_are_named(harness: Call) -> None:
    said = harness("score")
    assert said.code == 0
    for field in ("title", "byline", "body"):
        assert f"\n{field}" in f"\n{said.out}"
    assert "1 capture without a golden" in said.out
    assert "no floors are pinned" in said.err


@pytest.mark.usefixtures("goldened")
def test_a_pinned_score_that_falls_is_a_regression(empty: Project, harness: Call) -> None:
    assert harness("score", "--pin").code == 0
    assert "no score is below its floor" in harness("score").err
    break_byline(empty)
    said = harness("score")
    assert said.code == 1
    assert "site: byline: floor of people is 1.000, got 0.000" in said.err
    assert "regressed" in said.err
    assert harness("score", "--pin").code == 1, "pinning alone lowers nothing"
    assert harness("score", "--pin", "--lower").code == 0
    assert harness("score").code == 0


def test_another_corpus_is_not_a_regression(
    empty: Project, goldened: list[str], harness: Call
) -> None:
    assert harness("score", "--pin").code == 0
    approve(empty, goldened[2], title="Something else")
    said = harness("score")
    assert said.code == 1
    assert "the corpus changed since the floors of site were pinned" in said.err
    assert "regressed" not in said.err
    # Of the same pages, who approved them does not matter.
    golden = empty.root / "corpus" / goldened[2] / "golden.json"
    golden.unlink()
    first = empty.root / "corpus" / goldened[0] / "golden.json"
    first.write_text(json.dumps(json.loads(first.read_text()) | {"by": "somebody"}))
    assert harness("score").code == 0


def test_a_part_of_the_corpus_is_held_to_no_floor(
    empty: Project, goldened: list[str], harness: Call
) -> None:
    harness("score", "--pin")
    break_byline(empty)
    assert harness("score", goldened[0]).code == 0
    assert harness("score", "--field", "byline").code == 0


@pytest.mark.usefixtures("goldened")
def test_floors_of_others_are_kept(empty: Project, harness: Call) -> None:
    harness("score", "--pin")
    write_records(empty, {})
    assert harness("score", "--records", "out.jsonl", "--pin", "--lower").code == 0
    floors = json.loads((empty.root / "floors.json").read_text())["score"]
    assert set(floors["measured"]) == {"site", "out"}
    assert floors["floors"]["site: body"]["shingle_f1"] == 1.0
    assert floors["floors"]["out: body"]["shingle_f1"] < 1.0


def write_records(project: Project, more: dict[str, Any]) -> None:
    names = sorted(path.name for path in (project.root / "corpus" / "site").iterdir())
    lines = [
        {"capture": f"site/{name}", "record": {"articleBody": f"First paragraph of {name}", **more}}
        for name in names[:1]
    ]
    project.write("out.jsonl", "".join(json.dumps(line) + "\n" for line in lines))


@pytest.mark.usefixtures("goldened")
def test_stored_outputs_stand_beside_extractors(empty: Project, harness: Call) -> None:
    write_records(empty, {})
    said = harness(
        "score", "-x", "site", "--records", "out.jsonl=theirs", "--output-format", "json"
    )
    assert said.code == 0
    found = json.loads(said.out)
    assert [each["label"] for each in found["extractors"]] == ["theirs", "site"]
    theirs = found["extractors"][0]
    assert [each["name"] for each in theirs["fields"]] == ["body"]
    assert len(theirs["missing"]) == 1
    assert theirs["speed"] is None
    assert found["extractors"][1]["speed"]["pages"] == 2


@pytest.mark.usefixtures("goldened")
def test_the_page_and_the_drift_report_show_it(empty: Project, harness: Call) -> None:
    said = harness("score", "--report", "board.html")
    assert str(empty.root / "board.html") in said.out
    assert "Leaderboard" in (empty.root / "board.html").read_text("utf-8")
    harness("check")
    assert "how near the records come" in (empty.root / ".harness/report.html").read_text("utf-8")
    (empty.root / ".harness/score.json").write_text("{}")
    harness("check")
    assert "no saved scoring" in (empty.root / ".harness/report.html").read_text("utf-8")


@pytest.mark.usefixtures("goldened")
def test_the_summary_goes_to_github(empty: Project, harness: Call) -> None:
    path = empty.root / "summary.md"
    harness("score", "--output-format", "github", GITHUB_STEP_SUMMARY=str(path))
    assert "### Score:" in path.read_text("utf-8")


def test_a_truth_file_needs_no_project(empty: Project, harness: Call) -> None:
    (empty.root / "harness.toml").unlink()
    body = "one two three four five six"
    empty.write("truth.json", json.dumps({"p": {"articleBody": body, "url": "https://a.example/"}}))
    empty.write("theirs.json", json.dumps({"p": {"articleBody": body[:-4]}, "q": {}}))
    said = harness("score", "--truth", "truth.json", "--records", "theirs.json")
    assert said.code == 0
    assert "theirs               precision=1.000 ± 0.000  recall=0.667" in said.out
    assert "1 output of other pages left out" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lower"], "--lower goes with --pin"),
        (["--pin", "--field", "body"], "--pin takes all captures and fields"),
        (["--truth", "t.json"], "name stored outputs: --records"),
        (["--truth", "t.json", "--records", "r.json", "-x", "site"], "-x does not go with it"),
        (["--truth", "t.json", "--records", "r.json"], "cannot read"),
        (["--records", "none.jsonl"], "cannot read"),
        (["nothing-like-this"], "no capture matches"),
        (["-x", "nobody"], "no extractor 'nobody'"),
        (["--field", "nothing"], "no golden asserts a field 'nothing'"),
        (["--corpus", "nowhere"], "nowhere"),
        (["-x", "site", "--records", "out.jsonl=site"], "two of what is scored are called 'site'"),
    ],
)
@pytest.mark.usefixtures("goldened")
def test_a_mistake_is_one_line(empty: Project, harness: Call, words: list[str], said: str) -> None:
    write_records(empty, {})
    found = harness("score", *words)
    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err


@pytest.mark.usefixtures("ids")
def test_a_corpus_without_goldens_says_how_to_make_one(harness: Call) -> None:
    found = harness("score")
    assert (found.code, "harness approve" in found.err) == (2, True)


def test_a_golden_that_cannot_be_read_is_named(
    empty: Project, goldened: list[str], harness: Call
) -> None:
    empty.write(f"corpus/{goldened[0]}/golden.json", "{")
    found = harness("score")
    assert found.code == 2
    assert f"not scored: {goldened[0]}" in found.out


def test_an_extractor_that_never_started_is_no_score_of_zero() -> None:
    failures = (("s/a", "CannotStart", "no python3.8"), ("s/b", "CannotStart", "no python3.8"))
    assert unstarted(Board((Extractor("old", 2, (), failures),), 2)) == "old: no python3.8"
    assert unstarted(Board((Extractor("old", 3, (), failures),), 3)) == ""
