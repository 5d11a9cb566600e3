"""Scores over pages: what counts as nothing, what is left out, intervals, the worst pages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.model import Failure, Golden, Kind, Outcome, Tree
from harness.scoreboard import SNIPPETS, Field, Got, Page, scored
from harness.scoreboard import Extractor as Scored

BODY = "one two three four five six seven eight"


def page(
    name: str,
    golden: Mapping[str, Tree],
    contains: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
) -> Page:
    return Page(
        f"site{name[0]}/{name}",
        f"site{name[0]}",
        Golden("reviewed", golden, contains, excludes),
        name,
    )


def gave(record: dict[str, Tree], seconds: float | None = None) -> Got:
    return Got(Outcome(record), seconds)


FAILED = Got(Outcome(None, Failure("ValueError", "no")))


def board(pages: list[Page], *got: Got, kinds: Mapping[str, Kind] | None = None) -> Scored:
    answers = {each.id: answer for each, answer in zip(pages, got, strict=False)}
    return scored("x", pages, answers, kinds=kinds)


def field(found: Scored, name: str) -> Field:
    made = found.field(name)
    assert made is not None
    return made


def values(made: Field) -> dict[str, float]:
    return {each.name: round(each.value, 3) for each in made.measures}


def test_a_right_record_scores_one_in_every_measure() -> None:
    record: dict[str, Tree] = {
        "title": "A title",
        "byline": "Jane Doe",
        "timestamp": {"$datetime": "2024-05-01T12:00:00+00:00"},
        "body": [BODY],
        "related": [{"title": "Another"}],
        "url": "https://a.example/",
    }
    found = board([page("a1", record)], gave(record))
    assert {each.name: each.family for each in found.fields} == {
        "title": "text",
        "byline": "byline",
        "timestamp": "timestamp",
        "body": "body",
        "related": "value",
        "url": "value",
    }
    assert {m.value for each in found.fields for m in each.measures} == {1.0}
    assert all(each.worst == () for each in found.fields)


def test_a_failure_counts_as_nothing_also_where_nothing_is_expected() -> None:
    pages = [page("a1", {"byline": None, "body": BODY}), page("b1", {"byline": None, "body": BODY})]
    found = board(pages, gave({"byline": None, "body": BODY}), FAILED)
    assert found.failures == (("siteb/b1", "ValueError", "no"),)
    byline, body = field(found, "byline"), field(found, "body")
    assert (byline.failed, byline.main.value) == (1, 0.5)
    assert (body.failed, values(body)["score"], values(body)["exact"]) == (1, 0.5, 0.5)
    # As the benchmark has it: of nothing extracted, precision is not asked.
    assert (values(body)["shingle_precision"], values(body)["shingle_recall"]) == (1.0, 0.5)
    assert body.worst[0].failed


def test_a_page_that_stored_outputs_lack_is_nothing_extracted() -> None:
    pages = [page("a1", {"body": BODY}), page("b1", {"body": BODY}), page("c1", {"body": ""})]
    found = board(pages, gave({"body": BODY}))
    assert found.missing == ("siteb/b1", "sitec/c1")
    assert values(field(found, "body"))["score"] == pytest.approx(0.667)
    assert field(found, "body").failed == 0


def test_a_field_that_no_record_has_is_not_scored_and_one_of_another_name_is() -> None:
    golden: dict[str, Tree] = {"timestamp": "2024-05-01", "body": BODY, "related": []}
    found = board([page("a1", golden)], gave({"published": "2024-05-01", "articleBody": BODY}))
    assert found.lacking == ("related",)
    assert field(found, "timestamp").main.value == field(found, "body").main.value == 1.0


def test_where_nothing_is_expected_and_found_there_is_no_f1() -> None:
    found = field(board([page("a1", {"body": []})], gave({"body": []})), "body")
    assert (found.headline, found.main.value) == ("score", 1.0)
    assert found.measure("shingle_f1") is None


def test_patterns_of_goldens_are_heeded() -> None:
    found = board(
        [page("a1", {"title": "re:^A", "body": ["contains:two", "x"]})],
        gave({"title": "A title", "body": ["one two", "x"]}),
    )
    assert field(found, "title").main.value == field(found, "body").main.value == 1.0


def test_paragraphs_are_held_against_one_text_and_are_no_pattern_by_joining() -> None:
    golden: dict[str, Tree] = {"body": ["re:\\Are: a note\\Z", "one two three"]}
    found = board([page("a1", golden)], gave({"body": "re: a note\none two three"}))
    assert values(field(found, "body"))["shingle_f1"] == 1.0
    worse = board([page("a1", golden)], gave({"body": "re: a note\none two"}))
    assert 0.5 < values(field(worse, "body"))["token_f1"] < 1.0


def test_an_instant_cut_to_its_day_keeps_the_day_only() -> None:
    golden: dict[str, Tree] = {"published": "2024-05-01T12:00:00Z"}
    found = values(
        field(board([page("a1", golden)], gave({"published": "2024-05-01"})), "published")
    )
    assert (found["instant"], found["day"], found["precision_kept"], found["score"]) == (
        0,
        1,
        0,
        0.5,
    )


def test_snippets_are_a_row_of_their_own() -> None:
    texts = page("a1", {}, contains=("two", "gone"), excludes=("ad",))
    found = field(board([texts], gave({"body": "one two"})), SNIPPETS)
    assert values(found) == {"contains": 0.5, "excludes": 1.0, "snippets": 0.667}
    lost = field(board([texts], FAILED), SNIPPETS)
    assert values(lost) == {"contains": 0.0, "excludes": 0.0, "snippets": 0.0}


def test_the_distribution_and_the_worst_pages_first() -> None:
    golden = {"title": "one two three four"}
    answers = ["one two three four", "one two", "five"]
    pages = [page(f"{letter}1", golden) for letter in "abc"]
    found = field(board(pages, *(gave({"title": each}) for each in answers)), "title")
    assert [each.page for each in found.worst] == ["sitec/c1", "siteb/b1"]
    assert found.quantiles[::2] == pytest.approx((0.0, 2 / 3, 1.0))
    assert sum(found.histogram) == 3
    assert (found.histogram[0], found.histogram[-1]) == (1, 1)


def test_texts_of_the_worst_pages_begin_where_they_part_and_show_what_is_unseen() -> None:
    start = "same " * 100
    found = board([page("a1", {"title": start + "end"})], gave({"title": f"{start}\u202e other"}))
    worst = field(found, "title").worst[0]
    assert worst.expected.startswith("… ")
    assert worst.expected.endswith("end")
    assert "⟨U+202E⟩" in worst.actual


def test_the_interval_draws_whole_sites() -> None:
    # One site is all wrong, one all right: pages drawn one by one would be far surer.
    pages = [page(f"{letter}{n}", {"title": "x"}) for letter in "ab" for n in range(20)]
    got = [gave({"title": "x" if each.site == "sitea" else "y"}) for each in pages]
    main = field(board(pages, *got), "title").main
    assert (main.value, main.interval) == (0.5, (0.0, 1.0))
    assert field(board(pages, *got), "title").main == main


def test_speed_is_of_what_was_measured() -> None:
    pages = [page(f"a{n}", {"title": "x"}) for n in range(20)]
    found = board(pages, *(gave({"title": "x"}, 0.01 * n) for n in range(1, 20)))
    assert found.speed is not None
    assert found.speed.pages == 19
    assert found.speed.median == pytest.approx(0.1)
    assert found.speed.p95 == pytest.approx(0.19)
    assert board(pages, *(gave({"title": "x"}) for _ in pages)).speed is None


def test_kinds_of_the_project_are_heeded() -> None:
    found = board([page("a1", {"id": "one two"})], gave({"id": "one"}), kinds={"id": "exact"})
    assert (field(found, "id").family, field(found, "id").main.value) == ("value", 0.0)
