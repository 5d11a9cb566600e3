"""`harness review` in a real browser against a real server: what is decided is on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from harness.review.apply import row_of
from tests.browser import made
from tests.browser.test_accessibility import NARROW, WIDE, serious
from tests.command_line import NewProject
from tests.review.conftest import RECORD, Bench, make_bench
from tests.review.live import Live, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Guard, Serve

pytest.importorskip("starlette", reason="the extra `review` is not installed")
pytest.importorskip("uvicorn", reason="the extra `review` is not installed")


@pytest.fixture
def bench(new_project: NewProject) -> Bench:
    found = make_bench(new_project)
    found.give("a", byline="Ada Lovelace", title="Another headline of it")
    found.give("b", byline="Ada Lovelace")
    return found


@pytest.fixture
def live(bench: Bench, guard: Guard) -> Iterator[Live]:
    with serving(bench.project, "--by", "Ada") as started:
        assert started.url, started.err
        guard.allow(started.url)
        guard.allow(started.url.split("/", 3)[0] + "//" + started.url.split("/")[2] + "/favicon")
        yield started


def until(true: Callable[[], bool], page: Page) -> None:
    """Waits for what the server does."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it did not happen"
        page.wait_for_timeout(50)


def go(page: Page, live: Live, bench: Bench, title: str, field: str) -> None:
    """Opens the page at a change."""
    case = bench.names[title].replace("/", "-")
    made.ready(page, f"{live.url}#/change/{case}/{field}")
    page.locator("#--list").focus()
    assert made.at(page) == f"{bench.names[title]} {field}"


def accepted(bench: Bench, title: str, field: str) -> str:
    return str(bench.accepted(title)["record"][field])


def answered(page: Page) -> None:
    """Waits for the server's answer: what is decided is on the disk before the page knows it.

    Until then a page that is left asks first, lest a decision be lost.
    """
    page.locator(".mark.waiting").first.wait_for(state="hidden")


def test_a_accepts_on_the_disk_and_u_takes_it_back(page: Page, live: Live, bench: Bench) -> None:
    go(page, live, bench, "b", "byline")
    page.keyboard.press("a")
    until(lambda: accepted(bench, "b", "byline") == "Ada Lovelace", page)
    assert made.statuses(page)["accepted"] == 1
    page.keyboard.press("u")
    until(lambda: accepted(bench, "b", "byline") == RECORD["byline"], page)
    until(lambda: made.statuses(page)["accepted"] == 0, page)


def test_r_rejects_and_a_reload_still_knows_it(page: Page, live: Live, bench: Bench) -> None:
    go(page, live, bench, "b", "byline")
    page.keyboard.press("r")
    until(lambda: bool(bench.review.folded().live), page)
    answered(page)
    page.reload()
    page.wait_for_selector(".scripted")
    until(lambda: made.statuses(page)["rejected"] == 1, page)
    assert accepted(bench, "b", "byline") == RECORD["byline"]


def test_two_tabs_see_each_other_s_decisions_and_lose_none(
    page: Page, live: Live, bench: Bench
) -> None:
    other = page.context.new_page()
    go(page, live, bench, "a", "title")
    go(other, live, bench, "a", "byline")
    page.keyboard.press("a")
    other.keyboard.press("a")
    until(lambda: accepted(bench, "a", "title") == "Another headline of it", page)
    until(lambda: accepted(bench, "a", "byline") == "Ada Lovelace", page)
    for each in (page, other):
        each.bring_to_front()
        until(lambda each=each: made.statuses(each)["accepted"] == 2, each)  # type: ignore[misc]


def test_a_stale_decision_is_refused_and_said(page: Page, live: Live, bench: Bench) -> None:
    go(page, live, bench, "b", "byline")
    bench.give("b", byline="Grace Hopper")
    bench.check()
    page.keyboard.press("a")
    page.get_by_text("changed since it was reviewed").first.wait_for()
    assert made.statuses(page)["accepted"] == 0
    assert accepted(bench, "b", "byline") == RECORD["byline"]


def test_what_was_decided_without_a_server_is_sent_when_it_is_back(
    page: Page, live: Live, bench: Bench, guard: Guard
) -> None:
    guard.expect("Failed to load resource|ERR_INTERNET_DISCONNECTED")
    go(page, live, bench, "b", "byline")
    page.context.set_offline(True)
    page.keyboard.press("a")
    page.get_by_text("No connection to harness review").first.wait_for()
    assert accepted(bench, "b", "byline") == RECORD["byline"]
    page.context.set_offline(False)
    until(lambda: accepted(bench, "b", "byline") == "Ada Lovelace", page)


def test_a_golden_is_approved_in_the_reviewer_s_name(
    page: Page, bench: Bench, guard: Guard
) -> None:
    bench.put_golden("b", trust="reviewed", by="Old", at="2020-01-01", fields={"byline": "Eve"})
    with serving(bench.project, "--by", "Ada") as live:
        guard.allow(live.url)
        go(page, live, bench, "b", "byline")
        until(lambda: "Ada" in str(live.ask("api/state?since=0").json["by"]), page)
        page.keyboard.press("a")
        until(lambda: bench.golden("b")["by"] == "Ada", page)
        answered(page)
        page.goto("about:blank")
    assert bench.golden("b")["fields"] == {"byline": "Ada Lovelace"}
    assert accepted(bench, "b", "byline") == "Ada Lovelace"


def test_a_golden_is_approved_with_the_trust_that_was_chosen(
    page: Page, bench: Bench, guard: Guard
) -> None:
    bench.put_golden("b", trust="reviewed", by="Old", at="2020-01-01", fields={"byline": "Eve"})
    with serving(bench.project) as live:
        guard.allow(live.url)
        go(page, live, bench, "b", "byline")
        page.get_by_role("button", name="Approve as…").click()
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("Trust").select_option("auto")
        page.get_by_role("button", name="Save").click()
        page.locator("#--list").focus()
        page.keyboard.press("a")
        until(lambda: bench.golden("b")["trust"] == "auto", page)
        answered(page)
        page.goto("about:blank")
    assert bench.golden("b")["by"] == "Ada"
    assert bench.golden("b")["fields"] == {"byline": "Ada Lovelace"}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_serious_in_a_review(
    viewport: dict[str, int], page: Page, bench: Bench, guard: Guard
) -> None:
    bench.put_golden("b", trust="reviewed", by="Old", at="2020-01-01", fields={"byline": "Eve"})
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    with serving(bench.project) as live:
        guard.allow(live.url)
        go(page, live, bench, "b", "byline")
        assert serious(page) == []
        page.get_by_role("button", name="Approve as…").click()
        page.get_by_label("Trust").wait_for()
        assert serious(page) == []
        page.goto("about:blank")


def test_a_page_of_another_origin_cannot_decide(
    page: Page, live: Live, bench: Bench, serve: Serve, guard: Guard
) -> None:
    guard.expect("403|CORS|ERR_")
    before = bench.tree()
    rows = [row_of(each) for each in bench.decide(bench.changes("b"))]
    page.goto(serve("<!doctype html><title>Elsewhere</title>"))
    said = page.evaluate(
        """async ([url, rows]) => {
          const body = JSON.stringify({decisions: rows});
          const said = [];
          for (const options of [{mode: "no-cors"}, {mode: "cors"}]) {
            try {
              const answer = await fetch(url + "api/decide", {method: "POST", body, ...options});
              said.push(answer.type);
            } catch (error) { said.push("failed"); }
          }
          return said;
        }""",
        [live.url, rows],
    )
    assert said in (["opaque", "failed"], ["failed", "failed"])
    assert bench.tree() == before
