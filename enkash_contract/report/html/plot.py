"""Response times as the geometry of a small plot, and as a sentence that says the same.

Times spread over decades, so the axis is logarithmic. Places are percentages of the width: bars
stretch with the page, and letters do not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.contract.wording import counted
from enkash_contract.judging.durations import quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

BINS = 8
"""So many bars stand for one decade."""

HEIGHT = 96
"""The height of the tallest bar, in pixels."""


class Bar(NamedTuple):
    """A bar with what it stands for."""

    x: float
    width: float
    height: float
    label: str


class Tick(NamedTuple):
    """A line across the plot with its label."""

    x: float
    label: str


class Plot(NamedTuple):
    """The parts of a plot."""

    sentence: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    median: Tick
    most: Tick


def plot(durations: Mapping[int, int]) -> Plot:
    """Return the plot of responses, counted by microseconds; there must be one at least."""
    median, most = quantile(durations, 0.5), quantile(durations, 0.95)
    bins: dict[int, int] = {}
    for took, number in durations.items():
        bin_of = math.floor(math.log10(max(took, 1)) * BINS)
        bins[bin_of] = bins.get(bin_of, 0) + number
    # Whole decades, so that both ends have a label.
    first, last = min(bins) // BINS, max(bins) // BINS + 1
    scale = 100 / ((last - first) * BINS)
    tallest = max(bins.values())

    def at(took: int) -> float:
        return round((math.log10(max(took, 1)) - first) * BINS * scale, 2)

    bars = tuple(
        Bar(
            round((number - first * BINS) * scale, 2),
            round(scale, 2),
            round(max(1.0, HEIGHT * count / tallest), 1),
            f"{_about(number)} to {_about(number + 1)}: {counted(count, 'response')}",
        )
        for number, count in sorted(bins.items())
    )
    ticks = tuple(
        Tick(round(100 * (decade - first) / (last - first), 2), said(10**decade))
        for decade in range(first, last + 1)
    )
    return Plot(
        f"{counted(sum(durations.values()), 'response')}: half within {said(median)}, "
        f"95 % within {said(most)}, all within {said(max(durations))}",
        bars,
        ticks,
        Tick(at(median), "half"),
        Tick(at(most), "95 %"),
    )


def _about(bin_of: int) -> str:
    digits = 10 ** (bin_of / BINS)
    return said(round(digits, 1 - math.floor(math.log10(digits))))


def said(microseconds: float) -> str:
    """Return a duration in the unit that it is read in."""
    for unit, name in ((1_000_000, "s"), (1_000, "ms")):
        if microseconds >= unit:
            return f"{microseconds / unit:,.3g} {name}"
    return f"{microseconds:.3g} µs"
