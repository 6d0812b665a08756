"""The command `validate`: what it prints of payloads, and what it exits with."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import enkash_contract as ec
from tests.support.typed_commands import said, typed
from tests.support.workflow_commands import commands

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_valid_payload_passes(tmp_path: Path, payload: Any) -> None:
    """Nothing is printed of a right payload but the counts."""
    file = tmp_path / "right.json"
    file.write_text(json.dumps(payload, indent=2))
    assert said(typed("validate", file)) == (0, "", "1 payload, 0 violations, 0 assumptions\n")


def test_a_violation_points_at_the_line_of_its_member(tmp_path: Path, payload: Any) -> None:
    """The line is that of the member in the file, and the rule's place follows."""
    payload["b2bIds"]["buyerB2BId"] = "\\"
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(payload, indent=2))
    buyer = ec.load().pick().rule("request/b2bIds/buyerB2BId#pattern")
    version = ec.load().pick().rule("request/invoiceStatus/objectVersion/newVersion#minimum")
    assert said(typed("validate", file)) == (
        1,
        f'{file}:9: violation /b2bIds/buyerB2BId must match ^[^\\\\"]{{1,100}}$, '
        f'but it is "\\\\" [{buyer.id}, {buyer.evidence}, {buyer.place}]\n'
        f"{file}:17: assumption /invoiceStatus/objectVersion/newVersion must be at least 1, "
        f"but it is 0 [{version.id}, assumed, {version.place}]\n",
        "1 payload, 1 violation, 1 assumption\n",
    )


def test_assumptions_alone_do_not_fail_unless_asked(payload: Any) -> None:
    """`--fail-on` decides what is a violation."""
    del payload["device"]["tag"]["value"]
    text = json.dumps(payload)
    assert typed("validate", "-", stdin=text).exit_code == 0
    strict = typed("validate", "-", "--fail-on", "assumed", stdin=text)
    assert strict.exit_code == 1
    assert strict.stdout.startswith("<stdin>:1: violation /device/tag/value is required")


def test_lines_hold_payloads(tmp_path: Path, payload: Any) -> None:
    """In .ndjson and .jsonl files each line is a payload, blank lines are none."""
    right = json.dumps(payload)
    for name in ("many.ndjson", "many.jsonl"):
        file = tmp_path / name
        file.write_bytes(f"{right}\r\n\r\n[]\n{{\n{right}".encode())
        code, out, err = said(typed("validate", file))
        lines = [line.split(": ", 1)[0] for line in out.splitlines()]
        assert (code, lines) == (1, [f"{file}:3", f"{file}:4"])
        assert err == "4 payloads, 2 violations, 0 assumptions\n"


def test_an_unreadable_file_does_not_hide_the_rest(tmp_path: Path, payload: Any) -> None:
    """A missing file is one error, and the other files are still validated."""
    right = tmp_path / "right.json"
    right.write_text(json.dumps(payload))
    missing = tmp_path / "missing.json"
    code, out, err = said(typed("validate", missing, right, tmp_path))
    assert (code, out) == (2, "")
    assert err == (
        f"error: {missing}: cannot be read: No such file or directory; name a file that is there\n"
        f"error: {tmp_path}: cannot be read: Is a directory; name a file that is there\n"
        "1 payload, 0 violations, 0 assumptions\n"
    )


def test_control_characters_of_a_payload_never_reach_the_terminal(payload: Any) -> None:
    """What a wrong value holds is shown escaped."""
    payload["invoiceStatus"]["objectId"] = "\x1b[2J\u202e"
    out = typed("validate", "-", stdin=json.dumps(payload)).stdout
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\u202e" in out


def test_responses_are_validated_as_responses() -> None:
    """`--as response` takes the rules of the answer with status 200."""
    right = '{"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}'
    assert typed("validate", "--as", "response", "-", stdin=right).exit_code == 0
    wrong = right.replace("0", '"0"')
    result = typed("validate", "--as", "response", "-", stdin=wrong)
    assert result.exit_code == 1
    assert "[response.200/response_code#type, " in result.stdout


