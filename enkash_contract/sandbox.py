"""A stub server made of the contract: it validates, answers from the document, keeps nothing.

It keeps no invoice: any right request is accepted, the same one twice as well. Every answer says so
in a header, because a green run against it proves a client's requests, not EnKash's behaviour.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from enkash_contract.asked import request_violations, sentence
from enkash_contract.contract import Contract, Operation, pick
from enkash_contract.evidence import FAIL_ON, Level
from enkash_contract.examples import known_good
from enkash_contract.interaction import Request

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
        self._app = Starlette(
            routes=[Route(self.operation.path, self._serve, methods=[self.operation.method])],
            exception_handlers={404: self._elsewhere, 405: self._serve},
        )
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection as ASGI asks."""
        await self._app(scope, receive, send)

    async def _serve(self, request: StarletteRequest, _: Exception | None = None) -> Response:
        headers = tuple(request.headers.items())
        try:
            body = await request.body()
        except ClientDisconnect:
            return _json(400, {})
        asked = Request(request.method, str(request.url), headers, body)
        broken = [
            violation
            for violation in request_violations(self.operation, asked) or ()
            if violation.evidence.at_least(self.level)
        ]
        if not broken:
            return _json(200, _example(self.operation, 200))
        status = STATUSES.get(broken[0].rule.keyword, 400)
        answer = _json(status, _refusal(self.operation, broken))
        if status == STATUSES["method"]:
            answer.headers["Allow"] = self.operation.method
        return answer

    async def _elsewhere(self, _: StarletteRequest, __: Exception) -> Response:
        only = f"only {self.operation.method} {self.operation.path} is served here"
        return Response(only, 404, NOTE, media_type="text/plain")

    def __repr__(self) -> str:
        return f"<Sandbox of {self.operation.id}>"


def _example(operation: Operation, status: int) -> Any:
    side = operation.response(status)
    if side is None:
        return {}
    return known_good(side.schema) if side.example is None else side.example


def _refusal(operation: Operation, broken: list[Violation]) -> Any:
    """Fill the document's example of a refusal: its first text says which rules were broken."""
    example = _example(operation, 400)
    reason = "; ".join(f"{sentence(one)} [{one.rule.id}]" for one in broken)
    if not isinstance(example, dict):
        return reason if isinstance(example, str) else example
    name = next((name for name, value in example.items() if isinstance(value, str)), "reason")
    return {**example, name: reason}


def _json(status: int, answer: Any) -> Response:
    # Escaped, because a reason quotes the request, and that may hold lone surrogates.
    return Response(json.dumps(answer), status, NOTE, media_type="application/json")
