"""A run as GitLab's code quality report: what a merge request shows beside its changes.

The format is GitLab's subset of the Code Climate specification:
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from harness.model import Verdict
from harness.report.remarks import Remark
from harness.report.words import count

# GitLab takes artifacts of 100 MB and compares the whole list in a merge request; this many of at
# most about 1 kB each stay far below that.
MOST = 25_000
SEVERITIES: Mapping[Verdict, str] = {
    Verdict.PASS: "info",
    Verdict.NEW: "info",
    Verdict.CHANGED: "minor",
    Verdict.MISSING: "major",
    Verdict.SUSPECT: "major",
    Verdict.WRONG: "critical",
    Verdict.ERROR: "blocker",
}


def render(remarks: Iterable[Remark], most: int = MOST) -> str:
    """The report as JSON, an issue a line, in the order of the remarks.

    A fingerprint depends on case, field and rule alone, so that GitLab knows an issue again when
    lines move. What is more than ``most`` is counted in a last issue.
    """
    issues: list[dict[str, object]] = []
    left = 0
    for remark in remarks:
        if len(issues) < most:
            issues.append(_issue(remark))
        else:
            left += 1
    if left:
        issues.append(_rest(left, issues[0]))
    # ASCII only: what UTF-8 cannot hold is escaped like everything else.
    return "[\n" + ",\n".join(json.dumps(issue) for issue in issues) + "\n]\n"


def _issue(remark: Remark) -> dict[str, object]:
    return {
        "description": f"{remark.verdict}: {remark.text}",
        "check_name": remark.rule,
        "fingerprint": remark.fingerprint,
        "severity": SEVERITIES[remark.verdict],
        "location": {"path": remark.place.path, "lines": {"begin": remark.place.line}},
    }


def _rest(left: int, worst: dict[str, object]) -> dict[str, object]:
    return {
        "description": f"{count(left, 'more change')}, see the drift report",
        "check_name": "harness/more",
        "fingerprint": "harness-more",
        "severity": "info",
        "location": worst["location"],
    }
