"""The ways in which exactly one rule of one side can be broken, found out once and then reused.

A way is one name out of the tables of `mutations` and `wire_mutations`, together with bytes that
are proven to break its rule and no other. It is tried on any other right value, and where it does
not work there, what was proven takes its place: a generator never has to throw a draw away.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.operation import RESPONSE, Operation, Side
from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good
from enkash_contract.generation.families import reject, wire
from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.validation.request import request_violations
from enkash_contract.wire.message import Request, Response
from enkash_contract.wire.pointer import ABSENT, get, put, tokens
from enkash_contract.wire.spelling import Draft, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.contract.rules import Rule

    Function = Callable[[Any, Any], Iterator[tuple[str, Any]]]

STATUSES = (201, 202, 301, 302, 307, 400, 401, 404, 422, 500, 502, 503)
"""The statuses tried for an answer that the document does not know."""

NO_CONTENT = (204, 205, 304)
"""The statuses whose answers never have content."""


@dataclass(frozen=True, eq=False)
class Mutation:
    """One way to break a rule.

    `status` is the answer's, and None for a request. `side` is None where nothing but the status is
    wrong, and then `function` is not needed.
    """

    rule: Rule
    name: str
    side: Side | None
    status: int | None
    proven: Draft
    function: Function | None = None

    @property
    def family(self) -> str:
        """The name with the rule's keyword in front, as `Case.family` has it."""
        return f"{self.rule.keyword}/{self.name}"

    @property
    def evidence(self) -> Evidence:
        """What its being wrong rests on, as `Case.evidence` has it."""
        unsettled = self.function in wire.UNSETTLED
        return Evidence(Level.ASSUMED) if unsettled else self.rule.evidence

    def broken(self, operation: Operation, payload: Any) -> Draft:
        """Break the rule on `payload`, which is right, or else as it was proven to be broken."""
        return self.tried(operation, payload) or self.proven

    def tried(
        self, operation: Operation, payload: Any, known: frozenset[str] = frozenset()
    ) -> Draft | None:
        """Break the rule on `payload`, or return None where that breaks not it alone.

        What `payload` breaks already, `known`, is no concern.
        """
        if self.side is None or self.function is None or self.rule.id in known:
            return None
        right = right_wire(operation, self.side, payload)
        for name, make in _offers(self.rule, self.function, right, payload):
            if name == self.name:
                sent = make()
                wanted = {self.rule.id} | known
                if sent is not None and _breaks(operation, self.status, sent) | known == wanted:
                    return sent
                break
        return None


def right_wire(operation: Operation, side: Side, payload: Any) -> Draft:
    """Return the plainest way to send `payload`."""
    return Draft(operation.method, side.media_type, compact(payload), operation.path)


def request_of(operation: Operation, sent: Draft) -> Request:
    """Return the request that carries `sent`."""
    return sent.request(operation.path)


def response_of(status: int, sent: Draft) -> Response:
    """Return the answer that carries `sent`."""
    return Response(status, sent.headers, sent.body)


def plainest(side: Side) -> Any:
    """Return the right value that everything shrinks to."""
    return known_good.known_good(side.schema) if side.example is None else side.example


def statuses(operation: Operation, named: str) -> list[int]:
    """Return the statuses meant by `200` or `4XX`, without those that are documented by number."""
    if named.isdecimal():
        return [int(named)]
    known = operation.rules[f"{RESPONSE}#status"].value
    first = int(named[0]) * 100
    every = range(first, first + 100)
    return [code for code in every if code not in NO_CONTENT and str(code) not in known]


@functools.lru_cache(maxsize=64)
def mutations(operation: Operation, kind: str) -> tuple[Mutation, ...]:
    """Find all ways to break the request, or the answers, in the order of the document."""
    made: dict[tuple[str, str], Mutation] = {}
    for side in operation.sides.values():
        what, _, named = side.name.partition(".")
        if what == kind:
            status = statuses(operation, named)[0] if named else None
            # The example may lack members whose rules are reached through a value that has them.
            for payload in (plainest(side), known_good.known_good(side.schema)):
                for mutation in _of_side(operation, side, status, payload):
                    made.setdefault((mutation.rule.id, mutation.name), mutation)
    if kind == RESPONSE:
        made |= {(mutation.rule.id, mutation.name): mutation for mutation in _of_status(operation)}
    return tuple(made.values())


