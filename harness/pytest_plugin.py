"""The harness in pytest: fixtures ``record``, ``capture`` and a ``snapshot`` that knows records.

A test that asks for ``record`` or ``capture`` runs once for each capture and extractor. Comparing
``record == snapshot`` judges it as ``harness check`` does, and fails one subtest a field.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from syrupy.assertion import SnapshotAssertion

from harness import records
from harness.config import Config, find_config
from harness.engine import Case, Engine, Extraction, Mode, unsettled
from harness.errors import HarnessError
from harness.model import Capture, CaseResult, Run, Tree, Verdict
from harness.report import github, saved, words
from harness.report.write import write_report
from harness.syrupy_extension import LOCATION_KEY, RecordExtension
from harness.wiring import assemble, update_mode

if TYPE_CHECKING:
    from syrupy.types import SerializableData

SESSION_KEY = pytest.StashKey["Session"]()


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
            raise ExtractionFailedError(failure.traceback if failure else "no record")
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


class RecordAssertion(SnapshotAssertion):
    """Syrupy's assertion, for which a record is judged field by field by the engine."""

    request: pytest.FixtureRequest
    result: CaseResult | None = None

    def _assert(self, data: SerializableData) -> bool:
        if not isinstance(data, Record):
            return super()._assert(data)
        session = _session(self.request.config)
        engine, case, extraction = session.engine, data.case, data.extraction
        self.request.node.stash[LOCATION_KEY] = engine.accepted.path(
            case.extractor.name, case.ref.id
        )
        extension = RecordExtension(engine, case, extraction)
        updating = self.update_snapshots, self.update_new_snapshots_only
        if extraction.outcome.record is None:
            # A crash is never accepted by an update; `harness accept --error` does it knowingly.
            self.update_snapshots = self.update_new_snapshots_only = False
        self._extension = extension
        try:
            super()._assert(data)
        finally:
            self._extension = None
            self.update_snapshots, self.update_new_snapshots_only = updating
        execution = self.executions[self.num_executions - 1]
        result = extension.result
        if result is None:
            result = engine.judge(case, extraction, None)
        try:
            if execution.exception is not None:
                result = unsettled(result, execution.exception)
            elif execution.created or execution.updated:
                result = engine.settle_updated(case, result)
            else:
                engine.settle_pending(case, extraction, extension.accepted, result)
        except HarnessError as error:
            result = unsettled(result, error)
        self.result = result
        session.results.append(result)
        if result.verdict is Verdict.PASS:
            return True
        self._fail_fields(result)
        return False

    def __repr__(self) -> str:
        return f"<accepted record of {self.result.id}>" if self.result else super().__repr__()

    def _fail_fields(self, result: CaseResult) -> None:
        subtests = self.request.getfixturevalue("subtests")
        for field in result.fields:
            with subtests.test(msg=field.field):
                pytest.fail("\n".join(words.field_lines(field)), pytrace=False)


