"""The chosen change: where its article comes from, and how it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import made

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewPage


STATIC = len({row.case for row in made.usual() if row.article == "static"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(made.page(made.usual()), "utf-8")
    return path


def opened(page: Page, path: Path, fragment: str) -> Page:
    made.ready(page, path.as_uri() + fragment)
    page.wait_for_selector("#--detail article")
    return page


def texts(page: Page) -> list[str]:
    """The differences that are to be seen."""
    seen = page.locator("#--detail p.diff").all()
    return [each.inner_text() for each in seen if each.is_visible()]


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("inline", ["By Ada shared Ada"]),
        ("aside", ["By Ada shared", "shared Ada"]),
        ("old", ["By Ada shared"]),
        ("new", ["shared Ada"]),
    ],
)
def test_each_view_shows_its_side(page: Page, path: Path, view: str, wanted: list[str]) -> None:
    opened(page, path, f"#/change/daily-p0/byline?view={view}")
    assert [text.strip() for text in texts(page)] == wanted
    page.keyboard.press("j")
    page.wait_for_selector("#daily-p1")
    assert [text.strip() for text in texts(page)] == wanted, "a view stays while one moves"


def test_a_static_article_goes_back_to_its_place(page: Page, path: Path) -> None:
    opened(page, path, "#/change/daily-p1/byline")
    assert page.locator("#--changes article").count() == STATIC - 1
    for key in ("j", "j", "Escape"):
        page.keyboard.press(key)
    assert page.locator("#--detail article").count() == 0
    order = page.eval_on_selector_all("#--changes article", "all => all.map(e => e.dataset.case)")
    assert order == sorted(order, key=int)
    assert len(order) == STATIC
    assert (
        page.eval_on_selector_all("[id]", "all => all.length - new Set(all.map(e => e.id)).size")
        == 0
    )


def test_a_packed_article_is_unpacked(page: Page, path: Path) -> None:
    opened(page, path, "#post-m1")
    assert made.article(page) == "post-m1"
    assert "shared" in texts(page)[0]
    assert page.locator("#--detail [data-change]").get_by_role("button", name="Accept").is_visible()


def test_an_article_that_is_not_in_the_file_says_how_to_see_it(page: Page, path: Path) -> None:
    opened(page, path, "#post-left")
    said = page.locator("#--detail article").inner_text()
    assert "Old to New" in said
    assert "not in this file" in said
    assert "harness review" in said
    assert "harness check post/left" in said
    page.keyboard.press("a")
    assert made.statuses(page)["accepted"] == 1


def test_a_case_name_is_quoted_for_the_shell(page: Page, tmp_path: Path) -> None:
    row = made.Row("site/it's; rm -rf $HOME", "title", "one", "a", "b", article="left")
    path = tmp_path / "odd.html"
    path.write_text(made.page([row]), "utf-8")
    opened(page, path, "#/changes")
    code = page.locator("#--detail code").all_inner_texts()
    assert """harness check 'site/it'"'"'s; rm -rf $HOME'""" in code


def test_what_cannot_be_seen_in_a_name_is_shown(page: Page, tmp_path: Path) -> None:
    row = made.Row("site/a\u202eb<b>", "title", "one", "a", "b", article="left")
    path = tmp_path / "odd.html"
    path.write_text(made.page([row]), "utf-8")
    opened(page, path, "#/changes")
    assert made.at(page) == "site/a⟨U+202E⟩b<b> title"
    assert page.locator("#--review b").count() == 0


def test_an_article_without_its_capture_says_how_to_see_it(page: Page, tmp_path: Path) -> None:
    html = made.page(made.usual()[:3])
    cut = html.replace('<div class="capture">', '<div class="gone">')
    path = tmp_path / "cut.html"
    path.write_text(cut, "utf-8")
    opened(page, path, "#/changes")
    said = page.locator("#--detail .capture").inner_text()
    assert "This capture is not in this file" in said
    assert "harness check daily/p0" in said


def test_the_capture_as_text_and_as_a_page(page: Page, path: Path) -> None:
    opened(page, path, "#/change/daily-p0/byline")
    text, drawn = page.locator("#--detail .page"), page.locator("#--detail iframe")
    assert text.is_visible() and not drawn.is_visible()
    page.get_by_role("button", name="Page", exact=True).click()
    assert drawn.is_visible() and not text.is_visible()
    assert (
        page.get_by_role("button", name="Page", exact=True).get_attribute("aria-pressed") == "true"
    )
    page.frame_locator("#--detail iframe").get_by_text("drawn daily/p0").wait_for()
    page.keyboard.press("j")
    page.frame_locator("#--detail iframe").get_by_text("drawn daily/p1").wait_for()
    page.wait_for_timeout(200)
    assert page.url.endswith("#/change/daily-p1/byline?page=page")
    page.get_by_role("button", name="Text", exact=True).click()
    assert text.is_visible() and not drawn.is_visible()


def test_of_several_changes_of_a_case_the_chosen_one_is_marked(page: Page, path: Path) -> None:
    opened(page, path, "#/change/post-two/related%5B0%5D.byline")
    assert page.locator("#--detail .current").get_attribute("data-change") == "18"
    page.keyboard.press("j")
    assert page.locator("#--detail .current").get_attribute("data-change") == "19"


def test_a_field_of_several_changes_says_what_it_waits_for(page: Page, path: Path) -> None:
    opened(page, path, "#/change/post-two/related%5B0%5D.byline")
    page.keyboard.press("a")
    first = page.locator("#--detail [data-change='18']")
    assert "related is accepted as a whole: 1 more change of it to accept" in first.inner_text()
    page.keyboard.press("a")
    page.goto(page.url.partition("#")[0] + "#post-two")
    assert "as a whole" not in first.inner_text()


def test_why_a_change_is_never_decided_with_others_stands_at_it(page: Page, path: Path) -> None:
    opened(page, path, "#herald-gone0")
    assert (
        f"never accepted with others: {made.EMPTY}"
        in page.locator("#--detail article").inner_text()
    )


def test_on_a_narrow_screen_list_and_change_are_stacked(new_page: NewPage, path: Path) -> None:
    page = new_page(viewport={"width": 360, "height": 700})
    opened(page, path, "#/change/daily-p0/byline")
    boxes = [page.locator(each).bounding_box() for each in ("#--list", "#--detail")]
    assert boxes[0] and boxes[1]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("j")
    assert made.at(page) == "daily/p1 byline"


def test_rows_grow_with_the_type_size(page: Page, path: Path) -> None:
    opened(page, path, "#/changes")
    height = page.locator(".row.line").first.bounding_box()
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.wait_for_timeout(150)
    rows = [each.bounding_box() for each in page.locator(".row").all()]
    assert height and rows[0] and rows[1]
    assert rows[0]["height"] > 1.8 * height["height"]
    assert abs(rows[1]["y"] - rows[0]["y"] - rows[0]["height"]) < 1


def test_without_a_way_to_unpack_the_page_is_whole(page: Page, path: Path) -> None:
    page.add_init_script("delete window.DecompressionStream")
    page.goto(path.as_uri())
    said = page.get_by_role("alert")
    said.wait_for()
    assert "complete without them" in said.inner_text()
    assert page.locator("#--changes article").first.is_visible()


def test_a_broken_index_leaves_the_page_whole(page: Page, tmp_path: Path) -> None:
    html = made.page(made.usual())
    path = tmp_path / "broken.html"
    path.write_text(html.replace('id="--index">', 'id="--index">AAAA'), "utf-8")
    page.goto(path.as_uri())
    page.get_by_role("alert").wait_for()
    assert page.locator("#--changes article").first.is_visible()


def test_motion_and_printing(page: Page, path: Path) -> None:
    opened(page, path, "#/change/daily-p0/byline")
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    assert page.locator("#--changes article").first.is_visible(), "paper has no keys"
    assert not page.locator("#--review").is_visible()
