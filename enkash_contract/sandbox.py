"""A stub server made of the contract: it validates, answers from the document, keeps nothing.

It keeps no invoice: any right request is accepted, the same one twice as well. Every answer says so
in a header, because a green run against it proves a client's requests, not EnKash's behaviour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from enkash_contract.contract import Contract, Operation, pick
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.interaction import Request
from enkash_contract.judge import request_violations

if TYPE_CHECKING:
    from starlette.requests import Request as StarletteRequest
    from starlette.types import Receive, Scope, Send

    from enkash_contract.violation import Violation

NOTE = {"X-Enkash-Sandbox": "stateless stub, not EnKash"}

STATUSES = {"method": 405, "content-type": 415, "content-type-present": 415}
"""The status of a refusal, where HTTP has one of its own; 400 is for the rest."""


class Sandbox:
    """An ASGI application that answers one operation as the document says.

    Rules below `fail_on` are not enforced: the sandbox refuses only what is known to be wrong.
    """

    def __init__(
        self,
        *,
        contract: Contract | None = None,
        operation: str | None = None,
        fail_on: Level | str = FAIL_ON,
    ) -> None:
        self.operation = pick(contract, operation)
        self.level = Level.of(fail_on)
        self._accepted = orjson.dumps(_example(self.operation, 200))
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        self._app = Starlette(routes=[Route(self.operation.path, self._serve, methods=methods)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection as ASGI asks."""
        await self._app(scope, receive, send)

    async def _serve(self, request: StarletteRequest) -> Response:
        headers = tuple(request.headers.items())
        asked = Request(request.method, str(request.url), headers, await request.body())
        broken = [
            violation
            for violation in request_violations(self.operation, asked) or ()
            if violation.evidence.at_least(self.level)
        ]
        if not broken:
            return _json(200, self._accepted)
        status = STATUSES.get(broken[0].rule.keyword, 400)
        answer = _json(status, _refusal(self.operation, broken))
        if status == STATUSES["method"]:
            answer.headers["Allow"] = self.operation.method
        return answer

    def __repr__(self) -> str:
        return f"<Sandbox of {self.operation.id}>"


def _example(operation: Operation, status: int) -> Any:
    side = operation.response(status)
    return {} if side is None or side.example is None else side.example


def _refusal(operation: Operation, broken: list[Violation]) -> bytes:
    """Fill the document's example of a refusal: its first text says which rules were broken."""
    example = dict(_example(operation, 400))
    reason = "; ".join(f"{one.message} [{one.rule.id}]" for one in broken)
    name = next((name for name, value in example.items() if isinstance(value, str)), "reason")
    return orjson.dumps({**example, name: reason})


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, NOTE, media_type="application/json")
