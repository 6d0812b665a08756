"""Validation of payloads: as a yes or no, as all violations, or as an exception that holds them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ParamSpec, cast

from orjson import dumps, loads

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import ContractViolated
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.validation.violation import Violation

P = ParamSpec("P")


def _bind(payload: object) -> bool:
    """Compile the rules that are meant where none are named, and leave them as `_surely_valid`."""
    global _surely_valid  # noqa: PLW0603 - bound once, because a look-up in each call would show
    # Named as below, so that the rules are compiled once.
    _surely_valid = validator(pick(None, None), REQUEST, FAIL_ON, None).surely_valid
    return _surely_valid(payload)


def _bind_json(payload: object) -> bool:
    """Do as `_bind` does, for payloads that were JSON."""
    global _surely_valid_json  # noqa: PLW0603 - as above
    _surely_valid_json = validator(pick(None, None), REQUEST, FAIL_ON, None).surely_valid_json
    return _surely_valid_json(payload)


_surely_valid: Callable[[object], bool] = _bind
_surely_valid_json: Callable[[object], bool] = _bind_json


def _quick(slow: Callable[P, bool]) -> Callable[P, bool]:
    """Decorate `is_valid`, to judge most valid payloads at once where no option is given."""
    judge: Any = slow

    @functools.wraps(slow)
    def is_valid(payload: object, **options: Any) -> bool:
        try:
            if not options and _surely_valid(payload):
                return True
        except ValueError:
            pass
        return bool(judge(payload, **options))

    return cast("Callable[P, bool]", is_valid)


def _quick_json(slow: Callable[P, Any]) -> Callable[P, Any]:
    """Decorate `validate_json` as `_quick` does `is_valid`."""
    judge: Any = slow

    @functools.wraps(slow)
    def validate_json(raw: bytes | bytearray | memoryview | str, **options: Any) -> Any:
        if options:
            return judge(raw, **options)
        try:
            payload = loads(raw)
            # What is written as it was read hides neither a repeated name nor a lost digit.
            if (
                (written := dumps(payload)) == raw or strict_json.survives(payload, written, raw)
            ) and _surely_valid_json(payload):
                return payload
        except (ValueError, TypeError):
            pass
        return judge(raw)

    return cast("Callable[P, Any]", validate_json)


@_quick
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
    rules = validator(pick(contract, operation), side, Level.of(fail_on), engine)
    return rules.is_valid(payload)


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


@_quick_json
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
    level = Level.of(fail_on)
    rules = validator(pick(contract, operation), side, level, engine)
    if not isinstance(raw, (bytes, str)):
        raw = bytes(raw)
    payload, faults = decoded = strict_json.decode(raw)
    if not faults and rules.accepts(payload):
        return payload
    violations = list(
        validator(pick(contract, operation), side, engine=engine).of_bytes(raw, decoded)
    )
    if any(violation.evidence.at_least(level) for violation in violations):
        raise ContractViolated(violations)
    return payload
