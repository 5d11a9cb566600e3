"""The search itself: what was tried, what is best so far, and when to stop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from harness.model import Capture
from harness.shrink.formats import Format

Item = TypeVar("Item")


class Over(Exception):  # noqa: N818 - it is no error
    """The time is up."""


class Search:
    """Candidates go in, the smallest that fails stays. ``tests`` counts how often it was asked."""

    def __init__(
        self,
        capture: Capture,
        fails: Callable[[Capture], bool],
        clock: Callable[[], float],
        deadline: float,
    ) -> None:
        self.best = capture
        self.tests = 0
        self._fails = fails
        self._clock = clock
        self._deadline = deadline
        self._form: Format | None = None
        # Pages of the wild are rarely well-formed; once one is, all that follow must be.
        self._strict = False
        self._tried: set[bytes] = set()

    def restart(self, source: str, form: Format) -> bool:
        """Makes a rewritten page the start of the search, if it fails too."""
        self._form, self._strict = form, False
        # What was fine as raw source is looked at anew as a page.
        self._tried.clear()
        return self._accept(source.encode("utf-8", "surrogatepass"), source, "utf-8")

    def shorter(self, source: str) -> bool:
        """Whether a page's text is smaller than the best and fails; it is the best then."""
        body = source.encode("utf-8", "surrogatepass")
        return len(body) < len(self.best.body) and self._accept(body, source, "utf-8")

    def shorter_bytes(self, body: bytes) -> bool:
        """The same for bytes in the capture's own encoding."""
        return len(body) < len(self.best.body) and self._accept(body, None, self.best.charset)

    def _accept(self, body: bytes, source: str | None, charset: str | None) -> bool:
        digest = hashlib.sha256(body).digest()
        if digest in self._tried:
            return False
        self._tried.add(digest)
        if self._clock() >= self._deadline:
            raise Over
        self.tests += 1
        candidate = replace(
            self.best, body=body, charset=charset, sha256=digest.hex(), origin="mutated"
        )
        if not self._fails(candidate):
            return False
        whole = source is not None and self._form is not None and self._form.whole(body, source)
        if self._strict and not whole:
            return False
        self._strict = whole
        self.best = candidate
        return True


def minimise(items: Sequence[Item], drop: Callable[[list[Item]], bool]) -> None:
    """Drops as many items as ``drop`` allows: all, halves, quarters, … and single ones.

    ``drop`` removes a run of neighbours for good and says so, or leaves all as it was. This is
    ddmin's complement step (Zeller, Hildebrandt: Simplifying and isolating failure-inducing
    input, 2002) without its subset step, which hardly ever succeeds on pages.
    """
    left = list(items)
    size = len(left)
    while size:
        at = 0
        while at < len(left):
            if drop(left[at : at + size]):
                del left[at : at + size]
            else:
                at += size
        size = min(size, len(left)) // 2
