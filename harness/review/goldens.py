"""How a value becomes what a golden expects: literally, with trust, name and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import snapshots
from harness.changes import digest
from harness.corpus import CaptureRef
from harness.errors import HarnessError
from harness.expectations import mismatches
from harness.files import write_atomic
from harness.goldens import literally, parse_golden, rendered
from harness.model import Golden, Tree, root_of
from harness.review.decisions import Decision
from harness.review.disk import Disk
from harness.review.writes import Write, golden_path
from harness.text import shorten


def plan(disk: Disk, decision: Decision, record: Mapping[str, Tree], roots: Sequence[str]) -> Write:
    """What makes top-level fields of a record expectations of its capture's golden.

    ``decision`` says whose case, by whom and with what trust. Raises HarnessError, naming the case,
    where that cannot be: no such field, a trust that other fields of the golden do not have, texts
    that the golden forbids or misses.
    """
    path = disk.corpus.folder(_ref(decision)) / "golden.json"
    data = snapshots.read(str(path))
    known = parse_golden(data, path) if data is not None else None
    fields = known.fields if known else {}
    if missing := [root for root in roots if root not in record and root not in fields]:
        raise HarnessError(f"{decision.case}: its record has no field {shorten(missing[0])!r}")
    golden = _approved(decision, known, record, roots)
    about = {decision.root, *roots}
    for objection in mismatches(golden, record):
        if root_of(objection.field) in about:
            raise HarnessError(
                f"{decision.case}: no value can settle that ({shorten(objection.summary, 120)});"
                f" edit {path}"
            )
    text = rendered(golden)
    return Write(
        decision.extractor,
        decision.capture,
        "golden",
        tuple(roots),
        tuple(roots),
        None if data is None else data.decode("utf-8"),
        {root: digest(record.get(root)) for root in roots},
        snapshots.digest(data) or "",
        snapshots.digest(text.encode("utf-8")) or "",
        text,
    )


def perform(disk: Disk, write: Write) -> None:
    """Writes a golden. Raises HarnessError when the system refuses."""
    write_atomic(golden_path(disk, write), write.text.encode("utf-8"))


def _approved(
    decision: Decision, known: Golden | None, record: Mapping[str, Tree], roots: Sequence[str]
) -> Golden:
    before = known or Golden(decision.trust, {})
    others = [name for name in before.fields if name not in roots]
    if before.trust != decision.trust and (others or before.contains or before.excludes):
        what = f"{', '.join(map(shorten, others[:3]))} too" if others else "other texts too"
        raise HarnessError(
            f"{decision.case}: its golden is {before.trust!r} and speaks of {what}; one field"
            f" cannot be {decision.trust!r} alone: `harness approve {decision.case}` asks for all"
        )
    fields = {name: before.fields[name] for name in before.fields if name in others}
    fields |= {root: literally(record.get(root)) for root in roots}
    return Golden(
        trust=decision.trust,
        fields={name: fields[name] for name in dict.fromkeys([*record, *fields]) if name in fields},
        contains=before.contains,
        excludes=before.excludes,
        by=decision.by,
        at=decision.at[:10],
    )


def _ref(decision: Decision) -> CaptureRef:
    site, _, name = decision.capture.partition("/")
    return CaptureRef(site, name)
