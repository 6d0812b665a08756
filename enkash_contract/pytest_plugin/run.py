"""The run behind the items: one target, one connection, one baseline, however many items use it.

It is opened by the first item that sends something, so that a target that cannot be reached fails
the items, and is no error of their fixtures.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from enkash_contract import clock
from enkash_contract.engine.fresh_session import session_of
from enkash_contract.engine.opening import only_baseline
from enkash_contract.engine.pauses import Pauses
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.transport import applications, client
from enkash_contract.engine.transport.address import is_url
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import TargetError
from enkash_contract.judging.result import Result, add
from enkash_contract.pytest_plugin import sockets
from enkash_contract.report import About
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.session import Session
    from enkash_contract.judging.case import Case

STALE = (
    "the baseline was accepted at first and is not any more: the target keeps state or is gone, so "
    "its rejections since then prove nothing; vouch for a request that it accepts every time"
)


@dataclass(frozen=True)
class Shown:
    """The results of an item: `opened` of the baseline, `own` of its cases in the light of it.

    `settled` is `own` by what is known of the members when the item ends.
    """

    opened: Result
    own: Result
    settled: Result
    trusted: bool


class Run:
    """One connection to the target, and the result of its baseline."""

    def __init__(self, plan: Plan, target: Any, about: About) -> None:
        self.plan = plan
        self.about = about
        self.cases: Mapping[str, Case] = {case.id: case for case in (plan.baseline, *plan.cases)}
        self._target = target
        # The run has a loop of its own, because plugins for asynchronous tests have theirs.
        self._loop = asyncio.Runner(loop_factory=clock.new_loop)
        self._stack = contextlib.AsyncExitStack()
        self._session: Session | None = None
        self._opened = Result()
        self._problem: str | None = None
        self._started = self._sent = False

    def judge(self, cases: list[Case]) -> Shown:
        """Send the cases of one item, after the baseline if the item is the first."""
        with sockets.needed():
            self._loop.get_loop()
            self._started = True
            return self._loop.run(self._judge(cases))

    async def _judge(self, cases: list[Case]) -> Shown:
        session = await self._open()
        results = [only_baseline(self._opened)]
        for number, case in enumerate(cases):
            if not session.worth_going_on:
                # A case that was not sent has shown nothing, so it must not pass.
                results.append(Result(verdicts={"inconclusive": len(cases) - number}))
                break
            results.append(await session.send(case, alone=True))
            self._sent = True
        results.append(await session.try_others())
        own = add(results)
        return Shown(self._opened, own, session.so_far(own), session.trusted)

    async def _open(self) -> Session:
        if self._problem is not None:
            raise TargetError(self._problem)
        if self._session is None:
            plan = self.plan
            try:
                http = await self._stack.enter_async_context(
                    client.connect(self._target, plan.operation, plan.connection)
                )
                session = session_of(
                    plan,
                    http=Delivery(http, plan.connection),
                    pauses=Pauses(asyncio.sleep if http.remote else None),
                )
                self._opened = await session.open()
            except TargetError as problem:
                self._problem = str(problem)
                raise
            self._session = session
        return self._session

    def close(self) -> str:
        """Close the connection; return a message if the baseline has stopped being accepted."""
        if not self._started:
            return ""
        try:
            return self._loop.run(self._recheck())
        finally:
            self._loop.run(self._stack.aclose())
            self._loop.close()

    async def _recheck(self) -> str:
        session = self._session
        if session is None or self._opened.baseline != "accepted" or not self._sent:
            return ""
        if session.trusted and session.worth_going_on:
            await session.send(self.plan.baseline, alone=True)
        return "" if session.trusted else STALE


def prepare(
    target: Any,
    contract: Contract,
    operation: Operation,
    base: Any,
    *,
    fail_on: str,
    words: list[str],
) -> Run:
    """Return the run of an operation for a target, given alone or in a pair with headers.

    `words` is the command that runs the items again, for a target that curl cannot reach.

    Raises:
        TargetError: there is no such target.
        UsageError: the base is no payload, or the headers cannot be sent.

    """
    headers: Mapping[str, str] = {}
    if isinstance(target, tuple) and len(target) == 2 and isinstance(target[1], Mapping):  # noqa: PLR2004
        target, headers = target
    # The suite of the example is built already, for the names of the items, and None means it. The
    # texts are compared, because 1 equals True in Python and not in JSON.
    base = None if repr(base) == repr(operation.request.example) else base
    plan = make_plan(
        contract=contract,
        operation=operation.id,
        base=base,
        fail_on=fail_on,
        connection=Connection(headers=headers),
        target=target,
    )
    named = isinstance(target, str)
    shown = shown_url(target) if is_url(target) else applications.find(target)[1]
    if is_url(target) and plan.fresh is None:
        return Run(plan, target, About(contract, plan.operation, shown, plan))
    # What is in this process, and what a target accepts only once, no curl can repeat.
    reproduction = Reproduction(
        shlex.join(words),
        "--enkash-case",
        in_process=True,
        application=shown if named and not is_url(target) else "",
    )
    return Run(plan, target, About(contract, plan.operation, shown, plan, reproduction))
