"""Our requests as cases of Schemathesis, and what was expected of each when its answer comes back.

Schemathesis makes payloads from the schemas alone: wrong ones that are wrong at random, right ones
out of what nobody knows to be right. Here the suite takes part in its examples phase, and the
strategies take the place of its own in fuzzing. An answer is matched with its expectation by what
went out, because everything else of a case changes while Schemathesis copies and shrinks it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from enkash_contract.contract.evidence import Evidence, weakest
from enkash_contract.contract.operation import REQUEST
from enkash_contract.generation.strategies import operation as strategies
from enkash_contract.generation.suite import build
from enkash_contract.judging.case import BASELINE, Case
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.message import Request, header

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from schemathesis import Case as Sent

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.generation.strategies.operation import InvalidPayload

    Key = tuple[Operation, str, str | None, bytes | None]

REMEMBERED = 10_000
"""How many requests are remembered: a run may last for hours, and only the latest come back."""

_sent: OrderedDict[Key, Case] = OrderedDict()


def expected(operation: Operation, request: Request) -> Case | None:
    """Return the case that `request` carries, or None when it is none of ours."""
    return _sent.get(_key(operation, request))


def suite_cases(operation: Operation) -> list[Case]:
    """Return the cases of the suite that Schemathesis can send, the baseline first."""
    return [case for case in build(operation) if _can_be_sent(operation, case.wire)]


def baseline(operation: Operation) -> Case:
    """Return the request that every refusal is measured by."""
    return next(case for case in build(operation) if case.id == BASELINE)


def drawn(contract: Contract, operation: Operation, *, right: bool) -> SearchStrategy[Case]:
    """Generate right requests, or wrong ones that break one rule, as cases."""
    if right:
        known = _worth(operation)
        requests = strategies.requests(contract=contract, operation=operation.id)
        return requests.map(lambda one: _right(operation, one, known))
    wrong = strategies.invalid_payloads(contract=contract, operation=operation.id)
    sendable = wrong.filter(lambda one: _can_be_sent(operation, one.wire))
    return sendable.map(lambda one: _wrong(operation, one))


def put(operation: Operation, case: Case, into: Sent[Any]) -> Sent[Any]:
    """Make `into` send what `case` is, and remember it; its headers of other kinds stay."""
    sent = case.wire
    into.method = cast("Any", sent.method)
    into.media_type = operation.request.media_type
    into.headers["Content-Type"] = str(sent.content_type)
    into.body = sent.body
    _sent[_key(operation, case.request())] = case
    if len(_sent) > REMEMBERED:
        _sent.popitem(last=False)
    return into


def _key(operation: Operation, request: Request) -> Key:
    return operation, request.method, header(request.headers, "content-type"), request.body


def _can_be_sent(operation: Operation, sent: Draft) -> bool:
    """Say whether Schemathesis can send it: at its own path, labelled once, and with a length."""
    plain = sent.path in ("", operation.path) and sent.sized
    return plain and sent.content_type is not None and not sent.repeated


def _worth(operation: Operation) -> Evidence:
    """Return what it rests on that any drawn request is right.

    That is the weakest of what the values are drawn by; where examples are all that is known to be
    right, nothing else is drawn, and the constraints do not matter.
    """
    told = ("required", "additionalProperties")
    rules = [rule for rule in operation.request.rules if rule.path and rule.keyword not in told]
    return weakest([rule.evidence for rule in rules if "examples" not in rule.schema])


def _right(operation: Operation, request: Request, known: Evidence) -> Case:
    rule = operation.rules[f"{REQUEST}#type"]
    label = header(request.headers, "content-type")
    sent = Draft(request.method, label, request.body or b"", operation.path)
    says = "it is drawn from what is known to be right"
    return Case(f"{rule.id}/drawn", rule, "type/drawn", "accept", says, known, sent, operation.path)


def _wrong(operation: Operation, one: InvalidPayload) -> Case:
    rule = one.rule
    # A right twin with one change: what it breaks is this rule, and this rule alone.
    says = next(map(sentence, request_violations(operation, one.request())))
    name = f"{rule.id}{one.family.removeprefix(rule.keyword)}"
    return Case(name, rule, one.family, "reject", says, one.evidence, one.wire, operation.path)
