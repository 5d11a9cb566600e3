"""The only loop: plan → extract → judge → settle → Run. pytest and the CLI are its faces."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from harness import snapshots
from harness.chrome import chrome_test
from harness.corpus import CaptureRef, Corpus, Loaded
from harness.diff import Moved, same
from harness.errors import HarnessError, SnapshotError
from harness.examination import Examination
from harness.extraction import Extractor, extract
from harness.extraction.ahead import Ahead
from harness.invariants import Invariant
from harness.judge import Standard, judge, weigh
from harness.memo import Memo
from harness.model import (
    Capture,
    CaseResult,
    Failure,
    Finding,
    Kind,
    Outcome,
    Run,
    Tree,
    Verdict,
    case_id,
    root_of,
    worst,
)
from harness.page import Page
from harness.provenance import Tracer, weaker_place
from harness.sites import Sites
from harness.snapshots import Snapshots
from harness.text import nearest
from harness.visible import Line

if TYPE_CHECKING:
    from harness.outcomes import Outcomes

Mode = Literal["none", "pending", "new", "all"]
MODES: tuple[Mode, ...] = ("none", "pending", "new", "all")


@dataclass(frozen=True, slots=True)
class Case:
    """One extractor on one capture."""

    ref: CaptureRef
    extractor: Extractor

    @property
    def id(self) -> str:
        """``site/capture``, or ``extractor:site/capture`` for an extractor of many sites."""
        return case_id(self.extractor.name, self.ref.id)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extracting gave; ``problem`` is a capture or golden that cannot be used.

    ``remembered``: the outcome is of an earlier run, and so is the time it took.
    """

    loaded: Loaded | None
    outcome: Outcome
    rendered: str
    seconds: float
    problem: str | None = None
    remembered: bool = False


