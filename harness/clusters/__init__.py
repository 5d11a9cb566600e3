"""Identical edits over many captures as one item: one look at "the byline holds an age" is enough.

One mechanism serves the changes of a run and the edits of a comparison: a diff is taken apart into
edits (``spans``), a text is told by what it is like (``kinds``), and what recurs over captures is
kept apart from what one capture alone says (``groups``). A cluster keeps its distinct values, so
that nothing is hidden by being alike.
"""

from harness.clusters.of_changes import ChangeCluster, clusters_of, value_of
from harness.clusters.of_edits import Cluster, Edit, Texts, clusters, edit_of

__all__ = [
    "ChangeCluster",
    "Cluster",
    "Edit",
    "Texts",
    "clusters",
    "clusters_of",
    "edit_of",
    "value_of",
]
