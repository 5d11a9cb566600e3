"""A comparison in numbers: counts by field and site, means, intervals and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from harness.comparison.judging import is_right, verdict_of
from harness.comparison.model import RECORD, Comparison, FieldChange, PageChange
from harness.judge import selects
from harness.statistics import cluster_bootstrap, mcnemar, mean, sign_test

BODY = "body"


@dataclass(frozen=True, slots=True)
class FieldNumbers:
    """One field over all captures: pages by verdict, and by category.

    Of the ``goldens`` captures whose golden asserts it: ``mean`` is that of new score minus old,
    ``interval`` its 95 % one by site, ``only_a`` and ``only_b`` count the pages that one side alone
    gets wholly right. ``p`` is the sign test's, of the pages that are surely better or worse;
    ``p_right`` McNemar's.
    """

    field: str
    verdicts: Mapping[str, int]
    categories: Mapping[str, int]
    p: float
    goldens: int = 0
    mean: float | None = None
    interval: tuple[float, float] | None = None
    only_a: int = 0
    only_b: int = 0
    p_right: float = 1.0

    @property
    def better(self) -> int:
        return self.verdicts.get("better", 0)

    @property
    def worse(self) -> int:
        return self.verdicts.get("worse", 0)

    @property
    def unsure(self) -> int:
        return self.verdicts.get("unsure", 0)

    @property
    def neutral(self) -> int:
        return self.verdicts.get("neutral", 0)

    @property
    def changed(self) -> int:
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """What a comparison amounts to.

    ``body`` is the field that holds the article's text, whatever its name; a page of which one
    side gave no record counts there. ``fields`` are all that changed. ``sites`` counts pages by
    site, then verdict. ``same_words``: no word of any body changed; False where none was looked at.
    """

    body: FieldNumbers
    fields: tuple[FieldNumbers, ...]
    sites: Mapping[str, Mapping[str, int]]
    same_words: bool


def summarise(found: Comparison) -> Summary:
    """The numbers of a comparison."""
    names = sorted({f.field for page in found.pages for f in page.fields}, key=_field_order)
    return Summary(
        body=_body_numbers(found),
        fields=tuple(_field_numbers(found, name) for name in names),
        sites=_by_site(found),
        same_words=_looks_at_bodies(found) and all(map(_same_words, found.pages)),
    )


def body_of(page: PageChange) -> FieldChange | None:
    """What became of a page's text: that one side gave no record, else the change of its body."""
    return _named(RECORD, page) or _body(page)


def _body(page: PageChange) -> FieldChange | None:
    return next((f for f in page.fields if f.role == BODY), None)


def _named(name: str, page: PageChange) -> FieldChange | None:
    return next((f for f in page.fields if f.field == name), None)


def _field_order(name: str) -> tuple[bool, bool, str]:
    return name != RECORD, name != BODY, name


def _looks_at_bodies(found: Comparison) -> bool:
    return any(not found.only or selects(found.only, name) for name in found.bodies)


def _same_words(page: PageChange) -> bool:
    whole, body = _named(RECORD, page), _body(page)
    if whole is not None and whole.judgement.verdict != "neutral":
        return False
    return body is None or body.judgement.basis == "equal"


def _body_numbers(found: Comparison) -> FieldNumbers:
    by_site: dict[str, int] = {}
    for name in found.bodies:  # more than one, where extractors of several sites differ
        for site, number in found.goldens.get(name, {}).items():
            by_site[site] = max(number, by_site.get(site, 0))
    return _numbers(found, BODY, body_of, by_site, _body)


def _field_numbers(found: Comparison, name: str) -> FieldNumbers:
    goldens = found.goldens.get(name, {})
    return _numbers(found, name, partial(_changed, name), goldens, partial(_named, name))


def _changed(name: str, page: PageChange) -> FieldChange | None:
    """A field's change on a page of which both sides gave a record.

    That a side raised is told once, of the record; "title worse" beside it would tell it again.
    """
    return None if name != RECORD and _named(RECORD, page) else _named(name, page)


def _numbers(
    found: Comparison,
    name: str,
    pick: Callable[[PageChange], FieldChange | None],
    goldens: Mapping[str, int],
    scored: Callable[[PageChange], FieldChange | None] | None = None,
) -> FieldNumbers:
    """``pick`` gives the change of a page that is counted, ``scored`` the one that has scores."""
    changes = [change for page in found.pages if (change := pick(page))]
    verdicts = Counter[str](verdict_of(change, found.sure) for change in changes)
    scores = [
        (page.site, *change.scores)
        for page in found.pages
        if (change := (scored or pick)(page)) and change.scores
    ]
    right = Counter((is_right(was), is_right(now)) for _, was, now in scores)
    by_site: dict[str, list[float]] = {site: [] for site in goldens}
    for site, was, now in scores:
        by_site.setdefault(site, []).append(now - was)
    for site, number in goldens.items():
        by_site[site] += [0.0] * (number - len(by_site[site]))
    values = [value for site in by_site.values() for value in site]
    return FieldNumbers(
        name,
        dict(verdicts),
        dict(Counter(change.category for change in changes).most_common()),
        sign_test(verdicts["better"], verdicts["worse"]),
        goldens=len(values),
        mean=mean(values) if values else None,
        interval=cluster_bootstrap(by_site) if any(values) else (0.0, 0.0) if values else None,
        only_a=right[(True, False)],
        only_b=right[(False, True)],
        p_right=mcnemar(right[(True, False)], right[(False, True)]),
    )


def _by_site(found: Comparison) -> dict[str, dict[str, int]]:
    sites: dict[str, Counter[str]] = {site: Counter() for site in found.compared}
    for page in found.pages:
        sites.setdefault(page.site, Counter())[page.verdict] += 1
    return {
        site: {**counts, "unchanged": found.compared.get(site, 0) - counts.total()}
        for site, counts in sites.items()
    }
