"""Precision, recall and F1: the benchmark's definition, and what must hold of any."""

from __future__ import annotations

import json
import re
import statistics
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scoring import Prf, average, deviations, same_tokens, shingle_prf, token_prf
from harness.scoring import shingles as module
from harness.stored import read_records, read_truth
from tests.conftest import REPOSITORY

BENCHMARK = REPOSITORY.parent / "shared" / "data" / "article-extraction-benchmark"
TEXTS = st.text("ab .,\n", max_size=40)


def test_the_example_worked_by_hand() -> None:
    # Shingles of 4: abcd bcde cdef against abcd bcde cdex dexf.
    found = shingle_prf("a b c d e f", "a b c d e x f")
    assert (found.tp, found.fp, found.fn) == (2 / 5, 2 / 5, 1 / 5)
    assert (found.precision, found.recall) == (1 / 2, 2 / 3)
    assert found.f1 == pytest.approx(4 / 7)


def test_a_repeated_paragraph_is_a_false_positive_of_multisets() -> None:
    found = token_prf("one two", "one two one two")
    assert (found.precision, found.recall) == (0.5, 1.0)


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert shingle_prf("two words", "two words").f1 == 1.0
    assert shingle_prf("two words", "two other").f1 == 0.0


@pytest.mark.parametrize(
    ("expected", "actual", "figures", "in_precision", "in_recall"),
    [
        ("", "", (1.0, 1.0, 1.0), False, False),
        ("a b", "", (0.0, 0.0, 0.0), False, True),
        ("", "a b", (0.0, 0.0, 0.0), True, False),
        ("!?", "…", (1.0, 1.0, 1.0), False, False),
    ],
)
def test_empty_texts_are_left_out_of_the_average_that_they_cannot_be_in(
    expected: str,
    actual: str,
    figures: tuple[float, float, float],
    in_precision: bool,
    in_recall: bool,
) -> None:
    found = shingle_prf(expected, actual)
    assert (found.precision, found.recall, found.f1) == figures
    assert (found.extracted, found.expected) == (in_precision, in_recall)


def test_f1_of_pages_is_the_harmonic_mean_of_the_averages_not_the_mean_of_f1() -> None:
    pages = [shingle_prf("a", "a"), shingle_prf("a b c d e", "a b c d x"), shingle_prf("a", "")]
    found = average(pages)
    assert found.precision == pytest.approx((1 + 1 / 2) / 2)  # the empty page is not asked
    assert found.recall == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.5 / 1.25)


def test_averages_of_no_page_are_zero() -> None:
    assert average([]) == average([shingle_prf("", "")]) == module.Average(0.0, 0.0, 0.0)
    assert deviations([]) == module.Average(0.0, 0.0, 0.0)


def test_accuracy_sees_no_punctuation_and_does_see_case() -> None:
    assert same_tokens("One, two.", "One two")
    assert not same_tokens("One two", "one two")


def test_deviations_are_seeded() -> None:
    pages = [shingle_prf("a b c d e", text) for text in ("a b c d", "a", "a b c d e")]
    assert deviations(pages, 200) == deviations(pages, 200)
    assert deviations(pages, 200) != deviations(pages, 200, seed=1)


def test_counting_in_passes_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = "a b c a b c d e f " * 9, "a b c a b d e f " * 11
    whole = shingle_prf(*texts)
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    assert shingle_prf(*texts) == whole


@given(TEXTS)
def test_a_text_scores_one_against_itself(text: str) -> None:
    assert shingle_prf(text, text).f1 == token_prf(text, text).f1 == 1.0


@given(TEXTS, TEXTS, st.integers(1, 5))
def test_changing_sides_changes_precision_and_recall(one: str, other: str, n: int) -> None:
    there, back = shingle_prf(one, other, n), shingle_prf(other, one, n)
    assert (there.precision, there.recall) == (back.recall, back.precision)
    assert there.f1 == pytest.approx(back.f1)


