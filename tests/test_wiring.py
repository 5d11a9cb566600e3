"""Update modes and CI: who may write what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.config import Config
from harness.engine import Mode
from harness.errors import ConfigError, HarnessError
from harness.invariants import BUILT_IN
from harness.wiring import assemble, environment, in_ci, update_mode


@pytest.mark.parametrize(
    ("environ", "ci"),
    [
        ({}, False),
        ({"CI": ""}, False),
        ({"CI": "0"}, False),
        ({"CI": "False"}, False),
        ({"CI": "1"}, True),
        ({"CI": "true"}, True),
        ({"CI": "woodpecker"}, True),
    ],
)
def test_ci_is_what_the_variable_says(environ: dict[str, str], ci: bool) -> None:
    assert in_ci(environ) is ci
    assert update_mode(None, environ) == ("none" if ci else "pending")


@pytest.mark.parametrize("asked", ["none", "pending", "new"])
def test_modes_that_only_compare_or_add_are_allowed_in_ci(asked: Mode) -> None:
    assert update_mode(asked, {"CI": "1"}) == asked


@pytest.mark.parametrize("override", [None, "", "0", "no"])
def test_updating_everything_is_refused_in_ci(override: str | None) -> None:
    environ = {"CI": "1"} | ({} if override is None else {"HARNESS_UPDATE_IN_CI": override})
    with pytest.raises(HarnessError, match=r"refused in CI.*or set HARNESS_UPDATE_IN_CI=1"):
        update_mode("all", environ)


def test_updating_everything_in_ci_takes_the_extra_word() -> None:
    assert update_mode("all", {"CI": "1", "HARNESS_UPDATE_IN_CI": "1"}) == "all"
    assert update_mode("all", {}) == "all"


def test_the_environment_names_what_can_change_output() -> None:
    assert {"python", "selectolax", "extraction-harness"} <= set(environment())


def test_an_ignored_invariant_is_gone_and_a_misspelt_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "site.py").write_text(
        "from harness import extractor\n"
        "from harness.invariants import invariant\n"
        "@extractor('site')\ndef site(page):\n    return {}\n"
        "@invariant('mine', fault='glued')\ndef mine(it):\n    return []\n"
    )
    config = Config(
        root=tmp_path,
        source=tmp_path / "harness.toml",
        corpus=tmp_path / "corpus",
        snapshots=tmp_path / "snapshots",
        state=tmp_path / ".harness",
        extractors=("site.py",),
    )
    assert "mine" in [each.name for each in assemble(config).invariants]
    ignoring = assemble(replace(config, ignore=("mine",)))
    assert [each.name for each in ignoring.invariants] == [each.name for each in BUILT_IN]
    with pytest.raises(ConfigError, match="`ignore` names 'mien', which is no invariant"):
        assemble(replace(config, ignore=("mien",)))
