"""Putting an implementation to the test: baseline first, then every case, then the sum.

A sandbox that knows only its own invoices refuses a made-up one for business reasons, and after
that a refusal of a wrong payload proves nothing. So the first request is one the user vouches for,
and what it shows decides what the rest can mean.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import fnmatch
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract import client, suite
from enkash_contract.contract import REQUEST, Contract, Operation, bundled
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.interaction import Interaction
from enkash_contract.judge import judge_case
from enkash_contract.outcome import Outcome, outcome_of
from enkash_contract.result import Result, Tally
from enkash_contract.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from enkash_contract.client import Client
    from enkash_contract.suite import Case


@dataclass(frozen=True)
class Plan:
    """What is to be sent, and how the answers are weighed."""

    contract: Contract
    operation: Operation
    baseline: Case
    cases: tuple[Case, ...]
    fail_on: Level = FAIL_ON
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = client.TIMEOUT


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
    timeout: float = client.TIMEOUT,
) -> Plan:
    """Choose the cases of a run; `only` and `skip` are rule ids, case ids or globs over them.

    Raises:
        UsageError: a choice matches nothing, or `base` itself breaks the contract.

    """
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
    return Plan(whole, chosen, first, tuple(kept), level, headers or {}, timeout)


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


def check_target(
    target: Any = None,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    fail_on: Level | str = FAIL_ON,
    headers: Mapping[str, str] | None = None,
    timeout: float = client.TIMEOUT,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Send the suite to an implementation and return what was found.

    Args:
        target: an http(s) URL (base, or the operation's full address), `module:attribute` or the
            object of an ASGI or WSGI application; by default the embedded sandbox.
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.
        base: the payload the user vouches for; every case is derived from it.
        pins: values to set in it, by JSON Pointer.
        only: rule ids, case ids, or globs over them, to which the run is limited.
        skip: the same, for what is left out.
        fail_on: the weakest level of evidence at which a finding is a violation.
        headers: sent with every request, for credentials; never shown anywhere.
        timeout: seconds that one answer may take.
        progress: called with how many cases are done and how many there are.

    Raises:
        TargetError: the target cannot be reached or loaded.
        UsageError: an argument names something that is not there.

    """
    made = plan(
        contract=contract,
        operation=operation,
        base=base,
        pins=pins,
        only=only,
        skip=skip,
        fail_on=fail_on,
        headers=headers,
        timeout=timeout,
    )
    return run(made, target, progress)


def run(
    made: Plan, target: Any = None, progress: Callable[[int, int], None] | None = None
) -> Result:
    """Carry out a plan, whether or not an event loop is running in this thread."""
    return outside_loop(_run(made, target, progress))


def outside_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end, in a thread of its own when this one has a loop running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _run(made: Plan, target: Any, progress: Callable[[int, int], None] | None) -> Result:
    if target is None:
        from enkash_contract.sandbox import Sandbox  # noqa: PLC0415 - only this way needs a server

        target = Sandbox(contract=made.contract, operation=made.operation.id, fail_on=made.fail_on)
    async with client.connect(
        target, made.operation, headers=made.headers, timeout=made.timeout
    ) as http:
        session = Session(made, http)
        total = await session.open()
        if not session.worth_going_on:
            return total + session.left_out()
        results = [total]
        for done, case in enumerate(made.cases, 1):
            results.append(await session.send(case))
            if progress is not None:
                progress(done, len(made.cases))
        return add(results)


def add(results: list[Result]) -> Result:
    """Add up many results, pairwise, so that the time stays in proportion to their number."""
    while len(results) > 1:
        pairs = zip(results[::2], results[1::2], strict=False)
        odd = results[-1:] if len(results) % 2 else []
        results = [first + second for first, second in pairs] + odd
    return results[0]


def only_baseline(opened: Result) -> Result:
    """Keep of an opened session's result what the baseline means, not what it found."""
    return Result(baseline=opened.baseline, notes=opened.notes)


class Session:
    """One run against one target: what the baseline showed, and each case judged in its light."""

    def __init__(self, made: Plan, http: Client) -> None:
        self._plan = made
        self._http = http
        self._outcome: Outcome = "unknown"
        self._found_in_baseline = False

    async def open(self) -> Result:
        """Send the baseline and say what it means for the rest.

        Raises:
            TargetError: there was no answer at all.

        """
        made = self._plan
        interaction = await self._http.send(made.baseline.request(self._http.url))
        if interaction.response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        self._outcome = outcome_of(made.operation, interaction)
        judged = judge_case(
            made.operation, made.baseline, interaction, trusted=False, fail_on=made.fail_on
        )
        self._found_in_baseline = bool(judged.findings)
        notes = () if self.trusted else (_meaning(self._outcome, interaction),)
        tallies = self._accepted() if self.trusted else {}
        return replace(judged, baseline=self._outcome, notes=notes, tallies=tallies)

    @property
    def trusted(self) -> bool:
        """Whether a refusal now proves something."""
        return self._outcome == "accepted"

    @property
    def worth_going_on(self) -> bool:
        """Whether any case could still show something.

        Not when the server fails on the baseline, or says that it did not look at it (401 and
        such): then hundreds of requests more would only do harm.
        """
        if self._outcome == "unknown":
            return self._found_in_baseline
        return self._outcome != "error"

    def left_out(self) -> Result:
        """Count the cases that were not sent."""
        return Result(verdicts={"inconclusive": len(self._plan.cases)})

    async def send(self, case: Case) -> Result:
        """Send one case and judge the answer."""
        made = self._plan
        try:
            interaction = await self._http.send(case.request(self._http.url))
        except TargetError as problem:
            interaction = self._silent(case, str(problem))
        return judge_case(
            made.operation, case, interaction, trusted=self.trusted, fail_on=made.fail_on
        )

    def _silent(self, case: Case, why: str) -> Interaction:
        request = case.request(self._http.url)
        return Interaction(request, None, why, source=self._http.source)

    def _accepted(self) -> dict[tuple[str, str], Tally]:
        """An accepted baseline holds the accepting side of every rule it keeps."""
        made = self._plan
        body = made.baseline.wire.body
        broken = {one.rule for one in validator(made.operation).of_bytes(body)[1]}
        return {
            (rule.id, "accept"): Tally(1, 1)
            for rule in made.operation.rules.values()
            if rule.side == REQUEST and rule not in broken
        }


def _meaning(outcome: Outcome, interaction: Interaction) -> str:
    """Say why nothing follows from this baseline, and how to mend it."""
    response = interaction.response
    status = response.status if response else 0
    if outcome == "rejected":
        why = "the baseline was refused, so a refusal of anything else proves nothing"
        mend = "vouch for a request that is accepted: --base FILE, or --pin /pointer=value"
    elif status in (401, 403):
        why = f"the baseline was answered {status}: the credentials were refused"
        mend = "pass them with -H 'Authorization: …'"
    elif status == 404:  # noqa: PLR2004 - the number is the name
        why = "the baseline was answered 404: nothing is served at that address, or no such invoice"
        mend = "check the address, or vouch for an invoice with --base FILE"
    elif outcome == "error":
        why = f"the baseline was answered {status}, so nothing was sent after it"
        mend = "mend the server, or try again later"
    else:
        why = f"the baseline was answered {status} in a way the document does not know"
        mend = "see the findings on the answer, or describe it in an overlay's x-outcome"
    return f"{why}; {mend}"
