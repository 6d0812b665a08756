"""How far a run has come: a bar on a terminal, elsewhere a line from time to time."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.judging.result import Result

EVERY = 5.0
"""Seconds between two lines where nobody watches: few enough to read, and no log falls silent."""


class Watch:
    """Hears how a run goes on, and hands to `show` cases done, cases in all and violations."""

    def __init__(self, show: Callable[[int, int, int], None]) -> None:
        self._show = show
        self._violations = 0

    def judged(self, result: Result) -> None:
        """Count what a case showed."""
        self._violations += result.count("violation")

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of so many cases are done."""
        self._show(done, total, self._violations)


class _Lines:
    """Writes a line every few seconds; a run that is over sooner writes none."""

    def __init__(self, write: Callable[[str], object], clock: Callable[[], float]) -> None:
        self._write = write
        self._clock = clock
        self._began = self._last = clock()

    def __call__(self, done: int, total: int, violations: int) -> None:
        now = self._clock()
        if now - self._last < EVERY or done == total:
            return
        self._last = now
        left = (now - self._began) / done * (total - done)
        found = counted(violations, "violation")
        self._write(f"checking: {done:,} of {total:,}, {found}, {_spoken(left)} left")


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextlib.contextmanager
def progress(total: int, clock: Callable[[], float] = time.monotonic) -> Iterator[Watch]:
    """Yield a function to call with how many of `total` cases are done."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield Watch(_Lines(lambda line: console.print(line, soft_wrap=True), clock))
        return
    columns = (
        TextColumn("checking"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("checking", total=total, found=counted(0, "violation"))
        yield Watch(
            lambda done, total, violations: shown.update(
                task, completed=done, total=total, found=counted(violations, "violation")
            )
        )
