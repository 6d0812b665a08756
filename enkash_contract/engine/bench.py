"""A bench for sandboxes: the suite against one after another, without HTTP in between.

Each sandbox is run through the same `Session` as any server. Hundreds of them respond nearly alike,
so what was learnt about a request, and about a response to a case, is remembered, and a sandbox
with a defect is asked only where it may respond otherwise than one without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.session import Session
from enkash_contract.engine.transport.address import IN_PROCESS
from enkash_contract.sandbox import defects
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.defect_proof import Seen, located, look
from enkash_contract.sandbox.defects import Defect
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction, Reply, Request, Response
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.validation.violation import Violation


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


def sandboxes(operation: Operation) -> tuple[Defect, ...]:
    """Return the sandboxes to run: every seeded defect, and every conforming variant."""
    return (*defects.of_operation(operation), *defects.variants_of(operation))


class Bench:
    """Runs the suite against one sandbox after another, and remembers what does not change."""

    def __init__(self, contract: Contract, operation: str) -> None:
        self.contract = contract
        self.plan = make_plan(contract=contract, operation=operation)
        self.known = sandboxes(contract.pick(operation))
        self.seen: dict[Request, Seen] = {}
        self.replies: dict[Any, Reply] = {}
        self.judged: dict[Any, Result] = {}
        self.outcomes: dict[Response, Outcome] = {}
        self._usual: dict[str, Interaction] = {}
        self._looks: dict[str, Seen] = {}
        self._judged_values: dict[tuple[Tokens, str], str] = {}
        plain = Defect("conforming/plain", "enforces every rule")
        self._plain = Direct(_Remembering(self, plain))

    def rows(self, chunk: Iterable[int]) -> list[Row]:
        """Run the suite against some of the sandboxes."""
        return [finished(self._row(self.known[at])) for at in chunk]

    def usual(self, case: Case) -> Interaction:
        """Return the interaction with a sandbox that has no defect."""
        if case.id not in self._usual:
            self._usual[case.id] = self._plain.exchange(case.request(self._plain.url))
        return self._usual[case.id]

    def unusual(self, defect: Defect) -> frozenset[str] | None:
        """Return the ids of the cases to which a sandbox with `defect` may respond otherwise.

        A run has thousands of cases, and most misreadings concern a few of them. None stands for
        all: an answer may replace every response, and a misread path changes each rejection.
        """
        rule, judge = defect.rule, defect.judge
        if rule is None or judge is None or rule.keyword == "path":
            return None
        cases = (self.plan.baseline, *self.plan.cases)
        requests = ((case, self._look(case)) for case in cases if self._concerns(rule, case))
        return frozenset(case.id for case, seen in requests if judge(seen) is not seen.broken)

    def _look(self, case: Case) -> Seen:
        if case.id not in self._looks:
            self._looks[case.id] = self._plain.sandbox.look(case.request(self._plain.url))
        return self._looks[case.id]

    def _concerns(self, rule: Rule, case: Case) -> bool:
        """Return whether a case changes what `rule` judges, so that a misreading of it may err."""
        return not rule.path or self._judged_by(rule, case) != self._judged_by(
            rule, self.plan.baseline
        )

    def _judged_by(self, rule: Rule, case: Case) -> str:
        """Return the values that `rule` judges, as a text: True is no 1, and 1 is no 1.0."""
        place = rule.path[:-1]
        if (place, case.id) not in self._judged_values:
            payload, schema = self._look(case).payload, self.plan.operation.request.schema
            values = () if payload is ABSENT else located(schema, place, payload)
            self._judged_values[place, case.id] = repr([*values])
        return self._judged_values[place, case.id]

    async def _row(self, defect: Defect) -> Row:
        session = _Session(self, defect)
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


def finished(work: Coroutine[Any, Any, Row]) -> Row:
    """Carry out work that never waits, because nothing is sent anywhere, without an event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast("Row", done.value)
    raise RuntimeError("a run without HTTP waits for something")


class _Remembering(Sandbox):
    """A sandbox that shares with all others what it learnt about a request."""

    def __init__(self, bench: Bench, defect: Defect) -> None:
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


class Direct:
    """Stands in for a client in a session: calls the sandbox without HTTP."""

    source = "the sandbox"
    over = False

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.secrets = Secrets(sandbox.operation.described)
        self.url = IN_PROCESS + sandbox.operation.path

    async def send(self, request: Request) -> Interaction:
        """Return the interaction that the client of a real run would have seen."""
        return self.exchange(request)

    def exchange(self, request: Request) -> Interaction:
        """Return it at once."""
        reply = self.sandbox.answer(request)
        response = reply.response
        if response is None or reply.cut:
            error = "broke off the exchange" if reply.cut else "no whole response came"
            return Interaction(request, None, error, source=self.source, secrets=self.secrets)
        if request.method == "HEAD":
            response = Response(response.status, response.headers)
        return Interaction(request, response, source=self.source, secrets=self.secrets)


class _Session(Session):
    """A session that shares with all others what a usual response is, and how it is judged."""

    def __init__(self, bench: Bench, defect: Defect) -> None:
        super().__init__(bench.plan, Direct(_Remembering(bench, defect)))
        self._bench = bench
        self._judged = bench.judged
        self._unusual = bench.unusual(defect)

    async def deliver(self, case: Case) -> Interaction:
        if self._unusual is None or case.id in self._unusual:
            # Without an event loop, what is sent at once is sent one after another.
            sent = [await self._deliver(case) for _ in range(case.at_once)]
            return max(sent, key=self._badness)
        return self._bench.usual(case)

    def outcome(self, interaction: Interaction) -> Outcome:
        response, known = interaction.response, self._bench.outcomes
        if response is None:
            return super().outcome(interaction)
        if response not in known:
            known[response] = super().outcome(interaction)
        return known[response]

    def _judge(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        key: Any = (case.id, trusted)
        if interaction is not self._bench.usual(case):
            key = (*key, interaction.response, interaction.error, interaction.aborted)
            key = (*key, interaction.repeated)
        if key not in self._judged:
            self._judged[key] = super()._judge(case, interaction, trusted=trusted)
        return self._judged[key]
