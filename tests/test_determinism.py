"""An extractor that gives other records for the same capture is found, and told with the field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.determinism import PLACES, difference
from harness.model import Failure
from harness.snapshots import Snapshot
from tests.command_line import Call, NewProject, caller, one_line
from tests.conftest import PAGE, Project

UNSTEADY = """
import os, random, time
from harness import extractor

calls = 0

@extractor("site")
def site(page):
    global calls
    calls += 1
    title = page.text("h1")
    about = {
        "counter": calls,
        "hashes": list({"one", "two", "three", "four", "five", "six", "seven"}),
        "identity": f"<object at {id(page)}>",
        "random": random.random(),
        "clock": time.time(),
        "process": os.getpid(),
    }
    if title == "raises":
        raise ValueError(f"no title in {page!r}")
    if title == "sometimes" and calls > 6:
        raise ValueError("too often")
    return {"title": title, "related": [{"title": "same"}, {"title": about.get(title)}]}
"""


@pytest.fixture
def project(new_project: NewProject) -> Project:
    """A project with an extractor that depends on what it should not, each in one capture."""
    made = new_project()
    made.write("extractors/site.py", UNSTEADY)
    for title in (
        "clock",
        "counter",
        "hashes",
        "identity",
        "process",
        "random",
        "raises",
        "steady",
    ):
        made.add(title, PAGE.format(title=title))
    made.add("dated", PAGE.format(title="clock"), captured_at="2026-01-01T00:00:00Z")
    made.add("sometimes", PAGE.format(title="sometimes"))
    return made


@pytest.fixture
def harness(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Calls ``harness …`` in the project."""
    return caller(project, monkeypatch, capsys)


def found(text: str) -> dict[str, dict[str, Any]]:
    """Finding by the capture's name, of a run in JSON."""
    return {
        result["capture"].split("/")[1].rpartition("-")[0]: each
        for result in json.loads(text)["results"]
        for each in result.get("findings", ())
    }


def test_what_no_extractor_should_depend_on_makes_its_record_suspect(harness: Call) -> None:
    done = harness("check", "--determinism", "--update", "none", "--output-format", "json")
    assert done.code == 1
    findings = found(done.out)
    depend = {"clock", "counter", "hashes", "identity", "process", "random", "sometimes"}
    # The clock stands at a capture's moment, where that is known; an address is not the message.
    assert set(findings) == depend
    for name, each in findings.items():
        assert (each["invariant"], each["severity"]) == ("deterministic", "error")
        assert each["fault"] == "nondeterminism"
        # Of a list, the first item that differs.
        field = each["field"].partition(".title[")[0].removesuffix(".title")
        assert field == ("*" if name == "sometimes" else "related[1]")
        assert any(place in each["message"] for place in PLACES)
    raised = findings["sometimes"]["message"]
    assert "a record" in raised and "raised ValueError: too often" in raised
    told = harness("check", "--determinism", "--update", "none", "counter")
    assert "[nondeterminism: an error by invariant deterministic]" in told.out
    assert "the same capture gives other records" in told.out
    assert "see it again: harness check site/counter-" in told.out
    assert "harness waive" not in told.out
    # Without being asked for, nothing is repeated.
    plain = harness("check", "--update", "none", "--output-format", "json")
    assert found(plain.out) == {}


def test_a_golden_that_holds_one_of_the_records_excuses_nothing(
    project: Project, harness: Call
) -> None:
    (folder,) = (project.root / "corpus" / "site").glob("counter-*")
    golden = {"trust": "reviewed", "by": "me", "at": "2026-03-01", "fields": {}}
    golden["fields"] = {"related": [{"title": "same"}, {"title": 1}]}
    (folder / "golden.json").write_text(json.dumps(golden))
    done = harness("check", "counter", "--determinism", "--update", "none")
    assert done.code == 1
    assert "[nondeterminism: an error by invariant deterministic]" in done.out


def test_where_no_process_can_be_started_it_is_one_line(project: Project, harness: Call) -> None:
    guard = "import os\nif 'HARNESS_WORKER' in os.environ:\n    raise ImportError('not here')\n"
    project.write("extractors/site.py", guard + UNSTEADY)
    said = one_line(harness("check", "--determinism"))
    assert said.startswith("--determinism repeats extractions in worker processes, and none can be")
    assert "not here" in said


@pytest.mark.parametrize(
    ("first", "again", "field", "said"),
    [
        ({"a": 1}, {"a": 1}, None, ""),
        (
            {"a": {"b": ["x", "y"]}},
            {"a": {"b": ["x", "z"]}},
            "a.b[1]",
            '"y" in this run, "z" there',
        ),
        ({"a": ["x"]}, {"a": ["x", "y"]}, "a", '["x"] in this run, ["x", "y"] there'),
        ({"a": 1, "b": 2}, {"a": 1}, "b", "2 in this run, null there"),
        ({"a": 1}, {"a": 1, "b": None}, "b", "null in this run, null there"),
        ({"a": {"$set": [1]}}, {"a": {"$set": [2]}}, "a", '{"$set": [1]} in this run'),
    ],
)
def test_the_first_path_that_differs_is_named_with_both_values(
    first: dict[str, Any], again: dict[str, Any], field: str | None, said: str
) -> None:
    finding = difference(Snapshot(first), Snapshot(again), "there")
    assert (finding and finding.field) == field
    assert finding is None or finding.message.startswith(said)


def test_failures_are_told_apart_by_what_they_say_but_for_addresses() -> None:
    def raised(message: str) -> Snapshot:
        return Snapshot(None, Failure("ValueError", message))

    same = difference(raised("<a at 0x7f00000001>"), raised("<a at 0x7f00000002>\nmore"), "there")
    assert same is None
    other = difference(raised("one"), raised("two"), "there")
    assert other is not None
    assert other.message.startswith("raised ValueError: one in this run, raised ValueError: two")
