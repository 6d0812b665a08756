"""Putting an implementation to the test: a plan, a client and a session, carried out in order."""

from __future__ import annotations

import asyncio
import concurrent.futures
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.engine import plan as plans
from enkash_contract.engine.fuzzing import options
from enkash_contract.engine.session import Session, broken_off
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport import connection as connections
from enkash_contract.engine.transport.connection import RETRIES, TIMEOUT, WORKERS, Connection
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.judging.result import Result
from enkash_contract.sandbox.app import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.engine.fuzzing.fuzzer import Fuzzer
    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.plan import Plan, Polarities
    from enkash_contract.engine.session import Exchanged

    Progress = Callable[[int, int], None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a run: `result` is what was known by then."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


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
    polarity: Polarities = "both",
    max_accepted: int | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    workers: int | None = None,
    rate: str | float | None = None,
    retries: int = RETRIES,
    token: Callable[[], str] | None = None,
    proxy: str | None = None,
    ca: str | None = None,
    cert: str | None = None,
    key: str | None = None,
    fuzz: str | int | None = None,
    seed: int | None = None,
    database: str | Path | None = None,
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
        polarity: "reject" for what a right server refuses, "accept" for the rest, or "both".
        max_accepted: the most cases to send that a right server accepts.
        headers: sent with every request, for credentials; never shown anywhere.
        timeout: seconds that one answer may take.
        workers: how many requests are under way at a time; by default 8 at an address, 1 to an
            application in this process.
        rate: how fast requests are sent, as "10/s" or a number of requests a second.
        retries: how often a request is sent again whose connection failed before an answer.
        token: returns the token for `Authorization: Bearer`; called at the start, and again when
            the token is refused with 401.
        proxy: the proxy's address; by default what the environment says, as everywhere in httpx.
        ca: a file of PEM certificates to believe servers by, in place of the usual ones.
        cert: a file with the client's own certificate in PEM.
        key: a file with its key, if that is not in the same file.
        fuzz: how much to fuzz after the suite: "30s", or a number of draws.
        seed: what decides what is drawn, by default another in each run; a note tells it.
        database: the folder where failures are remembered, by default in the user's cache.
        progress: called with how many cases are done and how many there are.

    Raises:
        TargetError: the target cannot be reached or loaded.
        UsageError: an argument names something that is not there.
        KeyboardInterrupt: as ever on Ctrl-C; its `result` is what was known by then.

    """
    made = plans.plan(
        contract=contract,
        operation=operation,
        base=base,
        pins=pins,
        only=only,
        skip=skip,
        fail_on=fail_on,
        polarity=polarity,
        max_accepted=max_accepted,
        connection=Connection(
            headers=headers or {},
            timeout=timeout,
            workers=workers,
            rate=connections.rate(rate),
            retries=retries,
            token=token,
            proxy=proxy,
            ca=ca,
            cert=cert,
            key=key,
        ),
    )
    asked = options.fuzz(
        fuzz,
        seed=seed,
        database=database,
        only=only,
        skip=skip,
        pins=pins,
        polarity=polarity,
        max_accepted=max_accepted,
    )
    return run(made, target, progress, fuzz=asked)


def run(
    made: Plan,
    target: Any = None,
    progress: Progress | None = None,
    *,
    exchanged: Exchanged | None = None,
    judged: Callable[[Result], None] | None = None,
    fuzz: Fuzz | None = None,
) -> Result:
    """Carry out a plan, whether or not an event loop is running in this thread.

    `exchanged` is told of each exchange as it happens, `judged` of what each case shows so far.

    Raises:
        Interrupted: by Ctrl-C; it holds what was known by then.

    """
    begun: list[Session | Fuzzer] = []
    try:
        return outside_loop(_run(made, target, progress, exchanged, judged, fuzz, begun))
    except KeyboardInterrupt:
        nothing = broken_off(0, 1 + len(made.cases))
        raise Interrupted(begun[-1].stop() if begun else nothing) from None


def outside_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end, in a thread of its own when this one has a loop running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _run(
    made: Plan,
    target: Any,
    progress: Progress | None,
    exchanged: Exchanged | None,
    judged: Callable[[Result], None] | None,
    fuzz: Fuzz | None,
    begun: list[Session | Fuzzer],
) -> Result:
    if target is None:
        target = Sandbox(contract=made.contract, operation=made.operation.id, fail_on=made.fail_on)
    how, done = made.connection, 0

    def told(shown: Result) -> None:
        nonlocal done
        done += 1
        if judged is not None:
            judged(shown)
        if progress is not None:
            progress(done, len(made.cases))

    async with client.connect(target, made.operation, how) as http:
        delivery = Delivery(http, how)
        await delivery.open()
        session = Session(made, delivery, exchanged)
        begun.append(session)
        opened = await session.open()
        await session.run(made.cases, told, workers=how.workers or (WORKERS if http.remote else 1))
        whole = opened + await session.close()
        if fuzz is not None:
            from enkash_contract.engine.fuzzing.fuzzer import Fuzzer

            fuzzer = Fuzzer(made, fuzz, whole, http.source, progress=progress, judged=judged)
            begun.append(fuzzer)
            after = Session(replace(made, cases=(), notes=()), delivery, exchanged)
            whole = await fuzzer.explore(after)
        return whole + Result(notes=delivery.notes())
