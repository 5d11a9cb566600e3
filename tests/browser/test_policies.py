"""The report under the content policies of the places where people open artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import made
from tests.browser.conftest import Guard, NewPage, Serve, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

CSP = "Content-Security-Policy"
# Jenkins serves artifacts and workspace files like this; see DirectoryBrowserSupport.CSP in
# https://www.jenkins.io/doc/book/security/configuring-content-security-policy/
JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';"
# Later releases; the origin is then the server's own, and scripts are still forbidden.
JENKINS_NOW = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"
# raw.githubusercontent.com, where people paste what they downloaded.
RAW = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
READ_ONLY = {
    "jenkins": {CSP: JENKINS, "X-Content-Type-Options": "nosniff"},
    "jenkins with its origin": {CSP: JENKINS_NOW},
    "raw file": {CSP: RAW, "X-Frame-Options": "deny"},
    "no scripts": {CSP: "script-src 'none'"},
    "no inline scripts": {CSP: "script-src 'self'; object-src 'none'; base-uri 'none'"},
}
WITH_SCRIPTS = {
    "pages": {},
    "sandbox with scripts": {CSP: "sandbox allow-scripts"},
    "sandbox with scripts and popups": {
        CSP: "sandbox allow-scripts allow-popups; default-src 'none'; style-src 'unsafe-inline';"
        " script-src 'unsafe-inline'; img-src data:",
    },
    "trusted types": {CSP: "require-trusted-types-for 'script'; trusted-types 'none'"},
    "no referrer, no cache": {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"},
}


def read(page: Page) -> None:
    """Asserts that the page can be read: verdict, clusters, the diff of a case, its capture."""
    assert "drifted" in page.locator("h1").inner_text()
    assert page.locator("li.cluster").count() >= 3
    # Not the inner text: a browser has none of what is far below and not drawn yet.
    case = page.locator("article.case").first
    assert (case.locator(".diff del, .diff ins").first.text_content() or "").strip()
    assert (case.locator(".capture").text_content() or "").strip()


@pytest.mark.parametrize("name", READ_ONLY)
def test_the_report_is_read_where_no_script_may_run(
    name: str, page: Page, guard: Guard, serve: Serve, broken_report: Path
) -> None:
    guard.expect("Content Security Policy|sandboxed")
    page.goto(serve(broken_report, READ_ONLY[name]))
    read(page)
    anchor = page.locator("article.case").nth(3).get_attribute("id")
    page.locator(f"a[href='#{anchor}']").first.press("Enter")
    # The address comes as an event of its own.
    for _ in range(100):
        if page.url.endswith(f"#{anchor}"):
            break
        page.wait_for_timeout(20)
    assert page.url.endswith(f"#{anchor}")
    # How differences are shown is chosen by rules of style alone.
    controls = page.locator("button, input:not(.views *), select").all()
    assert not [each for each in controls if each.is_visible()], "controls that do nothing"


@pytest.mark.parametrize("name", WITH_SCRIPTS)
def test_the_report_works_where_scripts_may_run(
    name: str, page: Page, serve: Serve, broken_report: Path
) -> None:
    made.ready(page, serve(broken_report, WITH_SCRIPTS[name]))
    read(page)
    page.keyboard.press("j")
    until(page, "location.hash.startsWith('#/change/')")
    first = page.url
    page.keyboard.press("j")
    until(page, "first => location.href !== first", first)


@pytest.mark.parametrize("sandbox", ["", "allow-scripts", "allow-scripts allow-same-origin"])
def test_the_report_is_read_in_a_frame(
    sandbox: str, page: Page, guard: Guard, serve: Serve, broken_report: Path
) -> None:
    inner = serve(broken_report)
    frame = f"<iframe sandbox='{sandbox}' src='{inner}' width=1200 height=700></iframe>"
    if not sandbox:
        guard.expect("sandboxed")
    if "allow-same-origin" in sandbox:
        guard.expect("can escape its sandboxing")
    page.goto(serve(f"<!doctype html><title>viewer</title>{frame}"))
    shown = page.frame_locator("iframe").first
    assert "drifted" in shown.locator("h1").inner_text()
    assert (shown.locator("article.case .diff ins").first.text_content() or "").strip()


def test_the_report_asks_for_nothing(
    new_page: NewPage, guard: Guard, serve: Serve, broken_report: Path
) -> None:
    page = new_page()
    address = serve(broken_report)
    made.ready(page, address)
    for _ in range(3):
        page.keyboard.press("j")
    page.wait_for_timeout(200)
    beyond = [url for url in guard.requests if not url.startswith(("data:", "about:", "blob:"))]
    assert beyond == [address]
