"""A redacted recording has the same format and the same verdicts, and nobody is known by it."""

from __future__ import annotations

import gzip
import json
import tarfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import enkash_contract as ec
from enkash_contract.traffic.gateways.profiles import chosen
from enkash_contract.traffic.redacting.messages import Messages
from enkash_contract.traffic.redacting.recordings import DIFFERENT, OTHER, Redacted, Redactor
from enkash_contract.traffic.redacting.texts import Texts
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OPERATIONS = [ec.load().pick()]
RECORDED = ROOT / "tests" / "recordings"
FILES = sorted(
    file.name
    for file in RECORDED.iterdir()
    if file.suffix in (".har", ".yaml", ".yml", ".json", ".ndjson", ".zip")
    and file.name not in ("nginx.ndjson", "nock.json", "responses.yaml", "wiremock.json")
)
KNOWN = (b"canary", b"BUYER-", b"SUPPLIER", b"ACME", b"127.0.0.1", b"12.9716")


def _redactor(salt: bytes = b"salt") -> Redactor:
    return Redactor(OPERATIONS, Messages(OPERATIONS, Texts(OPERATIONS, salt)))


def _shown(path: Path) -> Any:
    result = ec.check_traffic(path, operation=OPERATIONS[0].id)
    fingerprints = sorted((each.fingerprint, each.severity) for each in result.findings)
    return fingerprints, result.verdicts


@pytest.mark.parametrize("name", FILES)
def test_each_recorder_s_file_is_judged_alike(name: str, tmp_path: Path) -> None:
    """And holds nothing of what was recorded."""
    target = tmp_path / name
    found = _redactor().redact(RECORDED / name, target)
    assert found.written
    assert (found.unread, set(found.left) - {OTHER}) == ([], set())
    assert _shown(target) == _shown(RECORDED / name)
    text = target.read_bytes()
    assert [known for known in KNOWN if known in text] == []
    assert target.stat().st_mode & 0o077 == 0


def test_equal_things_stay_equal(tmp_path: Path) -> None:
    """In two recordings of one run, and by one salt."""
    redactor = _redactor()
    first, second, other = (tmp_path / name for name in ("1.har", "2.har", "3.har"))
    redactor.redact(RECORDED / "chromium.har", first)
    _redactor().redact(RECORDED / "chromium.har", second)
    _redactor(b"other").redact(RECORDED / "chromium.har", other)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
    entries = json.loads(first.read_text())["log"]["entries"]
    buyers = {
        json.loads(entry["request"]["postData"]["text"]).get("b2bIds", {}).get("buyerB2BId")
        for entry in entries
        if entry["request"]["postData"]["text"].startswith("{")
    }
    recorded = {
        json.loads(entry["request"]["postData"]["text"]).get("b2bIds", {}).get("buyerB2BId")
        for entry in json.loads((RECORDED / "chromium.har").read_text())["log"]["entries"]
        if "req-status-change-invoice" in entry["request"]["url"]
        and entry["request"].get("postData", {}).get("text", "").startswith("{")
    }
    assert len(buyers) == len(recorded)


