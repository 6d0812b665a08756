"""Each thing that goes wrong with live servers, alone: what a run says then, and what not."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.engine import pauses
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.session import Session
from enkash_contract.engine.transport import client
from enkash_contract.errors import TargetError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction
from tests.conftest import nobody_listens
from tests.support.combinations import combined
from tests.support.faults import FORMS, Faults
from tests.support.faulty import faulty
from tests.support.live_runs import named, run, undisturbed, verdicts, without_chance

if TYPE_CHECKING:
    from enkash_contract.judging.result import Result
    from enkash_contract.wire.message import Request

ONLY = ("request/b2bIds/buyerB2BId#*", "request/device#required")
TOTAL = undisturbed(ONLY).total
VALID = sum(case.polarity == "accept" for case in make_plan(Selection(only=ONLY)).cases)
FEW = ("request/device/tag/name#minLength",)
"""A single case."""

CHANCE = (
    "the responses to {} spoke against the target, and changed when sent again; what happens by "
    "chance is not counted"
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait by a twentieth of the usual time: for lost connections, and for the baseline."""
    monkeypatch.setattr(client, "BACKOFF", 0.0125)
    monkeypatch.setattr(pauses, "FIRST", 0.01)
    monkeypatch.setattr(pauses, "LONGEST", 0.1)


def same(result: Result, only: tuple[str, ...] = ONLY) -> None:
    """Assert that a result says of the target what it says on a quiet day."""
    expected = undisturbed(only)
    assert named(result.findings) == named(expected.findings)
    assert (verdicts(result), result.tallies) == (verdicts(expected), expected.tallies)
    assert (result.baseline, result.exit_code) == ("accepted", 0)


def cases(number: int) -> str:
    """Count cases as the notes do."""
    return f"{number} case" + "s" * (number != 1)


# What is not even worth a word


@pytest.mark.parametrize(("form", "workers"), combined(sorted(FORMS), [1, 8]))
def test_forms_of_answers(form: str, workers: int) -> None:
    """However the answers are written, they say the same, and no note is needed."""
    with faulty(Faults(forms={form: 1})) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    assert (result.notes, set(server.happened)) == ((), {form})


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("failing", "workers"), combined(["reset", "close", "reuse", "cut_head"], [1, 8])
)
def test_lost_connections(failing: str, workers: int) -> None:
    """What was lost before an answer is sent again, twice if need be, and not mentioned."""
    with faulty(Faults(failing={failing: 0.3}, most_lost=2)) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    assert result.notes == ()
    assert server.happened[failing] > 5


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("share", "unstable"), [(1.0, False), (0.2, True)])
def test_a_server_that_hangs_up_each_time_is_not_unstable(share: float, *, unstable: bool) -> None:
    """To close a connection after a response without saying so is lawful; now and then is not."""
    with faulty(Faults(failing={"reuse": share}, most=99)) as server:
        result = run(server, ONLY, workers=1, max_unstable=2)
    assert verdicts(result) == verdicts(undisturbed(ONLY))
    assert (result.exit_code, bool(result.stability.unstable)) == (3 * unstable, unstable)
    assert server.happened["reuse"] > 3


@pytest.mark.parametrize(
    ("workers", "expected"),
    [
        (1, 1),
        pytest.param(3, 3, marks=pytest.mark.slow),
        pytest.param(8, 8, marks=pytest.mark.slow),
        (None, 8),
    ],
)
def test_so_many_requests_are_under_way(workers: int | None, expected: int) -> None:
    """As many requests as asked for are under way at a time, by default eight, never more."""
    with faulty(Faults(crowd=expected, latency=(0.01, 0.02))) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    assert server.at_once == expected


def test_a_rate_is_kept() -> None:
    """However many workers there are, no more requests are sent in a second than asked for."""
    with faulty(Faults()) as server:
        begun = time.perf_counter()
        same(run(server, ONLY, rate="100/s"))
        assert server.heard / (time.perf_counter() - begun) <= 101


# What fails by chance


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("failing", "workers"), combined(["cut_body", "crash"], [1, 8]))
def test_what_fails_once(failing: str, workers: int) -> None:
    """A case that fails and does not fail when sent again is not held against the target."""
    with faulty(Faults(failing={failing: 0.3}, aim="others")) as server:
        result = run(server, ONLY, workers=workers)
    same(without_chance(result))
    times = server.happened[failing]
    if failing == "crash":
        (found,) = result.violations
        assert (found.rule, found.family, found.case) == ("response#status", "", "")
        assert found.message.startswith(f"{times} of {server.heard} responses were 500; no request")
        assert result.notes == ()
    else:
        assert result.notes == (CHANCE.format(cases(times)),)
        assert result.stability.unstable == times


