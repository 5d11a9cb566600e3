"""The report on narrow screens, zoomed, on paper, in forced colours and in many scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import made
from tests.browser.conftest import NewPage, until
from tests.drifted import HARD_TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 320, "height": 640}},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    # What a window of 1280 px shows at 200 % zoom.
    "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    # 400 % is WCAG's bar for reflow (1.4.10).
    "zoomed twice": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "4k": {"viewport": {"width": 3840, "height": 2160}},
}
# Elements that stick out of the window to the right or left, though nothing around them scrolls.
STICKING_OUT = """() => {
  const held = (node) => {
    for (let each = node.parentElement; each; each = each.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(each).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll("body *")].filter(each => {
    const box = each.getBoundingClientRect();
    return each.checkVisibility() && box.width > 1 && !held(each)
      && (box.right > innerWidth + 1 || box.left < -1);
  }).slice(0, 5).map(each => each.outerHTML.slice(0, 160));
}"""
# Controls that are cut, or that share room with another control; and how many there are.
CONTROLS = """() => {
  const all = [...document.querySelectorAll("button, input, select")].filter(
    each => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
      && each.getBoundingClientRect().width > 1);
  const boxes = all.map(each => each.getBoundingClientRect());
  const said = (each) => each.outerHTML.slice(0, 120);
  const wrong = [];
  all.forEach((each, i) => {
    if (each.tagName === "BUTTON" && each.scrollWidth > each.clientWidth + 2)
      wrong.push("cut: " + said(each));
    for (let j = i + 1; j < all.length; j++) {
      const a = boxes[i], b = boxes[j];
      if (a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom
          && b.top + 1 < a.bottom && !all[i].contains(all[j]))
        wrong.push("over each other: " + said(all[i]) + " and " + said(all[j]));
    }
  });
  return {number: all.length, wrong: wrong.slice(0, 5)};
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def with_a_change(page: Page) -> None:
    page.keyboard.press("j")
    until(page, "location.hash.startsWith('#/change/')")


@pytest.mark.parametrize("opened", [False, True], ids=["overview", "change"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_fits_its_window(
    screen: str, opened: bool, new_page: NewPage, broken_report: Path
) -> None:
    page = new_page(**SCREENS[screen])
    made.ready(page, broken_report.as_uri())
    if opened:
        with_a_change(page)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(WIDER) <= 0, "the whole page scrolls sideways"
    controls = page.evaluate(CONTROLS)
    assert controls["number"] >= 3
    assert controls["wrong"] == []


@pytest.mark.parametrize("screen", ["phone", "zoomed", "desk"])
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_long_and_foreign_texts_fit(
    screen: str, scripted: bool, new_page: NewPage, hard_report: Path
) -> None:
    page = new_page(java_script_enabled=scripted, **SCREENS[screen])
    made.ready(page, hard_report.as_uri(), scripted)
    # Without scripts the browser answers questions all the same.
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_many_changes_fit(
    screen: str, new_page: NewPage, planted_report: Callable[[int], Path]
) -> None:
    page = new_page(**SCREENS[screen])
    made.ready(page, planted_report(300).as_uri())
    with_a_change(page)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("screen", ["phone", "zoomed", "zoomed twice"])
def test_the_bar_leaves_room_to_read(screen: str, new_page: NewPage, broken_report: Path) -> None:
    page = new_page(**SCREENS[screen])
    made.ready(page, broken_report.as_uri())
    with_a_change(page)
    height = page.viewport_size["height"]  # type: ignore[index]
    covered = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(each =>
            /fixed|sticky/.test(getComputedStyle(each).position) && each.checkVisibility()
            && each.getBoundingClientRect().width > innerWidth / 2)
          .reduce((sum, each) => {
            const box = each.getBoundingClientRect();
            const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
            return sum + (box.height < innerHeight ? Math.max(0, seen) : 0);
          }, 0)"""
    )
    assert covered < 0.5 * height, f"{covered} of {height} px are covered by bars"


@pytest.mark.parametrize("name", [n for n, (d, *_) in HARD_TEXTS.items() if d == "rtl"])
def test_text_from_right_to_left_stands_right(
    name: str, new_page: NewPage, hard_report: Path
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(hard_report.as_uri())
    byline = HARD_TEXTS[name][4]
    diffs = page.locator(".diff", has_text=byline.split()[0])
    lines = page.locator(".capture li p", has_text=HARD_TEXTS[name][3][0][:20])
    assert diffs.count() and lines.count()
    assert lines.first.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator("html").evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_unseen_characters_are_shown(new_page: NewPage, hard_report: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(hard_report.as_uri())
    markup = page.content()
    for unseen in "\u200b\u202e\u202c\u00ad\u2067\u2069\u0007":
        assert unseen not in markup, f"U+{ord(unseen):04X} stands in the page, and nobody sees it"
    said = page.locator("article", has_text="overrides").first.text_content() or ""
    assert "202E" in said.upper()


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_paper_has_the_content_and_no_controls(
    scripted: bool, new_page: NewPage, broken_report: Path
) -> None:
    page = new_page(java_script_enabled=scripted, color_scheme="dark")
    made.ready(page, broken_report.as_uri(), scripted)
    page.emulate_media(media="print")
    seen = [
        each.evaluate("node => node.outerHTML.slice(0, 120)")
        for each in page.locator("button, input, select, dialog").all()
        if each.is_visible()
    ]
    assert seen == []
    assert page.locator("h1").is_visible()
    assert page.locator("li.cluster").first.is_visible()
    hidden = page.locator("article.case").evaluate_all(
        "all => all.filter(each => !each.checkVisibility()).map(each => each.id)"
    )
    assert hidden == []
    assert page.locator("article.case .diff").first.is_visible()
    ink = page.locator("h1").evaluate("node => getComputedStyle(node).color")
    assert max(map(int, ink.strip("rgb()").split(",")[:3])) < 128, "light ink on white paper"


def test_paper_has_more_than_one_page(new_page: NewPage, broken_report: Path) -> None:
    page = new_page()
    made.ready(page, broken_report.as_uri())
    paper = page.pdf(format="A4")
    assert (
        paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page/") + paper.count(b"/Type /Page ")
        > 3
    )


def test_forced_colours_keep_the_signs(new_page: NewPage, broken_report: Path) -> None:
    page = new_page(forced_colors="active")
    made.ready(page, f"{broken_report.as_uri()}#/changes?field=byline")
    page.locator(".detail .diff ins").first.wait_for()
    decoration = "node => getComputedStyle(node).textDecorationLine"
    # Beside each other, and where there is one side only, words say which it is.
    edits = ".detail .diff:not(.whole, .aside *)"
    lost = page.locator(f"{edits} del").first.evaluate(decoration)
    new = page.locator(f"{edits} ins").first.evaluate(decoration)
    assert lost == "line-through" and new == "underline"
    assert page.locator(".badge").first.inner_text().strip()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_nothing_moves_for_who_wants_no_motion(new_page: NewPage, broken_report: Path) -> None:
    page = new_page(reduced_motion="reduce")
    made.ready(page, broken_report.as_uri())
    moving = page.locator("*").evaluate_all(
        """all => all.filter(each => {
          const style = getComputedStyle(each);
          const long = (text) => text.split(",").some(part => parseFloat(part) > 0.01);
          return (style.animationName !== "none" && long(style.animationDuration))
            || long(style.transitionDuration) || style.scrollBehavior === "smooth";
        }).map(each => each.outerHTML.slice(0, 100))"""
    )
    assert moving == []
