"""Fetching, from a server in this process."""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.corpus.fetch import USER_AGENT, fetch
from harness.errors import HarnessError

pytest.importorskip("httpx", reason="needs the fetch extra")
pytest.importorskip("protego", reason="needs the fetch extra")

Answer = tuple[int, dict[str, str], bytes]
PAGE: Answer = (200, {"Content-Type": "text/HTML; charset=utf-8"}, b"<h1>Here</h1>")


@dataclass
class Site:
    """What a server answers, and what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A web site on this machine, reached without a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers["User-Agent"]))
            missing: Answer = (404, {"Content-Type": "text/html"}, b"<h1>Gone</h1>")
            status, headers, body = served.answers.get(self.path, missing)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def test_a_page_comes_with_its_address_time_and_type(site: Site) -> None:
    site.answers["/a"] = PAGE
    got = fetch(site.url("/a"))
    assert (got.body, got.url, got.status) == (b"<h1>Here</h1>", site.url("/a"), 200)
    assert got.media_type == "text/html"
    assert got.fetched_at.utcoffset() is not None
    assert site.asked == [("/robots.txt", USER_AGENT), ("/a", USER_AGENT)]


def test_robots_txt_that_allows_and_disallows(site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    site.answers["/a"] = site.answers["/private/a"] = PAGE
    assert fetch(site.url("/a")).status == 200
    with pytest.raises(HarnessError, match=r"robots\.txt of 127\.0\.0\.1 disallows .*/private/a;"):
        fetch(site.url("/private/a"))
    assert "/private/a" not in [path for path, _ in site.asked]
    assert fetch(site.url("/private/a"), obey_robots=False).status == 200


def test_rules_for_this_harness_alone_are_obeyed(site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: extraction-harness\nDisallow: /\n")
    with pytest.raises(HarnessError, match="disallows"):
        fetch(site.url("/a"))


def test_robots_txt_that_the_server_cannot_give_forbids_and_a_missing_one_allows(
    site: Site,
) -> None:
    site.answers["/a"] = PAGE
    assert fetch(site.url("/a")).status == 200
    site.answers["/robots.txt"] = (503, {}, b"")
    with pytest.raises(HarnessError, match=r"robots\.txt of 127\.0\.0\.1 answers 503.*try later"):
        fetch(site.url("/a"))


def test_redirects_are_followed_and_the_final_address_is_kept(site: Site) -> None:
    site.answers["/old"] = (301, {"Location": "/new?x=1"}, b"")
    site.answers["/new?x=1"] = PAGE
    assert fetch(site.url("/old")).url == site.url("/new?x=1")


def test_redirects_without_end_are_one_line(site: Site) -> None:
    site.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    with pytest.raises(HarnessError, match=r"cannot fetch .*/loop: .*redirect"):
        fetch(site.url("/loop"))


def test_what_is_kept_is_the_decoded_body_and_no_header_speaks_of_the_wire(site: Site) -> None:
    body = gzip.compress(b"<h1>Packed</h1>")
    site.answers["/z"] = (200, {"Content-Encoding": "gzip", "Content-Type": "text/html"}, body)
    got = fetch(site.url("/z"))
    assert got.body == b"<h1>Packed</h1>"
    names = {name.lower() for name, _ in got.headers}
    assert not names & {"content-encoding", "content-length", "transfer-encoding"}
    assert "content-type" in names


def test_a_broken_encoding_is_one_line(site: Site) -> None:
    site.answers["/z"] = (200, {"Content-Encoding": "gzip"}, b"not gzip")
    with pytest.raises(HarnessError, match=r"cannot fetch .*/z: "):
        fetch(site.url("/z"))


def test_cookies_and_passwords_are_dropped(site: Site) -> None:
    site.answers["/a"] = (200, {"Set-Cookie": "sid=secret", "X-Kept": "yes"}, b"x")
    got = fetch(site.url("/a").replace("127.0.0.1", "me:password@127.0.0.1"))
    assert ("x-kept", "yes") in [(name.lower(), value) for name, value in got.headers]
    assert "secret" not in repr(got.headers)
    assert got.url == site.url("/a")


def test_an_error_page_is_kept_with_its_status(site: Site) -> None:
    got = fetch(site.url("/gone"))
    assert (got.status, got.body, got.media_type) == (404, b"<h1>Gone</h1>", "text/html")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http://\ud800.example/",
    ],
)
def test_what_cannot_be_reached_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(HarnessError, match="cannot fetch ") as refused:
        fetch(url, timeout=2)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("module", ["httpx", "protego"])
def test_a_missing_extra_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(HarnessError) as refused:
        fetch("http://127.0.0.1:1/")
    assert "pip install 'extraction-harness[fetch]'" in str(refused.value)
    assert module in str(refused.value)
