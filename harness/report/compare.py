"""A comparison for people in a terminal, and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from harness.clusters import Cluster
from harness.comparison import (
    Comparison,
    FieldChange,
    FieldNumbers,
    PageChange,
    Side,
    Summary,
    loss,
    notes,
    p_value,
    sentence,
    signed,
    worst,
)
from harness.model import family_of
from harness.report.words import count, hunk_lines
from harness.text import shorten

FORMAT = "harness-compare/1"
# Of the worst pages so many are shown with their texts, the rest a line each.
SHOWN_WHOLE = 4
# No pair of releases had more pages that lost much; of a broken extractor these are enough.
SHOWN_LINES = 250
SHOWN_BETTER = 5
SHOWN_CLUSTERS = 8
SHOWN_SITES = 8
COLOURS = {"worse": "red", "better": "green", "unsure": "yellow", "neutral": None}
BASES = {
    "golden": "by the golden",
    "invariants": "by the invariants",
    "page": "by the page",
    "equal": "",
}


# --- as JSON --------------------------------------------------------------------------------------


def document(found: Comparison, summary: Summary) -> dict[str, Any]:
    """The comparison as the document ``harness-compare/1`` (docs/compare.md), plain values."""
    return {
        "format": FORMAT,
        "sentence": sentence(found, summary),
        "sides": {"a": _side(found.old), "b": _side(found.new)},
        "captures": found.captures,
        "sites": {site: dict(counts) for site, counts in summary.sites.items()},
        "counts": found.counts,
        "sure": found.sure,
        "interrupted": found.interrupted,
        "no_body_token_changed": summary.same_words,
        "neither": found.neither,
        "notes": list(notes(found, summary)),
        "statistics": {
            "body": _numbers(summary.body),
            "fields": {each.field: _numbers(each) for each in summary.fields},
        },
        "clusters": [_cluster(each) for each in found.clusters if len(each.captures) > 1],
        "skipped": [{"capture": name, "reason": reason} for name, reason in found.skipped],
        "command": found.command,
        "environment": dict(found.environment),
        "pages": [_page(page) for page in found.pages],
    }


def dumps(found: Comparison, summary: Summary) -> str:
    """:func:`document` as text, a page a line; lone surrogates are escaped."""
    head = document(found, summary)
    pages = ",\n".join(map(_dump, head.pop("pages")))
    return f'{_dump(head)[:-1]}, "pages": [\n{pages}\n]}}\n'


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _side(side: Side) -> dict[str, Any]:
    return {
        "label": side.label,
        "version": side.version,
        "identity": side.identity,
        "seconds": side.seconds,
        "measured": side.measured,
    }


def _page(page: PageChange) -> dict[str, Any]:
    decisive, body = page.decisive, page.body
    return {
        "capture": page.capture,
        "site": page.site,
        "verdict": page.verdict,
        "mixed": page.mixed,
        "confidence": round(decisive.judgement.confidence, 4),
        "delta": round(decisive.judgement.delta, 6),
        "basis": decisive.judgement.basis,
        "at_risk": round(page.at_risk, 6),
        "body": body
        and {
            "tokens_a": body.tokens_old,
            "tokens_b": body.tokens_new,
            "tokens_removed": body.tokens_removed,
            "tokens_added": body.tokens_added,
            "f1_a": body.f1_a,
            "f1_b": body.f1_b,
        },
        "fields": [_field(change) for change in page.fields],
    }


def _field(change: FieldChange) -> dict[str, Any]:
    judged = change.judgement
    return {
        "field": change.field,
        "category": change.category,
        "verdict": judged.verdict,
        "confidence": round(judged.confidence, 4),
        "delta": round(judged.delta, 6),
        "basis": judged.basis,
        "reasons": list(judged.reasons),
        "summary": summary_of(change),
        "score_a": change.scores and change.scores[0],
        "score_b": change.scores and change.scores[1],
    }


def _numbers(numbers: FieldNumbers) -> dict[str, Any]:
    return {
        "changed": numbers.changed,
        "better": numbers.better,
        "worse": numbers.worse,
        "unsure": numbers.unsure,
        "neutral": numbers.neutral,
        "categories": dict(numbers.categories),
        "sign_test_p": numbers.p,
        "goldens": numbers.goldens,
        "mean_delta": numbers.mean,
        "interval_95": numbers.interval and list(numbers.interval),
        "right_only_a": numbers.only_a,
        "right_only_b": numbers.only_b,
        "mcnemar_p": numbers.p_right,
    }


def _cluster(each: Cluster) -> dict[str, Any]:
    return {
        "field": each.field,
        "category": each.category,
        "captures": len(each.captures),
        "edits": each.edits,
        "severity": round(each.severity, 4),
        "exact": each.exact,
        "values": [
            {
                "removed": [shorten(t, 200) for t in removed],
                "added": [shorten(t, 200) for t in added],
                "edits": number,
            }
            for (removed, added), number in each.values[:10]
        ],
        "examples": list(each.captures[:10]),
    }


# --- for the terminal -----------------------------------------------------------------------------


def full(found: Comparison, summary: Summary, written: Path | None = None) -> Iterator[str]:
    """The comparison for people: the worst pages, what recurs, the counts, and one sentence.

    ``written`` is where its page is.
    """
    listed = worst(found.pages)[:SHOWN_LINES]
    for page in listed[:SHOWN_WHOLE]:
        yield from page_lines(page)
        yield ""
    rest = listed[SHOWN_WHOLE:]
    yield from (page_line(page) for page in rest)
    told = sum(page.verdict in ("worse", "unsure") for page in listed)
    unlisted = len(found.worse) + len(found.of("unsure")) - told
    if unlisted:
        yield f"… and {count(unlisted, 'more page')} worse or unsure, see the comparison's page"
    if rest or unlisted:
        yield ""
    if found.better:
        yield click.style(f"{count(len(found.better), 'page')} better, the most first:", bold=True)
        yield from (page_line(page) for page in found.better[:SHOWN_BETTER])
        yield ""
    yield from _cluster_lines(found)
    yield from _field_lines(summary)
    yield from _site_lines(summary)
    yield from (click.style(f"note: {note}", fg="yellow") for note in notes(found, summary))
    if speed := speeds(found):
        yield click.style(speed, dim=True)
    if written:
        yield f"report: {written}"
    clean = not found.worse and not found.interrupted
    yield click.style(sentence(found, summary), bold=True, fg="green" if clean else None)


def page_lines(page: PageChange) -> Iterator[str]:
    """One page for people: each field that changed, why it is judged so, and the texts."""
    mixed = " (mixed: better in another field)" if page.mixed else _doubt(page)
    yield f"{badge(page.verdict)} {click.style(page.capture, bold=True)}{mixed}"
    for change in page.fields[:6]:
        yield f"  {field_line(page, change)}"
        for reason in change.judgement.reasons[:3]:
            yield click.style(f"    {shorten(reason, 200)}", dim=True)
        for diff in change.diffs[:2]:
            for hunk in diff.hunks[:2]:
                yield from (f"  {_coloured(line)}" for line in hunk_lines(hunk, width=300))
        left = sum(len(diff.hunks) for diff in change.diffs) - 2
        if left > 0:
            yield click.style(f"    … and {count(left, 'more place')}", dim=True)
    if len(page.fields) > 6:
        yield f"  … and {count(len(page.fields) - 6, 'more field')}"


def _doubt(page: PageChange) -> str:
    return " (hard to tell: look)" if page.verdict == "better" and page.is_at_risk else ""


def page_line(page: PageChange) -> str:
    """One page in one line."""
    change = page.decisive
    more = f" and {count(len(page.fields) - 1, 'more field')}" if len(page.fields) > 1 else ""
    said = f"{change.field}: {summary_of(change)}"
    name = click.style(page.capture, bold=True)
    judged = judged_words(page, change)
    return f"{badge(page.verdict)} {judged} {name} {shorten(said, 120)}{more}{_doubt(page)}"


def field_line(page: PageChange, change: FieldChange) -> str:
    """What changed in a field, and the judgement, in one line."""
    basis = BASES[change.judgement.basis]
    head = f"{shorten(change.field, 80)}: {shorten(summary_of(change), 300)} [{change.category}]"
    judged = f"{change.judgement.verdict} {judged_words(page, change)} {basis}".rstrip()
    return f"{head} {click.style(judged, fg=COLOURS[change.judgement.verdict])}"


def judged_words(page: PageChange, change: FieldChange) -> str:
    """How much, and how sure where that is not certain: ``−0.42 F1``, ``about −0.3, 70 % sure``."""
    if change.judgement.verdict == "neutral":
        return "" if change.judgement.confidence >= 1 else f"{_percent(change)} sure"
    if change.judgement.basis in ("golden", "equal"):
        return loss(page, change)
    return f"{loss(page, change)}, {_percent(change)} sure"


def _percent(change: FieldChange) -> str:
    return f"{change.judgement.confidence * 100:.0f} %"


def summary_of(change: FieldChange) -> str:
    """What changed in a field in one line: of several parts the first, and how many there are."""
    if not change.diffs:
        return ""
    first, more = change.diffs[0], len(change.diffs) - 1
    said = shorten(first.summary, 300)
    if first.field != change.field:
        said = f"{shorten(first.field, 80)} {said}"
    return said + (f"; and {count(more, 'more change')}" if more else "")


def badge(verdict: str) -> str:
    """A page's verdict as a coloured word."""
    return click.style(verdict, fg=COLOURS[verdict], bold=True)


