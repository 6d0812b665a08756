"""Processes that judge parts of recordings side by side; what they find is added up in order.

At most a few parts for each worker are under way, so that memory does not grow with a recording. A
worker that dies (of too little memory, or because it was killed) takes what was under way with it:
that is judged again here, and the rest by new workers.
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

Plan = TypeVar("Plan")
Part = TypeVar("Part")
Found = TypeVar("Found")

AHEAD = 3
"""So many parts for each worker are under way, or wait for one before them."""

DEATHS = 3
"""After so many deaths no new workers are started."""


@dataclass(frozen=True, slots=True)
class Here(Generic[Part, Found]):
    """A part that needs no worker: what was found in it."""

    part: Part
    found: Found


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Part, Found]):
    """A part that waits for its turn, with the pool that it was handed over to."""

    part: Part | Here[Part, Found]
    pool: ProcessPoolExecutor | None = None
    found: Future[Found] | None = None


class Workers(Generic[Plan, Part, Found]):
    """Judges parts by `judge(plan, part)` in other processes; all three must be picklable."""

    def __init__(
        self,
        number: int,
        judge: Callable[[Plan, Part], Found],
        plan: Plan,
        *,
        start: str | None = None,
    ) -> None:
        """Judge in so many processes, which are started by the method `start`."""
        self._number, self._judge, self._plan = number, judge, plan
        self._context = get_context(start)
        # A process that is not forked begins with the main program, and would wait for it forever.
        self._can_start = self._context.get_start_method() == "fork" or _has_main()
        self._pool: ProcessPoolExecutor | None = None
        self.deaths = 0
        """How often workers have died."""

    def in_order(self, parts: Iterable[Part | Here[Part, Found]]) -> Iterator[tuple[Part, Found]]:
        """Yield each part with what was found in it, in the order in which they came."""
        waiting: deque[_Waiting[Part, Found]] = deque()
        try:
            for part in parts:
                waiting.append(self._handed_over(part))
                if len(waiting) >= AHEAD * self._number:
                    yield self._next(waiting.popleft())
            while waiting:
                yield self._next(waiting.popleft())
        finally:
            self._stop()

    def _handed_over(self, part: Part | Here[Part, Found]) -> _Waiting[Part, Found]:
        """Hand a part over to the workers, as long as they live."""
        if isinstance(part, Here) or self.deaths >= DEATHS or not self._can_start:
            return _Waiting(part)
        if self._pool is None:
            begin = (self._judge, self._plan)
            self._pool = ProcessPoolExecutor(self._number, self._context, _begin, begin)
        pool = self._pool
        try:
            return _Waiting(part, pool, pool.submit(_run, part))
        except BrokenProcessPool:
            return _Waiting(part, pool)

    def _next(self, waiting: _Waiting[Part, Found]) -> tuple[Part, Found]:
        """Return a part with what a worker has found in it, or find it here."""
        if isinstance(waiting.part, Here):
            return waiting.part.part, waiting.part.found
        if waiting.found is not None:
            try:
                return waiting.part, waiting.found.result()
            except BrokenProcessPool:
                pass
        if waiting.pool is not None and waiting.pool is self._pool:
            # One dead worker ends them all; the others of this pool are not counted once more.
            self.deaths += 1
            self._stop()
        return waiting.part, self._judge(self._plan, waiting.part)

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _has_main() -> bool:
    """Return whether the main program stands in a file, unless it is none that was named."""
    name = getattr(sys.modules["__main__"], "__file__", None)
    return name is None or Path(name).is_file()


_work: Any = None


def _begin(judge: Any, plan: Any) -> None:
    """Prepare a worker. Ctrl-C reaches the whole group, and it is for the parent to end it."""
    global _work  # noqa: PLW0603 - a worker is one process, with one plan
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = (judge, plan)


def _run(part: Any) -> Any:
    judge, plan = _work
    return judge(plan, part)
