"""Promises of coverage: rules that a run has to exercise, from one side or from both.

A run that all passes may have looked at nothing. So whoever relies on it says what it has to have
put to the test, and a run that has not fails, whatever else it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.rules import is_named
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.report.coverage import SIDES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.report.coverage import RuleCoverage

OPTION = "--require-coverage"

BOTH = "both"


@dataclass(frozen=True)
class Promise:
    """The rules that `glob` names are to be exercised from `side`, which may be both."""

    glob: str
    side: str

    def concerns(self, operation: str, rule: str) -> bool:
        """Whether the rule with this id, of that operation, is promised."""
        return is_named(self.glob, rule, f"{operation}:{rule}")

    def missing(self, rule: RuleCoverage) -> list[str]:
        """Return the sides from which a promised rule was not exercised."""
        if not rule.is_of_request:
            return [] if rule.responses else ["a response"]
        sides = SIDES if self.side == BOTH else (self.side,)
        return [side for side in sides if not rule.covers(side)]


def promises(
    given: Iterable[str], known: Iterable[tuple[str, str]], option: str = OPTION
) -> list[Promise]:
    """Read `GLOB=SIDE` pairs, given with `option`; `known` are the ids of operations and rules.

    Raises:
        UsageError: a pair is not of that form, or its glob names no rule.

    """
    pairs = [*known]
    found = []
    for pair in given:
        # The id of a rule may hold the sign as well.
        glob, equals, side = pair.rpartition("=")
        if not glob or not equals:
            form = f"'{pair}=both'" if not equals else f"'*={side}', for all rules"
            raise UsageError(f"{option} {pair!r} is not of the form GLOB=SIDE; write {form}")
        words = (BOTH, *SIDES)
        if side not in words:
            hint = did_you_mean(side, words, f"write {', '.join(words[:-1])} or {words[-1]}")
            raise UsageError(f"{option} {pair!r}: there is no side {side!r}; {hint}")
        promise = Promise(glob, side)
        if not any(promise.concerns(*each) for each in pairs):
            ids = [rule for _, rule in pairs]
            hint = did_you_mean(glob, ids, "`enkash-contract rules` lists them", most=3)
            raise UsageError(f"{option} {pair!r} names no rule; {hint}")
        found.append(promise)
    return found


def of_operations(operations: Iterable[Operation]) -> list[tuple[str, str]]:
    """Return the ids of all rules of some operations, each with that of its operation."""
    return [(operation.id, rule) for operation in operations for rule in operation.rules]


def broken(given: Iterable[Promise], rules: Iterable[RuleCoverage]) -> Iterator[str]:
    """Yield each promised rule that was not exercised, with the sides that it lacks."""
    every = [*rules]
    several = len({rule.operation for rule in every}) > 1
    missing: dict[str, dict[str, None]] = {}
    for promise in given:
        for rule in every:
            if promise.concerns(rule.operation, rule.id):
                name = f"{rule.operation}:{rule.id}" if several else rule.id
                missing.setdefault(name, {}).update(dict.fromkeys(promise.missing(rule)))
    for name, sides in missing.items():
        if sides:
            yield f"{name} lacks {' and '.join(sides)}"