class Session:
    """What one pytest process knows: its engine, made when first needed, and its results."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.results: list[CaseResult] = []
        self.planned: frozenset[str] = frozenset()
        self._last: Extraction | None = None
        self._last_case: Case | None = None
        self.run: Run | None = None
        self.written: str = ""

    @cached_property
    def settings(self) -> Config:
        return find_config(self._config.rootpath)

    @cached_property
    def engine(self) -> Engine:
        option = self._config.option
        asked: Mode | None = option.harness_update
        if option.update_snapshots:
            asked = "all"
        elif option.update_new_snapshots_only:
            asked = "new"
        return assemble(self.settings, mode=update_mode(asked), only=option.harness_field or ())

    @cached_property
    def cases(self) -> list[Case]:
        cases = self.engine.plan((), self._config.option.harness_extractor or ())
        if not cases:
            # Zero cases would be a green run that checked nothing.
            raise HarnessError(
                f"no capture in {self.settings.corpus} has an extractor; run `harness capture`"
            )
        return cases

    def extract(self, case: Case) -> Extraction:
        """The extraction of a case; the last one is kept, since two fixtures may ask for it."""
        if self._last is None or self._last_case is not case:
            self._last, self._last_case = self.engine.extract(case), case
        return self._last


def _session(config: pytest.Config) -> Session:
    return config.stash[SESSION_KEY]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("harness", "harness: extractors against the golden corpus")
    group.addoption(
        "--harness-field",
        action="append",
        metavar="FIELD",
        help="judge (and with --snapshot-update, update) only this field; may be repeated",
    )
    group.addoption(
        "--harness-extractor",
        action="append",
        metavar="NAME",
        help="run only this extractor; may be repeated",
    )
    group.addoption(
        "--harness-update",
        choices=["none", "pending"],
        default=None,
        help="what to do with output that differs: leave it (default in CI) or write it to the"
        " pending folder for `harness accept` (default elsewhere)",
    )
    group.addoption(
        "--harness-report",
        metavar="PATH",
        default=None,
        help="where to write the HTML drift report (default: .harness/report.html)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SESSION_KEY] = Session(config)
    config.pluginmanager.register(_Fixtures(), "harness-fixtures")
    if config.option.update_snapshots:
        try:
            find_config(config.rootpath)
        except HarnessError:
            return  # not a harness project: syrupy's own snapshots are none of our business
        try:
            update_mode("all")
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if CASE in metafunc.fixturenames:
        session = _session(metafunc.config)
        try:
            cases = session.cases
        except HarnessError as error:
            raise pytest.Collector.CollectError(str(error)) from None
        session.planned = frozenset(case.id for case in cases)
        metafunc.parametrize(CASE, cases, ids=[case.id for case in cases])


CASE = "harness_case"


@pytest.fixture
def harness_case() -> Case:
    """The capture and extractor of this test; parametrised by the plugin."""
    raise AssertionError("the plugin parametrises every test that reaches this fixture")


@pytest.fixture
def record(harness_case: Case, request: pytest.FixtureRequest) -> Record:
    """What the extractor under test gives for a capture, as a mapping of fields."""
    return Record(harness_case, _session(request.config).extract(harness_case))


@pytest.fixture
def capture(harness_case: Case, request: pytest.FixtureRequest) -> Capture:
    """The capture of this test."""
    extraction = _session(request.config).extract(harness_case)
    if extraction.loaded is None:
        pytest.fail(str(extraction.problem), pytrace=False)
    return extraction.loaded.capture


class _Fixtures:
    """Registered last, so that this ``snapshot`` stands over syrupy's whichever loads first."""

    @pytest.fixture
    def snapshot(
        self, snapshot: SnapshotAssertion, request: pytest.FixtureRequest
    ) -> SnapshotAssertion:
        """Syrupy's snapshot; compared with ``record``, the accepted record of its capture."""
        if CASE not in request.fixturenames:
            return snapshot
        assertion = RecordAssertion(
            session=snapshot.session,
            extension_class=snapshot.extension_class,
            test_location=snapshot.test_location,
            update_snapshots=snapshot.update_snapshots,
            update_new_snapshots_only=snapshot.update_new_snapshots_only,
        )
        assertion.request = request
        return assertion


@pytest.hookimpl(tryfirst=True)
def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """The first line is what happened; syrupy's is the names of the two sides."""
    assertion = left if isinstance(left, RecordAssertion) else right
    other = right if assertion is left else left
    if not (isinstance(assertion, RecordAssertion) and isinstance(other, Record) and op == "=="):
        return None
    result = assertion.result
    if result is None:
        return None
    lines = [f"{result.id}: {words.headline(result)}"]
    if result.failure and result.failure.traceback:
        lines += result.failure.traceback.rstrip("\n").splitlines()
    return [*lines, *words.next_steps(result)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """On xdist's controller: takes in what a worker found out."""
    output = getattr(node, "workeroutput", None) or {}
    if "harness_results" in output:
        session = _session(node.config)
        session.results += saved.load_results(output["harness_results"])
        session.planned |= frozenset(output["harness_planned"])


def pytest_sessionfinish(session: pytest.Session) -> None:
    mine = _session(session.config)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["harness_results"] = saved.dump_results(mine.results)
        output["harness_planned"] = sorted(mine.planned)
        return
    if not mine.results:
        return
    try:
        mine.run = _finished_run(mine, session)
        if not mine.run.clean or session.config.option.harness_report:
            target = session.config.option.harness_report
            path = Path(target) if target else mine.settings.report_file
            saved.save(mine.run, mine.settings.run_file)
            mine.written = str(write_report(mine.run, mine.settings, path))
    except HarnessError as error:
        mine.written = f"(no report: {error})"
    if mine.run and mine.run.orphans and mine.engine.mode == "none" and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _finished_run(mine: Session, session: pytest.Session) -> Run:
    results = sorted(mine.results, key=lambda result: (result.capture, result.extractor))
    whole = {result.id for result in results} >= mine.planned
    return Run(
        results=tuple(results),
        orphans=mine.engine.orphans() if whole else (),
        update=mine.engine.mode,
        environment=mine.engine.environment,
        command=" ".join(["pytest", *session.config.invocation_params.args]),
        interrupted=session.exitstatus == pytest.ExitCode.INTERRUPTED,
    )


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = _session(config)
    if session.run is None:
        return
    terminalreporter.write_sep("-", "harness")
    terminalreporter.write_line(words.sentence(session.run))
    for orphan in session.run.orphans[:5]:
        terminalreporter.write_line(f"orphaned snapshot: {orphan} (harness lint --prune-orphans)")
    if session.written:
        terminalreporter.write_line(f"drift report: {session.written}")
    if session.engine.mode == "pending" and session.run.verdict is not Verdict.PASS:
        terminalreporter.write_line("accept what is right: harness accept, or --snapshot-update")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in github.workflow_commands(session.run):
            terminalreporter.write_line(line)
