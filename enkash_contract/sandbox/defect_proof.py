"""Putting a misreading in the place of its rule, and proving that it makes a difference.

A request is judged once by every rule; a misreading then drops or adds the violation of its own
rule. The proof is on the final bytes: a lenient reading must accept a request that breaks its rule
and no other, a strict one must reject a request that is known to be valid, and both must accept the
document's own example, because no run concludes anything without an accepted baseline.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.rules import expectation
from enkash_contract.contract.unpublished import is_unpublished
from enkash_contract.generation.known_good import example_of, value_at
from enkash_contract.generation.proof import Base, base_of, put_into, request_of
from enkash_contract.generation.reach import reached
from enkash_contract.validation.request import addressed_violations
from enkash_contract.validation.violation import Violation, shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import ABSENT, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.sandbox.misreadings.reading import Test
    from enkash_contract.sandbox.misreadings.wire import ReadAs
    from enkash_contract.wire.message import Request

    Broken = tuple[Violation, ...]
    Judge = Callable[["Seen"], Broken]

_SPARED = frozenset({"duplicate-names", "content-type-present", "content-type-single"})
"""Rules of the wire whose violation leaves the payload readable."""


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A request, all that it breaks, and its payload (ABSENT where it was not read)."""

    request: Request
    broken: Broken
    rules: frozenset[Rule]
    payload: Any = field(repr=False)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A misreading as it judges requests; it is a defect if there is a witness.

    `proofs` yields witnesses. Proving takes most of the time, so it waits until `witness` is read.
    """

    name: str
    says: str
    judge: Judge = field(repr=False)
    proofs: Callable[[], Iterator[Request]] = field(repr=False)

    @functools.cached_property
    def witness(self) -> Request | None:
        """The first request on which misreading and rule differ, None where there is none."""
        return next(self.proofs(), None)


def look(operation: Operation, request: Request) -> Seen:
    """Return what a request breaks of all rules, of whatever evidence."""
    decoded = strict_json.decode(request.body or b"")
    broken = tuple(addressed_violations(operation, request, decoded))
    unread = any(
        not violation.rule.path and not violation.pointer and violation.rule.keyword not in _SPARED
        for violation in broken
    )
    payload = ABSENT if unread else decoded[0]
    return Seen(request, broken, frozenset(violation.rule for violation in broken), payload)


@functools.lru_cache(maxsize=8)
def baseline(operation: Operation) -> tuple[Base, Seen]:
    """Return the document's example, from which witnesses are derived, as a base and as seen."""
    base = base_of(operation, operation.request, example_of(operation.request))
    return base, look(operation, request_of(operation, base.draft))


def _base_for(operation: Operation, rule: Rule) -> Base:
    """Return a base that holds the place of `rule`, as far as there can be one."""
    base, _ = baseline(operation)
    there = reached(operation, operation.request, base, rule)
    return base if there is None else there.base


# Rules of the schema


def candidates(operation: Operation, rule: Rule) -> Iterator[Candidate]:
    """Yield the misreadings of a rule of the request, not proven yet."""
    return _of_schema(operation, rule) if rule.path else _of_wire(operation, rule)


def _of_schema(operation: Operation, rule: Rule) -> Iterator[Candidate]:
    from enkash_contract.sandbox.misreadings import keywords

    base = _base_for(operation, rule)
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
    base, (_, valid) = _base_for(operation, rule), baseline(operation)
    for value in () if judge(valid) else values:
        draft = put_into(base, at, value)
        request = None if draft is None else request_of(operation, draft)
        if request is not None and _differs(operation, rule, judge, request, value):
            yield request


def _looked_at(rule: Rule) -> tuple[str, ...]:
    """Return the place of the value that a reading judges: for a missing member, its object."""
    at = tokens(rule.pointer)
    return at[:-1] if rule.keyword == "required" else at


def _differs(operation: Operation, rule: Rule, judge: Judge, request: Request, value: Any) -> bool:
    seen = look(operation, request)
    judged = judge(seen)
    if seen.broken:
        return rule in seen.rules and not judged
    return bool(judged) and _known_good(rule, value)


def _known_good(rule: Rule, value: Any) -> bool:
    """Return whether a value that breaks no rule is known to be valid, rather than unknown."""
    if rule.keyword == "required":
        members = rule.schema.get("properties", {})
        return rule.value not in members or _is_known(members[rule.value], value[rule.value])
    return rule.keyword in ("enum", "const") or _is_known(rule.schema, value)


def _is_known(schema: Mapping[str, Any], value: Any) -> bool:
    if is_unpublished(schema) or value not in schema.get("examples", [value]):
        return False
    return engines.is_valid(schema.get("x-known-good", {}), value)


def _misread(schema: Mapping[str, Any], rule: Rule, holds: Test, seen: Seen) -> Broken:
    """Return what a request breaks if `holds` stands in the place of the verdict of `rule`."""
    if seen.payload is ABSENT:
        return seen.broken
    values = located(schema, rule.path[:-1], seen.payload)
    invalid = next((value for value in values if not holds(value)), ABSENT)
    if (invalid is not ABSENT) == (rule in seen.rules):
        return seen.broken
    if invalid is ABSENT:
        return ignoring(rule, seen)
    actual = f"it is {shorten(invalid)}"
    return (*seen.broken, Violation(rule, rule.pointer, expectation(rule), actual))


def ignoring(rule: Rule, seen: Seen) -> Broken:
    """Return what a request breaks if `rule` is not enforced."""
    if rule not in seen.rules:
        return seen.broken
    # A reader that lets a value of another type pass does not look further at it.
    unread = {v.pointer for v in seen.broken if v.rule is rule} if rule.keyword == "type" else ()
    return tuple(
        violation
        for violation in seen.broken
        if violation.rule is not rule and not (violation.rule.path and violation.pointer in unread)
    )


def located(schema: Any, path: Tokens, value: Any) -> Iterator[Any]:
    """Yield each part of `value` to which the schema at `path` within `schema` applies."""
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
        judge = functools.partial(ignoring, rule)
        if reading.read_as is not None:
            judge = functools.partial(_read_as, operation, rule, reading.read_as)
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


def _read_as(operation: Operation, rule: Rule, read_as: ReadAs, seen: Seen) -> Broken:
    """Return what a request breaks if it is read as another request, or as none."""
    request = read_as(seen.request)
    if request is seen.request:
        return seen.broken
    if request is None:
        if rule in seen.rules:
            return seen.broken
        return (*seen.broken, Violation(rule, "", expectation(rule), "it is written otherwise"))
    other = look(operation, request)
    # A rejection for the same rules is the same verdict.
    return seen.broken if other.rules == seen.rules else other.broken
