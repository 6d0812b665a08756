"""Recorded traffic: what real recorders write, what broken files hold, and what is never shown."""

from __future__ import annotations

import base64
import importlib
import io
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from enkash_contract import report, traffic
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import RecordingError, UsageError
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result
from enkash_contract.report import text
from enkash_contract.traffic import check_traffic, har
from enkash_contract.traffic.entry import Entry
from enkash_contract.wire.message import Interaction, Request, Response
from tests.recorders.processes import RecorderError, executable
from tests.recorders.server import serving
from tests.recorders.traffic_script import CANARY
from tests.support.paths import RECORDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATION = bundled().pick()
URL = "https://api.example" + OPERATION.path

Judged = tuple[str, list[tuple[str, str, str]]]
"""A verdict, and check, rule and severity of each finding."""

BUYER = "request/b2bIds/buyerB2BId#required"
REMARKS = "request/invoiceStatus/supplierRemarks#required"
OF_CLIENT, OF_SERVER = "request_schema_conformance", "negative_data_rejection"
CODE = "response.200/response_code#type"

SCRIPT: list[Judged] = [
    ("held", []),
    ("held", []),
    ("violation", [(OF_CLIENT, BUYER, "violation")]),
    ("violation", [(OF_CLIENT, REMARKS, "violation"), (OF_SERVER, REMARKS, "violation")]),
    ("violation", [("not_a_server_error", "response#status", "violation")]),
    ("held", []),
    ("violation", [(OF_CLIENT, "request#content-type", "violation")]),
    ("inconclusive", []),
    ("held", []),
    ("violation", [("response_schema_conformance", CODE, "violation")]),
    ("held", []),
]
"""What is to be said of each use of the operation in the script that all recorders play."""

INDEXES = {
    "chromium": [*range(3, 11), 12, 13, 14],
    "firefox": [*range(4, 12), 13, 14, 15],
    "mitmproxy": [*range(3, 11), 12, 13, 14],
}
"""Where these uses stand in each of the recordings that are kept; see their README."""


def judged(recording: Path) -> dict[int, Judged]:
    """Judge each use of the operation in a recording by itself, by the number of its entry."""
    found: dict[int, Judged] = {}
    for index, entry in enumerate(har.read(recording)):
        assert entry.interaction is not None
        request = entry.interaction.request
        if request.method != "OPTIONS" and request.path.endswith(OPERATION.path):
            result = judge_record(OPERATION, entry.interaction)
            ((verdict, _),) = result.verdicts.items()
            told = [(one.check, one.rule, one.severity) for one in result.findings]
            found[index] = (str(verdict), [*told])
    return found


def written(folder: Path, content: object, name: str = "traffic.har") -> Path:
    """Write a recording; what is no text and no bytes is written as JSON."""
    file = folder / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        data = content if isinstance(content, str) else json.dumps(content)
        file.write_text(data, encoding="utf-8")
    return file


def entry(request: dict[str, Any] | None = None, response: Any = None, **more: Any) -> Any:
    """Return a right entry, with some members of its request and response changed."""
    asked = {
        "method": "POST",
        "url": URL,
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "postData": {"text": json.dumps(OPERATION.request.example)},
    }
    example = OPERATION.sides["response.200"].example
    answered = {
        "status": 200,
        "headers": [{"name": "content-type", "value": "application/json"}],
        "content": {"text": json.dumps(example)},
    }
    return {"request": asked | (request or {}), "response": answered | (response or {}), **more}


def log(*entries: Any) -> Any:
    """Return a HAR of these entries."""
    return {"log": {"entries": list(entries)}}


# What real recorders write


@pytest.mark.parametrize("name", INDEXES)
def test_each_entry_of_a_real_recording(name: str) -> None:
    """Each use of the operation is found where it stands, and judged for what it is."""
    expected = dict(zip(INDEXES[name], SCRIPT, strict=True))

    assert judged(RECORDINGS / f"{name}.har") == expected


@pytest.mark.parametrize("name", INDEXES)
def test_a_real_recording_as_a_whole(name: str) -> None:
    """Everything else in a recording is passed over, and each finding says where it came from."""
    file = RECORDINGS / f"{name}.har"
    result = check_traffic(file)
    sources = [
        f"{file}:log.entries[{index}]"
        for index, (_, findings) in zip(INDEXES[name], SCRIPT, strict=True)
        for _ in findings
    ]

    assert [one.source for one in result.findings] == sources
    assert dict(result.verdicts) == {"held": 5, "violation": 5, "inconclusive": 1}
    assert (result.notes, result.unread, result.baseline, result.exit_code) == ((), (), None, 1)


