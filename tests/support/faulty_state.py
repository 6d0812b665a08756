"""What the failing server remembers from one request to the next: its tokens and its invoices."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING

from enkash_contract.wire.message import header
from tests.support.faults import REFUSED, SUCCESS, saying

if TYPE_CHECKING:
    from enkash_contract.wire.message import Request, Response
    from tests.support.faults import Faults

BEARER = "Bearer "


class Tokens:
    """Hands out tokens, each good for so many requests; several may be good at once."""

    def __init__(self, uses: int) -> None:
        self._uses = uses
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def handed_out(self) -> int:
        """How many there were."""
        return len(self._left)

    def __call__(self) -> str:
        """Hand out the next."""
        with self._lock:
            token = f"token-{len(self._left) + 1}"
            self._left[token] = self._uses
        return token

    def good(self, request: Request) -> bool:
        """Say whether `request` is let in, and count its use."""
        given = header(request.headers, "authorization") or ""
        token = given.removeprefix(BEARER)
        with self._lock:
            left = self._left.get(token, 0) if given.startswith(BEARER) else 0
            if left:
                self._left[token] = left - 1
        return left > 0


class State:
    """What a server remembers: how much it accepted, which requests, since when it is stale.

    `first` is the request that came first, `stale` are those refused because it had gone stale.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._accepted: Counter[str] = Counter()
        self._stale = 0
        self.first: str | None = None
        self.stale: set[str] = set()

    @property
    def accepted(self) -> int:
        """How many requests were accepted."""
        return self._accepted.total()

    def told(self, key: str, response: Response) -> Response:
        """Return what a server with this past answers in place of `response`."""
        if self._is_stale():
            self.stale.add(key)
            return saying(200, REFUSED, "no such invoice any more")
        if not accepting(response):
            return response
        if self._faults.once and key != self.first and self._accepted[key]:
            return saying(200, REFUSED, "done before")
        self._accepted[key] += 1
        return response

    def _is_stale(self) -> bool:
        after, lasting = self._faults.stale_after, self._faults.stale_for
        if after is None or self.accepted < after:
            return False
        self._stale += 1
        return lasting is None or self._stale <= lasting


def accepting(response: Response) -> bool:
    """Say whether an answer of the sandbox accepts."""
    found = response.status == 200 and json.loads(response.body or b"null")
    return isinstance(found, dict) and found.get("response_code") == SUCCESS
