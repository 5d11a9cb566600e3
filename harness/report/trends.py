"""How runs came out one after another: since when a field of a site drifts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.history import SHOWN, WHOLE, Past, Row
from harness.report.templating import environment
from harness.report.words import count
from harness.text import shorten

# Lines of the table; what drifts now comes first.
LINES = 40
# A line's drawing: so many units a run, and so many for all of its captures.
STEP = 6
HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """One run: when, of which commit, and how many of its cases drifted."""

    at: str
    commit: str
    drifted: int
    captures: int

    @property
    def day(self) -> str:
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A line of numbers as an SVG draws it: stretches of points, and the last point."""

    width: int
    height: int
    stretches: tuple[str, ...]
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Trend:
    """One field of one site over the runs; ``field`` ``*`` is the whole record.

    ``values`` has how many captures drifted, None for runs that did not read the site. ``streak``
    is in how many of the newest runs that read it the field drifted without a pause, ``since`` the
    first of these; ``whole`` says that it drifted as far back as is known.
    """

    site: str
    field: str
    values: tuple[int | None, ...]
    captures: int
    streak: int
    since: str
    whole: bool
    drawing: Drawing

    @property
    def now(self) -> int:
        """How many captures drift in the newest run that read the site."""
        return next((value for value in reversed(self.values) if value is not None), 0)

    @property
    def most(self) -> int:
        """The worst that any of these runs found."""
        return max((value for value in self.values if value is not None), default=0)

    @property
    def runs(self) -> int:
        """How many of the runs found any drift here."""
        return sum(bool(value) for value in self.values)

    @property
    def name(self) -> str:
        return self.site if self.field == WHOLE else f"{self.field} of {self.site}"

    @property
    def told(self) -> str:
        """How long it drifts, in a few words."""
        if not self.streak:
            return "not in the last run"
        if self.whole and self.streak > 1:
            return f"for {count(self.streak, 'run')} at least, since {self.since} or before"
        if self.streak == 1:
            return f"new in the last run ({self.since})"
        return f"for {count(self.streak, 'run')}, since {self.since}"


@dataclass(frozen=True, slots=True)
class Trends:
    """The runs, oldest first, and the fields that drifted in any of them.

    Those that drift now come first, newest deterioration first. ``left`` are not in ``trends``.
    """

    moments: tuple[Moment, ...]
    drawing: Drawing
    trends: tuple[Trend, ...]
    left: int = 0
    skipped: int = 0


def trends(past: Past) -> Trends | None:
    """What the newest runs of a history tell; None where it has no run."""
    runs = list(dict.fromkeys(row.run for row in past.rows))[-SHOWN:]
    if not runs:
        return None
    rank = {run: i for i, run in enumerate(runs)}
    rows = [row for row in past.rows if row.run in rank]
    moments = _moments(rows, rank)
    found = list(_trends(rows, rank, moments))
    found.sort(key=_newest_first)
    most = max((each.drifted for each in moments), default=0) or 1
    drawing = _drawn([each.drifted / most for each in moments])
    left = max(0, len(found) - LINES)
    return Trends(moments, drawing, tuple(found[:LINES]), left, past.skipped)


def sentence(found: Trends) -> str:
    """The newest deterioration in one sentence; "" where nothing drifts, or one run is all."""
    drifting = [each for each in found.trends if each.streak]
    if len(found.moments) < 2 or not drifting:
        return ""
    first = drifting[0]
    alike = sum(each.streak == first.streak for each in drifting)
    name = shorten(first.name, 120) + (f" and {alike - 1:,} more" if alike > 1 else "")
    if first.streak == 1:
        return f"{name} began to drift in the last run ({first.since})"
    return f"{name} {'has' if alike == 1 else 'have'} drifted {first.told}"


def section(found: Trends) -> Markup:
    """The trends as a piece of a page, which needs ``report.css`` and ``map.css``."""
    template = environment().get_template("trends.html.jinja")
    # Every expression of the template was escaped on its way in.
    return Markup(template.render(found=found, whole=WHOLE, sentence=sentence(found)))


def _moments(rows: Iterable[Row], rank: Mapping[str, int]) -> tuple[Moment, ...]:
    drifted, captures = [0] * len(rank), [0] * len(rank)
    heads: dict[int, Row] = {}
    for row in rows:
        i = rank[row.run]
        heads.setdefault(i, row)
        if row.field == WHOLE:
            drifted[i] += row.drifted
            captures[i] += row.captures
    return tuple(
        Moment(heads[i].at, heads[i].commit[:9], drifted[i], captures[i]) for i in range(len(rank))
    )


def _trends(
    rows: Iterable[Row], rank: Mapping[str, int], moments: Sequence[Moment]
) -> Iterator[Trend]:
    read: dict[tuple[str, str], dict[int, int]] = {}
    found: dict[tuple[str, str, str], dict[int, int]] = {}
    for row in rows:
        run, place = rank[row.run], (row.site, row.extractor)
        read.setdefault(place, {}).setdefault(run, row.captures)
        number = row.counts.get("whole", 0) if row.field == WHOLE else row.drifted
        if number:
            found.setdefault((*place, row.field), {})[run] = number
    for (site, extractor, field), numbers in found.items():
        captures = read[site, extractor]
        values = tuple(numbers.get(i, 0) if i in captures else None for i in range(len(moments)))
        known = sorted(captures)
        streak = next((n for n, i in enumerate(reversed(known)) if not values[i]), len(known))
        most = max(*captures.values(), *numbers.values())
        yield Trend(
            site=site if extractor == site else f"{extractor}:{site}",
            field=field,
            values=values,
            captures=captures[known[-1]],
            streak=streak,
            since=moments[known[-streak]].day if streak else "",
            whole=streak == len(known),
            drawing=_drawn([None if value is None else value / most for value in values]),
        )


def _newest_first(each: Trend) -> tuple[object, ...]:
    """What drifts now, the latest start first, most captures first; then what came to rest last."""
    rested = next((n for n, value in enumerate(reversed(each.values)) if value), len(each.values))
    return (not each.streak, each.streak or rested, -each.now, -each.runs, each.site, each.field)


def _drawn(shares: Sequence[float | None]) -> Drawing:
    """Points of a line, 0 at the bottom and 1 at the top; it is broken where there is no value."""
    stretches: list[list[str]] = [[]]
    last: tuple[float, float] | None = None
    for i, share in enumerate(shares):
        if share is None:
            stretches.append([])
            continue
        # Half a line's width stays free at the edges.
        last = STEP / 2 + i * STEP, round(1 + (HEIGHT - 2) * (1 - min(share, 1.0)), 1)
        stretches[-1].append(f"{last[0]:g},{last[1]:g}")
    lines = tuple(" ".join(points) for points in stretches if points)
    return Drawing(max(1, len(shares)) * STEP, HEIGHT, lines, last)
