"""Guards in HTTP clients, in front of the transport that would send a request.

A guard stands in the client, at the last place where a request is still an object: an event hook of
httpx, the `send` of one session or adapter of requests. Mocks (respx, responses, a cassette) stand
behind it, in the transport, so an invalid request never reaches them. Nothing global is patched,
and no HTTP library is imported: clients are known by what they can do.
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import UsageError
from enkash_contract.validation.guards import Guard, Guards, guard_of
from enkash_contract.wire.adapters import is_a

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.validation.guards import OnViolation

T = TypeVar("T")


@dataclass(frozen=True)
class Hook:
    """A guard as an event hook of httpx."""

    guard: Guard | Guards

    def __call__(self, request: Any) -> None:
        """Return when `request` may be sent, or raise."""
        self.guard.look(request)


@dataclass(frozen=True)
class AsyncHook:
    """A guard as an event hook of httpx's asynchronous client, which awaits it."""

    guard: Guard | Guards

    async def __call__(self, request: Any) -> None:
        """Return when `request` may be sent, or raise."""
        self.guard.look(request)


@dataclass(frozen=True, eq=False)
class Send:
    """Guards in front of the `send` of one session or adapter of requests.

    `before` is the function that already stood in front of the method of its class. That method is
    looked up when it is called, because a mock may have taken its place since.
    """

    client: Any
    before: Callable[..., Any] | None
    guards: tuple[Guard | Guards, ...]

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Send `request` if no guard raises."""
        for guard in self.guards:
            guard.look(request)
        if self.before is not None:
            return self.before(request, *args, **kwargs)
        return type(self.client).send(self.client, request, *args, **kwargs)


def guard(
    client: T,
    *,
    on_violation: OnViolation = "raise",
    contract: Contract | None = None,
    operation: str | Iterable[str] | None = None,
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
        operation: the ids of the operations to judge, globs over them or `tag:NAME`, one or
            several; by default all.
        fail_on: the weakest level of evidence at which a violation counts.

    Raises:
        UsageError: it is no such client; `validate_request` serves all others.

    """
    added = guard_of(on_violation, contract, operation, fail_on)
    kind = client if isinstance(client, type) else type(client)
    add, _ = _adding_and_removing(kind)
    if isinstance(client, type):
        return cast("T", _guarding(client, lambda instance: add(instance, added)))
    add(client, added)
    return client


def unguard(client: T) -> T:
    """Take every guard off a client, a session or an adapter, and return it.

    Raises:
        UsageError: it is none of these.

    """
    _, remove = _adding_and_removing(type(client))
    remove(client)
    return client


def _adding_and_removing(
    kind: type,
) -> tuple[Callable[[Any, Guard | Guards], None], Callable[[Any], None]]:
    """Return how a guard is added to an object of that class, and how all are removed."""
    if hasattr(kind, "event_hooks"):
        return _add_hook, _remove_hooks
    if hasattr(kind, "get_adapter") or is_a(kind, "BaseAdapter"):
        return _add_to_send, _restore_send
    raise UsageError(
        f"an object of type {kind.__name__} cannot be guarded; pass a client of httpx, or a "
        "session or adapter of requests; for any other library there is validate_request()"
    )


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


def _add_hook(client: Any, added: Guard | Guards) -> None:
    hooks = client.event_hooks["request"]
    awaited = inspect.iscoroutinefunction(client.send)
    kept = []
    for hook in hooks:
        if not _is_ours(hook):
            kept.append(hook)
        elif rest := hook.guard.without(added):
            kept.append(replace(hook, guard=rest))
    # Last, so that it sees what other hooks have made of the request.
    hooks[:] = [*kept, AsyncHook(added) if awaited else Hook(added)]


def _remove_hooks(client: Any) -> None:
    hooks = client.event_hooks["request"]
    hooks[:] = [hook for hook in hooks if not _is_ours(hook)]


def _is_ours(hook: object) -> bool:
    return isinstance(hook, (Hook, AsyncHook))


def _add_to_send(client: Any, added: Guard | Guards) -> None:
    before = vars(client).get("send")
    if isinstance(before, Send):
        kept = [rest for guard in before.guards if (rest := guard.without(added))]
        client.send = replace(before, guards=(*kept, added))
    else:
        client.send = Send(client, before, (added,))


def _restore_send(client: Any) -> None:
    send = vars(client).get("send")
    if isinstance(send, Send):
        del client.send
        if send.before is not None:
            client.send = send.before
