"""Rules as a tree of members, in the order of the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from enkash_contract.wire.pointer import pointer, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable


class OfMember(Protocol):
    """Anything that is said of a member."""

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the member."""


Item = TypeVar("Item", bound=OfMember)


@dataclass
class Member(Generic[Item]):
    """A member with what is said of it, and the members in it; `name` is "" for the whole."""

    name: str
    pointer: str
    items: list[Item] = field(default_factory=list)
    members: dict[str, Member[Item]] = field(default_factory=dict)


def tree(items: Iterable[Item]) -> Member[Item]:
    """Return the whole that `items` are said of, with all members in it."""
    whole: Member[Item] = Member("", "")
    for item in items:
        member = whole
        for token in tokens(item.pointer):
            place = member.pointer + pointer((token,))
            member = member.members.setdefault(token, Member(token, place))
        member.items.append(item)
    return whole
