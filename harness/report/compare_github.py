"""What GitHub shows of a comparison: annotations on the pull request, and the step's summary."""

from __future__ import annotations

from collections.abc import Sequence

from harness.comparison import Comparison, PageChange, Summary, notes, sentence
from harness.report.compare import cluster_line, judged_words, ranked_sites, speeds, summary_of
from harness.report.github import MOST_ANNOTATIONS, message, property_of
from harness.report.markdown import MOST_SUMMARY, cell, code, code_cell, size
from harness.report.words import count

_MOST_CLUSTERS, _MOST_SITES = 20, 30


def workflow_commands(found: Comparison) -> list[str]:
    """Annotations of the worst pages, at most nine; the last says how many more there are."""
    listed = [*found.worse, *found.of("unsure")]
    shown = listed[: MOST_ANNOTATIONS - 1] if len(listed) > MOST_ANNOTATIONS else listed
    lines = [
        f"::warning title={property_of(f'{page.verdict}: {page.capture}')}::{message(_said(page))}"
        for page in shown
    ]
    if rest := len(listed) - len(shown):
        more = f"{count(rest, 'more page')} worse or unsure, see the comparison's page"
        lines.append(f"::warning title=harness compare::{more}")
    return lines


def summary_text(found: Comparison, summary: Summary) -> str:
    """A Markdown summary for ``$GITHUB_STEP_SUMMARY``, cut before GitHub would drop it."""
    lines = [f"### {cell(sentence(found, summary), 1000)}", ""]
    lines += [f"- {cell(note)}" for note in notes(found, summary)]
    lines += _fields(summary) + _sites(summary)
    recurring = [each for each in found.clusters if len(each.captures) > 1][:_MOST_CLUSTERS]
    if recurring:
        lines += ["", "The same edit on several pages:", ""]
        lines += [f"- {cell(cluster_line(each))}" for each in recurring]
    room = MOST_SUMMARY - size(lines)
    for heading, pages in (
        ("Worse and unsure, worst first:", [*found.worse, *found.of("unsure")]),
        ("Better:", found.better),
    ):
        made = _pages(heading, pages, room)
        room -= size(made)
        lines += made
    if speed := speeds(found):
        lines += ["", cell(speed)]
    return "\n".join(lines) + "\n"


def _pages(heading: str, pages: Sequence[PageChange], room: int) -> list[str]:
    if not pages:
        return []
    lines = ["", heading, ""]
    for i, page in enumerate(pages):
        line = f"- **{page.verdict}** {code(page.capture)}: {cell(_said(page))}"
        room -= size([line])
        if room < 0:
            lines.append(f"- … and {count(len(pages) - i, 'more page')}")
            break
        lines.append(line)
    return lines


def _said(page: PageChange) -> str:
    change = page.decisive
    more = f"; and {count(len(page.fields) - 1, 'more field')}" if len(page.fields) > 1 else ""
    mixed = "; better in another field" if page.mixed else ""
    judged = judged_words(page, change)
    return f"{change.field}: {summary_of(change)} ({judged or 'neutral'}){more}{mixed}"


def _fields(summary: Summary) -> list[str]:
    if not summary.fields:
        return []
    head = ["", "| field | worse | better | unsure | neutral | what |", "|---|--:|--:|--:|--:|---|"]
    return head + [
        f"| {code_cell(each.field)} | {each.worse} | {each.better} | {each.unsure}"
        f" | {each.neutral} |"
        f" {', '.join(f'{n} {kind}' for kind, n in each.categories.items())} |"
        for each in summary.fields[:40]
    ]


def _sites(summary: Summary) -> list[str]:
    moved = ranked_sites(summary.sites)
    if len(summary.sites) < 2 or not moved:
        return []
    lines = ["", "| site | worse | better | unsure | pages |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {code_cell(site)} | {n.get('worse', 0)} | {n.get('better', 0)} | {n.get('unsure', 0)} |"
        f" {sum(n.values())} |"
        for site, n in moved[:_MOST_SITES]
    ]
    left = len(moved) - _MOST_SITES
    return lines if left <= 0 else [*lines, "", f"… and {count(left, 'more site')}"]
