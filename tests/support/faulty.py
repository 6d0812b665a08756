"""A server that fails as live ones do, by a seed: the truth is a sandbox, the wire is not to trust.

What hits a request follows from the seed, the request and how often it came before, not from the
order in which requests arrive: a run with eight workers meets the same faults as one with one.
The exceptions are what depends on order by nature: a burst, an outage, state, a token's age.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
import socket
import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Request, header
from tests.support.faults import FAILURES, FORMS, LOST, REFUSED, Exchange, Faults, saying
from tests.support.faulty_state import State, Tokens

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from enkash_contract.wire.message import Response

HOST = "127.0.0.1"


class Faulty:
    """One such server: `happened` counts what it did, `came` how often each request was heard."""

    def __init__(
        self, faults: Faults, truth: Sandbox | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.faults = faults
        self.tokens = Tokens(faults.token_uses)
        self.state = State(faults)
        self.happened: Counter[str] = Counter()
        self.came: Counter[str] = Counter()
        self.problems: list[Exception] = []
        self.at_once = 0
        self.url = ""
        self._truth = truth or Sandbox()
        self._tls = tls
        self._port = 0
        self._burst = ""
        self._in_a_row = 0
        self._spent: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._busy = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._recovered = asyncio.Event()
        self._listens = asyncio.Event()
        self._crowded = asyncio.Event()
        self._listening: socket.socket | None = None

    @property
    def heard(self) -> int:
        """How many requests came."""
        return self.came.total()

    # Listening

    def listen(self) -> None:
        """Listen where it did before, or on a free port."""
        self._listening = socket.create_server((HOST, self._port))
        self._listening.setblocking(False)
        self._port = self._listening.getsockname()[1]
        self.url = f"http{'s' if self._tls else ''}://{HOST}:{self._port}"
        self._loop.add_reader(self._listening, self._accept, self._listening)
        self._listens.set()

    def _accept(self, listening: socket.socket) -> None:
        # Not by asyncio's own server: that one leaks what it accepts while it is being closed.
        with contextlib.suppress(BlockingIOError):
            accepted, _ = listening.accept()
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self._loop.create_task(self._connected(accepted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def hang_up(self) -> None:
        """Stop listening and drop every connection."""
        if self._listening is not None:
            self._loop.remove_reader(self._listening)
            self._listening.close()
            self._listening = None
            self._listens.clear()
        for writer in self._writers:
            writer.transport.abort()

    async def _out(self, seconds: float) -> None:
        self.hang_up()
        with socket.socket() as held, contextlib.suppress(TimeoutError):
            # Nobody else is to be found at this address meanwhile.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind((HOST, self._port))
            await asyncio.wait_for(self._recovered.wait(), seconds)
        if not self._over.is_set():
            self.listen()

    def recover(self) -> None:
        """End an outage before its time; called by another thread."""
        asyncio.run_coroutine_threadsafe(self._recover(), self._loop).result(30)

    async def _recover(self) -> None:
        self._recovered.set()
        await self._listens.wait()

    async def serve(self, ready: threading.Event) -> None:
        """Serve until told to stop."""
        self.listen()
        ready.set()
        await self._over.wait()
        self.hang_up()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def run(self, ready: threading.Event) -> None:
        """Run to the end in this thread."""
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self.serve(ready))

    def stop(self) -> None:
        """Tell another thread's `run` to end."""
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._over.set()
        self._recovered.set()

    # One connection

    async def _connected(self, accepted: socket.socket) -> None:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol, accepted, ssl=self._tls
            )
        except OSError:
            # The two sides did not agree on TLS.
            accepted.close()
            self.happened["no handshake"] += 1
            return
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        self._writers.add(writer)
        if self._listening is None:
            transport.abort()
        await self._requests(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        self._writers.discard(writer)

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        again = False
        try:
            while not writer.is_closing():
                request = await read(reader)
                await self._one(request, reader, writer, again=again)
                again = True
                if leaves(request):
                    return
        except (OSError, EOFError):
            pass
        except Exception as problem:  # noqa: BLE001 - raised where the test sees it
            self.problems.append(problem)

    async def _one(
        self,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        again: bool,
    ) -> None:
        key = key_of(request)
        chance = random.Random(f"{self.faults.seed} {self.came[key]} {key}")
        self.state.first = self.state.first or key
        self.came[key] += 1
        if self.faults.outage and self.heard == self.faults.outage[0]:
            self.happened["outage"] += 1
            await self._out(self.faults.outage[1])
            return
        self._busy += 1
        self.at_once = max(self.at_once, self._busy)
        await self._crowd()
        await asyncio.sleep(chance.uniform(*self.faults.latency))
        self._busy -= 1
        exchange = Exchange(
            request, reader, writer, chance, self.faults, lambda: self._told(key, request)
        )
        failing = self._failure(key, chance, again=again, bodiless=request.method == "HEAD")
        form = drawn(chance, self.faults.forms) or "plain"
        self.happened[failing or form] += 1
        if failing:
            await FAILURES[failing](exchange)
        else:
            await FORMS[form](exchange, self._told(key, request))

    async def _crowd(self) -> None:
        """Wait for the others that are to be under way; the first request comes alone."""
        if self.at_once >= self.faults.crowd:
            self._crowded.set()
        elif self.heard > 1:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._crowded.wait(), 10)
            # Whoever has waited in vain does so once.
            self._crowded.set()

    def _told(self, key: str, request: Request) -> Response:
        if self.faults.token_uses and not self.tokens.good(request):
            self.happened["expired"] += 1
            more = ("WWW-Authenticate", 'Bearer error="invalid_token"')
            return saying(401, REFUSED, "the token has expired", more)
        response = self._truth.answer(request).response
        assert response is not None, "a defect that never answers is no truth"
        told = self.state.told(key, response)
        if not leaves(request):
            return told
        return replace(told, headers=(*told.headers, ("Connection", "close")))

    def _failure(
        self, key: str, chance: random.Random, *, again: bool, bodiless: bool
    ) -> str | None:
        """Choose what happens to a request, unless it was hit often enough."""
        found = drawn(chance, self.faults.failing)
        if self._in_a_row:
            found = self._burst
        impossible = (found == "reuse" and not again) or (found == "cut_body" and bodiless)
        lost_enough = found in LOST and self._lost[key] >= self.faults.most_lost
        enough = lost_enough or self._spent[key] >= self.faults.most
        if found is None or impossible or enough or self._spared(key):
            return None
        if found in {"busy", "unavailable"}:
            self._in_a_row = (self._in_a_row or self.faults.burst) - 1
            self._burst = found
        self._spent[key] += 1
        self._lost[key] += found in LOST
        return found

    def _spared(self, key: str) -> bool:
        wanted = {"all": key, "first": self.state.first}.get(self.faults.aim)
        others = self.faults.aim == "others" and key != self.state.first
        return self.heard <= self.faults.calm or not (others or key == wanted)


