"""Getting a request answered by a server that is busy, paced, or wants a fresh token.

A live sandbox says 429 when it is asked too fast, 503 while it is being restarted, and 401 once a
token has run out. None of that is an answer to what was sent, so none of it is ever judged: it is
waited for, within bounds, and then the request is sent again as it was.
"""

from __future__ import annotations

import asyncio
import email.utils
import re
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from enkash_contract.contract.wording import counted
from enkash_contract.errors import TargetError
from enkash_contract.wire.message import Interaction, header

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from enkash_contract.engine.transport.client import Client
    from enkash_contract.engine.transport.connection import Connection
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Request, Response

TOO_MANY, UNAVAILABLE, UNAUTHORIZED = 429, 503, 401

LONGEST_WAIT = 60.0
"""Seconds for which a server may be busy without a break before it is no longer waited for."""

RENEWALS = 3
"""How often in a row a token is asked for while none is accepted."""

FIRST_WAIT = 1.0
"""Seconds to wait where a server says 429 and not for how long; then twice as long each time."""


class Sender(Protocol):
    """What a session sends through: this module's `Delivery`, or anything that answers."""

    source: str
    url: str
    secrets: Secrets

    async def send(self, request: Request) -> Interaction:
        """Send `request` and return what happened."""


class Delivery:
    """Sends the requests of one run at its pace, with its token, until they are answered."""

    def __init__(
        self,
        client: Client,
        connection: Connection,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._sleep, self._clock = sleep, clock
        self._step = 1 / connection.rate if connection.rate else 0.0
        self._next = clock()
        self._ask = connection.token
        self._token: str | None = None
        self._asking = asyncio.Lock()
        self._asked = 0
        self._busy: Counter[int] = Counter()
        self._busy_from: float | None = None
        self._problem = ""
        self.source, self.url, self.secrets = client.source, client.url, client.secrets

    async def open(self) -> None:
        """Get the first token, where one is wanted.

        Raises:
            TargetError: there is none.

        """
        if self._ask is not None:
            await self._renew(None)
            if self._token is None:
                raise TargetError(self._problem)

    def notes(self) -> tuple[str, ...]:
        """Return what a person should know of how the requests went."""
        made = [
            f"the target was busy: {counted(times, 'answer')} {status} were waited for"
            for status, times in sorted(self._busy.items())
        ]
        if self._problem:
            made.append(f"the token could not be renewed: {self._problem}")
        return tuple(made)

    async def send(self, request: Request) -> Interaction:
        """Send `request` and return what it was answered in the end.

        A server that stays busy for too long leaves nothing that could be judged: the interaction
        is `aborted`.

        Raises:
            TargetError: nothing listens at the address.

        """
        times, renewed, repeated = 0, 0, False
        while True:
            await self._turn()
            token = self._token
            interaction = await self._client.send(_authorized(request, token))
            repeated = repeated or interaction.repeated
            response = interaction.response
            if response is None:
                break
            if response.status != UNAUTHORIZED:
                self._asked = 0
            elif renewed < RENEWALS:
                renewed += 1
                if await self._renew(token):
                    continue
            pause = _pause(response, times)
            if pause is None:
                self._busy_from = None
                break
            waited = self._wait(response.status, pause)
            if waited is not None:
                return _given_up(interaction, response, waited)
            times += 1
        return replace(interaction, repeated=repeated)

    def _wait(self, status: int, pause: float) -> float | None:
        """Let all requests wait for a busy server; return for how long they have when it is enough.

        Whoever else is about to send waits too: the server is busy for all of them.
        """
        now = self._clock()
        if self._busy_from is None:
            self._busy_from = now
        if now + pause - self._busy_from > LONGEST_WAIT:
            return now - self._busy_from
        self._busy[status] += 1
        self._next = max(self._next, now + pause)
        return None

    async def _turn(self) -> None:
        """Wait until the next request may be sent."""
        now = self._clock()
        due = max(self._next, now)
        self._next = due + self._step
        if due > now:
            await self._sleep(due - now)

    async def _renew(self, used: str | None) -> bool:
        """Ask for a token in place of the one that was `used`; say whether there is another."""
        async with self._asking:
            if self._token != used:
                # Somebody else has asked meanwhile.
                return True
            if self._ask is None or self._asked >= RENEWALS:
                return False
            self._asked += 1
            token = await asyncio.to_thread(_asked, self._ask)
            if isinstance(token, TargetError):
                self._problem = str(token)
                return False
            return self._take(token, used)

    def _take(self, token: object, used: str | None) -> bool:
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            self._problem = "what was given as a token is none; print the token and nothing else"
            return False
        self._client.secrets.add_header("Authorization", f"Bearer {token}")
        self._token = token
        return token != used


def _asked(ask: Callable[[], str]) -> str | TargetError:
    """Ask for a token; whatever goes wrong in a function of the user's is no end of the run."""
    try:
        return ask()
    except TargetError as problem:
        return problem
    except Exception as problem:  # noqa: BLE001 - as above; what it says may hold the secret
        return TargetError(f"what gives the token failed with {type(problem).__name__}")


def _authorized(request: Request, token: str | None) -> Request:
    if token is None:
        return request
    return replace(request, headers=(*request.headers, ("Authorization", f"Bearer {token}")))


def _pause(response: Response, times: int) -> float | None:
    """Return for how long the server asks to be left alone; None when it does not."""
    if response.status not in (TOO_MANY, UNAVAILABLE):
        return None
    said = header(response.headers, "retry-after")
    seconds = None if said is None else _seconds(said.strip())
    if seconds is None and response.status == TOO_MANY:
        return FIRST_WAIT * 2.0**times
    return seconds


def _seconds(said: str) -> float | None:
    """Read a Retry-After: seconds, or a date."""
    if re.fullmatch(r"\d{1,9}", said):
        return float(said)
    try:
        when = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())


def _given_up(interaction: Interaction, response: Response, waited: float) -> Interaction:
    said = header(response.headers, "retry-after")
    asks = f", with Retry-After: {said.strip()}" if said else ""
    error = f"is busy: it still answered {response.status} after {waited:.0f} s{asks}"
    return replace(interaction, response=None, error=error, aborted=True)