def test_no_answer_in_time() -> None:
    """The same for a case that goes without an answer: it is waited for, and sent again."""
    faults = Faults(failing={"hang": 0.1}, aim="others", seed=1)
    with faulty(faults) as server:
        result = run(server, ONLY, timeout=1)
    same(result)
    # On a busy machine another response may come too late as well.
    assert result.notes in [(CHANCE.format(cases(server.happened["hang"] + n)),) for n in range(3)]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("failing", ["cut_body", "crash"])
def test_what_fails_twice(failing: str) -> None:
    """A case that fails and fails again, while the baseline is accepted, is a violation."""
    faults = Faults(failing={failing: 1}, aim="others", most=99, most_lost=99)
    with faulty(faults) as server:
        result = run(server, FEW)
    (found,) = result.findings
    assert (found.check, found.rule) == ("not_a_server_error", FEW[0])
    assert (verdicts(result), result.exit_code) == ({"violation": 1, "held": 1}, 1)
    assert server.happened[failing] == 2


@pytest.mark.usefixtures("quick")
def test_the_baseline_fails_once_in_the_beginning() -> None:
    """The first request of all may fail by chance as any other."""
    with faulty(Faults(failing={"crash": 1}, aim="first")) as server:
        result = run(server, ONLY)
    same(result)
    assert server.happened["crash"] == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("failing", "workers"), combined(["cut_body", "crash"], [1, 8]))
def test_the_baseline_fails_once_later(failing: str, workers: int) -> None:
    """A baseline that fails once was not refused: nothing comes to nothing for that."""
    with faulty(Faults(failing={failing: 1}, aim="first", calm=1)) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    assert (server.happened[failing], result.notes) == (1, ())


# What asks to wait


@pytest.mark.parametrize(("failing", "workers"), combined(["busy", "unavailable"], [1, 8]))
@pytest.mark.usefixtures("brisk")
def test_a_busy_server_is_waited_for(failing: str, workers: int) -> None:
    """Bursts of 429 and 503 are no verdict on any case; a note counts them."""
    with faulty(Faults(failing={failing: 0.2}, burst=5, waits=("0", "-9", "+0"))) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    times, status = server.happened[failing], {"busy": 429, "unavailable": 503}[failing]
    assert result.notes == (f"the target was busy: {times} responses {status} made the run wait",)
    assert times > 10


@pytest.mark.parametrize("wait", [pytest.param("1", marks=pytest.mark.slow), "+2", ""])
def test_as_long_as_the_server_asks(wait: str) -> None:
    """Seconds, a date, or where nothing is said up to a second: so long nothing is sent."""
    faults = Faults(failing={"busy": 1}, waits=(wait,), aim="first", most=1)
    with faulty(faults) as server:
        begun = time.perf_counter()
        same(run(server, FEW), FEW)
    assert (1 if wait else 0.5) <= time.perf_counter() - begun < 10
    assert server.happened["busy"] == 1


def test_a_503_that_does_not_ask_to_wait_is_a_failure() -> None:
    """Without Retry-After it is a server error as any other."""
    faults = Faults(failing={"unavailable": 1}, waits=("",), aim="others")
    with faulty(faults) as server:
        result = run(server, FEW)
    assert (verdicts(result), result.exit_code) == ({"violation": 1, "held": 1}, 1)
    assert server.happened["unavailable"] == 2


@pytest.mark.parametrize("workers", [1, 8])
def test_a_server_that_is_busy_for_ever(workers: int) -> None:
    """The wait is bounded; what was not looked at is inconclusive, never a verdict."""
    faults = Faults(failing={"busy": 1}, waits=("+9",), aim="others", most=10**6)
    with faulty(faults) as server:
        result = run(server, ONLY, workers=workers, max_wait=0)
    assert result.findings == ()
    assert verdicts(result) == {"held": 1, "inconclusive": TOTAL - 1}
    assert result.exit_code == 3


# Tokens


