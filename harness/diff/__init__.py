"""What changed in a field: word-level hunks, a category, and one sentence that says it.

Comparing knows no files, no pages and no colours: values in, :class:`~harness.model.FieldDiff` out.
A value is a tree as records store it. Every public function is total: any two trees can be
compared.
"""

from harness.diff.categories import CATEGORIES, NOTHING_KNOWN, Chrome, Moved, Surroundings, Texts
from harness.diff.compare import compare_field, compare_records, match_records
from harness.diff.texts import classify
from harness.diff.values import EMPTY, plain, same
from harness.diff.wording import WHOLE_BELOW, word_diff

__all__ = [
    "CATEGORIES",
    "EMPTY",
    "NOTHING_KNOWN",
    "WHOLE_BELOW",
    "Chrome",
    "Moved",
    "Surroundings",
    "Texts",
    "classify",
    "compare_field",
    "compare_records",
    "match_records",
    "plain",
    "same",
    "word_diff",
]
