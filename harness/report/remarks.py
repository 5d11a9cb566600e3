"""A run as remarks about files: what annotations, code quality, SARIF and JUnit have in common.

A remark points at the line that a reviewer would change: of a drifted field its line in the
snapshot, of one that a golden contradicts its line in the golden. Where there is no such file yet,
it points at the capture's description, which is always there.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.changes import Change, changes_of
from harness.config import Config
from harness.diff import CATEGORIES
from harness.faults.classes import CLASSES
from harness.files import read_whole
from harness.model import CaseResult, Run, Verdict
from harness.report.lines import line_of, lines_of, within
from harness.text import shorten, show_unseen

# A text that somebody else's page of results shows in one line.
_WIDTH = 300
ORPHAN = "harness/orphan"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, from 1. ``path`` is seen from the root of the repository, with ``/``.

    A file outside of the repository has its absolute path and is not ``inside``.
    """

    path: str
    line: int = 1
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that somebody else's page of results shows.

    ``rule`` names the kind of it: ``change/lost``, ``invariant/no-glue``, ``harness/raised``.
    ``text`` is one line without unseen characters. ``fingerprint`` is 32 hexadecimal digits, the
    same in every run and on every machine as long as case, field and rule are: no line number, no
    value and no path of a file is in it. ``change`` is None for a snapshot that is left over.
    """

    case: str
    field: str
    rule: str
    verdict: Verdict
    text: str
    place: Place
    fingerprint: str
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """Where a project's files are. ``root`` is what remarks' paths are seen from."""

    root: Path
    snapshots: Path
    corpus: Path

    @classmethod
    def of(cls, config: Config) -> Files:
        """Those of a project, seen from the root of its git checkout; without one, its own."""
        above = (config.root, *config.root.parents)
        root = next((folder for folder in above if (folder / ".git").exists()), config.root)
        return cls(root, config.snapshots, config.corpus)

    def snapshot(self, extractor: str, capture: str) -> Path:
        """The file of what was accepted."""
        return self.snapshots / extractor / f"{capture}.json"

    def place(self, path: Path, line: int = 1) -> Place:
        """A line of a file, as a remark has it."""
        try:
            return Place(path.relative_to(self.root).as_posix(), line)
        except ValueError:
            return Place(path.as_posix(), line, inside=False)


def remarks(run: Run, files: Files) -> Iterator[Remark]:
    """Every remark about a run, the worst case first; what is left over last.

    Reads the files it points at, one case at a time.
    """
    for result in run.drifted:
        yield from remarks_of(result, files)
    for orphan in run.orphans:
        yield Remark(
            orphan,
            "*",
            ORPHAN,
            Verdict.CHANGED,
            orphan_said(orphan),
            orphan_place(orphan, files),
            _fingerprint(orphan, "*", ORPHAN, 0),
        )


def remarks_of(result: CaseResult, files: Files) -> Iterator[Remark]:
    """The remarks about one case, in the order of its fields."""
    stored = _Stored(result, files)
    seen: Counter[tuple[str, str]] = Counter()
    for change in changes_of(result):
        rule, field = rule_of(change), change.field
        twice = seen[field, rule]
        seen[field, rule] += 1
        yield Remark(
            result.id,
            field,
            rule,
            change.verdict,
            said(change),
            stored.place(change),
            _fingerprint(result.id, field, rule, twice),
            change,
        )


def said(change: Change) -> str:
    """What a change is, in one line."""
    about = "" if change.field == "*" else f"{shorten(change.field, 120)}: "
    return shorten(about + change.summary, _WIDTH)


def place_of(change: Change, files: Files) -> Place:
    """The line that a change points at; reads the file."""
    return _Stored(change.result, files).place(change)


def orphan_place(orphan: str, files: Files) -> Place:
    """The snapshot of which there is no capture or extractor any more."""
    extractor, _, capture = orphan.rpartition(":")
    return files.place(files.snapshot(extractor or capture.partition("/")[0], capture))


def orphan_said(orphan: str) -> str:
    """That it is one, in a line."""
    return f"{shorten(orphan)}: no capture or extractor of that name"


def rule_of(change: Change) -> str:
    """The name of the rule that a change breaks."""
    if change.what == "finding" and change.finding:
        return f"invariant/{show_unseen(change.finding.invariant)}"
    if change.what == "field":
        held = "golden" if change.settles == "approve" else "change"
        return f"{held}/{change.category}"
    return f"harness/{_WHOLE_CASE[change.what]}"


_WHOLE_CASE = {"new": "new", "failure": "raised", "problem": "unusable"}
_MEANINGS = {
    "harness/new": "nothing was accepted of this capture yet",
    "harness/raised": "the extractor raised, or its process died",
    "harness/unusable": "a capture, golden or snapshot cannot be used",
    ORPHAN: "a snapshot of which there is no capture or extractor any more",
}
_REMEDIES = {
    "change": "Mend the extractor, or accept the new value: harness accept CAPTURE --field FIELD",
    "golden": "Mend the extractor; if the golden is wrong: harness approve CAPTURE --field FIELD",
    "invariant": "Mend the extractor; if the page is like that: harness waive CAPTURE INVARIANT"
    " --field FIELD --reason '…'",
    "harness/new": "Look at it, then accept it: harness check CAPTURE --update new",
    "harness/raised": "See its traceback: harness check CAPTURE",
    "harness/unusable": "See what is wrong with it: harness check CAPTURE, harness lint",
    ORPHAN: "Delete what is left over: harness lint --prune-orphans",
}


def meaning(rule: str, fault: str = "") -> str:
    """What a rule says, in a line; ``fault`` is the class of fault of an invariant's finding."""
    kind, _, name = rule.partition("/")
    if kind in ("change", "golden"):
        said = CATEGORIES.get(name, name)
        against = "the golden" if kind == "golden" else "what was accepted"
        return f"a field differs from {against}: {said}"
    if kind == "invariant":
        return CLASSES.get(fault, f"invariant {shorten(name)} does not hold")
    return _MEANINGS[rule]


