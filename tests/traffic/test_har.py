"""HAR: what is read of each entry, and what is said of a file that is not as HAR 1.2 says."""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.errors import RecordingError
from enkash_contract.judging.result import Result
from enkash_contract.traffic import check_traffic, har
from enkash_contract.traffic.entry import Entry
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.recorded import URL, anything, damaged, entry, log, written

OPERATION = bundled().pick()


# Files


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", ":1 is not JSON: Expecting value"),
        ('{"log":\n {]', ":2 is not JSON: Expecting property name enclosed in double quotes"),
        ("<har>", ":1 is not JSON: Expecting value"),
        ("[1]", " is not HAR: it is no JSON object"),
        ("{}", " is not HAR: it has no list log.entries"),
        ('{"log":[]}', " is not HAR: it has no list log.entries"),
        ('{"log":{"entries":{}}}', " is not HAR: it has no list log.entries"),
        ("[" * 100_000, " is nested too deeply, or holds too long a number, to be read"),
        ("1" * 5000, " is nested too deeply, or holds too long a number, to be read"),
    ],
)
def test_files_that_are_no_recording(tmp_path: Path, content: str, why: str) -> None:
    """A file that cannot be read at all is named with its reason; nothing is raised."""
    file = written(tmp_path, content)

    assert check_traffic(file) == Result(unread=(f"{file}{why}",))
    assert check_traffic(file).exit_code == 2
    with pytest.raises(RecordingError):
        list(har.read(file))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + json.dumps(log(entry())).encode(),
        json.dumps(log(entry(comment="\ud800"))).encode(),
        json.dumps(log(entry(comment="bad: \xff"))).encode().replace(b"\\u00ff", b"\xff"),
        json.dumps(log(entry(time=float("nan")))).encode(),
        json.dumps(log(entry(deep=json.loads("[" * 300 + "]" * 300)))).encode(),
    ],
)
def test_what_recorders_write_beside_the_rules(tmp_path: Path, content: bytes) -> None:
    """A byte order mark, a lone surrogate, a stray byte, NaN or depth keeps nobody from reading."""
    assert dict(check_traffic(written(tmp_path, content)).verdicts) == {"held": 1}


# Entries


def only(folder: Path, recorded: Any) -> Entry:
    """Return what is read of a recording of one entry; the file's name is left out."""
    file = written(folder, log(recorded))
    (found,) = har.read(file)
    interaction = found.interaction
    assert found.source == f"{file}:log.entries[0]"
    assert interaction is None or interaction.source == found.source
    return found


@pytest.mark.parametrize(
    ("recorded", "problem"),
    [
        (7, "what should hold 'request' is not an object"),
        ({}, "'request' is missing"),
        ({"request": [], "response": {}}, "'request' is not an object"),
        ({"request": {}}, "'response' is missing"),
        (entry({"method": None}), "'method' is not a string"),
        (entry({"url": 1}), "'url' is not a string"),
        (entry({"url": "http://[bad"}), "'url' is no URL"),
        (entry({"headers": {"a": "b"}}), "'headers' is not a list"),
        (entry({"headers": ["a: b"]}), "what should hold 'name' is not an object"),
        (entry({"headers": [{"name": "a"}]}), "'value' is missing"),
        (entry({}, {"status": "200"}), "'status' is not an integer"),
        (entry({}, {"status": True}), "'status' is not an integer"),
        (entry({}, {"status": 200.5}), "'status' is not an integer"),
        (entry({}, {"status": None}), "'status' is not an integer"),
        (entry({}, {"headers": [{"value": "a"}]}), "'name' is missing"),
    ],
)
def test_entries_that_are_broken(tmp_path: Path, recorded: Any, problem: str) -> None:
    """An entry that is not what HAR says is inconclusive, for it may have been one of ours."""
    file = written(tmp_path, log(recorded, entry()))
    result = check_traffic(file)

    assert result.notes == (f"{file}:log.entries[0] cannot be read: {problem}",)
    assert dict(result.verdicts) == {"inconclusive": 1, "held": 1}
    assert only(tmp_path, recorded) == Entry(f"{file}:log.entries[0]", None, problem)


JSON = (("Content-Type", "application/json"),)
TEXT = json.dumps(OPERATION.request.example)
OK = json.dumps(OPERATION.sides["response.200"].example)
RIGHT = Request("POST", URL, JSON, TEXT.encode())
ANSWER = Response(200, (("content-type", "application/json"),), OK.encode())
FOREIGN = '{"payload":"é\U0001f9fe"}'


