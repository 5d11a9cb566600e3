"""What stands between head and foot of the screen: a change, a cluster's values, the keys. No I/O.

Lines are rich texts that still have to be wrapped; their styles are those of ``console.STYLES``.
Removed text stands in ``[-…-]`` and added in ``{+…+}``, as in wdiff, so that it is told without
colours too.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.text import Text

from harness import records
from harness.changes import Change
from harness.diff import CATEGORIES, plain
from harness.faults.classes import CLASSES
from harness.model import FieldResult, Hunk, Piece
from harness.report.words import count, waive_command
from harness.review.terminal.look import wrapped
from harness.review.terminal.model import Known, Review, State, View, decided

# Nobody reads more of one text in a terminal; pages hold texts of megabytes.
TEXT_CHARS = 2_000
HUNK_CHARS = 8_000
HUNKS = 30
VALUES = 400
# So much of what did not change tells where in a paragraph an edit stands.
CONTEXT = 80

HELP = (
    ("j k, down up", "next and previous change"),
    ("n p, right left", "next and previous cluster"),
    ("a", "accept this change; approve, where a golden is against it"),
    ("r", "reject it: it stays as it is, and is known to be wrong"),
    ("s", "skip: on to the next open change"),
    ("A R", "accept or reject what is open in the cluster and may be decided at once"),
    ("Enter", "the different values of the cluster; a cluster of one shape is accepted there"),
    ("u", "undo the last decision; again, the one before it"),
    ("d", "inline, side by side, old, new"),
    ("/", "only what holds these words: a site, a field, a category, a text; empty: all"),
    ("space b", "further down and up, where there is more than fits"),
    ("?", "this list"),
    ("q", "leave; what was decided is kept"),
)


def help_lines() -> Iterator[Text]:
    """The keys and what they do."""
    width = max(len(keys) for keys, _ in HELP)
    for keys, said in HELP:
        yield Text.assemble((f"{keys:<{width}}  ", "bold"), said)


def values_lines(review: Review, state: State, width: int) -> Iterator[Text]:
    """The distinct values of the cluster, and what of it is decided one by one.

    Each is cut to two lines; its changes show it whole.
    """
    cluster = review.clusters[review.cluster_of[state.at]]
    number = len(cluster.values)
    yield Text(f"{count(number, 'different value')} in {count(len(cluster.changes), 'change')}:")
    yield Text()
    for old, new, n in cluster.values[:VALUES]:
        times = f"{n:,} × "
        room = 2 * width - len(times) - width // 4
        yield Text.assemble((times, "bold"), _sides(old, new, room))
    if number > VALUES:
        yield Text(f"and {number - VALUES:,} more: decide these one by one", "alert")
    alone = [change for change in cluster.changes if change.alone]
    if alone:
        yield Text()
        yield Text(f"! {count(len(alone), 'change')} of these to decide one by one:", "alert")
        for reason in dict.fromkeys(change.alone for change in alone):
            yield Text(f"  {reason}", "alert")


def change_lines(change: Change, view: View, width: int) -> Iterator[Text]:
    """One change without its page: what happened, what to mind, the texts."""
    meaning = CATEGORIES.get(change.category, "") or CLASSES.get(change.category, "")
    yield Text(_cut(change.summary, 400)) if change.summary else Text(meaning)
    if meaning and change.summary:
        yield Text(f"{change.category}: {meaning}", "dim")
    if change.alone:
        yield Text(f"! one by one: {change.alone}", "alert")
    if change.of > 1:
        yield Text(
            f"{change.root} is written when all {change.of} changes in it are accepted", "dim"
        )
    if change.found is not None:
        yield from _against(change.found)
        yield Text()
        yield from _diff(change.found, view, width)
    elif change.finding is not None:
        yield from _finding(change)
    elif change.what == "failure":
        yield from _failure(change)
    elif change.what == "new" and change.result.record is not None:
        yield Text()
        yield from _record(change)


def next_lines(change: Change) -> Iterator[Text]:
    """The commands for this case."""
    typed = shlex.quote(change.case)
    yield Text(f"again:  harness check {typed}", "dim")
    if change.finding is not None:
        yield Text(f"waive:  {waive_command(change.result, change.finding)}", "dim")
    elif change.settles == "accept" and change.what != "failure":
        field = "" if change.root == "*" else f" --field {shlex.quote(change.root)}"
        yield Text(f"accept: harness accept {typed}{field}", "dim")


def status(state: State, change: Change) -> Text:
    """What is decided about a change, in a word or two."""
    known = decided(state, change)
    if known is None:
        return Text("open", "open")
    return Text(_decided(known), "old" if known.decision == "reject" else "now")


def _decided(known: Known) -> str:
    words = {"accept": "accepted", "reject": "rejected", "approve": "approved"}
    said = words[known.decision]
    if known.decision != "reject" and not known.written:
        said += ", not written yet"
    return f"{said} by {known.by}" if known.by else said


def _against(found: FieldResult) -> Iterator[Text]:
    if found.against == "golden":
        yield Text("differs from the golden (- expected, + now)", "alert")
    elif found.golden == "agrees":
        yield Text("the golden agrees with the new value: likely a repair", "now")
    elif found.golden == "contradicts":
        yield Text("the golden contradicts the new value", "alert")


def _diff(found: FieldResult, view: View, width: int) -> Iterator[Text]:
    diff = found.diff
    for hunk in diff.hunks[:HUNKS]:
        if hunk.where:
            yield Text(f"{hunk.where}:", "dim")
        if view == "inline":
            yield _inline(hunk)
        elif view == "aside":
            yield from _aside(hunk, width)
        else:
            yield _side(hunk, "-" if view == "old" else "+")
    if len(diff.hunks) > HUNKS:
        yield Text(f"and {count(len(diff.hunks) - HUNKS, 'more place')}", "dim")


def _inline(hunk: Hunk) -> Text:
    shown = Text()
    last = len(hunk.pieces) - 1
    for i, piece in enumerate(hunk.pieces):
        if len(shown) > HUNK_CHARS:
            return shown.append(f" … and {count(last + 1 - i, 'more piece')}", "dim")
        if piece.op == "=":
            shown.append(_same(piece.text, i > 0, i < last))
        elif piece.op == "-":
            shown.append(f"[-{_edited(piece)}-]", "old")
        else:
            shown.append(f"{{+{_edited(piece)}+}}", "now")
    return shown


def _side(hunk: Hunk, op: str) -> Text:
    """The old (``-``) or the new text alone, what differs marked."""
    shown = Text("- " if op == "-" else "+ ", "old" if op == "-" else "now")
    last = len(hunk.pieces) - 1
    here = False
    for i, piece in enumerate(hunk.pieces):
        if len(shown) > HUNK_CHARS:
            return shown.append(f" … and {count(last + 1 - i, 'more piece')}", "dim")
        if piece.op == "=":
            shown.append(_same(piece.text, i > 0, i < last))
            here = True
        elif piece.op == op:
            shown.append(_edited(piece), "old" if op == "-" else "now")
            here = True
    return shown if here else shown + Text("nothing", "dim")


def _aside(hunk: Hunk, width: int) -> Iterator[Text]:
    """Old and new in two columns, one below the other where they are too narrow to be read."""
    half = (width - 3) // 2
    if half < 24:
        yield from (_side(hunk, "-"), _side(hunk, "+"))
        return
    old, new = (wrapped(_side(hunk, op), half) for op in "-+")
    for i in range(max(len(old), len(new))):
        left = old[i] if i < len(old) else Text()
        left.append(" " * (half - left.cell_len))
        yield left + Text(" | ", "dim") + (new[i] if i < len(new) else Text())


def _sides(old: str, new: str, room: int) -> Text:
    """What went and what came in about so many characters."""
    room -= 4 + (5 if old and new else 0)
    half = max(room // 2, room - len(new) if len(new) < room // 2 else 0)
    shown = Text()
    if old:
        shown.append(f"[-{_middle(old, half if new else room)}-]", "old")
    if new:
        shown.append(" " if old else "")
        shown.append(f"{{+{_middle(new, room - min(len(old), half))}+}}", "now")
    return shown if old or new else Text("nothing", "dim")


def _middle(text: str, most: int) -> str:
    """A text with its middle left out where it is longer: both its ends tell."""
    if len(text) <= max(most, 8):
        return text
    most = max(most, 8) - 3
    return f"{text[: most - most // 2]} … {text[len(text) - most // 2 :]}"


def _finding(change: Change) -> Iterator[Text]:
    finding = change.finding
    if finding is None:
        return
    yield Text(f"by invariant {finding.invariant}", "dim")
    if finding.quote and finding.quote not in finding.message:
        yield Text()
        yield Text(_cut(finding.quote), "old")


def _failure(change: Change) -> Iterator[Text]:
    failure = change.result.failure
    if failure is None:
        return
    yield Text()
    yield Text(f"{failure.type}: {_cut(failure.message)}", "alert")
    for line in failure.traceback.rstrip().splitlines()[-8:]:
        yield Text(f"| {_cut(line, 300)}", "dim")


def _record(change: Change) -> Iterator[Text]:
    record = dict(change.result.record or {})
    for name in list(record)[:HUNKS]:
        value = record[name]
        said = plain(value) if isinstance(value, str | list) else ""
        said = said or " / ".join(text for _, text in records.leaves({name: value}, ""))
        yield Text.assemble((f"{name}: ", "bold"), _cut(said, 1_000) if said else "nothing")


def _same(text: str, before: bool, after: bool) -> str:
    """Unchanged text, as much as stands beside the edits around it."""
    head, tail = CONTEXT if before else 0, CONTEXT if after else 0
    if len(text) <= head + tail + 20:
        return text
    return f"{text[:head]} … {text[len(text) - tail :]}".strip()


def _edited(piece: Piece) -> str:
    if piece.text.strip():
        return _cut(piece.text)
    # White space that is itself the change.
    shown = {" ": "␣", "\n": "⏎", "\t": "⇥"}
    return "".join(shown.get(char, f"⟨U+{ord(char):04X}⟩") for char in piece.text[:CONTEXT])


def _cut(text: str, most: int = TEXT_CHARS) -> str:
    if len(text) <= most + 40:
        return text
    left = len(text) - most
    return f"{text[: most - most // 4]} … {left:,} characters … {text[-(most // 4) :]}"
