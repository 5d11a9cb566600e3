"""Scores of an extractor over many pages: averages, intervals, distribution, worst pages, speed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from statistics import quantiles

from harness.invariants import role_of
from harness.model import Golden, Kind, Outcome, Tree
from harness.scoreboard.fields import (
    HEADLINES,
    SNIPPETS,
    Scores,
    family_of,
    page_scores,
    snippet_scores,
)
from harness.scoreboard.model import BINS, Extractor, Field, Measure, PageScore, Speed
from harness.scoring import Prf, average, counterpart, deviation, deviations
from harness.statistics import cluster_bootstrap, mean, median
from harness.text import show_unseen

# Of each field so many pages are kept with their texts; the rest is in the distribution.
WORST = 12
_SHOWN = 360
_BEFORE = 60
# As article-extraction-benchmark draws; of many pages fewer samples, so that an interval takes
# less than a second. Its ends then move by a hundredth of its width.
_RESAMPLES = 1000
_FEWEST = 300
_MOST_DRAWS = 1_500_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is scored: what is expected, and the cluster it belongs to, its site.

    ``digest`` is of the page and of what its golden asserts.
    """

    id: str
    site: str
    golden: Golden
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """What an extractor gave for a page; ``seconds`` None where that was not measured now."""

    outcome: Outcome
    seconds: float | None = None


def asserts(golden: Golden) -> bool:
    """Whether a golden says what is right: one marked ``known-wrong`` does not."""
    some = golden.fields or golden.contains or golden.excludes
    return golden.trust != "known-wrong" and bool(some)


def scored(
    label: str,
    pages: Sequence[Page],
    got: Mapping[str, Got],
    *,
    only: Collection[str] = (),
    roles: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    stored: str = "",
) -> Extractor:
    """An extractor's scores on pages; of a page it was not run on, nothing was extracted.

    ``only`` restricts it to some fields. A field that none of its records has is not scored.
    """
    roles, kinds = roles or {}, kinds or {}
    expected = _fields(pages, only)
    records = [each.outcome.record for each in got.values() if each.outcome.record is not None]
    fields, lacking = [], []
    for name in expected:
        if records and not any(counterpart(name, each, roles) for each in records):
            lacking.append(name)
        else:
            fields.append(_field(name, pages, got, roles, kinds))
    if not only and any(page.golden.contains or page.golden.excludes for page in pages):
        fields.append(_snippets(pages, got))
    return Extractor(
        label=label,
        pages=len(pages),
        fields=tuple(fields),
        failures=tuple(
            (page.id, failure.type, failure.message)
            for page in pages
            if page.id in got and (failure := got[page.id].outcome.failure)
        ),
        missing=tuple(page.id for page in pages if page.id not in got),
        lacking=tuple(lacking),
        speed=_speed([each.seconds for each in got.values() if each.seconds is not None]),
        stored=stored,
        digest=sha256("\n".join(page.digest for page in pages).encode()).hexdigest(),
    )


def _fields(pages: Sequence[Page], only: Collection[str]) -> list[str]:
    names = dict.fromkeys(name for page in pages for name in page.golden.fields)
    return [name for name in names if not only or name in only]


def _field(
    name: str,
    pages: Sequence[Page],
    got: Mapping[str, Got],
    roles: Mapping[str, str],
    kinds: Mapping[str, Kind],
) -> Field:
    asked = [page for page in pages if name in page.golden.fields]
    family = _family(name, asked, roles, kinds)
    found: list[tuple[Page, Scores, bool]] = []
    for page in asked:
        outcome = got[page.id].outcome if page.id in got else Outcome(None)
        record: Mapping[str, Tree] = outcome.record or {}
        key = counterpart(name, record, roles)
        actual = record[key] if key is not None else None
        kind = outcome.kinds.get(key or name) or kinds.get(name)
        if kind is None and family == "timestamp":
            kind = "timestamp"
        failed = outcome.failure is not None
        scores = page_scores(family, page.golden.fields[name], actual, kind, failed)
        found.append((page, scores, failed))
    return _summed(name, family, found)


def _family(
    name: str, pages: Sequence[Page], roles: Mapping[str, str], kinds: Mapping[str, Kind]
) -> str:
    """What most pages' expectations make of the field; a null tells nothing."""
    families = [
        family_of(name, value, roles, kinds)
        for page in pages
        if (value := page.golden.fields[name]) not in (None, "", [])
    ]
    if not families:
        return "value" if role_of(name, roles) == "related" else family_of(name, "", roles, kinds)
    return max(sorted(set(families)), key=families.count)


def _snippets(pages: Sequence[Page], got: Mapping[str, Got]) -> Field:
    found: list[tuple[Page, Scores, bool]] = []
    for page in pages:
        if page.golden.contains or page.golden.excludes:
            record = got[page.id].outcome.record if page.id in got else None
            failed = record is None
            found.append((page, snippet_scores(page.golden, record or {}, failed), failed))
    return _summed(SNIPPETS, "snippets", found)


