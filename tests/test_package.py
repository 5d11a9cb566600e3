"""The package as it is installed: versions, import cost, what ships."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version

import harness
from tests.conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def test_the_version_is_the_same_everywhere() -> None:
    assert harness.__version__ == PROJECT["project"]["version"] == version("extraction-harness")
    assert f"## {harness.__version__}" in (REPOSITORY / "CHANGELOG.md").read_text()


def test_the_lowest_versions_that_are_tested_are_the_lower_bounds() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["fetch"], *extras["review"]]
    bounds = {re.split(r"[><=]", d)[0]: re.search(r">=([\d.]+)", d)[1] for d in declared}  # type: ignore[index]
    lines = (REPOSITORY / "requirements-min.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))

    def parts(text: str) -> tuple[int, ...]:
        numbers = tuple(map(int, text.split(".")))
        return numbers + (0,) * (3 - len(numbers))

    assert {name: parts(pin) for name, pin in pinned.items()} == {
        name: parts(bound) for name, bound in bounds.items()
    }


def test_importing_harness_pulls_in_no_extra_and_no_heavy_face() -> None:
    heavy = "httpx protego jinja2 rich click pytest syrupy hypothesis rapidfuzz dateparser asyncio"
    code = f"import sys, harness; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_and_the_pytest_plugin_are_installed() -> None:
    scripts = {e.name: e.value for e in entry_points(group="console_scripts")}
    plugins = {e.name: e.value for e in entry_points(group="pytest11")}
    assert scripts["harness"] == "harness.cli:main"
    assert plugins["harness"] == "harness.pytest_plugin"


def test_the_public_names_exist_and_are_documented() -> None:
    for name in harness.__all__:
        assert getattr(harness, name).__doc__ or name == "__version__"
