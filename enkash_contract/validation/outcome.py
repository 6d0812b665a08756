"""Outcomes: what a server did with a request, as the document reads its response."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

from enkash_contract.contract.engines import choice as engines
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction

Outcome = Literal["accepted", "rejected", "error", "unknown"]

UNKNOWN: Outcome = "unknown"


@functools.lru_cache(maxsize=64)
def readers(operation: Operation) -> list[tuple[Outcome, Any]]:
    """Return the outcomes in the order in which they are looked for, each with its schema."""
    return [
        (name, engines.compiled(schema))  # type: ignore[misc]
        for name, schema in operation.outcomes.items()
    ]


@functools.lru_cache(maxsize=64)
def all_accepted(operation: Operation) -> Callable[[list[Any]], bool]:
    """Return the function that knows of a list whether `first_outcome` of each is acceptance."""
    # No outcome is looked for before it.
    return engines.compiled({"items": operation.outcomes["accepted"]}).is_valid


def outcome_of(operation: Operation, interaction: Interaction) -> Outcome:
    """Return what happened: the first outcome whose schema matches `{status, body}`.

    Without a response it is an error, or unknown when nobody can tell whose fault that was. A body
    that was not recorded, or is not JSON, is left out of what is matched.
    """
    response = interaction.response
    if response is None:
        return UNKNOWN if interaction.aborted else "error"
    seen: dict[str, Any] = {"status": response.status}
    if response.body:
        payload, faults = strict_json.decode_again(response.body)
        if not any(not fault.tokens for fault in faults):
            seen["body"] = payload
    try:
        return first_outcome(operation, seen)
    except ValueError:
        # A lone surrogate or bottomless nesting in the body: only the status can be relied on.
        return first_outcome(operation, {"status": response.status})


def first_outcome(operation: Operation, seen: dict[str, Any]) -> Outcome:
    """Return the first outcome whose schema matches what was seen.

    Raises:
        ValueError: the engine cannot read it.

    """
    return next((name for name, reader in readers(operation) if reader.is_valid(seen)), UNKNOWN)
