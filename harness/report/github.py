"""What GitHub shows of a run: annotations on the pull request, and the step's summary."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from harness.changes import Change
from harness.errors import HarnessError
from harness.model import Run, Verdict
from harness.report import words
from harness.report.remarks import Files, Place, orphan_place, orphan_said, place_of, said
from harness.text import shorten, show_unseen

if TYPE_CHECKING:
    from harness.clusters import ChangeCluster

# GitHub shows ten annotations a step and drops the rest without a word; one is left for pytest's
# own.
MOST_ANNOTATIONS = 9


def workflow_commands(run: Run, clusters: Sequence[ChangeCluster], files: Files) -> list[str]:
    """Annotations as workflow commands, at most nine, each at its line of a stored file.

    First the worst change of every cluster, then what else is in them; the last says how much more
    there is.
    """
    ranked = _ranked(clusters)
    left = len(run.orphans) if run.update == "none" else 0
    room = MOST_ANNOTATIONS if len(ranked) + left <= MOST_ANNOTATIONS else MOST_ANNOTATIONS - 1
    shown = ranked[:room]
    lines = [_annotation(change, cluster, files) for change, cluster in shown]
    if room < MOST_ANNOTATIONS:
        return [*lines, _rest(len(ranked) - len(shown), left)]
    return lines + [
        _command("error", f"orphan: {orphan}", orphan_said(orphan), orphan_place(orphan, files))
        for orphan in run.orphans[:left]
    ]


def step_summary(environ: Mapping[str, str] = os.environ) -> str:
    """The file of the step's summary; "" where no step of GitHub's runs."""
    return environ.get("GITHUB_STEP_SUMMARY", "")


def append_summary(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """Adds Markdown to the summary of the step that runs; does nothing where none does.

    Raises HarnessError when it cannot be written.
    """
    path = step_summary(environ)
    if not path:
        return
    try:
        # Pages and paths hold halves of characters, which UTF-8 does not.
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise HarnessError(f"cannot write $GITHUB_STEP_SUMMARY, {path}: {error.strerror}") from None


def message(text: str) -> str:
    """Text of a workflow command; it can neither end the command nor start another."""
    # https://docs.github.com/actions/reference/workflow-commands-for-github-actions: these end a
    # command or start another.
    return show_unseen(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_of(text: str) -> str:
    """The same for a property of the command, its title for one."""
    return message(text).replace(":", "%3A").replace(",", "%2C")


def _ranked(clusters: Sequence[ChangeCluster]) -> list[tuple[Change, ChangeCluster]]:
    """Every change with its cluster: one of each cluster, worst first, then the next of each."""
    ranked = []
    for place, cluster in enumerate(clusters):
        worst_first = sorted(cluster.changes, key=lambda change: -change.verdict.severity)
        for turn, change in enumerate(worst_first[:MOST_ANNOTATIONS]):
            ranked.append(((turn, -change.verdict.severity, place), change, cluster))
        ranked += [
            ((MOST_ANNOTATIONS, 0, place), change, cluster)
            for change in worst_first[MOST_ANNOTATIONS:]
        ]
    ranked.sort(key=lambda item: item[0])
    return [(change, cluster) for _, change, cluster in ranked]


def _annotation(change: Change, cluster: ChangeCluster, files: Files) -> str:
    text = said(change)
    if more := len(cluster.changes) - 1:
        text += f"\n{words.count(more, 'more change')} like it: {shorten(cluster.where, 120)}"
    kind = "error" if change.verdict.severity > Verdict.NEW.severity else "warning"
    return _command(kind, f"{change.verdict}: {change.case}", text, place_of(change, files))


def _command(kind: str, title: str, text: str, place: Place) -> str:
    at = f"file={property_of(place.path)},line={place.line}," if place.inside else ""
    return f"::{kind} {at}title={property_of(title)}::{message(text)}"


def _rest(changes: int, orphans: int) -> str:
    counts = ((changes, "more change"), (orphans, "orphaned snapshot"))
    said = " and ".join(words.count(n, noun) for n, noun in counts if n)
    return f"::error title=harness::{said}, see the drift report"
