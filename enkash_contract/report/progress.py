"""A run as a person watches it: how far it has come, or what is exchanged.

Progress is a bar on a terminal, elsewhere a line from time to time.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rich.console import Console

from enkash_contract.clock import monotonic
from enkash_contract.contract.wording import counted
from enkash_contract.judging.checks import NEGATIVE
from enkash_contract.report import exchange, lines
from enkash_contract.report.ci import is_ci

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, ProgressColumn

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.check import Watch
    from enkash_contract.traffic.counting.reduction import Reduction
    from enkash_contract.wire.message import Interaction

EVERY = 5.0
"""Seconds between two lines where there is no terminal: few enough to read, no log falls silent."""


class CaseWatch:
    """Follows a run, and hands to `show` the cases done, the cases in all and the violations."""

    def __init__(self, show: Callable[[int, int, int], None]) -> None:
        self._show = show
        self._violations = 0

    def judged(self, result: Result) -> None:
        """Count the violations that a case showed."""
        self._violations += result.number("violation")

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


def is_live(console: Console) -> bool:
    """Return whether lines that were written can be written again, which a log does not bear.

    `FORCE_COLOR` asks a log for colours and for no more, and what CI shows is a log, even where it
    has a terminal.
    """
    return console.file.isatty() and not console.is_dumb_terminal and not is_ci()


def _bar(title: str, done: ProgressColumn, told: str, console: Console) -> Progress:
    """Return a bar that begins with a title; behind it stand what is done, and what is told."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(title), BarColumn(), done, TextColumn(told))
    left = (TimeRemainingColumn(), TextColumn("left"))
    return Progress(*columns, *left, console=console, transient=True)


@contextlib.contextmanager
def progress(total: int, clock: Callable[[], float] = monotonic) -> Iterator[CaseWatch]:
    """Yield a function to call with how many of `total` cases are done."""
    console = Console(stderr=True, highlight=False)
    if not is_live(console):
        yield CaseWatch(_Lines(lambda line: console.print(line, soft_wrap=True), clock))
        return
    from rich.progress import MofNCompleteColumn

    with _bar("checking", MofNCompleteColumn(), "{task.fields[found]}", console) as shown:
        task = shown.add_task("checking", total=total, found=counted(0, "violation"))
        yield CaseWatch(
            lambda done, total, violations: shown.update(
                task, completed=done, total=total, found=counted(violations, "violation")
            )
        )


@contextlib.contextmanager
def reading(clock: Callable[[], float] = monotonic) -> Iterator[Watch]:
    """Yield a function to call with what recordings have shown, the bytes read, and all bytes."""
    console, began = Console(stderr=True, highlight=False), clock()
    if not is_live(console):
        last = began

        def write(total: Reduction, done: int, size: int) -> None:
            nonlocal last
            now = clock()
            if done and now - last >= EVERY:
                last = now
                left = _spoken((now - began) / done * (size - done))
                so_far = f"judging: {done / size:.0%}, {_told(total, now - began)}, {left} left"
                console.print(so_far, soft_wrap=True)

        yield write
        return
    from rich.progress import TaskProgressColumn

    with _bar("judging", TaskProgressColumn(), "{task.fields[told]}", console) as shown:
        task = shown.add_task("judging", total=None, told="")
        yield lambda total, done, size: shown.update(
            task, completed=done, total=size, told=_told(total, clock() - began)
        )


def _told(total: Reduction, seconds: float) -> str:
    """Return how many interactions were read, how fast, and what was found in them."""
    read = total.recordings.read
    rate = f", {read / seconds:,.0f} a second" if seconds else ""
    return f"{counted(read, 'interaction')}{rate}, {counted(total.violations, 'violation')}"


LIMIT = 2_000
"""The bytes of each body that are shown at most, where all exchanges are shown."""


@contextlib.contextmanager
def watching(
    total: int,
    *,
    one: Callable[[str], object] | None = None,
    every: Callable[[str], object] | None = None,
    alarm: Callable[[str], object] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the callbacks of a run: for the lines of exchanges, or for its progress.

    `one` is called with the baseline and one case, each once and in full; `every` with all that is
    sent, its bodies cut. `alarm` is called as soon as the first invalid request is accepted: a live
    server may have changed something that should have stayed as it was.
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
    """Return a callback for the result of each case, which raises the alarm and hands it on."""
    raised = alarm is None

    def judge(result: Result) -> None:
        nonlocal raised
        if judged is not None:
            judged(result)
        accepted = [finding for finding in result.violations if finding.check == NEGATIVE]
        if accepted and not raised and alarm is not None:
            raised = True
            alarm(f"accepted an invalid request: {lines.line(accepted[0])}")

    return judge


def _each(write: Callable[[str], object]) -> Callable[[Case, Interaction], None]:
    def exchanged(case: Case, interaction: Interaction) -> None:
        for line in exchange.lines(case, interaction, LIMIT):
            write(line)

    return exchanged


def _once(write: Callable[[str], object]) -> Callable[[Case, Interaction], None]:
    shown: set[str] = set()

    def exchanged(case: Case, interaction: Interaction) -> None:
        # The baseline is sent again after the case; a note says so if its response differs.
        if case.id not in shown:
            shown.add(case.id)
            for line in exchange.lines(case, interaction):
                write(line)

    return exchanged
