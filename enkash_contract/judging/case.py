"""A case: one deterministic request with its expectation, and how cases and families are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from enkash_contract.contract.operation import REQUEST
from enkash_contract.wire.printing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.wire.draft import Draft
    from enkash_contract.wire.message import Request

Polarity = Literal["accept", "reject"]

BASELINE = f"{REQUEST}#type/baseline"
"""The id of the case that is sent first: the request that the user vouches for."""

SECOND = "-in-second-item"
"""The end of the name of a change that is made in the second item of a list, not in the first."""


def case_id(rule: Rule, name: str) -> str:
    """Return the id of the case that exercises `rule` in the way called `name`."""
    return f"{rule.id}/{name}"


def family_of(rule: Rule, name: str) -> str:
    """Return the family of that case, which is the same for all rules with the same keyword."""
    return f"{rule.keyword}/{name}"


@dataclass(frozen=True, eq=False, repr=False)
class Case(Listed):
    """One deterministic request with its expectation.

    `id` is the rule's id with the family's name in place of the keyword's own. `says` is one
    sentence on what is special about it, and `twin` the id of the nearest accepted case. `evidence`
    is what the expectation rests on: the rule's, or less where the rule does not settle it.
    `varied` are the members whose values are valid, but not the baseline's. So many requests of it
    are under way `at_once`.
    """

    id: str
    rule: Rule
    family: str
    polarity: Polarity
    says: str
    evidence: Evidence
    wire: Draft
    path: str
    twin: str = ""
    varied: tuple[str, ...] = ()
    at_once: int = 1

    def request(self, url: str | None = None) -> Request:
        """Return the request to send to `url`, by default the operation's own path."""
        return self.wire.request(self.path, url)


def of_operation(operation: Operation, cases: Iterable[Case]) -> list[Case]:
    """Return the cases of one operation: those of several may have the same ids."""
    every = [*cases]
    own = [case for case in every if operation.rules.get(case.rule.id) is case.rule]
    # The same document may have been read twice.
    return own or [case for case in every if case.path == operation.path]


def nearest(rule: Rule, cases: tuple[Case, ...]) -> tuple[Case, Case] | None:
    """Return the invalid and the valid request of a rule that are nearest to each other."""
    by_id = {case.id: case for case in cases}
    pairs = [(case, by_id[case.twin]) for case in cases if case.rule is rule and case.twin]
    # A twin of the rule's own, on the bound, shows more than the baseline does.
    return min(pairs, key=lambda pair: pair[1].rule is not rule, default=None)
