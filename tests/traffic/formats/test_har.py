"""HAR: what is read of each entry, and what is said of a file that is not as HAR 1.2 says."""

from __future__ import annotations

import base64
import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.entries.entry import Entry, Missing
from enkash_contract.traffic.formats import har
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.recorded import URL, anything, damaged, entry, log, written

OPERATION = bundled().pick()
SOURCE = "a.har:log.entries[0]"


# Entries


def only(recorded: Any) -> Entry:
    """Return what is read of an entry."""
    found = har.entry(recorded, SOURCE)
    assert found.interaction is None or found.interaction.source == found.source == SOURCE
    return found


@pytest.mark.parametrize(
    ("recorded", "problem"),
    [
        (7, "what should hold 'request' is not an object"),
        ({}, "'request' is missing"),
        ({"request": [], "response": {}}, "'request' is not an object"),
        ({"request": {}}, "'url' is missing"),
        (entry({"url": 1}), "'url' is not a string"),
    ],
)
def test_entries_without_an_address(recorded: Any, problem: str) -> None:
    """Nobody can tell what such an entry was."""
    missing = Missing("address", "unreadable", detail=f"({problem})")
    assert only(recorded) == Entry(SOURCE, None, (missing,))


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (None, "the response was not recorded"),
        ([], "the response was unreadable ('response' is not an object)"),
        ({"status": "?"}, "the response was unreadable (its status is no number)"),
        ({"status": True}, "the response was unreadable (its status is no number)"),
        ({"status": 200.5}, "the response was unreadable (its status is no number)"),
        ({}, "the response was unreadable (its status is no number)"),
        ({"status": -2}, "the response was not recorded (status -2)"),
    ],
)
def test_a_request_without_a_response(tmp_path: Path, response: Any, problem: str) -> None:
    """A broken or missing response leaves the request to be judged."""
    recorded = {**entry(), "response": response}
    file = written(tmp_path, log(recorded))
    result = check_traffic(file)

    found = only(recorded)
    assert found.interaction == Interaction(RIGHT, None, problem, aborted=True, source=SOURCE)
    assert found.problem == problem
    assert (dict(result.verdicts), result.exit_code) == ({"inconclusive": 1}, 3)
    (note,) = result.notes
    assert note.startswith(f"1 {problem.removeprefix('the ')}")
    assert note.endswith(f"; at {file}:log.entries[0]")
    invalid = {**entry({"postData": {"text": "{}"}}), "response": response}
    assert check_traffic(written(tmp_path, log(invalid))).exit_code == 1


JSON = (("Content-Type", "application/json"),)
TEXT = json.dumps(OPERATION.request.example)
OK = json.dumps(OPERATION.sides["response.200"].example)
RIGHT = Request("POST", URL, JSON, TEXT.encode())
ANSWER = Response(200, (("content-type", "application/json"),), OK.encode())
CODED = {"Content-Encoding": "gzip"}
PACKED = base64.b64encode(gzip.compress(OK.encode(), mtime=0)).decode()
FOREIGN = '{"payload":"é\U0001f9fe"}'


