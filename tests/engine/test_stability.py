"""The monitor: how often a case must fail to be blamed, and what fails without a pattern."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.stability import AT_LEAST, FALSE_ALARMS, GATEWAY, MOST, TWICE, Monitor
from enkash_contract.wire.message import Interaction, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result

PLAN = make_plan()
FINE = Response(200)
VALID = next(case for case in PLAN.cases if case.polarity == "accept")
STARTED = 1_800_000_000.0


def exchange(case: Case, response: Response | None, *, repeated: bool = False) -> Interaction:
    """Return what happened to a case; without a response it was lost."""
    error = None if response else "broke off the exchange"
    return Interaction(case.request(), response, error, source="http://h", repeated=repeated)


def monitored(
    statuses: Sequence[int | None], *, in_process: bool = False, plan: Any = PLAN, **headers: str
) -> Monitor:
    """Return a monitor that saw these statuses, each in response to another case; 0 for a loss."""
    monitor = Monitor(plan, in_process=in_process, now=lambda: STARTED)
    for at, status in enumerate(statuses):
        case = PLAN.cases[at % len(PLAN.cases)]
        given_headers = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        response = None if status is None else Response(status, given_headers)
        failed = status is None or status >= 500
        monitor.record(case, exchange(case, response), "error" if failed else "rejected")
    return monitor


def spread(failures: int, total: int, status: int | None = 500) -> list[int | None]:
    """Return so many statuses, with failures in equal distances."""
    every = total // failures
    return [status if at % every == 1 and at // every < failures else 400 for at in range(total)]


def message(result: Result) -> str:
    """Return the message of the one finding."""
    (finding,) = result.findings
    return finding.message


# How often a case must fail


def test_two_failures_are_enough_where_nothing_fails_by_chance() -> None:
    """Also where nothing was sent yet, and where nothing was contradicted."""
    assert Monitor(PLAN).needed("error") == 2
    assert monitored([400] * 50).needed("error") == 2
    assert monitored([400] * 50).needed("rejected") == 2


@given(failures=st.integers(0, 300), more=st.integers(0, 700))
def test_chance_does_not_explain_as_many_failures_as_are_needed(failures: int, more: int) -> None:
    """And it does explain one less; beyond the limit nothing is enough."""
    monitor = monitored([500] * failures + [400] * more)
    total = failures + more
    times = monitor.needed("error")

    def expected(often: int) -> float:
        # One more than were seen: so few say little about how often it happens.
        return total * min(1.0, (failures + 1) / total) ** often

    if not failures:
        assert times == TWICE
        return
    assert times == AT_LEAST or expected(times - 1) >= FALSE_ALARMS
    assert times > MOST or expected(times) < FALSE_ALARMS


def test_failures_with_a_cause_are_no_chance() -> None:
    """Those of a case that was blamed, and of suspects while nobody knows."""
    monitor = monitored(spread(40, 600))
    failing = {PLAN.cases[at % len(PLAN.cases)].id for at in range(1, 600, 15)}
    assert monitor.needed("error") == 5
    assert monitor.needed("error", failing) == 2
    for case_id in failing:
        monitor.blame(case_id)
    assert monitor.needed("error") == 2
    assert monitor.result().findings == ()


def test_rejections_have_a_rate_of_their_own() -> None:
    """That of valid requests that were rejected, and accepted another time."""
    monitor = Monitor(PLAN)
    for _ in range(100):
        monitor.record(VALID, exchange(VALID, FINE), "accepted")
    assert monitor.needed("rejected") == TWICE
    for _ in range(10):
        monitor.changed(exchange(VALID, Response(422)), "rejected")
    assert (monitor.needed("rejected"), monitor.needed("error")) == (5, AT_LEAST)
    result = monitor.result()
    assert (result.stability.contradicted, result.stability.valid) == (10, 100)
    assert result.notes == (
        "the target contradicts itself: 10 of 100 valid requests were rejected, and accepted "
        "another time; see whether one of its instances is out of date, or somebody else works on "
        "the same invoice",
        "the responses to 10 cases spoke against the target, and changed when sent again; what "
        "happens by chance is not counted",
        "10 of 100 responses were lost, a gateway's 502, 503 or 504, part of an outage, or other "
        "than the next time, so nothing is concluded; try again later, or bear more with "
        "--max-unstable PERCENT",
    )


def test_baselines_do_not_hide_that_others_are_rejected() -> None:
    """The rate is that among cases where it is higher, and a baseline's contradictions count."""
    monitor = Monitor(PLAN)
    for case in (VALID, *[PLAN.baseline] * 9) * 10:
        monitor.record(case, exchange(case, FINE), "accepted")
    monitor.contradicted(1)
    assert monitor.needed("rejected") == AT_LEAST + 1
    for _ in range(5):
        monitor.changed(exchange(VALID, Response(422)), "rejected")
    assert monitor.needed("rejected") > MOST


