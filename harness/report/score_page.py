"""A scoring as a page: the leaderboard, distributions, worst pages; no script, no other file."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from harness.files import slugify
from harness.report.score import columns_of, interval, notes, seconds, sentence
from harness.report.templating import environment as templates
from harness.report.words import count
from harness.scoreboard import Board, Extractor, Field, Measure

# Of the drawings, in units of their own viewBox.
BAR_WIDTH = 10
BAR_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One extractor in one field, with the place on the page that tells its worst pages."""

    extractor: Extractor
    field: Field
    anchor: str
    main: Measure | None
    figures: tuple[Measure | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One field: who is best, by which measures."""

    field: str
    anchor: str
    measure: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(found: Board) -> list[Table]:
    """The leaderboard, a table a field, the best extractor first."""
    made = []
    for number, name in enumerate(found.fields):
        ranked = found.ranked(name)
        columns = columns_of(ranked)
        anchor = f"score--{number}-{slugify(name, 40)}"
        rows = tuple(
            Row(
                each,
                field,
                f"{anchor}--{place}",
                field.measure(columns[0][0]),
                tuple(field.measure(m) for m, _ in columns[1:]),
            )
            for place, (each, field) in enumerate(ranked)
        )
        titles = tuple(shown for _, shown in columns[1:])
        made.append(Table(name, anchor, columns[0][1], titles, rows))
    return made


def bars(field: Field) -> list[tuple[int, int, int, str]]:
    """The histogram as (x, y, height, what it counts); a bar that counts anything is seen."""
    most = max(field.histogram)
    steps = len(field.histogram)
    drawn = []
    for number, pages in enumerate(field.histogram):
        height = 0 if not pages else max(2, round(BAR_HEIGHT * pages / most))
        low, high = number / steps, (number + 1) / steps
        told = f"{low:.2f}–{high:.2f}: {count(pages, 'page')}"
        drawn.append((number * BAR_WIDTH, BAR_HEIGHT - height, height, told))
    return drawn


def shape(field: Field) -> str:
    """The distribution in words, for those who do not see its drawing."""
    least, low, middle, high, most = field.quantiles
    return (
        f"worst {least:.2f}, a quarter below {low:.2f}, middle {middle:.2f},"
        f" a quarter above {high:.2f}, best {most:.2f}"
    )


def section(found: Board) -> Markup:
    """The scoring as a piece of a page that has ``report.css`` and ``score.css``."""
    # Every expression of the template was escaped on its way in.
    return Markup(_rendered("score.section.html.jinja", found))


def render(found: Board) -> str:
    """The scoring as one HTML page that needs no network, no script and no other file."""
    return _rendered("score.html.jinja", found, section=section(found))


def _rendered(template: str, found: Board, **more: object) -> str:
    page = templates().get_template(template)
    return page.render(
        found=found,
        tables=tables(found),
        sentence=sentence(found),
        notes=list(notes(found)),
        timed=sorted(
            (each for each in found.extractors if each.speed),
            key=lambda each: each.speed.median if each.speed else 0.0,
        ),
        bars=bars,
        shape=shape,
        interval=interval,
        seconds=seconds,
        count=count,
        bar_width=BAR_WIDTH,
        bar_height=BAR_HEIGHT,
        **more,
    )
