"""Holding records against the invariants of a project, each only once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path

from harness.invariants import Invariant, Subject, examine
from harness.memo import Memo, key_of
from harness.model import Capture, Finding, Outcome
from harness.page import Page
from harness.sites import Sites
from harness.sources import digests

_DESCRIPTION = [each.name for each in fields(Capture) if each.name != "body"]


@dataclass(frozen=True)
class Examination:
    """The invariants of a project, and what they found before."""

    invariants: tuple[Invariant, ...]
    sites: Sites
    roles: Mapping[str, str] = field(default_factory=dict)
    memo: Memo | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def findings(self, capture: Capture, outcome: Outcome, rendered: str) -> tuple[Finding, ...]:
        """What the invariants have against an outcome. ``rendered`` is it as a snapshot."""
        if outcome.record is None or not self.invariants:
            return ()
        if self.memo is None:
            return self.look(capture, outcome)
        key = self._key(capture, rendered)
        found = self.memo.get(key)
        if found is None:
            found = self.look(capture, outcome)
            self.memo.put(key, found)
        return found

    def look(
        self, capture: Capture, outcome: Outcome, page: Page | None = None
    ) -> tuple[Finding, ...]:
        """The same without a look at what was found before. ``page`` saves parsing one twice."""
        if outcome.record is None:
            return ()
        subject = Subject(
            outcome.record,
            capture,
            page=page or Page(capture),
            recurring=self.sites.recurring(capture.site),
            roles=self.roles,
        )
        return tuple(examine(subject, self.invariants))

    def _key(self, capture: Capture, rendered: str) -> str:
        # The digest stands for the body; an invariant may look at all the rest.
        said = repr([getattr(capture, name) for name in _DESCRIPTION])
        texts = (self._rules, self.sites.stamp(capture.site), said, rendered)
        return key_of(*(text.encode("utf-8", "surrogatepass") for text in texts))

    @cached_property
    def _rules(self) -> str:
        """A digest of what the answers depend on beside record and capture: the code.

        Of the harness's own files the stamps, which are sooner read; of a project's the content.
        """
        here = Path(__file__).parent
        files = {*here.glob("*.py"), *here.glob("*/*.py"), *here.glob("*/*.json")}
        stamps = [
            (str(path), stat.st_size, stat.st_mtime_ns)
            for path in sorted(files)
            if (stat := path.stat())
        ]
        names = sorted(each.name for each in self.invariants)
        around = sorted(self.environment.items())
        modules = {each.function.__module__ for each in self.invariants}
        own = digests(name for name in modules if not name.startswith("harness."))
        said = (sys.version_info, around, names, sorted(self.roles.items()), stamps, own)
        return key_of(repr(said).encode("utf-8", "surrogatepass"))
