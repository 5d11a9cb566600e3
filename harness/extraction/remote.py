"""An extractor in supervised worker processes: whatever happens there costs one capture a failure.

A worker that dies on a capture is replaced, and the capture is tried once more in a fresh worker,
since an earlier capture may have done the harm. A capture on which two workers have died is
quarantined: it gets the same failure from then on, at once. What would cost a whole time limit
again, or is not likely to change, is tried again only if the worker had answered before.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType

from harness.extraction.answers import (
    BadAnswerError,
    Ready,
    answer_of,
    outcome_of,
    ready_of,
    refusals_of,
    request_of,
)
from harness.extraction.launch import Launch
from harness.extraction.limits import Limits
from harness.extraction.process import DeathError, Process, confinement, out_of_memory
from harness.model import Capture, Failure, Kind, Outcome

# A worker that cannot start is tried so often; then all captures get the failure.
_STARTS = 2
# So long a worker that is told to end may take to clean up after itself.
_FAREWELL = 1.0
# In a fresh worker these are the capture's own doing.
_NOT_AGAIN = frozenset({"TimeLimit", "BadAnswer"})
# Failures to load whose message needs no name of an exception before it.
_SPEAK_FOR_THEMSELVES = frozenset({"ConfigError", "NoConfigError", "FileNotFoundError"})


class _Pool:
    """The workers of a Remote: what is left to end when it is gone."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: list[Process] = []
        self.busy: set[Process] = set()
        self.closed = False

    def kill(self) -> None:
        """Ends all at once; those that are asked just now are cleaned up by who asks."""
        for process in self.shut():
            process.kill()

    def shut(self) -> list[Process]:
        """Lets nobody in any more, ends the busy workers, and gives the idle ones."""
        with self.lock:
            self.closed = True
            idle, self.idle = self.idle, []
            busy = list(self.busy)
        for process in busy:
            process.shoot()
        return idle