@pytest.mark.parametrize("workers", [1, 8])
def test_a_token_that_expires(workers: int) -> None:
    """Once a token is refused the next one is asked for, once for all who were refused."""
    with faulty(Faults(token_uses=20)) as server:
        result = run(server, ONLY, workers=workers)
    same(result)
    answered = server.heard - server.happened["expired"]
    assert (result.notes, server.tokens.handed_out) == ((), -(-answered // 20))


@pytest.mark.usefixtures("quick")
def test_a_token_that_expires_when_it_is_new() -> None:
    """A request that was refused, given the next token and lost may find that one expired, too."""
    faults = Faults(token_uses=1, failing={"cut_head": 0.5}, most=1)
    with faulty(faults) as server:
        result = run(server, ONLY, workers=1)
    same(result)
    assert server.happened["expired"] > TOTAL


def test_a_token_that_is_never_good() -> None:
    """A target that takes no token is asked twice, and the note says what helps."""
    with faulty(Faults(token_uses=1)) as server:
        result = ec.check_target(server.url, only=ONLY, token=lambda: "wrong")
    assert (result.findings, result.exit_code, result.baseline) == ((), 3, "unknown")
    assert result.notes[0] == (
        "the response to the baseline was 401: the credentials were rejected; pass them with "
        "-H 'Authorization: …', --bearer-env or --token-command"
    )
    assert server.heard <= 2


# State


@pytest.mark.parametrize(("accepted", "workers"), combined([1, 2, 4], [1, 8]))
def test_state_that_goes_stale(accepted: int, workers: int) -> None:
    """What a target refuses that no longer accepts the baseline is inconclusive, and told."""
    with faulty(Faults(stale_after=accepted)) as server:
        result = run(server, ONLY, workers=workers)
    expected = undisturbed(ONLY)
    assert result.violations == ()
    assert result.total == expected.total
    assert {*named(result.findings)} <= {*named(expected.findings)}
    assert result.count("inconclusive") >= len(server.state.stale) - 1
    assert result.notes == (
        "the baseline was accepted and later rejected: the target keeps state, so its responses "
        f"to {cases(result.count('inconclusive'))} since it last accepted something prove "
        "nothing; pin what it knows with --pin, or choose fewer cases with --only or "
        "--max-accepted",
    )


@pytest.mark.parametrize(("accepted", "lasting", "workers"), combined([2, 4], [1, 3], [1, 8]))
def test_state_that_is_stale_for_a_while(accepted: int, lasting: int, workers: int) -> None:
    """Of a right request refused just before the target recovers, nothing is said either."""
    with faulty(Faults(stale_after=accepted, stale_for=lasting)) as server:
        result = run(server, ONLY, workers=workers)
    expected = undisturbed(ONLY)
    assert result.violations == ()
    assert {*named(result.findings)} <= {*named(expected.findings)}
    assert result.total == expected.total
    assert server.state.stale


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("failing", ["cut_head", "cut_body", "reset", "close", "crash"])
def test_a_right_request_that_was_carried_out_unanswered(failing: str) -> None:
    """Sent again, it is refused as done before: that is the target's right, and inconclusive."""
    faults = Faults(failing={failing: 1}, most=1, aim="others", once=True)
    with faulty(faults) as server:
        result = run(server, ONLY)
    result = without_chance(result)
    assert (result.violations, result.total) == ((), TOTAL)
    assert 0 < result.count("inconclusive") <= VALID
    assert server.state.stale == set()


# Outages


@pytest.mark.parametrize(("at", "workers"), [pytest.param(2, 1, marks=pytest.mark.slow), (20, 8)])
def test_a_second_of_outage(at: int, workers: int) -> None:
    """A target that is gone for a second is waited for, with the usual pauses."""
    with faulty(Faults(outage=(at, 1.0))) as server:
        begun = time.perf_counter()
        same(run(server, ONLY, workers=workers))
    assert time.perf_counter() - begun >= 1
    assert server.happened["outage"] == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 8])
def test_an_outage_that_does_not_end(workers: int) -> None:
    """The run ends by itself; what was not answered is inconclusive, and a note says so."""
    with faulty(Faults(outage=(20, 30.0))) as server:
        result = run(server, ONLY, workers=workers)
    expected = undisturbed(ONLY)
    assert (result.violations, result.total, result.exit_code) == ((), expected.total, 3)
    (note,) = result.notes[-1:]
    assert "failed repeatedly" in note


