"""A sandbox whose responses a test scripts, and which keeps and judges the requests of the test.

One server runs for a whole session, because starting it costs more than all requests of a test; its
script, its interactions and its breaches belong to one test.
"""

from __future__ import annotations

import asyncio
import difflib
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.routing import is_preflight, is_whole_path, match_path
from enkash_contract.contract.rules import expectation
from enkash_contract.contract.wording import counted
from enkash_contract.errors import UsageError
from enkash_contract.pytest_plugin.failures import Breach
from enkash_contract.sandbox.app import Sandbox, noted
from enkash_contract.sandbox.asgi import ADDRESS
from enkash_contract.validation.request import request_violations
from enkash_contract.validation.violation import Violation
from enkash_contract.wire.message import Interaction, Reply, plain_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.pytest_plugin.test_line import Running
    from enkash_contract.sandbox.script import Word
    from enkash_contract.wire.message import Request

ALIKE = 0.9
"""The similarity from which the last part of a path counts as the operation's, misspelt."""


class Server(Sandbox):
    """The one sandbox of a session; while a test uses it, that test scripts its responses."""

    def __init__(self, contract: Contract, fail_on: str) -> None:
        super().__init__(contract=contract, fail_on=fail_on)
        self.url = ""
        self.test: ScriptedSandbox | None = None
        self._waiting: set[asyncio.Task[Any]] = set()

    def answer(self, request: Request) -> Reply:
        """Return the reply that the test scripted, or else that of any sandbox."""
        test = self.test
        if test is None:
            return super().answer(request)
        operation = test.operation_for(request)
        violations = request_violations(operation or self.operation, request)
        scripted = test.next_for(request)
        if scripted is None:
            enforced = [
                violation for violation in violations if violation.evidence.at_least(self.level)
            ]
            reply = self.plain(request, enforced)
        else:
            reply = noted(scripted)
        test.saw(operation, request, violations, reply)
        return reply

    async def left(self, receive: Receive, seconds: float) -> bool:
        """Wait for `seconds`, or until the client has left or the test is over."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server responds in tasks
        self._waiting.add(task)
        try:
            return await super().left(receive, seconds)
        finally:
            self._waiting.discard(task)

    def release(self) -> None:
        """End the use by a test: requests that still wait for a response are broken off."""
        self.test = None
        for task in tuple(self._waiting):
            task.get_loop().call_soon_threadsafe(task.cancel)


@dataclass(frozen=True, slots=True)
class Scripted:
    """A scripted reply, with the name that the test used for it."""

    name: str
    reply: Reply


class ScriptedSandbox:
    """A real server for one test of a client, with scripted responses and the requests it received.

    `url` is its base URL, without a slash at the end.
    """

    def __init__(self, server: Server, running: Running, operation: Operation) -> None:
        self.url = server.url
        self._server = server
        self._operation = operation
        self._level = server.level
        self._running = running
        self._script: deque[Scripted] = deque()
        self._always: Scripted | None = None
        self._used_always = False
        self._interactions: list[Interaction] = []
        self._judged: list[tuple[Operation, Interaction, list[Violation]]] = []
        self._breaches: list[Breach] = []

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """Every request of this test with its response, in order."""
        return tuple(self._interactions)

    def answers(
        self,
        *script: Word,
        after: float | None = None,
        code: int | None = None,
        message: str | None = None,
        status: int | None = None,
        always: bool = False,
    ) -> tuple[Reply, ...]:
        """Script the next responses: one for each request to the operation, in order.

        Args:
            script: "accepted", "rejected", "slow", "error", "timeout", "cut", "html",
                "wrong-shape" or "too-many-requests"; a status; an id of `ec.answers()` or a glob
                over them, "right" or "wrong", which mean all such answers in turn (of the invalid
                those whose evidence is at or above --enkash-fail-on); or an `Answer`.
            after: seconds that each of them takes.
            code: the response code of "rejected".
            message: the response message of "rejected".
            status: the status of "rejected".
            always: send this one answer to every request from now on.

        Returns:
            The scripted replies, for a loop over several.

        Raises:
            UsageError: no answer has that name; the message has the nearest.

        """
        from enkash_contract.sandbox.script import scripted

        __tracebackhide__ = True
        rejection = {"code": code, "message": message, "status": status}
        how: dict[str, Any] = {"after": after, "level": self._level, **rejection}
        try:
            _check(script, [name for name, value in rejection.items() if value is not None])
            replies = [
                Scripted(name, reply)
                for word in script
                for name, reply in scripted(self._operation, word, **how)
            ]
            if always and len(replies) > 1:
                raise UsageError(f"always=True takes one answer, and {len(replies)} were named")
        except UsageError as problem:
            # Without the frames of this package: the mistake stands in the test.
            raise UsageError(str(problem)) from None
        if always:
            self._always, self._used_always = replies[0], False
        else:
            self._script += replies
        return tuple(scripted.reply for scripted in replies)

    def __repr__(self) -> str:
        number = counted(len(self._interactions), "request")
        return f"<ScriptedSandbox of {self._operation.id}: {number}>"

    # For the server and the fixture

    def operation_for(self, request: Request) -> Operation | None:
        """Return the operation that `request` is meant for, None if it is none of ours.

        The one that the test is about gets what is misspelt.
        """
        own = self._operation if meant_for(self._operation, request) else None
        return self._server.spoken_to(request) or own

    def next_for(self, request: Request) -> Reply | None:
        """Return the reply scripted for `request`, or None without one."""
        if self.operation_for(request) is not self._operation:
            return None
        if self._script:
            return self._script.popleft().reply
        self._used_always = True
        return None if self._always is None else self._always.reply

    def saw(
        self,
        operation: Operation | None,
        request: Request,
        violations: list[Violation],
        reply: Reply,
    ) -> None:
        """Keep a request, its violations, the test's line that sent it, and its reply."""
        request = replace(request, url=self.url + request.url.removeprefix(ADDRESS))
        error = "no response was sent" if reply.response is None else None
        if reply.cut:
            error = "the response was broken off"
        response = reply.response if error is None else None
        self._interactions.append(Interaction(request, response, error))
        if operation is None:
            return
        violations = broken_by(operation, request, violations)
        line = self._running.line() if violations else None
        self._judged.append((operation, self._interactions[-1], violations))
        other = "" if operation is self._operation else operation.id
        self._breaches += [Breach(violation, request, line, other) for violation in violations]

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The rules that the requests of this test broke."""
        return tuple(self._breaches)

    @property
    def judged(self) -> Iterator[tuple[Operation, Interaction, list[Violation]]]:
        """The requests to operations, each with its operation and its violations."""
        return iter(self._judged)

    def unused(self) -> str:
        """Return a message on the scripted answers that no request used, or ""."""
        left = [scripted.name for scripted in self._script]
        if self._always is not None and not self._used_always:
            left.append(self._always.name)
        if not left:
            return ""
        number = counted(len(self._interactions), "request")
        names = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")  # noqa: PLR2004
        return (
            f"{counted(len(left), 'scripted answer')} not used: {names}\n"
            f"    the test sent {number}; script an answer for each, and no more"
        )


def _check(script: tuple[Word, ...], rejection: list[str]) -> None:
    """Reject arguments that do not go together.

    Raises:
        UsageError: nothing is scripted, or details of a rejection without one.

    """
    if not script:
        raise UsageError("name at least one answer, such as 'accepted' or 'timeout'")
    if rejection and "rejected" not in script:
        raise UsageError(f"{' and '.join(rejection)} can be given with 'rejected' alone")


def meant_for(operation: Operation, request: Request) -> bool:
    """Return whether a request is for the operation, even below another path or misspelt."""
    if is_preflight(operation, request):
        return False
    if match_path(operation, request.url) != "other":
        return True
    # The server belongs to the test, so a request for another API is rare, and a guess may go far.
    path = plain_path(request.path)
    last, ours = (text.rpartition("/")[2].lower() for text in (path, operation.path))
    return last == ours or difflib.SequenceMatcher(None, last, ours).ratio() >= ALIKE


def broken_by(
    operation: Operation, request: Request, violations: list[Violation]
) -> list[Violation]:
    """Return the violations of a request to the operation, with that of a path that is too long."""
    rule = operation.rules[f"{REQUEST}#path"]
    if is_whole_path(operation, request) or rule in {violation.rule for violation in violations}:
        return violations
    too_long = Violation(rule, "", expectation(rule), f"it is sent to {request.path}")
    return [too_long, *violations]
