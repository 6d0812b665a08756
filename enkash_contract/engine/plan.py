"""The plan of a run: its baseline, the cases that were chosen, and how findings are weighed."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST, TO_PARTNER, Operation
from enkash_contract.contract.wording import counted
from enkash_contract.engine.fresh_base import FreshBase
from enkash_contract.engine.selection import Selection, polarity_of
from enkash_contract.engine.transport.address import is_documented
from enkash_contract.engine.transport.connection import MAX_UNSTABLE, Connection
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation import suite
from enkash_contract.generation.reach import unreached
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.judging.case import Case

EVERY = 100
"""After so many cases the baseline is sent again, so that no more than these can come to nothing,
and no more than these are kept."""


@dataclass(frozen=True)
class Plan(Printed):
    """The requests of a run, and the level of evidence at which a finding is a violation.

    `connection` is how they are sent, `selection` how they were chosen; `notes` are what a person
    should know of what is left out. `spare` are cases with other valid values, which are sent only
    to tell a look-up from a defect. `max_unstable` is the percentage of responses that may be lost
    or left to chance. `fresh` gives the payload anew, where it moves on.
    """

    contract: Contract
    operation: Operation
    baseline: Case
    cases: tuple[Case, ...] = field(repr=False)
    fail_on: Level = FAIL_ON
    connection: Connection = field(default_factory=Connection)
    notes: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
    spare: tuple[Case, ...] = field(default=(), repr=False)
    max_unstable: float = MAX_UNSTABLE
    fresh: FreshBase | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that are sent with every request."""
        return self.connection.headers

    @property
    def timeout(self) -> float:
        """The seconds that one response may take."""
        return self.connection.timeout


def make_plan(
    selection: Selection | None = None,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    fail_on: Level | str = FAIL_ON,
    connection: Connection | None = None,
    target: Any = None,
    max_unstable: float = MAX_UNSTABLE,
    robustness: bool | None = None,
) -> Plan:
    """Choose the cases of a run, by default all of the suite.

    To a receiver of webhooks go invalid deliveries only if its `robustness` is to be checked; None
    is for a server of ours, which gets them all.

    Cases that a server has to reject come first: they change nothing there. Where the `target` is
    given by an address that is not the documented one, cases about paths are left out.

    Raises:
        TargetError: the target is written as a URL, and is none.
        UsageError: a choice matches nothing, or `base` itself breaks the contract.

    """
    choice = selection or Selection()
    whole = bundled() if contract is None else contract
    chosen, level = whole.pick(operation), Level.of(fail_on)
    if robustness is not None:
        polarity = polarity_of(chosen, choice.polarity, robustness=robustness)
        choice = replace(choice, polarity=polarity)
    fresh, baseline, cases = _suite(chosen, base, choice, level)
    choice.check_known((baseline, *cases))
    choice, notes = _at_address(choice, target, chosen)
    rejects, accepts = _chosen(choice, baseline, cases)
    limited = choice.limit(accepts)
    notes += _limit_notes(len(accepts) - len(limited))
    notes += _unreached_notes(chosen, baseline, choice)
    return Plan(
        whole,
        chosen,
        baseline,
        (*rejects, *limited),
        level,
        connection or Connection(),
        tuple(notes),
        choice,
        tuple(case for case in cases if case not in limited and _is_spare(case, choice)),
        max_unstable,
        fresh,
    )


def _suite(
    operation: Operation, base: Any, choice: Selection, level: Level
) -> tuple[FreshBase | None, Case, list[Case]]:
    """Return the base if it moves on, the case that is vouched for by it, and all the others."""
    fresh = None
    if callable(base):
        is_right = functools.partial(vouched_for, operation, level)
        fresh = FreshBase(operation, base, choice, is_right)
        base = fresh.renew()
    baseline, *cases = suite.build(operation, base, choice.pins)
    vouched_for(operation, level, baseline)
    return fresh, baseline, cases


def _at_address(
    choice: Selection, target: Any, operation: Operation
) -> tuple[Selection, list[str]]:
    """Leave cases about paths out at an address that is not the documented one, with a note."""
    path = f"{REQUEST}#path"
    if operation.direction == TO_PARTNER and target is not None:
        # It is delivered to exactly that address, in exactly that way.
        return replace(choice, skip=(*choice.skip, path, f"{REQUEST}#method")), []
    if is_documented(target, operation):
        return choice, []
    note = f"the address is not the documented one, so no case of {path} is sent"
    return replace(choice, skip=(*choice.skip, path)), [note]


def _chosen(choice: Selection, baseline: Case, cases: list[Case]) -> tuple[list[Case], list[Case]]:
    """Return the chosen cases to reject, and those to accept."""
    kept = [case for case in cases if choice.chooses(case.id, case.rule.id)]
    rejects = [case for case in kept if case.polarity == "reject" and choice.polarity != "accept"]
    accepts = [case for case in kept if case.polarity == "accept" and choice.polarity != "reject"]
    if not (rejects or accepts or choice.names(baseline.id, baseline.rule.id)):
        chosen = " that --only chooses" if choice.only else ""
        skipped = (
            " and ".join(repr(wish) for wish in choice.skip) or f"--polarity {choice.polarity}"
        )
        what = f"{skipped} leaves out every case{chosen}"
        raise UsageError(f"nothing is left to send: {what}; leave out less")
    return rejects, accepts


def _limit_notes(left: int) -> Iterator[str]:
    if left:
        cases = f"{counted(left, 'case')} that a conforming server accepts"
        yield f"{cases} were not sent, as --max-accepted asks"


def _unreached_notes(operation: Operation, baseline: Case, choice: Selection) -> Iterator[str]:
    """Note the number of rules that no case exercises, because the base lacks their place."""
    payload, _ = strict_json.decode(baseline.wire.body)
    places = Counter(
        place for place, rule in unreached(operation, payload) if choice.chooses(rule.id, rule.id)
    )
    for place, number in places.items():
        yield (
            f"{counted(number, 'rule')} not exercised: no {place} in the base, and none is known "
            "to be valid; add one with --base FILE or --pin"
        )


def _is_spare(case: Case, choice: Selection) -> bool:
    wide = replace(choice, only=())
    return _is_other(case) and choice.polarity != "reject" and wide.chooses(case.id, case.rule.id)


def _is_other(case: Case) -> bool:
    """Return whether a case is a valid request with other values than the baseline."""
    return case.polarity == "accept" and bool(case.varied)


def vouched_for(operation: Operation, level: Level, baseline: Case) -> None:
    """Raise if the payload that the user vouches for breaks the contract.

    Raises:
        UsageError: naming what it breaks.

    """
    broken = list(validator(operation, REQUEST, level).of_bytes(baseline.wire.body))
    if broken:
        listed = "; ".join(map(str, broken))
        raise UsageError(
            f"the base payload itself breaks the contract: {listed}. Mend it, or say in an overlay "
            "what you know better"
        )


def one_case(plan: Plan, case_id: str) -> Plan:
    """Return the plan that sends the baseline and the case with that id only.

    Raises:
        UsageError: there is no such case; the message names the nearest ones.

    """
    known = [plan.baseline.id, *(case.id for case in plan.cases)]
    if case_id not in known:
        hint = did_you_mean(case_id, known, "`enkash-contract check --list` lists them", most=3)
        raise UsageError(f"there is no case {case_id!r}; {hint}")
    cases = tuple(case for case in plan.cases if case.id == case_id)
    others = tuple(case for case in plan.cases if _is_other(case) and case.id != case_id)
    return replace(plan, cases=cases, spare=(*others, *plan.spare))
