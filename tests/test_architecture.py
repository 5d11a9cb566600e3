"""The layers of docs/architecture.md, held against the imports of the code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "harness"
DOCUMENT = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")


def layers() -> dict[str, int]:
    """Module name → row of the table in docs/architecture.md."""
    table = re.findall(r"^\| (\w+) \| (`.*?`) \|", DOCUMENT, re.M)
    return {
        module: row
        for row, (_, modules) in enumerate(table)
        for module in re.findall(r"`(\w+)`", modules)
    }


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The names below ``harness`` that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("harness."))


def top(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_its_own_row_and_those_above(path: Path) -> None:
    rows, name = layers(), top(path)
    if name in ("__init__", "extractors"):
        return
    assert name in rows, f"{name} is in no row of docs/architecture.md"
    below = [other for other in imported(path) if rows.get(other, -1) > rows[name]]
    assert not below, f"{name} imports {below}, which stand below it"


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "extractors").glob("*.py")), ids=lambda p: p.stem
)
def test_a_reference_extractor_imports_what_a_user_can(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.module
            root = node.module.split(".")[0]
            assert node.module in ("harness", "__future__") or root in sys.stdlib_module_names
        elif isinstance(node, ast.Import):
            assert all(alias.name in sys.stdlib_module_names for alias in node.names)


def test_nothing_imports_a_reference_extractor_by_name() -> None:
    for path in modules():
        assert "extractors" not in imported(path), path


def test_every_row_of_the_table_is_a_module_that_exists() -> None:
    names = {top(path) for path in modules()}
    assert not set(layers()) - names
