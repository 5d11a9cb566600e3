"""The example of docs/provenance.md, run on the shipped corpus."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY, Project

DOCUMENT = (REPOSITORY / "docs" / "provenance.md").read_text("utf-8")


def test_the_first_example_is_what_the_command_prints() -> None:
    example = re.search(r"^    \$ harness (extract \S+ --where)\n((?:    .*\n)+)", DOCUMENT, re.M)
    assert example
    told = [line for line in example[2].splitlines() if line.strip() != "…"]
    done = Project(REPOSITORY).run("harness", *example[1].split())
    printed = [f"    {line}" for line in done.out.splitlines()]
    assert len(told) == 8 and told[0] in printed
    start = printed.index(told[0])
    assert printed[start : start + len(told)] == told
