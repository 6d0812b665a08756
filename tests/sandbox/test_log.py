"""The log of a sandbox: a line for each request, that shows nothing a client has sent."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from enkash_contract import clock
from enkash_contract.sandbox import app, log
from enkash_contract.sandbox.log import Log, Logged
from enkash_contract.wire.message import Request
from tests.support.asgi_client import messages

PATH = "/api/v0/invoice/req-status-change-invoice"
BUYER = "request/b2bIds/buyerB2BId#pattern"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "time_of_day", lambda: "12:00:00")


def logged(request: Request, **options: Any) -> str:
    """Return the line that a sandbox logs of a request, without the time."""
    lines: list[str] = []
    Logged(lines.append, **options).answer(request)
    (line,) = lines
    assert line.startswith("12:00:00 ")
    return line.removeprefix("12:00:00 ")


def posted(payload: Any, path: str = PATH, method: str = "POST") -> Request:
    """Return a request that carries a payload."""
    label = ("Content-Type", "application/json")
    return Request(method, f"http://sandbox{path}", (label,), json.dumps(payload).encode())


def test_a_line_says_what_became_of_a_request(payload: Any) -> None:
    """The method, the path, the status and the outcome, and the first rule that is broken."""
    assert logged(posted(payload)) == f"POST {PATH} 200 accepted"

    payload["b2bIds"]["buyerB2BId"] = "secret" * 20
    assert logged(posted(payload)) == f"POST {PATH} 400 rejected; breaks {BUYER}"
    assert logged(posted({})) == (
        f"POST {PATH} 400 rejected; breaks request/device#required and 2 more"
    )
    put = logged(posted(payload, method="PUT"))
    assert put == f"PUT {PATH} 405 rejected; breaks request#method"


def test_a_weak_rule_is_broken_without_a_rejection(payload: Any) -> None:
    """The line says how weak it is, unless the sandbox enforces it."""
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    rule = "request/invoiceStatus/objectVersion/newVersion#minimum"
    assert logged(posted(payload)) == f"POST {PATH} 200 accepted; breaks {rule} (assumed)"
    strict = logged(posted(payload), fail_on="assumed")
    assert strict == f"POST {PATH} 400 rejected; breaks {rule}"


def test_a_defect_shows_beside_the_rule_that_it_leaves_out(payload: Any) -> None:
    """What is accepted and breaks a rule is what a person looks for."""
    payload["b2bIds"]["buyerB2BId"] = ""
    accepted = logged(posted(payload), defect=f"{BUYER}/unenforced")
    assert accepted == f"POST {PATH} 200 accepted; breaks {BUYER}"


@pytest.mark.parametrize(
    ("defect", "verdict"),
    [
        ("failing/never", "no response"),
        ("failing/cut", "200 cut off"),
        ("failing/500-text", "500 error"),
    ],
)
def test_a_failure_is_told(defect: str, verdict: str, payload: Any) -> None:
    """Also where nothing is sent, or not all of it."""
    assert logged(posted(payload), defect=defect) == f"POST {PATH} {verdict}"


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/favicon.ico?token=hunter2", "GET /favicon.ico?*** 404 not served"),
        ("POST", f"{PATH}?token=hunter2", f"POST {PATH}?*** 400 rejected; breaks request/device"),
        ("GET", "http://user:hunter2@host/x", "GET http://host/x 404 not served"),
        ("GET", "/password=hunter2/x", "GET /password=*** 404 not served"),
        ("GET", f"/{'x' * 500}", f"GET /{'x' * 118}… 404 not served"),
        ("GET\x1b[2J", "/a\nb\u202e", "GET\\x1b[2J /a\\nb\\u202e 404 not served"),
    ],
)
def test_a_line_shows_no_secret_and_controls_nothing(method: str, path: str, line: str) -> None:
    """Whatever a client sends as its method and path: queries, users, escapes, long names."""
    found = logged(posted({}, path, method))
    assert found.startswith(line)
    assert "hunter2" not in found


async def gone() -> dict[str, Any]:
    """Tell an application that its client has left."""
    return {"type": "http.disconnect"}


def test_a_body_that_is_not_read_has_its_line() -> None:
    """It is larger than allowed, or its client has left; a plain sandbox keeps no log of that."""
    lines: list[str] = []
    sandbox = Logged(lines.append, max_body=2)
    messages(sandbox, gone, path="/\x1b", headers=[(b"content-length", b"3")])
    messages(sandbox, gone, path="/\x1b")
    assert lines == [
        "12:00:00 POST /%1B 413 the body has more than 2 bytes",
        "12:00:00 POST /%1B the client left",
    ]
    plain = messages(app.Sandbox(max_body=2), gone, headers=[(b"content-length", b"3")])
    assert plain[0]["status"] == 413


def test_lines_are_written_in_their_order() -> None:
    """All that were added are there at the end."""
    written: list[str] = []
    with Log(written.append) as lines:
        for number in range(1000):
            lines.add(str(number))
    assert "".join(written) == "".join(f"{number}\n" for number in range(1000))


def test_a_log_with_nothing_to_say_writes_nothing() -> None:
    """Not even an empty line."""
    written: list[str] = []
    with Log(written.append):
        pass
    assert written == []


def test_whoever_does_not_read_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that nobody reads are left out and counted, and the end comes all the same."""
    monkeypatch.setattr(log, "WAITING", 2)
    monkeypatch.setattr(log, "PATIENCE", 0.01)
    monkeypatch.setattr(log, "PAUSE", 0.001)
    entered, read, written = threading.Event(), threading.Event(), list[str]()

    def write(text: str) -> None:
        entered.set()
        read.wait(30)
        written.append(text)

    with Log(write) as lines:
        lines.add("first")
        assert entered.wait(30)
        for number in range(5):
            lines.add(str(number))
    assert written == []
    read.set()
    lines._thread.join(30)
    assert written == [
        "first\n",
        "0\n1\nnote: 3 lines left out here; nobody read them in time\n",
    ]


def test_what_cannot_be_written_ends_the_log_alone() -> None:
    """A full disk is no reason to stop serving."""

    def write(_: str) -> None:
        raise OSError(28, "No space left on device")

    with Log(write) as lines:
        lines.add("first")
