"""The guard over the browser: what it must not let pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Guard, NewPage, Serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

WRONG = {
    "console error: no good": "<script>console.error('no good')</script>",
    "script error: .*broken": "<script>throw new Error('broken')</script>",
    "alert dialog: hello": "<script>alert('hello')</script>",
    "request: https?://nowhere.invalid/x.png": "<img src='http://nowhere.invalid/x.png'>",
    "Content Security Policy": '<meta http-equiv=Content-Security-Policy content="script-src'
    " 'none'\"><script>document.title = 'ran'</script>",
    "a window opened": "<script>open('about:blank')</script>",
}


@pytest.mark.parametrize("problem", WRONG)
def test_the_guard_sees(problem: str, page: Page, serve: Serve, guard: Guard) -> None:
    page.goto(serve("<!doctype html><title>wrong</title>" + WRONG[problem]))
    page.wait_for_timeout(100)
    guard.expect(problem)
    if problem.startswith("request"):
        guard.expect("Failed to load resource: net::ERR_")


def test_the_guard_fails_for_what_was_expected_and_did_not_come() -> None:
    guard = Guard()
    guard.expect("never")
    with pytest.raises(pytest.fail.Exception, match="nothing matched 'never'"):
        guard.finish()


def test_the_guard_fails_for_what_nobody_expected() -> None:
    guard = Guard(problems=["console error: x"])
    with pytest.raises(pytest.fail.Exception, match="console error: x"):
        guard.finish()


def test_a_quiet_page_passes(new_page: NewPage, serve: Serve, guard: Guard) -> None:
    page = new_page(java_script_enabled=False, color_scheme="dark")
    page.goto(serve("<!doctype html><title>quiet</title><p>Hello</p>", {"X-Frame-Options": "DENY"}))
    assert page.title() == "quiet"
    assert not guard.problems


def test_a_report_of_a_real_drift_opens(page: Page, broken_report: object) -> None:
    page.goto(f"file://{broken_report}")
    assert "drift" in page.title().lower()


def test_a_report_of_hard_texts_opens(page: Page, hard_report: object) -> None:
    page.goto(f"file://{hard_report}")
    assert "reader" in page.locator("main").inner_text()
