"""One exchange is judged alike, whichever program recorded it.

All recorders played the same script, so what Chromium recorded of it is what all others must show:
the same findings with the same fingerprints, the same verdicts and counts. What a recorder could
not play, or does not write down, is named in one table, and nothing else may differ.
"""

from __future__ import annotations

import importlib
import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.traffic import check_traffic
from tests.recorders.processes import RecorderError
from tests.recorders.server import serving
from tests.recorders.traffic_script import STEPS, Step
from tests.support.paths import RECORDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result

OPERATION = bundled().pick()
PLAYED = [step for step in STEPS if step.path == OPERATION.path]
REFERENCE = "chromium.har"

CLIENT, SERVER = "request_schema_conformance", "negative_data_rejection"
ANSWER = "response_schema_conformance"

ABORTED = ("right, aborted by the client",)
PACKED = ("right, answer gzip-compressed, accepted",)
OTHER_HOST = ("right, other host, accepted",)

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "firefox.har": (),
    "mitmproxy.har": (),
    "playwright.har": (),
    "playwright-minimal.har": (),
    "playwright.har.zip": (),
    "playwright-attach/playwright.har": (),
    "vcrpy-requests.yaml": ABORTED,
    "vcrpy-httpx.yaml": ABORTED,
    "vcrpy-aiohttp.yaml": ABORTED,
    "vcrpy4-httpx.yaml": ABORTED,
    "betamax.json": ABORTED,
    "ruby-vcr.yml": ABORTED,
    "go-vcr.yaml": ABORTED,
    "polly.har": ABORTED,
    "newman.json": (),
    "schemathesis.yaml": OTHER_HOST,
    "schemathesis.har": OTHER_HOST,
    "schemathesis.ndjson": OTHER_HOST,
}
"""The steps of the script that a recording does not hold: all that its recorder changes.

Libraries keep an exchange when its response is there, so one that was given up is not kept.
Polly.js would wait for ever. Schemathesis knows one host.
"""

RECORDERS = {
    "vcrpy": ("vcrpy-requests.yaml", "vcrpy-httpx.yaml", "vcrpy-aiohttp.yaml"),
    "betamax": ("betamax.json",),
    "playwright": (
        "playwright.har",
        "playwright-minimal.har",
        "playwright.har.zip",
        "playwright-attach/playwright.har",
    ),
    "polly": ("polly.har",),
    "newman": ("newman.json",),
    "ruby_vcr": ("ruby-vcr.yml",),
    "go_vcr": ("go-vcr.yaml",),
    "schemathesis": ("schemathesis.yaml", "schemathesis.har", "schemathesis.ndjson"),
}
"""The recordings that each module of `tests.recorders` writes into a folder."""

Told = tuple[str, str, str, str, str]
"""Fingerprint, check, rule, severity and fault of a finding."""


def told(finding: Finding) -> Told:
    """Return all of a finding that does not depend on who recorded it."""
    named = (finding.check, finding.rule, finding.severity, finding.fault)
    return (finding.fingerprint, *named)


def counted(result: Result) -> dict[str, Any]:
    """Return all of a result that does not depend on who recorded it."""
    return {
        "findings": Counter(map(told, result.findings)),
        "verdicts": dict(result.verdicts),
        "tallies": dict(result.tallies),
        "requests": dict(result.requests),
        "exercises": dict(result.exercises),
        "unread": result.unread,
        "exit code": result.exit_code,
    }


def reference_without(left_out: tuple[str, ...], folder: Path) -> Path:
    """Write what Chromium recorded, without some steps of the script."""
    recording = json.loads((RECORDINGS / REFERENCE).read_bytes())
    dropped = [step for step in STEPS if step.name in left_out]
    entries = recording["log"]["entries"]
    base = entries[0]["request"]["url"].partition("/?")[0]
    recording["log"]["entries"] = [
        entry for entry in entries if not any(is_of(entry, step, base) for step in dropped)
    ]
    assert len(recording["log"]["entries"]) == len(entries) - len(dropped)
    file = folder / "reference.har"
    file.write_text(json.dumps(recording), encoding="utf-8")
    return file


def is_of(entry: dict[str, Any], step: Step, base: str) -> bool:
    """Return whether an entry is what a step of the script sent."""
    sent = entry["request"]
    body = sent.get("postData", {})
    there = sent["url"].startswith(base) != step.other_host
    return (
        there
        and (sent["method"], body.get("text")) == (step.method, step.body)
        and body["mimeType"] == step.content_type
    )


