"""The ways in which one rule of one side can be broken, found out once and then reused.

A mutation is one name out of the tables of `families.reject` and `families.reject_wire`, together
with bytes that are proven to break its rule, and no other but what goes along with it (`proof`). It
is tried on any other valid payload,
and where it does not work there, the proven bytes take its place: a generator never has to throw a
draw away.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.evidence import Evidence, Level, weakest
from enkash_contract.contract.operation import REQUEST, RESPONSE, Operation, Side
from enkash_contract.contract.rules import is_named
from enkash_contract.errors import UsageError
from enkash_contract.generation.known_good import example_of, plainest, value_at
from enkash_contract.generation.proof import (
    Base,
    Proof,
    base_of,
    broken_by,
    prove,
    put_and_prove,
    shows,
    valid_draft,
)
from enkash_contract.generation.reach import Reached, reached
from enkash_contract.judging.case import family_of
from enkash_contract.validation.receiver import of_rejection
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.pointer import tokens
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from enkash_contract.contract.rules import Rule

    Function = Callable[[Any, Any], Iterator[tuple[str, Any]]]

STATUSES = (201, 202, 301, 302, 307, 400, 401, 404, 422, 500, 502, 503)
"""The statuses tried for a response that the document does not know."""

NO_CONTENT = (204, 205, 304)
"""The statuses whose responses never have content."""


@dataclass(frozen=True, eq=False, repr=False)
class Mutation(Printed):
    """One way to break a rule.

    `proven` was shown to break this rule (see `proof.shows`), and `says` is a sentence on how.
    `evidence` is that the receiver of `proven` must reject it, as `Case.evidence` has it.
    `value` is what stands at the place of the rule in it; for a rule of the wire it is the draft.
    `status` is the response's, and None for a request. `side` is None where nothing but the status
    is invalid, and then `function` is not needed. `built` are the places that the base lacked.
    """

    rule: Rule
    name: str
    side: Side | None
    status: int | None
    proven: Draft
    evidence: Evidence
    function: Function | None = None
    value: Any = None
    says: str = ""
    built: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The name with the rule's keyword in front, as `Case.family` has it."""
        return family_of(self.rule, self.name)

    def __repr__(self) -> str:
        return f"<Mutation of {self.rule.id}, {self.family}>"

    def broken(self, operation: Operation, payload: Any) -> Draft:
        """Break the rule on `payload`, which is valid, or else as it was proven to be broken."""
        return self.tried(operation, payload) or self.proven

    def evidence_of(self, operation: Operation, draft: Draft) -> Evidence:
        """Return the evidence that the receiver of `draft`, broken by this, must reject it."""
        return weakest([self.evidence, of_rejection(operation, self.rule, draft.body)])

    def tried(
        self, operation: Operation, payload: Any, known: frozenset[str] = frozenset()
    ) -> Draft | None:
        """Break the rule on `payload`, or return None where that does not show it.

        The rules that `payload` breaks already, `known`, are left out.
        """
        if self.side is None or self.function is None or self.rule.id in known:
            return None
        draft = valid_draft(operation, self.side, payload)
        base = Base(payload, draft, self.status, known)
        for name, value in _offers(base, self.rule, self.function):
            proof = _proof(operation, base, self.rule, value) if name == self.name else None
            if proof is not None and shows(operation, self.rule, proof.broken):
                return proof.draft
        return None


class Change(NamedTuple):
    """One value that a family offers, by name, with the proof of what it breaks on a base.

    `built` are the places that the base lacked, and that were built to hold the value.
    """

    name: str
    function: Function
    value: Any
    proof: Proof
    built: tuple[str, ...] = ()


def statuses(operation: Operation, named: str) -> list[int]:
    """Return the statuses meant by `200` or `4XX`, without those that are documented by number.

    `default` means two that no other response documents: 200 and 400, if that is so.
    """
    if named.isdecimal():
        return [int(named)]
    known = operation.rules[f"{RESPONSE}#status"].value
    if named == "default":
        any_status = (200, 400, *range(201, 600))
        free = [code for code in any_status if {str(code), f"{code // 100}XX"}.isdisjoint(known)]
        return free[:2] or [any_status[-1]]
    first = int(named[0]) * 100
    every = range(first, first + 100)
    return [code for code in every if code not in NO_CONTENT and str(code) not in known]


@functools.lru_cache(maxsize=64)
def mutations(operation: Operation, kind: str) -> tuple[Mutation, ...]:
    """Find all ways to break the request, or the responses, in the order of the document."""
    rules = [rule for rule in operation.rules.values() if rule.side.partition(".")[0] == kind]
    return tuple(_mutations(operation, rules))


def mutations_of(
    operation: Operation, rule: Rule, names: Collection[str] | None
) -> tuple[Mutation, ...]:
    """Find the ways to break one rule; with `names`, no others are proven."""
    return tuple(_mutations(operation, [rule], names))


