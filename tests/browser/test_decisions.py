"""Decisions: what may be decided together, what is kept, what is exported."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.review.decisions import loads
from tests.browser import made

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Serve

ROWS = made.usual()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(made.page(ROWS), "utf-8")
    return path


@pytest.fixture
def report(page: Page, path: Path) -> Page:
    made.ready(page, path.as_uri())
    return page


def at_cluster(page: Page, name: str) -> None:
    """Goes to the first change of a cluster."""
    first = next(row for row in ROWS if row.cluster == name)
    page.goto(f"{page.url.partition('#')[0]}#/changes?q={name}+what")
    page.locator(".cluster-now h2", has_text=f"{name}: what changed").wait_for()
    assert made.at(page) == f"{first.case} {first.field}"
    page.locator("#--list").focus()


def decided(page: Page) -> Counter[tuple[str, str]]:
    """The decisions by the cluster of their change, as they are exported."""
    cluster = {(row.case, row.field, row.category): row.cluster for row in ROWS}
    rows = made.exported(page)["decisions"]
    return Counter(
        (cluster[row["case"], row["field"], row["category"]], row["decision"]) for row in rows
    )


def dialog(page: Page) -> str:
    """The text of the dialog that is open; "" without one."""
    found = page.locator("dialog[open]")
    return found.inner_text() if found.count() else ""


# --- clusters -------------------------------------------------------------------------------------


def test_a_cluster_of_one_value_is_accepted_at_once(report: Page) -> None:
    at_cluster(report, "prefix")
    report.keyboard.press("Shift+A")
    assert decided(report) == {("prefix", "accept"): 8}


def test_a_cluster_of_several_values_is_accepted_after_they_were_shown(report: Page) -> None:
    at_cluster(report, "age")
    report.keyboard.press("Shift+A")
    shown = report.locator("dialog.values")
    rows = shown.locator("tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [["2", f"{n}h", f"{n}"] for n in range(3)]
    assert made.statuses(report)["accepted"] == 0
    report.keyboard.press("Shift+A")
    assert dialog(report) == ""
    assert decided(report) == {("age", "accept"): 6}


def test_closing_the_values_decides_nothing(report: Page) -> None:
    at_cluster(report, "age")
    report.keyboard.press("Shift+A")
    report.keyboard.press("a")
    report.keyboard.press("Escape")
    assert dialog(report) == ""
    assert decided(report) == {}
    report.locator("#--list").focus()
    report.keyboard.press("Shift+A")
    assert decided(report) == {("age", "accept"): 6}, "they were shown"


@pytest.mark.parametrize("opener", ["See 3 values", "Accept cluster"])
def test_the_values_can_be_accepted_with_a_button(report: Page, opener: str) -> None:
    at_cluster(report, "age")
    report.get_by_role("button", name=opener).click()
    report.get_by_role("dialog").get_by_role("button", name="Accept 6").click()
    assert decided(report) == {("age", "accept"): 6}


def test_what_is_never_accepted_together_stays_open_and_is_told(report: Page) -> None:
    at_cluster(report, "mixed")
    report.keyboard.press("Shift+A")
    assert f"2 stay open, to be decided one by one: {made.EMPTY}" in dialog(report)
    report.keyboard.press("Shift+A")
    said = made.message(report)
    assert "Accepted 3 changes; 2 stay open" in said and made.EMPTY in said
    assert decided(report) == {("mixed", "accept"): 3}


def test_a_cluster_of_which_nothing_is_accepted_together(report: Page) -> None:
    at_cluster(report, "gone")
    for _ in range(3):
        report.keyboard.press("Shift+A")
    assert f"4 stay open, to be decided one by one: {made.EMPTY}" in made.message(report)
    assert decided(report) == {}
    report.locator("#--list").focus()
    for _ in range(4):
        report.keyboard.press("a")
    assert decided(report) == {("gone", "accept"): 4}, "one by one they may be"


def test_rejecting_what_is_decided_one_by_one_takes_a_step_of_its_own(report: Page) -> None:
    at_cluster(report, "mixed")
    report.keyboard.press("Shift+R")
    assert decided(report) == {("mixed", "reject"): 3}
    at_cluster(report, "mixed")
    report.keyboard.press("Shift+R")
    assert "Rejecting writes nothing" in dialog(report)
    assert made.statuses(report)["rejected"] == 3
    report.keyboard.press("Shift+R")
    assert decided(report) == {("mixed", "reject"): 5}


def test_values_that_the_file_has_no_room_for_are_decided_one_by_one(
    page: Page, tmp_path: Path
) -> None:
    rows = [made.Row(f"site/p{i}", "title", "long", f"{i} old", f"{i} new") for i in range(5)]
    path = tmp_path / "cut.html"
    path.write_text(made.page(rows, values=2), "utf-8")
    made.ready(page, path.as_uri())
    for key in ("j", "Shift+A"):
        page.keyboard.press(key)
    assert "3 more values: this file has no room for them" in dialog(page)
    page.keyboard.press("Shift+A")
    assert [row["case"] for row in made.exported(page)["decisions"]] == ["site/p0", "site/p1"]


def test_what_only_mended_code_ends_cannot_be_accepted(report: Page) -> None:
    at_cluster(report, "finding")
    report.keyboard.press("a")
    assert "This cannot be accepted: an invariant objects" in made.message(report)
    assert decided(report) == {}
    section = report.locator("#--detail .current")
    assert section.get_by_role("button", name="Reject").is_visible()
    assert not section.get_by_role("button", name="Accept").is_visible()
    report.keyboard.press("r")
    assert decided(report) == {("finding", "reject"): 1}


def test_the_overview_decides_clusters_by_the_same_rules(report: Page) -> None:
    card = report.locator(".cluster", has_text="age: what changed")
    card.get_by_role("button", name="Accept all").click()
    assert "3 distinct values" in dialog(report)
    report.keyboard.press("Shift+A")
    assert "6 of 6 decided" in card.inner_text()
    assert report.locator("#--clusters").is_visible(), "one stays where one was"
    report.locator(".cluster", has_text="mixed:").get_by_role("button", name="Review").click()
    assert made.at(report) == "post/two related[0].byline"
    assert decided(report) == {("age", "accept"): 6}


# --- goldens --------------------------------------------------------------------------------------


def test_a_golden_is_replaced_with_a_name_only(report: Page) -> None:
    at_cluster(report, "golden")
    report.keyboard.press("a")
    assert "Who approves?" in dialog(report)
    assert made.statuses(report)["accepted"] == 0
    report.keyboard.press("Enter")
    assert "Who approves?" in dialog(report), "an empty name is none"
    report.keyboard.type("Ada Lovelace")
    report.keyboard.press("Enter")
    assert dialog(report) == ""
    found = made.exported(report)
    assert found["by"] == "Ada Lovelace"
    assert [row["decision"] for row in found["decisions"]] == ["approve"]
    report.locator("#--list").focus()
    report.keyboard.press("a")
    assert dialog(report) == "", "the name is asked once"
    assert decided(report) == {("golden", "approve"): 2}


def test_a_golden_is_approved_with_another_trust(report: Page) -> None:
    at_cluster(report, "golden")
    report.keyboard.press("a")
    report.keyboard.type("Ada")
    report.get_by_label("Trust").select_option("auto")
    report.get_by_role("button", name="Approve", exact=True).last.click()
    report.get_by_role("button", name="Approve as…").click()
    assert report.get_by_label("Your name").input_value() == "Ada"
    assert report.get_by_label("Trust").input_value() == "auto"
    report.get_by_label("Trust").select_option("reviewed")
    report.get_by_role("button", name="Save").click()
    report.locator("#--list").focus()
    report.keyboard.press("a")
    trusts = [row.get("trust", "reviewed") for row in made.exported(report)["decisions"]]
    assert trusts == ["auto", "reviewed"], "a trust is that of the moment"


def test_without_goldens_nobody_approves(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(made.page([row for row in made.usual() if row.settles != "approve"]), "utf-8")
    made.ready(page, path.as_uri())
    page.keyboard.press("j")
    assert page.get_by_role("button", name="Approve as…").count() == 0


def test_without_a_name_nothing_is_approved(report: Page) -> None:
    at_cluster(report, "golden")
    report.keyboard.press("a")
    report.keyboard.press("Escape")
    assert decided(report) == {}


def test_rejecting_needs_no_name(report: Page) -> None:
    at_cluster(report, "golden")
    report.keyboard.press("r")
    assert decided(report) == {("golden", "reject"): 1}


def test_the_name_is_remembered(report: Page) -> None:
    at_cluster(report, "golden")
    report.keyboard.press("a")
    report.keyboard.type("Ada")
    report.keyboard.press("Enter")
    report.reload()
    report.wait_for_selector(".scripted")
    report.keyboard.press("u")
    assert made.exported(report)["by"] == "Ada"


# --- what the browser keeps -----------------------------------------------------------------------


def test_decisions_survive_a_reload(report: Page) -> None:
    for key in ("j", "a", "r", "Shift+A"):
        report.keyboard.press(key)
    before = decided(report)
    assert before == {("prefix", "accept"): 7, ("prefix", "reject"): 1}
    report.reload()
    report.wait_for_selector(".scripted")
    assert report.locator(".decided").inner_text().strip().startswith("8 of 27")
    assert decided(report) == before


def test_another_run_begins_anew(report: Page, tmp_path: Path) -> None:
    report.keyboard.press("j")
    report.keyboard.press("a")
    other = tmp_path / "other.html"
    other.write_text(made.page(ROWS, run="another"), "utf-8")
    made.ready(report, other.as_uri())
    report.keyboard.press("j")
    assert decided(report) == {}


def test_two_tabs_of_one_file_see_each_other(report: Page, path: Path) -> None:
    other = report.context.new_page()
    made.ready(other, path.as_uri())
    for page in (report, other):
        page.keyboard.press("j")
    report.keyboard.press("a")
    other.locator(".decided", has_text="1 of 27").wait_for()
    other.keyboard.press("j")
    other.keyboard.press("r")
    report.locator(".decided", has_text="2 of 27").wait_for()
    assert decided(report) == decided(other) == {("prefix", "accept"): 1, ("prefix", "reject"): 1}
    other.keyboard.press("u")
    report.locator(".decided", has_text="1 of 27").wait_for()


def test_two_tabs_that_decide_at_once_lose_nothing(report: Page, path: Path) -> None:
    other = report.context.new_page()
    # The other tab hears nothing, as when both write before either is told.
    other.add_init_script("addEventListener('storage', e => e.stopImmediatePropagation(), true)")
    made.ready(other, path.as_uri())
    for page in (report, other):
        page.keyboard.press("j")
    other.keyboard.press("n")
    report.keyboard.press("a")
    report.wait_for_timeout(150)
    other.keyboard.press("r")
    other.wait_for_timeout(150)
    other.reload()
    other.wait_for_selector(".scripted")
    other.keyboard.press("j")
    assert decided(other) == {("prefix", "accept"): 1, ("age", "reject"): 1}


def test_a_storage_of_something_else_is_left_alone(page: Page, path: Path) -> None:
    made.ready(page, path.as_uri())
    for text in ("x", "a" * 26, "?" * 27, "🙂" * 27):
        page.evaluate("text => localStorage.setItem('harness-review:made:27', text)", text)
        page.reload()
        page.wait_for_selector(".scripted")
        assert page.locator(".decided").inner_text().strip().startswith("0 of 27")


BLOCKED = (
    """Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no") }})"""
)
FULL = (
    """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }"""
)


