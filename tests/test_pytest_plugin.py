"""The plugin as its users meet it: real pytest processes on small projects."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.model import Verdict
from harness.report import saved
from tests.conftest import EXTRACTOR, PAGE, Finished, Project, outside_ci

TITLES = ("alpha", "beta", "delta", "gamma")


@pytest.fixture(autouse=True)
def not_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syrupy in the processes under test must not take itself for a worker of this suite's run."""
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)


def extractor(
    project: Project, title: str = "title", byline: str = "page.text('.by')", body: str = "body"
) -> None:
    """Rewrites the project's extractor; each argument is an expression for a field."""
    project.write(
        "extractors/site.py",
        f"""
import os, sys, time
from harness import extractor

@extractor("site")
def site(page):
    title, body = page.text("h1"), page.lines("article p")
    return {{"title": {title}, "byline": {byline}, "body": {body}}}
""",
    )


def verdicts(project: Project) -> dict[str, Verdict]:
    """The saved run's verdicts, by the capture's title."""
    run = saved.load(project.root / ".harness/run.json")
    return {
        result.capture.partition("/")[2].rpartition("-")[0]: result.verdict
        for result in run.results
    }


def outcomes(done: Finished) -> dict[str, int]:
    """Pytest's last line, ``2 failed, 3 passed in 0.1s``, as numbers."""
    last = [line for line in done.out.splitlines() if re.search(r" in [\d.]+s", line)][-1]
    return {word: int(count) for count, word in re.findall(r"(\d+) ([a-z]+(?: failed)?)", last)}


ONLY_BETA = "title.upper() if title == 'beta' else title"


def test_update_rewrites_the_one_snapshot_that_changed(project: Project) -> None:
    before = project.snapshots()
    times = {p: p.stat().st_mtime_ns for p in (project.root / "snapshots").rglob("*.json")}
    extractor(project, title=ONLY_BETA)
    done = project.run("pytest", "--snapshot-update")
    assert done.code == 0, done.out
    assert "1 snapshot updated" in done.out
    after = project.snapshots()
    changed = [name for name in after if after[name] != before.get(name)]
    assert [Path(name).name.partition("-")[0] for name in changed] == ["beta"]
    assert after.keys() == before.keys()
    touched = [p.name for p, when in times.items() if p.stat().st_mtime_ns != when]
    assert [name.partition("-")[0] for name in touched] == ["beta"]
    again = project.run("pytest", "--snapshot-update")
    assert again.code == 0 and "updated" not in again.out
    assert project.snapshots() == after


def test_new_only_writes_new_snapshots_and_leaves_changed_ones(project: Project) -> None:
    before = project.snapshots()
    project.add("omega", PAGE.format(title="omega"))
    extractor(project, title=ONLY_BETA)
    done = project.run("pytest", "--snapshot-update-new-only")
    assert done.code == 1, done.out
    assert verdicts(project)["beta"] is Verdict.CHANGED
    assert verdicts(project)["omega"] is Verdict.PASS
    after = project.snapshots()
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1


PLAIN = """
def test_plain(snapshot):
    assert {"a": 1} == snapshot
def test_other(snapshot):
    assert "text" == snapshot
"""


def test_a_partial_run_deletes_no_snapshot(project: Project) -> None:
    project.write("tests/test_plain.py", PLAIN)
    assert project.run("pytest", "--snapshot-update").code == 0
    gone = f"site/{project.add('zeta', PAGE.format(title='zeta')).partition('/')[2]}"
    assert project.run("pytest", "--snapshot-update").code == 0
    for file in (project.root / "corpus" / gone).iterdir():
        file.unlink()
    (project.root / "corpus" / gone).rmdir()
    before = project.snapshots()
    amber = (project.root / "tests/__snapshots__/test_plain.ambr").read_bytes()
    node = "tests/test_it.py::test_record[site/alpha-"
    node += next(name for name in before if "/alpha-" in name).partition("alpha-")[2]
    for selection in (
        ["-k", "alpha"],
        ["-k", "not beta", "tests/test_it.py"],
        ["tests"],
        [f"{node.removesuffix('.json')}]"],
        ["--lf"],
        ["--ff", "-x"],
        ["-n", "2", "-k", "alpha or plain"],
        ["--deselect", "tests/test_it.py::test_record"],
        ["--ignore", "tests/test_plain.py", "-p", "no:randomly"],
    ):
        done = project.run("pytest", *selection, "--snapshot-update")
        assert done.code == 0, (selection, done.out, done.err)
        assert project.snapshots() == before, selection
        file = project.root / "tests/__snapshots__/test_plain.ambr"
        assert file.read_bytes() == amber, selection
    for selection in (["-k", "alpha"], ["tests/test_it.py"], ["--lf"]):
        assert project.run("pytest", *selection).code == 0
    assert project.snapshots() == before


