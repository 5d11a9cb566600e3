"""What lies on disk about a case: its snapshot, and the output that waits for review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness import snapshots
from harness.changes import WHOLE, digest
from harness.config import Config
from harness.corpus import CaptureRef, Corpus
from harness.diff import same
from harness.errors import SnapshotError
from harness.files import is_slug
from harness.judge import raised
from harness.model import Tree, case_id
from harness.snapshots import Snapshot, Snapshots


@dataclass(frozen=True, slots=True)
class Present:
    """A case as it lies on disk now. ``sha`` is the snapshot file's digest, "" for none.

    ``synced``: the pending output was compared with this very snapshot.
    """

    accepted: Snapshot | None
    pending: Snapshot | None
    sha: str

    @property
    def synced(self) -> bool:
        return self.pending is None or (self.pending.against or "") == self.sha

    @property
    def output(self) -> Snapshot | None:
        """What the extractor gave last: what is pending, else what was accepted."""
        return self.pending or self.accepted

    def digests(self, root: str) -> tuple[str, str]:
        """Old and new as the changes of a run have them (:mod:`harness.changes`)."""
        new = self.output
        if root != WHOLE:
            return digest(_fields(self.accepted).get(root)), digest(_fields(new).get(root))
        return self._whole_old(), whole_digest(new)

    def differs(self, root: str) -> bool:
        """Whether the output waits to be accepted in this top-level field."""
        if self.pending is None:
            return False
        if root == WHOLE:
            return True
        old, new = _fields(self.accepted), _fields(self.pending)
        return (root in old) != (root in new) or not same(old.get(root), new.get(root))

    def roots(self) -> tuple[str, ...]:
        """The top-level fields in which it waits; ``*`` where there is no record on both sides."""
        if self.pending is None:
            return ()
        if self.pending.record is None or self.accepted is None or self.accepted.record is None:
            return (WHOLE,)
        names = dict.fromkeys((*self.pending.record, *self.accepted.record))
        return tuple(name for name in names if self.differs(name))

    def _whole_old(self) -> str:
        if self.accepted is None:
            return ""
        if self.accepted.record is not None:
            return digest(self.accepted.record)
        # A result holds no record of an accepted error.
        return "" if self.output is not None and self.output.error else digest({})


@dataclass(frozen=True, slots=True)
class Disk:
    """The folders that a review reads and writes."""

    corpus: Corpus
    accepted: Snapshots
    pending: Snapshots

    @classmethod
    def of(cls, config: Config) -> Disk:
        return cls(Corpus(config.corpus), Snapshots(config.snapshots), Snapshots(config.pending))

    def knows(self, extractor: str, capture: str) -> bool:
        """Whether these may be names of files at all, and the capture is one of the corpus."""
        site, _, name = capture.partition("/")
        if not all(map(is_slug, (extractor, site, name))):
            return False
        return self.corpus.folder(CaptureRef(site, name)).is_dir()

    def present(self, extractor: str, capture: str) -> Present:
        """A case as it is now. Raises SnapshotError, naming file and remedy, for a broken file."""
        data = self.accepted.read(extractor, capture)
        accepted = data and snapshots.parse(data, self.accepted.path(extractor, capture))
        return Present(
            accepted or None, self.waiting(extractor, capture), snapshots.digest(data) or ""
        )

    def waiting(self, extractor: str, capture: str) -> Snapshot | None:
        """What is pending of a case. Raises SnapshotError for a broken file."""
        data = self.pending.read(extractor, capture)
        if data is None:
            return None
        path: Path = self.pending.path(extractor, capture)
        try:
            return snapshots.parse(data, path)
        except SnapshotError as error:
            broken = str(error).partition("; ")[0]
            raise SnapshotError(
                f"{broken}; run `harness check {case_id(extractor, capture)}` again"
            ) from None


def whole_digest(snapshot: Snapshot | None) -> str:
    """The digest of a whole record or of what was raised; "" for nothing."""
    if snapshot is None:
        return ""
    if snapshot.error is not None:
        return digest(raised(snapshot.error))
    return digest(snapshot.record)


def _fields(snapshot: Snapshot | None) -> Mapping[str, Tree]:
    return (snapshot and snapshot.record) or {}