def test_nobody_listens_from_the_start() -> None:
    """Nothing is waited for where nothing has ever answered."""
    begun = time.perf_counter()
    with nobody_listens() as url, pytest.raises(TargetError) as caught:
        ec.check_target(url, only=FEW)
    assert time.perf_counter() - begun < 5
    assert str(caught.value) == (
        f"{url} cannot be reached (All connection attempts failed); is it running, and is the "
        "address right?"
    )


# All of it


def everything(seed: int) -> Faults:
    """Mix all faults that a client gets through, for a long run."""
    failing = dict.fromkeys(["reset", "close", "cut_head", "cut_body", "crash"], 0.01)
    return Faults(
        seed=seed,
        failing=failing | {"reuse": 0.05, "busy": 0.01, "unavailable": 0.01},
        forms=dict.fromkeys(FORMS, 0.16),
        latency=(0, 0.002),
        burst=4,
        waits=("0", "-30"),
        token_uses=90,
        outage=(150, 0.05),
    )


@pytest.mark.usefixtures("quick", "brisk")
def test_a_long_run_with_everything_at_once() -> None:
    """Through all that, hundreds of cases say of the right sandbox what they say without."""
    many = ("request#*", "request/b2bIds*", "request/device*", "request/invoiceStatus/objectId*")
    with faulty(everything(7)) as server:
        result = run(server, many)
    same(result, many)
    assert result.total > 300
    assert {"reset", "close", "cut_head", "cut_body", "crash", "outage"} < {*server.happened}


@pytest.mark.usefixtures("quick")
def test_the_command_says_what_happened() -> None:
    """Findings, counts and notes on the terminal are those of a quiet day, and one note more."""
    faults = Faults(failing={"crash": 1, "busy": 0}, aim="others", forms={"chunked": 1})
    with faulty(faults) as server:
        done = CliRunner().invoke(main, ["check", server.url, "--only", FEW[0]])
    lines = done.output.splitlines()
    assert done.exit_code == 0, done.output
    assert "note: " + CHANCE.format("1 case") in lines
    assert (
        f"{server.url}: conforms; 2 checked: 1 held, 0 violations, 1 assumption, 0 inconclusive"
        in lines
    )


class Answering:
    """Answers at once as the sandbox does, so that a run's own memory is what is measured."""

    source, url, over = "at once", f"http://at-once{ec.cases()[0].path}", False

    def __init__(self) -> None:
        self._sandbox = ec.Sandbox()
        self.secrets = Secrets()

    async def send(self, request: Request) -> Interaction:
        return Interaction(request, self._sandbox.answer(request).response, source=self.source)


def held(number: int) -> int:
    """Return the most memory, in bytes, that was held while so many cases were sent."""
    made = make_plan(Selection(only=["request/device#*"]))
    whole = replace(made, cases=(made.cases * number)[:number])
    session = Session(whole, Answering())

    async def send() -> Result:
        opened = await session.open()
        await session.run(whole.cases, lambda _: None, workers=8)
        return opened + await session.close()

    tracemalloc.start()
    try:
        result = asyncio.run(send())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert result.count("held") == number + 1


@pytest.mark.slow
def test_memory_does_not_grow_with_what_was_sent() -> None:
    """Of a thousand more cases nothing is kept; a single answer would be a thousand bytes."""
    held(250)
    few, many = held(250), held(1250)
    assert many - few < 50_000


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("borne", "code"), [((), 3), (("--max-unstable", "100"), 0)])
def test_the_last_line_says_how_unstable_a_target_was(borne: tuple[str, ...], code: int) -> None:
    """Above 2 % nothing is concluded, unless more is borne; nothing is held against it."""
    faults = Faults(failing={"unavailable": 0.3}, aim="others", waits=("",), most=1)
    with faulty(faults) as server:
        only = [word for wish in ONLY for word in ("--only", wish)]
        done = CliRunner().invoke(main, ["check", server.url, *only, *borne])
    assert done.exit_code == code, done.output
    times = server.happened["unavailable"]
    (last,) = [line for line in done.output.splitlines() if " checked: " in line]
    assert times > 5
    assert "0 violations" in last
    assert f", unstable {times} of {server.heard}" in last
    assert ("too unstable to conclude" in last) == (code == 3)
    assert ("bear more with --max-unstable" in done.output) == (code == 3)
