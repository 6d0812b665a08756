"""An entry says what has passed, without secrets, and leaves out what was not kept."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.formats import har
from enkash_contract.traffic.recorder import exchange as exchanges
from enkash_contract.traffic.recorder.exchange import Exchange

if TYPE_CHECKING:
    from enkash_contract.wire.message import Headers

URL = "https://api.example/api/v0/invoice/req-status-change-invoice"
JSON = ("content-type", "application/json")


def _exchange(
    sent: bytes = b"{}",
    received: bytes = b"{}",
    headers: Headers = (JSON,),
    fields: Headers = (JSON,),
    url: str = URL,
) -> Exchange:
    exchange = Exchange("POST", url, headers, 1.5, status=200, response_headers=fields)
    exchange.sent.add(sent)
    exchange.received.add(received)
    exchange.seconds = 0.25
    return exchange


def test_an_entry_whole() -> None:
    """Every member that HAR asks for is there."""
    assert _exchange(b'{"a": 1}', b'{"b": 2}').entry() == {
        "startedDateTime": "1970-01-01T00:00:01.500+00:00",
        "time": 250.0,
        "request": {
            "method": "POST",
            "url": URL,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}],
            "queryString": [],
            "postData": {"size": 8, "mimeType": "application/json", "text": '{"a": 1}'},
            "headersSize": -1,
            "bodySize": 8,
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {"size": 8, "mimeType": "application/json", "text": '{"b": 2}'},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 8,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 250.0, "receive": 0},
    }


CHUNKED = ("Transfer-Encoding", "chunked")


@pytest.mark.parametrize("headers", [(JSON,), (JSON, CHUNKED), (JSON, ("content-length", "0"))])
def test_a_body_that_was_empty_is_none_that_was_not_recorded(headers: Headers) -> None:
    """Announced in parts, or not at all."""
    read = har.entry(_exchange(b"", b"", headers, headers).entry(), "")
    assert read.problems == ()
    assert read.interaction is not None
    assert read.interaction.response is not None
    assert (read.interaction.request.body, read.interaction.response.body) == (b"", b"")


def test_a_body_that_grew_shorter_was_not_cut_off() -> None:
    """Where a secret was hidden, or little was packed, in what is no JSON."""
    secret = "canary-5f1d-very-long"
    headers = (JSON, ("authorization", f"Bearer {secret}"))
    packed = (JSON, ("content-encoding", "gzip"))
    exchange = _exchange(f"{{'a': '{secret}'".encode(), gzip.compress(b"{"), headers, packed)
    read = har.entry(exchange.entry(), "")
    assert read.problems == ()
    assert read.interaction is not None
    assert read.interaction.response is not None
    assert (read.interaction.request.body, read.interaction.response.body) == (b"{'a': '***'", b"{")


def test_secrets_are_hidden_wherever_they_stand() -> None:
    """In headers, the address, both bodies, and where the server echoes them."""
    secret = "canary-5f1d-very-long"
    exchange = _exchange(
        json.dumps({"password": secret, "x": 1}).encode(),
        json.dumps({"echo": secret}).encode(),
        (JSON, ("content-length", "99"), ("authorization", f"Bearer {secret}")),
        (JSON, ("x-echo", secret), ("set-cookie", f"session={secret}")),
        f"https://user:{secret}@api.example/p?key={secret}&empty=#top",
    )
    exchange.error = f"broken off near {secret}"
    entry = exchange.entry()
    assert secret not in json.dumps(entry)
    assert entry["request"]["url"] == "https://api.example/p?key=***&empty=***"
    # The length is that of what was sent, and no longer of what is written.
    assert [header["name"] for header in entry["request"]["headers"]] == [
        "content-type",
        "authorization",
    ]
    assert json.loads(entry["request"]["postData"]["text"]) == {"password": "***", "x": 1}
    assert entry["response"]["status"] == 0
    assert entry["_error"] == "broken off near ***"


def _content(entry: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = entry["response"]["content"]
    return content


def test_a_coding_is_undone() -> None:
    """And so is its name taken away."""
    packed = gzip.compress(b'{"b": 2}')
    coded = (JSON, ("content-encoding", "gzip"), ("content-length", str(len(packed))))
    entry = _exchange(received=packed, fields=coded).entry()
    assert _content(entry) == {"size": 8, "mimeType": "application/json", "text": '{"b": 2}'}
    assert entry["response"]["headers"] == [{"name": "content-type", "value": "application/json"}]


def test_a_coding_that_is_not_undone_leaves_the_body_out() -> None:
    """Nobody can look for secrets in it."""
    coded = (JSON, ("content-encoding", "zip-two"))
    entry = _exchange(received=b"\x01\x02", fields=coded).entry()
    assert _content(entry) == {
        "size": 2,
        "mimeType": "application/json",
        "comment": "is in the content coding zip-two, which is not undone here",
    }


def test_a_body_that_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is written."""
    monkeypatch.setattr(exchanges, "KEPT", 4)
    exchange = _exchange(received=b"ab")
    for part in (b"cd", b"e", b"f"):
        exchange.received.add(part)
    assert exchange.received.body is None
    content = _content(exchange.entry())
    assert content == {"size": 6, "mimeType": "application/json", "comment": "too large"}


def test_no_body_is_no_member() -> None:
    """A request that mostly has none has no `postData`."""
    exchange = _exchange(sent=b"")
    exchange.method = "GET"
    assert "postData" not in exchange.entry()["request"]


@given(st.binary(min_size=1) | st.text(min_size=1).map(str.encode))
def test_any_bytes_come_back_as_they_were(body: bytes) -> None:
    """Through the reader of HAR."""
    read = har.entry(_exchange(received=body, fields=()).entry(), "x").interaction
    assert read is not None
    assert read.response is not None
    assert read.response.body == body
