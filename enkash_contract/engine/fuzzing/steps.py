"""The steps of a draw: cases to send, each with the nearer cases that may explain its failure.

Everything is the baseline with something changed, as in the suite: a sandbox knows only its own
invoice, so what nobody varies, or what `--pin` holds, stays as it was vouched for. And everything
is proven on its final bytes: what cannot be broken on a drawn payload is broken on the baseline.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.engine.fuzzing.options import drawable
from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.mutation import mutations
from enkash_contract.generation.proof import Base, broken_by, put_and_prove, valid_draft
from enkash_contract.judging.case import BASELINE, Case, case_id, family_of
from enkash_contract.judging.checks import CHECKS, NEGATIVE, POSITIVE, SERVER_ERROR
from enkash_contract.judging.finding import fingerprint
from enkash_contract.validation.receiver import of_acceptance
from enkash_contract.validation.violation import shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.pointer import ABSENT, get, pointer, put, tokens
from enkash_contract.wire.spelling import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.engine.plan import Plan
    from enkash_contract.generation.mutation import Mutation
    from enkash_contract.judging.case import Polarity
    from enkash_contract.wire.draft import Draft

OF_MEMBERS = ("required", "additionalProperties")
"""The keywords about members, not about a value."""


@dataclass(frozen=True, eq=False)
class Step:
    """One request to send.

    `nearer` are the simpler steps that may show the same failure, which is then reported of them.
    `varied` are the places that differ from the baseline, with valid values.
    """

    case: Case
    nearer: tuple[Step, ...] = ()
    varied: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Draw:
    """The steps that are sent together: one, or the two of a history.

    A draw that `explores` has no expectation of its own: only crashes, broken responses and the
    acceptance of what is surely invalid count. The steps are sent in turn, or `at_once`.
    """

    steps: tuple[Step, ...] = ()
    explores: bool = False
    at_once: bool = False

    @functools.cached_property
    def mark(self) -> str:
        """Key that is equal for equal requests, sent in the same way."""
        names = " ".join(step.case.id for step in self.steps)
        digest = fuzz_ids.digest(*(step.case.wire for step in self.steps))
        return f"{names} {self.at_once} {digest}"


@dataclass(frozen=True, eq=False)
class Leaf:
    """A place whose value may vary in valid requests, and its rule of the weakest evidence."""

    at: tuple[str, ...]
    rule: Rule

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.at)


class Maker:
    """Makes the steps of one run from its baseline."""

    def __init__(self, plan: Plan) -> None:
        self.operation = plan.operation
        self.baseline = plan.baseline
        self.base: Any = strict_json.decode(plan.baseline.wire.body)[0]
        self.selection = plan.selection
        self.draws_valid, self.draws_invalid = drawable(plan.selection)
        # Rules that the user's own payload breaks are no concern of what is derived from it.
        self.known = frozenset(broken_by(plan.operation, plan.baseline.wire))
        self.leaves = tuple(leaf for leaf in _leaves(plan.operation) if self._may_vary(leaf))
        drafts = (
            (mutation, self._on_baseline(mutation))
            for mutation in mutations(plan.operation, REQUEST)
        )
        self._drafts = {mutation: draft for mutation, draft in drafts if draft is not None}

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Every chosen mutation that breaks the baseline; none if only valid requests are drawn."""
        return tuple(self._drafts) if self.draws_invalid else ()

    def vary(self, payload: Any, places: Iterable[Leaf]) -> tuple[Any, tuple[str, ...]]:
        """Return the baseline with the values of `payload` at `places`, and those that differ.

        Where that breaks a rule, because values depend on each other, it is the baseline alone.
        """
        mixed, varied = self.base, []
        for leaf in places:
            value = get(payload, leaf.at)
            if not _same(value, get(mixed, leaf.at)):
                try:
                    mixed = put(mixed, leaf.at, value)
                except (LookupError, TypeError):
                    # The baseline lacks the object around this place.
                    continue
                varied.append(leaf.pointer)
        draft = valid_draft(self.operation, self.operation.request, mixed)
        proven = self.known.issuperset(broken_by(self.operation, draft))
        return (mixed, tuple(varied)) if proven else (self.base, ())

    def valid(self, payload: Any, varied: tuple[str, ...]) -> Step:
        """Return the step that sends `payload`, which keeps every rule."""
        draft = valid_draft(self.operation, self.operation.request, payload)
        named = [leaf for leaf in self.leaves if leaf.pointer in varied]
        says = " and ".join(_shown(leaf, payload) for leaf in named) or self.baseline.says
        if len(named) == 1:
            rule = named[0].rule
            known = of_acceptance(self.operation, rule.evidence, draft.body, self.known)
            case = self._case(rule, fuzz_ids.RIGHT, "accept", says, known, draft)
            return Step(replace(case, varied=varied), (), varied)
        alone = tuple(self.valid(*self.vary(payload, [leaf])) for leaf in named)
        # The document does not say how values go together, so that is only assumed.
        evidence = Evidence(Level.ASSUMED)
        case = self._case(self.baseline.rule, fuzz_ids.RIGHT, "accept", says, evidence, draft)
        return Step(replace(case, varied=varied), alone, varied)

    def invalid(self, mutation: Mutation, payload: Any, varied: tuple[str, ...]) -> Step:
        """Return the step that breaks one rule on `payload`, or else on the baseline."""
        draft = mutation.tried(self.operation, payload, self.known)
        if draft is None:
            draft, varied = self._drafts[mutation], ()
        nearer = (self.valid(payload, varied),) if varied else ()
        says = broken_by(self.operation, draft)[mutation.rule.id]
        known = mutation.evidence_of(self.operation, draft)
        case = self._case(mutation.rule, mutation.name, "reject", says, known, draft)
        return Step(case, nearer, varied)

    def two(
        self, first: Mutation, second: Mutation, payload: Any, varied: tuple[str, ...]
    ) -> Step | None:
        """Return the step that breaks two rules in two members; None where they cannot be two."""
        alone = tuple(self.invalid(mutation, payload, varied) for mutation in (first, second))
        draft, donor = (step.case.wire for step in alone)
        at = tokens(second.rule.pointer)
        value = get(strict_json.decode(donor.body)[0], at)
        base = Base(strict_json.decode(draft.body)[0], draft, known=self.known)
        proof = put_and_prove(self.operation, base, at, value)
        wanted = {first.rule.id, second.rule.id}
        if len(wanted) == 1 or proof is None or proof.broken.keys() != wanted:
            return None
        # The acceptance breaks both rules; it is reported of the one with the better evidence.
        evidence, other = (step.case.evidence for step in alone)
        best, evidence = (first, evidence) if evidence.at_least(other.level) else (second, other)
        says = f"{proof.broken[first.rule.id]}, and {proof.broken[second.rule.id]}"
        case = self._case(best.rule, fuzz_ids.TWO, "reject", says, evidence, proof.draft)
        return Step(case, alone, varied)

    def history(self, kind: str, first: Step, second: Step) -> Draw:
        """Return the draw of two steps, of which one may change what the other meets."""
        if kind == fuzz_ids.TWICE:
            again = self._beside(first, first, kind, "for the second time")
            return Draw((first, again), explores=True)
        if kind == fuzz_ids.AFTER:
            after = self._beside(second, first, kind, f"just before it: {first.case.says}")
            return Draw((first, after), explores=True)
        both = (
            self._beside(step, other, kind, f"at the same time: {other.case.says}")
            for step, other in ((first, second), (second, first))
        )
        return Draw(tuple(both), explores=True, at_once=True)

    def _beside(self, step: Step, other: Step, kind: str, says: str) -> Step:
        """Return `step` as a part of a history with `other`; alone it is its own nearer step."""
        case = replace(
            step.case,
            id=fuzz_ids.case_id(step.case.rule, kind, other.case.wire, step.case.wire),
            family=fuzz_ids.family(family_of(step.case.rule, kind)),
            says=f"{step.case.says}; {says}",
        )
        return Step(case, (step,), step.varied)

    def _case(
        self,
        rule: Rule,
        name: str,
        polarity: Polarity,
        says: str,
        evidence: Evidence,
        draft: Draft,
    ) -> Case:
        drawn_id = fuzz_ids.case_id(rule, name, draft)
        family = fuzz_ids.family(family_of(rule, name))
        twin = BASELINE if polarity == "reject" else ""
        path = self.operation.path
        return Case(drawn_id, rule, family, polarity, says, evidence, draft, path, twin)

    def _on_baseline(self, mutation: Mutation) -> Draft | None:
        ids = (mutation.rule.id, case_id(mutation.rule, mutation.name))
        if not self.selection.chooses(*ids):
            return None
        return mutation.tried(self.operation, self.base, self.known)

    def _may_vary(self, leaf: Leaf) -> bool:
        pinned = any(_overlap(leaf.at, tokens(pin)) for pin in self.selection.pins)
        rules = [rule for rule in _value_rules(self.operation) if rule.pointer == leaf.pointer]
        value = get(self.base, leaf.at)
        lists = [
            rule.schema[key] for rule in rules for key in ("enum", "examples") if key in rule.schema
        ]
        # Where the baseline's value is the only one that is known, nothing else is known good.
        fixed = any(len(known) == 1 and _same(known[0], value) for known in lists)
        return not pinned and not fixed and any(self.selection.chooses(rule.id) for rule in rules)


