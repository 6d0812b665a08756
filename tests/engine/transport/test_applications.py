"""Applications in this process: every form is called, and none of them harms the run."""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import TargetError
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Interaction, Request
from tests.support.transport import RIGHT, asgi, send, wsgi

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation


class Callable2:
    """A WSGI application that is an object."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return wsgi(environ, start_response)


def as_asgi(scope: Any, receive: Any, send: Any) -> Any:
    """Return what must be awaited, as some decorators do."""
    return asgi(scope, receive, send)


@pytest.mark.parametrize(
    "target",
    [
        asgi,
        wsgi,
        Callable2(),
        as_asgi,
        Sandbox(),
        functools.partial(wsgi),
        "tests.support.transport:wsgi",
    ],
    ids=["asgi", "wsgi", "wsgi-object", "asgi-plain", "asgi-object", "partial", "named"],
)
def test_applications_of_every_form_are_called(target: Any, operation: Operation) -> None:
    """ASGI and WSGI are told apart by how they are called."""
    found = send(target, operation)
    assert found.response is not None
    assert found.response.status in (200, 400, 415)


def test_a_module_beside_the_user_is_found(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`module:attribute` is looked for in the current folder, which stays on the path."""
    (tmp_path / "gateway_here.py").write_text("from tests.support.transport import wsgi as app")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    before = list(sys.path)
    for _ in range(2):
        assert send("gateway_here:app", operation).response is not None
        assert sys.path == ["", *before]
    del sys.modules["gateway_here"]


def test_a_raising_application_is_a_server_that_answers_500(operation: Operation) -> None:
    """An exception never comes out of an application in this process."""

    def broken_wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise RuntimeError("broken")

    async def broken_asgi(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("broken")

    for target in (broken_wsgi, broken_asgi):
        found = send(target, operation)
        assert found.response is not None
        assert found.response.status == 500


def test_a_silent_asgi_application_did_not_answer(operation: Operation) -> None:
    """An application that returns without an answer is an error in its place."""

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        pass

    assert send(silent, operation).error == (
        "did not respond in HTTP (the application sent no response)"
    )


def test_an_application_answering_without_end_is_cut(operation: Operation) -> None:
    """A WSGI application's body is read only as far as it is wanted."""

    def long(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        while True:
            yield b" " * 65536

    assert send(long, operation).error == "sent more than 1,048,576 bytes"


def test_a_hanging_wsgi_application_is_left_behind(operation: Operation) -> None:
    """The thread that waits is not waited for."""
    released = threading.Event()

    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        released.wait(5)
        return wsgi(environ, start_response)

    started = time.monotonic()
    try:
        assert send(slow, operation, timeout=0.2).error == "no whole response came within 0.2 s"
        assert time.monotonic() - started < 4
    finally:
        released.set()


def test_the_lifespan_is_kept(operation: Operation) -> None:
    """An application is started before its first request and stopped after its last."""
    heard: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            heard.append("request")
            await asgi(scope, receive, send)
            return
        for word in ("startup", "shutdown"):
            message = await receive()
            heard.append(message["type"])
            await send({"type": f"lifespan.{word}.complete"})

    send(app, operation)
    assert heard == ["lifespan.startup", "request", "lifespan.shutdown"]


@pytest.mark.parametrize(
    ("message", "why"),
    [({"message": "Traceback\nno database"}, "no database"), ({}, "no reason given")],
)
def test_an_application_that_does_not_start_says_why(
    message: dict[str, str], why: str, operation: Operation
) -> None:
    """A failed start is one line, the last of what the application says."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", **message})

    with pytest.raises(TargetError, match=f"^app did not start: {why}$"):
        send(app, operation)


def test_a_module_that_fails_to_load_is_named(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exception of somebody else's module becomes one line."""
    (tmp_path / "gateway_broken.py").write_text("raise RuntimeError('no settings\\nat all')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        TargetError, match="^importing 'gateway_broken' failed: RuntimeError: no set"
    ):
        send("gateway_broken:app", operation)


async def exiting(scope: Any, receive: Any, send: Any) -> None:
    """Leave the process, as if nobody else lived in it."""
    sys.exit(3)


async def cancelled(scope: Any, receive: Any, send: Any) -> None:
    """Raise what looks like a time-out of ours, and is not."""
    raise asyncio.CancelledError


async def text_for_bytes(scope: Any, receive: Any, send: Any) -> None:
    """Answer with a body that is not bytes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": "text"})


def exiting_wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Leave the process, as if nobody else lived in it."""
    sys.exit(3)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (exiting, b"SystemExit: 3"),
        (cancelled, b"CancelledError"),
        (text_for_bytes, b"TypeError: "),
        (exiting_wsgi, b"SystemExit: 3"),
    ],
)
def test_whatever_an_application_does_its_server_survives(
    target: Any, said: bytes, operation: Operation
) -> None:
    """It is a 500 that says what was raised."""
    found = send(target, operation)
    assert found.response is not None
    assert found.response.status == 500
    assert (found.response.body or b"").startswith(said)


