"""A stub server derived from the contract: it validates, and responds from the document.

It keeps no invoice, so it accepts every valid request, repeated ones as well. Every response says
so in a header, because a green run against it proves a client's requests, not EnKash's behaviour.
`Sandbox.answer` decides on the response without HTTP; `asgi` beside it carries it over the wire.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from enkash_contract.contract.choice import qualified, split, wanted
from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import RESPONSE, Operation
from enkash_contract.contract.routes import Routes
from enkash_contract.contract.routing import is_whole_path
from enkash_contract.contract.wording import counted
from enkash_contract.generation.known_good import example_of
from enkash_contract.judging.checks import judgement_of
from enkash_contract.sandbox import asgi
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.wire.codings import ACCEPTED
from enkash_contract.wire.message import Reply, Response, json_response, labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from starlette.types import Receive, Scope, Send

    from enkash_contract.sandbox.defect_proof import Seen
    from enkash_contract.sandbox.defects import Defect
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Headers, Request

NOTE = ("X-Enkash-Sandbox", "stateless stub, not EnKash")

STATUSES = {"method": 405, "content-type": 415, "content-type-present": 415}
"""The status of a rejection, where HTTP has one of its own; 400 is for the rest."""


class Sandbox:
    """An ASGI application that serves operations as the document says, by default all of EnKash's.

    Rules below `fail_on` are not enforced: the sandbox rejects only what is known to be invalid.
    With a `defect` (an id that `enkash-contract defects` lists, or the id of an answer) it enforces
    every rule of that operation, of whatever evidence, so that the defect is the only thing wrong
    with it. Of another operation than the default the id is qualified: `payInvoice:request#json/…`.
    A body of more than `max_body` bytes is answered with 413 and read no further.

    Raises:
        UsageError: no operation, level of evidence or defect has that name.

    """

    def __init__(
        self,
        *,
        contract: Contract | None = None,
        operation: str | Iterable[str] | None = None,
        fail_on: Level | str = FAIL_ON,
        defect: str | Defect | None = None,
        max_body: int = asgi.MAX_BODY,
    ) -> None:
        self.max_body = max_body
        named = defect if isinstance(defect, str) else ""
        whole = bundled() if contract is None else contract
        self._routes = Routes(whole, () if not operation else wanted(whole, operation))
        self.operation, plain = self._meant(whole, named)
        self.level = Level.of(fail_on)
        self.defect = None if defect is None else _found(self.operation, plain or defect)
        # Handles what is not HTTP: the start and the end of a server, web sockets.
        self._app = Starlette()
        self.accepted: Callable[[Operation, Request], None] | None = None
        """Is called with each request that was accepted, once it is answered."""

    def _meant(self, contract: Contract, defect: str) -> tuple[Operation, str]:
        """Return the operation that a `defect` is of, by default the contract's, and its plain id.

        Raises:
            UsageError: the contract has several, and says of none that it is the default.

        """
        of, plain = split(defect)
        if of and of in contract:
            return contract[of], plain
        return self._routes.first, defect

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that are served."""
        return self._routes.operations

    @property
    def called(self) -> str:
        """How it is called: by its operation, and how many there are beside it."""
        others = len(self._routes) - 1
        return f"{self.operation.id} and {others} more" if others else self.operation.id

    def named(self, operation: Operation, rule: str) -> str:
        """Return the id of a rule as it is written: that of the default is plain."""
        return rule if operation is self.operation else qualified(operation.id, rule)

    def answer(self, request: Request) -> Reply:
        """Return the reply to `request`, without sending anything."""
        return self.decided(request)[0]

    def decided(self, request: Request) -> tuple[Reply, Sequence[Violation]]:
        """Return the reply to `request`, and what that breaks: enforced rules, or else any."""
        operation = self.operation_of(request)
        if self.defect is not None and operation is self.operation:
            seen = self.look(request)
            return self._with_defect(request, self.defect, seen), seen.broken
        violations = request_violations(operation, request)
        enforced = [each for each in violations if each.evidence.at_least(self.level)]
        return self.plain(request, enforced), enforced or violations

    def operation_of(self, request: Request) -> Operation:
        """Return the operation that `request` speaks to, or the default if it speaks to none."""
        if len(self._routes) == 1:
            return self.operation
        return self.spoken_to(request) or self.operation

    def spoken_to(self, request: Request) -> Operation | None:
        """Return the operation that `request` speaks to, None if it speaks to none."""
        return self._routes.of(request)

    def dropped(self, method: str, path: str, why: str) -> None:
        """Take note of a request whose body was not read."""

    def _with_defect(self, request: Request, defect: Defect, seen: Seen) -> Reply:
        broken = seen.broken if defect.judge is None else defect.judge(seen)
        if defect.failure is not None:
            differs = broken is not seen.broken
            return noted(defect.failure) if differs else self.plain(request, seen.broken)
        if defect.answer is not None and defect.answer.to in (
            "any",
            "wrong" if broken else "right",
        ):
            return noted(defect.answer)
        return self.plain(request, broken)

    def look(self, request: Request) -> Seen:
        """Return what a request breaks of all rules, as a sandbox with a defect needs it."""
        from enkash_contract.sandbox.defect_proof import look

        return look(self.operation, request)

    def plain(self, request: Request, broken: Sequence[Violation]) -> Reply:
        """Return the reply of a sandbox that finds these violations in `request`.

        A body in a content coding that is not undone breaks no rule, and cannot be accepted.
        """
        operation = self.operation_of(request)
        misread = self.defect is not None and self.defect.rule
        if not is_whole_path(operation, request) and not (misread and misread.keyword == "path"):
            return self._unserved(operation, request)
        if request.unseen and not broken:
            # RFC 9110 15.5.16: what would be read instead is named.
            reason = _with_reason(operation, f"the body {request.unseen}")
            return Reply(json_response(415, reason, NOTE, ("Accept-Encoding", ACCEPTED)))
        if not broken:
            return accepting(operation)
        status = STATUSES.get(broken[0].rule.keyword, 400)
        allow: Headers = ()
        if status == STATUSES["method"]:
            # RFC 9110 15.5.6: a 405 names the methods that are allowed.
            methods = self._routes.methods(request) or (operation.method,)
            allow = (("Allow", ", ".join(methods)),)
        rejection = _rejection(operation, broken)
        return Reply(json_response(status, rejection, NOTE, *allow))

    def _unserved(self, operation: Operation, request: Request) -> Reply:
        """Return the reply to a request to another address, with the nearest there is."""
        said = f"only {operation.method} {operation.path} is served here"
        if len(self._routes) > 1 and self.spoken_to(request) is None:
            served = counted(len(self._routes), "operation")
            listed = "`enkash-contract operations` lists them"
            said = f"none of the {served} served here has that path; {listed}"
        return Reply(labelled(404, "text/plain; charset=utf-8", said.encode(), NOTE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI defines it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            request = await asgi.read(scope, receive, self.max_body)
        except ClientDisconnect:
            self.dropped(scope["method"], scope["path"], "the client left")
            # Nobody reads this response.
            await asgi.write(Response(400), scope, receive, send)
            return
        except asgi.UnreadError as problem:
            self.dropped(scope["method"], scope["path"], f"{problem.status} {problem}")
            reason = _with_reason(self.operation, str(problem))
            # What is left of the body is not read, so nothing can follow on this connection.
            fields = (("Connection", "close"), NOTE)
            response = json_response(problem.status, reason, *fields)
            await asgi.write(response, scope, receive, send)
            return
        reply = self.answer(request)
        if reply.response is None:
            await self.left(receive, asgi.LONGEST)
        elif not reply.delay or not await self.left(receive, reply.delay):
            await asgi.write(reply.response, scope, receive, send, cut=reply.cut)
            self._tell(request, reply.response)

    def _tell(self, request: Request, response: Response) -> None:
        """Tell whoever wants to know of a request that it was accepted."""
        operation = self.operation_of(request)
        if self.accepted is None or not is_whole_path(operation, request):
            return
        if judgement_of(operation, response).outcome == "accepted":
            self.accepted(operation, request)

    async def left(self, receive: Receive, seconds: float) -> bool:
        """Wait for `seconds`, or until the client has left; return whether it has."""
        return await asgi.has_left(receive, seconds)

    def __repr__(self) -> str:
        with_defect = f" with {self.defect.id}" if self.defect else ""
        return f"<Sandbox of {self.called}{with_defect}>"


def _found(operation: Operation, defect: str | Defect) -> Defect:
    from enkash_contract.sandbox import defects

    return defects.find(operation, defect)


def noted(reply: Reply) -> Reply:
    """Return `reply` with the header that says it comes from a stub."""
    response = reply.response
    if response is not None and NOTE not in response.headers:
        response = replace(response, headers=(*response.headers, NOTE))
    return Reply(response, reply.delay, reply.cut)


@functools.lru_cache(maxsize=8)
def accepting(operation: Operation) -> Reply:
    """Return the reply with the first documented status that means acceptance, or else 200."""
    # No page says which statuses a partner's receiver may answer with.
    rule = operation.rules.get(f"{RESPONSE}#status")
    for named in rule.value if rule else ():
        if named.isdecimal():
            status = int(named)
            response = Response(status, (NOTE,))
            if operation.response(status) is not None:
                response = json_response(status, _example(operation, status), NOTE)
            if judgement_of(operation, response).outcome == "accepted":
                return Reply(response)
    return Reply(json_response(200, _example(operation, 200), NOTE))


def _example(operation: Operation, status: int) -> Any:
    side = operation.response(status)
    return {} if side is None else example_of(side)


def _rejection(operation: Operation, broken: Sequence[Violation]) -> Any:
    """Return the document's example of a rejection, its first text naming the broken rules."""
    rules = (f"{sentence(violation)} [{violation.rule.id}]" for violation in broken)
    return _with_reason(operation, "; ".join(rules))


def _with_reason(operation: Operation, reason: str) -> Any:
    """Return the document's example of a rejection, its first text the `reason`."""
    example = _example(operation, 400)
    if not isinstance(example, dict):
        return reason if isinstance(example, str) else example
    name = next((name for name, value in example.items() if isinstance(value, str)), "reason")
    return {**example, name: reason}
