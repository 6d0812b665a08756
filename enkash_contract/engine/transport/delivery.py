"""Sending a request to a server that is busy, paced, or wants a fresh token.

A live sandbox says 429 when requests come too fast, 503 while it is being restarted, and 401 once a
token has run out. None of that responds to the payload, so none of it is ever judged: after a wait,
within bounds, the request is sent again as it was.
"""

from __future__ import annotations

import asyncio
import email.utils
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from enkash_contract.clock import monotonic, now
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
"""Seconds for which a server may be busy without a break before a request is given up."""

RENEWALS = 3
"""How often in a row a new token is requested while none is accepted."""

FIRST_WAIT = 1.0
"""Seconds to wait where a server says 429 and not for how long; then twice as long each time."""


class Sender(Protocol):
    """The way a session sends: this module's `Delivery`, or anything that responds."""

    source: str
    url: str
    secrets: Secrets

    async def send(self, request: Request) -> Interaction:
        """Send `request` and return what happened."""


class Delivery:
    """Sends the requests of one run at its pace, with its token, until there is a response."""

    def __init__(
        self,
        client: Client,
        connection: Connection,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._sleep, self._clock = sleep, clock
        self._step = 1 / connection.rate if connection.rate else 0.0
        self._next = clock()
        self._get_token = connection.token
        self._token: str | None = None
        self._renewing = asyncio.Lock()
        self._renewals = 0
        self._busy: Counter[int] = Counter()
        self._busy_from: float | None = None
        self._problem = ""
        self.source, self.url, self.secrets = client.source, client.url, client.secrets

    async def open(self) -> None:
        """Get the first token, where one is wanted.

        Raises:
            TargetError: there is none.

        """
        if self._get_token is not None:
            await self._renew(None)
            if self._token is None:
                raise TargetError(self._problem)

    def notes(self) -> tuple[str, ...]:
        """Return what a person should know of how the requests went."""
        notes = [
            f"the target was busy: {counted(times, 'response')} {status} made the run wait"
            for status, times in sorted(self._busy.items())
        ]
        if self._problem:
            notes.append(f"the token could not be renewed: {self._problem}")
        return tuple(notes)

    async def send(self, request: Request) -> Interaction:
        """Send `request` and return its last exchange.

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
                self._renewals = 0
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
        """Let all requests wait for a busy server; return for how long they did if that is enough.

        Other workers that are about to send wait too: the server is busy for all of them.
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
        """Get a token in place of the one that was `used`; return whether there is another."""
        async with self._renewing:
            if self._token != used:
                # Another worker has renewed it meanwhile.
                return True
            if self._get_token is None or self._renewals >= RENEWALS:
                return False
            self._renewals += 1
            token = await asyncio.to_thread(_call, self._get_token)
            if isinstance(token, TargetError):
                self._problem = str(token)
                return False
            return self._keep(token, used)

    def _keep(self, token: object, used: str | None) -> bool:
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            self._problem = "what was given as a token is none; print the token and nothing else"
            return False
        self._client.secrets.add_header("Authorization", f"Bearer {token}")
        self._token = token
        return token != used


def _call(get_token: Callable[[], str]) -> str | TargetError:
    """Return a token, or its error: a mistake in a function of the user's does not end the run."""
    try:
        return get_token()
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
    value = header(response.headers, "retry-after")
    seconds = None if value is None else _seconds(value.strip())
    if seconds is None and response.status == TOO_MANY:
        return FIRST_WAIT * 2.0**times
    return seconds


def _seconds(value: str) -> float | None:
    """Read a Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - now())


def _given_up(interaction: Interaction, response: Response, waited: float) -> Interaction:
    value = header(response.headers, "retry-after")
    asks = f", with Retry-After: {value.strip()}" if value else ""
    error = f"is busy: it still responded {response.status} after {waited:.0f} s{asks}"
    return replace(interaction, response=None, error=error, aborted=True)
