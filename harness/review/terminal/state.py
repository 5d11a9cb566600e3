"""What each key does to a review in the terminal: state in, state and request out. No I/O."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from harness.changes import Change
from harness.report.words import count
from harness.review.terminal.keys import PASTE
from harness.review.terminal.model import (
    VIEWS,
    Answer,
    Ask,
    Kind,
    Review,
    Room,
    State,
    decided,
    key_of,
)
from harness.text import shorten

DONE: Mapping[Kind, str] = {"accept": "accepted", "reject": "rejected", "approve": "approved"}
LONGEST_ENTRY = 200

Next = tuple[State, Ask | None]


def begin(review: Review, known: Answer, by: str) -> State:
    """The first state: at the first change that nobody decided about."""
    state = _knowing(review, State(review.holding(""), {}, by, at=-1), known)
    return _to(state, next(_open(review, state), 0), "")


def press(review: Review, state: State, key: str, room: Room) -> Next:
    """The state after a key, and what it asks for; ``room`` is that of the screen before it."""
    if key == "ctrl-c":
        return state, Ask("leave")
    state = replace(state, message="")
    if state.mode in ("find", "name"):
        return _typed(review, state, key)
    if key in _SCROLLS:
        line = state.scroll + _SCROLLS[key] * max(1, room.page - 1)
        return replace(state, scroll=min(max(line, 0), room.last)), None
    if state.mode == "help":
        return replace(state, mode="change", scroll=0), None
    if state.mode == "values":
        return _in_values(review, state, key, room)
    command = _COMMANDS.get(key)
    return command(review, state) if command else (state, None)


def answered(review: Review, state: State, ask: Ask, answer: Answer) -> State:
    """The state after the world answered."""
    state = _knowing(review, state, answer)
    if ask.do == "undo":
        return _undone(review, state, answer)
    refused = {key for key, _ in answer.refused}
    applied = [(change, kind) for change, kind in ask.decisions if key_of(change) not in refused]
    said = []
    if applied:
        kinds = {DONE[kind] for _, kind in applied}
        what = shorten(applied[0][0].case, 60) if len(applied) == 1 else f"{len(applied):,} changes"
        said.append(f"{' and '.join(sorted(kinds))} {what}")
    if answer.refused:
        said.append(f"refused {_refusal(answer)}")
    message = "; ".join(said)
    return _to_open(review, state, message) if applied else replace(state, message=message)


def news(review: Review, state: State, answer: Answer) -> State:
    """The state after others decided; the same where they did not."""
    if all(state.known.get(key) == each for key, each in answer.known.items()):
        return state
    return _knowing(review, state, answer)


def _refusal(answer: Answer) -> str:
    (case, path, _), why = answer.refused[0]
    more = f" (and {len(answer.refused) - 1:,} more)" if len(answer.refused) > 1 else ""
    return f"{shorten(f'{case} {path}', 80)}: {shorten(why, 300)}{more}"


# --- one change -----------------------------------------------------------------------------------


def _accept(review: Review, state: State) -> Next:
    change = review.changes[state.at]
    if not change.settles:
        return _says(state, f"{_only_code(change)}; r keeps that it is wrong")
    known = decided(state, change)
    if known is not None and known.decision == change.settles:
        return _says(state, f"is {DONE[change.settles]} already; u takes the last step back")
    return _ask(state, ((change, change.settles),))


def _reject(review: Review, state: State) -> Next:
    change = review.changes[state.at]
    known = decided(state, change)
    if known is not None and known.decision == "reject":
        return _says(state, "is rejected already; u takes the last step back")
    return _ask(state, ((change, "reject"),))


def _skip(review: Review, state: State) -> Next:
    return _to_open(review, state, ""), None


def _undo(_: Review, state: State) -> Next:
    return state, Ask("undo")


def _only_code(change: Change) -> str:
    if change.what == "finding":
        return "only a mended extractor or a waiver ends this"
    return "only mending what is broken ends this"


# --- a whole cluster ------------------------------------------------------------------------------


def _accept_all(review: Review, state: State) -> Next:
    wanted = tuple((c, c.settles) for c in _together(review, state) if c.settles)
    if not wanted:
        return _says(state, _why_not_together(review, state))
    cluster = review.clusters[review.cluster_of[state.at]]
    if not cluster.exact and state.mode != "values":
        return replace(state, mode="values", scroll=0), None
    return _ask(replace(state, mode="change", scroll=0), wanted)


def _reject_all(review: Review, state: State) -> Next:
    wanted = tuple((change, _REJECT) for change in _together(review, state))
    if not wanted:
        return _says(state, _why_not_together(review, state))
    return _ask(replace(state, mode="change", scroll=0), wanted)


_REJECT: Kind = "reject"


def _together(review: Review, state: State) -> list[Change]:
    """What may be decided at once: open changes of this cluster that are shown and may be."""
    cluster = review.cluster_of[state.at]
    shown = (review.changes[i] for i in state.shown if review.cluster_of[i] == cluster)
    return [each for each in shown if not each.alone and decided(state, each) is None]


def _why_not_together(review: Review, state: State) -> str:
    cluster = review.clusters[review.cluster_of[state.at]]
    left = [each for each in cluster.changes if decided(state, each) is None]
    alone = next((each.alone for each in left if each.alone), "")
    if not left:
        return "everything in this cluster is decided"
    return f"only one by one: {alone}" if alone else _only_code(left[0])


def _values(_: Review, state: State) -> Next:
    return replace(state, mode="values", scroll=0), None


def _in_values(review: Review, state: State, key: str, room: Room) -> Next:
    if key in ("A", "a", "enter"):
        if state.scroll < room.last:
            # What a cluster of one shape holds is approved when it was seen, to its end.
            line = min(state.scroll + max(1, room.page - 1), room.last)
            return replace(state, scroll=line), None
        return _accept_all(review, state)
    if key == "R":
        return _reject_all(review, state)
    return replace(state, mode="change", scroll=0), None


# --- moving ---------------------------------------------------------------------------------------


def _step(by: int) -> Command:
    def move(_: Review, state: State) -> Next:
        place = bisect_left(state.shown, state.at) + by
        if not 0 <= place < len(state.shown):
            return _says(state, "this is the last change" if by > 0 else "this is the first change")
        return _to(state, state.shown[place], ""), None

    return move


def _step_cluster(by: int) -> Command:
    def move(review: Review, state: State) -> Next:
        here = review.cluster_of[state.at]
        shown = sorted({review.cluster_of[i] for i in state.shown})
        place = shown.index(here) + by
        if not 0 <= place < len(shown):
            said = "this is the last cluster" if by > 0 else "this is the first cluster"
            return _says(state, said)
        members = [i for i in state.shown if review.cluster_of[i] == shown[place]]
        open_ = (i for i in members if decided(state, review.changes[i]) is None)
        return _to(state, next(open_, members[0]), ""), None

    return move


def _to(state: State, at: int, message: str) -> State:
    return replace(state, at=at, mode="change", scroll=0, message=message)


def _to_open(review: Review, state: State, message: str) -> State:
    """To the next change that nobody decided about; here, and saying so, where there is none."""
    at = next(_open(review, state), None)
    if at is not None:
        return _to(state, at, message)
    done = "everything is decided; q leaves"
    if state.left:
        done = f"{count(state.left, 'change')} open, none shown; / and an empty line shows all"
    return _to(state, state.at, f"{message}; {done}" if message else done)


def _open(review: Review, state: State) -> Iterator[int]:
    """The shown changes that nobody decided about, from the next one on and round."""
    after = [i for i in state.shown if i > state.at]
    before = [i for i in state.shown if i <= state.at]
    return (i for i in (*after, *before) if decided(state, review.changes[i]) is None)


def _undone(review: Review, state: State, answer: Answer) -> State:
    if answer.refused:
        return replace(state, message=f"cannot undo {_refusal(answer)}")
    if not answer.known:
        return replace(state, message="nothing to undo")
    at = next((i for i in state.shown if key_of(review.changes[i]) in answer.known), state.at)
    return _to(state, at, f"undone: {count(len(answer.known), 'decision')}")


# --- typing ---------------------------------------------------------------------------------------


def _find(_: Review, state: State) -> Next:
    return replace(state, mode="find", entry=state.query), None


def _help(_: Review, state: State) -> Next:
    return replace(state, mode="help", scroll=0), None


def _next_view(_: Review, state: State) -> Next:
    view = VIEWS[(VIEWS.index(state.view) + 1) % len(VIEWS)]
    return replace(state, view=view, scroll=0), None


def _leave(_: Review, state: State) -> Next:
    return state, Ask("leave")


def _typed(review: Review, state: State, key: str) -> Next:
    if key == "escape":
        return replace(state, mode="change", entry="", wanted=()), None
    if key == "enter":
        return _found(review, state) if state.mode == "find" else _named(state)
    if key == "backspace":
        return replace(state, entry=state.entry[:-1]), None
    if key == "ctrl-u":
        return replace(state, entry=""), None
    text = " ".join(key.removeprefix(PASTE).split()) if key.startswith(PASTE) else key
    if len(key) == 1 or key.startswith(PASTE):
        return replace(state, entry=(state.entry + text)[:LONGEST_ENTRY]), None
    return state, None


def _found(review: Review, state: State) -> Next:
    query = state.entry.strip()
    shown = review.holding(query)
    state = replace(state, mode="change", entry="")
    if not shown:
        return _says(state, f"no change holds {shorten(query)!r}")
    at = state.at if state.at in shown else shown[0]
    said = f"{count(len(shown), 'change')} with {shorten(query)!r}"
    return _to(replace(state, shown=shown, query=query), at, said if query else ""), None


def _named(state: State) -> Next:
    by = " ".join(state.entry.split())
    if not by:
        return _says(state, "a golden needs the name of who approved it")
    ask = Ask("decide", state.wanted, by)
    return replace(state, mode="change", entry="", wanted=(), by=by, named=True), ask


def _ask(state: State, wanted: tuple[tuple[Change, Kind], ...]) -> Next:
    if not state.named and any(kind == "approve" for _, kind in wanted):
        return replace(state, mode="name", entry=state.by, wanted=wanted), None
    return state, Ask("decide", wanted, state.by)


def _says(state: State, message: str) -> Next:
    return replace(state, message=message), None


def _knowing(review: Review, state: State, answer: Answer) -> State:
    merged = {**state.known, **answer.known}
    known = {key: each for key, each in merged.items() if each is not None}
    left = sum(key_of(change) not in known for change in review.changes)
    return replace(state, known=known, left=left)


class Command(Protocol):
    """What a key does."""

    def __call__(self, review: Review, state: State, /) -> Next: ...


_SCROLLS = {" ": 1, "pagedown": 1, "b": -1, "pageup": -1, "home": -1_000_000, "end": 1_000_000}
_COMMANDS: Mapping[str, Command] = {
    "a": _accept,
    "r": _reject,
    "s": _skip,
    "A": _accept_all,
    "R": _reject_all,
    "u": _undo,
    "j": _step(1),
    "down": _step(1),
    "k": _step(-1),
    "up": _step(-1),
    "n": _step_cluster(1),
    "right": _step_cluster(1),
    "p": _step_cluster(-1),
    "left": _step_cluster(-1),
    "d": _next_view,
    "/": _find,
    "?": _help,
    "enter": _values,
    "q": _leave,
}
