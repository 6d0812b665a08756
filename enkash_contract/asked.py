"""What a request breaks, the whole of it: method, label, bytes and payload.

Shared by everything that meets a request it did not build itself: `judge` for recorded traffic, the
sandbox for what it is sent, the strategies for their proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract import REQUEST
from enkash_contract.explanations import expectation
from enkash_contract.interaction import media_type
from enkash_contract.validation import validator
from enkash_contract.violation import Violation

if TYPE_CHECKING:
    from enkash_contract.contract import Operation
    from enkash_contract.interaction import Request
    from enkash_contract.rules import Rule


def request_violations(operation: Operation, request: Request) -> list[Violation] | None:
    """Return what `request` breaks, or None when its body was not recorded."""
    rules = operation.rules
    found: list[Violation] = []
    if request.method != operation.method:
        found.append(_wire_violation(rules[f"{REQUEST}#method"], f"it is {request.method}"))
    label = media_type(request.headers)
    if label is not None and label != operation.request.media_type:
        found.append(_wire_violation(rules[f"{REQUEST}#content-type"], f"it is {label}"))
    if found:
        # A body under another label or method is not claimed to be a payload of ours.
        return found
    if label is None:
        found.append(_wire_violation(rules[f"{REQUEST}#content-type-present"], "it does not"))
    if request.body is None:
        return found or None
    return found + list(validator(operation).of_bytes(request.body)[1])


def _wire_violation(rule: Rule, actual: str) -> Violation:
    return Violation(rule, "", expectation(rule), actual)


def sentence(violation: Violation) -> str:
    """Say what a request breaks; what no schema can say is said of the request, not its payload."""
    wire_rule = not violation.rule.path and not violation.pointer
    where = "the request" if wire_rule else violation.pointer or "the payload"
    return f"{where} {violation.expected}, but {violation.actual}"
