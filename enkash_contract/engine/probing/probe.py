"""A probe: the requests that ask one question, and how their answers are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import REQUEST
from enkash_contract.validation.request import addressed_violations
from enkash_contract.wire.pointer import ABSENT, get, pointer, put, tokens
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Question
    from enkash_contract.generation.suite import Builder
    from enkash_contract.judging.case import Case
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.draft import Draft
    from enkash_contract.wire.message import Interaction

    Conclude = Callable[[Sequence["Heard"]], str]


@dataclass(frozen=True, eq=False)
class Ask:
    """One request of a probe: a case of the suite, or one that no rule settles.

    `value` is what is tried at `at`, and `says` is that in words. Without a `wire` it is the
    baseline, whose last response is looked at once more: nothing is sent.
    """

    says: str
    wire: Draft | None = None
    case: Case | None = None
    at: str = ""
    value: Any = ABSENT
    valid: bool = True


class Heard(NamedTuple):
    """A request of a probe, and what came of it."""

    ask: Ask
    outcome: Outcome
    interaction: Interaction


@dataclass(frozen=True)
class Probe:
    """The requests of one question, and the function that reads the answer from what was heard."""

    asks: tuple[Ask, ...]
    conclude: Conclude

    @property
    def requests(self) -> int:
        """How many requests are sent at most."""
        return sum(ask.wire is not None for ask in self.asks)

    @property
    def carried_out(self) -> int:
        """How many of them a server that keeps every rule carries out."""
        return sum(ask.wire is not None and ask.valid for ask in self.asks)


@dataclass
class Context:
    """The operation that a question is about, and the payload that its requests are derived from.

    `accepted` are the values that were accepted in this run, by the member, and `tried` all.
    """

    operation: Operation
    builder: Builder
    accepted: dict[str, list[Any]] = field(default_factory=dict)
    tried: dict[str, list[Any]] = field(default_factory=dict)

    def value(self, at: str) -> Any:
        """Return the value at `at` in the payload, or ABSENT."""
        return get(self.builder.base.payload, tokens(at))

    def may_be(self, at: str, value: Any) -> bool:
        """Return whether a value may be accepted at `at`: it was not tried, or it was accepted."""
        tried, accepted = self.tried.get(at, []), self.accepted.get(at, [])
        return value not in tried or value in accepted

    def trying(self, says: str, values: dict[str, Any], at: str = "") -> Ask | None:
        """Return the request with these values by their places; None where there is none to send.

        Where there is no such place, or the request would be the baseline, or break a rule that
        surely holds, nothing can be learned from it.
        """
        payload = self.builder.base.payload
        for where, value in values.items():
            if self.value(where) is ABSENT:
                return None
            payload = put(payload, tokens(where), value)
        draft = self.builder.base.draft.but(body=compact(payload))
        if draft == self.builder.base.draft:
            return None
        broken = [
            each
            for each in addressed_violations(self.operation, draft.request(self.operation.path))
            if each.rule.id not in self.builder.base.known
        ]
        if any(each.rule.receiver.at_least(FAIL_ON) for each in broken):
            return None
        return Ask(says, draft, at=at, value=values.get(at, ABSENT), valid=not broken)


def member(question: Question, name: str) -> str:
    """Return the pointer to a member of what a question is about."""
    return question.pointer + pointer((name,))


def named(question: Question) -> str:
    """Return a question by its id and the member that it is about."""
    where = question.pointer if question.side in ("", REQUEST) else question.side + question.pointer
    return f"{question.id} {where}".rstrip()