def test_an_endless_asgi_answer_is_cut(operation: Operation) -> None:
    """The application is stopped when it has sent more than anyone reads."""

    async def endless_app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b" " * 65536, "more_body": True})

    assert send(endless_app, operation).error == "sent more than 1,048,576 bytes"


def test_a_busy_asgi_application_does_not_keep_the_time_out_out(operation: Operation) -> None:
    """One that sends for ever in small pieces is given up in time."""

    async def busy(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"", "more_body": True})

    assert send(busy, operation, timeout=0.2).error == "no whole response came within 0.2 s"


def test_a_start_that_never_ends_is_given_up(operation: Operation) -> None:
    """A lifespan that hangs is one line after the time an answer may take."""

    async def hanging(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    with pytest.raises(TargetError, match=r"^hanging did not start: nothing within 0\.2 s$"):
        send(hanging, operation, timeout=0.2)


def test_a_stop_that_never_ends_is_given_up(operation: Operation) -> None:
    """What the run found is not lost to an application that does not stop."""

    async def stays(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asgi(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.sleep(60)

    assert send(stays, operation, timeout=0.3).response is not None


def test_what_the_lifespan_puts_in_its_state_reaches_the_requests(operation: Operation) -> None:
    """The state of ASGI's lifespan is in the scope of each request, a copy for each."""

    async def stateful(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["answer"] = RIGHT
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["state"]["answer"]})

    found = send(stateful, operation)
    assert found.response is not None
    assert found.response.body == RIGHT


def test_a_class_is_no_application(operation: Operation) -> None:
    """A class where an object is meant is told, instead of being called as WSGI."""
    with pytest.raises(TargetError, match="^Callable2 is a class, not an ASGI or WSGI"):
        send(Callable2, operation)


def test_a_module_that_exits_or_lacks_something_itself_is_told(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong inside the module is not blamed on the name after the colon."""
    (tmp_path / "gateway_exits.py").write_text("import sys\nsys.exit(5)")
    (tmp_path / "gateway_lacks.py").write_text("import sys\nsys.nothing_there")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TargetError, match="^importing 'gateway_exits' failed: SystemExit: 5$"):
        send("gateway_exits:app", operation)
    with pytest.raises(TargetError, match="^importing 'gateway_lacks' failed: AttributeError: "):
        send("gateway_lacks:app", operation)


def test_an_answer_that_comes_too_late_is_let_go(operation: Operation) -> None:
    """A WSGI application that answers after its time does not disturb what follows."""
    released = threading.Event()

    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        released.wait(10)
        return wsgi(environ, start_response)

    async def twice() -> list[Interaction]:
        async with client.connect(slow, operation, Connection(timeout=0.2)) as http:
            request = Request("POST", http.url, (), b"{}")
            first = await http.send(request)
            released.set()
            await asyncio.sleep(0.2)
            return [first, await http.send(request)]

    first, second = asyncio.run(twice())
    assert (first.error, second.error) == ("no whole response came within 0.2 s", None)
