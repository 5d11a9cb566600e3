"""Scores of what an extractor gave, held against what a golden expects. Functions of values."""

from harness.scoring.dates import DateScore, Precision, date_score
from harness.scoring.fields import Snippets, agrees, counterpart, field_score, snippets
from harness.scoring.people import people, people_prf, same_people
from harness.scoring.rouge import applies, rouge_lsum
from harness.scoring.shingles import (
    SHINGLE,
    Average,
    Prf,
    average,
    deviation,
    deviations,
    harmonic,
    prf_of,
    same_tokens,
    shingle_prf,
    token_prf,
)
from harness.scoring.texts import text_of, without_patterns

__all__ = [
    "SHINGLE",
    "Average",
    "DateScore",
    "Precision",
    "Prf",
    "Snippets",
    "agrees",
    "applies",
    "average",
    "counterpart",
    "date_score",
    "deviation",
    "deviations",
    "field_score",
    "harmonic",
    "people",
    "people_prf",
    "prf_of",
    "rouge_lsum",
    "same_people",
    "same_tokens",
    "shingle_prf",
    "snippets",
    "text_of",
    "token_prf",
    "without_patterns",
]
