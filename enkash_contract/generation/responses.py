"""Scripted responses, valid and invalid, for tests of clients.

They are derived from the document as the requests are. No check finds a violation in a valid
response; an invalid one breaks one rule of the response, or the server failed, fell silent
or broke off. Each can be served over HTTP: `Sandbox(defect=answer.id)`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.operation import RESPONSE, Operation
from enkash_contract.generation.known_good import example_of, plainest
from enkash_contract.generation.mutation import mutations, mutations_of, statuses
from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.wire.message import JSON, Reply, Response, json_response, labelled
from enkash_contract.wire.pointer import ABSENT, get, put, tokens
from enkash_contract.wire.printing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Side
    from enkash_contract.contract.rules import Rule
    from enkash_contract.generation.mutation import Mutation

To = Literal["right", "wrong", "any"]

PAGE = b"<!DOCTYPE html><title>Sorry</title><p>Something went wrong.</p>"
"""The page that a proxy sends in a server's place."""

REJECTIONS = (400, 412, 422)
"""The statuses tried for a rejection, as far as the document knows them."""

SUCCESS = 200
"""The status of the answer that is sent slowly as well."""

SLOW = 1.0
"""Seconds that a slow response takes."""

REFUSING = "-refusing"
"""The end of the name of an answer that rejects by its status alone."""

OWN_READING = Evidence(Level.ASSUMED)
"""The evidence of an answer that comes with none."""

