"""A comparison in words: the sentence to paste, and what the numbers alone do not say."""

from __future__ import annotations

from collections.abc import Iterator

from harness.comparison.judging import verdict_of
from harness.comparison.model import RECORD, Comparison, FieldChange, PageChange, Side
from harness.comparison.summary import FieldNumbers, Summary, body_of
from harness.statistics import none_seen
from harness.text import shorten


def title(old: Side, new: Side) -> str:
    """Both sides in few words: ``trafilatura 1.12.2 → 2.0.0`` where only the release differs."""
    first, _, was = old.label.partition("==")
    second, _, now = new.label.partition("==")
    if first == second and was and now and "," not in was + now:
        return f"{shorten(first)} {shorten(was)} → {shorten(now)}"
    return f"{_name(old)} → {_name(new)}"


def _name(side: Side) -> str:
    shown = shorten(side.label, 80)
    return f"{shown} ({shorten(side.version)})" if side.version else shown


def sentence(found: Comparison, summary: Summary) -> str:
    """The comparison in one sentence that a maintainer can paste into a pull request."""
    sites = len(found.compared)
    of_sites = f" of {_count(sites, 'site')}" if sites > 1 else ""
    said = f"{title(found.old, found.new)} on {_count(found.captures, 'capture')}{of_sites}: "
    if not found.captures:
        said += "nothing was compared"
    elif found.neither == found.captures:
        said += "neither side gives a record"
    elif not found.pages:
        said += "every record is the same" if not found.only else "no such field changed"
    else:
        told = filter(None, (_body(found, summary), _others(found, summary)))
        said += "; ".join(told) or "nothing changed that means anything else"
    partial = f"interrupted, {found.captures} of {found.planned} captures: "
    return f"{partial if found.interrupted else ''}{said}."


def _body(found: Comparison, summary: Summary) -> str:
    body = summary.body
    if summary.same_words:
        return f"no body token changed on any of {_count(found.captures, 'page')}"
    if not body.changed:
        return ""
    parts = [
        f"body better on {body.better:,}{_of_them(found, 'better', 'no longer raise')}",
        f"worse on {body.worse:,}{_of_them(found, 'worse', 'raise')}{_worst(found)}",
    ]
    if body.unsure:
        parts.append(f"changed on {body.unsure:,} where the page does not tell")
    same = found.captures - body.better - body.worse - body.unsure
    return f"{', '.join(parts)}, unchanged on {same:,}; {_statistics(body, found.captures)}"


def _of_them(found: Comparison, verdict: str, what: str) -> str:
    changes = filter(None, (_whole(page) for page in found.pages))
    number = sum(change.judgement.verdict == verdict for change in changes)
    return f" ({number:,} {what})" if number else ""


def _whole(page: PageChange) -> FieldChange | None:
    return next((f for f in page.fields if f.field == RECORD), None)


def _worst(found: Comparison) -> str:
    for page in found.worse:
        change = body_of(page)
        if change and verdict_of(change, found.sure) == "worse":
            if change.field == RECORD:
                return f" (worst {page.capture}: it raises)"
            return f" (worst {page.capture}: {loss(page, change)})"
    return ""


def loss(page: PageChange, change: FieldChange) -> str:
    """How much a field lost or gained: ``−0.42 F1`` by a golden, ``about −0.40`` by estimate."""
    delta = signed(change.judgement.delta)
    if change.judgement.basis == "golden":
        by_f1 = change.role == "body" and page.body and page.body.f1_a is not None
        return f"{delta} F1" if by_f1 else f"{delta} score"
    return f"about {delta}"


def signed(value: float, digits: int = 2) -> str:
    """A difference with its sign, the minus a true one: ``+0.010``, ``−0.42``, ``0.00``."""
    shown = f"{value:+.{digits}f}"
    if not shown.strip("+-0.") and abs(value) >= 0.0005:
        shown = f"{value:+.3f}"  # what is called worse did lose something
    if not shown.strip("+-0."):
        return shown[1:]
    return shown.replace("-", "−")


def _statistics(body: FieldNumbers, captures: int) -> str:
    test = f"sign test {p_value(body.p)}"
    if body.mean is None or body.interval is None:
        return f"judged without goldens, {test}"
    low, high = (signed(each, 3) for each in body.interval)
    where = "" if body.goldens == captures else f" of {body.goldens:,} with goldens"
    return f"mean F1 {signed(body.mean, 3)}{where} (95 % {low}…{high}, {test})"


def p_value(p: float) -> str:
    """A test's p as people write it: ``p = 0.035``, ``p < 0.001``."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def _others(found: Comparison, summary: Summary) -> str:
    """What became of the fields beside the body; neutral changes are in the notes."""
    parts = []
    for each in summary.fields:
        if each.field in (*found.bodies, RECORD):
            continue
        said = [
            f"{verdict} on {n:,}"
            for verdict in ("better", "worse")
            if (n := each.verdicts.get(verdict))
        ]
        if each.unsure:
            said.append(f"changed on {each.unsure:,}")
        if said:
            parts.append(f"{shorten(each.field, 40)} {', '.join(said)}")
    return "; ".join(parts)


def notes(found: Comparison, summary: Summary) -> Iterator[str]:
    """What a reader of the numbers might miss, each in a sentence."""
    body = summary.body
    if body.worse and body.mean is not None and body.mean > -0.0005:
        verb = "did not fall" if body.mean < 0.0005 else f"rose by {body.mean:.3f}"
        yield (
            f"the mean F1 {verb}, and yet {_pages_are(body.worse)} worse"
            f" ({body.better:,} better): a mean hides what single pages lose"
        )
    if raised := [page for page in found.pages if _raises(page)]:
        yield f"the new side gives no record on {_count(len(raised), 'page')}: it raises"
    if found.neither:
        pages = _count(found.neither, "page")
        yield f"neither side gives a record on {pages}; first: {shorten(found.raised, 120)}"
    if summary.same_words and found.pages:
        yield f"no body token changed on any of {_count(found.captures, 'page')}"
    for each in summary.fields:
        if each.changed == each.verdicts.get("neutral", 0) and each.field != RECORD:
            kinds = ", ".join(_reasons(found, each.field))
            pages = _count(each.changed, "page")
            yield f"{shorten(each.field, 60)} changed on {pages}, and means the same: {kinds}"
    mixed = sum(page.mixed for page in found.pages)
    if mixed:
        yield (
            f"{_pages_are(mixed)} mixed, better in one field and worse in another; these count as"
            " worse"
        )
    if found.captures and not found.worse and not found.of("unsure"):
        yield none_seen(found.captures)
    if len(found.compared) == 1 and body.mean:
        yield "all captures are of one site: the interval says nothing about others"
    if found.skipped:
        first, reason = found.skipped[0]
        left = _count(len(found.skipped), "capture")
        yield f"{left} left out, first {first}: {shorten(reason, 120)}"


def _raises(page: PageChange) -> bool:
    return any(f.field == RECORD and f.judgement.verdict == "worse" for f in page.fields)


def _reasons(found: Comparison, name: str) -> list[str]:
    reasons = {
        reason
        for page in found.pages
        for change in page.fields
        if change.field == name
        for reason in change.judgement.reasons[:1]
    }
    return sorted(reasons)[:3]


def _pages_are(number: int) -> str:
    return f"{number:,} page{' is' if number == 1 else 's are'}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
