"""Parts that are judged elsewhere, by whoever it is: in order, few at a time, and none is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic.parts import workers
from enkash_contract.traffic.parts.workers import Here, LostError, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Idle(Workers[int, int, int]):
    """Workers that judge nothing before somebody waits for it, and lose what they are told to."""

    def __init__(self, number: int = 2, lost: frozenset[int] = frozenset()) -> None:
        super().__init__(lambda plan, part: plan * part, 10)
        self._number, self._lost = number, lost
        self.under_way: set[int] = set()
        self.most = 0
        self.stopped = False

    @property
    def number(self) -> int:
        """How many there are."""
        return self._number

    def hand_over(self, part: int) -> Callable[[], int] | None:
        """Take a part, unless it is a multiple of seven."""
        if part % 7 == 0:
            return None
        self.under_way.add(part)
        self.most = max(self.most, len(self.under_way))
        return lambda: self._found(part)

    def stop(self) -> None:
        """Judge no more."""
        self.stopped = True

    def _found(self, part: int) -> int:
        self.under_way.remove(part)
        if part in self._lost:
            self.deaths += 1
            raise LostError
        return part


def test_few_parts_are_under_way() -> None:
    """However many there are; those that nobody takes are judged here."""
    idle = Idle()
    found = [*idle.in_order([Here(-1, -2), *range(1, 40)])]

    assert found == [
        (-1, -2),
        *((part, part * 10 if part % 7 == 0 else part) for part in range(1, 40)),
    ]
    assert idle.most <= workers.AHEAD * 2
    assert idle.stopped


def test_what_is_lost_is_judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some deaths, so is all the rest."""
    monkeypatch.setattr(workers, "DEATHS", 2)
    idle = Idle(1, frozenset({2, 3}))
    found = dict(idle.in_order(range(1, 20)))

    assert [found[part] for part in (1, 2, 3, 4)] == [1, 20, 30, 4]
    assert found[19] == 190
    assert idle.deaths == 2


def test_they_stop_with_whoever_waits_for_them() -> None:
    """Whatever stops that."""
    idle = Idle()

    def parts() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        [*idle.in_order(parts())]
    assert idle.stopped
