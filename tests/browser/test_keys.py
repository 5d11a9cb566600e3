"""Every key, and the button that does the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import made

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def report(page: Page, tmp_path: Path) -> Page:
    path = tmp_path / "report.html"
    path.write_text(made.page(made.usual()), "utf-8")
    made.ready(page, path.as_uri())
    return page


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_without_a_fragment_the_overview_is_shown(report: Page) -> None:
    assert report.locator("#--clusters").is_visible()
    assert not report.locator("#--review").is_visible()
    assert not report.locator("#--changes").is_visible()


@pytest.mark.parametrize("key", ["j", "k", "n", "p", "s", "Enter"])
def test_from_the_overview_a_key_begins_with_the_worst(report: Page, key: str) -> None:
    press(report, key)
    assert made.at(report) == "daily/p0 byline"
    assert made.article(report) == "daily-p0"
    assert not report.locator("#--clusters").is_visible()


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ("j j", "daily/p1 byline"),
        ("j j j k", "daily/p1 byline"),
        ("j k", "daily/p0 byline"),
        ("j n", "herald/age0 timestamp"),
        ("j n n", "herald/gone0 byline"),
        ("j n j j p", "daily/p0 byline"),
        ("j n n p", "herald/age0 timestamp"),
        ("j p", "daily/p0 byline"),
        ("j n n n n n n n n n", "post/left title"),
        ("j n n n n n n j j", "post/left title"),
    ],
)
def test_keys_go_by_changes_and_by_clusters(report: Page, keys: str, where: str) -> None:
    press(report, keys)
    assert made.at(report) == where


def test_the_end_of_the_list_is_told(report: Page) -> None:
    press(report, "j k")
    assert made.message(report) == "This is the first change."
    press(report, "p")
    assert made.message(report) == "This is the first cluster."
    press(report, "n n n n n n")
    press(report, "j")
    assert made.message(report) == "This is the last change."
    press(report, "n")
    assert made.message(report) == "This is the last cluster."


@pytest.mark.parametrize(
    ("keys", "accepted", "rejected", "where"),
    [
        ("a", 1, 0, "daily/p1 byline"),
        ("r", 0, 1, "daily/p1 byline"),
        ("a r a", 2, 1, "daily/p3 byline"),
        ("s", 0, 0, "daily/p1 byline"),
        ("j a k k s", 1, 0, "daily/p2 byline"),
        ("Shift+A", 8, 0, "herald/age0 timestamp"),
        ("Shift+R", 0, 8, "herald/age0 timestamp"),
        ("a u", 0, 0, "daily/p0 byline"),
        ("Shift+A u", 0, 0, "daily/p0 byline"),
        ("a r u", 1, 0, "daily/p1 byline"),
        ("a r u u", 0, 0, "daily/p0 byline"),
    ],
)
def test_keys_decide_and_go_on_to_what_is_open(
    report: Page, keys: str, accepted: int, rejected: int, where: str
) -> None:
    press(report, f"j {keys}")
    assert made.at(report) == where
    found = made.statuses(report)
    assert (found["accepted"], found["rejected"]) == (accepted, rejected)
    assert f"{accepted + rejected} of 27 decided" in report.locator(".decided").inner_text()


def test_nothing_is_decided_from_the_overview(report: Page) -> None:
    press(report, "a r Shift+A Shift+R u")
    press(report, "j")
    assert made.statuses(report) == {"open": 27, "accepted": 0, "rejected": 0}


def test_after_the_last_one_the_cursor_stays(report: Page) -> None:
    press(report, "j")
    for _ in range(40):
        press(report, "r")
    assert made.statuses(report) == {"open": 0, "accepted": 0, "rejected": 27}
    press(report, "s")
    assert made.message(report) == "No other change is open."


def test_undo_without_a_step_says_so(report: Page) -> None:
    press(report, "j u")
    assert made.message(report) == "There is nothing to undo."


def test_d_goes_through_the_views(report: Page) -> None:
    press(report, "j")
    seen = []
    for _ in range(5):
        seen.append(report.locator("#--detail").get_attribute("data-view"))
        press(report, "d")
    assert seen == ["inline", "aside", "old", "new", "inline"]


def test_slash_goes_to_the_search_and_escape_back_to_the_list(report: Page) -> None:
    press(report, "/")
    assert report.evaluate("document.activeElement.type") == "search"
    report.keyboard.type("gone1")
    assert made.at(report) == "herald/gone1 byline"
    assert made.statuses(report)["accepted"] == 0, "letters that are typed decide nothing"
    press(report, "Escape")
    assert report.evaluate("document.activeElement.id") == "--list"
    press(report, "a")
    assert made.statuses(report)["accepted"] == 1


def test_question_mark_shows_every_key(report: Page) -> None:
    press(report, "?")
    help_ = report.get_by_role("dialog", name="Keys")
    assert help_.is_visible()
    keys = set(help_.locator("dt kbd").all_inner_texts())
    assert keys >= {*"jknparsARud/?", "Enter", "Esc"}
    press(report, "j a")
    assert made.at(report) == "", "keys behind a dialog do nothing"
    press(report, "Escape")
    assert not help_.is_visible()


def test_escape_leaves_the_review_and_j_returns_to_the_same_change(report: Page) -> None:
    press(report, "j j j Escape")
    assert report.locator("#--clusters").is_visible()
    assert made.at(report) == ""
    press(report, "j")
    assert made.at(report) == "daily/p2 byline"


def test_arrows_move_in_the_list_only(report: Page) -> None:
    press(report, "j ArrowDown ArrowDown ArrowUp")
    assert made.at(report) == "daily/p1 byline"
    press(report, "End")
    assert made.at(report) == "post/left title"
    press(report, "Home PageDown")
    assert made.at(report) == "herald/age1 timestamp" or made.at(report) == "daily/age1 timestamp"
    report.locator("#--detail").focus()
    press(report, "ArrowDown")
    assert "age1" in made.at(report)


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_modifiers_are_the_browsers(report: Page, modifier: str) -> None:
    press(report, "j")
    report.evaluate(
        """flag => dispatchEvent(new KeyboardEvent("keydown", {key: "a", [flag]: true}))""",
        {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier],
    )
    assert made.statuses(report)["accepted"] == 0


def send(page: Page, key: str, code: str, **more: bool) -> None:
    page.evaluate("init => dispatchEvent(new KeyboardEvent('keydown', init))",
                  {"key": key, "code": code, **more})  # fmt: skip


def test_a_cyrillic_keyboard_is_read_by_the_place_of_its_keys(report: Page) -> None:
    send(report, "о", "KeyJ")
    send(report, "о", "KeyJ")
    assert made.at(report) == "daily/p1 byline"
    send(report, "Ф", "KeyA", shiftKey=True)
    assert made.statuses(report)["accepted"] == 8


def test_a_dvorak_keyboard_is_read_by_its_letters(report: Page) -> None:
    send(report, "j", "KeyC")
    send(report, "n", "KeyL")
    assert made.at(report) == "herald/age0 timestamp"


def test_caps_lock_decides_no_cluster(report: Page) -> None:
    send(report, "J", "KeyJ")
    send(report, "A", "KeyA")
    assert made.statuses(report)["accepted"] == 1


def test_a_key_held_down_moves_and_does_not_decide(report: Page) -> None:
    send(report, "j", "KeyJ")
    for _ in range(3):
        send(report, "j", "KeyJ", repeat=True)
    assert made.at(report) == "daily/p3 byline"
    send(report, "a", "KeyA", repeat=True)
    assert made.statuses(report)["accepted"] == 0


def test_every_key_is_a_button_too(report: Page) -> None:
    report.get_by_role("button", name="Review 27 changes").click()
    assert made.at(report) == "daily/p0 byline"

    def click(name: str) -> None:
        report.locator("#--review, .doors").get_by_role(
            "button", name=name, exact=True
        ).first.click()

    click("Next")
    assert made.at(report) == "daily/p1 byline"
    click("Previous")
    assert made.at(report) == "daily/p0 byline"
    click("Next cluster")
    assert "age0" in made.at(report)
    click("Previous cluster")
    assert made.at(report) == "daily/p0 byline"
    report.locator(".tools").get_by_role("button", name="Accept").click()
    report.locator(".tools").get_by_role("button", name="Reject").click()
    click("Skip")
    assert made.at(report) == "daily/p3 byline"
    found = made.statuses(report)
    assert (found["accepted"], found["rejected"]) == (1, 1)
    click("Undo")
    click("Reject cluster")
    assert made.statuses(report)["rejected"] == 7
    click("Undo")
    click("Accept cluster")
    assert made.statuses(report)["accepted"] == 8
    click("View: inline")
    assert report.locator("#--detail").get_attribute("data-view") == "aside"
    click("Help")
    report.get_by_role("dialog").get_by_role("button", name="Close").click()
    click("Overview")
    assert report.locator("#--clusters").is_visible()


def test_the_buttons_at_a_change_decide_about_it(report: Page) -> None:
    report.goto(f"{report.url}#post-two")
    second = report.locator("#--detail [data-change='19']")
    second.get_by_role("button", name="Reject").click()
    assert "rejected" in second.inner_text()
    assert made.at(report) == "post/two related[0].byline", "the cursor was elsewhere and stays"
    assert made.statuses(report)["rejected"] == 1


def test_the_list_says_what_it_holds(report: Page) -> None:
    press(report, "j j")
    tree = report.get_by_role("tree", name="Changes by cluster")
    chosen = tree.get_attribute("aria-activedescendant")
    row = report.locator(f"[id='{chosen}']")
    assert row.get_attribute("role") == "treeitem"
    assert row.get_attribute("aria-selected") == "true"
    assert "daily/p1" in row.inner_text()
    assert report.evaluate("document.activeElement.id") == "--list"


def test_a_reader_outside_the_list_is_told_where_a_key_went(report: Page) -> None:
    press(report, "j")
    report.locator("#--detail").focus()
    press(report, "j")
    assert made.message(report) == "daily/p1, byline: By Ada to Ada"


def test_ten_thousand_changes_are_a_few_rows_in_the_document(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_text(made.page(made.many(10_000, 12)), "utf-8")
    made.ready(page, path.as_uri())
    press(page, "j n n n n n n j j")
    assert made.at(page).startswith("site")
    assert page.locator(".row").count() < 60
    row = page.locator(".row[aria-selected=true]")
    inside = page.evaluate(
        """([row, list]) => row.top >= list.top && row.bottom <= list.bottom""",
        [
            row.evaluate("e => e.getBoundingClientRect().toJSON()"),
            page.locator("#--list").evaluate("e => e.getBoundingClientRect().toJSON()"),
        ],
    )
    assert inside, "the chosen row is in sight"
    page.locator("#--list").evaluate("list => list.scrollTop = 0")
    page.locator(".row.heading", has_text="kind 0").wait_for()
    assert row.count() == 1, "assistive technology still finds the chosen row"
    seen = page.evaluate("""async () => {
      const list = document.getElementById("--list");
      for (let top = 0; top < list.scrollHeight; top += list.scrollHeight / 40) {
        list.scrollTop = top;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const { left, top: y, height } = list.getBoundingClientRect();
        const found = document.elementFromPoint(left + 40, y + height / 2);
        if (!found.closest(".row")) return `a gap at ${top}`;
      }
      return "";
    }""")
    assert seen == ""