def speeds(found: Comparison) -> str:
    """How long a page takes on either side, where that was measured in this run."""
    told = [
        f"{shorten(side.label, 60)} {side.seconds * 1000:,.1f} ms"
        for side in (found.old, found.new)
        if side.seconds is not None
    ]
    return f"median time of a page: {', '.join(told)}" if told else ""


def _coloured(line: str) -> str:
    stripped = line.lstrip()
    colour = "red" if stripped.startswith("- ") else "green" if stripped.startswith("+ ") else None
    return click.style(line, fg=colour)


def _cluster_lines(found: Comparison) -> Iterator[str]:
    recurring = [each for each in found.clusters if len(each.captures) > 1]
    if not recurring:
        return
    yield click.style("the same edit on several pages:", bold=True)
    yield from (f"  {cluster_line(each)}" for each in recurring[:SHOWN_CLUSTERS])
    if len(recurring) > SHOWN_CLUSTERS:
        yield f"  … and {count(len(recurring) - SHOWN_CLUSTERS, 'more kind')} of edit"
    yield ""


def cluster_line(each: Cluster) -> str:
    """A cluster in one line: field, category, how many pages, and the texts."""
    (removed, added), _ = each.values[0]
    gone = " … ".join(f"'{shorten(text, 50)}'" for text in removed[:2])
    come = " … ".join(f"'{shorten(text, 50)}'" for text in added[:2])
    edit = f"{gone} → {come}" if gone and come else f"lost {gone}" if gone else f"gained {come}"
    like = "" if each.exact else f" with {count(len(each.values), 'value')}, e.g."
    pages = count(len(each.captures), "page")
    return f"{shorten(each.field, 80)} [{each.category}] on {pages}{like or ':'} {edit}"


