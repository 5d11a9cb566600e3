"""Every operator plants what it says, only where a reader would notice, and never by accident."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import records
from harness.faults import CLASSES, OPERATORS, Fault, Sight
from harness.faults.operator import Harm, fault
from harness.invariants.roles import role_of
from harness.model import Tree
from harness.records import Record
from tests import trees
from tests.faults.samples import LINKED, PARAGRAPHS, TIMES, TITLE, article, capture, dated, samples

# What no record of one extraction can show.
OF_THE_PROGRAM = {"raised", "nondeterminism"}
PAGE = capture()
SIGHT = Sight(PAGE)
each_operator = pytest.mark.parametrize("name", OPERATORS)


def harm(name: str, record: Record, seed: int = 0, strength: float | None = None) -> Record | None:
    return OPERATORS[name](record, PAGE, seed, strength, sight=SIGHT)


def harmed(name: str, record: Record | None = None, **how: Any) -> dict[str, Any]:
    """The harmed record; of the article without its cards, unless another is given."""
    found = harm(name, {**article(), "related": []} if record is None else record, **how)
    assert found is not None, f"{name} planted nothing"
    return found


def test_every_class_that_a_record_can_show_has_an_operator() -> None:
    assert {each.fault for each in OPERATORS.values()} == set(CLASSES) - OF_THE_PROGRAM
    assert len(OPERATORS) >= 40


@each_operator
def test_an_operator_says_what_it_is(name: str) -> None:
    operator = OPERATORS[name]
    assert operator.name == name
    assert operator.summary.endswith(".") and len(operator.summary) < 100
    assert operator.strengths and operator.roles


@each_operator
def test_it_plants_something_into_a_rich_record(name: str) -> None:
    planted = [harm(name, record) for record in samples().values()]
    assert any(planted), "no sample shows it"


@each_operator
def test_it_leaves_its_input_alone_and_gives_a_record(name: str) -> None:
    operator = OPERATORS[name]
    for kind, record in samples().items():
        before = json.dumps(record)
        for strength in operator.strengths:
            for seed in range(3):
                found = harm(name, record, seed, strength)
                assert json.dumps(record) == before, kind
                if found is None:
                    continue
                assert found != record, kind
                again = {key: records.decode(value) for key, value in found.items()}
                assert records.loads(records.dumps(found)) == found, kind
                assert set(records.encode_record(again)) == set(found), kind


@each_operator
def test_it_harms_the_fields_that_it_says_and_no_others(name: str) -> None:
    operator = OPERATORS[name]
    if name == "everything-lost":
        return
    for kind, record in samples().items():
        for seed in range(3):
            found = harm(name, record, seed, operator.strengths[-1]) or record
            changed = {role_of(key) for key in record if found[key] != record[key]}
            assert changed <= {*operator.roles, "related"}, kind
            if "related" in changed and len(record["related"]) == len(found["related"]):
                pairs = zip(record["related"], found["related"], strict=True)
                nested = {role_of(key) for a, b in pairs for key in a if a[key] != b[key]}
                assert nested <= set(operator.roles) or "related" in operator.roles, kind


@each_operator
def test_the_same_seed_gives_the_same_harm(name: str) -> None:
    operator = OPERATORS[name]
    for record in samples().values():
        assert operator(record, capture(), 7) == operator(record, capture(), 7, sight=SIGHT)


@each_operator
def test_there_is_nothing_to_harm_in_an_empty_record(name: str) -> None:
    for record in ({}, {"title": None, "byline": None, "timestamp": None, "body": [], "x": 1}):
        if name == "everything-lost" and record:
            continue
        assert harm(name, dict(record)) is None
    assert OPERATORS[name]({}, capture(b"")) is None


def whole(record: Record) -> bool:
    """Whether a drawn record is one that could be stored."""
    try:
        records.decode(record)
    except Exception:  # noqa: BLE001 - every type's own parser may object
        return False
    return True


@given(
    record=trees.records.filter(whole),
    name=st.sampled_from(sorted(OPERATORS)),
    body=st.binary(max_size=60) | trees.any_text.map(lambda t: t.encode("utf-8", "surrogatepass")),
    kind=st.sampled_from(["text/html", "text/plain", "application/json", "application/xml"]),
    seed=st.integers(0, 9),
)
@settings(max_examples=400, deadline=None)
def test_no_record_and_no_page_breaks_an_operator(
    record: Record, name: str, body: bytes, kind: str, seed: int
) -> None:
    operator, before = OPERATORS[name], json.dumps(record)
    for strength in operator.strengths:
        found = operator(record, capture(body, kind), seed, strength)
        assert json.dumps(record) == before
        if found is not None:
            assert found != record
            assert records.loads(records.dumps(found)) == found
            assert whole(found)


@given(
    title=trees.text,
    byline=trees.text | st.lists(trees.text, max_size=3),
    body=st.lists(trees.text, max_size=4) | trees.text,
    stamp=trees.scalars | st.sampled_from(list(TIMES.values())),
    name=st.sampled_from(sorted(OPERATORS)),
)
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_an_operator(
    title: str, byline: Tree, body: Tree, stamp: Tree, name: str
) -> None:
    record: Record = {"title": title, "byline": byline, "timestamp": stamp, "body": body}
    found = harm(name, {**record, "related": [dict(record), dict(record)]})
    if found is not None:
        assert records.loads(records.dumps(found)) == found


def test_a_fault_is_planted_into_a_copy_of_deep_parts() -> None:
    record = article()
    found = harm("card-lost", record)
    assert found and len(record["related"]) == 3


def test_halves_of_a_character_that_come_together_are_that_character() -> None:
    record: Record = {"body": ["One half \ud83d", "\ude00 and the other"]}
    assert harmed("paragraphs-fused", record) == {"body": ["One half 😀 and the other"]}


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault class 'nonsense'"):
        fault("x", of="nonsense", roles=("body",))


def test_strength_is_a_number_of_things_or_a_share() -> None:
    amounts = {}
    for strength in (1, 3, 0.1, 0.5, 1.0, 99):
        made = Harm({}, SIGHT, Random(0), strength)
        amounts[strength] = made.count(10)
    # 1 and 1.0 are one key: the share stands last.
    assert amounts == {1: 10, 3: 3, 0.1: 1, 0.5: 5, 99: 10}
    assert Harm({}, SIGHT, Random(0), 1).count(10) == 1


# What an operator does, where a mistake in it would go unseen by the laws above.


def test_the_end_is_lost_by_paragraphs_and_by_shares() -> None:
    assert harmed("end-lost", strength=1)["body"] == PARAGRAPHS[:-1]
    assert harmed("end-lost", strength=0.5)["body"] == PARAGRAPHS[:3]


def test_a_body_cut_in_a_sentence_does_not_end_one() -> None:
    for strength in OPERATORS["cut-in-sentence"].strengths:
        body = harmed("cut-in-sentence", strength=strength)["body"]
        assert "".join(PARAGRAPHS).startswith("".join(body)) and body[-1][-1] != "."


def test_the_lede_is_lost() -> None:
    assert harmed("lede-lost")["body"] == PARAGRAPHS[1:]


def test_list_items_quotes_and_subheadings_are_those_of_the_page() -> None:
    for name, lost in (("list-items-lost", 3), ("quotes-lost", 4), ("subheadings-lost", 2)):
        assert set(PARAGRAPHS) - set(harmed(name)["body"]) == {PARAGRAPHS[lost]}, name


def test_the_text_of_a_real_link_is_lost_and_nothing_else() -> None:
    body = harmed("inline-lost")["body"]
    assert [text for text in body if text not in PARAGRAPHS] == [body[1]]
    assert body[1].replace(" ", "") == PARAGRAPHS[1].replace("full report", "").replace(" ", "")


def test_a_space_is_lost_beside_a_link() -> None:
    one = harmed("space-lost", strength=1)["body"][1]
    assert one in (
        PARAGRAPHS[1].replace("The full", "Thefull"),
        PARAGRAPHS[1].replace("report names", "reportnames"),
    )
    every = harmed("space-lost", strength=1.0)["body"][1]
    assert "Thefull reportnames" in every


def test_where_no_element_stands_a_space_between_words_is_lost() -> None:
    plain = OPERATORS["space-lost"]({"body": "one two three"}, capture("", "text/plain"))
    assert plain in ({"body": "onetwo three"}, {"body": "one twothree"})
    assert OPERATORS["space-lost"]({"body": "word"}, capture("", "text/plain")) is None


def test_paragraphs_run_together_without_a_space() -> None:
    assert harmed("paragraphs-fused", strength=1.0)["body"] == ["".join(PARAGRAPHS)]


def test_a_caption_stands_where_its_picture_stands() -> None:
    body = harmed("caption-leaked")["body"]
    assert body[1] == "The wall at dawn, seen from the café. Photo: C. Brum"
    assert [body[0], *body[2:]] == PARAGRAPHS


def test_hidden_text_is_taken_from_hidden_elements() -> None:
    found = set(harmed("hidden-leaked")["body"]) - set(PARAGRAPHS)
    assert found == {"You have two free articles left this month"}


def test_furniture_comes_from_menus_and_footers_and_never_from_the_article() -> None:
    found = set(harmed("furniture-leaked", strength=10)["body"]) - set(PARAGRAPHS)
    assert "Share this story" in found and not any("wall" in text for text in found)


def test_what_the_body_holds_already_is_no_leak() -> None:
    text = "The wall at dawn, seen from the café. Photo: C. Brum"
    record = {**article(), "body": [*PARAGRAPHS, text]}
    assert harm("caption-leaked", record) is None


def test_another_part_of_the_page_stands_for_the_article() -> None:
    body = harmed("wrong-block")["body"]
    assert not set(body) & set(PARAGRAPHS) and sum(len(t.split()) for t in body) >= 30


def test_the_whole_page_holds_the_article_and_more() -> None:
    body = harmed("whole-page")["body"]
    assert set(PARAGRAPHS) < set(body) and "Share this story" in body


def test_latin_1_is_told_from_its_windows_relative_by_the_seed() -> None:
    seen = {harmed("read-as-latin-1", seed=seed)["body"][0][-25:] for seed in range(8)}
    assert any("â€” â€œa" in text or "â€œa" in text for text in seen)
    assert any("â\x80\x9ca" in text for text in seen)


def test_ascii_has_no_wrong_encoding() -> None:
    record: Record = {"title": "Plain", "byline": "A. Writer", "body": ["Only letters."]}
    for name, operator in OPERATORS.items():
        if operator.fault == "charset":
            assert harm(name, record) is None


def test_addresses_and_machine_readable_times_keep_their_characters() -> None:
    record: Record = {"url": "https://a.b/é", "published": "2026-03-05é", "title": "é"}
    assert harmed("question-marks", record) == {**record, "title": "?"}


def test_an_entity_is_left_where_there_is_one() -> None:
    assert harm("entities-left", {"title": "Plain", "body": ["No marks here"]}) is None
    assert "gauges &amp; two" in harmed("entities-left", strength=1.0)["body"][1]


def test_a_tag_stands_round_the_link() -> None:
    assert any(f">{'full report'}</" in text for text in harmed("tags-left", strength=1.0)["body"])


def test_joiners_and_marks_are_lost_where_there_are_any() -> None:
    assert harmed("joiners-lost")["body"][3].startswith("میخواهم")
    assert "\u200f" not in harmed("direction-marks-lost")["body"][3]
    plain: Record = {"title": "Plain", "body": ["Text"]}
    assert harm("joiners-lost", plain) is None and harm("direction-marks-lost", plain) is None


def test_capitals_change_only_where_they_are_not_so_already() -> None:
    assert harmed("title-in-capitals")["title"] == TITLE.upper()
    assert harm("title-in-capitals", {"title": "ALL UP"}) is None
    assert harm("title-capitalised", {"title": "Every Word"}) is None


def test_the_sites_name_hangs_on_the_title_as_in_the_tab() -> None:
    assert harmed("site-on-title")["title"] == f"{TITLE} - Wexcombe Courier"
    assert harmed("tab-title")["title"] == f"{TITLE} - Wexcombe Courier"
    assert harm("site-on-title", {"title": "News of Wexcombe Courier"}) is None


def test_a_title_without_its_site_is_no_harm() -> None:
    assert harm("title-split-off", {"title": "A wall holds - Wexcombe Courier"}) is None
    assert harmed("title-split-off")["title"] == "Harbour wall passes first test"


def test_the_age_is_glued_to_the_byline_as_the_page_shows_it() -> None:
    assert harmed("age-on-byline")["byline"] == "Abby Shelby, Ravi Montenegro21 hours ago"
    fundus = harmed("age-on-byline", samples()["fundus"])
    assert fundus["authors"] == ["Abby Shelby", "Ravi Montenegro21 hours ago"]


def test_by_is_taken_out_of_names_and_not_from_before_them() -> None:
    cut = OPERATORS["byline-start-cut"]
    assert cut({"byline": "By Abby Shelby"}, PAGE) == {"byline": "By Ab Shel"}
    assert cut({"byline": "By Ann Lee"}, PAGE) == {"byline": "By n Lee"}
    assert harm("by-before-byline", {"byline": "By Ann Lee"}) is None


def test_names_are_torn_and_run_together() -> None:
    fundus = samples()["fundus"]
    assert harmed("author-in-characters", {"authors": ["Li Bo"]}) == {"authors": list("Li Bo")}
    assert harmed("author-in-words", fundus)["authors"][:2] == ["Abby", "Shelby"]
    assert harmed("authors-run-together", fundus)["authors"] == ["Abby ShelbyRavi Montenegro"]
    assert harmed("author-lost")["byline"] == "Abby Shelby"


TIME_FORMS: dict[str, tuple[str, Tree, Callable[[Any], bool]]] = {
    "day-month": ("day-month-swapped", {"$date": "2026-03-05"}, {"$date": "2026-05-03"}.__eq__),
    "swapped text": ("day-month-swapped", "05/03/2026", "03/05/2026".__eq__),
    "swapped name": ("day-month-swapped", "5 March 2026", "3 May 2026".__eq__),
    "twelve hours": ("clock-of-twelve", "2026-03-05T08:30Z", "2026-03-05T20:30Z".__eq__),
    "twelve seconds": ("clock-of-twelve", 1772699400, (1772699400 + 43200).__eq__),
    "midnight": (
        "cut-to-day",
        {"$datetime": "2026-03-05T08:30:00+05:30"},
        {"$datetime": "2026-03-05T00:00:00+05:30"}.__eq__,
    ),
    "mail": (
        "cut-to-day",
        "Thu, 05 Mar 2026 08:30:00 +0000",
        "Thu, 05 Mar 2026 00:00:00 +0000".__eq__,
    ),
    "capture": ("date-of-capture", {"$date": "2026-03-01"}, {"$date": "2026-03-06"}.__eq__),
    "zero": ("beginning-of-time", "2026-03-01", "1970-01-01".__eq__),
    "age": ("age-lost-digit", "21 hours ago", "1 hours ago".__eq__),
    "update": (
        "time-of-update",
        {"$datetime": "2026-03-05T08:30:00"},
        {"$datetime": "2026-03-06T09:00:00"}.__eq__,
    ),
    "other date": ("other-date-of-page", "2026-03-05", "2026-01-02".__eq__),
}


@pytest.mark.parametrize("case", TIME_FORMS)
def test_a_time_is_harmed_in_its_own_form(case: str) -> None:
    name, value, right = TIME_FORMS[case]
    record: Record = {"timestamp": value}
    assert right(harmed(name, record)["timestamp"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day-month-swapped", {"$date": "2026-03-03"}),
        ("day-month-swapped", {"$date": "2026-03-25"}),
        ("day-month-swapped", "21 hours ago"),
        ("cut-to-day", {"$datetime": "2026-03-05T00:00:00"}),
        ("cut-to-day", {"$date": "2026-03-05"}),
        ("zone-wrong", {"$date": "2026-03-05"}),
        ("clock-of-twelve", "2026-03-05T00:00:00Z"),
        ("age-changed", "5 March 2026"),
        ("age-lost-digit", "9 hours ago"),
        ("date-of-capture", {"$date": "2026-03-06"}),
        ("date-of-capture", {"$datetime": "2026-03-06T05:40:20+00:00"}),
        ("time-of-update", {"$datetime": "2026-03-06T09:00:00+00:00"}),
        ("date-off", "soon"),
        ("date-off", {"$datetime": "no date"}),
    ],
)
def test_a_time_that_would_be_the_same_is_left_alone(name: str, value: Tree) -> None:
    assert harm(name, {"timestamp": value}) is None


def test_a_claim_moves_with_its_age_and_its_interval() -> None:
    before = article()["timestamp"]["$timestamp"]  # type: ignore[index,call-overload]
    after = harmed("date-off", strength=7)["timestamp"]["$timestamp"]
    days = (after["age"]["min_seconds"] - before["age"]["min_seconds"]) / 86400
    assert abs(days) == 7 and after["text"] == before["text"]
    assert after["published"]["earliest"][:10] == ("2026-02-26" if days > 0 else "2026-03-12")


def test_a_changed_age_changes_label_count_and_interval() -> None:
    before = article()["timestamp"]["$timestamp"]  # type: ignore[index,call-overload]
    after = harmed("age-changed")["timestamp"]["$timestamp"]
    more = after["count"] - 21
    assert 1 <= more <= 3 and after["text"] == f"{21 + more} hours ago"
    assert after["age"]["min_seconds"] == before["age"]["min_seconds"] + more * 3600


def test_the_future_begins_after_the_capture() -> None:
    for value in TIMES.values():
        found = harm("in-the-future", dated(value), strength=40)
        assert (
            found is None
            or "2026-04-15" in json.dumps(found)
            or value
            in (
                TIMES["seconds"],
                TIMES["mail"],
                TIMES["named"],
                TIMES["numeric"],
            )
        )
    unknown = capture("x")
    assert OPERATORS["in-the-future"]({"date": "2026-01-01"}, unknown) is not None


def test_fields_of_cards_are_mixed_up_one_for_the_next() -> None:
    cards = harmed("bylines-shifted", article())["related"]
    assert [each["byline"] for each in cards] == ["Nordvest Avis", "Hindustan Times", "Yahoo"]
    assert [each["title"] for each in cards] == [
        each["title"]  # type: ignore[index,call-overload]
        for each in article()["related"]  # type: ignore[union-attr]
    ]


def test_pages_of_one_run_are_harmed_in_different_places() -> None:
    operator: Fault = OPERATORS["middle-lost"]
    places = set()
    for number in range(12):
        page = capture()
        page = type(page)("courier", f"page-{number}", page.body, page.media_type)
        found = operator({"body": [str(n) for n in range(9)]}, page)
        assert found
        places.add(json.dumps(found))
    assert len(places) > 3


def test_html_keeps_the_markup_of_what_stays() -> None:
    record = samples()["html"]
    body = harmed("lede-lost", record)["body"]
    assert body.startswith(f"<div><p>{LINKED}</p>") and body.endswith("</div>")
