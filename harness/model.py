"""The values that travel from captured bytes to a verdict. Frozen, no I/O, no clocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    Tree: TypeAlias = "bool | int | float | str | list[Tree] | dict[str, Tree] | None"
else:
    # msgspec reads annotations when it rebuilds a saved run, and knows no recursive alias.
    Tree: TypeAlias = Any
"""A record or a part of one as plain JSON values; what JSON lacks is tagged (``records.py``)."""

Headers: TypeAlias = tuple[tuple[str, str], ...]
Kind: TypeAlias = Literal["text", "paragraphs", "timestamp", "url", "number", "records", "exact"]
KINDS: tuple[Kind, ...] = ("text", "paragraphs", "timestamp", "url", "number", "records", "exact")


@dataclass(frozen=True, slots=True)
class Capture:
    """The stored bytes of one response, with what is known about where they came from.

    ``captured_at`` is aware, or None when nobody knows; ``charset`` None means: sniff.
    """

    site: str
    name: str
    body: bytes = field(repr=False)
    media_type: str
    url: str | None = None
    captured_at: datetime | None = None
    charset: str | None = None
    status: int | None = None
    headers: Headers = ()
    sha256: str = ""
    origin: Literal["real", "synthetic", "mutated"] = "real"
    rights: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """``site/name``, the way people type it."""
        return f"{self.site}/{self.name}"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A claim about time as a page shows it: not an instant, an interval.

    ``age`` is (minimum, maximum) seconds before the capture, for relative labels. ``published``
    is the (earliest, latest) aware instant, when it can be known. ``unit`` is singular
    (``"hour"``). ``count`` is None where the label names none ("a few seconds ago").
    """

    text: str
    kind: Literal["relative", "calendar", "absolute"]
    unit: str | None = None
    count: int | None = None
    age: tuple[float, float] | None = None
    published: tuple[datetime, datetime] | None = None
    front_end: str | None = None


class Verdict(StrEnum):
    """How a field, a capture or a run came out, in the order of severity."""

    PASS = "pass"
    NEW = "new"
    CHANGED = "changed"
    MISSING = "missing"
    SUSPECT = "suspect"
    WRONG = "wrong"
    ERROR = "error"

    @property
    def severity(self) -> int:
        return _SEVERITY[self]


