"""What a run will send: the baseline, the cases that were chosen, and how answers are weighed."""

from __future__ import annotations

import fnmatch
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract import suite
from enkash_contract.contract import REQUEST, Contract, Operation, bundled
from enkash_contract.errors import UsageError
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.validation import validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.suite import Case

TIMEOUT = 10.0
"""Seconds after which an answer that is not there yet is given up."""

VARIED = frozenset({"content-type", "content-length", "transfer-encoding"})
"""Headers that are part of what is tested."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True)
class Plan:
    """What is to be sent, and how the answers are weighed."""

    contract: Contract
    operation: Operation
    baseline: Case
    cases: tuple[Case, ...]
    fail_on: Level = FAIL_ON
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = TIMEOUT


def plan(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    fail_on: Level | str = FAIL_ON,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Plan:
    """Choose the cases of a run; `only` and `skip` are rule ids, case ids or globs over them.

    Raises:
        UsageError: a choice matches nothing, or `base` itself breaks the contract.

    """
    whole = bundled() if contract is None else contract
    chosen, level = whole.pick(operation), Level.of(fail_on)
    _sendable(headers or {}, timeout)
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
    if not kept and not any(_matches(first, wish) for wish in only):
        raise UsageError("nothing is left to send: --skip leaves out all that --only chooses")
    return Plan(whole, chosen, first, tuple(kept), level, headers or {}, timeout)


def _sendable(headers: Mapping[str, str], timeout: float) -> None:
    """Refuse headers that are part of what is tested or cannot be sent, and waits without end."""
    for name, value in headers.items():
        if name.lower() in VARIED:
            raise UsageError(f"the header {name} cannot be given: it is what the cases vary")
        if not _TOKEN.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise UsageError(f"the header {name!r} or its value is not what HTTP can carry")
    if not 0 < timeout < math.inf:
        raise UsageError(f"a timeout of {timeout} s is none; give a number of seconds above 0")


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
