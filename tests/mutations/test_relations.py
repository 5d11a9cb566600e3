"""Relations see planted damage, name it rightly, and are silent where nothing is to be judged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harness import Timestamp
from harness.faults import CLASSES
from harness.mutations import (
    MUTATIONS,
    Broken,
    Follows,
    GainsParagraph,
    LosesLede,
    LosesParagraph,
    MayDrift,
    PermutesParagraphs,
    PermutesRecords,
    Planted,
    Relation,
    SameProse,
    SameRecord,
    SameTokens,
    combine,
)
from harness.mutations.clock import ClockShift, Recapture
from tests.mutations.pages import CAPTURED_AT, PROSE, extract, html, outcome, raised, text

CANARY = "A new line with Bakulemi “in it” and a soft sea."
LONG = " ".join(PROSE)


def faults(relation: Relation, before: Any, after: Any, field: str = "body") -> list[str]:
    """The fault classes that a relation names for one field."""
    broken = relation.check(outcome(**{field: before}), outcome(**{field: after}))
    assert all(b.relation == relation.name and b.fault in CLASSES and b.message for b in broken)
    assert all("\n" not in b.message for b in broken)
    return [b.fault for b in broken]


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        ([], "empty"),
        (None, "empty"),
        (PROSE[:-1], "truncated"),
        ([*PROSE[:-1], "A second crossing is"], "truncated"),
        (PROSE[1:], "lede-missing"),
        ([*PROSE[:2], *PROSE[3:]], "paragraph-lost"),
        ([PROSE[0].replace("eleven goats, ", ""), *PROSE[1:]], "inline-lost"),
        (PROSE[:1], "stub"),
        ([PROSE[1], PROSE[0], *PROSE[2:]], "reordered"),
        ([PROSE[0].replace("eleven goats", "elevengoats"), *PROSE[1:]], "glued"),
        ([PROSE[0].replace("eleven", "ele ven"), *PROSE[1:]], "split"),
        ([*PROSE, PROSE[2]], "duplicated"),
        ([*PROSE, "Subscribe to our newsletter"], "chrome-leak"),
        ([*PROSE, *[f"Other text {n}" for n in range(100)]], "whole-page"),
        (["Cookies help us to show advertisements. Accept all?"], "wrong-block"),
        ([line.replace("“", "â€œ") for line in PROSE], "charset"),
        ([line.replace("é", "\ufffd") for line in PROSE], "charset"),
        ([line.replace("–", "&ndash;") for line in PROSE], "markup"),
        ([line.replace("mayor", "<b>mayor</b>") for line in PROSE], "markup"),
    ],
)
def test_damage_to_a_body_is_named(after: Any, fault: str) -> None:
    assert faults(SameTokens(), PROSE, after) == [fault]


@pytest.mark.parametrize(
    ("field", "before", "after", "fault"),
    [
        ("title", "Goats at sea again", "Goats at sea", "title-cut"),
        ("headline", "Goats at sea", "Goats at sea | The Quay", "title-suffix"),
        ("title", "Goats at sea", "Ten best beaches of all time", "title-wrong"),
        ("author", "Maëlle Quintard", "Maëlle", "byline-cut"),
        ("byline", "Maëlle Quintard", "By Maëlle Quintard", "byline-noise"),
        ("byline", "Maëlle Quintard", "Staff", "byline-wrong"),
        ("authors", ["Ann Lee", "Bo"], ["AnnLee", "Bo"], "author-split"),
        ("date", "5 March 2026", "6 April 2025", "wrong-date"),
        ("byline", None, "None", "literal"),
        ("byline", None, "Ann Lee", "invented"),
        ("points", 45, None, "empty"),
        ("points", 45, 46, "wrong-block"),
        ("related", [{"title": "A"}, {"title": "B"}], [{"title": "B"}], "card-lost"),
    ],
)
def test_damage_to_other_fields_is_named(field: str, before: Any, after: Any, fault: str) -> None:
    assert faults(SameTokens(), before, after, field) == [fault]


@pytest.mark.parametrize(
    "after", [PROSE, [LONG], [f" {line}\n" for line in PROSE], LONG.replace(" ", "\u00a0 ")]
)
def test_white_space_and_the_cut_into_paragraphs_do_not_count(after: Any) -> None:
    assert faults(SameTokens(), PROSE, after) == []


def test_the_same_record_is_the_same_to_the_character() -> None:
    assert faults(SameRecord(), PROSE, PROSE) == []
    assert faults(SameRecord(), PROSE, [LONG]) == ["type"]
    assert faults(SameRecord(), PROSE, PROSE[1:]) == ["lede-missing"]


def test_planted_text_has_the_fault_that_it_was_planted_for() -> None:
    relation = SameTokens((Planted("Bakulemi", "hidden-text"),))
    assert faults(relation, PROSE, [*PROSE, CANARY]) == ["hidden-text"]
    assert faults(relation, PROSE, PROSE) == []


def test_an_extractor_that_raises_breaks_every_relation() -> None:
    for relation in (SameTokens(), SameRecord(), MayDrift(), PermutesRecords()):
        [broken] = relation.check(outcome(body=PROSE), raised())
        assert (broken.field, broken.fault) == ("*", "raised")
        assert "KeyError" in broken.message


def test_without_a_record_before_nothing_is_judged() -> None:
    assert not SameTokens().applies(raised())
    assert SameTokens().check(raised(), outcome(body=PROSE)) == []


GAIN = GainsParagraph(CANARY, (PROSE[1], PROSE[2]))
GAINED = [*PROSE[:2], CANARY, *PROSE[2:]]


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (PROSE, "paragraph-lost"),
        ([*GAINED, CANARY], "duplicated"),
        ([CANARY], "stub"),
        (GAINED[:-1], "truncated"),
        (GAINED[1:], "lede-missing"),
        ([line.replace("“", '"').replace("”", '"') for line in GAINED], "quotes"),
        ([line.replace("in it” ", "in it”") for line in GAINED], None),
        ([line.replace("a soft sea", "a sea") for line in GAINED], "inline-lost"),
        ([line.replace("Bakulemi", "BAKULEMI") for line in GAINED], "case"),
    ],
)
def test_a_new_paragraph_stands_once_and_as_it_was_written(after: Any, fault: str | None) -> None:
    assert faults(GAIN, PROSE, GAINED) == []
    assert faults(GAIN, PROSE, after) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("special", "found", "fault"),
    [
        ("\u200fשלום\u200f", "שלום", "bidi"),
        ("می\u200cخواهم", "میخواهم", "unseen-characters"),
        ("<b> &amp;", "<b> &", "markup"),
    ],
)
def test_characters_of_a_new_paragraph_come_out_as_they_went_in(
    special: str, found: str, fault: str
) -> None:
    relation = GainsParagraph(f"Bakulemi {special} here", (PROSE[0],))
    assert faults(relation, PROSE, [*PROSE, f"Bakulemi {special} here"]) == []
    assert faults(relation, PROSE, [*PROSE, f"Bakulemi {found} here"]) == [fault]


def test_a_soft_hyphen_may_be_dropped() -> None:
    relation = GainsParagraph("Bakulemi under\u00adway", (PROSE[0],))
    assert faults(relation, PROSE, [*PROSE, "Bakulemi underway"]) == []


def test_an_extractor_that_always_drops_the_last_paragraph_is_seen() -> None:
    relation = GainsParagraph(CANARY, (PROSE[3], PROSE[4]), "last", PROSE[5])
    assert faults(relation, PROSE[:-1], PROSE) == ["truncated"]


def test_a_notice_that_is_no_part_of_the_body_takes_the_new_one_with_it() -> None:
    relation = GainsParagraph(CANARY, (PROSE[3], PROSE[4]), "last", PROSE[5])
    assert faults(relation, PROSE[:-1], PROSE[:-1]) == []


def test_fields_without_the_neighbours_are_not_held_to_a_new_paragraph() -> None:
    assert not GAIN.applies(outcome(body=["Something else."], title="x"))
    before = outcome(body=PROSE, summary=PROSE[0], words=97)
    assert GAIN.check(before, outcome(body=GAINED, summary=PROSE[0], words=106)) == []
    [broken] = GAIN.check(before, outcome(body=GAINED, summary=CANARY, words=106))
    assert broken.field == "summary"


def test_a_deleted_paragraph_is_gone_and_nothing_else() -> None:
    relation = LosesParagraph(PROSE[2], (PROSE[1], PROSE[3]))
    left = [*PROSE[:2], *PROSE[3:]]
    assert faults(relation, PROSE, left) == []
    assert faults(relation, PROSE, PROSE) == ["invented"]
    assert faults(relation, PROSE, left[:-1]) == ["truncated"]
    assert not relation.applies(outcome(body=PROSE[:2]))


def test_a_body_that_never_had_the_lede_is_at_fault() -> None:
    relation = LosesLede(PROSE[0], (PROSE[1], PROSE[2]))
    assert faults(relation, PROSE, PROSE[1:]) == []
    assert faults(relation, PROSE[1:], PROSE[1:]) == ["lede-missing"]
    assert faults(relation, PROSE, PROSE) == ["invented"]


def test_paragraphs_that_change_places_change_them_in_the_record() -> None:
    relation = PermutesParagraphs(PROSE[1], PROSE[2])
    swapped = [PROSE[0], PROSE[2], PROSE[1], *PROSE[3:]]
    assert faults(relation, PROSE, swapped) == []
    assert faults(relation, PROSE, PROSE) == ["reordered"]
    assert faults(relation, PROSE, swapped[:-1]) == ["truncated"]


def test_a_title_follows_its_page() -> None:
    relation = Follows("Goats at sea", "Goats at bazo")
    before = outcome(title="Goats at sea", alt="goats: Goats at sea!", body=PROSE)
    after = outcome(title="Goats at bazo", alt="goats: Goats at bazo!", body=PROSE)
    assert relation.check(before, after) == []
    assert {b.field for b in relation.check(before, before)} == {"title", "alt"}
    assert not relation.applies(outcome(title="Sea"))


def test_prose_alone_is_judged_where_metadata_goes() -> None:
    before = outcome(body=PROSE, title="A", byline="B")
    assert SameProse().check(before, outcome(body=PROSE, title=None, byline=None)) == []
    assert [b.fault for b in SameProse().check(before, outcome(body=[]))] == ["empty"]
    assert not SameProse().applies(outcome(title="A"))


def test_lists_may_change_their_order_and_nothing_else() -> None:
    cards = [{"title": f"Card {n}"} for n in range(4)]
    assert faults(PermutesRecords(), cards, cards[::-1], "related") == []
    assert faults(PermutesRecords(), cards, cards[:3], "related") == ["card-lost"]
    assert faults(PermutesRecords(), "a b", "b a") == ["reordered"]


def stamp(hours: float, **more: Any) -> Timestamp:
    """A claim of an age of so many hours, at the capture."""
    moment = CAPTURED_AT - timedelta(hours=hours)
    return Timestamp(
        "2 hours ago", "relative", "hour", 2, (3600.0, 7200.0), (moment, moment), **more
    )


def test_ages_move_with_the_clock_and_dates_do_not() -> None:
    relation, day = ClockShift(86400.0), timedelta(days=1)
    assert faults(relation, stamp(2), stamp(2 - 24), "timestamp") == []
    assert faults(relation, stamp(2), stamp(2), "timestamp") == ["wrong-date"]
    date = Timestamp("5 March", "absolute", published=(CAPTURED_AT, CAPTURED_AT))
    moved = Timestamp("5 March", "absolute", published=(CAPTURED_AT + day, CAPTURED_AT + day))
    assert faults(relation, date, date, "timestamp") == []
    assert faults(relation, date, moved, "timestamp") == ["wrong-date"]
    assert faults(relation, CAPTURED_AT, CAPTURED_AT + day, "date") == []
    assert faults(relation, CAPTURED_AT, CAPTURED_AT + 2 * day, "date") == ["wrong-date"]
    assert faults(relation, PROSE, PROSE[:-1]) == ["truncated"]
    assert faults(relation, [{"t": stamp(2)}], [{"t": stamp(2)}], "related") == ["wrong-date"]


def test_two_captures_of_one_story_cannot_contradict_each_other() -> None:
    relation = Recapture((("2 hours ago", "5 hours ago"),))
    assert faults(relation, stamp(2), stamp(2), "timestamp") == []
    assert faults(relation, stamp(2), stamp(3), "timestamp") == ["wrong-date"]
    assert faults(relation, stamp(2), None, "timestamp") == ["empty"]
    assert faults(relation, "Echo2 hours ago", "Echo5 hours ago", "byline") == []
    assert faults(relation, "Echo2 hours ago", "Echo4 hours ago", "byline") != []


def test_what_may_drift_is_measured_and_not_failed() -> None:
    relation = MayDrift(GAIN)
    assert not relation.must_hold and relation.name == "may-drift"
    assert faults(relation, PROSE, PROSE) == ["paragraph-lost"]
    assert not relation.applies(outcome(title="x"))


def test_the_whole_is_as_strong_as_the_weakest() -> None:
    planted = SameTokens((Planted("Bakulemi", "hidden-text"),))
    assert combine([SameRecord(), SameRecord()]) == SameRecord()
    assert combine([SameRecord(), SameTokens()]) == SameTokens()
    assert combine([planted, SameTokens(ignore="-")]) == SameTokens(planted.planted, "-")
    assert combine([SameTokens(), GAIN, SameRecord()]) == GAIN
    assert combine([SameTokens(), MayDrift()]).must_hold is False
    assert combine([GAIN, GAIN]).must_hold is False
    assert combine([GAIN, planted]) == MayDrift(planted)
    assert combine([MayDrift(GAIN)]) == MayDrift(GAIN)


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_every_relation_sees_an_extractor_that_raises_or_gives_nothing(name: str) -> None:
    for capture in (html(), text()):
        made = MUTATIONS[name](capture, 2)
        if made is None or not made.relation.applies(extract(capture)):
            continue
        before = extract(capture)
        assert made.relation.check(before, raised())
        empty = outcome(title=None, byline=None, timestamp=None, body=[], related=[])
        broken = made.relation.check(before, empty)
        assert broken and all(isinstance(b, Broken) and b.fault in CLASSES for b in broken)