@dataclass(frozen=True)
class Engine:
    """The parts that a run needs."""

    corpus: Corpus
    extractors: tuple[Extractor, ...]
    accepted: Snapshots
    pending: Snapshots
    mode: Mode = "none"
    only: frozenset[str] = frozenset()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    memo: Memo | None = None
    workers: int = 1
    outcomes: Outcomes | None = None

    @cached_property
    def sites(self) -> Sites:
        """What the captures of each site have in common."""
        return Sites(self.corpus)

    @cached_property
    def examination(self) -> Examination:
        """The invariants, and what they found before."""
        return Examination(self.invariants, self.sites, self.roles, self.memo, self.environment)

    def plan(self, patterns: Sequence[str] = (), names: Collection[str] = ()) -> list[Case]:
        """The cases to run, in order of capture, then extractor.

        ``patterns`` choose captures: a site, ``site/capture``, either with ``*``, or a part of a
        capture's name; ``extractor:`` may stand before it. ``names`` choose extractors. Raises
        HarnessError for a pattern or name that chooses nothing: a typo must not pass.
        """
        known = {extractor.name for extractor in self.extractors}
        if unknown := sorted(set(names) - known):
            raise HarnessError(f"no extractor {unknown[0]!r}; {nearest(unknown[0], known)}")
        cases = [
            Case(ref, extractor)
            for ref in self.corpus.refs()
            for extractor in self.extractors
            if (not names or extractor.name in names) and extractor.handles(ref.site)
        ]
        if not patterns:
            return cases
        chosen: set[tuple[str, str]] = set()
        known_cases = [(case.extractor.name, case.ref.id) for case in cases]
        for pattern in patterns:
            hits = chosen_by(pattern, known_cases)
            if not hits:
                raise HarnessError(
                    f"no capture matches {pattern!r}; `harness check --list` shows what there is"
                )
            chosen.update(hits)
        return [case for case in cases if (case.extractor.name, case.ref.id) in chosen]

    def run(
        self,
        cases: Sequence[Case],
        done: Callable[[CaseResult], None] = lambda _: None,
        also: Callable[[Case, Extraction], Sequence[Finding]] = lambda _, __: (),
    ) -> Run:
        """Checks every case. Ctrl-C ends it early, with what was finished until then.

        ``also`` gives further findings, to be weighed with those of the invariants.
        """
        results: list[CaseResult] = []
        interrupted = False
        try:
            # Closed at once where the loop ends early: extractors may be at work ahead of it.
            with closing(self.extractions(cases)) as extractions:
                for case, extraction in extractions:
                    results.append(self.check(case, extraction, also(case, extraction)))
                    done(results[-1])
        except KeyboardInterrupt:
            interrupted = True
        return Run(
            results=tuple(results),
            orphans=self.orphans(),
            update=self.mode,
            environment=self.environment,
            interrupted=interrupted,
        )

    def check(
        self, case: Case, extraction: Extraction | None = None, also: Sequence[Finding] = ()
    ) -> CaseResult:
        """Extracts, where that was not done yet, judges and settles one case."""
        extraction = extraction or self.extract(case)
        try:
            accepted = self.accepted.read(case.extractor.name, case.ref.id)
        except SnapshotError as error:
            return self._problem(case, extraction, str(error))
        result = self.judge(case, extraction, accepted, also)
        try:
            return self.settle(case, extraction, accepted, result)
        except HarnessError as error:
            return unsettled(result, error)

    def extractions(self, cases: Iterable[Case]) -> Generator[tuple[Case, Extraction], None, None]:
        """Each case with its extraction, in the order of the cases.

        Those of remote extractors are made ahead, ``workers`` at once; a few captures at most are
        held. What is raised, Ctrl-C too, comes out here and ends the work that was begun.
        """
        if not any(each.remote for each in self.extractors):
            yield from ((case, self.extract(case)) for case in cases)
            return
        with Ahead(self.extract, self.workers, self.close) as ahead:
            yield from ahead.each(cases, lambda case: case.extractor.remote)

    def close(self) -> None:
        """Ends the processes of remote extractors."""
        for extractor in self.extractors:
            extractor.close()

    def extract(self, case: Case) -> Extraction:
        """Loads the capture and runs the extractor. Never raises, but for Ctrl-C."""
        try:
            loaded = self.corpus.load(case.ref)
        except HarnessError as error:
            nothing = Outcome(None, Failure(type(error).__name__, str(error)))
            return Extraction(None, nothing, "", 0.0, str(error))
        start = time.perf_counter()
        outcome, remembered = self._outcome(case.extractor, loaded.capture)
        if self.kinds:
            outcome = replace(outcome, kinds={**self.kinds, **outcome.kinds})
        seconds = time.perf_counter() - start if remembered is None else remembered
        try:
            rendered = snapshots.render(outcome)
        except ValueError as error:
            # Python writes no integer of more than 4,300 digits.
            unwritable = Failure(type(error).__name__, f"the record cannot be stored: {error}")
            outcome = Outcome(None, unwritable, outcome.kinds)
            rendered = snapshots.render(outcome)
        return Extraction(loaded, outcome, rendered, seconds, remembered=remembered is not None)

    def _outcome(self, extractor: Extractor, capture: Capture) -> tuple[Outcome, float | None]:
        """An outcome, and the seconds it took when it was made, where it is remembered."""
        identity, outcomes = extractor.identity, self.outcomes
        if outcomes is None or not identity:
            return extract(extractor, capture), None
        known = outcomes.read(identity, capture)
        if known is not None:
            # The kinds are the project's, which may have changed since.
            return replace(known[0], kinds={**known[0].kinds, **extractor.kinds}), known[1]
        start = time.perf_counter()
        outcome = extract(extractor, capture)
        outcomes.write(identity, capture, outcome, time.perf_counter() - start)
        return outcome, None

    def judge(
        self,
        case: Case,
        extraction: Extraction,
        accepted: bytes | None,
        also: Sequence[Finding] = (),
    ) -> CaseResult:
        """The verdict on an extraction, given the accepted snapshot's bytes. Writes nothing.

        ``also`` are findings beside those of the invariants.
        """
        if extraction.problem or extraction.loaded is None:
            return self._problem(case, extraction, extraction.problem or "not loaded")
        name = case.extractor.name
        path = self.accepted.location(name, case.ref.id)
        try:
            result = judge(
                case.ref.id,
                name,
                extraction.outcome,
                Standard(extraction.loaded.golden, accepted, path),
                rendered=extraction.rendered,
                is_chrome=self._chrome(extraction.loaded),
                moved=_moved(extraction.loaded),
                only=self.only,
            )
        except SnapshotError as error:
            if self.mode == "all" and extraction.outcome.record is not None:
                # A file with conflict markers in it is what an update is run to repair.
                return self.judge(case, extraction, None, also)
            return self._problem(case, extraction, str(error))
        return replace(self._weighed(result, extraction, also), seconds=extraction.seconds)

    def _weighed(
        self, result: CaseResult, extraction: Extraction, also: Sequence[Finding]
    ) -> CaseResult:
        loaded, record = extraction.loaded, extraction.outcome.record
        if loaded is None or record is None:
            return replace(result, findings=tuple(also)) if also else result
        rendered = extraction.rendered
        findings = self.examination.findings(loaded.capture, extraction.outcome, rendered)
        if also:
            findings = (*also, *findings)
        if not (findings or loaded.waivers):
            return result
        return weigh(result, record, findings, loaded.golden, loaded.waivers, self.only)

    def _problem(self, case: Case, extraction: Extraction, problem: str) -> CaseResult:
        return CaseResult(
            case.ref.id,
            case.extractor.name,
            Verdict.ERROR,
            problem=problem,
            seconds=extraction.seconds,
        )

    def settle(
        self, case: Case, extraction: Extraction, accepted: bytes | None, result: CaseResult
    ) -> CaseResult:
        """Writes what the update mode asks for, and gives the result as it stands after that."""
        if self.differs(result) and self.updates(extraction, accepted):
            text = self.updated_text(extraction, accepted)
            self.accepted.write(case.extractor.name, case.ref.id, text)
            return self.settle_updated(case, result)
        self.settle_pending(case, extraction, accepted, result)
        return result

    def settle_updated(self, case: Case, result: CaseResult) -> CaseResult:
        """The result of a case whose output has just become its snapshot."""
        if not self.only:  # of the fields that were not taken, some may still differ
            self.pending.delete(case.extractor.name, case.ref.id)
        objections = tuple(r for r in result.fields if r.against == "golden")
        suspect = [Verdict.SUSPECT] if result.suspicions else []
        verdict = worst([*suspect, *(r.verdict for r in objections)])
        return replace(result, fields=objections, verdict=verdict, updated=True)

    def settle_pending(
        self, case: Case, extraction: Extraction, accepted: bytes | None, result: CaseResult
    ) -> None:
        """Leaves an output that differs for review, and clears away one that no longer does."""
        if self.mode == "none" or result.problem:
            return
        name, capture = case.extractor.name, case.ref.id
        if self.differs(result):
            against = snapshots.digest(accepted) or ""
            self.pending.write(name, capture, snapshots.render(extraction.outcome, against))
        elif not self.only:  # of the fields that were not looked at, some may still differ
            self.pending.delete(name, capture)

    def differs(self, result: CaseResult) -> bool:
        """Whether the output is not what was accepted (a golden may object to what was)."""
        if result.verdict is Verdict.PASS:
            return False
        if result.problem:
            return False
        if result.record is None or result.accepted is None:
            return True
        return not same(dict(result.record), dict(result.accepted))

    def findings(self, loaded: Loaded, extractor: str, outcome: Outcome) -> tuple[Finding, ...]:
        """What the invariants have against an outcome, waivers and golden heeded."""
        if outcome.record is None:
            return ()
        found = self.examination.look(loaded.capture, outcome)
        bare = CaseResult(loaded.capture.id, extractor, Verdict.PASS)
        weighed = weigh(bare, outcome.record, found, loaded.golden, loaded.waivers)
        return weighed.findings

    def updates(self, extraction: Extraction, accepted: bytes | None) -> bool:
        """Whether the mode lets a differing output replace the snapshot. A failure never does."""
        if extraction.outcome.record is None:
            return False
        return self.mode == "all" or (self.mode == "new" and accepted is None)

    def updated_text(self, extraction: Extraction, accepted: bytes | None) -> str:
        """The snapshot's new text: the output, or with chosen fields only those of it."""
        record = extraction.outcome.record
        assert record is not None, "a failure is never written by an update"
        if self.only and accepted is not None:
            try:
                before = snapshots.parse(accepted, "").record
            except SnapshotError:
                before = None
            if before is not None:
                return snapshots.render(snapshots.Snapshot(merge_fields(before, record, self.only)))
        return extraction.rendered

    def refuse_unknown_fields(self, cases: Iterable[Case]) -> None:
        """Raises HarnessError when a chosen field is in no record at all: a typo must not pass.

        Snapshots are asked first; extractors only where those leave a field unknown.
        """
        missing = {root_of(chosen) for chosen in self.only}
        known: set[str] = set()
        for ask in (self._accepted_fields, self._extracted_fields):
            for case in cases:
                if not missing - known:
                    return
                known |= ask(case)
        if missing := missing - known:
            raise unknown_field(min(missing), known)

    def _accepted_fields(self, case: Case) -> set[str]:
        try:
            data = self.accepted.read(case.extractor.name, case.ref.id)
            return set(snapshots.parse(data, "").record or {}) if data else set()
        except SnapshotError:
            return set()  # the case itself reports it

    def _extracted_fields(self, case: Case) -> set[str]:
        extraction = self.extract(case)
        golden = extraction.loaded.golden if extraction.loaded else None
        return {*(extraction.outcome.record or {}), *(golden.fields if golden else ())}

    def unread(self) -> list[CaptureRef]:
        """Captures that no extractor is for: nothing checks them, their goldens included."""
        return [
            ref
            for ref in self.corpus.refs()
            if not any(extractor.handles(ref.site) for extractor in self.extractors)
        ]

    def orphans(self, cases: Iterable[Case] | None = None) -> tuple[str, ...]:
        """Snapshots whose capture or extractor is gone, as ``extractor:site/capture``.

        ``cases`` is the whole plan, where a caller has it already.
        """
        plan = self.plan() if cases is None else cases
        living = {(case.extractor.name, case.ref.id) for case in plan}
        return tuple(
            case_id(name, capture)
            for name, capture in self.accepted.ids()
            if (name, capture) not in living
        )

    def _chrome(self, loaded: Loaded) -> Callable[[str], bool]:
        # Most records pass, and nobody asks: a list costs nothing then, a cache more than judging.
        seen: list[tuple[Line, ...]] = []

        def lines() -> tuple[Line, ...]:
            if not seen:
                seen.append(Page(loaded.capture).visible)
            return seen[0]

        return chrome_test(lines, lambda: self.sites.recurring(loaded.capture.site))


