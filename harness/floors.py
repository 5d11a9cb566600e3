"""Floors: pinned scores that only an explicit word lowers. Reads and writes ``floors.json``.

The file lies beside the configuration. It holds a section for each command that measures::

    {"audit": {"measured": {"corpus": "<sha256>", "operators": "<sha256>", "seeds": "1"},
               "floors": {"truncated": {"invariants": 0.953, "golden": 1.0, "together": 1.0}}}}

``measured`` says what was measured; on anything else the floors mean nothing. Shares are between
0 and 1, rounded down to three digits. Sections that a command does not know are kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec

from harness import records
from harness.errors import HarnessError
from harness.files import read_whole, write_atomic
from harness.model import Tree

NAME = "floors.json"
_DIGITS = 1000
# What rounding down to three digits loses; a share this far below its floor has not fallen.
_ROUNDING = 0.5 / _DIGITS

Scores = Mapping[str, Mapping[str, float]]


class _Section(msgspec.Struct, forbid_unknown_fields=True):
    measured: dict[str, str]
    floors: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Floors:
    """One section: what was measured, and the floor of each score by name and measure."""

    measured: Mapping[str, str]
    floors: Scores


@dataclass(frozen=True, slots=True)
class Fallen:
    """A score below its floor. ``got`` is None where it was not measured at all."""

    name: str
    measure: str
    floor: float
    got: float | None


def read_floors(path: Path, section: str) -> Floors | None:
    """A section of the file; None when there is no file, or no such section.

    Raises HarnessError, naming file and remedy, for a file that cannot be read as floors.
    """
    tree = _sections(path).get(section)
    if tree is None:
        return None
    try:
        found = msgspec.convert(tree, _Section)
    except msgspec.ValidationError as error:
        raise _broken(path, f"section {section!r}: {error}") from None
    for name, measures in found.floors.items():
        for measure, share in measures.items():
            if not 0.0 <= share <= 1.0:
                raise _broken(path, f"{name}, {measure}: {share} is no share between 0 and 1")
    return Floors(found.measured, found.floors)


def write_floors(path: Path, section: str, floors: Floors) -> None:
    """Writes one section, whole or not at all, and keeps the others.

    Raises HarnessError where the file is broken or cannot be written.
    """
    tree = dict(_sections(path))
    tree[section] = {"measured": dict(floors.measured), "floors": dict(floors.floors)}
    write_atomic(path, records.dumps(cast(Tree, tree)).encode("utf-8"))


def fallen(floors: Scores, scores: Scores) -> list[Fallen]:
    """The scores that are below their floors beyond rounding, in the order of the floors."""
    found = []
    for name, measures in floors.items():
        for measure, floor in measures.items():
            got = scores.get(name, {}).get(measure)
            if got is None or got < floor - _ROUNDING:
                found.append(Fallen(name, measure, floor, got))
    return found


def raised(floors: Scores, scores: Scores) -> Scores:
    """The floors, each raised to its score where that is higher; never lowered."""
    lifted = {name: dict(measures) for name, measures in pinned(scores).items()}
    for name, measures in floors.items():
        for measure, floor in measures.items():
            own = lifted.setdefault(name, {})
            own[measure] = max(floor, own.get(measure, 0.0))
    return dict(sorted(lifted.items()))


def pinned(scores: Scores) -> Scores:
    """The scores as floors: rounded down, so that what was measured is not below them."""
    return {
        name: {measure: math.floor(share * _DIGITS) / _DIGITS for measure, share in each.items()}
        for name, each in sorted(scores.items())
    }


def _sections(path: Path) -> dict[str, Any]:
    try:
        data = read_whole(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror}") from None
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"it is not valid JSON ({error})") from None
    if not isinstance(tree, dict):
        raise _broken(path, "it is no object with a section for each command")
    return tree


def _broken(path: Path, problem: str) -> HarnessError:
    return HarnessError(f"{path} holds no floors: {problem}; restore it from git, or pin anew")
