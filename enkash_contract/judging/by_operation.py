"""One operation's part in a result of several: its verdict, and its counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.judging.result import Conclusion, Result, Tally


def conclusions(result: Result) -> dict[str, Conclusion]:
    """Return the verdict on each operation that was judged, in the order in which they were."""
    violated = {finding.operation for finding in result.violations}
    total: Counter[str] = Counter()
    unclear: Counter[str] = Counter()
    for way, tally in result.exercises.items():
        if not way.rule:
            number = tally.exercised + tally.inconclusive
            total[way.operation] += number
            unclear[way.operation] += number if way.family == "inconclusive" else 0
    found: dict[str, Conclusion] = {}
    for operation in names_of(result):
        if operation in violated:
            found[operation] = "violated"
        elif operation in result.unconcluded or total[operation] == unclear[operation]:
            found[operation] = "inconclusive"
        else:
            found[operation] = "conforms"
    return found


def names_of(result: Result) -> list[str]:
    """Return the ids of the operations that a result is about, in the order of judgement."""
    counted = (way.operation for way in result.exercises)
    found = (finding.operation for finding in result.findings)
    return [*dict.fromkeys((*counted, *found, *result.unconcluded))]


def are_several(result: Result) -> bool:
    """Whether a result is about more than one operation, so that its ids are qualified."""
    return len(names_of(result)) > 1


def tallies_of(result: Result, operation: str) -> Mapping[tuple[str, str], Tally]:
    """Return the counts of one operation by rule and polarity, whose ids are not qualified."""
    if len({way.operation for way in result.exercises}) < 2:  # noqa: PLR2004 - of one, they are its own
        return result.tallies
    start = f"{operation}:"
    return {
        (rule.removeprefix(start), side): tally
        for (rule, side), tally in result.tallies.items()
        if rule.startswith(start)
    }
