"""A busy server is waited for, a pace is kept, a token is renewed: none of it is an answer."""

from __future__ import annotations

import asyncio
import email.utils
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from enkash_contract.engine.notes import busy_note
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import TargetError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Headers, Interaction, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.engine.transport.client import Client

REQUEST = Request("POST", "http://h/x", (("Content-Type", "application/json"),), b"{}")


@dataclass
class Answering:
    """Stands for a client: answers with what is next, the last of it again and again."""

    answers: list[Response | None]
    sent: list[Request] = field(default_factory=list)
    secrets: Secrets = field(default_factory=Secrets)
    source: str = "the server"
    url: str = "http://h/x"

    async def send(self, request: Request) -> Interaction:
        self.sent.append(request)
        response = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        error = None if response else "fell silent"
        return Interaction(request, response, error, source=self.source)


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def answer(status: int, retry: str | None = None) -> Response:
    """Return an answer that may ask to come back later."""
    headers: Headers = () if retry is None else (("Retry-After", retry),)
    return Response(status, headers, b"")


def delivered(
    answers: Iterable[Response | None], times: int = 1, **how: Any
) -> tuple[list[Interaction], Answering, Clock, Delivery]:
    """Send so many requests, one after the other."""
    client, clock = Answering([*answers]), Clock()
    made = Delivery(
        cast("Client", client),
        Connection(**how),
        sleep=clock.sleep,
        clock=clock,
        chance=lambda _, longest: longest,
    )

    async def work() -> list[Interaction]:
        await made.open()
        return [await made.send(REQUEST) for _ in range(times)]

    return asyncio.run(work()), client, clock, made


# Busy servers


@pytest.mark.parametrize(
    ("busy", "slept"),
    [
        ([answer(429, "2"), answer(429, "0")], [2.0, 2.0]),
        ([answer(503, " 7 ")], [7.0]),
        ([answer(429), answer(429), answer(429)], [1.0, 2.0, 4.0]),
        ([answer(429, "soon")], [1.0]),
    ],
    ids=["seconds", "503", "no time named", "no time at all"],
)
def test_a_busy_server_is_waited_for(busy: list[Response], slept: list[float]) -> None:
    """As long as it asks to be, and longer each time, whatever it says."""
    (found,), client, clock, made = delivered([*busy, answer(200)])
    assert (found.response, found.aborted) == (answer(200), False)
    assert client.sent == [REQUEST] * (len(busy) + 1)
    assert clock.slept == slept
    count, status = len(busy), busy[0].status
    responses = f"{count} responses" if count > 1 else "1 response"
    assert made.notes() == (f"the target was busy: {responses} {status} made the run wait",)


def test_a_date_to_come_back_at_is_understood() -> None:
    """A server may name the moment; one that has passed is now."""
    later = email.utils.formatdate(time.time() + 30, usegmt=True)
    past = email.utils.formatdate(0, usegmt=True)
    _, client, clock, _ = delivered([answer(429, later), answer(503, past), answer(200)])
    slept, more = clock.slept
    assert 27 < slept <= 30
    assert more == 2.0
    assert len(client.sent) == 3


@pytest.mark.parametrize("response", [answer(503), answer(503, "soon"), answer(500, "1")])
def test_a_failure_that_names_no_time_is_an_answer(response: Response) -> None:
    """Only 429, and 503 with a time, say that the request was not looked at."""
    (found,), client, clock, made = delivered([response])
    assert (found.response, len(client.sent), clock.slept, made.notes()) == (response, 1, [], ())


def test_a_server_that_stays_busy_is_given_up() -> None:
    """After a minute in all nothing more is sent, and what is left is nothing to be judged."""
    found, client, clock, made = delivered([answer(429, "25")], times=2)
    error = "is busy: it still responded 429 after 50 s of waiting, with Retry-After: 25"
    given_up = Interaction(REQUEST, None, error, aborted=True, source="the server")
    assert found == [given_up, given_up]
    assert (clock.slept, len(client.sent), made.over) == ([25.0, 25.0], 3, True)
    assert made.notes()[1:] == (busy_note(error),)


