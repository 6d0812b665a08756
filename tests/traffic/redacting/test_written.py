"""Each format reads back what was written in it."""

from __future__ import annotations

import json
from typing import Any

import betamax  # type: ignore[import-untyped]  # it says nothing of its types
import betamax.cassette.interaction  # type: ignore[import-untyped]  # as above
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from vcr.serialize import deserialize  # type: ignore[import-untyped]  # as above
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # as above

from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.redacting.members import as_json
from enkash_contract.traffic.redacting.written import WRITERS
from enkash_contract.wire.message import Interaction, Request, Response

JSON = (("Content-Type", "application/json"),)
GARBLED = "\x1f\ufffd".encode()
"""The beginning of a body that was packed, and then read as text: nobody reads it as anything."""

WRITTEN = (st.binary() | st.text().map(str.encode)).filter(lambda body: body[:4] != GARBLED)
BODIES = WRITTEN | st.none()
INTERACTIONS = st.builds(
    lambda sent, received, status: Interaction(
        Request("POST", "http://h.example:81/a/b?c=d", JSON, sent),
        Response(status, JSON, received),
        at=1.5,
        seconds=0.25,
    ),
    BODIES,
    BODIES,
    st.sampled_from([200, 400, 500]),
)


def test_every_format_has_a_writer() -> None:
    """The names are those of the readers."""
    assert WRITERS.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", WRITERS)
@given(interaction=INTERACTIONS)
def test_what_is_written_is_read(name: str, interaction: Interaction) -> None:
    """Through JSON, as through YAML."""
    written = WRITERS[name](interaction)
    _assert_read(name, yaml.safe_load(yaml.safe_dump(written)), interaction)
    _assert_read(name, json.loads(json.dumps(as_json(written))), interaction)


def _assert_read(name: str, written: Any, interaction: Interaction) -> None:
    read = FORMATS[name].entry(written, "").interaction
    assert read is not None
    assert read.response is not None
    assert interaction.response is not None
    assert (read.request.method, read.request.url) == ("POST", interaction.request.url)
    if name != "newman" or read.request.body is not None:
        assert read.request.body == interaction.request.body
    assert read.response.status == interaction.response.status
    assert read.response.body == interaction.response.body


@pytest.mark.parametrize("name", WRITERS)
def test_a_response_that_never_came_stays_away(name: str) -> None:
    """The request is read all the same."""
    alone = Interaction(Request("POST", "http://h.example/a", JSON, b"{}"), None, "no response")
    entry = FORMATS[name].entry(json.loads(json.dumps(WRITERS[name](alone))), "")
    assert entry.interaction is not None
    assert entry.interaction.response is None
    assert entry.interaction.request.body == b"{}"


def test_a_length_that_was_sent_is_not_written_twice() -> None:
    """It says already that there was a body."""
    sized = (*JSON, ("Content-Length", "7"))
    unseen = Interaction(Request("POST", "http://h/a", sized, None), None)
    assert WRITERS["vcrpy"](unseen)["request"]["headers"] == {
        "Content-Type": ["application/json"],
        "Content-Length": ["7"],
    }


BINARY = Interaction(
    Request("POST", "http://h/a", JSON, b"\xff\x00"), Response(400, JSON, b"\xfe"), at=1.5
)


def test_vcrpy_loads_its_cassette() -> None:
    """Bytes that are no text too."""
    cassette = yaml.safe_dump({"version": 1, "interactions": [WRITERS["vcrpy"](BINARY)]})
    ((request,), (response,)) = deserialize(cassette, yamlserializer)
    assert (request.method, request.uri, request.body) == ("POST", "http://h/a", b"\xff\x00")
    assert response["body"] == {"string": b"\xfe"}
    assert response["status"] == {"code": 400, "message": "Bad Request"}


def test_betamax_plays_its_cassette() -> None:
    """With the address and the time that it looks for."""
    played = betamax.cassette.interaction.Interaction(
        json.loads(json.dumps(WRITERS["betamax"](BINARY)))
    )
    response = played.as_response()
    assert (response.url, response.status_code, response.content) == ("http://h/a", 400, b"\xfe")
    assert response.request.body == b"\xff\x00"
    assert response.request.method == "POST"
    assert played.recorded_at.isoformat() == "1970-01-01T00:00:01"


def test_ruby_s_vcr_is_given_the_time_of_http() -> None:
    """It reads no other."""
    written = WRITERS["ruby-vcr"](BINARY)
    assert written["recorded_at"] == "Thu, 01 Jan 1970 00:00:01 GMT"
    assert written["request"]["method"] == "post"
