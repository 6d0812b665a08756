"""Guards: requests that break the contract are not sent, in tests and in production alike.

A guard looks at one request object before it is sent, and raises. With "warn" it writes a record of
`logging` instead; `warnings.warn` would be shown once for a line of code, and become an error where
tests treat warnings as errors. The record says which rule was broken and where, and never what was
sent, because logs are read by more people than may see invoices.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any, Literal

from enkash_contract.contract.choice import wanted
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.routes import Routes
from enkash_contract.contract.routing import match_request
from enkash_contract.errors import ContractViolated, UsageError
from enkash_contract.validation.request import demand, envelope_violations, request_violations
from enkash_contract.validation.validator import validator
from enkash_contract.validation.violation import one_line
from enkash_contract.wire import strict_json
from enkash_contract.wire.adapters import glance, path_of, request_of
from enkash_contract.wire.codings import codings_of
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Request
    from enkash_contract.wire.strict_json import Decoded

    OnViolation = Literal["raise", "warn"]

LOG = logging.getLogger("enkash_contract")

MODES = ("raise", "warn")


class Guard:
    """Looks at every request, and judges those that speak to one operation."""

    def __init__(self, operation: Operation, level: Level, on_violation: str) -> None:
        self.operation = operation
        self._level = level
        self._on_violation = on_violation
        # Compiled here, so that the first request waits for nothing.
        self._accepts = validator(operation, level=level).accepts
        self._label = operation.request.media_type
        self._last = operation.path.rpartition("/")[2].lower()

    def look(self, request: Any) -> None:
        """Return when `request` may be sent.

        Raises:
            ContractViolated: it breaks a rule at or above the level, and this guard raises.

        """
        path = path_of(request)
        # Most requests of a client are none of ours, and pay for this line only.
        if self._last in path.lower() or "%" in path:
            decoded = self._decoded(request, path)
            if decoded is None or not self._is_valid(decoded):
                self._look_closely(request_of(request), decoded)

    def without(self, other: Guard | Guards) -> Guard | None:
        """Return the guard of what `other` does not look at, None where nothing is left."""
        return None if other.judges(self.operation) else self

    def judges(self, operation: Operation) -> bool:
        """Whether it looks at requests that speak to `operation`."""
        return operation is self.operation

    def _decoded(self, request: Any, path: str) -> Decoded | None:
        """Return the body of a request that is plainly the operation's, as nearly all are."""
        method, label, body = glance(request)
        if method != self.operation.method or not path.endswith(self.operation.path):
            return None
        if not isinstance(body, bytes) or not label or label.partition(";")[0] != self._label:
            return None
        return strict_json.decode(body)

    def _is_valid(self, decoded: Decoded) -> bool:
        payload, faults = decoded
        return not faults and self._accepts(payload)

    def _look_closely(self, request: Request, decoded: Decoded | None) -> None:
        try:
            if match_request(self.operation, request) == "other":
                return
        except ValueError as problem:
            raise _unaddressed(request, problem) from None
        if codings_of(request.headers):
            decoded = None
        if decoded is None and request.body is not None:
            decoded = strict_json.decode(request.body)
            # Quicker than all violations, of which only the weak ones can be left.
            envelope = envelope_violations(self.operation, request)
            if self._is_valid(decoded) and not any(map(self._counts, envelope)):
                return
        violations = request_violations(self.operation, request, decoded)
        if any(map(self._counts, violations)):
            self._report(request, violations)
        elif request.body is None:
            why = request.unseen or "cannot be read beforehand"
            LOG.debug("%s: its body %s and is not judged", _shown(request), why)

    def _counts(self, violation: Violation) -> bool:
        return violation.evidence.at_least(self._level)

    def _report(self, request: Request, violations: Sequence[Violation]) -> None:
        if self._on_violation == "raise":
            raise ContractViolated(violations)
        for violation in violations:
            severity = logging.WARNING if self._counts(violation) else logging.INFO
            rule = (violation.rule.id, violation.evidence)
            LOG.log(severity, "%s: %s [%s, %s]", _shown(request), demand(violation), *rule)


