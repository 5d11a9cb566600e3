"""One number for one field: how near its value comes to what a golden expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from w3lib.url import canonicalize_url

from harness import expectations, records
from harness.diff import EMPTY, match_records, same
from harness.invariants.roles import role_of
from harness.model import Golden, Kind, Tree
from harness.scoring.dates import date_score
from harness.scoring.shingles import token_prf, tokens
from harness.scoring.texts import text_of, without_patterns
from harness.text import collapse


def agrees(expected: Tree, actual: Tree) -> bool:
    """Whether a value is exactly what a golden expects of it, by the golden's own rules."""
    return same(*expectations.aligned(expected, actual))


def field_score(expected: Tree, actual: Tree, kind: Kind | None = None) -> float:
    """How near a value comes to what a golden expects, 0…1, whatever the field is.

    1 where the golden agrees, and where both are empty. A pattern (``re:``, ``contains:`` and the
    like) agrees or scores 0, and so does null, a number and a URL (compared as pages). A date
    scores as :class:`~harness.scoring.dates.DateScore` does. A list of records is matched first, as
    in a diff: twice the scores of the matched over the number of both sides. Everything else is
    text and scores by the F1 of its tokens. Without ``kind``, the kind is read off the values.
    """
    wanted, found = expectations.aligned(expected, actual)
    if same(wanted, found) or (wanted in EMPTY and found in EMPTY):
        return 1.0
    if wanted in EMPTY or found in EMPTY or _is_pattern(expected):
        return 0.0
    kind = _kind(expected, actual, kind)
    if kind == "timestamp":
        return date_score(expected, actual).score
    if kind == "records":
        return _records_score(expected, actual)
    if kind == "url":
        return float(_same_page(text_of(wanted), text_of(found)))
    if kind in ("number", "exact"):
        return float(wanted == found)
    before, after = text_of(without_patterns(wanted)), text_of(found)
    if not tokens(before) and not tokens(after):
        return 0.0  # "…" is not "—"
    return token_prf(before, after).f1


def _is_pattern(expected: Tree) -> bool:
    return isinstance(expected, str) and expectations.PREFIX.match(expected) is not None


def _kind(expected: Tree, actual: Tree, kind: Kind | None) -> Kind:
    """The kind as given or read; a date expected of a text, or found in one, is compared as one."""
    kinds = (kind or records.kind_of(expected, actual), records.kind_of(actual, expected))
    if "timestamp" in kinds:
        return "timestamp"
    if kind is None and kinds[0] == "exact" and isinstance(expected, (list, dict)):
        # Of a body in sections, or a list of texts and records, people read the text.
        tagged = records.tag_of(expected) is not None
        both = isinstance(expected, dict) and isinstance(actual, dict)
        return "exact" if tagged else "records" if both else "text"
    return kinds[0]


def _same_page(one: str, other: str) -> bool:
    try:
        return canonicalize_url(one) == canonicalize_url(other)
    except ValueError:  # "http://[x" is no URL, and equal texts agreed before
        return False


def _records_score(expected: Tree, actual: Tree) -> float:
    wanted: list[Tree] = expected if isinstance(expected, list) else [expected]
    found: list[Tree] = actual if isinstance(actual, list) else [actual]
    pairs = match_records(wanted, found)
    got = sum(_record_score(wanted[i], found[j]) for i, j in pairs.items())
    return 2 * got / (len(wanted) + len(found))


def _record_score(expected: Tree, actual: Tree) -> float:
    """The mean score of the fields that are expected of one record; others are not asked."""
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return field_score(expected, actual)
    if records.tag_of(expected) is not None or not expected:
        return field_score(expected, actual)
    scores = [field_score(value, actual.get(key)) for key, value in expected.items()]
    return sum(scores) / len(scores)


# --- whole records --------------------------------------------------------------------------------


def counterpart(
    name: str, record: Mapping[str, Tree], roles: Mapping[str, str] | None = None
) -> str | None:
    """Which field of a record an expected field is held against; None when there is none.

    That of its name; else the only one that is for the same, told by its name: a golden's
    ``timestamp`` is compared with a peer's ``published``, its ``body`` with ``articleBody``.
    """
    if name in record:
        return name
    role = role_of(name, roles)
    alike = [other for other in record if role and role_of(other, roles) == role]
    return alike[0] if len(alike) == 1 else None


@dataclass(frozen=True, slots=True)
class Snippets:
    """How many of a golden's ``contains`` are in a record, and of its ``excludes`` are not."""

    held: int
    of_contains: int
    kept_out: int
    of_excludes: int


def snippets(golden: Golden, record: Mapping[str, Tree]) -> Snippets:
    """Looks for a golden's texts in all texts of a record, without regard to white space."""
    found = [collapse(text) for _, text in records.leaves(cast(Tree, dict(record)))]
    held, leaked = _held(golden.contains, found), _held(golden.excludes, found)
    of = len(golden.contains), len(golden.excludes)
    return Snippets(held, of[0], of[1] - leaked, of[1])


def _held(texts: Sequence[str], found: Sequence[str]) -> int:
    return sum(any(collapse(text) in each for each in found) for text in texts)
