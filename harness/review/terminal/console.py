"""The review's loop, and the terminal itself: keys in, screens out, all as it was at the end."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from harness.changes import Change
from harness.clusters import ChangeCluster
from harness.errors import HarnessError
from harness.model import CaseResult
from harness.report.evidence import Evidence
from harness.review.terminal.keys import Keys
from harness.review.terminal.look import Look
from harness.review.terminal.model import Answer, Ask, Desk, Review, State
from harness.review.terminal.screen import Frame, screen
from harness.review.terminal.state import answered, begin, news, press

STYLES = {
    "old": "red",
    "now": "green",
    "alert": "yellow",
    "cluster": "bold cyan",
    "open": "",
}
# How long an escape key may be the first byte of a longer sequence: over ssh, its bytes may come
# in two packets.
_ESCAPE = 0.1
# How often somebody else's decisions are looked for.
_IDLE = 2.0
# Aligned pages are megabytes; a reviewer goes back by a few.
_PAGES = 8

# Alternate screen, no cursor, no wrapping at the edge, pasted text told from typed; and back
# (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "DEC Private Mode Set").
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[2J"
_LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l"


def run(
    clusters: Sequence[ChangeCluster],
    desk: Desk,
    evidence: Callable[[CaseResult], Evidence],
    *,
    verdict: str,
    by: str = "",
) -> int:
    """Reviews the clusters in this process's terminal; how many changes are still undecided.

    ``verdict`` is the run in one sentence, ``by`` who decides. ``evidence`` is asked for what is on
    the screen only. Returns when the reviewer leaves, or SIGINT, SIGTERM or SIGHUP came. Raises
    HarnessError where standard input or output is no terminal.
    """
    review = Review(verdict, tuple(clusters))
    _refuse_what_is_no_terminal()
    if not review.changes:
        return 0
    pages = _Pages(evidence)
    with _Terminal.of(sys.stdin.fileno(), sys.stdout.fileno()) as terminal:
        return _reviewed(review, desk, pages, terminal, by)


def _refuse_what_is_no_terminal() -> None:
    instead = "`harness review` serves it to a browser, `harness accept` takes names"
    if sys.platform == "win32":
        raise HarnessError(f"a review in the terminal needs one of Unix; {instead}")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise HarnessError(
            f"a review in the terminal needs a terminal, and this is none; {instead}"
        )
    if os.environ.get("TERM", "dumb") == "dumb":
        raise HarnessError(f"this terminal cannot be drawn on (TERM=dumb); {instead}")


def _reviewed(review: Review, desk: Desk, pages: _Pages, terminal: _Terminal, by: str) -> int:
    state = begin(review, desk.known(), by)
    keys = Keys()
    while True:
        frame = screen(review, state, terminal.look, pages.known)
        terminal.draw(frame)
        change = review.changes[state.at]
        if not terminal.wait(0) and pages.read(change):
            continue
        event = terminal.wait(_ESCAPE if keys.waiting else _IDLE)
        if event == "end":
            return state.left
        if event == "keys":
            data = terminal.read()
            if not data:
                return state.left
            pressed = keys.feed(data)
        else:
            pressed = keys.flush()
            if not event:
                state = news(review, state, desk.known())
        for key in pressed:
            if key == "ctrl-z":
                terminal.suspend()
                continue
            state, ask = _pressed(review, state, key, frame)
            if ask and ask.do == "leave":
                return state.left
            if ask:
                state = answered(review, state, ask, _answer(desk, ask))
            if state.mode == "values":
                # The next key may approve what this screen shows to its end.
                frame = screen(review, state, terminal.look, pages.known)


def _pressed(review: Review, state: State, key: str, frame: Frame) -> tuple[State, Ask | None]:
    if not frame.readable and key not in ("q", "ctrl-c"):
        return state, None
    if not frame.readable:
        return state, Ask("leave")
    return press(review, state, key, frame.room)


def _answer(desk: Desk, ask: Ask) -> Answer:
    return desk.undo() if ask.do == "undo" else desk.decide(ask.decisions, ask.by)


class _Pages:
    """The captures of the last changes, aligned. Reading one may take a second."""

    def __init__(self, evidence: Callable[[CaseResult], Evidence]) -> None:
        self._evidence = evidence
        self._found: OrderedDict[str, Evidence | HarnessError] = OrderedDict()

    def known(self, change: Change) -> Evidence | None:
        """The capture of a change, None before it was read. Raises HarnessError if that failed."""
        found = self._found.get(change.case)
        if isinstance(found, HarnessError):
            raise found
        return found

    def read(self, change: Change) -> bool:
        """Reads the capture of a change; False where it was read before."""
        if change.case in self._found:
            return False
        try:
            self._found[change.case] = self._evidence(change.result)
        except HarnessError as error:
            self._found[change.case] = error
        if len(self._found) > _PAGES:
            self._found.popitem(last=False)
        return True


@dataclass
class _Terminal:
    """A terminal in raw mode on its alternate screen."""

    source: int
    target: int
    encoding: str
    signals: int
    look: Look
    _drawn: tuple[Text, ...] = ()
    _resized: bool = False
    _ended: bool = False
    _saved: Any = None

    @classmethod
    @contextlib.contextmanager
    def of(cls, source: int, target: int) -> Iterator[_Terminal]:
        """The terminal of two file descriptors, restored at the end whatever happens."""
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        self = cls(source, target, sys.stdout.encoding or "ascii", wake, Look())
        handlers = {
            getattr(signal, name): self._end for name in ("SIGINT", "SIGTERM", "SIGHUP")
        } | {signal.SIGWINCH: self._resize}
        before = {number: signal.signal(number, handle) for number, handle in handlers.items()}
        wakeup = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        try:
            self._measure()
            self._enter()
            yield self
        finally:
            self._leave()
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(wake)
            os.close(woken)

    def draw(self, frame: Frame) -> None:
        """Shows a frame; only the lines that are others than before are sent."""
        said = []
        for i, line in enumerate(frame.lines):
            if i >= len(self._drawn) or self._drawn[i] != line:
                said.append(f"\x1b[{i + 1};1H\x1b[0m{self._coded(line)}\x1b[0m\x1b[K")
        self._drawn = frame.lines
        self._write("".join(said))

    def wait(self, seconds: float) -> str:
        """What came first: ``keys``, ``resize``, ``end``; "" when nothing did."""
        ready, _, _ = select.select([self.source, self.signals], [], [], seconds)
        if self.signals in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self.signals, 1024)
        if self._ended:
            return "end"
        if self._resized:
            self._resized = False
            self._measure()
            return "resize"
        return "keys" if self.source in ready else ""

    def read(self) -> bytes:
        """What was typed; nothing where the terminal is gone."""
        try:
            return os.read(self.source, 4096)
        except OSError:  # EIO, after a hang-up
            return b""

    def suspend(self) -> None:
        """Gives the terminal back to the shell until this process is continued."""
        self._leave()
        os.kill(0, signal.SIGTSTP)
        self._measure()
        self._enter()

    def _enter(self) -> None:
        import termios
        import tty

        self._saved = termios.tcgetattr(self.source)
        # Not TCSAFLUSH, which throws away what was typed ahead.
        tty.setraw(self.source, termios.TCSADRAIN)
        self._write(_ENTER)
        self._drawn = ()

    def _leave(self) -> None:
        import termios

        if self._saved is None:
            return
        self._write(_LEAVE)
        with contextlib.suppress(termios.error):  # a terminal that hung up has no modes
            termios.tcsetattr(self.source, termios.TCSADRAIN, self._saved)
        self._saved = None

    def _measure(self) -> None:
        try:
            width, height = os.get_terminal_size(self.target)
        except OSError:
            width = height = 0
        # A terminal that does not know its size says 0.
        self.look = Look(width or 80, height or 24, self.encoding)
        self._drawn = ()
        if self._saved is not None:
            self._write("\x1b[2J")

    def _coded(self, line: Text) -> str:
        file = io.StringIO()
        # Colours as the environment says: TERM, COLORTERM, NO_COLOR.
        console = Console(
            file=file, force_terminal=True, theme=_THEME, width=10_000, legacy_windows=False
        )
        console.print(line, end="", soft_wrap=True, highlight=False)
        return file.getvalue()

    def _write(self, text: str) -> None:
        data = memoryview(text.encode(self.encoding, "replace"))
        try:
            while data:
                data = data[os.write(self.target, data) :]
        except OSError:  # the terminal is gone
            self._ended = True

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ended = True

    def _resize(self, _number: int, _frame: FrameType | None) -> None:
        self._resized = True


_THEME = Theme(STYLES)
