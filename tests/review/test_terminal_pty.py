"""``harness review --terminal`` in a real pseudo-terminal, over a real small project."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.command_line import NewProject, caller, fill
from tests.conftest import Project, outside_ci

pty = pytest.importorskip("pty", reason="a pseudo-terminal needs Unix")
termios = pytest.importorskip("termios", reason="a pseudo-terminal needs Unix")
fcntl = pytest.importorskip("fcntl", reason="a pseudo-terminal needs Unix")

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*3[0-7]m")
_PATIENCE = 30.0


class Screen:
    """The other end of the terminal: what was written there, and keys for it."""

    def __init__(self, handle: int, process: subprocess.Popen[bytes]) -> None:
        self.handle, self.process = handle, process
        self.raw = ""

    def until(self, said: str) -> str:
        """What was drawn since it was asked before, until that stands there."""
        end = time.monotonic() + _PATIENCE
        seen = ""
        while said not in _SEQUENCE.sub("", seen):
            assert time.monotonic() < end, f"no {said!r} in {_SEQUENCE.sub('', seen)!r}"
            seen += self._read(0.1)
        return seen

    def press(self, keys: str, said: str) -> str:
        """Presses keys and waits for what they show."""
        os.write(self.handle, keys.encode())
        return self.until(said)

    def ended(self) -> int:
        """The exit code, when the process ends."""
        end = time.monotonic() + _PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            self._read(0.05)
        self._read(0.05)
        return self.process.returncode

    def _read(self, seconds: float) -> str:
        if not select.select([self.handle], [], [], seconds)[0]:
            return ""
        try:
            said = os.read(self.handle, 1 << 16).decode("utf-8", "replace")
        except OSError:  # EIO: nobody is at the other end any more
            return ""
        self.raw += said
        return said


@contextmanager
def reviewing(project: Project, width: int = 100, **environ: str) -> Iterator[Screen]:
    """A review of the project's last run in a terminal of ``width`` × 30."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, width, 0, 0))
    env = outside_ci() | {"TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1", **environ}
    if "NO_COLOR" not in environ:
        env.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", "review", "--terminal"],
        cwd=project.root,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    try:
        yield Screen(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


@pytest.fixture
def drifting(
    new_project: NewProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """Three captures whose byline is lost and whose title has the name of the site."""
    project = new_project()
    harness = caller(project, monkeypatch, capsys)
    fill(project, "alpha", "beta", "gamma")
    assert harness("check", "--update", "all").code == 0
    extractor = project.root / "extractors" / "site.py"
    source = extractor.read_text("utf-8").replace('page.text(".by")', 'page.text(".author")')
    extractor.write_text(source.replace('page.text("h1")', 'page.text("h1") + " | N"'), "utf-8")
    assert harness("check").code == 1
    return project


def records(project: Project) -> list[dict[str, object]]:
    """The accepted records, by the names of their captures."""
    found = sorted((project.root / "snapshots").rglob("*.json"))
    return [json.loads(path.read_text("utf-8"))["record"] for path in found]


def test_a_review_writes_what_is_accepted_and_undoes_it(drifting: Project) -> None:
    before = drifting.snapshots()
    with reviewing(drifting) as screen:
        screen.until("0/6 decided")
        screen.press("/title\r", "3 changes with 'title'")
        screen.press("A", "3/6 decided")
        titles = [str(each["title"]) for each in records(drifting)]
        assert titles == ["alpha | N", "beta | N", "gamma | N"]
        assert {each["byline"] for each in records(drifting)} == {"A. Writer"}
        screen.press("u", "0/6 decided")
        assert drifting.snapshots() == before
        screen.press("/\x15byline\r", "3 changes with 'byline'")
        screen.press("A", "only one by one")
        screen.press("a", "1/6 decided")
        screen.press("r", "2/6 decided")
        os.write(screen.handle, b"q")
        assert screen.ended() in (0, 1)
    assert [each["byline"] for each in records(drifting)].count(None) == 1
    assert [each["title"] for each in records(drifting)] == ["alpha", "beta", "gamma"]
    with reviewing(drifting) as screen:
        screen.until("2/6 decided")
        os.write(screen.handle, b"\x03")
        assert screen.ended() in (0, 1)


def test_a_snapshot_that_changed_meanwhile_is_not_overwritten(drifting: Project) -> None:
    with reviewing(drifting) as screen:
        screen.until("0/6 decided")
        paths = sorted((drifting.root / "snapshots").rglob("*.json"))
        for path in paths:
            path.write_text(path.read_text("utf-8").replace("A. Writer", "B. Writer"), "utf-8")
        changed = drifting.snapshots()
        screen.press("/byline\r", "3 changes")
        screen.press("a", "refused")
        os.write(screen.handle, b"q")
        screen.ended()
    assert drifting.snapshots() == changed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_it_the_terminal_is_as_before_and_decisions_are_kept(
    drifting: Project, number: signal.Signals
) -> None:
    with reviewing(drifting) as screen:
        screen.until("0/6 decided")
        modes = termios.tcgetattr(screen.handle)
        assert not modes[3] & termios.ECHO
        screen.press("a", "1/6 decided")
        screen.process.send_signal(number)
        screen.ended()
        modes = termios.tcgetattr(screen.handle)
        assert modes[3] & termios.ECHO and modes[3] & termios.ICANON
        assert "\x1b[?1049l" in screen.raw and "\x1b[?25h" in screen.raw
        assert "Traceback" not in screen.raw
    assert [each["byline"] for each in records(drifting)].count(None) == 1


def test_a_terminal_that_changes_its_size_is_drawn_anew(drifting: Project) -> None:
    with reviewing(drifting) as screen:
        screen.until("0/6 decided")
        fcntl.ioctl(screen.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 44, 0, 0))
        screen.process.send_signal(signal.SIGWINCH)
        seen = screen.until("─" * 44)
        assert "─" * 45 not in _SEQUENCE.sub("|", seen)
        fcntl.ioctl(screen.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 5, 10, 0, 0))
        screen.process.send_signal(signal.SIGWINCH)
        screen.until("too small")
        os.write(screen.handle, b"Aaq")
        screen.ended()
    assert {each["byline"] for each in records(drifting)} == {"A. Writer"}


def test_without_colours_nothing_is_coloured(drifting: Project) -> None:
    with reviewing(drifting, NO_COLOR="1") as screen:
        screen.until("0/6 decided")
        assert not re.search(_COLOUR, screen.raw)
        os.write(screen.handle, b"q")
        screen.ended()
    with reviewing(drifting) as screen:
        screen.until("q quit")
        assert re.search(_COLOUR, screen.raw)


def test_a_pipe_is_no_terminal(drifting: Project) -> None:
    done = drifting.run("harness", "review", "--terminal", TERM="xterm")
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert "Traceback" not in done.err


def test_a_terminal_that_cannot_be_drawn_on_is_told_so(drifting: Project) -> None:
    with reviewing(drifting, TERM="dumb") as screen:
        assert screen.ended() == 2
        assert "TERM=dumb" in screen.raw