def test_plain_snapshots_beside_records_are_cleaned_up_by_syrupy_as_ever(project: Project) -> None:
    project.write("tests/test_plain.py", PLAIN)
    done = project.run("pytest", "--snapshot-update")
    assert done.code == 0 and "2 snapshots generated" in done.out, done.out
    before = project.snapshots()
    project.write("tests/test_plain.py", PLAIN.partition("def test_other")[0])
    done = project.run("pytest")
    assert done.code == 1 and "1 snapshot unused" in done.out, done.out
    done = project.run("pytest", "--snapshot-update")
    assert done.code == 0 and "1 unused snapshot deleted" in done.out, done.out
    assert b"test_other" not in (project.root / "tests/__snapshots__/test_plain.ambr").read_bytes()
    assert project.snapshots() == before


def test_workers_make_one_report_of_all_results(project: Project) -> None:
    extractor(project, title="'X' + title", byline="None")
    orphan = project.write("snapshots/site/site/gone-00000000.json", '{"record": {}}\n')
    done = project.run("pytest", "-n", "2", GITHUB_ACTIONS="true")
    assert done.code == 1
    assert done.out.count("4 of 4 captures drifted") == 1, done.out
    assert done.out.count("drift report: ") == 1
    assert done.out.count("orphaned snapshot: site/gone-00000000") == 1
    assert set(verdicts(project)) == set(TITLES)
    commands = [line for line in done.out.splitlines() if line.startswith("::")]
    assert len(commands) == 8, "title and byline of four captures, told once"
    assert all(line.startswith("::error file=snapshots/site/site/") for line in commands)
    assert orphan.exists()
    report = (project.root / ".harness/report.html").read_text("utf-8")
    assert "alpha" in report and "gamma" in report


def test_a_run_in_another_order_or_folder_or_selection_says_the_same(project: Project) -> None:
    extractor(project, title=ONLY_BETA)
    for arguments in (
        ["-p", "randomly", "-p", "no:cacheprovider"],
        ["-p", "no:randomly", "--snapshot-diff-mode=disabled"],
        ["tests/test_it.py"],
        ["-n", "2", "tests"],
    ):
        done = project.run("pytest", *arguments)
        assert done.code == 1, (arguments, done.out)
        assert "1 of 4 captures drifted: 1 changed" in done.out, (arguments, done.out)
        assert outcomes(done) == {"failed": 2, "passed": 3}, arguments
    # The subtest of the field is one failure, the test another.
    inside = Project(project.root / "tests")
    done = inside.run("pytest")
    assert "1 of 4 captures drifted: 1 changed" in done.out, done.out
    assert not (project.root / "tests/.harness").exists()
    collected = project.run("pytest", "--collect-only", "-q")
    assert collected.code == 0
    assert collected.out.count("test_it.py::test_record[site/") == 4


def test_ids_can_be_typed(project: Project) -> None:
    for name in ("site", "alpha", "site/alpha", "record and alpha"):
        done = project.run("pytest", "-k", name)
        assert done.code == 0, (name, done.out)
        assert outcomes(done)["passed"] == (4 if name == "site" else 1), name
    capture = next((project.root / "corpus/site").glob("gamma-*")).name
    done = project.run("pytest", f"tests/test_it.py::test_record[site/{capture}]")
    assert outcomes(done) == {"passed": 1}, done.out


def test_field_option_judges_and_updates_only_that_field(project: Project) -> None:
    extractor(project, title="title.upper()", byline="'Somebody else'")
    done = project.run("pytest", "--harness-field", "title", "-k", "alpha")
    assert "SUBFAILED[title]" in done.out and "SUBFAILED[byline]" not in done.out
    done = project.run("pytest", "--harness-field", "title", "--snapshot-update")
    assert done.code == 0, done.out
    text = next(t for name, t in project.snapshots().items() if "alpha" in name).decode()
    assert '"ALPHA"' in text and "A. Writer" in text and "Somebody else" not in text
    done = project.run("pytest")
    assert "SUBFAILED[byline]" in done.out and "SUBFAILED[title]" not in done.out
    assert "4 of 4 captures drifted" in done.out


