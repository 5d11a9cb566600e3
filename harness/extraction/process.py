"""One worker process: lines in, lines out, and every way in which it may die."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor

from harness.extraction import process_tree
from harness.extraction.launch import WORKER, Launch, command_line, environment
from harness.extraction.limits import Limits
from harness.model import Failure

# How often a worker's memory is looked at. Python workers are held by the kernel as well.
_LOOK = 0.1
# After a worker has closed its output, it has this long to say with its exit why.
_GRACE = 0.3
# Characters of what a worker printed last that are kept for its failure.
_TAIL = 8_000
_CHUNK = 1 << 18
# Linux lets anyone have pipes of 1 MiB, so that most pages are written in one go (linux/fcntl.h).
_SET_PIPE_SIZE, _PIPE_SIZE = 1031, 1 << 20


class DeathError(Exception):
    """A worker is dead or must die; ``failure`` says of what."""

    def __init__(self, kind: str, message: str, said: str = "") -> None:
        super().__init__(message)
        self.failure = Failure(kind, message, said)

    @classmethod
    def of(cls, failure: Failure) -> DeathError:
        """As it was said before."""
        return cls(failure.type, failure.message, failure.traceback)


class Process:
    """A worker process and its pipes. One thread at a time.

    ``asked`` counts the captures it was given. The process leads a session of its own, so that
    Ctrl-C reaches the harness alone. Raises DeathError when it cannot be started.
    """

    def __init__(self, launch: Launch, limits: Limits) -> None:
        self.asked = 0
        self.limits = limits
        self.mark = uuid.uuid4().hex
        self._printed = 0
        self._tail = b""
        self._answer: list[bytes] = []
        self._size = 0
        self._rest = memoryview(b"")
        self._spoke = False
        self._closed = False
        argv = command_line(launch, confinement(limits))
        try:
            self._popen = _start(argv, launch, environment(launch, self.mark))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = "" if launch.cwd.is_dir() else f" in {launch.cwd}"
            raise DeathError("CannotStart", f"cannot start {argv[0]}{where}: {reason}") from None
        self.pid = self._popen.pid
        self._in, self._out, self._err = _pipes(self._popen)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(self._err, selectors.EVENT_READ)
        # Tells of a death at once, also where a child of the worker keeps its pipes open.
        self._handle = _handle(self.pid)
        if self._handle is not None:
            self._selector.register(self._handle, selectors.EVENT_READ)

    def is_idle(self) -> bool:
        """Whether it lives, and has said nothing since its last answer."""
        if self._spoke:
            return False
        for key, _ in self._selector.select(0):
            if key.fd != self._err:
                return False
            try:
                self._hear()
            except DeathError:
                return False
        return self._handle is not None or self._popen.poll() is None

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Writes a line, gives the next line that comes, without its end. Raises DeathError."""
        self._printed, self._tail = 0, b""
        self._answer, self._size = [], 0
        self._rest = memoryview(request)
        now = time.monotonic()
        deadline, look = now + seconds, now + _LOOK
        self._write()
        while True:
            timeout = max(min(deadline, look) - time.monotonic(), 0)
            ready = {key.fd for key, _ in self._selector.select(timeout)}
            if self._err in ready:
                self._hear()
            if self._in in ready:
                self._write()
            ended = self._has_ended(ready)
            if self._out in ready or ended:
                if self._read(all_there_is=ended):
                    return b"".join(self._answer)
                if ended:
                    raise self._ended()
            if self._closed:
                deadline = min(deadline, time.monotonic() + _GRACE)
            now = time.monotonic()
            if now >= look:
                self._look()
                look = time.monotonic() + _LOOK
            if now >= deadline:
                raise self._late(seconds)

    def close_input(self) -> None:
        """Lets it end by itself: the end of the input is the end of the work."""
        assert self._popen.stdin
        with contextlib.suppress(OSError):
            self._popen.stdin.close()

    def wait(self, seconds: float) -> None:
        """Waits until it has ended, for so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)

    def kill(self) -> int:
        """Ends it and all that it has started; its exit code as ``Popen`` gives it. Idempotent."""
        if self._popen.returncode is None:
            process_tree.end(self.pid, self.mark)
        else:
            process_tree.sweep([self.mark])
        code = self._popen.wait()
        if self._selector.get_map() is not None:
            self._drain()
            self._selector.close()
            for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
                assert pipe
                with contextlib.suppress(OSError):  # what it never read is still to be written
                    pipe.close()
            if self._handle is not None:
                os.close(self._handle)
        return code

    def shoot(self) -> None:
        """Kills it from another thread than the one that asks, which will see it dead."""
        if self._popen.returncode is not None:
            return
        process_tree.end(self.pid, self.mark)

    def death(self, kind: str, message: str, said: str = "") -> DeathError:
        """Kills it, and says why, with what it printed last."""
        self.kill()
        return DeathError(kind, message, said or _without_us(self._tail))

    def _has_ended(self, ready: set[int]) -> bool:
        if self._handle is None:
            return self._popen.poll() is not None
        return self._handle in ready

    def _write(self) -> None:
        registered = self._in in self._selector.get_map()
        try:
            while self._rest:
                self._rest = self._rest[os.write(self._in, self._rest) :]
        except BlockingIOError:
            if not registered:
                self._selector.register(self._in, selectors.EVENT_WRITE)
            return
        except OSError:
            self._rest = memoryview(b"")  # it reads no more; what it does next tells why
        if registered:
            self._selector.unregister(self._in)

    def _read(self, all_there_is: bool) -> bool:
        """Reads what it answers; whether the line is whole."""
        while True:
            try:
                chunk = os.read(self._out, _CHUNK)
            except BlockingIOError:
                return False
            if not chunk:
                if not self._closed:
                    self._closed = True
                    self._selector.unregister(self._out)
                return False
            line, end, beyond = chunk.partition(b"\n")
            self._answer.append(line)
            self._size += len(line)
            if end:
                self._spoke = bool(beyond)
                return True
            if self._size > self.limits.output << 20:
                raise self.death(
                    "OutputLimit", f"its answer is longer than {self.limits.output} MiB"
                )
            if not all_there_is:
                return False

    def _hear(self) -> None:
        """Reads what it printed, keeps the end, and refuses too much."""
        try:
            chunk = os.read(self._err, _CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(self._err)
        self._printed += len(chunk)
        self._tail = (self._tail + chunk)[-_TAIL:]
        if self._printed > self.limits.output << 20:
            raise self.death("OutputLimit", f"it printed more than {self.limits.output} MiB")

    def _drain(self) -> None:
        """What a dead worker still said; a pipe holds no more than its size."""
        for _ in range(_PIPE_SIZE // _CHUNK + 1):
            try:
                chunk = os.read(self._err, _CHUNK)
            except OSError:
                return
            if not chunk:
                return
            self._tail = (self._tail + chunk)[-_TAIL:]

    def _look(self) -> None:
        limit = self.limits.memory << 20
        if process_tree.memory(self.pid) > limit and process_tree.shared_memory(self.pid) > limit:
            raise self.death("MemoryLimit", out_of_memory(self.limits))

    def _late(self, seconds: float) -> DeathError:
        if self._closed:
            return self.death("BadAnswer", "it closed its output without an answer, and lives on")
        return self.death("TimeLimit", f"no answer within {seconds:g} s (--timeout allows more)")

    def _ended(self) -> DeathError:
        code = self.kill()
        if code < 0:
            return self.death("Crashed", f"the process died of {_signal_name(-code)}")
        return self.death("Exited", f"the process ended with exit code {code}, without an answer")


def confinement(limits: Limits) -> dict[str, object]:
    """What a worker must know of its limits."""
    return {"memory": limits.memory, "network": limits.network, "clock": limits.clock}


def out_of_memory(limits: Limits) -> str:
    """The message of a failure ``MemoryLimit``."""
    return f"it used more than {limits.memory} MiB of memory (--memory allows more)"


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:  # real-time signals have no names
        return f"signal {number}"
    if number == signal.SIGKILL:
        return f"{name}, which was not ours: had the system no memory left?"
    return f"{name} ({signal.strsignal(number)})"


def _without_us(tail: bytes) -> str:
    """What a worker printed last, without our frames, and without addresses, which vary."""
    lines = tail.decode("utf-8", "replace").splitlines()
    text = "\n".join(line for line in lines if str(WORKER) not in line)
    return re.sub(r"\b0x[0-9a-f]{6,}", "0x…", text)


def _pipes(popen: subprocess.Popen[bytes]) -> tuple[int, int, int]:
    assert popen.stdin and popen.stdout and popen.stderr
    pipes = popen.stdin.fileno(), popen.stdout.fileno(), popen.stderr.fileno()
    for pipe in pipes:
        os.set_blocking(pipe, False)
    if sys.platform == "linux":
        import fcntl

        for pipe in pipes[:2]:
            with contextlib.suppress(OSError):  # who holds many pipes already gets small ones
                fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE_SIZE)
    return pipes


def _handle(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux, or one that is older than 5.3
        return None


# Linux kills a worker when the *thread* that started it ends: one thread starts them all, and
# lives as long as this process does.
_lock = threading.Lock()
_starter: tuple[int, ThreadPoolExecutor] | None = None


def _start(argv: list[str], launch: Launch, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    global _starter
    with _lock:
        # A fork of this process has no such thread.
        if _starter is None or _starter[0] != os.getpid():
            _starter = os.getpid(), ThreadPoolExecutor(1, "harness-workers")
        future = _starter[1].submit(
            subprocess.Popen,
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=launch.cwd,
            env=environ,
            start_new_session=True,
        )
    try:
        return future.result()
    except KeyboardInterrupt:
        future.add_done_callback(_abandon)
        raise


def _abandon(future: Future[subprocess.Popen[bytes]]) -> None:
    if future.exception() is None:
        with future.result() as popen:
            popen.kill()
