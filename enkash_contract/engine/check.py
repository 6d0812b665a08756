"""All of a check in one call: what its keywords mean, and a run of each operation that is meant."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.choice import choose
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.engine.bases import base_of, unvouched
from enkash_contract.engine.fuzzing.options import read_fuzz
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.run import run
from enkash_contract.engine.selection import Selection, refuse_idle
from enkash_contract.engine.transport.connection import (
    MAX_UNSTABLE,
    MAX_WAIT,
    RETRIES,
    TIMEOUT,
    Connection,
    read_rate,
)
from enkash_contract.judging.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.selection import Polarities


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
    plan = _plan(one, base, selection, **how)
    if isinstance(plan, Result):
        return plan
    return run(plan, target, progress, fuzz=options, max_failures=max_failures)


def _plan(
    operation: Operation, base: Any, selection: Selection, *, contract: Contract, **how: Any
) -> Plan | Result:
    """Return the plan of the only operation, or the result where nobody vouches for a request."""
    if isinstance(base, (str, os.PathLike)):
        base = base_of(base, operation, contract)
    if reason := unvouched(operation, base, how["target"]):
        from enkash_contract.engine.several import nothing

        return nothing(operation, reason)
    chosen = selection.of(operation)
    return make_plan(chosen, contract=contract, operation=operation.id, base=base, **how)