def test_extractor_option_chooses_extractors(project: Project) -> None:
    project.write(
        "extractors/any.py",
        'from harness import extractor\n@extractor("any", sites="*")\n'
        'def any_site(page):\n    return {"title": page.text("title")}\n',
    )
    done = project.run("pytest", "--harness-extractor", "any", "--snapshot-update")
    assert done.code == 0 and outcomes(done) == {"passed": 4}, done.out
    assert sum(name.startswith("any/") for name in project.snapshots()) == 4
    done = project.run("pytest", "--harness-extractor", "site", CI="1")
    assert done.code == 0 and outcomes(done) == {"passed": 4}, done.out
    done = project.run("pytest", "--harness-extractor", "nobody")
    assert done.code == 2 and "no extractor 'nobody'; there are: any, site" in done.out


def test_each_failing_field_is_a_subtest_with_a_readable_message(project: Project) -> None:
    extractor(project, byline="None", body="body[:2]")
    done = project.run("pytest", "-k", "alpha or beta", "--junitxml", "out.xml")
    assert done.code == 1
    lines = done.out.splitlines()
    assert sum(line.startswith("SUBFAILED[byline]") for line in lines) == 2
    assert sum(line.startswith("SUBFAILED[body]") for line in lines) == 2
    assert not any("SUBFAILED[title]" in line or "SUBPASSED" in line for line in lines)
    # The first line of the failure is what happened, with the capture's name before it.
    errors = [line for line in lines if line.startswith("E ")]
    assert any(re.match(r"E\s+(AssertionError: )?assert site/alpha-\w+: ", e) for e in errors), (
        errors
    )
    assert any("harness accept site/alpha-" in line for line in errors)
    assert "Traceback" not in done.out
    tree = ElementTree.parse(project.root / "out.xml").getroot()
    failures = [failure.get("message") or "" for failure in tree.iter("failure")]
    texts = [failure.text or "" for failure in tree.iter("failure")]
    assert len(failures) == 6
    assert sum("byline" in text and "A. Writer" in text for text in texts) >= 2, texts
    assert not list(tree.iter("property"))


def test_a_long_article_with_every_paragraph_changed_fails_at_once(project: Project) -> None:
    # Syrupy's own diff of this takes many seconds, and pytest asks for it whoever answers first.
    words = " ".join(f"word{i}" for i in range(120))
    page = "<h1>long</h1><article>{}</article>"
    project.add("long", page.format("".join(f"<p>{n} {words}</p>" for n in range(100))))
    assert project.run("pytest", "--snapshot-update", "-k", "long").code == 0
    extractor(project, body="[line.replace('word', 'work') for line in body]")
    start = time.monotonic()
    done = project.run("pytest", "-k", "long")
    assert done.code == 1 and "SUBFAILED[body]" in done.out
    assert time.monotonic() - start < 5
    assert re.search(r"^E .*assert site/long-\w+: body: ", done.out, re.M), done.out
    assert "[+ received]" not in done.out and "KeyError" not in done.out


def test_an_extractor_that_raises_is_an_error_and_never_updated(project: Project) -> None:
    before = project.snapshots()
    extractor(project, title="{}['nope'] if title == 'beta' else title")
    for arguments in ([], ["--snapshot-update"]):
        done = project.run("pytest", *arguments)
        assert done.code == 1
        assert verdicts(project)["beta"] is Verdict.ERROR
        assert verdicts(project)["gamma"] is Verdict.PASS
        assert "extractor raised KeyError: 'nope'" in done.out
        assert re.search(r'File ".*extractors/site.py", line \d+, in site', done.out), done.out
        assert "harness/extraction" not in done.out
        assert project.snapshots() == before
    assert project.run("pytest").code == 1
    assert project.run("harness", "accept", "--error", "beta").code == 0
    done = project.run("pytest")
    assert done.code == 0, done.out
    extractor(project)
    done = project.run("pytest")
    assert done.code == 1 and "gives a record now" in done.out


OWN_CHECKS = """
def test_title(record):
    assert record["title"]
    assert set(record) == {"title", "byline", "body"} and len(record) == 3
def test_title_on_page(record, capture):
    assert record["title"].encode() in capture.body
def test_capture(capture):
    assert capture.site == "site"
def test_title_snapshot(record, snapshot):
    assert record["title"] == snapshot
def test_both(record, snapshot):
    assert snapshot == record
    assert record["byline"] == snapshot(name="byline")
    assert snapshot.use_extension() == record
    assert record == snapshot.with_defaults()
def test_after(record, snapshot):
    assert record == snapshot(name="of a record")
    assert record["body"] == snapshot
"""


