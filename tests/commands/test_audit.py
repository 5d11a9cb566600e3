"""``harness audit``: the table, the floors, and refusals before the work."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.faults import OPERATORS
from harness.invariants import BUILT_IN
from tests.command_line import Call, fill, one_line
from tests.conftest import Project

INVARIANTS = """
from harness.invariants import Hit, invariant

@invariant("title-there", fault="empty")
def title_there(it):
    "A record has a title."
    if not it.record.get("title"):
        yield Hit("title", "no title")
"""

WITHOUT_INVARIANTS = (
    f'extractors = ["extractors"]\nignore = {json.dumps([each.name for each in BUILT_IN])}\n'
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three operators, so that a whole audit takes no time."""
    chosen = {name: OPERATORS[name] for name in ("title-lost", "lede-lost", "body-doubled")}
    monkeypatch.setattr("harness.commands.audit.OPERATORS", chosen)


@pytest.fixture
def floors(empty: Project) -> Path:
    """Where the project's floors are."""
    return empty.root / "floors.json"


def pinned(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())["audit"]["floors"]  # type: ignore[no-any-return]


@pytest.mark.usefixtures("ids", "quick")
def test_the_table_says_what_saw_what(harness: Call) -> None:
    done = harness("audit")
    assert done.code == 0
    lines = done.out.splitlines()
    assert re.match(
        r"12 faults planted by 3 operators in 3 records \(\d+ s\): snapshots see 100 %", lines[0]
    )
    rows = {line.split()[0]: line.split() for line in lines if line}
    assert rows["empty"][1:4] == ["3", "100", "%"]
    assert rows["lede-missing"][1] == "6" and rows["all"][1] == "12"
    assert "no floors are pinned; keep this strength: harness audit --pin" in done.err


@pytest.mark.usefixtures("ids", "quick")
def test_escapes_show_an_example_and_the_next_command(empty: Project, harness: Call) -> None:
    empty.write("harness.toml", WITHOUT_INVARIANTS)
    done = harness("audit")
    assert (
        "12 faults would pass on a new page, where invariants stand alone; 12 of them no golden"
        in done.out
    )
    _, _, told = done.out.partition("accepted wrongly:\n")
    assert "  lede-lost 1 (lede-missing), 3:\n    site/" in told
    assert "    - First paragraph of" in told and "    + The second paragraph says" in told
    assert "look closer: harness audit site/" in told and "see them: harness approve site/" in told
    listed = json.loads(harness("audit", "--output-format", "json").out)
    assert len(listed["escapes"]) == 12


@pytest.mark.usefixtures("ids", "quick")
def test_json_is_everything_that_was_counted(harness: Call, tmp_path: Path) -> None:
    done = harness("audit", "--output-format", "json", "-o", str(tmp_path / "planted.jsonl"))
    tree = json.loads(done.out)
    assert (tree["format"], tree["records"], tree["planted"]) == ("harness-audit/1", 3, 12)
    assert tree["total"]["snapshot"] == {"seen": 12, "of": 12}
    assert {each["name"] for each in tree["classes"]} == {"empty", "lede-missing", "duplicated"}
    assert [each["name"] for each in tree["operators"]].count("lede-lost") == 1
    lines = [json.loads(line) for line in (tmp_path / "planted.jsonl").read_text().splitlines()]
    assert len(lines) == 12 and lines[0]["operator"] == "title-lost"


@pytest.mark.usefixtures("quick")
def test_false_alarms_on_unharmed_records_are_shown(
    empty: Project, ids: list[str], harness: Call
) -> None:
    empty.write("harness.toml", 'extractors = ["extractors"]\n')
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace('page.text("h1")', '"None"'))
    done = harness("audit")
    assert "findings on the 3 unharmed records: 3 with errors" in done.out
    assert ids[0] in done.out.partition("findings on")[2]


