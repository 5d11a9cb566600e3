"""Stress: how an extractor's records survive mutations of its pages, measured and counted.

:func:`measure` runs it, :func:`reproduce` makes a small page of a fault. An extractor runs in this
process: one that raises on a mutated page is a broken relation, one that hangs hangs the run.
"""

from harness.stress.measure import measure
from harness.stress.model import Cell, Example, Fault, Reproduction, Stress, wilson
from harness.stress.oracles import (
    FindingOracle,
    Oracle,
    RaisesOracle,
    RelationOracle,
    same_failure,
)
from harness.stress.reproduce import alone, reproduce

__all__ = [
    "Cell",
    "Example",
    "Fault",
    "FindingOracle",
    "Oracle",
    "RaisesOracle",
    "RelationOracle",
    "Reproduction",
    "Stress",
    "alone",
    "measure",
    "reproduce",
    "same_failure",
    "wilson",
]
