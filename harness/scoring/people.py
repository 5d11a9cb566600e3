"""Bylines as sets of people."""

from __future__ import annotations

import re

from harness.invariants.names import parts_of
from harness.model import Tree
from harness.scoring.shingles import Prf, prf_of
from harness.scoring.texts import text_of

# "Reuters staff" and "Dr. A. B." name whom they name; what is left of a part without letters and
# digits names nobody.
_NAMED = re.compile(r"\w")


def people(byline: Tree) -> frozenset[str]:
    """Whom a byline names, as they are compared: a text, a list of names, or records of people.

    Case, white space, typographic quotes, signs around a name and "By" before it do not count;
    commas, semicolons, "and" (in ten languages), "|" and the like separate two people. A record is
    a person with a ``name``. Nothing else is left out of a name: "Jane Doe, Reuters" names two.
    """
    if isinstance(byline, list):
        return frozenset().union(*(people(each) for each in byline))
    if isinstance(byline, dict) and isinstance(byline.get("name"), (str, list)):
        return people(byline["name"])
    return frozenset(name for name in parts_of(text_of(byline)) if _NAMED.search(name))


def people_prf(expected: Tree, actual: Tree) -> Prf:
    """Precision, recall and F1 of the people that a byline names; of nobody and nobody, 1."""
    wanted, found = people(expected), people(actual)
    return prf_of(len(wanted & found), len(found), len(wanted))


def same_people(expected: Tree, actual: Tree) -> bool:
    """Byline accuracy: both name the same people, in whatever order."""
    return people(expected) == people(actual)
