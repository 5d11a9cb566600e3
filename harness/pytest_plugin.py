"""The harness in pytest: fixtures ``record``, ``capture`` and a ``snapshot`` that knows records.

A test that asks for ``record`` or ``capture`` runs once for each capture and extractor. Comparing
``record == snapshot`` judges it as ``harness check`` does, and fails one subtest a field.
"""

from __future__ import annotations

import gc
import os
import shlex
from collections.abc import Generator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from syrupy.assertion import AssertionResult, SnapshotAssertion
from syrupy.location import PyTestLocation

from harness.config import Config, find_config
from harness.engine import Case, Engine, Extraction, Mode, unsettled
from harness.errors import HarnessError
from harness.history import remember
from harness.model import Capture, CaseResult, Run, Verdict
from harness.pytest_record import Record
from harness.report import saved, words
from harness.report.write import keep_out_of_git, write_report
from harness.syrupy_extension import LOCATION_KEY, RecordExtension
from harness.text import show_unseen
from harness.wiring import assemble, ready, update_mode

if TYPE_CHECKING:
    from syrupy.types import SerializableData

SESSION_KEY = pytest.StashKey["Session"]()


class RecordAssertion(SnapshotAssertion):
    """Syrupy's assertion, for which a record is judged field by field by the engine.

    Syrupy keeps every assertion that it knows until the end of the session, and looks for its
    snapshots; with 10,000 of them that took as long as the tests. So it hears of one only when that
    compares something else than a record. What came of records is counted in one for them all.
    """

    harness: Session
    result: CaseResult | None = None
    _known = False

    def __post_init__(self) -> None:
        self._include, self._exclude, self._matcher = self.include, self.exclude, self.matcher

    def with_defaults(self, **options: Any) -> SnapshotAssertion:
        """A snapshot with other options, that knows records too."""
        made = cast(RecordAssertion, super().with_defaults(**options))
        made.harness = self.harness
        return made

    def _assert(self, data: SerializableData) -> bool:
        if not isinstance(data, Record):
            self.result = None
            if not self._known:
                self.session.register_request(self)
                self._known = True
            return super()._assert(data)
        extension = RecordExtension(self.harness.engine, data.case, data.extraction)
        result = self._passed(extension, data) or self._settled(extension, data)
        self.result = result
        self.harness.results.append(result)
        if result.verdict is Verdict.PASS:
            return True
        _fail_fields(self.harness.running, result)
        return False

    def _passed(self, extension: RecordExtension, data: Record) -> CaseResult | None:
        """The result of a record that is as accepted, with nothing to write or to show."""
        result = extension.judge()
        if result is None or result.verdict is not Verdict.PASS:
            return None
        try:
            engine = self.harness.engine
            engine.settle_pending(data.case, data.extraction, extension.accepted, result)
        except HarnessError as error:
            return unsettled(result, error)
        self.harness.count_match(self, extension.location)
        self._post_assert()
        return result

    def _settled(self, extension: RecordExtension, data: Record) -> CaseResult:
        """The result of any other record, after syrupy wrote what it was told to update."""
        engine, case, extraction = self.harness.engine, data.case, data.extraction
        self.test_location.item.stash[LOCATION_KEY] = extension.location
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
        # Syrupy names its own snapshots by number; a record, updated or not, takes none of them.
        self._executions -= 1
        execution = self.executions.pop(self._executions)
        self.harness.count(self, execution)
        result = extension.result or engine.judge(case, extraction, None)
        try:
            if execution.exception is not None:
                return unsettled(result, execution.exception)
            if execution.created or execution.updated:
                return engine.settle_updated(case, result)
            engine.settle_pending(case, extraction, extension.accepted, result)
        except HarnessError as error:
            return unsettled(result, error)
        return result

    def get_assert_diff(self, **options: Any) -> list[str]:
        """Nothing for a record, whose fields have failed one by one already.

        Pytest asks syrupy even where it shows our explanation, and syrupy's diff of an article with
        every paragraph changed takes many seconds.
        """
        return [] if self.result else super().get_assert_diff(**options)

    def __repr__(self) -> str:
        return f"<accepted record of {self.result.id}>" if self.result else super().__repr__()


def _fail_fields(request: pytest.FixtureRequest, result: CaseResult) -> None:
    subtests: pytest.Subtests = request.getfixturevalue("subtests")
    for field in result.fields:
        with subtests.test(msg=field.field):
            pytest.fail("\n".join(words.field_lines(field)), pytrace=False)
    for finding in result.suspicions:
        with subtests.test(msg=f"{finding.field}, {finding.invariant}"):
            pytest.fail("\n".join(words.finding_lines(finding)), pytrace=False)


