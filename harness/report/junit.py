"""A run as JUnit XML: a test case for every extractor and capture.

What GitLab (https://docs.gitlab.com/ci/testing/unit_test_reports/) and Jenkins' JUnit plugin
(https://github.com/jenkinsci/junit-plugin) read of it: ``testsuite``, ``testcase`` with its
``classname``, ``name``, ``file`` and ``time``, ``failure`` or ``error``, ``system-out`` and
``properties``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from harness.model import CaseResult, Run, Verdict
from harness.report import words
from harness.report.remarks import Files
from harness.text import shorten, show_unseen

# GitLab reads 30 MB of a job's test reports. After this much of failures' texts, a failure keeps
# its first line.
MOST_TEXT = 15_000_000
_LONGEST = 8_000
# Never in XML 1.0, not even as a reference (https://www.w3.org/TR/xml/#charsets); all others that
# are not are shown by show_unseen.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def render(run: Run, files: Files, report: str = "", most_text: int = MOST_TEXT) -> str:
    """The run as JUnit XML, cases in the order of the run, snapshots that are left over last.

    ``report`` is where the drift report is. An extractor that raised, or a file that cannot be
    used, is an ``error``; drift is a ``failure``.
    """
    cases = list(_cases(run, files, most_text))
    counts = run.counts
    errors = counts.get(Verdict.ERROR, 0) + run.interrupted
    left_over = len(run.orphans) if run.update == "none" else 0
    failures = len(run.drifted) - counts.get(Verdict.ERROR, 0) + left_over
    tests = len(run.results) + left_over + run.interrupted
    seconds = sum(result.seconds for result in run.results)
    totals = (
        f'name="harness" tests="{tests}" failures="{failures}" errors="{errors}"'
        f' time="{seconds:.3f}"'
    )
    said = words.sentence(run) + (f"\ndrift report: {report}" if report else "")
    facts = {"command": run.command, "report": report, **run.environment}
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<testsuites {totals}>",
            f'<testsuite {totals} skipped="0">',
            "<properties>",
            *(
                f"<property name={_attribute(name, 100)} value={_attribute(value)}/>"
                for name, value in facts.items()
                if value
            ),
            "</properties>",
            *cases,
            f"<system-out>{_text(said)}</system-out>",
            "</testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _cases(run: Run, files: Files, room: int) -> Iterator[str]:
    for result in run.results:
        path = files.place(files.snapshot(result.extractor, result.capture)).path
        said = ""
        if result.verdict is not Verdict.PASS:
            lines = _lines(result) if room > 0 else [*_lines(result)[:1], "see the drift report"]
            said = _problem(str(result.verdict), words.headline(result), lines)
            room -= len(said)
        yield _case(result.extractor, result.id, path, result.seconds, said)
    for orphan in run.orphans if run.update == "none" else ():
        said = f"{shorten(orphan)}: no capture or extractor of that name"
        lines = [said, "delete it: harness lint --prune-orphans"]
        yield _case("orphaned snapshots", orphan, "", 0.0, _problem("orphan", said, lines))
    if run.interrupted:
        said = f"interrupted after {words.count(len(run.results), 'case')}"
        yield _case("harness", "the whole run", "", 0.0, _problem("error", said, [said]))


def _case(group: str, name: str, path: str, seconds: float, said: str) -> str:
    file = f" file={_attribute(path, 1000)}" if path else ""
    head = f"<testcase classname={_attribute(group)} name={_attribute(name)}{file}"
    head += f' time="{seconds:.3f}"'
    return f"{head}>{said}</testcase>" if said else f"{head}/>"


def _problem(kind: str, message: str, lines: list[str]) -> str:
    tag = "error" if kind == Verdict.ERROR else "failure"
    text = "\n".join(lines)
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rstrip() + "\n… see the drift report"
    return f'<{tag} type="{kind}" message={_attribute(message)}>{_text(text)}</{tag}>'


def _lines(result: CaseResult) -> list[str]:
    """What ``harness check`` prints of a case, without colours."""
    lines = [words.headline(result, 1000)]
    if result.failure and result.failure.traceback and not result.problem:
        lines += show_unseen(result.failure.traceback).rstrip().splitlines()[-12:]
    for field in result.fields[:20]:
        lines += words.field_lines(field)
    if len(result.fields) > 20:
        lines.append(f"… and {words.count(len(result.fields) - 20, 'more field')}")
    for finding in result.suspicions[:20]:
        lines += words.finding_lines(finding)
    return [*lines, *words.next_steps(result)]


def _attribute(text: str, width: int = 300) -> str:
    return quoteattr(_NO_CHARACTER.sub("\ufffd", shorten(text, width)))


def _text(text: str) -> str:
    return escape(_NO_CHARACTER.sub("\ufffd", show_unseen(text)))
