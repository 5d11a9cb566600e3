"""``harness approve``: a person answers, field by field."""

from __future__ import annotations

import json
import subprocess

import pytest

from harness.commands import common
from tests.command_line import Call, one_line
from tests.conftest import Project


def golden(project: Project, capture: str) -> dict[str, object] | None:
    path = project.root / "corpus" / capture / "golden.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def test_what_is_approved_is_written_and_what_is_skipped_is_not_asserted(
    empty: Project, ids: list[str], harness: Call
) -> None:
    done = harness("approve", "alpha", "--by", "Zoë", stdin=b"y\n\nmaybe\ny\n")
    assert done.code == 0, done
    assert "approved title, body →" in done.out
    assert "Error: 'maybe' is not one of" in done.out
    made = golden(empty, ids[0]) or {}
    assert (made["trust"], made["by"]) == ("reviewed", "Zoë")
    assert list(made["fields"]) == ["title", "body"]  # type: ignore[call-overload]
    assert harness("check", "alpha").code == 0


def test_what_is_approved_already_is_not_asked_again(
    empty: Project, ids: list[str], harness: Call
) -> None:
    harness("approve", "alpha", "--field", "title", stdin=b"y\n")
    done = harness("approve", "alpha", stdin=b"y\ny\n")
    assert done.code == 0
    assert "  title\n" not in done.out
    assert len((golden(empty, ids[0]) or {})["fields"]) == 3  # type: ignore[arg-type]
    done = harness("approve", "alpha")
    assert (done.code, "nothing approved, nothing written" in done.out) == (0, True)


def test_a_field_that_the_golden_contradicts_is_asked_with_both_sides(
    empty: Project, ids: list[str], harness: Call
) -> None:
    empty.write(f"corpus/{ids[0]}/golden.json", '{"fields": {"title": "omega"}, "contains": ["x"]}')
    done = harness("approve", "alpha", "--field", "title", stdin=b"y\n")
    assert "  - omega\n  alpha\n" in done.out
    made = golden(empty, ids[0]) or {}
    assert made["fields"] == {"title": "alpha"}
    assert made["contains"] == ["x"]


def test_quitting_keeps_what_was_approved_and_asks_nothing_more(
    empty: Project, ids: list[str], harness: Call
) -> None:
    done = harness("approve", "site", stdin=b"y\nq\n")
    assert done.code == 0
    assert list((golden(empty, ids[0]) or {})["fields"]) == ["title"]  # type: ignore[call-overload]
    assert "beta" not in done.out
    assert golden(empty, ids[1]) is None


def test_an_end_of_input_keeps_what_was_approved(
    empty: Project, ids: list[str], harness: Call
) -> None:
    done = harness("approve", "alpha", stdin=b"y\n")
    assert done.code == 0 and "approved title" in done.out and "Traceback" not in done.err
    assert list(golden(empty, ids[0])["fields"]) == ["title"]
    nothing = harness("approve", "beta", stdin=b"")
    assert nothing.code == 0 and "nothing approved, nothing written" in nothing.out


def test_without_asking_but_never_in_ci(empty: Project, ids: list[str], harness: Call) -> None:
    said = one_line(harness("approve", "site", "--yes", CI="1"))
    assert said == "goldens are approved by people: --yes is refused in CI"
    assert golden(empty, ids[0]) is None
    assert harness("approve", "site", "--yes").code == 0
    assert all(golden(empty, capture) for capture in ids)


def test_a_headline_that_looks_like_a_pattern_is_approved_as_itself(
    empty: Project, harness: Call
) -> None:
    title = "re: mincount (explained"
    capture = empty.add("odd", f"<h1>{title}</h1><article><p>mincount:x</p></article>")
    assert harness("approve", "odd", "--yes").code == 0
    done = harness("check", "--update", "all")
    assert (done.code, done.err) == (0, ""), done
    done = harness("approve", "odd")
    assert "nothing approved" in done.out, (golden(empty, capture), done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("omega",), "no capture matches 'omega'"),
        (("alpha", "--field", "titel"), "no record has a field 'titel'; did you mean 'title'?"),
        (("alpha", "-x", "sit"), "no extractor 'sit'"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_mistakes_are_one_line(harness: Call, words: tuple[str, ...], said: str) -> None:
    assert one_line(harness("approve", *words)).startswith(said)


def test_a_failing_extractor_has_nothing_to_approve(
    empty: Project, ids: list[str], harness: Call
) -> None:
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace("return", "raise KeyError('h1'); return"))
    said = one_line(harness("approve", "alpha", "--yes"))
    assert said == f"{ids[0]}: the extractor raised KeyError: 'h1'; there is nothing to approve"


@pytest.mark.usefixtures("ids")
def test_two_extractors_of_one_capture_need_a_choice(empty: Project, harness: Call) -> None:
    path = empty.root / "extractors" / "site.py"
    other = path.read_text().replace('"site"', '"any", sites="*"')
    empty.write("extractors/any.py", other)
    assert "choose one with -x" in one_line(harness("approve", "alpha", "--yes"))
    assert harness("approve", "alpha", "--yes", "-x", "any").code == 0


def test_a_user_without_a_name_may_approve(
    empty: Project, ids: list[str], harness: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    def no_git(*_: object, **__: object) -> object:
        raise FileNotFoundError("git")

    monkeypatch.setattr(common.getpass, "getuser", nobody)
    monkeypatch.setattr(subprocess, "run", no_git)
    assert harness("approve", "alpha", "--yes").code == 0
    assert (golden(empty, ids[0]) or {})["by"] == ""


def test_approving_one_field_vouches_for_no_other(
    empty: Project, ids: list[str], harness: Call
) -> None:
    path = f"corpus/{ids[0]}/golden.json"
    text = '{"trust": "known-wrong", "fields": {"title": "other", "body": []}}'
    empty.write(path, text)
    refused = harness("approve", ids[0], "--field", "title", "--yes")
    assert refused.code == 2 and "'known-wrong', so nobody has vouched" in refused.err
    assert (empty.root / path).read_text() == text
    assert harness("approve", ids[0], "--yes").code == 0
    golden = json.loads((empty.root / path).read_text())
    assert golden["trust"] == "reviewed" and golden["fields"]["title"] == "alpha"
    assert len(golden["fields"]["body"]) == 3, "asked anew, not taken over"
