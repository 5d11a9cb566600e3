"""Damaged bytes: a connection that broke, an editor that forgot a tag. All of it may drift.

What is asked of an extractor is that it answers at all; how much of the record is left is
measured.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from harness.model import Capture
from harness.mutations.draft import Draft, Edit, Mutation, html_mutation
from harness.mutations.markup import CLOSE, OPEN
from harness.mutations.relations import MayDrift

FAMILY = "bytes"
# A page is cut in its second half: before that, there is mostly no article yet.
_KEPT = 0.5


@html_mutation("truncated-at-tag", FAMILY, "cut off before a tag", relation=MayDrift(), law="any")
def truncated_at_tag(draft: Draft, rng: Random) -> str | None:
    """What is left when a connection breaks between two packets, or a reader has a limit."""
    starts, position = [], 0
    for token in draft.tokens:
        if token.kind in (OPEN, CLOSE) and position > _KEPT * len(draft.source):
            starts.append(position)
        position += len(token.source)
    return draft.source[: rng.choice(starts)] if starts else None


def _truncated(capture: Capture, rng: Random) -> Edit | None:
    """Cut anywhere: inside of a tag, an attribute, a character."""
    size = len(capture.body)
    if size < 100:
        return None
    at = rng.randrange(int(_KEPT * size), size)
    made = replace(capture, body=capture.body[:at])
    return Edit(made, MayDrift(), f"cut off at byte {at} of {size}")


def _places(capture: Capture, rng: Random, count: int) -> list[int]:
    size = len(capture.body)
    return sorted(rng.sample(range(size), min(count, size)), reverse=True)


def _nul(capture: Capture, rng: Random) -> Edit | None:
    """NUL bytes, as broken storage and UTF-16 read as bytes leave them."""
    body = bytearray(capture.body)
    for at in _places(capture, rng, 5):
        body.insert(at, 0)
    return Edit(replace(capture, body=bytes(body)), MayDrift(), "5 NUL bytes inserted")


def _invalid(capture: Capture, rng: Random) -> Edit | None:
    """Bytes that no UTF-8 holds, as a database of another charset leaves them."""
    body = bytearray(capture.body)
    for at in _places(capture, rng, 5):
        body.insert(at, rng.choice(b"\xff\xc0\xfe"))
    return Edit(replace(capture, body=bytes(body)), MayDrift(), "5 bytes inserted that are no text")


@html_mutation("unclosed-tags", FAMILY, "end tags forgotten", relation=MayDrift(), law="any")
def unclosed_tags(draft: Draft, rng: Random) -> str | None:
    """Some of the end tags that HTML does not let one leave out."""
    names = frozenset("div span a b i em strong section article ul h2 h3".split())
    ends = [i for i, t in enumerate(draft.tokens) if t.kind is CLOSE and t.name in names]
    if not ends:
        return None
    gone = set(rng.sample(ends, max(1, len(ends) // 20)))
    return "".join(t.source for i, t in enumerate(draft.tokens) if i not in gone)


@html_mutation("stray-end-tags", FAMILY, "end tags of nothing", relation=MayDrift(), law="any")
def stray_end_tags(draft: Draft, rng: Random) -> str | None:
    """Templates that are put together close what another of them opened."""
    parts = [t.source for t in draft.tokens]
    run = draft.outline.article
    if not run:
        return None
    parts[rng.choice(run).end] += rng.choice(["</span>", "</div>", "</p>", "</b>"])
    return "".join(parts)


MUTATIONS: tuple[Mutation, ...] = (
    truncated_at_tag,
    Mutation("truncated-bytes", FAMILY, "cut off anywhere", False, _truncated),
    Mutation("nul-bytes", FAMILY, "NUL bytes inserted", False, _nul),
    Mutation("invalid-bytes", FAMILY, "bytes inserted that are no text", False, _invalid),
    unclosed_tags,
    stray_end_tags,
)
