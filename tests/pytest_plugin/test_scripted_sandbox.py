"""The scripted sandbox: its answers come in the order of the script, and all are used."""

from __future__ import annotations

import time

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.pytest_plugin import scripted_sandbox
from enkash_contract.wire.message import Request
from tests.support.client_runs import write
from tests.support.inner_runs import failure_texts, run

OPERATION = bundled().pick()
HOME = OPERATION.path


SCRIPTED = """
import time


def status(sandbox, **options):
    return post(sandbox, payload(), **options).status_code

def test_in_order(enkash_sandbox):
    enkash_sandbox.answers(429, "accepted")
    enkash_sandbox.answers("rejected", code=31, message="No such invoice")
    first, second, third, fourth = [post(enkash_sandbox, payload()) for _ in range(4)]
    assert (first.status_code, first.headers["Retry-After"]) == (429, "0")
    assert second.json()["response_code"] == 0
    assert third.json()["response_code"] == 31
    assert third.json()["response_message"] == "No such invoice"
    assert fourth.json()["response_code"] == 0
    statuses = [kept.response.status for kept in enkash_sandbox.interactions]
    assert statuses == [429, 200, 400, 200]
    assert first.headers["X-Enkash-Sandbox"] == "stateless stub, not EnKash"

def test_no_answer(enkash_sandbox):
    enkash_sandbox.answers("timeout", "cut")
    with pytest.raises(requests.Timeout):
        status(enkash_sandbox, timeout=0.1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        status(enkash_sandbox)
    found = [(kept.response, kept.error) for kept in enkash_sandbox.interactions]
    assert found == [(None, "no response was sent"), (None, "the response was broken off")]

def test_slow(enkash_sandbox):
    enkash_sandbox.answers("slow", after=0.05)
    begun = time.monotonic()
    assert status(enkash_sandbox) == 200
    assert 0.05 <= time.monotonic() - begun < 1

def test_a_loop(enkash_sandbox):
    script = enkash_sandbox.answers("conforming/refusing-*")
    assert [status(enkash_sandbox) for _ in script] == [200, 400, 400, 400]

def test_the_same_always(enkash_sandbox):
    enkash_sandbox.answers(503, always=True)
    enkash_sandbox.answers("accepted")
    assert [status(enkash_sandbox) for _ in range(3)] == [200, 503, 503]

def test_elsewhere_is_not_scripted(enkash_sandbox):
    enkash_sandbox.answers(302)
    assert requests.post(enkash_sandbox.url + PATH, json=payload()).status_code == 302

def test_a_test_that_gives_up(enkash_sandbox):
    enkash_sandbox.answers("slow", after=60)
    import threading
    import socket
    host, port = enkash_sandbox.url.removeprefix("http://").split(":")
    pytest.left = socket.create_connection((host, int(port)))
    body = json.dumps(payload()).encode()
    pytest.left.sendall(
        f"POST {PATH} HTTP/1.1\\r\\nHost: h\\r\\nContent-Type: application/json\\r\\n"
        f"Content-Length: {len(body)}\\r\\n\\r\\n".encode() + body
    )
    while not enkash_sandbox.interactions:
        time.sleep(0.005)

def test_that_is_let_go():
    with pytest.left:
        assert pytest.left.recv(12) == b"HTTP/1.1 500"
"""


def test_answers_are_scripted_in_order(pytester: pytest.Pytester) -> None:
    """A script has words, statuses, ids and globs; no pending response outlives its test."""
    write(pytester, SCRIPTED)
    begun = time.monotonic()
    result = run(pytester)
    result.assert_outcomes(passed=8)
    assert time.monotonic() - begun < 30


def test_unused_answers_fail_a_test(pytester: pytest.Pytester) -> None:
    """Only a test that passed: one that failed, or was skipped, has another reason to report."""
    write(
        pytester,
        """
def test_passes(enkash_sandbox):
    enkash_sandbox.answers(*[500] * 6, "accepted")
    post(enkash_sandbox, payload())

def test_asks_nothing(enkash_sandbox):
    enkash_sandbox.answers("timeout", always=True)

def test_fails(enkash_sandbox):
    enkash_sandbox.answers("accepted")
    assert False

def test_is_skipped(enkash_sandbox):
    enkash_sandbox.answers("accepted")
    pytest.skip()
""",
    )
    result = run(pytester)
    result.assert_outcomes(passed=2, errors=2, failed=1, skipped=1)
    found = failure_texts(result)
    assert found["ERROR at teardown of test_passes"] == (
        "6 scripted answers not used: 500, 500, 500, 500, 500 and 1 more\n"
        "    the test sent 1 request; script an answer for each, and no more"
    )
    assert found["ERROR at teardown of test_asks_nothing"] == (
        "1 scripted answer not used: timeout\n"
        "    the test sent 0 requests; script an answer for each, and no more"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("'acepted'", "no answer is called 'acepted'; did you mean accepted?"),
        ("", "name at least one answer, such as 'accepted' or 'timeout'"),
        ("'accepted', code=3", "code can be given with 'rejected' alone"),
        ("500, 503, always=True", "always=True takes one answer, and 2 were named"),
    ],
)
def test_a_mistake_in_a_script_is_one_error_in_the_test(
    call: str, message: str, pytester: pytest.Pytester
) -> None:
    """The traceback ends in the test's own line."""
    write(pytester, f"\ndef test_it(enkash_sandbox):\n    enkash_sandbox.answers({call})\n")
    (text,) = failure_texts(run(pytester)).values()
    assert text.splitlines()[-5:] == [
        "    def test_it(enkash_sandbox):",
        f">       enkash_sandbox.answers({call})",
        f"E       enkash_contract.errors.UsageError: {message}",
        "",
        text.splitlines()[-1],
    ]
    assert text.splitlines()[-1].startswith("test_it.py:")


def test_without_a_test_a_server_responds_as_any_sandbox() -> None:
    """A request that comes too late belongs to no test."""
    server = scripted_sandbox.Server(contract=bundled(), fail_on="sibling")
    response = server.answer(Request("GET", f"http://sandbox{HOME}")).response
    assert response is not None
    assert response.status == 405


ASKS = (("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"))


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        (Request("POST", f"http://h{HOME}"), True),
        (Request("POST", f"http://h/v1{HOME}"), True),
        (Request("POST", f"http://h{HOME}s"), True),
        (Request("OPTIONS", f"http://h{HOME}", ASKS), False),
        (Request("GET", "http://h/health"), False),
    ],
    ids=["own", "below", "misspelt", "preflight", "elsewhere"],
)
def test_a_request_is_meant_for_the_operation(request_: Request, meant: bool) -> None:  # noqa: FBT001
    """So is one below another path, or misspelt; a browser's preflight is not."""
    assert scripted_sandbox.meant_for(OPERATION, request_) is meant


def test_a_misspelt_request_is_that_of_the_test(enkash_sandbox: ec.ScriptedSandbox) -> None:
    """It is judged as one that the operation was meant for."""
    path = ec.load().pick().path
    request = ec.Request("POST", f"http://h{path.upper()}/", (), b"{}")
    found = enkash_sandbox.operation_for(request)
    assert found is not None
    assert found.id == "changeInvoiceStatus"
    assert enkash_sandbox.operation_for(ec.Request("GET", "http://h/x", (), b"")) is None
