"""Recorded traffic: what real recorders write, what broken files hold, and what is never shown."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from enkash_contract import report, traffic
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Result
from enkash_contract.report import text
from enkash_contract.report.build import build
from enkash_contract.traffic import check_traffic, detection
from enkash_contract.traffic.entries.entry import Entry
from enkash_contract.wire.message import Interaction, Request, Response
from tests.recorders.processes import RecorderError, executable
from tests.recorders.server import serving
from tests.recorders.traffic_script import CANARY
from tests.support.paths import RECORDINGS
from tests.support.recorded import URL, entry, log, written

if TYPE_CHECKING:
    from pathlib import Path

OPERATION = bundled().pick()

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

BROKEN_OFF = {
    "chromium": "1 response was broken off (net::ERR_ABORTED)",
    "firefox": "1 response was not recorded (status 0)",
    "mitmproxy": "1 response was broken off (Client disconnected.)",
}
"""What each recorder says of the exchange without a response."""


def judged(recording: Path) -> dict[int, Judged]:
    """Judge each use of the operation in a recording by itself, by the number of its entry."""
    found: dict[int, Judged] = {}
    for index, recorded in enumerate(traffic.entries(recording)):
        assert recorded.interaction is not None
        request = recorded.interaction.request
        if request.method != "OPTIONS" and request.path.endswith(OPERATION.path):
            result = judge_record(OPERATION, recorded.interaction)
            ((verdict, _),) = result.verdicts.items()
            told = [(one.check, one.rule, one.severity) for one in result.findings]
            found[index] = (str(verdict), [*told])
    return found


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
    place = f"{file}:log.entries[{INDEXES[name][7]}]"
    assert result.notes == (f"{BROKEN_OFF[name]}; at {place}",)
    assert (result.unread, result.baseline, result.exit_code) == ((), None, 1)


def test_the_secret_is_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The bearer token, which is in headers and in a body, stands in nothing that is written."""
    files = [RECORDINGS / f"{name}.har" for name in INDEXES]
    result = check_traffic(*files, fail_on="assumed")
    about = report.About(bundled(), OPERATION, "three recordings")
    as_json, as_text = io.StringIO(), io.StringIO()
    report.write("json", build(result, about), as_json)
    text.show(result, about, Console(file=as_text, width=200))
    entries = [repr(one) for file in files for one in traffic.entries(file)]
    shown = [as_json.getvalue(), as_text.getvalue(), repr(result), repr(result.findings), *entries]
    recorded = [CANARY in file.read_text(encoding="utf-8") for file in files]

    assert recorded == [True, True, True]
    assert [one[:500] for one in shown if CANARY in one] == []
    assert "$ENKASH_AUTHORIZATION" in as_json.getvalue()
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
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


def test_a_host_that_is_not_recorded_is_told_apart(tmp_path: Path) -> None:
    """The note names the hosts that are recorded, or that there is no such request at all."""
    file = RECORDINGS / "mitmproxy.har"
    (note,) = check_traffic(file, host="nope").notes
    head = f"no request to any of {len(bundled())} operations"
    assert note == (
        f"{head} at nope is recorded there; --host may be 127.0.0.1:32907 or 127.0.0.1:35653"
    )
    empty = tmp_path / "empty.har"
    empty.write_text('{"log": {"entries": []}}')
    assert check_traffic(empty, host="nope").notes == (f"{head} at nope is recorded there",)


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
        notes=(f"no request to any of {len(bundled())} operations is recorded there",),
        recordings=Recordings(files=1),
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
    names = ["a.json", "deep/C.HAR", "d.HAR.gz"]
    packed = gzip.compress(json.dumps(log(wrong)).encode())
    files = [
        written(tmp_path, packed if name.endswith(".gz") else log(wrong), name) for name in names
    ]
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
        f"{tmp_path / 'empty'} is a folder that holds no recording "
        "(.har, .json, .ndjson, .jsonl, .yaml, .yml)",
    )
    assert (dict(result.verdicts), result.exit_code) == ({"held": 1}, 2)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A missing file, and one of a kind that is not read, are named; all others are judged."""
    missing, other = tmp_path / "missing.har", written(tmp_path, "x", "traffic.pcap")
    good = written(tmp_path, log(entry()))
    result = check_traffic(missing, other, good)

    assert result.unread == (
        f"{missing} cannot be read: No such file or directory",
        f"{other} is no recording that is read here; those are {detection.KNOWN}",
    )
    assert (dict(result.verdicts), result.exit_code) == ({"held": 1}, 2)


def test_the_preflight_of_a_browser_is_no_use(tmp_path: Path) -> None:
    """A browser's own question before it speaks to another host says nothing of the client."""
    preflight = entry({"method": "OPTIONS", "postData": None}, {"status": 204})

    assert dict(check_traffic(written(tmp_path, log(preflight, entry()))).verdicts) == {"held": 1}


