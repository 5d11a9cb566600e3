"""A capture as the drift report shows it: the lines of the page, marked, and bits of its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Literal

from harness.model import CaseResult, Finding, family_of
from harness.report.evidence import Evidence, ancestors, differing, within

LINE_CHARS = 5_000
LINE_SEGMENTS = 120
NAMES = 60
DOUBTS = 40
TEXT_CHARS = 2_000

# Unclaimed lines kept beside a marked one; shorter stretches of them are not worth folding.
NEARBY = 2
FOLD_ABOVE = 8
# So many characters of unchanged text tell where in a long paragraph an edit stands.
CONTEXT = 160
HUES = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a capture is shown: lines, characters of them, characters of its source."""

    lines: int
    chars: int
    source: int


# Near 200 KB at worst: of one capture a browser shows that at once.
WHOLE = Bounds(400, 100_000, 20_000)
# Near 20 KB for an article of usual length: a hundred of them still open at once.
SLIM = Bounds(160, 14_000, 4_000)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text whose middle may be left out: ``left`` characters between ``head`` and ``tail``."""

    head: str
    left: int = 0
    tail: str = ""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a line: claimed by ``field`` now, claimed before (``lost``), or by nothing."""

    text: Cut
    style: Literal["now", "differs", "lost", ""] = ""
    field: str = ""
    hue: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the page; ``left`` counts segments that did not fit.

    ``doubts`` are what invariants have against a text that stands in it.
    """

    number: int
    place: str
    segments: tuple[_Segment, ...]
    linked: bool = False
    left: int = 0
    doubts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring rows, folded when no field claims any; or ``left`` lines that are left out."""

    rows: tuple[_Row, ...] = ()
    folded: bool = False
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Excerpt:
    start: int
    end: int
    text: Cut