def remedy(rule: str) -> str:
    """What to do about a rule, with the command."""
    return _REMEDIES.get(rule) or _REMEDIES[rule.partition("/")[0]]


class _Stored:
    """The files of one case, each read once, when it is asked for."""

    def __init__(self, result: CaseResult, files: Files) -> None:
        folder = files.corpus / result.capture
        self._files = files
        self._problem = result.problem or ""
        self.snapshot = files.snapshot(result.extractor, result.capture)
        self.golden = folder / "golden.json"
        self.capture = folder / "capture.json"
        self._lines: dict[Path, dict[str, int] | None] = {}

    def place(self, change: Change) -> Place:
        path, top = self.snapshot, "record"
        if change.settles == "approve":
            path, top = self.golden, "fields"
        elif change.what == "problem":
            # The message begins with, or holds, the file that it is about.
            paths = (self.golden, self.snapshot)
            path = next((each for each in paths if str(each) in self._problem), self.capture)
        if (lines := self._read(path)) is None:
            return self._files.place(self.capture)
        if change.field == "*":
            return self._files.place(path)
        hunks = change.found.diff.hunks if change.found else ()
        field = within(f"{top}.{change.field}", hunks[0] if hunks else None)
        return self._files.place(path, line_of(lines, field))

    def _read(self, path: Path) -> dict[str, int] | None:
        """Path → line; None for a file that is not there or cannot be read."""
        if path not in self._lines:
            try:
                text = read_whole(os.fspath(path)).decode("utf-8", "replace")
                self._lines[path] = lines_of(text)
            except (OSError, ValueError):  # a name from a foreign run may be none at all
                self._lines[path] = None
        return self._lines[path]


def _fingerprint(case: str, field: str, rule: str, twice: int) -> str:
    text = "\n".join([case, field, rule, *([str(twice)] if twice else [])])
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
