"""The template engine of the HTML pages: everything escaped, what cannot be seen made visible."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.diff import CATEGORIES
from harness.faults.classes import CLASSES
from harness.model import Verdict
from harness.report.sheet import NAMES, cut
from harness.report.words import count
from harness.text import show_unseen

SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.NEW: "+",
    Verdict.CHANGED: "Δ",
    Verdict.MISSING: "∅",
    Verdict.SUSPECT: "?",
    Verdict.WRONG: "✗",
    Verdict.ERROR: "!",
}
MEANINGS = {
    Verdict.PASS: "as accepted",
    Verdict.NEW: "no accepted snapshot yet",
    Verdict.CHANGED: "not what was accepted",
    Verdict.MISSING: "a value that was accepted is gone",
    Verdict.SUSPECT: "no right record is like this: an invariant does not hold",
    Verdict.WRONG: "a reviewed golden contradicts it",
    Verdict.ERROR: "no record: the extractor or a file failed",
}


@cache
def environment() -> Environment:
    """The templates beside this module; what all of them may use is global in them."""
    found = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "categories": CATEGORIES,
        "count": count,
        "cut": cut,
        "faults": CLASSES,
        "meanings": MEANINGS,
        "names": NAMES,
        "symbols": SYMBOLS,
    }
    return found


def _visible(value: object) -> object:
    """Applied by Jinja to every expression before it escapes it; macros' Markup has been there."""
    return show_unseen(value) if isinstance(value, str) and not isinstance(value, Markup) else value
