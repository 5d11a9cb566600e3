"""Extractors that do what their page says: each way in which an extractor can go wrong."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.extraction.launch import Launch, python_launch
from harness.extraction.limits import Limits
from harness.extraction.remote import Remote
from harness.model import Capture, Outcome

CAPTURED = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
QUICK = Limits(seconds=5, memory=512, output=1)

# The page is code; what it leaves in `record` is the record.
OBEDIENT = """
import ctypes, json, os, signal, socket, subprocess, sys, threading, time

def obey(html, url):
    space = {**globals(), "url": url, "record": {"title": "done", "pid": os.getpid()}}
    exec(html, space)
    return space["record"]

async def later(html, url):
    return obey(html, url)

def whole(capture):
    return {key: type(value).__name__ for key, value in capture.items()}
"""

# A command that speaks the protocol, and before each answer does what the page says.
COMMAND = """
import json, os, sys, time
def say(answer):
    sys.stdout.write(json.dumps(answer) + "\\n")
    sys.stdout.flush()
for line in sys.stdin:
    request = json.loads(line)
    answer = {"id": request["id"], "record": {"title": "done", "pid": os.getpid()}}
    exec(request["html"])
    say(answer)
"""


def page(code: str, name: str = "page", **options: Any) -> Capture:
    body = textwrap.dedent(code).strip().encode()
    options = {"url": "https://example.com/a", "captured_at": CAPTURED, **options}
    return Capture("site", name, body, "text/html", **options)


GOOD = page("pass")


def python(folder: Path, function: str = "obey", **load: Any) -> Launch:
    (folder / "obedient.py").write_text(OBEDIENT)
    return python_launch({"call": f"obedient:{function}", "path": [str(folder)], **load}, folder)


def command(folder: Path, source: str = COMMAND) -> Launch:
    (folder / "command.py").write_text(source)
    return Launch((sys.executable, "command.py"), None, folder)


@contextmanager
def remote(launch: Launch, limits: Limits = QUICK, workers: int = 1) -> Iterator[Remote]:
    with Remote(launch, limits, workers) as running:
        yield running


def record(outcome: Outcome) -> dict[str, Any]:
    assert outcome.failure is None, outcome.failure
    assert outcome.record is not None
    return outcome.record


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and was not waited for does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except OSError:
        return sys.platform != "linux"
    return state not in "ZX"
