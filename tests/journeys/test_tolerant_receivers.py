"""Servers that are tolerant where nothing published forbids it, and clients that rely on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.wire.message import JSON, Request
from tests.support import tolerant
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

PATH = tolerant.PATH
OF_THE_WIRE = {"request#content-type", "request#encoding", "request#json"}


@pytest.fixture(scope="module")
def checked() -> ec.Result:
    """Return what is found in a tolerant server."""
    return ec.check_target(tolerant.server())


def test_a_tolerant_server_conforms(checked: ec.Result) -> None:
    """What it accepts is listed, and held against nobody."""
    assert (checked.exit_code, checked.violations) == (0, ())
    assert {finding.rule for finding in checked.assumptions} >= OF_THE_WIRE


def test_it_was_as_tolerant_as_the_suite_can_ask_for(checked: ec.Result) -> None:
    """Or the verdict would say little: every label, every bad byte, and every dialect."""
    accepted = {finding.case for finding in checked.assumptions}
    asked = {
        case.id
        for case in ec.cases()
        if case.polarity == "reject" and case.rule.id in OF_THE_WIRE and case.id not in accepted
    }
    # Another format is none of its tricks, nor is depth.
    assert {case.partition("/")[2] for case in asked} == {
        "form-body",
        "xml-body",
        "doubled-colon",
        "truncated",
        "last-byte-missing",
        "empty",
        "empty-without-length",
        "blank",
        "nested-deeply",
    }


@pytest.mark.parametrize(
    ("crash", "rule"),
    [
        (r"\xff", "request#encoding"),
        (r"NaN", "request#json"),
        (r"/\*", "request#json"),
        (r"^<\?xml", "request#content-type"),
    ],
)
def test_a_crash_is_no_tolerance(crash: str, rule: str) -> None:
    """What nobody has to reject nobody may fail on, either."""
    result = ec.check_target(tolerant.server(crash=crash), only=[rule])
    assert result.exit_code == 1
    assert {(found.check, found.rule) for found in result.violations} == {
        ("not_a_server_error", rule)
    }


def test_a_tolerant_server_with_a_defect_is_at_fault() -> None:
    """Its tolerance hides nothing: the member that it does not look at is named, and no other."""
    result = ec.check_target(tolerant.server(tolerant.without_number))
    assert result.exit_code == 1
    assert {found.pointer for found in result.violations} == {
        "/invoiceStatus/supplierInvoiceNumber"
    }


def test_a_server_that_counts_in_utf16_conforms() -> None:
    """A hundred characters beyond U+FFFF are two hundred to JavaScript, and no page forbids it."""
    only = ["request/b2bIds/*", "request/invoiceStatus/*"]
    result = ec.check_target(tolerant.server(tolerant.in_utf16), only=only, fuzz=100, seed=1)
    assert (result.exit_code, result.violations) == (0, ())
    rejected = {found.case for found in result.assumptions if found.family != ""}
    assert "request/b2bIds/buyerB2BId#pattern/longest-in-astral" in rejected


def har(*bodies: bytes | str, label: str = JSON) -> str:
    """Return a recording of these bodies, each of them accepted."""
    accepted = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
    return json.dumps(
        {
            "log": {
                "entries": [
                    {
                        "request": {
                            "method": "POST",
                            "url": f"http://h{PATH}",
                            "headers": [{"name": "Content-Type", "value": label}],
                            "postData": {"mimeType": label, "text": body},
                        },
                        "response": {
                            "status": 200,
                            "headers": [{"name": "Content-Type", "value": JSON}],
                            "content": {"mimeType": JSON, "text": json.dumps(accepted)},
                        },
                    }
                    for body in bodies
                ]
            }
        }
    )


@pytest.mark.parametrize(
    ("change", "label", "rule", "fault"),
    [
        (("}}}", "}},}"), JSON, "request#json", "assumption"),
        (("}}}", "}}} "), "text/plain", "request#content-type", "assumption"),
        (("}}}", "}}"), JSON, "request#json", "violation"),
        (("GEOCODE", "\\ud800"), JSON, "request#encoding", "assumption"),
    ],
)
def test_a_client_that_is_tolerated_breaks_the_rule_all_the_same(
    tmp_path: Path,
    payload: Any,
    change: tuple[str, str],
    label: str,
    rule: str,
    fault: str,
) -> None:
    """In a recording, the client is at fault by the rule, and the server by what it had to do."""
    body = json.dumps(payload, separators=(",", ":"))
    body = (
        body[: body.rindex(change[0])] + change[1] + body[body.rindex(change[0]) + len(change[0]) :]
    )
    file = tmp_path / "recorded.har"
    file.write_text(har(body, label=label), encoding="utf-8")
    result = ec.check_traffic(file)
    assert {(found.check, found.rule, found.severity) for found in result.findings} == {
        ("request_schema_conformance", rule, "violation"),
        ("negative_data_rejection", rule, fault),
    }
    raw = Request("POST", f"http://h{PATH}", (("Content-Type", label),), body.encode())
    with pytest.raises(ec.ContractViolated):
        ec.validate_request(raw)


def test_a_partner_may_know_that_a_receiver_rejects(tmp_path: Path) -> None:
    """An overlay says so, and the same server is at fault."""
    overlay = tmp_path / "strict.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: Strict, version: 1.0.0}\nactions:\n"
        f"  - target: $.paths['{PATH}'].post.requestBody.content['application/json']\n"
        "    update:\n"
        "      x-evidence:\n"
        "        content-type: documented change-invoice-status; receiver confirmed\n",
        encoding="utf-8",
    )
    contract = ec.load(overlay)
    result = ec.check_target(tolerant.server(), contract=contract, only=["request#content-type"])
    assert {str(found.evidence) for found in result.violations} == {f"confirmed ({overlay})"}
    code, out, _ = said(typed("explain", "request#content-type", "--overlay", str(overlay)))
    assert (code, f"  receiver  confirmed ({overlay})\n" in out) == (0, True)
