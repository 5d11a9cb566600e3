"""Paired statistics in exact arithmetic, and intervals that know pages of one site are alike.

Nothing here decides: numbers for people to weigh a comparison with.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

# Two-sided intervals leave 2.5 % on either side.
TAIL = 0.025
# One resample of 5,000 pages takes 0.6 ms; past so many draws, fewer resamples are taken.
MOST_DRAWS = 4_000_000
FEWEST_RESAMPLES = 200


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle; 0 of nothing."""
    ranked, middle = sorted(values), len(values) // 2
    if not ranked:
        return 0.0
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2


def sign_test(better: int, worse: int) -> float:
    """The two-sided exact sign test: how likely so uneven a split is, were both equally likely.

    Ties are left out by the caller (Dixon and Mood 1946). 1.0 where nothing differs.

    >>> sign_test(0, 5)
    0.0625
    """
    if better < 0 or worse < 0:
        raise ValueError(f"counts are not negative: {better}, {worse}")
    total, fewer = better + worse, min(better, worse)
    tail = term = 1  # comb(total, 0), and from it the next: big numbers, but exact
    for k in range(1, fewer + 1):
        term = term * (total - k + 1) // k
        tail += term
    return min(1.0, float(Fraction(2 * tail, 2**total)))


def mcnemar(only_old: int, only_new: int) -> float:
    """McNemar's test, exact: pages that only one side got right, by the sign test.

    The chi-squared form needs 25 such pages or more (McNemar 1947; exact: Edwards 1948).
    """
    return sign_test(only_new, only_old)


def cluster_bootstrap(
    values_by_cluster: Mapping[str, Sequence[float]],
    statistic: Callable[[Sequence[float]], float] = mean,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic, where whole clusters are drawn anew.

    Pages of one site share a template and fail together; drawn one by one they would seem to prove
    more than they do (Davison and Hinkley 1997, 3.8). Of a single cluster, its values are drawn:
    such an interval says nothing about other sites. Equal input gives equal output. Raises
    ValueError when there are no values.
    """
    clusters = [list(values) for _, values in sorted(values_by_cluster.items()) if values]
    if not clusters:
        raise ValueError("an interval needs values")
    if len(clusters) == 1:
        clusters = [[value] for value in clusters[0]]
    draw = random.Random(seed)
    times = max(FEWEST_RESAMPLES, min(resamples, MOST_DRAWS // len(clusters)))
    one_resample = _mean_drawn if statistic is mean else _drawn
    found = sorted(one_resample(clusters, statistic, draw) for _ in range(min(times, resamples)))
    return _quantile(found, TAIL), _quantile(found, 1 - TAIL)


def _drawn(
    clusters: Sequence[list[float]],
    statistic: Callable[[Sequence[float]], float],
    draw: random.Random,
) -> float:
    chosen = draw.choices(clusters, k=len(clusters))
    return statistic([value for cluster in chosen for value in cluster])


def _mean_drawn(
    clusters: Sequence[list[float]],
    _: Callable[[Sequence[float]], float],
    draw: random.Random,
) -> float:
    # As _drawn, without copying the values.
    chosen = draw.choices(clusters, k=len(clusters))
    return sum(map(sum, chosen)) / sum(map(len, chosen))


def _quantile(ranked: Sequence[float], share: float) -> float:
    """Linear between the two nearest ranks (Hyndman and Fan 1996, type 7)."""
    place = share * (len(ranked) - 1)
    low, high = ranked[floor(place)], ranked[ceil(place)]
    return low + (high - low) * (place - floor(place))


def none_seen_limit(pages: int) -> float:
    """The share of pages, at most, that may be worse when none of ``pages`` was (95 %, one-sided).

    That is Clopper and Pearson's limit for no event, 1 − 0.05^(1/n); 3/n is its rule of thumb
    (Hanley and Lippman-Hand 1983). 1.0 where no page was seen.
    """
    return 1 - 0.05 ** (1 / pages) if pages > 0 else 1.0


def none_seen(pages: int) -> str:
    """What "none was worse" is worth, in words.

    >>> none_seen(20)
    '20 pages prove little: up to 14 % of pages may still be worse'
    """
    limit = none_seen_limit(pages)
    share = f"up to {limit * 100:.{0 if limit > 0.095 else 1 if limit > 0.0095 else 2}f} % of pages"
    if limit > 0.05:
        noun = "page proves" if pages == 1 else "pages prove"
        return f"{pages:,} {noun} little: {share} may still be worse"
    return f"none of {pages:,} pages is worse: {share} may still be (95 % limit)"
