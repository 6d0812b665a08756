"""Running an ASGI or WSGI application in this process, as safely as a server does.

A server survives whatever its application does: raising, exiting, sending without end, returning
without a response, never starting. So does a run that calls the application itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import re
import sys
from typing import TYPE_CHECKING, Any

import httpx

from enkash_contract.engine.transport.wsgi import LIMIT, WsgiTransport, crash, summary
from enkash_contract.errors import TargetError
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    Transport = httpx.AsyncBaseTransport

_ADDRESS = re.compile(
    r"(?:localhost|[\w.-]+:\d+|\d+(?:\.\d+){3}|\[[\da-fA-F:]+\](?::\d+)?)(?:/\S*)?"
)
"""An address without http:// before it."""

_NAMED = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


def find(target: Any) -> tuple[Any, str]:
    """Return the application that `target` is or names, and what to call it in messages.

    Raises:
        TargetError: there is no such application.

    """
    if not isinstance(target, str):
        return target, getattr(target, "__name__", type(target).__name__)
    if not _NAMED.fullmatch(target):
        what = f"{shown_url(target)!r} is neither a URL nor an application"
        if _ADDRESS.fullmatch(target):
            raise TargetError(f"{what}; did you mean {shown_url(f'http://{target}')}?")
        raise TargetError(
            f"{what}; write http://HOST:PORT, or module:attribute of an ASGI or WSGI application"
        )
    name, _, attribute = target.partition(":")
    if "" not in sys.path:
        # As with `python -m`: the application may import from beside itself later, too.
        sys.path.insert(0, "")
    try:
        found: Any = importlib.import_module(name)
    except ModuleNotFoundError as problem:
        raise TargetError(f"there is no module {problem.name!r}, asked for by {target}") from None
    except (Exception, SystemExit) as problem:
        raise TargetError(f"importing {name!r} failed: {summary(problem)}") from problem
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise TargetError(f"the module {name!r} has no {attribute!r}")
        found = getattr(found, part)
    return found, target


@contextlib.asynccontextmanager
async def start(
    application: Any,
    source: str,
    timeout: float,  # noqa: ASYNC109 - how long the application's start may take
) -> AsyncIterator[Transport]:
    """Start `application` and yield the transport that reaches it.

    Raises:
        TargetError: it is no application, or does not start.

    """
    if not is_asgi(application, source):
        yield WsgiTransport(application)
        return
    async with _lifespan(application, source, timeout) as state:
        yield _Asgi(application, state)


def is_asgi(application: Any, source: str) -> bool:
    """Return whether an application is ASGI (three arguments, awaited) or WSGI (two).

    Raises:
        TargetError: it is neither.

    """
    if not inspect.isclass(application) and callable(application):
        call = application if inspect.isroutine(application) else type(application).__call__
        if inspect.iscoroutinefunction(call):
            return True
    with contextlib.suppress(ValueError, TypeError):
        signature = inspect.signature(application)
        for count, asgi in _forms(application):
            with contextlib.suppress(TypeError):
                signature.bind(*range(count))
                return asgi
    is_class = inspect.isclass(application)
    kind = "a class" if is_class else f"of type {type(application).__name__}"
    raise TargetError(
        f"{source} is {kind}, not an ASGI or WSGI application; name the application object itself"
    )


def _forms(application: Any) -> Iterator[tuple[int, bool]]:
    """Yield each form that an application may have: its number of arguments, and if it is ASGI.

    What a call of a class returns is an instance, which must be what a server expects: the body
    of a WSGI response, or something to await. Most classes make applications instead.
    """
    for count, asgi, expected in ((2, False, "__iter__"), (3, True, "__await__")):
        if not inspect.isclass(application) or hasattr(application, expected):
            yield count, asgi


@contextlib.asynccontextmanager
async def _lifespan(application: Any, source: str, seconds: float) -> AsyncIterator[dict[str, Any]]:
    """Start and stop an ASGI application; one without a lifespan raises, as ASGI allows."""
    to_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    from_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    state: dict[str, Any] = {}
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}

    async def send(message: dict[str, str]) -> None:
        if not message["type"].startswith("lifespan."):
            raise TypeError("only HTTP has such messages")
        await from_app.put(message)

    async def live() -> None:
        # SystemExit would end the event loop, and with it the run.
        with contextlib.suppress(Exception, SystemExit):
            await application(scope, to_app.get, send)

    task = asyncio.ensure_future(live())

    async def ask(event: str) -> dict[str, str]:
        await to_app.put({"type": f"lifespan.{event}"})
        answer = asyncio.ensure_future(from_app.get())
        done, _ = await asyncio.wait(
            {task, answer}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if answer in done:
            return answer.result()
        answer.cancel()
        return {"message": f"nothing within {seconds:g} s"} if not done else {}

    try:
        started = await ask("startup")
        if started and started.get("type") != "lifespan.startup.complete":
            why = started.get("message", "").strip() or "no reason given"
            raise TargetError(f"{source} did not start: {why.splitlines()[-1]}")
        yield state
        await ask("shutdown")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Asgi(httpx.AsyncBaseTransport):
    """Runs an ASGI application, and turns whatever it does wrong into a response or an error."""

    def __init__(self, application: Any, state: dict[str, Any]) -> None:
        self._application = application
        self._state = state

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        watch = _Watch(self._application, self._state)
        try:
            answer = await httpx.ASGITransport(watch).handle_async_request(request)
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - a server would survive it
            if watch.too_long:
                return httpx.Response(200, content=b" " * (LIMIT + 1))
            if watch.silent:
                raise httpx.RemoteProtocolError("the application sent no response") from None
            return crash(problem)
        except asyncio.CancelledError as problem:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return crash(problem)
        return answer


class _Watch:
    """An ASGI application around another: counts what it sends, hands on the lifespan's state."""

    def __init__(self, application: Any, state: dict[str, Any]) -> None:
        self._application = application
        self._state = state
        self.silent = False
        self.too_long = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        finished, size = False, 0

        async def counted(message: Any) -> None:
            nonlocal finished, size
            # Yields to the loop: otherwise no time-out reaches an application that never waits.
            await asyncio.sleep(0)
            if message["type"] == "http.response.body":
                size += len(memoryview(message.get("body", b"")))
                finished = not message.get("more_body", False)
            self.too_long = size > LIMIT
            if self.too_long:
                raise OverflowError
            await send(message)

        await self._application({**scope, "state": dict(self._state)}, receive, counted)
        self.silent = not finished
        if self.silent:
            raise EOFError
