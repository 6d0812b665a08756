"""What a person sees of a run while it goes on: how far it has come, or what is exchanged.

Progress is a bar on a terminal, elsewhere a line from time to time.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from enkash_contract.contract.wording import counted
from enkash_contract.judging.checks import NEGATIVE
from enkash_contract.report import exchange, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Interaction

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


LIMIT = 2_000
"""Of each body, at most so many bytes are shown where all exchanges are."""


@contextlib.contextmanager
def watching(
    total: int,
    *,
    one: Callable[[str], object] | None = None,
    every: Callable[[str], object] | None = None,
    alarm: Callable[[str], object] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield what a run is told to call: lines of exchanges for `one` or `every`, or a progress.

    `one` hears the baseline and one case, each once and in full; `every` hears all that is sent,
    its bodies cut. `alarm` hears of the first wrong request that is accepted as soon as it is: a
    live server may have changed something that nobody wanted changed.
    """
    if one is not None:
        yield {"exchanged": _once(one)}
    elif every is not None:
        yield {"exchanged": _each(every), "judged": _alarmed(alarm)}
    else:
        with progress(total) as step:
            yield {"progress": step, "judged": _alarmed(alarm, step.judged)}


def _alarmed(
    alarm: Callable[[str], object] | None, judged: Callable[[Result], None] | None = None
) -> Callable[[Result], None]:
    """Return a function that hears what each case shows, and hands it on."""
    told = alarm is None

    def hear(result: Result) -> None:
        nonlocal told
        if judged is not None:
            judged(result)
        wrong = [one for one in result.violations if one.check == NEGATIVE]
        if wrong and not told and alarm is not None:
            told = True
            alarm(f"accepted a wrong request: {text.line(wrong[0])}")

    return hear


def _each(write: Callable[[str], object]) -> Callable[[Case, Interaction], None]:
    def exchanged(case: Case, interaction: Interaction) -> None:
        for line in exchange.lines(case, interaction, LIMIT):
            write(line)

    return exchanged


def _once(write: Callable[[str], object]) -> Callable[[Case, Interaction], None]:
    told: set[str] = set()

    def exchanged(case: Case, interaction: Interaction) -> None:
        # The baseline is sent again after the case, and answered as before unless a note says so.
        if case.id not in told:
            told.add(case.id)
            for line in exchange.lines(case, interaction):
                write(line)

    return exchanged
