"""Who may talk to a review: nobody who does not hold its address, whatever browsers allow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.review.guard import HEADERS, Guard, Hosts, Message, Receive, Scope, Send, host_name

TOKEN = "k3y-of-the-review"
HOST = "127.0.0.1:8321"
POST = {
    "host": HOST,
    "content-type": "application/json",
    "x-harness-token": TOKEN,
    "origin": f"http://{HOST}",
    "sec-fetch-site": "same-origin",
}


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers with the path it was given."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def guard(bound: str = "127.0.0.1", largest: int = 1000) -> Guard:
    return Guard(nothing, TOKEN, Hosts.of(bound), largest)


def call(
    guarded: Guard, method: str, path: str, headers: dict[str, str], body: Iterable[bytes] = ()
) -> tuple[int, dict[str, str], bytes]:
    parts = list(body)
    said: list[Message] = []

    async def receive() -> Message:
        data = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": data, "more_body": bool(parts)}

    async def send(message: Message) -> None:
        said.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(guarded(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], found, b"".join(each.get("body", b"") for each in said[1:])


def test_who_has_the_address_is_let_in_below_the_token() -> None:
    status, headers, body = call(guard(), "GET", f"/{TOKEN}/api/state", {"host": HOST})
    assert (status, body) == (200, b"/api/state")
    assert {name.lower() for name in HEADERS} <= set(headers)
    assert headers["cache-control"] == "no-store"
    assert call(guard(), "POST", f"/{TOKEN}/api/undo", POST)[0] == 200


def test_without_its_slash_the_page_is_elsewhere() -> None:
    status, headers, _ = call(guard(), "GET", f"/{TOKEN}", {"host": HOST})
    assert (status, headers["location"]) == (307, f"/{TOKEN}/")


@pytest.mark.parametrize(
    "path",
    ["/", "", "/x", f"/{TOKEN}x/", f"//{TOKEN}/", f"/{TOKEN[:-1]}/", f"/a/{TOKEN}/", "/\ud800"],
)
def test_without_the_token_there_is_nothing(path: str) -> None:
    assert guard().objection("GET", path, {"host": HOST})[0] == 404
    assert guard().objection("POST", path, POST)[0] == 404


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8321",
        "127.0.0.1.evil.example",
        "10.0.0.1:8321",
        "",
        "[::1",
        "localhost.evil",
        "127.0.0.1:x",
        "0.0.0.0",
        "169.254.169.254",
        "localhost@evil.example",
    ],
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(host: str) -> None:
    assert guard().objection("GET", f"/{TOKEN}/", {"host": host})[0] == 421
    assert guard().objection("POST", f"/{TOKEN}/api/decide", {**POST, "host": host})[0] == 421


@pytest.mark.parametrize(
    "host", ["localhost:9000", "LOCALHOST", "127.0.0.1", "[::1]:8321", "localhost."]
)
def test_every_name_of_loopback_is_let_in_by_any_port(host: str) -> None:
    assert guard().objection("GET", f"/{TOKEN}/", {"host": host}) == (0, "")


def test_bound_to_an_address_it_answers_to_addresses_and_its_own_name_only() -> None:
    hosts = Hosts("0.0.0.0", frozenset({"build-7", "localhost"}))
    assert hosts.allow("192.0.2.7:8321") and hosts.allow("build-7:8321") and hosts.allow("[::1]")
    assert not hosts.allow("evil.example")


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (403, {"origin": "http://evil.example"}),
        (403, {"origin": "null"}),
        (403, {"origin": f"https://{HOST}"}),
        (403, {"origin": "http://127.0.0.1:9999"}),
        (403, {"sec-fetch-site": "cross-site"}),
        (403, {"sec-fetch-site": "same-site"}),
        (403, {"x-harness-token": ""}),
        (403, {"x-harness-token": TOKEN + "x"}),
        (403, {"x-harness-token": "schlüssel"}),
        (415, {"content-type": "text/plain"}),
        (415, {"content-type": "application/x-www-form-urlencoded"}),
        (415, {"content-type": ""}),
        (413, {"content-length": "1001"}),
        (413, {"content-length": "-1"}),
        (413, {"content-length": "1e3"}),
    ],
)
def test_a_write_that_another_page_could_send_is_refused(
    status: int, change: dict[str, str]
) -> None:
    found, why = guard().objection("POST", f"/{TOKEN}/api/decide", {**POST, **change})
    assert found == status and why.isascii()
    assert guard().objection("POST", f"/{TOKEN}/api/decide", POST) == (0, "")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"])
def test_other_methods_are_refused(method: str) -> None:
    assert guard().objection(method, f"/{TOKEN}/", POST)[0] == 405


def test_a_link_from_elsewhere_opens_the_page_and_nothing_else() -> None:
    visit = {"host": HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert guard().objection("GET", f"/{TOKEN}/", visit) == (0, "")
    assert guard().objection("GET", f"/{TOKEN}/capture/a", visit)[0] == 403
    embedded = {**visit, "sec-fetch-mode": "no-cors"}
    assert guard().objection("GET", f"/{TOKEN}/", embedded)[0] == 403
    assert guard().objection("GET", f"/{TOKEN}/api/state", embedded)[0] == 403


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    from harness.review.guard import TooLargeError

    endless = [b"x" * 400] * 10
    with pytest.raises(TooLargeError):
        call(guard(), "POST", f"/{TOKEN}/api/decide", POST, endless)


@given(st.text(max_size=40))
def test_no_host_header_breaks_it(host: str) -> None:
    name = host_name(host)
    assert name is None or name
    assert Hosts.of("127.0.0.1").allow(host) in (True, False)


@given(st.text(max_size=40), st.dictionaries(st.sampled_from(sorted(POST)), st.text(max_size=20)))
def test_whatever_is_sent_without_the_token_is_refused(path: str, headers: dict[str, str]) -> None:
    if path.split("/")[1:2] != [TOKEN]:
        assert guard().objection("GET", path, {**POST, **headers})[0]
    if headers.get("x-harness-token", TOKEN) != TOKEN:
        assert guard().objection("POST", f"/{TOKEN}/api/decide", {**POST, **headers})[0]
