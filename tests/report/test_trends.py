"""Since when a field of a site drifts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.history import WHOLE, Past, Row
from harness.report.trends import Trends, section, sentence, trends


def past(*runs: dict[tuple[str, str], int], captures: int = 10) -> Past:
    """Runs, each as drifted captures by site and field; (site, ``*``) is a site that was read."""
    rows = []
    for i, run in enumerate(runs):
        at = f"2026-11-{i + 1:02}T08:00:00Z"
        for site in sorted({site for site, _ in run}):
            mine = {f: n for (s, f), n in run.items() if s == site and f != WHOLE}
            drifted = {"drifted": max(mine.values(), default=0), "whole": run.get((site, WHOLE), 0)}
            rows.append(Row(f"r{i}", at, site, site, WHOLE, captures, drifted, f"c{i}"))
            rows += [
                Row(f"r{i}", at, site, site, field, captures, {"drifted": n})
                for field, n in mine.items()
            ]
    return Past(tuple(rows))


def found(*runs: dict[tuple[str, str], int]) -> Trends:
    made = trends(past(*runs))
    assert made is not None
    return made


READ = {("one", WHOLE): 0}
BYLINE = {("one", "byline"): 3}


def test_without_a_history_there_are_no_trends() -> None:
    assert trends(Past()) is None


def test_the_first_run_says_that_it_is_the_only_one() -> None:
    one = found(BYLINE)
    assert sentence(one) == ""
    assert "the only run" in section(one)


def test_a_streak_begins_at_the_first_run_of_the_drift_that_did_not_pause() -> None:
    (trend,) = found(BYLINE, READ, BYLINE, BYLINE, BYLINE).trends
    assert (trend.streak, trend.since, trend.whole) == (3, "2026-11-03", False)
    assert trend.told == "for 3 runs, since 2026-11-03"
    assert trend.values == (3, 0, 3, 3, 3)
    said = sentence(found(BYLINE, READ, BYLINE, BYLINE, BYLINE))
    assert said == "byline of one has drifted for 3 runs, since 2026-11-03"


def test_a_run_that_did_not_read_the_site_neither_ends_nor_lengthens_a_streak() -> None:
    other = {("two", WHOLE): 0}
    (trend,) = found(READ, BYLINE, other, BYLINE).trends
    assert trend.values == (0, 3, None, 3)
    assert (trend.streak, trend.since) == (2, "2026-11-02")
    assert len(trend.drawing.stretches) == 2


def test_what_drifts_as_far_back_as_is_known_may_be_older() -> None:
    (trend,) = found(BYLINE, BYLINE).trends
    assert trend.whole
    assert "at least, since 2026-11-01 or before" in trend.told


def test_the_newest_deterioration_comes_first_and_what_is_over_last() -> None:
    title, body = {("one", "title"): 1}, {("one", "body"): 5}
    made = found(READ | body, BYLINE, BYLINE, BYLINE | title)
    assert [trend.field for trend in made.trends] == ["title", "byline", "body"]
    assert made.trends[-1].told == "not in the last run"
    assert sentence(made) == "title of one began to drift in the last run (2026-11-04)"


def test_several_fields_that_began_together_are_one_sentence() -> None:
    made = found(READ, BYLINE | {("one", "title"): 1}, BYLINE | {("one", "title"): 1})
    assert sentence(made) == "byline of one and 1 more have drifted for 2 runs, since 2026-11-02"


def test_a_run_without_drift_has_nothing_to_tell() -> None:
    assert sentence(found(BYLINE, READ)) == ""


def test_records_that_failed_as_a_whole_are_told_apart_from_fields() -> None:
    failed = {("one", WHOLE): 4}
    (trend,) = found(READ, failed).trends
    assert (trend.field, trend.now, trend.name) == (WHOLE, 4, "one")
    assert "whole record" in section(found(READ, failed))


def test_the_drawing_lies_within_its_box_and_its_height_is_the_worst_run() -> None:
    (trend,) = found(READ, BYLINE, {("one", "byline"): 6}).trends
    points = [tuple(map(float, p.split(","))) for p in trend.drawing.stretches[0].split()]
    assert all(0 <= x <= trend.drawing.width and 0 <= y <= 20 for x, y in points)
    assert points[0][1] > points[1][1] > points[2][1]


def test_the_table_reads_without_its_drawings_and_has_no_style_of_its_own() -> None:
    page = str(section(found(READ, BYLINE)))
    assert page.count("<svg") == page.count('aria-hidden="true" focusable="false"') == 2
    assert " style=" not in page
    assert '<th scope="row"><bdi>one</bdi></th>' in page
    assert "new in the last run (2026-11-02)" in page
    assert "<time datetime=" in page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x>', "\u202e\ud800"])
def test_names_from_a_foreign_file_are_escaped(name: str) -> None:
    page = str(section(found(READ, {("one", name): 1})))
    assert "<script" not in page and "<img" not in page and "\u202e" not in page
    page.encode("utf-8")


RUNS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["one", "two"]), st.sampled_from(["a", "b", WHOLE])),
        st.integers(0, 10),
    ),
    max_size=40,
)


@given(RUNS)
def test_whatever_the_runs_streaks_and_values_agree(runs: list[dict[tuple[str, str], int]]) -> None:
    made = trends(past(*runs))
    if made is None:
        return
    section(made)
    for trend in made.trends:
        assert len(trend.values) == len(made.moments) <= 30
        known = [value for value in trend.values if value is not None]
        assert all(known[len(known) - trend.streak :])
        assert trend.streak == len(known) or not known[-1 - trend.streak]
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", trend.since)
