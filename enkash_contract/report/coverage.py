"""Coverage of the contract: which rules a run has put to the test, from which side, and how.

A rule is covered from both sides once a valid request on its bound was accepted or not, and an
invalid one past it was rejected or not: what came of it is the verdict's business. A rejection that
is masked or inconclusive covers nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.result import RECORDED, VOUCHED, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.judging.case import Polarity

State = Literal["held", "broken", "masked", "inconclusive", "not exercised"]

STATES: tuple[State, ...] = ("broken", "held", "masked", "inconclusive", "not exercised")
"""The states of a rule, the first that applies."""

SIDES: tuple[Polarity, ...] = ("accept", "reject")


@dataclass(frozen=True, slots=True)
class SideCoverage:
    """What came of the requests that exercise a rule from one side.

    `families` counts them by family, which is `baseline` or `recorded` where a request is no case.
    `cases` is how many cases the whole suite has, whether or not they were sent.
    """

    families: Mapping[str, Tally] = field(default_factory=dict)
    cases: int = 0

    @property
    def tally(self) -> Tally:
        """The counts of all families together."""
        return sum(self.families.values(), start=Tally())

    @property
    def on_bound(self) -> Tally:
        """The counts without the baseline: cases stand on the bound of a rule, or just past it."""
        own = (tally for family, tally in self.families.items() if family != VOUCHED)
        return sum(own, start=Tally())

    @property
    def is_covered(self) -> bool:
        """Whether the rule was exercised from this side, by a case of its own if it has any."""
        tally = self.on_bound if self.cases else self.tally
        return tally.exercised > tally.masked

    @property
    def state(self) -> State:
        """The state of the rule, seen from this side."""
        return self.state_beside()

    def state_beside(self, *shared: str) -> State:
        """Return that state where requests of `shared` families exercise all rules of a side.

        If one of them fails, that says nothing of a single rule.
        """
        tally = self.tally
        own = [tally for family, tally in self.families.items() if family not in shared]
        if any(each.exercised > each.held + each.masked for each in own):
            return "broken"
        if tally.held:
            return "held"
        if tally.masked:
            return "masked"
        return "inconclusive" if tally.exercised or tally.inconclusive else "not exercised"

    def __add__(self, other: SideCoverage) -> SideCoverage:
        families = add_tallies(self.families, other.families)
        return SideCoverage(families, max(self.cases, other.cases))


def add_tallies(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return the sum of counts by their keys."""
    whole = dict(one)
    for key, tally in other.items():
        whole[key] = whole.get(key, Tally()) + tally
    return whole


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """A rule with what was seen of it.

    `pointer`, `keyword` and `demands` say what it is about, `place` is its line in the document.
    `accept` and `reject` are of requests. Of a response, which has no polarity, `responses` counts
    those that were held against the rule; `violations` and `others` count the findings on the rule
    that fail a build, and those that do not. Where `breakable` is not set, nothing breaks the rule.
    """

    operation: str
    id: str
    pointer: str
    keyword: str
    demands: str
    evidence: Evidence
    receiver: Evidence
    place: str
    accept: SideCoverage = field(default_factory=SideCoverage)
    reject: SideCoverage = field(default_factory=SideCoverage)
    responses: int = 0
    violations: int = 0
    others: int = 0
    breakable: bool = True

    @property
    def is_of_request(self) -> bool:
        """Whether the rule is one of the request."""
        return self.id.partition("#")[0].partition("/")[0] == REQUEST

    @property
    def state(self) -> State:
        """The state of the rule: the worse of both sides, or that of the responses."""
        if not self.is_of_request:
            if self.violations or self.others:
                return "broken"
            return "held" if self.responses else "not exercised"
        states = {self.accept.state_beside(RECORDED, VOUCHED), self.reject.state}
        if self.violations or self.others:
            states.add("broken")
        return next(state for state in STATES if state in states)

    def covers(self, side: str) -> bool:
        """Whether the rule was exercised from a side, or from `both`."""
        if not self.is_of_request:
            return self.responses > 0
        accept = self.accept.is_covered
        reject = self.reject.is_covered or (accept and not self.breakable)
        return {"accept": accept, "reject": reject, "both": accept and reject}[side]

    def __add__(self, other: RuleCoverage) -> RuleCoverage:
        return RuleCoverage(
            self.operation,
            self.id,
            self.pointer,
            self.keyword,
            self.demands,
            self.evidence,
            self.receiver,
            self.place,
            self.accept + other.accept,
            self.reject + other.reject,
            self.responses + other.responses,
            self.violations + other.violations,
            self.others + other.others,
            self.breakable,
        )


def sentence(rules: Iterable[RuleCoverage]) -> str:
    """Return how many rules of requests were exercised from both sides."""
    known = [rule for rule in rules if rule.is_of_request]
    both = sum(rule.covers("both") for rule in known)
    return f"coverage: {both:,} of {len(known):,} rules both ways"
