"""Work in threads ahead of its turn: order, failures and memory are those of work done in turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from harness.extraction.ahead import AHEAD, Ahead


def nothing() -> None:
    """Nothing runs that would have to be told to end."""


def test_results_come_in_order_whichever_is_done_first() -> None:
    first = threading.Event()

    def slow(number: int) -> int:
        if number == 0:
            first.wait(10)
        else:
            first.set()
        return number * number

    with Ahead(slow, 2, nothing) as ahead:
        found = list(ahead.each(range(20), lambda _: True))
    assert found == [(n, n * n) for n in range(20)]


def test_what_is_not_threaded_runs_in_the_callers_thread_at_its_turn() -> None:
    ran: list[tuple[int, bool]] = []

    def function(number: int) -> None:
        ran.append((number, threading.current_thread() is threading.main_thread()))

    with Ahead(function, 1, nothing) as ahead:
        assert [n for n, _ in ahead.each(range(6), lambda n: n % 2 == 0)] == list(range(6))
    assert sorted(ran) == [(n, n % 2 == 1) for n in range(6)]
    assert [n for n, main in ran if main] == [1, 3, 5]


def test_a_failure_is_raised_at_its_turn_and_tells_the_rest_to_end() -> None:
    ended = threading.Event()

    def function(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        if number > 3:
            ended.wait(10)
        return number

    found: list[int] = []

    def read() -> None:
        with Ahead(function, 2, ended.set) as ahead:
            found.extend(number for number, _ in ahead.each(range(100), lambda _: True))

    with pytest.raises(ValueError, match="three"):
        read()
    assert found == [0, 1, 2]
    assert ended.is_set()


def test_no_more_is_held_than_a_few_for_each_worker() -> None:
    taken = 0

    def things() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    with Ahead(lambda n: n, 2, nothing) as ahead:
        for given, _ in enumerate(ahead.each(things(), lambda _: True)):
            assert taken <= given + 2 * AHEAD
    assert taken == 1000


def test_ctrl_c_ends_what_is_running_and_begins_nothing_more() -> None:
    ended, begun = threading.Event(), []

    def function(number: int) -> int:
        begun.append(number)
        if number:
            ended.wait(10)
        return number

    def read() -> None:
        with Ahead(function, 2, ended.set) as ahead:
            for _ in ahead.each(range(100), lambda _: True):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert ended.is_set()
    assert len(begun) <= 4
    assert not [t for t in threading.enumerate() if t.name.startswith("harness-ahead")]
