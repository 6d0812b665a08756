"""Validation of payloads: as a yes or no, as all violations, or as an exception that holds them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import ContractViolated
from enkash_contract.validation.validator import Validator, validator
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.validation.violation import Violation


@functools.lru_cache(maxsize=32)
def _default(side: str, fail_on: Level | str) -> Validator:
    return validator(pick(None, None), side, Level.of(fail_on))


def is_valid(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
) -> bool:
    """Return whether `payload` breaks no rule at or above `fail_on`."""
    if contract is None and operation is None:
        ready = _default(side, fail_on)
        try:
            if ready.surely_valid(payload):
                return True
        except ValueError:
            pass
    else:
        ready = validator(pick(contract, operation), side, Level.of(fail_on))
    return ready.is_valid(payload)


def iter_violations(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
) -> Iterator[Violation]:
    """Yield every violation of `payload`, of strong and weak rules alike; never raises on it."""
    return validator(pick(contract, operation), side).violations(payload)


def validate(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
) -> None:
    """Return when `payload` breaks no rule at or above `fail_on`.

    Raises:
        ContractViolated: it does; all violations are listed, the weaker ones too.

    """
    if not is_valid(payload, contract=contract, operation=operation, side=side, fail_on=fail_on):
        violations = iter_violations(payload, contract=contract, operation=operation, side=side)
        raise ContractViolated(list(violations))


def validate_json(
    raw: bytes | bytearray | memoryview | str,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
) -> Any:
    """Read JSON strictly, validate it as `validate` does, and return the payload.

    Raises:
        ContractViolated: it is not UTF-8, not JSON as RFC 8259 defines it, repeats a member's name,
            or breaks a rule of the schema at or above `fail_on`.

    """
    if contract is None and operation is None:
        ready = _default(side, fail_on)
    else:
        ready = validator(pick(contract, operation), side, Level.of(fail_on))
    if not isinstance(raw, (bytes, str)):
        raw = bytes(raw)
    payload, faults = decoded = strict_json.decode(raw)
    if not faults and ready.accepts(payload):
        return payload
    level = Level.of(fail_on)
    violations = list(validator(pick(contract, operation), side).of_bytes(raw, decoded))
    if any(violation.evidence.at_least(level) for violation in violations):
        raise ContractViolated(violations)
    return payload