def test_the_secret_is_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The bearer token, which is in headers and in a body, stands in nothing that is written."""
    files = [RECORDINGS / f"{name}.har" for name in INDEXES]
    result = check_traffic(*files, fail_on="assumed")
    about = report.About(bundled(), OPERATION, "three recordings")
    as_json, as_text = io.StringIO(), io.StringIO()
    report.write("json", result, about, as_json)
    text.show(result, about, Console(file=as_text, width=200))
    entries = [repr(one) for file in files for one in har.read(file)]
    shown = [as_json.getvalue(), as_text.getvalue(), repr(result), repr(result.findings), *entries]
    recorded = [CANARY in file.read_text(encoding="utf-8") for file in files]

    assert recorded == [True, True, True]
    assert [one[:500] for one in shown if CANARY in one] == []
    assert "$ENKASH_AUTHORIZATION" in as_json.getvalue()
    assert capsys.readouterr() == ("", "")


@pytest.mark.recorder
@pytest.mark.parametrize("name", ["chromium", "firefox", "mitm"])
def test_what_a_recorder_writes_today(name: str, tmp_path: Path) -> None:
    """The recorder, run here and now, writes what was judged above."""
    file = tmp_path / f"{name}.har"
    programs = {
        "chromium": ("chromium", "chromium-browser", "google-chrome"),
        "firefox": ("firefox-esr", "firefox"),
        "mitm": (os.environ.get("MITMDUMP") or "mitmdump",),
    }
    try:
        executable(*programs[name])
    except RecorderError as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))
    recorder = importlib.import_module(f"tests.recorders.{name}")
    with serving() as (base_url, other_url):
        recorder.record(base_url, other_url, file)

    assert list(judged(file).values()) == SCRIPT
    assert CANARY in file.read_text(encoding="utf-8")


# Which entries are looked at


@pytest.mark.parametrize("name", INDEXES)
def test_hosts_are_told_apart(name: str) -> None:
    """The operation's path is enough, unless a host, or host and port, is asked for."""
    file = RECORDINGS / f"{name}.har"
    named = json.loads(file.read_bytes())["log"]["entries"][INDEXES[name][0]]["request"]["url"]
    port = urlsplit(named).port

    def total(host: str | None) -> int:
        return check_traffic(file, host=host).total

    hosts = [None, "127.0.0.1", "127.*", f"127.0.0.1:{port}", f"*:{port}", "example.com", "127.0.0"]
    assert [total(host) for host in hosts] == [11, 11, 11, 10, 10, 0, 0]


def test_a_user_in_the_address_is_no_host(tmp_path: Path) -> None:
    """What stands before the at sign is no part of the host that is asked for."""
    file = written(tmp_path, log(entry({"url": URL.replace("//", "//me:secret@")})))

    assert check_traffic(file, host="api.example").total == 1
    assert check_traffic(file, host="me*").total == 0


@pytest.mark.parametrize(
    ("request_", "total"),
    [
        ({}, 1),
        ({"url": "http://gateway/enkash" + OPERATION.path + "?key=1#x"}, 1),
        ({"method": "post"}, 1),
        ({"method": "GET"}, 1),
        ({"method": "OPTIONS"}, 0),
        ({"url": URL + "/"}, 1),
        ({"url": URL.replace("/v0/", "//v0/")}, 1),
        ({"url": URL.replace("-", "%2D")}, 1),
        ({"url": URL.replace("-", "%2d") + "/"}, 1),
        ({"url": URL.replace("/api", "/API")}, 1),
        ({"url": URL.replace("/v0/", "/v0%2F")}, 0),
        ({"url": URL + "s"}, 0),
        ({"url": "https://api.example/?to=" + OPERATION.path}, 0),
        ({"url": "data:,"}, 0),
    ],
)
def test_uses_of_the_operation(tmp_path: Path, request_: dict[str, Any], total: int) -> None:
    """A use is known by the end of its path, whatever its method; a preflight is none."""
    assert check_traffic(written(tmp_path, log(entry(request_)))).total == total


def test_nothing_found_is_said(tmp_path: Path) -> None:
    """A recording without a use of the operation concludes nothing, and a note says why."""
    file = written(tmp_path, log())

    assert check_traffic(file) == Result(
        notes=(f"no request to {OPERATION.path} is recorded there",)
    )
    assert check_traffic(file).exit_code == 3


