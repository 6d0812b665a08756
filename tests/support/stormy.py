"""A second server that fails as live ones do: all at once, in spells, and in time.

The first (`faulty`) hits each request so often, whenever it comes, so that what a run must say is
known exactly. Here it is as in life: connections are reset and responses cut at random, a spell of
500, 502, 503 or 409 meets whatever is sent while it lasts, tokens run out, and of two instances one
may be out of date, and knows no invoice. All follows from a seed and the order in which requests
arrive. Time is compressed: what takes a second there takes `SECOND` here.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from enkash_contract.clock import monotonic
from enkash_contract.wire.message import Response
from tests.support.faults import REFUSED, Exchange, Faults, cut_body, plain, reset, saying
from tests.support.faulty import Faulty, key_of, leaves
from tests.support.faulty_state import accepting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.sandbox.app import Sandbox
    from enkash_contract.wire.message import Request

SECOND = 0.05
"""A second of the world outside."""

SPELLS = {"crashes": (500,), "gateway": (502, 503), "mixed": (500, 502, 503), "conflict": (409,)}
"""The kinds of spells, and what is responded while one lasts."""

CORRELATION = "X-Request-Id"


@dataclass(frozen=True)
class Weather:
    """The faults of one server: shares of requests, and what begins at which request."""

    seed: int
    resets: float = 0.02
    halves: float = 0.02
    spells: tuple[tuple[int, str, float], ...] = ()
    """The request at which each begins, its kind, and how many seconds it lasts."""
    out_of_date: float = 0.0
    """The share of requests that the second instance gets, which knows no invoice."""
    token_uses: int = 0
    slow: float = 0.02
    """The share of requests that take a quarter of a second; the others take a hundredth."""


def weather_of(chance: random.Random, requests: int) -> Weather:
    """Return the weather of a day, over so many requests."""
    spells = [
        (chance.randrange(2, requests), kind, chance.uniform(0.2, 0.8))
        for kind in chance.sample([*SPELLS], chance.randrange(4))
    ]
    return Weather(
        seed=chance.randrange(1 << 30),
        resets=chance.choice([0.0, 0.02, 0.02]),
        halves=chance.choice([0.0, 0.02, 0.02]),
        spells=tuple(sorted(spells)),
        out_of_date=chance.choice([0.0, 0.0, 0.0, 0.1, 0.5]),
        token_uses=chance.choice([0, chance.randint(40, 150)]),
    )


class Stormy(Faulty):
    """One such server."""

    def __init__(self, weather: Weather, truth: Sandbox | None = None) -> None:
        super().__init__(Faults(token_uses=weather.token_uses), truth)
        self.weather = weather
        self._spell: tuple[float, str] | None = None

    async def _one(
        self,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        again: bool,  # noqa: ARG002 - a connection is as good as another here
    ) -> None:
        weather, key = self.weather, key_of(request)
        self.came[key] += 1
        chance = random.Random(f"{weather.seed} {self.heard}")
        slow = chance.random() < weather.slow
        await asyncio.sleep(SECOND * (0.25 if slow else 0.01 * chance.random()))
        exchange = Exchange(
            request, reader, writer, chance, self.faults, lambda: self._said(key, request, chance)
        )
        found = self._status(chance)
        draw = chance.random()
        if found is not None:
            self.happened[str(found)] += 1
            await plain(exchange, self._spelled(found, request))
        elif draw < weather.resets:
            self.happened["reset"] += 1
            await reset(exchange)
        elif draw < weather.resets + weather.halves and request.method != "HEAD":
            self.happened["half"] += 1
            await cut_body(exchange)
        else:
            await plain(exchange, exchange.answer())

    def _status(self, chance: random.Random) -> int | None:
        """Return the status of the spell that is on; None where none is."""
        for begins, kind, seconds in self.weather.spells:
            if begins == self.heard:
                self._spell = (monotonic() + seconds * SECOND, kind)
        if self._spell is None or monotonic() > self._spell[0]:
            return None
        return chance.choice(SPELLS[self._spell[1]])

    def _spelled(self, status: int, request: Request) -> Response:
        more = [(CORRELATION, f"request-{self.heard}")]
        if leaves(request):
            more.append(("Connection", "close"))
        if status == 409:
            return saying(status, REFUSED, "somebody else is at it", *more)
        return Response(status, (("Content-Type", "text/html"), *more), b"<h1>oops</h1>")

    def _said(self, key: str, request: Request, chance: random.Random) -> Response:
        response = self._told(key, request)
        if accepting(response) and chance.random() < self.weather.out_of_date:
            self.happened["out of date"] += 1
            return saying(200, REFUSED, "no such invoice")
        return response


@contextlib.contextmanager
def stormy(weather: Weather, truth: Sandbox | None = None) -> Iterator[Stormy]:
    """Serve `truth` in such weather on loopback, in a thread."""
    server = Stormy(weather, truth)
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


def compress(monkeypatch: Any) -> None:
    """Compress the time of a run as that of the server is."""
    for name, seconds in (("client.BACKOFF", 0.25), ("pace.FIRST", 1.0)):
        monkeypatch.setattr(f"enkash_contract.engine.transport.{name}", seconds * SECOND)
    for name, seconds in (("FIRST", 0.2), ("LONGEST", 2.0)):
        monkeypatch.setattr(f"enkash_contract.engine.pauses.{name}", seconds * SECOND)
