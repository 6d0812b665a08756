"""The proof that a change to a payload breaks what it is meant to break: on the final bytes.

A value that breaks a rule in memory may be valid once it is written, or break another rule as well.
So a change is put into a base, written, and judged like every other request or response.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.pointer import put
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.operation import Operation, Side
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
        violations = request_violations(operation, request_of(operation, draft))
        return {violation.rule.id: sentence(violation) for violation in violations}
    judgement = judgement_of(operation, draft.response(status))
    return {finding.rule: finding.message for finding in response_findings(judgement)}
