"""A real browser for the tests in this folder: Chromium of the system, driven by Playwright.

Without Playwright or a browser the tests skip and say why; where ``CI`` is set they fail instead,
so that a run there cannot be green without them. ``HARNESS_NO_BROWSER`` (a reason) skips them
anywhere. ``HARNESS_BROWSER`` names another executable than the first of ``BROWSERS`` on PATH.

Fixtures
    ``page``: a page 1280 × 800 px, light, with scripts. ``new_page(**options)`` makes others, for
    example ``new_page(color_scheme="dark", viewport={"width": 320, "height": 700})``; options are
    those of Playwright's ``browser.new_context``. ``bypass_csp`` is never set. Pages of one call of
    ``new_page`` share storage with no others; ``page.context.new_page()`` opens a second tab.
    Animations are off, and a wait that finds nothing ends after 15 s.

    ``guard``: what went wrong in any of these pages. The test fails at its end on a console error
    or warning, an error of a script, a violation of the content policy, a dialog, a new window, a
    request to anywhere but a file or an allowed server. ``guard.allow("http://127.0.0.1:4711/")``
    allows what lies below that address; ``guard.expect(r"regex")`` takes complaints that match
    as wanted, and fails when none came; ``guard.problems`` has those so far.

    ``serve(body, headers)``: an address on loopback where a text, bytes or file is served with
    these headers and no others; the guard allows it.

    ``broken`` (a Project), ``broken_report`` and ``hard_report`` (paths of report.html): the
    shipped daily8 corpus with a broken extractor, and pages in many scripts (``tests/drifted.py``).
    ``fresh_broken``: a copy of ``broken`` that a test may change. ``planted_report(captures)``: the
    path of a report on so many planted changes (``tests/planted.py``), made once a session.

Type hints of Playwright are imported under ``TYPE_CHECKING`` only: modules here must be importable
without it. Do not import ``expect`` at the top either; ``until(page, "expression")`` and
``locator.wait_for()`` wait as well.

These tests run after all others, so that each worker starts its browser once. Playwright's event
loop counts as running in this thread as long as the browser is open; a test here that needs
``asyncio.run`` has to call it in a thread of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.captures import likely_capture
from tests.conftest import Project
from tests.drifted import broken_daily8, hard_texts
from tests.planted import planted

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FOLDER = Path(__file__).parent
TIMEOUT = 15_000
"""Milliseconds that a page has for anything."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # In one row: the browser is closed before a test of another folder, which may need a loop.
    items.sort(key=lambda item: FOLDER in item.path.parents)


