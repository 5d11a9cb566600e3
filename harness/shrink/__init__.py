"""Shrinking: the smallest page for which something is still true of it.

:func:`shrink` edits a page as what it is (the tree of HTML or XML, the members of JSON, the lines
of a text), so that the result can be read, and falls back to raw source and bytes where the
failure lives in how the source is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from harness.model import Capture
from harness.page import Page
from harness.shrink.formats import Format, formats_of
from harness.shrink.passes import reduce_bytes, reduce_tree
from harness.shrink.search import Over, Search

__all__ = ["Shrunk", "parses", "shrink"]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The smallest capture that was found, and how it was found.

    ``tests`` is how often ``fails`` was asked. ``ended`` is ``minimal`` when no single edit makes
    the page smaller, else why the search stopped before. ``parses``: :func:`parses` is true of it.
    """

    capture: Capture
    tests: int
    ended: Literal["minimal", "budget", "interrupted"]
    parses: bool


def shrink(
    capture: Capture,
    fails: Callable[[Capture], bool],
    *,
    budget_seconds: float = 30.0,
    clock: Callable[[], float] = time.monotonic,
) -> Shrunk:
    """The smallest page that was found for which ``fails`` is true.

    ``fails`` pins what must stay: the same relation, field and fault class, else the search slips
    to another failure. It must be true of ``capture``; ValueError otherwise. The page is decoded,
    edited and stored as UTF-8 with ``charset`` set to that, unless the failure does not survive
    it; URL, time and headers stay. After ``budget_seconds`` of ``clock``, and at Ctrl-C, the best
    page until then is returned.
    """
    search = Search(capture, fails, clock, clock() + budget_seconds)
    if not fails(capture):
        raise ValueError("the capture does not fail; there is nothing to shrink")
    ended: Literal["minimal", "budget", "interrupted"] = "minimal"
    try:
        _reduce(search, capture)
    except Over:
        ended = "budget"
    except KeyboardInterrupt:
        ended = "interrupted"
    # A page that was small already may have grown when its end tags were written.
    best = search.best if len(search.best.body) < len(capture.body) else capture
    return Shrunk(best, search.tests, ended, parses(best))


def _reduce(search: Search, capture: Capture) -> None:
    page = Page(capture)
    forms = list(formats_of(page))
    for form in forms:
        if _reduced(search, page, form):
            break
    else:
        reduce_bytes(search)
        return
    if form is not forms[0]:
        # What the rewritten page did not show, for a seed that fell elsewhere on it or a
        # neighbour that error recovery moved, the small page may show once it is well-formed.
        _reduced(search, Page(search.best), forms[0])


def _reduced(search: Search, page: Page, form: Format) -> bool:
    """Reduces a page in one format; False when the page, written anew in it, does not fail."""
    tree = form.read(page.source)
    if tree is None or not search.restart(form.write(tree), form):
        return False
    reduce_tree(tree, form, search)
    return True


def parses(capture: Capture) -> bool:
    """Whether a page is well-formed as what it says it is, and decodes by itself.

    HTML: a browser's parser, reading the page, builds a tree that, written out with every element
    closed and every text escaped, is the page again: nothing was moved, closed or dropped by
    error recovery. XML and JSON: their parsers accept it. Any text is a text. The encoding must
    be found without knowing more than the bytes, so that the page can be kept as a bare file.
    """
    page = Page(capture)
    form = next(iter(formats_of(page)))
    return form.whole(capture.body, page.source)
