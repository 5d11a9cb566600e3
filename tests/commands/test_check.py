"""``harness check``: verdicts, exit codes, and typos that must not pass."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.report import saved
from tests.command_line import Call, fill, one_line
from tests.commands.conftest import break_byline
from tests.conftest import Project


@pytest.mark.usefixtures("ids")
def test_a_clean_run(empty: Project, harness: Call) -> None:
    done = harness("check")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "all 3 captures pass",
        f"drift report: {empty.root / '.harness' / 'report.html'}",
    ]
    assert saved.load(empty.root / ".harness" / "run.json").clean
    assert (empty.root / ".harness" / ".gitignore").read_text() == "*\n"


def test_drift_says_field_old_new_and_the_next_command(drifted: list[str], harness: Call) -> None:
    done = harness("check", drifted[0])
    assert done.code == 1
    assert f"missing {drifted[0]}" in done.out
    assert "  - A. Writer" in done.out
    assert f"accept: harness accept {drifted[0]}" in done.out
    assert "1 of 1 capture drifted: 1 missing" in done.out


@pytest.mark.usefixtures("drifted")
def test_a_chosen_field_is_judged_alone(harness: Call) -> None:
    done = harness("check", "--field", "body")
    assert (done.code, done.out.splitlines()[0]) == (0, "all 3 captures pass")
    assert harness("check", "--field", "byline").code == 1
    accepted = harness("accept", "--all").out.splitlines()
    assert accepted[-1] == "accepted 3 of 3", "what waited is still there"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alhpa",), "no capture matches 'alhpa'; `harness check --list` shows what there is"),
        (("site", "sitee"), "no capture matches 'sitee'"),
        (("-x", "sit"), "no extractor 'sit'; did you mean 'site'?"),
        (("--field", "bylin"), "no record has a field 'bylin'; did you mean 'byline'?"),
        (("--field", "zzz"), "no record has a field 'zzz'; there are: body, byline, title"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_typo_is_never_a_green_run(harness: Call, words: tuple[str, ...], said: str) -> None:
    done = harness("check", *words)
    assert one_line(done).startswith(said)
    assert done.out == ""


@pytest.mark.usefixtures("ids")
def test_an_unknown_option_or_mode_exits_with_2(harness: Call) -> None:
    for words in (("--updaet", "all"), ("--update", "everything"), ("--output-format", "xml")):
        done = harness("check", *words)
        assert done.code == 2 and "Error: " in done.err and "Traceback" not in done.err


def test_a_disk_that_fails_where_nobody_expects_it_is_one_line(
    empty: Project, harness: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> bool:
        raise OSError(5, "Input/output error", str(empty.root))

    monkeypatch.setattr(Path, "is_file", broken)
    assert one_line(harness("check")) == f"cannot use {empty.root}: Input/output error"


def test_listing_runs_nothing(empty: Project, ids: list[str], harness: Call) -> None:
    empty.write("extractors/site.py", (empty.root / "extractors/site.py").read_text() + "\n")
    (empty.root / ".harness" / "run.json").unlink()
    done = harness("check", "--list", "alpha")
    assert (done.code, done.out) == (0, f"{ids[0]}\n")
    assert not (empty.root / ".harness" / "run.json").exists()


def test_captures_without_an_extractor_are_no_green_run(empty: Project, harness: Call) -> None:
    empty.add("a", "<p>x", site="other")
    assert "has an extractor; add one with `harness capture`" in one_line(harness("check"))


@pytest.mark.usefixtures("ids")
def test_json_is_the_run_even_when_the_extractor_prints(empty: Project, harness: Call) -> None:
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace("return", "print('looking'); return"))
    done = harness("check", "--output-format", "json")
    tree = json.loads(done.out)
    assert done.code == 0
    assert (tree["format"], tree["counts"]) == ("harness-run/1", {"pass": 3})
    assert "looking" in done.err


@pytest.mark.usefixtures("drifted")
def test_github_annotations_and_summary(harness: Call, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    done = harness("check", "--output-format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert done.code == 1
    assert re.match(
        r"::error file=snapshots/site/site/alpha-\w+\.json,line=4,title=missing%3A site/alpha",
        done.out,
    )
    assert summary.read_text().startswith("before\n### Drift report: 3 of 3 captures drifted")
    refused = harness("check", "--output-format", "github", GITHUB_STEP_SUMMARY=str(tmp_path))
    said = one_line(refused)
    assert said == f"cannot write $GITHUB_STEP_SUMMARY, {tmp_path}: Is a directory"
    assert refused.out.startswith("::error"), "the verdicts come first"


@pytest.mark.usefixtures("ids")
def test_first_snapshots_only(empty: Project, harness: Call) -> None:
    before = empty.snapshots()
    break_byline(empty)
    (new,) = fill(empty, "delta")
    done = harness("check", "--update", "new")
    assert done.code == 1
    assert "3 of 4 captures drifted: 3 missing; 1 snapshot updated" in done.out
    after = empty.snapshots()
    assert set(after) - set(before) == {f"site/{new}.json"}
    assert {name: after[name] for name in before} == before


@pytest.mark.usefixtures("ids")
def test_in_ci_nothing_is_written_and_updating_takes_an_extra_word(
    empty: Project, harness: Call
) -> None:
    before = empty.snapshots()
    break_byline(empty)
    assert harness("check", CI="1").code == 1
    assert not (empty.root / ".harness" / "pending").exists()
    refused = harness("check", "--update", "all", CI="true")
    assert "refused in CI" in one_line(refused)
    assert empty.snapshots() == before
    assert harness("check", "--update", "all", CI="1", HARNESS_UPDATE_IN_CI="1").code == 0
    assert empty.snapshots() != before


@pytest.mark.usefixtures("ids")
def test_orphans_fail_a_whole_run_and_no_partial_one(empty: Project, harness: Call) -> None:
    orphan = empty.write("snapshots/site/site/gone-12345678.json", '{"record": {}}')
    done = harness("check", "--update", "none")
    assert done.code == 1
    assert "orphan site/gone-12345678: no capture or extractor of that name" in done.out
    assert "harness lint --prune-orphans" in done.out
    for words in (("alpha",), ("-x", "site")):
        done = harness("check", "--update", "none", *words)
        assert done.code == 0 and "gone" not in done.out
    told = harness("check", "--update", "pending")
    assert told.code == 0 and "1 orphaned snapshot" in told.out, "only mode none fails for it"
    assert orphan.exists(), "no run deletes"


@pytest.mark.usefixtures("ids")
def test_a_failing_extractor_shows_its_own_last_frames(empty: Project, harness: Call) -> None:
    empty.write(
        "extractors/site.py",
        "from harness import extractor\n@extractor('site')\ndef site(page):\n"
        "    raise ValueError('bad \\x07 \\ud800 title')\n",
    )
    done = harness("check", "alpha")
    assert done.code == 1
    assert "extractor raised ValueError: bad" in done.out
    assert 'extractors/site.py", line 4, in site' in done.out
    assert "inprocess" not in done.out
    assert done.out.count("bad ⟨U+0007⟩ ⟨U+D800⟩") == 2 and "\x07" not in done.out
    assert harness("extract", "alpha").code == 1


@pytest.mark.usefixtures("ids")
def test_the_report_goes_where_it_is_asked_to(harness: Call, tmp_path: Path) -> None:
    target = tmp_path / "out" / "drift.html"
    assert f"drift report: {target}" in harness("check", "--report", str(target)).out
    assert target.read_text("utf-8").lstrip().startswith("<!doctype html>")
    (tmp_path / "file").write_bytes(b"")
    refused = harness("check", "--report", str(tmp_path / "file" / "x.html"))
    assert one_line(refused).startswith(f"cannot write {tmp_path / 'file' / 'x.html'}: ")
    assert refused.out.startswith("all 3 captures pass")
