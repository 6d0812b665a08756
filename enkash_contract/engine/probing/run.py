"""A survey carried out: the baseline, each question, the baseline again, and what was learned.

A target that does not accept the baseline before and after a question has answered nothing, and is
asked nothing more. Nothing is sent again because it was lost: what was announced is the most.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract import clock
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.engine.baseline import baseline_note
from enkash_contract.engine.notes import busy_note
from enkash_contract.engine.probing.probe import Ask, Heard, named
from enkash_contract.engine.probing.probed import Answered, Probed, ProbingInterrupted
from enkash_contract.engine.probing.shape import shape_of
from enkash_contract.engine.probing.survey import EMBEDDED, probe_of, survey
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import BUDGET, TIMEOUT, Connection, read_rate
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import TargetError
from enkash_contract.judging.judge import judge_case, judge_record
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.secrets import redaction
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.questions import Question
    from enkash_contract.engine.probing.probe import Probe
    from enkash_contract.engine.probing.survey import Survey
    from enkash_contract.judging.finding import Finding
    from enkash_contract.wire.draft import Draft

UNANSWERED = "no answer"


def probe(
    target: Any = None,
    questions: Iterable[str] = (),
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    rate: str | float | None = None,
    budget: int = BUDGET,
    fail_on: Level | str = FAIL_ON,
) -> Probed:
    """Ask an implementation what nobody has published, and return its answers.

    Args:
        target: an http(s) URL, `module:attribute` or the object of an ASGI or WSGI application; by
            default the embedded sandbox.
        questions: the ids of questions, or globs over them; by default all that have a probe.
        contract: the contract, by default the bundled one.
        operation: the operation's id; by default that of which the target is the full address, or
            the contract's default.
        base: the payload that the user vouches for, by default the document's example.
        pins: values to set in it, by JSON Pointer.
        headers: sent with every request; never shown anywhere.
        timeout: seconds that one response may take.
        rate: how fast requests are sent, as "10/s" or a number of requests a second.
        budget: the most requests that may be sent.
        fail_on: the weakest level of evidence at which a finding is a violation.

    Raises:
        TargetError: the target cannot be reached or loaded.
        UsageError: an argument names something that is not there, or the budget is too small.
        KeyboardInterrupt: on Ctrl-C; its `probed` is what was known by then.

    """
    from enkash_contract.contract.choice import choose, only
    from enkash_contract.contract.contract import bundled

    whole = bundled() if contract is None else contract
    meant = only(choose(whole, [operation] if operation else (), target=target))
    to_be = survey(whole, meant, questions, base=base, pins=pins).within(budget)
    connection = Connection(headers=headers or {}, timeout=timeout, rate=read_rate(rate))
    return run(to_be, target, connection, contract=whole, fail_on=Level.of(fail_on))


def run(
    to_be: Survey,
    target: Any,
    connection: Connection,
    *,
    contract: Contract,
    fail_on: Level = FAIL_ON,
    answered: Callable[[Answered], None] | None = None,
) -> Probed:
    """Carry out a survey; `answered` is called with each answer as soon as it is known.

    Raises:
        ProbingInterrupted: by Ctrl-C; it holds what was known by then.
        TargetError: the target cannot be reached or loaded.

    """
    work = _Run(to_be, replace(connection, retries=0), fail_on, answered)
    try:
        return clock.run_anywhere(work.against(target, contract))
    except KeyboardInterrupt:
        raise ProbingInterrupted(replace(work.probed(), interrupted=True)) from None


@dataclass
class _Run:
    """A survey that is being carried out, and what is known so far."""

    to_be: Survey
    connection: Connection
    fail_on: Level
    answered: Callable[[Answered], None] | None
    source: str = ""
    note: str = ""
    answers: list[Answered] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    baseline: Heard | None = None

    def probed(self) -> Probed:
        """Return what is known."""
        answers, found = tuple(self.answers), tuple(self.findings.values())
        return Probed(self.to_be.operation, self.source, answers, found, self.note)

    async def against(self, target: Any, contract: Contract) -> Probed:
        """Send what was announced, and return what was learned."""
        operation = self.to_be.operation
        if target is None:
            self.source = EMBEDDED
            target = Sandbox(contract=contract, operation=operation.id, fail_on=self.fail_on)
        async with client.connect(target, operation, self.connection) as http:
            delivery = Delivery(http, self.connection)
            await delivery.open()
            delivery.secrets.add_body(self.to_be.context.builder.baseline.wire.body)
            self.source = self.source or http.source
            if await self._accepts(delivery):
                assert self.baseline is not None  # noqa: S101 - it was accepted
                self._judge([self.baseline])
                for question, planned in self.to_be.planned:
                    if planned.asks and not await self._ask(delivery, question):
                        break
        return self.probed()

    async def _ask(self, delivery: Delivery, question: Question) -> bool:
        """Ask one question; return whether the target still accepts the baseline."""
        # What was accepted meanwhile leaves less to ask.
        probe = probe_of(question, self.to_be.context)
        heard = [await self._heard(delivery, ask) for ask in probe.asks]
        if probe.requests and not await self._accepts(delivery):
            self.note = f"nothing is concluded on {named(question)}: {self.note}"
            return False
        self._learn(heard)
        self._judge(heard)
        answer = self._read(question, probe, heard)
        self.answers.append(answer)
        if self.answered is not None:
            self.answered(answer)
        return True

    async def _heard(self, delivery: Delivery, ask: Ask) -> Heard:
        if ask.wire is None:
            assert self.baseline is not None  # noqa: S101 - it was accepted first
            return self.baseline._replace(ask=ask)
        operation = self.to_be.operation
        interaction = await self._sent(delivery, ask.wire)
        return Heard(ask, outcome_of(operation, interaction), interaction)

    async def _sent(self, delivery: Delivery, wire: Draft) -> Interaction:
        """Send a request and return what happened.

        Raises:
            TargetError: it is the first request, and nothing listens at the address.

        """
        request = wire.request(self.to_be.operation.path, delivery.url)
        try:
            return await delivery.send(request)
        except TargetError as problem:
            if self.baseline is None:
                raise
            return Interaction(request, None, str(problem), source=delivery.source)

    async def _accepts(self, delivery: Delivery) -> bool:
        """Send the baseline; return whether it was accepted, or else note why nothing follows.

        Raises:
            TargetError: it is the first request, and there was no response at all.

        """
        operation, baseline = self.to_be.operation, self.to_be.context.builder.baseline
        interaction = await self._sent(delivery, baseline.wire)
        outcome, response = outcome_of(operation, interaction), interaction.response
        if outcome == "accepted":
            ask = Ask(baseline.says, case=baseline)
            self.baseline = self.baseline or Heard(ask, outcome, interaction)
            return True
        if response is not None:
            self.note = baseline_note(operation, outcome, interaction, response)
        elif interaction.aborted:
            self.note = busy_note(str(interaction.error))
        elif self.baseline is None:
            raise TargetError(f"{delivery.source} {interaction.error}")
        else:
            self.note = f"the baseline got no response: {interaction.error}"
        return False

    def _learn(self, heard: list[Heard]) -> None:
        """Remember which values were accepted, and which were tried."""
        context = self.to_be.context
        for ask, outcome, _ in heard:
            if ask.at:
                context.tried.setdefault(ask.at, []).append(ask.value)
                if outcome == "accepted":
                    context.accepted.setdefault(ask.at, []).append(ask.value)

    def _judge(self, heard: list[Heard]) -> None:
        """Enter the findings: answers that contradict a rule. A failure is no answer."""
        operation, level = self.to_be.operation, self.fail_on
        for ask, outcome, interaction in heard:
            if outcome in ("accepted", "rejected"):
                judged = (
                    judge_record(operation, interaction, fail_on=level)
                    if ask.case is None
                    else judge_case(operation, ask.case, interaction, fail_on=level)
                )
                for finding in judged.findings:
                    # Of a guess, nobody says that it is valid.
                    if finding.fault == "server":
                        self.findings.setdefault(finding.fingerprint, finding)

    def _read(self, question: Question, probe: Probe, heard: list[Heard]) -> Answered:
        known = [each for each in heard if each.outcome in ("accepted", "rejected")]
        sent = [each for each in heard if each.ask.wire is not None]
        accepted = [each for each in sent if each.outcome == "accepted"]
        says = probe.conclude(known) if known else f"{UNANSWERED}: {_failure(heard)}"
        examples = [each.ask.value for each in accepted if each.ask.valid]
        return Answered(
            question,
            says,
            len(sent),
            len(accepted),
            tuple(value for value in examples if value is not ABSENT),
            tuple(map(_hash, heard)),
            concluded=bool(known),
        )


def _failure(heard: list[Heard]) -> str:
    """Return what stood in the place of an answer."""
    if not heard:
        return "none of the values by themselves was accepted"
    interaction = heard[0].interaction
    return shape_of(interaction) if interaction.response else str(interaction.error)


def _hash(heard: Heard) -> str:
    """Return the hash of an exchange without its secrets."""
    interaction = heard.interaction
    secrets, response = redaction.of(interaction), interaction.response
    parts = [secrets.hide_bytes(interaction.request.body or b"")]
    if response is not None:
        parts += [str(response.status).encode(), secrets.hide_bytes(response.body or b"")]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
