"""What scoring gave. Frozen values; everything that can be counted from others is derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BINS = 20
"""How many bars the distribution of a field's pages has, from score 0 to 1."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure over all pages, 0…1, with the 95 % interval of a site-clustered bootstrap.

    ``pages`` are those it could be asked of: precision, for one, where something was extracted.
    Only what a field is ranked by, and what that is made of, has an interval.
    ``deviation`` is the standard deviation that article-extraction-benchmark prints after "±".
    """

    name: str
    value: float
    pages: int
    interval: tuple[float, float] | None = None
    deviation: float | None = None


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page's score, and what was expected and got, cut around the first difference."""

    page: str
    score: float
    expected: str
    actual: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One extractor in one field.

    ``headline`` is the name of the measure that the field is ranked by; its value of each page is
    what the distribution is of: ``quantiles`` are the least, the quarters and the greatest,
    ``histogram`` counts pages by :data:`BINS` equal steps. ``worst`` begins with the worst page and
    holds none that is right. ``failed`` pages are among ``pages``, with 0.
    """

    name: str
    family: str
    headline: str
    pages: int
    failed: int
    measures: tuple[Measure, ...]
    quantiles: tuple[float, ...]
    histogram: tuple[int, ...]
    worst: tuple[PageScore, ...]

    def measure(self, name: str) -> Measure | None:
        """The measure of this name; None where the field has none."""
        return next((each for each in self.measures if each.name == name), None)

    @property
    def main(self) -> Measure:
        """The measure that the field is ranked by."""
        found = self.measure(self.headline)
        assert found is not None, "a field is ranked by one of its measures"
        return found


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that a page took in this run: the middle one, and what 95 of 100 stayed below."""

    median: float
    p95: float
    pages: int


@dataclass(frozen=True, slots=True)
class Extractor:
    """One extractor's fields, failures and speed.

    ``failures`` are (page, failure's type, message). ``missing`` are pages that stored outputs hold
    nothing of, ``lacking`` fields that goldens expect and none of its records has: these are not
    scored. ``stored`` is the file's name where the outputs were stored by others, and ``unknown``
    counts what it holds of other pages. ``speed`` is None for stored and remembered outcomes.
    ``digest`` is that of the captures and goldens that the figures are of.
    """

    label: str
    pages: int
    fields: tuple[Field, ...]
    failures: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    speed: Speed | None = None
    stored: str = ""
    unknown: int = 0
    digest: str = ""

    def field(self, name: str) -> Field | None:
        """The field of this name; None where it was not scored."""
        return next((each for each in self.fields if each.name == name), None)

    @property
    def scores(self) -> dict[str, dict[str, float]]:
        """Every figure as floors hold it: by extractor and field, by measure."""
        return {
            f"{self.label}: {each.name}": {m.name: m.value for m in each.measures}
            for each in self.fields
        }


@dataclass(frozen=True, slots=True)
class Board:
    """One scoring of extractors.

    ``pages`` have a golden that asserts something; ``unscored`` are the captures that have none.
    ``problems`` are (page, reason) of captures that cannot be read.
    """

    extractors: tuple[Extractor, ...]
    pages: int
    unscored: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    only: tuple[str, ...] = ()
    command: str = ""
    interrupted: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in the order in which they were first scored."""
        return tuple(dict.fromkeys(f.name for each in self.extractors for f in each.fields))

    def ranked(self, name: str) -> list[tuple[Extractor, Field]]:
        """The extractors that have a field, the best first.

        Those that it could only be scored as a whole for, having no text on any page, come last.
        """
        found = [(each, f) for each in self.extractors if (f := each.field(name)) is not None]
        common = {f.headline for _, f in found} - {"score"}
        return sorted(
            found,
            key=lambda pair: (
                pair[1].headline not in (common or {"score"}),
                -pair[1].main.value,
                pair[0].label,
            ),
        )

    @property
    def comparable(self) -> bool:
        """Whether all extractors were scored on the same pages."""
        return len({each.digest for each in self.extractors}) <= 1
