"""Which text of a page a record claims."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.claims import claim
from harness.records import encode_record
from harness.text import plain_quotes, squash
from harness.timestamps import parse
from harness.visible import Line
from tests.trees import any_text

AWKWARD = ["…", "...", ".", "“a”", '"A"', "ß", "SS", "ﬁ", "İ", "a", "b", " ", "\u00a0", "ab", "a b"]
short = st.one_of(st.lists(st.sampled_from(AWKWARD), max_size=5).map("".join), any_text)


def marked(record: Any, *texts: str) -> list[tuple[str, str]]:
    found = claim(encode_record(record), [Line(text) for text in texts])
    return [
        (mark.field, line.text[mark.start : mark.end])
        for line, marks in zip(found.lines, found.marks, strict=True)
        for mark in marks
    ]


def loose(text: str) -> str:
    return squash("".join(plain_quotes(c).casefold() for c in squash(text)))


@given(
    st.dictionaries(st.sampled_from("abc"), st.one_of(short, st.lists(short, max_size=3))),
    st.lists(short, max_size=5),
)
def test_marks_are_disjoint_true_and_with_the_rest_cover_each_line(
    record: dict[str, Any], texts: list[str]
) -> None:
    lines = [Line(text) for text in texts]
    found = claim(record, lines)
    assert found.lines == tuple(lines)
    values = dict(_leaves(record))
    rest: dict[int, list[str]] = {id(line): [] for line in lines}
    for line, text in found.unclaimed:
        rest[id(line)].append(text)
    for line, marks in zip(lines, found.marks, strict=True):
        assert all(0 <= m.start < m.end <= len(line.text) for m in marks)
        assert all(a.end <= b.start for a, b in itertools.pairwise(marks))
        for mark in marks:
            part = loose(line.text[mark.start : mark.end])
            # A character that folds to several may be claimed for one of them.
            assert part in loose(values[mark.field]) or loose(values[mark.field]) in part
        covered = squash("".join([line.text[m.start : m.end] for m in marks] + rest[id(line)]))
        assert sorted(covered) == sorted(squash(line.text))
    placed = {mark.field for marks in found.marks for mark in marks}
    assert not placed & set(found.absent)
    page = loose("".join(texts))
    for path in values.keys() - placed:
        assert (path in found.absent) == (loose(values[path]) not in page)


def _leaves(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"{key}[{i}]" if isinstance(value, list) else key, text)
        for key, value in record.items()
        for i, text in enumerate(value if isinstance(value, list) else [value])
    ]


def test_parts_of_one_line_go_to_their_fields() -> None:
    record = {"byline": "NDTV", "timestamp": parse("2 hours ago")}
    assert marked(record, "NDTV2 hours ago") == [("byline", "NDTV"), ("timestamp", "2 hours ago")]


def test_a_title_that_stands_twice_is_claimed_twice() -> None:
    assert marked({"title": "A b"}, "A b", "x A b", "A  b") == [("title", "A b"), ("title", "A  b")]


def test_a_byline_inside_a_body_does_not_take_the_bodys_place() -> None:
    record = {"byline": "Bob", "body": ["Bob said so."]}
    assert marked(record, "Bob said so.", "by Bob") == [
        ("body[0]", "Bob said so."),
        ("byline", "Bob"),
    ]


def test_whole_words_are_preferred() -> None:
    assert marked({"byline": "Al"}, "Also by Al here") == [("byline", "Al")]
    found = claim({"byline": "Al"}, [Line("Also by Al here")])
    assert found.marks[0][0].start == 8


def test_a_paragraph_may_span_lines_and_fill_them() -> None:
    assert marked({"body": "one two three"}, "x one", "", "two", "three y") == [
        ("body", "one"),
        ("body", "two"),
        ("body", "three"),
    ]


def test_straightened_quotes_and_case_still_find_their_place() -> None:
    assert marked({"title": 'IT\'S "SO"...'}, "It’s “so”…") == [("title", "It’s “so”…")]


def test_one_character_that_stands_for_three_is_claimed_once() -> None:
    assert marked({"x": "."}, "…") == [("x", "…")]


def test_text_that_is_not_on_the_page_is_absent_and_the_rest_unclaimed() -> None:
    found = claim({"title": "T", "meta": "made up"}, [Line("T"), Line("Share this")])
    assert found.absent == ("meta",)
    assert [text for _, text in found.unclaimed] == ["Share this"]


CARDS = [
    line
    for n in range(3)
    for line in (f"Headline of the card number {n}", "Reuters", "2 hours ago", "• Reuters")
]


def test_cards_with_one_byline_claim_their_own_lines() -> None:
    record = {
        "related": [
            {"title": f"Headline of the card number {n}", "byline": "Reuters"} for n in range(3)
        ]
    }
    found = claim(encode_record(record), [Line(text) for text in CARDS])
    assert [marks[0].field for marks in found.marks[1::4]] == [
        f"related[{n}].byline" for n in range(3)
    ]


def test_a_byline_beside_the_title_is_not_claimed_at_a_card() -> None:
    record = {"title": "Headline of the article itself", "byline": "Reuters"}
    lines = ["Headline of the article itself", "By Reuters · May 1", *["Words."] * 9, *CARDS]
    assert marked(record, *lines) == [
        ("title", "Headline of the article itself"),
        ("byline", "Reuters"),
    ]
    assert claim(encode_record(record), [Line(text) for text in lines]).marks[1]


def test_a_byline_glued_to_its_age_beside_the_title_is_claimed_there() -> None:
    record = {"title": "Headline of the article itself", "byline": "Reuters"}
    lines = ["Headline of the article itself", "Reuters21 hours ago", *["Words."] * 9, "Reuters"]
    found = claim(encode_record(record), [Line(text) for text in lines])
    assert [len(marks) for marks in found.marks] == [1, 1, *[0] * 10]


def test_a_byline_glued_between_two_labels_is_claimed_there() -> None:
    record = {"title": "Headline of the article itself", "byline": "Jane Doe"}
    lines = ["Headline of the article itself", "NewsJane DoeMay 1", *["Words."] * 9, "Jane Doe"]
    found = claim(encode_record(record), [Line(text) for text in lines])
    assert [len(marks) for marks in found.marks] == [1, 1, *[0] * 10]


def test_the_author_and_a_card_that_share_a_name_each_claim_their_line() -> None:
    record = {
        "title": "Headline of the article itself",
        "byline": "Jane Doe",
        "related": [{"title": "Another headline of a card", "byline": "Jane Doe"}],
    }
    lines = ["Headline of the article itself", "Jane Doe", *["Words."] * 9]
    lines += ["Another headline of a card", "Jane Doe"]
    assert marked(record, *lines)[1::2] == [
        ("byline", "Jane Doe"),
        ("related[0].byline", "Jane Doe"),
    ]


def test_a_byline_above_its_title_is_its_own() -> None:
    titles = [f"A headline with number {n}" for n in range(4)]
    record = {"items": [{"title": title, "byline": "Wire"} for title in titles]}
    lines = [line for title in titles for line in ("Wire", title, "More words here")]
    assert [field for field, text in marked(record, *lines) if text == "Wire"] == [
        f"items[{n}].byline" for n in range(4)
    ]


def test_paragraphs_that_repeat_claim_the_lines_in_their_order() -> None:
    record = {"body": ["Chorus line", "A verse of it", "Chorus line"]}
    assert marked(record, "Chorus line", "A verse of it", "Chorus line") == [
        ("body[0]", "Chorus line"),
        ("body[1]", "A verse of it"),
        ("body[2]", "Chorus line"),
    ]
