"""The reports of `validate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

OVERLAY = "overlay: 1.0.0\ninfo: {title: a, version: '1'}\nactions: []\n"


def written(file: Path, *words: str) -> dict[str, Any]:
    """Return the report of payloads in a file."""
    place = file.with_name("report.json")
    typed("validate", str(file), *words, "--report", f"json={place}")
    data: dict[str, Any] = json.loads(place.read_text())
    return data


def test_each_violation_is_a_finding_with_its_payload(tmp_path: Path) -> None:
    """Nothing secret among it; the command repeats it, and nothing was exercised."""
    file = tmp_path / "a.ndjson"
    file.write_text('{"password": "canary-4711"}\n{}\n', encoding="utf-8")
    report = written(file)
    finding = report["findings"][0]

    assert "canary-4711" not in json.dumps(report)
    assert (report["cases"]["total"], report["cases"]["violations"], report["exit"]) == (2, 2, 1)
    assert report["coverage"]["both"] == 0
    assert report["runs"][0]["command"] == "validate"
    assert finding["source"] == f"{file}:1"
    assert finding["request"]["body"]["text"] == '{"password": "***"}'
    assert finding["reproduce"].endswith(" | enkash-contract validate -")


def test_a_response_is_repeated_from_its_file(tmp_path: Path) -> None:
    """No request is sent for it."""
    file = tmp_path / "a.json"
    file.write_text("{}", encoding="utf-8")
    words = ("--as", "response", "--fail-on", "example")
    finding = written(file, *words)["findings"][0]

    again = f"enkash-contract validate --fail-on example --as response {file}"
    assert (finding["reproduce"], finding["response"]["body"]["text"]) == (again, "{}")


def test_what_cannot_be_read_is_in_the_report(tmp_path: Path) -> None:
    """And with a report on the standard output, the lines for people are beside it."""
    code, out, err = said(
        typed("validate", str(tmp_path / "no"), "-", "--report", "json=-", stdin="{}")
    )
    report = json.loads(out)

    assert (code, report["exit"]) == (2, 2)
    assert len(report["unread"]) == 1
    assert "<stdin>:1: violation " in err