@pytest.mark.parametrize(("most", "sent"), [(0, 1), (39, 1), (40, 3), (79, 3), (80, 4)])
def test_a_person_decides_how_long_a_run_waits(most: float, sent: int) -> None:
    """In all: what gets through in between is no new beginning."""
    busy = [answer(429, "40"), answer(200)]
    found, client, _, made = delivered([*busy, *busy], 2, max_wait=most)
    assert (len(client.sent), made.over) == (sent, most < 80)
    assert [it.aborted for it in found] == [most < 40, most < 80]


def test_all_requests_wait_for_a_busy_server() -> None:
    """What is sent by another worker meanwhile would only be refused too."""
    client, clock = Answering([answer(429, "5"), answer(200)]), Clock()
    made = Delivery(cast("Client", client), Connection(), sleep=clock.sleep, clock=clock)
    moments: list[float] = []
    send = client.send

    async def noted(request: Request) -> Interaction:
        moments.append(clock.now)
        await asyncio.sleep(0)
        return await send(request)

    client.send = noted  # type: ignore[method-assign]

    async def work() -> None:
        first = asyncio.ensure_future(made.send(REQUEST))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await made.send(REQUEST)
        await first

    asyncio.run(work())
    assert moments == [100.0, 105.0, 105.25]


# Pace


@pytest.mark.parametrize(
    ("rate", "slept"), [(None, []), (4.0, [0.25, 0.25, 0.25]), (0.5, [2.0, 2.0, 2.0])]
)
def test_requests_keep_their_pace(rate: float | None, slept: list[float]) -> None:
    """The first goes at once, each further one when its time has come."""
    _, client, clock, _ = delivered([answer(200)], times=4, rate=rate)
    assert (len(client.sent), clock.slept) == (4, slept)


def test_what_took_long_is_not_waited_for_again() -> None:
    """A pace is an upper limit, not a pause."""
    client, clock = Answering([answer(200)]), Clock()
    made = Delivery(cast("Client", client), Connection(rate=4), sleep=clock.sleep, clock=clock)

    async def work() -> None:
        await made.send(REQUEST)
        clock.now += 3
        await made.send(REQUEST)
        await made.send(REQUEST)

    asyncio.run(work())
    assert clock.slept == [0.25]


# Tokens


def tokens(*given: Any) -> Callable[[], Any]:
    """Return a token that is another each time it is asked for; an error is raised."""
    left = iter(given)

    def token() -> Any:
        found = next(left)
        if isinstance(found, Exception):
            raise found
        return found

    return token


def bearers(client: Answering) -> list[str]:
    """Return what each request was authorized by."""
    return [value for one in client.sent for name, value in one.headers if name == "Authorization"]


def test_a_token_goes_with_every_request() -> None:
    """It is asked for once, and known as a secret."""
    found, client, _, _ = delivered([answer(200)], times=2, token=tokens("canary-1"))
    assert bearers(client) == ["Bearer canary-1"] * 2
    assert client.secrets.hide("Bearer canary-1, canary-1") == "***, ***"
    assert [one.response for one in found] == [answer(200)] * 2


def test_a_token_that_has_run_out_is_renewed() -> None:
    """The request that was refused for it is sent again with the new one, any number of times."""
    replies = [answer(200), answer(401), answer(200), answer(401), answer(200)]
    found, client, _, made = delivered(replies, times=3, token=tokens("one", "two", "three"))
    assert [one.response for one in found] == [answer(200)] * 3
    assert [one.split()[1] for one in bearers(client)] == ["one", "one", "two", "two", "three"]
    assert made.notes() == ()


def test_a_token_that_is_refused_at_once_may_have_run_out_again() -> None:
    """Short-lived ones do; the third in a row that is refused is an answer."""
    replies = [answer(401), answer(401), answer(200)]
    (found,), client, _, _ = delivered(replies, token=tokens("one", "two", "three"))
    assert found.response == answer(200)
    assert bearers(client) == ["Bearer one", "Bearer two", "Bearer three"]


def test_a_function_that_fails_to_give_a_token_is_told() -> None:
    """By the kind of its error alone, because what it says may hold the secret."""
    with pytest.raises(TargetError) as caught:
        delivered([answer(200)], token=tokens(ValueError("canary-1")))
    assert str(caught.value) == "what gives the token failed with ValueError"
    found, _, _, made = delivered([answer(200), answer(401)], times=2, token=tokens("one"))
    assert [one.response for one in found] == [answer(200), answer(401)]
    assert made.notes() == (
        "the token could not be renewed: what gives the token failed with StopIteration",
    )