@pytest.mark.usefixtures("ids", "quick")
def test_a_class_or_an_operator_is_chosen_by_name(harness: Call) -> None:
    assert "6 faults planted by 1 operator" in harness("audit", "--operator", "lede-missing").out
    assert "1 fault planted" in harness("audit", "alpha", "--operator", "title-lost").out
    listed = harness("audit", "--list").out.splitlines()
    assert len(listed) == 3 and listed[0].split()[:2] == ["title-lost", "empty"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--operator", "lede-losst"), "no operator 'lede-losst'; did you mean 'lede-lost'?"),
        (("--operator", "zzz"), "no operator 'zzz'; see `harness audit --list`"),
        (("--lower",), "--lower goes with --pin"),
        (("--pin", "alpha"), "--pin takes the whole corpus and all operators"),
        (("--pin", "--operator", "lede-lost"), "--pin takes the whole corpus"),
        (("alhpa",), "no capture matches 'alhpa'"),
        (("-x", "sit"), "no extractor 'sit'"),
    ],
)
@pytest.mark.usefixtures("ids", "quick")
def test_a_mistake_is_one_line(harness: Call, words: tuple[str, ...], said: str) -> None:
    assert one_line(harness("audit", *words)).startswith(said)


@pytest.mark.usefixtures("ids", "quick")
def test_pinned_floors_hold_until_the_suite_is_weaker(
    empty: Project, harness: Call, floors: Path
) -> None:
    empty.write("mine.py", INVARIANTS)
    own = 'extractors = ["extractors"]\ninvariants = ["mine"]\n'
    empty.write("harness.toml", own)
    assert harness("audit", "--pin").code == 0
    assert pinned(floors)["empty"]["invariants"] == 1.0
    assert harness("audit").code == 0
    before = floors.read_bytes()
    empty.write("harness.toml", WITHOUT_INVARIANTS)
    weaker = harness("audit")
    assert weaker.code == 1
    assert "empty: floor of invariants is 100.0%, got 0.0%" in weaker.err
    assert "regressed: mend the invariant or golden" in weaker.err
    assert "harness audit --pin --lower" in weaker.err
    kept = harness("audit", "--pin")
    assert kept.code == 1 and floors.read_bytes() == before, "pinning alone never lowers"
    assert harness("audit", "--pin", "--lower").code == 0
    assert pinned(floors)["empty"]["invariants"] == 0.0
    assert harness("audit").code == 0
    empty.write("harness.toml", own)
    assert harness("audit").code == 0, "what rises needs nothing"
    assert harness("audit", "--pin").code == 0
    assert pinned(floors)["empty"]["invariants"] == 1.0


@pytest.mark.usefixtures("ids", "quick")
def test_another_corpus_is_told_apart_from_a_regression(
    empty: Project, harness: Call, floors: Path
) -> None:
    assert harness("audit", "--pin").code == 0
    fill(empty, "delta")
    assert harness("check", "--update", "new").code == 0
    done = harness("audit")
    assert done.code == 1
    assert "pinned on other captures, so they say nothing" in done.err
    assert "regressed" not in done.err and "pin anew: harness audit --pin" in done.err
    seeds = harness("audit", "--seeds", "2")
    assert "pinned on other captures and seeds" in seeds.err
    assert harness("audit", "--pin").code == 0
    assert harness("audit").code == 0
    assert floors.is_file()


@pytest.mark.usefixtures("ids", "quick")
def test_a_choice_of_captures_is_not_held_to_the_floors(harness: Call, floors: Path) -> None:
    assert harness("audit", "--pin").code == 0
    text = floors.read_text().replace("0.0", "1.0")
    floors.write_text(text)
    assert harness("audit", "alpha").code == 0
    assert harness("audit", "--operator", "title-lost").code == 0


@pytest.mark.usefixtures("ids", "quick")
def test_a_broken_floors_file_is_told_before_the_work(harness: Call, floors: Path) -> None:
    floors.write_text("<<<<<<< HEAD")
    done = harness("audit")
    assert one_line(done).startswith(f"{floors} holds no floors: it is not valid JSON")
    assert done.out == ""


@pytest.mark.usefixtures("quick")
def test_records_that_fail_are_named_and_no_audit_is_green_without_any(
    empty: Project, ids: list[str], harness: Call
) -> None:
    empty.write(
        "extractors/site.py",
        "from harness import extractor\n@extractor('site')\ndef site(page):\n    raise OSError\n",
    )
    done = harness("audit")
    assert done.code == 2 and "Traceback" not in done.err
    assert f"not measured: {ids[0]}: the extractor raised OSError" in done.out
    assert "nothing could be planted" in done.err
