"""The facts that may be written of all that was counted, in words with their numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.operation import RESPONSE
from enkash_contract.contract.wording import counted
from enkash_contract.traffic.learning import plain
from enkash_contract.traffic.learning.learned import (
    CODE,
    KINDS,
    MEMBER,
    MESSAGE,
    STEP,
    TRANSITION,
    VALUE,
    Tally,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.learning.learned import Kind, Learned, Spot

SHOWN = 50
"""The kinds that are written of each place at most, the most frequent ones."""

MANY = 200
"""Of more kinds at a place, each needs several payloads: somebody's names may be among them."""


def _step(kind: Kind) -> str:
    return f"{kind[0]:+d}"


def _message(kind: Kind) -> str:
    code, name, text = kind
    return f'{name} "{text}"{_with(code)}'


def _with(code: str | int) -> str:
    return "" if code == "" else f" with code {code}"


_WORDS: dict[str, Callable[[Kind], str]] = {
    MEMBER: lambda kind: f"{kind[0]} ({kind[1]})",
    VALUE: lambda kind: str(kind[0]),
    STEP: _step,
    TRANSITION: lambda kind: f"{kind[0]} to {kind[1]}",
    CODE: lambda kind: f"code {kind[0]}" if kind[0] != "" else "no code",
    MESSAGE: _message,
}

_TRUST: dict[str, Callable[[Kind], int]] = {
    MEMBER: lambda kind: plain.of_name(str(kind[0])),
    VALUE: lambda kind: plain.of_value(str(kind[0])),
    STEP: lambda _: plain.ONCE,
    TRANSITION: lambda kind: max(plain.of_code(str(part)) for part in kind),
    CODE: lambda _: plain.ONCE,
    MESSAGE: lambda kind: plain.of_message(str(kind[2])),
}

_ASKS = {
    VALUE: "Which values are there?",
    STEP: "How does the new number follow from the current one?",
    TRANSITION: "Which status may follow which?",
}


@dataclass(frozen=True)
class Fact:
    """The kinds of something that were seen at a place, the most frequent first."""

    spot: Spot
    kinds: list[tuple[Kind, Tally]]
    more: int = 0

    def side(self, operation: Operation) -> str:
        """Return the side that documents the place; "" if none does."""
        if self.spot.side in operation.sides:
            return self.spot.side
        status = self.spot.side.removeprefix(f"{RESPONSE}.")
        found = operation.response(int(status)) if status.isdecimal() else None
        return found.name if found else ""

    @property
    def says(self) -> Iterator[str]:
        """Each kind in words, with its numbers."""
        by_status = self.spot.side.startswith(f"{RESPONSE}.") and self.spot.what in (CODE, MESSAGE)
        where = f"status {self.spot.side.removeprefix(f'{RESPONSE}.')}: " if by_status else ""
        if self.spot.what == MEMBER:
            where = f"{self.spot.side}{self.spot.pointer}/"
        for kind, tally in self.kinds:
            numbers = _times(tally.number) if by_status else _seen(tally)
            yield f"{where}{_WORDS[self.spot.what](kind)} {numbers}"
        if self.more:
            yield f"{where}{self.more:,} rarer ones"

    @property
    def members(self) -> dict[str, tuple[set[str], str]]:
        """The types of undescribed members and how often they came, by their names."""
        types: dict[str, set[str]] = {}
        sums: dict[str, Tally] = {}
        for (name, kind), tally in self.kinds:
            types.setdefault(str(name), set()).add(str(kind))
            sums.setdefault(str(name), Tally()).add(tally)
        # A member that is always null shows no type.
        return {
            name: (kinds, _seen(sums[name])) for name, kinds in types.items() if kinds != {"null"}
        }

    @property
    def question(self) -> str:
        """The id of the question that the fact answers, where the document asks none."""
        if self.spot.what in (CODE, MESSAGE):
            return "observed-responses"
        where = re.sub(r"\W+", "-", f"{self.spot.side}{self.spot.pointer}").strip("-")
        return f"observed-{self.spot.what}s-{where}"

    @property
    def asks(self) -> str:
        """That question in words."""
        if self.spot.what in (CODE, MESSAGE):
            return "Which codes and messages do responses have?"
        return f"{_ASKS[self.spot.what]} ({self.spot.side}{self.spot.pointer})"


def facts(learned: Learned) -> tuple[list[Fact], list[str]]:
    """Return what may be written, and lines on what was left out."""
    left = Counter(learned.left)
    found, beyond = [], 0
    for spot in sorted(learned.spots):
        kinds = learned.spots[spot]
        known = kinds.most()
        beyond += kinds.number - sum(tally.number for _, tally in known)
        may = [(kind, tally) for kind, tally in known if _is_known(spot, kind, tally, len(known))]
        left[f"{spot.what}s that were seen too rarely"] += len(known) - len(may)
        if may:
            found.append(Fact(spot, may[:SHOWN], len(may) - len(may[:SHOWN])))
    notes = [
        f"Left out, because they may be somebody's: {what} ({number:,})."
        for what, number in sorted(left.items())
        if number
    ]
    if beyond:
        notes.append(
            f"Of more than {KINDS:,} different ones at a place, {counted(beyond, 'occurrence')} "
            "were only counted."
        )
    return found, notes


def _is_known(spot: Spot, kind: Kind, tally: Tally, number: int) -> bool:
    """Return whether a kind is one of a program's, by how it is written and how often it came."""
    needed = _TRUST[spot.what](kind)
    if number > MANY and spot.what != STEP:
        needed = max(needed, plain.SEVERAL)
    return plain.NEVER < needed <= len(tally.payloads)


def _times(number: int) -> str:
    return f"({counted(number, 'time')})"


def _seen(tally: Tally) -> str:
    if tally.accepted in (0, tally.number):
        accepted = "always" if tally.accepted else "never"
        return f"({counted(tally.number, 'time')}, {accepted} accepted)"
    return f"({counted(tally.number, 'time')}, {tally.accepted:,} accepted)"
