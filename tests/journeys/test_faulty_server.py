"""The server that fails on purpose fails as it was told: a run against it proves something."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import enkash_contract as ec
from tests.support.faults import FAILURES, FORMS, LOST, Faults
from tests.support.faulty import Faulty, faulty

if TYPE_CHECKING:
    from collections.abc import Iterator

BASELINE, *CASES = ec.cases()
PATH = BASELINE.path
BODY = BASELINE.wire.body
JSON = {"Content-Type": "application/json"}
SUCCESS = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
OTHER = next(case.wire.body for case in CASES if case.id == "request#json/reordered")


HTTP = httpx.Client(
    headers=JSON, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False, timeout=30
)
"""Keeps no connection, and so has nothing to close."""


def post(server: Faulty, body: bytes = BODY, **more: str) -> httpx.Response:
    """Send one request on a connection of its own."""
    return HTTP.post(server.url + PATH, content=body, headers=more)


@pytest.fixture
def plain() -> Iterator[Faulty]:
    """Serve without any fault."""
    with faulty(Faults()) as server:
        yield server


def test_without_faults_it_is_the_sandbox(plain: Faulty) -> None:
    """What is right is accepted, what is wrong refused, and both are counted."""
    with httpx.Client(base_url=plain.url, headers=JSON, trust_env=False) as http:
        right, wrong = http.post(PATH, content=BODY), http.post(PATH, content=b"{}")
        elsewhere, empty = http.get("/elsewhere"), http.head(PATH)
    assert (right.status_code, right.json(), right.http_version) == (200, SUCCESS, "HTTP/1.1")
    assert [one.status_code for one in (wrong, elsewhere, empty)] == [400, 404, 405]
    assert (empty.content, empty.headers["content-length"] != "0") == (b"", True)
    assert plain.happened == {"plain": 4}
    assert sorted(plain.came.values()) == [1, 1, 1, 1]
    assert (plain.heard, plain.state.accepted, plain.at_once) == (4, 1, 1)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_says_the_same(form: str) -> None:
    """However an answer is written, a client of HTTP reads the same from it; HEAD as well."""
    with faulty(Faults(forms={form: 1})) as server:
        answers = [post(server) for _ in range(3)]
        bodiless = HTTP.head(server.url + PATH)
    assert [(one.status_code, one.json()) for one in answers] == [(200, SUCCESS)] * 3
    assert (bodiless.status_code, bodiless.content) == (405, b"")
    assert server.happened == {form: 4}


def test_forms_show_on_the_wire() -> None:
    """A chunked, a compressed and an HTTP/1.0 answer are what they are called."""
    told = {}
    for form in ("chunked", "packed", "http10"):
        with faulty(Faults(forms={form: 1})) as server:
            answer = post(server)
        names = ("transfer-encoding", "content-encoding", "content-length")
        found = {name: answer.headers[name] for name in names if name in answer.headers}
        found.pop("content-length", None) if form == "packed" else None
        told[form] = (answer.http_version, found)
    assert told == {
        "chunked": ("HTTP/1.1", {"transfer-encoding": "chunked"}),
        "packed": ("HTTP/1.1", {"content-encoding": "gzip"}),
        "http10": ("HTTP/1.0", {}),
    }


@pytest.mark.parametrize(
    ("failure", "error", "message"),
    [
        ("reset", httpx.ReadError, "[Errno 104] Connection reset by peer"),
        ("close", httpx.RemoteProtocolError, "Server disconnected without sending a response."),
        ("cut_head", httpx.RemoteProtocolError, "Server disconnected without sending a response."),
        (
            "cut_body",
            httpx.RemoteProtocolError,
            "peer closed connection without sending complete message body",
        ),
        ("hang", httpx.ReadTimeout, "timed out"),
    ],
)
def test_a_lost_answer_is_lost_as_told(
    failure: str, error: type[httpx.HTTPError], message: str
) -> None:
    """Each way to lose an answer breaks the exchange in its own way, and the third comes whole."""
    seconds = 0.2 if failure == "hang" else 30
    with faulty(Faults(failing={failure: 1}, most_lost=2)) as server:
        for _ in range(2):
            with pytest.raises(error, match=re.escape(message)):
                HTTP.post(server.url + PATH, content=BODY, timeout=httpx.Timeout(30, read=seconds))
        assert post(server).json() == SUCCESS
    assert server.happened == {failure: 2, "plain": 1}


def test_only_a_connection_used_before_is_closed_when_reused() -> None:
    """`reuse` spares the first request of every connection."""
    with faulty(Faults(failing={"reuse": 1})) as server:
        assert [post(server).status_code for _ in range(2)] == [200, 200]
        with httpx.Client(headers=JSON, trust_env=False) as http:
            assert http.post(server.url + PATH, content=OTHER).status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                http.post(server.url + PATH, content=OTHER)
    assert server.happened == {"plain": 3, "reuse": 1}


def test_a_request_is_turned_away_twice_at_most() -> None:
    """A burst of 429 and 503 hits every request as often as allowed, with each Retry-After."""
    waits = ("0", "1", "+0", "+2", "")
    found = Counter[tuple[int, str]]()
    for failure in ("busy", "unavailable"):
        faults = Faults(failing={failure: 0.5}, burst=4, waits=waits, seed=3)
        with faulty(faults) as server:
            answers = [post(server, case.wire.body) for case in CASES[300:330] for _ in range(3)]
        assert max(server.came.values()) == 3
        assert 2 * server.happened["plain"] > server.happened[failure] > 30
        found.update(
            (one.status_code, one.headers.get("retry-after", "none"))
            for one in answers
            if one.status_code in (429, 503)
        )
    dates = {wait for _, wait in found if wait.endswith(" GMT")}
    assert {status for status, _ in found} == {429, 503}
    assert {wait for _, wait in found} == {"0", "1", "none", *dates}
    assert dates
    assert all(parsedate_to_datetime(date) for date in dates)


def test_a_server_that_fails_says_500() -> None:
    """`crash` is an answer, and the next one is whole."""
    with faulty(Faults(failing={"crash": 1})) as server:
        assert [post(server).status_code for _ in range(2)] == [500, 200]


def test_a_token_is_good_for_so_many_requests() -> None:
    """Without a token, with one that was never handed out or has expired, the answer is 401."""
    with faulty(Faults(token_uses=2)) as server:
        assert post(server).status_code == 401
        assert post(server, Authorization="Bearer token-1").status_code == 401
        first, second = server.tokens(), server.tokens()
        assert (first, second, server.tokens.handed_out) == ("token-1", "token-2", 2)
        assert post(server, Authorization=first).status_code == 401
        answers = [post(server, Authorization=f"Bearer {first}") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 401]
        assert answers[-1].headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert post(server, Authorization=f"Bearer {second}").status_code == 200
    assert server.happened["expired"] == 4


@pytest.mark.parametrize(("lasting", "codes"), [(None, [0, 0, 9, 9, 9]), (2, [0, 0, 9, 9, 0])])
def test_state_goes_stale(lasting: int | None, codes: list[int]) -> None:
    """After so many accepted requests all are refused, for ever or for a while."""
    with faulty(Faults(stale_after=2, stale_for=lasting)) as server:
        found = [post(server).json()["response_code"] for _ in codes]
        wrong = post(server, b"{}")
    assert found == codes
    assert wrong.status_code == (200 if lasting is None else 400)


def test_what_was_done_is_not_done_twice() -> None:
    """With `once`, only the first request may be repeated; one whose answer was lost was done."""
    faults = Faults(once=True, failing={"cut_head": 1}, most=1)
    with faulty(faults) as server:
        for body in (BODY, OTHER):
            with pytest.raises(httpx.RemoteProtocolError):
                post(server, body)
        codes = [post(server, body).json()["response_code"] for body in (BODY, OTHER)]
    assert codes == [0, 9]


def test_an_outage_ends() -> None:
    """From one request on nobody listens, and in the end the same address answers again."""
    with faulty(Faults(outage=(2, 60))) as server:
        assert post(server).status_code == 200
        with pytest.raises(httpx.TransportError):
            post(server)
        with pytest.raises(httpx.ConnectError):
            post(server)
        server.recover()
        assert post(server).status_code == 200
    assert server.happened == {"plain": 2, "outage": 1}


def test_latency_is_waited() -> None:
    """Every answer takes as long as was told."""
    with faulty(Faults(latency=(0.05, 0.06))) as server:
        begun = time.perf_counter()
        post(server)
    assert time.perf_counter() - begun > 0.05


def met(seed: int, order: int) -> dict[str, int]:
    """Send some requests in an order of their own, and return what happened."""
    names = [name for name in FAILURES if name not in {"hang", "reuse"}]
    faults = Faults(seed, failing=dict.fromkeys(names, 0.1), forms=dict.fromkeys(FORMS, 0.1))
    with faulty(faults) as server:
        for case in CASES[300:340][::order]:
            for _ in range(2):
                try:
                    post(server, case.wire.body)
                except httpx.TransportError:
                    continue
    return server.happened


def test_a_seed_says_what_happens() -> None:
    """The same seed meets the same faults in any order of requests, another one others."""
    first, backwards, other = met(1, 1), met(1, -1), met(2, 1)
    assert first == backwards != other
    assert LOST & {*first}


def test_a_defect_is_served_too() -> None:
    """The truth behind the faults is any sandbox."""
    sandbox = ec.Sandbox(defect="request/device#required/unenforced")
    (wrong,) = (one.wire.body for one in CASES if one.id == "request/device#required/removed")
    with faulty(Faults(), sandbox) as server:
        assert post(server, wrong).json() == SUCCESS
    assert json.loads(BODY) != json.loads(wrong)


def test_every_suite_request_is_understood(plain: Faulty) -> None:
    """The suite gives the same result as over a real HTTP server, whatever its requests hold."""

    def counts(target: Any) -> Any:
        result = ec.check_target(target, timeout=60)
        return result.verdicts, [one.case for one in result.findings], result.notes

    assert counts(plain.url) == counts(ec.Sandbox())


def test_a_mistake_of_the_server_itself_is_raised() -> None:
    """What the server cannot do is no fault to be met: the test that asked for it fails."""
    with (
        pytest.raises(KeyError, match="unheard of"),
        faulty(Faults(forms={"unheard of": 1})) as server,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        post(server)