def test_an_entry_without_an_address(tmp_path: Path) -> None:
    """It may have been one of ours, so a recording that holds it never conforms."""
    file = written(tmp_path, log(entry({"url": ""}), entry()))
    result = check_traffic(file)

    assert result.unread == (
        f"{file}:log.entries[0]: the address was unreadable ('url' is missing)",
    )
    assert (dict(result.verdicts), result.exit_code) == ({"inconclusive": 1, "held": 1}, 2)


def test_an_address_that_cannot_be_taken_apart(tmp_path: Path) -> None:
    """Nothing is raised; it is ours if it holds our path, and its password is not quoted."""
    bad = "http://me:hunter2@["
    other = entry({"url": bad, "headers": 7})
    ours = entry({"url": bad + OPERATION.path})
    file = written(tmp_path, log(other, ours, entry()))
    result = check_traffic(file)

    assert result.unread == (f"{file}:log.entries[1]: the address was unreadable (it is no URL)",)
    assert (dict(result.verdicts), result.exit_code) == ({"inconclusive": 1, "held": 1}, 2)
    assert check_traffic(written(tmp_path, log(other, entry()))).exit_code == 0


METHOD = "1 request method was not recorded: record methods as well"
HEADERS = "1 request header section was not recorded: record headers as well"


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ({"method": None}, [METHOD]),
        ({"headers": None}, [HEADERS]),
        ({"method": 7, "headers": []}, [METHOD, HEADERS]),
    ],
)
def test_what_was_not_recorded_breaks_no_rule(
    tmp_path: Path, missing: dict[str, Any], what: list[str]
) -> None:
    """No request is without a method or any header; the rest of it is judged."""
    valid = written(tmp_path, log(entry(missing)))
    result = check_traffic(valid)

    assert (dict(result.verdicts), result.notes) == (
        {"held": 1},
        tuple(f"{each}; at {valid}:log.entries[0]" for each in what),
    )
    invalid = written(tmp_path, log(entry({**missing, "postData": {"text": "{}"}})))
    assert check_traffic(invalid).exit_code == 1


def test_other_entries_are_left_alone(tmp_path: Path) -> None:
    """However odd they are, nothing is said of what speaks to another address."""
    other = {"url": "https://other.example/collect"}
    odd = [
        entry({**other, "headers": [{"name": "a", "value": None}], "postData": [1]}),
        entry({**other, "method": None}, {"status": "?", "headers": 7}),
        {"request": other, "response": None},
    ]
    alone = check_traffic(written(tmp_path, log(entry())))
    result = check_traffic(written(tmp_path, log(*odd, entry())))

    left = Recordings(read=3, left={"to other addresses": 3})
    assert result == replace(alone, recordings=alone.recordings + left)


def test_a_problem_quotes_no_secret(tmp_path: Path) -> None:
    """What a recorder says of an exchange may hold what was sent in it."""
    label = {"name": "Content-Type", "value": "application/json"}
    token = {"name": "Authorization", "value": "Bearer hunter2-7f"}
    broken = entry({"headers": [label, token]}, {"status": 0}, _error="refused hunter2-7f")
    (note,) = check_traffic(written(tmp_path, log(broken))).notes

    assert note.startswith("1 response was broken off; at ")


def test_the_same_problem_is_told_once(tmp_path: Path) -> None:
    """A recorder that keeps no bodies keeps none of any entry, and one line is enough for that."""
    bare = entry({"postData": None})
    file = written(tmp_path, log(*[bare] * 3, entry({}, {"status": 0})))

    bodies = "request bodies were not recorded: export with content"
    response = "not recorded (status 0)"
    assert check_traffic(file).notes == (
        f"3 {bodies}; at {file}:log.entries[0], [1], [2]",
        f"1 response was {response}; at {file}:log.entries[3]",
    )
    assert check_traffic(file, file).notes == (
        f"6 {bodies}; at {file}:log.entries[0], [1], [2] and 3 more",
        f"2 responses were not recorded; at {file}:log.entries[3], [3]",
    )


def test_an_entry_for_somebody_else_has_no_result() -> None:
    """A cassette holds whatever a test asked for; only our operations are judged."""
    request = Request("GET", "https://bank.example/health")
    read = Entry("tape.yaml", Interaction(request, Response(200)))

    assert traffic.judge(read, [OPERATION]) is None
