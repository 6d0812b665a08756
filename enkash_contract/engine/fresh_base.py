"""A base that moves on: a function gives the payload that the target accepts now.

A target may accept a request only once, because a version in it has to increase. Then each
acceptance makes stale what was derived before it, so that cases are derived when they are sent.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import EnkashContractError, TargetError, UsageError
from enkash_contract.generation import suite
from enkash_contract.secrets.redaction import BY_NAME
from enkash_contract.wire import strict_json
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.selection import Selection
    from enkash_contract.judging.case import Case


class FreshBase:
    """The payloads that a function gives, and the cases derived from each.

    What was derived is kept for the next equal payload.
    """

    def __init__(
        self,
        operation: Operation,
        give: Callable[[], Any],
        selection: Selection,
        vouched_for: Callable[[Case], None],
    ) -> None:
        self._operation, self._give, self._pins = operation, give, selection.pins
        self._vouched_for = vouched_for
        self._builder = functools.lru_cache(maxsize=8)(self._built)
        self._derived = functools.lru_cache(maxsize=4096)(self._derive)
        self._body = b""

    def renew(self) -> Any:
        """Ask for the present payload and return it.

        Raises:
            EnkashContractError: there is none, or it breaks the contract.

        """
        try:
            payload = self._give()
        except EnkashContractError:
            raise
        except Exception as problem:
            why = BY_NAME.hide(str(problem).partition("\n")[0])
            raise TargetError(f"the base failed with {type(problem).__name__}: {why}") from problem
        if payload is None:
            raise UsageError("the base is None; return the payload that the target accepts now")
        try:
            body = compact(payload)
        except (TypeError, ValueError, RecursionError) as problem:
            raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None
        self._builder(body)
        self._body = body
        return payload

    def case(self, case: Case) -> Case | None:
        """Return `case` as it is derived from the present payload; None where it cannot be."""
        return self._derived(self._body, case)

    def _built(self, body: bytes) -> suite.Builder:
        builder = suite.builder(self._operation, strict_json.decode(body)[0], self._pins)
        self._vouched_for(builder.baseline)
        return builder

    def _derive(self, body: bytes, case: Case) -> Case | None:
        return self._builder(body).again(case)
