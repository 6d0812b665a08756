"""The questions that a run asks, with all that it may send: announced before anything is."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import questions as asked
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import TO_PARTNER
from enkash_contract.contract.wording import counted
from enkash_contract.engine.plan import vouched_for
from enkash_contract.engine.probing.kinds import KINDS
from enkash_contract.engine.probing.probe import Context, Probe, named
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation.suite import builder
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Question

EMBEDDED = "the embedded sandbox"
"""The name of the target where none is given."""

LISTED = "`enkash-contract questions` lists them"

NOBODY = "only EnKash can say"
"""The reason why no request answers a question that has no probe."""

NOT_OURS = "EnKash sends these requests, so only EnKash can say"
"""The reason why no request answers a question about a webhook."""

NO_PLACE = "the payload has no place for it, or a rule that is well known forbids it"
"""The reason why nothing is sent for a question that has a probe."""


def every(contract: Contract, operation: Operation) -> list[Question]:
    """Return the questions about all operations, and those about one, with their answers."""
    general = asked.general(contract.document)
    about_all = [asked.answered(operation, question) for question in general]
    return [*about_all, *asked.of(operation)]


def context_of(
    operation: Operation, base: Any = None, pins: Mapping[str, Any] | None = None
) -> Context:
    """Return the context of the probes of an operation, derived from `base` with `pins`."""
    return Context(operation, builder(operation, base, pins))


def probe_of(question: Question, context: Context) -> Probe:
    """Return the probe of a question that has one."""
    return KINDS[question.kind](question, context)


def asking(question: Question, context: Context | None) -> Probe | str:
    """Return the probe of a question, or why no request can answer it.

    Without a context it is about a webhook.
    """
    if question.probe is None:
        return NOBODY
    if context is None:
        return NOT_OURS
    probe = probe_of(question, context)
    return probe if probe.asks else NO_PLACE


@dataclass(frozen=True)
class Survey:
    """The questions to ask of one operation, in the order in which they are asked."""

    context: Context
    questions: tuple[Question, ...]

    @property
    def operation(self) -> Operation:
        """The operation that the questions are about."""
        return self.context.operation

    @functools.cached_property
    def planned(self) -> tuple[tuple[Question, Probe], ...]:
        """Each question with the most that may be sent for it."""
        return tuple((question, probe_of(question, self.context)) for question in self.questions)

    @property
    def baselines(self) -> int:
        """How often the baseline is sent: first, and after each question that sends anything."""
        return 1 + sum(probe.requests > 0 for _, probe in self.planned)

    @property
    def requests(self) -> int:
        """How many requests are sent at most."""
        return self.baselines + sum(probe.requests for _, probe in self.planned)

    @property
    def carried_out(self) -> int:
        """How many of them a server that keeps every rule carries out."""
        return self.baselines + sum(probe.carried_out for _, probe in self.planned)

    def within(self, budget: int) -> Survey:
        """Return the survey if it sends no more than `budget` requests.

        Raises:
            UsageError: it may send more; the message names the number, and what to leave out.

        """
        if self.requests <= budget:
            return self
        largest = sorted(self.planned, key=lambda pair: -pair[1].requests)[:3]
        shown = ", ".join(f"{named(question)} ({probe.requests})" for question, probe in largest)
        raise UsageError(
            f"these questions take up to {counted(self.requests, 'request')}, and the budget is "
            f"{budget}; ask fewer (most is sent for {shown}), or give --budget {self.requests}"
        )


def survey(
    contract: Contract,
    operation: Operation,
    wishes: Iterable[str] = (),
    *,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
) -> Survey:
    """Return the survey of the questions that `wishes` name by ids or globs, by default of all.

    Raises:
        UsageError: a wish names no question, or one that no request can answer; or the operation
            is a webhook, or the base breaks the contract.

    """
    if operation.direction == TO_PARTNER:
        raise UsageError(
            f"{operation.id} is a webhook: {NOT_OURS}; name an operation that a partner calls"
        )
    context = context_of(operation, base, pins)
    vouched_for(operation, FAIL_ON, context.builder.baseline)
    chosen = _chosen(every(contract, operation), [*wishes])
    order = [*KINDS]
    chosen.sort(key=lambda question: order.index(question.kind))
    return Survey(context, tuple(chosen))


def _chosen(known: list[Question], wishes: list[str]) -> list[Question]:
    for wish in wishes:
        found = [question for question in known if fnmatchcase(question.id, wish)]
        if not found:
            hint = did_you_mean(wish, {question.id for question in known}, LISTED, most=3)
            raise UsageError(f"there is no question {wish!r}; {hint}")
        if not any(question.probe for question in found):
            raise UsageError(f"no request can answer {wish!r}: {NOBODY}; {LISTED}")
    with_probe = [question for question in known if question.probe]
    if not with_probe:
        raise UsageError(f"no request can answer any of its questions; {LISTED}")
    return [
        question
        for question in with_probe
        if not wishes or any(fnmatchcase(question.id, wish) for wish in wishes)
    ]


def announced(to_be: Survey, target: str | None) -> Iterator[str]:
    """Yield the lines that say what will be sent to `target`, and with which effect."""
    number = counted(len(to_be.questions), "question")
    shown = EMBEDDED if target is None else shown_url(target)
    yield f"{to_be.operation.id}: {number} to {shown}"
    for question, probe in to_be.planned:
        yield f"  {named(question)}: {sends(probe)}"
    yield f"  the baseline, first and after each question: {counted(to_be.baselines, 'request')}"
    yield (
        f"at most {counted(to_be.requests, 'request')}; a conforming server would carry out "
        f"{to_be.carried_out} of them"
    )


def sends(probe: Probe) -> str:
    """Return what is sent for a question, and with which effect."""
    if not probe.asks:
        return f"nothing, as {NO_PLACE}"
    if not probe.requests:
        return "nothing, the response to the baseline answers it"
    number = counted(probe.requests, "request")
    carried_out = f"{probe.carried_out} of them" if probe.carried_out else "none"
    return f"{number}; a conforming server would carry out {carried_out}"
