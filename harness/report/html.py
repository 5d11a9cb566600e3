"""The drift report: one HTML file that shows every change beside the page it came from.

Pages and records are hostile text. The template escapes every expression, ``_visible`` makes what
cannot be seen or encoded visible, and nothing from outside ever becomes a link or markup.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness import records
from harness.diff import CATEGORIES, WHOLE_BELOW
from harness.errors import HarnessError
from harness.model import CaseResult, FieldDiff, FieldResult, Hunk, Run, Verdict
from harness.report.evidence import Evidence
from harness.text import show_unseen

# A browser lays out 10 MB of HTML in a second or two and 100 MB hardly at all. These bounds keep
# one capture near 200 KB at worst, so that 200 of them still open.
PAGE_LINES = 400
PAGE_CHARS = 100_000
LINE_CHARS = 5_000
LINE_SEGMENTS = 120
SOURCE_CHARS = 20_000
DIFF_CHARS = 60_000
BRIEF_DIFF_CHARS = 4_000
FIELDS = 60
HUNKS = 40
NAMES = 60
GROUPS = 200
TEXT_CHARS = 2_000

# Unclaimed lines kept beside a marked one; shorter stretches of them are not worth folding.
NEARBY = 2
FOLD_ABOVE = 8
# So many characters of unchanged text tell where in a long paragraph an edit stands.
CONTEXT = 160
HUES = 10

SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.NEW: "+",
    Verdict.CHANGED: "Δ",
    Verdict.MISSING: "∅",
    Verdict.WRONG: "✗",
    Verdict.ERROR: "!",
}
MEANINGS = {
    Verdict.PASS: "as accepted",
    Verdict.NEW: "no accepted snapshot yet",
    Verdict.CHANGED: "not what was accepted",
    Verdict.MISSING: "a value that was accepted is gone",
    Verdict.WRONG: "a reviewed golden contradicts it",
    Verdict.ERROR: "no record: the extractor or a file failed",
}
_INDEX = re.compile(r"\[\d+\]")
_ODD_SPACES = {" ": "␣", "\n": "↵\n", "\t": "⇥"}


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text whose middle may be left out: ``left`` characters between ``head`` and ``tail``."""

    head: str
    left: int = 0
    tail: str = ""


@dataclass(frozen=True, slots=True)
class _Edit:
    """One piece of a hunk, bounded."""

    op: Literal["=", "-", "+"]
    text: _Cut


