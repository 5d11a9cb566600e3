"""Counting: every capture under every mutation, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.diff import compare_records, same
from harness.extraction import Extractor, extract
from harness.model import Capture, Hunk, Outcome, Tree
from harness.mutations import Broken, Mutated, Mutation
from harness.stress.model import Cell, Example, Fault, Stress
from harness.stress.oracles import field_of, has_words

# Of a broken field, so many places are shown.
HUNKS = 3


@dataclass
class _Tally:
    """One cell while it is counted: for each capture, how many trials there were and held."""

    family: str
    trials: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)

    def add(self, capture: str, survived: bool) -> None:
        self.trials[capture] = self.trials.get(capture, 0) + 1
        self.held[capture] = self.held.get(capture, 0) + survived

    def cell(self, mutation: str, must_hold: bool, name: str) -> Cell:
        trials = sum(self.trials.values())
        kept = sum(self.held[capture] / n for capture, n in self.trials.items())
        broken = trials - sum(self.held.values())
        return Cell(mutation, self.family, must_hold, name, len(self.trials), trials, broken, kept)


@dataclass
class _Cluster:
    """The cases of one fault; of them, the one on the smallest page is the example."""

    family: str
    relation: str
    size: int
    example: Example
    trials: int = 0
    captures: set[str] = field(default_factory=set)


@dataclass
class _Counts:
    cells: dict[tuple[str, bool, str], _Tally] = field(default_factory=dict)
    clusters: dict[tuple[str, bool, str, str], _Cluster] = field(default_factory=dict)
    trials: int = 0
    inapplicable: int = 0


def measure(
    extractor: Extractor,
    captures: Iterable[Capture],
    mutations: Mapping[str, Mutation],
    *,
    seeds: int = 1,
    must_only: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Stress:
    """Each capture under each mutation, ``seeds`` times: what held, what broke, and examples.

    ``must_only`` leaves out what is only measured. ``advance`` is called after each capture. At
    Ctrl-C, what was counted until then is returned, marked as interrupted.
    """
    counts, seen, bare, interrupted = _Counts(), 0, 0, False
    failed: list[tuple[str, str]] = []
    unsteady: list[str] = []
    untouched: list[str] = []
    chosen = [m for m in mutations.values() if m.must_hold or not must_only]
    try:
        for capture in captures:
            seen += 1
            before = extract(extractor, capture)
            if before.record is None:
                failed.append((capture.id, before.failure.type if before.failure else "no record"))
            elif not has_words(before.record, "*"):
                bare += 1
            elif not _again(before, extract(extractor, capture)):
                # Whatever it does on a mutated page, the mutation need not be why.
                unsteady.append(capture.id)
            else:
                tried = counts.trials
                for mutation in chosen:
                    _stress(extractor, capture, before, mutation, seeds, must_only, counts)
                if counts.trials == tried:
                    untouched.append(capture.id)
            advance()
    except KeyboardInterrupt:
        interrupted = True
    return Stress(
        extractor=extractor.name,
        captures=seen,
        seeds=seeds,
        trials=counts.trials,
        inapplicable=counts.inapplicable,
        cells=tuple(t.cell(m, must, f) for (m, must, f), t in counts.cells.items()),
        faults=_faults(counts.clusters),
        failed=tuple(failed),
        bare=bare,
        unsteady=tuple(unsteady),
        untouched=tuple(untouched),
        interrupted=interrupted,
    )


def _again(before: Outcome, after: Outcome) -> bool:
    if before.record is None or after.record is None:
        return False
    return same(dict(before.record), dict(after.record))


def _stress(
    extractor: Extractor,
    capture: Capture,
    before: Outcome,
    mutation: Mutation,
    seeds: int,
    must_only: bool,
    counts: _Counts,
) -> None:
    for seed in range(seeds):
        mutated = mutation(capture, seed)
        if mutated is None or not mutated.relation.applies(before):
            counts.inapplicable += 1
            continue
        if must_only and not mutated.relation.must_hold:
            continue
        counts.trials += 1
        after = extract(extractor, mutated.capture)
        broken = mutated.relation.check(before, after)
        _count(capture, before, after, mutation, mutated, broken, counts)


def _count(
    capture: Capture,
    before: Outcome,
    after: Outcome,
    mutation: Mutation,
    mutated: Mutated,
    broken: Sequence[Broken],
    counts: _Counts,
) -> None:
    assert before.record is not None, "only records are stressed"
    must_hold = mutated.relation.must_hold
    roots = {field_of(each.field): each for each in reversed(broken)}
    judged = {
        name: None
        for name, tree in before.record.items()
        if has_words(before.record, name) and mutated.relation.judges(tree)
    }
    for name in {**judged, **roots}:
        if name == "*":
            continue
        key = (mutation.name, must_hold, name)
        tally = counts.cells.setdefault(key, _Tally(mutation.family))
        # Where there is no record, no field survived.
        tally.add(capture.id, name not in roots and "*" not in roots)
    for name, each in roots.items():
        cluster_key = (mutation.name, must_hold, name, each.fault)
        cluster = counts.clusters.get(cluster_key)
        if cluster is None or len(capture.body) < cluster.size:
            example = Example(
                capture.id, mutated.steps, mutated.note, each.message, hunks(before, after, name)
            )
            if cluster is None:
                cluster = _Cluster(
                    mutation.family, mutated.relation.name, len(capture.body), example
                )
                counts.clusters[cluster_key] = cluster
            cluster.size, cluster.example = len(capture.body), example
            cluster.relation = mutated.relation.name
        cluster.trials += 1
        cluster.captures.add(capture.id)


def hunks(before: Outcome, after: Outcome, name: str) -> tuple[Hunk, ...]:
    """What changed in a field between two outcomes, a few places of it."""
    old: Mapping[str, Tree] = before.record or {}
    new: Mapping[str, Tree] = after.record or {}
    if after.record is None or name == "*":
        return ()
    found = compare_records({name: old.get(name)}, {name: new.get(name)}, before.kinds)
    return tuple(hunk for diff in found for hunk in diff.hunks)[:HUNKS]


def _faults(clusters: Mapping[tuple[str, bool, str, str], _Cluster]) -> tuple[Fault, ...]:
    """What must hold first, then by the number of captures it was seen on."""
    faults = [
        Fault(
            mutation=mutation,
            family=each.family,
            relation=each.relation,
            must_hold=must_hold,
            field=name,
            fault=fault,
            trials=each.trials,
            captures=len(each.captures),
            example=each.example,
        )
        for (mutation, must_hold, name, fault), each in clusters.items()
    ]
    return tuple(sorted(faults, key=lambda f: (not f.must_hold, -f.captures, f.id)))
