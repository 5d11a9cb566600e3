"""The same value, read from another place: within one capture, and between two."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness import records
from harness.model import Tree
from harness.provenance import moments
from harness.provenance.places import Fragility, Move, fragility, moved
from harness.provenance.tracing import Tracer
from harness.text import UNSEEN, plain_quotes, squash

# What pages put before a name, in the languages whose bylines begin so.
_BY = re.compile(
    r"(?:(?:written|story|posted|reported|text|words|photos?) )?"
    r"(?:by|von|vom|par|por|di|door|av|af|od|autor|author|автор|texte?|از|作者|文)[:\s]+",
    re.I,
)


def means_the_same(old: Tree, new: Tree) -> bool:
    """Whether two values differ in form only: white space, case, quotes, "By", the precision of
    a time, a list of paragraphs or their text in one piece."""
    was, now = moments.said_by(old), moments.said_by(new)
    if was is not None and now is not None:
        return moments.same_time(was, now)
    before, after = _essence(old), _essence(new)
    return bool(before) and before == after


def _essence(value: Tree) -> str:
    texts = [text for _, text in records.leaves(value)]
    if records.tag_of(value) or not all(texts):
        return ""
    if isinstance(value, dict) or (isinstance(value, list) and any(map(_is_record, value))):
        return ""
    text = plain_quotes(UNSEEN.sub("", " ".join(texts))).casefold().strip(" \t\n.:,;|·•-–—")
    bare = _BY.sub("", text, count=1) if _BY.match(text) else text
    return squash(bare).strip(".")


def _is_record(value: Tree) -> bool:
    return isinstance(value, dict)


def weaker_place(tracer: Callable[[], Tracer]) -> Callable[[Tree, Tree], str | None]:
    """What ``diff`` asks of a capture: two forms of one value in, where they are read from out.

    None unless both mean the same and the new form stands at a more fragile place. ``tracer`` is
    asked for, once, only when they do. A form that stands nowhere as it is was computed, and
    nothing is said of it.
    """
    made: list[Tracer] = []

    def said(old: Tree, new: Tree) -> str | None:
        if not means_the_same(old, new):
            return None
        if not made:
            made.append(tracer())
        was, now = made[0].best(old, exact=True), made[0].best(new, exact=True)
        move = moved(was, now)
        computed = Fragility.NOWHERE in (fragility(was), fragility(now))
        return move.said if move and not computed and move.steps > 0 else None

    return said


def shift(old: Tree, old_page: Tracer, new: Tree, new_page: Tracer) -> Move | None:
    """How the best place of a value moved: an unchanged value between two captures of a page, or
    two forms of it in one capture (pass one tracer twice). None where it did not move.

    ``steps`` of the answer is the change of fragility, above 0 for more fragile.
    """
    exact = old_page is new_page
    return moved(old_page.best(old, exact=exact), new_page.best(new, exact=exact))
