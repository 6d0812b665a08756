"""The rules that a whole request breaks: of its method, path, label, bytes and payload.

Shared by everything that judges a request: the suite and the strategies for the proof of what they
build, `judge` for recorded traffic, the sandbox for what it is sent, guards for what is to be sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.routing import is_whole_path, match_path
from enkash_contract.contract.rules import expectation
from enkash_contract.validation.validator import validator
from enkash_contract.validation.violation import Violation
from enkash_contract.wire.message import media_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Request
    from enkash_contract.wire.strict_json import Decoded


def request_violations(
    operation: Operation,
    request: Request,
    decoded: Decoded | None = None,
    *,
    secrets: Secrets | None = None,
) -> list[Violation]:
    """Return every violation of `request`, without `secrets` in what is quoted.

    Of a body that was not recorded (None), or of a masked member, nothing is known: no violation is
    found in it. `decoded`
    is what `strict_json.decode` made of the body, where that was done before.
    """
    violations = list(envelope_violations(operation, request))
    # A body under another label or method is not claimed to be a payload of ours.
    if request.body is None or any(violation.rule.keyword in OTHER for violation in violations):
        return violations
    found = validator(operation).of_bytes(request.body, decoded, secrets=secrets)
    return violations + [each for each in found if each.pointer not in request.hidden]


def addressed_violations(
    operation: Operation, request: Request, decoded: Decoded | None = None
) -> list[Violation]:
    """Return every violation of `request`, which was sent to `operation` whatever its path.

    A longer path, or any other, may be that of somebody else's operation; here it is known that it
    was this one that was meant.
    """
    violations = request_violations(operation, request, decoded)
    elsewhere = not is_whole_path(operation, request)
    if elsewhere and all(violation.rule.keyword != "path" for violation in violations):
        violations.append(_violation(operation, "path", f"it is sent to {request.path}"))
    return violations


OTHER = ("method", "content-type")
"""Rules of the envelope whose violation leaves open whether the body is a payload at all."""


def envelope_violations(operation: Operation, request: Request) -> Iterator[Violation]:
    """Yield every violation of all of the request but its body."""
    labels = media_types(request.headers)
    if request.method != operation.method:
        yield _violation(operation, "method", f"it is sent by {request.method}")
    if match_path(operation, request.url) == "mistyped":
        yield _violation(operation, "path", f"it is sent to {request.path}")
    if not labels:
        yield _violation(operation, "content-type-present", "it does not")
    elif labels[0] != operation.request.media_type:
        yield _violation(operation, "content-type", f"it is labelled {labels[0] or 'with nothing'}")
    if len(labels) > 1:
        yield _violation(operation, "content-type-single", f"it states {' and '.join(labels)}")


def _violation(operation: Operation, keyword: str, actual: str) -> Violation:
    rule = operation.rules[f"{REQUEST}#{keyword}"]
    return Violation(rule, "", expectation(rule), actual)


def sentence(violation: Violation) -> str:
    """Describe a violation; what no schema can say is about the request, not its payload."""
    wire_rule = not violation.rule.path and not violation.pointer
    where = "the request" if wire_rule else violation.pointer or "the payload"
    return f"{where} {violation.expected}, but {violation.actual}"


def demand(violation: Violation) -> str:
    """Describe the rule that a request had to keep, without quoting anything of the request."""
    rule = violation.rule
    where = (rule.pointer or "the payload") if rule.path else "the request"
    return f"{where} {violation.expected}"
