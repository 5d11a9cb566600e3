"""Bylines that are not the page's names, whole and alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.invariants import bylines
from harness.invariants.names import name_of, parts_of
from tests.invariants.articles import SENTENCES, capture, found, page, record, told


@pytest.mark.parametrize(
    "byline",
    [
        ["Jane Doe", "Abby Stone"],
        "Jane Doe and Abby Stone",
        "Jane Doe, Abby Stone",
        "Abby Stone; Jane Doe",
    ],
)
def test_the_right_byline_has_nothing_against_it(byline: object) -> None:
    assert found(bylines, record(authors=byline)) == []


@pytest.mark.parametrize(
    ("byline", "fault"),
    [
        ("Jane Doe21 hours ago", "byline-time"),
        ("Jane Doe · 3 days ago", "byline-time"),
        ("Jane Doe hace 2 horas", "byline-time"),
        ("Jane Doe12 March 2025", "byline-time"),
        ("Jane Doe 2025-03-12 10:15", "byline-time"),
        (["Jane Doe", "21 hours ago"], "byline-time"),
        ("Jane Doe @janedoe", "byline-noise"),
        ("Jane Doe jane.doe@riverpost.example", "byline-noise"),
        ("https://riverpost.example/jane-doe", "byline-noise"),
        ("Jane Doe 4 min read", "byline-noise"),
        ("Jane Doe12 min read", "byline-noise"),
        ("Jane Doe 17 comments", "byline-noise"),
        ("Jane Doe Follow", "byline-noise"),
        ("Jane Doe, Senior Reporter", "byline-noise"),
        ("Von Jane Doe", "byline-noise"),
        (["by Stone, Staff"], "byline-noise"),
        ("Stone", "byline-cut"),
        ("Ab", "byline-cut"),
        (["Jane D", "Abby Stone"], "byline-cut"),
        ("ne Doe", "byline-cut"),
        ("Jane DoeAbby Stone", "author-split"),
        (["Jane", "Doe", "Abby Stone"], "author-split"),
        (list("Jane Doe"), "author-split"),
        ("JaneDoe", "glued"),
        ("Jane DoeShare", "glued"),
        (["Jane Doe", "Abby Stone", "Jane Doe"], "duplicated"),
        ("Harold Pike", "byline-wrong"),
        (SENTENCES[1], "byline-wrong"),
        (SENTENCES[0][:40], "byline-wrong"),
        (7, "type"),
    ],
)
def test_a_wrong_byline_is_an_error(byline: object, fault: str) -> None:
    assert (fault, "error") in told(bylines, record(authors=byline))


@pytest.mark.parametrize(
    ("byline", "fault"),
    [
        ([], "empty"),
        (None, "empty"),
        (["Jane Doe"], "byline-cut"),
        ("By Jane Doe and Abby Stone", "byline-noise"),
        (["JANE DOE", "Abby Stone"], "case"),
    ],
)
def test_what_some_right_records_do_is_a_warning(byline: object, fault: str) -> None:
    assert told(bylines, record(authors=byline)) == {(fault, "warning")}


def test_by_that_was_taken_out_of_a_name_is_seen() -> None:
    hits = found(bylines, record(authors=["Jane Doe", "Ab Stone"]))
    assert [(hit.fault, hit.field) for hit in hits if hit.severity == "error"]


def test_a_byline_with_a_date_that_the_page_shows_so_is_a_warning() -> None:
    markup = page().replace("</article>", "<p>Harold Pike, 12 March 2025</p></article>")
    hits = told(bylines, record(authors="Harold Pike, 12 March 2025"), capture(markup))
    assert ("byline-time", "warning") in hits
    assert ("byline-time", "error") not in hits


def test_an_age_glued_to_the_byline_by_the_page_itself_is_an_error_still() -> None:
    of = capture("Title\nNew Indian Express21 hours ago\nText.", media_type="text/plain")
    hits = found(bylines, {"byline": "New Indian Express21 hours ago"}, of)
    assert [(hit.fault, hit.severity) for hit in hits] == [("byline-time", "error")]
    assert found(bylines, {"byline": "New Indian Express"}, of) == []


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("France 249 minutes ago", "France 24"),
        ("News182 days ago", "News18"),
        ("The Hindua few seconds ago", "The Hindu"),
        ("ByJane Roe", "Jane Roe"),
        ("Axios12-03-2025", "Axios"),
    ],
)
def test_a_name_glued_to_its_neighbours_on_the_page_is_whole(line: str, source: str) -> None:
    of = capture(f"Title\n{line}\nText.", media_type="text/plain")
    assert found(bylines, {"byline": source}, of) == []


def test_titles_of_people_may_be_left_out_of_their_names() -> None:
    of = capture(page(authors='{"name": "신현주 기자"}'))
    assert found(bylines, record(authors=["신현주"]), of) == []


def test_the_name_of_the_site_for_an_author_says_nothing() -> None:
    of = capture(page(authors='"River Post"').replace('class="byline"', ""))
    assert not [hit for hit in found(bylines, record(), of) if hit.severity == "error"]


def test_the_site_for_a_byline_is_a_warning_where_the_page_names_somebody_too() -> None:
    of = capture(page(authors='[{"name": "River Post"}, {"name": "Jane Doe"}]'))
    hits = told(bylines, record(authors=["River Post"]), of)
    assert ("byline-wrong", "warning") in hits
    assert found(bylines, record(), of) == [] or told(bylines, record(), of) == {
        ("byline-cut", "warning")
    }


@given(st.lists(st.sampled_from(["Jane Doe", "Abby Stone", "Bo Li", "Ana María Ruiz"]), min_size=1))
def test_the_parts_of_a_list_of_names_are_the_names(names: list[str]) -> None:
    assert parts_of(", ".join(names)) == [name_of(name) for name in names]
    assert parts_of("By " + " and ".join(names)) == [name_of(name) for name in names]


@given(st.text(max_size=60))
def test_a_compared_name_is_compared_alike_again(text: str) -> None:
    assert not parts_of(name_of(text)) or name_of(name_of(text)) is not None
