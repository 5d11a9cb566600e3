"""A run as JSON, and what is said of files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.model import (
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Hunk,
    Piece,
    Run,
    Verdict,
)
from harness.report import saved

DIFF = FieldDiff(
    "byline",
    "text",
    "lost",
    "lost",
    (Hunk("paragraph 1", (Piece("-", "A\ud800"),)),),
    0.5,
    False,
    True,
)
RUN = Run(
    results=(
        CaseResult("site/a", "site", Verdict.PASS, seconds=0.25),
        CaseResult(
            "site/b",
            "site",
            Verdict.MISSING,
            (FieldResult(Verdict.MISSING, "snapshot", DIFF, "agrees"),),
            record={"title": "\ud800", "n": [1, 2.5, None, {"$date": "2026-03-01"}]},
            accepted={"title": "b"},
        ),
        CaseResult("site/c", "x", Verdict.ERROR, failure=Failure("E", "m", "t"), updated=True),
        CaseResult("site/d", "x", Verdict.ERROR, problem="broken"),
    ),
    orphans=("x:site/e",),
    update="pending",
    environment={"python": "3"},
    command="harness check",
    interrupted=True,
)


def test_a_run_comes_back_as_it_was_lone_surrogates_included(tmp_path: Path) -> None:
    saved.save(RUN, tmp_path / "run.json")
    assert saved.load(tmp_path / "run.json") == RUN
    assert saved.load_results(saved.dump_results(list(RUN.results))) == list(RUN.results)


def test_the_json_is_ascii_has_its_format_and_counts_and_a_result_a_line() -> None:
    text = saved.dumps(RUN)
    assert text.isascii()
    tree = json.loads(text)
    assert tree["format"] == "harness-run/1"
    assert tree["counts"] == {"error": 2, "missing": 1, "pass": 1}
    assert len(text.splitlines()) == 2 + len(RUN.results)
    assert json.loads(saved.dumps(Run(())))["results"] == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": "harness-run/0", "results": []}',
        b'{"results": []}',
        b'{"format": "harness-run/1"}',
        b'{"format": "harness-run/1", "results": [{"capture": "a"}]}',
        b'{"format": "harness-run/1", "results": [], "orphans": [1]}',
        b'{"format": "harness-run/1", "results": [{"capture":"a","extractor":"b","verdict":"x"}]}',
        b'{"format": "harness-run/1", "a": ' + b"[" * 100_000,
    ],
)
def test_a_file_that_is_no_run_is_named_with_what_to_do(data: bytes) -> None:
    with pytest.raises(HarnessError) as refused:
        saved.loads(data, "some/run.json")
    said = str(refused.value)
    assert said.startswith("some/run.json is no saved run")
    assert "`harness check`" in said and "\n" not in said


def test_a_missing_run_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"no saved run at .*run\.json; run `harness check` fir"):
        saved.load(tmp_path / "run.json")
    with pytest.raises(HarnessError, match=f"cannot read {tmp_path}: "):
        saved.load(tmp_path)
