"""What every run found, a line for each site and field: ``.harness/history.jsonl``, for trends.

A line is a JSON object. All lines of one run share ``run``, ``at``, ``environment`` and, where git
knows it, ``commit``::

    {"run": "5d0c…", "at": "2026-11-20T08:00:00Z", "commit": "9f3a…", "environment": "1b2c…",
     "site": "daily8", "extractor": "daily8", "field": "byline", "captures": 63,
     "drifted": 4, "changed": 3, "missing": 1, "empty": 1}

``field`` is a path without list indexes, or ``*`` for whole records. Each run has a line ``*`` for
every site and extractor, passing or not, and a line for each field that did not pass somewhere. So
where a run has a line ``*`` of a site and none of a field, nothing was found in that field.
``captures`` is how many the extractor read there. The other numbers count captures too and are left
out where they are 0: ``drifted`` did not pass, then how many by verdict; ``empty`` had a value in
this field and have none now; of whole records, ``whole`` drifted as such (no record, nothing
accepted yet) and ``updated`` were accepted in this very run.

Lines are only added, all of a run in one write; the oldest runs go when there are too many. What is
no such line is skipped and counted. Nothing else is made of this file: deleting it costs the past.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.config import Config
from harness.errors import HarnessError
from harness.files import locked, write_atomic
from harness.model import CaseResult, Run, Verdict, family_of

WHOLE = "*"
"""The field of a line about whole records."""
KEPT = 500
"""So many runs are kept: more than a year of nightly ones."""
SHOWN = 30
"""So many runs are what one looks at."""
# A file of 500 sites is 80 kB a run. Of more than this, nobody looks at the oldest.
LARGEST = 16_000_000
# Trends show some tens of runs; of a small project this is all of its file.
TAIL = 4_000_000
# A field's name is an extractor's to make up, one for each capture if it likes.
FIELDS_A_SITE = 100
NAME_CHARS = 200
# Dropping old runs rewrites the file; that is not done for every run that is one too many.
SLACK = 50

COUNTED = (
    "drifted",
    *(str(v) for v in Verdict if v is not Verdict.PASS),
    "empty",
    "whole",
    "updated",
)
"""What a row may count."""
# As _line writes them.
_HEAD = re.compile(rb'\{"run":"([0-9a-f]{12})","at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Row:
    """What one run found in one field of one site; ``field`` ``*`` is the whole record.

    ``run`` tells runs apart; ``at`` is UTC, RFC 3339. ``counts`` are numbers of captures by the
    names in :data:`COUNTED`; what is 0 is not in it.
    """

    run: str
    at: str
    site: str
    extractor: str
    field: str
    captures: int
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    commit: str = ""
    environment: str = ""

    @property
    def drifted(self) -> int:
        """How many captures did not pass."""
        return self.counts.get("drifted", 0)


@dataclass(frozen=True, slots=True)
class Past:
    """The rows of the newest runs, oldest run first; ``skipped`` lines could not be read."""

    rows: tuple[Row, ...] = ()
    skipped: int = 0


class History:
    """The file of what runs found. Processes side by side may add to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, run: Run, at: datetime, commit: str = "") -> None:
        """Adds what a run found; ``at`` is aware.

        Raises HarnessError when the file cannot be written; it is then as it was.
        """
        # An empty line between runs: one that could not end its last line spoils no other.
        data = b"\n" + b"".join(map(_line, rows(run, at, commit)))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path) as alone:
                _add(self.path, data, alone)
                if alone:
                    self._drop_old()
        except OSError as error:
            raise HarnessError(
                f"cannot write {self.path}: {error.strerror or error}; trends lack this run"
            ) from None

    def read(self, runs: int = SHOWN) -> Past:
        """The newest runs, by their time; nothing where there is no file.

        Raises HarnessError when it cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - TAIL))
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return Past()
        except OSError as error:
            raise HarnessError(f"cannot read {self.path}: {error.strerror or error}") from None
        if size > TAIL:
            # The first run may have lost its first lines to the cut.
            first = next(filter(None, map(_HEAD.match, lines[1:])), None)
            cut = first[0] if first else b"{}"
            lines = [line for line in lines[1:] if not line.startswith(cut)]
        found, skipped = _parsed(_without_older(lines, runs))
        newest = _newest(found)[-runs:] if runs > 0 else []
        rank = {run: i for i, run in enumerate(newest)}
        # A file that was put together of two copies of one has some lines twice.
        once = {(r.run, r.site, r.extractor, r.field): r for r in found if r.run in rank}
        kept = once.values()
        return Past(tuple(sorted(kept, key=lambda row: rank[row.run])), skipped)

    def _drop_old(self) -> None:
        data = self.path.read_bytes()
        if data.count(b"\n\n") < KEPT + SLACK and len(data) <= LARGEST:
            return
        found, _ = _parsed(data.split(b"\n"))
        blocks: dict[str, bytes] = {}
        for row in found:
            blocks[row.run] = blocks.get(row.run, b"\n") + _line(row)
        kept: list[bytes] = []
        room = LARGEST // 2
        for run in reversed(_newest(found)[-KEPT:]):
            room -= len(blocks[run])
            if room < 0 and kept:
                break
            kept.append(blocks[run])
        write_atomic(self.path, b"".join(reversed(kept)))


def remember(run: Run, config: Config) -> str:
    """Adds a run of everything to the project's history; "", or why that could not be done."""
    if run.interrupted or not run.results:
        return ""
    try:
        History(config.history_file).append(run, datetime.now(UTC), commit_of(config.root))
    except HarnessError as error:
        return str(error)
    return ""


