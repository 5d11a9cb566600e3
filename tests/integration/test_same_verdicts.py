"""pytest and ``harness check`` are two faces of one engine: the same input, the same verdicts."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from harness.invariants import BUILT_IN
from harness.model import CaseResult, Verdict
from harness.report import saved
from tests.conftest import PAGE, Project

BEFORE = """
from harness import extractor

@extractor("site")
def site(page):
    return {"title": page.text("h1"), "byline": page.text(".by"), "body": page.lines("article p")}

@extractor("any", sites="*", kinds={"words": "number"})
def any_site(page):
    return {"title": page.text("title"), "words": len(page.text("article").split())}
"""
AFTER = """
from harness import extractor

@extractor("site")
def site(page):
    title, byline, body = page.text("h1"), page.text(".by"), page.lines("article p")
    if title == "raises":
        raise ValueError("no such thing")
    if title == "raised":
        raise KeyError("as accepted")
    if title == "changed":
        body, byline = [body[0].replace("First", "1st"), *body[1:], "Read more"], "B. Writer"
    return {"title": title, "byline": None if title == "lost" else byline, "body": body}

@extractor("any", sites="*", kinds={"words": "number"})
def any_site(page):
    return {"title": page.text("title"), "words": len(page.text("article").split()) + 1}
"""
RULES = """
from harness.invariants import Hit, invariant

@invariant("no-shouting", fault="case")
def no_shouting(it):
    for field in it.fields("title"):
        if field.text in ("suspect", "waived"):
            yield Hit(field.path, f"{field.text!r} is said too loud")

@invariant("short", fault="truncated", severity="warning")
def short(it):
    for field in it.fields("body"):
        if "pass" in field.text:
            yield Hit(field.path, "three lines only")
"""
TITLES = (
    "broken",
    "changed",
    "lost",
    "pass",
    "raises",
    "raised",
    "suspect",
    "unreadable",
    "waived",
    "wrong",
)


def results(project: Project) -> list[dict[str, Any]]:
    """What the saved run says of each case, but for how long it took."""
    return [_shown(result) for result in saved.load(project.root / ".harness/run.json").results]


def _shown(result: CaseResult) -> dict[str, Any]:
    return {
        "capture": result.capture,
        "extractor": result.extractor,
        "verdict": result.verdict,
        "fields": [
            (r.field, r.verdict, r.against, r.golden, r.diff.category, r.diff.summary)
            for r in result.fields
        ],
        "failure": result.failure and (result.failure.type, result.failure.message),
        "problem": result.problem,
        "record": result.record,
        "accepted": result.accepted,
        "updated": result.updated,
        "headline": result.headline,
        "findings": result.findings,
    }


@pytest.fixture
def drifted(project: Project) -> Project:
    """A project with every kind of result in it."""
    project.write("extractors/site.py", BEFORE)
    for title in TITLES:
        project.add(title, PAGE.format(title=title))
    assert project.run("harness", "check", "--update", "all").code == 0
    project.write("extractors/site.py", AFTER)
    ids = {path.name.partition("-")[0]: path for path in (project.root / "corpus/site").iterdir()}
    golden = {"trust": "reviewed", "by": "someone", "at": "2026-03-01", "fields": {}}
    golden["fields"] = {"title": "right", "byline": "A. Writer"}
    (ids["wrong"] / "golden.json").write_text(json.dumps(golden))
    golden["fields"] = {"byline": "B. Writer"}
    (ids["changed"] / "golden.json").write_text(json.dumps(golden))
    waivers = [{"invariant": "no-shouting", "field": "title", "reason": "a test"}]
    (ids["waived"] / "waivers.json").write_text(json.dumps(waivers))
    project.write("rules.py", RULES)
    settings = {
        "extractors": ["extractors"],
        "invariants": ["rules.py"],
        "ignore": [each.name for each in BUILT_IN],
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in settings.items())
    project.write("harness.toml", "\n".join(lines))
    (ids["broken"] / "page.html").write_bytes(b"not what was captured")
    project.write(f"snapshots/site/site/{ids['unreadable'].name}.json", "<<<<<<< HEAD\n{}\n")
    accepted = {"error": {"type": "KeyError", "message": "'as accepted'"}}
    project.write(f"snapshots/site/site/{ids['raised'].name}.json", json.dumps(accepted))
    project.add("new", PAGE.format(title="new"))
    page = "café".encode("utf-16")
    digest = hashlib.sha256(page).hexdigest()
    project.add("other", page, site="elsewhere", sha256=digest)
    return project


# `all` comes last, since it leaves nothing to compare.
@pytest.mark.parametrize(
    ("check", "plugin", "ci"),
    [
        ((), (), ""),
        ((), ("-n", "2"), "1"),
        (("--field", "byline"), ("--harness-field", "byline"), ""),
        (("--extractor", "any"), ("--harness-extractor", "any"), ""),
    ],
    ids=["all", "ci", "field", "extractor"],
)
def test_pytest_and_check_say_the_same(
    drifted: Project, check: tuple[str, ...], plugin: tuple[str, ...], ci: str
) -> None:
    done = drifted.run("harness", "check", *check, CI=ci)
    assert done.code == 1, done.out + done.err
    expected = results(drifted)
    (drifted.root / ".harness/run.json").unlink()
    done = drifted.run("pytest", *plugin, CI=ci)
    assert done.code == 1, done.out + done.err
    found = results(drifted)
    assert [r["capture"] + r["extractor"] for r in found] == [
        r["capture"] + r["extractor"] for r in expected
    ]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == theirs
    if not check:
        assert {r["verdict"] for r in found} == set(Verdict)
        assert {f.waived for r in found for f in r["findings"]} == {None, "a test"}


def test_worker_processes_give_the_same_verdicts(drifted: Project) -> None:
    drifted.run("harness", "check", "--update", "none")
    expected = results(drifted)
    assert {r["verdict"] for r in expected} == set(Verdict)
    drifted.run("harness", "check", "--update", "none", "--isolate", "--workers", "2")
    assert results(drifted) == expected
    settings = (drifted.root / "harness.toml").read_text()
    drifted.write("harness.toml", f"isolate = true\n{settings}")
    drifted.run("pytest", "--harness-update", "none", "-n", "2")
    assert results(drifted) == expected


def test_pytest_and_check_update_the_same(drifted: Project) -> None:
    pending = drifted.root / ".harness/pending"
    before = drifted.snapshots()
    drifted.run("harness", "check")
    left = {path.name: path.read_bytes() for path in pending.rglob("*.json")}
    assert left
    drifted.run("pytest")
    assert {path.name: path.read_bytes() for path in pending.rglob("*.json")} == left
    drifted.run("harness", "check", "--update", "all")
    expected, accepted = results(drifted), drifted.snapshots()
    for name in accepted.keys() - before.keys():
        (drifted.root / "snapshots" / name).unlink()
    for name, data in before.items():
        (drifted.root / "snapshots" / name).write_bytes(data)
    drifted.run("pytest", "--snapshot-update")
    assert drifted.snapshots() == accepted
    assert results(drifted) == expected