class Session:
    """What one pytest process knows: its engine, made when first needed, and its results."""

    # The request of the running test; one slot for all tests, so that none outlives its test.
    running: pytest.FixtureRequest

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.results: list[CaseResult] = []
        self.planned: frozenset[str] = frozenset()
        self._last: Extraction | None = None
        self._last_case: Case | None = None
        self._counted: SnapshotAssertion | None = None
        self._frozen = False
        self.run: Run | None = None
        self.written: str = ""

    def count_match(self, assertion: RecordAssertion, location: str) -> None:
        """Enters a record that is as accepted into syrupy's report."""
        name = assertion.test_location.snapshot_name
        shared = self._entries(assertion).test_location  # the report does not look at it
        match = AssertionResult(location, name, None, None, False, False, True, None, shared)
        entries = self._entries(assertion).executions
        entries[len(entries)] = match

    def count(self, assertion: RecordAssertion, execution: AssertionResult) -> None:
        """Enters what came of a record into syrupy's report, which needs no texts."""
        entries = self._entries(assertion).executions
        entries[len(entries)] = replace(execution, asserted_data=None, recalled_data=None)

    def _entries(self, assertion: RecordAssertion) -> SnapshotAssertion:
        if self._counted is None:
            self._counted = SnapshotAssertion(
                session=assertion.session,
                extension_class=assertion.extension_class,
                test_location=assertion.test_location,
                update_snapshots=assertion.update_snapshots,
            )
        return self._counted

    @cached_property
    def settings(self) -> Config:
        try:
            return find_config(self._config.rootpath)
        except HarnessError:
            # Pytest's root may be a repository of many projects, of which this is one.
            return find_config(self._config.invocation_params.dir)

    @cached_property
    def engine(self) -> Engine:
        option = self._config.option
        asked: Mode | None = option.harness_update
        if option.update_snapshots:
            asked = "all"
        elif option.update_new_snapshots_only:
            asked = "new"
        if option.snapshot_dirname in self.settings.snapshots.parts:
            raise HarnessError(
                f"{self.settings.snapshots} is in a folder in which syrupy deletes every file that"
                " it does not know; choose another `snapshots` folder in the configuration"
            )
        return assemble(self.settings, mode=update_mode(asked), only=option.harness_field or ())

    @cached_property
    def cases(self) -> list[Case]:
        cases = self.engine.plan((), self._config.option.harness_extractor or ())
        if not cases:
            # Zero cases would be a green run that checked nothing.
            raise HarnessError(
                f"no capture in {self.settings.corpus} has an extractor; run `harness capture`"
            )
        return cases if self._config.option.collectonly else ready(cases)

    def everything(self) -> list[Case] | None:
        """The whole plan, where it was made: not on xdist's controller, nor for some extractors."""
        return None if self._config.option.harness_extractor else self.__dict__.get("cases")

    def freeze(self) -> None:
        """Hides what was collected from the garbage collector, where this session has records."""
        if self.planned:
            gc.freeze()
            self._frozen = True

    def close(self) -> None:
        """Ends the processes of extractors, where the engine was made."""
        if "engine" in self.__dict__:
            self.engine.close()

    def unfreeze(self) -> None:
        if self._frozen:
            gc.unfreeze()
            self._frozen = False

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
    session = config.stash[SESSION_KEY] = Session(config)
    # Pytest cleans up in reverse, and its own cleaning collects garbage several times.
    config.add_cleanup(session.unfreeze)
    config.add_cleanup(session.close)
    config.pluginmanager.register(_Fixtures(session), "harness-fixtures")
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(_Worker(session), "harness-worker")
    if getattr(config.option, "update_snapshots", False):  # absent with -p no:syrupy
        try:
            _ = session.settings
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
            session.engine.refuse_unknown_fields(cases)
        except HarnessError as error:
            raise pytest.Collector.CollectError(str(error)) from None
        session.planned = frozenset(case.id for case in cases)
        metafunc.parametrize(CASE, cases, ids=[case.id for case in cases])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keeps the garbage collector off the collected tests, which live until the end anyhow.

    It would go through all of them again and again, for as long as 10,000 records take to judge.
    """
    _session(session.config).freeze()


CASE = "harness_case"


class _Fixtures:
    """Registered last, so that this ``snapshot`` stands over syrupy's whichever loads first.

    Each fixture, and each ``request`` in one, costs a test as much as judging its record; so they
    are few and get the session from here.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._syrupy: SnapshotAssertion | None = None

    @pytest.fixture
    def harness_case(self) -> Case:
        """The capture and extractor of this test; parametrised by the plugin."""
        raise AssertionError("the plugin parametrises every test that reaches this fixture")

    @pytest.fixture
    def record(self, harness_case: Case) -> Record:
        """What the extractor under test gives for a capture, as a mapping of fields."""
        return Record(harness_case, self._session.extract(harness_case))

    @pytest.fixture
    def capture(self, harness_case: Case) -> Capture:
        """The capture of this test."""
        extraction = self._session.extract(harness_case)
        if extraction.loaded is None:
            pytest.fail(str(extraction.problem), pytrace=False)
        return extraction.loaded.capture

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> None:
        if fixturedef.argname == "snapshot":
            self._session.running = request

    @pytest.fixture
    def snapshot(self) -> SnapshotAssertion:
        """Syrupy's snapshot; compared with ``record``, the accepted record of its capture."""
        request = self._session.running
        if CASE not in request.fixturenames:
            return cast(SnapshotAssertion, request.getfixturevalue("snapshot"))
        if self._syrupy is None:
            # In a fixture of this name it is syrupy's; what is taken from it is the session's.
            self._syrupy = request.getfixturevalue("snapshot")
        syrupy = self._syrupy
        assert syrupy is not None
        assertion = RecordAssertion(
            session=syrupy.session,
            extension_class=syrupy.extension_class,
            test_location=PyTestLocation(request.node),
            update_snapshots=syrupy.update_snapshots,
            update_new_snapshots_only=syrupy.update_new_snapshots_only,
        )
        assertion.harness = self._session
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
        lines += show_unseen(result.failure.traceback).rstrip("\n").splitlines()
    return [*lines, *words.next_steps(result)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """On xdist's controller: takes in what a worker had planned."""
    output = getattr(node, "workeroutput", None) or {}
    _session(node.config).planned |= frozenset(output.get("harness_planned", ()))


class _Worker:
    """In an xdist worker: sends what a test found out with the last of its reports.

    The end of the worker would be too late, since one that crashes has none; ``user_properties``
    would stand in JUnit files.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sent = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        new = self._session.results[self._sent :]
        if call.when == "teardown" and new:
            self._sent += len(new)
            report.harness_results = saved.dump_results(new)  # type: ignore[attr-defined]
        return report


class _Controller:
    """Where xdist's workers run the tests: takes in what they send."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        sent = getattr(report, "harness_results", None)
        if sent:
            self._session.results += saved.load_results(sent)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    config.pluginmanager.register(_Controller(_session(config)), "harness-controller")


def pytest_sessionfinish(session: pytest.Session) -> None:
    mine = _session(session.config)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["harness_planned"] = sorted(mine.planned)
        return
    if not mine.results:
        return
    try:
        mine.run = _finished_run(mine, session)
        target = session.config.option.harness_report
        path = Path(target) if target else mine.settings.report_file
        keep_out_of_git(mine.settings)
        if _is_whole(mine, session.config):
            # Before the report, which shows this run as the newest.
            remember(mine.run, mine.settings)
        last = mine.settings.run_file
        if not mine.run.clean:
            saved.save(mine.run, last)
        if not mine.run.clean or target or _is_newer(path, last):
            mine.written = str(write_report(mine.run, mine.settings, path))
        if mine.run.clean:
            # After the report: one older than its run needs no writing when the next is clean too.
            saved.save(mine.run, last)
    except HarnessError as error:
        mine.written = f"(no report: {error})"
    if mine.run and mine.run.orphans and mine.engine.mode == "none" and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_whole(mine: Session, config: pytest.Config) -> bool:
    """Whether every capture was judged, in every field: a part is no point of a trend."""
    option = config.option
    ids = {result.id for result in mine.results}
    return ids >= mine.planned and not (option.harness_field or option.harness_extractor)


def _is_newer(report: Path, last_run: Path) -> bool:
    """Whether a report is from the last run, and may show drift that is gone."""
    try:
        return report.stat().st_mtime_ns >= last_run.stat().st_mtime_ns
    except OSError:
        return report.exists()


def _finished_run(mine: Session, session: pytest.Session) -> Run:
    # Two tests may compare the same record; it is one case, and came out as the worse of them.
    cases = {
        (result.capture, result.extractor): result
        for result in sorted(mine.results, key=lambda result: result.verdict.severity)
    }
    results = tuple(cases[key] for key in sorted(cases))
    whole = {result.id for result in results} >= mine.planned
    return Run(
        results=results,
        orphans=mine.engine.orphans(mine.everything()) if whole else (),
        update=mine.engine.mode,
        environment=mine.engine.environment,
        command=shlex.join(["pytest", *map(str, session.config.invocation_params.args)]),
        interrupted=session.exitstatus == pytest.ExitCode.INTERRUPTED,
    )


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = _session(config)
    if session.run is None:
        return
    terminalreporter.write_sep("-", "harness")
    for line in words.causes(session.run):
        terminalreporter.write_line(line)
    terminalreporter.write_line(words.sentence(session.run))
    for orphan in session.run.orphans[:5]:
        terminalreporter.write_line(f"orphaned snapshot: {orphan} (harness lint --prune-orphans)")
    if session.written:
        terminalreporter.write_line(f"drift report: {session.written}")
    if session.engine.mode == "pending" and any(map(words.remedy, session.run.drifted)):
        terminalreporter.write_line("accept what is right: harness accept, or --snapshot-update")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _tell_github(session, terminalreporter)


def _tell_github(session: Session, terminalreporter: Any) -> None:
    """Annotations, and what drifted in the summary of the step; on the controller alone."""
    # Imported here: of a run that passes, there is nothing to tell.
    from harness.report.outputs import Output, github_lines, to_step_summary

    if session.run is None or session.run.clean:
        return
    report = terminalreporter.config.option.harness_report
    output = Output(session.run, session.settings, Path(report) if report else None)
    for line in github_lines(output):
        terminalreporter.write_line(line)
    try:
        to_step_summary(output)
    except HarnessError as error:
        terminalreporter.write_line(f"note: {error}")