def _mutations(
    operation: Operation, rules: Sequence[Rule], names: Collection[str] | None = None
) -> Iterable[Mutation]:
    found: dict[tuple[str, str], Mutation] = {}
    for side in operation.sides.values():
        of_side = [rule for rule in rules if rule.side == side.name]
        named = side.name.partition(".")[2]
        status = statuses(operation, named)[0] if named else None
        # The example may lack members whose rules are reached through a value that has them.
        for payload in (example_of(side), plainest(side.schema)) if of_side else ():
            base = base_of(operation, side, payload, status)
            for mutation in () if base.known else on_base(operation, side, base, of_side, names):
                found.setdefault((mutation.rule.id, mutation.name), mutation)
    for rule in rules:
        if rule.id == f"{RESPONSE}#status":
            for mutation in _of_status(operation, rule, names):
                found[rule.id, mutation.name] = mutation
    return found.values()


def on_base(
    operation: Operation,
    side: Side,
    base: Base,
    rules: Iterable[Rule],
    names: Collection[str] | None = None,
) -> Iterator[Mutation]:
    """Yield all ways to break one of the `rules` of `side` on `base`, or those so named."""
    from enkash_contract.generation.families import reject, reject_wire

    for rule in rules:
        table = reject.REJECT if rule.path else reject_wire.REJECT
        offered = changes(operation, side, base, rule, table, names)
        shown = [change for change in offered if shows(operation, rule, change.proof.broken)]
        # Of two that have one name, that which breaks no other rule tells more.
        alone = {change.name for change in shown if len(change.proof.broken) == 1}
        plain = [
            change for change in shown if len(change.proof.broken) == 1 or change.name not in alone
        ]
        for name, function, value, proof, built in plain:
            says = proof.broken[rule.id]
            draft, known = proof.draft, _evidence(operation, rule, function, proof.draft)
            yield Mutation(
                rule, name, side, base.status, draft, known, function, value, says, built
            )


def _evidence(operation: Operation, rule: Rule, function: Function, draft: Draft) -> Evidence:
    """Return the evidence that the receiver of `draft`, which breaks `rule`, must reject it."""
    from enkash_contract.generation.families import reject_wire

    if function in reject_wire.UNSETTLED:
        return Evidence(Level.ASSUMED)
    return rule.receiver if rule.side != REQUEST else of_rejection(operation, rule, draft.body)


def _of_status(
    operation: Operation, rule: Rule, names: Collection[str] | None
) -> Iterator[Mutation]:
    nothing = Draft(operation.method, None, b"")
    for status in STATUSES:
        wanted = names is None or str(status) in names
        if wanted and broken_by(operation, nothing, status).keys() == {rule.id}:
            yield Mutation(rule, str(status), None, status, nothing, rule.receiver)


def changes(
    operation: Operation,
    side: Side,
    base: Base,
    rule: Rule,
    table: Mapping[str, tuple[Function, ...]],
    names: Collection[str] | None = None,
) -> Iterator[Change]:
    """Yield every change to `base` that the families of `rule` in `table` offer, with its proof.

    With `names`, only the changes so named are proven.
    """
    there = reached(operation, side, base, rule) if rule.path else Reached(base)
    if there is None:
        return
    for function in table.get(rule.keyword, ()):
        for name, value in _offers(there.base, rule, function):
            wanted = names is None or name in names
            proof = _proof(operation, there.base, rule, value) if wanted else None
            # What is built has been tried where it was absent.
            if proof is not None and not (there.built and proof.draft == there.base.draft):
                yield Change(name, function, value, proof, there.built)


def _offers(base: Base, rule: Rule, function: Function) -> Iterator[tuple[str, Any]]:
    """Yield what a family offers by name: values for the place of `rule`, or whole drafts."""
    if not rule.path:
        return function(base.draft, base.payload)
    return function(rule.schema, value_at(base.payload, tokens(rule.pointer), rule.schema))


def _proof(operation: Operation, base: Base, rule: Rule, value: Any) -> Proof | None:
    if rule.path:
        return put_and_prove(operation, base, tokens(rule.pointer), value)
    return prove(operation, base, value)


def selected(
    operation: Operation, kind: str, rule: str | None, family: str | None
) -> tuple[Mutation, ...]:
    """Return the mutations whose rule and family are so named, in the order of the document.

    Raises:
        UsageError: there is none.

    """
    if rule is not None and not set("*?[") & set(rule):
        operation.rule(rule)
    found: list[Mutation] = []
    for mutation in mutations(operation, kind):
        # An id may hold `*` itself, so a whole id is never read as a glob.
        exact = rule in operation.rules
        named = (
            mutation.rule.id == rule if exact else rule is None or is_named(rule, mutation.rule.id)
        )
        if named and (family is None or is_named(family, mutation.family)):
            found.append(mutation)
    if not found:
        wishes = [f"{key} {wish!r}" for key, wish in (("rule", rule), ("family", family)) if wish]
        problem = f"nothing can break {' with '.join(wishes) or f'the {kind}'}"
        raise UsageError(f"{operation.id}: {problem}; `enkash-contract cases` lists what is broken")
    return tuple(found)