FAILURE = 5
"""The first digit of the statuses of failed servers."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Answer(Listed, Reply):
    """One response with a name, to requests that are valid ("right"), invalid ("wrong") or any.

    `rule` is the rule that an invalid response breaks, or None where no rule speaks of it;
    `evidence` is what its being valid, invalid or a failure rests on.
    `response` is None when the server never answers; with `cut` it breaks off amid the body, and
    `delay` is how many seconds it takes.
    """

    id: str
    says: str
    polarity: Literal["right", "wrong"]
    to: To
    rule: Rule | None = None
    evidence: Evidence = OWN_READING

    def counts(self, level: Level) -> bool:
        """Return whether a client that takes it for something else is at fault, at this level.

        A failure needs no evidence: whoever sends requests must survive it.
        """
        sure = self.polarity == "right" or self.rule is None
        return sure or self.evidence.at_least(level)

    # Two answers may be the same on the wire and differ in what they answer.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def answers(
    *, contract: Contract | None = None, operation: str | None = None
) -> tuple[Answer, ...]:
    """Return every valid and every invalid response of an operation, for tests of its clients.

    Args:
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.

    """
    return of_operation(pick(contract, operation))


@functools.lru_cache(maxsize=8)
def of_operation(operation: Operation) -> tuple[Answer, ...]:
    """Return the answers of `operation`: the valid, the invalid, and those of failing servers."""
    found = (*_valid(operation), *_invalid(operation), *failing(operation))
    return tuple({each.id: each for each in found}.values())


def named(operation: Operation, answer: str) -> Answer | None:
    """Return the answer with that id, or None; no other is proven, which would take long."""
    kind, _, name = answer.rpartition("/")
    rule = operation.rules.get(kind)
    if kind == "conforming":
        found = tuple(_valid(operation, name))
    elif rule is not None and rule.side.startswith(RESPONSE):
        found = tuple(_invalid_by(operation, rule, name))
    else:
        found = failing(operation)
    return {each.id: each for each in found}.get(answer)


# Valid responses


def _valid(operation: Operation, only: str | None = None) -> Iterator[Answer]:
    for name, says, response in _candidates(operation):
        if only not in (name, None):
            continue
        judgement = judgement_of(operation, response)
        outcome, found = judgement.outcome, response_findings(judgement)
        violated = any(finding.severity == "violation" for finding in found)
        if outcome in ("accepted", "rejected") and not violated:
            yield Answer(
                response,
                SLOW if name == "slow" else 0.0,
                id=f"conforming/{name}",
                says=says,
                polarity="right",
                to="right" if outcome == "accepted" else "wrong",
                evidence=operation.outcome_evidence[outcome],
            )


def _candidates(operation: Operation) -> Iterator[tuple[str, str, Response]]:
    """Yield responses that may be valid, by name."""
    for side in operation.sides.values():
        if side.name.startswith(RESPONSE):
            known = statuses(operation, side.name.partition(".")[2])
            tried = [status for status in REJECTIONS if status in known] or known[:1]
            for status in tried:
                response = json_response(status, example_of(side))
                yield f"answering-{status}", f"answers {status}", response
                if status == SUCCESS:
                    yield "slow", f"answers after {SLOW:g} s", response
            yield from _of_side(side, tried[0])
    rejection = operation.response(REJECTIONS[0])
    if rejection is not None:
        response = json_response(200, example_of(rejection))
        yield "refusing-by-200", "rejects with status 200", response
    for name, says, label, body in (
        ("refusing-by-nothing", "rejects without a body", None, b""),
        ("refusing-by-text", "rejects with a text in place of JSON", "text/plain", b"refused"),
        ("refusing-by-page", "rejects with a page in place of JSON", "text/html", PAGE),
    ):
        yield name, says, labelled(REJECTIONS[0], label, body)


def _of_side(side: Side, status: int) -> Iterator[tuple[str, str, Response]]:
    """Yield other responses that keep every rule of a side, by name."""
    payload = example_of(side)
    says = f"answers {status} and says the charset"
    yield f"charset-{status}", says, json_response(status, payload, label=f"{JSON}; charset=utf-8")
    if isinstance(payload, dict):
        says = f"answers {status} with a member the document does not describe"
        more = {**payload, "x-unheard-of": "x"}
        yield f"more-members-{status}", says, json_response(status, more)
    for rule in side.rules:
        for kind in rule.value if rule.keyword == "type" and isinstance(rule.value, list) else ():
            other = plainest({**rule.schema, "type": kind})
            if get(payload, tokens(rule.pointer)) is ABSENT:
                continue
            changed = put(payload, tokens(rule.pointer), other)
            if changed != payload:
                name = f"{rule.pointer.strip('/').replace('/', '-')}-of-type-{kind}-{status}"
                says = f"answers {status} with {rule.pointer} of type {kind}"
                yield name, says, json_response(status, changed)


# Invalid responses


def _invalid(operation: Operation) -> Iterator[Answer]:
    for mutation in mutations(operation, RESPONSE):
        yield from _of_mutation(operation, mutation)
    yield from _of_success(operation)


def _invalid_by(operation: Operation, rule: Rule, name: str) -> Iterator[Answer]:
    """Yield the answers that break `rule` by the mutation of that name."""
    for mutation in mutations_of(operation, rule, {name, name.removesuffix(REFUSING)}):
        yield from _of_mutation(operation, mutation)
    yield from _of_success(operation, name)


def _of_mutation(operation: Operation, mutation: Mutation) -> Iterator[Answer]:
    if mutation.status is not None and mutation.status // 100 == FAILURE:
        # A status of 5xx is judged as a failure of the server, not by the rules of a response.
        return
    assert mutation.status is not None  # noqa: S101 - a mutation of a response has one
    response = mutation.proven.response(mutation.status)
    says = f"answers {mutation.status} with something invalid: {mutation.name.replace('-', ' ')}"
    if mutation.side is None:
        says = f"answers {mutation.status}"
        rejecting = f"{says} to reject"
        yield _breaking(
            mutation.rule, mutation.name + REFUSING, rejecting, "wrong", response, mutation.evidence
        )
    to = "right" if mutation.side is None else _to(operation, mutation.side, mutation.status)
    yield _breaking(mutation.rule, mutation.name, says, to, response, mutation.evidence)


def _of_success(operation: Operation, only: str | None = None) -> Iterator[Answer]:
    """Yield answers with a status of success that break what the document promises."""
    for name, says, response in (
        ("html-page", "answers 200 with a page", labelled(200, "text/html", PAGE)),
        ("empty", "answers 200 without a label and a body", labelled(200, None, b"")),
        ("204", "answers 204", labelled(204, None, b"")),
    ):
        if only not in (name, None):
            continue
        found = response_findings(judgement_of(operation, response))
        broken = {finding.rule: finding.evidence for finding in found}
        if len(broken) == 1:
            ((rule, evidence),) = broken.items()
            yield _breaking(operation.rules[rule], name, says, "right", response, evidence)


def _breaking(
    rule: Rule, name: str, says: str, to: To, response: Response, evidence: Evidence
) -> Answer:
    return Answer(
        response,
        id=f"{rule.id}/{name}",
        says=says,
        polarity="wrong",
        to=to,
        rule=rule,
        evidence=evidence,
    )


def _to(operation: Operation, side: Side, status: int) -> To:
    outcome = judgement_of(operation, json_response(status, example_of(side))).outcome
    return "wrong" if outcome == "rejected" else "right"


# Failures


@functools.lru_cache(maxsize=8)
def failing(operation: Operation) -> tuple[Answer, ...]:
    """Return the answers of servers that fail, fall silent or break off, whatever the request."""
    return tuple(_failing(operation))


def _failing(operation: Operation) -> Iterator[Answer]:
    side = operation.response(REJECTIONS[0])
    envelope = {} if side is None else example_of(side)
    for name, says, response in (
        ("500-text", "answers 500 with a text", CRASHED),
        (
            "500-envelope",
            "answers 500 in the envelope of a rejection",
            json_response(500, envelope),
        ),
        ("502-page", "answers 502 with a page of its proxy", labelled(502, "text/html", PAGE)),
        ("503-empty", "answers 503 without a body", labelled(503, None, b"")),
        ("504-page", "answers 504 with a page of its proxy", labelled(504, "text/html", PAGE)),
        ("never", "never answers", None),
    ):
        yield _failure(operation, name, says, response)
    says, half = "breaks off amid the body", json_response(200, envelope)
    yield _failure(operation, "cut", says, half, cut=True)


def _failure(
    operation: Operation, name: str, says: str, response: Response | None, *, cut: bool = False
) -> Answer:
    return Answer(
        response,
        cut=cut,
        id=f"failing/{name}",
        says=says,
        polarity="wrong",
        to="any",
        evidence=operation.outcome_evidence["error"],
    )


CRASHED = labelled(500, "text/plain", b"Internal Server Error")
"""The response of most servers when the code they run raises."""
