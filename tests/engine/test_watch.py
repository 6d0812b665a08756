"""The watch over the baseline: patience with a target that is gone, or contradicts itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from enkash_contract.engine.ledger import Ledger
from enkash_contract.engine.pauses import AT_ONCE, TRIES, Pauses
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.stability import Monitor
from enkash_contract.engine.watch import Watch
from enkash_contract.judging.result import Result
from enkash_contract.wire.message import Interaction, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.validation.outcome import Outcome

PLAN = make_plan()


def judge(case: Case, interaction: Interaction, *, trusted: bool) -> Result:
    """Find nothing."""
    return Result()


class Watched:
    """A watch over a baseline that comes out as told, and the pauses that it makes."""

    def __init__(self, *outcomes: Outcome, pausing: bool = True) -> None:
        self._outcomes: Iterator[Outcome] = iter(outcomes)
        self.slept: list[float] = []
        self.sent = 0
        self.ledger, self.monitor = Ledger(judge), Monitor(PLAN)
        self.ledger.confirm(0)
        pauses = Pauses(self._sleep, lambda _, longest: longest) if pausing else Pauses()
        self.watch = Watch(self.ledger, self.monitor, pauses)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def _baseline(self) -> tuple[Interaction, Outcome]:
        self.sent += 1
        await asyncio.sleep(0)
        outcome = next(self._outcomes)
        response = None if outcome == "error" else Response(200)
        return Interaction(PLAN.baseline.request(), response, aborted=outcome == "unknown"), outcome

    def look(self, *, known: bool = True) -> bool:
        """Look once."""
        return asyncio.run(self.watch.look(self._baseline, known=known))

    def looks(self, number: int) -> None:
        """Look so many times at once."""

        async def work() -> None:
            await asyncio.gather(
                *(self.watch.look(self._baseline, known=True) for _ in range(number))
            )

        asyncio.run(work())

    @property
    def trusted(self) -> bool:
        """Whether the baseline is trusted."""
        return self.ledger.trusted_since is not None


def test_a_moment_of_silence_is_waited_for() -> None:
    """With pauses that grow; the trust in the baseline is not lost."""
    watched = Watched("error", "error", "error", "accepted")
    since = watched.ledger.trusted_since
    assert watched.look()
    assert watched.slept == [0.2, 0.4, 0.8]
    assert (watched.ledger.trusted_since, watched.watch.silent) == (since, 0)


def test_a_target_that_is_gone_is_waited_for_longer_each_time() -> None:
    """The next look begins with a pause, too."""
    watched = Watched(*["error"] * 2 * TRIES)  # type: ignore[arg-type]
    assert not watched.look()
    assert (watched.sent, watched.watch.silent, watched.trusted) == (TRIES, 1, False)
    assert not watched.look()
    assert watched.watch.silent == 2
    assert watched.slept == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]


def test_without_pauses_it_is_sent_twice() -> None:
    """As many tries at once show no more."""
    watched = Watched("error", "error", pausing=False)
    assert not watched.look()
    assert (watched.sent, watched.slept) == (AT_ONCE, [])


def test_who_was_busy_for_long_is_not_asked_again() -> None:
    """The sender has waited already."""
    watched = Watched("unknown")
    assert not watched.look()
    assert watched.sent == 1


def test_a_rejection_that_does_not_come_again_is_a_contradiction() -> None:
    """What was rejected before it proves nothing; from now on the baseline is trusted again."""
    watched = Watched("rejected", "accepted")
    since = watched.ledger.trusted_since
    assert watched.look()
    assert watched.trusted
    assert watched.ledger.trusted_since != since
    assert watched.monitor.result().stability.contradicted == 1


def test_a_rejection_that_comes_again_is_a_state() -> None:
    """It is sent twice once, and from then on as often as anybody looks."""
    watched = Watched("rejected", "rejected", "rejected", "accepted")
    assert watched.look()
    assert (watched.sent, watched.trusted) == (2, False)
    assert watched.look()
    assert watched.sent == 3
    assert watched.look()
    assert watched.trusted
    assert watched.monitor.result().stability.contradicted == 1


def test_a_baseline_that_was_never_accepted_is_sent_once() -> None:
    """Its rejection is nothing new."""
    watched = Watched("rejected")
    watched.ledger.invalidate(failed=False)
    assert watched.look(known=False)
    assert watched.sent == 1


@pytest.mark.parametrize(("number", "sent"), [(1, 1), (2, 2), (8, 2)])
def test_those_who_look_at_the_same_time_share_a_look(number: int, sent: int) -> None:
    """One that was begun before somebody wanted to know may have been too early."""
    watched = Watched(*["accepted"] * 8)  # type: ignore[arg-type]
    watched.looks(number)
    assert watched.sent <= sent
