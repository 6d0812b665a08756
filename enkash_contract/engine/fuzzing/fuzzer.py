"""Fuzzing: Hypothesis draws requests beyond the suite, and shrinks those that fail.

The suite changes one thing of one baseline. Here valid values are drawn anew in every place that
may vary, and rules are broken on those; two are broken at once; and one request meets another.

**Rounds.** A round is drawn twice with one seed. The first time nothing fails, so that Hypothesis
goes to the round's end and the number of draws is the one that was asked for. Then, if there were
new failures, it is drawn again, from memory, and each new failure is raised as an exception of its
own type, which makes Hypothesis keep, shrink and remember each by itself. A failure is raised in
one round only. No draw is sent twice: a draw that failed keeps its verdict, so a server that fails
now and then is reported as failing, and never as Hypothesis' own `Flaky`.

**The seed** decides all draws, and time only where they end. Failures in the database are tried
before, and change nothing of the rest.

**Without an accepted baseline** nothing is fuzzed. A crash would still be a crash; but the suite
has looked for crashes with every case, and a target that is down, or rejects the credentials, gains
nothing from thousands of requests more.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import functools
import hashlib
import random
import unittest
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from enkash_contract.clock import monotonic
from enkash_contract.engine.fuzzing.draws import draws
from enkash_contract.engine.fuzzing.found import Failures
from enkash_contract.engine.fuzzing.prober import Prober
from enkash_contract.engine.fuzzing.steps import Maker
from enkash_contract.errors import TargetError
from enkash_contract.judging.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    from hypothesis.strategies import SearchStrategy

    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.fuzzing.prober import Sighting
    from enkash_contract.engine.fuzzing.steps import Draw
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.session import Session

    Body = Callable[[Draw], None]

ROUND = 100
"""How many draws a round has."""

SHRINKS = 100
"""How many draws are sent, at most, to make one failure smaller."""


class _OverError(KeyboardInterrupt):
    """Ends all rounds at once: Hypothesis lets Ctrl-C pass, and takes it for no failure."""


class _SmallEnoughError(_OverError):
    """Ends the shrinking of one round."""


class _FailureError(Exception):
    """Something failed; there is a type of its own for each thing that can."""


@functools.lru_cache(maxsize=1_000)
def _failure(key: str) -> type[_FailureError]:
    return type(f"Failure{key}", (_FailureError,), {})


class Fuzzer:
    """One run of fuzzing against `target`, after the suite with the result `suite`."""

    def __init__(
        self,
        plan: Plan,
        options: Fuzz,
        suite: Result,
        target: str,
        *,
        progress: Callable[[int, int], None] | None = None,
        judged: Callable[[Result], None] | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._plan, self._options, self._target = plan, options, target
        self._maker = Maker(plan)
        self._failures = Failures(options, suite)
        self._progress, self._judged, self._clock = progress, judged, clock
        self._began = clock()
        self._memory: dict[str, tuple[Sighting, ...]] = {}
        self._failing: dict[str, tuple[Sighting, ...]] = {}
        self._raised: frozenset[str] = frozenset()
        self._stopped = False
        self._pending: concurrent.futures.Future[Any] | None = None
        self._problem: BaseException | None = None

    async def explore(self, session: Session) -> Result:
        """Fuzz by `session`, and return the result of the suite and of this."""
        prober = await self._begun(session)
        if prober is None:
            return self._failures.result()
        self._prober, self._loop = prober, asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._all_rounds)
        finally:
            self._stopped = True
            if self._pending is not None:
                self._pending.cancel()
        if self._problem is not None:
            raise self._problem
        self._failures.keep(self._prober.late())
        self._failures.members = self._prober.members
        if self._prober.over:
            self._failures.note_over(silent=not session.worth_going_on)
        return self._failures.result()

    def stop(self) -> Result:
        """Return what is known without sending anything more."""
        return self._failures.stopped()

    async def _begun(self, session: Session) -> Prober | None:
        """Send the baseline once more; return None, and note why, if it is not accepted."""
        if self._failures.suite.baseline != "accepted":
            self._failures.not_begun("the baseline was not accepted")
            return None
        if draws(self._maker, self._plan.contract) is None:
            self._failures.not_begun("--only and --skip leave nothing that can vary")
            return None
        try:
            await session.open()
        except TargetError as problem:
            self._failures.not_begun(str(problem))
            return None
        if not session.trusted:
            self._failures.not_begun("the baseline is no longer accepted: the target keeps state")
            return None
        known = self._failures.is_known
        return Prober(session, self._plan.baseline, known, self._failures.suite.members)

    # In a thread of its own, because Hypothesis awaits nothing

    def _all_rounds(self) -> None:
        left = self._options.draws
        seeds = random.Random(self._options.seed)  # noqa: S311 - to be repeated, not to be kept secret
        with contextlib.suppress(_OverError):
            self._replay()
            while left > 0:
                size = int(min(ROUND, left))
                left -= size
                self._failures.begin(size)
                if not self._round(size, seeds.getrandbits(64)):
                    break

    def _replay(self) -> None:
        """Try the failures of earlier runs, from the database."""
        self._drive(self._strategy(), self._raising(set()), ROUND, 0, [Phase.reuse])

    def _round(self, size: int, chosen: int) -> bool:
        """Carry out one round; return whether there is more to draw."""
        self._memory.clear()
        self._await(self._prober.refresh())
        strategy, before = self._strategy(), self._failures.draws
        self._drive(strategy, self._collect, size, chosen, [Phase.generate], remember=False)
        drawn, shrunk = self._failures.draws - before, False
        while self._failures.keys - self._raised:
            raised: set[str] = set()
            body = self._raising(raised)
            with contextlib.suppress(_SmallEnoughError):
                self._drive(strategy, body, size, chosen, [Phase.generate, Phase.shrink])
            self._raised |= raised
            shrunk = shrunk or bool(raised)
            if not raised:
                break
        # Hypothesis stops early when it has drawn everything there is.
        return shrunk or drawn == size

    def _strategy(self) -> SearchStrategy[Draw]:
        strategy = draws(self._maker, self._plan.contract, self._prober.kept())
        if strategy is None:
            raise _OverError
        return strategy

    def _drive(
        self,
        strategy: SearchStrategy[Draw],
        body: Body,
        size: int,
        chosen: int,
        phases: Collection[Phase],
        *,
        remember: bool = True,
    ) -> None:
        @settings(
            max_examples=size,
            phases=phases,
            database=self._database() if remember else None,
            deadline=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=True,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @seed(chosen)  # below the settings, of which it would take the database away
        @given(strategy)
        def drive(draw: Draw) -> None:
            body(draw)

        # The group is that of the failures, which were kept as they came; with nothing to replay,
        # Hypothesis skips the test.
        with contextlib.suppress(_FailureError, ExceptionGroup, unittest.SkipTest):
            drive()

    def _database(self) -> DirectoryBasedExampleDatabase | None:
        folder, document = self._options.database, self._plan.contract.document
        # Draws for another document mean something else. And Hypothesis forgets what no longer
        # fails, so each target has its own: another one must not decide that.
        about = f"{document.sha256} {self._plan.operation.id} {self._target}"
        name = hashlib.sha256(about.encode()).hexdigest()[:12]
        return None if folder is None else DirectoryBasedExampleDatabase(folder / name)

    def _collect(self, draw: Draw) -> None:
        self._failures.draws += 1
        self._look(draw)

    def _raising(self, raised: set[str]) -> Body:
        """Return a body that raises each new failure, until each is small enough."""
        sent = 0

        def body(draw: Draw) -> None:
            nonlocal sent
            if raised and not self._remembers(draw):
                sent += 1
                if sent > SHRINKS * len(raised):
                    raise _SmallEnoughError
            for sighting in self._look(draw):
                if sighting.key not in self._raised:
                    raised.add(sighting.key)
                    raise _failure(sighting.key)

        return body

    def _remembers(self, draw: Draw) -> bool:
        return draw.mark in self._memory or draw.mark in self._failing

    def _look(self, draw: Draw) -> tuple[Sighting, ...]:
        """Return what a draw shows, from memory if it was sent before."""
        if not draw.steps:
            return ()
        if draw.mark in self._failing:
            return self._failing[draw.mark]
        if draw.mark not in self._memory:
            sightings = self._await(self._send(draw))
            if sightings:
                self._failing[draw.mark] = sightings
            self._memory[draw.mark] = sightings
        return self._memory[draw.mark]

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Carry out `work` in the loop of the run, and wait for it in this thread."""
        late = self._clock() - self._began >= self._options.seconds
        if self._stopped or late or self._prober.over:
            work.close()
            raise _OverError
        self._pending = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return self._pending.result()
        except concurrent.futures.CancelledError:
            raise _OverError from None
        except BaseException as problem:  # noqa: BLE001 - raised again where the run is awaited
            self._problem = problem
            raise _OverError from None

    async def _send(self, draw: Draw) -> tuple[Sighting, ...]:
        sightings = self._failures.new(await self._prober.look(draw))
        for sighting in self._failures.keep(sightings):
            if self._judged is not None:
                self._judged(Result(verdicts={sighting.finding.severity: 1}))
        if self._progress is not None:
            self._progress(*self._failures.progress(len(self._plan.cases), self._elapsed()))
        return sightings

    def _elapsed(self) -> float:
        return self._clock() - self._began