def test_checks_of_ones_own_stand_beside_the_snapshot(project: Project) -> None:
    project.write("tests/test_own.py", OWN_CHECKS)
    before = project.snapshots()
    done = project.run("pytest", "--snapshot-update")
    assert done.code == 0, done.out
    amber = project.root / "tests/__snapshots__/test_own.ambr"
    assert amber.read_text("utf-8").count("# name: test_title_snapshot[site/") == 4
    assert amber.read_text("utf-8").count("[byline]") == 4
    assert project.snapshots() == before
    done = project.run("pytest")
    assert done.code == 0 and "all 4 captures pass" in done.out, done.out
    accepted = amber.read_bytes()
    extractor(project, byline="'Somebody else'")
    done = project.run("pytest", "--snapshot-update", "-k", "test_after")
    assert done.code == 0 and "4 snapshots updated" in done.out, done.out
    assert amber.read_bytes() == accepted
    extractor(project, title="1 / 0")
    done = project.run("pytest", "-k", "title_on_page and alpha")
    assert done.code == 1
    assert "ZeroDivisionError" in done.out and "extractors/site.py" in done.out
    extractor(project, title=ONLY_BETA)
    done = project.run("pytest", "tests/test_own.py", "-k", "beta and (both or title_snapshot)")
    assert done.code == 1
    assert "SUBFAILED[title]" in done.out
    assert "[+ received]" in done.out  # a plain value is syrupy's to explain


def test_a_project_without_the_harness_is_left_alone(tmp_path: Path) -> None:
    plain = Project(tmp_path / "plain")
    plain.write("test_plain.py", PLAIN)
    assert plain.run("pytest", "--snapshot-update").code == 0
    done = plain.run("pytest")
    assert done.code == 0 and "2 snapshots passed" in done.out and "- harness -" not in done.out
    assert sorted(p.name for p in plain.root.iterdir() if not p.name.startswith(".")) == [
        "__snapshots__",
        "test_plain.py",
    ]
    assert plain.run("pytest", "--snapshot-update", CI="1").code == 0
    plain.write("test_plain.py", "def test_it(record):\n    assert record\n")
    done = plain.run("pytest")
    assert done.code == 2
    assert "no [tool.harness] in a pyproject.toml and no harness.toml" in done.out
    assert "Traceback" not in done.out + done.err and "harness/" not in done.out
    plain.write(
        "conftest.py",
        "import pytest\n@pytest.fixture\ndef record():\n    return {'mine': 1}\n",
    )
    plain.write(
        "test_plain.py",
        "def test_it(record, snapshot):\n    assert record == {'mine': 1}\n"
        "    assert record == snapshot\n",
    )
    done = plain.run("pytest", "--snapshot-update")
    assert done.code == 0 and outcomes(done) == {"passed": 1}, done.out


def test_nothing_to_check_is_no_green_run(new_project: Callable[[], Project]) -> None:
    project = new_project()
    done = project.run("pytest")
    assert done.code == 2 and "run `harness capture`" in done.out, done.out
    assert "Traceback" not in done.out
    project.add("alpha", PAGE.format(title="alpha"))
    project.write("extractors/site.py", f"{EXTRACTOR}\nimport nowhere\n")
    done = project.run("pytest")
    assert done.code == 2
    problems = [line for line in done.out.splitlines() if "cannot import extractors" in line]
    assert problems and "nowhere" in problems[0] and "site.py" in problems[0], done.out
    assert "Traceback" not in done.out
    project.write("harness.toml", 'extractor = ["x"]\n')
    done = project.run("pytest")
    assert done.code == 2 and "did you mean 'extractors'?" in done.out


def test_snapshots_are_not_kept_where_syrupy_deletes(project: Project) -> None:
    project.write("harness.toml", 'snapshots = "tests/__snapshots__"\n')
    done = project.run("pytest", "--snapshot-update")
    assert done.code == 2 and "choose another `snapshots` folder" in done.out, done.out


