"""A comparison as one HTML page that needs no network, no script and no other file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.comparison import (
    Comparison,
    FieldChange,
    PageChange,
    Summary,
    notes,
    p_value,
    sentence,
    signed,
    title,
)
from harness.comparison.judging import verdict_of
from harness.diff import CATEGORIES
from harness.model import Hunk, Piece
from harness.report.compare import (
    BASES,
    cluster_line,
    judged_words,
    ranked_sites,
    speeds,
    summary_of,
)
from harness.report.templating import environment as templates
from harness.report.words import count

# A page of 10,000 changes must still open: so many are shown with their texts, the next by name.
WHOLE = {"worse": 80, "unsure": 25, "better": 25}
BY_NAME = 2000
SITES, SITES_AT_ONCE, FIELDS, CLUSTERS = 200, 15, 8, 12
# Characters of text for one page, and for one piece of it.
_ROOM, _PIECE, _SHARED = 9000, 1400, 120
_HUNKS = 6


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with what is shown of its edits; ``left`` edits are not."""

    change: FieldChange
    verdict: str
    judged: str
    summary: str
    hunks: tuple[Hunk, ...]
    left: int
    expected: str


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page with its fields."""

    anchor: str
    page: PageChange
    fields: tuple[ShownField, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one verdict: some with their texts, the next by name, the rest as a number."""

    verdict: str
    total: int
    whole: tuple[ShownPage, ...]
    by_name: tuple[tuple[PageChange, str], ...]

    @property
    def left(self) -> int:
        return self.total - len(self.whole) - len(self.by_name)


def render(found: Comparison, summary: Summary) -> str:
    """The page's HTML. Whatever a page or record holds stays text."""
    template = templates().get_template("compare.html.jinja")
    sites = ranked_sites(summary.sites)
    fields = [each.field for each in summary.fields][:FIELDS]
    return template.render(
        found=found,
        summary=summary,
        title=title(found.old, found.new),
        sentence=sentence(found, summary),
        notes=list(notes(found, summary)),
        groups=[
            _group(found, "worse", found.worse),
            _group(found, "unsure", found.of("unsure")),
            _group(found, "better", found.better),
        ],
        neutral=[page.capture for page in found.of("neutral")][:BY_NAME],
        fields=fields,
        sites=_site_rows(found, sites[:SITES], fields),
        sites_at_once=SITES_AT_ONCE,
        sites_left=max(0, len(sites) - SITES),
        clusters=[(cluster_line(each), each) for each in found.clusters if len(each.captures) > 1][
            :CLUSTERS
        ],
        speeds=speeds(found),
        categories=CATEGORIES,
        signed=signed,
        p_value=p_value,
        count=count,
    )


def _group(found: Comparison, verdict: str, pages: Sequence[PageChange]) -> Group:
    whole = WHOLE[verdict]
    shown = tuple(
        ShownPage(f"{verdict}--{i + 1}", page, tuple(_fields(found, page)))
        for i, page in enumerate(pages[:whole])
    )
    named = tuple((page, _line(page)) for page in pages[whole : whole + BY_NAME])
    return Group(verdict, len(pages), shown, named)


def _line(page: PageChange) -> str:
    change = page.decisive
    return f"{change.field}: {summary_of(change)} ({judged_words(page, change) or 'neutral'})"


def _fields(found: Comparison, page: PageChange) -> list[ShownField]:
    room = _ROOM
    shown = []
    for change in page.fields[:FIELDS]:
        hunks = []
        every = [hunk for diff in change.diffs for hunk in diff.hunks]
        for hunk in every[:_HUNKS]:
            if room <= 0:
                break
            hunks.append(_cut_hunk(hunk))
            room -= sum(len(piece.text) for piece in hunks[-1].pieces)
        basis = BASES[change.judgement.basis]
        shown.append(
            ShownField(
                change,
                verdict_of(change, found.sure),
                f"{judged_words(page, change)} {basis}".strip(),
                summary_of(change),
                tuple(hunks),
                len(every) - len(hunks),
                _cut(change.expected or "", _PIECE),
            )
        )
    return shown


def _cut_hunk(hunk: Hunk) -> Hunk:
    pieces = hunk.pieces[:40]
    last = len(pieces) - 1
    return Hunk(
        hunk.where,
        tuple(
            Piece(p.op, _context(p.text, i, last) if p.op == "=" else _cut(p.text, _PIECE))
            for i, p in enumerate(pieces)
        ),
    )


def _context(text: str, i: int, last: int) -> str:
    """Shared text near the edits: its end before the first, its beginning after the last."""
    if len(text) <= 2 * _SHARED:
        return text
    head = text[:_SHARED] if i else ""
    tail = text[-_SHARED:] if i < last else ""
    return f"{head} … {tail}"


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"


def _site_rows(
    found: Comparison, sites: Sequence[tuple[str, Mapping[str, int]]], fields: Sequence[str]
) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """For each site its name, its pages, and for each field what :func:`_cell` gives."""
    tallies: dict[tuple[str, str], Counter[str]] = {}
    for page in found.pages:
        for change in page.fields:
            tally = tallies.setdefault((page.site, change.field), Counter())
            tally[verdict_of(change, found.sure)] += 1
    return [
        (
            site,
            sum(counts.values()),
            [_cell(tallies.get((site, name), Counter())) for name in fields],
        )
        for site, counts in sites
    ]


def _cell(verdicts: Counter[str]) -> tuple[str, str]:
    """The class of a cell and what it says, e.g. ``3 worse · 1 better``."""
    told = [(v, n) for v in ("worse", "unsure", "better", "neutral") if (n := verdicts[v])]
    return told[0][0] if told else "", " · ".join(f"{n:,} {v}" for v, n in told)
