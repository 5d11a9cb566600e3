"""A capture as it reads in a browser, made harmless, with the text of each field marked.

The result is a whole document for ``<iframe sandbox srcdoc>`` and for a server that sends it with
``Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'``. It is drawn
anew (:mod:`harness.report.redraw`) and holds neither scripts, styles, forms, frames, links nor
pictures of the page: those of a captured page would fetch, hide, overlay or run, and most of its
styles and pictures stood in other files anyway. White space aside, its text outside of ``.gap`` is
that of ``Page.visible``, with what cannot be seen made visible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cache
from importlib import resources
from itertools import pairwise

from markupsafe import Markup

from harness.claims import Mark
from harness.model import Finding
from harness.report.evidence import Evidence, within
from harness.report.markup import attribute, language
from harness.report.redraw import Plan, Span, draw
from harness.report.sheet import hue

LIMIT = 60_000
LEAST = 8_000
# Lines kept beside a marked one, where not all have room.
NEARBY = 3
# Longer lines are no prose; of them the marks are shown, with so many characters around.
LONG_LINE = 5_000
AROUND = 200
SPANS = 150
# What the end of a line costs.
_TAGS = 5
_HEAD = (
    "<!doctype html><html{}><head><meta charset=utf-8>"
    "<meta http-equiv=Content-Security-Policy"
    " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name=viewport content="width=device-width"><title>Capture</title>'
    "<style>{}</style></head><body>"
)


def rendered(
    evidence: Evidence,
    differs: Set[str],
    limit: int = LIMIT,
    *,
    hues: dict[str, int] | None = None,
    findings: Sequence[Finding] = (),
) -> str | None:
    """The capture as a harmless document of at most ``limit`` characters (at least 8,000).

    None for what is no HTML (feeds, JSON, text): its lines are all there is to see. ``differs`` are
    paths of the new record whose text the accepted one did not have there; ``hues`` the colours of
    fields as in the rest of a report; ``findings`` those whose places are marked. Marks are
    ``<mark class="h3 now">``, ``differs`` or ``lost`` instead of ``now``, and ``doubt`` for a
    finding; ``title`` and ``data-f`` name the field or the invariant. The first mark that tells of
    a change has ``id=first``. A page that does not fit is shown around its marks; what is left out
    is said in its place.
    """
    page = evidence.tracer.page
    if not page.is_html:
        return None
    limit = max(limit, LEAST)
    doubts = _doubts(evidence, findings)
    hues = {} if hues is None else hues
    telling = [
        i
        for i, (now, lost) in enumerate(zip(evidence.now.marks, evidence.lost, strict=True))
        if lost or i in doubts or any(within(mark.field, differs) for mark in now)
    ]
    style = _style()
    room = limit - len(style) - len(_HEAD) - 800
    shown = _shown(evidence, telling, room * 11 // 20)
    marked = [i for i, marks in enumerate(evidence.now.marks) if marks]
    first = next(iter(telling), None)
    spans: dict[int, list[Span]] = {}
    for i in sorted({*telling, *marked}):
        if shown[i]:
            spans[i] = list(_spans(evidence, i, differs, doubts.get(i, ()), hues, i == first))
    windows = {
        i: _windows(len(line.text), spans.get(i, ()))
        for i, line in enumerate(evidence.lines)
        if shown[i] and len(line.text) > LONG_LINE
    }
    root = page._root
    body, left = draw(root, Plan(shown, spans, windows, room // 3, room * 19 // 20))
    if not evidence.lines:
        body = "<p class=gap>A reader sees no text on this page.</p>"
    elif left:
        total = len(evidence.lines)
        body = f"<p class=gap>{total - left:,} of {total:,} lines of this page are here.</p>{body}"
    return f"{_HEAD.format(language(root) or ' lang=und', style)}{body}</body></html>"


def srcdoc(document: str) -> Markup:
    """A document as the value of a ``srcdoc`` in double quotes.

    Inside of quotes only these two end or change anything; escaping ``<`` too makes it a third
    larger.
    """
    return Markup(document.replace("&", "&amp;").replace('"', "&quot;"))


@cache
def _style() -> str:
    found = resources.files("harness.report").joinpath("templates/rendered.css")
    return " ".join(found.read_text("utf-8").split())


def _shown(evidence: Evidence, telling: Sequence[int], room: int) -> bytearray:
    """Which lines have room: what tells of a change, what is near, what is claimed, the rest."""
    sizes = [min(len(line.text), LONG_LINE) + _TAGS for line in evidence.lines]
    total = len(sizes)
    if sum(sizes) <= room:
        return bytearray(b"\1") * total

    def ranked() -> Iterator[int]:
        marked = [i for i, marks in enumerate(evidence.now.marks) if marks]
        for lines in (telling, marked):
            yield from lines
            for i in lines:
                yield from range(max(0, i - NEARBY), min(total, i + NEARBY + 1))
        yield from range(total)

    shown = bytearray(total)
    for i in ranked():
        if room <= 0:
            break
        if not shown[i]:
            shown[i] = 1
            room -= sizes[i]
    return shown


def _doubts(
    evidence: Evidence, findings: Sequence[Finding]
) -> dict[int, list[tuple[int, int, Finding]]]:
    """The places of findings that nobody waived, by line."""
    found: dict[int, list[tuple[int, int, Finding]]] = {}
    for finding in findings:
        if finding.place is not None and finding.waived is None:
            line, start, end = finding.place
            # The page may be another than when the record was examined.
            if 0 <= line < len(evidence.lines):
                end = min(end, len(evidence.lines[line].text))
                if 0 <= start < end:
                    found.setdefault(line, []).append((start, end, finding))
    return found


def _spans(
    evidence: Evidence,
    i: int,
    differs: Set[str],
    doubts: Sequence[tuple[int, int, Finding]],
    hues: dict[str, int],
    is_first: bool,
) -> Iterator[Span]:
    """The marks of a line in pieces that do not overlap, where doubts lie across them too."""
    claimed = [
        (mark.start, mark.end, "differs" if within(mark.field, differs) else "now", mark.field)
        for mark in evidence.now.marks[i]
    ]
    text = evidence.lines[i].text
    free = _free(evidence.now.marks[i], evidence.lost[i])
    claimed = sorted([*claimed, *(each for each in free if text[each[0] : each[1]].strip())])
    claimed = claimed[:SPANS]
    doubts = doubts[:SPANS]
    ends = {at for start, end, *_ in claimed for at in (start, end)}
    ends.update(at for start, end, _ in doubts for at in (start, end))
    telling = is_first
    position = 0
    for low, high in pairwise(sorted(ends)):
        first = rest = close = ""
        told = False
        for start, end, finding in doubts:
            if start <= low < end:
                name = attribute(finding.invariant)
                title = attribute(f"{finding.field}: {finding.message}")
                told = True
                first = f"<mark class=doubt data-f={name} title={title}>"
                rest = f"<mark class=doubt title={title}>"
                first, close = (first if start == low else rest), "</mark>"
                break
        while position < len(claimed) and claimed[position][1] <= low:
            position += 1
        if position < len(claimed) and claimed[position][0] <= low:
            start, _, style, field = claimed[position]
            name = attribute(field)
            told |= style != "now"
            opening = f'<mark class="h{hue(field, hues)} {style}" title={name}'
            label = f" data-f={name}" if start == low else ""
            first, rest = f"{first}{opening}{label}>", f"{rest}{opening}>"
            close += "</mark>"
        if first:
            if telling and told:
                first = first.replace("<mark", "<mark id=first", 1)
                telling = False
            yield Span(low, high, first, rest, close)


def _free(now: Sequence[Mark], lost: Sequence[Mark]) -> Iterator[tuple[int, int, str, str]]:
    """The spans of ``lost`` without what another field claims now."""
    for mark in lost:
        position = mark.start
        for other in now:
            if other.end > position:
                if other.start >= mark.end:
                    break
                if other.start > position:
                    yield position, other.start, "lost", mark.field
                position = other.end
        if position < mark.end:
            yield position, mark.end, "lost", mark.field


def _windows(length: int, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """What is kept of a very long line: its beginning, both ends of each mark, and its end."""
    wanted = [(0, 4 * AROUND), (length - AROUND, length)]
    for span in spans[: LONG_LINE // (4 * AROUND)]:
        wanted.append((max(0, span.start - AROUND), min(span.end, span.start + 2 * AROUND)))
        wanted.append((max(span.start, span.end - AROUND), min(length, span.end + AROUND)))
    kept: list[tuple[int, int]] = []
    for low, high in sorted(wanted):
        if kept and low <= kept[-1][1] + 40:
            kept[-1] = kept[-1][0], max(high, kept[-1][1])
        else:
            kept.append((low, high))
    return kept
