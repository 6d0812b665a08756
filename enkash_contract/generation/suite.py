"""The deterministic suite: every rule of the request, from both sides, one change each.

Every case is the baseline with one thing changed, and every case is proven when it is built: a
reject case breaks its own rule and at most what goes along with it (`proof`), an accept case breaks
none, by the same validator that judges everything else, on the bytes that go over the wire. What
cannot be proven is not a case.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import Contract, pick
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.operation import REQUEST, TO_PARTNER, Operation
from enkash_contract.contract.rules import expectation
from enkash_contract.contract.unpublished import is_unpublished
from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good
from enkash_contract.generation.families import accept, accept_wire
from enkash_contract.generation.mutation import changes, on_base
from enkash_contract.generation.proof import base_of, put_and_prove, shows
from enkash_contract.generation.reach import in_second_item
from enkash_contract.judging.case import SECOND, Case, Polarity, case_id, family_of
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.validation.receiver import of_acceptance
from enkash_contract.validation.violation import shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import ABSENT, Renamed, get, tokens
from enkash_contract.wire.spelling import Spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from enkash_contract.contract.rules import Rule
    from enkash_contract.generation.mutation import Mutation
    from enkash_contract.wire.draft import Draft


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
        pins: values to set in it, by JSON Pointer; valid requests keep them.

    """
    return build(pick(contract, operation), base, pins)


def build(
    operation: Operation, base: Any = None, pins: Mapping[str, Any] | None = None
) -> tuple[Case, ...]:
    """Return the suite of `operation`, derived from `base` with `pins`."""
    if base is None and not pins:
        return _default(operation)
    return tuple(builder(operation, base, pins).cases())


def builder(operation: Operation, base: Any, pins: Mapping[str, Any] | None) -> Builder:
    """Return what derives the cases of `operation` from `base` with `pins`.

    Raises:
        UsageError: the payload cannot be written as JSON, or a pin points at nothing in it.

    """
    try:
        payload = known_good.base(operation, base, pins)
    except RecursionError as problem:
        raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None
    return Builder(operation, payload, tuple(pins or ()))


@functools.lru_cache(maxsize=8)
def _default(operation: Operation) -> tuple[Case, ...]:
    return tuple(Builder(operation, known_good.base(operation)).cases())


