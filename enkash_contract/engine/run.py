"""A run against an implementation: a plan, a client and a session, carried out in order."""

from __future__ import annotations

import asyncio
import functools
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract import clock
from enkash_contract.contract.choice import choose
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.wording import counted
from enkash_contract.engine.bases import base_of, unvouched
from enkash_contract.engine.fresh_session import session_of
from enkash_contract.engine.fuzzing.options import read_fuzz
from enkash_contract.engine.look_ups import settle
from enkash_contract.engine.opening import broken_off
from enkash_contract.engine.pauses import Pauses
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection, refuse_idle
from enkash_contract.engine.stability import Monitor
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import (
    MAX_UNSTABLE,
    MAX_WAIT,
    RETRIES,
    TIMEOUT,
    WORKERS,
    Connection,
    read_rate,
)
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Interrupted, Result
from enkash_contract.judging.stability import Stability
from enkash_contract.sandbox.app import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.engine.fuzzing.fuzzer import Fuzzer
    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.selection import Polarities
    from enkash_contract.engine.session import Exchanged, Session
    from enkash_contract.judging.case import Case

    Progress = Callable[[int, int], None]


def check_target(
    target: Any = None,
    *,
    contract: Contract | None = None,
    operation: str | Iterable[str] | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    fail_on: Level | str = FAIL_ON,
    polarity: Polarities = "both",
    robustness: bool = False,
    max_accepted: int | None = None,
    max_unstable: float = MAX_UNSTABLE,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    workers: int | None = None,
    rate: str | float | None = None,
    retries: int = RETRIES,
    max_wait: float = MAX_WAIT,
    cookies: bool = False,
    token: Callable[[], str] | None = None,
    proxy: str | None = None,
    ca: str | None = None,
    cert: str | None = None,
    key: str | None = None,
    fuzz: str | int | None = None,
    seed: int | None = None,
    database: str | Path | None = None,
    max_failures: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Send the suite to an implementation and return what was found.

    Args:
        target: an http(s) URL (base, or the operation's full address), `module:attribute` or the
            object of an ASGI or WSGI application; by default the embedded sandbox.
        contract: the contract, by default the bundled one.
        operation: the ids of operations, globs over them or `tag:NAME`, one or several; by default
            that of which the target is the full address, or the contract's default.
        base: the payload the user vouches for; every case is derived from it. For a target that
            accepts a request only once, a function that returns the payload it accepts now. Of
            several operations, a mapping from their ids, or a folder with `<operationId>.json`.
        pins: values to set in it, by JSON Pointer.
        only: rule ids, case ids, or globs over them, to which the run is limited.
        skip: the same, for what is left out.
        fail_on: the weakest level of evidence at which a finding is a violation.
        polarity: "reject" for what a conforming server rejects, "accept" for the rest, or "both".
        robustness: whether a receiver of webhooks gets invalid deliveries too, which it must
            survive, and may accept.
        max_accepted: the most cases to send that a conforming server accepts.
        headers: sent with every request, for credentials; never shown anywhere.
        timeout: seconds that one response may take.
        workers: how many requests are under way at a time; by default 8 at an address, 1 to an
            application in this process.
        rate: how fast requests are sent, as "10/s" or a number of requests a second.
        max_unstable: the percentage of responses that may be lost, 502, 503 or 504, or left to
            chance; above it nothing is concluded.
        retries: how often a request is sent again whose connection failed before a response.
        max_wait: how many seconds the run waits in all for a target that says it is busy (429, or
            503 with Retry-After); then it ends with what it has.
        cookies: whether to send back the cookies that the target sets; cases then depend on those
            before.
        token: returns the token for `Authorization: Bearer`; called at the start, and again when
            the token is rejected with 401.
        proxy: the proxy's address; by default what the environment says, as everywhere in httpx.
        ca: a file of PEM certificates to trust servers by, in place of the usual ones.
        cert: a file with the client's own certificate in PEM.
        key: a file with its key, if that is not in the same file.
        fuzz: how much to fuzz after the suite: "30s", or a number of draws.
        seed: the seed of all draws, by default another in each run; a note names it.
        database: the folder where failures are remembered, by default in the user's cache.
        max_failures: send no further case after so many violations.
        progress: called with how many cases are done and how many there are.

    Raises:
        TargetError: the target cannot be reached or loaded.
        UsageError: an argument names something that is not there.
        KeyboardInterrupt: on Ctrl-C, as always; its `result` is what was known by then.

    """
    selection = Selection(tuple(only), tuple(skip), pins or {}, polarity, max_accepted)
    connection = Connection(
        headers=headers or {},
        timeout=timeout,
        workers=workers,
        rate=read_rate(rate),
        retries=retries,
        max_wait=max_wait,
        cookies=cookies,
        token=token,
        proxy=proxy,
        ca=ca,
        cert=cert,
        key=key,
    )
    whole = bundled() if contract is None else contract
    named = (operation,) if isinstance(operation, str) else operation or ()
    operations = choose(whole, named, ids=(*only, *skip), target=target)
    how: dict[str, Any] = {
        "contract": whole,
        "fail_on": fail_on,
        "connection": connection,
        "target": target,
        "max_unstable": max_unstable,
        "robustness": robustness,
    }
    refuse_idle(operations, robustness=robustness)
    options = read_fuzz(fuzz, seed=seed, database=database, selection=selection)
    if len(operations) > 1:
        from enkash_contract.engine.several import plan_each, run_all

        parts = plan_each(operations, selection, base, **how)
        one_by_one = functools.partial(run, target=target, fuzz=options)
        return run_all(parts, one_by_one, progress, max_failures=max_failures)
    (one,) = operations
    if isinstance(base, (str, os.PathLike)):
        base = base_of(base, one, whole)
    if reason := unvouched(one, base, target):
        from enkash_contract.engine.several import nothing

        return nothing(one, reason)
    plan = make_plan(selection.of(one), operation=one.id, base=base, **how)
    return run(plan, target, progress, fuzz=options, max_failures=max_failures)


def run(
    plan: Plan,
    target: Any = None,
    progress: Progress | None = None,
    *,
    exchanged: Exchanged | None = None,
    judged: Callable[[Result], None] | None = None,
    fuzz: Fuzz | None = None,
    max_failures: int | None = None,
) -> Result:
    """Carry out a plan, whether or not an event loop is running in this thread.

    `exchanged` is called with each exchange as it happens, `judged` with what each case shows so
    far. No further case is sent after `max_failures` violations.

    Raises:
        Interrupted: by Ctrl-C; it holds what was known by then.
        UsageError: a base that moves on was to be fuzzed.

    """
    if fuzz is not None and plan.fresh is not None:
        raise UsageError("fuzzing varies one payload; give that as the base, or leave out --fuzz")
    work = _Run(plan, progress, exchanged, judged, max_failures)
    try:
        return clock.run_anywhere(work.against(target, fuzz))
    except KeyboardInterrupt:
        raise Interrupted(work.stop()) from None


@dataclass
class _Run:
    """A plan being carried out, and the functions that are called meanwhile.

    `stage` is the part of it that is under way, and knows the result should it be interrupted.
    """

    plan: Plan
    progress: Progress | None
    exchanged: Exchanged | None
    judged: Callable[[Result], None] | None
    max_failures: int | None = None
    stage: Session | Fuzzer | None = None
    done: int = 0
    failures: int = 0
    monitor: Monitor | None = None

    async def against(self, target: Any, fuzz: Fuzz | None) -> Result:
        """Send the suite, and then fuzz where that is wanted."""
        plan, connection = self.plan, self.plan.connection
        if target is None:
            operation = plan.operation.id
            target = Sandbox(contract=plan.contract, operation=operation, fail_on=plan.fail_on)
        async with client.connect(target, plan.operation, connection) as http:
            delivery = Delivery(http, connection)
            await delivery.open()
            workers = connection.workers or (WORKERS if http.remote else 1)
            # What is accepted makes all stale that was derived before.
            workers = workers if plan.fresh is None else 1
            self.monitor = Monitor(plan, in_process=not http.remote)
            open_session = functools.partial(
                session_of,
                http=delivery,
                exchanged=self.exchanged,
                monitor=self.monitor,
                pauses=Pauses(asyncio.sleep if http.remote else None),
            )
            result = await self._suite(open_session(plan), workers)
            if fuzz is not None and not self.failed_enough:
                # A session of its own, without cases, so that the suite is not counted twice.
                session = open_session(replace(plan, cases=(), notes=()))
                result = await self._fuzz(fuzz, session, delivery.source, result)
            result += self.monitor.result(hangs_up=http.hangs_up)
            notes = (*delivery.notes(), *http.notes())
            result += Result(notes=notes, stability=Stability(ended=delivery.over))
            return settle(plan, result)

    async def _suite(self, session: Session, workers: int) -> Result:
        self.stage = session
        opened = await session.open()
        await session.run(self._cases(), self._count, workers=workers)
        return opened + await session.close() + self._stopped()

    @property
    def failed_enough(self) -> bool:
        """Whether as many violations were found as anyone wants to see."""
        return self.max_failures is not None and self.failures >= self.max_failures

    def _cases(self) -> Iterator[Case]:
        """Yield the cases while there are not too many violations."""
        for case in self.plan.cases:
            if self.failed_enough:
                return
            yield case

    def _stopped(self) -> Result:
        """Return the note that a run stopped early."""
        left = len(self.plan.cases) - self.done
        if not (self.failed_enough and left):
            return Result()
        found = counted(self.failures, "violation")
        cases = counted(len(self.plan.cases), "case")
        return Result(notes=(f"stopped after {found}: {left:,} of {cases} not sent",))

    async def _fuzz(self, fuzz: Fuzz, session: Session, source: str, suite: Result) -> Result:
        # Hypothesis is an extra: it is imported only once somebody fuzzes.
        from enkash_contract.engine.fuzzing.fuzzer import Fuzzer

        fuzzer = self.stage = Fuzzer(
            self.plan, fuzz, suite, source, progress=self.progress, judged=self.judged
        )
        return await fuzzer.explore(session)

    def _count(self, result: Result) -> None:
        self.done += 1
        self.failures += len(result.violations)
        if self.judged is not None:
            self.judged(result)
        if self.progress is not None:
            self.progress(self.done, len(self.plan.cases))

    def stop(self) -> Result:
        """Return what is known of a run that was interrupted."""
        if self.stage is None or self.monitor is None:
            return broken_off(0, 1 + len(self.plan.cases))
        return settle(self.plan, self.stage.stop() + self.monitor.result())
