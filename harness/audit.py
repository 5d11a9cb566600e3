"""The measured strength of a suite: faults are planted into records, and what sees them counted.

Each operator of ``harness.faults`` harms the records that a project's extractors give. A harmed
record is held against the accepted snapshot, the golden and the invariants, as a run would. What
only the snapshot sees would pass on a page that is new to the corpus, and in a snapshot that was
accepted wrongly it would stay.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from harness import records
from harness.diff import same
from harness.engine import Case, Engine, Extraction
from harness.errors import HarnessError, SnapshotError
from harness.faults import Fault, Sight
from harness.invariants import Subject, examine
from harness.judge import Standard, judge
from harness.model import Finding, Golden, Tree, Verdict
from harness.page import Page
from harness.records import Record
from harness.snapshots import parse, render
from harness.text import shorten

# Two-sided 95 % of the normal distribution.
_Z = 1.959964
# So much of a text is shown beside what differs in it.
_AROUND = 24
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault that was planted, and what saw it.

    ``snapshot`` and ``golden`` are None where there is none that passes the unharmed record.
    ``errors`` and ``warnings`` name the invariants that found what they had not found before.
    """

    case: str
    operator: str
    fault: str
    strength: float
    seed: int
    snapshot: bool | None
    golden: bool | None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    field: str = ""
    old: str = ""
    new: str = ""

    @property
    def seen_by_invariants(self) -> bool:
        return bool(self.errors or self.warnings)

    @property
    def escaped(self) -> bool:
        """Whether nothing but the snapshot saw it, which on a new page there is none of."""
        return not (self.golden or self.seen_by_invariants)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    seen: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return self.seen / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, after Wilson (1927); of nothing, all is possible."""
        if not self.of:
            return 0.0, 1.0
        rate, square = self.seen / self.of, _Z * _Z
        middle = (rate + square / (2 * self.of)) / (1 + square / self.of)
        spread = math.sqrt(rate * (1 - rate) / self.of + square / (4 * self.of * self.of))
        half = _Z * spread / (1 + square / self.of)
        # In floating point the ends may fall short of the share itself by the last digit.
        return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


@dataclass(frozen=True, slots=True)
class Row:
    """What saw the faults of one class, or of one operator."""

    name: str
    planted: int
    snapshot: Share
    golden: Share
    errors: Share
    invariants: Share
    together: Share
    escaped: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was planted. ``alarms`` are what the invariants have against unharmed records.

    ``skipped`` are cases without a record, with the reason.
    """

    planted: tuple[Planted, ...]
    alarms: tuple[tuple[str, Finding], ...]
    records: int
    skipped: tuple[tuple[str, str], ...] = ()
    measured: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Row:
        """All faults together."""
        return row("all", self.planted)

    def by_class(self) -> list[Row]:
        """A row for each class of faults, the weakest first."""
        return _rows(self.planted, lambda each: each.fault)

    def by_operator(self) -> list[Row]:
        """A row for each operator, the weakest first."""
        return _rows(self.planted, lambda each: each.operator)

    def strengths(self) -> dict[str, dict[str, float]]:
        """For each class the shares that floors are pinned to."""
        return {
            each.name: {
                name: share.rate
                for name, share in (
                    ("invariants", each.invariants),
                    ("golden", each.golden),
                    ("together", each.together),
                )
                if share.rate is not None
            }
            for each in sorted(self.by_class(), key=lambda each: each.name)
        }


def audit(
    engine: Engine,
    cases: Sequence[Case],
    operators: Iterable[Fault],
    seeds: int = 1,
    done: Callable[[Case], None] = lambda _: None,
) -> Audit:
    """Plants every fault into the record of every case, and asks what sees it. Writes nothing."""
    chosen = tuple(operators)
    planted: list[Planted] = []
    alarms: list[tuple[str, Finding]] = []
    skipped: list[tuple[str, str]] = []
    digests: list[str] = []
    for case, extraction in engine.extractions(cases):
        try:
            subject = _Suspect(engine, case, extraction)
        except HarnessError as error:
            skipped.append((case.id, str(error)))
        else:
            digests.append(f"{case.id} {subject.capture.sha256}")
            alarms += [(case.id, finding) for finding in subject.findings]
            planted += subject.plant(chosen, seeds)
        done(case)
    measured = {
        "corpus": _digest(sorted(digests)),
        "operators": _digest(sorted(f"{each.name} {each.strengths}" for each in chosen)),
        "seeds": str(seeds),
    }
    counted = len(cases) - len(skipped)
    return Audit(tuple(planted), tuple(alarms), counted, tuple(skipped), measured)


