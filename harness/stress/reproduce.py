"""A small page of a fault, and the command that shows the fault on it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import replace

from harness.corpus.store import EXTENSIONS
from harness.extraction import Extractor
from harness.model import Capture
from harness.records import rfc3339
from harness.shrink import Shrunk, shrink
from harness.stress.measure import hunks
from harness.stress.model import Example, Fault, Reproduction
from harness.stress.oracles import RelationOracle, Trial


def alone(capture: Capture, fails: Callable[[Capture], bool]) -> Capture:
    """The capture without what a bare file does not tell, where it fails without it, too."""
    capture = replace(capture, site="file", name="page")
    for change in (
        {"url": None, "captured_at": None, "headers": (), "charset": None, "status": None},
        {"url": None},
        {"captured_at": None},
        {"headers": (), "charset": None, "status": None},
    ):
        bare = replace(capture, **change)
        if bare != capture and fails(bare):
            return bare
    return capture


def reproduce(
    fault: Fault,
    capture: Capture,
    extractor: Extractor,
    *,
    spelled: str,
    path: str,
    budget_seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Shrunk, Reproduction] | None:
    """The page of a fault's example, shrunk while the same relation, field and class fail.

    ``spelled`` is how the extractor is given to ``-x``, ``path`` where the page will be. None when
    the example does not fail again: the extractor is not deterministic, or depends on the site.
    """
    oracle = RelationOracle(
        extractor, fault.example.steps, fault.relation, fault.field, fault.fault
    )
    first = oracle.trial(capture)
    if first is None:
        return None
    oracle = replace(oracle, failure=first.after.failure)
    start, size = clock(), len(capture.body)
    capture = alone(capture, oracle)
    if not oracle(capture):
        return None
    shrunk = shrink(capture, oracle, budget_seconds=budget_seconds, clock=clock)
    last = oracle.trial(shrunk.capture)
    if last is None:
        return None
    found = Reproduction(
        path=path,
        source=shrunk.capture.body.decode(shrunk.capture.charset or "utf-8", "replace"),
        size_from=size,
        size_to=len(shrunk.capture.body),
        command=command(fault, shrunk.capture, spelled, path),
        example=example_of(last, shrunk.capture),
        ended=shrunk.ended,
        parses=shrunk.parses,
        tests=shrunk.tests,
        seconds=round(clock() - start, 3),
    )
    return shrunk, found


def example_of(trial: Trial, capture: Capture) -> Example:
    """One broken relation as it is shown."""
    return Example(
        capture.id,
        trial.mutated.steps,
        trial.mutated.note,
        trial.broken.message,
        hunks(trial.before, trial.after, trial.broken.field),
    )


def command(fault: Fault, capture: Capture, spelled: str, path: str) -> str:
    """The one command that shows a fault on its shrunk page."""
    words = ["harness", "shrink", path, "-x", spelled, *pins(fault.example.steps)]
    if fault.field != "*":
        words += ["--field", fault.field]
    words += ["--fault", fault.fault, *known(capture)]
    return shlex.join(words)


def pins(steps: tuple[tuple[str, int], ...]) -> list[str]:
    """Mutations as the command line takes them."""
    return [
        word for name, seed in steps for word in ("--mutation", f"{name}:{seed}" if seed else name)
    ]


def known(capture: Capture) -> list[str]:
    """What a bare file does not tell of its page, as options."""
    options = []
    if capture.url:
        options += ["--url", capture.url]
    if capture.captured_at:
        options += ["--captured-at", rfc3339(capture.captured_at)]
    return options


def extension(capture: Capture) -> str:
    """The ending of a page's file."""
    return EXTENSIONS.get(capture.media_type, "html")
