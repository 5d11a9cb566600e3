"""``harness waive``: a finding is let be with a reason, and the reason shows."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Call, one_line
from tests.conftest import Project

RULES = """
from harness.invariants import Hit, invariant

@invariant("rule", fault="case")
def rule(it):
    for field in it.fields("title"):
        if field.text == "alpha":
            yield Hit(field.path, "begins with an a")
"""


@pytest.fixture
def suspect(empty: Project, ids: list[str], harness: Call) -> str:
    """A capture whose accepted record an invariant of the project doubts."""
    empty.write("extractors/rules.py", RULES)
    assert harness("check").code == 1
    return next(each for each in ids if "alpha" in each)


def waivers(project: Project, capture: str) -> list[dict[str, str]]:
    path = project.root / "corpus" / capture / "waivers.json"
    found: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
    return found


def test_a_suspect_record_fails_the_check_and_names_the_command(
    suspect: str, harness: Call
) -> None:
    done = harness("check")
    assert done.code == 1
    first = done.out.splitlines()[0]
    assert first == f"suspect {suspect}"
    assert "title: begins with an a [case: an error by invariant rule]" in done.out
    assert f"if the page is like that: harness waive {suspect} rule --field title" in done.out
    assert "1 of 3 captures suspect: an invariant does not hold" in done.out
    assert "harness accept" not in done.out, "there is nothing to accept"


def test_a_waived_finding_passes_and_its_reason_is_shown(
    empty: Project, suspect: str, harness: Call
) -> None:
    words = ("waive", suspect, "rule", "--field", "title", "--reason", "its name is alpha")
    done = harness(*words, "--by", "me")
    assert (done.code, done.err) == (0, "")
    (waiver,) = waivers(empty, suspect)
    assert waiver["reason"] == "its name is alpha" and waiver["by"] == "me" and waiver["at"]
    done = harness("check", "--warnings")
    assert done.code == 0
    assert "all 3 captures pass; " in done.out and "; 1 finding waived" in done.out
    assert "waived: its name is alpha" in done.out
    report = (empty.root / ".harness/report.html").read_text()
    assert "its name is alpha" in report
    done = harness("extract", suspect)
    assert "waived: its name is alpha" in done.out


def test_a_waiver_can_be_given_again_and_taken_away(
    empty: Project, suspect: str, harness: Call
) -> None:
    for reason in ("one", "two"):
        assert harness("waive", suspect, "rule", "--reason", reason).code == 0
    assert [each["reason"] for each in waivers(empty, suspect)] == ["two"]
    assert harness("waive", suspect, "rule", "--remove").code == 0
    assert waivers(empty, suspect) == []
    assert harness("check").code == 1
    assert "no waiver of 'rule'" in one_line(harness("waive", suspect, "rule", "--remove"))


def test_a_waiver_that_finds_nothing_is_said_at_once_and_later(
    suspect: str, ids: list[str], harness: Call
) -> None:
    other = next(each for each in ids if each != suspect)
    done = harness("waive", other, "rule", "--reason", "just in case")
    assert done.code == 0 and "finds nothing there now" in done.err
    harness("waive", suspect, "rule", "--reason", "fine")
    done = harness("check", "--warnings")
    assert done.code == 0 and "'rule' is waived here and finds nothing" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rule",), "a waiver needs a --reason"),
        (("rule", "--reason", " "), "a waiver needs a --reason"),
        (("rool", "--reason", "x"), "no invariant 'rool'; did you mean 'rule'?"),
    ],
)
def test_a_waiver_without_a_reason_or_of_nothing_known_is_refused(
    suspect: str, harness: Call, words: tuple[str, ...], said: str
) -> None:
    assert said in one_line(harness("waive", suspect, *words))


def test_a_broken_waivers_file_is_named_and_the_others_go_on(
    empty: Project, suspect: str, harness: Call
) -> None:
    empty.write(f"corpus/{suspect}/waivers.json", "[{}]")
    done = harness("check")
    assert done.code == 1
    assert "waivers.json is no list of waivers" in done.out and "1 error" in done.out


def test_of_two_extractors_on_a_capture_each_has_its_own_waivers(
    empty: Project, suspect: str, harness: Call
) -> None:
    empty.write(
        "extractors/broad.py",
        'from harness import extractor\n@extractor("broad", sites="*")\n'
        'def broad(page):\n    return {"body": page.lines("p")}\n',
    )
    harness("check", "--update", "new")
    assert harness("waive", suspect, "rule", "--reason", "fine").code == 0
    assert "is waived here" not in harness("check", "--warnings").out, "the site's own needs it"
    assert harness("waive", f"broad:{suspect}", "rule", "--reason", "as well").code == 0
    assert [each.get("extractor") for each in waivers(empty, suspect)] == [None, "broad"]
    said = harness("check", "--warnings").out
    command = f"harness waive broad:{suspect} rule -x broad --remove"
    assert command in said
    assert harness(*command.split()[1:]).code == 0
    assert [each.get("extractor") for each in waivers(empty, suspect)] == [None]
    said = one_line(harness("waive", suspect, "rule", "--reason", "x", "-x", "site", "-x", "broad"))
    assert said.startswith("a waiver is for one extractor")


def test_the_command_that_takes_a_waiver_away_leaves_those_of_other_fields(
    empty: Project, suspect: str, harness: Call
) -> None:
    for field in ("title", "body; ls"):
        assert harness("waive", suspect, "rule", "--field", field, "--reason", "fine").code == 0
    said = harness("check", "--warnings").out
    assert f"harness waive {suspect} rule --field 'body; ls' --remove" in said
    assert harness("waive", suspect, "rule", "--field", "body; ls", "--remove").code == 0
    assert [each["field"] for each in waivers(empty, suspect)] == ["title"]
