"""The record under test, as a test function gets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, cast

from syrupy.assertion import SnapshotAssertion

from harness import records
from harness.engine import Case, Extraction
from harness.model import Tree
from harness.text import show_unseen


class ExtractionFailedError(AssertionError):
    """The extractor raised, so there is no record to look into."""


class Record(Mapping[str, Any]):
    """The record under test, as a mapping of field names to Python values.

    Compare it with the ``snapshot`` fixture, or look into it for checks of your own. When the
    extractor raised, looking into it raises ExtractionFailedError with the extractor's traceback.
    """

    def __init__(self, case: Case, extraction: Extraction) -> None:
        self.case, self.extraction = case, extraction

    @cached_property
    def _values(self) -> dict[str, Any]:
        if self.extraction.problem:
            raise ExtractionFailedError(self.extraction.problem)
        outcome = self.extraction.outcome
        if outcome.record is None:
            failure = outcome.failure
            raise ExtractionFailedError(show_unseen(failure.traceback) if failure else "no record")
        return cast("dict[str, Any]", records.decode(cast(Tree, outcome.record)))

    def __getitem__(self, field: str) -> Any:
        return self._values[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SnapshotAssertion):
            return other == self
        return self._values == (other._values if isinstance(other, Record) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<record of {self.case.id}>"
