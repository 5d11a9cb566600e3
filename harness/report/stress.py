"""A stress run for people, as a table in the terminal and as a page, and as JSON on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import click
import msgspec
from markupsafe import Markup

from harness.faults.classes import CLASSES
from harness.mutations import MUTATIONS
from harness.report import reading
from harness.report.templating import environment as templates
from harness.report.words import count, hunk_lines
from harness.stress import Cell, Fault, Stress
from harness.text import shorten

FORMAT = "harness-stress/1"
# Fields of a record in the order in which readers look for them; others follow by the alphabet.
_FIRST = ("title", "byline", "timestamp", "published", "body", "related")
# Of the faults that were only measured, so many are told in a terminal.
SHOWN = 15


# --- on disk --------------------------------------------------------------------------------------


def dumps(found: Stress) -> str:
    """A stress run as JSON; lone surrogates are escaped."""
    return json.dumps({"format": FORMAT, **msgspec.to_builtins(found)}, indent=1) + "\n"


def loads(text: str | bytes, name: str) -> Stress:
    """The stress run in a JSON text. Raises HarnessError, naming ``name``, when it holds none."""
    return reading.loads(text, name, Stress, FORMAT, "saved stress run", "harness stress", _check)


def _check(found: Stress) -> None:
    for cell in found.cells:
        if not 0 <= cell.kept <= cell.captures + 1e-6:
            raise ValueError(f"{cell.kept} of {cell.captures} pages kept {cell.field!r}")


def load(path: Path) -> Stress | None:
    """A saved stress run; None when there is none. Raises HarnessError when it cannot be read."""
    return reading.load(path, loads)


# --- the table ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A mutation and its cells, one for each of the table's fields; None where it did not apply."""

    mutation: str
    summary: str
    must_hold: bool
    cells: tuple[Cell | None, ...]

    @property
    def whole(self) -> bool:
        """Nothing broke."""
        return not any(cell and cell.broken for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a run: must hold first, then measured; inside these by family."""

    fields: tuple[str, ...]
    groups: tuple[tuple[str, bool, tuple[Row, ...]], ...]


def table(found: Stress) -> Table:
    """The heat table of a run, mutation × field."""
    rank = {name: i for i, name in enumerate(_FIRST)}
    fields = sorted({c.field for c in found.cells}, key=lambda f: (rank.get(f, len(rank)), f))
    order = {name: i for i, name in enumerate(MUTATIONS)}
    families: dict[str, int] = {}
    for cell in found.cells:
        place = order.get(cell.mutation, len(order))
        families[cell.family] = min(families.get(cell.family, place), place)
    keys = sorted(
        {(not c.must_hold, families[c.family], c.family, c.mutation) for c in found.cells},
        key=lambda key: (key[0], key[1], key[2], order.get(key[3], len(order)), key[3]),
    )
    cells = {(c.mutation, c.must_hold, c.field): c for c in found.cells}
    groups = []
    for (measured, _, family), members in groupby(keys, key=lambda key: key[:3]):
        rows = tuple(
            Row(
                name,
                _summary(name),
                not measured,
                tuple(cells.get((name, not measured, f)) for f in fields),
            )
            for *_, name in members
        )
        groups.append((family, not measured, rows))
    return Table(tuple(fields), tuple(groups))


def _summary(name: str) -> str:
    known = MUTATIONS.get(name)
    return known.summary if known else ""


def percent(share: float) -> str:
    """A share as people read it: never 0 or 100 % where it is only near."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def sentence(found: Stress) -> str:
    """What came out, in one line."""
    must = [fault for fault in found.faults if fault.must_hold]
    drifting = len(found.faults) - len(must)
    asked = any(cell.must_hold for cell in found.cells)
    said = f"{count(found.captures, 'page')}, {count(found.trials, 'mutated page')}: "
    if must:
        said += f"{count(len(must), 'fault')} where the record must hold"
    elif asked:
        said += "every relation that must hold held"
    else:
        said += "no relation that must hold applied"
    if drifting:
        said += f", {count(drifting, 'way')} it drifts"
    return f"interrupted, until then: {said}" if found.interrupted else said


def notes(found: Stress) -> Iterator[str]:
    """What the table does not show: pages that could not be stressed."""
    if found.failed:
        kinds = ", ".join(sorted({kind for _, kind in found.failed}))
        yield f"{count(len(found.failed), 'page')} without mutation made it raise: {shorten(kinds)}"
    if found.bare:
        yield f"{count(found.bare, 'page')} gave an empty record and tell nothing"
    if found.unsteady:
        yield (
            f"{count(len(found.unsteady), 'page')} gave two records when extracted twice and tell"
            f" nothing of mutations: {shorten(', '.join(found.unsteady))}"
        )
    if found.untouched and found.trials:
        yield (
            f"no mutation applied to {count(len(found.untouched), 'page')}, too large (3 MB) or of"
            f" another kind: {shorten(', '.join(found.untouched))}"
        )
    if not (found.trials or found.failed or found.bare or found.unsteady):
        yield "no mutation applied to any page"


# --- for the terminal -----------------------------------------------------------------------------


def full(found: Stress) -> Iterator[str]:
    """The run for people: the table where something broke, the faults, and one sentence."""
    shown = table(found)
    names = [row.mutation for _, _, rows in shown.groups for row in rows if not row.whole]
    width = max(map(len, names), default=0) + 2
    for family, must_hold, rows in shown.groups:
        broken = [row for row in rows if not row.whole]
        whole = [row.mutation for row in rows if row.whole]
        kind = "must hold" if must_hold else "measured"
        heads = "".join(f"{shorten(f, 14):>16}" for f in shown.fields)
        yield click.style(f"{f'{family} ({kind})':<{width}}", bold=True) + (heads if broken else "")
        for row in broken:
            yield f"  {row.mutation:<{width - 2}}" + "".join(map(_cell, row.cells))
        if whole:
            yield click.style(f"  everything survives {', '.join(whole)}", dim=True)
    yield ""
    must = [fault for fault in found.faults if fault.must_hold]
    measured = [fault for fault in found.faults if not fault.must_hold]
    for fault in [*must, *measured[:SHOWN]]:
        yield from _fault(fault)
    if len(measured) > SHOWN:
        yield f"… and {len(measured) - SHOWN} more that were measured, in the report"
    yield from (click.style(f"note: {note}", fg="yellow") for note in notes(found))
    yield click.style(
        f"{found.extractor}: {sentence(found)}", bold=True, fg="green" if found.clean else None
    )


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return f"{'·':>16}"
    text = f"{f'{percent(cell.rate)} of {cell.captures}':>16}"
    return click.style(text, fg="red" if cell.rate < 0.5 else "yellow" if cell.broken else "green")


def _fault(fault: Fault) -> Iterator[str]:
    mark = click.style("✗ must hold", fg="red") if fault.must_hold else "  measured"
    pages = count(fault.captures, "page")
    name = click.style(fault.mutation, bold=True)
    yield f"{mark}  {name} {fault.field} [{fault.fault}] on {pages}"
    example = fault.shrunk.example if fault.shrunk else fault.example
    yield f"    {shorten(example.message, 160)}"
    for hunk in example.hunks[:1]:
        yield from (f"  {line}" for line in hunk_lines(hunk, width=160))
    if fault.shrunk:
        done = fault.shrunk
        yield f"    {done.size_from:,} → {done.size_to:,} bytes: {shorten(done.source, 240)}"
        yield click.style(f"    {done.command}", dim=True)


# --- as a page ------------------------------------------------------------------------------------


def section(found: Stress) -> Markup:
    """The run as a piece of a page: the heat table and the faults with their small pages.

    The page needs ``report.css`` and ``stress.css``.
    """
    # Every expression of the template was escaped on its way in.
    return Markup(_rendered("stress.section.html.jinja", found))


def render(found: Stress) -> str:
    """The run as one HTML page that needs no network, no script and no other file."""
    return _rendered("stress.html.jinja", found, section=section(found))


def _rendered(template: str, found: Stress, **more: object) -> str:
    page = templates().get_template(template)
    return page.render(
        found=found,
        table=table(found),
        sentence=sentence(found),
        notes=list(notes(found)),
        must=_with_anchors([f for f in found.faults if f.must_hold]),
        measured=_with_anchors([f for f in found.faults if not f.must_hold]),
        classes=CLASSES,
        percent=percent,
        heat=heat,
        count=count,
        **more,
    )


def _with_anchors(faults: Sequence[Fault]) -> list[tuple[str, Fault]]:
    kind = {True: "must", False: "measured"}
    return [(f"stress--{kind[f.must_hold]}--{f.id.replace('*', 'record')}", f) for f in faults]


def heat(cell: Cell) -> int:
    """The step of the colour scale, 0 (nothing survives) to 5 (everything does)."""
    return 5 if cell.kept >= cell.captures else min(4, int(cell.rate * 5))