@pytest.mark.parametrize(
    ("request_", "response", "asked", "answered"),
    [
        ({}, {}, RIGHT, ANSWER),
        ({}, {"status": 200.0}, RIGHT, ANSWER),
        ({}, {"status": "200"}, RIGHT, ANSWER),
        ({"postData": {"text": ""}}, {}, Request("POST", URL, JSON, b""), ANSWER),
        ({"headers": None}, {}, Request("POST", URL, (), TEXT.encode()), ANSWER),
        # No header at all was recorded, so the label is the one that stands beside the text.
        (
            {"headers": [], "postData": {"text": TEXT, "mimeType": "application/json"}},
            {},
            RIGHT,
            ANSWER,
        ),
        ({"headers": {"Content-Type": "application/json"}}, {}, RIGHT, ANSWER),
        ({"method": "get", "postData": None}, {}, Request("GET", URL, JSON, b""), ANSWER),
        (
            {"postData": None, "headers": {"Content-Length": "0"}},
            {},
            Request("POST", URL, (("Content-Length", "0"),), b""),
            ANSWER,
        ),
        (
            {},
            {"content": {"text": base64.b64encode(b"\xff\x00").decode(), "encoding": "Base64"}},
            RIGHT,
            Response(200, ANSWER.headers, b"\xff\x00"),
        ),
        (
            {},
            {"content": {"text": FOREIGN}},
            RIGHT,
            Response(200, ANSWER.headers, FOREIGN.encode()),
        ),
        (
            {},
            {"content": {"text": "e30\n =", "encoding": "base64"}},
            RIGHT,
            Response(200, ANSWER.headers, b"{}"),
        ),
        # Firefox labels text so that never was base64.
        ({}, {"content": {"text": OK, "encoding": "base64"}}, RIGHT, ANSWER),
        # Sizes count packed bytes or UTF-16 units, and beside whole JSON they say nothing.
        ({}, {"content": {"text": OK, "size": 7_000}}, RIGHT, ANSWER),
        ({}, {"content": {"text": "", "size": 0}}, RIGHT, Response(200, ANSWER.headers, b"")),
        (
            {},
            {"content": {"text": "", "size": 0}, "bodySize": -1},
            RIGHT,
            Response(200, ANSWER.headers, b""),
        ),
        (
            {},
            {"headers": {"Content-Length": "0"}, "content": {"size": 0}},
            RIGHT,
            Response(200, (("Content-Length", "0"),), b""),
        ),
        ({}, {"status": 204, "content": {}}, RIGHT, Response(204, ANSWER.headers, b"")),
        ({}, {"status": 307, "content": {}}, RIGHT, Response(307, ANSWER.headers, b"")),
        # Without headers, the target of a redirection is kept in a member of its own.
        (
            {},
            {"status": 302, "headers": [], "content": {}, "redirectURL": "/x/"},
            RIGHT,
            Response(302, (("Location", "/x/"),), b""),
        ),
        (
            {},
            {"headers": [], "content": {"text": OK, "mimeType": "text/html; charset=x"}},
            RIGHT,
            Response(200, (("Content-Type", "text/html; charset=x"),), OK.encode()),
        ),
        (
            {},
            {"content": {"text": OK, "mimeType": "text/html"}},
            RIGHT,
            ANSWER,
        ),
        ({}, {"headers": [], "content": {"text": OK}}, RIGHT, Response(200, (), OK.encode())),
        (
            {},
            {"headers": [], "content": {"text": OK, "mimeType": 7}},
            RIGHT,
            Response(200, (), OK.encode()),
        ),
        # Chromium and Playwright know of no label.
        (
            {"headers": [], "postData": {"text": TEXT, "mimeType": "x-unknown"}},
            {"headers": [], "content": {"text": OK, "mimeType": "x-unknown"}},
            Request("POST", URL, (), TEXT.encode()),
            Response(200, (), OK.encode()),
        ),
        # Base64 of what is packed still, with and without its label, and hexadecimal digits.
        (
            {},
            {"headers": CODED, "content": {"text": PACKED, "encoding": "base64"}},
            RIGHT,
            Response(200, (("Content-Encoding", "gzip"),), OK.encode()),
        ),
        (
            {},
            {"headers": CODED, "content": {"text": PACKED}},
            RIGHT,
            Response(200, (("Content-Encoding", "gzip"),), OK.encode()),
        ),
        ({}, {"content": {"text": OK.encode().hex(), "_isBinary": True}}, RIGHT, ANSWER),
    ],
)
def test_what_is_read_of_an_entry(
    request_: Any, response: Any, asked: Request, answered: Response
) -> None:
    """Bodies, headers and media types are read as they stand; what is not there is not made up."""
    found = only(entry(request_, response))

    assert found == Entry(found.source, Interaction(asked, answered, source=found.source))


@pytest.mark.parametrize(
    ("response", "more", "why"),
    [
        (
            {"status": 0, "_error": "net::ERR_ABORTED"},
            {},
            "the response was broken off (net::ERR_ABORTED)",
        ),
        (
            {"status": 0, "_error": None},
            {"_error": "Client disconnected."},
            "the response was broken off (Client disconnected.)",
        ),
        (
            {"status": -1, "_failureText": "net::ERR_ABORTED"},
            {},
            "the response was broken off (net::ERR_ABORTED)",
        ),
        ({"status": 0}, {"_error": "token=4f1d refused"}, "the response was broken off"),
        ({"status": 0}, {"_error": ["4f1d"]}, "the response was broken off"),
        ({"status": 0}, {}, "the response was not recorded (status 0)"),
        ({"status": -1}, {}, "the response was not recorded (status -1)"),
        (
            {"status": 0, "content": {"text": "", "encoding": "base64"}},
            {},
            "the response was not recorded (status 0)",
        ),
    ],
)
def test_exchanges_that_were_broken_off(
    tmp_path: Path, response: Any, more: dict[str, Any], why: str
) -> None:
    """Status 0 stands for no answer, and nobody can tell whose fault that was."""
    found = only(entry({}, response, **more))

    assert found.interaction == Interaction(RIGHT, None, why, aborted=True, source=found.source)
    assert dict(check_traffic(written(tmp_path, log(entry({}, response)))).verdicts) == {
        "inconclusive": 1
    }


