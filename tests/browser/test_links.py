"""Every state of the page in its address: links, reload, back and forward."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import made
from tests.browser.conftest import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Serve


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(made.page(made.usual()), "utf-8")
    return path


@pytest.fixture
def report(page: Page, path: Path) -> Page:
    made.ready(page, path.as_uri())
    return page


def fragment(page: Page) -> str:
    """What the address says, once it was written."""
    page.wait_for_timeout(200)
    return page.url.partition("#")[2]


def test_the_address_follows_the_cursor(report: Page) -> None:
    report.keyboard.press("j")
    assert fragment(report) == "/change/daily-p0/byline"
    report.keyboard.press("j")
    assert fragment(report) == "/change/daily-p1/byline"
    report.keyboard.press("Escape")
    assert fragment(report) == ""


@pytest.mark.parametrize(
    ("link", "where"),
    [
        ("#/change/herald-gone2/byline", "herald/gone2 byline"),
        ("#/change/post-two/related%5B1%5D.byline", "post/two related[1].byline"),
        ("#/change/post-two", "post/two related[0].byline"),
        ("#/change/post-two/nonsense", "post/two related[0].byline"),
        ("#post-m1", "post/m1 related[1].byline"),
        ("#/change/post-g1/title", "post/g1 title"),
        ("#/changes?status=open", "daily/p0 byline"),
        ("#/changes?verdict=missing", "herald/gone0 byline"),
        ("#/changes?site=post&field=title", "post/g0 title"),
        ("#/changes?q=age3", "daily/age3 timestamp"),
    ],
)
def test_a_link_opens_a_change(page: Page, path: Path, link: str, where: str) -> None:
    made.ready(page, path.as_uri() + link)
    assert made.at(page) == where
    assert made.article(page) == where.split()[0].replace("/", "-")


def test_of_two_changes_in_one_path_a_link_tells_which(page: Page, path: Path) -> None:
    made.ready(page, path.as_uri() + "#/change/post-g1/title/2")
    assert "Wrong 1" in page.locator(".row[aria-selected=true]").inner_text()
    assert page.locator(".cluster-now h2").inner_text() == "finding: what changed"
    assert fragment(page) == "/change/post-g1/title/2"


@pytest.mark.parametrize(
    "link",
    [
        "#/change/daily-p2/byline?status=open&verdict=changed&site=daily&q=p2&view=aside&page=page",
        "#/change/daily-p0/byline?field=byline&category=affix&cluster=0000028e",
        "#/change/herald-gone1/byline?view=old",
        "#/changes?q=nothing+like+this",
    ],
)
def test_a_link_survives_being_opened(page: Page, path: Path, link: str) -> None:
    made.ready(page, path.as_uri() + link)
    assert fragment(page) == link[1:]
    made.ready(page, page.url)
    page.reload()
    page.wait_for_selector(".scripted")
    assert fragment(page) == link[1:]


def test_what_one_sees_is_what_a_colleague_opens(report: Page) -> None:
    report.keyboard.press("j")
    report.get_by_role("combobox", name="Site").select_option("herald")
    report.get_by_role("searchbox").fill("gone")
    report.locator("#--list").focus()
    for key in "jdd":
        report.keyboard.press(key)
    fragment(report)
    other = report.context.new_page()
    made.ready(other, report.url)
    assert made.at(other) == made.at(report) == "herald/gone1 byline"
    assert other.locator(".shown").inner_text() == "4 of 27 changes"
    assert other.locator("#--detail").get_attribute("data-view") == "old"
    assert other.get_by_role("searchbox").input_value() == "gone"
    assert other.get_by_role("combobox", name="Site").input_value() == "herald"


def test_unknown_names_are_told_and_can_be_taken_away(page: Page, path: Path) -> None:
    made.ready(page, path.as_uri() + "#/change/no-such/thing?site=nowhere&view=upside&x=%E0%A4%A")
    assert made.message(page) == "There is no change no-such in this run."
    assert page.get_by_text("No change matches these filters.").is_visible()
    chosen = page.get_by_role("combobox", name="Site")
    assert "nowhere (not in this run)" in chosen.locator("option:checked").inner_text()
    assert page.locator("#--detail").get_attribute("data-view") == "inline"
    page.get_by_role("button", name="Clear filters").click()
    assert made.at(page) == "daily/p0 byline"


@pytest.mark.parametrize("link", ["#/", "#/%", "#%E0%A4%A", "#/change", "#/change//", "#--nothing"])
def test_broken_addresses_open_the_page(page: Page, path: Path, link: str) -> None:
    made.ready(page, path.as_uri() + link)
    assert page.locator("#--clusters:visible, #--review:visible").count() == 1


def test_hostile_addresses_are_text(page: Page, path: Path) -> None:
    attack = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    made.ready(page, f"{path.as_uri()}#/change/{attack}/{attack}?site={attack}&q={attack}")
    assert page.locator("#--review img, dialog img").count() == 0
    assert "<img src=x" in made.message(page)


def test_a_link_to_a_section_opens_the_overview_there(report: Page) -> None:
    report.keyboard.press("j")
    report.locator("header.bar a", has_text="Clusters").click()
    report.locator("#--clusters").wait_for()
    assert report.locator("#--clusters").is_visible()
    assert fragment(report) == "--clusters"


def test_a_link_to_a_line_shows_the_line(page: Page, path: Path) -> None:
    made.ready(page, path.as_uri() + "#daily-p1--55")
    assert made.at(page) == "daily/p1 byline"
    page.wait_for_selector(".aimed")
    line = page.locator("[id='daily-p1--55']")
    assert "aimed" in (line.get_attribute("class") or "")
    assert page.evaluate(
        "e => e.getBoundingClientRect().bottom < innerHeight", line.element_handle()
    )


def test_links_within_an_article_stay_in_it(report: Page) -> None:
    report.keyboard.press("j")
    report.locator("#--detail").get_by_role("link", name="line 3").click()
    assert made.at(report) == "daily/p0 byline"
    assert report.locator(".aimed").inner_text() == "line 3"


def test_back_and_forward_go_through_what_was_opened(report: Page) -> None:
    report.keyboard.press("j")
    report.keyboard.press("j")
    fragment(report)
    report.locator(".row.line", has_text="herald/age0").click()
    report.get_by_role("combobox", name="Verdict").select_option("missing")
    assert made.at(report) == "herald/gone0 byline"
    fragment(report)
    report.keyboard.press("Escape")
    report.locator("#--list").focus()
    report.keyboard.press("Escape")
    assert fragment(report) == ""

    def wait(where: str) -> None:
        report.locator(".row[aria-selected=true]", has_text=where).wait_for()

    report.go_back()
    wait("herald/gone0 byline")
    assert report.locator(".shown").inner_text() == "4 of 27 changes"
    report.go_back()
    wait("herald/age0 timestamp")
    assert report.locator(".shown").inner_text() == "27 changes"
    report.go_back()
    wait("daily/p1 byline")
    report.go_back()
    report.locator("#--clusters").wait_for()
    report.go_forward()
    wait("daily/p1 byline")
    report.go_forward()
    wait("herald/age0 timestamp")


def test_a_key_held_down_writes_the_address_once(report: Page) -> None:
    report.keyboard.press("j")
    fragment(report)
    report.evaluate(
        """() => { window.written = 0;
        const replace = history.replaceState.bind(history);
        history.replaceState = (...all) => { window.written++; replace(...all); }; }"""
    )
    report.evaluate(
        """() => { for (let i = 0; i < 20; i++)
        dispatchEvent(new KeyboardEvent("keydown", {key: "j", repeat: true})); }"""
    )
    assert fragment(report) == "/change/post-one/related%5B1%5D.byline"
    assert report.evaluate("window.written") == 1


def test_in_a_frame_without_an_address_the_page_works(page: Page, serve: Serve) -> None:
    frame = made.page(made.usual()).replace("&", "&amp;").replace('"', "&quot;")
    page.goto(serve(f'<iframe sandbox="allow-scripts" width=1200 height=700 srcdoc="{frame}">'))
    inside = page.frame_locator("iframe")
    inside.get_by_role("button", name="Review 27 changes").click()
    inside.locator(".tools").get_by_role("button", name="Accept").click()
    row = inside.locator(".row[aria-selected=true]")
    row.wait_for()
    assert re.search("daily/p1", row.inner_text())


def test_a_link_wins_over_an_address_that_was_still_to_be_written(report: Page) -> None:
    report.keyboard.press("j")
    before = report.evaluate(
        """async () => {
          document.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
          location.hash = "#post-two";
          // The event of the new address comes later than a timer that is due.
          const end = performance.now() + 200;
          while (performance.now() < end);
          dispatchEvent(new Event("pagehide"));
          return location.hash;
        }"""
    )
    assert before == "#post-two"
    until(report, "location.hash.startsWith('#/change/post-two/')")
