"""In this process, extractors are kept from the network, and see the time of their capture."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from harness.extraction import Extractor, extract
from harness.extraction.limits import Limits
from harness.model import Capture, Failure, Outcome

MOMENT = datetime(2021, 3, 4, 5, 6, 7, 123457, UTC)
CAPTURE = Capture("site", "a-1", b"<h1>A</h1>", "text/html", captured_at=MOMENT)
UNDATED = Capture("site", "b-1", b"<h1>B</h1>", "text/html")


def run(
    function: Callable[[Any], object], capture: Capture = CAPTURE, limits: Limits | None = None
) -> Outcome:
    return extract(Extractor("site", function, ("site",)), capture, limits)


def failure_of(function: Callable[[Any], object]) -> Failure:
    failure = run(function).failure
    assert failure is not None
    return failure


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server on this machine that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def connects(port: int) -> Callable[[Any], object]:
    def extractor(_: Capture) -> object:
        with socket.create_connection(("127.0.0.1", port), 5):
            return {"title": "connected"}

    return extractor


def resolves(_: Capture) -> object:
    return {"title": socket.getaddrinfo("page.invalid", 443)}


def fetches(_: Capture) -> object:
    return {"title": urllib.request.urlopen("http://page.invalid:8080/x").read()}


def sends(_: Capture) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return {"title": sock.sendto(b"x", ("127.0.0.1", 9))}


def names(_: Capture) -> object:
    return {"title": socket.gethostbyname("page.invalid")}


async def streams(_: Capture) -> object:
    await asyncio.to_thread(resolves, _)
    return {}


async def dials(_: Capture) -> object:
    await asyncio.open_connection("page.invalid", 80)
    return {}


@pytest.mark.parametrize(
    ("function", "host"),
    [
        (resolves, "page.invalid:443"),
        (fetches, "page.invalid:8080"),
        (sends, "127.0.0.1:9"),
        (names, "page.invalid"),
        (streams, "page.invalid:443"),
        (dials, "page.invalid:80"),
    ],
)
def test_the_network_is_refused_and_the_verdict_says_where_to_and_what_allows_it(
    function: Callable[[Any], object], host: str
) -> None:
    failure = failure_of(function)
    assert failure.type == "NetworkRefused"
    assert failure.message == (
        f"network access to {host} during extraction was refused; allow it with `network = true` in"
        " the configuration, or with --allow-network"
    )


def test_the_network_is_back_after_the_extraction_and_where_it_is_allowed(server: int) -> None:
    function = connects(server)
    assert failure_of(function).type == "NetworkRefused"
    assert run(function, limits=Limits(network=True)).record == {"title": "connected"}
    allowed = Extractor("site", function, ("site",), limits=Limits(network=True))
    assert extract(allowed, CAPTURE).record == {"title": "connected"}
    assert function(CAPTURE) == {"title": "connected"}


def test_a_thread_that_an_extractor_starts_is_refused_the_network_too(server: int) -> None:
    raised: list[type] = []

    def dials() -> None:
        try:
            connects(server)(CAPTURE)
        except OSError as error:
            raised.append(type(error))

    def function(_: Capture) -> object:
        outer = threading.Thread(target=lambda: _ran(threading.Thread(target=dials)))
        _ran(outer)
        return {}

    assert run(function).record == {}
    assert [each.__name__ for each in raised] == ["NetworkRefused"]


def _ran(thread: threading.Thread) -> None:
    thread.start()
    thread.join()


def test_a_thread_of_others_keeps_the_network_while_an_extractor_runs(server: int) -> None:
    go, done, got = threading.Event(), threading.Event(), []

    def other() -> None:
        go.wait(10)
        got.append(connects(server)(CAPTURE))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()

    def function(_: Capture) -> object:
        go.set()
        done.wait(10)
        return {}

    run(function)
    thread.join()
    assert got == [{"title": "connected"}]


def test_sockets_that_leave_no_machine_stay_allowed() -> None:
    def function(_: Capture) -> object:
        one, two = socket.socketpair()
        with one, two:
            one.sendall(b"x")
            return {"title": two.recv(1).decode(), "port": len(socket.getaddrinfo(None, 80)) > 0}

    assert run(function).record == {"title": "x", "port": True}


def test_a_library_that_can_do_without_the_network_does() -> None:
    def function(_: Capture) -> object:
        try:
            return fetches(_)
        except OSError:
            return {"title": "from the list that came with the library"}

    assert run(function).record == {"title": "from the list that came with the library"}


def tells(_: Capture) -> object:
    now = datetime.now(UTC)
    return {
        "now": now,
        "same": datetime.now(UTC) == now,
        "time": time.time(),
        "today": date.fromtimestamp(time.time()) == date.today(),
        "utc": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
        "local": datetime.now().astimezone(UTC) == now,
    }


def test_the_clock_stands_at_the_moment_of_the_capture() -> None:
    record = run(tells).record
    assert record is not None
    assert record["now"] == {"$datetime": MOMENT.isoformat()}
    assert record["time"] == MOMENT.timestamp()
    assert record["utc"] == "2021-03-04 05:06:07"
    assert (record["same"], record["today"], record["local"]) == (True, True, True)


def test_the_clock_runs_where_nobody_knows_the_moment_or_it_is_not_to_stand() -> None:
    before = time.time()
    for outcome in (run(tells, UNDATED), run(tells, limits=Limits(clock=False))):
        assert outcome.record is not None
        assert before <= float(str(outcome.record["time"])) <= time.time()


def test_clocks_that_measure_go_on_and_the_time_is_back_even_after_a_failure() -> None:
    def function(_: Capture) -> object:
        start, begun = time.perf_counter(), time.monotonic()
        time.sleep(0.002)
        assert time.perf_counter() > start and time.monotonic() > begun
        raise ValueError("no")

    before, zone = time.time(), time.tzname
    assert failure_of(function).type == "ValueError"
    assert 0 <= time.time() - before < 3600
    assert time.tzname == zone
    assert uuid.uuid1().time > 0

    def interrupted(_: Capture) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted)
    assert 0 <= time.time() - before < 3600


def test_an_async_extractor_sees_the_same_clock_after_waiting() -> None:
    async def function(_: Capture) -> object:
        before = time.time()
        await asyncio.sleep(0.001)
        return {"title": time.time() == before == MOMENT.timestamp()}

    assert run(function).record == {"title": True}


def test_a_field_that_is_made_when_asked_for_is_made_under_the_same_conditions() -> None:
    class Lazy(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            return time.time()

    assert run(lambda _: Lazy(title="x")).record == {"title": MOMENT.timestamp()}


def test_a_clock_that_a_test_has_set_itself_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 5.0)
    assert run(lambda _: {"time": time.time()}).record == {"time": 5.0}


def test_one_extractor_inside_another_leaves_the_outer_ones_conditions(server: int) -> None:
    inner = Extractor("inner", connects(server), ("site",), limits=Limits(network=True))

    def function(_: Capture) -> object:
        assert extract(inner, UNDATED).record == {"title": "connected"}
        assert time.time() == MOMENT.timestamp()
        return fetches(_)

    assert failure_of(function).type == "NetworkRefused"