@pytest.mark.parametrize(
    ("request_", "response", "asked", "answered"),
    [
        ({}, {}, RIGHT, ANSWER),
        ({}, {"status": 200.0}, RIGHT, ANSWER),
        ({"postData": None}, {}, Request("POST", URL, JSON, None), ANSWER),
        ({"postData": {"params": []}}, {}, Request("POST", URL, JSON, None), ANSWER),
        ({"postData": {"text": ""}}, {}, Request("POST", URL, JSON, b""), ANSWER),
        ({"headers": None}, {}, Request("POST", URL, (), TEXT.encode()), ANSWER),
        (
            {},
            {"content": {"text": base64.b64encode(b"\xff\x00").decode(), "encoding": "base64"}},
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
        # A recorder that keeps no bodies writes an empty one beside the size it had.
        ({}, {"content": {"text": "", "size": 7}}, RIGHT, Response(200, ANSWER.headers, None)),
        ({}, {"content": {"text": "", "size": 0}}, RIGHT, Response(200, ANSWER.headers, b"")),
        ({}, {"content": {}}, RIGHT, Response(200, ANSWER.headers, None)),
        ({}, {"content": [1]}, RIGHT, Response(200, ANSWER.headers, None)),
        ({}, {"content": {"text": 1}}, RIGHT, Response(200, ANSWER.headers, None)),
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
    ],
)
def test_what_is_read_of_an_entry(
    tmp_path: Path, request_: Any, response: Any, asked: Request, answered: Response
) -> None:
    """Bodies, headers and media types are read as they stand; what is not there is not made up."""
    found = only(tmp_path, entry(request_, response))

    assert found == Entry(
        found.source, Interaction(asked, answered, source=found.source), problem=""
    )


@pytest.mark.parametrize(
    ("response", "more", "why"),
    [
        ({"status": 0, "_error": "net::ERR_ABORTED"}, {}, "net::ERR_ABORTED"),
        ({"status": 0, "_error": None}, {"_error": "left"}, "left"),
        ({"status": 0}, {}, "broken off before a response"),
        ({"status": -1}, {}, "broken off before a response"),
        (
            {"status": 0, "content": {"text": "", "encoding": "base64"}},
            {},
            "broken off before a response",
        ),
    ],
)
def test_exchanges_that_were_broken_off(
    tmp_path: Path, response: Any, more: dict[str, Any], why: str
) -> None:
    """Status 0 stands for no answer, and nobody can tell whose fault that was."""
    found = only(tmp_path, entry({}, response, **more))

    assert found.interaction == Interaction(RIGHT, None, why, aborted=True, source=found.source)
    assert dict(check_traffic(written(tmp_path, log(entry({}, response)))).verdicts) == {
        "inconclusive": 1
    }


NOT_BASE64 = {"text": "***", "encoding": "base64"}
NO_TEXT = {"text": "\ud800"}
WHY_NOT_BASE64 = "the text of a body cannot be decoded: Only base64 data is allowed"
WHY_NO_TEXT = (
    "the text of a body cannot be decoded: "
    "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed"
)


@pytest.mark.parametrize(
    ("request_", "response", "problem", "verdict"),
    [
        # The answer is not known, but the request is.
        ({}, {"content": NOT_BASE64}, WHY_NOT_BASE64, "inconclusive"),
        ({"postData": {"text": "{}"}}, {"content": NOT_BASE64}, WHY_NOT_BASE64, "violation"),
        ({}, {"content": NO_TEXT}, WHY_NO_TEXT, "inconclusive"),
        # The request is not known, but the answer is.
        ({"postData": NO_TEXT}, {}, WHY_NO_TEXT, "inconclusive"),
        ({"postData": NO_TEXT}, {"status": 500}, WHY_NO_TEXT, "violation"),
        ({"postData": NO_TEXT}, {"status": 0}, WHY_NO_TEXT, "inconclusive"),
        (
            {"postData": NO_TEXT},
            {"content": NOT_BASE64},
            f"{WHY_NO_TEXT}; {WHY_NOT_BASE64}",
            "inconclusive",
        ),
    ],
)
def test_bodies_that_cannot_be_decoded(
    tmp_path: Path, request_: Any, response: Any, problem: str, verdict: str
) -> None:
    """A body that cannot be decoded is as good as not recorded; the rest of the entry is judged."""
    found = only(tmp_path, entry(request_, response))
    result = check_traffic(written(tmp_path, log(entry(request_, response))))

    assert found.problem == problem
    assert dict(result.verdicts) == {verdict: 1}
    assert result.notes == (f"{found.source}: {problem}",)


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
