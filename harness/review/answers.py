"""What became of decisions: told to the page, to the terminal and on the command line alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.review.decisions import Decision

State = Literal["recorded", "written"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A decision that stands: ``written``, or ``recorded`` until the rest of its field is decided.

    A rejection is only ever recorded.
    """

    decision: Decision
    state: State
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that changed nothing, and why, in one line that begins with the case."""

    decision: Decision
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of some decisions. ``version`` counts the journal's entries."""

    version: int
    applied: tuple[Applied, ...] = ()
    refused: tuple[Refused, ...] = ()