def test_an_operation_may_be_named(tmp_path: Path) -> None:
    """Traffic of one operation can be asked for; one that is not there is refused."""
    file = written(tmp_path, log(entry()))

    assert check_traffic(file, operation="changeInvoiceStatus", contract=bundled()).total == 1
    with pytest.raises(UsageError, match="there is no operation 'pay'"):
        check_traffic(file, operation="pay")


def test_the_level_decides_what_is_fatal(tmp_path: Path) -> None:
    """The same finding is an assumption or a violation, as the level has it."""
    example = json.dumps({**OPERATION.request.example, "device": {"tag": {"name": "x"}}})
    file = written(tmp_path, log(entry({"postData": {"text": example}})))

    assert [check_traffic(file, fail_on=level).exit_code for level in ("assumed", "sibling")] == [
        1,
        0,
    ]


# Files and folders


def test_folders_are_searched(tmp_path: Path) -> None:
    """All recordings below a folder are judged, in the order of their names."""
    (tmp_path / "deep" / "er.har").mkdir(parents=True)
    wrong = entry({"postData": {"text": "{}"}})
    names = ["b.har", "a.json", "deep/C.HAR"]
    files = [written(tmp_path, log(wrong), name) for name in names]
    written(tmp_path, "no recording", "notes.txt")
    result = check_traffic(tmp_path)
    sources = dict.fromkeys(one.source for one in result.findings)

    assert list(sources) == [f"{file}:log.entries[0]" for file in sorted(files)]
    assert result == check_traffic(*sorted(files))


def test_an_empty_folder(tmp_path: Path) -> None:
    """A folder without recordings is named with what is looked for; all others are judged."""
    (tmp_path / "empty").mkdir()
    good = written(tmp_path, log(entry()))
    result = check_traffic(tmp_path / "empty", good)

    assert result.unread == (
        f"the folder {tmp_path / 'empty'} holds no recording (.har, .json, .yaml, .yml)",
    )
    assert (dict(result.verdicts), result.exit_code) == ({"held": 1}, 2)


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


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A missing file, and one of a kind that is not read, are named; all others are judged."""
    missing, other = tmp_path / "missing.har", written(tmp_path, "x", "traffic.pcap")
    good = written(tmp_path, log(entry()))
    result = check_traffic(missing, other, good)

    assert result.unread == (
        f"{missing} cannot be read: No such file or directory",
        f"{other} is no recording that is read here; those are .har, .json, .yaml, .yml",
    )
    assert (dict(result.verdicts), result.exit_code) == ({"held": 1}, 2)


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


def test_the_preflight_of_a_browser_is_no_use(tmp_path: Path) -> None:
    """A browser's own question before it speaks to another host says nothing of the client."""
    preflight = entry({"method": "OPTIONS", "postData": None}, {"status": 204})

    assert dict(check_traffic(written(tmp_path, log(preflight, entry()))).verdicts) == {"held": 1}


WORDS = st.sampled_from(
    "log entries request response method url headers status content postData text encoding base64 "
    "mimeType name value _error POST http://[ \ud800".split()
)
LEAVES = st.none() | st.booleans() | st.integers(-1, 600) | st.floats(allow_nan=False) | WORDS
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5)
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Draw an entry some of whose members were replaced by anything, or taken away."""
    made = entry()
    for _ in range(draw(st.integers(1, 3))):
        owner = draw(st.sampled_from([made, made.get("request"), made.get("response")]))
        if isinstance(owner, dict) and owner:
            name = draw(st.sampled_from(sorted(owner)))
            owner[name] = draw(ANYTHING)
            if draw(st.booleans()):
                del owner[name]
    return made


@given(st.lists(damaged() | ANYTHING, max_size=3) | ANYTHING)
def test_no_recording_breaks_the_reader(entries: Any) -> None:
    """Whatever stands in a file, what comes of it is a result."""
    with tempfile.TemporaryDirectory() as folder:
        result = check_traffic(written(Path(folder), {"log": {"entries": entries}}))

    assert result.exit_code in (0, 1, 2, 3)
    assert result.total <= (len(entries) if isinstance(entries, list) else 0)


def test_a_format_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more format is one more reader in the table."""

    def read(path: Path) -> Iterator[Entry]:
        yield Entry(str(path), Interaction(RIGHT, ANSWER))

    monkeypatch.setitem(traffic.FORMATS, ".flow", read)

    assert dict(check_traffic(written(tmp_path, b"", "traffic.flow")).verdicts) == {"held": 1}
