"""Who may talk to the server of a review: nobody who does not hold its address. No framework.

The page can write to the project, so everything that a hostile page in the same browser could try
is refused before a handler sees it: another Host (a name that was rebound to this machine), another
Origin, a request without the token, a form in place of JSON, a body without end.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 16 * 1024 * 1024
"""10,000 decisions are 3 MB."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""On every answer; a handler may give another policy."""
LOOPBACK = frozenset({"localhost", "localhost.localdomain"})


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which the server may be called.

    A name that an attacker's DNS points at this machine arrives as that name: so names are held
    against a list, and addresses, which nobody can rebind, are let in, on loopback only those of
    it. The port is left open: `ssh -L` calls it by another one.
    """

    bound: str
    names: frozenset[str] = LOOPBACK

    @classmethod
    def of(cls, bound: str) -> Hosts:
        """For a server bound to this host; one bound wider also answers to this machine's name."""
        if is_loopback(bound):
            return cls(bound)
        own = {socket.gethostname().lower(), bound.lower()}
        return cls(bound, LOOPBACK | own)

    def allow(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name = host_name(host)
        if name is None:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return address.is_loopback or not is_loopback(self.bound)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that is bound to this host."""
    if host.lower() in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str | None:
    """The name in a Host header, without its port; None for what is none."""
    host = host.strip().lower()
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        if not closed:
            return None
    else:
        name, _, port = host.partition(":")
    port = port.removeprefix(":")
    if port and not (port.isascii() and port.isdigit()):
        return None
    return name.removesuffix(".") or None


@dataclass(frozen=True)
class Guard:
    """The application behind it, for those who may."""

    app: App
    token: str
    hosts: Hosts
    largest: int = LARGEST_BODY
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        given = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if scope["path"] == "/favicon.ico" and self.hosts.allow(given.get("host", "")):
            # Browsers ask for it unbidden; an error would be the page's, in its console.
            await self._answer(send, 204, "")
            return
        status, why = self.objection(scope["method"], scope["path"], given)
        if status:
            await self._answer(send, status, why)
            return
        if scope["path"] == f"/{self.token}":
            # The page's own addresses are relative to the folder that it is.
            await self._answer(send, 307, "", {"location": f"/{self.token}/"})
            return
        scope = {**scope, "path": scope["path"][len(self.token) + 1 :] or "/", "root_path": ""}
        scope["raw_path"] = scope["path"].encode("utf-8", "surrogateescape")
        await self.app(scope, _Bounded(receive, self.largest), self._adding(send))

    def objection(self, method: str, path: str, given: Mapping[str, str]) -> tuple[int, str]:
        """The status and the reason why a request is refused; 0 where it is let in.

        ``given`` are its headers, names in lower case.
        """
        if not self.hosts.allow(given.get("host", "")):
            return 421, "this server is not called by that name"
        if not self._knows(path):
            return 404, "not found; use the whole address that harness review printed"
        site = given.get("sec-fetch-site", "none")
        origin = given.get("origin")
        if origin is not None and origin.lower() != f"http://{given['host'].strip().lower()}":
            return 403, "requests of other pages are refused"
        if method in ("GET", "HEAD"):
            # A colleague's link leads here from anywhere; anything but a visit does not.
            visits = given.get("sec-fetch-mode") == "navigate" and self._is_page(path)
            if site not in ("same-origin", "none") and not visits:
                return 403, "requests of other pages are refused"
            return 0, ""
        if method != "POST":
            return 405, "only GET and POST are known"
        if site not in ("same-origin", "none"):
            return 403, "requests of other pages are refused"
        if not _equal(given.get("x-harness-token", ""), self.token):
            return 403, "the header X-Harness-Token is missing or is of another review"
        kind = given.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return 415, "decisions are sent as application/json"
        length = given.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > self.largest:
            return (
                413,
                f"a request holds {self.largest:,} bytes at most; send fewer decisions at once",
            )
        return 0, ""

    def _knows(self, path: str) -> bool:
        first = path.removeprefix("/").partition("/")[0]
        return path.startswith("/") and _equal(first, self.token)

    def _is_page(self, path: str) -> bool:
        return path.rstrip("/") == f"/{self.token}"

    def _adding(self, send: Send) -> Send:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message.get("headers", ())}
                more = [
                    (name.lower().encode(), value.encode())
                    for name, value in self.headers.items()
                    if name.lower().encode() not in there
                ]
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        return adding

    async def _answer(
        self, send: Send, status: int, said: str, more: Mapping[str, str] | None = None
    ) -> None:
        body = said.encode("ascii")
        given = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body))}
        # What of the body was not read must not be taken for the next request.
        given |= {"connection": "close", **(more or {})}
        headers = [(name.encode(), value.encode()) for name, value in given.items()]
        sending = self._adding(send)
        await sending({"type": "http.response.start", "status": status, "headers": headers})
        await sending({"type": "http.response.body", "body": body})


class TooLargeError(Exception):
    """A body that is longer than its header said, or that said nothing and does not end."""


class _Bounded:
    """Receives no more than so many bytes of a body."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLargeError
        return message


def _equal(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8"))
