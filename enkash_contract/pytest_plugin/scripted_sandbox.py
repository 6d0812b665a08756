"""A sandbox that answers what a test scripts, and keeps and judges what it is sent.

One server runs for a whole session, because starting it costs more than all requests of a test;
what it was sent, what it is to answer and what is expected of it belong to one test.
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
from enkash_contract.sandbox.app import ADDRESS, Sandbox, noted
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
"""From here on, the last part of a path is the operation's, misspelt."""


class Server(Sandbox):
    """The session's one sandbox; while a test uses it, that test says what is answered."""

    def __init__(self, contract: Contract, fail_on: str) -> None:
        super().__init__(contract=contract, fail_on=fail_on)
        self.url = ""
        self.test: ScriptedSandbox | None = None
        self._waiting: set[asyncio.Task[Any]] = set()

    def answer(self, request: Request) -> Reply:
        """Return what the test scripted, or else what any sandbox answers."""
        test = self.test
        if test is None:
            return super().answer(request)
        found = request_violations(self.operation, request)
        scripted = test.next_for(request)
        if scripted is None:
            enforced = [one for one in found if one.evidence.at_least(self.level)]
            reply = self.plain(request, enforced)
        else:
            reply = noted(scripted)
        test.saw(request, found, reply)
        return reply

    async def left(self, receive: Receive, seconds: float) -> bool:
        """Wait for so long, or until the client has left or the test is over."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server answers in tasks
        self._waiting.add(task)
        try:
            return await super().left(receive, seconds)
        finally:
            self._waiting.discard(task)

    def release(self) -> None:
        """Let the test go: what still waits for an answer is broken off."""
        self.test = None
        for task in tuple(self._waiting):
            task.get_loop().call_soon_threadsafe(task.cancel)


@dataclass(frozen=True, slots=True)
class Scripted:
    """An answer that a test scripted, by the name it used."""

    name: str
    reply: Reply


class ScriptedSandbox:
    """A real server for one test of a client: scripts its answers, and keeps what it was sent.

    `url` is its base URL, without a slash at the end.
    """

    def __init__(self, made: Server, running: Running) -> None:
        self.url = made.url
        self._operation = made.operation
        self._running = running
        self._script: deque[Scripted] = deque()
        self._always: Scripted | None = None
        self._asked_always = False
        self._interactions: list[Interaction] = []
        self._judged: list[tuple[Interaction, list[Violation]]] = []
        self._breaches: list[Breach] = []

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """Every request that was sent in this test, with what was answered, in order."""
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
        """Script what comes next: an answer for each request to the operation, in order.

        Args:
            script: "accepted", "rejected", "slow", "error", "timeout", "cut", "html",
                "wrong-shape" or "too-many-requests"; a status; an id of `ec.answers()` or a glob
                over them, "right" or "wrong", which mean all such answers in turn; or an answer.
            after: seconds that each of them takes.
            code: the response code of "rejected".
            message: the response message of "rejected".
            status: the status of "rejected".
            always: give this one answer to every request from now on.

        Returns:
            What was scripted, for a loop over several.

        Raises:
            UsageError: nothing is so called; the message names the nearest.

        """
        from enkash_contract.sandbox.script import scripted

        __tracebackhide__ = True
        refusal = {"code": code, "message": message, "status": status}
        try:
            _check(script, [name for name, value in refusal.items() if value is not None])
            found = [
                Scripted(name, reply)
                for word in script
                for name, reply in scripted(self._operation, word, after=after, **refusal)
            ]
            if always and len(found) > 1:
                raise UsageError(f"always=True takes one answer, and {len(found)} were named")
        except UsageError as problem:
            # Without the frames of this package: the mistake stands in the test.
            raise UsageError(str(problem)) from None
        if always:
            self._always, self._asked_always = found[0], False
        else:
            self._script += found
        return tuple(one.reply for one in found)

    def __repr__(self) -> str:
        number = counted(len(self._interactions), "request")
        return f"<ScriptedSandbox of {self._operation.id}: {number}>"

    # What follows is for the server and for the fixture.

    def next_for(self, request: Request) -> Reply | None:
        """Return what is scripted for `request`, None where nothing is."""
        if not meant_for(self._operation, request):
            return None
        if self._script:
            return self._script.popleft().reply
        self._asked_always = True
        return None if self._always is None else self._always.reply

    def saw(self, request: Request, found: list[Violation], reply: Reply) -> None:
        """Keep a request, what was found in it, the line that sent it, and its answer."""
        request = replace(request, url=self.url + request.url.removeprefix(ADDRESS))
        error = "no answer was sent" if reply.response is None else None
        if reply.cut:
            error = "the answer was broken off"
        response = reply.response if error is None else None
        self._interactions.append(Interaction(request, response, error))
        if not meant_for(self._operation, request):
            return
        broken = broken_by(self._operation, request, found)
        line = self._running.line() if broken else None
        self._judged.append((self._interactions[-1], broken))
        self._breaches += [Breach(one, request, line) for one in broken]

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """What the requests of this test broke."""
        return tuple(self._breaches)

    @property
    def judged(self) -> Iterator[tuple[Interaction, list[Violation]]]:
        """The requests to the operation, each with what it broke."""
        return iter(self._judged)

    def unused(self) -> str:
        """Say which scripted answers nobody asked for; "" when there are none."""
        left = [one.name for one in self._script]
        if self._always is not None and not self._asked_always:
            left.append(self._always.name)
        if not left:
            return ""
        number = counted(len(self._interactions), "request")
        few = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")  # noqa: PLR2004
        return (
            f"{counted(len(left), 'scripted answer')} never asked for: {few}\n"
            f"    the test sent {number}; script what it asks for, and no more"
        )


def _check(script: tuple[Word, ...], refusal: list[str]) -> None:
    """Refuse arguments that say nothing together."""
    if not script:
        raise UsageError("name at least one answer, such as 'accepted' or 'timeout'")
    if refusal and "rejected" not in script:
        raise UsageError(f"{' and '.join(refusal)} can be said of 'rejected' alone")


def meant_for(operation: Operation, request: Request) -> bool:
    """Return whether a request is one to the operation, be it below another path or misspelt."""
    if is_preflight(operation, request):
        return False
    if match_path(operation, request.url) != "other":
        return True
    # A test's own server gets nothing that is meant for anybody else, so a guess may go further.
    path = plain_path(request.path)
    last, ours = (one.rpartition("/")[2].lower() for one in (path, operation.path))
    return last == ours or difflib.SequenceMatcher(None, last, ours).ratio() >= ALIKE


def broken_by(operation: Operation, request: Request, found: list[Violation]) -> list[Violation]:
    """Return what a request to the operation breaks: `found`, and a path in front of its own."""
    rule = operation.rules[f"{REQUEST}#path"]
    if is_whole_path(operation, request) or rule in {one.rule for one in found}:
        return found
    return [Violation(rule, "", expectation(rule), f"it is sent to {request.path}"), *found]
