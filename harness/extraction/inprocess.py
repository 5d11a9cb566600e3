"""Running an extractor in this process."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

from harness.extraction.contract import Extractor
from harness.extraction.guards import guarded, refusal
from harness.extraction.limits import Limits
from harness.model import Capture, Failure, Outcome
from harness.records import encode_record

# Frames of the harness itself tell an extractor's author nothing; the reference extractors do.
_OWN = f"{Path(__file__).parents[1]}{os.sep}"
_EXTRACTORS = f"{_OWN}extractors{os.sep}"


def extract(extractor: Extractor, capture: Capture, limits: Limits | None = None) -> Outcome:
    """Runs an extractor on a capture. Whatever it raises becomes an Outcome with a failure.

    Only Ctrl-C goes through: it is the user's, not the extractor's. ``sys.exit()`` in an extractor
    is a failure like any other. What it prints goes to stderr: stdout is the caller's answer. In
    this process it is kept from the network, and its clock stands at ``captured_at``, as
    ``limits`` say, else those of the extractor; a remote extractor knows its own.
    """
    if extractor.remote:
        return _answered(extractor, extractor(capture))
    limits = limits or extractor.limits
    try:
        with contextlib.redirect_stdout(sys.stderr), guarded(limits, capture.captured_at):
            value = extractor(capture)
            if isinstance(value, Awaitable):
                import asyncio  # costs more than all else of `import harness`; few need it

                value = asyncio.run(_awaited(value))
            # Here, too, runs code of theirs: a record may make its fields when asked for them.
            return _answered(extractor, value)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - an extractor may raise anything at all
        return Outcome(None, _failure(error), extractor.kinds)


def _answered(extractor: Extractor, value: object) -> Outcome:
    if isinstance(value, Outcome):
        return replace(value, kinds={**value.kinds, **extractor.kinds})
    return Outcome(encode_record(value), kinds=extractor.kinds)


async def _awaited(value: Awaitable[object]) -> object:
    return await value


def _failure(error: BaseException) -> Failure:
    try:
        message = str(error)
    except BaseException as broken:  # noqa: BLE001 - __str__ is the extractor's code too
        message = f"(its message cannot be shown: {type(broken).__name__})"
    refused = refusal(error)
    frames = traceback.TracebackException.from_exception(error, capture_locals=False)
    theirs = [
        frame
        for frame in frames.stack
        if not frame.filename.startswith(_OWN) or frame.filename.startswith(_EXTRACTORS)
    ]
    frames.stack = traceback.StackSummary.from_list(theirs)
    if refused is not None:
        return Failure(type(refused).__qualname__, str(refused), "".join(frames.format()))
    return Failure(type(error).__qualname__, message, "".join(frames.format()))