def executable() -> str | None:
    """The browser's executable; None where there is none."""
    named = os.environ.get("HARNESS_BROWSER")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def unavailable(reason: str) -> None:
    """Skips the test; in CI, where the browser is part of the job, fails it."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; set HARNESS_NO_BROWSER to a reason to do without", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. It lives as long as tests of this folder run, and its event loop with it."""
    if reason := os.environ.get("HARNESS_NO_BROWSER"):
        pytest.skip(f"HARNESS_NO_BROWSER: {reason}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("the browser tests need playwright (dependency group `test`)")
    path = executable()
    if path is None:
        unavailable(f"the browser tests need Chromium: none of {', '.join(BROWSERS)} is on PATH")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@dataclass
class Guard:
    """What pages complained of, and what they asked for that they must not."""

    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def allow(self, address: str) -> None:
        """Requests to what lies below ``address`` are no problem."""
        self._allowed.append(address)

    def expect(self, pattern: str) -> None:
        """A problem that matches is wanted."""
        self._expected.append(pattern)

    def watch(self, page: Page) -> None:
        """Notes what this page and the windows that it opens do wrong."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("popup", lambda opened: self.problems.append(f"a window opened: {opened.url}"))

        def dialog(shown: Any) -> None:
            self.problems.append(f"{shown.type} dialog: {shown.message}")
            shown.dismiss()

        page.on("dialog", dialog)

    def finish(self) -> None:
        """Fails the test for what is left of the problems."""
        left = [p for p in self.problems if not any(re.search(e, p) for e in self._expected)]
        missing = [e for e in self._expected if not any(re.search(e, p) for p in self.problems)]
        left += [f"nothing matched {pattern!r}" for pattern in missing]
        if left:
            pytest.fail("in the browser:\n" + "\n".join(left), pytrace=False)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        inside = ("file:", "data:", "blob:", "about:", *self._allowed)
        if not request.url.startswith(inside):
            self.problems.append(f"request: {request.url}")


@pytest.fixture
def guard() -> Iterator[Guard]:
    """The watch over every page of the test."""
    watch = Guard()
    yield watch
    watch.finish()


def until(page: Page, expression: str, *arguments: Any) -> None:
    """Waits until a JavaScript expression is true; fails after 15 s.

    Playwright's own ``wait_for_function`` makes code from text in the page, which its policy
    forbids.
    """
    end = time.monotonic() + TIMEOUT / 1000
    while not page.evaluate(expression, *arguments):
        if time.monotonic() > end:
            pytest.fail(f"never true: {expression}; the page is at {page.url}", pytrace=False)
        page.wait_for_timeout(20)


class NewPage(Protocol):
    """Opens a page in a context of its own; options are those of ``browser.new_context``."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture
def new_page(browser: Browser, guard: Guard, serve: Serve) -> Iterator[NewPage]:  # noqa: ARG001
    """Makes pages under guard.

    It needs ``serve`` so that pages close before the server: a connection that the end of the
    server cuts is an error in the console, and none of the page's.
    """
    contexts = []

    def make(**options: Any) -> Page:
        usual: dict[str, Any] = {
            "viewport": {"width": 1280, "height": 800},
            "color_scheme": "light",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**usual | options)
        context.set_default_timeout(TIMEOUT)
        context.on("page", guard.watch)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page under guard."""
    return new_page()


class Serve(Protocol):
    """Serves a body with these headers, and gives the address."""

    def __call__(self, body: str | bytes | Path, headers: dict[str, str] | None = None) -> str: ...


@pytest.fixture
def serve(guard: Guard) -> Iterator[Serve]:
    """A server on loopback that knows only what the test gave it."""
    answers: dict[str, tuple[bytes, dict[str, str]]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = answers.get(self.path, (b"", {}))
            # Browsers ask for an icon unbidden; an error there would be the page's, in the console.
            missing = 204 if self.path == "/favicon.ico" else 404
            self.send_response(200 if self.path in answers else missing)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: the tests' output is for failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    guard.allow(f"{origin}/")

    def add(body: str | bytes | Path, headers: dict[str, str] | None = None) -> str:
        data = body.read_bytes() if isinstance(body, Path) else body
        path = f"/{len(answers)}.html"
        answers[path] = (data.encode() if isinstance(data, str) else data, headers or {})
        return origin + path

    yield add
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped daily8 corpus, checked with a broken extractor. Not to be changed."""
    return broken_daily8(tmp_path_factory.mktemp("broken"))


@pytest.fixture(scope="session")
def broken_report(broken: Project) -> Path:
    """The drift report of ``broken``."""
    return broken.root / ".harness" / "report.html"


@pytest.fixture
def fresh_broken(broken: Project, tmp_path: Path) -> Project:
    """A copy of ``broken``, for a test that writes."""
    shutil.copytree(broken.root, tmp_path / "fresh")
    return Project(tmp_path / "fresh")


@pytest.fixture(scope="session")
def hard_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a drift in pages of many scripts."""
    return hard_texts(tmp_path_factory.mktemp("hard")).root / ".harness" / "report.html"


@pytest.fixture(scope="session")
def planted_report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Gives the path of a report on so many planted changes."""
    made: dict[int, Path] = {}

    def report(captures: int = 200) -> Path:
        if captures not in made:
            path = tmp_path_factory.mktemp("planted") / f"{captures}.html"
            path.write_text(planted_page(captures), "utf-8")
            made[captures] = path
        return made[captures]

    return report


def planted_page(captures: int) -> str:
    """The report on a planted run, as the static page."""
    from harness.report import html
    from harness.report.cases import prepare
    from harness.report.evidence import gather

    report = prepare(planted(captures).run)
    return html.page(report, lambda result: gather(result, lambda _: likely_capture(result)))
