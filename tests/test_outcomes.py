"""Remembered outcomes: what was given before is read back, and anything else is as good as none."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import Capture, Failure, Outcome
from harness.outcomes import Outcomes
from tests.trees import names, trees

PAGE = Capture("site", "page", b"<p>x", "text/html", url="https://example.com/")
GIVEN = Outcome({"title": "A", "body": ["one", "two\u2028\ud800"]}, kinds={"title": "exact"})
ONE, TWO = "a" * 32, "b" * 32


def line(folder: Path) -> bytes:
    return (folder / f"{ONE}.jsonl").read_bytes()


def test_what_was_written_is_read_by_the_next_run(tmp_path: Path) -> None:
    Outcomes(tmp_path).write(ONE, PAGE, GIVEN, 0.25)
    assert Outcomes(tmp_path).read(ONE, PAGE) == (GIVEN, 0.25)
    assert Outcomes(tmp_path).read(TWO, PAGE) is None


def test_the_same_run_reads_it_too(tmp_path: Path) -> None:
    store = Outcomes(tmp_path)
    assert store.read(ONE, PAGE) is None
    store.write(ONE, PAGE, GIVEN, 0.25)
    assert store.read(ONE, PAGE) == (GIVEN, 0.25)


def test_an_exception_of_the_extractor_is_remembered(tmp_path: Path) -> None:
    failed = Outcome(None, Failure("ValueError", "no h1", "Traceback …"))
    Outcomes(tmp_path).write(ONE, PAGE, failed, 0.0)
    assert Outcomes(tmp_path).read(ONE, PAGE) == (failed, 0.0)


@pytest.mark.parametrize(
    "kind",
    (
        "TimeLimit MemoryLimit OutputLimit Crashed Exited BadAnswer NetworkRefused Quarantined"
        " CannotStart MemoryError"
    ).split(),
)
def test_what_the_machine_did_is_tried_again(tmp_path: Path, kind: str) -> None:
    Outcomes(tmp_path).write(ONE, PAGE, Outcome(None, Failure(kind, "x")), 0.0)
    assert Outcomes(tmp_path).read(ONE, PAGE) is None


@pytest.mark.parametrize("identity", ["", "../x", "A" * 32, "a/b", "a" * 7])
def test_without_an_identity_nothing_is_remembered(tmp_path: Path, identity: str) -> None:
    Outcomes(tmp_path / "o").write(identity, PAGE, GIVEN, 0.0)
    assert Outcomes(tmp_path / "o").read(identity, PAGE) is None
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"body": b"<p>y"},
        {"url": None},
        {"site": "other"},
        {"name": "other"},
        {"captured_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"charset": "utf-8"},
        {"media_type": "text/plain"},
        {"status": 200},
        {"headers": (("a", "b"),)},
        {"origin": "mutated"},
    ],
)
def test_all_that_an_extractor_sees_is_in_the_key(
    tmp_path: Path, change: dict[str, object]
) -> None:
    store = Outcomes(tmp_path)
    store.write(ONE, PAGE, GIVEN, 0.0)
    assert store.read(ONE, replace(PAGE, **change)) is None  # type: ignore[arg-type]


def test_the_last_of_two_counts(tmp_path: Path) -> None:
    for title in ("first", "second"):
        Outcomes(tmp_path).write(ONE, PAGE, Outcome({"title": title}), 0.0)
    found = Outcomes(tmp_path).read(ONE, PAGE)
    assert found and found[0].record == {"title": "second"}


def test_a_line_that_was_cut_costs_itself_only(tmp_path: Path) -> None:
    other = replace(PAGE, body=b"other")
    Outcomes(tmp_path).write(ONE, PAGE, GIVEN, 0.0)
    whole = line(tmp_path)
    for length in (1, 20, 40, 60, len(whole) - 1):
        # A process was killed while it wrote; the next one goes on.
        (tmp_path / f"{ONE}.jsonl").write_bytes(whole[:length])
        assert length == len(whole) - 1 or Outcomes(tmp_path).read(ONE, PAGE) is None
        Outcomes(tmp_path).write(ONE, other, GIVEN, 0.0)
        assert Outcomes(tmp_path).read(ONE, other) == (GIVEN, 0.0)


@given(st.integers(0, 10_000), st.binary(max_size=3))
def test_an_edited_line_is_never_believed(
    tmp_path_factory: pytest.TempPathFactory, place: int, text: bytes
) -> None:
    folder = tmp_path_factory.mktemp("outcomes")
    Outcomes(folder).write(ONE, PAGE, GIVEN, 0.0)
    before = line(folder)
    place %= len(before)
    (folder / f"{ONE}.jsonl").write_bytes(before[:place] + text + before[place + 1 :])
    assert Outcomes(folder).read(ONE, PAGE) in (None, (GIVEN, 0.0))


@given(st.dictionaries(names, trees), st.floats(0, 1e6))
def test_any_record_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, object], seconds: float
) -> None:
    folder = tmp_path_factory.mktemp("outcomes")
    given_ = Outcome(record)  # type: ignore[arg-type]
    Outcomes(folder).write(ONE, PAGE, given_, seconds)
    found = Outcomes(folder).read(ONE, PAGE)
    assert found and found[0] == given_ and found[1] == pytest.approx(seconds, abs=1e-6)


def test_runs_side_by_side_lose_nothing(tmp_path: Path) -> None:
    pages = [replace(PAGE, body=b"%d" % number) for number in range(40)]
    long = Outcome({"body": ["x" * 200_000]})

    def run(mine: list[Capture]) -> None:
        store = Outcomes(tmp_path)
        for page in mine:
            store.write(ONE, page, long, 0.0)

    threads = [threading.Thread(target=run, args=(pages[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Outcomes(tmp_path)
    assert all(store.read(ONE, page) == (long, 0.0) for page in pages)


def test_a_folder_that_cannot_be_written_or_read_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Outcomes(tmp_path / "file")
    store.write(ONE, PAGE, GIVEN, 0.0)
    assert Outcomes(tmp_path / "file").read(ONE, PAGE) is None
    (tmp_path / f"{ONE}.jsonl").mkdir()
    Outcomes(tmp_path).write(ONE, PAGE, GIVEN, 0.0)
    assert Outcomes(tmp_path).read(ONE, PAGE) is None


def test_what_nobody_reads_any_more_is_taken_away(tmp_path: Path) -> None:
    Outcomes(tmp_path).write(ONE, PAGE, GIVEN, 0.0)
    os.utime(tmp_path / f"{ONE}.jsonl", (0, 0))
    Outcomes(tmp_path).read(ONE, PAGE)
    Outcomes(tmp_path).write(TWO, PAGE, GIVEN, 0.0)
    assert line(tmp_path), "it was read a moment ago"
    os.utime(tmp_path / f"{ONE}.jsonl", (0, 0))
    Outcomes(tmp_path).write("c" * 32, PAGE, GIVEN, 0.0)
    assert not (tmp_path / f"{ONE}.jsonl").exists()
    assert (tmp_path / f"{TWO}.jsonl").exists()
