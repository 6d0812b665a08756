"""The line of a test that is being run, found from another thread while the test waits.

A request reaches the sandbox's thread while the test that sent it waits in its call, so the line is
in the test's frames at that moment. They are looked for in all threads, by the file and the name of
the test's function: a client may send from a thread of its own. An asynchronous test that waits is
in no thread's frames; its coroutine is what a task of a running loop awaits, or at least, with
other kinds of loops, among the objects that the garbage collector knows. Where more than one line
is possible, there is none: a wrong line is worse than no line.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import linecache
import sys
from dataclasses import dataclass
from pathlib import Path
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

LONG = 80
"""The number of characters of a line that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a test; `str` shows it with the file below `folder`, and its text."""

    file: str
    number: int
    folder: Path

    def __str__(self) -> str:
        path = Path(self.file)
        if path.is_relative_to(self.folder):
            path = path.relative_to(self.folder)
        text = linecache.getline(self.file, self.number).strip()
        text = text if len(text) <= LONG else f"{text[: LONG - 1]}…"
        return f"{path.as_posix()}:{self.number}: {text}"


@dataclass(frozen=True, slots=True)
class Running:
    """The function of a test, as frames show it: the files it may be in, and its name."""

    files: frozenset[str]
    name: str
    folder: Path

    @classmethod
    def of(cls, function: Any, path: Path, folder: Path) -> Running:
        """Describe the test `function` (None for a test that is none), collected from `path`."""
        plain = inspect.unwrap(function) if function is not None else None
        code = getattr(plain, "__code__", None)
        files = {str(path)} if code is None else {str(path), code.co_filename}
        return cls(frozenset(files), getattr(function, "__name__", ""), folder)

    def line(self) -> Line | None:
        """Return the line of the test that is being run, or None if it is not certain."""
        # The function is private by name, but documented for tools like this one.
        threads = [list(_outwards(top)) for top in sys._current_frames().values()]  # noqa: SLF001
        stacks = [[frame for frame in frames if self._is_ours(frame)] for frames in threads]
        lines = {self._line(frame) for stack in stacks for frame in stack if self._is_test(frame)}
        lines = lines or {self._line(frame) for frame in _awaited(threads) if self._is_test(frame)}
        lines = lines or {self._line(frame) for frame in _suspended() if self._is_test(frame)}
        # A fixture or a set-up in the test's file is better than nothing.
        lines = lines or {self._line(stack[-1]) for stack in stacks if stack}
        return lines.pop() if len(lines) == 1 else None

    def _is_ours(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename in self.files

    def _is_test(self, frame: FrameType | None) -> TypeGuard[FrameType]:
        # A coroutine that ended a moment ago, in a thread that goes on, has no frame any more.
        return frame is not None and frame.f_code.co_name == self.name and self._is_ours(frame)

    def _line(self, frame: FrameType) -> Line:
        return Line(frame.f_code.co_filename, frame.f_lineno, self.folder)


def _outwards(innermost: FrameType) -> Iterator[FrameType]:
    frame: FrameType | None = innermost
    while frame is not None:
        yield frame
        frame = frame.f_back


def _awaited(threads: list[list[FrameType]]) -> Iterator[FrameType | None]:
    """Yield the frames of the coroutines that the tasks of the running loops await."""
    for frame in (frame for frames in threads for frame in frames):
        loop = frame.f_locals.get("self") if frame.f_code.co_name == "run_forever" else None
        for task in asyncio.all_tasks(loop) if isinstance(loop, asyncio.AbstractEventLoop) else ():
            awaited: Any = task.get_coro()
            while isinstance(awaited, CoroutineType):
                yield awaited.cr_frame
                awaited = awaited.cr_await


def _suspended() -> list[FrameType | None]:
    """Return the frames of all coroutines that exist."""
    # Every object alive is looked at, so the test is the quickest there is.
    return [thing.cr_frame for thing in gc.get_objects() if type(thing) is CoroutineType]
