"""Reruns: what showed nothing is sent again, and suspects until chance no longer explains it."""

from __future__ import annotations

import functools
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.engine.plan import EVERY
from enkash_contract.wire.message import Response, json_response
from tests.support.played import FAILED, REFUSED, Target, fine, is_baseline, planned, ran

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Request
    from tests.support.played import Answer

ONLY = "request/b2bIds/*"
CASES = planned(ONLY).cases
OOPS = Response(500, (), b"")
CONFLICT = json_response(409, {"payload": "x", "response_code": 9, "response_message": "x"})


@functools.cache
def quiet() -> Result:
    """Return the result of a right target on a quiet day."""
    return ran(fine, ONLY)[0]


def at_random(rate: float, seed: int, *responses: Response | str) -> Answer:
    """Return a target that responds otherwise to a share of its requests, whichever they are."""
    chance = random.Random(seed)
    return lambda _, __: chance.choice(responses) if chance.random() < rate else None


def without(result: Result) -> Result:
    """Return the findings on cases: not that on what fails without a pattern."""
    return [finding for finding in result.findings if finding.case]  # type: ignore[return-value]


@settings(max_examples=30)
@given(
    rate=st.sampled_from([0.02, 0.05, 1 / 7, 0.2]),
    seed=st.integers(0, 2**32),
    workers=st.sampled_from([1, 8]),
)
def test_what_fails_at_random_is_blamed_on_no_case(rate: float, seed: int, workers: int) -> None:
    """And it is one finding, the same in each run."""
    result, target = ran(at_random(rate, seed, OOPS), ONLY, workers=workers)
    assert without(result) == without(quiet())
    if result.baseline == "accepted" and rate >= 1 / 7 and len(target.requests) > len(CASES):
        (finding,) = result.violations
        assert (finding.rule, finding.fingerprint) == ("response#status", "c3ecdd376a57")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), workers=st.sampled_from([1, 8]))
def test_a_case_to_blame_is_found_among_failures_at_random(seed: int, workers: int) -> None:
    """By its own rule; it is sent again often enough."""
    wanted = CASES[5].request(Target(fine).url)
    failing = at_random(0.05, seed, OOPS)
    result, _ = ran(
        lambda at, request: OOPS if request == wanted else failing(at, request),
        ONLY,
        workers=workers,
    )
    if result.exit_code == 1:
        assert {finding.case for finding in without(result)} <= {CASES[5].id}  # type: ignore[attr-defined]
    found = [finding.case for finding in result.violations if finding.case]
    assert found == [CASES[5].id] or result.exit_code == 3


@settings(max_examples=20)
@given(
    rate=st.sampled_from([0.05, 0.2, 0.5]),
    seed=st.integers(0, 2**32),
    workers=st.sampled_from([1, 8]),
)
def test_an_instance_that_is_out_of_date_is_blamed_on_nobody(
    rate: float, seed: int, workers: int
) -> None:
    """Whether it rejects the valid by chance or not: nothing is found, or nothing concluded."""
    result, _ = ran(at_random(rate, seed, REFUSED), ONLY, workers=workers)
    assert result.violations == ()
    assert result.total == quiet().total


def spell(begins: int, lasts: int, response: Response | str) -> Answer:
    """Return a target that responds so to a number of requests in a row."""
    return lambda at, _: response if begins <= at < begins + lasts else None


@settings(max_examples=20)
@given(
    begins=st.integers(1, 80),
    lasts=st.integers(1, 20),
    response=st.sampled_from([CONFLICT, Response(404), Response(403), FAILED, OOPS]),
    workers=st.sampled_from([1, 8]),
)
def test_a_spell_hides_nothing(begins: int, lasts: int, response: Response, workers: int) -> None:
    """What it kept from being looked at is sent again; so is what looks like any rejection."""
    wanted = [case.request(Target(fine).url) for case in CASES[::9]]
    spelled = spell(begins, lasts, response)

    def defective(at: int, request: Request) -> Response | str | None:
        said = spelled(at, request)
        if said is not None or request not in wanted:
            return said
        return json_response(200, {"payload": "x", "response_code": 0, "response_message": "x"})

    result, _ = ran(defective, ONLY, workers=workers)
    named = {finding.case for finding in result.findings if finding.case}
    expected = {case.id for case in CASES[::9] if case.polarity == "reject"}
    assert named <= expected
    assert named == expected or result.count("inconclusive") > EVERY // 2


def test_a_status_that_comes_again_is_asked_for_once() -> None:
    """Of all cases with it about the same place, one is sent again."""
    about = "request/b2bIds/buyerB2BId"

    def missing(_: int, request: Request) -> Response | None:
        return Response(404) if request in wanted else None

    wanted = [case.request(Target(fine).url) for case in CASES if case.rule.id.startswith(about)]
    result, target = ran(missing, ONLY)
    assert result.violations == ()
    sent = [request for request in target.requests if request in wanted]
    assert len(sent) == len(wanted) + 1


def test_nothing_is_sent_again_where_all_is_well() -> None:
    """A run has as many requests as it has cases, and the baselines."""
    _, target = ran(fine, ONLY)
    others = [request for request in target.requests if not is_baseline(request)]
    assert len(others) == len(CASES)


@pytest.mark.parametrize("workers", [1, 8])
def test_suspects_are_sent_again_until_it_is_sure(workers: int) -> None:
    """As often as the rate of failures demands, and no more."""
    wanted = CASES[5].request(Target(fine).url)
    failing = {7, 19, 31, 43, 55, 67}
    result, target = ran(
        lambda at, request: OOPS if request == wanted or at in failing else None,
        ONLY,
        workers=workers,
    )
    found = [finding.case for finding in result.violations if finding.case]
    assert found == [CASES[5].id]
    assert 3 <= target.requests.count(wanted) <= 6


@pytest.mark.parametrize("response", [OOPS, REFUSED], ids=["crash", "rejection"])
def test_where_half_of_all_fails_nothing_can_be_blamed(response: Response) -> None:
    """What came out so each time is inconclusive: chance explains that, too."""
    chance = random.Random(5)
    valid = [case.request(Target(fine).url) for case in CASES if case.polarity == "accept"]

    def failing(_: int, request: Request) -> Response | None:
        hit = not is_baseline(request) and (response is OOPS or request in valid)
        return response if hit and chance.random() < 0.7 else None

    result, target = ran(failing, ONLY)
    assert without(result) == without(quiet())
    assert result.count("inconclusive") > 0
    assert max(target.requests.count(request) for request in valid) <= 7


@pytest.mark.parametrize("response", [OOPS, REFUSED], ids=["crash", "rejection"])
def test_who_is_gone_for_good_after_a_case_is_not_blamed(response: Response) -> None:
    """Nobody knows whether it was the case, or would have happened anyway."""
    wanted = next(case for case in CASES if case.polarity == "accept").request(Target(fine).url)
    seen: list[Request] = []

    def going(_: int, request: Request) -> Response | None:
        if seen.count(wanted) == 2:
            return FAILED
        seen.append(request)
        return response if request == wanted else None

    result, _ = ran(going, ONLY)
    assert (result.violations, result.total) == ((), quiet().total)