def _moved(loaded: Loaded) -> Moved:
    # As with chrome, the page is read when somebody asks.
    capture = loaded.capture
    return weaker_place(lambda: Tracer(Page(capture)))


def unsettled(result: CaseResult, error: Exception) -> CaseResult:
    """A result that could not be written (read-only folder, full disk): the run goes on."""
    return replace(result, verdict=Verdict.ERROR, problem=str(error))


def merge_fields(
    before: dict[str, Tree], after: dict[str, Tree], only: Iterable[str]
) -> dict[str, Tree]:
    """``before`` with the chosen top-level fields taken from ``after``."""
    roots = set(only)
    names = [*after, *(name for name in before if name not in after)]
    merged = {}
    for name in names:
        source = after if name in roots else before
        if name in source:
            merged[name] = source[name]
    return merged


def whole_fields(fields: Iterable[str]) -> None:
    """Raises HarnessError for a path into a field: snapshots are accepted by whole fields.

    Accepting one card's byline and not its body would make a record that no extractor gave.
    """
    for path in fields:
        if root_of(path) != path:
            raise HarnessError(
                f"--field {path}: only whole fields are accepted; name {root_of(path)!r}"
            )


def unknown_field(field: str, known: Iterable[str]) -> HarnessError:
    """What to raise for a field that no record has."""
    return HarnessError(f"no record has a field {field!r}; {nearest(field, known)}")


def chosen_by(pattern: str, cases: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The cases, as (extractor, ``site/capture``), that a pattern means as people type it.

    That is the case of this very id; else the captures of this very site; else ``site/capture``, a
    part of a capture's name, or either with ``*``. ``extractor:`` may stand before it.
    """
    found = [case for case in cases if _matches(pattern, *case)]
    exact = [case for case in found if case_id(*case) == pattern]
    site = pattern.rpartition(":")[2].strip("/")
    return exact or [case for case in found if case[1].startswith(f"{site}/")] or found


def _matches(pattern: str, extractor: str, capture: str) -> bool:
    name, colon, rest = pattern.rpartition(":")
    if colon and not fnmatch.fnmatchcase(extractor, name):
        return False
    site, _, own = capture.partition("/")
    if any(char in rest for char in "*?["):
        return fnmatch.fnmatchcase(capture, rest) or fnmatch.fnmatchcase(site, rest)
    wanted, slash, part = rest.strip("/").partition("/")
    if slash:
        return site == wanted and own.startswith(part)
    return site == wanted or (rest != "" and rest in own)