LONG = [
    {"name": "Content-Type", "value": "application/json"},
    {"name": "Content-Length", "value": "9"},
]


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (None, "was not recorded"),
        ([1], "was not recorded"),
        ({}, "was not recorded"),
        ({"device": {}}, "was not recorded"),
        ({"text": None}, "was not recorded"),
        ({"text": 1}, "was recorded as a value, which does not say how it was written"),
        ({"params": []}, "was not recorded"),
        ({"text": "", "size": 7}, "was not recorded"),
        ({"text": "", "size": -1}, "was not recorded"),
        ({"text": "", "comment": "Response bodies are not included."}, "was not recorded"),
        ({"text": TEXT[:9], "comment": "Response body truncated."}, "was cut off by the recorder"),
        ({"text": "[REDACTED]"}, "was replaced by a mark of the recorder"),
        ({"_file": "a.json"}, "was recorded in a file that is not beside the recording"),
        ({"text": {}}, "was recorded as a value, which does not say how it was written"),
        ({"text": []}, "was recorded as a value, which does not say how it was written"),
        (
            {"params": [{"name": "a"}]},
            "was recorded as parameters, which do not say how it was written",
        ),
        ({"text": '{"a', "size": 70}, "was cut off by the recorder after 3 of 70 bytes"),
        (
            {"text": "abcde", "encoding": "base64"},
            "was recorded as base64 that cannot be decoded",
        ),
        (
            {"text": "\ud800"},
            "was recorded as what cannot be bytes (it holds half of a character)",
        ),
    ],
)
def test_bodies_that_are_not_known(tmp_path: Path, part: Any, why: str) -> None:
    """Neither empty nor a violation: a note says why, and the other half is judged."""
    for side, name in (("postData", "request"), ("content", "response")):
        request_, response = ({side: part}, {}) if name == "request" else ({}, {side: part})
        file = written(tmp_path, log(entry(request_, response)))
        result = check_traffic(file)

        assert (dict(result.verdicts), result.exit_code) == ({"inconclusive": 1}, 3)
        (note,) = result.notes
        assert note.startswith(f"1 {name} body {why}: ")
        assert note.endswith(f"; at {file}:log.entries[0]")
    crash = entry({"postData": part}, {"status": 500})
    invalid = entry({"postData": {"text": "{}"}}, {"content": part})
    for recorded in (crash, invalid):
        assert check_traffic(written(tmp_path, log(recorded))).exit_code == 1


@pytest.mark.parametrize(
    "more", [{"bodySize": 9}, {"headers": LONG}, {"headers": LONG, "bodySize": -1}]
)
def test_an_empty_text_beside_a_length(more: dict[str, Any]) -> None:
    """A recorder that keeps no bodies writes an empty text; any length shows it."""
    found = only(entry({"postData": {"text": ""}, **more}))
    assert found.problem == "the request body was not recorded"


# Anything

ANYTHING = anything(
    "log entries request response method url headers status content postData text encoding base64 "
    "mimeType name value _error POST http://[ ",
    st.floats(allow_nan=False),
)


@given(st.lists(damaged(entry, ANYTHING) | ANYTHING, max_size=3) | ANYTHING)
def test_no_recording_breaks_the_reader(entries: Any) -> None:
    """Whatever stands in a file, what comes of it is a result."""
    with tempfile.TemporaryDirectory() as folder:
        result = check_traffic(written(Path(folder), {"log": {"entries": entries}}))

    assert result.exit_code in (0, 1, 2, 3)
    assert result.total <= (len(entries) if isinstance(entries, list) else 0)


# Bodies in files of their own


def test_an_empty_text_beside_a_file_is_not_the_body() -> None:
    """The file is, and it is not there."""
    found = only(entry({"postData": {"text": "", "_file": "a.json"}}))
    assert found.problem == (
        "the request body was recorded in a file that is not beside the recording"
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_empty_text_beside_an_unknown_size(method: str) -> None:
    """A request that has no body as a rule had none."""
    found = only(entry({"method": method, "postData": {"text": ""}, "bodySize": -1}))
    assert bool(found.problems) == (method == "POST")


def test_the_time_of_an_entry() -> None:
    """When it began, and the milliseconds that it took."""
    for took, seconds in ((12.5, 0.0125), (-1, None), ("9", None), (10**15, None)):
        found = only(entry(startedDateTime="2026-11-27T10:00:00.000Z", time=took)).interaction
        assert found is not None
        assert (found.at, found.seconds) == (1_795_773_600.0, seconds)


def test_a_buffer_of_node_is_bytes() -> None:
    """Its numbers are the bytes."""
    buffer = {"type": "Buffer", "data": [*TEXT.encode()]}
    found = only(entry({"postData": {"text": buffer}})).interaction
    assert found is not None
    assert found.request == RIGHT
