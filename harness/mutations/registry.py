"""All mutations by name, and several of them one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from harness.model import Capture
from harness.mutations import (
    clock,
    content,
    damage,
    encoding,
    feeds,
    inline,
    layout,
    metadata,
    neutral,
    plain,
    planted,
)
from harness.mutations.draft import Mutated, Mutation
from harness.mutations.relations import combine

_MODULES = (
    neutral,
    inline,
    content,
    planted,
    layout,
    metadata,
    encoding,
    damage,
    clock,
    plain,
    feeds,
)

MUTATIONS: Mapping[str, Mutation] = MappingProxyType(
    {mutation.name: mutation for module in _MODULES for mutation in module.MUTATIONS}
)
"""Every mutation by its name, family by family."""


def mutate(capture: Capture, steps: Sequence[tuple[str, int]]) -> Mutated | None:
    """The capture after several mutations, each a (name, seed), in order.

    None when one of them does not apply, or there are none. The relation is the strongest that
    holds for them all (:func:`harness.mutations.relations.combine`): what may drift makes the
    whole so, as do two predictable changes. Raises KeyError for an unknown name.
    """
    chosen = [(MUTATIONS[name], seed) for name, seed in steps]
    done: list[Mutated] = []
    for mutation, seed in chosen:
        made = mutation(done[-1].capture if done else capture, seed)
        if made is None:
            return None
        done.append(made)
    if not done:
        return None
    note = "; ".join(step.note for step in done)
    return Mutated(
        replace(done[-1].capture, note=note),
        combine([step.relation for step in done]),
        tuple(step for each in done for step in each.steps),
        note,
    )
