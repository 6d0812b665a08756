"""The command `sandbox`: its log, and where it goes."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract import clock
from enkash_contract.sandbox import server
from enkash_contract.wire.message import Request
from tests.support.typed_commands import said, typed

PATH = "/api/v0/invoice/req-status-change-invoice"


@pytest.fixture(autouse=True)
def _one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a sandbox serve one request and stop."""

    def serve(app: Any, _: object) -> None:
        app.answer(Request("POST", f"http://sandbox{PATH}", (), b"{}"))

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(clock, "time_of_day", lambda: "12:00:00")


def test_each_request_is_a_line_on_standard_error() -> None:
    """Standard output holds the address alone."""
    code, out, err = said(typed("sandbox", "--port", "0"))
    assert code == 0
    assert out.startswith("sandbox of changeInvoiceStatus and 9 more at http://127.0.0.1:")
    assert out.count("\n") == 1
    rejected = "400 rejected; breaks request/device#required and 2 more"
    assert err == f"12:00:00 POST {PATH} {rejected}\n"


@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_quiet_logs_nothing(word: str) -> None:
    """The address is printed all the same."""
    code, out, err = said(typed("sandbox", "--port", "0", word))
    assert (code, out.count("\n"), err) == (0, 1, "")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Hold the sandboxes that are served, which takes no time."""
    apps: list[Any] = []
    monkeypatch.setattr(server, "serve", lambda app, _: apps.append(app))
    return apps


def test_webhooks_follow_calls_on_demand(served: list[Any]) -> None:
    """With quiet, deliveries are told all the same."""
    url = "http://127.0.0.1:1/hook"
    words = ["--deliver-to", url, "--deliver", "paymentRequest", "--deliver-order", "swapped"]
    code, _, err = said(typed("sandbox", "--port", "0", "-q", *words))
    assert (code, err) == (0, "")
    assert served[0].accepted is not None
    code, _, _ = said(typed("sandbox", "--port", "0"))
    assert (code, served[1].accepted) == (0, None)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            ["--deliver-to", "receiver"],
            "--deliver-to is no URL; write the address of the receiver, http://…",
        ),
        (
            ["--deliver-times", "2"],
            "--deliver-times needs --deliver-to URL; name the receiver, or leave it out",
        ),
        (
            ["--deliver-to", "http://h", "--deliver", "paymentRequst"],
            "there is no webhook 'paymentRequst'; did you mean paymentRequest?",
        ),
    ],
)
def test_deliveries_that_go_nowhere_are_told(
    words: list[str], problem: str, served: list[Any]
) -> None:
    """With what to write."""
    code, _, err = said(typed("sandbox", "--port", "0", *words))
    assert (code, err, served) == (2, f"error: {problem}\n", [])
