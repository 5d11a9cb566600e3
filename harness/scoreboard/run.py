"""Scoring extractors and stored outputs over a corpus, or stored outputs over a truth file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from harness.corpus import CaptureRef, Corpus
from harness.engine import Case, Engine
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.goldens import literally
from harness.model import Golden, Kind, Tree
from harness.records import dumps
from harness.scoreboard.measure import Got, Page, asserts, scored
from harness.scoreboard.model import Board
from harness.scoreboard.model import Extractor as Scored
from harness.stored import Urls, read_stored, read_truth


@dataclass(frozen=True, slots=True)
class Records:
    """A file of stored outputs, and the name that it is shown under."""

    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What is scored against: pages, captures without a golden, captures that cannot be read."""

    pages: tuple[Page, ...]
    unscored: int = 0
    problems: tuple[tuple[str, str], ...] = ()


def ground_of(corpus: Corpus, refs: Sequence[CaptureRef]) -> Ground:
    """The goldens of captures. A capture or golden that cannot be read is a problem of its own.

    What a golden marked ``known-wrong`` says is not asserted, and not scored.
    """
    pages: list[Page] = []
    problems: list[tuple[str, str]] = []
    for ref in refs:
        if not (corpus.folder(ref) / "golden.json").exists():
            continue
        try:
            loaded = corpus.load(ref)
        except HarnessError as error:
            problems.append((ref.id, str(error)))
            continue
        if loaded.golden is not None and asserts(loaded.golden):
            digest = _digest(f"{ref.id} {loaded.capture.sha256}", loaded.golden)
            pages.append(Page(ref.id, ref.site, loaded.golden, digest))
    unscored = len(refs) - len(pages) - len(problems)
    return Ground(tuple(pages), unscored, tuple(problems))


def truth_of(path: Path) -> Ground:
    """The pages of a truth file; those of one host are of one site."""
    pages = []
    for name, fields in read_truth(path).items():
        url = fields.get("url")
        site = urlsplit(url).netloc if isinstance(url, str) else ""
        golden = Golden("reviewed", {k: literally(v) for k, v in fields.items() if k != "url"})
        pages.append(Page(name, site or name, golden, _digest(name, golden)))
    return Ground(tuple(pages))


def _digest(name: str, golden: Golden) -> str:
    """Of what a golden asserts: who said it, and when, changes no score."""
    stated: Tree = {
        "fields": {**golden.fields},
        "contains": [*golden.contains],
        "excludes": [*golden.excludes],
    }
    said = f"{name} {dumps(stated)}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def score(
    engine: Engine,
    ground: Ground,
    extractors: Sequence[Extractor],
    stored: Sequence[Records],
    *,
    only: Collection[str] = (),
    urls: Urls | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Board:
    """Scores extractors, then stored outputs, on the same pages. Nothing is written.

    An extractor is scored on the sites that it is for. Ctrl-C ends it with the extractors that
    were finished until then. Raises HarnessError for a file that holds no stored outputs of these.
    """
    made = [_stored(engine, ground, each, only, urls) for each in stored]
    interrupted = False
    for extractor in extractors:
        try:
            made.append(_run(engine, ground, extractor, only, advance))
        except KeyboardInterrupt:
            interrupted = True
            break
    return Board(
        extractors=tuple(made),
        pages=len(ground.pages),
        unscored=ground.unscored,
        problems=ground.problems,
        only=tuple(only),
        interrupted=interrupted,
        environment=engine.environment,
    )


def _run(
    engine: Engine,
    ground: Ground,
    extractor: Extractor,
    only: Collection[str],
    advance: Callable[[], None],
) -> Scored:
    pages = [page for page in ground.pages if extractor.handles(page.site)]
    # Alone, so that the engine works ahead where this extractor is remote.
    alone = replace(engine, extractors=(extractor,))
    got: dict[str, Got] = {}
    cases = [Case(_ref(page.id), extractor) for page in pages]
    for case, extraction in alone.extractions(cases):
        seconds = None if extraction.remembered else extraction.seconds
        got[case.ref.id] = Got(extraction.outcome, seconds)
        advance()
    kinds: Mapping[str, Kind] = {**engine.kinds, **extractor.kinds}
    label = extractor.label or extractor.name
    return scored(label, pages, got, only=only, roles=engine.roles, kinds=kinds)


def _ref(capture: str) -> CaptureRef:
    site, _, name = capture.partition("/")
    return CaptureRef(site, name)


def _stored(
    engine: Engine, ground: Ground, asked: Records, only: Collection[str], urls: Urls | None
) -> Scored:
    held = read_stored(asked.path, [page.id for page in ground.pages], urls)
    got = {name: Got(outcome) for name, outcome in held.outcomes.items()}
    return replace(
        scored(
            asked.label,
            ground.pages,
            got,
            only=only,
            roles=engine.roles,
            kinds=engine.kinds,
            stored=asked.path.name,
        ),
        unknown=len(held.unknown),
    )
