"""Hypothesis strategies for both sides of an operation, valid and invalid in every way.

Valid values are built from the document's schemas. An invalid one is a valid one with one change
out of the tables that `suite` uses too, proven on the final bytes by the judge of everything else.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.contract.contract import Contract, bundled, pick
from enkash_contract.contract.operation import REQUEST, RESPONSE, Operation, Side
from enkash_contract.errors import UsageError
from enkash_contract.generation.families import accept_wire
from enkash_contract.generation.known_good import example_of
from enkash_contract.generation.mutation import Mutation, selected, statuses
from enkash_contract.generation.proof import request_of, valid_draft
from enkash_contract.generation.strategies.invalid import InvalidPayload, Origin, made
from enkash_contract.generation.strategies.mutations import any_of, picked
from enkash_contract.generation.strategies.schema import from_schema
from enkash_contract.wire.message import Request, Response
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject_body import Family
    from enkash_contract.generation.strategies.text import Strategy
    from enkash_contract.wire.draft import Draft


def payloads(
    *, contract: Contract | None = None, operation: str | None = None
) -> st.SearchStrategy[Any]:
    """Generate payloads of requests that are known to be valid.

    A member's `examples` are all its known values; other members take every value that keeps the
    constraints and `x-known-good`, in printable characters of many scripts. Members that may be
    absent are, in some; members that the document does not describe are not added.

    Shrinks to the document's example, member by member.

    Raises:
        UsageError: there is no such operation, or nothing that is known to be valid.

    """
    return _values(pick(contract, operation), REQUEST)


def invalid_payloads(
    *,
    rule: str | None = None,
    family: str | None = None,
    contract: Contract | None = None,
    operation: str | None = None,
) -> st.SearchStrategy[InvalidPayload]:
    """Generate requests that break one rule each, and say which.

    A value may break other rules along with its own, as null breaks an enum along with a type.

    `rule` and `family` narrow them down, by id or by glob: `request/b2bIds/*`, `pattern/*`. Every
    rule is drawn as often as any other, and so is every family of a rule.

    Shrinks to the first family of the first rule, on the document's example.

    Raises:
        UsageError: nothing that can be broken is so named.

    """
    chosen = contract if contract is not None else bundled()
    return _invalid_requests(Origin(chosen, operation), rule, family)


def requests(
    *, contract: Contract | None = None, operation: str | None = None
) -> st.SearchStrategy[Request]:
    """Generate valid requests: valid payloads, spelled in every way that JSON and HTTP allow.

    Shrinks to the document's example, spelled as plainly as can be.

    Raises:
        UsageError: there is no such operation, or nothing that is known to be valid.

    """
    return _valid_requests(pick(contract, operation))


def responses(
    *,
    valid: bool = True,
    rule: str | None = None,
    family: str | None = None,
    contract: Contract | None = None,
    operation: str | None = None,
) -> st.SearchStrategy[Response]:
    """Generate responses: valid ones of every documented status, or invalid ones.

    An invalid response breaks one rule; `rule` and `family` narrow down which, by id or by
    glob.

    Shrinks to the example of the first documented status, or to the first family of the first rule
    on it.

    Raises:
        UsageError: nothing that can be broken is so named, or valid responses are to break a rule.

    """
    chosen = pick(contract, operation)
    if not valid:
        return _invalid_responses(chosen, rule, family)
    if rule is not None or family is not None:
        raise UsageError("a valid response breaks no rule; pass valid=False with rule or family")
    return _valid_responses(chosen)


# Valid values


@functools.lru_cache(maxsize=64)
def _values(operation: Operation, side: str) -> Strategy:
    found = operation.side(side)
    made = from_schema(found.schema, ABSENT if found.example is None else found.example)
    if made is None:
        raise UsageError(f"{operation.id} has no {side} that is known to be valid")
    return made


@dataclass(frozen=True, eq=False)
class _Spelling:
    """One way to spell a valid payload; without a function, the plain one."""

    name: str = ""
    function: Family | None = None

    def of(self, valid: Draft, payload: Any) -> Draft:
        offered = self.function(valid, payload) if self.function else ()
        return next((draft for name, draft in offered if name == self.name), valid)


def _spellings(operation: Operation, side: Side) -> list[_Spelling]:
    payload = example_of(side)
    valid = valid_draft(operation, side, payload)
    keywords = [rule.keyword for rule in side.rules if not rule.path]
    offered = [one for key in keywords for one in accept_wire.ACCEPT.get(key, ())]
    # A server may reject the unsettled spellings, so they are not known to be valid.
    functions = [one for one in offered if one not in accept_wire.UNSETTLED]
    named = [_Spelling(name, one) for one in functions for name, _ in one(valid, payload)]
    return [_Spelling(), *named]


@functools.lru_cache(maxsize=64)
def _valid_requests(operation: Operation) -> st.SearchStrategy[Request]:
    side = operation.request

    def made(spelling: _Spelling, payload: Any) -> Request:
        return request_of(operation, spelling.of(valid_draft(operation, side, payload), payload))

    spellings = picked(_spellings(operation, side))
    return st.tuples(spellings, _values(operation, REQUEST)).map(lambda drawn: made(*drawn))


@functools.lru_cache(maxsize=64)
def _valid_responses(operation: Operation) -> st.SearchStrategy[Response]:
    known = operation.rules[f"{RESPONSE}#status"].value
    return st.one_of([_responses_of(operation, named) for named in known])


def _responses_of(operation: Operation, named: str) -> st.SearchStrategy[Response]:
    codes = statuses(operation, named)
    side = operation.sides.get(f"{RESPONSE}.{named}")
    if side is None:
        return st.sampled_from([Response(code, (), b"") for code in codes])

    def made(chosen: tuple[_Spelling, int], payload: Any) -> Response:
        spelling, code = chosen
        return spelling.of(valid_draft(operation, side, payload), payload).response(code)

    heads = picked([*itertools.product(_spellings(operation, side), codes)])
    values = _values(operation, side.name)
    return st.tuples(heads, values).map(lambda drawn: made(*drawn))


# Invalid values


@functools.lru_cache(maxsize=64)
def _invalid_requests(
    origin: Origin, rule: str | None, family: str | None
) -> st.SearchStrategy[InvalidPayload]:
    operation = origin.operation
    mutations = any_of(selected(operation, REQUEST, rule, family))
    drawn = st.tuples(mutations, _values(operation, REQUEST))
    return drawn.map(lambda drawn: made(origin, *drawn))


@functools.lru_cache(maxsize=64)
def _invalid_responses(
    operation: Operation, rule: str | None, family: str | None
) -> st.SearchStrategy[Response]:
    def made(mutation: Mutation, payload: Any) -> Response:
        return mutation.broken(operation, payload).response(mutation.status or 0)

    def on_values(mutation: Mutation) -> st.SearchStrategy[Response]:
        side = mutation.side
        values = st.none() if side is None else _values(operation, side.name)
        return values.map(lambda payload: made(mutation, payload))

    return any_of(selected(operation, RESPONSE, rule, family)).flatmap(on_values)
