"""Text captures, feeds and JSON."""

from __future__ import annotations

import json

import pytest

from harness import Page
from harness.model import Capture
from harness.mutations import MUTATIONS, Mutation
from tests.mutations.pages import (
    CARDS,
    FEED,
    PROSE,
    TEXT,
    TITLE,
    document,
    extract,
    feed,
    html,
    outcome,
    text,
    visible,
)

CAPTURES = {"text captures": text(), "xml": feed(), "json": document()}
FAMILY = [m for m in MUTATIONS.values() if m.family in CAPTURES]
MUST = [m for m in FAMILY if m.must_hold]
# Spellings of white space and characters: a reader sees the same.
SPELLINGS = [
    m for m in MUST if not any(w in m.name for w in ("reorder", "canary", "delete", "swap", "edit"))
]


@pytest.mark.parametrize("mutation", FAMILY, ids=lambda m: m.name)
def test_it_applies_to_its_own_kind_and_to_no_other(mutation: Mutation) -> None:
    assert any(mutation(CAPTURES[mutation.family], seed) for seed in range(6))
    others = [html(), *(c for family, c in CAPTURES.items() if family != mutation.family)]
    assert all(mutation(capture, 1) is None for capture in others)


@pytest.mark.parametrize("mutation", MUST, ids=lambda m: m.name)
@pytest.mark.parametrize("seed", range(3))
def test_a_right_extractor_holds(mutation: Mutation, seed: int) -> None:
    capture = CAPTURES[mutation.family]
    made = mutation(capture, seed)
    if made is not None:
        assert made.relation.must_hold
        assert made.relation.check(extract(capture), extract(made.capture)) == []


@pytest.mark.parametrize("mutation", SPELLINGS, ids=lambda m: m.name)
def test_a_reader_sees_the_same_lines(mutation: Mutation) -> None:
    capture = CAPTURES[mutation.family]
    for seed in range(4):
        made = mutation(capture, seed)
        if made is not None and mutation.name not in ("json-key-order", "json-keys-added"):
            assert visible(made.capture) == visible(capture)


def after(name: str, capture: Capture, seed: int = 1) -> Capture:
    """The capture after a mutation, which must apply."""
    made = MUTATIONS[name](capture, seed)
    assert made is not None
    return made.capture


def test_cards_of_a_text_move_whole_and_the_last_one_stays() -> None:
    moved = after("text-cards-reordered", text(), 3)
    lines = [line for line in Page(moved).source_lines if line]
    assert sorted(lines) == sorted(line for line in TEXT.split("\n") if line)
    found = extract(moved).record
    assert found is not None and found["related"] == [CARDS[1], CARDS[0], CARDS[2]]
    assert found["body"] == PROSE


def test_a_line_that_stands_twice_is_edited_in_both_places() -> None:
    source = Page(after("text-edit-title", text("A\n" + f"{TITLE}\n{TITLE}\n"))).source
    lines = source.split("\n")
    assert lines[1] == lines[2] != TITLE


def test_furniture_that_leaks_into_a_text_s_body_is_named() -> None:
    for name in ("text-chrome-line", "text-alt-text"):
        found = []
        for seed in range(12):
            made = MUTATIONS[name](text(), seed)
            assert made is not None and not made.relation.must_hold
            everything = outcome(body=visible(made.capture))
            found += made.relation.check(outcome(body=visible(text())), everything)
        assert {b.fault for b in found} == {"chrome-leak"}


def test_a_wrong_reader_of_text_is_seen() -> None:
    made = MUTATIONS["text-canary"](text(), 1)
    assert made is not None
    [broken] = made.relation.check(outcome(body=PROSE), outcome(body=PROSE))
    assert broken.fault == "paragraph-lost"


def test_cdata_and_escaped_text_are_one_text() -> None:
    escaped = after("xml-cdata-to-text", feed())
    assert b"<![CDATA[" not in escaped.body
    sections = after("xml-text-to-cdata", feed())
    assert sections.body.count(b"<![CDATA[") > FEED.count("<![CDATA[")
    assert extract(escaped) == extract(sections) == extract(feed())


def test_items_of_a_feed_are_reversed_whole() -> None:
    found = extract(after("xml-items-reordered", feed())).record
    before = extract(feed()).record
    assert found is not None and before is not None
    assert found["related"] == before["related"][::-1]  # type: ignore[index, call-overload]
    made = MUTATIONS["xml-items-reordered"](feed(), 1)
    assert made is not None
    lost = outcome(title="The Quay", related=found["related"][:1])  # type: ignore[index, call-overload]
    assert [b.fault for b in made.relation.check(extract(feed()), lost)] == ["card-lost"]


def test_broken_xml_and_json_are_left_alone_or_stay_broken() -> None:
    for mutation in FAMILY:
        for capture in (feed("<rss><channel><item>"), document('{"a": [1,')):
            made = mutation(capture, 1)
            assert made is None or visible(made.capture) is not None


def test_members_of_objects_have_no_order() -> None:
    capture = document(json.dumps({f"k{n}": {"a": 1, "b": [1, 2]} for n in range(9)}))
    moved = after("json-key-order", capture)
    assert Page(moved).data == Page(capture).data
    assert list(Page(moved).data) != list(Page(capture).data)
