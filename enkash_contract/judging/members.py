"""The members whose valid values a target accepts or rejects, and the verdicts that rest on it.

A target that looks up its invoice rejects every other valid `objectId`, lawfully, and nobody can
tell the rejection of an invalid one from that. So a rejection in a member shows something only if
the target has accepted another valid value there. Whether it has is known at the end of a run at
the earliest; until then the facts are counted here, and `settlement` applies them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from enkash_contract.validation.outcome import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.checks import Judgement

    Members = Mapping[tuple[str, str], "Member"]
    """The members of a run, by operation and JSON Pointer."""

Key = TypeVar("Key")

LOOK_UP = (403, 404, 409, 410)
"""The statuses that say nothing about a payload, but may be the response of a look-up."""


@dataclass(frozen=True, slots=True)
class Member:
    """The valid values of one member other than the baseline's, all else as vouched for.

    `accepted` is whether any was accepted; `rejected` holds the ids of the cases that were not.
    """

    accepted: bool = False
    rejected: frozenset[str] = frozenset()

    def __add__(self, other: Member) -> Member:
        return Member(self.accepted or other.accepted, self.rejected | other.rejected)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rejection that shows nothing if its `members` are keys of a look-up.

    `case` is "" where nothing else was found: such rejections are alike, and only counted.
    `concluded` is whether it was counted as exercised, not as inconclusive. `family` is that of the
    case.
    """

    operation: str
    case: str
    rule: str
    polarity: Literal["accept", "reject"]
    members: tuple[str, ...]
    concluded: bool = True
    family: str = ""

    def holds(self, members: Members) -> bool:
        """Return whether the rejection may be that of a look-up."""
        if self.polarity == "accept":
            return not all(is_free(members, self.operation, place) for place in self.members)
        return any(is_key(members, self.operation, place) for place in self.members)


def is_free(members: Members, operation: str, place: str) -> bool:
    """Return whether another valid value was accepted at `place`, or deeper inside it."""
    return any(member.accepted for member in _within(members, operation, place))


def is_key(members: Members, operation: str, place: str) -> bool:
    """Return whether other valid values were tried there, and none was accepted."""
    tried = any(member.rejected for member in _within(members, operation, place))
    return tried and not is_free(members, operation, place)


def keys(members: Members) -> list[tuple[str, str]]:
    """Return the members of which nothing but the baseline's value was accepted."""
    return [at for at, member in members.items() if member.rejected and is_key(members, *at)]


def union(parts: Iterable[Members]) -> dict[tuple[str, str], Member]:
    """Return the members of several results."""
    whole: dict[tuple[str, str], Member] = {}
    for part in parts:
        for at, member in part.items():
            whole[at] = whole[at] + member if at in whole else member
    return whole


def counted(parts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    """Return the counts of several results."""
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return dict(whole)


def _within(members: Members, operation: str, place: str) -> Iterable[Member]:
    return (
        member
        for (of, where), member in members.items()
        if of == operation and (where == place or where.startswith(f"{place}/"))
    )


def shown_of(judgement: Judgement, case: Case, *, trusted: bool, clean: bool) -> dict[str, Any]:
    """Return what a case shows of members, and the doubt that its rejection shows nothing.

    `clean` is whether nothing was found.
    """
    operation = judgement.operation.id
    if case.polarity == "accept" and judgement.outcome == "accepted":
        return {"members": {(operation, place): Member(accepted=True) for place in case.varied}}
    response, rejected = judgement.response, judgement.outcome == "rejected"
    missing = judgement.outcome == UNKNOWN and response and response.status in LOOK_UP
    places = case.varied if case.polarity == "accept" else _place(case)
    if not (places and trusted and (rejected or missing)):
        return {}
    name = "" if clean else case.id
    doubt = Doubt(
        operation,
        name,
        case.rule.id,
        case.polarity,
        places,
        concluded=rejected,
        family=case.family,
    )
    if case.polarity == "reject":
        return {"doubts": {doubt: 1}}
    # Which of several members it was rejected for, nobody knows.
    seen = case.varied if len(case.varied) == 1 else ()
    members = {(operation, place): Member(rejected=frozenset({case.id})) for place in seen}
    return {"members": members, "doubts": {doubt: 1} if rejected else {}}


def _place(case: Case) -> tuple[str, ...]:
    """Return the member that an invalid request is about, if it is about one, and valid others."""
    return (*((case.rule.pointer,) if case.rule.pointer else ()), *case.varied)
