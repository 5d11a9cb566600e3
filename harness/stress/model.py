"""What a stress run found, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model import Hunk

# The 97.5 % quantile of the normal distribution: two-sided 95 % intervals.
_Z = 1.959964


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, 1927); (0, 1) of no trials.

    Unlike the textbook's, it is right for few trials and for shares near 0 and 1.
    """
    if trials <= 0:
        return 0.0, 1.0
    share, squared = successes / trials, _Z * _Z
    middle = share + squared / (2 * trials)
    spread = _Z * math.sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
    scale = 1 + squared / trials
    # At 0 and 1 the ends are exact; rounding leaves them 1e-17 beside.
    low = 0.0 if successes <= 0 else (middle - spread) / scale
    high = 1.0 if successes >= trials else (middle + spread) / scale
    return max(0.0, low), min(1.0, high)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field under one mutation.

    ``trials`` counts mutated pages on which the relation judged the field, since it held something
    or was given what it must not hold, ``broken`` those on which it broke. Seeds of one capture are
    not independent, so a capture counts once: ``kept`` is the sum, over ``captures``, of the share
    of its trials that held.
    """

    mutation: str
    family: str
    must_hold: bool
    field: str
    captures: int
    trials: int
    broken: int
    kept: float

    @property
    def rate(self) -> float:
        """The share of captures that the field survived."""
        return self.kept / self.captures if self.captures else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of ``rate``, with captures as its trials."""
        return wilson(self.kept, self.captures)


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a fault: what the mutation did to a page, and what came of it."""

    capture: str
    steps: tuple[tuple[str, int], ...]
    note: str
    message: str
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A shrunk page of a fault, and the one command that shows it.

    Sizes are in bytes. ``alone``: the file is enough; else the command carries what it needs.
    ``ended`` as in ``harness.shrink.Shrunk``; ``parses`` too.
    """

    path: str
    source: str
    size_from: int
    size_to: int
    command: str
    example: Example
    ended: str
    parses: bool
    tests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Fault:
    """The cases of one mutation, field and fault class: for a reader, one thing that is wrong."""

    mutation: str
    family: str
    relation: str
    must_hold: bool
    field: str
    fault: str
    trials: int
    captures: int
    example: Example
    shrunk: Reproduction | None = None

    @property
    def id(self) -> str:
        """``mutation-field-fault``, the name of its page."""
        field_ = "record" if self.field == "*" else self.field
        return f"{self.mutation}-{field_}-{self.fault}"


@dataclass(frozen=True, slots=True)
class Stress:
    """One extractor under all mutations of a set of captures. Counts are of mutated pages.

    ``failed`` names the captures on which it raised before any mutation, with what; ``bare`` is
    the number of captures of which it gave an empty record, ``unsteady`` names those of which it
    gave two records when it was asked twice: none of these can be stressed. ``untouched`` are
    captures to which no mutation applied: those of over 3 MB, and those of no kind that is edited.
    """

    extractor: str
    captures: int
    seeds: int
    trials: int
    inapplicable: int
    cells: tuple[Cell, ...]
    faults: tuple[Fault, ...]
    failed: tuple[tuple[str, str], ...] = ()
    bare: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    interrupted: bool = False
    unsteady: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Every relation that must hold held."""
        return not any(fault.must_hold for fault in self.faults) and not self.interrupted
