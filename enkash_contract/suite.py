"""The deterministic suite: every rule of the request, from both sides, one change each.

Every case is the baseline with one thing changed, and every case is proven when it is built: a
reject case breaks exactly its own rule, an accept case breaks none, by the same validator that
judges everything else, on the bytes that go over the wire. What cannot be proven is not a case.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from enkash_contract import boundaries, examples, mutations, wire_mutations
from enkash_contract.contract import REQUEST, Contract, Operation, pick
from enkash_contract.errors import UsageError
from enkash_contract.explanations import expectation
from enkash_contract.interaction import Request
from enkash_contract.place import pointer, tokens
from enkash_contract.validation import validator
from enkash_contract.violation import shorten
from enkash_contract.wire_mutations import Wire, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.evidence import Evidence
    from enkash_contract.rules import Rule

Polarity = Literal["accept", "reject"]

BASELINE = f"{REQUEST}#type/baseline"
"""The id of the case that is sent first: the request that the user vouches for."""


@dataclass(frozen=True, eq=False)
class Case:
    """One deterministic request with its expectation.

    `id` is the rule's id with the family's name in place of the keyword's own. `says` is one
    sentence on what is special about it, and `twin` the id of the nearest accepted case.
    """

    id: str
    rule: Rule
    family: str
    polarity: Polarity
    says: str
    wire: Wire = field(repr=False)
    path: str = field(repr=False)
    twin: str = ""

    @property
    def evidence(self) -> Evidence:
        """What the expectation rests on."""
        return self.rule.evidence

    def request(self, url: str | None = None) -> Request:
        """Return the request to send to `url`, by default the operation's own path."""
        label = self.wire.content_type
        headers = () if label is None else (("Content-Type", label),)
        return Request(self.wire.method, url or self.path, headers, self.wire.body)


def cases(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    base: Any = None,
    pins: Mapping[str, Any] | None = None,
) -> tuple[Case, ...]:
    """Return the deterministic suite of an operation, the baseline first.

    Args:
        contract: the contract, by default the bundled one.
        operation: the operation's id, needed only where the contract has several.
        base: the payload that every case is derived from, by default the document's example.
        pins: values to set in it, by JSON Pointer; right requests keep them.

    """
    return build(pick(contract, operation), base, pins)


def build(
    operation: Operation, base: Any = None, pins: Mapping[str, Any] | None = None
) -> tuple[Case, ...]:
    """Return the suite of `operation`, derived from `base` with `pins`."""
    if base is None and not pins:
        return _default(operation)
    made = examples.base(operation, base, pins)
    return tuple(_Builder(operation, made, tuple(pins or ())).cases())


@functools.lru_cache(maxsize=8)
def _default(operation: Operation) -> tuple[Case, ...]:
    return tuple(_Builder(operation, examples.base(operation)).cases())


