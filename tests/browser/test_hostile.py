"""Hostile texts everywhere in a report, in a real browser: nothing runs, nothing is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from harness.model import Capture, CaseResult, Tree, Verdict
from harness.report import html
from harness.report.cases import Report, prepare
from harness.report.evidence import gather
from harness.report.rendered import rendered, srcdoc
from harness.text import show_unseen, squash
from tests.browser import made
from tests.browser.conftest import Guard, NewPage, Serve
from tests.hostile import AWAY, CANARY, PAYLOADS, hostile_run, page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

# As Jenkins serves artifacts, and as others do that let scripts run.
SANDBOXES = {
    "none": None,
    "jenkins": "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",
    "sandbox": "sandbox allow-scripts",
}
# What is in a document, looked at from inside: elements, attributes, addresses.
LOOK = """() => {
  const found = {tags: {}, events: [], addresses: [], sources: [], ids: {}, styles: 0};
  for (const node of document.querySelectorAll("*")) {
    const tag = node.localName;
    found.tags[tag] = (found.tags[tag] ?? 0) + 1;
    if (tag === "style") found.styles += 1;
    for (const {name, value} of node.attributes) {
      // Heights and places that a script sets show as an attribute too.
      const fetches = name === "style" && /url|image|expression|fixed|@/i.test(value);
      if (name.startsWith("on") || fetches || name === "formaction" || name === "srcset") {
        found.events.push(`${tag} ${name}=${value}`);
      }
      if (name === "href" || name === "xlink:href") found.addresses.push(value);
      if (name === "src" || name === "action" || name === "data") found.sources.push(value);
      if (name === "id") found.ids[value] = (found.ids[value] ?? 0) + 1;
    }
  }
  return found;
}"""
NEVER = {
    *("math", "object", "embed", "frame", "frameset", "form", "base", "link", "img", "video"),
    *("audio", "source", "marquee", "template", "portal", "fencedframe", "foreignobject"),
    *("noscript", "xmp", "plaintext", "textarea", "picture", "animate", "set", "use", "area"),
}


@dataclass
class Hostile:
    """A report file of nothing but hostile texts."""

    path: Path
    report: Report
    anchors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    found = hostile_run()
    report = prepare(found.run)
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    path.write_text(html.page(report, found.evidence), "utf-8")
    return Hostile(path, report, [case.anchor for case in report.cases])


@pytest.fixture
def canary(new_page: NewPage) -> Callable[..., tuple[Page, list[str]]]:
    """Opens a page in which the canary can be heard."""

    def opened(**options: Any) -> tuple[Page, list[str]]:
        page = new_page(**options)
        heard: list[str] = []
        page.expose_function(CANARY, lambda what: heard.append(what))
        return page, heard

    return opened


def assert_sound(page: Page) -> None:
    """Asserts that the main document is the harness's own, and every frame in it a drawn page."""
    found = page.evaluate(LOOK)
    assert not NEVER & set(found["tags"]), found["tags"]
    assert found["events"] == []
    assert [each for each in found["addresses"] if not each.startswith("#")] == []
    assert found["sources"] == []
    assert [name for name, times in found["ids"].items() if times > 1] == []
    assert found["tags"]["h1"] == 1 and found["tags"]["main"] == 1
    assert "--verdict" in found["ids"] and "--clusters" in found["ids"]
    assert "drifted" in page.locator("h1").inner_text()
    own = "script:not([type='text/plain']):not([type='application/json'])"
    assert page.locator(own).count() == 1
    # A page of the run cannot take the place of the reader's own.
    assert page.evaluate("document.body.id") == "--top"
    assert page.evaluate("Object.keys(Object.prototype).length + ({}).polluted") != 1


def assert_drawn(page: Page) -> int:
    """Asserts that what stands in frames is drawn by the harness; how many frames there are."""
    frames = [frame for frame in page.frames if frame is not page.main_frame]
    for frame in frames:
        assert frame.url == "about:srcdoc", frame.url
        found = frame.evaluate(LOOK)
        assert not {*NEVER, "a", "svg", "iframe", "script", "input"} & set(found["tags"])
        assert found["events"] + found["addresses"] + found["sources"] == []
        assert found["styles"] == 1
        assert squash(frame.locator("body").inner_text()) or frame.locator("i.b").count()
    return len(frames)


def assert_silent(guard: Guard, heard: list[str], *documents: str) -> None:
    """Asserts that nothing ran, and that only these documents were asked for."""
    assert heard == []
    assert guard.problems == []
    assert {each.partition("#")[0] for each in guard.requests} <= {*documents, "about:srcdoc"}


def test_the_canary_is_heard_where_a_page_is_not_made_harmless(
    canary: Callable[..., tuple[Page, list[str]]], guard: Guard, serve: Serve
) -> None:
    """Else the other tests here would show nothing."""
    guard.expect(AWAY)
    guard.expect("Failed to load|ERR_")
    names = ("script", "image onerror", "svg onload", "details ontoggle", "picture")
    page, heard = canary()
    page.goto(serve("<!doctype html>" + "".join(PAYLOADS[name] for name in names)))
    page.wait_for_function("document.images.length > 1")
    page.wait_for_timeout(300)
    assert len(heard) >= 4


