"""Which cases of a suite a run sends, and the values that its baseline is pinned to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from enkash_contract.contract.choice import split
from enkash_contract.contract.operation import TO_PARTNER
from enkash_contract.contract.rules import is_named
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case

Polarities = Literal["both", "reject", "accept"]
"""The polarity of the cases to send."""


def matches(wish: str, cases: Iterable[Case]) -> bool:
    """Return whether `wish`, an id of a rule or of a case or a glob, names one of `cases`."""
    return any(is_named(wish, case.id, case.rule.id) for case in cases)


def unknown(wish: str) -> UsageError:
    """Return the error of a wish that names no case, with the commands that list what there is."""
    known = "`enkash-contract check --list` lists the cases, `enkash-contract rules` the rules"
    return UsageError(f"{wish!r} matches no rule and no case; {known}")


def polarity_of(operation: Operation, polarity: Polarities, *, robustness: bool) -> Polarities:
    """Return the polarity of the cases to send to a target of `operation`.

    A receiver of webhooks gets invalid deliveries only where its `robustness` is to be checked.

    Raises:
        UsageError: the choices contradict each other.

    """
    if operation.direction != TO_PARTNER or robustness:
        return polarity
    if polarity == "reject":
        raise UsageError(
            f"{operation.id} is a webhook, whose receivers get invalid deliveries only with "
            "robustness; add it"
        )
    return "accept"


def refuse_idle(operations: Iterable[Operation], *, robustness: bool) -> None:
    """Raise if `robustness` is asked for where there is no receiver of webhooks.

    Raises:
        UsageError: there is none.

    """
    known = [*operations]
    if robustness and all(one.direction != TO_PARTNER for one in known):
        names = " and ".join(one.id for one in known[:2])
        raise UsageError(
            f"robustness is for receivers of webhooks, and {names} is none; leave it out"
        )


@dataclass(frozen=True)
class Selection:
    """The user's choice of what to send.

    `only` and `skip` are rule ids, case ids or globs over them; `pins` are values to set in the
    baseline, by JSON Pointer. `max_accepted` limits the cases that a server has to accept.

    Raises:
        UsageError: there is no such polarity, the limit is below 0, or a choice is no list.

    """

    only: Collection[str] = ()
    skip: Collection[str] = ()
    pins: Mapping[str, Any] = field(default_factory=dict)
    polarity: Polarities = "both"
    max_accepted: int | None = None

    def __post_init__(self) -> None:
        if self.polarity not in get_args(Polarities):
            choices = ", ".join(get_args(Polarities))
            raise UsageError(f"there is no polarity {self.polarity!r}; choose one of {choices}")
        if self.max_accepted is not None and self.max_accepted < 0:
            raise UsageError(f"max_accepted cannot be {self.max_accepted}; give 0 or more")

        for name, wishes in (("only", self.only), ("skip", self.skip)):
            if isinstance(wishes, str):
                raise UsageError(f"{name} is a list of rules; write {name}=[{wishes!r}]")

    def of(self, operation: Operation) -> Selection:
        """Return the choice with ids as `operation` alone has them: without its name."""
        if not any(split(wish)[0] == operation.id for wish in (*self.only, *self.skip)):
            return self
        only, skip = (
            [rest if of == operation.id else wish for wish, (of, rest) in pairs]
            for pairs in (
                [(wish, split(wish)) for wish in wishes] for wishes in (self.only, self.skip)
            )
        )
        return replace(self, only=only, skip=skip)

    def names(self, *ids: str) -> bool:
        """Return whether `only` names something that has these ids."""
        return any(is_named(wish, *ids) for wish in self.only)

    def chooses(self, *ids: str) -> bool:
        """Return whether something that has these ids is within `only`, and not in `skip`."""
        is_within = not self.only or self.names(*ids)
        return is_within and not any(is_named(wish, *ids) for wish in self.skip)

    def check_known(self, cases: Sequence[Case]) -> None:
        """Raise if a choice matches none of `cases`, so that a mistyped rule is no empty run.

        Raises:
            UsageError: naming the choice, and the commands that list what there is.

        """
        for wish in (*self.only, *self.skip):
            if not matches(wish, cases):
                raise unknown(wish)

    def limit(self, cases: Sequence[Case]) -> Sequence[Case]:
        """Return up to `max_accepted` of `cases`, one of each rule before a second one of any."""
        if self.max_accepted is None:
            return cases
        seen: Counter[Rule] = Counter()
        turns = []
        for index, case in enumerate(cases):
            turns.append((seen[case.rule], index))
            seen[case.rule] += 1
        kept = {index for _, index in sorted(turns)[: self.max_accepted]}
        return [case for index, case in enumerate(cases) if index in kept]
