"""What a run will send: the baseline, the cases that were chosen, and how answers are weighed."""

from __future__ import annotations

import fnmatch
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST, Operation
from enkash_contract.contract.wording import counted
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation import suite
from enkash_contract.validation.validate import validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case

EVERY = 100
"""After so many cases the baseline is sent again, so that no more than these can come to nothing,
and no more than these are kept."""

Polarities = Literal["both", "reject", "accept"]
"""Which cases to send."""


@dataclass(frozen=True)
class Plan:
    """What is to be sent, and how the answers are weighed.

    `connection` says how it is sent; `notes` are what a person should know of what is left out.
    """

    contract: Contract
    operation: Operation
    baseline: Case
    cases: tuple[Case, ...]
    fail_on: Level = FAIL_ON
    connection: Connection = field(default_factory=Connection)
    notes: tuple[str, ...] = ()

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that are sent with every request."""
        return self.connection.headers

    @property
    def timeout(self) -> float:
        """The seconds that one answer may take."""
        return self.connection.timeout


def plan(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    fail_on: Level | str = FAIL_ON,
    polarity: Polarities = "both",
    max_accepted: int | None = None,
    connection: Connection | None = None,
) -> Plan:
    """Choose the cases of a run; `only` and `skip` are rule ids, case ids or globs over them.

    Those that a right server refuses come first: they change nothing there. `max_accepted` keeps so
    many of the others, those of as many rules as can be.

    Raises:
        UsageError: a choice matches nothing, or `base` itself breaks the contract.

    """
    if polarity not in get_args(Polarities):
        choices = ", ".join(get_args(Polarities))
        raise UsageError(f"there is no polarity {polarity!r}; choose one of {choices}")
    if max_accepted is not None and max_accepted < 0:
        raise UsageError(f"max_accepted cannot be {max_accepted}; give 0 or more")
    whole = bundled() if contract is None else contract
    chosen, level = whole.pick(operation), Level.of(fail_on)
    first, *rest = suite.build(chosen, base, pins)
    _vouched_for(chosen, first, level)
    for wish in (*only, *skip):
        if not any(_matches(case, wish) for case in (first, *rest)):
            known = (
                "`enkash-contract check --list` lists the cases, `enkash-contract rules` the rules"
            )
            raise UsageError(f"{wish!r} matches no rule and no case; {known}")
    kept = [case for case in rest if not only or any(_matches(case, wish) for wish in only)]
    kept = [case for case in kept if not any(_matches(case, wish) for wish in skip)]
    wrong = [case for case in kept if case.polarity == "reject" and polarity != "accept"]
    right = [case for case in kept if case.polarity == "accept" and polarity != "reject"]
    if not (wrong or right or any(_matches(first, wish) for wish in only)):
        raise UsageError("nothing is left to send: all that --only chooses is left out again")
    few = _few(right, max_accepted)
    left = len(right) - len(few)
    cases = counted(left, "case")
    note = f"{cases} that a right server accepts were not sent, as --max-accepted asks"
    return Plan(
        whole,
        chosen,
        first,
        (*wrong, *few),
        level,
        connection or Connection(),
        (note,) if left else (),
    )


def _few(cases: list[Case], limit: int | None) -> list[Case]:
    """Return up to `limit` of `cases`, one of each rule before a second one of any."""
    if limit is None or len(cases) <= limit:
        return cases
    seen: Counter[Rule] = Counter()
    turns = []
    for at, case in enumerate(cases):
        turns.append((seen[case.rule], at))
        seen[case.rule] += 1
    chosen = {at for _, at in sorted(turns)[:limit]}
    return [case for at, case in enumerate(cases) if at in chosen]


def _matches(case: Case, wish: str) -> bool:
    # A rule id holds brackets of no glob, but `*` of one: it is compared as it stands first.
    return wish in (case.id, case.rule.id) or any(
        fnmatch.fnmatchcase(one, wish) for one in (case.id, case.rule.id)
    )


def _vouched_for(operation: Operation, baseline: Case, level: Level) -> None:
    broken = list(validator(operation, REQUEST, level).of_bytes(baseline.wire.body)[1])
    if broken:
        listed = "; ".join(str(one) for one in broken)
        raise UsageError(
            f"the base payload itself breaks the contract: {listed}. Mend it, or say in an overlay "
            "what you know better"
        )


def one_case(made: Plan, case_id: str) -> Plan:
    """Leave of a plan the baseline and the case with that id.

    Raises:
        UsageError: there is no such case; the message names the nearest ones.

    """
    known = [made.baseline.id, *(case.id for case in made.cases)]
    if case_id not in known:
        hint = did_you_mean(case_id, known, "`check --list` lists them", most=3)
        raise UsageError(f"there is no case {case_id!r}; {hint}")
    return replace(made, cases=tuple(case for case in made.cases if case.id == case_id))
