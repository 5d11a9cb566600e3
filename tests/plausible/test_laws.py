"""Laws of the judgement without goldens, over records made of the page's own texts and others."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model import Finding, Tree
from harness.page import Page
from harness.plausible import Ground, judge_field, judge_page
from tests.plausible.made import AUTHOR, CAPTION, CAPTURE, CARDS, MENU, PARAGRAPHS, TITLE

TEXTS = [*PARAGRAPHS, *MENU, *CARDS, CAPTION, TITLE, AUTHOR, "Nothing that the page has.", ""]
DATES = ["2026-03-03T09:30:00+01:00", "2026-03-03", "2026-03-05T18:00:00+01:00", "soon", None]
FINDINGS = [
    Finding("lines-whole", "body", "error", "truncated", "cut"),
    Finding("no-markup", "title", "error", "markup", "<b>"),
    Finding("by-no-time", "byline", "warning", "byline", "3 min"),
]
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(TEXTS),
        "byline": st.sampled_from([AUTHOR, "By " + AUTHOR, "[no-author]", None, "X, Y", "Y, X"]),
        "published": st.sampled_from(DATES),
        "body": st.lists(st.sampled_from(TEXTS), max_size=9),
        "tags": st.lists(st.sampled_from([*TEXTS, "A tag"]), max_size=3),
    },
)
HELD = st.lists(st.sampled_from(FINDINGS), max_size=2)
OPPOSITE = {"better": "worse", "worse": "better", "neutral": "neutral"}
# Parsed once: the laws are about records.
GROUND = Ground(Page(CAPTURE))


@settings(max_examples=150, deadline=None)
@given(RECORDS, RECORDS, HELD, HELD)
def test_the_other_way_round_is_the_opposite(
    old: dict[str, Tree], new: dict[str, Tree], gone: list[Finding], come: list[Finding]
) -> None:
    for name in {*old, *new}:
        there = judge_field(name, old.get(name), new.get(name), GROUND, gone, come)
        back = judge_field(name, new.get(name), old.get(name), GROUND, come, gone)
        assert back.verdict == OPPOSITE[there.verdict]
        assert back.delta == -there.delta
        assert back.confidence == there.confidence
        assert 0 <= there.confidence <= 1
        assert -1 <= there.delta <= 1
        assert (there.delta > 0) == (there.verdict == "better")
        assert (there.delta < 0) == (there.verdict == "worse")
        assert abs(there.risk + back.risk - abs(there.delta)) < 1e-9


@settings(max_examples=30, deadline=None)
@given(RECORDS)
def test_equal_records_give_nothing(record: dict[str, Tree]) -> None:
    assert judge_page(record, dict(record), CAPTURE) == {}


@settings(max_examples=30, deadline=None)
@given(RECORDS, RECORDS)
def test_the_order_of_fields_says_nothing(old: dict[str, Tree], new: dict[str, Tree]) -> None:
    turned = dict(reversed(old.items())), dict(reversed(new.items()))
    assert judge_page(*turned, CAPTURE) == judge_page(old, new, CAPTURE)


@settings(max_examples=60, deadline=None)
@given(RECORDS, st.sampled_from([" ", "\n", "\u00a0 ", "\u200b", "\t\n"]))
def test_white_space_and_what_nobody_sees_is_neutral(record: dict[str, Tree], space: str) -> None:
    def spaced(value: Tree) -> Tree:
        if isinstance(value, list):
            return [spaced(item) for item in value]
        return value.replace(" ", f" {space}") + space if isinstance(value, str) else value

    for name, value in record.items():
        judgement = judge_field(name, value, spaced(value), GROUND)
        assert (judgement.verdict, judgement.delta) == ("neutral", 0.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), max_size=9))
def test_only_changed_fields_are_judged(body: list[Tree]) -> None:
    old: dict[str, Tree] = {"title": TITLE, "body": body}
    new: dict[str, Tree] = {"title": TITLE, "body": [*body, "one more line"]}
    assert set(judge_page(old, new, CAPTURE)) == {"body"}
