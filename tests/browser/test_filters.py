"""Filters: what they show, what their numbers say, and what is decided under them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.model import family_of
from tests.browser import made

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROWS = made.usual()
OF = {
    "Verdict": lambda row: row.verdict,
    "Field": lambda row: family_of(row.field),
    "Site": lambda row: row.case.partition("/")[0],
    "Category": lambda row: row.category,
    "Cluster": lambda row: f"{row.cluster}: what changed",
}


@pytest.fixture
def report(page: Page, tmp_path: Path) -> Page:
    path = tmp_path / "report.html"
    path.write_text(made.page(ROWS), "utf-8")
    made.ready(page, path.as_uri())
    page.keyboard.press("j")
    return page


def choose(page: Page, name: str, label: str) -> None:
    """Chooses an option by its text, the number beside it aside."""
    select = page.get_by_role("combobox", name=name, exact=True)
    texts = select.locator("option").all_text_contents()
    [text] = [each for each in texts if each.rpartition(" (")[0] == label]
    select.select_option(label=text)


def counts(page: Page, name: str) -> dict[str, int]:
    """The numbers at the options that can be chosen."""
    page.wait_for_timeout(120)
    select = page.get_by_role("combobox", name=name, exact=True)
    # A number stands behind each name.
    found = select.evaluate(
        "select => [...select.options].slice(1).filter(o => !o.hidden).map(o => o.text)"
    )
    return {
        label: int(n.rstrip(")").replace(",", ""))
        for label, _, n in (each.rpartition(" (") for each in found)
    }


def shown(page: Page) -> list[str]:
    """The changes in the list: "case field"."""
    page.wait_for_timeout(50)
    rows = page.locator(".row.line").all()
    return [" ".join(row.locator(".name bdi").all_inner_texts()) for row in rows]


@pytest.mark.parametrize("name", OF)
def test_each_filter_shows_what_it_says(report: Page, name: str) -> None:
    found = Counter(OF[name](row) for row in ROWS)
    assert counts(report, name) == found
    for label, number in found.items():
        choose(report, name, label)
        wanted = sorted(f"{row.case} {row.field}" for row in ROWS if OF[name](row) == label)
        assert len(wanted) == number
        assert sorted(shown(report)) == wanted
        assert report.locator(".shown").inner_text() == (f"{number} of 27 changes")
    report.get_by_role("button", name="Clear filters").click()
    assert report.locator(".shown").inner_text() == "27 changes"


def test_filters_by_status_follow_what_is_decided(report: Page) -> None:
    report.keyboard.press("a")
    report.keyboard.press("r")
    assert counts(report, "Status") == {"open": 25, "accepted": 1, "rejected": 1}
    choose(report, "Status", "rejected")
    assert shown(report) == ["daily/p1 byline"]
    choose(report, "Status", "open")
    assert made.at(report) == "daily/p2 byline"
    report.locator("#--list").focus()
    report.keyboard.press("a")
    assert made.at(report) == "daily/p3 byline"
    assert "daily/p2 byline" not in shown(report)
    report.keyboard.press("u")
    assert made.at(report) == "daily/p2 byline"


def test_filters_count_within_each_other(report: Page) -> None:
    choose(report, "Site", "herald")
    herald = [row for row in ROWS if row.case.startswith("herald/")]
    assert counts(report, "Field") == Counter(row.field for row in herald)
    assert counts(report, "Site") == Counter(OF["Site"](row) for row in ROWS)
    choose(report, "Field", "byline")
    assert sorted(shown(report)) == [f"herald/gone{i} byline" for i in range(4)]
    assert counts(report, "Site") == {"daily": 8, "herald": 4}
    choose(report, "Site", "daily")
    assert len(shown(report)) == 8


def test_free_text_looks_in_names_fields_and_summaries(report: Page) -> None:
    box = report.get_by_role("searchbox")
    for text, number in (("POST/", 9), ("byline gone", 4), ("Right to wrong 1", 1), ("zzz", 0)):
        box.fill(text)
        assert len(shown(report)) == number, text
    assert report.get_by_text("No change matches these filters.").is_visible()
    assert made.at(report) == ""
    report.locator("#--detail").focus()
    for key in "jkanps":
        report.keyboard.press(key)
    assert made.statuses(report) == {"open": 0, "accepted": 0, "rejected": 0}
    report.get_by_role("button", name="Clear filters").click()
    assert report.locator(".shown").inner_text() == "27 changes"


def test_a_cluster_is_decided_as_far_as_the_filters_show_it(report: Page) -> None:
    report.get_by_role("searchbox").fill("p3")
    report.locator("#--list").focus()
    report.keyboard.press("Shift+A")
    assert made.message(report) == (
        "Accepted 1 change; 7 that the filters hide were not touched. 1 of 27 decided."
    )
    report.get_by_role("button", name="Clear filters").click()
    assert made.statuses(report) == {"open": 26, "accepted": 1, "rejected": 0}


def test_a_cursor_that_a_filter_hides_goes_to_the_first_shown(report: Page) -> None:
    choose(report, "Verdict", "missing")
    assert made.at(report) == "herald/gone0 byline"
    choose(report, "Verdict", "wrong")
    assert made.at(report) == "post/g0 title"


def test_numbers_stay_right_with_ten_thousand(page: Page, tmp_path: Path) -> None:
    rows = made.many(10_000, 12)
    path = tmp_path / "many.html"
    path.write_text(made.page(rows), "utf-8")
    made.ready(page, path.as_uri())
    page.keyboard.press("j")
    assert counts(page, "Site") == Counter(OF["Site"](row) for row in rows)
    choose(page, "Site", "site3")
    page.get_by_role("searchbox").fill("P42")
    wanted = [row for row in rows if row.case.startswith("site3/p42")]
    assert page.locator(".shown").inner_text() == f"{len(wanted)} of 10,000 changes"