@pytest.mark.parametrize("block", [BLOCKED, FULL])
def test_without_storage_one_is_warned_and_can_export(page: Page, path: Path, block: str) -> None:
    page.add_init_script(block)
    made.ready(page, path.as_uri() + "#/changes")
    banner = page.get_by_role("alert")
    banner.wait_for()
    assert "keeps nothing for this file" in banner.inner_text()
    page.keyboard.press("a")
    assert decided(page) == {("prefix", "accept"): 1}


# --- the export -----------------------------------------------------------------------------------


def test_the_export_is_what_harness_accept_reads(report: Page) -> None:
    at_cluster(report, "mixed")
    for key in ("a", "r", "j"):
        report.keyboard.press(key)
    found = loads(json.dumps(made.exported(report)), "decisions.json")
    assert [(each.case, each.field, each.of, each.decision) for each in found] == [
        ("post/two", "related[0].byline", 2, "accept"),
        ("post/two", "related[1].byline", 2, "reject"),
    ]
    row = ROWS[18]
    assert (found[0].old, found[0].new) == (made.digest(row.old), made.digest(row.new))
    assert (found[0].extractor, found[0].capture) == ("post", "post/two")
    assert found[0].at.endswith("Z")


def test_the_export_downloads_as_a_file(report: Page) -> None:
    report.keyboard.press("j")
    report.keyboard.press("Shift+A")
    report.get_by_role("button", name="Export decisions").click()
    with report.expect_download() as downloading:
        report.get_by_role("button", name="Download decisions.json").click()
    assert downloading.value.suggested_filename == "decisions.json"
    text = Path(downloading.value.path()).read_text("utf-8")
    assert len(loads(text, "decisions.json")) == 8
    assert len(text.splitlines()) == 10, "one decision a line: it can be read and merged"


