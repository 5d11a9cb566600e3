"""The journal of a review: nothing lost, nothing half-written, whoever else writes or dies."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.journal import Journal, new_step

APPENDING = """
import sys
from pathlib import Path
from harness.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    with journal.lock():
        before = len(journal.entries())
        journal.append("decided", sys.argv[2], {"n": n, "before": before})
"""
HOLDING = """
import sys, time
from pathlib import Path
from harness.journal import Journal
with Journal(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "review.jsonl", patience=0.05)


def fill(journal: Journal, *steps: str) -> None:
    for step in steps:
        with journal.lock():
            journal.append("decided", step, {"by": "Ada ❤ \ud800"})


def steps(journal: Journal) -> list[str]:
    return [entry.step for entry in journal.entries()]


def test_what_was_appended_is_read_by_every_process(journal: Journal) -> None:
    assert journal.entries() == ()
    fill(journal, "one", "two")
    assert steps(journal) == ["one", "two"]
    assert journal.entries()[0].data["by"] == "Ada ❤ \ud800"
    assert steps(Journal(journal.path)) == ["one", "two"]


def test_another_process_s_lines_are_seen_at_the_next_look(journal: Journal) -> None:
    fill(journal, "one")
    assert steps(journal) == ["one"]
    fill(Journal(journal.path), "two")
    assert steps(journal) == ["one", "two"]
    assert [entry.number for entry in journal.entries()] == [1, 2]


def test_a_file_that_was_deleted_or_replaced_is_read_anew(journal: Journal) -> None:
    fill(journal, "one", "two")
    assert len(journal.entries()) == 2
    journal.path.unlink()
    assert journal.entries() == ()
    fill(Journal(journal.path), "three")
    assert steps(journal) == ["three"]


def test_processes_and_threads_at_once_lose_no_line_and_never_decide_together(
    journal: Journal,
) -> None:
    journal.path.parent.mkdir()
    many = [
        subprocess.Popen([sys.executable, "-c", APPENDING, str(journal.path), name, "30"])
        for name in ("p", "q")
    ]
    patient = Journal(journal.path)

    def work(name: str) -> None:
        for n in range(30):
            with patient.lock():
                patient.append("decided", name, {"n": n, "before": len(patient.entries())})

    threads = [threading.Thread(target=work, args=(name,)) for name in ("t", "u")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait(60) for process in many] == [0, 0]
    found = patient.entries()
    assert patient.broken == ()
    for name in "pqtu":
        assert [entry.data["n"] for entry in found if entry.step == name] == list(range(30))
    # Each saw all lines before its own: nobody else wrote while it held the lock.
    assert [entry.data["before"] for entry in found] == list(range(120))


def test_a_process_that_is_killed_lets_go_of_the_lock(journal: Journal) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(journal.path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        with pytest.raises(HarnessError, match=r"review\.lock is held by another") as told:
            fill(journal, "one")
        assert "\n" not in str(told.value)
        process.send_signal(signal.SIGKILL)
        process.wait()
    fill(journal, "two")
    assert steps(journal) == ["two"]


@given(st.integers(min_value=0, max_value=400))
def test_a_journal_cut_anywhere_keeps_its_whole_lines_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    journal = Journal(tmp_path_factory.mktemp("cut") / "review.jsonl")
    fill(journal, "one", "two", "three")
    data = journal.path.read_bytes()[:cut]
    journal.path.write_bytes(data)
    whole = data.count(b"\n")
    again = Journal(journal.path)
    assert steps(again) == ["one", "two", "three"][:whole]
    fill(again, "new")
    assert steps(Journal(journal.path))[-1] == "new"
    assert len(steps(Journal(journal.path))) >= whole + 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "7",
        '{"kind": "decided"}',
        '{"kind": "other", "step": "x"}',
        "[" * 100_000,
        '{"kind": "done", "step": 7}',
        "\ufeff{}",
        "<<<<<<< HEAD",
    ],
)
def test_a_line_broken_by_hand_is_told_and_the_others_count(journal: Journal, line: str) -> None:
    fill(journal, "one")
    with journal.path.open("ab") as file:
        file.write(line.encode() + b"\n")
    fill(journal, "two")
    assert steps(journal) == ["one", "two"]
    assert journal.broken == ((2,) if line else ())
    assert [entry.number for entry in journal.entries()] == [1, 3]


@pytest.mark.parametrize("cut", [0, 5])
def test_a_full_disk_leaves_the_journal_as_it_was(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    fill(journal, "one")
    before = journal.path.read_bytes()
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if cut:
            real(handle, bytes(data)[:cut])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(HarnessError) as told:
        fill(journal, "two")
    monkeypatch.undo()
    assert str(told.value) == (
        f"cannot write {journal.path}: No space left on device;"
        " free space or check permissions, then decide again"
    )
    assert journal.path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(HarnessError, match=r"cannot lock .*review\.lock") as told:
        fill(Journal(tmp_path / "state" / "review.jsonl"), "one")
    assert "\n" not in str(told.value)
    (tmp_path / "review.jsonl").mkdir()
    with pytest.raises(HarnessError, match="cannot write"):
        fill(Journal(tmp_path / "review.jsonl"), "one")
    with pytest.raises(HarnessError, match="cannot read"):
        Journal(tmp_path / "review.jsonl").entries()


def test_a_killed_writer_leaves_a_readable_journal(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", APPENDING, str(path), "x", "100000"])
        end = time.monotonic() + 20
        size = path.stat().st_size if path.exists() else 0
        while (path.stat().st_size if path.exists() else 0) < size + 2000:
            assert time.monotonic() < end
            time.sleep(0.005)
        process.kill()
        process.wait()
        lines = path.read_bytes().split(b"\n")
        assert all(json.loads(line) for line in lines[:-1])
        fill(Journal(path), "after")
        assert steps(Journal(path))[-1] == "after"


def test_steps_have_names_of_their_own() -> None:
    assert len({new_step() for _ in range(1000)}) == 1000
