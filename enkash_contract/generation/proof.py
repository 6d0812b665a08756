"""The proof that a change to a payload breaks what it is meant to break: on the final bytes.

A value that breaks a rule in memory may be valid once it is written, or break another rule as well.
So a change is put into a base, written, and judged like every other request or response.

One change often breaks several rules of one member: null is no text, and so it is none of those
listed, either. It is then a way to break the rule that it was made for, as long as all else that it
breaks speaks of the same value, of what stands around it, or of what stands in it (`shows`). Were
that not so, a document that says more of a member would find less in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.validation.request import addressed_violations, sentence
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.pointer import put, tokens
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.contract.rules import Rule
    from enkash_contract.wire.message import Request


@dataclass(frozen=True, eq=False, slots=True)
class Base:
    """A payload that one thing is changed in at a time, and the plainest draft of it.

    `status` is that of a response, and None for a request. `known` are the ids of the rules that
    the payload breaks as it is; no proof speaks of them.
    """

    payload: Any
    draft: Draft
    status: int | None = None
    known: frozenset[str] = frozenset()


class Proof(NamedTuple):
    """A changed draft, and the ids of the rules that its bytes break, with a sentence for each."""

    draft: Draft
    broken: Mapping[str, str]


def base_of(operation: Operation, side: Side, payload: Any, status: int | None = None) -> Base:
    """Return `payload` as a base, with the rules that it breaks already."""
    draft = valid_draft(operation, side, payload)
    return Base(payload, draft, status, frozenset(broken_by(operation, draft, status)))


def valid_draft(operation: Operation, side: Side, payload: Any) -> Draft:
    """Return the plainest way to send `payload`."""
    return Draft(operation.method, side.media_type, compact(payload), operation.path)


def request_of(operation: Operation, draft: Draft) -> Request:
    """Return the request that carries `draft`."""
    return draft.request(operation.path)


def put_and_prove(
    operation: Operation, base: Base, at: tuple[str, ...], value: Any
) -> Proof | None:
    """Return `base` with `value` at `at`, and what that breaks; None where there is no such place.

    The proof is on the final bytes: a change that is undone when it is written breaks nothing.
    """
    draft = put_into(base, at, value)
    return None if draft is None else prove(operation, base, draft)


def put_into(base: Base, at: tuple[str, ...], value: Any) -> Draft | None:
    """Return the draft of `base` with `value` at `at`, or None where there is no such place."""
    try:
        return base.draft.but(body=compact(put(base.payload, at, value)))
    except (LookupError, TypeError):
        return None


def prove(operation: Operation, base: Base, draft: Draft) -> Proof:
    """Return a changed draft of `base` with what it breaks beyond the base itself."""
    broken = broken_by(operation, draft, base.status)
    return Proof(draft, {name: says for name, says in broken.items() if name not in base.known})


def broken_by(operation: Operation, draft: Draft, status: int | None = None) -> dict[str, str]:
    """Return the ids of the rules that the final bytes break, with a sentence for each.

    They are judged as everything else is: as a request, or with `status` as a response.
    """
    if status is None:
        violations = addressed_violations(operation, request_of(operation, draft))
        return {violation.rule.id: sentence(violation) for violation in violations}
    judgement = judgement_of(operation, draft.response(status))
    return {finding.rule: finding.message for finding in response_findings(judgement)}


def shows(operation: Operation, rule: Rule, broken: Collection[str]) -> bool:
    """Return whether a change that breaks the rules with these ids is a way to break `rule`.

    It is if `rule` is among them, and each of the others goes along with it.
    """
    others = [operation.rules[name] for name in broken if name != rule.id]
    return len(others) < len(broken) and all(goes_along(rule, other) for other in others)


def goes_along(rule: Rule, other: Rule) -> bool:
    """Return whether what breaks `rule` may break `other` as well, and still be a case of `rule`.

    A rule of the wire is never broken along with another rule. A value of another type is a case of
    its type alone, whatever else is said of the value.
    """
    if not other.path or rule.side != other.side:
        return False
    if not rule.path:
        return True
    if rule.pointer == other.pointer:
        return other.keyword != "type" or rule.keyword == "type"
    # One change at one place concerns only what stands there, around it and in it.
    at, there = tokens(rule.pointer), tokens(other.pointer)
    size = min(len(at), len(there))
    return at[:size] == there[:size]
