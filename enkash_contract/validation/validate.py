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
def _default(side: str, fail_on: Level | str, engine: str | None) -> Validator:
    return validator(pick(None, None), side, Level.of(fail_on), engine)


def is_valid(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
    engine: str | None = None,
) -> bool:
    """Return whether `payload` breaks no rule at or above `fail_on`.

    `engine` is "jsonschema-rs" or "jsonschema", which is slower and has the same verdicts; without
    one it is the first of them that is installed.
    """
    if contract is None and operation is None:
        ready = _default(side, fail_on, engine)
        try:
            if ready.surely_valid(payload):
                return True
        except ValueError:
            pass
    else:
        ready = validator(pick(contract, operation), side, Level.of(fail_on), engine)
    return ready.is_valid(payload)


def iter_violations(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    engine: str | None = None,
) -> Iterator[Violation]:
    """Yield every violation of `payload`, of strong and weak rules alike; never raises on it."""
    return validator(pick(contract, operation), side, engine=engine).violations(payload)


def validate(
    payload: object,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
    engine: str | None = None,
) -> None:
    """Return when `payload` breaks no rule at or above `fail_on`.

    Raises:
        ContractViolated: it does; all violations are listed, the weaker ones too.

    """
    where: Any = {"contract": contract, "operation": operation, "side": side, "engine": engine}
    if not is_valid(payload, fail_on=fail_on, **where):
        raise ContractViolated(list(iter_violations(payload, **where)))


def validate_json(
    raw: bytes | bytearray | memoryview | str,
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
    engine: str | None = None,
) -> Any:
    """Read JSON strictly, validate it as `validate` does, and return the payload.

    Raises:
        ContractViolated: it is not UTF-8, not JSON as RFC 8259 defines it, repeats a member's name,
            or breaks a rule of the schema at or above `fail_on`.

    """
    if contract is None and operation is None:
        ready = _default(side, fail_on, engine)
    else:
        ready = validator(pick(contract, operation), side, Level.of(fail_on), engine)
    if not isinstance(raw, (bytes, str)):
        raw = bytes(raw)
    payload, faults = decoded = strict_json.decode(raw)
    if not faults and ready.accepts(payload):
        return payload
    level = Level.of(fail_on)
    violations = list(
        validator(pick(contract, operation), side, engine=engine).of_bytes(raw, decoded)
    )
    if any(violation.evidence.at_least(level) for violation in violations):
        raise ContractViolated(violations)
    return payload
