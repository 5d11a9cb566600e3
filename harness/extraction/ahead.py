"""Work that is begun before its turn, in threads, and given out in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

# For each worker so many captures are begun or done and not yet asked for: one in work, one waiting
# for the worker, one for the reader. More would only hold memory.
AHEAD = 3


class Ahead(Generic[T, R]):
    """Runs a function on many things, some of them in threads ahead of their turn.

    ``give_up`` is called where the reader stops before the end: it makes the calls that are still
    running return, which nothing else would.
    """

    def __init__(
        self, function: Callable[[T], R], workers: int, give_up: Callable[[], None]
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor  # few need it, and it imports logging

        self._function = function
        self._most = workers * AHEAD
        self._give_up = give_up
        self._pool = ThreadPoolExecutor(workers, "harness-ahead")

    def __enter__(self) -> Ahead[T, R]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if kind is not None:
            self._give_up()
        self._pool.shutdown(wait=True)

    def each(self, things: Iterable[T], threaded: Callable[[T], bool]) -> Iterator[tuple[T, R]]:
        """Each thing with what the function gives for it, in the order of the things.

        Those that are not ``threaded`` are done in the caller's thread when their turn comes. What
        the function raises for a thing is raised at its turn.
        """
        waiting: deque[tuple[T, Future[R] | None]] = deque()
        rest = iter(things)
        while True:
            while len(waiting) < self._most and (nearest := next(rest, _NOTHING)) is not _NOTHING:
                thing: T = nearest  # type: ignore[assignment]
                future = self._pool.submit(self._function, thing) if threaded(thing) else None
                waiting.append((thing, future))
            if not waiting:
                return
            thing, future = waiting.popleft()
            yield thing, self._function(thing) if future is None else future.result()


_NOTHING = object()