@dataclass(frozen=True, slots=True)
class _Ink:
    """What marks a page: the fields that differ, numbers of linked lines, colours, findings."""

    differs: set[str]
    linked: set[int]
    hues: dict[str, int]
    doubts: Mapping[int, list[Finding]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The capture of one result as the report shows it."""

    facts: tuple[tuple[str, str], ...]
    stretches: tuple[_Stretch, ...]
    lines: int
    absent: tuple[tuple[str, int], ...]
    absent_left: int
    excerpts: tuple[_Excerpt, ...]


def cut(text: str, head: int = TEXT_CHARS, tail: int = 0) -> Cut:
    """A text with its middle left out where it is longer than ``head`` and ``tail``."""
    # A gap is announced in about 30 characters; a shorter one is not worth announcing.
    if len(text) <= head + tail + 40:
        return Cut(text)
    return Cut(text[:head], len(text) - head - tail, text[len(text) - tail :])


def sheet(
    result: CaseResult,
    evidence: Evidence,
    linked: set[int],
    hues: dict[str, int],
    bounds: Bounds = WHOLE,
) -> Sheet:
    """The capture of a result, bounded; ``linked`` are numbers of lines that must be shown."""
    capture = evidence.capture
    moment = capture.captured_at
    facts = (
        ("url", capture.url or "unknown"),
        ("captured", moment.isoformat(" ") if moment else "unknown"),
        ("origin", capture.origin),
        ("note", capture.note),
    )
    differs = differing(result)
    telling = [
        i
        for i, (now, lost) in enumerate(zip(evidence.now.marks, evidence.lost, strict=True))
        if lost or any(within(mark.field, differs) for mark in now)
    ]
    chosen = _chosen(evidence, {number - 1 for number in linked}, telling, bounds)
    doubts: dict[int, list[Finding]] = {}
    for finding in result.findings[:DOUBTS]:
        if finding.place is not None:
            doubts.setdefault(finding.place[0], []).append(finding)
    ink = _Ink(differs, linked, hues, doubts)
    absent = Counter(map(family_of, evidence.now.absent))
    return Sheet(
        facts=tuple((name, value) for name, value in facts if value),
        stretches=tuple(_stretches(evidence, chosen, ink)),
        lines=len(evidence.lines),
        absent=tuple(absent.items())[:NAMES],
        absent_left=max(0, len(absent) - NAMES),
        excerpts=tuple(_excerpts(evidence, telling, bounds.source)),
    )


def places(result: CaseResult, evidence: Evidence, wanted: set[str]) -> dict[str, int]:
    """The first line on which each of these fields lost a text, else the first where it stands."""
    differs = differing(result)
    # A diff counts list items as the old record did; where they moved, the new have other numbers.
    moved = tuple(f"{r.field}[" for r in result.fields if r.diff.kind == "records")
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    for i, (marks, lost) in enumerate(zip(evidence.now.marks, evidence.lost, strict=True)):
        for mark in marks:
            if within(mark.field, differs) and not mark.field.startswith(moved):
                for path in wanted.intersection(ancestors(mark.field)):
                    now.setdefault(path, i + 1)
        for mark in lost:
            for path in wanted.intersection(ancestors(mark.field)):
                before.setdefault(path, i + 1)
    return now | before


def _chosen(evidence: Evidence, chosen: set[int], telling: list[int], bounds: Bounds) -> set[int]:
    """``chosen`` and what fits beside it: lines that tell of a change, near, claimed, the rest."""
    total = len(evidence.lines)

    def near(lines: Iterable[int]) -> Iterator[int]:
        for i in lines:
            yield from range(max(0, i - NEARBY), min(total, i + NEARBY + 1))

    def ranked() -> Iterator[int]:
        marked = [i for i, marks in enumerate(evidence.now.marks) if marks]
        for lines in (telling, near(telling), marked, near(marked), range(total)):
            yield from lines

    room = bounds.chars
    for i in ranked():
        if len(chosen) >= bounds.lines or room <= 0:
            break
        if i not in chosen:
            chosen.add(i)
            room -= min(len(evidence.lines[i].text), LINE_CHARS)
    return chosen


def _stretches(evidence: Evidence, chosen: set[int], ink: _Ink) -> Iterator[_Stretch]:
    claimed = [
        bool(now or lost) for now, lost in zip(evidence.now.marks, evidence.lost, strict=True)
    ]

    def beside(i: int) -> bool:
        return any(claimed[max(0, i - NEARBY) : i + NEARBY + 1])

    position = 0
    for kind, group in groupby(sorted(chosen), key=beside):
        # Chosen lines of one kind may still have lines left out between them.
        for run in _consecutive(group):
            if run[0] > position:
                yield _Stretch(left=run[0] - position)
            rows = tuple(_row(evidence, i, ink) for i in run)
            yield _Stretch(rows, folded=not kind and len(rows) > FOLD_ABOVE)
            position = run[-1] + 1
    if position < len(claimed):
        yield _Stretch(left=len(claimed) - position)


def _consecutive(numbers: Iterable[int]) -> Iterator[list[int]]:
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in group]


def _row(evidence: Evidence, i: int, ink: _Ink) -> _Row:
    line = evidence.lines[i]
    segments = list(islice(_segments(evidence, i, ink.differs, ink.hues), LINE_SEGMENTS))
    if len(line.text) > LINE_CHARS:
        room = max(LINE_CHARS // len(segments), 40)
        segments = [_trimmed(segment, room) for segment in segments]
    shown = sum(len(s.text.head) + s.text.left + len(s.text.tail) for s in segments)
    place = (
        "its place in the source is not known"
        if line.start is None or line.end is None
        else f"characters {line.start:,}–{line.end:,} of the source"
    )
    return _Row(
        i + 1,
        place,
        tuple(segments),
        i + 1 in ink.linked,
        len(line.text) - shown,
        tuple(ink.doubts.get(i, ())),
    )


def _trimmed(segment: _Segment, room: int) -> _Segment:
    part = cut(segment.text.head, room // 2, room // 2)
    return _Segment(part, segment.style, segment.field, segment.hue)


def _segments(
    evidence: Evidence, i: int, differs: set[str], hues: dict[str, int]
) -> Iterator[_Segment]:
    """A line in parts. Where a text lost by one field is now another's, the new claim is shown."""
    text = evidence.lines[i].text
    position = 0
    for mark in evidence.now.marks[i]:
        yield from _unclaimed(evidence, i, position, mark.start, hues)
        style: Literal["now", "differs"] = "differs" if within(mark.field, differs) else "now"
        part = Cut(text[mark.start : mark.end])
        yield _Segment(part, style, mark.field, hue(mark.field, hues))
        position = mark.end
    yield from _unclaimed(evidence, i, position, len(text), hues)


def _unclaimed(
    evidence: Evidence, i: int, start: int, end: int, hues: dict[str, int]
) -> Iterator[_Segment]:
    text = evidence.lines[i].text
    for mark in evidence.lost[i]:
        low, high = max(start, mark.start), min(end, mark.end)
        if text[low:high].strip():
            if text[start:low]:
                yield _Segment(Cut(text[start:low]))
            yield _Segment(Cut(text[low:high]), "lost", mark.field, hue(mark.field, hues))
            start = high
    if text[start:end]:
        yield _Segment(Cut(text[start:end]))


def hue(path: str, hues: dict[str, int]) -> int:
    """The colour of a field's family, the same all over a report; ``hues`` remembers them."""
    return hues.setdefault(family_of(path), len(hues) % HUES)


def _excerpts(evidence: Evidence, telling: list[int], most: int) -> Iterator[_Excerpt]:
    """The source around the lines that tell of a change, else around claimed ones."""
    marked = telling or [i for i, marks in enumerate(evidence.now.marks) if marks]
    spans: list[tuple[int, int]] = []
    for line in (evidence.lines[i] for i in marked):
        if line.start is not None and line.end is not None:
            start, end = max(0, line.start - CONTEXT), max(line.start, line.end) + CONTEXT
            if spans and spans[-1][0] <= start <= spans[-1][1]:
                start, end = spans[-1][0], max(spans.pop()[1], end)
            spans.append((start, end))
    room = most
    for start, end in spans or [(0, TEXT_CHARS)]:
        if room <= 0:
            return
        end = min(end, len(evidence.source))
        part = cut(evidence.source[start:end], min(room, most // 4), min(room, CONTEXT))
        room -= len(part.head) + len(part.tail)
        yield _Excerpt(start, end, part)
