"""A session with a target that is played by a function from a request's number to a response."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

from enkash_contract.contract.contract import bundled
from enkash_contract.engine import session
from enkash_contract.engine.plan import EVERY, make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.session import Session
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from enkash_contract.engine.pauses import Pauses
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.result import Result

    Answer = Callable[[int, Request], Response | str | None]

JSON = (("Content-Type", "application/json"),)
REFUSED = Response(200, JSON, b'{"payload":"no","response_code":9,"response_message":"FAILED"}')
FAILED = Response(502, (), b"")
SANDBOX = Sandbox()


@functools.cache
def right(request: Request) -> Response:
    """Answer as the sandbox does."""
    response = SANDBOX.answer(request).response
    assert response is not None
    return response


@dataclass
class Target:
    """Answers with what `answer` says, or rightly where it says nothing; a text is no answer."""

    answer: Answer
    jitter: random.Random | None = None
    requests: list[Request] = field(default_factory=list)
    flying: int = 0
    most: int = 0
    source: str = "the target"
    over: bool = False
    secrets: Secrets = field(default_factory=Secrets)
    url: str = f"http://h{bundled().pick().path}"

    async def send(self, request: Request) -> Interaction:
        number = len(self.requests)
        self.requests.append(request)
        self.flying += 1
        self.most = max(self.most, self.flying)
        if self.jitter is not None:
            for _ in range(self.jitter.randrange(20)):
                await asyncio.sleep(0)
        self.flying -= 1
        said = self.answer(number, request)
        if isinstance(said, str):
            return Interaction(request, None, said, source=self.source)
        return Interaction(request, said or right(request), source=self.source)


def fine(_: int, __: Request) -> None:
    """Answer everything rightly."""


@functools.cache
def planned(*only: str, **choices: Any) -> Plan:
    """Return the plan of a run; the whole suite without a choice."""
    return make_plan(Selection(only=only, **choices))


def ran(
    answer: Answer,
    *only: str,
    workers: int = 1,
    jitter: random.Random | None = None,
    every: int = EVERY,
    pauses: Pauses | None = None,
    **choices: Any,
) -> tuple[Result, Target]:
    """Run a plan against a target to its end."""
    target = Target(answer, jitter)
    with mock.patch.object(session, "EVERY", every):
        return through(target, planned(*only, **choices), workers, pauses), target


def through(target: Target, made: Plan, workers: int = 1, pauses: Pauses | None = None) -> Result:
    """Return the whole of a session with `target`."""

    async def work() -> Result:
        running = Session(made, target, pauses=pauses)
        opened = await running.open()
        await running.run(made.cases, lambda _: None, workers=workers)
        return opened + await running.close() + running.monitor.result()

    return asyncio.run(work())


def is_baseline(request: Request) -> bool:
    """Say whether it is the request that the user vouches for."""
    made = planned().baseline.request(Target(fine).url)
    return request == made
