"""What a person sees of a run while it goes on: how far it has come, or what is exchanged."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from enkash_contract.judging.checks import NEGATIVE
from enkash_contract.report import exchange, text
from enkash_contract.report.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.generation.suite import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Interaction

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
