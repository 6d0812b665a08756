"""A run against an implementation: a plan, a client and a session, carried out in order."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract import clock
from enkash_contract.contract.wording import counted
from enkash_contract.engine.fresh_session import session_of
from enkash_contract.engine.look_ups import settle
from enkash_contract.engine.opening import broken_off
from enkash_contract.engine.pauses import Pauses
from enkash_contract.engine.stability import Monitor
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import WORKERS
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Interrupted, Result
from enkash_contract.judging.stability import Stability
from enkash_contract.sandbox.app import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.engine.fuzzing.fuzzer import Fuzzer
    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.sending import Exchanged
    from enkash_contract.engine.session import Session
    from enkash_contract.judging.case import Case

    Progress = Callable[[int, int], None]


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
