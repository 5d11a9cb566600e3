"""``harness accept decisions.json``: what a reviewer decided elsewhere, applied here."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from harness.changes import Change, changes
from harness.config import find_config
from harness.model import Run
from harness.report import saved
from harness.review.decisions import decide, dumps
from tests.command_line import Call, one_line
from tests.conftest import Project


def found(project: Project) -> list[Change]:
    run: Run = saved.load(find_config(project.root).run_file)
    return list(changes(run))


def write(project: Project, kinds: dict[tuple[str, str], Any]) -> str:
    """A file of decisions about (part of the capture's name, field)."""
    chosen = [
        decide(change, kind)
        for change in found(project)
        for (name, field), kind in kinds.items()
        if name in change.case and change.field == field
    ]
    text = dumps(chosen, by="Ada", at="2026-02-03T04:05:06Z")
    project.write("decisions.json", text)
    return text


def record(project: Project, capture: str) -> Any:
    return json.loads(project.snapshots()[f"site/{capture}.json"])["record"]


def test_what_was_accepted_is_written_and_the_rest_is_told(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    write(empty, {("alpha", "title"): "accept", ("alpha", "byline"): "reject"})
    done = harness("accept", "decisions.json")
    assert done.code == 1, done
    assert done.out.splitlines() == [
        "accepted:",
        f"  {drifted[0]} title",
        "rejected:",
        f"  {drifted[0]} byline",
        "1 accepted, 1 rejected, 0 waiting, 0 refused",
    ]
    assert record(empty, drifted[0])["title"] == "ALPHA"
    assert record(empty, drifted[0])["byline"] == "A. Writer"


def test_all_accepted_is_clean_and_again_is_no_mistake(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    write(empty, {(name, field): "accept" for name in drifted for field in ("title", "byline")})
    assert harness("accept", "decisions.json").code == 0
    assert harness("check").code == 0
    done = harness("accept", "decisions.json")
    assert done.code == 0 and "accepted already" in done.out
    assert "6 accepted, 0 rejected, 0 waiting, 0 refused" in done.out


def test_on_a_clean_checkout_the_check_runs_first(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    text = write(empty, {("alpha", "title"): "accept", ("beta", "title"): "accept"})
    shutil.rmtree(empty.root / ".harness")
    done = harness("accept", "-", stdin=text.encode())
    assert done.code == 0, done
    assert "note: nothing is pending of 2 captures; checking them first" in done.err
    assert record(empty, drifted[0])["title"] == "ALPHA"
    assert record(empty, drifted[2])["title"] == "gamma"


def test_decisions_about_what_is_no_longer_so_are_refused(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    write(empty, {("alpha", "title"): "accept", ("beta", "title"): "accept"})
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace(".upper()", ".swapcase()").replace("h1", "nav"))
    shutil.rmtree(empty.root / ".harness")
    done = harness("accept", "decisions.json")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == "refused:" and lines[-1] == "0 accepted, 0 rejected, 0 waiting, 2 refused"
    assert lines[1] == (
        f"  {drifted[0]}: title: its output changed since it was reviewed;"
        f" run `harness check {drifted[0]}` again"
    )


def test_a_case_that_is_not_here_is_refused(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    text = write(empty, {("alpha", "title"): "accept"})
    empty.write("decisions.json", text.replace(drifted[0], "site/other-01234567"))
    done = harness("accept", "decisions.json")
    assert done.code == 1 and "has no such capture" in done.out
    empty.write("decisions.json", text.replace(drifted[0], "../../../etc/passwd"))
    # The case of such a name is none that extractor and capture make.
    assert harness("accept", "decisions.json").code in (1, 2)


@pytest.mark.usefixtures("drifted")
def test_mistakes_are_one_line(empty: Project, harness: Call) -> None:
    empty.write("decisions.json", "{}")
    assert one_line(harness("accept", "decisions.json")).startswith(
        "decisions.json: the format is null"
    )
    assert one_line(harness("accept", "decisions.json", "alpha")) == (
        "decisions.json says what to accept; give nothing beside it but --by"
    )
    assert one_line(harness("accept", "-", "--all")).startswith("- says what to accept")
    assert one_line(harness("accept", "-", stdin=b"\xff")).startswith("- is no file of decisions")
    assert one_line(harness("accept", "none.json")) == "nothing pending matches none.json"


def test_what_was_rejected_is_skipped_unless_it_is_named(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    write(empty, {("alpha", "title"): "reject", ("alpha", "byline"): "reject"})
    harness("accept", "decisions.json", "--by", "Ada")
    done = harness("accept", "site")
    assert (done.code, done.out.splitlines()[-1]) == (0, "accepted 2 of 3")
    assert done.err == (
        f"note: {drifted[0]}: title, byline was rejected in the review by Ada, and skipped;"
        " --rejected takes it\n"
    )
    assert harness("accept", "alpha").code == 0
    assert harness("check").code == 0


def test_all_with_rejected_takes_what_was_rejected(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    write(empty, {(name, "title"): "reject" for name in drifted})
    harness("accept", "decisions.json")
    assert harness("accept", "--all", "--rejected").code == 0
    assert harness("check").code == 0


def test_a_journal_that_was_broken_by_hand_is_told(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    empty.write(".harness/review.jsonl", "what\n")
    done = harness("accept", "alpha")
    assert done.code == 0 and drifted
    assert "note: line 1 of" in done.err and "cannot be read and is left out" in done.err
