"""Invariants: named predicates true of any right record, given its capture; they need no golden.

:func:`check` runs them. Users add theirs with :func:`invariant`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from harness.invariants import (
    around,
    bylines,
    cards,
    characters,
    crosswise,
    grounding,
    items,
    labels,
    leaks,
    nested,
    prose,
    sequence,
    times,
    titles,
)
from harness.invariants.registry import Hit, Invariant, invariant, invariants_of
from harness.invariants.roles import ROLES, Role, role_of
from harness.invariants.subject import Field, Subject
from harness.model import Capture, Finding, Tree, root_of
from harness.page import Page
from harness.records import decode, encode_record, tag_of

__all__ = [
    "BUILT_IN",
    "ROLES",
    "Field",
    "Hit",
    "Invariant",
    "Role",
    "Subject",
    "check",
    "examine",
    "invariant",
    "invariants_of",
    "role_of",
]

BUILT_IN: tuple[Invariant, ...] = (
    *invariants_of(prose),
    *invariants_of(sequence),
    *invariants_of(grounding),
    *invariants_of(characters),
    *invariants_of(leaks),
    *invariants_of(titles),
    *invariants_of(bylines),
    *invariants_of(times),
    *invariants_of(labels),
    *invariants_of(cards),
    *invariants_of(items),
    *invariants_of(around),
    *invariants_of(crosswise),
    *invariants_of(nested),
)


# Faults that bring others with them: who mends these first need not read the rest.
_CAUSES = frozenset(
    {"raised", "empty", "stub", "whole-page", "list-page", "wrong-block", "charset"}
)


def check(
    record: Mapping[str, object],
    capture: Capture,
    *,
    invariants: Iterable[Invariant] = BUILT_IN,
    page: Page | None = None,
    recurring: Collection[str] = (),
    roles: Mapping[str, str] | None = None,
) -> list[Finding]:
    """What the invariants have against a record: errors first, of these what causes others.

    ``record`` is a plain dict: values as an extractor returns them, or a record's tree as stored.
    ``page`` saves parsing one twice. ``recurring`` are lines that many pages of the site share.
    ``roles`` names the roles of fields whose names do not tell (:func:`role_of`). Reads no
    network and no clock. An invariant that raises is a finding of its own, the others go on.
    """
    tree = encode_record(_untagged(record))
    return examine(Subject(tree, capture, page=page, recurring=recurring, roles=roles), invariants)


def examine(subject: Subject, invariants: Iterable[Invariant] = BUILT_IN) -> list[Finding]:
    """:func:`check` for a record that is a tree already, with its page."""
    found: list[Finding] = []
    for each in invariants:
        try:
            found += each(subject)
        except Exception as error:  # noqa: BLE001 - users' invariants may raise anything
            text = f"the invariant raised {type(error).__name__}: {error}"
            found.append(Finding(each.name, "*", "error", "raised", text))
    order = {name: rank for rank, name in enumerate(subject.record)}
    return sorted(
        found,
        key=lambda f: (
            f.severity != "error",
            f.fault not in _CAUSES,
            order.get(root_of(f.field), -1),
        ),
    )


def _untagged(value: Any) -> Any:
    """A value as an extractor would return it: type tags, where it holds any, resolved."""
    if isinstance(value, Mapping):
        tagged = len(value) == 1 and tag_of(cast(Tree, value)) is not None
        return decode(cast(Tree, value)) if tagged else {k: _untagged(v) for k, v in value.items()}
    return [_untagged(item) for item in value] if type(value) is list else value