@pytest.mark.parametrize(("fresh", "sent"), [(False, 5), (True, 7)])
def test_a_token_is_not_asked_for_again_and_again(sent: int, *, fresh: bool) -> None:
    """Whoever has one token only, or none that is right, is asked three times and no more."""
    asked: list[int] = []

    def token() -> str:
        asked.append(1)
        return f"token-{len(asked) if fresh else 1}"

    found, client, _, _ = delivered([answer(401)], times=5, token=token)
    assert [one.response for one in found] == [answer(401)] * 5
    assert (len(asked), len(client.sent)) == (3, sent)


def test_many_refused_at_once_ask_for_one_token() -> None:
    """The others take the one that the first has got."""
    made: Delivery
    asked: list[str] = []

    def token() -> str:
        asked.append(f"token-{len(asked)}")
        time.sleep(0.01)
        return asked[-1]

    class Server(Answering):
        async def send(self, request: Request) -> Interaction:
            self.sent.append(request)
            await asyncio.sleep(0)
            right = ("Authorization", "Bearer token-1") in request.headers
            return Interaction(request, answer(200 if right else 401), source=self.source)

    client = Server([])
    made = Delivery(cast("Client", client), Connection(token=token))

    async def work() -> list[Interaction]:
        await made.open()
        return await asyncio.gather(*(made.send(REQUEST) for _ in range(8)))

    found = asyncio.run(work())
    assert [one.response for one in found] == [answer(200)] * 8
    assert asked == ["token-0", "token-1"]


def test_one_request_that_is_always_refused_does_not_ask_for_ever() -> None:
    """While the token is good for all others, who reset what counts them."""
    made: Delivery
    other = Request("POST", "http://h/other", (), b"{}")

    class Server(Answering):
        async def send(self, request: Request) -> Interaction:
            self.sent.append(request)
            if request.url == REQUEST.url:
                await made.send(other)
            return Interaction(request, answer(401 if request.url == REQUEST.url else 200))

    client = Server([])
    made = Delivery(
        cast("Client", client), Connection(token=tokens("a", "b", "c", "d", "e", "f", "g"))
    )

    async def work() -> Interaction:
        await made.open()
        return await made.send(REQUEST)

    assert asyncio.run(work()).response == answer(401)
    assert sum(one.url == REQUEST.url for one in client.sent) == 4


@pytest.mark.parametrize("token", ["", "two words", "é", "a\nb", None, 7])
def test_what_is_no_token_is_told_before_anything_is_sent(token: Any) -> None:
    """Nothing that HTTP cannot carry, and none of it in the message."""
    with pytest.raises(TargetError) as caught:
        delivered([answer(200)], token=tokens(token))
    assert str(caught.value) == (
        "what was given as a token is none; print the token and nothing else"
    )


def test_a_token_that_cannot_be_had_at_first_ends_the_run() -> None:
    """The reason is the command's own."""
    with pytest.raises(TargetError, match="^the token command x ended with exit code 1$"):
        delivered(
            [answer(200)], token=tokens(TargetError("the token command x ended with exit code 1"))
        )


def test_a_token_that_cannot_be_renewed_leaves_what_is_known() -> None:
    """The 401 stands, which is no verdict, and a note says why."""
    found, _, _, made = delivered(
        [answer(200), answer(401)], times=2, token=tokens("one", TargetError("it failed"))
    )
    assert [one.response for one in found] == [answer(200), answer(401)]
    assert made.notes() == ("the token could not be renewed: it failed",)


def test_401_without_a_token_is_an_answer() -> None:
    """There is nothing to renew."""
    (found,), client, _, _ = delivered([answer(401)])
    assert (found.response, client.sent) == (answer(401), [REQUEST])


# What comes back otherwise


def test_silence_is_handed_on() -> None:
    """What the client could not get, nobody waits for here."""
    (found,), client, _, _ = delivered([None])
    assert (found.response, found.error, found.aborted) == (None, "fell silent", False)
    assert len(client.sent) == 1
