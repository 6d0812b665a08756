"""How long responses took, counted so that the counts of several runs add up exactly.

Single values would grow with the run. So each is rounded to two digits, and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.wire.message import Interaction

DIGITS = 2
"""So many digits of a duration are kept."""


def duration(interaction: Interaction) -> int | None:
    """Return the microseconds that a response took, rounded; None where nobody has measured it."""
    seconds = interaction.seconds
    if seconds is None or interaction.response is None:
        return None
    return rounded(seconds)


def rounded(seconds: float) -> int:
    """Return a duration as it is counted: in microseconds, of which two digits are kept."""
    whole = max(0, round(seconds * 1_000_000))
    return round(whole, DIGITS - len(str(whole)))


def of(operation: str, interaction: Interaction) -> Mapping[tuple[str, int], int]:
    """Return the count of one response."""
    took = duration(interaction)
    return {} if took is None else {(operation, took): 1}


def quantile(counts: Mapping[int, int], share: float) -> int:
    """Return the duration that this share of the responses did not exceed."""
    left = share * sum(counts.values())
    longest = 0
    for longest in sorted(counts):
        left -= counts[longest]
        if left <= 0:
            break
    return longest
