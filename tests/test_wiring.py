"""Update modes and CI: who may write what."""

from __future__ import annotations

import pytest

from harness.engine import Mode
from harness.errors import HarnessError
from harness.wiring import environment, in_ci, update_mode


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