_INDEX = re.compile(r"\[\d+\]")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a whole is that of its worst part; of nothing, ``pass``."""
    return max(verdicts, key=lambda v: v.severity, default=Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both sides share (``=``), only the old (``-``) or the new (``+``) has."""

    op: Literal["=", "-", "+"]
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place in a field that differs. ``where`` is for people: "paragraph 3 of 9"."""

    where: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """What changed in one field.

    ``field`` is a path: ``byline``, ``related[2].body``. ``similarity`` runs from 0 (nothing in
    common) to 1. ``old`` and ``new`` are None when that side has no value.
    """

    field: str
    kind: Kind
    category: str
    summary: str
    hunks: tuple[Hunk, ...] = ()
    similarity: float = 0.0
    old_empty: bool = False
    new_empty: bool = False


@dataclass(frozen=True, slots=True)
class FieldResult:
    """The judgement of one field that did not pass.

    ``against`` names what it was held against. ``golden`` says what the golden thinks of the new
    value: a change that the golden *agrees* with is a repair.
    """

    verdict: Verdict
    against: Literal["snapshot", "golden"]
    diff: FieldDiff
    golden: Literal["agrees", "contradicts", "silent"] = "silent"

    @property
    def field(self) -> str:
        return self.diff.field


@dataclass(frozen=True, slots=True)
class Failure:
    """An extractor that raised, as text: nothing of the extractor's objects survives."""

    type: str
    message: str
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running one extractor on one capture gave: a record, or a failure."""

    record: dict[str, Tree] | None
    failure: Failure | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Golden:
    """A human-approved expected record, maybe partial.

    ``trust``: ``reviewed`` contradictions are *wrong*; ``auto`` ones merely *changed*, since no
    person has looked; ``known-wrong`` expectations are kept for the record and not asserted.
    """

    trust: Literal["auto", "reviewed", "known-wrong"]
    fields: Mapping[str, Tree]
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an invariant has against a record, given its capture.

    ``error``: no right record of this page is like that; ``warning``: few are. ``fault`` is the
    class of what went wrong (``harness.faults.CLASSES``). ``quote`` is the text in question and
    ``place`` where it stands: index of a line in ``Page.visible``, and characters in that line.
    ``waived`` is the reason why a person lets it be; None when nobody does.
    """

    invariant: str
    field: str
    severity: Severity
    fault: str
    message: str
    quote: str = ""
    place: tuple[int, int, int] | None = None
    waived: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's word that a finding on a capture is no fault, with the reason.

    ``field`` is a path, with or without list indexes; ``*`` is every field. ``extractor`` None
    means: whichever reads the capture.
    """

    invariant: str
    field: str
    reason: str
    extractor: str | None = None
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The verdict on one extractor and one capture, with every field that did not pass.

    ``problem`` is a capture, golden or snapshot that cannot be used. ``record`` is the new output
    and ``accepted`` the snapshot's; both are kept only when the verdict is not ``pass``.
    ``updated``: the output was accepted in this run. ``findings`` are what invariants have against
    the record, waived ones included.
    """

    capture: str
    extractor: str
    verdict: Verdict
    fields: tuple[FieldResult, ...] = ()
    failure: Failure | None = None
    problem: str | None = None
    record: dict[str, Tree] | None = None
    accepted: dict[str, Tree] | None = None
    updated: bool = False
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()

    @property
    def suspicions(self) -> tuple[Finding, ...]:
        """The findings of severity ``error`` that nobody waived: they make a record suspect."""
        return tuple(f for f in self.findings if f.severity == "error" and f.waived is None)

    @property
    def id(self) -> str:
        """How the case is typed: ``site/capture``, with ``extractor:`` before it if it differs."""
        return case_id(self.extractor, self.capture)

    @property
    def headline(self) -> str:
        """One line that says what happened: the first line of every failure."""
        if self.problem:
            return self.problem
        if self.verdict is Verdict.PASS:
            return "snapshot updated" if self.updated else "pass"
        if self.failure and not self.fields:
            return f"extractor raised {self.failure.type}: {first_line(self.failure.message)}"
        said = [f"{r.field}: {r.diff.summary}" for r in self.fields]
        said += [f"{f.field}: {f.message}" for f in self.suspicions]
        if not said:
            return "no accepted snapshot yet"
        more = len(said) - 3
        return "; ".join(said[:3]) + (f"; and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Run:
    """One pass of extractors over captures. Counts are derived, never stored."""

    results: tuple[CaseResult, ...]
    orphans: tuple[str, ...] = ()
    update: str = "none"
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    interrupted: bool = False

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many cases had each verdict, most severe first, zeros left out."""
        found = [result.verdict for result in self.results]
        return {v: n for v in reversed(Verdict) if (n := found.count(v))}

    @property
    def drifted(self) -> list[CaseResult]:
        """The results that did not pass, worst first."""
        drifted = [result for result in self.results if result.verdict is not Verdict.PASS]
        return sorted(drifted, key=lambda result: -result.verdict.severity)

    @property
    def verdict(self) -> Verdict:
        return worst([result.verdict for result in self.results])

    @property
    def clean(self) -> bool:
        """Nothing drifted, nothing is missing; in mode ``none``, nothing is left over either."""
        left_over = bool(self.orphans) and self.update == "none"
        return self.verdict is Verdict.PASS and not left_over and not self.interrupted


def case_id(extractor: str, capture: str) -> str:
    """``site/capture`` where the extractor is the site's own, else ``extractor:site/capture``."""
    return capture if capture.startswith(f"{extractor}/") else f"{extractor}:{capture}"


def root_of(field: str) -> str:
    """The top-level field that a path begins with: ``related`` of ``related[2].body``."""
    return field.partition(".")[0].partition("[")[0]


def family_of(field: str) -> str:
    """A path without list indexes: ``related[].body`` of ``related[2].body[0]``."""
    return _INDEX.sub("[]", field).removesuffix("[]")


def value_at(record: Mapping[str, Tree] | None, path: str) -> Tree:
    """The value at a path such as ``related[2].byline``; None where there is none.

    Indexes of a diff's path are those of the old record's lists.
    """
    here: Tree = None if record is None else dict(record)
    for match in _STEP.finditer(path):
        key, index = match.groups()
        if key is not None and isinstance(here, dict):
            here = here.get(key)
        elif index is not None and isinstance(here, list) and int(index) < len(here):
            here = here[int(index)]
        else:
            return None
    return here


def first_line(text: str, width: int = 200) -> str:
    """The first non-empty line of a message, cut at ``width`` characters."""
    line = next((s.strip() for s in text.splitlines() if s.strip()), "")
    return line if len(line) <= width else line[: width - 1] + "…"
