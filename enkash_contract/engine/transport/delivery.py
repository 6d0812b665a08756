"""Sending a request to a server that is busy, paced, or wants a fresh token.

A live sandbox says 429 when requests come too fast, 503 while it is being restarted, and 401 once a
token has run out. None of that responds to the payload, so none of it is ever judged: after a wait,
within the bounds of `pace`, the request is sent again as it was.
"""

from __future__ import annotations

import asyncio
import email.utils
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from enkash_contract.clock import monotonic, now
from enkash_contract.engine.notes import busy_note
from enkash_contract.engine.transport.pace import Pace
from enkash_contract.errors import TargetError
from enkash_contract.wire.message import Interaction, header

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from enkash_contract.engine.transport.client import Client
    from enkash_contract.engine.transport.connection import Connection
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Request, Response

TOO_MANY, UNAVAILABLE, UNAUTHORIZED = 429, 503, 401

RENEWALS = 3
"""How often in a row a new token is requested while none is accepted."""


class Sender(Protocol):
    """The way a session sends: this module's `Delivery`, or anything that responds."""

    source: str
    url: str
    secrets: Secrets

    @property
    def over(self) -> bool:
        """Whether nothing more is sent, because the target was busy for too long."""

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
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._client = client
        self._pace = Pace(
            connection.rate, connection.max_wait, sleep=sleep, clock=clock, chance=chance
        )
        self._busy = ""
        self._get_token = connection.token
        self._token: str | None = None
        self._renewing = asyncio.Lock()
        self._renewals = 0
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

    @property
    def over(self) -> bool:
        """Whether the target was busy for too long, so that nothing more is sent."""
        return self._pace.over

    def notes(self) -> tuple[str, ...]:
        """Return what a person should know of how the requests went."""
        notes = [*self._pace.notes()]
        if self.over:
            notes.append(busy_note(self._busy))
        if self._problem:
            notes.append(f"the token could not be renewed: {self._problem}")
        return tuple(notes)

    async def send(self, request: Request) -> Interaction:
        """Send `request` and return its last exchange.

        A server that stays busy for too long leaves nothing that could be judged: the interaction
        is `aborted`, and so is every later one, of which nothing is sent.

        Raises:
            TargetError: nothing listens at the address.

        """
        renewed, repeated = 0, False
        while True:
            sent_at = await self._pace.turn()
            if self.over:
                return self._given_up(request)
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
            asked = _asked(response)
            if asked is None:
                self._pace.accepted(sent_at)
                break
            self._pace.rejected(response.status, asked, sent_at)
            self._busy = self._busy_with(response)
        return replace(interaction, repeated=repeated)

    def _busy_with(self, response: Response) -> str:
        """Return how a target was busy."""
        value = header(response.headers, "retry-after")
        asks = f", with Retry-After: {value.strip()}" if value else ""
        waited = f"after {self._pace.waited:.0f} s of waiting"
        busy = f"is busy: it still responded {response.status} {waited}{asks}"
        return self.secrets.hide(busy)

    def _given_up(self, request: Request) -> Interaction:
        return Interaction(
            request,
            None,
            self._busy,
            aborted=True,
            source=self.source,
            secrets=self.secrets,
        )

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


def _asked(response: Response) -> float | None:
    """Return the seconds for which a busy server asks to be left alone; None for any other."""
    if response.status not in (TOO_MANY, UNAVAILABLE):
        return None
    value = header(response.headers, "retry-after")
    seconds = None if value is None else _seconds(value.strip())
    return 0.0 if seconds is None and response.status == TOO_MANY else seconds


def _seconds(value: str) -> float | None:
    """Read a Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - now())
