"""What a reader of recordings yields for each thing it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enkash_contract.wire.message import Interaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a recording: an interaction, or the problem that stands in its way.

    With both, the problem says which part of the interaction could not be read.
    """

    source: str
    interaction: Interaction | None
    problem: str = ""
