"""Runs of pytest in which pytest-socket blocks what the plugin needs."""

from __future__ import annotations

import pytest

from enkash_contract.pytest_plugin import sockets
from tests.support.client_runs import write
from tests.support.inner_runs import run_apart
from tests.support.plugin_runs import WSGI

BLOCKED = "pytest-socket blocks what is needed here (A test tried to use socket.socket.); "
TWO = """
def test_one(enkash_sandbox):
    post(enkash_sandbox, payload())

def test_two(enkash_sandbox):
    post(enkash_sandbox, payload())
"""


def blocked(pytester: pytest.Pytester, *words: str) -> tuple[pytest.RunResult, list[str]]:
    """Run pytest with pytest-socket; return what came of it, and the lines on what is blocked."""
    result = run_apart(pytester, "-ppytest_socket", *words, seconds=120)
    text = result.stdout.str()
    assert "Traceback" not in text
    assert "socketpair" not in text
    # In a CI, the summary of pytest repeats each of them.
    summary = ("FAILED ", "ERROR ")
    lines = [line for line in result.outlines if BLOCKED in line]
    return result, [line for line in lines if not line.startswith(summary)]


def test_a_sandbox_that_may_not_listen_is_one_line(pytester: pytest.Pytester) -> None:
    """For each test that wants one, with what to do."""
    write(pytester, TWO)
    result, lines = blocked(pytester, "--disable-socket")
    result.assert_outcomes(errors=2, warnings=1)
    assert lines == [f"enkash_sandbox: {BLOCKED}{sockets.REMEDY}"] * 2


def test_an_item_that_may_not_send_is_one_line(pytester: pytest.Pytester) -> None:
    """An application in this process needs a loop, and a loop needs sockets."""
    words = (f"--enkash-app={WSGI}:app", "-kbuyerB2BId and type")
    result, lines = blocked(pytester, *words, "--disable-socket")
    result.assert_outcomes(failed=2, warnings=2)
    assert lines == [f"{BLOCKED}{sockets.REMEDY}"] * 2


def test_the_advice_holds(pytester: pytest.Pytester) -> None:
    """Where this machine is allowed, or a test is marked, everything works."""
    write(pytester, TWO.replace("def", "@pytest.mark.enable_socket\ndef"))
    words = (f"--enkash-app={WSGI}:app", "-ktest_ or buyerB2BId and type")
    result, lines = blocked(pytester, *words, "--allow-hosts=127.0.0.1")
    result.assert_outcomes(passed=4)
    result, lines = blocked(pytester, "--disable-socket")
    result.assert_outcomes(passed=2)
    assert lines == []


def test_another_error_is_not_explained_away() -> None:
    """Whoever raises it, it is no matter of sockets."""
    with pytest.raises(RuntimeError, match="mine"), sockets.needed():
        raise RuntimeError("mine")
