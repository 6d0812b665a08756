"""Workers that are processes of this machine.

One that dies ends them all: what was under way is judged here, and the rest by new ones.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.parts.interrupts import deaf
from enkash_contract.traffic.parts.workers import LostError, Part, PartResult, Plan, Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from multiprocessing.process import BaseProcess
    from multiprocessing.queues import SimpleQueue


class Processes(Workers[Plan, Part, PartResult]):
    """Judges parts in so many processes, which are started by the method `start`."""

    def __init__(
        self,
        number: int,
        judge: Callable[[Plan, Part], PartResult],
        plan: Plan,
        *,
        start: str | None = None,
    ) -> None:
        super().__init__(judge, plan)
        self._number, self._context = number, get_context(start)
        # A process that is not forked begins with the main program, and would wait for it forever.
        self._can_start = self._context.get_start_method() == "fork" or has_main()
        self._pool: ProcessPoolExecutor | None = None
        self._pids: SimpleQueue[int] = self._context.SimpleQueue()

    @property
    def number(self) -> int:
        """The number of processes."""
        return self._number

    def hand_over(self, part: Part) -> Callable[[], PartResult] | None:
        """Hand a part over to the processes, which are started when they are first needed."""
        if not self._can_start:
            return None
        if self._pool is None:
            self._pids = self._context.SimpleQueue()
            begin = (self._judge, self._plan, self._pids)
            self._pool = ProcessPoolExecutor(self._number, self._context, _begin, begin)
        pool = self._pool
        try:
            with deaf():
                found: Future[PartResult] | None = pool.submit(_run, part)
        except BrokenProcessPool:
            found = None
        return lambda: self._found(pool, found)

    def stop(self) -> None:
        """End all processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def abandon(self) -> None:
        """Kill all processes: what they have under way may take long."""
        begun = set()
        while self._pool is not None and not self._pids.empty():
            begun.add(self._pids.get())
        for process in [each for each in active_children() if each.pid in begun]:
            process.kill()
        self.stop()

    def _found(self, pool: ProcessPoolExecutor, found: Future[PartResult] | None) -> PartResult:
        if found is not None:
            try:
                return found.result()
            except BrokenProcessPool:
                pass
        if pool is self._pool:
            # One dead worker ends them all; the others of this pool are not counted once more.
            self.deaths += 1
            self.stop()
        raise LostError


def has_main() -> bool:
    """Return whether the main program stands in a file, unless it is none that was named."""
    name = getattr(sys.modules["__main__"], "__file__", None)
    return name is None or Path(name).is_file()


_work: Any = None


def _begin(judge: Any, plan: Any, pids: SimpleQueue[int]) -> None:
    """Prepare a worker. Ctrl-C reaches the whole group, and it is for the parent to end it."""
    global _work  # noqa: PLW0603 - a worker is one process, with one plan
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pids.put(os.getpid())
    _work = (judge, plan)
    Thread(target=_end_after, args=(parent_process(),), daemon=True).start()


def _end_after(parent: BaseProcess | None) -> None:
    """End this process after the one that started it, which may have been killed."""
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(part: Any) -> Any:
    judge, plan = _work
    return judge(plan, part)