class _Builder:
    def __init__(self, operation: Operation, base: Any, pinned: tuple[str, ...] = ()) -> None:
        self.operation = operation
        # What the user pins is what the target knows: right requests keep it as it is.
        self.pinned = [tokens(one) for one in pinned]
        self.base = base
        try:
            body = compact(base)
        except (TypeError, ValueError, RecursionError) as problem:
            raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None
        self.right = Wire(operation.method, operation.request.media_type, body)
        self.validator = validator(operation)
        # What the user's own payload breaks is no concern of the cases derived from it.
        self.known = self._broken(base)

    def _broken(self, payload: Any) -> set[Rule]:
        return {violation.rule for violation in self.validator.violations(payload)}

    def cases(self) -> Iterator[Case]:
        root = self.operation.rules[f"{REQUEST}#type"]
        says = "the payload every other case is derived from"
        yield Case(BASELINE, root, "type/baseline", "accept", says, self.right, self.operation.path)
        for rule in self.operation.rules.values():
            if rule.side == REQUEST:
                accepted = list(self._named(rule, "accept"))
                twin = accepted[0].id if accepted else BASELINE
                yield from accepted
                for case in self._named(rule, "reject"):
                    yield Case(
                        case.id, rule, case.family, "reject", case.says, case.wire, case.path, twin
                    )

    def _named(self, rule: Rule, polarity: Polarity) -> Iterator[Case]:
        source = self._of_schema(rule, polarity) if rule.path else self._of_wire(rule, polarity)
        seen: set[str] = set()
        for name, says, wire in source:
            # What is there already is no case, whatever a family calls it.
            if name not in seen and wire != self.right:
                seen.add(name)
                family = f"{rule.keyword}/{name}"
                yield Case(
                    f"{rule.id}/{name}", rule, family, polarity, says, wire, self.operation.path
                )

    def _of_wire(self, rule: Rule, polarity: Polarity) -> Iterator[tuple[str, str, Wire]]:
        table = wire_mutations.REJECT if polarity == "reject" else wire_mutations.ACCEPT
        for family in table.get(rule.keyword, ()):
            for name, wire in family(self.right, self.base):
                broken = self._breaks(wire)
                if polarity == "accept" and not broken:
                    yield name, f"the baseline, {name.replace('-', ' ')}", wire
                elif polarity == "reject" and broken.keys() == {rule}:
                    yield name, broken[rule], wire

    def _breaks(self, wire: Wire) -> dict[Rule, str]:
        """Return what the final bytes break beyond the baseline, with a sentence for each rule."""
        broken = {
            violation.rule: violation.message
            for violation in self.validator.of_bytes(wire.body)[1]
            if violation.rule not in self.known
        }
        rules = self.operation.rules
        if wire.method != self.right.method:
            rule = rules[f"{REQUEST}#method"]
            broken[rule] = f"the request {expectation(rule)}, but it is sent by {wire.method}"
        if wire.content_type is None:
            rule = rules[f"{REQUEST}#content-type-present"]
            broken[rule] = f"the request {expectation(rule)}, but it does not"
        elif wire.content_type.partition(";")[0] != self.operation.request.media_type:
            rule = rules[f"{REQUEST}#content-type"]
            broken[rule] = (
                f"the request {expectation(rule)}, but it is labelled {wire.content_type}"
            )
        return broken

    def _is_pinned(self, at: tuple[str, ...]) -> bool:
        # `*` is put at the first item.
        spot = tuple("0" if token == "*" else token for token in at)
        return any(spot[: len(one)] == one for one in self.pinned)

    def _of_schema(self, rule: Rule, polarity: Polarity) -> Iterator[tuple[str, str, Wire]]:
        table = mutations.REJECT if polarity == "reject" else boundaries.ACCEPT
        at = tokens(rule.pointer)
        right = examples.get(self.base, at)
        if right is examples.ABSENT:
            right = examples.known_good(rule.schema)
        wanted = {rule} if polarity == "reject" else set()
        # A member with `examples` has no other values known to be right, unless they are listed.
        open_ = polarity == "reject" or rule.keyword in ("enum", "const")
        closed = None if open_ else rule.schema.get("examples")
        if polarity == "accept" and self._is_pinned(at):
            return
        for family in table.get(rule.keyword, ()):
            for name, value in family(rule.schema, right):
                if closed is not None and value not in closed:
                    continue
                try:
                    payload = examples.put(self.base, at, value)
                except (LookupError, TypeError):
                    continue
                wire = self.right.but(body=compact(payload))
                if self._breaks(wire).keys() == wanted:
                    yield name, _says(rule, at, value, polarity), wire


def _says(rule: Rule, at: tuple[str, ...], value: Any, polarity: Polarity) -> str:
    where = pointer(at) or "the payload"
    shown = "it is not there" if value is examples.ABSENT else f"it is {shorten(value)}"
    if polarity == "accept":
        return f"{where} {shown.removeprefix('it ')}"
    return f"{where} {expectation(rule)}, but {shown}"