def test_the_reference_is_known() -> None:
    """The recording that others are compared with shows each fault that the script has."""
    result = check_traffic(RECORDINGS / REFERENCE)

    assert [told(finding)[1:] for finding in result.findings] == [
        (CLIENT, "request/b2bIds/buyerB2BId#required", "violation", "client"),
        (CLIENT, "request/invoiceStatus/supplierRemarks#required", "violation", "client"),
        (SERVER, "request/invoiceStatus/supplierRemarks#required", "violation", "server"),
        ("not_a_server_error", "response#status", "violation", "server"),
        (CLIENT, "request#content-type", "violation", "client"),
        (ANSWER, "response.200/response_code#type", "violation", "server"),
    ]
    assert dict(result.verdicts) == {"held": 5, "violation": 5, "inconclusive": 1}
    assert result.total == len(PLAYED)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_recording_agrees_with_all_others(name: str, tmp_path: Path) -> None:
    """The whole script shows the same, but for the steps that its recorder left out."""
    expected = check_traffic(reference_without(LEFT_OUT[name], tmp_path))

    assert counted(check_traffic(RECORDINGS / name)) == counted(expected)


def test_one_exchange_has_the_same_fingerprints() -> None:
    """The invalid request that was accepted, recorded many times over, is the same two findings."""
    fingerprints = {}
    for name in (REFERENCE, *LEFT_OUT):
        findings = check_traffic(RECORDINGS / name).findings
        fingerprints[name] = [
            finding.fingerprint
            for finding in findings
            if finding.interaction is not None
            and b"ACCEPT-ME-ANYWAY" in (finding.interaction.request.body or b"")
        ]
    assert len(fingerprints) >= 19
    assert set(map(tuple, fingerprints.values())) == {("8d4ac36f515d", "cb2252fdfc94")}


def test_bodies_that_a_recorder_drops_are_not_judged() -> None:
    """Of what vcrpy 4 keeps of aiohttp, nothing is held against a client that sent objects."""
    file = RECORDINGS / "vcrpy4-aiohttp.yaml"
    result = check_traffic(file)

    assert dict(result.verdicts) == {"held": 1, "violation": 3, "inconclusive": 6}
    assert [told(finding)[1:] for finding in result.findings] == [
        ("not_a_server_error", "response#status", "violation", "server"),
        (CLIENT, "request#content-type", "violation", "client"),
        (ANSWER, "response.200/response_code#type", "violation", "server"),
    ]
    assert result.notes[0].startswith("8 request bodies were not recorded: ")


def test_a_log_of_a_gateway_agrees(tmp_path: Path) -> None:
    """The log of nginx breaks the packed answer, which it writes as text; nothing else differs."""
    expected = counted(check_traffic(reference_without(PACKED, tmp_path)))
    found = check_traffic(RECORDINGS / "nginx.ndjson", profile="nginx")
    log = "nginx.ndjson"

    assert counted(found)["findings"] == expected["findings"]
    assert dict(found.verdicts) == {"held": 4, "violation": 5, "inconclusive": 2}
    assert [note.partition(log)[2] for note in found.notes] == [":11", ":13"]


@pytest.mark.parametrize(
    ("name", "title"),
    [("nock.json", "nock"), ("responses.yaml", "responses"), ("wiremock.json", "WireMock")],
)
def test_what_recorders_of_stubs_write_is_refused(name: str, title: str) -> None:
    """It says what is to be answered, and nothing of it was ever sent."""
    (problem,) = check_traffic(RECORDINGS / name).unread

    assert problem.startswith(f"{RECORDINGS / name} holds stubs of {title}, ")


@pytest.mark.parametrize("name", [REFERENCE, *LEFT_OUT])
def test_every_inconclusive_result_has_a_note(name: str) -> None:
    """Where nothing was concluded of an exchange, the recording's notes say why."""
    result = check_traffic(RECORDINGS / name)

    assert bool(result.verdicts.get("inconclusive")) == bool(result.notes)


@pytest.mark.slow
@pytest.mark.recorder
@pytest.mark.parametrize("recorder", RECORDERS)
def test_what_is_recorded_today_is_alike(recorder: str, tmp_path: Path) -> None:
    """The recorder, run here and now, writes what shows the same as the recording that is kept."""
    names = RECORDERS[recorder]
    module = importlib.import_module(f"tests.recorders.{recorder}")
    destination = tmp_path if names[1:] else tmp_path / names[0]
    try:
        with serving() as (base_url, other_url):
            module.record(base_url, other_url, destination)
    except RecorderError as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))
    for name in names:
        found, kept = check_traffic(tmp_path / name), check_traffic(RECORDINGS / name)
        assert counted(found) == counted(kept)
