"""What comparing two extractors over the same captures gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from harness.clusters import Cluster
from harness.model import FieldDiff
from harness.plausible import Judgement

PageVerdict: TypeAlias = Literal["worse", "unsure", "neutral", "better"]
PAGE_VERDICTS: tuple[PageVerdict, ...] = ("worse", "unsure", "neutral", "better")

RECORD = "*"
"""The field that stands for the whole record: one side raised."""

LARGE_LOSS = 0.15
"""A body that lost more than this of its F1 is listed whatever else happened.

In 22 of 33 pairs of releases in which a page lost that much, the mean over the pages did not fall.
"""
AT_RISK = 0.02
"""A body of which less is at risk is not looked at before what happened to other fields."""
LARGE_ESTIMATE = 0.1
"""The same where there is no golden: an estimate of 0.1 may be of a loss of 0.15."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: ``label`` as typed, ``seconds`` the median a page, None where not measured.

    ``measured`` is how many pages that median is of; what was remembered or read is not measured.
    """

    label: str
    version: str = ""
    identity: str = ""
    seconds: float | None = None
    measured: int = 0


@dataclass(frozen=True, slots=True)
class BodyChange:
    """The words of the body, whichever field holds it.

    ``f1_a`` and ``f1_b`` are against the golden; None where it asserts no body.
    """

    tokens_old: int
    tokens_new: int
    tokens_removed: int
    tokens_added: int
    f1_a: float | None = None
    f1_b: float | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A top-level field that differs: in what, and for better or worse.

    ``expected`` is what the golden asserts of it, as text, and ``scores`` are those of the old and
    the new value against it; None where it asserts nothing.
    """

    field: str
    role: str
    judgement: Judgement
    diffs: tuple[FieldDiff, ...]
    expected: str | None = None
    scores: tuple[float, float] | None = None

    @property
    def category(self) -> str:
        """The most telling category of its parts."""
        return self.diffs[0].category if self.diffs else "value"

    @property
    def loss(self) -> float:
        """How much is lost × how sure that is; below 0 for a gain."""
        return -self.judgement.delta * self.judgement.confidence

    @property
    def is_large_loss(self) -> bool:
        """Whether it is worse by LARGE_LOSS, or about that where it is estimated."""
        large = LARGE_LOSS if self.judgement.basis == "golden" else LARGE_ESTIMATE
        return self.judgement.verdict == "worse" and self.judgement.delta < -large

    @property
    def is_body(self) -> bool:
        """Whether it holds the article's text, or stands for a record that was not given."""
        return self.role == "body" or self.field == RECORD


@dataclass(frozen=True, slots=True)
class PageChange:
    """A capture on which the two sides differ; ``fields`` worst first, never empty.

    ``verdict`` is that of its worst part: a page that is better in one field and worse in another
    is worse, and ``mixed``. ``unsure``: nothing says so with enough confidence.
    """

    capture: str
    verdict: PageVerdict
    mixed: bool
    fields: tuple[FieldChange, ...]
    body: BodyChange | None = None

    @property
    def site(self) -> str:
        return self.capture.partition("/")[0]

    @property
    def decisive(self) -> FieldChange:
        """The field that its verdict is of."""
        if self.verdict == "better":
            return min(self.fields, key=lambda f: f.loss)
        return self.fields[0]

    @property
    def at_risk(self) -> float:
        """How much of its body's score may be lost: the size of the step × the chance of a loss."""
        return max((each.judgement.risk for each in self.fields if each.is_body), default=0.0)

    @property
    def is_at_risk(self) -> bool:
        """Whether its body may have lost what is worth a look, whatever the verdict."""
        return self.at_risk >= AT_RISK

    @property
    def lost_body(self) -> bool:
        """Whether its body got much worse (LARGE_LOSS), sure or not."""
        return any(each.is_body and each.is_large_loss for each in self.fields)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides over the same captures.

    ``pages`` are those that differ, worst first. ``compared`` counts captures by site; ``goldens``
    those of them whose golden asserts a field, changed or not, by field, then site. ``bodies`` are
    the fields that hold the text. ``skipped`` are captures that were not compared, with the reason;
    ``broken`` of them could not be, since the capture cannot be read or no worker can be started.
    On ``neither`` captures, no side gave a record; ``raised`` is what the first of them raised.
    ``fields`` are those that any record has. ``only`` are the fields that were asked for, all if
    none; ``sure`` is the confidence from which a verdict counts.
    """

    old: Side
    new: Side
    pages: tuple[PageChange, ...]
    compared: Mapping[str, int]
    goldens: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    bodies: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    broken: int = 0
    neither: int = 0
    raised: str = ""
    fields: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    sure: float = 0.5
    planned: int = 0
    interrupted: bool = False
    command: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def captures(self) -> int:
        """How many captures were compared."""
        return sum(self.compared.values())

    @property
    def worse(self) -> tuple[PageChange, ...]:
        return self.of("worse")

    @property
    def better(self) -> tuple[PageChange, ...]:
        """The improved pages, most improved first."""
        return self.of("better")[::-1]

    def of(self, verdict: PageVerdict) -> tuple[PageChange, ...]:
        """The pages of one verdict, worst first."""
        return tuple(page for page in self.pages if page.verdict == verdict)

    @property
    def counts(self) -> dict[str, int]:
        """Pages by verdict, the unchanged ones too."""
        found: dict[str, int] = {verdict: len(self.of(verdict)) for verdict in PAGE_VERDICTS}
        found["unchanged"] = self.captures - len(self.pages)
        return found
