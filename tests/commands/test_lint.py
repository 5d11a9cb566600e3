"""``harness lint``: problems, and the only command that deletes."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.command_line import Call, one_line
from tests.conftest import Project


@pytest.mark.usefixtures("ids")
def test_a_clean_corpus(harness: Call) -> None:
    done = harness("lint")
    assert (done.code, done.out, done.err) == (0, "no problems in 3 captures\n", "")


def test_problems_name_file_and_kind_and_exit_with_1(
    empty: Project, ids: list[str], harness: Call
) -> None:
    folder = empty.root / "corpus" / ids[0]
    (folder / "page.html").write_bytes(b"edited")
    empty.add("secret", "<p>x", url="https://e.com/?token=1")
    done = harness("lint")
    assert done.code == 1
    assert f"unreadable {folder}: page.html has sha256" in done.out
    assert done.out.count(str(folder)) == 1, "the folder is not named twice"
    assert "secret " in done.out and "2 problems in 4 captures" in done.out
    tree = json.loads(harness("lint", "--output-format", "json").out)
    assert [problem["check"] for problem in tree] == ["unreadable", "secret"]
    assert set(tree[0]) == {"check", "where", "message"}


@pytest.mark.usefixtures("ids")
def test_orphans_are_told_and_deleted_only_when_asked_for(empty: Project, harness: Call) -> None:
    before = empty.snapshots()
    orphan = empty.write("snapshots/site/site/gone-12345678.json", '{"record": {}}')
    waiting = empty.write(".harness/pending/old/site/gone-12345678.json", '{"record": {}}')
    done = harness("lint")
    assert done.code == 1 and "orphan site/gone-12345678: no capture" in done.out
    assert orphan.exists() and waiting.exists()
    done = harness("lint", "--prune-orphans")
    assert done.code == 0
    assert f"deleted {orphan}" in done.out and f"deleted {waiting}" in done.out
    assert not orphan.exists() and not waiting.exists()
    assert empty.snapshots() == before


@pytest.mark.usefixtures("ids")
def test_a_corpus_that_is_empty_by_mistake_deletes_no_snapshots(
    empty: Project, harness: Call
) -> None:
    before = empty.snapshots()
    shutil.rmtree(empty.root / "corpus" / "site")
    said = one_line(harness("lint", "--prune-orphans"))
    assert "so every snapshot would go" in said
    assert empty.snapshots() == before


def test_a_missing_corpus_is_a_mistake_and_no_clean_bill(empty: Project, harness: Call) -> None:
    (empty.root / "corpus").rmdir()
    for words in (("lint",), ("lint", "--prune-orphans"), ("check",), ("extract", "a")):
        assert one_line(harness(*words)).startswith(f"no corpus at {empty.root / 'corpus'}; run")


def test_a_capture_that_no_extractor_reads_is_told_by_lint_and_by_check(
    empty: Project, ids: list[str], harness: Call
) -> None:
    assert ids
    lonely = empty.add("page", "<h1>x</h1>", site="misspelt")
    done = harness("lint")
    assert done.code == 1 and f"{lonely}: no extractor reads this site" in done.out
    checked = harness("check")
    assert checked.code == 0 and "no extractor reads 1 capture of misspelt" in checked.err
