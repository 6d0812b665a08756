"""Cassettes of vcrpy: what the real recorder writes, and every form that a body may have."""

from __future__ import annotations

import base64
import gzip
import json
import tempfile
import urllib.request
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
import vcr  # type: ignore[import-untyped]  # it says nothing of its types
import yaml
from hypothesis import given
from hypothesis import strategies as st
from starlette.middleware.gzip import GZipMiddleware

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.sandbox import server
from enkash_contract.traffic import check_traffic, entries
from enkash_contract.traffic.entries.entry import Entry, Missing
from enkash_contract.traffic.formats import cassette
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.recorded import anything, damaged, interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPERATION = bundled().pick()
RIGHT = json.dumps(OPERATION.request.example).encode()
LABEL = {"Content-Type": "application/json"}
REQUIRED = "request_schema_conformance"


def by_urllib(url: str, body: bytes) -> None:
    """Send by the standard library."""
    asked = urllib.request.Request(url, body, LABEL)  # noqa: S310 - loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        answer.read()


def by_requests(url: str, body: bytes) -> None:
    """Send by requests, which asks for compressed answers."""
    assert requests.post(url, data=body, headers=LABEL, timeout=5).content


def by_httpx(url: str, body: bytes) -> None:
    """Send by httpx, which asks for compressed answers too."""
    assert httpx.post(url, content=body, headers=LABEL).content


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve a sandbox that compresses its answers for whoever asks for it."""
    with server.in_background(GZipMiddleware(ec.Sandbox(), minimum_size=0)) as base:
        yield base + OPERATION.path


@pytest.mark.parametrize("serializer", ["yaml", "json"])
@pytest.mark.parametrize("send", [by_urllib, by_requests, by_httpx])
def test_what_the_real_recorder_writes(
    send: Callable[[str, bytes], None], serializer: str, url: str, tmp_path: Path
) -> None:
    """Whatever library was recorded, and however it was written, both sides are judged."""
    file = tmp_path / f"tape.{serializer}"
    # Compressed answers are no text, so they cannot be written as JSON.
    plain = serializer == "json"
    with vcr.use_cassette(str(file), serializer=serializer, decode_compressed_response=plain):
        send(url, RIGHT)
        for wrong in (b'{"device": 1}', b"\xff" if serializer == "yaml" else b"{"):
            with pytest.MonkeyPatch.context() as patch:
                # urllib raises what it is answered.
                patch.setattr(urllib.request.HTTPErrorProcessor, "http_response", lambda *a: a[2])
                send(url, wrong)
    result = check_traffic(file)

    assert dict(result.verdicts) == {"held": 1, "violation": 2}
    assert [(one.check, one.rule, one.source) for one in result.findings] == [
        (REQUIRED, "request/b2bIds#required", f"{file}:interactions[1]"),
        (REQUIRED, "request/invoiceStatus#required", f"{file}:interactions[1]"),
        (REQUIRED, "request/device#type", f"{file}:interactions[1]"),
        (
            REQUIRED,
            "request#encoding" if serializer == "yaml" else "request#json",
            f"{file}:interactions[2]",
        ),
    ]
    assert (result.notes, result.unread) == ((), ())


def test_a_compressed_answer_is_unpacked(url: str, tmp_path: Path) -> None:
    """The bytes in the file are compressed, those that are judged are not."""
    file = tmp_path / "tape.yaml"
    with vcr.use_cassette(str(file)):
        by_httpx(url, RIGHT)
    (found,) = entries(file)

    assert "!!binary" in file.read_text(encoding="utf-8")
    assert found.interaction is not None
    assert found.interaction.response is not None
    assert json.loads(found.interaction.response.body or b"") == {
        "payload": "SUCCESS",
        "response_code": 0,
        "response_message": "SUCCESS",
    }


# Every form


def read(request: Any = None, response: Any = None) -> tuple[Request, Response]:
    """Return what is read of a changed interaction, of which nothing is unclear."""
    found = cassette.entry(interaction(request, response), "tape:interactions[0]")
    made = found.interaction
    assert made is not None
    assert made.response is not None
    assert found == Entry(
        "tape:interactions[0]", Interaction(made.request, made.response, source=found.source)
    )
    return made.request, made.response


PACKED = gzip.compress(b'{"a":1}')


def coded(coding: str, body: bytes | str) -> dict[str, Any]:
    """Return a body with its content coding."""
    label = {"Content-Type": ["application/json"]}
    return {"headers": {"Content-Encoding": [coding], **label}, "body": {"string": body}}


def sized(length: object, **more: str) -> dict[str, Any]:
    """Return headers that say how long the body was."""
    return {"headers": {"Content-Length": [str(length)], **more}}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({"body": "é"}, "é".encode()),
        ({"body": b"\xff"}, b"\xff"),
        ({"body": ""}, b""),
        ({"body": None} | sized(0), b""),
        ({"body": None, "method": "GET"}, b""),
        # As Ruby's VCR and betamax write it.
        ({"body": {"encoding": "UTF-8", "string": "{}"}}, b"{}"),
        ({"body": {"encoding": "UTF-8", "base64_string": "e30="}}, b"{}"),
        ({"body": {}}, b"{}"),
        (coded("gzip", gzip.compress(b"{}")), b"{}"),
        ({"body": ["a", b"b"]}, b"ab"),
        # As aiohttp is given it.
        ({"body": {"device": 1}}, b'{"device": 1}'),
        ({"body": [1, "a"]}, b'[1, "a"]'),
    ],
)
def test_bodies_of_requests(request_: Any, body: bytes | None) -> None:
    """Text, bytes, pieces and objects are read as they were sent; nothing is made up."""
    assert read(request_)[0].body == body


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ({"body": {"string": "é"}}, "é".encode()),
        ({"body": {"string": b"\xff"}}, b"\xff"),
        ({"body": {"string": ""}}, b""),
        ({"body": None} | sized(0), b""),
        ({"body": {}, "content_length": 0}, b""),
        ({"body": {"base64_string": base64.b64encode(b"\xff").decode() + "\n"}}, b"\xff"),
        (coded("gzip", PACKED), b'{"a":1}'),
        (coded(" GZIP ", PACKED), b'{"a":1}'),
        (coded("deflate", zlib.compress(b"{}")), b"{}"),
        (coded("deflate", zlib.compress(b"{}", wbits=-15)), b"{}"),
        (coded("identity", b"{}"), b"{}"),
        # Unpacked before it was recorded, while the header stayed.
        (coded("gzip", '{"a":1}'), b'{"a":1}'),
        (coded("br", '{"a":1}'), b'{"a":1}'),
        (coded("br", ""), b""),
        # Of httpx, before vcrpy 6.
        ({"status_code": 200, "content": "{}", "status": None}, b"{}"),
        # Of go-vcr and PHP-VCR.
        ({"status": "200 OK", "code": 200, "body": "{}"}, b"{}"),
        ({"status": {"code": "200"}, "body": "{}"}, b"{}"),
        ({"status": "200 OK", "body": "{}"}, b"{}"),
    ],
)
def test_bodies_of_answers(response: Any, body: bytes | None) -> None:
    """They are read as they stand, and unpacked where they are compressed still."""
    _, answer = read(response=response)
    assert (answer.status, answer.body) == (200, body)


def test_headers_are_read_whole() -> None:
    """Each value is a field of its own, and a value may be one alone, or bytes."""
    asked, _ = read({"headers": {"a": ["1", "2"], "b": "3", "c": [b"\xe9"], "d": 4}})
    assert asked.headers == (("a", "1"), ("a", "2"), ("b", "3"), ("c", "é"), ("d", "4"))
    assert read({"headers": None})[0].headers == ()


@pytest.mark.parametrize(
    ("request_", "response", "problem"),
    [
        ({"body": 7}, {}, "the request body was recorded as what cannot be bytes (a int)"),
        (
            {"body": "\ud800"},
            {},
            "the request body was recorded as what cannot be bytes (it holds half of a character)",
        ),
        (
            {},
            coded("compress", b"\x0b"),
            "the response body was in the content coding compress, which is not undone here",
        ),
        # As vcrpy 4 writes it where aiohttp is given an object.
        ({"body": None, "headers": {}}, {}, "the request body was not recorded"),
        ({"body": None}, {}, "the request body was not recorded"),
        ({"body": None} | sized(7), {}, "the request body was not recorded"),
        ({"body": ""} | sized(7), {}, "the request body was not recorded"),
        (
            {"body": None, "headers": {"Transfer-Encoding": ["chunked"]}},
            {},
            "the request body was not recorded",
        ),
        ({"body": {"encoding": "UTF-8", "string": None}}, {}, "the request body was not recorded"),
        ({}, {"body": {"string": ""}} | sized(9), "the response body was not recorded"),
        # A hook of its user has removed it.
        ({}, {"body": {"string": None}}, "the response body was not recorded"),
        ({}, {"body": {}}, "the response body was not recorded"),
        ({}, {"body": None}, "the response body was not recorded"),
        (
            {},
            {"body": {"string": '{"a'}} | sized(9),
            "the response body was cut off by the recorder after 3 of 9 bytes",
        ),
        (
            {},
            {"body": {"base64_string": "abcde"}},
            "the response body was recorded as base64 that cannot be decoded",
        ),
    ],
)
def test_bodies_that_cannot_be_read(request_: Any, response: Any, problem: str) -> None:
    """Such a body is as good as not recorded, and a word says why."""
    found = cassette.entry(interaction(request_, response), "tape")
    assert found.problem == problem
    assert found.interaction is not None
    bodies = (found.interaction.request.body, getattr(found.interaction.response, "body", b""))
    assert None in bodies


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (7, "what should hold 'request' is not an object"),
        ({"request": {}}, "'uri' is missing"),
        (interaction({"uri": 1}), "'uri' is not a string"),
    ],
)
def test_interactions_without_an_address(broken: Any, problem: str) -> None:
    """Nobody can tell what such an interaction was."""
    missing = Missing("address", "unreadable", detail=f"({problem})")
    assert cassette.entry(broken, "tape") == Entry("tape", None, (missing,))


@pytest.mark.parametrize(
    "response",
    [{"status": {"code": "?"}}, {"status": None}, {"status": {}, "code": "x", "status_code": []}],
)
def test_a_response_without_a_status(response: Any) -> None:
    """The request is read all the same."""
    found = cassette.entry(interaction({}, response), "tape")
    assert found.problem == "the response was unreadable (its status is no number)"
    assert found.interaction is not None
    assert (found.interaction.response, found.interaction.aborted) == (None, True)


def test_an_object_that_aiohttp_was_given_has_its_label() -> None:
    """Aiohttp adds it where vcrpy does not see it; another label, and other bodies, stay."""
    label, other = (("Content-Type", "application/json"),), (("content-type", "text/plain"),)

    assert read({"body": {"a": 1}, "headers": {"X-One": "1"}})[0].headers == (
        ("X-One", "1"),
        *label,
    )
    assert read({"body": {"a": 1}, "headers": {"content-type": "text/plain"}})[0].headers == other
    for body in ("{}", {"string": "{}"}):
        assert read({"body": body, "headers": {"X-One": "1"}})[0].headers == (("X-One", "1"),)


# Files


TAGGED = """
interactions:
- request:
    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple [!!binary "e30=", 0, null]
    headers: {Content-Type: [!!python/unicode application/json]}
    method: !!python/str POST
    uri: https://api.example/
  response: &answer {status: {code: 200}, headers: {}, body: {string: ''}}
