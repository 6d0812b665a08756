"""Guards: a client that does not send what breaks the contract, in tests and in production alike.

A guard stands in the client, at the last place where a request is still an object: an event hook of
httpx, the `send` of one session or adapter of requests. Mocks (respx, responses, a cassette) stand
behind it, in the transport, so a wrong request never reaches them. Nothing global is patched, and
no HTTP library is imported: clients are known by what they can do.

Whoever would rather know than fail chooses "warn". That is a record of `logging` and not a
`warnings.warn`, which would be shown once for a line of code, and become an error where tests treat
warnings as errors. It says what was demanded, by which rule and where, and never what was sent,
because logs are read by more people than may see invoices.
"""

from __future__ import annotations

import functools
import inspect
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from enkash_contract.contract.contract import pick
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.routing import match_request
from enkash_contract.errors import ContractViolated, UsageError
from enkash_contract.validation.request import demand, envelope_violations, request_violations
from enkash_contract.validation.validate import validator
from enkash_contract.validation.violation import one_line
from enkash_contract.wire import strict_json
from enkash_contract.wire.adapters import glance, is_a, path_of, request_of
from enkash_contract.wire.message import header, shown_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Request
    from enkash_contract.wire.strict_json import Decoded

    OnViolation = Literal["raise", "warn"]

T = TypeVar("T")

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
            shown = _shown(request)
            raise UsageError(f"{shown} has no address to be sent to ({problem})") from None
        if header(request.headers, "content-encoding") not in {None, "identity"}:
            request = replace(request, body=None)
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
            LOG.debug("%s: its body cannot be read beforehand and is not judged", _shown(request))

    def _counts(self, violation: Violation) -> bool:
        return violation.evidence.at_least(self._level)

    def _report(self, request: Request, violations: Sequence[Violation]) -> None:
        if self._on_violation == "raise":
            raise ContractViolated(violations)
        for violation in violations:
            severity = logging.WARNING if self._counts(violation) else logging.INFO
            rule = (violation.rule.id, violation.evidence)
            LOG.log(severity, "%s: %s [%s, %s]", _shown(request), demand(violation), *rule)


def _shown(request: Request) -> str:
    return one_line(f"{request.method} {shown_url(request.url)}")


@dataclass(frozen=True)
class Hook:
    """A guard as an event hook of httpx."""

    guard: Guard

    def __call__(self, request: Any) -> None:
        """Let `request` pass, or raise."""
        self.guard.look(request)


@dataclass(frozen=True)
class AsyncHook:
    """A guard as an event hook of httpx's asynchronous client, which awaits it."""

    guard: Guard

    async def __call__(self, request: Any) -> None:
        """Let `request` pass, or raise."""
        self.guard.look(request)


