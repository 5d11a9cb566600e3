"""Statistics against textbook values and against brute force."""

from __future__ import annotations

import random
from itertools import product
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.statistics import (
    cluster_bootstrap,
    mcnemar,
    mean,
    median,
    none_seen,
    none_seen_limit,
    sign_test,
)

SMALL = st.integers(0, 9)


# Siegel and Castellan (1988), table D, doubled: P(x ≤ k) for N = 5…20; scipy 1.14's
# binomtest(k, n).pvalue gives the same.
@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        (0, 5, 0.0625),
        (1, 9, 0.021484375),
        (2, 8, 0.109375),
        (3, 11, 0.057373046875),
        (5, 15, 0.041389465332),
        (7, 7, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_sign_test_gives_the_tabulated_values(better: int, worse: int, p: float) -> None:
    assert isclose(sign_test(better, worse), p, rel_tol=1e-9)
    assert sign_test(worse, better) == sign_test(better, worse)


@given(SMALL, SMALL)
def test_the_sign_test_counts_the_splits_that_are_as_uneven(better: int, worse: int) -> None:
    total = better + worse
    uneven = sum(
        abs(2 * sum(coins) - total) >= abs(better - worse)
        for coins in product((0, 1), repeat=total)
    )
    assert isclose(sign_test(better, worse), uneven / 2**total)


def test_thousands_of_pages_are_no_overflow() -> None:
    assert 0 < sign_test(4500, 5500) < 1e-20
    assert sign_test(0, 100_000) == 0.0


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        sign_test(-1, 3)


def test_mcnemar_asks_only_pages_that_one_side_got_right() -> None:
    # Agresti (1990), prime minister: 86 against 150 that changed their mind; the exact p is 3.7e-5
    # (R, mcnemar.exact of package exact2x2).
    assert isclose(mcnemar(150, 86), 3.716e-05, rel_tol=1e-3)


def test_the_bound_of_nothing_seen_is_clopper_and_pearsons() -> None:
    assert none_seen_limit(20) == pytest.approx(0.1391, abs=1e-4)
    assert none_seen_limit(300) == pytest.approx(3 / 300, rel=0.02), "the rule of three"
    assert none_seen_limit(0) == 1.0
    chance = none_seen_limit(63)
    assert isclose((1 - chance) ** 63, 0.05)


def test_twenty_pages_are_said_to_prove_little() -> None:
    said = "20 pages prove little: up to 14 % of pages may still be worse"
    assert none_seen(20) == said
    assert none_seen(1).startswith("1 page proves little: up to 95 %")
    assert "prove" not in none_seen(500) and "0.60 %" in none_seen(500)


def test_mean_and_median_of_nothing_are_zero() -> None:
    assert mean([]) == median([]) == 0.0
    assert median([3, 1, 2]) == 2 and median([4, 1, 2, 3]) == 2.5


def test_the_interval_of_equal_values_is_that_value() -> None:
    assert cluster_bootstrap({"a": [0.5, 0.5], "b": [0.5]}) == (0.5, 0.5)


def test_pages_of_one_site_prove_less_than_pages_of_many() -> None:
    values = [1.0] * 50 + [0.0] * 50
    apart = {str(i): [value] for i, value in enumerate(values)}
    together = {str(i): values[10 * i : 10 * i + 10] for i in range(10)}
    narrow, wide = cluster_bootstrap(apart), cluster_bootstrap(together)
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_the_interval_is_near_the_normal_one_for_many_clusters() -> None:
    draw = random.Random(3)
    values = [draw.gauss(0.1, 0.5) for _ in range(400)]
    low, high = cluster_bootstrap({str(i): [value] for i, value in enumerate(values)})
    middle, half = mean(values), 1.96 * 0.5 / 20
    assert low == pytest.approx(middle - half, abs=0.01)
    assert high == pytest.approx(middle + half, abs=0.01)


def test_any_statistic_can_be_asked_for() -> None:
    values = {"a": [0.0, 1.0], "b": [5.0], "c": [2.0, 3.0]}
    assert cluster_bootstrap(values, max) == (1.0, 5.0)


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs values"):
        cluster_bootstrap({"a": []})


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.floats(-1, 1), min_size=1, max_size=5), min_size=1
    )
)
def test_an_interval_lies_within_its_values_and_has_no_order(
    values: dict[str, list[float]],
) -> None:
    low, high = cluster_bootstrap(values, resamples=50)
    every = [value for each in values.values() for value in each]
    assert min(every) - 1e-9 <= low <= high <= max(every) + 1e-9
    assert cluster_bootstrap(dict(reversed(values.items())), resamples=50) == (low, high)