def test_a_file_that_breaks_off_is_read_so_far(tmp_path: Path) -> None:
    """What cannot be read is named."""
    whole = (RECORDED / "chromium.har").read_bytes()
    (tmp_path / "in.har").write_bytes(whole[: len(whole) // 2])
    found = _redactor().redact(tmp_path / "in.har", tmp_path / "out.har.gz")
    assert found.written
    assert len(found.unread) == 1
    entries = json.loads(gzip.decompress((tmp_path / "out.har.gz").read_bytes()))["log"]["entries"]
    assert len(entries) == found.written


def test_an_entry_without_an_address_is_named(tmp_path: Path) -> None:
    """It may have been one of ours."""
    entries = [{"request": {"method": "POST"}, "response": {"status": 200}}]
    (tmp_path / "in.har").write_text(json.dumps({"log": {"entries": entries}}))
    found = _redactor().redact(tmp_path / "in.har", tmp_path / "out.har")
    assert found == Redacted(0, unread=found.unread)
    assert "in.har:log.entries[0]" in found.unread[0]
    assert not (tmp_path / "out.har").exists()


@pytest.mark.parametrize("name", ["out.zip", "out.har", "out.ndjson.gz"])
def test_an_archive_of_different_formats_becomes_lines(name: str, tmp_path: Path) -> None:
    """Each in its own format but Newman's, which are none."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for each in ("chromium.har", "vcrpy-requests.yaml", "newman.json"):
            archive.write(RECORDED / each, f"acme/{each}")
    found = _redactor().redact(tmp_path / "in.zip", tmp_path / name)
    assert (found.written, found.unread, set(found.left)) == (32, [], {OTHER})
    assert _shown(tmp_path / name) == _shown(tmp_path / "in.zip")


def test_an_archive_of_one_format_becomes_one_file_of_it(tmp_path: Path) -> None:
    """Though there were several."""
    with tarfile.open(tmp_path / "in.tar.gz", "w:gz") as archive:
        for name in ("1.yaml", "2.yaml"):
            archive.add(RECORDED / "go-vcr.yaml", name)
    found = _redactor().redact(tmp_path / "in.tar.gz", tmp_path / "out.yaml")
    assert found.written == 20
    assert len(yaml.safe_load((tmp_path / "out.yaml").read_text())["interactions"]) == 20


@pytest.mark.parametrize("name", ["out.yaml", "out.json"])
def test_the_second_format_of_go_vcr_stays_the_second(name: str, tmp_path: Path) -> None:
    """Its later versions read no other."""
    cassette = yaml.safe_load((RECORDED / "go-vcr.yaml").read_text())
    for number, interaction in enumerate(cassette["interactions"]):
        interaction["id"] = number
    second = {**cassette, "version": 2}
    is_yaml = name.endswith(".yaml")
    text = yaml.safe_dump(second) if is_yaml else json.dumps(second, default=str)
    (tmp_path / f"in-{name}").write_text(text)
    _redactor().redact(tmp_path / f"in-{name}", tmp_path / name)
    assert yaml.safe_load((tmp_path / name).read_text())["version"] == 2


def test_an_archive_that_is_none_is_told(tmp_path: Path) -> None:
    """As anywhere else."""
    (tmp_path / "in.zip").write_bytes(b"PK\x03\x04")
    found = _redactor().redact(tmp_path / "in.zip", tmp_path / "out.har")
    assert found == Redacted(0, unread=found.unread)
    assert "cannot be read as a zip" in found.unread[0]


PATHS = {
    "request.url": "$.calls[1].to",
    "request.method": "$.calls[0]",
    "request.body": "$.sent",
    "request.headers": "$.head",
    "response.status": "$.code",
    "at": "$.when",
}


@pytest.mark.parametrize(
    ("more", "is_own"), [({}, False), ({"response.body": "$..received"}, True)]
)
def test_a_log_stays_one(more: dict[str, str], is_own: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the test
    """Unless one of its paths only searches; then it becomes our own interactions."""
    line = {
        "calls": ["POST", {"to": f"https://acme.example{OPERATIONS[0].path}", "by": "acme"}],
        "sent": json.dumps(OPERATIONS[0].request.example),
        "head": {"Content-Type": "application/json", "X-Acme": ["acme", "acme"]},
        "code": 500,
        "received": "acme",
        "when": 1_700_000_000_000,
    }
    (tmp_path / "in.ndjson").write_text(json.dumps(line))
    mapping = {**PATHS, **more}
    formats = chosen(None, None, mapping)
    redactor = replace(_redactor(), formats=formats)
    found = redactor.redact(tmp_path / "in.ndjson", tmp_path / "out.ndjson")
    assert found == Redacted(1)
    text = (tmp_path / "out.ndjson").read_text()
    assert "acme" not in text.lower().replace("x-acme", "")
    shown = [
        ec.check_traffic(tmp_path / name, mapping=None if own else mapping)
        for name, own in (("in.ndjson", False), ("out.ndjson", is_own))
    ]
    assert shown[0].verdicts == shown[1].verdicts
    assert ("calls" in json.loads(text)) is not is_own


def test_what_would_be_judged_otherwise_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here because all bodies are replaced by the same."""
    monkeypatch.setattr(Messages, "body", lambda *_: b"{}")
    found = _redactor().redact(RECORDED / "chromium.har", tmp_path / "out.har")
    assert found.left[DIFFERENT] > 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", "[{line}]"),
        ("lines.ndjson", "{line}\n{line}\n"),
        ("documents.yaml", "---\n{line}\n---\n{line}\n"),
        ("list.yaml", "- {line}\n- {line}\n"),
    ],
)
def test_whatever_holds_interactions_holds_them_afterwards(
    name: str, text: str, tmp_path: Path
) -> None:
    """A list, lines, or documents."""
    line = json.dumps(
        {
            "request": {
                "method": "POST",
                "url": f"https://h.example{OPERATIONS[0].path}",
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "body": json.dumps(OPERATIONS[0].request.example),
            },
            "response": {"status": 500, "body": ""},
        }
    )
    (tmp_path / name).write_text(text.replace("{line}", line))
    out = tmp_path / f"out-{name}"
    found = _redactor().redact(tmp_path / name, out)
    assert found.written == text.count("{line}")
    assert _shown(out) == _shown(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("there.har", "is there already; name another file"),
        ("no/folder.har", "cannot be written: No such file or directory"),
    ],
)
def test_a_place_that_cannot_be_written_is_told(name: str, problem: str, tmp_path: Path) -> None:
    """Nothing is written over."""
    (tmp_path / "there.har").write_text("kept")
    with pytest.raises(ec.UsageError) as caught:
        _redactor().redact(RECORDED / "chromium.har", tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name} {problem}"
    assert (tmp_path / "there.har").read_text() == "kept"
