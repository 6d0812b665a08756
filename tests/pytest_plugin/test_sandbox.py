"""The fixtures for tests of clients, in pytest runs of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from enkash_contract.pytest_plugin import sandbox
from tests.support.client_runs import mistyped, write
from tests.support.inner_runs import OTHERS, failure_texts, run, run_apart, summary_of

RIGHT = """
def test_right(enkash_sandbox):
    answer = post(enkash_sandbox, payload(), headers={"X-Key": "1"})
    (found,) = enkash_sandbox.interactions
    assert answer.json()["response_code"] == 0
    assert found.request.url == enkash_sandbox.url + PATH
    assert json.loads(found.request.body) == payload()
    assert ("x-key", "1") in found.request.headers
    assert (found.response.status, found.error) == (200, None)
    assert found.response.body == answer.content
    assert repr(enkash_sandbox) == "<ScriptedSandbox of changeInvoiceStatus: 1 request>"

def test_nothing_is_left_of_it(enkash_sandbox):
    assert enkash_sandbox.interactions == ()

def test_elsewhere(enkash_sandbox):
    assert requests.get(enkash_sandbox.url + "/login?user=me").status_code == 404
    (found,) = enkash_sandbox.interactions
    assert found.request.url == enkash_sandbox.url + "/login?user=me"
"""


def test_valid_requests_pass(pytester: pytest.Pytester) -> None:
    """They are kept as they were sent; so are requests to other paths, which are not judged."""
    write(pytester, RIGHT)
    result = run(pytester, "-Werror")
    result.assert_outcomes(passed=3)
    assert summary_of(result) == (
        "enkash_sandbox: conforms; 1 checked: 1 held, 0 violations, 0 assumptions, 0 inconclusive; "
        "64 rules exercised by valid requests, 0 by invalid ones"
    )
    assert "enkash assumptions" not in result.stdout.str()


def test_enkash_answer_needs_a_parameter(pytester: pytest.Pytester) -> None:
    """A method of unittest and a fixture requested by name have none, and a line says so."""
    write(
        pytester,
        """
def test_by_name(request):
    request.getfixturevalue("enkash_answer")
""",
    )
    (text,) = failure_texts(run(pytester)).values()
    assert text == sandbox.UNPARAMETRISED


KINDS = """
import asyncio
import concurrent.futures
import unittest

import httpx


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def send(sandbox):
    async with httpx.AsyncClient(verify=False) as client:
        body, label = json.dumps(payload(buyerB2BId=5)), {"Content-Type": "application/json"}
        await client.post(sandbox.url + PATH, content=body, headers=label)


@pytest.mark.anyio
async def test_anyio(enkash_sandbox):
    await send(enkash_sandbox)  # anyio


@pytest.mark.asyncio
async def test_asyncio(enkash_sandbox):
    await asyncio.wait_for(send(enkash_sandbox), 5)  # asyncio


@pytest.mark.usefixtures("enkash_sandbox")
class TestCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _sandbox(self, enkash_sandbox):
        self.sandbox = enkash_sandbox

    def test_method(self):
        post(self.sandbox, payload(buyerB2BId=5))  # method


class AsyncCase(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _sandbox(self, enkash_sandbox):
        self.sandbox = enkash_sandbox

    async def test_coroutine(self):
        await send(self.sandbox)  # coroutine


class TestPlain:
    def test_threads(self, enkash_sandbox):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            pool.submit(post, enkash_sandbox, payload(buyerB2BId=5)).result()

    def test_elsewhere(self, sent): pass


@pytest.fixture
def sent(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=5))  # fixture
"""


NAMED = {
    "test_anyio": "await send(enkash_sandbox)  # anyio",
    "test_asyncio": "await asyncio.wait_for(send(enkash_sandbox), 5)  # asyncio",
    "TestCase.test_method": "post(self.sandbox, payload(buyerB2BId=5))  # method",
    "AsyncCase.test_coroutine": "await send(self.sandbox)  # coroutine",
    "TestPlain.test_threads": "pool.submit(post, enkash_sandbox, payload(buyerB2BId=5)).result()",
    "TestPlain.test_elsewhere": "post(enkash_sandbox, payload(buyerB2BId=5))  # fixture",
}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--import-mode=importlib", "-p", "no:cacheprovider"],
        ["--rootdir=root", "--strict-markers"],
    ],
)
def test_every_kind_of_test_names_its_line(words: list[str], pytester: pytest.Pytester) -> None:
    """Functions, methods, unittest's classes and coroutines, wherever the root is."""
    pytester.mkdir("root")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\nmarkers = asyncio")
    at = write(pytester, KINDS)
    others = [plugin for plugin in OTHERS if plugin not in ("asyncio", "cacheprovider")]
    # A slow machine makes asyncio log that its loop waited.
    words = ["-ctox.ini", "--show-capture=no", *words]
    result = run(pytester, *words, "test_it.py", without=others)
    result.assert_outcomes(passed=6, errors=6)
    assert failure_texts(result) == {
        f"ERROR at teardown of {name}": mistyped(f"{at(text)}: {text}")
        for name, text in NAMED.items()
    }


def test_the_logging_of_the_session_is_left_alone(pytester: pytest.Pytester) -> None:
    """A log file goes on being written, and no failure of the server's is in a test's log."""
    write(
        pytester,
        """
import logging

def test_before():
    logging.error("before")

def test_it(enkash_sandbox, caplog):
    enkash_sandbox.answers("cut")
    with pytest.raises(requests.RequestException):
        post(enkash_sandbox, payload())
    assert caplog.records == []

def test_after():
    logging.error("after")
""",
    )
    run(pytester, "--log-file=all.log").assert_outcomes(passed=3)
    lines = Path("all.log").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["before", "after"]


FROZEN = """
import freezegun

@pytest.fixture(scope="session", autouse=True)
def before_and_after(request):
    if request.config.getoption("--enkash"):
        with freezegun.freeze_time("2030-01-01"):
            yield
    else:
        yield

def test_within(enkash_sandbox):
    with freezegun.freeze_time("2031-05-06"):
        assert post(enkash_sandbox, payload()).status_code == 200

def test_the_end_of_it(enkash_sandbox):
    with freezegun.freeze_time("2031-05-06"):
        pass
    assert post(enkash_sandbox, payload()).status_code == 200

@freezegun.freeze_time("2031-05-06")
def test_in_the_past_and_the_future(enkash_sandbox):
    enkash_sandbox.answers("accepted", after=0.01)
    with freezegun.freeze_time("1999-01-01"):
        assert post(enkash_sandbox, payload()).status_code == 200

def test_without_an_answer(enkash_sandbox):
    enkash_sandbox.answers("timeout")
    with freezegun.freeze_time("2031-05-06"), pytest.raises(requests.Timeout):
        post(enkash_sandbox, payload(), timeout=0.1)

@pytest.fixture(scope="session")
def enkash_target():
    import enkash_contract as ec
    return ec.Sandbox()
"""


@pytest.mark.parametrize("words", [[], ["--enkash", "-k", "test_ or buyerB2BId"]])
def test_a_frozen_clock_holds_nothing_up(words: list[str], pytester: pytest.Pytester) -> None:
    """Neither in a test, nor over its end, nor for all of the session, the contract's items too."""
    write(pytester, FROZEN)
    pytester.path.joinpath("test_it.py").rename(pytester.path / "conftest.py")
    pytester.makepyfile(test_it="from conftest import *")
    result = run_apart(pytester, *words, seconds=60)
    assert result.ret == 0
    assert (result.parseoutcomes()["passed"] > 4) == bool(words)
