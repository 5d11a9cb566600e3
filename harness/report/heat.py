"""Where a run drifted: a table of sites and fields, the worst of both first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from harness.changes import WHOLE, Change
from harness.model import Run, Verdict, family_of
from harness.report.templating import environment
from harness.text import show_unseen

# What a person takes in at once; wider tables scroll, longer ones are searched.
SITES = 40
FIELDS = 12
# The shares of a site's captures at which the colour grows stronger.
STEPS = (0.05, 0.2, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """What drifted in one field of one site.

    ``cases`` drifted, of ``total`` that were read there; ``verdict`` is their worst. ``anchor`` is
    the fragment of the first such case ("" where its article is not in the page), ``state`` the
    fragment by which the page's script shows them all.
    """

    cases: int
    total: int
    verdict: Verdict
    anchor: str
    state: str

    @property
    def share(self) -> float:
        """Of the site's captures, 0 to 1."""
        return self.cases / self.total if self.total else 0.0

    @property
    def level(self) -> int:
        """The strength of the colour: 1 for a few of the site's captures, 5 for all of them."""
        return 1 + sum(self.share >= step for step in STEPS)


@dataclass(frozen=True, slots=True)
class Line:
    """One site: a cell for each of the map's fields, None where nothing drifted."""

    site: str
    cases: int
    total: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The table. ``sites_left`` and ``fields_left`` drifted too and are not in it."""

    fields: tuple[str, ...]
    lines: tuple[Line, ...]
    sites_left: int = 0
    fields_left: int = 0


def heat(
    changes: Iterable[Change], captures: Mapping[str, int], anchors: Mapping[str, str]
) -> Map | None:
    """The map of a run's changes, worst first; None where there are none.

    ``captures`` has how many cases were read of each site; ``anchors`` the fragment of each case
    whose article stands in the page.
    """
    found: dict[tuple[str, str], dict[str, Verdict]] = {}
    for change in changes:
        cases = found.setdefault((change.site, family_of(change.field)), {})
        known = cases.get(change.case, change.verdict)
        cases[change.case] = max(known, change.verdict, key=_severity)
    if not found:
        return None
    cells = {
        (site, field): _cell(site, field, cases, captures.get(site, len(cases)), anchors)
        for (site, field), cases in found.items()
    }
    sites: dict[str, set[str]] = {}
    for (site, _), cases in found.items():
        sites.setdefault(site, set()).update(cases)
    by_site, by_field = Counter[str](), Counter[str]()
    for (site, field), cases in found.items():
        weight = sum(verdict.severity for verdict in cases.values())
        by_site[site] += weight
        by_field[field] += weight
    fields = sorted(by_field, key=lambda field: (-by_field[field], field))
    ranked = sorted(by_site, key=lambda site: (-by_site[site], site))
    lines = tuple(
        Line(
            site,
            len(sites[site]),
            captures.get(site, len(sites[site])),
            tuple(cells.get((site, field)) for field in fields[:FIELDS]),
        )
        for site in ranked[:SITES]
    )
    return Map(
        tuple(fields[:FIELDS]),
        lines,
        len(ranked) - len(lines),
        max(0, len(fields) - FIELDS),
    )


def captures_of(run: Run) -> dict[str, int]:
    """How many cases a run read of each site."""
    return dict(Counter(result.capture.partition("/")[0] for result in run.results))


def section(shown: Map) -> Markup:
    """The table as a piece of a page, which needs ``report.css`` and ``map.css``."""
    template = environment().get_template("map.html.jinja")
    # Every expression of the template was escaped on its way in.
    return Markup(template.render(map=shown, column=column))


def column(field: str) -> str:
    """A field as people read it."""
    return "whole record" if field == WHOLE else field


def _cell(
    site: str, field: str, cases: Mapping[str, Verdict], total: int, anchors: Mapping[str, str]
) -> Cell:
    worst = max(cases.values(), key=_severity)
    first = next((case for case in cases if cases[case] is worst and case in anchors), "")
    first = first or next((case for case in cases if case in anchors), "")
    # Filters know a field as it is shown; what cannot be encoded is shown as something else.
    query = urlencode({"site": show_unseen(site), "field": show_unseen(field)})
    return Cell(len(cases), total, worst, anchors.get(first, ""), f"#/changes?{query}")


def _severity(verdict: Verdict) -> int:
    return verdict.severity
