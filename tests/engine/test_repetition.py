"""Sending a case again: what is believed at once, where nothing comes after it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.engine.session import Session
from enkash_contract.engine.stability import MOST, TWICE
from tests.support.played import FAILED, REFUSED, Target, fine, is_baseline, planned

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Interaction, Request, Response
    from tests.support.played import Answer

CASES = planned("request/b2bIds/*").cases
CASE = CASES[3]
WANTED = CASE.request(Target(fine).url)
VALID = next(case for case in CASES if case.polarity == "accept")


def alone(answer: Answer, *before: int, case: object = CASE) -> tuple[Result, Target]:
    """Send a case by itself, after so many failures in so many requests."""
    target = Target(answer)

    async def work() -> Result:
        session = Session(planned("request/b2bIds/*"), target)
        await session.open()
        if before:
            failures, total = before
            for number in range(total):
                failed = number < failures
                seen = await target.send(CASES[0].request(target.url))
                session.monitor.record(CASES[0], seen, "error" if failed else "rejected")
        target.requests.clear()
        return await session.send(case, alone=True)  # type: ignore[arg-type]

    return asyncio.run(work()), target


def failing(_: int, request: Request) -> Response | None:
    """Fail at one case."""
    return FAILED if request == WANTED else None


def test_what_comes_again_is_a_violation() -> None:
    """With the baseline accepted before and after."""
    result, target = alone(failing)
    assert result.count("violation") == 1
    assert list(map(is_baseline, target.requests)) == [False, True, False, True]


@pytest.mark.parametrize(("failures", "times"), [(0, TWICE), (10, 3), (60, 5), (100, 6)])
def test_it_has_to_come_again_more_often_where_much_fails(failures: int, times: int) -> None:
    """As often as chance does not explain."""
    result, target = alone(failing, failures, 700)
    assert result.count("violation") == 1
    assert target.requests.count(WANTED) == times


def test_where_too_much_fails_nothing_is_blamed() -> None:
    """Not even what fails each time: nobody can tell."""
    result, target = alone(failing, 350, 700)
    assert (result.violations, result.verdicts) == ((), {"inconclusive": 1})
    assert target.requests.count(WANTED) == MOST


@pytest.mark.parametrize("at", [1, 3])
def test_an_outage_is_not_blamed_on_the_case_it_began_with(at: int) -> None:
    """Neither before it was sent again, nor after."""
    seen: list[Request] = []

    def outage(_: int, request: Request) -> Response | None:
        seen.append(request)
        return FAILED if WANTED in seen and len(seen) > at else failing(0, request)

    result, _ = alone(outage)
    assert (result.violations, result.verdicts) == ((), {"inconclusive": 1})


def test_a_valid_request_that_is_rejected_once_was_accepted() -> None:
    """And the target has contradicted itself."""
    wanted = VALID.request(Target(fine).url)
    seen: list[Request] = []

    def once(_: int, request: Request) -> Response | None:
        if request != wanted or request in seen:
            return None
        seen.append(request)
        return REFUSED

    result, _ = alone(once, case=VALID)
    assert result.verdicts == {"held": 1}


def test_a_failure_in_place_of_a_rejection_is_in_doubt_as_well() -> None:
    """Each is sent again until it comes twice in a row."""
    wanted = VALID.request(Target(fine).url)
    said = iter([REFUSED, FAILED, None])

    def changing(_: int, request: Request) -> Response | None:
        return next(said) if request == wanted else None

    result, target = alone(changing, case=VALID)
    assert result.verdicts == {"held": 1}
    assert target.requests.count(wanted) == 3


def test_a_repetition_that_nobody_had_time_for_shows_nothing() -> None:
    """A server may be busy just then; the case is inconclusive."""

    class Busy(Target):
        async def send(self, request: Request) -> Interaction:
            seen = await super().send(request)
            busy = self.requests.count(WANTED) > 1 and request == WANTED
            return replace(seen, response=None, error="is busy", aborted=True) if busy else seen

    async def work() -> Result:
        session = Session(planned("request/b2bIds/*"), Busy(failing))
        await session.open()
        return await session.send(CASE)

    assert asyncio.run(work()).verdicts == {"inconclusive": 1}
