"""From what is drawn to the cases that are sent, each with the nearer ones that may explain it.

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
from enkash_contract.generation.mutation import (
    Base,
    broken_by,
    mutations,
    put_and_prove,
    valid_draft,
)
from enkash_contract.judging.case import BASELINE, Case, case_id, family_of
from enkash_contract.judging.checks import CHECKS, NEGATIVE, POSITIVE, SERVER_ERROR
from enkash_contract.judging.result import fingerprint
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
    from enkash_contract.wire.spelling import Draft

OF_MEMBERS = ("required", "additionalProperties")
"""The keywords that speak of members, not of a value."""


@dataclass(frozen=True, eq=False)
class Step:
    """One request to send.

    `nearer` are requests that are simpler and may show the same, which then is told of them.
    `varied` are the places at which it differs, rightly, from the baseline.
    """

    case: Case
    nearer: tuple[Step, ...] = ()
    varied: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Draw:
    """What is sent together: one step, or the two of a history.

    What `explores` has no expectation of its own: only crashes, broken answers and the acceptance
    of what is surely wrong count. The steps go one after another, unless they go `at_once`.
    """

    steps: tuple[Step, ...] = ()
    explores: bool = False
    at_once: bool = False

    @functools.cached_property
    def mark(self) -> str:
        """What is the same exactly where the same is sent, in the same way."""
        names = " ".join(one.case.id for one in self.steps)
        return f"{names} {self.at_once} {fuzz_ids.digest(*(one.case.wire for one in self.steps))}"


@dataclass(frozen=True, eq=False)
class Leaf:
    """A place whose value right requests may vary, and what its being right rests on."""

    at: tuple[str, ...]
    rule: Rule

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.at)


class Maker:
    """Makes the steps of one run from its baseline."""

    def __init__(self, made: Plan) -> None:
        self.operation = made.operation
        self.baseline = made.baseline
        self.base: Any = strict_json.decode(made.baseline.wire.body)[0]
        self.selection = made.selection
        self.valid, self.invalid = drawable(made.selection)
        # What the user's own payload breaks is no concern of what is derived from it.
        self.known = frozenset(broken_by(made.operation, made.baseline.wire))
        self.leaves = tuple(one for one in _leaves(made.operation) if self._may_vary(one))
        found = (
            (mutation, self._tried(mutation)) for mutation in mutations(made.operation, REQUEST)
        )
        self._on_base = {mutation: sent for mutation, sent in found if sent is not None}

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Every chosen way to break one rule that works on the baseline."""
        return tuple(self._on_base) if self.invalid else ()

    def vary(self, payload: Any, places: Iterable[Leaf]) -> tuple[Any, tuple[str, ...]]:
        """Return the baseline with the values that `payload` has at `places`, and which differ."""
        made, varied = self.base, []
        for leaf in places:
            value = get(payload, leaf.at)
            if not _same(value, get(made, leaf.at)):
                try:
                    made = put(made, leaf.at, value)
                except (LookupError, TypeError):
                    continue
                varied.append(leaf.pointer)
        sent = valid_draft(self.operation, self.operation.request, made)
        proven = self.known.issuperset(broken_by(self.operation, sent))
        return (made, tuple(varied)) if proven else (self.base, ())

    def right(self, payload: Any, varied: tuple[str, ...]) -> Step:
        """Return the step that sends `payload`, which keeps every rule."""
        sent = valid_draft(self.operation, self.operation.request, payload)
        named = [leaf for leaf in self.leaves if leaf.pointer in varied]
        says = " and ".join(_shown(leaf, payload) for leaf in named) or self.baseline.says
        if len(named) == 1:
            rule = named[0].rule
            return Step(
                self._case(rule, fuzz_ids.RIGHT, "accept", says, rule.evidence, sent), (), varied
            )
        alone = tuple(self._alone(payload, leaf) for leaf in named)
        # How values go together is nothing that the document speaks of.
        case = self._case(
            self.baseline.rule, fuzz_ids.RIGHT, "accept", says, Evidence(Level.ASSUMED), sent
        )
        return Step(case, alone, varied)

    def wrong(self, mutation: Mutation, payload: Any, varied: tuple[str, ...]) -> Step:
        """Return the step that breaks one rule on `payload`, or else on the baseline."""
        sent = mutation.tried(self.operation, payload, self.known)
        if sent is None:
            sent, varied = self._on_base[mutation], ()
        nearer = (self.right(payload, varied),) if varied else ()
        says = broken_by(self.operation, sent)[mutation.rule.id]
        case = self._case(mutation.rule, mutation.name, "reject", says, mutation.evidence, sent)
        return Step(case, nearer, varied)

    def two(
        self, first: Mutation, second: Mutation, payload: Any, varied: tuple[str, ...]
    ) -> Step | None:
        """Return the step that breaks two rules in two members; None where they cannot be two."""
        one, other = (self.wrong(mutation, payload, varied) for mutation in (first, second))
        at = tokens(second.rule.pointer)
        value = get(strict_json.decode(other.case.wire.body)[0], at)
        draft = one.case.wire
        base = Base(strict_json.decode(draft.body)[0], draft, known=self.known)
        proof = put_and_prove(self.operation, base, at, value)
        wanted = {first.rule.id, second.rule.id}
        if len(wanted) == 1 or proof is None or proof.broken.keys() != wanted:
            return None
        # Of two rules, the acceptance is a violation of the one that is better known.
        weak_first = second.evidence.at_least(first.evidence.level)
        best = (
            second if weak_first and not first.evidence.at_least(second.evidence.level) else first
        )
        says = f"{proof.broken[first.rule.id]}, and {proof.broken[second.rule.id]}"
        case = self._case(best.rule, fuzz_ids.TWO, "reject", says, best.evidence, proof.draft)
        return Step(case, (one, other), varied)

    def history(self, manner: str, one: Step, other: Step) -> Draw:
        """Return the draw of two steps that have to do with each other."""
        if manner == fuzz_ids.TWICE:
            return Draw((one, self._beside(one, one, manner, "for the second time")), explores=True)
        if manner == fuzz_ids.AFTER:
            after = self._beside(other, one, manner, f"just before it: {one.case.says}")
            return Draw((one, after), explores=True)
        both = (
            self._beside(this, that, manner, f"at the same time: {that.case.says}")
            for this, that in ((one, other), (other, one))
        )
        return Draw(tuple(both), explores=True, at_once=True)

    def _beside(self, step: Step, another: Step, manner: str, says: str) -> Step:
        """Return `step` as what it is beside another, with itself alone as what is nearer."""
        case = step.case
        made = replace(
            case,
            id=fuzz_ids.case_id(case.rule, manner, another.case.wire, case.wire),
            family=fuzz_ids.family(family_of(case.rule, manner)),
            says=f"{case.says}; {says}",
        )
        return Step(made, (step,), step.varied)

    def _case(
        self,
        rule: Rule,
        name: str,
        polarity: Polarity,
        says: str,
        evidence: Evidence,
        sent: Draft,
    ) -> Case:
        named, family = (
            fuzz_ids.case_id(rule, name, sent),
            fuzz_ids.family(family_of(rule, name)),
        )
        twin = BASELINE if polarity == "reject" else ""
        path = self.operation.path
        return Case(named, rule, family, polarity, says, evidence, sent, path, twin)

    def _alone(self, payload: Any, leaf: Leaf) -> Step:
        return self.right(*self.vary(payload, [leaf]))

    def _tried(self, mutation: Mutation) -> Draft | None:
        ids = (mutation.rule.id, case_id(mutation.rule, mutation.name))
        if not self.selection.chooses(*ids):
            return None
        return mutation.tried(self.operation, self.base, self.known)

    def _may_vary(self, leaf: Leaf) -> bool:
        pinned = [tokens(one) for one in self.selection.pins]
        held = any(_one_within(leaf.at, one) for one in pinned)
        mine = [rule for rule in _of_values(self.operation) if rule.pointer == leaf.pointer]
        here = get(self.base, leaf.at)
        lists = [
            one.schema[key] for one in mine for key in ("enum", "examples") if key in one.schema
        ]
        # A place of which only the value is known that stands there cannot vary.
        fixed = any(_same(value, here) for known in lists for value in known if len(known) == 1)
        return not held and not fixed and any(self.selection.chooses(rule.id) for rule in mine)


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


def _of_values(operation: Operation) -> list[Rule]:
    """Return the rules of the request that speak of values."""
    rules = operation.rules.values()
    return [
        rule
        for rule in rules
        if rule.side == REQUEST and rule.path and rule.keyword not in OF_MEMBERS
    ]


def _leaves(operation: Operation) -> Iterator[Leaf]:
    """Yield the described places whose values are no objects; a list is one value."""
    rules = _of_values(operation)
    for where in dict.fromkeys(rule.pointer for rule in rules):
        mine = [rule for rule in rules if rule.pointer == where]
        below = [rule for rule in rules if rule.pointer.startswith(f"{where}/")]
        if "*" not in tokens(where) and not any("properties" in one.schema for one in mine):
            # A value is as surely right as the least known of all that it must keep.
            order = list(Level)
            weakest = max([*below, *mine], key=lambda one: order.index(one.evidence.level))
            yield Leaf(tokens(where), weakest)


def _one_within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether one of two places is the other, or within it."""
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def _same(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return compact(one) == compact(other)


def _shown(leaf: Leaf, payload: Any) -> str:
    value = get(payload, leaf.at)
    what = "missing" if value is ABSENT else shorten(value)
    return f"{leaf.pointer or 'the payload'} is {what}"
