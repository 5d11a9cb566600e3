"""Mutations: pure, seeded edits of captured pages, and the relations their records must keep.

A mutation is an edit of the *input*; what it does to a right extractor's record is known, and that
is its relation. So an extractor is judged without a golden: run it before and after, and
:meth:`Relation.check` says which field broke what.

>>> made = MUTATIONS["soft-wrap"](capture, seed=7)          # None: does not apply here
>>> made.relation.check(before=extract(capture), after=extract(made.capture))
[]
"""

from harness.mutations.changes import (
    Follows,
    GainsParagraph,
    LosesLede,
    LosesParagraph,
    PermutesParagraphs,
)
from harness.mutations.differences import Planted
from harness.mutations.draft import Mutated, Mutation
from harness.mutations.registry import MUTATIONS, mutate
from harness.mutations.relations import (
    Broken,
    MayDrift,
    PermutesRecords,
    Relation,
    SameProse,
    SameRecord,
    SameTokens,
    combine,
)

__all__ = [
    "MUTATIONS",
    "Broken",
    "Follows",
    "GainsParagraph",
    "LosesLede",
    "LosesParagraph",
    "MayDrift",
    "Mutated",
    "Mutation",
    "PermutesParagraphs",
    "PermutesRecords",
    "Planted",
    "Relation",
    "SameProse",
    "SameRecord",
    "SameTokens",
    "combine",
    "mutate",
]
