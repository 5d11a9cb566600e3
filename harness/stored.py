"""Stored outputs of others, read as if an extractor had given them.

A file is one of these, gzipped or not:

- JSON lines, as ``harness extract --output-format json`` prints them: ``{"capture" | "id" | "url":
  …, "record": {…}}``, or ``"error"`` in place of a record. They are read one by one, so a file of
  any size needs the memory of the records that are asked for.
- one JSON object of records by id, as article-extraction-benchmark stores them:
  ``{"<id>": {"articleBody": …}}``.

Values are those of records (:mod:`harness.records`), type tags included, and ``{"$html": "<p>…"}``
is read as the paragraphs that a reader sees.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from harness.errors import HarnessError
from harness.extraction.answers import outcome_of
from harness.model import Outcome, Tree
from harness.text import shorten

# Captures are called by their page and 8 digits of its digest.
_DIGEST = re.compile(r"-[0-9a-f]{8}\Z")
_GZIP = b"\x1f\x8b"
_IDS = ("capture", "id", "url")
# Keys that a line has beside its id; an object without any is a table of records by id.
_ANSWERS = ("record", "error")
Urls = Callable[[], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file holds of some captures: outcomes by capture id, and what does not fit.

    ``missing`` are captures that the file has nothing of, ``unknown`` the ids in it that are none
    of the captures.
    """

    outcomes: Mapping[str, Outcome]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def read_records(
    path: Path, captures: Iterable[str], urls: Urls | None = None
) -> dict[str, Outcome]:
    """The outcomes in a file by the id of their capture; see :func:`read_stored`."""
    return dict(read_stored(path, captures, urls).outcomes)


def read_stored(path: Path, captures: Iterable[str], urls: Urls | None = None) -> Stored:
    """What a file of stored outputs holds of some captures (``site/name``).

    An id in the file is a capture's: its whole id, its name, its name without the digest at its
    end, or its URL; the last three only where no other capture has the same. ``urls`` gives the
    URLs by capture id, and is asked only when the others do not tell. Raises HarnessError, one
    line, for a file that cannot be read or is in another form, for an id that stands in it twice,
    and for a file that has nothing of any capture.
    """
    known = _Names(list(captures), urls)
    outcomes: dict[str, Outcome] = {}
    places: dict[str, str] = {}
    unknown: list[str] = []
    for entry in entries(path):
        capture = known.capture_of(entry.ids)
        if capture is None:
            unknown.append(entry.ids[0])
            continue
        if capture in places:
            raise HarnessError(
                f"{path} has two outputs of {shorten(capture)}: {places[capture]} and"
                f" {entry.place}; keep one, or split the file by extractor"
            )
        places[capture] = entry.place
        outcomes[capture] = _outcome(path, entry)
    if not outcomes:
        found = f"its first id is {shorten(unknown[0])!r}" if unknown else "it is empty"
        raise HarnessError(
            f"{path} has no output of any capture here: {found}; ids are those of captures"
            " (site/name), their names or their URLs"
        )
    missing = tuple(each for each in known.captures if each not in outcomes)
    return Stored(outcomes, missing, tuple(unknown))


