"""A state as the lines of a screen. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from harness.changes import Change
from harness.errors import HarnessError
from harness.report.evidence import Evidence
from harness.report.words import count
from harness.review.terminal.body import (
    change_lines,
    help_lines,
    next_lines,
    status,
    values_lines,
)
from harness.review.terminal.look import (
    Look,
    beginning,
    end,
    fitted,
    one_line,
    shown,
    visible,
    wrapped,
)
from harness.review.terminal.model import Review, Room, State
from harness.review.terminal.page import lines_of

# Below this nothing can be read, and nobody should decide about what they cannot read.
NARROWEST, LOWEST = 20, 8
# As much as a person scrolls through; wrapping it takes some hundredths of a second.
BODY_CHARS = 30_000

# Most wanted first; what does not fit is left out.
KEYS = {
    "change": (
        ("a", "accept"),
        ("r", "reject"),
        ("s", "skip"),
        ("A/R", "cluster"),
        ("u", "undo"),
        ("?", "help"),
        ("q", "quit"),
        ("j/k", "change"),
        ("n/p", "cluster"),
        ("d", "view"),
        ("/", "find"),
        ("space", "more"),
    ),
    "values": (("A", "accept all"), ("R", "reject all"), ("Esc", "back"), ("space", "more")),
    "help": (("Esc", "back"), ("space", "more")),
    "find": (("Enter", "show these"), ("Esc", "back")),
    "name": (("Enter", "approve"), ("Esc", "back")),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """``height`` lines, none wider than the screen, and how far its text can be scrolled."""

    lines: tuple[Text, ...]
    room: Room
    readable: bool = True


def screen(
    review: Review, state: State, look: Look, evidence: Callable[[Change], Evidence | None]
) -> Frame:
    """What the reviewer sees.

    ``evidence`` is None while the capture was not read; where it raises HarnessError, that is shown
    in its place.
    """
    if look.width < NARROWEST or look.height < LOWEST:
        said = [Text(line) for line in ("too small", "q: quit")][: max(look.height, 1)]
        return Frame(_filled([fitted(line, look) for line in said], look.height), Room(), False)
    head = [fitted(line, look) for line in _head(review, state, look)]
    foot = [fitted(line, look) for line in _foot(review, state, look)]
    text = list(_wrapped_all(_body(review, state, look, evidence), look))
    page = look.height - len(head) - len(foot)
    last = max(0, len(text) - page)
    first = min(state.scroll, last)
    part = text[first : first + page]
    if first < last:
        more = f"… {count(len(text) - first - page + 1, 'more line')}: space"
        part[-1] = fitted(Text(more, "dim"), look)
    lines = [*head, *_filled(part, page), *foot]
    return Frame(tuple(lines), Room(page, last))


def _head(review: Review, state: State, look: Look) -> Iterator[Text]:
    change = review.changes[state.at]
    here = review.cluster_of[state.at]
    cluster = review.clusters[here]
    done = len(review.changes) - state.left
    progress = f"{done:,}/{len(review.changes):,} decided"
    room = look.width - len(progress) - 2
    verdict = beginning(visible(review.verdict, look), room)
    yield Text.assemble((verdict, "bold"), " " * (room - cell_len(verdict) + 2), progress)
    title = Text(f"{here + 1}/{len(review.clusters)} ", "bold")
    yield title + Text(one_line(f"{cluster.title}, {cluster.where}"), "cluster")
    place = 1 + sum(1 for i in state.shown if i < state.at and review.cluster_of[i] == here)
    told = Text(f"{place:,}/{len(cluster.changes):,} ", "bold")
    told += status(state, change) + Text(f" {change.verdict} ", "alert")
    told += Text(one_line(change.field), "bold") + Text(f" {one_line(change.case)}")
    yield told
    yield Text("─" * look.width, "dim")


def _body(
    review: Review, state: State, look: Look, evidence: Callable[[Change], Evidence | None]
) -> Iterator[Text]:
    if state.mode == "help":
        yield from help_lines()
        return
    if state.mode == "values":
        yield from values_lines(review, state, look.width)
        return
    change = review.changes[state.at]
    yield from change_lines(change, state.view, look.width)
    yield Text()
    try:
        found = evidence(change)
    except HarnessError as error:
        yield Text(f"the capture cannot be shown: {error}", "alert")
    else:
        yield Text("the page:" if found else "reading the page …", "dim")
        if found:
            yield from lines_of(change, found)
    yield Text()
    yield from next_lines(change)


def _foot(review: Review, state: State, look: Look) -> Iterator[Text]:
    yield Text("─" * look.width, "dim")
    if state.mode in ("find", "name"):
        asked = "find: " if state.mode == "find" else "approve the golden as: "
        # What is typed last must be seen.
        room = max(4, look.width - len(asked) - 1)
        yield Text.assemble((asked, "bold"), end(visible(state.entry, look), room), "_")
        if state.message:
            yield Text(state.message, "alert")
            return
    else:
        filtered = f"only {state.query!r}" if state.query else ""
        yield Text(state.message or filtered, "alert" if state.message else "dim")
    keys = Text()
    approves = review.changes[state.at].settles == "approve"
    for key, said in KEYS[state.mode]:
        said = "approve" if key == "a" and approves else said
        part = Text.assemble((key, "bold"), " ", said, "  ")
        if keys.cell_len + part.cell_len - 2 <= look.width:
            keys.append_text(part)
    keys.rstrip()
    yield keys


def _wrapped_all(lines: Iterable[Text], look: Look) -> Iterator[Text]:
    room = BODY_CHARS
    for line in lines:
        if room <= 0:
            yield fitted(Text("… and more, which is left out", "dim"), look)
            return
        yield from wrapped(shown(line, look), look.width)
        room -= len(line)


def _filled(lines: list[Text], height: int) -> tuple[Text, ...]:
    return (*lines[:height], *(Text() for _ in range(height - len(lines))))
