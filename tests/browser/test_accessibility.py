"""Axe in a real browser over every state of the report, and what axe does not see."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import made
from tests.browser.conftest import NewPage, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A rendered capture is a page of others, in a frame that axe cannot enter.
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "iframes": False}


def serious(page: Page) -> list[str]:
    """What axe finds, of serious or critical impact: rule, elements and what is wrong with them."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # What is not drawn yet has a guessed height, and seems to lie over its neighbours.
    page.add_style_tag(content=".case { content-visibility: visible !important; }")
    found = axe.run(page, options=OPTIONS).response
    assert found["passes"], "axe looked at nothing"
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"][:5]
    ]


def as_it_opens(page: Page) -> None:
    """The page as it is."""


def with_help(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def with_a_change(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    until(page, "location.hash.startsWith('#/change/')")


def with_side_by_side(page: Page) -> None:
    with_a_change(page)
    page.keyboard.press("d")


def with_decisions(page: Page) -> None:
    for key in "jajrjs":
        page.keyboard.press(key)


def with_filters(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("byline")
    until(page, "location.hash.includes('q=byline')")


def with_nothing_found(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("zzzz no such text")
    until(page, "location.hash.includes('zzzz')")


def with_all_unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


STATES: tuple[Callable[[Page], None], ...] = (
    as_it_opens,
    with_help,
    with_a_change,
    with_side_by_side,
    with_decisions,
    with_filters,
    with_nothing_found,
    with_all_unfolded,
)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_serious(
    state: Callable[[Page], None],
    scheme: str,
    viewport: dict[str, int],
    new_page: NewPage,
    broken_report: Path,
) -> None:
    page = new_page(color_scheme=scheme, viewport=viewport)
    made.ready(page, broken_report.as_uri())
    state(page)
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_other_scripts(
    scheme: str, new_page: NewPage, hard_report: Path
) -> None:
    page = new_page(color_scheme=scheme)
    made.ready(page, hard_report.as_uri())
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_many_changes(
    scheme: str, new_page: NewPage, planted_report: Callable[[int], Path]
) -> None:
    page = new_page(color_scheme=scheme)
    made.ready(page, planted_report(300).as_uri())
    assert serious(page) == []


def test_axe_finds_nothing_serious_where_no_script_may_run(
    page: Page, guard: Any, serve: Any, broken_report: Path
) -> None:
    # Where scripts are switched off axe cannot run either; a policy stops the page's alone.
    guard.expect("Content Security Policy")
    page.goto(serve(broken_report, {"Content-Security-Policy": "script-src 'none'"}))
    assert serious(page) == []


# What is focused, with the colours of its ring and of what is behind it.
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const behind = (at) => {
    for (let each = at; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const box = node.getBoundingClientRect();
  return {
    name: node.outerHTML.slice(0, 120),
    style: style.outlineStyle, width: parseFloat(style.outlineWidth),
    ring: style.outlineColor, behind: behind(node.parentElement), shadow: style.boxShadow,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    key: node.tagName + Math.round(box.x) + "," + Math.round(box.y + scrollY),
  };
}"""
# Any notation of CSS as red, green, blue; the page's own canvas knows them all.
AS_RGB = """colour => {
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


def contrast(one: list[int], two: list[int]) -> float:
    """The contrast ratio of WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: list[int]) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(
    scheme: str, new_page: NewPage, broken_report: Path
) -> None:
    page = new_page(color_scheme=scheme)
    made.ready(page, broken_report.as_uri())
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        seen.add(focused["key"])
        assert focused["seen"], f"out of sight: {focused['name']}"
        assert focused["style"] != "none" and focused["width"] >= 1, focused
        ring, behind = (page.evaluate(AS_RGB, focused[name]) for name in ("ring", "behind"))
        assert contrast(ring, behind) >= 3, focused
    assert len(seen) > 20


def test_every_control_has_a_name(page: Page, broken_report: Path) -> None:
    made.ready(page, broken_report.as_uri())
    page.keyboard.press("j")
    nameless = page.locator("button, input, select, summary, a[href], iframe").evaluate_all(
        """all => all.filter(each => {
          const labels = [...(each.labels ?? [])].map(label => label.textContent).join("");
          const said = each.getAttribute("aria-label") || each.textContent || each.title || labels;
          return !said.trim() && !each.getAttribute("aria-labelledby");
        }).map(each => each.outerHTML.slice(0, 200))"""
    )
    assert nameless == []


def test_colour_is_never_the_only_sign(new_page: NewPage, broken_report: Path) -> None:
    page = new_page()
    made.ready(page, broken_report.as_uri())
    # What has one side only says so in words.
    plain = page.locator(".diff:not(.whole, .aside *) :is(ins, del)").evaluate_all(
        """all => all.filter(each => getComputedStyle(each).textDecorationLine === "none")
          .map(each => each.outerHTML.slice(0, 200))"""
    )
    assert plain == [], "what was lost and what is new differ in colour only"
    assert not [each for each in page.locator(".badge").all_text_contents() if not each.strip()]


def test_headings_leave_no_level_out(page: Page, broken_report: Path) -> None:
    made.ready(page, broken_report.as_uri())
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "all => all.filter(each => each.checkVisibility()).map(each => Number(each.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
    assert jumps == []
