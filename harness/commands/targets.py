"""What `-x` and TARGET mean where an extractor is run on any page: a project is not needed."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from harness.commands import common
from harness.config import Config, find_config
from harness.corpus import CaptureRef, Corpus
from harness.corpus.store import capture_name, media_type_of
from harness.engine import Engine
from harness.errors import HarnessError, NoConfigError
from harness.extraction import Extractor
from harness.files import slugify
from harness.model import Capture
from harness.text import shorten
from harness.wiring import assemble, named

# The pages of a plain folder; each may also end in ".gz".
PAGES = (".html", ".htm", ".xhtml", ".txt")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a file's page beside its bytes, from the command line."""

    url: str | None = None
    captured_at: datetime | None = None
    media_type: str | None = None


def project_or_here() -> Config:
    """The configuration of the project; without one, of a project of this folder, all defaults."""
    here = Path.cwd()
    try:
        return find_config(here)
    except NoConfigError:
        return Config(
            root=here,
            source=here / "harness.toml",
            corpus=here / "corpus",
            snapshots=here / "snapshots",
            state=here / ".harness",
            extractors=(),
        )


def engine_with(config: Config, spelled: Sequence[str]) -> tuple[Engine, tuple[Extractor, ...]]:
    """The project's engine, and the extractors that ``-x`` names, which it then has too.

    What processes they have end with the command. Raises HarnessError as
    :func:`harness.extraction.registry.resolve`.
    """
    return with_named(assemble(config), spelled, config)


def with_named(
    engine: Engine, spelled: Sequence[str], config: Config
) -> tuple[Engine, tuple[Extractor, ...]]:
    """:func:`engine_with` for an engine that is there already."""
    chosen = named(spelled, engine.extractors, config)
    names = {each.name for each in chosen}
    if len(names) < len(chosen):
        raise HarnessError("two extractors of -x have one name; run them one after the other")
    others = tuple(each for each in engine.extractors if each.name not in names)
    everyone = tuple(sorted((*others, *chosen), key=lambda each: each.name))
    return common.closed_at_end(replace(engine, extractors=everyone)), chosen


def is_file(target: str) -> bool:
    """Whether a TARGET is a file's path, or stdin, and no pattern of captures."""
    return target == "-" or os.path.isfile(target)


def file_capture(target: str, asked: Asked) -> Capture:
    """The capture of a file, gzipped or not, or of stdin (``-``).

    Raises HarnessError when it cannot be read.
    """
    path = Path(target)
    body = sys.stdin.buffer.read() if target == "-" else _read(path)
    name = path.name.removesuffix(".gz") if body[:2] == _GZIP else path.name
    body = _unzipped(body, path)
    return Capture(
        site="file",
        name=name,
        body=body,
        media_type=asked.media_type or media_type_of(name, body),
        url=asked.url,
        captured_at=asked.captured_at,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def captures_of(
    engine: Engine, extractor: Extractor, patterns: Sequence[str]
) -> list[Callable[[], Capture]]:
    """The captures of the project's corpus that an extractor handles, each to be read in its turn.

    They are chosen as people type them. Raises HarnessError for a pattern that chooses nothing.
    """
    cases = engine.plan(patterns, [extractor.name])
    return [partial(_stored, engine.corpus, case.ref) for case in cases]


def folder_captures(folder: Path, patterns: Sequence[str]) -> list[Callable[[], Capture]]:
    """The pages of a folder, each to be read when its turn comes, in the order of their names.

    A folder is a corpus where any ``*/*/capture.json`` stands in it; else every page in it counts,
    however deep, and the folder it stands in is its site. ``patterns`` are parts of ids or paths.
    Raises HarnessError when nothing is found.
    """
    if not folder.is_dir():
        raise HarnessError(f"no folder {folder}; --corpus is a corpus, or a folder of pages")
    found: list[Callable[[], Capture]]
    if next(folder.glob("*/*/capture.json"), None):
        corpus = Corpus(folder)
        refs = [ref for ref in corpus.refs() if _chosen(ref.id, patterns)]
        found = [partial(_stored, corpus, ref) for ref in refs]
    else:
        pages = [path for path in sorted(folder.rglob("*")) if _is_page(path)]
        inside = [path for path in pages if _chosen(path.relative_to(folder).as_posix(), patterns)]
        found = [partial(_loose, folder, path) for path in inside]
    if not found:
        which = f" that matches {shorten(' '.join(patterns))!r}" if patterns else ""
        raise HarnessError(
            f"{folder} holds no page{which}: neither captures nor files that end in"
            f" {', '.join(PAGES)}, with or without .gz"
        )
    return found


def _chosen(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(pattern in name for pattern in patterns)


def _is_page(path: Path) -> bool:
    return path.name.removesuffix(".gz").lower().endswith(PAGES) and path.is_file()


def _stored(corpus: Corpus, ref: CaptureRef) -> Capture:
    return corpus.load(ref).capture


def _loose(folder: Path, path: Path) -> Capture:
    capture = file_capture(str(path), Asked())
    inside = path.relative_to(folder)
    site = slugify(inside.parent.name or folder.resolve().name)
    label = inside.name.partition(".")[0]
    return replace(capture, site=site, name=capture_name(label, capture.sha256))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror}") from None


def _unzipped(body: bytes, path: Path) -> bytes:
    if body[:2] != _GZIP:
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise HarnessError(f"{path} is broken: {error}") from None
