"""The selftest: the suite must find every seeded defect, and nothing where there is none.

Each sandbox with a defect is run through the same `Session` as any server, only without HTTP in
between. A defect counts as found when its own rule is named; what else is named beside it is kept,
because a tool that blames another rule is of little help. Hundreds of sandboxes respond nearly
alike, so what was learnt about a request, and about a response to a case, is remembered.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.session import Session
from enkash_contract.judging.result import CONFORMS, VIOLATED
from enkash_contract.sandbox import defects
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.defect_proof import Seen, look
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction, Reply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.sandbox.defects import Defect
    from enkash_contract.validation.violation import Violation

CHUNK = 8
"""How many sandboxes a worker is given at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """The result of the suite on one sandbox: the rules it named, and how many violations it saw.

    `rule` and `keyword` are those of its defect, empty for a conforming variant.
    """

    defect: str
    says: str
    rule: str = ""
    keyword: str = ""
    named: frozenset[str] = frozenset()
    violations: int = 0

    @property
    def ok(self) -> bool:
        """Whether a defect was found and named, or nothing found where there is none."""
        return self.rule in self.named if self.rule else not self.violations

    @property
    def others(self) -> frozenset[str]:
        """The rules that were named besides its own."""
        return self.named - {self.rule}


@dataclass(frozen=True)
class Matrix:
    """The kill matrix: one row for each seeded defect, and one for each conforming variant."""

    rows: tuple[Row, ...] = field(repr=False)
    seconds: float = 0.0

    @property
    def defects(self) -> tuple[Row, ...]:
        """The rows of the defects."""
        return tuple(row for row in self.rows if row.rule)

    @property
    def variants(self) -> tuple[Row, ...]:
        """The rows of the conforming variants."""
        return tuple(row for row in self.rows if not row.rule)

    @property
    def survivors(self) -> tuple[Row, ...]:
        """The defects that the suite did not find."""
        return tuple(row for row in self.defects if not row.ok)

    @property
    def ok(self) -> bool:
        """Whether every defect was found, and nothing besides."""
        return all(row.ok for row in self.rows)

    @property
    def exit_code(self) -> int:
        """0 when the suite finds every defect and nothing besides, otherwise 1."""
        return CONFORMS if self.ok else VIOLATED


def selftest(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Matrix:
    """Run the suite against every seeded defect and every conforming variant.

    Args:
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.
        workers: how many processes share the work, by default one for each processor; 1 is this
            one.
        progress: called with how many sandboxes are done and how many there are.

    """
    began = time.perf_counter()
    whole = bundled() if contract is None else contract
    chosen = whole.pick(operation)
    total = len(sandboxes(chosen))
    chunks = [range(at, min(at + CHUNK, total)) for at in range(0, total, CHUNK)]
    count = min(workers or os.cpu_count() or 1, len(chunks))
    rows: list[Row] = []
    for done in _spread(whole, chosen.id, chunks, count):
        rows += done
        if progress is not None:
            progress(len(rows), total)
    return Matrix(tuple(rows), time.perf_counter() - began)


def sandboxes(operation: Operation) -> tuple[Defect, ...]:
    """Return the sandboxes to run: every seeded defect, and every conforming variant."""
    return (*defects.of_operation(operation), *defects.variants_of(operation))


def _spread(
    contract: Contract, operation: str, chunks: Sequence[range], workers: int
) -> Iterator[list[Row]]:
    """Yield the rows of each chunk, in order, however many processes work on them."""
    if workers == 1:
        here = _Bench(contract, operation)
        yield from map(here.rows, chunks)
        return
    # A process of its own, not a copy of this one: that may have threads, or a loop running.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        workers, context, initializer=_start, initargs=(contract, operation)
    ) as pool:
        yield from pool.map(_rows, chunks)


_bench: _Bench


def _start(contract: Contract, operation: str) -> None:
    global _bench  # noqa: PLW0603 - a worker process has one bench
    _bench = _Bench(contract, operation)


def _rows(chunk: range) -> list[Row]:
    return _bench.rows(chunk)


class _Bench:
    """Runs the suite against one sandbox after another, and remembers what does not change."""

    def __init__(self, contract: Contract, operation: str) -> None:
        self.contract = contract
        self.plan = make_plan(contract=contract, operation=operation)
        self.known = sandboxes(contract.pick(operation))
        self.seen: dict[Request, Seen] = {}
        self.replies: dict[Any, Reply] = {}
        self.judged: dict[Any, Result] = {}

    def rows(self, chunk: Iterable[int]) -> list[Row]:
        """Run the suite against some of the sandboxes."""
        return [_finished(self._row(self.known[at])) for at in chunk]

    async def _row(self, defect: Defect) -> Row:
        session = _Session(self, _Direct(_Remembering(self, defect)))
        opened = await session.open()
        for case in self.plan.cases:
            if not session.worth_going_on:
                break
            await session.send(case)
        findings = (*opened.findings, *(await session.close()).findings)
        rule = defect.rule
        return Row(
            defect.id,
            defect.says,
            "" if rule is None else rule.id,
            "" if rule is None else rule.keyword,
            frozenset(finding.rule for finding in findings),
            sum(finding.severity == "violation" for finding in findings),
        )


def _finished(work: Coroutine[Any, Any, Row]) -> Row:
    """Carry out work that never waits, because nothing is sent anywhere, without an event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast("Row", done.value)
    raise RuntimeError("a run without HTTP waits for something")


class _Remembering(Sandbox):
    """A sandbox that shares with all others what it learnt about a request."""

    def __init__(self, bench: _Bench, defect: Defect) -> None:
        super().__init__(contract=bench.contract, operation=bench.plan.operation.id, defect=defect)
        self._bench = bench

    def look(self, request: Request) -> Seen:
        known = self._bench.seen
        if request not in known:
            known[request] = look(self.operation, request)
        return known[request]

    def plain(self, request: Request, broken: Sequence[Violation]) -> Reply:
        known, key = self._bench.replies, (request.path, tuple(broken))
        if key not in known:
            known[key] = super().plain(request, broken)
        return known[key]


class _Direct:
    """Stands in for a client in a session: calls the sandbox without HTTP."""

    source = "the sandbox"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.secrets = Secrets(sandbox.operation.described)
        self.url = f"http://in-process{sandbox.operation.path}"

    async def send(self, request: Request) -> Interaction:
        """Return the interaction that the client of a real run would have seen."""
        reply = self._sandbox.answer(request)
        response = reply.response
        if response is None or reply.cut:
            error = "broke off the exchange" if reply.cut else "no whole response"
            return Interaction(request, None, error, source=self.source, secrets=self.secrets)
        if request.method == "HEAD":
            response = Response(response.status, response.headers)
        return Interaction(request, response, source=self.source, secrets=self.secrets)


class _Session(Session):
    """A session that shares with all others how a response to a case is judged."""

    def __init__(self, bench: _Bench, http: _Direct) -> None:
        super().__init__(bench.plan, http)
        self._judged = bench.judged

    def _judge(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        key = (case.id, interaction.response, interaction.error, interaction.repeated, trusted)
        if key not in self._judged:
            self._judged[key] = super()._judge(case, interaction, trusted=trusted)
        return self._judged[key]