def read_truth(path: Path) -> dict[str, dict[str, Tree]]:
    """The fields that a truth file expects, by page: ``{"<id>": {"articleBody": …, "url": …}}``.

    Raises HarnessError as :func:`read_stored`, and for a page that stands in it twice.
    """
    found: dict[str, dict[str, Tree]] = {}
    for entry in entries(path):
        outcome = _outcome(path, entry)
        if outcome.record is None or entry.ids[0] in found:
            problem = "is no record" if outcome.record is None else "stands in it twice"
            raise _form(path, f"{shorten(entry.ids[0])} ({entry.place}) {problem}")
        found[entry.ids[0]] = outcome.record
    if not found:
        raise _form(path, "it is empty")
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One output as it is stored: the ids that it is under, and where in the file it stands."""

    ids: tuple[str, ...]
    place: str
    answer: Mapping[str, Any]


def entries(path: Path) -> Iterator[Entry]:
    """Every output in a file, in order. Raises HarnessError as :func:`read_stored`."""
    with _opened(path) as file:
        lines = ((n, line) for n, line in enumerate(file, 1) if line.strip())
        number, first = next(lines, (0, b""))
        tree = _parsed(first)
        second = next(lines, None) if tree is not None else None
        if isinstance(tree, dict) and (second or any(key in tree for key in _ANSWERS)):
            yield from _lines(path, chain([(number, first), *filter(None, [second])], lines))
            return
        if tree is None:
            tree = _whole(path, first + file.read())
        elif second:
            raise _form(path, "its first line is no object")
    yield from _table(path, tree)


def _lines(path: Path, lines: Iterable[tuple[int, bytes]]) -> Iterator[Entry]:
    for number, line in lines:
        place = f"line {number}"
        tree = _parsed(line)
        if not isinstance(tree, dict):
            raise _form(path, f"{place} is no JSON object")
        yield _line_entry(path, place, tree)


def _line_entry(path: Path, place: str, tree: dict[str, Any]) -> Entry:
    ids = tuple(each for key in _IDS if isinstance(each := tree.get(key), str) and each)
    if not ids:
        raise _form(path, f"{place} has no text under {', '.join(map(repr, _IDS))}")
    answer = {key: tree[key] for key in _ANSWERS if tree.get(key) is not None}
    if len(answer) != 1:
        raise _form(path, f"{place} ({shorten(ids[0])}) has not one of 'record' and 'error'")
    return Entry(ids, place, answer)


def _table(path: Path, tree: object) -> Iterator[Entry]:
    if isinstance(tree, list):
        for number, item in enumerate(tree, 1):
            if not isinstance(item, dict):
                raise _form(path, f"item {number} is no object")
            yield _line_entry(path, f"item {number}", item)
        return
    if not isinstance(tree, dict):
        raise _form(path, "it is no JSON object")
    for key, record in tree.items():
        if not isinstance(record, dict):
            raise _form(path, f"the record of {shorten(key)!r} is no object")
        yield Entry((key,), f"key {shorten(key)!r}", {"record": record})


def _outcome(path: Path, entry: Entry) -> Outcome:
    outcome = outcome_of(entry.answer, {})
    if outcome.failure and outcome.failure.type == "BadAnswer":
        raise _form(path, f"{entry.place} ({shorten(entry.ids[0])}): {outcome.failure.message}")
    return outcome


class _Names:
    """Which capture an id in somebody's file means."""

    def __init__(self, captures: list[str], urls: Urls | None) -> None:
        self.captures = captures
        names = [each.partition("/")[2] for each in captures]
        bare = [_DIGEST.sub("", name) for name in names]
        self._known: dict[str, str] = {
            **_alone(zip(bare, captures, strict=True)),
            **_alone(zip(names, captures, strict=True)),
            **{each: each for each in captures},
        }
        self._urls, self._by_url = urls, None if urls else dict[str, str]()

    def capture_of(self, ids: Iterable[str]) -> str | None:
        for each in ids:
            if (found := self._known.get(each)) is not None:
                return found
            if "://" in each and (found := self._at(each)) is not None:
                return found
        return None

    def _at(self, url: str) -> str | None:
        if self._by_url is None:
            pairs = cast(Urls, self._urls)().items()
            self._by_url = _alone((url, capture) for capture, url in pairs if url)
        return self._by_url.get(url)


def _alone(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs whose first member is no other's."""
    known = list(pairs)
    count = Counter(name for name, _ in known)
    return {name: capture for name, capture in known if name and count[name] == 1}


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as raw:
            if raw.peek(2)[:2] == _GZIP:
                with gzip.open(raw) as file:
                    yield cast("IO[bytes]", file)
            else:
                yield raw
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise HarnessError(f"{path} is broken: {error}; fetch or write it again") from None
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror or error}") from None


def _parsed(line: bytes) -> object:
    """The JSON value on a line; None where there is not all of one on it."""
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None


def _whole(path: Path, data: bytes) -> object:
    try:
        return json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError:
        problem = "it is not UTF-8"
    except RecursionError:
        problem = "it is nested too deeply"
    except ValueError as error:
        problem = f"it is no valid JSON ({error})"
    raise _form(path, problem if data.strip() else "it is empty")


def _form(path: Path, problem: str) -> HarnessError:
    return HarnessError(
        f"{path} holds no stored outputs: {problem}; write JSON lines with 'capture' and 'record',"
        " or one object of records by id"
    )