def fingerprints(operation: Operation) -> Iterator[str]:
    """Yield every fingerprint that only a drawn case can have."""
    rules = list(operation.rules.values())
    families = {(rule.id, "") for rule in rules}
    names = (fuzz_ids.RIGHT, fuzz_ids.TWO, *fuzz_ids.HISTORIES)
    families |= {(rule.id, family_of(rule, name)) for rule in rules for name in names}
    families |= {(mutation.rule.id, mutation.family) for mutation in mutations(operation, REQUEST)}
    for rule, family in families:
        for check in {*CHECKS, POSITIVE, NEGATIVE, SERVER_ERROR}:
            yield fingerprint(operation.id, check, rule, fuzz_ids.family(family))


def _value_rules(operation: Operation) -> list[Rule]:
    """Return the rules of the request about values."""
    rules = operation.rules.values()
    return [
        rule
        for rule in rules
        if rule.side == REQUEST and rule.path and rule.keyword not in OF_MEMBERS
    ]


def _leaves(operation: Operation) -> Iterator[Leaf]:
    """Yield the described places whose values are no objects; a list is one value."""
    rules = _value_rules(operation)
    order = list(Level)
    for where in dict.fromkeys(rule.pointer for rule in rules):
        here = [rule for rule in rules if rule.pointer == where]
        below = [rule for rule in rules if rule.pointer.startswith(f"{where}/")]
        if "*" not in tokens(where) and not any("properties" in rule.schema for rule in here):
            # That a value is valid is only as sure as the weakest of the rules it has to keep.
            weakest = max([*below, *here], key=lambda rule: order.index(rule.evidence.level))
            yield Leaf(tokens(where), weakest)


def _overlap(place: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether one of two places is the other, or within it."""
    size = min(len(place), len(other))
    return place[:size] == other[:size]


def _same(value: Any, other: Any) -> bool:
    if value is ABSENT or other is ABSENT:
        return value is other
    # As bytes: to Python, 1 equals True and 1.0, but they are not the same on the wire.
    return compact(value) == compact(other)


def _shown(leaf: Leaf, payload: Any) -> str:
    value = get(payload, leaf.at)
    shown = "missing" if value is ABSENT else shorten(value)
    return f"{leaf.pointer or 'the payload'} is {shown}"
