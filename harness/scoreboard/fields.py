"""The measures of one field on one page, by what the field is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness import expectations, records
from harness.diff import EMPTY, same
from harness.goldens import literally
from harness.invariants import role_of
from harness.model import Golden, Kind, Tree
from harness.scoring import (
    Prf,
    applies,
    date_score,
    field_score,
    people_prf,
    rouge_lsum,
    same_people,
    same_tokens,
    shingle_prf,
    snippets,
    text_of,
    token_prf,
    without_patterns,
)

SNIPPETS = "contains/excludes"
"""The name under which a golden's texts are scored; no field is called so."""
HEADLINES: Mapping[str, str] = {
    "body": "shingle_f1",
    "text": "token_f1",
    "byline": "people",
    "timestamp": "instant",
    "value": "score",
    "snippets": "snippets",
}
"""The measure that fields of a family are ranked by."""
PRF: Mapping[str, tuple[str, ...]] = {
    "body": ("shingle", "token"),
    "text": ("token",),
    "byline": ("people",),
}
"""What each family has precision, recall and F1 of."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One page: plain figures by measure, and counts of precision and recall by what they are of.

    ``ranked`` is the page's share in the field's headline.
    """

    plain: Mapping[str, float]
    counts: Mapping[str, Prf]
    ranked: float
    expected: str
    actual: str


def family_of(
    name: str, expected: Tree, roles: Mapping[str, str], kinds: Mapping[str, Kind]
) -> str:
    """What a field is measured as: body, text, byline, timestamp or value."""
    kind = kinds.get(name) or records.kind_of(expected)
    role = role_of(name, roles)
    if kind == "timestamp" or role in ("published", "modified"):
        return "timestamp"
    if kind in ("url", "number", "exact", "records"):
        return "value"
    if role == "byline":
        return "byline"
    return "body" if kind == "paragraphs" or role in ("body", "html") else "text"


def page_scores(
    family: str, expected: Tree, actual: Tree, kind: Kind | None, failed: bool = False
) -> Scores:
    """All measures of a field on one page. A failure scores 0, also where nothing is expected."""
    if family == "body":
        # Stored outputs have one text where a golden has paragraphs, or the other way round.
        expected, actual = _alike(expected, actual)
    wanted, found = expectations.aligned(expected, actual)
    right = same(wanted, found) and not failed
    shown = text_of(found)
    text = shown if right else text_of(without_patterns(wanted))
    plain = {
        "score": 0.0 if failed else 1.0 if right else field_score(expected, actual, kind),
        "exact": float(right),
    }
    counts: dict[str, Prf] = {}
    if family == "body":
        counts = {"shingle": shingle_prf(text, shown), "token": token_prf(text, shown)}
        plain["accuracy"] = float(not failed and same_tokens(text, shown))
        if applies(text) and (text or shown):
            plain["rouge_lsum"] = rouge_lsum(text, shown).f1
    elif family == "text":
        counts = {"token": token_prf(text, shown)}
    elif family == "byline":
        by = found if right else without_patterns(wanted)
        counts = {"people": people_prf(by, found)}
        plain["people"] = float(right or (not failed and same_people(by, found)))
    elif family == "timestamp":
        date = date_score(expected, actual)
        plain["instant"] = float(not failed and date.instant)
        plain["day"] = float(not failed and date.day)
        if wanted not in EMPTY and found not in EMPTY:
            plain["precision_kept"] = float(date.precision in ("same", "finer"))
    ranked = _ranked(family, plain, counts) if not failed else 0.0
    return Scores(plain, counts, ranked, _told(expected), _told(actual))


def snippet_scores(golden: Golden, record: Mapping[str, Tree], failed: bool = False) -> Scores:
    """The shares of a golden's ``contains`` that a record has, and of ``excludes`` that it has not.

    What failed has neither what is wanted nor what is not, and scores 0 in both.
    """
    found = snippets(golden, record)
    plain: dict[str, float] = {}
    if found.of_contains:
        plain["contains"] = 0.0 if failed else found.held / found.of_contains
    if found.of_excludes:
        plain["excludes"] = 0.0 if failed else found.kept_out / found.of_excludes
    of = found.of_contains + found.of_excludes
    share = 0.0 if failed else (found.held + found.kept_out) / of
    plain["snippets"] = share
    wanted = [f"contains: {each}" for each in golden.contains]
    wanted += [f"excludes: {each}" for each in golden.excludes]
    return Scores(plain, {}, share, "\n".join(wanted), "\n".join(map(_told, record.values())))


def _alike(expected: Tree, actual: Tree) -> tuple[Tree, Tree]:
    if isinstance(expected, str) and isinstance(actual, list):
        return expected, text_of(actual)
    if isinstance(expected, list) and isinstance(actual, str):
        # The text is no pattern, whatever it begins with.
        return literally(text_of(without_patterns(expected))), actual
    return expected, actual


def _ranked(family: str, plain: Mapping[str, float], counts: Mapping[str, Prf]) -> float:
    of, _, figure = HEADLINES[family].rpartition("_")
    return counts[of].f1 if figure == "f1" else plain[HEADLINES[family]]


def _told(tree: Tree) -> str:
    """A value for people: "" for nothing."""
    return "" if tree in EMPTY else text_of(tree)