def _summed(name: str, family: str, found: Sequence[tuple[Page, Scores, bool]]) -> Field:
    ranked = [scores.ranked for _, scores, _ in found]
    measures = _measures(family, found)
    # Where nothing was expected and nothing found, there is no precision, and no F1.
    has_headline = any(each.name == HEADLINES[family] for each in measures)
    return Field(
        name=name,
        family=family,
        headline=HEADLINES[family] if has_headline else "score",
        pages=len(found),
        failed=sum(failed for *_, failed in found),
        measures=tuple(measures),
        quantiles=_quartiles(ranked),
        histogram=_histogram(ranked),
        worst=_worst(found),
    )


# --- figures --------------------------------------------------------------------------------------


def _measures(family: str, found: Sequence[tuple[Page, Scores, bool]]) -> list[Measure]:
    ranked_by = HEADLINES[family]
    main = ranked_by.partition("_")[0]
    made: list[Measure] = []
    for of in dict.fromkeys(of for _, scores, _ in found for of in scores.counts):
        counts = [(page.site, scores.counts[of]) for page, scores, _ in found]
        if pages := [each for each in counts if each[1].extracted or each[1].expected]:
            made += _prf_measures(of, pages, of == main)
    for name in dict.fromkeys(name for _, scores, _ in found for name in scores.plain):
        values = [(p.site, s.plain[name]) for p, s, _ in found if name in s.plain]
        made.append(_mean_measure(name, values, name in ("score", "exact", ranked_by)))
    return made


def _mean_measure(name: str, values: Sequence[tuple[str, float]], interval: bool) -> Measure:
    plain, times = [value for _, value in values], _resamples(len(values))
    return Measure(
        name,
        mean(plain),
        len(plain),
        cluster_bootstrap(_by_site(values), resamples=times) if interval else None,
        deviation(plain, resamples=times) if name == "accuracy" else None,
    )


def _prf_measures(of: str, pages: Sequence[tuple[str, Prf]], interval: bool) -> list[Measure]:
    """Precision, recall and F1 of all pages, as the benchmark averages them.

    Its averages leave out pages where nothing was expected and nothing found, and so are these.
    """
    counts, times = [prf for _, prf in pages], _resamples(len(pages))
    total = average(counts)
    spread = deviations(counts, times) if of == "shingle" else None
    asked = [
        ("precision", [(site, prf.precision) for site, prf in pages if prf.extracted]),
        ("recall", [(site, prf.recall) for site, prf in pages if prf.expected]),
    ]
    made = [
        Measure(
            f"{of}_{name}",
            getattr(total, name),
            len(values),
            cluster_bootstrap(_by_site(values), resamples=times) if interval and values else None,
            getattr(spread, name) if spread else None,
        )
        for name, values in asked
    ]
    numbered = [(site, float(i)) for i, (site, _) in enumerate(pages)]

    def f1(numbers: Sequence[float]) -> float:
        return average([counts[int(i)] for i in numbers]).f1

    ends = cluster_bootstrap(_by_site(numbered), f1, times) if interval else None
    return [*made, Measure(f"{of}_f1", total.f1, len(pages), ends, spread.f1 if spread else None)]


def _resamples(pages: int) -> int:
    return max(_FEWEST, min(_RESAMPLES, _MOST_DRAWS // max(pages, 1)))


def _by_site(values: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for site, value in values:
        found.setdefault(site, []).append(value)
    return found


def _quartiles(values: Sequence[float]) -> tuple[float, ...]:
    if len(values) < 2:
        return tuple(values[:1]) * 5
    return (min(values), *quantiles(values, n=4, method="inclusive"), max(values))


def _histogram(values: Sequence[float]) -> tuple[int, ...]:
    bins = [0] * BINS
    for value in values:
        bins[min(BINS - 1, int(value * BINS))] += 1
    return tuple(bins)


def _speed(seconds: Sequence[float]) -> Speed | None:
    if not seconds:
        return None
    ranked = sorted(seconds)
    return Speed(median(ranked), ranked[max(0, ceil(0.95 * len(ranked)) - 1)], len(ranked))


# --- the worst pages ------------------------------------------------------------------------------


def _worst(found: Sequence[tuple[Page, Scores, bool]]) -> tuple[PageScore, ...]:
    wrong = [each for each in found if each[1].ranked < 1]
    wrong.sort(key=lambda each: (each[1].ranked, each[0].id))
    return tuple(
        PageScore(page.id, scores.ranked, *_cut(scores.expected, scores.actual), failed)
        for page, scores, failed in wrong[:WORST]
    )


def _cut(expected: str, actual: str) -> tuple[str, str]:
    """Both texts, each from a little before the place where they part."""
    shared = next(
        (i for i, (a, b) in enumerate(zip(expected, actual, strict=False)) if a != b),
        min(len(expected), len(actual)),
    )
    start = max(0, shared - _BEFORE)
    return _from(expected, start), _from(actual, start)


def _from(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    before = "… " if start and part else ""
    return show_unseen(f"{before}{part}{' …' if len(text) > start + _SHOWN else ''}")
