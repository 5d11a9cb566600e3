"""Faults of records: their classes, and operators that plant them to measure a suite."""

from harness.faults.classes import CLASSES

__all__ = ["CLASSES"]