@given(TEXTS, TEXTS, st.integers(1, 5))
def test_every_figure_is_a_share_and_counts_add_up(one: str, other: str, n: int) -> None:
    found = shingle_prf(one, other, n)
    assert all(0 <= each <= 1 for each in (found.precision, found.recall, found.f1))
    assert min(found.precision, found.recall) <= found.f1 + 1e-9
    assert found.f1 <= max(found.precision, found.recall) + 1e-9
    assert found.tp + found.fp + found.fn == pytest.approx(1) or found == shingle_prf("", "")


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), st.data())
def test_leaving_more_out_never_raises_recall(words: list[str], data: Any) -> None:
    kept = data.draw(st.integers(0, len(words)))
    fewer = data.draw(st.integers(0, kept))
    text = " ".join(words)
    more, less = (token_prf(text, " ".join(words[:n])).recall for n in (kept, fewer))
    assert less <= more


# --- an independent reading of the published definition -------------------------------------------


def published(true: str, pred: str) -> tuple[float, float, float]:
    """tp, fp and fn of one page, as the benchmark's README and ``evaluate.py`` define them."""

    def shingles(text: str) -> Counter[tuple[str, ...]]:
        words = re.findall(r"\w+", text or "")
        runs = [tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))]
        return Counter(run for run in runs if run)

    wanted, found = shingles(true), shingles(pred)
    counts = [
        sum((wanted & found).values()),
        sum((found - wanted).values()),
        sum((wanted - found).values()),
    ]
    total = sum(counts)
    tp, fp, fn = (count / total if total else 0.0 for count in counts)
    return tp, fp, fn


def of_page(tp: float, fp: float, fn: float) -> tuple[float, float]:
    precision = 1.0 if fp == fn == 0 else 0.0 if tp == fp == 0 else tp / (tp + fp)
    recall = 1.0 if fp == fn == 0 else 0.0 if tp == fn == 0 else tp / (tp + fn)
    return precision, recall


def compared(pairs: list[tuple[str, str]]) -> None:
    """Our figures of each page and of all, held against the independent reading."""
    counts = [published(true, pred) for true, pred in pairs]
    ours = [shingle_prf(true, pred) for true, pred in pairs]
    for (tp, fp, fn), mine in zip(counts, ours, strict=True):
        assert (mine.tp, mine.fp, mine.fn) == pytest.approx((tp, fp, fn))
        assert (mine.precision, mine.recall) == pytest.approx(of_page(tp, fp, fn))
    precision = statistics.mean(of_page(*each)[0] for each in counts if each[0] + each[1] > 0)
    recall = statistics.mean(of_page(*each)[1] for each in counts if each[0] + each[2] > 0)
    f1 = 2 * precision * recall / (precision + recall)
    total = average(ours)
    assert (total.precision, total.recall, total.f1) == pytest.approx((precision, recall, f1))
    figures = (total.precision, total.recall, total.f1)
    assert [f"{x:.3f}" for x in figures] == [f"{x:.3f}" for x in (precision, recall, f1)]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
def test_made_up_pages_score_as_the_published_definition_does(pairs: list[tuple[str, str]]) -> None:
    compared([("a b c d e", "a b c d"), *pairs])


@pytest.mark.parametrize(
    "name", ["goose3", "justext", "newspaper", "readability", "readability_js", "trafilatura"]
)
def test_stored_outputs_score_as_the_published_definition_does(name: str) -> None:
    if not BENCHMARK.exists():
        pytest.skip(f"the benchmark's data is not at {BENCHMARK}")
    truth = json.loads((BENCHMARK / "ground-truth.json").read_text("utf-8"))
    stored = json.loads((BENCHMARK / "output" / f"{name}.json").read_text("utf-8"))
    if not stored:
        pytest.skip(f"the stored output of {name} is empty here")
    compared([(truth[key]["articleBody"], stored[key].get("articleBody", "")) for key in truth])
    held = read_records(BENCHMARK / "output" / f"{name}.json", truth)
    read = read_truth(BENCHMARK / "ground-truth.json")
    assert {key: outcome.record for key, outcome in held.items()} == stored
    assert read.keys() == truth.keys()


def test_prf_is_frozen() -> None:
    with pytest.raises(AttributeError):
        shingle_prf("a", "a").tp = 2.0  # type: ignore[misc]
    assert isinstance(shingle_prf("a", "a"), Prf)
