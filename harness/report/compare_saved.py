"""What the last comparison has to show, as a piece of the drift report."""

from __future__ import annotations

from pathlib import Path

import msgspec
from markupsafe import Markup

from harness.report import reading
from harness.report.compare import FORMAT
from harness.text import shorten

# The page of the comparison has the rest.
SHOWN = 10


class _Field(msgspec.Struct):
    field: str
    summary: str


class _Page(msgspec.Struct):
    capture: str
    verdict: str
    fields: list[_Field]


class SavedComparison(msgspec.Struct):
    """What is read of a saved comparison (docs/compare.md); the rest of it is left alone."""

    sentence: str
    notes: list[str]
    pages: list[_Page]


def load(path: Path) -> SavedComparison | None:
    """The comparison in a file; None when there is none. Raises HarnessError when it is broken."""
    return reading.load(path, _loads)


def _loads(text: bytes, name: str) -> SavedComparison:
    what, command = "saved comparison", "harness compare"
    return reading.loads(text, name, SavedComparison, FORMAT, what, command)


def section(found: SavedComparison, page: Path) -> Markup:
    """The sentence, the notes and the worst pages; ``page`` is where the rest stands."""
    parts = [Markup("<p>{}</p>").format(shorten(found.sentence, 1000))]
    parts += [Markup('<p class="notice">{}</p>').format(shorten(note, 500)) for note in found.notes]
    listed = [each for each in found.pages if each.verdict in ("worse", "unsure")]
    lines = [
        Markup("<li><strong>{}</strong> <bdi>{}</bdi> <span>{}</span></li>").format(
            shorten(each.verdict), shorten(each.capture, 200), _said(each)
        )
        for each in listed[:SHOWN]
    ]
    if lines:
        parts.append(Markup("<ul>{}</ul>").format(Markup("").join(lines)))
    left = len(listed) - len(lines)
    more = f"{left:,} more there, and the texts" if left > 0 else "with the texts"
    parts.append(
        Markup('<p class="muted">{}: <code dir="ltr">{}</code></p>').format(more, str(page))
    )
    return Markup("\n").join(parts)


def _said(page: _Page) -> str:
    if not page.fields:
        return ""
    return shorten(f"{page.fields[0].field}: {page.fields[0].summary}", 200)