def test_a_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate - <&-` is a mistake like any other."""
    done = subprocess.run(  # noqa: S602 - a shell is needed to close standard input
        f"'{sys.executable}' -m enkash_contract validate - <&-",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: -: there is no standard input; name a file instead\n")


def test_nothing_validated_is_nothing_concluded(tmp_path: Path) -> None:
    """An empty file of payloads is no success."""
    file = tmp_path / "empty.ndjson"
    file.write_text("\n")
    assert said(typed("validate", file)) == (3, "", "0 payloads, 0 violations, 0 assumptions\n")


def test_the_findings_are_one_json_object(tmp_path: Path, payload: Any) -> None:
    """Lines of files of many payloads, what cannot be read, counts and the exit code."""
    del payload["device"]
    many = tmp_path / "many.ndjson"
    many.write_text(f"{json.dumps(payload)}\n\n[]\n")
    missing = tmp_path / "missing.json"
    code, out, err = said(
        typed("validate", "--format", "json", many, missing, "-", stdin='{"b2bIds": {}\n')
    )
    operation = ec.load().pick()
    found = json.loads(out)

    assert code == 2
    assert err == (
        f"error: {missing}: cannot be read: No such file or directory; name a file that is there\n"
        "3 payloads, 3 violations, 0 assumptions\n"
    )
    assert {**found, "document": None, "findings": None} == {
        "version": 1,
        "document": None,
        "operation": "changeInvoiceStatus",
        "as": "request",
        "fail_on": "sibling",
        "exit": 2,
        "counts": {"payloads": 3, "violations": 3, "assumptions": 0, "errors": 1},
        "findings": None,
        "errors": [
            {
                "file": str(missing),
                "message": f"{missing}: cannot be read: No such file or directory; "
                "name a file that is there",
            }
        ],
    }
    assert [(one["file"], one["line"], one["rule"]) for one in found["findings"]] == [
        (str(many), 1, "request/device#required"),
        (str(many), 3, "request#type"),
        ("<stdin>", 2, "request#json"),
    ]
    rule = operation.rule("request/device#required")
    assert found["findings"][0] == {
        "file": str(many),
        "line": 1,
        "pointer": "/device",
        "rule": rule.id,
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "severity": "violation",
        "message": "/device is required, but missing",
        "document": str(rule.place),
    }


def test_a_valid_payload_is_an_empty_list(payload: Any) -> None:
    """The counts say that something was read; the exit code stands inside too."""
    code, out, _ = said(typed("validate", "--format", "json", "-", stdin=json.dumps(payload)))
    found = json.loads(out)
    assert (code, found["exit"], found["findings"], found["errors"]) == (0, 0, [], [])
    assert found["counts"] == {"payloads": 1, "violations": 0, "assumptions": 0, "errors": 0}


def test_a_name_that_is_no_text_is_escaped(tmp_path: Path) -> None:
    """Strict readers of JSON take no half of a character."""
    file = tmp_path / "b\udcffad.json"
    file.write_text("[]")
    (finding,) = json.loads(typed("validate", "--format", "json", file).stdout)["findings"]
    assert finding["file"] == str(tmp_path / "b\\udcffad.json")


def test_github_is_told_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line of each payload; beside JSON, on the standard error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ndjson").write_text("\n[]\n", encoding="utf-8")
    local = typed("validate", "a.ndjson").stdout
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (told,) = commands(typed("validate", "a.ndjson").stdout)
    data = typed("validate", "a.ndjson", "--format", "json")
    asked = typed("validate", "a.ndjson", "--report", "json=-")

    assert [*commands(local)] == []
    assert (told.name, told.properties["file"], told.properties["line"]) == (
        "error",
        "a.ndjson",
        "2",
    )
    assert json.loads(data.stdout)["exit"] == json.loads(asked.stdout)["exit"] == 1
    assert [*commands(data.stderr)] == [*commands(asked.stderr)] == [told]