def test_an_export_of_nothing_is_a_file_too(report: Page) -> None:
    report.keyboard.press("j")
    assert loads(json.dumps(made.exported(report)), "decisions.json") == ()


def test_in_a_sandbox_the_export_can_be_copied(page: Page, serve: Serve) -> None:
    frame = made.page(ROWS).replace("&", "&amp;").replace('"', "&quot;")
    page.goto(serve(f'<iframe sandbox="allow-scripts" width=1200 height=700 srcdoc="{frame}">'))
    inside = page.frame_locator("iframe")
    inside.get_by_role("button", name="Review 27 changes").click()
    assert "keeps nothing" in inside.get_by_role("alert").inner_text()
    inside.get_by_role("button", name="Accept cluster").click()
    inside.get_by_role("button", name="Export decisions").click()
    text = inside.locator("dialog textarea").input_value()
    assert len(loads(text, "decisions.json")) == 8
    inside.get_by_role("button", name="Copy").click()
    inside.get_by_role("button", name="Copied").wait_for()


# --- how long it takes ----------------------------------------------------------------------------


def finish(page: Page, index: dict[str, Any]) -> int:
    """Reviews everything as a person would, and counts the keys."""
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)

    press("j")
    size = len(index["changes"]["path"])
    while not page.locator(".decided").inner_text().strip().startswith(f"{size} of"):
        assert keys < 200, "the review comes to no end"
        title = page.locator(".cluster-now h2").inner_text()
        cluster = next(each for each in index["clusters"] if each["title"] == title)
        open_ = cluster["changes"] > cluster["alone"] and "stay" not in made.message(page)
        press("Shift+A" if open_ else "Shift+R")
    return keys


def test_a_review_of_200_changes_in_12_clusters_takes_40_keys(page: Page, tmp_path: Path) -> None:
    rows = made.many(200, 12)
    path = tmp_path / "two-hundred.html"
    path.write_text(made.page(rows), "utf-8")
    made.ready(page, path.as_uri())
    keys = finish(page, made.index_of(path.read_text("utf-8")))
    found = made.exported(page)["decisions"]
    assert len({(row["case"], row["field"]) for row in found}) == 200
    assert keys <= 40


def test_a_review_of_200_planted_changes_takes_40_keys(
    page: Page, planted_report: Callable[[int], Path]
) -> None:
    path = planted_report(200)
    made.ready(page, path.as_uri())
    index = made.index_of(path.read_text("utf-8"))
    keys = finish(page, index)
    found = made.exported(page)["decisions"]
    assert len(found) == len(index["changes"]["path"]) >= 200
    assert any(row["decision"] == "accept" for row in found)
    assert keys <= 40