class _Suspect:
    """The record of one case, what sees it unharmed, and what sees it harmed."""

    def __init__(self, engine: Engine, case: Case, extraction: Extraction) -> None:
        """Raises HarnessError where there is no record to harm."""
        if extraction.problem or extraction.loaded is None:
            raise HarnessError(extraction.problem or "the capture was not loaded")
        outcome = extraction.outcome
        if outcome.record is None:
            raised = outcome.failure.type if outcome.failure else "something"
            raise HarnessError(f"the extractor raised {raised}")
        self._engine, self._case, self._outcome = engine, case, outcome
        self.capture = extraction.loaded.capture
        self._record: Record = outcome.record
        page = Page(self.capture)
        self._sight = Sight(self.capture, page)
        self._subject = Subject(
            self._record,
            self.capture,
            page=page,
            recurring=engine.sites.recurring(self.capture.site),
            roles=engine.roles,
        )
        self.findings = examine(self._subject, engine.invariants)
        self._known = Counter(map(_key, self.findings))
        self._golden = self._usable(extraction.loaded.golden)
        self._snapshot = self._accepted(extraction.rendered)

    def plant(self, operators: Sequence[Fault], seeds: int) -> Iterator[Planted]:
        """Every fault that the operators can plant here. The same harm is counted once."""
        for operator in operators:
            told: set[str] = set()
            for strength in operator.strengths:
                for seed in range(seeds):
                    harmed = operator(self._record, self.capture, seed, strength, sight=self._sight)
                    if harmed is None:
                        continue
                    outcome = replace(self._outcome, record=harmed)
                    rendered = render(outcome)
                    if rendered not in told:
                        told.add(rendered)
                        yield self._ask(operator, strength, seed, harmed, rendered)

    def _ask(
        self, operator: Fault, strength: float, seed: int, harmed: Record, rendered: str
    ) -> Planted:
        found = examine(self._subject.with_record(harmed), self._engine.invariants)
        fresh = _beyond(found, self._known)
        planted = Planted(
            self._case.id,
            operator.name,
            operator.fault,
            strength,
            seed,
            None if self._snapshot is None else not same(self._snapshot, cast(Tree, harmed)),
            None if self._golden is None else self._objects(harmed, rendered),
            tuple(sorted({each.invariant for each in fresh if each.severity == "error"})),
            tuple(sorted({each.invariant for each in fresh if each.severity != "error"})),
        )
        if planted.seen_by_invariants:
            return planted
        where, old, new = difference(self._record, harmed)
        return replace(planted, field=where, old=old, new=new)

    def _objects(self, record: Record, rendered: str) -> bool:
        """Whether the golden has anything against a record."""
        outcome = replace(self._outcome, record=record)
        name, standard = self._case.extractor.name, Standard(self._golden, None, "")
        result = judge(self._case.ref.id, name, outcome, standard, rendered=rendered)
        return any(each.against == "golden" for each in result.fields)

    def _usable(self, golden: Golden | None) -> Golden | None:
        """The golden, where it asserts something and has nothing against the unharmed record."""
        if golden is None or golden.trust == "known-wrong":
            return None
        if not (golden.fields or golden.contains or golden.excludes):
            return None
        self._golden = golden
        return None if self._objects(self._record, "") else golden

    def _accepted(self, rendered: str) -> Tree:
        """The accepted record, where it is the unharmed one: what differs already sees nothing."""
        name, capture = self._case.extractor.name, self._case.ref.id
        try:
            data = self._engine.accepted.read(name, capture)
            if data is None:
                return None
            path = self._engine.accepted.location(name, capture)
            standard = Standard(None, data, path)
            result = judge(capture, name, self._outcome, standard, rendered=rendered)
            accepted = parse(data, path).record
        except SnapshotError:
            return None  # `harness check` says what is wrong with it
        return cast(Tree, accepted) if result.verdict is Verdict.PASS else None


def row(name: str, planted: Sequence[Planted]) -> Row:
    """The counts of some faults."""
    held = [each.snapshot for each in planted if each.snapshot is not None]
    asked = [each.golden for each in planted if each.golden is not None]
    total = len(planted)
    return Row(
        name,
        total,
        Share(sum(held), len(held)),
        Share(sum(asked), len(asked)),
        Share(sum(bool(each.errors) for each in planted), total),
        Share(sum(each.seen_by_invariants for each in planted), total),
        Share(sum(not each.escaped for each in planted), total),
        tuple(each for each in planted if not each.seen_by_invariants),
    )


def difference(before: Record, after: Record) -> tuple[str, str, str]:
    """(field, old, new) of the first text that two records do not share, shortened."""
    old, new = _texts(before), _texts(after)
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    if at is None:
        at = min(len(old), len(new))
    where = (new[at : at + 1] or old[at : at + 1] or [("*", "")])[0][0]
    one = old[at][1] if at < len(old) else ""
    two = new[at][1] if at < len(new) else ""
    if at < len(old) and at < len(new) and one == two:
        where = f"{old[at][0]}, {new[at][0]}"
    shared = len(_shared_start(one, two))
    start = max(0, shared - _AROUND)
    lead = "…" if start else ""
    return where, lead + shorten(one[start:], 72), lead + shorten(two[start:], 72)


def _texts(record: Record) -> list[tuple[str, str]]:
    """Every text and time of a record that could differ, with its path."""
    found: list[tuple[str, str]] = []
    stack: list[tuple[str, Tree]] = [(k, v) for k, v in reversed(record.items())]
    while stack:
        path, value = stack.pop()
        if isinstance(value, list) and value:
            stack += [(f"{path}[{i}]", v) for i, v in reversed(list(enumerate(value)))]
        elif isinstance(value, dict) and records.tag_of(value) is None:
            stack += [(f"{path}.{k}", v) for k, v in reversed(value.items())]
        elif isinstance(value, str):
            found.append((path, value))
        else:
            found.append((path, json.dumps(value, ensure_ascii=False)))
    return found


def _shared_start(one: str, two: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), None)
    return one[: min(len(one), len(two)) if at is None else at]


def _rows(planted: Sequence[Planted], key: Callable[[Planted], str]) -> list[Row]:
    groups: dict[str, list[Planted]] = {}
    for each in planted:
        groups.setdefault(key(each), []).append(each)
    rows = [row(name, group) for name, group in groups.items()]
    return sorted(rows, key=lambda r: (r.invariants.rate or 0.0, r.name))


def _key(finding: Finding) -> tuple[str, ...]:
    """What makes a finding the same in another record: not where in a list it stands."""
    field = _NUMBER.sub("", finding.field)
    return finding.invariant, field, finding.severity, finding.quote


def _beyond(found: Iterable[Finding], known: Counter[tuple[str, ...]]) -> list[Finding]:
    """The findings that were not there before."""
    left = Counter(known)
    fresh = []
    for finding in found:
        key = _key(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            fresh.append(finding)
    return fresh


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