def test_nothing_runs_in_any_article_of_the_report(
    canary: Callable[..., tuple[Page, list[str]]], guard: Guard, hostile: Hostile
) -> None:
    page, heard = canary()
    made.ready(page, hostile.path.as_uri())
    assert_sound(page)
    place = page.locator("#--detail article.case")
    drawn = 0
    for anchor in hostile.anchors:
        page.evaluate("anchor => { location.hash = `#/change/${anchor}?page=page`; }", anchor)
        page.wait_for_function(
            "anchor => document.querySelector('[id=\"--detail\"] article.case')?.id === anchor",
            arg=anchor,
        )
        if place.locator("details.rendered").count():
            place.locator("details.rendered iframe").wait_for()
            drawn += assert_drawn(page)
        assert place.inner_text().strip()
    assert drawn > 50
    assert_sound(page)
    assert_silent(guard, heard, hostile.path.as_uri())


def test_every_filter_and_cluster_stays_harmless(
    canary: Callable[..., tuple[Page, list[str]]], guard: Guard, hostile: Hostile
) -> None:
    page, heard = canary()
    made.ready(page, hostile.path.as_uri())
    for key in "n", "n", "p", "j", "d", "d", "d", "s", "r", "u", "?":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    for name in ("script", "jinja", "prototype", "constructor", "bidi override", "frame end"):
        text = quote(show_unseen(PAYLOADS[name])[:200], safe="")
        for part in ("q", "field", "site", "cluster", "category", "status", "view", "page"):
            page.evaluate(
                "fragment => { location.hash = fragment; }",
                f"#/change/x/{text}?{part}={text}",
            )
            page.wait_for_timeout(5)
    page.evaluate("location.hash = ''")
    assert_sound(page)
    assert_silent(guard, heard, hostile.path.as_uri())


def test_without_scripts_the_report_reads_and_is_harmless(
    canary: Callable[..., tuple[Page, list[str]]], guard: Guard, hostile: Hostile
) -> None:
    page, heard = canary(java_script_enabled=False)
    page.goto(hostile.path.as_uri())
    assert_sound(page)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert assert_drawn(page) >= 2
    articles = page.locator("article.case")
    assert articles.count() >= 20
    for article in articles.all():
        assert len(article.text_content() or "") > 50
    # The texts themselves are there to be read.
    said = squash(page.locator("main").text_content() or "")
    for name in ("script", "jinja", "css import", "mutation by noscript", "svg use"):
        assert squash(PAYLOADS[name])[:60] in said, name
    assert squash(show_unseen(PAYLOADS["bidi override"]))[:20] in said
    assert_silent(guard, heard, hostile.path.as_uri())


def test_a_drawn_page_is_harmless_with_no_policy_to_help_it(
    canary: Callable[..., tuple[Page, list[str]]], guard: Guard, serve: Serve
) -> None:
    page, heard = canary()
    addresses = []
    for name, payload in PAYLOADS.items():
        capture = Capture("site", "name", page_of(payload), "text/html")
        now: dict[str, Tree] = {"title": "A sound title", "body": [payload], payload[:90]: "By An"}
        case = CaseResult("site/name", "site", Verdict.CHANGED, record=now, accepted={"t": payload})
        found = gather(case, {case.capture: capture}.__getitem__)
        document = rendered(found, {"title", payload[:90]}, 40_000_000)
        assert document is not None
        bare = document.replace("http-equiv=Content-Security-Policy", "name=none", 1)
        addresses.append(serve(bare.encode("utf-8")))
        page.goto(addresses[-1])
        text = page.evaluate(
            "for (const each of document.querySelectorAll('.gap')) each.remove();"
            " document.body.textContent"
        )
        if all(len(line.text) <= 5_000 for line in found.lines):
            seen = " ".join(line.text for line in found.lines)
            assert squash(text) == squash(show_unseen(seen)), name
        looked = page.evaluate(LOOK)
        assert not {*NEVER, "a", "svg", "iframe", "script", "input"} & set(looked["tags"]), name
        assert looked["events"] + looked["addresses"] + looked["sources"] == [], name
    origin = addresses[0].rpartition("/")[0]
    assert_silent(guard, heard, *addresses, f"{origin}/favicon.ico")


@pytest.mark.parametrize("name", SANDBOXES)
def test_a_drawn_page_shows_inside_the_report_s_policy_and_a_sandbox(
    name: str, new_page: NewPage, guard: Guard, serve: Serve, broken_report: Path
) -> None:
    if name == "jenkins":
        guard.expect("Content Security Policy|sandboxed")
    policy = SANDBOXES[name]
    page = new_page()
    page.goto(serve(broken_report, {"Content-Security-Policy": policy} if policy else None))
    if name == "jenkins":
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.locator("iframe").first.scroll_into_view_if_needed()
    else:
        page.locator("body").press("j")
        page.locator(".sheets button[data-sheet=page]").first.click()
    frame = page.frame_locator("details.rendered iframe").first
    frame.locator("mark.differs, mark.lost").first.wait_for()
    assert frame.locator("mark").first.get_attribute("title")
    styled = frame.locator("mark").first.evaluate("node => getComputedStyle(node).borderRadius")
    assert styled == ("0px" if name == "jenkins" else "3px")


def test_a_drawn_page_is_alone_in_its_origin(page: Page, guard: Guard, serve: Serve) -> None:
    """A sandbox without exceptions: even a script in it would have no access to the report."""
    guard.expect("Blocked script execution in 'about:srcdoc'")
    document = f"<script>parent.{CANARY}('ran')</script>"
    shown = f'<!doctype html><title>t</title><iframe sandbox srcdoc="{srcdoc(document)}"></iframe>'
    page.goto(serve(shown))
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None
