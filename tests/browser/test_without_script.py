"""The report where no script runs: what a reviewer must still be able to read and reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import NewPage

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def still(new_page: NewPage) -> Page:
    """A page without scripts."""
    return new_page(java_script_enabled=False)


def test_the_verdict_is_the_first_thing_to_read(still: Page, broken_report: Path) -> None:
    still.goto(broken_report.as_uri())
    said = still.locator("h1").inner_text()
    assert "drifted" in said
    assert still.locator("h1").bounding_box()["y"] < 400  # type: ignore[index]
    assert said in still.title()


def test_clusters_show_their_values(still: Page, broken_report: Path) -> None:
    still.goto(broken_report.as_uri())
    clusters = still.locator("section[id='--clusters'] li.cluster")
    assert clusters.count() >= 3
    said = still.locator("section[id='--clusters']").inner_text()
    assert "byline" in said and "body" in said and "related" in said
    for cluster in clusters.all():
        assert cluster.locator("a[href^='#']").count(), cluster.inner_text()


def test_every_link_within_the_page_has_a_target(
    still: Page, broken_report: Path, planted_report: Callable[[int], Path]
) -> None:
    for report in (broken_report, planted_report(300)):
        still.goto(report.as_uri())
        ids = set(still.locator("[id]").evaluate_all("all => all.map(each => each.id)"))
        links = still.locator("a[href^='#']").evaluate_all(
            "all => all.map(each => decodeURIComponent(each.getAttribute('href').slice(1)))"
        )
        # `#/…` is the script's own; it may stand in links only where the script put them.
        assert len(links) > 10
        assert [link for link in links if link not in ids] == []


def test_a_link_to_a_case_shows_its_diff_and_its_capture(still: Page, broken_report: Path) -> None:
    still.goto(broken_report.as_uri())
    anchor = still.locator("article.case").last.get_attribute("id")
    still.goto(f"{broken_report.as_uri()}#{anchor}")
    case = still.locator(f"article[id='{anchor}']")
    top = case.bounding_box()["y"]  # type: ignore[index]
    assert -5 <= top < 400, "the page did not go to the case, or its head hides under the bar"
    assert case.locator(".diff del, .diff ins").first.is_visible()
    assert case.locator(".capture").is_visible()
    assert case.locator(".capture mark").count()


def test_nothing_is_shown_that_needs_a_script(still: Page, broken_report: Path) -> None:
    still.goto(broken_report.as_uri())
    # How differences are shown is chosen by rules of style alone.
    controls = still.locator("button, input:not(.views *), select, [role=button]")
    assert [
        each.evaluate("node => node.outerHTML.slice(0, 200)")
        for each in controls.all()
        if each.is_visible()
    ] == []


def test_the_ways_to_show_a_difference_need_no_script(still: Page, broken_report: Path) -> None:
    still.goto(broken_report.as_uri())
    case = still.locator("article.case", has=still.locator(".diff ins")).first
    case.scroll_into_view_if_needed()
    assert case.locator(".diff ins").first.is_visible()
    still.locator("input[name=view][value=old]").check()
    assert not case.locator(".diff ins").first.is_visible()
    still.locator("input[name=view][value=inline]").check()
    assert case.locator(".diff ins").first.is_visible()


def test_every_static_case_has_its_fields(
    still: Page, planted_report: Callable[[int], Path]
) -> None:
    still.goto(planted_report(300).as_uri())
    cases = still.locator("article.case")
    assert cases.count() >= 10
    bare = cases.evaluate_all(
        "all => all.filter(each => !each.querySelector('.field[data-change]')).map(each => each.id)"
    )
    assert bare == []


def test_the_page_says_what_only_a_script_can_show(
    still: Page, planted_report: Callable[[int], Path]
) -> None:
    still.goto(planted_report(2_000).as_uri())
    shown = still.locator("article.case").count()
    said = still.locator("body").inner_text()
    assert shown < 2_000
    assert "2,000" in said
    assert "script" in said.lower(), "nobody would know that cases are missing"
