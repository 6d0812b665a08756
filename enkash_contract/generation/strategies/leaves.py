"""The strategies to draw for a value, kept flat until the whole value is known.

Hypothesis pays for every level that is drawn on its own, about as much as for a string. So an
object is no strategy of strategies: the leaves of the whole value are drawn side by side, and the
value is built around them at the end.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from enkash_contract.generation.strategies.text import Strategy


@dataclass(frozen=True)
class Leaves:
    """Strategies to draw from, and how to build one value of the draws, in that order."""

    leaves: tuple[Strategy, ...]
    build: Callable[[Iterator[Any]], Any]

    def strategy(self) -> Strategy:
        """Return the strategy that draws and builds."""
        if self.build is next:
            return self.leaves[0]
        return st.tuples(*self.leaves).map(_Building(self.build))


@dataclass(frozen=True)
class _Building:
    """Builds a value of what was drawn.

    Hypothesis shows a failure as the call that made it, where that can be read. This has no name to
    be called by, so the value itself is shown, which can be pasted into `@example`.
    """

    build: Callable[[Iterator[Any]], Any]

    def __call__(self, drawn: tuple[Any, ...]) -> Any:
        return self.build(iter(drawn))

    def __repr__(self) -> str:
        return "<built>"


def constant(value: Any) -> Leaves:
    """Return the plan of one value, made anew each time so that nobody can change it."""
    fixed = copy.deepcopy(value)
    if isinstance(fixed, (dict, list)):
        return Leaves((), lambda _: copy.deepcopy(fixed))
    return Leaves((), lambda _: fixed)


def leaf(strategy: Strategy | None) -> Leaves | None:
    """Return the plan of what is drawn in one go."""
    return None if strategy is None else Leaves((strategy,), next)


def either(plans: Iterable[Leaves | None]) -> Leaves | None:
    """Return the plan of a choice; it shrinks to the first, and what cannot be is left out."""
    made = [leaves for leaves in plans if leaves is not None]
    if len(made) < 2:  # noqa: PLR2004 - one alternative is no choice
        return made[0] if made else None
    return leaf(st.one_of([leaves.strategy() for leaves in made]))