class Builder:
    """Derives cases from one payload."""

    def __init__(self, operation: Operation, payload: Any, pinned: tuple[str, ...] = ()) -> None:
        self.operation = operation
        # What the user pins is what the target knows: valid requests keep it as it is.
        self.pinned = [tokens(place) for place in pinned]
        self.secrets = Secrets(operation.described)
        try:
            # What the user's own payload breaks is no concern of the cases derived from it.
            self.base = base_of(operation, operation.request, payload)
        except (TypeError, ValueError, RecursionError) as problem:
            raise UsageError(f"the base payload cannot be written as JSON: {problem}") from None

    @functools.cached_property
    def baseline(self) -> Case:
        """The payload itself."""
        root = self.operation.rules[f"{REQUEST}#type"]
        says = "the payload every other case is derived from"
        return self._case(root, "baseline", "accept", says, self.base.draft)

    def again(self, case: Case) -> Case | None:
        """Return a case of another payload by this one; None where there is no place for it."""
        if case.id == self.baseline.id:
            return self.baseline
        rule = case.rule
        name = case.id.removeprefix(case_id(rule, ""))
        alike = self.valid(rule) if case.polarity == "accept" else self.invalid(rule, [name])
        found = (other for other in alike if other.id == case.id)
        return next((replace(other, twin=case.twin) for other in found), None)

    def valid(self, rule: Rule) -> Iterator[Case]:
        """Yield the cases that stretch one rule."""
        yield from (case for case, _ in self._distinct(self._accepted(rule)))

    def invalid(self, rule: Rule, names: Sequence[str] | None = None) -> Iterator[Case]:
        """Yield the cases that break one rule, or those of them that are so named."""
        mutations = on_base(self.operation, self.operation.request, self.base, [rule], names)
        yield from (case for case, _ in self._distinct(self._rejected([*mutations])))

    def cases(self) -> Iterator[Case]:
        """Yield the suite, the baseline first."""
        baseline = self.baseline
        yield baseline
        if self.operation.direction == TO_PARTNER:
            yield from self._repeated(baseline)
        broken: dict[Rule, list[Mutation]] = {}
        rules = [rule for rule in self.operation.rules.values() if rule.side == REQUEST]
        for mutation in on_base(self.operation, self.operation.request, self.base, rules):
            broken.setdefault(mutation.rule, []).append(mutation)
        for rule in rules:
            accepted = list(self._distinct(self._accepted(rule)))
            yield from (case for case, _ in accepted)
            twins = [case for case, on_edge in accepted if on_edge]
            # Of two that are equally near, the twin of the same rule tells more.
            others = (
                [*twins, baseline]
                if rule.keyword.startswith(("min", "max", "exclusive"))
                else [baseline, *twins]
            )
            mutations = [*broken.get(rule, ()), *self._in_second_item(rule, broken.get(rule, ()))]
            for case, _ in self._distinct(self._rejected(mutations)):
                yield replace(case, twin=_nearest(case, others).id)

    def _repeated(self, baseline: Case) -> Iterator[Case]:
        """Yield deliveries of the same webhook again, and twice at the same time.

        No page says how often EnKash tries, so what a receiver makes of it is its own affair.
        """
        for name, says, at_once in (
            ("delivered-again", "the baseline, delivered again", 1),
            ("delivered-twice-at-once", "the baseline, delivered twice at the same time", 2),
        ):
            case = self._case(baseline.rule, name, "accept", says, baseline.wire)
            yield replace(case, evidence=Evidence(Level.ASSUMED), at_once=at_once)

    def _accepted(self, rule: Rule) -> Iterator[tuple[Case, bool]]:
        """Yield cases that stretch `rule`, and whether each is at an edge that evidence settles."""
        if rule.path and self._is_pinned(tokens(rule.pointer)):
            return
        table, unsettled, no_edge = (
            (accept.ACCEPT, accept.UNSETTLED, accept.NO_EDGE)
            if rule.path
            else (accept_wire.ACCEPT, accept_wire.UNSETTLED, accept_wire.UNSETTLED)
        )
        for name, function, value, proof, built in changes(
            self.operation, self.operation.request, self.base, rule, table
        ):
            settled = function not in unsettled
            open_to_all = not settled and rule.keyword != "required"
            known = not rule.path or open_to_all or self._is_known(rule, value)
            if known and not proof.broken:
                says = f"the baseline, {name.replace('-', ' ')}"
                if rule.path:
                    says = f"{_place(rule)} {self._shown(rule, value).removeprefix('it ')}"
                case = self._case(rule, name, "accept", says, proof.draft)
                case = replace(case, varied=(*built, *self._varied(rule, value)))
                evidence = Evidence(Level.ASSUMED)
                if settled:
                    body, broken = proof.draft.body, self.base.known
                    evidence = of_acceptance(self.operation, rule.evidence, body, broken)
                yield replace(case, evidence=evidence), function not in no_edge

    def _varied(self, rule: Rule, value: Any) -> tuple[str, ...]:
        """Return the member of `rule` if `value` is another one there, and not only spelled so."""
        if not rule.path or rule.keyword == "additionalProperties":
            return ()
        spelled = (
            strict_json.decode(str(value).encode())[0] if isinstance(value, Spelled) else value
        )
        return () if spelled == get(self.base.payload, tokens(rule.pointer)) else (rule.pointer,)

    def _in_second_item(self, rule: Rule, mutations: Sequence[Mutation]) -> Iterator[Mutation]:
        """Yield the first of `mutations` that also breaks the second item of the list around."""
        operation = self.operation
        found = in_second_item(operation, operation.request, self.base, rule) if mutations else None
        if found is None:
            return
        whole, second = found
        built = (rule.pointer.rpartition("/*")[0],)
        shown = (
            replace(mutation, name=f"{mutation.name}{SECOND}", proven=proof.draft, built=built)
            for mutation in mutations
            if (proof := put_and_prove(operation, whole, second, mutation.value))
            and shows(operation, rule, proof.broken)
        )
        yield from itertools.islice(shown, 1)

    def _rejected(self, mutations: list[Mutation]) -> Iterator[tuple[Case, bool]]:
        for mutation in mutations:
            rule, says = mutation.rule, mutation.says
            if rule.path:
                place = _place(rule)
                if mutation.name.endswith(SECOND):
                    place = "/1".join(place.rsplit("/*", 1))
                says = f"{place} {expectation(rule)}, but {self._shown(rule, mutation.value)}"
            case = self._case(rule, mutation.name, "reject", says, mutation.proven)
            yield replace(case, evidence=mutation.evidence, varied=mutation.built), True

    def _case(self, rule: Rule, name: str, polarity: Polarity, says: str, draft: Draft) -> Case:
        named, family = case_id(rule, name), family_of(rule, name)
        return Case(named, rule, family, polarity, says, rule.evidence, draft, self.operation.path)

    def _distinct(self, cases: Iterator[tuple[Case, bool]]) -> Iterator[tuple[Case, bool]]:
        """Yield the cases whose name and request are new: no request is sent twice for a rule."""
        names: set[str] = set()
        drafts = {self.base.draft}
        for case, on_edge in cases:
            if case.id not in names and case.wire not in drafts:
                names.add(case.id)
                drafts.add(case.wire)
                yield case, on_edge

    def _is_pinned(self, at: tuple[str, ...]) -> bool:
        # A value for `*` is put at the first item.
        place = tuple("0" if token == "*" else token for token in at)
        return any(place[: len(pin)] == pin for pin in self.pinned)

    def _is_known(self, rule: Rule, value: Any) -> bool:
        """Return whether `value`, which is valid at the place of `rule`, is known to be so."""
        if value is ABSENT:
            # Of a member; a list with an item less has a name of its own.
            return not rule.pointer.endswith("/*")
        if rule.keyword in ("enum", "const"):
            return True
        if rule.keyword == "required":
            member = rule.schema.get("properties", {}).get(rule.value, {})
            if "x-known-good" in member:
                return False
        if rule.keyword == "type" and is_unpublished(rule.schema):
            return bool(value == get(self.base.payload, tokens(rule.pointer)))
        return known_good.is_known_good(self.operation.request.schema, tokens(rule.pointer), value)

    def _shown(self, rule: Rule, value: Any) -> str:
        """Return what is special about the value at the place of `rule`."""
        if value is ABSENT:
            return "missing" if rule.keyword == "required" else "it is left out"
        if isinstance(value, Renamed):
            return f"it is called {shorten(value.spell(tokens(rule.pointer)[-1]))}"
        return f"it is {value if isinstance(value, Spelled) else shorten(value, self.secrets)}"


def _place(rule: Rule) -> str:
    return rule.pointer or "the payload"


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
