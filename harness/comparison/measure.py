"""Two extractors over the same captures, record against record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from harness.chrome import chrome_test
from harness.clusters import Edit, clusters
from harness.comparison.edits import cut, edits
from harness.comparison.judging import Context, alike, asserted, change_of
from harness.comparison.model import Comparison, PageChange, Side
from harness.comparison.ranking import order
from harness.corpus import CaptureRef, Loaded
from harness.engine import Case, Engine, Extraction
from harness.extraction import Extractor
from harness.invariants import role_of
from harness.judge import raised
from harness.model import Failure, Finding, Outcome
from harness.page import Page
from harness.statistics import median

NOT_STORED = "NotStored"
"""The failure's type of a capture of which stored records hold nothing: it is not compared."""


def compare(
    engine: Engine,
    refs: Sequence[CaptureRef],
    old: Extractor,
    new: Extractor,
    *,
    only: Collection[str] = (),
    sure: float = 0.5,
    advance: Callable[[], None] = lambda: None,
) -> Comparison:
    """Runs both extractors over the captures and says what changed from ``old`` to ``new``.

    ``only`` restricts it to some fields; ``sure`` is the confidence from which a verdict counts.
    Ctrl-C ends it early, with what was compared until then.
    """
    found = _Found()
    interrupted = False
    try:
        for ref, before, after in _both(engine, refs, old, new):
            _look(engine, found, ref, before, after, only, sure)
            advance()
    except KeyboardInterrupt:
        interrupted = True
    return Comparison(
        old=_side(old, found.seconds_old),
        new=_side(new, found.seconds_new),
        pages=tuple(sorted(found.pages, key=order)),
        compared=dict(sorted(found.compared.items())),
        goldens={name: dict(sorted(n.items())) for name, n in sorted(found.goldens.items())},
        clusters=clusters(found.edits),
        bodies=tuple(sorted(found.bodies)),
        skipped=tuple(found.skipped),
        broken=found.broken,
        neither=found.neither,
        raised=found.raised,
        fields=tuple(sorted(found.fields)),
        only=tuple(only),
        sure=sure,
        planned=len(refs),
        interrupted=interrupted,
        environment=engine.environment,
    )


@dataclass
class _Found:
    """What was seen so far; the loop may end at any capture."""

    pages: list[PageChange] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)
    goldens: dict[str, Counter[str]] = field(default_factory=dict)
    bodies: set[str] = field(default_factory=set)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    broken: int = 0
    neither: int = 0
    raised: str = ""
    fields: set[str] = field(default_factory=set)
    seconds_old: list[float] = field(default_factory=list)
    seconds_new: list[float] = field(default_factory=list)


def _both(
    engine: Engine, refs: Sequence[CaptureRef], old: Extractor, new: Extractor
) -> Iterator[tuple[CaptureRef, Extraction, Extraction]]:
    # One engine a side: either asks its own extractor whether it works ahead.
    sides = [
        replace(engine, extractors=(each,)).extractions([Case(ref, each) for ref in refs])
        for each in (old, new)
    ]
    for (case, before), (_, after) in zip(*sides, strict=True):
        yield case.ref, before, after


def _look(
    engine: Engine,
    found: _Found,
    ref: CaptureRef,
    before: Extraction,
    after: Extraction,
    only: Collection[str],
    sure: float,
) -> None:
    loaded = before.loaded
    if reason := _reason_to_skip(before) or _reason_to_skip(after):
        found.skipped.append((ref.id, reason))
        found.broken += NOT_STORED not in (_failed(before), _failed(after))
        return
    assert loaded is not None, "what was not loaded has a problem"
    found.compared[ref.site] += 1
    either = {**(before.outcome.record or {}), **(after.outcome.record or {})}
    found.fields |= either.keys()
    if before.outcome.record is None and after.outcome.record is None:
        found.neither += 1
        found.raised = found.raised or raised(after.outcome.failure or Failure("", ""))
    found.bodies |= {name for name in either if role_of(name, engine.roles) == "body"}
    for name in asserted(loaded.golden, either, engine.roles):
        found.goldens.setdefault(name, Counter())[ref.site] += 1
    for extraction, seconds in ((before, found.seconds_old), (after, found.seconds_new)):
        if not extraction.remembered:
            seconds.append(extraction.seconds)
    if alike(before.outcome, after.outcome):
        return
    change = change_of(_context(engine, loaded, only, sure), before.outcome, after.outcome)
    if change is not None:
        found.edits += edits(change)
        found.pages.append(cut(change))


def _reason_to_skip(extraction: Extraction) -> str:
    failure = extraction.outcome.failure
    # A worker that cannot start says nothing of its extractor: it is no loss, and no gain after.
    if failure and failure.type in (NOT_STORED, "CannotStart"):
        return failure.message
    return extraction.problem or ("" if extraction.loaded else "not loaded")


def _failed(extraction: Extraction) -> str:
    failure = extraction.outcome.failure
    return failure.type if failure else ""


def _context(engine: Engine, loaded: Loaded, only: Collection[str], sure: float) -> Context:
    capture = loaded.capture
    page = Page(capture)
    return Context(
        capture,
        loaded.golden,
        page,
        partial(_findings, engine, page),
        chrome_test(lambda: page.visible, lambda: engine.sites.recurring(capture.site)),
        engine.roles,
        only,
        sure,
    )


def _findings(engine: Engine, page: Page, outcome: Outcome) -> Sequence[Finding]:
    return engine.examination.look(page.capture, outcome, page)


def _side(extractor: Extractor, seconds: Sequence[float]) -> Side:
    label = extractor.label or extractor.name
    measured = [] if extractor.origin.startswith(STORED) else seconds
    return Side(
        label=label,
        identity=extractor.identity,
        seconds=median(measured) if measured else None,
        measured=len(measured),
    )


STORED = "stored:"
"""What the origin of an extractor begins with that only reads what was stored."""