@dataclass(frozen=True, eq=False)
class Send:
    """Guards in front of the `send` of one session or adapter of requests.

    `before` is what already stood in front of the method of its class. That method is looked up
    when it is called, because a mock may have taken its place since.
    """

    client: Any
    before: Callable[..., Any] | None
    guards: tuple[Guard, ...]

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Send `request` if all guards let it pass."""
        for one in self.guards:
            one.look(request)
        if self.before is not None:
            return self.before(request, *args, **kwargs)
        return type(self.client).send(self.client, request, *args, **kwargs)


def validate_request(
    request: Any,
    *,
    on_violation: OnViolation = "raise",
    contract: Contract | None = None,
    operation: str | None = None,
    fail_on: Level | str = FAIL_ON,
) -> None:
    """Return when `request` may be sent: method, path, label and body break no rule.

    Args:
        request: an object of httpx, requests (prepared), urllib.request, aiohttp's client or
            Starlette, or a `Request` of this package. Nothing of it is used up.
        on_violation: "raise", or "warn" to log a line for each violation (logger
            `enkash_contract`), without any value that is sent.
        contract: the contract, by default the bundled one.
        operation: the operation's id, where the contract has several. A request to any other path,
            and a body that reading would use up, is not judged.
        fail_on: the weakest level of evidence at which a violation counts.

    Raises:
        ContractViolated: it breaks a rule at or above `fail_on`; all violations are listed.
        UsageError: it is no request that is read here.

    """
    _guard(on_violation, contract, operation, fail_on).look(request)


def guard(
    client: T,
    *,
    on_violation: OnViolation = "raise",
    contract: Contract | None = None,
    operation: str | None = None,
    fail_on: Level | str = FAIL_ON,
) -> T:
    """Let `client` send no request that breaks the contract, and return it.

    A client guarded twice for one operation has the later guard only. `unguard` takes all away.

    Args:
        client: a client of httpx (an event hook is added to it), or a session or adapter of
            requests (its `send` is put behind the guard). The class of one is left as it is: a
            subclass comes back whose instances are guarded.
        on_violation: "raise", or "warn" to log, as for `validate_request`.
        contract: the contract, by default the bundled one.
        operation: the operation's id, where the contract has several.
        fail_on: the weakest level of evidence at which a violation counts.

    Raises:
        UsageError: it is no such client; `validate_request` serves all others.

    """
    made = _guard(on_violation, contract, operation, fail_on)
    kind = client if isinstance(client, type) else type(client)
    add, _ = _way(kind)
    if isinstance(client, type):
        return cast("T", _guarding(client, lambda one: add(one, made)))
    add(client, made)
    return client


def unguard(client: T) -> T:
    """Take every guard off a client, a session or an adapter, and return it.

    Raises:
        UsageError: it is none of these.

    """
    _, remove = _way(type(client))
    remove(client)
    return client


def _guard(
    on_violation: str, contract: Contract | None, operation: str | None, fail_on: Level | str
) -> Guard:
    if on_violation not in MODES:
        modes = " or ".join(f'"{mode}"' for mode in MODES)
        raise UsageError(f"on_violation must be {modes}, but it is {on_violation!r}")
    return _made(on_violation, contract, operation, fail_on)


@functools.lru_cache(maxsize=32)
def _made(
    on_violation: str, contract: Contract | None, operation: str | None, fail_on: Level | str
) -> Guard:
    return Guard(pick(contract, operation), Level.of(fail_on), on_violation)


def _way(kind: type) -> tuple[Callable[[Any, Guard], None], Callable[[Any], None]]:
    """Return how a guard is added to an object of that class, and how all are removed."""
    if hasattr(kind, "event_hooks"):
        return _add_hook, _remove_hooks
    if hasattr(kind, "get_adapter") or is_a(kind, "BaseAdapter"):
        return _add_to_send, _restore_send
    what = f"a {kind.__name__} cannot be guarded; pass a client of httpx, or a session or adapter"
    raise UsageError(f"{what} of requests; for any other library there is validate_request()")


def _guarding(kind: type, add: Callable[[Any], None]) -> type:
    """Make a subclass of `kind` that behaves and is called like it."""

    @functools.wraps(vars(kind).get("__init__", kind.__init__))  # type: ignore[misc]  # not called
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes one
        kind.__init__(self, *args, **kwargs)  # type: ignore[misc]  # the one that is replaced
        add(self)

    about = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    return type(kind)(
        kind.__name__, (kind,), {**about, "__doc__": kind.__doc__, "__init__": __init__}
    )


def _add_hook(client: Any, made: Guard) -> None:
    hooks = client.event_hooks["request"]
    awaited = inspect.iscoroutinefunction(client.send)
    kept = [one for one in hooks if not _is_ours(one) or _differs(one.guard, made)]
    # Last, so that it sees what other hooks have made of the request.
    hooks[:] = [*kept, AsyncHook(made) if awaited else Hook(made)]


def _remove_hooks(client: Any) -> None:
    hooks = client.event_hooks["request"]
    hooks[:] = [one for one in hooks if not _is_ours(one)]


def _is_ours(hook: object) -> bool:
    return isinstance(hook, (Hook, AsyncHook))


def _differs(one: Guard, other: Guard) -> bool:
    return one.operation.id != other.operation.id


def _add_to_send(client: Any, made: Guard) -> None:
    before = vars(client).get("send")
    if isinstance(before, Send):
        kept = tuple(one for one in before.guards if _differs(one, made))
        client.send = replace(before, guards=(*kept, made))
    else:
        client.send = Send(client, before, (made,))


def _restore_send(client: Any) -> None:
    found = vars(client).get("send")
    if isinstance(found, Send):
        del client.send
        if found.before is not None:
            client.send = found.before
