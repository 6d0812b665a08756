"""Lacks of recorded interactions: the parts that are not known, counted and written as notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.judging.samples import SAMPLES
from enkash_contract.traffic.counting.sources import listed

if TYPE_CHECKING:
    from collections.abc import Callable


class Lack(NamedTuple):
    """A part of interactions that is not known, for a reason.

    The `part` is a noun such as "request body", the `reason` follows "was" or "were", and the
    `remedy` is a command to whoever records, "" where there is none. A lack of the direction is one
    `both_ways` if other requests to the same host may settle it.
    """

    part: str
    reason: str
    remedy: str = ""
    both_ways: bool = False


@dataclass(slots=True)
class Seen:
    """The times that something was seen, the first places, and a detail of the first time alone."""

    number: int = 0
    sources: list[str] = field(default_factory=list)
    detail: str = ""

    def add(self, other: Seen) -> None:
        """Add what was seen later."""
        self.detail = self.detail if self.number else other.detail
        self.number += other.number
        self.sources = [*self.sources, *other.sources][:SAMPLES]

    def at(self, place: Callable[[str], str]) -> Seen:
        """Return the same at `place` of each source."""
        return Seen(self.number, [*map(place, self.sources)], self.detail)

    @property
    def where(self) -> str:
        """The first places, and how many there are beside them."""
        return listed(self.sources, self.number)


def note_of(lack: Lack, seen: Seen) -> str:
    """Return a lack as a sentence, such as "2 request bodies were not recorded: …"."""
    alone = seen.number == 1
    part = lack.part or "part"
    noun = part if alone else f"{part[:-1]}ies" if part.endswith("y") else f"{part}s"
    detail = f" {seen.detail}" if seen.detail and alone else ""
    remedy = f": {lack.remedy}" if lack.remedy else ""
    what = f"{'was' if alone else 'were'} {lack.reason or 'missing for other reasons'}"
    return f"{seen.number:,} {noun} {what}{detail}{remedy}; at {seen.where}"
