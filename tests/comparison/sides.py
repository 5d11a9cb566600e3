"""Outcomes and cases that tests of comparisons are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from harness.chrome import chrome_test
from harness.clusters import clusters
from harness.comparison import BodyChange, Comparison, FieldChange, PageChange, Side
from harness.comparison.edits import edits
from harness.comparison.judging import Context, page_verdict
from harness.comparison.ranking import order
from harness.model import Capture, Failure, FieldDiff, Golden, Hunk, Outcome, Piece
from harness.page import Page
from harness.plausible import Judgement

BODY = [
    "The ferry left the harbour at seven in the morning with forty people on board.",
    "It was seen again three hours later, far to the north of its usual course.",
    "Nobody on shore could say why the captain had turned away from the islands.",
]
RECORD: dict[str, Any] = {"title": "A ferry is found", "byline": "Ada Writer", "body": BODY}
HTML = (
    "<!doctype html><title>A ferry is found</title><nav>Home</nav><h1>A ferry is found</h1>"
    "<p class=by>Ada Writer</p><article>"
    + "".join(f"<p>{text}</p>" for text in BODY)
    + "</article><footer>All rights reserved</footer>"
)


def outcome(**changed: Any) -> Outcome:
    """The right record, with some fields changed; a field that is ``...`` is not there."""
    fields = {**RECORD, **changed}
    return Outcome({name: value for name, value in fields.items() if value is not ...})


def failed(message: str = "no element found") -> Outcome:
    """An extractor that raised."""
    return Outcome(None, Failure("ValueError", message))


def context(
    golden: Mapping[str, Any] | None = None,
    *,
    trust: str = "reviewed",
    contains: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    sure: float = 0.5,
) -> Context:
    """What is known of the capture of that record; ``golden`` are the fields that it asserts."""
    capture = Capture("site", "ferry-00000000", HTML.encode(), "text/html")
    page = Page(capture)
    told = None
    if golden is not None or contains or excludes:
        told = Golden(trust, dict(golden or {}), contains, excludes)  # type: ignore[arg-type]
    return Context(
        capture,
        told,
        page,
        lambda _: (),
        chrome_test(lambda: page.visible, frozenset),
        {},
        only,
        sure,
    )


def judged(
    name: str,
    delta: float,
    *,
    verdict: str = "",
    role: str = "",
    confidence: float = 1.0,
    basis: str = "golden",
    scores: tuple[float, float] | None = None,
    category: str = "value",
    reason: str = "",
) -> FieldChange:
    """A change of one field, made up."""
    said = verdict or ("worse" if delta < 0 else "better" if delta > 0 else "neutral")
    judgement = Judgement(said, confidence, delta, basis, (reason,) if reason else ())  # type: ignore[arg-type]
    pieces = (Piece("=", "kept "), Piece("-", "old text"), Piece("+", "new text"))
    diff = FieldDiff(name, "text", category, "'old text' → 'new text'", (Hunk("", pieces),))
    return FieldChange(
        name, role or ("body" if name == "body" else ""), judgement, (diff,), None, scores
    )


def scored(was: float, now: float) -> FieldChange:
    """A change of the body as a golden judges it."""
    return judged("body", now - was, scores=(was, now))


def page(capture: str, *fields: FieldChange, sure: float = 0.5) -> PageChange:
    """A changed page, made up."""
    body = next((f for f in fields if f.role == "body"), None)
    words = body and BodyChange(10, 9, 2, 1, *(body.scores or (None, None)))
    ranked = tuple(sorted(fields, key=lambda f: -f.loss))
    return PageChange(capture, *page_verdict(ranked, sure), ranked, words)


def comparison(*pages: PageChange, unchanged: int = 10, goldens: bool = True) -> Comparison:
    """A comparison of these pages and of unchanged ones of the site ``calm``."""
    compared = Counter(each.site for each in pages) + Counter(calm=unchanged)
    edited = [edit for each in pages for edit in edits(each)]
    return Comparison(
        Side("lib==1.0"),
        Side("lib==2.0"),
        tuple(sorted(pages, key=order)),
        compared,
        {"body": compared} if goldens else {},
        clusters(edited),
        bodies=("body",),
        planned=compared.total(),
    )
