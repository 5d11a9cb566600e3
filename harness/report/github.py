"""What GitHub shows of a run: annotations on the pull request, and the step's summary."""

from __future__ import annotations

from collections import Counter

from harness.diff import CATEGORIES
from harness.faults.classes import CLASSES
from harness.model import Run, Verdict
from harness.report import words
from harness.text import shorten, show_unseen

# GitHub shows ten annotations a step and drops the rest without a word; one is left for pytest's
# own. A summary over 1 MiB is dropped whole.
MOST_ANNOTATIONS = 9
MOST_SUMMARY = 900_000


def workflow_commands(run: Run) -> list[str]:
    """Workflow commands, worst results first, at most nine."""
    drifted = words.varied(run)
    shown = drifted[: MOST_ANNOTATIONS - 1] if len(drifted) > MOST_ANNOTATIONS else drifted
    lines = [
        f"::{'error' if result.verdict.severity > Verdict.NEW.severity else 'warning'}"
        f" title={property_of(f'{result.verdict}: {result.id}')}::{message(words.headline(result))}"
        for result in shown
    ]
    if len(shown) < len(drifted):
        rest = len(drifted) - len(shown)
        lines.append(f"::error title=harness::{rest} more captures drifted, see the drift report")
    return lines


def summary(run: Run) -> str:
    """A Markdown summary for ``$GITHUB_STEP_SUMMARY``, cut before GitHub would drop it."""
    lines = [f"### Drift report: {words.sentence(run)}", ""]
    kinds: Counter[tuple[str, str, str]] = Counter()
    for result in run.results:
        # Changes and faults share some of their names, not what these mean.
        changes = {(words.family(r.field), r.diff.category) for r in result.fields}
        doubts = {(words.family(f.field), f.fault) for f in result.suspicions}
        kinds.update((field, kind, CATEGORIES.get(kind, "")) for field, kind in changes)
        kinds.update((field, kind, CLASSES.get(kind, "")) for field, kind in doubts)
    if kinds:
        lines += ["| field | change | captures |", "|---|---|---:|"]
        lines += [
            f"| {code(field)} | {kind}: {meaning} | {count} |"
            for (field, kind, meaning), count in kinds.most_common(40)
        ]
        lines.append("")
    size = sum(len(line.encode()) + 1 for line in lines)
    drifted = run.drifted
    for i, result in enumerate(drifted):
        part = [f"- **{result.verdict}** {code(result.id)}: {cell(words.headline(result))}"]
        size += len(part[0].encode()) + 1
        if size > MOST_SUMMARY:
            lines.append(f"- … and {len(drifted) - i} more, see the drift report")
            break
        lines += part
    if run.orphans:
        lines += ["", f"{len(run.orphans)} orphaned snapshots: `harness lint --prune-orphans`"]
    return "\n".join(lines) + "\n"


def cell(text: str, width: int = 300) -> str:
    """Foreign text in Markdown: no markup, no table cells of its own, no mentions."""
    shown = show_unseen(shorten(text, width))
    for char in "\\`|<>*_[]#":
        shown = shown.replace(char, f"\\{char}" if char != "`" else "'")
    return shown.replace("@", "@\u200b")


def code(text: str) -> str:
    """The same as code, where only its own end and that of a table cell are markup."""
    shown = show_unseen(shorten(text, 300)).replace("`", "'").replace("|", "\\|")
    return f"`{shown}`"


def message(text: str) -> str:
    """Text of a workflow command; it can neither end the command nor start another."""
    # https://docs.github.com/actions/reference/workflow-commands-for-github-actions: these end a
    # command or start another.
    return show_unseen(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_of(text: str) -> str:
    """The same for a property of the command, its title for one."""
    return message(text).replace(":", "%3A").replace(",", "%2C")
