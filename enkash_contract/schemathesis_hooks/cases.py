"""Our requests as cases of Schemathesis, and the expectation of each when its response comes back.

Schemathesis makes payloads from the schemas alone: invalid ones break rules at random, and no
evidence says that its valid ones must be accepted. Here the suite takes part in its examples phase,
and the strategies take the place of its own in fuzzing. A response is matched with its expectation
by the request that was sent, because everything else of a case changes while Schemathesis copies
and shrinks it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from enkash_contract.contract.evidence import Evidence, weakest
from enkash_contract.contract.operation import REQUEST
from enkash_contract.generation.strategies.operation import invalid_payloads, requests
from enkash_contract.generation.suite import build
from enkash_contract.judging.case import BASELINE, Case
from enkash_contract.validation.receiver import of_acceptance
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.message import Request, header

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from schemathesis import Case as TheirCase

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.generation.strategies.invalid import InvalidPayload

    Key = tuple[Operation, str, str | None, bytes | None]

REMEMBERED = 10_000
"""How many requests are remembered: a run may last for hours, and only the latest come back."""

_sent: OrderedDict[Key, Case] = OrderedDict()


def expected(operation: Operation, request: Request) -> Case | None:
    """Return the case that `request` carries, or None when it is not one of ours."""
    return _sent.get(_key(operation, request))


def suite_cases(operation: Operation) -> list[Case]:
    """Return the cases of the suite that Schemathesis can send, the baseline first."""
    return [case for case in build(operation) if _can_be_sent(operation, case.wire)]


def baseline(operation: Operation) -> Case:
    """Return the case without whose acceptance no rejection proves anything."""
    return next(case for case in build(operation) if case.id == BASELINE)


def drawn(contract: Contract, operation: Operation, *, valid: bool) -> SearchStrategy[Case]:
    """Generate valid requests, or invalid ones that break one rule, as cases."""
    if valid:
        evidence = _evidence(operation)
        sent = requests(contract=contract, operation=operation.id)
        return sent.map(lambda request: _valid(operation, request, evidence))
    payloads = invalid_payloads(contract=contract, operation=operation.id)
    sendable = payloads.filter(lambda payload: _can_be_sent(operation, payload.wire))
    return sendable.map(lambda payload: _invalid(operation, payload))


def put(operation: Operation, case: Case, into: TheirCase[Any]) -> TheirCase[Any]:
    """Make `into` send `case`, and remember it; other headers that it has stay."""
    draft = case.wire
    into.method = cast("Any", draft.method)
    into.media_type = operation.request.media_type
    into.headers["Content-Type"] = str(draft.content_type)
    into.body = draft.body
    _sent[_key(operation, case.request())] = case
    if len(_sent) > REMEMBERED:
        _sent.popitem(last=False)
    return into


def _key(operation: Operation, request: Request) -> Key:
    return operation, request.method, header(request.headers, "content-type"), request.body


def _can_be_sent(operation: Operation, draft: Draft) -> bool:
    """Return whether Schemathesis can send it: at its own path, labelled once, with a length."""
    plain = draft.path in ("", operation.path) and draft.sized
    return plain and draft.content_type is not None and not (draft.repeated or draft.fields)


def _evidence(operation: Operation) -> Evidence:
    """Return the evidence that a drawn request is valid.

    That is the weakest evidence of the constraints that its values are drawn by. Where only
    examples are known to be good, nothing else is drawn, and the constraints do not matter.
    """
    of_members = ("required", "additionalProperties")
    rules = [
        rule for rule in operation.request.rules if rule.path and rule.keyword not in of_members
    ]
    return weakest([rule.evidence for rule in rules if "examples" not in rule.schema])


def _valid(operation: Operation, request: Request, evidence: Evidence) -> Case:
    rule = operation.rules[f"{REQUEST}#type"]
    label = header(request.headers, "content-type")
    draft = Draft(request.method, label, request.body or b"", operation.path)
    says = "it is drawn from values that are known to be good"
    evidence = of_acceptance(operation, evidence, draft.body)
    return Case(
        f"{rule.id}/drawn", rule, "type/drawn", "accept", says, evidence, draft, operation.path
    )


def _invalid(operation: Operation, payload: InvalidPayload) -> Case:
    rule, family = payload.rule, payload.family
    # A valid twin with one change: it breaks this rule, and this rule alone.
    says = next(map(sentence, request_violations(operation, payload.request())))
    name = f"{rule.id}{family.removeprefix(rule.keyword)}"
    return Case(name, rule, family, "reject", says, payload.evidence, payload.wire, operation.path)
