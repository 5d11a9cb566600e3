"""The lines of a capture around a change, with the texts that fields claim in them. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from harness.changes import WHOLE, Change
from harness.claims import Mark
from harness.report.evidence import Evidence, within

# Lines before and after one that tells of the change, and how many such places are shown.
NEAR = 2
PLACES = 4
# A page may be one line of megabytes: so many characters around what is marked tell where it is.
AROUND = 120
MARKED = 600


def lines_of(change: Change, evidence: Evidence) -> Iterator[Text]:
    """The lines around what the change's field claims now or claimed before, numbered."""
    wanted = {change.field, change.root} - {WHOLE}
    telling = list(_telling(change, evidence, wanted))
    if not telling:
        yield Text("this text is not among what a reader sees of the page", "dim")
        return
    shown = sorted(
        {
            number
            for line in telling[:PLACES]
            for number in range(max(0, line - NEAR), min(len(evidence.lines), line + NEAR + 1))
        }
    )
    width = len(f"{shown[-1] + 1}")
    before = -1
    for number in shown:
        if before >= 0 and number > before + 1:
            yield Text(f"{'':>{width}} …", "dim")
        before = number
        told = Text(f"{number + 1:>{width}} ", "bold" if number in telling else "dim")
        yield told + _line(evidence, number, wanted)
    if len(telling) > PLACES:
        yield Text(f"and {len(telling) - PLACES:,} more lines of the page", "dim")


def _telling(change: Change, evidence: Evidence, wanted: set[str]) -> Iterator[int]:
    """Where a finding points; else lines that lost a text of the field, else those it claims."""
    finding = change.finding
    if finding is not None and finding.place is not None and finding.place[0] < len(evidence.lines):
        yield finding.place[0]
        return
    # A list of records counts its items anew where one came or went: then the field as a whole.
    for paths in ({change.field}, wanted):
        for marks in (evidence.lost, evidence.now.marks):
            found = [i for i, each in enumerate(marks) if any(within(m.field, paths) for m in each)]
            if found:
                yield from found
                return


def _line(evidence: Evidence, number: int, wanted: set[str]) -> Text:
    text = evidence.lines[number].text
    now = evidence.now.marks[number]
    spans = [(mark, False) for mark in now]
    spans += [
        (part, True) for mark in evidence.lost[number] for part in _uncovered(mark, now, text)
    ]
    shown = Text()
    position = 0
    for mark, lost in sorted(spans, key=lambda span: span[0].start):
        shown.append(_between(text[position : mark.start], bool(position)))
        shown.append_text(_marked(text, mark, lost, within(mark.field, wanted)))
        position = mark.end
    rest = text[position:]
    shown.append(rest if len(rest) <= AROUND else f"{rest[:AROUND]} …")
    return shown


def _uncovered(mark: Mark, now: tuple[Mark, ...], text: str) -> Iterator[Mark]:
    """The parts of a claim that no claim of now covers."""
    start = mark.start
    for other in (*now, Mark(mark.end, mark.end, "")):
        end = min(other.start, mark.end)
        if text[start:end].strip():
            yield Mark(start, end, mark.field)
        start = max(start, other.end)


def _between(text: str, inside: bool) -> str:
    """Text before a mark: its end is what matters, and its start where it follows another."""
    room = 2 * AROUND if inside else AROUND
    if len(text) <= room:
        return text
    return f"{text[:AROUND]} … {text[-AROUND:]}" if inside else f"… {text[-AROUND:]}"


def _marked(text: str, mark: Mark, lost: bool, wanted: bool) -> Text:
    """A claimed text in brackets with its field's name: colours are not all that tells."""
    said = text[mark.start : mark.end]
    if len(said) > MARKED:
        said = f"{said[: MARKED // 2]} … {said[-MARKED // 2 :]}"
    name = f"was {mark.field}" if lost else mark.field
    style = "old" if lost else "now" if wanted else "dim"
    return Text(f"[{name}: {said}]", style)
