"""Parts of recordings, judged side by side elsewhere; what they find is added up in order.

Workers are processes of this machine, or of others. At most a few parts for each are under way, so
that memory does not grow with a recording. A worker that dies (of too little memory, or because it
was killed) costs nothing that was found before: its part is judged again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Plan = TypeVar("Plan")
Part = TypeVar("Part")
PartResult = TypeVar("PartResult")

AHEAD = 3
"""So many parts for each worker are under way, or wait for one before them."""

DEATHS = 3
"""After so many deaths, workers get no more parts."""


class LostError(Exception):
    """A part was lost with the worker that had it."""


@dataclass(frozen=True, slots=True)
class Here(Generic[Part, PartResult]):
    """A part that needs no worker: what was found in it."""

    part: Part
    found: PartResult


class Workers(ABC, Generic[Plan, Part, PartResult]):
    """Judges parts by `judge(plan, part)` elsewhere; all three must be picklable."""

    def __init__(self, judge: Callable[[Plan, Part], PartResult], plan: Plan) -> None:
        self._judge, self._plan = judge, plan
        self.deaths = 0
        """The number of times that workers have died."""

    @property
    @abstractmethod
    def number(self) -> int:
        """The number of workers."""

    @abstractmethod
    def hand_over(self, part: Part) -> Callable[[], PartResult] | None:
        """Hand a part over; return what waits for what is found in it, None where nobody is left.

        What is returned may raise `LostError`: the part is judged here then.
        """

    @abstractmethod
    def stop(self) -> None:
        """Let nobody judge any more, as all is judged."""

    def abandon(self) -> None:
        """Let nobody judge any more, whatever is under way."""
        self.stop()

    @property
    def losses(self) -> str:
        """The workers that were lost, in words; "" if none was."""
        died = counted(self.deaths, "worker")
        return f"{died} died; what was judged there was judged again" if self.deaths else ""

    def in_order(
        self, parts: Iterable[Part | Here[Part, PartResult]]
    ) -> Iterator[tuple[Part, PartResult]]:
        """Yield each part with what was found in it, in the order in which they came."""
        waiting: deque[tuple[Part, Callable[[], PartResult]]] = deque()
        try:
            for part in parts:
                waiting.append(self._begun(part))
                while len(waiting) >= AHEAD * self.number:
                    yield self._next(*waiting.popleft())
            while waiting:
                yield self._next(*waiting.popleft())
        except BaseException:
            # After Ctrl-C nobody waits for what would be lost anyway.
            self.abandon()
            raise
        self.stop()

    def _begun(self, part: Part | Here[Part, PartResult]) -> tuple[Part, Callable[[], PartResult]]:
        if isinstance(part, Here):
            return part.part, lambda: part.found
        found = self.hand_over(part) if self.deaths < DEATHS else None
        return part, found or (lambda: self._judge(self._plan, part))

    def _next(self, part: Part, found: Callable[[], PartResult]) -> tuple[Part, PartResult]:
        """Return a part with what a worker has found in it, or find it here."""
        try:
            return part, found()
        except LostError:
            return part, self._judge(self._plan, part)
