"""A process that is killed at any moment of a decision: all of it is done later, or none was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.review.decisions import dumps
from tests.conftest import outside_ci
from tests.review.conftest import RECORD, Bench

# Dies, as of kill -9, just before the n-th call that changes a file; prints OK if it lives.
DYING = """
import os, signal, sys
from pathlib import Path
left = [int(sys.argv[1])]

def deadly(real):
    def call(*args, **kwargs):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call

for name in ("write", "replace", "unlink"):
    setattr(os, name, deadly(getattr(os, name)))
from harness.config import find_config
from harness.review.apply import Review
from harness.review.decisions import loads
review = Review.of(find_config(Path.cwd()))
if sys.argv[2] == "undo":
    review.undo("Ada")
else:
    review.decide(loads(Path("decisions.json").read_bytes(), "x"), "Ada")
print("OK")
"""


def die(bench: Bench, calls: int, what: str) -> bool:
    """Decides or undoes in a process that lives for so many calls; whether it was killed."""
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(calls), what],
        cwd=bench.project.root,
        env=outside_ci(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def put(bench: Bench, files: dict[str, bytes]) -> None:
    """Makes the files that decisions change what they were."""
    root = bench.project.root
    for name in bench.tree().keys() - files.keys():
        (root / name).unlink()
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


@pytest.fixture
def decided(bench: Bench) -> Bench:
    """A case of two changed fields, one decided; a golden; a first failure."""
    bench.give("a", title="Another headline of it", byline="Ada Lovelace")
    bench.put_golden("b", trust="reviewed", fields={"title": "x"})
    bench.give("b", title="Another headline of it")
    bench.fail("c", "no <h1>")
    found = bench.changes()
    chosen = [each for each in found if (each.case, each.field) != (bench.names["a"], "title")]
    decisions = [
        *bench.decide([each for each in chosen if each.settles == "accept"], by="Ada"),
        *bench.decide([each for each in chosen if each.settles == "approve"], "approve", by="Ada"),
    ]
    assert len(decisions) == 3
    Path(bench.project.root, "decisions.json").write_text(dumps(decisions))
    return bench


def clean(bench: Bench) -> None:
    """No temporary file is mistaken for anything, and every file is whole."""
    bench.check("none")
    for name in bench.tree():
        assert not os.path.basename(name).startswith("."), name


def next_of(bench: Bench) -> Any:
    """What the next process does first: an undo of a reviewer who did nothing."""
    return bench.review.undo("nobody")


@pytest.mark.parametrize("what", ["decide", "undo"])
def test_killed_before_any_write_all_of_it_is_done_or_none(decided: Bench, what: str) -> None:
    journal = decided.journal
    before = decided.tree()
    assert not die(decided, 10_000, "decide")
    after = _bare(decided.tree())
    if what == "undo":
        start, goal, log = decided.tree(), _bare(before), journal.read_bytes()
    else:
        start, goal, log = before, after, b""
    assert decided.accepted("a")["record"]["byline"] == "Ada Lovelace"
    outcomes = set()
    for calls in range(40):
        put(decided, start)
        journal.write_bytes(log)
        killed = die(decided, calls, what)
        next_of(decided)
        clean(decided)
        now = _bare(decided.tree())
        assert now in (_bare(start), goal), f"half-done after {calls} calls"
        outcomes.add(now == goal)
        if not killed:
            break
    else:
        raise AssertionError("it never lived")
    assert calls > 6 and outcomes == {True, False}


def _bare(tree: dict[str, bytes]) -> dict[str, bytes]:
    """Without the day of approval and half-written files, which are nobody's."""
    return {k: v for k, v in tree.items() if not os.path.basename(k).startswith(".")}


def test_the_decision_of_a_dead_process_is_what_the_next_one_finds(decided: Bench) -> None:
    start = decided.tree()
    for calls in range(2, 40):
        put(decided, start)
        decided.journal.unlink(missing_ok=True)
        if not die(decided, calls, "decide"):
            break
        if b'"decided"' not in decided.journal.read_bytes():
            continue
        # What the journal holds was decided, whether or not anything of it was written.
        decided.review.decide([])
        assert decided.accepted("a")["record"]["byline"] == "Ada Lovelace"
        assert decided.accepted("a")["record"]["title"] == RECORD["title"]
        assert decided.accepted("c")["error"]["message"] == "no <h1>"
        assert decided.golden("b")["fields"]["title"] == "Another headline of it"
        assert decided.pending("a") is not None and decided.pending("c") is None
        left = [each.field for each in decided.changes()]
        assert left == ["title"], f"after {calls} calls"
