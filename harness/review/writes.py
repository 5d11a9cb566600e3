"""How an output becomes a snapshot, and how a snapshot becomes what it was before.

A :class:`Write` is made before anything is written and says what the file held. With it a write
that was cut off is finished, and a finished one undone. The order is snapshot, then pending: cut
off between the two, the pending output is one that was compared with the snapshot before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from harness import records, snapshots
from harness.changes import digest
from harness.diff import same
from harness.engine import merge_fields, unknown_field
from harness.errors import HarnessError
from harness.files import write_atomic
from harness.model import Failure, Tree, case_id
from harness.review.disk import Disk, Present, whole_digest
from harness.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Write:
    """One file that a decision changes.

    ``chosen`` are the top-level fields that are taken, () for all. ``fields`` are those that are
    put back, () for the whole file; ``was`` is what it held of them: fields that it had, or the
    whole file as it is stored, None for no file.
    ``now`` are the digests of what it takes, by field, ``*`` for the whole. ``before`` and
    ``after`` are digests of the file. Of a golden, ``was`` and ``text`` are the file's old and new
    text.
    """

    extractor: str
    capture: str
    file: Literal["snapshot", "golden"]
    chosen: tuple[str, ...]
    fields: tuple[str, ...]
    was: Tree
    now: Mapping[str, str]
    before: str
    after: str
    text: str = ""

    @property
    def case(self) -> str:
        return case_id(self.extractor, self.capture)

    def row(self) -> dict[str, Any]:
        """As the journal holds it."""
        return asdict(self)


def write_of(row: object) -> Write | None:
    """What :meth:`Write.row` gave; None for anything else."""
    if not isinstance(row, dict):
        return None
    texts = ("extractor", "capture", "file", "before", "after", "text")
    lists = ("chosen", "fields")
    if not all(isinstance(row.get(key), str) for key in texts):
        return None
    if not all(isinstance(row.get(key), list) for key in lists) or "was" not in row:
        return None
    if row["file"] not in ("snapshot", "golden") or not isinstance(row.get("now"), dict):
        return None
    known: dict[str, Any] = {key: row[key] for key in (*texts, "was", "now")}
    known |= {key: tuple(map(str, row[key])) for key in lists}
    return Write(**known)


@dataclass(frozen=True, slots=True)
class Planned:
    """A write, the file's new text, and what stays pending; None for nothing."""

    write: Write
    text: str
    rest: str | None


def plan(
    disk: Disk,
    extractor: str,
    capture: str,
    fields: Sequence[str] = (),
    *,
    errors: bool = False,
) -> Planned:
    """What makes pending output the snapshot: whole, or of top-level fields only.

    Raises HarnessError, naming the case, when nothing is pending, when it is stale, when a field is
    in neither, and for an error that was not asked for.
    """
    case = case_id(extractor, capture)
    waiting = disk.waiting(extractor, capture)
    if waiting is None:
        raise HarnessError(f"{case}: nothing is pending")
    data = disk.accepted.read(extractor, capture)
    if (snapshots.digest(data) or "") != (waiting.against or ""):
        raise HarnessError(
            f"{case}: its snapshot changed since this output was compared;"
            f" run `harness check {case}` again"
        )
    if waiting.error and not errors:
        raise HarnessError(
            f"{case}: the extractor raised {waiting.error.type};"
            " mend it, or accept that with --error"
        )
    current = data and snapshots.parse(data, disk.accepted.path(extractor, capture))
    present = Present(current or None, waiting, snapshots.digest(data) or "")
    if fields and waiting.record is not None:
        return _plan_fields(extractor, capture, present, waiting, waiting.record, fields)
    text = snapshots.render(waiting)
    was = _stored(present.accepted)
    now = {"*": whole_digest(waiting)}
    after = snapshots.digest(text.encode("utf-8")) or ""
    write = Write(extractor, capture, "snapshot", (), (), was, now, present.sha, after)
    return Planned(write, text, None)


def _plan_fields(
    extractor: str,
    capture: str,
    present: Present,
    waiting: Snapshot,
    record: dict[str, Tree],
    fields: Sequence[str],
) -> Planned:
    before = (present.accepted and present.accepted.record) or {}
    for name in fields:
        if name not in {*before, *record}:
            raise unknown_field(name, {*before, *record})
    merged = merge_fields(before, record, fields)
    text = snapshots.render(Snapshot(merged))
    after = snapshots.digest(text.encode("utf-8")) or ""
    # Where it was accepted that the extractor raises, the whole file goes.
    replaced = present.accepted is None or present.accepted.record is None
    write = Write(
        extractor,
        capture,
        "snapshot",
        tuple(fields),
        () if replaced else tuple(fields),
        _stored(present.accepted) if replaced else {n: before[n] for n in fields if n in before},
        {"*": digest(merged)} if replaced else {n: digest(merged.get(n)) for n in fields},
        present.sha,
        after,
    )
    rest = None if same(merged, dict(record)) else snapshots.render(waiting, after)
    return Planned(write, text, rest)


