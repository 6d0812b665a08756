"""Putting a misreading in the place of its rule, and proving that it makes a difference.

A request is looked at once, with every rule; a misreading then drops or adds what its rule alone
would say of it. The proof is on the final bytes: a lenient reading must take a request that breaks
its rule and no other, a strict one must refuse a request that is known to be right, and both must
take the document's own example, or nothing could be found out about such a server.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from enkash_contract.contract.wording import expectation
from enkash_contract.generation.known_good import example_of, value_at
from enkash_contract.generation.mutation import Base, base_of, put_into, request_of
from enkash_contract.validation.request import request_violations
from enkash_contract.validation.violation import Violation, shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import ABSENT, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.sandbox.misreadings.reading import Test
    from enkash_contract.sandbox.misreadings.wire import Taken
    from enkash_contract.wire.message import Request

    Broken = tuple[Violation, ...]
    Judge = Callable[["Seen"], Broken]

_SPARED = frozenset({"duplicate-names", "content-type-present", "content-type-single"})
"""Rules of the wire in spite of whose violation the payload is read."""


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A request, all that it breaks, and its payload (ABSENT where it was not read)."""

    request: Request
    broken: Broken
    rules: frozenset[Rule]
    payload: Any = field(repr=False)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A misreading as it judges requests, which is a defect if there is a witness.

    `proofs` yields the requests that are witnesses; it is asked once, and not before it has to be.
    """

    name: str
    says: str
    judge: Judge = field(repr=False)
    proofs: Callable[[], Iterator[Request]] = field(repr=False)

    @functools.cached_property
    def witness(self) -> Request | None:
        """The first request that tells the misreading from its rule, None where there is none."""
        return next(self.proofs(), None)


def look(operation: Operation, request: Request) -> Seen:
    """Look at a request with all rules, of whatever evidence."""
    decoded = strict_json.decode(request.body or b"")
    broken = tuple(request_violations(operation, request, decoded))
    unread = any(
        not one.rule.path and not one.pointer and one.rule.keyword not in _SPARED for one in broken
    )
    payload = ABSENT if unread else decoded[0]
    return Seen(request, broken, frozenset(one.rule for one in broken), payload)


@functools.lru_cache(maxsize=8)
def baseline(operation: Operation) -> tuple[Base, Seen]:
    """Return the payload that witnesses are derived from, and its request."""
    base = base_of(operation, operation.request, example_of(operation.request))
    return base, look(operation, request_of(operation, base.draft))


# Rules of the schema


def candidates(operation: Operation, rule: Rule) -> Iterator[Candidate]:
    """Yield the misreadings of a rule of the request, not proven yet."""
    return _of_schema(operation, rule) if rule.path else _of_wire(operation, rule)


def _of_schema(operation: Operation, rule: Rule) -> Iterator[Candidate]:
    from enkash_contract.sandbox.misreadings import keywords

    base, _ = baseline(operation)
    at = _looked_at(rule)
    value = value_at(base.payload, at, rule.schema)
    if rule.keyword == "required":
        value = {rule.value: None, **value}
    for reading in keywords.MISREADINGS[rule.keyword](rule, value):
        judge = functools.partial(_misread, operation.request.schema, rule, reading.holds)
        proofs = functools.partial(_proofs, operation, rule, at, judge, reading.witnesses)
        yield Candidate(reading.name, reading.says, judge, proofs)


def _proofs(
    operation: Operation, rule: Rule, at: tuple[str, ...], judge: Judge, values: Iterable[Any]
) -> Iterator[Request]:
    base, valid = baseline(operation)
    for value in () if judge(valid) else values:
        draft = put_into(base, at, value)
        request = None if draft is None else request_of(operation, draft)
        if request is not None and _differs(operation, rule, judge, request, value):
            yield request


def _looked_at(rule: Rule) -> tuple[str, ...]:
    """Return where the value stands that a reading looks at: of a missing member, the object."""
    at = tokens(rule.pointer)
    return at[:-1] if rule.keyword == "required" else at


def _differs(operation: Operation, rule: Rule, judge: Judge, request: Request, value: Any) -> bool:
    asked = look(operation, request)
    judged = judge(asked)
    if asked.broken:
        return asked.rules == {rule} and not judged
    return bool(judged) and _known_good(rule, value)


def _known_good(rule: Rule, value: Any) -> bool:
    """Say whether a value that breaks no rule is known to be right, rather than unknown."""
    if rule.keyword == "required":
        members = rule.schema.get("properties", {})
        return rule.value not in members or _is_known(members[rule.value], value[rule.value])
    return rule.keyword in ("enum", "const") or _is_known(rule.schema, value)


def _is_known(schema: Mapping[str, Any], value: Any) -> bool:
    if "examples" in schema and value not in schema["examples"]:
        return False
    return jsonschema_rs.is_valid(schema.get("x-known-good", {}), value)


def _misread(schema: Mapping[str, Any], rule: Rule, holds: Test, asked: Seen) -> Broken:
    """Return what a request breaks when one rule is read so."""
    if asked.payload is ABSENT:
        return asked.broken
    found = (one for one in located(schema, rule.path[:-1], asked.payload) if not holds(one))
    wrong = next(found, ABSENT)
    if (wrong is not ABSENT) == (rule in asked.rules):
        return asked.broken
    if wrong is ABSENT:
        return overlooking(rule, asked)
    actual = f"it is {shorten(wrong)}"
    return (*asked.broken, Violation(rule, rule.pointer, expectation(rule), actual))


def overlooking(rule: Rule, asked: Seen) -> Broken:
    """Return what a request breaks besides `rule`."""
    if rule not in asked.rules:
        return asked.broken
    return tuple(one for one in asked.broken if one.rule is not rule)


def located(schema: Any, path: Tokens, value: Any) -> Iterator[Any]:
    """Yield each part of `value` that the schema at `path` within `schema` speaks of."""
    if not path:
        yield value
        return
    keyword, rest = path[0], path[1:]
    below = schema[keyword]
    if keyword == "allOf":
        yield from located(below[rest[0]], rest[1:], value)
    elif keyword == "properties":
        if isinstance(value, dict) and rest[0] in value:
            yield from located(below[rest[0]], rest[1:], value[rest[0]])
    elif keyword == "items":
        for item in value if isinstance(value, list) else ():
            yield from located(below, rest, item)
    else:
        known = schema.get("properties", {})
        for name, item in value.items() if isinstance(value, dict) else ():
            if name not in known:
                yield from located(below, rest, item)


# Rules of the wire


def _of_wire(operation: Operation, rule: Rule) -> Iterator[Candidate]:
    from enkash_contract.sandbox.misreadings import wire

    base, valid = baseline(operation)
    for reading in wire.MISREADINGS[rule.keyword](valid.request, base.payload):
        judge = functools.partial(overlooking, rule)
        if reading.taken is not None:
            judge = functools.partial(_taken, operation, rule, reading.taken)
        proofs = functools.partial(_proofs_on_wire, operation, rule, judge, reading.witnesses)
        yield Candidate(reading.name, reading.says, judge, proofs)


def _proofs_on_wire(
    operation: Operation, rule: Rule, judge: Judge, requests: Iterable[Request]
) -> Iterator[Request]:
    _, valid = baseline(operation)
    for request in () if judge(valid) else requests:
        seen = look(operation, request)
        judged = judge(seen)
        if (seen.rules == {rule} and not judged) if seen.broken else judged:
            yield request


def _taken(operation: Operation, rule: Rule, taken: Taken, asked: Seen) -> Broken:
    """Return what a request breaks that is taken for another."""
    request = taken(asked.request)
    if request is asked.request:
        return asked.broken
    if request is None:
        if rule in asked.rules:
            return asked.broken
        return (*asked.broken, Violation(rule, "", expectation(rule), "it is written otherwise"))
    seen = look(operation, request)
    # What is refused for the same rules is no other verdict.
    return asked.broken if seen.rules == asked.rules else seen.broken
