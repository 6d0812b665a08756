"""The line of a running test, seen from another thread, and only where it is certain."""

from __future__ import annotations

import asyncio
import linecache
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import coroutine
from typing import TYPE_CHECKING, Any

from enkash_contract.pytest_plugin.test_line import LONG, Line, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

HERE = Path(__file__)


def seen(function: Any, path: Path = HERE) -> str | None:
    """Return the line of `function` that another thread sees, without its number."""
    running = Running.of(function, path, HERE.parent)
    with ThreadPoolExecutor() as pool:
        line = pool.submit(running.line).result()
    return None if line is None else str(line).partition(": ")[2]


def test_the_innermost_call_of_the_test_counts() -> None:
    """The line is the test's own, whatever the test calls."""
    assert call(lambda: seen(test_the_innermost_call_of_the_test_counts)) == (
        "assert call(lambda: seen(test_the_innermost_call_of_the_test_counts)) == ("
    )


def call(function: Callable[[], str | None]) -> str | None:
    """Call a function from another one."""
    return function()


def test_a_function_wrapped_by_another_is_found() -> None:
    """A decorator that wraps does not hide the test."""

    def wrapper() -> None:
        """Stands for a decorator's function."""

    wrapper.__wrapped__ = test_a_function_wrapped_by_another_is_found  # type: ignore[attr-defined]  # as functools.wraps does
    wrapper.__name__ = "test_a_function_wrapped_by_another_is_found"
    line = seen(wrapper, Path("elsewhere.py"))
    assert line == 'line = seen(wrapper, Path("elsewhere.py"))'


async def waiting() -> str | None:
    """Stand for an asynchronous test."""
    async with asyncio.timeout(5):
        return await asyncio.to_thread(seen, waiting)


def test_a_coroutine_that_a_task_awaits_is_found() -> None:
    """Its line is the one that awaits."""

    async def outer() -> str | None:
        return await waiting()

    assert asyncio.run(outer()) == "return await asyncio.to_thread(seen, waiting)"


@coroutine
def other_loops_wait() -> Generator[None, str | None, str | None]:
    """Wait in a way that asyncio knows nothing of."""
    return (yield)


async def elsewhere() -> str | None:
    """Stand for a test on a loop of another kind."""
    return await other_loops_wait()


def test_a_coroutine_on_another_kind_of_loop_is_found() -> None:
    """The garbage collector knows it."""
    running = elsewhere()
    running.send(None)
    assert seen(elsewhere) == "return await other_loops_wait()"
    running.close()


def test_two_possible_lines_are_none() -> None:
    """A line that may be another test's would mislead."""
    one, two = elsewhere(), twice()
    for each in (one, two):
        each.send(None)
    assert seen(elsewhere) is None
    for each in (one, two):
        each.close()


async def twice() -> str | None:
    """Await the same elsewhere, by another line of the same name."""
    return await other_loops_wait()


twice.__code__ = twice.__code__.replace(co_name="elsewhere")


def test_outside_of_the_test_the_outermost_line_of_its_file_counts() -> None:
    """A fixture or a set-up, for example; and a test that is no function has only that."""
    expected = "assert seen(None) == expected"
    assert seen(None) == expected
    assert seen(len, Path("elsewhere.py")) is None


def test_a_line_is_shown_below_the_folder_and_cut() -> None:
    """A line elsewhere is shown with its whole path."""
    number = next(
        at for at, line in enumerate(linecache.getlines(__file__), 1) if len(line) > LONG + 5
    )
    text = str(Line(__file__, number, HERE.parent))
    assert text.startswith(f"{HERE.name}:{number}: ")
    assert text.endswith("…")
    assert len(text.partition(": ")[2]) == LONG
    assert str(Line(__file__, 1, HERE.parent / "x")).startswith(f"{HERE.as_posix()}:1: ")
