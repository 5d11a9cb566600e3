"""Text captures: pages flattened to one text a line.

Little must hold of them. What a line is, is all the markup there is: lines joined, or furniture
between them, are models of another flattening, and measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from harness.mutations.changes import Follows, GainsParagraph, LosesParagraph, PermutesParagraphs
from harness.mutations.content import canary, new_word
from harness.mutations.differences import Planted
from harness.mutations.draft import (
    Change,
    Draft,
    Law,
    Mutation,
    Rewrite,
    source_mutation,
    stated_once,
)
from harness.mutations.relations import MayDrift, PermutesRecords, Relation, SameTokens
from harness.page import Page
from harness.text import collapse, shorten
from harness.timestamps import parse
from harness.visible import LINE_END

FAMILY = "text captures"
# A line of running text; titles and labels are shorter, or end in no full stop.
_SHORTEST_PROSE = 80
_TITLE = range(15, 200)
_NOISE = ("Image", "play", "Orange background", "app-store", "loading...")
_CHROME = ("Advertisement", "Share", "Read more", "Sign up for our newsletter")


def _is_text(page: Page) -> bool:
    return page.capture.media_type.startswith("text/") and not (
        page.is_html or page.is_xml or page.is_json
    )


def text_mutation(
    name: str, summary: str, *, relation: Relation | None = None, law: Law = "same-lines"
) -> Callable[[Rewrite], Mutation]:
    """A mutation of plain text."""
    return source_mutation(
        f"text-{name}", FAMILY, summary, accepts=_is_text, relation=relation, law=law
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """A text by its lines, with the line end they have."""

    lines: list[str]
    end: str

    def join(self, lines: list[str]) -> str:
        """The source that lines make."""
        return self.end.join(lines)


def rows(draft: Draft) -> Rows:
    """The lines of a draft."""
    match = LINE_END.search(draft.source)
    return Rows(LINE_END.split(draft.source), match[0] if match else "\n")


def _prose(lines: list[str]) -> list[int]:
    """The longest run of lines of running text with no other text between: the article."""
    runs: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        text = collapse(line)
        if len(text) >= _SHORTEST_PROSE:
            runs[-1].append(i)
        elif text:
            runs.append([])
    return max(runs, key=lambda run: sum(len(lines[i]) for i in run))


@text_mutation("trailing-spaces", "spaces and tabs at the ends of lines")
def trailing_spaces(draft: Draft, rng: Random) -> str:
    """Nobody sees them."""
    found = rows(draft)
    return found.join([line + rng.choice(["", " ", "   ", "\t"]) for line in found.lines])


@text_mutation("final-line-end", "a line end at the end more or less")
def final_line_end(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Editors add one."""
    found = rows(draft)
    bare = draft.source.rstrip("\r\n")
    return bare if bare != draft.source else bare + found.end


@text_mutation("blank-runs", "more blank lines where one is")
def blank_runs(draft: Draft, rng: Random) -> str:
    """How many blank lines part two texts says nothing."""
    found, made = rows(draft), []
    for line in found.lines:
        made.append(line)
        if not line.strip():
            made += [""] * rng.randrange(3)
    return found.join(made)