def _field_lines(summary: Summary) -> Iterator[str]:
    if not summary.fields:
        return
    yield click.style(
        f"{'field':<18}{'worse':>7}{'better':>8}{'unsure':>8}{'neutral':>9}   what", bold=True
    )
    for each in summary.fields[:12]:
        kinds = ", ".join(f"{n} {category}" for category, n in list(each.categories.items())[:4])
        scored = ""
        if each.mean is not None:
            scored = f"; mean {signed(each.mean, 3)} of {each.goldens:,}, {p_value(each.p)}"
        yield (
            f"{shorten(family_of(each.field), 17):<18}{each.worse:>7,}{each.better:>8,}"
            f"{each.unsure:>8,}{each.neutral:>9,}   {kinds}{scored}"
        )
    yield ""


def _site_lines(summary: Summary) -> Iterator[str]:
    moved = ranked_sites(summary.sites)
    if len(summary.sites) < 2 or not moved:
        return
    yield click.style("by site:", bold=True)
    for site, counts in moved[:SHOWN_SITES]:
        told = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items() if n)
        yield f"  {site}: {told}"
    if len(moved) > SHOWN_SITES:
        yield f"  … and {count(len(moved) - SHOWN_SITES, 'more site')} with changes"
    yield ""


def ranked_sites(sites: Mapping[str, Mapping[str, int]]) -> list[tuple[str, Mapping[str, int]]]:
    """The sites with changed pages, those with most that are worse first."""
    moved = [item for item in sites.items() if sum(item[1].values()) > item[1]["unchanged"]]
    return sorted(
        moved,
        key=lambda item: (
            -item[1].get("worse", 0),
            -item[1].get("unsure", 0),
            -item[1].get("better", 0),
            item[0],
        ),
    )