class Remote:
    """A callable (Capture) → Outcome. It never raises, but for Ctrl-C.

    Up to ``workers`` processes are started as they are needed; each caller is lent one, or waits
    for one. Any number of threads may call. ``close`` ends the workers, as leaving a ``with`` and
    the end of the harness do.
    """

    # What `Extractor.remote` asks: captures may be extracted from many threads at once.
    remote = True

    def __init__(self, launch: Launch, limits: Limits | None = None, workers: int = 1) -> None:
        self.launch = launch
        self.limits = limits or Limits()
        self.workers = workers
        self._pool = _Pool()
        self._slots = threading.BoundedSemaphore(workers)
        self._deaths: dict[str, int] = {}
        self._quarantine: dict[str, Outcome] = {}
        self._refused: dict[str, int] = {}
        self._ready: Ready | None = None
        self._unstartable: Failure | None = None
        self._failed_starts = 0
        self._finalizer = weakref.finalize(self, self._pool.kill)

    def __call__(self, capture: Capture) -> Outcome:
        """Runs the extractor on a capture, in a worker of its own for the while."""
        if self._quarantine and (known := self._quarantine.get(_digest(capture))):
            return known
        try:
            request = request_of(self.launch, capture)
        except (LookupError, ValueError) as error:  # a charset that Python does not know
            return Outcome(None, Failure(type(error).__name__, str(error)), self.kinds)
        with self._slots:
            return self._extract(capture, request)

    def start(self) -> Failure | None:
        """Starts a worker, if none has been; a failure ``CannotStart`` when that does not work."""
        with self._slots:
            try:
                self._give_back(self._take())
            except DeathError as death:
                return death.failure
        return None

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of fields the extractor states; none before a worker was started."""
        return self._ready.kinds if self._ready else {}

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that a project's extractor states; none before a worker was started."""
        return self._ready.sites if self._ready else ()

    @property
    def network_refused(self) -> bool | None:
        """Whether extractors are kept from the network; None before a worker was started.

        False where it is allowed, and for commands where the kernel grants no network namespace.
        """
        return None if self._ready is None else self._ready.network != "none"

    @property
    def refusals(self) -> Mapping[str, int]:
        """``host:port`` → how many captures tried to reach it and were refused."""
        with self._pool.lock:
            return dict(self._refused)

    def close(self) -> None:
        """Ends the workers: idle ones may clean up, busy ones are killed. Final."""
        idle = self._pool.shut()
        for process in idle:
            process.close_input()
        deadline = time.monotonic() + _FAREWELL
        for process in idle:
            process.wait(max(deadline - time.monotonic(), 0))
            process.kill()
        self._finalizer.detach()

    def __enter__(self) -> Remote:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _extract(self, capture: Capture, request: bytes) -> Outcome:
        while True:
            try:
                process = self._take()
            except DeathError as death:
                return Outcome(None, death.failure)
            fresh = process.asked == 0
            try:
                outcome = self._asked(process, request)
            except DeathError as death:
                self._discard(process)
                if self._pool.closed:
                    return Outcome(None, Failure("CannotStart", "the workers were ended"))
                known = self._died(capture, death.failure)
                if known or (fresh and death.failure.type in _NOT_AGAIN):
                    return known or Outcome(None, death.failure, self.kinds)
            except BaseException:  # Ctrl-C too: a worker that is half-way through must not live on
                self._discard(process)
                raise
            else:
                self._give_back(process)
                if self._deaths:
                    self._deaths.pop(_digest(capture), None)  # it was not the capture's doing
                return outcome

    def _asked(self, process: Process, request: bytes) -> Outcome:
        process.asked += 1
        number = process.asked
        line = process.ask(b'{"id": %d, %b' % (number, request), self.limits.seconds)
        try:
            answer = answer_of(line, number)
        except BadAnswerError as error:
            raise process.death("BadAnswer", str(error)) from None
        outcome = outcome_of(answer, self.kinds)
        if outcome.failure and outcome.failure.type == "MemoryError":
            # What it holds on to would be missing for the next capture.
            said = outcome.failure.traceback
            raise process.death("MemoryLimit", out_of_memory(self.limits), said)
        for host in refusals_of(answer):
            with self._pool.lock:
                self._refused[host] = self._refused.get(host, 0) + 1
        return outcome

    def _died(self, capture: Capture, failure: Failure) -> Outcome | None:
        """Counts a death on a capture. From the second on, what the capture gets for good."""
        digest = _digest(capture)
        with self._pool.lock:
            deaths = self._deaths[digest] = self._deaths.get(digest, 0) + 1
            if deaths < 2:
                return None
            message = f"{failure.message}; two workers died on this capture: it is quarantined"
            outcome = Outcome(None, replace(failure, message=message), self.kinds)
            self._quarantine[digest] = outcome
        return outcome

    def _take(self) -> Process:
        """An idle worker, or a new one. Raises DeathError with a failure ``CannotStart``."""
        while True:
            with self._pool.lock:
                if self._unstartable or self._pool.closed:
                    ended = Failure("CannotStart", "the workers were ended")
                    raise DeathError.of(self._unstartable or ended)
                process = self._pool.idle.pop() if self._pool.idle else None
                if process:
                    self._pool.busy.add(process)
            if process is None:
                return self._start()
            if process.is_idle():
                return process
            # It ended, or spoke when it was not asked: what it says next is about anything.
            self._discard(process)

    def _start(self) -> Process:
        try:
            process = Process(self.launch, self.limits)
            with self._pool.lock:
                self._pool.busy.add(process)
            try:
                self._ready = self._greeted(process)
            except BaseException:  # Ctrl-C too: nobody else knows of this process
                self._discard(process)
                raise
        except DeathError as death:
            with self._pool.lock:
                self._failed_starts += 1
                if self._failed_starts >= _STARTS:
                    self._unstartable = death.failure
            raise
        self._failed_starts = 0
        return process

    def _greeted(self, process: Process) -> Ready:
        first = {"load": self.launch.load, "limits": confinement(self.limits)}
        line = b"" if self.launch.load is None else json.dumps(first).encode() + b"\n"
        try:
            ready = ready_of(process.ask(line, self.limits.loading))
        except BadAnswerError as error:
            raise process.death("CannotStart", str(error)) from None
        except DeathError as death:
            failure = death.failure
            last = failure.traceback.rstrip().rpartition("\n")[2].strip()
            message = f"the worker did not start: {failure.message}" + (last and f": {last}")
            raise DeathError("CannotStart", message, failure.traceback) from None
        if isinstance(ready, Failure):
            kind = "" if ready.type in _SPEAK_FOR_THEMSELVES else f"{ready.type}: "
            message = f"cannot load the extractor: {kind}{ready.message}"
            raise process.death("CannotStart", message, ready.traceback)
        return ready

    def _give_back(self, process: Process) -> None:
        with self._pool.lock:
            if not self._pool.closed:
                self._pool.busy.discard(process)
                self._pool.idle.append(process)
                return
        self._discard(process)

    def _discard(self, process: Process) -> None:
        with self._pool.lock:
            self._pool.busy.discard(process)
        process.kill()


def _digest(capture: Capture) -> str:
    digest = hashlib.sha256(capture.body)
    digest.update((capture.url or "").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
