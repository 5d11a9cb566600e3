"""What an extractor in a worker process may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one capture.

    ``seconds`` of wall clock; ``memory`` in MiB of the worker and the processes it starts;
    ``output`` in MiB of what it prints, and of its answer; ``network``: whether it may use the
    network; ``clock``: whether it sees the time stand still at ``captured_at`` (where that is
    known); ``loading``: seconds of wall clock from the start of a worker until it is ready.
    """

    seconds: float = 30.0
    memory: int = 2048
    output: int = 64
    network: bool = False
    clock: bool = True
    loading: float = 60.0
