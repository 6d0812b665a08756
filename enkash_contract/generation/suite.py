"""The deterministic suite: every rule of the request, from both sides, one change each.

Every case is the baseline with one thing changed, and every case is proven when it is built: a
reject case breaks exactly its own rule, an accept case breaks none, by the same validator that
judges everything else, on the bytes that go over the wire. What cannot be proven is not a case.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.operation import REQUEST, Operation
from enkash_contract.contract.wording import expectation
from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good
from enkash_contract.generation.families import accept, reject
from enkash_contract.generation.families import wire as wire_mutations
from enkash_contract.judging.case import BASELINE, Case, Polarity
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.validation.request import request_violations, sentence
from enkash_contract.validation.violation import shorten
from enkash_contract.wire.pointer import ABSENT, Renamed, get, pointer, put, tokens
from enkash_contract.wire.spelling import Draft, Spelled, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.rules import Rule

    _Offer = tuple[str, str, Draft, bool]


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
    try:
        made = known_good.base(operation, base, pins)
    except RecursionError as problem:
        raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None
    return tuple(_Builder(operation, made, tuple(pins or ())).cases())


@functools.lru_cache(maxsize=8)
def _default(operation: Operation) -> tuple[Case, ...]:
    return tuple(_Builder(operation, known_good.base(operation)).cases())


class _Builder:
    def __init__(self, operation: Operation, base: Any, pinned: tuple[str, ...] = ()) -> None:
        self.operation = operation
        # What the user pins is what the target knows: right requests keep it as it is.
        self.pinned = [tokens(one) for one in pinned]
        self.base = base
        self.secrets = Secrets(operation.described)
        try:
            body = compact(base)
        except (TypeError, ValueError, RecursionError) as problem:
            raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None
        media_type = operation.request.media_type
        self.right = Draft(operation.method, media_type, body, operation.path)
        # What the user's own payload breaks is no concern of the cases derived from it.
        self.known: set[Rule] = set()
        self.known = set(self._breaks(self.right))

    def cases(self) -> Iterator[Case]:
        root = self.operation.rules[f"{REQUEST}#type"]
        says = "the payload every other case is derived from"
        baseline = Case(
            BASELINE,
            root,
            "type/baseline",
            "accept",
            says,
            root.evidence,
            self.right,
            self.operation.path,
        )
        yield baseline
        for rule in self.operation.rules.values():
            if rule.side == REQUEST:
                accepted = list(self._named(rule, "accept"))
                yield from (case for case, _ in accepted)
                twins = [case for case, settled in accepted if settled]
                # Of two that are as near, the own rule's is the one that tells more.
                others = (
                    [*twins, baseline]
                    if rule.keyword.startswith(("min", "max", "exclusive"))
                    else [baseline, *twins]
                )
                for case, _ in self._named(rule, "reject"):
                    yield replace(case, twin=_nearest(case, others).id)

    def _named(self, rule: Rule, polarity: Polarity) -> Iterator[tuple[Case, bool]]:
        # What is there already is no case, whatever a family calls it.
        names: set[str] = set()
        wires = {self.right}
        for name, says, wire, settled in self._offered(rule, polarity):
            if name not in names and wire not in wires:
                names.add(name)
                wires.add(wire)
                made = Case(
                    f"{rule.id}/{name}",
                    rule,
                    f"{rule.keyword}/{name}",
                    polarity,
                    says,
                    rule.evidence if settled else Evidence(Level.ASSUMED),
                    wire,
                    self.operation.path,
                )
                yield made, settled

    def _offered(self, rule: Rule, polarity: Polarity) -> Iterator[_Offer]:
        return self._of_schema(rule, polarity) if rule.path else self._of_wire(rule, polarity)

    def _of_wire(self, rule: Rule, polarity: Polarity) -> Iterator[_Offer]:
        table = wire_mutations.REJECT if polarity == "reject" else wire_mutations.ACCEPT
        for family in table.get(rule.keyword, ()):
            settled = family not in wire_mutations.UNSETTLED
            for name, wire in family(self.right, self.base):
                broken = self._breaks(wire)
                if polarity == "accept" and not broken:
                    yield name, f"the baseline, {name.replace('-', ' ')}", wire, settled
                elif polarity == "reject" and broken.keys() == {rule}:
                    yield name, broken[rule], wire, settled

    def _breaks(self, wire: Draft) -> dict[Rule, str]:
        """Return what the final request breaks beyond the baseline, with a sentence for each."""
        found = request_violations(self.operation, wire.request(self.operation.path))
        return {one.rule: sentence(one) for one in found if one.rule not in self.known}

    def _is_pinned(self, at: tuple[str, ...]) -> bool:
        # `*` is put at the first item.
        spot = tuple("0" if token == "*" else token for token in at)
        return any(spot[: len(one)] == one for one in self.pinned)

    def _of_schema(self, rule: Rule, polarity: Polarity) -> Iterator[_Offer]:
        table = reject.REJECT if polarity == "reject" else accept.ACCEPT
        at = tokens(rule.pointer)
        right = get(self.base, at)
        if right is ABSENT:
            right = known_good.known_good(rule.schema)
        wanted = {rule} if polarity == "reject" else set()
        if polarity == "accept" and self._is_pinned(at):
            return
        for family in table.get(rule.keyword, ()):
            settled = family not in accept.UNSETTLED
            for name, value in family(rule.schema, right):
                if settled and polarity == "accept" and not _is_known(rule, value):
                    continue
                try:
                    payload = put(self.base, at, value)
                except (LookupError, TypeError):
                    continue
                wire = self.right.but(body=compact(payload))
                if self._breaks(wire).keys() == wanted:
                    says = _says(rule, at, value, polarity, self.secrets)
                    yield name, says, wire, settled


def _is_known(rule: Rule, value: Any) -> bool:
    """Say whether `value` may be known good; beside `examples` only what is listed is."""
    listed = rule.keyword in ("enum", "const")
    return listed or "examples" not in rule.schema or value in rule.schema["examples"]


def _says(rule: Rule, at: tuple[str, ...], value: Any, polarity: Polarity, secrets: Secrets) -> str:
    where = pointer(at) or "the payload"
    if value is ABSENT:
        shown = "missing"
    elif isinstance(value, Renamed):
        shown = f"it is called {shorten(value.spell(at[-1]))}"
    else:
        shown = f"it is {value if isinstance(value, Spelled) else shorten(value, secrets)}"
    if polarity == "accept":
        return f"{where} {shown.removeprefix('it ')}"
    return f"{where} {expectation(rule)}, but {shown}"


def _nearest(case: Case, others: list[Case]) -> Case:
    """Return the case of `others` whose request differs from that of `case` in the least."""
    return min(others, key=lambda other: _distance(case.wire, other.wire))


def _distance(one: Draft, other: Draft) -> int:
    """Count the bytes between the common beginning and the common end, and other differences."""
    first, second = one.body, other.body
    start = _common(first, second)
    end = _common(first[start:][::-1], second[start:][::-1])
    parts = ("method", "headers", "path", "sized")
    different = [part for part in parts if getattr(one, part) != getattr(other, part)]
    return max(len(first), len(second)) - start - end + len(different)


def _common(first: bytes, second: bytes) -> int:
    """Return how many bytes the two begin with in common."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if first[:middle] == second[:middle] else (low, middle - 1)
    return low
