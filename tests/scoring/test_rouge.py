"""ROUGE-LSum: values of the package ``rouge-score``, a slow reading of the paper, and laws."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scoring import applies, rouge_lsum
from harness.scoring import rouge as module

# Printed by rouge-score 0.1.2: RougeScorer(["rougeLsum"]).score(expected, actual).
FROM_THE_PACKAGE = [
    (
        "the cat sat on the mat\nit was happy",
        "it was a cat\nthe cat was on a mat",
        0.6,
        0.6666666666666666,
    ),
    ("a b c\nd e f", "f e d\nc b a", 0.3333333333333333, 0.3333333333333333),
    ("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", 0.4, 0.8),
    ("one two three\n\nfour", "one three two four", 0.75, 0.75),
    ("b a b a\na", "a b\nb b a", 0.8, 0.8),
    ("Don't stop, it's 3.5%", "dont stop it s 3 5", 0.8333333333333334, 0.7142857142857143),
    (
        "police killed the gunman\nthe gunman ran",
        "police kill the gunman\nthe gunman police killed",
        0.75,
        0.8571428571428571,
    ),
    ("a a b c\nb c a", "c a b a\na b", 0.8333333333333334, 0.7142857142857143),
    ("café au lait", "cafe au lait", 0.6666666666666666, 0.6666666666666666),
]
LINES = st.lists(st.text("abc ", max_size=9), max_size=4).map("\n".join)


@pytest.mark.parametrize(("expected", "actual", "precision", "recall"), FROM_THE_PACKAGE)
def test_the_package_gives_the_same(
    expected: str, actual: str, precision: float, recall: float
) -> None:
    found = rouge_lsum(expected, actual)
    assert (found.precision, found.recall) == pytest.approx((precision, recall))


def slowly(expected: str, actual: str) -> tuple[int, int, int]:
    """Hits, tokens extracted, tokens expected, by a table of lengths as textbooks have it."""

    def lines(text: str) -> list[list[str]]:
        return [line.split() for line in text.lower().split("\n") if line.split()]

    def places(line: list[str], other: list[str]) -> set[int]:
        rows, columns = len(line), len(other)
        table = [[0] * (columns + 1) for _ in range(rows + 1)]
        for i in range(rows):
            for j in range(columns):
                longer = max(table[i][j + 1], table[i + 1][j])
                table[i + 1][j + 1] = table[i][j] + 1 if line[i] == other[j] else longer
        found, i, j = set(), rows, columns
        while i and j:
            if line[i - 1] == other[j - 1]:
                found.add(i - 1)
                i, j = i - 1, j - 1
            elif table[i][j - 1] > table[i - 1][j]:
                j -= 1
            else:
                i -= 1
        return found

    wanted, found = lines(expected), lines(actual)
    left = Counter(t for line in wanted for t in line)
    there = Counter(t for line in found for t in line)
    totals = sum(there.values()), sum(left.values())
    hits = 0
    for line in wanted:
        for place in sorted(set().union(*(places(line, other) for other in found))):
            if left[line[place]] and there[line[place]]:
                hits += 1
                left[line[place]] -= 1
                there[line[place]] -= 1
    return hits, *totals


@given(LINES, LINES)
def test_a_slow_reading_gives_the_same(expected: str, actual: str) -> None:
    hits, extracted, wanted = slowly(expected, actual)
    found = rouge_lsum(expected, actual)
    assert found.precision == pytest.approx(hits / extracted if extracted and wanted else 0)
    assert found.recall == pytest.approx(hits / wanted if extracted and wanted else 0)


@given(LINES)
def test_a_text_scores_one_against_itself_and_nothing_scores_nothing(text: str) -> None:
    assert rouge_lsum(text, text).f1 == float(bool(text.split()))
    assert rouge_lsum(text, "").f1 == rouge_lsum("", text).f1 == 0.0


def test_words_moved_within_a_line_cost_recall_and_moved_lines_do_not() -> None:
    assert rouge_lsum("a b c d\ne f g h", "e f g h\na b c d").f1 == 1.0
    assert rouge_lsum("a b c d", "d c b a").recall == 0.25


def test_only_the_first_tokens_of_a_long_text_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 3)
    assert rouge_lsum("a b\nc d e", "a b\nc x y").f1 == 1.0
    assert rouge_lsum("a b\nc d e", "a b\nx c y").f1 < 1.0


@pytest.mark.parametrize(
    ("text", "says_something"),
    [
        ("plain text", True),
        ("", True),
        ("Über Käse", True),
        ("Новости дня", False),
        ("今日 x", False),
    ],
)
def test_it_does_not_apply_to_scripts_that_it_cannot_read(text: str, says_something: bool) -> None:
    assert applies(text) is says_something