def drawn(chance: random.Random, shares: Mapping[str, float]) -> str | None:
    """Draw one of `shares`, or nothing with what is left to 1."""
    at = chance.random()
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return None


def key_of(request: Request) -> str:
    """Return what makes two requests the same, whatever the connection and the token."""
    labels = [value for name, value in request.headers if name == "content-type"]
    told = json.dumps([request.method, request.path, labels]).encode()
    return hashlib.sha256(told + (request.body or b"")).hexdigest()


def leaves(request: Request) -> bool:
    """Say whether the client wants no further answer on this connection."""
    return (header(request.headers, "connection") or "").lower() == "close"


async def read(reader: asyncio.StreamReader) -> Request:
    """Read one request.

    Raises:
        EOFError: the client has left.

    """
    before = await reader.readuntil(b"\r\n\r\n")
    line, *fields = before.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = line.split(" ")
    parts = [one.partition(":") for one in fields]
    headers = tuple((name.lower(), value.strip()) for name, _, value in parts)
    if header(headers, "transfer-encoding") is None:
        body = await reader.readexactly(int(header(headers, "content-length") or 0))
    else:
        body = await read_chunks(reader)
    return Request(method, f"http://faulty{path}", headers, body)


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    """Read a body in chunks, to its end."""
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


@contextlib.contextmanager
def faulty(
    faults: Faults, truth: Sandbox | None = None, *, tls: ssl.SSLContext | None = None
) -> Iterator[Faulty]:
    """Serve `truth` with `faults` on loopback, in a thread."""
    server = Faulty(faults, truth, tls)
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready,))
    thread.start()
    assert ready.wait(30), "the server did not start"
    try:
        yield server
    finally:
        server.stop()
        thread.join()
    if server.problems:
        raise server.problems[0]
