"""The run behind the items: one target, one connection, one baseline, however many items use it.

It is opened by the first item that sends something, so that a target that is not there is a failure
of the items and not an error of their fixtures.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.session import Session, only_baseline
from enkash_contract.engine.transport import applications, client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import TargetError
from enkash_contract.judging.result import Result, add
from enkash_contract.report import About
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case

STALE = (
    "the baseline was accepted at first and is not any more: the target keeps state or is gone, so "
    "what it rejected since then proves nothing; vouch for a request that it accepts every time"
)


@dataclass(frozen=True)
class Shown:
    """What an item showed: `opened` by the baseline, `own` by its cases in the light of it."""

    opened: Result
    own: Result
    trusted: bool


class Run:
    """One connection to the target, and what its baseline showed."""

    def __init__(self, made: Plan, target: Any, about: About) -> None:
        self.plan = made
        self.about = about
        self.cases: Mapping[str, Case] = {one.id: one for one in (made.baseline, *made.cases)}
        self._target = target
        # The loop is the run's own: pytest's plugins for asynchronous tests have theirs.
        self._loop = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._stack = contextlib.AsyncExitStack()
        self._session: Session | None = None
        self._opened = Result()
        self._problem: str | None = None
        self._sent = False

    def judge(self, cases: list[Case]) -> Shown:
        """Send the cases of one item; the first item's send the baseline before."""
        return self._loop.run(self._judge(cases))

    async def _judge(self, cases: list[Case]) -> Shown:
        session = await self._open()
        results = [only_baseline(self._opened)]
        for number, case in enumerate(cases):
            if not session.worth_going_on:
                # What was not sent is not known to be right.
                results.append(Result(verdicts={"inconclusive": len(cases) - number}))
                break
            results.append(await session.send(case))
            self._sent = True
        return Shown(self._opened, add(results), session.trusted)

    async def _open(self) -> Session:
        if self._problem is not None:
            raise TargetError(self._problem)
        if self._session is None:
            made = self.plan
            try:
                http = await self._stack.enter_async_context(
                    client.connect(self._target, made.operation, made.connection)
                )
                opening = Session(made, Delivery(http, made.connection))
                self._opened = await opening.open()
            except TargetError as problem:
                self._problem = str(problem)
                raise
            self._session = opening
        return self._session

    def close(self) -> str:
        """Let go of the target; return what is wrong when the baseline is not accepted any more."""
        try:
            return self._loop.run(self._last_look())
        finally:
            self._loop.run(self._stack.aclose())
            self._loop.close()

    async def _last_look(self) -> str:
        session = self._session
        if session is None or self._opened.baseline != "accepted" or not self._sent:
            return ""
        if session.trusted and session.worth_going_on:
            await session.send(self.plan.baseline)
        return "" if session.trusted else STALE


def prepare(given: Any, whole: Contract, base: Any, *, fail_on: str, words: list[str]) -> Run:
    """Return the run that a target asks for: alone, or with the headers that go with it.

    `words` is the command that runs the items again, for a target that curl cannot reach.

    Raises:
        TargetError: there is no such target.
        UsageError: the base or the headers are none.

    """
    target: Any = given
    headers: Mapping[str, str] = {}
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping):  # noqa: PLR2004
        target, headers = given
    # The suite of the example is built already: pytest's items are named by it. True is no 1 here.
    base = None if repr(base) == repr(whole.pick().request.example) else base
    made = make_plan(
        contract=whole, base=base, fail_on=fail_on, connection=Connection(headers=headers)
    )
    if client.is_url(target):
        return Run(made, target, About(whole, made.operation, shown_url(target), made))
    _, shown = applications.find(target)
    reproduction = Reproduction(
        shlex.join(words),
        "--enkash-case",
        in_process=True,
        application=shown if isinstance(target, str) else "",
    )
    return Run(made, target, About(whole, made.operation, shown, made, reproduction))
