"""What a guard adds to a request, beside the same client without one; the goal is 20 µs.

pytest tests/benchmarks/test_guards.py --benchmark-only -p no:randomly

Both clients send by turns, one request each, so that whatever else the machine does slows both; the
figures are medians of many turns (a mean would tell of the scheduler), and stand in `extra_info`.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
from requests.adapters import BaseAdapter

import enkash_contract as ec
from enkash_contract.contract import contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

OPERATION = contract.bundled().pick()
PAYLOAD: Any = OPERATION.request.example
OURS = f"https://bank.example{OPERATION.path}"
OTHERS = "https://bank.example/api/v0/invoice/other?a=1"
TURNS = 5_000


class Answering(BaseAdapter):
    """Answers at once."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response._content = 200, b""
        response.request, response.url = request, str(request.url)
        return response

    def close(self) -> None:
        """Nothing is held."""


def _httpx() -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200)))


def _requests() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Answering())
    return session


CLIENTS: dict[str, Callable[[], Any]] = {"httpx": _httpx, "requests": _requests}


def _once(client: Any, url: str) -> float:
    begun = time.perf_counter_ns()
    client.post(url, json=PAYLOAD)
    return (time.perf_counter_ns() - begun) / 1000


@pytest.mark.benchmark(group="a request through a guard")
@pytest.mark.parametrize("url", [OURS, OTHERS], ids=["ours", "another"])
@pytest.mark.parametrize("name", [*CLIENTS])
def test_a_request(name: str, url: str, benchmark: BenchmarkFixture) -> None:
    """A right request by a guarded client; what the guard adds is told beside it."""
    plain, guarded = CLIENTS[name](), ec.guard(CLIENTS[name]())
    turns = [(_once(plain, url), _once(guarded, url)) for _ in range(TURNS)]
    without, within = (statistics.median(one) for one in zip(*turns, strict=True))
    benchmark.extra_info["µs without"] = round(without, 1)
    benchmark.extra_info["µs added"] = round(within - without, 1)
    benchmark.extra_info["ratio"] = round(within / without, 3)
    assert benchmark(guarded.post, url, json=PAYLOAD).status_code == 200


REQUESTS: dict[str, Callable[[], Any]] = {
    "httpx": lambda: httpx.Request("POST", OURS, json=PAYLOAD),
    "requests": lambda: requests.Request("POST", OURS, json=PAYLOAD).prepare(),
}


@pytest.mark.benchmark(group="a request object by itself")
@pytest.mark.parametrize("name", [*REQUESTS])
def test_a_request_object(name: str, benchmark: BenchmarkFixture) -> None:
    """A right request object is validated, in a loop that does nothing else."""
    benchmark(ec.validate_request, REQUESTS[name]())