def _of_side(
    operation: Operation, side: Side, status: int | None, payload: Any
) -> Iterator[Mutation]:
    right = right_wire(operation, side, payload)
    if _breaks(operation, status, right):
        return
    for rule in [rule for rule in operation.rules.values() if rule.side == side.name]:
        table: Mapping[str, Any] = reject.REJECT if rule.path else wire.REJECT
        for function in table.get(rule.keyword, ()):
            for name, make in _offers(rule, function, right, payload):
                sent = make()
                if sent is not None and _breaks(operation, status, sent) == {rule.id}:
                    yield Mutation(rule, name, side, status, sent, function)


def _of_status(operation: Operation) -> Iterator[Mutation]:
    rule = operation.rules[f"{RESPONSE}#status"]
    nothing = Draft(operation.method, None, b"")
    for status in STATUSES:
        if _breaks(operation, status, nothing) == {rule.id}:
            yield Mutation(rule, str(status), None, status, nothing)


def _offers(
    rule: Rule, function: Function, right: Draft, payload: Any
) -> Iterator[tuple[str, Callable[[], Draft | None]]]:
    """Yield what a function of the tables makes of a right payload, by name and when asked for."""
    if not rule.path:
        for name, made in function(right, payload):
            yield name, functools.partial(_itself, made)
        return
    at = tokens(rule.pointer)
    value = get(payload, at)
    if value is ABSENT:
        value = known_good.known_good(rule.schema)
    for name, wrong in function(rule.schema, value):
        yield name, functools.partial(_put, right, payload, at, wrong)


def _itself(made: Draft) -> Draft:
    return made


def _put(right: Draft, payload: Any, at: tuple[str, ...], value: Any) -> Draft | None:
    try:
        return right.but(body=compact(put(payload, at, value)))
    except (LookupError, TypeError):
        return None


def _breaks(operation: Operation, status: int | None, sent: Draft) -> set[str]:
    """Return the ids of the rules that the final bytes break, as everything else judges them."""
    if status is None:
        found = request_violations(operation, request_of(operation, sent))
        return {violation.rule.id for violation in found}
    judgement = judgement_of(operation, response_of(status, sent))
    return {finding.rule for finding in response_findings(judgement)}


def selected(
    operation: Operation, kind: str, rule: str | None, family: str | None
) -> tuple[Mutation, ...]:
    """Return the ways whose rule and family are so named, each rule as often as any other.

    Raises:
        UsageError: there is none.

    """
    if rule is not None and not set("*?[") & set(rule):
        operation.rule(rule)
    by_rule: dict[str, list[Mutation]] = {}
    for mutation in mutations(operation, kind):
        exact = rule in operation.rules
        named = (
            mutation.rule.id == rule
            if exact
            else rule is None or fnmatchcase(mutation.rule.id, rule)
        )
        if named and (family is None or fnmatchcase(mutation.family, family)):
            by_rule.setdefault(mutation.rule.id, []).append(mutation)
    if not by_rule:
        asked = [f"{what} {name!r}" for what, name in (("rule", rule), ("family", family)) if name]
        what = f"nothing can break {' with '.join(asked) or f'the {kind}'}"
        raise UsageError(f"{operation.id}: {what}; `enkash-contract cases` lists what is broken")
    return evenly(mutation for found in by_rule.values() for mutation in found)


def evenly(found: Iterable[Mutation]) -> tuple[Mutation, ...]:
    """Repeat ways so that each rule has as many of them as any other."""
    by_rule: dict[str, list[Mutation]] = {}
    for mutation in found:
        by_rule.setdefault(mutation.rule.id, []).append(mutation)
    longest = max(map(len, by_rule.values()), default=0)
    return tuple(those[at % len(those)] for those in by_rule.values() for at in range(longest))
