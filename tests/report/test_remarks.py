"""What the forms for other programs share: rule, place, and a fingerprint that stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness import records
from harness.model import Run, Verdict
from harness.report.remarks import Files, meaning, remarks, remedy
from harness.text import show_unseen
from tests.report.runs import everything, field, files, hostile, result, store

RECORD = {"title": "t", "byline": None, "body": ["a", "b", "c"]}


def test_a_remark_points_at_the_line_that_a_reviewer_would_change(tmp_path: Path) -> None:
    store(tmp_path, "site/changed", RECORD)
    store(tmp_path, "site/suspect", RECORD)
    golden = tmp_path / "corpus/site/golden/golden.json"
    golden.parent.mkdir(parents=True)
    golden.write_text(records.dumps({"trust": "reviewed", "fields": {"title": "x", "body": []}}))
    found = {each.case: each for each in remarks(everything(), files(tmp_path))}
    where = {case: (each.place.path, each.place.line) for case, each in found.items()}
    assert where == {
        "site/changed": ("snapshots/site/site/changed.json", 4),
        "site/suspect": ("snapshots/site/site/suspect.json", 7),
        "site/golden": ("corpus/site/golden/golden.json", 5),
        # Nothing is stored of these.
        "site/gone": ("corpus/site/gone/capture.json", 1),
        "site/new": ("corpus/site/new/capture.json", 1),
        "site/raised": ("corpus/site/raised/capture.json", 1),
        "site/broken": ("corpus/site/broken/capture.json", 1),
        "site/left": ("snapshots/site/site/left.json", 1),
        "other:site/left": ("snapshots/other/site/left.json", 1),
    }
    assert {each.rule for each in found.values()} == {
        "change/lost", "change/value", "golden/value", "invariant/no-glue", "harness/new",
        "harness/raised", "harness/unusable", "harness/orphan",
    }  # fmt: skip


def test_a_broken_snapshot_is_pointed_at(tmp_path: Path) -> None:
    path = store(tmp_path, "site/a", RECORD)
    broken = replace(result("a"), problem=f"{path} is not valid JSON", verdict=Verdict.ERROR)
    (remark,) = remarks(Run((broken,)), files(tmp_path))
    assert remark.place.path == "snapshots/site/site/a.json"


def test_paths_are_seen_from_the_root_of_the_checkout(tmp_path: Path) -> None:
    project = tmp_path / "sub" / "project"
    store(project, "site/a", RECORD)
    inner = Files(tmp_path, project / "snapshots", project / "corpus")
    (remark,) = remarks(Run((result("a", field("title")),)), inner)
    assert remark.place.path == "sub/project/snapshots/site/site/a.json"
    outer = Files(project / "elsewhere", project / "snapshots", project / "corpus")
    (remark,) = remarks(Run((result("a", field("title")),)), outer)
    assert not remark.place.inside and remark.place.path.startswith("/")


def test_a_fingerprint_stays_when_values_lines_and_folders_move(tmp_path: Path) -> None:
    def fingerprints(folder: str, old: str) -> list[str]:
        store(tmp_path / folder, "site/a", {"title": old, **RECORD})
        fields = field("title", old=old, summary=old), field("body", summary=old)
        run = Run((result("a", *fields), result("b", *fields)))
        return [each.fingerprint for each in remarks(run, files(tmp_path / folder))]

    assert fingerprints("here", "one") == fingerprints("there", "two\nlines")
    assert len(set(fingerprints("here", "one"))) == 4
    # Written down: another value here would make every known issue a new one.
    assert fingerprints("here", "one")[0] == "8491e3dbe2bf49a517076b5478cce551"


def test_two_changes_of_one_rule_in_one_field_are_two(tmp_path: Path) -> None:
    found = list(remarks(Run((result("a", field("x"), field("x")),)), files(tmp_path)))
    assert len({each.fingerprint for each in found}) == 2


def test_every_rule_says_what_it_means_and_what_to_do(tmp_path: Path) -> None:
    for run in (everything(), hostile()):
        for remark in remarks(run, files(tmp_path)):
            assert meaning(remark.rule, "glued") and remedy(remark.rule)
            assert len(remark.text.splitlines()) == 1 and len(remark.text) <= 300
            assert show_unseen(remark.text) == remark.text