def perform(disk: Disk, planned: Planned) -> None:
    """Writes what was planned. Raises HarnessError when the system refuses."""
    write = planned.write
    disk.accepted.write(write.extractor, write.capture, planned.text)
    _leave(disk, write, planned.rest)


def _leave(disk: Disk, write: Write, rest: str | None) -> None:
    if rest is None:
        disk.pending.delete(write.extractor, write.capture)
    else:
        disk.pending.write(write.extractor, write.capture, rest)


def finish(disk: Disk, write: Write) -> None:
    """Does the rest of a write that a dying process began, or all of it; nothing if it is done.

    Raises HarnessError when the files are no longer those of the write, or cannot be written.
    """
    if write.file == "golden":
        path = golden_path(disk, write)
        if snapshots.digest(snapshots.read(str(path))) == (write.before or None):
            write_atomic(path, write.text.encode("utf-8"))
        return
    present = disk.present(write.extractor, write.capture)
    if present.sha == write.before:
        again = plan(disk, write.extractor, write.capture, write.chosen, errors=True)
        if again.write.after == write.after:  # else the output is another one by now
            perform(disk, again)
        return
    waiting = present.pending
    if present.sha != write.after or waiting is None or present.synced:
        return
    if (waiting.against or "") == write.before:
        left = write.chosen and present.roots()
        _leave(disk, write, snapshots.render(waiting, present.sha) if left else None)


def undo(disk: Disk, write: Write) -> None:
    """Makes a file what it was before a write; nothing where it is that already.

    Raises HarnessError, naming the case, when what was written has changed since.
    """
    if write.file == "golden":
        _undo_golden(disk, write)
        return
    present = disk.present(write.extractor, write.capture)
    before: Snapshot | None
    if write.fields:
        before = _without(present, write)
    elif present.sha == write.before:
        return
    elif present.sha != write.after:
        raise _changed(write, "snapshot")
    else:
        before = _restored(write.was)
    if before is None:
        _wait(disk, write, present, "")
        disk.accepted.delete(write.extractor, write.capture)
        return
    text = snapshots.render(before)
    sha = snapshots.digest(text.encode("utf-8")) or ""
    if sha == present.sha:
        return
    # What is accepted now waits again: written first, so that it cannot be lost.
    _wait(disk, write, present, sha)
    disk.accepted.write(write.extractor, write.capture, text)


def _wait(disk: Disk, write: Write, present: Present, against: str) -> None:
    """Leaves what the extractor gave pending, compared with the snapshot that will be there."""
    if present.pending is not None and not present.synced:
        return  # of another output, or already done by a process that died
    output = present.output
    if output is not None:
        text = snapshots.render(output, against)
        disk.pending.write(write.extractor, write.capture, text)


def _without(present: Present, write: Write) -> Snapshot:
    """The snapshot with what a write took from it put back."""
    record = present.accepted.record if present.accepted else None
    was = write.was
    if record is None or not isinstance(was, dict):
        raise _changed(write, "snapshot")
    put = dict(record)
    for name in write.fields:
        now, old = digest(record.get(name)), digest(was.get(name))
        if now not in (write.now.get(name), old):
            raise _changed(write, f"snapshot's {name}")
        if name in was:
            put[name] = was[name]
        else:
            put.pop(name, None)
    return Snapshot({name: put[name] for name in sorted(put, key=_order)})


def _order(name: str) -> tuple[int, str]:
    first = records.FIRST_FIELDS
    return (first.index(name) if name in first else len(first), name)


def _undo_golden(disk: Disk, write: Write) -> None:
    path = golden_path(disk, write)
    sha = snapshots.digest(snapshots.read(str(path))) or ""
    if sha == write.before:
        return
    if sha != write.after:
        raise _changed(write, "golden")
    if isinstance(write.was, str):
        write_atomic(path, write.was.encode("utf-8"))
    else:
        path.unlink(missing_ok=True)


def golden_path(disk: Disk, write: Write) -> Any:
    """Where a capture's golden is."""
    return disk.corpus.root.joinpath(*write.capture.split("/"), "golden.json")


def _changed(write: Write, what: str) -> HarnessError:
    return HarnessError(
        f"{write.case}: its {what} changed since; it cannot be undone, restore it from git"
    )


def _stored(snapshot: Snapshot | None) -> Tree:
    if snapshot is None:
        return None
    return records.loads(snapshots.render(snapshot))


def _restored(was: Tree) -> Snapshot | None:
    if not isinstance(was, dict):
        return None
    record, error = was.get("record"), was.get("error")
    if isinstance(record, dict):
        return Snapshot(record)
    told = cast("dict[str, Tree]", error if isinstance(error, dict) else {})
    return Snapshot(None, Failure(str(told.get("type")), str(told.get("message"))))
