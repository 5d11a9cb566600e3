"""All operators, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from harness.faults import bylines, cards, characters, leaks, losses, times, titles, wording
from harness.faults.operator import Fault, faults_of

OPERATORS: Mapping[str, Fault] = {
    each.name: each
    for each in faults_of(losses, leaks, wording, characters, titles, bylines, times, cards)
}
