"""The level and the source of evidence, which every rule carries.

A rule is only worth what stands behind it. Keeping that as a value, and never as a comment, is what
lets a finding on a guessed rule be shown without failing anyone's build.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(enum.Enum):
    """The strength of evidence, strongest first."""

    CONFIRMED = "confirmed"
    DOCUMENTED = "documented"
    EXAMPLE = "example"
    SIBLING = "sibling"
    OBSERVED = "observed"
    DISPUTED = "disputed"
    ASSUMED = "assumed"

    # The members are single objects, and Enum's own hash is slow enough to show in `is_valid`.
    __hash__ = object.__hash__

    def at_least(self, other: Level) -> bool:
        """Return whether this level is as strong as `other`, or stronger."""
        return _STRENGTH[self] <= _STRENGTH[other]

    @classmethod
    def of(cls, level: Level | str) -> Level:
        """Return the level of that name.

        Raises:
            UsageError: there is no such level.

        """
        if isinstance(level, cls):
            return level
        try:
            return cls(level)
        except ValueError:
            names = ", ".join(known.value for known in cls)
            raise UsageError(
                f"{level!r} is not a level of evidence; the levels are {names}"
            ) from None

    def __str__(self) -> str:
        return self.value


_STRENGTH = {level: rank for rank, level in enumerate(Level)}

FAIL_ON = Level.SIBLING
"""The weakest level at which a finding fails a build, unless the user chooses another."""

OVERLAY_ONLY = frozenset({Level.CONFIRMED, Level.OBSERVED})
"""Levels that only a partner can vouch for, so only an overlay may carry them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page (or letter, or recording) that something was learned from."""

    id: str
    shows: str = ""
    read: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.id}, read {self.read}" if self.read else self.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """The level of a rule, and its source, which is None exactly when the level is assumed.

    What is disputed may have several sources: `others` are those beside the first.
    """

    level: Level
    source: Source | None = None
    others: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, the first one first."""
        return self.others if self.source is None else (self.source, *self.others)

    def __str__(self) -> str:
        sources = "; ".join(map(str, self.sources))
        return f"{self.level} ({sources})" if sources else str(self.level)

    def as_data(self) -> dict[str, Any]:
        """Return plain data; the source is null when the level is assumed.

        `sources` is there only where there are several.
        """
        data = {"level": self.level.value, "source": self.source.id if self.source else None}
        return {**data, "sources": [each.id for each in self.sources]} if self.others else data

    def at_least(self, level: Level) -> bool:
        """Return whether this evidence is as strong as `level`, or stronger."""
        return self.level.at_least(level)


class Claims(NamedTuple):
    """Both claims of one constraint: that a sender must keep it, and that a receiver must refuse.

    `receiver` is None where nothing is stated of receivers: they are held to what senders are.
    """

    sender: Evidence
    receiver: Evidence | None = None


def weakest(evidence: Iterable[Evidence]) -> Evidence:
    """Return the weakest of `evidence`: what a claim built on all of them is worth."""
    return max(evidence, key=lambda each: _STRENGTH[each.level])


def strongest(evidence: Iterable[Evidence]) -> Evidence:
    """Return the strongest of `evidence`: what a claim is worth that needs only one of them."""
    return min(evidence, key=lambda each: _STRENGTH[each.level])
