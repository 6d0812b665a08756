"""Putting an implementation to the test: a plan, a client and a session, carried out in order."""

from __future__ import annotations

import asyncio
import concurrent.futures
from typing import TYPE_CHECKING, Any

from enkash_contract import client
from enkash_contract import plan as plans
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.plan import TIMEOUT, Plan
from enkash_contract.sandbox import Sandbox
from enkash_contract.session import Session, add

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from enkash_contract.contract import Contract
    from enkash_contract.result import Result


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
    timeout: float = TIMEOUT,
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
    made = plans.plan(
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
        target = Sandbox(contract=made.contract, operation=made.operation.id, fail_on=made.fail_on)
    async with client.connect(
        target, made.operation, headers=made.headers, timeout=made.timeout
    ) as http:
        session = Session(made, http)
        results = [await session.open()]
        for done, case in enumerate(made.cases, 1):
            if not session.worth_going_on:
                break
            await session.send(case)
            if progress is not None:
                progress(done, len(made.cases))
        return add([*results, await session.close()])
