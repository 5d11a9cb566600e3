"""What a change of an extractor did to real pages: two sides over the same captures."""

from harness.comparison.measure import NOT_STORED, STORED, compare
from harness.comparison.model import (
    LARGE_LOSS,
    RECORD,
    BodyChange,
    Comparison,
    FieldChange,
    PageChange,
    Side,
)
from harness.comparison.ranking import worst
from harness.comparison.summary import FieldNumbers, Summary, summarise
from harness.comparison.words import loss, notes, p_value, sentence, signed, title

__all__ = [
    "LARGE_LOSS",
    "NOT_STORED",
    "RECORD",
    "STORED",
    "BodyChange",
    "Comparison",
    "FieldChange",
    "FieldNumbers",
    "PageChange",
    "Side",
    "Summary",
    "compare",
    "loss",
    "notes",
    "p_value",
    "sentence",
    "signed",
    "summarise",
    "title",
    "worst",
]