# Without a pattern


def test_what_fails_without_a_pattern_is_one_finding() -> None:
    """On the response's status, with the times and ids by which others find it in their logs."""
    result = monitored(spread(85, 659), x_request_id="r1", cf_ray="c2", server="x").result()
    (finding,) = result.findings
    seen = "2027-01-15T08:00:00.000Z x-request-id r1 cf-ray c2"
    assert finding.message == (
        f"85 of 659 responses were 500; no request causes it; the first at {seen}, {seen}, {seen}"
    )
    assert (finding.check, finding.rule) == ("not_a_server_error", "response#status")
    assert (finding.family, finding.case, finding.severity) == ("", "", "violation")
    assert (result.verdicts, result.stability.unstable) == ({"violation": 1}, 0)
    assert finding.fingerprint == monitored(spread(20, 500, 507)).result().findings[0].fingerprint


def test_several_statuses_are_named() -> None:
    """In their order, and those of a gateway are left out."""
    statuses = [*spread(5, 100, 507), *spread(5, 100, 500), *spread(5, 100, 503)]
    result = monitored(statuses).result()
    assert message(result).startswith("10 of 300 responses were 500 or 507; no request causes it")
    assert result.stability.unstable == 5


@pytest.mark.parametrize(
    ("failures", "total", "found"),
    [(2, 20, False), (3, 300, True), (3, 301, False), (7, 650, True)],
)
def test_it_is_a_finding_from_one_in_a_hundred_on(failures: int, total: int, found: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """If it is three at least: less is next to nothing."""
    result = monitored(spread(failures, total)).result()
    assert bool(result.findings) == found
    assert result.stability.unstable == 0


def test_an_application_in_this_process_fails_from_the_first_on() -> None:
    """There is no way to it that could fail, and nobody else who could be to blame."""
    result = monitored([500, *[400] * 600], in_process=True).result()
    assert message(result).startswith("1 of 601 responses were 500; no request causes it")
    silent = monitored([None, *[400] * 600], in_process=True).result()
    assert message(silent).startswith("1 of 601 requests got no response; no request causes it")
    both = monitored([None, 400, 500], in_process=True).result()
    assert message(both).startswith("2 of 3 requests got no response, or 500; no request")
    assert monitored([400], in_process=True).result().findings == ()


@pytest.mark.parametrize("status", [*GATEWAY, None])
def test_the_way_there_is_never_a_finding(status: int | None) -> None:
    """A gateway's statuses and lost connections are counted, however many there are."""
    result = monitored(spread(60, 600, status)).result()
    assert result.findings == ()
    assert result.notes == (
        "60 of 600 responses were lost, a gateway's 502, 503 or 504, part of an outage, or other "
        "than the next time, so nothing is concluded; try again later, or bear more with "
        "--max-unstable PERCENT",
    )
    assert (result.stability.unstable, result.stability.requests) == (60, 600)
    assert result.stability.exceeded


def test_an_outage_is_no_failure_at_random() -> None:
    """One failure after another is counted as unstable, even at 500."""
    statuses: list[int | None] = [*[400] * 100, *[500] * 12, *[400] * 100, *[500, 503, 500]]
    result = monitored(statuses).result()
    assert (result.findings, result.stability.unstable) == ((), 15)


def test_failures_at_random_are_told_from_outages() -> None:
    """By how many of them stand alone."""
    for seed in range(20):
        chance = random.Random(seed)
        statuses = [500 if chance.random() < 1 / 7 else 400 for _ in range(600)]
        number = statuses.count(500)
        assert message(monitored([*statuses]).result()).startswith(f"{number} of 600 responses")


# The way there


def test_lost_connections_that_were_made_up_for_are_counted() -> None:
    """Unless the target hangs up after each response, and says so to nobody."""
    monitor = Monitor(PLAN)
    for at in range(4):
        case = PLAN.cases[at]
        monitor.record(case, exchange(case, FINE, repeated=True), "rejected")
    assert monitor.result().stability.unstable == 4
    assert monitor.result(hangs_up=True).stability.unstable == 0
    monitor.blame(PLAN.cases[0].id)
    assert monitor.result().stability.unstable == 3


def test_what_changed_is_noted_unless_it_was_found() -> None:
    """A finding on failures says more than a note on them."""
    monitor = monitored(spread(20, 300))
    monitor.changed(exchange(PLAN.baseline, Response(500)), "error")
    assert monitor.result().notes == ()
    monitor.changed(None, "error")
    (note,) = monitor.result().notes
    assert note.startswith("the responses to 1 case spoke against the target")
