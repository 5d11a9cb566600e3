"""A run as SARIF 2.1.0, which code scanning and editors show at the line of a file.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. GitHub takes 25,000
results of a run and 10 MB of a gzipped file, and refuses the whole of what is larger:
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from itertools import islice
from urllib.parse import quote

from harness.model import Run, Verdict
from harness.report import words
from harness.report.remarks import Place, Remark, meaning, remedy

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
MOST_BYTES = 9_500_000
LEVELS: Mapping[Verdict, str] = {
    Verdict.PASS: "none",
    Verdict.NEW: "note",
    Verdict.CHANGED: "warning",
    Verdict.MISSING: "error",
    Verdict.SUSPECT: "error",
    Verdict.WRONG: "error",
    Verdict.ERROR: "error",
}
# A name of our own: code scanning makes its "primaryLocationLineHash" itself, from the line that a
# result points at, and warns of every one that it finds made otherwise.
_FINGERPRINT = "harnessCaseFieldRule/v1"


def render(
    run: Run,
    remarks: Iterable[Remark],
    version: str,
    most: int = MOST_RESULTS,
    most_bytes: int = MOST_BYTES,
) -> str:
    """The log as JSON, a result a line, in the order of the remarks.

    ``version`` is the harness's. At most ``most`` results, and ``most_bytes`` when it is
    compressed; what is left out is counted in a notification of the log.
    """
    coming = iter(remarks)
    shown = list(islice(coming, most))
    left = sum(1 for _ in coming)
    text = _log(run, shown, left, version)
    # Text that an attacker chose may not compress at all.
    while shown and len(text) > most_bytes and len(zlib.compress(text.encode())) > most_bytes:
        keep = len(shown) // 2
        left += len(shown) - keep
        shown = shown[:keep]
        text = _log(run, shown, left, version)
    return text


def _log(run: Run, shown: list[Remark], left: int, version: str) -> str:
    faults = {
        remark.rule: remark.change.category if remark.change else "" for remark in reversed(shown)
    }
    rules = sorted(faults)
    index = {rule: i for i, rule in enumerate(rules)}
    driver = {
        "name": "harness",
        "fullName": "harness, regression tests for extractors",
        "semanticVersion": version,
        "rules": [_rule(rule, faults[rule]) for rule in rules],
    }
    told = [_notification(words.sentence(run), "note")]
    if left:
        told.append(
            _notification(
                f"{words.count(left, 'result')} left out, see the drift report", "warning"
            )
        )
    head = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "harness/check/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the root of the repository"}}},
        "invocations": [
            {
                "executionSuccessful": not run.interrupted,
                "exitCode": 2 if run.interrupted else int(not run.clean),
                "toolExecutionNotifications": told,
            }
        ],
    }
    results = ",\n".join(json.dumps(_result(remark, index[remark.rule])) for remark in shown)
    return (
        f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [\n'
        + json.dumps(head)[:-1]
        + f', "results": [\n{results}\n]}}\n]}}\n'
    )


def _rule(rule: str, fault: str) -> dict[str, object]:
    said = meaning(rule, fault)
    return {
        "id": rule,
        "name": rule.partition("/")[2],
        "shortDescription": {"text": said},
        "fullDescription": {"text": said},
        "help": {"text": f"{said}. {remedy(rule)}", "markdown": f"{said}.\n\n{remedy(rule)}"},
        "properties": {"tags": ["extraction", rule.partition("/")[0]]},
    }


def _result(remark: Remark, rule: int) -> dict[str, object]:
    return {
        "ruleId": remark.rule,
        "ruleIndex": rule,
        "level": LEVELS[remark.verdict],
        "message": {"text": f"{remark.case}: {remark.text}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(remark.place),
                    "region": {"startLine": remark.place.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": f"{remark.case} {remark.field}", "kind": "member"}
                ],
            }
        ],
        "partialFingerprints": {_FINGERPRINT: remark.fingerprint},
        "properties": {"verdict": str(remark.verdict), "field": remark.field},
    }


def _artifact(place: Place) -> dict[str, object]:
    # A saved run from elsewhere may name captures that no file system has.
    path = quote(place.path.encode("utf-8", "backslashreplace"))
    if place.inside:
        return {"uri": path, "uriBaseId": "SRCROOT"}
    return {"uri": f"file:///{path.lstrip('/')}"}


def _notification(text: str, level: str) -> dict[str, object]:
    return {"level": level, "message": {"text": text}}
