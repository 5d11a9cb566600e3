"""Whether extractors give the same record again: another process, another order, another seed."""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from harness import snapshots
from harness.diff import same
from harness.engine import Case, Engine, Extraction
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.judge import NONDETERMINISM
from harness.model import Failure, Finding, Tree, first_line
from harness.records import tag_of
from harness.snapshots import Snapshot
from harness.text import shorten

INVARIANT = "deterministic"
# In one process twice in a row, backwards: a counter, a cache or a random number shows in the
# second, the order of the captures in the first. In another process once, in a mixed order: what
# hashing orders (sets of text) may by chance be alike in two processes, seldom in three.
PLACES = (
    "in another process",
    "in another process, the second time",
    "in a third process, in another order",
)
TIMES = len(PLACES)
# Any two that differ, and from 0, which worker processes have otherwise.
_SEEDS = (1, 2)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")

# An extractor as it runs in fresh processes of its own, one capture at a time, with a hash seed.
Elsewhere = Callable[[Extractor, int], Extractor]


@dataclass(frozen=True, slots=True)
class Repeats:
    """What each case gave when it was repeated: compressed snapshots, in the order of PLACES."""

    given: Mapping[str, Sequence[bytes]]

    def findings(self, case: Case, extraction: Extraction) -> tuple[Finding, ...]:
        """A finding of severity ``error`` where a repetition gave something else; of many one."""
        again = self.given.get(case.id, ())
        if not again or extraction.problem:
            return ()
        first = _packed(extraction.rendered)
        for place, packed in zip(PLACES, again, strict=False):
            if packed != first:
                other = snapshots.parse(zlib.decompress(packed), case.id)
                mine = Snapshot(extraction.outcome.record, extraction.outcome.failure)
                found = difference(mine, other, place)
                if found is not None:
                    return (found,)
        return ()


def repeat(
    engine: Engine,
    cases: Sequence[Case],
    elsewhere: Elsewhere,
    advance: Callable[[object], None] = lambda _: None,
) -> Repeats:
    """Extracts every case TIMES times, in processes that ``elsewhere`` gives.

    ``advance`` is called after each extraction. Raises HarnessError where no process can be
    started.
    """
    mixed = list(cases)
    random.Random(0).shuffle(mixed)
    orders = ([case for case in reversed(cases) for _ in range(2)], mixed)
    given: dict[str, list[bytes]] = {case.id: [] for case in cases}
    for seed, order in zip(_SEEDS, orders, strict=True):
        known = {case.extractor.name: case.extractor for case in cases}
        fresh = {name: elsewhere(each, seed) for name, each in known.items()}
        # One worker: with several, which of them gets which capture would be chance.
        other = replace(engine, extractors=tuple(fresh.values()), outcomes=None, workers=1)
        try:
            asked = [Case(case.ref, fresh[case.extractor.name]) for case in order]
            for case, extraction in other.extractions(asked):
                _refuse_unstarted(extraction)
                given[case.id].append(_packed(extraction.rendered))
                advance(case)
        finally:
            other.close()
    return Repeats(given)


def difference(first: Snapshot, again: Snapshot, place: str) -> Finding | None:
    """What two runs of one extractor on one capture do not share; None where they are alike.

    ``place`` says where the second ran.
    """
    if first.record is None or again.record is None:
        here, there = _raised(first), _raised(again)
        return None if here == there else _finding("*", here, there, place)
    apart = _apart(cast(Tree, first.record), cast(Tree, again.record), "")
    if apart is None:
        return None
    path, mine, other = apart
    return _finding(path, _shown(mine), _shown(other), place)


def _finding(field: str, here: str, there: str, place: str) -> Finding:
    message = f"{here} in this run, {there} {place}: the same capture gives other records"
    return Finding(INVARIANT, field, "error", NONDETERMINISM, message)


def _apart(mine: Tree, other: Tree, path: str) -> tuple[str, Tree, Tree] | None:
    """The first path at which two trees differ, and what stands there in both."""
    if isinstance(mine, dict) and isinstance(other, dict) and not (tag_of(mine) or tag_of(other)):
        for name in [*mine, *(name for name in other if name not in mine)]:
            below = f"{path}.{name}" if path else name
            if (name in mine) != (name in other):
                return below, mine.get(name), other.get(name)
            if (found := _apart(mine[name], other[name], below)) is not None:
                return found
        return None
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        pairs = enumerate(zip(mine, other, strict=True))
        found_in = (_apart(one, two, f"{path}[{i}]") for i, (one, two) in pairs)
        return next((found for found in found_in if found is not None), None)
    return None if same(mine, other) else (path, mine, other)


def _shown(value: Tree) -> str:
    return shorten(json.dumps(value, ensure_ascii=False), 80)


def _raised(snapshot: Snapshot) -> str:
    failure = snapshot.error
    if failure is None:
        return "a record"
    # An object's address is another in each process.
    said = _ADDRESS.sub("0x…", first_line(failure.message))
    return f"raised {failure.type}: {said}"


def _refuse_unstarted(extraction: Extraction) -> None:
    failure: Failure | None = extraction.outcome.failure
    if failure is not None and failure.type == "CannotStart":
        raise HarnessError(
            "--determinism repeats extractions in worker processes, and none can be started:"
            f" {first_line(failure.message)}"
        )


def _packed(rendered: str) -> bytes:
    # Records of 10,000 captures, three times over, are held; text packs to a third.
    return zlib.compress(rendered.encode("utf-8"), 1)
