"""HAR: what was found in it is found again, as far as a recording can show it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.judging.result import Result
from enkash_contract.report import words
from enkash_contract.report.build import build
from enkash_contract.report.har import UNKNOWN_TIME
from enkash_contract.traffic import check_traffic
from enkash_contract.traffic import entries as read
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.hostile import hostile, leaky, written
from tests.support.paths import ROOT
from tests.support.results import RESULT, about, finding

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report

OPERATION = bundled().pick()
URL = f"http://h{OPERATION.path}"
JSON = (("Content-Type", "application/json"),)
VALID = json.dumps(OPERATION.request.example).encode()
DONE = b'{"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}'


def entries(whole: Report) -> list[dict[str, Any]]:
    """Return the entries of a report that is written as HAR."""
    return list(json.loads(written("har", whole))["log"]["entries"])


def again(whole: Report, folder: Path) -> Result:
    """Return what the recording of a report shows."""
    file = folder / "written.har"
    file.write_text(written("har", whole), encoding="utf-8")
    return check_traffic(file)


def shown(result: Result) -> list[tuple[str, ...]]:
    """Return what was found, wherever it was."""
    return sorted(
        (each.fingerprint, each.severity, each.fault, each.pointer, each.message)
        for each in result.findings
    )


def judged(*exchanges: Interaction, folder: Path) -> Result:
    """Return what is found in exchanges that were recorded."""
    listed = tuple(finding(interaction=each, source=f"{n}") for n, each in enumerate(exchanges))
    return again(build(Result(listed), about()), folder)


@pytest.mark.parametrize("name", ["chromium.har", "firefox.har", "mitmproxy.har"])
def test_recordings_show_the_same_again(name: str, tmp_path: Path) -> None:
    """Of a recording, all that was found, with the same fingerprints and words."""
    first = check_traffic(ROOT / "tests/recordings" / name)
    second = again(build(first, about()), tmp_path)

    assert shown(second) == shown(first) != []
    assert second.unread == ()
    assert shown(again(build(second, about()), tmp_path)) == shown(first)


def test_the_coverage_is_written_as_well() -> None:
    """The verdict as a comment, and beside the entries each rule as in the JSON report."""
    whole = build(RESULT, about())
    log = json.loads(written("har", whole))["log"]

    assert log["comment"] == f"{words.verdict(whole)} {words.proven(whole)}"
    assert log["_rules"] == json.loads(written("json", whole))["rules"] != []


def test_bodies_are_read_as_they_were(tmp_path: Path) -> None:
    """Also those that are no text, empty, or look like the spelling of another."""
    bodies = [b"\xff\xfe{", b"", b"{}", VALID.hex().encode(), b'"\\ud800"', VALID[:-1], VALID]
    sent = [Interaction(Request("POST", URL, JSON, body), Response(400, JSON)) for body in bodies]
    file = tmp_path / "a.har"
    listed = tuple(finding(interaction=each, source=f"{n}") for n, each in enumerate(sent))
    file.write_text(written("har", build(Result(listed), about())), encoding="utf-8")
    assert [entry.interaction and entry.interaction.request.body for entry in read(file)] == bodies
    assert [entry.problem for entry in read(file)] == [""] * len(bodies)


def test_what_is_beside_a_body_is_read_as_it_was(tmp_path: Path) -> None:
    """A packed body, one without a label, an empty response that was sent in chunks."""
    packed = (*JSON, ("Content-Encoding", "gzip"), ("Content-Length", "9999"))
    chunked = (*JSON, ("Transfer-Encoding", "chunked"))
    fine = judged(
        Interaction(Request("POST", URL, packed, VALID), Response(200, packed, DONE)),
        folder=tmp_path,
    )
    bare = judged(
        Interaction(Request("POST", URL, (), VALID), Response(200, chunked, b"")), folder=tmp_path
    )

    assert (fine.findings, fine.notes, fine.verdicts) == ((), (), {"held": 1})
    assert bare.notes == ()
    assert [each.rule for each in bare.findings] == [
        "response.200#json",
        "request#content-type-present",
    ]


def test_what_was_not_recorded_is_not_there(tmp_path: Path) -> None:
    """No body, no response, or the beginning of a long body alone."""
    long = json.dumps({**OPERATION.request.example, "x": "y" * 70_000}).encode()
    unseen = judged(
        Interaction(Request("POST", URL, JSON, None), Response(200, JSON, None)),
        Interaction(Request("POST", URL, JSON, long), Response(200, JSON, DONE)),
        Interaction(Request("POST", URL, JSON, VALID), None, "timed out"),
        folder=tmp_path,
    )
    assert unseen.findings == ()
    assert unseen.verdicts == {"inconclusive": 3}
    assert "1 response was broken off; " in "".join(unseen.notes)


def test_an_exchange_is_written_once() -> None:
    """With all that was found in it, in the order of causes."""
    found = entries(build(RESULT, about()))
    assert [
        [(each["severity"], each["case"]) for each in entry["_findings"]] for entry in found
    ] == [
        [("violation", "request/b2bIds/buyerB2BId#required/removed")] * 2,
        [("violation", "request#json/empty")],
        [("assumption", "")],
    ]


def test_an_entry_has_all_that_readers_ask_for() -> None:
    """Its times, or those of the run."""
    timed = replace(finding().interaction or UNTIMED, at=1.0, seconds=0.25)
    whole = build(Result((finding(interaction=timed),)), about())
    (entry,) = entries(whole)
    (unknown,) = entries(build(Result((finding(),)), about()))

    assert entry == {
        "startedDateTime": "1970-01-01T00:00:01.000+00:00",
        "time": 250.0,
        "request": {
            "method": "POST",
            "url": "http://h/x",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "queryString": [],
            "postData": {"size": 2, "mimeType": "application/json", "text": "{}"},
            "headersSize": -1,
            "bodySize": 2,
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": "", "text": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 0,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 250.0, "receive": 0},
        "_findings": entry["_findings"],
    }
    assert (unknown["startedDateTime"], unknown["time"]) == (UNKNOWN_TIME, 0)


UNTIMED = Interaction(Request("POST", "http://h"), None)


def test_a_report_without_exchanges_is_a_recording_too() -> None:
    """It has no entries."""
    assert entries(build(Result((finding(interaction=None),)), about())) == []
    assert entries(build(Result(), about())) == []


@pytest.mark.parametrize("whole", [hostile, leaky])
def test_hostile_exchanges_are_read_back(whole: object, tmp_path: Path) -> None:
    """Nothing in them keeps a reader from the others."""
    assert callable(whole)
    assert again(whole(), tmp_path).unread == ()