@text_mutation("blank-lines-added", "a blank line after each", relation=MayDrift())
def blank_lines_added(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Where blank lines part paragraphs, a label and its text no longer belong together."""
    found = rows(draft)
    return found.join([part for line in found.lines for part in (line, "")])


@text_mutation("blank-lines-removed", "no blank lines", relation=MayDrift())
def blank_lines_removed(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Another flattening of the same page has none."""
    found = rows(draft)
    return found.join([line for line in found.lines if line.strip()])


@text_mutation("indentation-gone", "no spaces at the starts of lines", relation=MayDrift())
def indentation_gone(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Copying through a mail or a form does it."""
    found = rows(draft)
    return found.join([line.lstrip(" \t") for line in found.lines])


@text_mutation("tabs", "tabs for the spaces at the starts of lines", relation=MayDrift())
def tabs(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """Another flattening's indentation."""
    found = rows(draft)
    return found.join([re.sub("^ +", "\t", line) for line in found.lines])


@text_mutation("hard-wrapped", "long lines broken at 72 characters", relation=MayDrift(), law="any")
def hard_wrapped(draft: Draft, rng: Random) -> str:  # noqa: ARG001
    """What a mail does to a text; every line was a paragraph, now none is."""
    found = rows(draft)
    wrapped = [re.sub(r"(.{40,72}) (?=\S)", rf"\1{found.end}", line) for line in found.lines]
    return found.join(wrapped)


@text_mutation(
    "lines-joined",
    "two short lines on one, without a space",
    relation=MayDrift(),
    law=lambda before, after: before == after,
)
def lines_joined(draft: Draft, rng: Random) -> str | None:
    """Inline elements of one block stand glued in a flattened page, as a source and its age."""
    found = rows(draft)
    lines = found.lines
    short = [
        i
        for i in range(len(lines) - 1)
        if 0 < len(lines[i].strip()) < 60 and 0 < len(lines[i + 1].strip()) < 60
    ]
    if not short:
        return None
    i = rng.choice(short)
    return found.join([*lines[:i], lines[i] + lines[i + 1].lstrip(), *lines[i + 2 :]])


def _noise(name: str, summary: str, wordings: tuple[str, ...], prose: bool) -> Mutation:
    def rewrite(draft: Draft, rng: Random) -> Change | None:
        found = rows(draft)
        run = _prose(found.lines)
        places = run[1:] if prose else [i for i, line in enumerate(found.lines) if line.strip()][1:]
        if not places:
            return None
        mark, at = new_word(draft, rng), rng.choice(places)
        line = f"{rng.choice(wordings)} {mark}" if rng.random() < 0.5 else rng.choice(wordings)
        planted = (Planted(mark, "chrome-leak"),)
        made = found.join([*found.lines[:at], line, *found.lines[at:]])
        return Change(made, MayDrift(SameTokens(planted)), f"line {line!r} inserted")

    return text_mutation(name, summary, relation=MayDrift(), law="any")(rewrite)


@text_mutation(
    "canary", "a new paragraph between two of the article", relation=GainsParagraph(), law="any"
)
def canary_line(draft: Draft, rng: Random) -> Change | None:
    """As in HTML: it stands once in the field that holds its neighbours."""
    found = rows(draft)
    run = _prose(found.lines)
    if len(run) < 3:
        return None
    at = rng.randrange(len(run) - 1)
    near = (collapse(found.lines[run[at]]), collapse(found.lines[run[at + 1]]))
    mark = new_word(draft, rng)
    text = canary(max((collapse(found.lines[i]) for i in run), key=len), mark, rng)
    made = found.join([*found.lines[: run[at + 1]], text, *found.lines[run[at + 1] :]])
    relation = stated_once(draft, GainsParagraph(text, near), *near)
    return Change(made, relation, f"a new paragraph with {mark!r}")


@text_mutation(
    "delete-paragraph", "one paragraph of the article deleted", relation=LosesParagraph(), law="any"
)
def delete_line(draft: Draft, rng: Random) -> Change | None:
    """As in HTML."""
    found = rows(draft)
    run = _prose(found.lines)
    if len(run) < 4:
        return None
    at = rng.randrange(1, len(run) - 1)
    before, gone, after = (collapse(found.lines[run[k]]) for k in (at - 1, at, at + 1))
    made = found.join([*found.lines[: run[at]], *found.lines[run[at] + 1 :]])
    relation = stated_once(draft, LosesParagraph(gone, (before, after)), gone)
    return Change(made, relation, f"deleted: {shorten(gone)!r}")


@text_mutation(
    "swap-paragraphs",
    "two neighbouring paragraphs exchanged",
    relation=PermutesParagraphs(),
    law="any",
)
def swap_lines(draft: Draft, rng: Random) -> Change | None:
    """As in HTML."""
    found = rows(draft)
    run = _prose(found.lines)
    if len(run) < 4:
        return None
    at = rng.randrange(1, len(run) - 2)
    i, j = run[at], run[at + 1]
    lines = list(found.lines)
    lines[i], lines[j] = lines[j], lines[i]
    one, two = collapse(found.lines[i]), collapse(found.lines[j])
    relation = stated_once(draft, PermutesParagraphs(one, two), one, two)
    return Change(found.join(lines), relation, f"exchanged: {shorten(one, 30)!r} and the next")


@text_mutation(
    "edit-title",
    "a word of a line that stands twice replaced in both",
    relation=Follows(),
    law="any",
)
def edit_line(draft: Draft, rng: Random) -> Change | None:
    """What stands twice in a flattened page is a title: of the article or of a card."""
    found = rows(draft)
    texts = [collapse(line) for line in found.lines]
    titles = [
        text
        for text in dict.fromkeys(texts)
        if len(text) in _TITLE and texts.count(text) > 1 and re.search("[A-Za-z]{4,}", text)
    ]
    if not titles:
        return None
    title = rng.choice(titles)
    word = rng.choice(re.findall("[A-Za-z]{4,}", title))
    mark = new_word(draft, rng)
    new = title.replace(word, mark if word[0].isupper() else mark.lower(), 1)
    return Change(
        draft.source.replace(title, new), Follows(title, new), f"title is now {shorten(new)!r}"
    )


@text_mutation(
    "cards-reordered", "cards in another order", relation=MayDrift(PermutesRecords()), law="any"
)
def cards_moved(draft: Draft, rng: Random) -> str | None:
    """A card begins with its source, before an age, or with its title, if that stands before it.

    The last one stays where it is: where it ends, no line says.
    """
    found = rows(draft)
    starts = _card_starts(found.lines)
    if len(starts) < 3:
        return None
    cards = [found.lines[a:b] for a, b in pairwise(starts)]
    turn = rng.randrange(1, len(cards))
    order = cards[turn:] + cards[:turn]
    moved = [line for card in order for line in card]
    return found.join([*found.lines[: starts[0]], *moved, *found.lines[starts[-1] :]])


def _card_starts(lines: list[str]) -> list[int]:
    filled = [i for i, line in enumerate(lines) if line.strip()]
    texts = [collapse(lines[i]) for i in filled]
    starts = []
    for k in range(1, len(texts) - 2):
        bulleted = texts[k + 1].startswith(("•", "- "))
        if not bulleted or parse(texts[k].removeprefix("time")) is None:
            continue
        start, rest = k - 1, set(texts[k + 1 : k + 5])
        while start > 0 and texts[start - 1] in rest:
            start -= 1
        starts.append(filled[start])
    return starts


MUTATIONS: tuple[Mutation, ...] = (
    trailing_spaces,
    final_line_end,
    blank_runs,
    blank_lines_added,
    blank_lines_removed,
    indentation_gone,
    tabs,
    hard_wrapped,
    lines_joined,
    _noise("alt-text", "an image's alternative text on a line", _NOISE, prose=False),
    _noise("chrome-line", "page furniture between paragraphs", _CHROME, prose=True),
    canary_line,
    delete_line,
    swap_lines,
    edit_line,
    cards_moved,
)
