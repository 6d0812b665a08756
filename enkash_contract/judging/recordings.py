"""How much of recorded traffic was judged, and why the rest was left alone: counts that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Recordings:
    """The `files` that were looked into, and the interactions that were `read` there.

    Of these, `ours` speak to the operations that were looked for, and `judged` were judged by them.
    `left` counts all others by the reason for which they were left alone.
    """

    files: int = 0
    read: int = 0
    ours: int = 0
    judged: int = 0
    left: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Recordings) -> Recordings:
        return Recordings(
            self.files + other.files,
            self.read + other.read,
            self.ours + other.ours,
            self.judged + other.judged,
            dict(Counter(self.left) + Counter(other.left)),
        )

    def __str__(self) -> str:
        """All counts in one line; "" where nothing was recorded."""
        if not self.files:
            return ""
        left = ", ".join(f"{number:,} {reason}" for reason, number in self.left.items())
        return (
            f"{counted(self.files, 'file')}, {counted(self.read, 'interaction')} read, "
            f"{self.ours:,} of our operations, {self.judged:,} judged"
            f"{f'; left alone: {left}' if left else ''}"
        )