class Guards:
    """Looks at every request, and judges those that speak to one of several operations.

    `others` are the guards that look at some of them in its place.
    """

    def __init__(
        self,
        routes: Routes,
        level: Level,
        on_violation: str,
        others: tuple[Guard | Guards, ...] = (),
    ) -> None:
        self._routes = routes
        self._level = level
        self._on_violation = on_violation
        self._others = others
        self._guards: dict[str, Guard] = {}

    def look(self, request: Any) -> None:
        """Return when `request` may be sent.

        Raises:
            ContractViolated: it breaks a rule at or above the level, and these guards raise.

        """
        path = path_of(request)
        try:
            operation = self._routes.at(path, lambda: request_of(request).method)
        except ValueError as problem:
            if self._routes.mentions(path):
                raise _unaddressed(request_of(request), problem) from None
            return
        if operation is not None and self.judges(operation):
            self._of(operation).look(request)

    @property
    def operation(self) -> Operation:
        """The first of the operations: the default, where it is among them."""
        return self._routes.first

    def _of(self, operation: Operation) -> Guard:
        """Return the guard of one operation, compiled when it is first needed."""
        if operation.id not in self._guards:
            self._guards[operation.id] = Guard(operation, self._level, self._on_violation)
        return self._guards[operation.id]

    def without(self, other: Guard | Guards) -> Guards | None:
        """Return the guards of what `other` does not look at, None where nothing is left."""
        if isinstance(other, Guards) and self._is_within(other):
            return None
        return Guards(
            self._routes,
            self._level,
            self._on_violation,
            tuple(dict.fromkeys((*self._others, other))),
        )

    def _is_within(self, other: Guards) -> bool:
        return self._routes.within(other._routes)

    def judges(self, operation: Operation) -> bool:
        """Whether it looks at requests that speak to `operation`."""
        elsewhere = any(other.judges(operation) for other in self._others)
        return self._routes.has(operation) and not elsewhere


def _unaddressed(request: Request, problem: ValueError) -> UsageError:
    return UsageError(f"{_shown(request)} has no address to be sent to ({problem})")


def _shown(request: Request) -> str:
    return one_line(f"{request.method} {shown_url(request.url)}")


def validate_request(
    request: Any,
    *,
    on_violation: OnViolation = "raise",
    contract: Contract | None = None,
    operation: str | Iterable[str] | None = None,
    fail_on: Level | str = FAIL_ON,
) -> None:
    """Return when `request` may be sent: method, path, label and body break no rule.

    Args:
        request: an object of httpx, requests (prepared), urllib.request, aiohttp's client or
            Starlette, or a `Request` of this package. Nothing of it is used up.
        on_violation: "raise", or "warn" to log a line for each violation (logger
            `enkash_contract`), without any value that is sent.
        contract: the contract, by default the bundled one.
        operation: the ids of the operations to judge, globs over them or `tag:NAME`, one or
            several; by default all, each by its method and path. A request to any other path, and a
            body that reading would use up, is not judged.
        fail_on: the weakest level of evidence at which a violation counts.

    Raises:
        ContractViolated: it breaks a rule at or above `fail_on`; all violations are listed.
        UsageError: it is no request that is read here.

    """
    guard_of(on_violation, contract, operation, fail_on).look(request)


def guard_of(
    on_violation: str,
    contract: Contract | None,
    operation: str | Iterable[str] | None,
    fail_on: Level | str,
) -> Guard | Guards:
    """Return the guard of one operation or of several, the same one for the same arguments.

    Raises:
        UsageError: there is no such mode, or no such operation.

    """
    if on_violation not in MODES:
        modes = " or ".join(f'"{mode}"' for mode in MODES)
        raise UsageError(f"on_violation must be {modes}, but it is {on_violation!r}")
    named = operation if operation is None or isinstance(operation, str) else tuple(operation)
    return _made(on_violation, contract, named, fail_on)


@functools.lru_cache(maxsize=32)
def _made(
    on_violation: str,
    contract: Contract | None,
    operation: str | tuple[str, ...] | None,
    fail_on: Level | str,
) -> Guard | Guards:
    whole, level = bundled() if contract is None else contract, Level.of(fail_on)
    routes = Routes(whole, wanted(whole, operation) if operation else ())
    if len(routes) == 1:
        return Guard(routes.operations[0], level, on_violation)
    return Guards(routes, level, on_violation)
