"""What docs/invariants.md says, held against the code."""

from __future__ import annotations

import re
from typing import Any

from harness.faults.classes import CLASSES
from harness.invariants import BUILT_IN, Invariant, check
from tests.conftest import REPOSITORY
from tests.invariants.articles import capture, record

DOCUMENT = (REPOSITORY / "docs" / "invariants.md").read_text("utf-8")


def table() -> str:
    """The table of the document as the code has it now."""
    head = "| invariant | fault class | severity | what holds |\n|---|---|---|---|\n"
    rows = (f"| `{i.name}` | {i.fault} | {i.severity} | {i.doc} |\n" for i in BUILT_IN)
    return head + "".join(rows)


def test_the_table_of_the_document_is_that_of_the_code() -> None:
    start = DOCUMENT.index("| invariant |")
    told = re.match(r"(?:\|.*\n)+", DOCUMENT[start:])
    assert told is not None
    assert told[0] == table(), f"put this into docs/invariants.md:\n{table()}"


def test_every_class_that_the_document_names_is_one() -> None:
    for name in re.findall(r'fault="([^"]+)"', DOCUMENT):
        assert name in CLASSES


def test_the_examples_of_the_document_run() -> None:
    names: dict[str, Any] = {"record": record(), "capture": capture()}
    for block in re.findall(r"^```python\n(.*?)^```", DOCUMENT, re.M | re.S):
        exec(compile(block, "docs/invariants.md", "exec"), names)
    own = [each for each in names.values() if isinstance(each, Invariant)]
    assert own
    wrong = record(title="LIVE: Otters return")
    found = check(wrong, capture(), invariants=own)
    assert {finding.invariant for finding in found} == {"no-live-blog"}
    assert check(record(), capture(), invariants=own) == []
