"""Fuzzing: Hypothesis draws what the suite did not think of, and shrinks whatever fails.

The suite changes one thing of one baseline. Here right values are drawn anew in every place that
may vary, and rules are broken on those; two are broken at once; and one request meets another.

**Rounds.** A round is drawn twice with one seed. The first time nothing fails, so that Hypothesis
goes to the round's end and the number of draws is what was asked for. Then, where something new was
seen, it is drawn again, from memory, and each new failure is raised as an exception of its own
type, which makes Hypothesis keep, shrink and remember each by itself. What was raised is silent in
later rounds. Nothing is asked twice: a draw that failed keeps its verdict, so a server that fails
now and then is told as failing, and never as Hypothesis' own `Flaky`.

**The seed** decides all draws, and time only where they end. What the database holds is tried
before, and changes nothing of the rest.

**Without an accepted baseline** nothing is fuzzed. A crash would still be a crash; but the suite
has looked for crashes with every case, and a target that is down, or refuses the credentials, gains
nothing from thousands of requests more.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import functools
import hashlib
import random
import time
import unittest
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from enkash_contract.engine.fuzzing.draws import draws
from enkash_contract.engine.fuzzing.found import Found
from enkash_contract.engine.fuzzing.prober import Prober
from enkash_contract.engine.fuzzing.steps import Maker
from enkash_contract.errors import TargetError
from enkash_contract.judging.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    from hypothesis.strategies import SearchStrategy

    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.fuzzing.prober import Told
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
    """One run of fuzzing against `target`, after the suite whose result is `whole`."""

    def __init__(
        self,
        made: Plan,
        asked: Fuzz,
        whole: Result,
        target: str,
        *,
        progress: Callable[[int, int], None] | None = None,
        judged: Callable[[Result], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._made, self._asked, self._target = made, asked, target
        self._maker = Maker(made)
        self._found = Found(asked, whole)
        self._progress, self._judged, self._clock = progress, judged, clock
        self._began = clock()
        self._memory: dict[str, tuple[Told, ...]] = {}
        self._failing: dict[str, tuple[Told, ...]] = {}
        self._raised: frozenset[str] = frozenset()
        self._stopped = False
        self._pending: concurrent.futures.Future[Any] | None = None
        self._problem: BaseException | None = None

    async def explore(self, session: Session) -> Result:
        """Fuzz by `session`, and return what was found, by the suite and by this."""
        begun = await self._begun(session)
        if begun is None:
            return self._found.result()
        self._prober, self._loop = begun, asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._all_rounds)
        finally:
            self._stopped = True
            if self._pending is not None:
                self._pending.cancel()
        if self._problem is not None:
            raise self._problem
        self._found.keep(self._prober.late())
        self._found.note_insisted(self._prober.insisted())
        self._found.note_chance(self._prober.unrepeated)
        if self._prober.over:
            self._found.note_over(silent=not session.worth_going_on)
        return self._found.result()

    def stop(self) -> Result:
        """Return what is known without sending anything more."""
        return self._found.stopped()

    async def _begun(self, session: Session) -> Prober | None:
        """Send the baseline once more; without its acceptance, return None and say why."""
        if self._found.suite.baseline != "accepted":
            self._found.not_begun("the baseline was not accepted")
            return None
        if draws(self._maker, self._made.contract) is None:
            self._found.not_begun("--only and --skip leave nothing that can vary")
            return None
        try:
            await session.open()
        except TargetError as problem:
            self._found.not_begun(str(problem))
            return None
        if not session.trusted:
            self._found.not_begun("the baseline is no longer accepted: the target keeps state")
            return None
        return Prober(session, self._made.baseline, self._found.is_known)

    # In a thread of its own, because Hypothesis awaits nothing

    def _all_rounds(self) -> None:
        asked, left = self._asked, self._asked.draws
        seeds = random.Random(asked.seed)  # noqa: S311 - to be repeated, not to be kept secret
        with contextlib.suppress(_OverError):
            self._replay()
            while left > 0:
                size = int(min(ROUND, left))
                left -= size
                self._found.begin(size)
                if not self._round(size, seeds.getrandbits(64)):
                    break

    def _replay(self) -> None:
        """Try what failed in earlier runs."""
        self._drive(self._strategy(), self._raising(set()), ROUND, 0, [Phase.reuse])

    def _round(self, size: int, chosen: int) -> bool:
        """Carry out one round; say whether there is more to draw."""
        self._memory.clear()
        self._await(self._prober.refresh())
        strategy, before = self._strategy(), self._found.draws
        self._drive(strategy, self._collect, size, chosen, [Phase.generate], remember=False)
        drawn, shrunk = self._found.draws - before, False
        while self._found.keys - self._raised:
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
        made = draws(self._maker, self._made.contract, self._prober.kept())
        if made is None:
            raise _OverError
        return made

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
        folder, document = self._asked.database, self._made.contract.document
        # What was drawn for another document means something else, and what no longer fails is
        # forgotten: another target must not decide that.
        about = f"{document.sha256} {self._made.operation.id} {self._target}"
        name = hashlib.sha256(about.encode()).hexdigest()[:12]
        return None if folder is None else DirectoryBasedExampleDatabase(folder / name)

    def _collect(self, draw: Draw) -> None:
        self._found.draws += 1
        self._look(draw)

    def _raising(self, raised: set[str]) -> Body:
        """Return what raises each failure that is new, until each is small enough."""
        sent = 0

        def body(draw: Draw) -> None:
            nonlocal sent
            if raised and not self._remembers(draw):
                sent += 1
                if sent > SHRINKS * len(raised):
                    raise _SmallEnoughError
            for told in self._look(draw):
                if told.key not in self._raised:
                    raised.add(told.key)
                    raise _failure(told.key)

        return body

    def _remembers(self, draw: Draw) -> bool:
        return draw.mark in self._memory or draw.mark in self._failing

    def _look(self, draw: Draw) -> tuple[Told, ...]:
        """Return what a draw shows: from memory, if it can be."""
        if not draw.steps:
            return ()
        if draw.mark in self._failing:
            return self._failing[draw.mark]
        if draw.mark not in self._memory:
            told = self._await(self._told(draw))
            if told:
                self._failing[draw.mark] = told
            self._memory[draw.mark] = told
        return self._memory[draw.mark]

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Carry out `work` in the loop, unless all is over."""
        late = self._clock() - self._began >= self._asked.seconds
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

    async def _told(self, draw: Draw) -> tuple[Told, ...]:
        told = self._found.new(await self._prober.look(draw))
        for one in self._found.keep(told):
            if self._judged is not None:
                self._judged(Result(verdicts={one.finding.severity: 1}))
        if self._progress is not None:
            self._progress(*self._found.progress(len(self._made.cases), self._elapsed()))
        return told

    def _elapsed(self) -> float:
        return self._clock() - self._began
