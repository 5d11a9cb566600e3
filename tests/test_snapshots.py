"""Accepted and pending output on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SnapshotError
from harness.model import Failure, Outcome
from harness.snapshots import Snapshot, Snapshots, digest, parse, render

RECORD = {"title": "a", "timestamp": {"$date": "2026-03-01"}, "body": ["b\ud800", "c\u202e\0"]}


def test_a_record_comes_back_as_it_was_lone_surrogates_included(tmp_path: Path) -> None:
    store = Snapshots(tmp_path)
    path = store.write("x", "site/a", render(Outcome(RECORD)))
    data = path.read_bytes()
    assert b"\\ud800" in data and b"\\u202e" in data
    assert data.endswith(b"\n") and b"\r" not in data
    assert parse(data, path) == Snapshot(RECORD)
    assert render(parse(data, path)).encode() == data


def test_a_pending_file_remembers_what_it_was_compared_with() -> None:
    accepted = render(Outcome(RECORD)).encode()
    waiting = parse(render(Outcome({"title": "b"}), digest(accepted) or "").encode(), "p")
    assert waiting == Snapshot({"title": "b"}, None, digest(accepted))
    assert digest(None) is None


def test_an_accepted_failure_comes_back() -> None:
    failed = Outcome(None, Failure("ValueError", "no\ntitle", "its traceback is not kept"))
    assert parse(render(failed).encode(), "p").error == Failure("ValueError", "no\ntitle")


def test_formatting_by_hand_does_not_change_what_a_file_says() -> None:
    assert parse(b'\xef\xbb\xbf{ "record" :\r\n {"title":"a"} }', "p").record == {"title": "a"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is not valid JSON"),
        (b'{"record": {"title": "a"', "is not valid JSON"),
        (b'{"record": {"title": "\xff"}}', "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'{"record": {\n<<<<<<< HEAD\n"a": 1\n=======\n', "holds conflict markers"),
        (b"<<<<<<< HEAD\n{}", "holds conflict markers"),
        (b"[]", "holds neither a record nor an error"),
        (b'{"record": null}', "holds neither a record nor an error"),
        (b'{"record": {"t": {"$timestamp": null}}}', "holds a value that cannot be read"),
        (b'{"record": {"t": {"$timestamp": {}}}}', "holds a value that cannot be read"),
        (b'{"record": {"t": [{"$date": "yesterday"}]}}', "holds a value that cannot be read"),
        (b'{"record": {"t": {"$tuple": 5}}}', "holds a value that cannot be read"),
        (b'{"record": {"t": {"$nonsense": 5}}}', "holds a value that cannot be read"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(data: bytes, problem: str) -> None:
    with pytest.raises(SnapshotError) as refused:
        parse(data, "snapshots/x/site/a.json")
    said = str(refused.value)
    assert said.startswith(f"snapshots/x/site/a.json {problem}")
    assert said.endswith("accept the output anew: harness check x:site/a --update all")
    assert "\n" not in said


def test_a_folder_in_place_of_a_file_is_said(tmp_path: Path) -> None:
    store = Snapshots(tmp_path)
    store.path("x", "site/a").mkdir(parents=True)
    with pytest.raises(SnapshotError, match=r"cannot read .*site/a\.json: Is a directory"):
        store.read("x", "site/a")
    with pytest.raises(SnapshotError, match=r"cannot delete .*site/a\.json"):
        store.delete("x", "site/a")


def test_deleting_tidies_folders_that_are_empty_and_no_others(tmp_path: Path) -> None:
    store = Snapshots(tmp_path / "snapshots")
    for capture in ("site/a", "site/b"):
        store.write("x", capture, "{}")
    assert store.read("x", "site/c") is None
    assert store.delete("x", "site/a")
    assert not store.delete("x", "site/a")
    assert list(store.ids()) == [("x", "site/b")]
    assert store.delete("x", "site/b")
    assert list(tmp_path.rglob("*")) == [tmp_path / "snapshots"]


def test_ids_are_sorted_and_leave_temporary_and_foreign_files_out(tmp_path: Path) -> None:
    store = Snapshots(tmp_path)
    for name, capture in (("y", "site/a"), ("x", "site/b"), ("x", "other/b")):
        store.write(name, capture, "{}")
    (tmp_path / "x" / "site" / ".b.json.abc.tmp").write_bytes(b"")
    (tmp_path / "x" / "site" / ".b.json").write_bytes(b"")
    (tmp_path / "x" / "README.json").write_bytes(b"")
    assert list(store.ids()) == [("x", "other/b"), ("x", "site/b"), ("y", "site/a")]
    assert list(Snapshots(tmp_path / "none").ids()) == []
