"""Nothing that is captured or extracted makes the invariants raise, loop, or ask the world."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import harness.invariants
from harness.invariants import check
from harness.model import Capture

WORLD = {"time", "socket", "ssl", "http", "urllib.request", "asyncio", "subprocess", "httpx", "os"}


def findings(body: Any, page: bytes, media_type: str = "text/html", **fields: Any) -> set[str]:
    record = {"body": body, **fields}
    return {finding.fault for finding in check(record, Capture("s", "n", page, media_type))}


@pytest.mark.parametrize("media_type", ["text/html", "text/plain", "text/xml", "application/json"])
@pytest.mark.parametrize("page", [b"", b"\x00\xff\xfe\x1f" * 500, b"<", b"{", b"<p>" * 1000])
def test_pages_that_are_none_raise_nothing(page: bytes, media_type: str) -> None:
    for body in (None, "", [], {}, "text", ["text", "\ud800"], [["x"], {"y": 1}], 7, {"a": {}}):
        assert "raised" not in findings(body, page, media_type, title="T\ud800", byline=["a", None])


def test_a_record_without_fields_is_clean() -> None:
    assert check({}, Capture("s", "n", b"<p>text</p>", "text/html")) == []


def test_a_long_page_takes_no_quadratic_time() -> None:
    """A megabyte; anything quadratic in lines would take minutes."""
    lines = [f"Paragraph {n} of a page that does not end for a long time" for n in range(10_000)]
    page = "".join(f"<div class=c{n % 7}><p>{line}</p></div>" for n, line in enumerate(lines))
    assert "raised" not in findings(lines, page.encode())
    assert "raised" not in findings("".join(lines), page.encode())
    assert "raised" not in findings([line.upper() for line in lines[:2000]], page.encode())


def test_a_body_of_many_paragraphs_on_a_small_page_is_examined() -> None:
    page = b"<p>A paragraph of the page that stands alone and is not long.</p>"
    assert findings([f"line {n} is nowhere" for n in range(15_000)], page) == {"invented"}
    assert "raised" not in findings(["A paragraph of the page"] * 15_000, page)


def test_a_line_of_a_megabyte_is_examined() -> None:
    text = "word and another " * 60_000
    assert "raised" not in findings(text.replace("and", "und"), f"<p>{text}</p>".encode())


def imports(source: str) -> set[str]:
    tree = ast.parse(source)
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    froms = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    return names | froms


def test_no_invariant_asks_the_network_or_the_clock() -> None:
    folder = Path(harness.invariants.__file__).parent
    for module in sorted(folder.glob("*.py")):
        source = module.read_text("utf-8")
        assert not imports(source) & WORLD, module.name
        calls = [n.attr for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Attribute)]
        assert not {"now", "utcnow", "today", "urlopen"} & set(calls), module.name