def test_a_project_below_pytests_root_is_found(project: Project, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = project.run("pytest")
    assert done.code == 0 and "all 4 captures pass" in done.out, done.out


def test_two_updates_at_once_leave_whole_files(project: Project) -> None:
    for n in range(30):
        project.add(f"many-{n}", PAGE.format(title=f"many {n}"))
    extractor(project, title="title * 2000")
    command = [sys.executable, "-m", "pytest", "-q", "--snapshot-update"]
    env = outside_ci()
    runs = [
        subprocess.Popen(command, cwd=project.root, env=env, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for run in runs:
        out, _ = run.communicate(timeout=120)
        assert run.returncode == 0, out.decode()
    assert not [name for name in project.snapshots() if not name.endswith(".json")]
    assert len(project.snapshots()) == 34
    done = project.run("harness", "check")
    assert done.code == 0, done.out


def test_ci_writes_nothing_and_fails_on_what_is_missing_or_left_over(project: Project) -> None:
    project.write("snapshots/site/site/gone-00000000.json", '{"record": {}}\n')
    before = project.snapshots()
    done = project.run("pytest", CI="1")
    assert done.code == 1, done.out
    assert "1 orphaned snapshot" in done.out and "site/gone-00000000" in done.out
    assert outcomes(done) == {"passed": 4}
    assert project.run("pytest").code == 0, "an orphan is a note where people work"
    assert project.run("pytest", "-k", "alpha", CI="1").code == 0, "a part knows of no orphans"
    (project.root / "snapshots/site/site/gone-00000000.json").unlink()
    missing = next(name for name in before if "alpha" in name)
    (project.root / "snapshots" / missing).unlink()
    done = project.run("pytest", "-n", "2", CI="1")
    assert done.code == 1 and "no accepted snapshot yet" in done.out, done.out
    assert verdicts(project)["alpha"] is Verdict.NEW
    assert not (project.root / ".harness/pending").exists()
    done = project.run("pytest", "--snapshot-update", CI="1")
    assert done.code == 4 and "HARNESS_UPDATE_IN_CI=1" in done.err, done.out + done.err
    assert "Traceback" not in done.err
    assert missing not in project.snapshots()
    done = project.run("pytest", "--snapshot-update", CI="1", HARNESS_UPDATE_IN_CI="1")
    assert done.code == 0 and missing in project.snapshots(), done.out


def test_github_gets_nine_annotations_at_most(new_project: Callable[[], Project]) -> None:
    project = new_project()
    for n in range(12):
        project.add(f"n{n}", PAGE.format(title=f"n{n}"))
    done = project.run("pytest", "-q", GITHUB_ACTIONS="true")
    commands = [line for line in done.out.splitlines() if line.startswith("::")]
    assert len(commands) == 9 and "4 more changes" in commands[-1], commands
    assert not [line for line in project.run("pytest").out.splitlines() if line.startswith("::")]


def test_pending_output_is_left_for_review_and_cleared_away(project: Project) -> None:
    extractor(project, title=ONLY_BETA)
    assert project.run("pytest").code == 1
    pending = project.root / ".harness/pending/site/site"
    assert [path.name.partition("-")[0] for path in pending.iterdir()] == ["beta"]
    assert project.run("pytest", "--harness-update", "none").code == 1
    extractor(project)
    done = project.run("pytest")
    assert done.code == 0 and "drift report: " in done.out, "the old report shows old drift"
    assert not pending.exists()
    assert "drift report: " not in project.run("pytest").out


def test_two_tests_of_one_record_are_one_case(project: Project) -> None:
    project.write(
        "tests/test_more.py",
        "def test_more(record, snapshot):\n    assert record == snapshot\n"
        "    assert record == snapshot\n",
    )
    done = project.run("pytest")
    assert done.code == 0 and "all 4 captures pass" in done.out, done.out


def test_interrupted_run_leaves_whole_files(project: Project) -> None:
    extractor(project, title="(open('started', 'w').close(), time.sleep(0.4), title * 9)[2]")
    command = [sys.executable, "-m", "pytest", "-q", "--snapshot-update", "-p", "no:randomly"]
    run = subprocess.Popen(
        command,
        cwd=project.root,
        env=outside_ci(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    for _ in range(200):
        if (project.root / "started").exists():
            break
        time.sleep(0.05)
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 2, out.decode()
    assert "interrupted" in out.decode()
    assert all(name.endswith(".json") for name in project.snapshots())
    assert len(project.snapshots()) == 4
    extractor(project, title="title * 9")
    project.run("pytest")
    assert set(verdicts(project).values()) == {Verdict.PASS, Verdict.CHANGED}


def test_a_crashed_worker_loses_only_its_own_result(project: Project) -> None:
    for n in range(6):
        project.add(f"more-{n}", PAGE.format(title=f"more {n}"))
    project.write("snapshots/site/site/gone-00000000.json", '{"record": {}}\n')
    extractor(project, title="os._exit(3) if title == 'beta' else title.upper()")
    before = project.snapshots()
    done = project.run("pytest", "-n", "2", "-p", "no:randomly", CI="1")
    assert done.code == 1
    assert "crashed while running" in done.out, done.out
    found = verdicts(project)
    assert "beta" not in found and len(found) == 9, (sorted(found), done.out)
    assert found["gamma"] is Verdict.CHANGED and found["more-0"] is Verdict.NEW
    assert project.snapshots() == before