def rows(run: Run, at: datetime, commit: str = "") -> tuple[Row, ...]:
    """What there is to keep of a run; ``at`` is aware."""
    environment = _digest(json.dumps(dict(run.environment), sort_keys=True))
    name = _digest(f"{at.isoformat()} {os.getpid()} {environment} {commit}")
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    captures: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str], dict[str, Counter[str]]] = {}
    for result in run.results:
        place = result.capture.partition("/")[0], result.extractor
        captures[place] += 1
        if result.verdict is not Verdict.PASS or result.updated:
            fields = found.setdefault(place, {})
            for path, counts in _counts(result).items():
                fields.setdefault(path, Counter()).update(counts)
    return tuple(
        Row(name, moment, *place, path, total, dict(counts), commit, environment)
        for place, total in sorted(captures.items())
        for path, counts in _bounded(found.get(place, {}))
    )


def _counts(result: CaseResult) -> dict[str, set[str]]:
    """The fields of a result that did not pass, each with what this capture counts for."""
    found: dict[str, set[str]] = {WHOLE: {"updated"} if result.updated else set()}
    if result.verdict is Verdict.PASS:
        return found
    found[WHOLE] |= {"drifted", str(result.verdict)}
    verdicts: dict[str, Verdict] = {}
    said = [(each.field, each.verdict) for each in result.fields]
    for path, verdict in [*said, *((each.field, Verdict.SUSPECT) for each in result.suspicions)]:
        name = family_of(path)[:NAME_CHARS]
        verdicts[name] = max(verdicts.get(name, verdict), verdict, key=lambda v: v.severity)
    if WHOLE in verdicts or not verdicts:
        found[WHOLE].add("whole")
    for name, verdict in verdicts.items():
        if name != WHOLE:
            found[name] = {"drifted", str(verdict)}
    for each in result.fields:
        if each.diff.new_empty and not each.diff.old_empty:
            found[family_of(each.field)[:NAME_CHARS]].add("empty")
    return found


def _bounded(fields: Mapping[str, Counter[str]]) -> Iterator[tuple[str, Counter[str]]]:
    """The whole first, then the fields that drifted most."""
    yield WHOLE, fields.get(WHOLE, Counter())
    others = sorted((path for path in fields if path != WHOLE), key=lambda p: -fields[p]["drifted"])
    yield from ((path, fields[path]) for path in sorted(others[:FIELDS_A_SITE]))


def _line(row: Row) -> bytes:
    told: dict[str, Any] = {"run": row.run, "at": row.at}
    told |= {"commit": row.commit} if row.commit else {}
    told |= {"environment": row.environment} if row.environment else {}
    told |= {"site": row.site, "extractor": row.extractor, "field": row.field}
    told |= {"captures": row.captures, **row.counts}
    # json escapes what UTF-8 cannot hold.
    return json.dumps(told, separators=(",", ":")).encode("ascii") + b"\n"


def _parsed(lines: Iterable[bytes]) -> tuple[list[Row], int]:
    """The rows in lines, and how many of them hold none."""
    found, skipped = [], 0
    for line in lines:
        if line.strip():
            row = _row(line)
            if row is None:
                skipped += 1
            else:
                found.append(row)
    return found, skipped


def _without_older(lines: Sequence[bytes], runs: int) -> Iterator[bytes]:
    """The lines but those that surely are of older runs: parsing them is most of the work."""
    heads = [_HEAD.match(line) for line in lines]
    moments = sorted({(head[2], head[1]) for head in heads if head}, reverse=True)
    kept = {run for _, run in moments[:runs]}
    return (line for line, head in zip(lines, heads, strict=True) if not head or head[1] in kept)


def _row(line: bytes) -> Row | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    names = [told.get(key) for key in ("run", "at", "site", "extractor", "field")]
    more = [told.get(key, "") for key in ("commit", "environment")]
    numbers = {key: told[key] for key in ("captures", *COUNTED) if key in told}
    sound = all(isinstance(name, str) for name in (*names, *more)) and all(
        type(number) is int and 0 <= number < 1 << 53 for number in numbers.values()
    )
    if not sound or not all(names) or not _MOMENT.fullmatch(names[1] or ""):
        return None
    captures = numbers.pop("captures", 0)
    run, at, site, extractor, path = (str(name) for name in names)
    return Row(
        run, at, site, extractor, path, captures, {k: n for k, n in numbers.items() if n}, *more
    )


def _newest(found: Iterable[Row]) -> list[str]:
    """The runs, oldest first; those of one second in the order of their lines."""
    moments: dict[str, str] = {}
    for row in found:
        moments.setdefault(row.run, row.at)
    return sorted(moments, key=lambda run: moments[run])


def _add(path: Path, data: bytes, alone: bool) -> None:
    """Adds to the end of a file; all or nothing where nobody else writes. Raises OSError."""
    handle = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        size = os.fstat(handle).st_size
        done = 0
        try:
            while done < len(data):
                done += os.write(handle, data[done:])
        except OSError:
            if done and alone:  # a full disk takes a part
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def commit_of(root: Path) -> str:
    """The commit that a folder stands at; "" where nobody knows."""
    # Set by GitHub's and GitLab's runners, whose jobs need not have git.
    for name in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        if said := os.environ.get(name, ""):
            return said[:40]
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"],
            cwd=root,
            capture_output=True,
            encoding="ascii",
            errors="replace",
            check=False,
            timeout=2,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()[:40] if done.returncode == 0 else ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
