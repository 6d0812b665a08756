"""A session with a target that changes its mind, fails by chance, is gone, or answers in any order.

The target is played by a function from the number of the request and the case's bytes to an answer,
so that each story is told exactly as it is meant.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.engine.notes import busy_note
from enkash_contract.engine.plan import EVERY
from enkash_contract.engine.session import Session
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.played import (
    FAILED,
    REFUSED,
    Target,
    fine,
    is_baseline,
    planned,
    ran,
    right,
    through,
)

if TYPE_CHECKING:
    from tests.support.played import Answer

# Many at a time


@pytest.mark.parametrize("workers", [2, 8, 30])
def test_so_many_are_under_way_and_no_more(workers: int) -> None:
    """As many as are asked for, all the time."""
    result, target = ran(fine, workers=workers, jitter=random.Random(1))
    assert target.most == workers
    assert result == ran(fine)[0]


def mistaken(_: int, request: Request) -> Response | None:
    """Answer wrongly to about every fifth request, always to the same."""
    if is_baseline(request):
        return None
    chosen = random.Random(str((request.method, request.headers, request.body)))
    return chosen.choice([None] * 8 + [REFUSED, right(planned().baseline.request())])


@pytest.mark.unmeasured
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32), workers=st.integers(2, 12))
def test_the_order_of_answers_does_not_matter(seed: int, workers: int) -> None:
    """Whatever overtakes what, the findings and counts are those of one request at a time."""
    only = ("request/b2bIds/*", "request#json*")
    one, _ = ran(mistaken, *only)
    many, _ = ran(mistaken, *only, workers=workers, jitter=random.Random(seed))
    # How often the baseline was sent depends on the order.
    assert replace(many, stability=one.stability) == one
    assert many.findings


def test_findings_are_in_the_order_of_the_cases() -> None:
    """Not in that of the answers, which is another each time."""
    result, _ = ran(mistaken, workers=8, jitter=random.Random(7))
    places = {case.id: at for at, case in enumerate(planned().cases)}
    found = [places[one.case] for one in result.findings]
    assert found == sorted(found)
    assert len(set(found)) > 50


def test_what_goes_wrong_in_one_worker_ends_them_all() -> None:
    """An error of our own is not swallowed, and nobody goes on sending."""

    def broken(number: int, _: Request) -> None:
        if number == 20:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ran(broken, workers=4, jitter=random.Random(3))


# The baseline, again and again


def test_the_baseline_is_sent_every_hundred_cases_and_at_the_end() -> None:
    """And what has been settled by it is not kept."""
    result, target = ran(fine)
    at = [number for number, one in enumerate(target.requests) if is_baseline(one)]
    total = len(planned().cases)
    assert at == [0, 101, 202, 303, 404, 505, total + 1 + total // 100]
    assert (result.exit_code, result.total) == (0, total + 1)


@pytest.mark.parametrize("workers", [1, 8])
def test_no_more_than_a_hundred_answers_are_kept(workers: int) -> None:
    """Memory does not grow with the number of cases sent."""
    made, target = planned(), Target(fine, random.Random(5))
    kept: list[int] = []

    async def work() -> None:
        running = Session(made, target)
        await running.open()
        many = [*made.cases] * 3
        await running.run(many, lambda _: kept.append(running.ledger.unsettled), workers=workers)

    asyncio.run(work())
    assert max(kept) <= (2 * EVERY if workers > 1 else EVERY)


def test_nobody_goes_on_while_a_look_takes_too_long() -> None:
    """When the baseline hangs, what has been sent since the last one stays in bounds."""
    made, kept = planned(), list[int]()

    class Slow(Target):
        async def send(self, request: Request) -> Interaction:
            for _ in range(1000 if is_baseline(request) and self.requests else 1):
                await asyncio.sleep(0)
            return await super().send(request)

    async def work() -> None:
        running = Session(made, Slow(fine))
        await running.open()
        await running.run(made.cases, lambda _: kept.append(running.ledger.unsettled), workers=8)

    asyncio.run(work())
    assert EVERY < max(kept) <= 2 * EVERY + 8


def stale_after(number: int, until: int = 10**9) -> Answer:
    """Return a target that refuses everything from one request on, perhaps to another."""
    return lambda at, _: REFUSED if number <= at < until else None


@settings(max_examples=40)
@given(
    after=st.integers(1, 90),
    lasts=st.integers(1, 90),
    workers=st.sampled_from([1, 2, 8]),
    seed=st.integers(0, 9),
)
def test_a_state_that_goes_stale_is_no_verdict(
    after: int, lasts: int, workers: int, seed: int
) -> None:
    """Whenever it begins and ends: no violation, no case lost, nothing held without proof."""
    answer = stale_after(after, after + lasts)
    only, jitter = "request/b2bIds/*", random.Random(seed)
    result, target = ran(answer, only, workers=workers, jitter=jitter, every=10)
    assert result.violations == ()
    assert result.total == len(planned(only).cases) + 1
    refused_baseline = any(
        is_baseline(one) and after <= at < after + lasts for at, one in enumerate(target.requests)
    )
    # All may have been settled before the baseline was refused.
    assert refused_baseline or not result.count("inconclusive")


def test_a_stale_state_is_told_with_what_helps() -> None:
    """How many cases came to nothing, and how to hold the state fixed."""
    result, target = ran(stale_after(250))
    # What was sent since the 200th case is not known to have been refused for what it was.
    lost = len(planned().cases) - 200
    assert result.count("inconclusive") == lost
    assert result.exit_code == 3
    assert result.notes == (
        "the baseline was accepted and later rejected: the target keeps state, so its responses "
        f"to {lost} cases since it last accepted something prove nothing; pin what it knows with "
        "--pin, or choose fewer cases with --only or --max-accepted",
    )
    # Once more at the first rejection of the baseline: it might have been chance.
    assert len(target.requests) == 1 + len(planned().cases) + 6


def test_a_state_that_comes_back_is_trusted_again() -> None:
    """What is sent after the baseline was accepted once more counts, and the rest sent again."""
    result, target = ran(stale_after(250, 350))
    # Between the baselines after 200 and 400 cases; a few were accepted, which is proof enough.
    assert 150 < len(target.requests) - len(planned().cases) < 220
    assert (result.verdicts, result.notes) == (ran(fine)[0].verdicts, ())
    assert result.stability.contradicted == 1


def test_a_refused_right_request_is_believed_when_the_baseline_is_accepted() -> None:
    """The baseline is sent again at once, then the case; what is refused twice is a finding."""
    case = next(one for one in planned().cases if one.polarity == "accept")
    wanted = case.request(Target(fine).url)
    result, target = ran(lambda _, one: REFUSED if one == wanted else None, case.id)
    assert [one.check for one in result.findings] == ["positive_data_acceptance"]
    assert list(map(is_baseline, target.requests)) == [True, False, True, False, True]


def test_a_right_request_that_was_repeated_may_be_refused() -> None:
    """The first time it may have been carried out, and the answer been lost."""
    case = next(one for one in planned().cases if one.polarity == "accept")
    wanted = case.request(Target(fine).url)

    class Lossy(Target):
        async def send(self, request: Request) -> Interaction:
            return replace(await super().send(request), repeated=request == wanted)

    target = Lossy(lambda _, one: REFUSED if one == wanted else None)
    result = through(target, planned(case.id))
    assert (result.findings, result.notes) == ((), ())
    assert result.verdicts == {"held": 1, "inconclusive": 1}


# Failures


FAILURES = [FAILED, "broke off the exchange"]


@pytest.mark.parametrize("failure", FAILURES, ids=["502", "silence"])
def test_what_fails_once_is_nobodys_fault(failure: Response | str) -> None:
    """With the target known to be there the case is sent again, and that answer counts."""
    seen: set[Request] = set()

    def flaky(number: int, request: Request) -> Response | str | None:
        if number % 70 != 7 or is_baseline(request) or request in seen:
            return None
        seen.add(request)
        return failure

    result, _ = ran(flaky, "request/b2bIds/*")
    assert result.findings == ran(fine, "request/b2bIds/*")[0].findings
    assert (result.count("inconclusive"), result.exit_code) == (0, 0)
    assert result.notes == (
        f"the responses to {len(seen)} cases spoke against the target, and changed when sent "
        "again; what happens by chance is not counted",
    )


@pytest.mark.parametrize("failure", FAILURES, ids=["502", "silence"])
def test_what_fails_twice_is_a_finding(failure: Response | str) -> None:
    """With the baseline accepted in between."""
    case = planned("request/b2bIds/*").cases[3]
    wanted = case.request(Target(fine).url)
    result, target = ran(lambda _, one: failure if one == wanted else None, case.id)
    assert [(one.check, one.case) for one in result.violations] == [("not_a_server_error", case.id)]
    assert list(map(is_baseline, target.requests)) == [True, False, True, False, True]


@pytest.mark.parametrize("failure", FAILURES, ids=["502", "silence"])
@pytest.mark.parametrize("workers", [1, 8])
def test_an_outage_is_blamed_on_no_case(failure: Response | str, workers: int) -> None:
    """While the baseline fails as well, nobody can tell whose fault it is: all is sent again."""
    result, _ = ran(
        lambda at, _: failure if 150 <= at < 153 else None, workers=workers, jitter=None
    )
    assert result.violations == ()
    assert (result.verdicts, result.exit_code) == (ran(fine)[0].verdicts, 0)
    assert result.stability.unstable == 3


@pytest.mark.parametrize("workers", [1, 8])
def test_a_target_that_is_gone_is_not_asked_for_ever(workers: int) -> None:
    """After three baselines without an answer the rest is not sent."""
    result, target = ran(lambda at, _: "is gone" if at >= 150 else None, workers=workers)
    assert result.violations == ()
    assert result.exit_code == 3
    assert result.total == len(planned().cases) + 1
    assert len(target.requests) <= 150 + 2 * 3 + workers
    assert result.notes[-1].startswith("the baseline failed repeatedly (the target is gone), so ")


def test_those_who_doubt_at_the_same_time_send_one_baseline() -> None:
    """Eight that failed together need to know the same."""
    cases = planned("request/b2bIds/*").cases[:8]
    wanted = [case.request(Target(fine).url) for case in cases]

    def failing(_: int, request: Request) -> Response | None:
        return FAILED if request in wanted else None

    made, target = planned("request/b2bIds/*"), Target(failing, random.Random(2))

    async def work() -> None:
        running = Session(made, target)
        await running.open()
        await running.run(cases, lambda _: None, workers=8)

    asyncio.run(work())
    assert sum(map(is_baseline, target.requests)) <= 1 + 3
    assert len(target.requests) <= 1 + 3 + 16


def test_without_a_baseline_a_failure_is_still_seen_twice() -> None:
    """The baseline shows at least that the target is there."""
    case = planned("request/b2bIds/*").cases[0]
    wanted = case.request(Target(fine).url)

    def refusing(_: int, request: Request) -> Response:
        return FAILED if request == wanted else REFUSED

    result, target = ran(refusing, case.id)
    assert [one.check for one in result.violations] == ["not_a_server_error"]
    assert list(map(is_baseline, target.requests)) == [True, False, True, False, True]


def test_a_busy_target_is_no_verdict() -> None:
    """What a sender gave up waiting for is judged nowhere, from the first request on."""

    class Busy(Target):
        async def send(self, request: Request) -> Interaction:
            await super().send(request)
            return Interaction(request, None, "is busy: it still responded 429", aborted=True)

    target = Busy(fine)
    result = through(target, planned("request/b2bIds/*"))
    assert (result.exit_code, result.findings, len(target.requests)) == (3, (), 1)
    assert result.notes == (busy_note("is busy: it still responded 429"),)