- request:
    body: !!python/object/apply:builtins.iter
      args: [[a, b]]
    headers: {}
    method: POST
    uri: https://api.example/
  response: *answer
- request:
    body: !!python/object/apply:builtins.iter
      args: []
    headers: {}
    method: POST
    uri: https://api.example/
  response: *answer
"""


def test_tags_of_older_versions(tmp_path: Path) -> None:
    """Bodies that were a file or an iterator are read; one that ran empty says nothing."""
    file = tmp_path / "tape.yml"
    file.write_text(TAGGED, encoding="utf-8")
    bodies = [one.interaction.request.body for one in entries(file) if one.interaction]

    assert bodies == [b"{}", b"ab", None]


ANYTHING = anything(
    "request response method uri headers status code body string base64_string status_code "
    "content POST http://[ \ud800 Content-Length Content-Encoding gzip br 7",
    st.binary(max_size=3),
)


@given(st.lists(damaged(interaction, ANYTHING) | ANYTHING, max_size=3) | ANYTHING)
def test_no_cassette_breaks_the_reader(interactions: Any) -> None:
    """Whatever stands in a file, what comes of it is a result."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tape.yaml"
        file.write_text(yaml.safe_dump({"interactions": interactions}), encoding="utf-8")
        result = check_traffic(file)

    assert result.exit_code in (0, 1, 2, 3)
    assert result.total <= (len(interactions) if isinstance(interactions, list) else 0)
