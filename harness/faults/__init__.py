"""Faults of records: their classes, and operators that plant them to measure a suite.

``OPERATORS`` holds every operator by its name. Each harms a record as an extractor that goes
wrong would have, with texts of the page where it needs any, and gives None where it would change
nothing that a reader would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.faults.classes import CLASSES

if TYPE_CHECKING:
    from harness.faults.catalogue import OPERATORS
    from harness.faults.operator import Fault
    from harness.faults.sight import Sight

__all__ = ["CLASSES", "OPERATORS", "Fault", "Sight"]


def __getattr__(name: str) -> Any:
    # Invariants need the classes alone, and `import harness` must not pay for the operators.
    if name == "OPERATORS":
        from harness.faults.catalogue import OPERATORS

        return OPERATORS
    if name == "Fault":
        from harness.faults.operator import Fault

        return Fault
    if name == "Sight":
        from harness.faults.sight import Sight

        return Sight
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
