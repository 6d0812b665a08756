"""A line for each request to a sandbox: what it was, what became of it, what it breaks.

A log is read while a client is being written, so it names the first broken rule and never a value:
a line may be pasted anywhere. A thread of its own writes it, because a server must not stand still
when whoever started it does not read the pipe; then lines are dropped, and counted.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Self

from enkash_contract import clock
from enkash_contract.contract.routing import encoded_path, is_whole_path
from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.checks import judgement_of
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.asgi import ADDRESS
from enkash_contract.secrets.redaction import BY_NAME
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from enkash_contract.contract.operation import Operation
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Reply, Request, Response

WAITING = 10_000
"""The most lines that wait to be written."""

PAUSE = 0.05
"""Seconds between two times of writing: a thread that woke for each line would slow a server."""

PATIENCE = 1.0
"""Seconds in which the last lines have to be written."""

NOT_FOUND = 404
"""The status of what a sandbox does not serve."""

LONG = 120
"""The most characters of a path that are shown, and of a method."""


class Logged(Sandbox):
    """A sandbox that calls `log` with a line for each request."""

    def __init__(self, log: Callable[[str], None], **options: Any) -> None:
        super().__init__(**options)
        self._log = log

    def answer(self, request: Request) -> Reply:
        """Return the reply to `request`, and log both."""
        reply, broken = self.decided(request)
        operation = self.operation_of(request)
        told = self._told(operation, request, reply, broken)
        path, mark, _ = request.url.removeprefix(ADDRESS).partition("?")
        self._add(request.method, path, mark, told, operation)
        return reply

    def dropped(self, method: str, path: str, why: str) -> None:
        """Log a request whose body was not read."""
        self._add(method, encoded_path(path), "", why)

    def _add(
        self, method: str, path: str, mark: str, told: str, operation: Operation | None = None
    ) -> None:
        # What is as it should be is not searched for secrets, which takes longer than the rest.
        if operation is None or (method, path) != (operation.method, operation.path):
            method, path = shown(method), shown(shown_url(path) if "@" in path else path)
        query = f"?{HIDDEN}" if mark else ""
        self._log(f"{clock.time_of_day()} {method} {path}{query} {told}")

    def _told(
        self, operation: Operation, request: Request, reply: Reply, broken: Sequence[Violation]
    ) -> str:
        if reply.response is None:
            verdict = "no response"
        elif reply.response.status == NOT_FOUND and not is_whole_path(operation, request):
            return f"{NOT_FOUND} not served"
        else:
            outcome = "cut off" if reply.cut else outcome_of(operation, reply.response)
            verdict = f"{reply.response.status} {outcome}"
        if not broken:
            return verdict
        first = broken[0]
        weak = "" if first.evidence.at_least(self.level) else f" ({first.evidence.level})"
        more = f" and {len(broken) - 1} more" if broken[1:] else ""
        rule = self.named(operation, first.rule.id)
        return f"{verdict}; breaks {rule}{weak}{more}"


@functools.lru_cache(maxsize=256)
def outcome_of(operation: Operation, response: Response) -> str:
    """Return the outcome of a response, which most requests share with others."""
    return judgement_of(operation, response).outcome


def shown(text: str) -> str:
    """Return what a client chose, on one line, without secrets, and cut where it grows long."""
    hidden = printable(BY_NAME.hide(text))
    return hidden if len(hidden) <= LONG else f"{hidden[: LONG - 1]}…"


class Log:
    """Lines that a thread hands to `write`, a few times a second; nobody who adds one waits."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def add(self, line: str) -> None:
        """Have a line written, unless too many are waiting."""
        if len(self._lines) < WAITING:
            self._lines.append(line)
        else:
            self._dropped += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        # Whoever does not read keeps nobody from leaving.
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        # What cannot be written is dropped: the server goes on.
        with contextlib.suppress(OSError):
            while not self._ended.wait(PAUSE):
                self._flush()
            self._flush()

    def _flush(self) -> None:
        number, self._dropped = self._dropped, 0
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if number:
            lines.append(f"note: {counted(number, 'line')} left out here; nobody read them in time")
        if lines:
            self._write("".join(f"{line}\n" for line in lines))
