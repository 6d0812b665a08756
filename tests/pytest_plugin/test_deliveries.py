"""The fixture `enkash_deliver`: a receiver that breaks down fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.inner_runs import run

if TYPE_CHECKING:
    import pytest

TESTS = """
import pytest
import enkash_contract as ec

WEBHOOK = "statusChangeInvoiceRequest"


def receiver(status):
    async def app(scope, receive, send):
        if scope["type"] == "http":
            await receive()
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body"})
    return app


@pytest.mark.parametrize("status", [200, 422])
def test_takes(enkash_deliver, status):
    assert enkash_deliver(receiver(status), operation=WEBHOOK).response.status == status


def test_survives(enkash_deliver):
    assert enkash_deliver(receiver(400), operation=WEBHOOK, payload={}).error is None


def test_crashes(enkash_deliver):
    enkash_deliver(receiver(500), operation=WEBHOOK)


def test_mistaken(enkash_deliver):
    with pytest.raises(ec.UsageError, match="there is no webhook 'nothing'"):
        enkash_deliver(receiver(200), operation="nothing")
"""


def test_a_crash_fails_the_test(pytester: pytest.Pytester) -> None:
    """A rejection does not: that is for the test to say."""
    pytester.makepyfile(test_receiver=TESTS)
    result = run(pytester, "-q", "-p", "no:randomly")
    assert result.parseoutcomes() == {"passed": 4, "failed": 1}
    shown = result.stdout.str()
    assert "not_a_server_error" in shown
    assert "test_receiver.py" in shown
