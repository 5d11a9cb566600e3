"""``harness accept``: only what was looked at, and only as long as it is still true."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Call, one_line
from tests.commands.conftest import break_byline
from tests.conftest import Project


def title_and_byline(project: Project, capture: str) -> tuple[object, object]:
    record = json.loads(project.snapshots()[f"site/{capture}.json"])["record"]
    return record["title"], record["byline"]


def pending(project: Project) -> list[str]:
    return sorted(path.stem for path in project.root.glob(".harness/pending/**/*.json"))


def test_a_named_capture_is_accepted_and_the_others_wait(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    done = harness("accept", "alpha")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"  {drifted[0]}\naccepted 1 of 1\n"
    assert title_and_byline(empty, drifted[0]) == ("ALPHA", None)
    assert title_and_byline(empty, drifted[1]) == ("beta", "A. Writer")
    assert [name[:4] for name in pending(empty)] == ["beta", "gamm"]
    assert harness("accept", "--all").code == 0
    assert harness("check").code == 0


def test_a_chosen_field_is_merged_and_the_rest_keeps_waiting(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    assert harness("accept", "alpha", "--field", "title").code == 0
    assert title_and_byline(empty, drifted[0]) == ("ALPHA", "A. Writer")
    assert len(pending(empty)) == 3
    assert harness("accept", "alpha", "--field", "byline").code == 0
    assert title_and_byline(empty, drifted[0]) == ("ALPHA", None)
    assert len(pending(empty)) == 2
    assert harness("check", "alpha").code == 0


def test_a_chosen_field_of_a_first_output_accepts_no_other(
    empty: Project, ids: list[str], harness: Call
) -> None:
    (empty.root / f"snapshots/site/{ids[0]}.json").unlink()
    assert harness("check").code == 1
    assert harness("accept", "alpha", "--field", "title").code == 0
    tree = json.loads(empty.snapshots()[f"site/{ids[0]}.json"])
    assert tree == {"record": {"title": "alpha"}}
    assert len(pending(empty)) == 1


@pytest.mark.usefixtures("drifted")
def test_a_field_that_is_not_there_accepts_nothing(empty: Project, harness: Call) -> None:
    before = empty.snapshots()
    done = harness("accept", "alpha", "--field", "titel")
    assert one_line(done) == "no record has a field 'titel'; did you mean 'title'?"
    assert empty.snapshots() == before and len(pending(empty)) == 3


def test_an_output_whose_snapshot_changed_meanwhile_is_refused(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    path = empty.root / f"snapshots/site/{drifted[0]}.json"
    path.write_bytes(path.read_bytes().replace(b"alpha", b"omega"))
    before = path.read_bytes()
    done = harness("accept", "--all")
    assert one_line(done) == (
        f"{drifted[0]}: its snapshot changed since this output was compared;"
        f" run `harness check {drifted[0]}` again"
    )
    assert done.out.splitlines()[-1] == "accepted 2 of 3"
    assert path.read_bytes() == before
    assert harness("check", "alpha").code == 1
    assert harness("accept", "alpha").code == 0


def test_an_output_whose_snapshot_went_or_came_meanwhile_is_refused(
    empty: Project, drifted: list[str], harness: Call
) -> None:
    path = empty.root / f"snapshots/site/{drifted[0]}.json"
    data = path.read_bytes()
    path.unlink()
    assert "its snapshot changed" in one_line(harness("accept", "alpha"))
    assert harness("check", "alpha").code == 1
    path.write_bytes(data)
    assert "its snapshot changed" in one_line(harness("accept", "alpha"))


def test_without_a_name_it_lists_what_waits(drifted: list[str], harness: Call) -> None:
    done = harness("accept")
    assert done.code == 2
    assert done.err.splitlines()[0] == "harness: name captures or sites, or --all; pending are:"
    assert [line.strip() for line in done.err.splitlines()[1:]] == drifted


def test_mistakes_are_one_line(empty: Project, drifted: list[str], harness: Call) -> None:
    assert one_line(harness("accept", "omega")) == "nothing pending matches omega"
    assert one_line(harness("accept", "-x", "sit", "--all")) == (
        "nothing is pending of extractor sit"
    )
    path = next(empty.root.glob(".harness/pending/**/alpha*.json"))
    path.write_bytes(b'{"record": ')
    said = one_line(harness("accept", "alpha"))
    assert said.startswith(f"{path} is not valid JSON")
    assert said.endswith(f"run `harness check {drifted[0]}` again")
    harness("accept", "--all")
    assert harness("check").code == 1
    assert harness("accept", "--all").code == 0
    assert one_line(harness("accept", "--all")).startswith("nothing is pending; `harness check`")


def test_a_failure_is_accepted_only_when_it_is_asked_for(
    empty: Project, ids: list[str], harness: Call
) -> None:
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace("return", "raise KeyError('h1'); return"))
    assert harness("check", "alpha").code == 1
    said = one_line(harness("accept", "alpha"))
    assert said == f"{ids[0]}: the extractor raised KeyError; mend it, or accept that with --error"
    assert harness("accept", "alpha", "--error").code == 0
    assert json.loads(empty.snapshots()[f"site/{ids[0]}.json"]) == {
        "error": {"type": "KeyError", "message": "'h1'"}
    }
    assert harness("check", "alpha").code == 0


@pytest.mark.usefixtures("ids")
def test_accepting_in_ci_warns_that_it_is_lost(empty: Project, harness: Call) -> None:
    break_byline(empty)
    harness("check")
    done = harness("accept", "--all", CI="1")
    assert done.code == 0 and "commit the snapshots or they are lost" in done.err
