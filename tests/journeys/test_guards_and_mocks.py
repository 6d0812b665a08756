"""Guards in one test with respx, pytest-httpx, responses and vcrpy: each does its own work.

A mock stands in the transport and a guard before it, so what is wrong never reaches the mock, and
what is right is answered by it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
import responses
import respx
import vcr  # type: ignore[import-untyped]  # it has no types

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpx import HTTPXMock

PATH = "/api/v0/invoice/req-status-change-invoice"
URL = f"https://bank.example{PATH}"
ACCEPTED = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}


@pytest.fixture
def wrong(payload: Any) -> Any:
    """Return a payload that breaks one rule."""
    payload["b2bIds"]["buyerB2BId"] = ""
    return payload


@pytest.fixture
def right(operation: Any) -> Any:
    """Return a right payload."""
    return operation.request.example


def by_client(url: str, payload: Any) -> Any:
    """Send by a client of httpx."""
    with ec.guard(httpx.Client(trust_env=False)) as client:
        return client.post(url, json=payload).json()


def by_async_client(url: str, payload: Any) -> Any:
    """Send by an asynchronous client of httpx."""

    async def send() -> Any:
        async with ec.guard(httpx.AsyncClient(trust_env=False)) as client:
            return (await client.post(url, json=payload)).json()

    return asyncio.run(send())


def by_session(url: str, payload: Any) -> Any:
    """Send by a session of requests."""
    with ec.guard(requests.Session()) as session:
        session.trust_env = False
        return session.post(url, json=payload).json()


def by_adapter(url: str, payload: Any) -> Any:
    """Send by a session of requests, in which one adapter is guarded."""
    with requests.Session() as session:
        session.trust_env = False
        session.mount(url, ec.guard(requests.adapters.HTTPAdapter()))
        return session.post(url, json=payload).json()


HTTPX = [by_client, by_async_client]
REQUESTS = [by_session, by_adapter]


def refused(post: Callable[[str, Any], Any], url: str, payload: Any) -> list[str]:
    """Return the ids of the rules for which a guard let nothing be sent."""
    with pytest.raises(ec.ContractViolated) as raised:
        post(url, payload)
    return [one.rule.id for one in raised.value.violations]


BROKEN = ["request/b2bIds/buyerB2BId#pattern"]


@pytest.mark.parametrize("post", HTTPX)
def test_with_respx(post: Callable[[str, Any], Any], right: Any, wrong: Any) -> None:
    """A route of respx answers what is right, and is not called by what is wrong."""
    with respx.mock:
        route = respx.post(URL).mock(return_value=httpx.Response(200, json=ACCEPTED))
        assert refused(post, URL, wrong) == BROKEN
        assert route.call_count == 0
        assert post(URL, right) == ACCEPTED
        assert route.call_count == 1


@pytest.mark.parametrize("post", HTTPX)
def test_with_pytest_httpx(
    post: Callable[[str, Any], Any], httpx_mock: HTTPXMock, right: Any, wrong: Any
) -> None:
    """Its fixture answers what is right once, and is not asked for what is wrong."""
    httpx_mock.add_response(url=URL, json=ACCEPTED)
    assert refused(post, URL, wrong) == BROKEN
    assert httpx_mock.get_requests() == []
    assert post(URL, right) == ACCEPTED
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize("post", REQUESTS)
def test_with_responses(post: Callable[[str, Any], Any], right: Any, wrong: Any) -> None:
    """A registered answer of responses is given to what is right only."""
    with responses.RequestsMock() as mocked:
        mocked.post(URL, json=ACCEPTED)
        assert refused(post, URL, wrong) == BROKEN
        assert len(mocked.calls) == 0
        assert post(URL, right) == ACCEPTED
        assert len(mocked.calls) == 1


def test_with_responses_and_a_redirect(right: Any, wrong: Any) -> None:
    """A redirect that keeps the body is followed, and judged where it leads."""
    moved = "https://bank.example/old"
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.post(moved, status=307, headers={"Location": URL})
        mocked.post(URL, json=ACCEPTED)
        assert by_session(moved, right) == ACCEPTED
        assert refused(by_session, moved, wrong) == BROKEN
        assert [call.request.url for call in mocked.calls] == [moved, URL, moved]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """Serve the sandbox on loopback for the whole module."""
    with in_background(ec.Sandbox()) as base:
        yield base + PATH


@pytest.mark.parametrize("post", [*HTTPX, *REQUESTS])
def test_with_vcrpy(
    post: Callable[[str, Any], Any], right: Any, wrong: Any, sandbox: str, tmp_path: Path
) -> None:
    """What is right is recorded and played again; what is wrong is in no cassette."""
    recorder = vcr.VCR(cassette_library_dir=str(tmp_path))
    with recorder.use_cassette("one.yaml", record_mode="once") as cassette:
        assert refused(post, sandbox, wrong) == BROKEN
        assert post(sandbox, right) == ACCEPTED
        assert len(cassette) == 1
    with recorder.use_cassette("one.yaml", record_mode="none") as cassette:
        assert refused(post, sandbox, wrong) == BROKEN
        assert cassette.play_count == 0
        assert post(sandbox, right) == ACCEPTED
        assert cassette.play_count == 1


@pytest.mark.parametrize("post", [*HTTPX, *REQUESTS])
def test_without_a_mock(
    post: Callable[[str, Any], Any], right: Any, wrong: Any, sandbox: str
) -> None:
    """Over loopback the same clients do the same."""
    assert refused(post, sandbox, wrong) == BROKEN
    assert post(sandbox, right) == ACCEPTED
