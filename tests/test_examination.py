"""Invariants of a project on its records: what they are asked, and when again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.corpus import Corpus
from harness.examination import Examination
from harness.invariants import Hit, Subject, invariant
from harness.memo import Memo
from harness.model import Capture, Failure, Outcome
from harness.sites import Sites
from harness.snapshots import render

PAGE = Capture("site", "page-00000000", b"<h1>Title</h1><p>Menu", "text/html", sha256="0" * 64)


class Desk:
    """An examination that counts how often its invariant is asked."""

    def __init__(self, root: Path) -> None:
        self.asked = 0
        self.seen: Subject | None = None
        (root / "corpus").mkdir(exist_ok=True)

        @invariant("counted", fault="glued")
        def counted(it: Subject) -> Iterator[Hit]:
            self.asked += 1
            self.seen = it
            yield Hit("title", "always")

        self.examination = Examination(
            (counted,), Sites(Corpus(root / "corpus")), {"kop": "title"}, Memo(root / "findings")
        )

    def ask(self, capture: Capture = PAGE, **record: Any) -> int:
        """How often the invariant was asked for this one."""
        before = self.asked
        outcome = Outcome(record or {"title": "Title"})
        # What was found is read once a process.
        again = replace(self.examination, memo=Memo(self.examination.memo.path))  # type: ignore[union-attr]
        (finding,) = again.findings(capture, outcome, render(outcome))
        assert finding.message == "always"
        return self.asked - before


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_record_is_examined_once(desk: Desk) -> None:
    assert [desk.ask(), desk.ask()] == [1, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "1" * 64},
        {"url": "https://example.com/"},
        {"captured_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"charset": "latin-1"},
        {"headers": (("date", "now"),)},
        {"name": "other-00000000"},
        {"status": 404},
        {"note": "moved"},
    ],
)
def test_another_capture_is_examined_again(desk: Desk, change: dict[str, Any]) -> None:
    desk.ask()
    assert desk.ask(replace(PAGE, **change)) == 1


def test_another_record_other_rules_and_other_neighbours_are_examined_again(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ask()
    assert desk.ask(title="Other") == 1
    other = Desk(tmp_path)
    assert other.ask() == 0, "the same rules, in another process"
    other.examination = replace(other.examination, roles={})
    assert other.ask() == 1
    (tmp_path / "corpus/site/new").mkdir(parents=True)
    assert Desk(tmp_path).ask() == 1


def test_an_extractor_that_raised_gives_nothing_to_examine(desk: Desk) -> None:
    failed = Outcome(None, Failure("ValueError", "boom"))
    assert desk.examination.findings(PAGE, failed, render(failed)) == ()
    assert desk.asked == 0


def test_invariants_know_the_configured_roles_and_what_recurs_on_the_site(
    desk: Desk, tmp_path: Path
) -> None:

    for label in "abcd":
        body = f"<p>Story {label}</p><p>Menu</p>".encode()
        sha = hashlib.sha256(body).hexdigest()
        capture = Capture("site", f"{label}-{sha[:8]}", body, "text/html", sha256=sha)
        Corpus(tmp_path / "corpus").add(capture)
    desk.ask(kop="Title")
    assert desk.seen is not None
    assert [field.role for field in desk.seen.all_fields] == ["title"]
    assert set(desk.seen.recurring) == {"Menu"}


def test_a_neighbour_that_was_mended_is_seen(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "corpus/site/neighbour"
    folder.mkdir(parents=True)
    page = folder / "page.html"
    page.write_text("<p>Menu")
    desk.ask()
    again = Desk(tmp_path)
    assert again.ask() == 0
    page.write_text("<p>Menu</p>")
    assert Desk(tmp_path).ask() == 1


def test_another_release_of_the_parser_is_asked_again(desk: Desk) -> None:
    desk.ask()
    desk.examination = replace(desk.examination, environment={"selectolax": "9.9"})
    assert desk.ask() == 1
