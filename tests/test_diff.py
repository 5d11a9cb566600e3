"""What changed in a field, and what it is called."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness import chrome, records
from harness.diff import (
    CATEGORIES,
    WHOLE_BELOW,
    Surroundings,
    Texts,
    classify,
    compare_field,
    compare_records,
    match_records,
    plain,
    same,
    word_diff,
)
from harness.diff.wording import similarity_of
from harness.model import KINDS, FieldDiff, Kind, Tree
from harness.text import words
from tests import trees

AGE = {"text": "2 hours ago", "kind": "relative", "unit": "hour", "count": 2}
FIRST = "The council voted on Tuesday to close the old bridge for the winter."
SECOND = "Engineers had found cracks in two of its pillars, the mayor said."
THIRD = "Drivers will have to take the ferry until repairs are done in spring."
BODY = [FIRST, SECOND, THIRD]


def changed(old: dict[str, Any], new: dict[str, Any], **kinds: Kind) -> FieldDiff:
    """The one difference between two records."""
    found = compare_records(old, new, kinds, chrome.is_phrase)
    assert len(found) == 1, found
    return found[0]


def in_text(old: Any, new: Any, **others: Any) -> str:
    return changed({"x": old, **others}, {"x": new, **others}).category


# --- every category, by what extractors really do -------------------------------------------------

EXAMPLES: dict[str, Sequence[tuple[Any, Any]]] = {
    "type": [
        ("2026-03-01", {"$date": "2026-03-01"}),
        ([1], {"$tuple": [1]}),
        (1, True),
        ("", None),
    ],
    "lost": [
        ("A. Writer", None),
        (BODY, []),
        (BODY, BODY[1:]),
        (BODY, BODY[:2]),
        (BODY, [FIRST, THIRD]),
        (FIRST, FIRST.replace("old ", "")),
        (FIRST, FIRST.removeprefix("The council ")),
    ],
    "truncated": [
        (FIRST, FIRST[:40]),
        (FIRST, FIRST[:40] + "…"),
        (FIRST, FIRST[:40] + " ..."),
        (BODY, [FIRST]),
        (BODY, [FIRST, SECOND, THIRD[:30]]),
        (BODY, [FIRST, SECOND[:30]]),
    ],
    "encoding": [
        ("Zoë’s café", "ZoÃ«â€™s cafÃ©"),
        ("café", "caf\ufffd"),
        ([FIRST, "Привет, мир"], [FIRST, "ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€"]),
    ],
    "glued": [
        ("the old bridge", "the oldbridge"),
        (BODY, [FIRST + SECOND, THIRD]),
        (BODY, [FIRST.replace("on Tuesday", "onTuesday"), SECOND, THIRD]),
    ],
    "split": [
        ("the old bridge", "the old bri dge"),
        (BODY, [FIRST[:11], FIRST[12:], SECOND, THIRD]),
    ],
    "duplicated": [
        ("The old bridge", "The old bridgeThe old bridge"),
        ("The old bridge", "The old bridge The old bridge"),
        (BODY, BODY * 2),
        (BODY, [*BODY, FIRST]),
    ],
    "chrome": [
        (BODY, [*BODY, "Read more"]),
        (BODY, ["Advertisement", *BODY]),
        ("The old bridge", "The old bridge Share"),
        (None, "Advertisement"),
    ],
    "gained": [
        (None, "A. Writer"),
        (BODY[:2], BODY),
        ("The old bridge", "The old bridge, closed"),
        ("the old bridge", "the very old bridge"),
    ],
    "value": [
        (FIRST, "Quite another headline about goats"),
        (1, 2),
        ({"$timestamp": AGE}, {"$timestamp": {**AGE, "count": 3}}),
        (FIRST, FIRST.replace("Tuesday", "Monday")),
        (BODY, [FIRST, SECOND.replace("two", "six"), THIRD]),
        ("It cost $5 to enter", "It cost €5 to enter"),
        ("I ❤ it", "I ☹ it"),
        ("http://a.b/1", "http://a.b/2"),
    ],
    "reordered": [
        (BODY, [SECOND, FIRST, THIRD]),
        (BODY, BODY[::-1]),
        ("Ann Miller and Bob Stone", "Bob Stone and Ann Miller"),
    ],
    "case": [("The Bridge", "THE BRIDGE"), ([FIRST], [FIRST.upper()])],
    "punctuation": [
        ("It’s “closed”", 'It\'s "closed"'),
        ("Yes, closed", "Yes closed!"),
        (["It’s…", FIRST], ["It's...", FIRST]),
    ],
    "unseen": [
        ("Regierungs\u00adbezirk", "Regierungsbezirk"),
        ("\u202bשלום\u202c, world", "שלום, world"),
        (["می\u200cخواهم", FIRST], ["میخواهم", FIRST]),
        ("a\u200bb", "ab\u200b"),
    ],
    "whitespace": [("the old bridge", "the  old\u00a0bridge "), ([FIRST], [FIRST + "\n"])],
    "equivalent": [("http://a.b/?x=1&y=2", "http://a.b/?y=2&x=1")],
}
CASES = [(name, old, new) for name, pairs in EXAMPLES.items() for old, new in pairs]


@pytest.mark.parametrize(
    ("category", "old", "new"), CASES, ids=[f"{c}-{i}" for i, (c, _, _) in enumerate(CASES)]
)
def test_a_change_is_called_what_it_is(category: str, old: Any, new: Any) -> None:
    diff = changed({"x": old}, {"x": new})
    assert diff.category == category, diff
    assert diff.summary
    assert "\n" not in diff.summary


def test_every_category_has_an_example() -> None:
    # These two need more than two values: the other fields, and the page.
    assert {*EXAMPLES, "misplaced", "place"} == set(CATEGORIES)


def test_the_same_value_from_a_weaker_place_is_called_that() -> None:
    def moved(old: Any, new: Any) -> str:
        return f"now from {new}, before from {old}"

    [diff] = compare_records({"x": "Reuters"}, {"x": "REUTERS"}, None, moved=moved)
    assert (diff.category, diff.summary) == (
        "place",
        "same value, now from REUTERS, before from Reuters",
    )
    [torn] = compare_records({"x": "the bridge"}, {"x": "the br idge"}, None, moved=moved)
    assert torn.category == "split"


# --- explained by other fields --------------------------------------------------------------------


def test_a_byline_glued_to_its_age_is_glued() -> None:
    stamp = {"$timestamp": AGE}
    assert in_text("NDTV", "NDTV2 hours ago", timestamp=stamp) == "glued"
    assert in_text("NDTV", "NDTV 2 hours ago", timestamp=stamp) == "gained"


def test_fields_that_swap_are_misplaced() -> None:
    old, new = {"title": FIRST, "byline": "A. Writer"}, {"title": "A. Writer", "byline": FIRST}
    assert [d.category for d in compare_records(old, new)] == ["misplaced", "misplaced"]
    assert "now holds the text of byline" in compare_records(old, new)[0].summary


def test_a_body_that_holds_a_related_story_is_misplaced() -> None:
    related = [{"title": "Goats", "body": ["A goat was seen.", "It ate the whole council agenda."]}]
    for body in (
        ["A goat was seen.", "It ate the whole council agenda."],
        [*BODY, "A goat was seen."],
    ):
        diff = changed({"body": BODY, "related": related}, {"body": body, "related": related})
        assert diff.category == "misplaced", diff
        assert "related[0].body" in diff.summary


def test_the_summary_of_another_field_within_a_longer_text_is_misplaced() -> None:
    part = SECOND.removesuffix(", the mayor said.")
    assert in_text("Bridge closes", part, body=BODY) == "misplaced"
    assert in_text("Bridge closes", "Drivers", body=BODY) == "value", "short texts prove nothing"


def test_bylines_that_many_records_share_are_not_misplaced() -> None:
    old = {"related": [{"title": t, "byline": "NDTV"} for t in "abcdef"]}
    new = {"related": [{"title": t, "byline": "Reuters"} for t in "abcdef"]}
    assert {d.category for d in compare_records(old, new)} == {"value"}


def test_a_field_is_not_its_own_other() -> None:
    texts = Texts({"body": [FIRST], "title": "T"}, {"body": [FIRST]})
    assert Surroundings(texts, "body").home(FIRST) is None
    assert Surroundings(texts, "title").home(FIRST) == "body[0]"
    assert Surroundings(texts, "title").wider_home("the old bridge") == "body[0]"
    assert Surroundings(texts, "body").wider_home("the old bridge") is None


# --- laws of categories ---------------------------------------------------------------------------

paragraphs = st.lists(trees.prose, min_size=2, max_size=6, unique=True)
sentences = st.permutations(trees.WORDS).map(" ".join)


@given(paragraphs, st.data())
def test_removing_paragraphs_is_a_loss(body: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(body) - 1))
    diff = changed({"body": body}, {"body": body[:gone] + body[gone + 1 :]})
    assert diff.category in ("lost", "truncated")
    assert body[gone] in "".join(p.text for h in diff.hunks for p in h.pieces if p.op == "-")


@given(paragraphs, st.sampled_from(["Read more", "ADVERTISEMENT", "Lire la suite…"]), st.data())
def test_stock_phrases_anywhere_are_chrome(
    body: list[str], extra: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(body)))
    assert in_text(body, [*body[:at], extra, *body[at:]]) == "chrome"


@given(paragraphs, st.randoms())
def test_permuting_paragraphs_is_reordering(body: list[str], random: Any) -> None:
    other = random.sample(body, len(body))
    assume(other != body)
    diff = changed({"body": body}, {"body": other})
    assert (diff.category, diff.similarity) == ("reordered", 1.0)


@given(sentences, st.integers(1, 11))
def test_a_lost_space_is_glued(sentence: str, at: int) -> None:
    parts = sentence.split(" ")
    assert in_text(sentence, " ".join(parts[:at]) + " ".join(parts[at:])) == "glued"


@given(sentences, st.data())
def test_a_space_within_a_word_is_a_split(sentence: str, data: st.DataObject) -> None:
    inside = [i for i in range(1, len(sentence)) if " " not in sentence[i - 1 : i + 1]]
    at = data.draw(st.sampled_from(inside))
    assert in_text(sentence, f"{sentence[:at]} {sentence[at:]}") == "split"


@given(sentences, st.data())
def test_a_cut_is_truncated(sentence: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(sentence) - 1))
    diff = changed({"x": sentence}, {"x": sentence[:at]})
    assert diff.category == "truncated"
    assert f"of {len(sentence)} characters" in diff.summary


@given(
    st.lists(st.sampled_from(["“a”", "it’s", "so—no", "end…", "word"]), min_size=1).map(" ".join)
)
def test_straightened_quotes_are_punctuation(text: str) -> None:
    straight = text.replace("“", '"').replace("”", '"').replace("’", "'").replace("—", "-")
    straight = straight.replace("…", "...")
    assume(straight != text)
    assert in_text(text, straight) == "punctuation"


@given(sentences, st.integers(2, 4))
def test_a_text_that_stands_twice_is_duplicated(sentence: str, times: int) -> None:
    assert in_text(sentence, " ".join([sentence] * times)) == "duplicated"
    assert in_text([sentence, FIRST], [sentence, FIRST] * times) == "duplicated"


@given(trees.prose, trees.prose)
def test_swapped_sides_are_opposites(old: str, new: str) -> None:
    assume(old != new)
    opposite = {"lost": "gained", "gained": "lost", "glued": "split", "split": "glued"}
    there, back = classify(old, new)[0], classify(new, old)[0]
    if there in ("lost", "truncated", "duplicated", "gained"):
        assert back in ("lost", "truncated", "duplicated", "gained")
    else:
        assert back == opposite.get(there, there)


# --- total: any two trees -------------------------------------------------------------------------


@given(trees.records, trees.records, st.dictionaries(trees.names, st.sampled_from(KINDS)))
def test_any_two_records_can_be_compared(old: Any, new: Any, kinds: Any) -> None:
    check(compare_records(old, new, kinds, chrome.is_phrase), same(old, new))


@given(trees.trees, trees.trees, st.sampled_from([None, *KINDS]))
def test_any_two_values_can_be_compared(old: Tree, new: Tree, kind: Kind | None) -> None:
    kinds: dict[str, Kind] = {"x": kind} if kind else {}
    check(compare_records({"x": old}, {"x": new}, kinds), same(old, new))
    check(compare_records({"x": [old]}, {"x": [new]}, kinds), same(old, new))
    check(compare_records({"x": old}, {"x": old}, kinds), True)
    if not same(old, new):
        check([compare_field("x", kind or "text", old, new)], False)


def check(found: list[FieldDiff], equal: bool) -> None:
    assert (found == []) == equal, found
    for diff in found:
        assert diff.category in CATEGORIES
        assert 0 <= diff.similarity <= 1
        assert diff.summary
        assert len(diff.summary.splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, True), (1, 1.0), ("2026-03-01", {"$date": "2026-03-01"}), (["a"], {"$tuple": ["a"]})],
)
def test_values_that_python_holds_equal_are_not(old: Any, new: Any) -> None:
    for wrap in (lambda v: v, lambda v: [v], lambda v: [{"a": v}], lambda v: {"a": {"b": [v]}}):
        assert compare_records({"x": wrap(old)}, {"x": wrap(new)})
        assert not same(wrap(old), wrap(new))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"x": None}, {}, "null → absent"),
        ({}, {"x": None}, "absent → null"),
        ({"x": ""}, {"x": None}, "empty text → null"),
        ({"x": None}, {"x": []}, "null → empty list"),
        ({"x": BODY}, {"x": []}, "lost, was 3 paragraphs"),
        ({"x": BODY}, {}, "lost, was 3 paragraphs"),
        ({}, {"x": "A"}, "new field: 'A'"),
        ({"x": None}, {"x": "A"}, "was empty, now 'A'"),
    ],
)
def test_kinds_of_nothing_are_told_apart(old: Any, new: Any, says: str) -> None:
    assert changed(old, new).summary == says


def test_a_field_that_becomes_empty_says_so() -> None:
    diff = changed({"x": "A"}, {"x": None})
    assert (diff.old_empty, diff.new_empty) == (False, True)


# --- words ----------------------------------------------------------------------------------------


@given(trees.any_text, trees.any_text)
def test_pieces_join_to_both_sides(old: str, new: str) -> None:
    pieces, similarity = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.op in "=-") == old
    assert "".join(p.text for p in pieces if p.op in "=+") == new
    assert 0 <= similarity <= 1
    assert (similarity == 1) == (old == new)
    assert all(piece.text for piece in pieces)
    assert all(a.op != b.op for a, b in itertools.pairwise(pieces))
    if old == new:
        assert {piece.op for piece in pieces} <= {"="}


@given(sentences, sentences)
def test_below_the_threshold_both_are_shown_whole(old: str, new: str) -> None:
    pieces, similarity = word_diff(old, new)
    if similarity < WHOLE_BELOW:
        assert [piece.op for piece in pieces] == ["-", "+"]


def test_a_replaced_word_is_the_only_edit() -> None:
    pieces, _ = word_diff(FIRST, FIRST.replace("Tuesday", "Monday"))
    assert [(p.op, p.text) for p in pieces if p.op != "="] == [("-", "Tuesday"), ("+", "Monday")]


def test_a_space_between_two_replaced_words_joins_them() -> None:
    pieces, _ = word_diff("we saw the old bridge today", "we saw some new bridge today")
    assert [(p.op, p.text) for p in pieces][1:3] == [("-", "the old"), ("+", "some new")]


def test_one_chinese_character_is_one_edit() -> None:
    pieces, _ = word_diff("今天天气很好我们出去玩", "今天天气不好我们出去玩")
    assert [(p.op, p.text) for p in pieces if p.op != "="] == [("-", "很"), ("+", "不")]


def test_huge_texts_are_shown_between_their_common_ends() -> None:
    text = "word " * 60_000
    pieces, similarity = word_diff(text + "end", text + "other end")
    assert [p.op for p in pieces] == ["=", "+", "="]
    assert similarity > 0.99


@given(trees.any_text, trees.any_text)
def test_similarity_does_not_depend_on_order(old: str, new: str) -> None:
    assert similarity_of(old, new) == similarity_of(new, old)
    assert similarity_of(old, old) == 1.0


# --- paragraphs -----------------------------------------------------------------------------------


def test_the_paragraph_that_changed_is_named() -> None:
    diff = changed({"body": BODY}, {"body": [FIRST, SECOND.replace("two", "six"), THIRD]})
    assert diff.summary == "paragraph 2 of 3 'two' → 'six'"
    assert [hunk.where for hunk in diff.hunks] == ["paragraph 2 of 3"]
    assert diff.similarity > 0.95


def test_a_second_change_is_not_hidden_by_the_first() -> None:
    diff = changed({"body": BODY}, {"body": [FIRST[:30], SECOND, THIRD + " Read more"]})
    assert [hunk.where for hunk in diff.hunks] == ["paragraph 1 of 3", "paragraph 3 of 3"]
    assert "page chrome leaked in" in diff.summary


@given(paragraphs, paragraphs)
def test_what_hunks_take_away_stood_there_before(old: list[str], new: list[str]) -> None:
    assume(old != new)
    diff = changed({"body": old}, {"body": new})
    before, after = words(" ".join(old)), words(" ".join(new))
    for hunk in diff.hunks:
        assert set(words(" ".join(p.text for p in hunk.pieces if p.op in "=-"))) <= set(before)
        assert set(words(" ".join(p.text for p in hunk.pieces if p.op in "=+"))) <= set(after)


def test_more_paragraphs_than_any_article_has_are_still_compared() -> None:
    old = [str(i) for i in range(20_001)]
    assert changed({"body": old}, {"body": [*old[:-1], "x"]}).summary


# --- numbers, links, timestamps -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (1, 3, "1 → 3 (+2)"),
        ({"$decimal": "1.50"}, {"$decimal": "1.25"}, "1.50 → 1.25 (-0.25)"),
        ({"$decimal": "1E+999999"}, {"$decimal": "-9E+999999"}, "'1E+999999' → '-9E+999999'"),
    ],
)
def test_numbers_say_by_how_much(old: Any, new: Any, says: str) -> None:
    assert changed({"x": old}, {"x": new}).summary == says


@pytest.mark.parametrize("broken", ["http://[x", "http://a\ud800", "http://"])
def test_a_broken_link_is_content(broken: str) -> None:
    assert changed({"x": "http://a.b"}, {"x": broken}).category in ("value", "truncated")


def test_a_timestamp_says_what_moved() -> None:
    def stamp(**parts: Any) -> dict[str, Any]:
        return {"x": {"$timestamp": {**AGE, **parts}}}

    assert changed(stamp(), stamp(count=3)).summary == "count 2 → 3, +1"
    assert changed(stamp(), stamp(text="2 Hours Ago")).category == "case"
    assert (
        "min_seconds 1 → 2"
        in changed(
            stamp(age={"min_seconds": 1, "max_seconds": 5}),
            stamp(age={"min_seconds": 2, "max_seconds": 5}),
        ).summary
    )
    assert changed(stamp(), stamp(text="3 hours ago", count=3)).summary.startswith(
        "'2 hours ago' → '3 hours ago'"
    )
    assert changed(stamp(), {"x": "2 hours ago"}).category == "type"
    assert changed(stamp(), stamp(age=None)).summary


# --- lists of records -----------------------------------------------------------------------------

titles = st.lists(sentences, min_size=1, max_size=6, unique=True)


def stories(names: Sequence[str]) -> list[Any]:
    return [{"title": name, "byline": f"By {name}"} for name in names]


@given(titles, st.randoms())
def test_shuffled_records_are_reordered_and_nothing_else(names: list[str], random: Any) -> None:
    order = random.sample(names, len(names))
    found = compare_records({"related": stories(names)}, {"related": stories(order)})
    assert [d.category for d in found] == ["reordered"] * (names != order)


@given(titles, st.data())
def test_a_lost_record_is_named_and_the_others_are_silent(
    names: list[str], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(names) - 1))
    diff = changed(
        {"related": stories(names)}, {"related": stories(names[:gone] + names[gone + 1 :])}
    )
    assert diff.category == "lost"
    assert names[gone][:30] in diff.summary


def test_a_change_within_a_record_carries_its_path() -> None:
    old, new = stories(["a", "b", "c"]), stories(["c", "b", "a"])
    new[1] = {**new[1], "byline": "somebody else"}
    found = compare_records({"related": old}, {"related": new})
    assert [d.field for d in found] == ["related", "related[1].byline"]


def test_records_whose_titles_were_edited_are_the_same_records() -> None:
    old = stories([f"{FIRST} Part {i} of the story" for i in range(300)])
    new = [{**story, "title": story["title"] + " x"} for story in old]
    found = compare_records({"related": old}, {"related": new})
    assert {d.category for d in found} == {"gained"}
    assert len(found) == 300


def test_a_record_that_becomes_its_own_title_is_not_overlooked() -> None:
    diff = changed(
        {"x": [{"title": "a"}, "b"]}, {"x": [{"title": "a"}, {"title": "b"}]}, x="records"
    )
    assert (diff.field, diff.category) == ("x[1]", "type")


@given(st.lists(trees.trees, max_size=5), st.lists(trees.trees, max_size=5))
def test_a_record_is_matched_with_one_other(old: list[Tree], new: list[Tree]) -> None:
    pairs = match_records(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert all(i < len(old) and j < len(new) for i, j in pairs.items())
    assert match_records(old, old) == {i: i for i in range(len(old))} or len(
        {records.dumps(item) for item in old}
    ) < len(old)


@given(trees.trees)
def test_any_value_has_a_text_for_people(tree: Tree) -> None:
    assert isinstance(plain(tree), str)
    assert plain("a") == "a"
    assert plain(BODY) == "\n\n".join(BODY)
    assert re.fullmatch(r"2 hours ago", plain({"$timestamp": AGE}))


def test_chrome_in_an_empty_body_is_chrome_and_prose_is_gained() -> None:
    def category(now: list[str]) -> str:
        (diff,) = compare_records({"body": []}, {"body": now}, is_chrome=lambda t: t == "Share")
        return diff.category

    assert category(["Share", "Share"]) == "chrome"
    assert category(["Share", FIRST]) == "gained"