@dataclass(frozen=True, slots=True)
class _Change:
    """One hunk, bounded.

    ``aside`` when old and new share too little to be read as one text; ``whole`` is ``gone`` or
    ``new`` when there is only one side.
    """

    where: str
    edits: tuple[_Edit, ...]
    aside: bool
    whole: Literal["", "gone", "new"] = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Field:
    """One field that did not pass; ``line`` is where its text stands, or stood, on the page."""

    result: FieldResult
    hue: int
    changes: tuple[_Change, ...]
    left: int
    command: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a line: claimed by ``field`` now, claimed before (``lost``), or by nothing."""

    text: _Cut
    style: Literal["now", "differs", "lost", ""] = ""
    field: str = ""
    hue: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the page; ``left`` counts segments that did not fit."""

    number: int
    place: str
    segments: tuple[_Segment, ...]
    linked: bool = False
    left: int = 0


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
    text: _Cut


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The capture of one result as the report shows it."""

    facts: tuple[tuple[str, str], ...]
    stretches: tuple[_Stretch, ...]
    lines: int
    absent: tuple[tuple[str, int], ...]
    absent_left: int
    excerpts: tuple[_Excerpt, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One result that is not ``pass``, ready to be shown. ``gone`` says why there is no sheet."""

    result: CaseResult
    anchor: str
    fields: tuple[_Field, ...]
    fields_left: int
    commands: tuple[tuple[str, str], ...]
    record: _Cut | None
    sheet: _Sheet | None
    gone: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Results that differ in the same field, or fail in the same way."""

    name: str
    is_field: bool
    categories: tuple[tuple[str, int], ...]
    cases: tuple[tuple[str, CaseResult], ...]


def render(
    run: Run,
    evidence: Callable[[CaseResult], Evidence],
    *,
    title: str = "Drift report",
    limit: int = 200,
) -> str:
    """The run as one HTML page that needs no network, no script and no other file.

    At most ``limit`` changes, worst first, are shown beside their capture; only for these is
    ``evidence`` asked. When it raises HarnessError, the page says so in that change's place.
    """
    changed = sorted(
        (result for result in run.results if result.verdict is not Verdict.PASS),
        key=lambda result: -result.verdict.severity,
    )
    anchors = _anchors(result.id for result in changed)
    hues: dict[str, int] = {}
    cases = [
        _case(result, anchor, evidence if rank < limit else None, hues)
        for rank, (result, anchor) in enumerate(zip(changed, anchors, strict=True))
    ]
    groups = _groups(list(zip(anchors, changed, strict=True)))
    return _ENVIRONMENT.get_template("report.html.jinja").render(
        title=title,
        run=run,
        verdict=Verdict.PASS if run.clean else max(run.verdict, Verdict.NEW, key=_severity),
        sentence=sentence(run),
        groups=groups[:GROUPS],
        groups_left=len(groups) - len(groups[:GROUPS]),
        cases=cases,
        limit=limit,
        passing=_by_site(r.id for r in run.results if r.verdict is Verdict.PASS),
        categories=CATEGORIES,
        symbols=SYMBOLS,
        meanings=MEANINGS,
        count=_count,
        cut=_cut,
        names=NAMES,
    )


def sentence(run: Run) -> str:
    """The verdict on a run in one sentence: "3 of 61 captures drifted: 2 wrong, 1 changed"."""
    total = len(run.results)
    noun = "capture" if len({result.capture for result in run.results}) == total else "case"
    counts = {v: n for v, n in run.counts.items() if v is not Verdict.PASS}
    if not total:
        said = "No capture was checked"
    elif counts:
        each = ", ".join(_tally(n, verdict) for verdict, n in counts.items())
        said = f"{sum(counts.values()):,} of {_count(total, noun)} drifted: {each}"
    elif total == 1:
        said = f"The one {noun} passes"
    else:
        said = f"All {_count(total, noun)} pass"
    if run.orphans:
        said += f"; {_count(len(run.orphans), 'snapshot')} without a capture"
    return f"Interrupted. Until then: {said}" if run.interrupted else said


def _tally(number: int, verdict: Verdict) -> str:
    # "error" is the one verdict that is a noun.
    return _count(number, verdict) if verdict is Verdict.ERROR else f"{number:,} {verdict}"


def _severity(verdict: Verdict) -> int:
    return verdict.severity


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _cut(text: str, head: int = TEXT_CHARS, tail: int = 0) -> _Cut:
    # A gap is announced in about 30 characters; a shorter one is not worth announcing.
    if len(text) <= head + tail + 40:
        return _Cut(text)
    return _Cut(text[:head], len(text) - head - tail, text[len(text) - tail :])


def _visible(value: object) -> object:
    """Applied by Jinja to every expression before it escapes it; macros' Markup has been there."""
    return show_unseen(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_ENVIRONMENT = Environment(
    loader=PackageLoader("harness.report"),
    autoescape=True,
    finalize=_visible,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _anchors(ids: Iterable[str]) -> list[str]:
    """A fragment for each id, readable and unique; ``--`` is left for the report's own anchors."""
    seen: Counter[str] = Counter()
    anchors = []
    for case in ids:
        base = re.sub(r"[^a-z0-9]+", "-", case.lower())[:200].strip("-") or "change"
        seen[base] += 1
        anchors.append(base if seen[base] == 1 else f"{base}--again{seen[base]}")
    return anchors


def family(path: str) -> str:
    """A field's path without list indexes: ``related[2].body[0]`` → ``related[].body``."""
    return _INDEX.sub("[]", path).removesuffix("[]")


def _by_site(ids: Iterable[str]) -> list[tuple[str, list[str]]]:
    parts = sorted(case.rpartition("/")[::2] for case in ids)
    return [(s, [name for _, name in found]) for s, found in groupby(parts, key=lambda p: p[0])]


def _groups(cases: Sequence[tuple[str, CaseResult]]) -> list[_Group]:
    """The table of contents: most captures first, failures before fields."""
    found: dict[tuple[bool, str], dict[str, CaseResult]] = {}
    categories: dict[tuple[bool, str], Counter[str]] = {}
    for anchor, result in cases:
        keys = [((True, family(r.field)), r.diff.category) for r in result.fields] or [
            ((False, _reason(result)), "")
        ]
        for key, category in keys:
            found.setdefault(key, {})[anchor] = result
            categories.setdefault(key, Counter())[category] += 1
    groups = [
        _Group(
            name,
            is_field,
            tuple((c, n) for c, n in categories[is_field, name].most_common() if c),
            tuple(members.items()),
        )
        for (is_field, name), members in found.items()
    ]
    return sorted(groups, key=lambda group: (group.is_field, -len(group.cases)))


def _reason(result: CaseResult) -> str:
    if result.problem:
        return "a file cannot be used"
    if result.failure:
        return f"extractor raised {result.failure.type}"
    return "no accepted snapshot yet"


def _case(
    result: CaseResult,
    anchor: str,
    evidence: Callable[[CaseResult], Evidence] | None,
    hues: dict[str, int],
) -> _Case:
    sheet, gone, places = None, "", dict[str, int]()
    if evidence is not None:
        try:
            found = evidence(result)
        except HarnessError as error:
            gone = str(error) or type(error).__name__
        else:
            places = _places(result, found, {each.field for each in result.fields[:FIELDS]})
            sheet = _sheet(result, found, set(places.values()), hues)
    shown = result.fields[:FIELDS]
    allowance = DIFF_CHARS if evidence is not None else BRIEF_DIFF_CHARS
    fields = [
        _field(result, each, allowance // len(shown), hues, places.get(each.field))
        for each in shown
    ]
    typed = shlex.quote(result.id)
    name = shlex.quote(result.capture.rpartition("/")[2])
    accept = (("accept", f"harness accept {typed}"),) if result.record is not None else ()
    return _Case(
        result=result,
        anchor=anchor,
        fields=tuple(fields),
        fields_left=len(result.fields) - len(shown),
        commands=(
            *accept,
            ("run again", f"harness check {typed}"),
            ("run in pytest", f"pytest -k {name}"),
        ),
        record=None
        if result.fields or result.record is None or evidence is None
        else _cut(records.dumps(dict(result.record)), SOURCE_CHARS),
        sheet=sheet,
        gone=gone,
    )


# --- field diffs ----------------------------------------------------------------------------------


def _field(
    result: CaseResult, found: FieldResult, allowance: int, hues: dict[str, int], line: int | None
) -> _Field:
    changes: list[_Change] = []
    hunks = found.diff.hunks
    for hunk in hunks[:HUNKS]:
        if allowance <= 0:
            break
        change, size = _bounded(found.diff, hunk, max(allowance, 2 * CONTEXT))
        changes.append(change)
        allowance -= size
    command = f"harness accept {shlex.quote(result.id)} --field {shlex.quote(found.field)}"
    return _Field(
        found,
        _hue(found.field, hues),
        tuple(changes),
        len(hunks) - len(changes),
        command if len(found.field) <= TEXT_CHARS else "",
        line,
    )


def _bounded(diff: FieldDiff, hunk: Hunk, allowance: int) -> tuple[_Change, int]:
    """A hunk of about ``allowance`` characters at most, and what it used of them."""
    edits: list[_Edit] = []
    used = 0
    last = len(hunk.pieces) - 1
    for i, piece in enumerate(hunk.pieces):
        if used >= allowance:
            break
        if piece.op == "=":
            # The text before the first edit matters at its end, after the last at its start.
            cut = _cut(piece.text, CONTEXT if i else 0, CONTEXT if i < last else 0)
        else:
            half = max(allowance - used, CONTEXT) // 2
            cut = _cut(piece.text, min(half, 2 * TEXT_CHARS), min(half // 4, CONTEXT))
            if not piece.text.strip():
                cut = _Cut(_spaces(cut.head), cut.left, _spaces(cut.tail))
        edits.append(_Edit(piece.op, cut))
        used += len(cut.head) + len(cut.tail) + 20
    ops = {piece.op for piece in hunk.pieces}
    aside = diff.similarity < WHOLE_BELOW and ops == {"-", "+"}
    whole: Literal["", "gone", "new"] = "gone" if ops == {"-"} else "new" if ops == {"+"} else ""
    return _Change(hunk.where, tuple(edits), aside, whole, len(hunk.pieces) - len(edits)), used


def _spaces(text: str) -> str:
    """White space that is itself the change, made visible."""
    return "".join(_ODD_SPACES.get(char, f"⟨U+{ord(char):04X}⟩") for char in text)


# --- the page beside them -------------------------------------------------------------------------


def _sheet(
    result: CaseResult, evidence: Evidence, linked: set[int], hues: dict[str, int]
) -> _Sheet:
    capture = evidence.capture
    moment = capture.captured_at
    facts = (
        ("url", capture.url or "unknown"),
        ("captured", moment.isoformat(" ") if moment else "unknown"),
        ("origin", capture.origin),
        ("note", capture.note),
    )
    differs = _differing(result)
    telling = [
        i
        for i, (now, lost) in enumerate(zip(evidence.now.marks, evidence.lost, strict=True))
        if lost or any(_within(mark.field, differs) for mark in now)
    ]
    chosen = _chosen(evidence, {number - 1 for number in linked}, telling)
    absent = Counter(map(family, evidence.now.absent))
    return _Sheet(
        facts=tuple((name, value) for name, value in facts if value),
        stretches=tuple(_stretches(evidence, chosen, differs, linked, hues)),
        lines=len(evidence.lines),
        absent=tuple(absent.items())[:NAMES],
        absent_left=max(0, len(absent) - NAMES),
        excerpts=tuple(_excerpts(evidence, telling)),
    )


def _differing(result: CaseResult) -> set[str]:
    """The paths of the new record whose text the accepted one did not have in that field.

    By text and not by path: where records came, went or moved, the new ones have other numbers.
    """
    before: dict[str, set[str]] = {}
    for path, text in records.leaves(dict(result.accepted or {})):
        before.setdefault(family(path), set()).add(text)
    paths = {
        path
        for path, text in records.leaves(dict(result.record or {}))
        if result.accepted is not None and text not in before.get(family(path), ())
    }
    # What contradicts the golden may be as it was accepted; then the whole field is meant.
    fields = {top for path in paths for top in _ancestors(path)}
    return paths | {r.field for r in result.fields if r.against == "golden"} - fields


def _ancestors(path: str) -> Iterator[str]:
    yield path
    for i, char in enumerate(path):
        if char in "[.":
            yield path[:i]


def _within(path: str, parents: set[str]) -> bool:
    return bool(parents) and any(parent in parents for parent in _ancestors(path))


def _places(result: CaseResult, evidence: Evidence, wanted: set[str]) -> dict[str, int]:
    """The first line on which each of these fields lost a text, else the first where it stands."""
    differs = _differing(result)
    # A diff counts list items as the old record did; where they moved, the new have other numbers.
    moved = tuple(f"{r.field}[" for r in result.fields if r.diff.kind == "records")
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    for i, (marks, lost) in enumerate(zip(evidence.now.marks, evidence.lost, strict=True)):
        for mark in marks:
            if _within(mark.field, differs) and not mark.field.startswith(moved):
                for path in wanted.intersection(_ancestors(mark.field)):
                    now.setdefault(path, i + 1)
        for mark in lost:
            for path in wanted.intersection(_ancestors(mark.field)):
                before.setdefault(path, i + 1)
    return now | before


def _chosen(evidence: Evidence, chosen: set[int], telling: list[int]) -> set[int]:
    """``chosen`` and what fits beside it: lines that tell of a change, near, claimed, the rest."""
    total = len(evidence.lines)

    def near(lines: Iterable[int]) -> Iterator[int]:
        for i in lines:
            yield from range(max(0, i - NEARBY), min(total, i + NEARBY + 1))

    def ranked() -> Iterator[int]:
        marked = [i for i, marks in enumerate(evidence.now.marks) if marks]
        for lines in (telling, near(telling), marked, near(marked), range(total)):
            yield from lines

    room = PAGE_CHARS
    for i in ranked():
        if len(chosen) >= PAGE_LINES or room <= 0:
            break
        if i not in chosen:
            chosen.add(i)
            room -= min(len(evidence.lines[i].text), LINE_CHARS)
    return chosen


def _stretches(
    evidence: Evidence, chosen: set[int], differs: set[str], linked: set[int], hues: dict[str, int]
) -> Iterator[_Stretch]:
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
            rows = tuple(_row(evidence, i, differs, i + 1 in linked, hues) for i in run)
            yield _Stretch(rows, folded=not kind and len(rows) > FOLD_ABOVE)
            position = run[-1] + 1
    if position < len(claimed):
        yield _Stretch(left=len(claimed) - position)


def _consecutive(numbers: Iterable[int]) -> Iterator[list[int]]:
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in group]


def _row(evidence: Evidence, i: int, differs: set[str], linked: bool, hues: dict[str, int]) -> _Row:
    line = evidence.lines[i]
    segments = list(islice(_segments(evidence, i, differs, hues), LINE_SEGMENTS))
    if len(line.text) > LINE_CHARS:
        room = max(LINE_CHARS // len(segments), 40)
        segments = [_trimmed(segment, room) for segment in segments]
    shown = sum(len(s.text.head) + s.text.left + len(s.text.tail) for s in segments)
    place = (
        "its place in the source is not known"
        if line.start is None or line.end is None
        else f"characters {line.start:,}–{line.end:,} of the source"
    )
    return _Row(i + 1, place, tuple(segments), linked, len(line.text) - shown)


def _trimmed(segment: _Segment, room: int) -> _Segment:
    cut = _cut(segment.text.head, room // 2, room // 2)
    return _Segment(cut, segment.style, segment.field, segment.hue)


def _segments(
    evidence: Evidence, i: int, differs: set[str], hues: dict[str, int]
) -> Iterator[_Segment]:
    """A line in parts. Where a text lost by one field is now another's, the new claim is shown."""
    text = evidence.lines[i].text
    position = 0
    for mark in evidence.now.marks[i]:
        yield from _unclaimed(evidence, i, position, mark.start, hues)
        style: Literal["now", "differs"] = "differs" if _within(mark.field, differs) else "now"
        part = _Cut(text[mark.start : mark.end])
        yield _Segment(part, style, mark.field, _hue(mark.field, hues))
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
                yield _Segment(_Cut(text[start:low]))
            yield _Segment(_Cut(text[low:high]), "lost", mark.field, _hue(mark.field, hues))
            start = high
    if text[start:end]:
        yield _Segment(_Cut(text[start:end]))


def _hue(path: str, hues: dict[str, int]) -> int:
    return hues.setdefault(family(path), len(hues) % HUES)


def _excerpts(evidence: Evidence, telling: list[int]) -> Iterator[_Excerpt]:
    """The source around the lines that tell of a change, else around claimed ones."""
    marked = telling or [i for i, marks in enumerate(evidence.now.marks) if marks]
    spans: list[tuple[int, int]] = []
    for line in (evidence.lines[i] for i in marked):
        if line.start is not None and line.end is not None:
            start, end = max(0, line.start - CONTEXT), max(line.start, line.end) + CONTEXT
            if spans and spans[-1][0] <= start <= spans[-1][1]:
                start, end = spans[-1][0], max(spans.pop()[1], end)
            spans.append((start, end))
    room = SOURCE_CHARS
    for start, end in spans or [(0, TEXT_CHARS)]:
        if room <= 0:
            return
        end = min(end, len(evidence.source))
        cut = _cut(evidence.source[start:end], min(room, SOURCE_CHARS // 4), min(room, CONTEXT))
        room -= len(cut.head) + len(cut.tail)
        yield _Excerpt(start, end, cut)
