"""The changes of a run in clusters: what one look and one decision is enough for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.changes import EMPTY_NOW, OBJECTED, Change
from harness.clusters.groups import Item, Signature, signatures
from harness.clusters.spans import Span, spans_of
from harness.clusters.words import title, where
from harness.diff import CATEGORIES
from harness.judge import raised
from harness.model import FieldDiff, Verdict, family_of

_BETWEEN = " … "
# So many different parts of one change tell what was edited.
_MOST_PARTS = 12

# What a change of this verdict weighs beside one that is merely changed.
_VERDICTS: Mapping[Verdict, float] = {
    Verdict.ERROR: 8,
    Verdict.WRONG: 8,
    Verdict.SUSPECT: 6,
    Verdict.MISSING: 5,
    Verdict.NEW: 0.5,
}
# Of changes that are merely changed: text that is lost or harmed, other text, and mere form.
_FIRST_OF_FORM = list(CATEGORIES).index("place")
_LAST_OF_HARM = list(CATEGORIES).index("duplicated")
_CATEGORIES: Mapping[str, float] = {
    name: 3 if i <= _LAST_OF_HARM else 2 if i < _FIRST_OF_FORM else 0.1
    for i, name in enumerate(CATEGORIES)
}
_REPAIR = 0.2


@dataclass(frozen=True)
class ChangeCluster:
    """Changes that are alike: one item of a review.

    ``key`` is of the signature alone: the same cause has the same key in another run and on
    another machine. ``title`` says what happened and ``where`` how often, both without what cannot
    be seen. ``field`` is a family (``related[].byline``). ``exact``: every change is the same edit.
    ``values`` are the distinct edits, as whole texts (:func:`value_of`) with how often each stands
    there, most frequent first. ``captures`` counts captures, ``alone`` the changes that may not be
    accepted in bulk. Emptied fields and those that an invariant objects to are in clusters of their
    own, of which all are ``alone``; a change that is ``alone`` only since little is left in common,
    as in a short name with a long age glued to it, stays with the others of its cause.
    """

    key: str
    title: str
    where: str
    field: str
    category: str
    verdict: Verdict
    exact: bool
    changes: tuple[Change, ...]
    values: tuple[tuple[str, str, int], ...]
    sites: tuple[str, ...]
    captures: int
    weight: float
    alone: int

    @cached_property
    def bulk(self) -> tuple[Change, ...]:
        """The changes that may be decided together."""
        return tuple(change for change in self.changes if not change.alone)


def clusters_of(changes: Sequence[Change]) -> tuple[ChangeCluster, ...]:
    """Every change in exactly one cluster, the weightiest cluster first.

    What differs in field, category, verdict, emptiness or a golden's opinion is never in one
    cluster. The order of the changes does not matter, but for that of the changes within a cluster.
    """
    spans = [_spans(change) for change in changes]
    items = [_item(*each) for each in zip(changes, spans, strict=True)]
    groups: dict[Signature, list[int]] = {}
    for i, signature in enumerate(signatures(items)):
        groups.setdefault(signature, []).append(i)
    keys = _keys(groups)
    found = [
        _cluster(keys[signature], signature, [(changes[i], spans[i]) for i in members])
        for signature, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.weight, -each.captures, each.key)))


def value_of(change: Change) -> tuple[str, str]:
    """What a change took away and what it put in: its value among those of its cluster."""
    return _value(change, _spans(change))


def _value(change: Change, spans: Sequence[Span]) -> tuple[str, str]:
    if change.finding is not None:
        return "", change.finding.quote or change.finding.message
    return _parts(span.removed for span in spans), _parts(span.added for span in spans)


def _parts(texts: Iterable[str]) -> str:
    """The different texts of one side of a change; of a great many, the first and their number."""
    parts = list(dict.fromkeys(text for text in texts if text))
    left = len(parts) - _MOST_PARTS
    shown = [*parts[:_MOST_PARTS], f"{left} more"] if left > 0 else parts
    return _BETWEEN.join(shown)


def _spans(change: Change) -> tuple[Span, ...]:
    if change.found is not None:
        return spans_of(change.found.diff, _length(change))
    if change.what in ("failure", "problem"):
        failure = change.result.failure
        # Without the address that "<object at 0x7f…>" has in one process only.
        said = change.summary if failure is None else raised(failure).partition(": ")[2]
        return (Span("+", "", said, unit="message"),)
    return ()


def _length(change: Change) -> int | None:
    """How many paragraphs a field has now, where that can be told without knowing its parts."""
    value = (change.result.record or {}).get(change.field)
    return len(value) if isinstance(value, list) else None


def _item(change: Change, spans: tuple[Span, ...]) -> Item:
    found = change.found
    facets = [change.what, family_of(change.field), change.category, str(change.verdict)]
    if found is not None:
        facets += [found.against, found.golden]
    if change.finding is not None:
        facets += [change.finding.invariant, change.finding.severity]
    if change.alone in (EMPTY_NOW, OBJECTED):
        facets.append(change.alone)
    size, cut = "", False
    if found is not None:
        size = _size(found.diff)
        cut = change.category == "truncated" and found.diff.kind == "paragraphs"
    return Item(tuple(facets), spans, change.site, size, cut)


def _size(diff: FieldDiff) -> str:
    return "little" if diff.similarity >= 0.9 else "much"


def _keys(groups: Iterable[Signature]) -> dict[Signature, str]:
    """Of each signature 8 hexadecimal digits that no other has."""
    keys: dict[Signature, str] = {}
    taken: set[str] = set()
    for signature in sorted(groups):
        said = repr(signature)
        key = _digest(said)
        while key in taken:
            said += "'"
            key = _digest(said)
        taken.add(key)
        keys[signature] = key
    return keys


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]


def _cluster(
    key: str, signature: Signature, members: Sequence[tuple[Change, tuple[Span, ...]]]
) -> ChangeCluster:
    changes = tuple(change for change, _ in members)
    first = changes[0]
    counts = Counter(_value(change, spans) for change, spans in members)
    values = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    sites = tuple(sorted({change.site for change in changes}))
    captures = len({change.result.capture for change in changes})
    field = family_of(first.field)
    return ChangeCluster(
        key=key,
        title=title(signature, first, values),
        where=where(field, first.what, len(changes), captures, sites),
        field=field,
        category=first.category,
        verdict=first.verdict,
        exact=len(values) == 1,
        changes=changes,
        values=tuple((old, new, n) for (old, new), n in values),
        sites=sites,
        captures=captures,
        weight=_weight(first) * captures,
        alone=sum(bool(change.alone) for change in changes),
    )


def _weight(change: Change) -> float:
    if change.found is not None and change.found.golden == "agrees":
        return _REPAIR
    return _VERDICTS.get(change.verdict) or _CATEGORIES.get(change.category, 2)
