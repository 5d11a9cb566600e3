"""Syrupy's side: where a record's snapshot lives, how it is written, and that none is deleted.

Syrupy recalls, serialises, compares and writes through these methods; comparing is the engine's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from syrupy.data import SnapshotCollection, SnapshotCollections
from syrupy.extensions.base import AbstractSyrupyExtension

from harness.engine import Case, Engine, Extraction
from harness.errors import SnapshotError
from harness.files import write_atomic
from harness.model import CaseResult

if TYPE_CHECKING:
    from syrupy.location import PyTestLocation
    from syrupy.types import SerializableData, SerializedData, SnapshotIndex

# Where an item's snapshot is; set by the plugin before the record is compared.
LOCATION_KEY = pytest.StashKey[str]()


class RecordExtension(AbstractSyrupyExtension):
    """One record: ``snapshots/<extractor>/<site>/<capture>.json``.

    An instance serves one assertion; ``result`` is its verdict once the snapshot was compared, and
    ``accepted`` the snapshot's bytes. Without arguments it is what syrupy builds to find its way.
    """

    file_extension = "json"
    # Each record has a file of its own; holding 10,000 of them back until the end wins nothing.
    write_immediately = True

    def __init__(
        self,
        engine: Engine | None = None,
        case: Case | None = None,
        extraction: Extraction | None = None,
    ) -> None:
        self._engine, self._case, self._extraction = engine, case, extraction
        self.accepted: bytes | None = None
        self.result: CaseResult | None = None

    @property
    def location(self) -> str:
        """Where the record's snapshot is."""
        assert self._engine and self._case, "bound by the assertion"
        return self._engine.accepted.location(self._case.extractor.name, self._case.ref.id)

    def judge(self) -> CaseResult | None:
        """The verdict on the record; None when there is no snapshot, or none that can be read."""
        try:
            self._look()
        except SnapshotError:
            return None  # syrupy meets the same error, and keeps it with the assertion
        return self.result

    def _look(self) -> None:
        assert self._engine and self._case and self._extraction, "bound by the assertion"
        self.accepted = self._engine.accepted.read(self._case.extractor.name, self._case.ref.id)
        if self.accepted is not None:
            self.result = self._engine.judge(self._case, self._extraction, self.accepted)

    def serialize(self, data: SerializableData, **_: Any) -> SerializedData:
        """The record as its snapshot stores it; with chosen fields, only those are new."""
        assert self._engine and self._extraction, "bound by the assertion"
        if self._extraction.outcome.record is None:
            return self._extraction.rendered
        return self._engine.updated_text(self._extraction, self.accepted)

    def matches(self, *, serialized_data: SerializedData, snapshot_data: SerializedData) -> bool:
        """Whether the output is what was accepted. What a golden says is settled later."""
        assert self._engine and self.result, "judged by the assertion"
        return not self._engine.differs(self.result) and not self.result.problem

    def read_snapshot_data_from_location(
        self, *, snapshot_location: str, snapshot_name: str, session_id: str
    ) -> SerializedData | None:
        if self.accepted is None:
            self._look()
        return self.accepted

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        item: Any = test_location.item
        return cast(str, item.stash[LOCATION_KEY])

    @classmethod
    def matches_test_location(
        cls, *, test_location: PyTestLocation, snapshot_location: str
    ) -> bool:
        """Snapshots live by extractor and capture, not by test file: any test may use them."""
        return True

    def discover_snapshots(self, **_: Any) -> SnapshotCollections:
        """Nothing: syrupy deletes what it discovers and deems unused, and cannot know that here.

        Which snapshots are orphans is a question to the corpus, which the engine answers.
        """
        return SnapshotCollections()

    def read_snapshot_collection(self, *, snapshot_location: str) -> SnapshotCollection:
        return SnapshotCollection(location=snapshot_location)

    def delete_snapshots(self, *, snapshot_location: str, snapshot_names: set[str]) -> None:
        raise AssertionError("snapshots are deleted by `harness lint --prune-orphans` only")

    @classmethod
    def write_snapshot_collection(
        cls, *, snapshot_collection: SnapshotCollection, name_order: dict[str, int] | None = None
    ) -> None:
        for snapshot in snapshot_collection:
            data = snapshot.data
            text = data.encode("utf-8") if isinstance(data, str) else data or b""
            write_atomic(Path(snapshot_collection.location), text)
