"""Parts judged in processes: in order, and with nothing lost when a process dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic.parts import processes, workers
from enkash_contract.traffic.parts.processes import Processes
from enkash_contract.traffic.parts.workers import Here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.queues import SimpleQueue

HERE = os.getpid()


def slow_or_square(plan: int, part: int) -> int:
    """Return a number of which the first take longest to be found."""
    time.sleep(0.02 if part < 2 else 0)
    return part * part + plan


def endless_or_square(plan: int, part: int) -> int:
    """Return a number of which only the first is ever found."""
    time.sleep(60 if part else 0)
    return part * part + plan


def is_here(_: int, __: int) -> bool:
    """Return whether this is the process of the tests."""
    return os.getpid() == HERE


def deadly(folder: str, part: int) -> tuple[int, bool]:
    """Die at one part in a worker, once; return it, and whether it was judged in a worker."""
    mark = Path(folder) / "died"
    if part == 3 and os.getpid() != HERE and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return part, os.getpid() != HERE


def always_deadly(_: None, part: int) -> int:
    """Die wherever it is not the process of the tests."""
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def interrupting(_: None, part: int) -> int:
    """Send this process what Ctrl-C sends to the whole group."""
    os.kill(os.getpid(), signal.SIGINT)
    return part


def test_what_is_found_comes_in_order() -> None:
    """However long each part takes; what needs no worker waits for its turn."""
    pool: Processes[int, int, int] = Processes(2, slow_or_square, 1)
    parts = [0, 1, Here(10, -1), *range(2, 9)]
    expected = [(0, 1), (1, 2), (10, -1), *((each, each * each + 1) for each in range(2, 9))]

    assert [*pool.in_order(parts)] == expected
    assert pool.deaths == 0


@pytest.mark.slow
def test_any_way_to_start_them() -> None:
    """Those of other systems import everything anew."""
    pool: Processes[int, int, int] = Processes(1, slow_or_square, 1, start="spawn")
    assert [*pool.in_order([2, 3])] == [(2, 5), (3, 10)]


def test_a_main_program_that_was_typed_in_is_not_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands in no file is judged here, and nobody waits for workers that cannot begin."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "<stdin>", raising=False)
    pool: Processes[int, int, bool] = Processes(2, is_here, 0, start="spawn")
    assert [*pool.in_order(range(9))] == [(each, True) for each in range(9)]


def test_a_death_costs_nothing(tmp_path: Path) -> None:
    """What was under way is judged here, and the rest by new workers."""
    pool: Processes[str, int, tuple[int, bool]] = Processes(2, deadly, str(tmp_path))
    found = [*pool.in_order(range(20))]

    assert [(part, each) for part, (each, _) in found] == [(part, part) for part in range(20)]
    assert pool.deaths == 1
    assert found[3][1] == (3, False)
    assert found[-1][1] == (19, True)


def test_workers_that_always_die_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then all is judged here."""
    monkeypatch.setattr(workers, "DEATHS", 2)
    pool: Processes[None, int, int] = Processes(1, always_deadly, None)

    assert [*pool.in_order(range(12))] == [(part, part) for part in range(12)]
    assert pool.deaths == 2


def test_a_death_is_noticed_where_a_part_is_handed_over() -> None:
    """That part is judged here as well."""
    pool: Processes[None, int, int] = Processes(1, always_deadly, None)

    def parts() -> Iterator[int]:
        yield 0
        while not getattr(pool._pool, "_broken", True):
            time.sleep(0.001)
        yield 1

    assert [*pool.in_order(parts())] == [(0, 0), (1, 1)]
    assert pool.deaths == 1


def test_a_worker_judges_by_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given once, and then a part after the other."""
    heeded = signal.getsignal(signal.SIGINT)
    try:
        monkeypatch.setattr(processes, "_work", None)
        pids: SimpleQueue[int] = get_context().SimpleQueue()
        processes._begin(slow_or_square, 1, pids)
        assert pids.get() == HERE
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        assert processes._run(3) == 10
    finally:
        signal.signal(signal.SIGINT, heeded)


def test_workers_do_not_heed_an_interruption() -> None:
    """It reaches them as well, and whoever has started them ends them."""
    pool: Processes[None, int, int] = Processes(1, interrupting, None)
    assert [*pool.in_order([1, 2])] == [(1, 1), (2, 2)]


def test_they_end_with_whoever_stops_to_ask() -> None:
    """As Ctrl-C does: nobody waits for what is under way."""
    pool: Processes[int, int, int] = Processes(2, endless_or_square, 1)
    found = pool.in_order(range(50))
    assert next(found) == (0, 1)
    before = active_children()
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert pool._pool is None
    assert len(before) >= 2
    assert not {*before} & {*active_children()}


class Parent:
    """A process that has ended, or has not yet."""

    def join(self) -> None:
        """Wait for its end."""


def test_they_end_with_a_command_that_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as it has ended."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    processes._end_after(Parent())  # type: ignore[arg-type]  # it only waits for it
    assert codes == [1]
