"""The sum of results that are equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.judging.result import Result, Tally

Key = TypeVar("Key")


def repeated(result: Result, times: int) -> Result:
    """Return the sum of so many equal results."""
    return replace(
        result,
        verdicts={verdict: number * times for verdict, number in result.verdicts.items()},
        tallies=_multiplied(result.tallies, times),
        requests=_multiplied(result.requests, times),
        exercises=_multiplied(result.exercises, times),
        durations={key: number * times for key, number in result.durations.items()},
    )


def _multiplied(tallies: Mapping[Key, Tally], times: int) -> dict[Key, Tally]:
    return {key: tally.times(times) for key, tally in tallies.items()}
