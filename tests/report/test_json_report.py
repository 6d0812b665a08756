"""The report for machines: every member, in its order, as plain ASCII."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from enkash_contract import report
from enkash_contract.contract.contract import bundled, load
from enkash_contract.judging.result import Result
from enkash_contract.report import json_report
from enkash_contract.report.build import build
from tests.support.results import NOTE, PATTERN, RESULT, WEAK, about, finding

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "total": 11,
    "held": 5,
    "violations": 3,
    "assumptions": 1,
    "inconclusive": 2,
    "masked": 0,
    "waived": 0,
}

NONE = {"exercised": 0, "held": 0, "masked": 0, "inconclusive": 0}


def data() -> dict[str, Any]:
    """Return the report of a result with findings of each kind."""
    return json_report.as_data(build(RESULT, about()))


def test_the_shape_of_a_finding() -> None:
    """Every member, with its value: those of version 1, and what was sent and came back."""
    made = data()
    run = made["runs"][0]["id"]
    violation, weak = made["causes"]
    command = (
        "curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{}'"
    )
    told = {
        "fingerprint": finding().fingerprint,
        "check": "negative_data_rejection",
        "operation": "changeInvoiceStatus",
        "rule": "request/b2bIds/buyerB2BId#required",
        "family": "required/removed",
        "case": "request/b2bIds/buyerB2BId#required/removed",
        "pointer": "/b2bIds/buyerB2BId",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "severity": "violation",
        "fault": "server",
        "cause": violation["id"],
        "waived": None,
        "message": "accepted, although /b2bIds/buyerB2BId is required, but missing",
        "expected": "rejected, because /b2bIds/buyerB2BId is required, but missing",
        "actual": "accepted with status 200",
        "document": "openapi/enkash.yaml:227",
        "source": "http://h",
        "reproduce": command,
        "run": run,
        "time": None,
        "seconds": None,
        "correlation": {},
        "request": {
            "method": "POST",
            "url": "http://h/x",
            "headers": [["Content-Type", "application/json"]],
            "body": {"text": "{}", "encoding": "utf-8", "size": 2, "cut": False},
        },
        "response": {
            "status": 200,
            "headers": [],
            "body": {"text": "", "encoding": "utf-8", "size": 0, "cut": False},
        },
        "error": None,
    }
    changed = {
        "fingerprint": WEAK.fingerprint,
        "rule": "response.4XX/payload#required",
        "family": "",
        "case": "",
        "evidence": {"level": "assumed", "source": None},
        "severity": "assumption",
        "cause": weak["id"],
        "message": "in the response,\n\x1b[1m it is \ud800",
        "expected": "rejected, because in the response,\n\x1b[1m it is \ud800",
        "source": "log.har:log.entries[3]",
    }
    other = {
        "case": "request#json/empty",
        "message": "[bold]other[/bold]",
        "expected": "rejected, because [bold]other[/bold]",
    }

    assert made["findings"] == [told | changed, told, told, told | other]


def test_the_shape_of_the_rest() -> None:
    """Verdicts, causes, operations and what people should know."""
    made = data()
    of_cause = {
        "id": "55486c4b57fb",
        "sentence": "requests without a required member are accepted",
        "severity": "violation",
        "fault": "server",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "count": 3,
        "members": ["/b2bIds/buyerB2BId"],
        "operations": ["changeInvoiceStatus"],
        "samples": [1, 2, 3],
        "repeat": made["findings"][1]["reproduce"],
        "valid": None,
    }
    document = {"sha256": bundled().document.sha256, "overlays": []}

    assert made["document"] == document
    assert (made["version"], made["target"], made["exit"]) == (2, "http://h [x]", 2)
    assert made["baseline"] == {"outcome": "accepted"}
    assert made["cases"] == CASES
    assert made["requests"] == {"sent": 0, "unstable": 0, "contradicted": 0}
    assert made["coverage"] == {"rules": 64, "accept": 1, "reject": 2, "both": 1}
    assert made["operations"] == [
        {
            "id": "changeInvoiceStatus",
            "method": "POST",
            "path": "/api/v0/invoice/req-status-change-invoice",
            "summary": "Change the status of an invoice",
            "cases": CASES,
            "accept": NONE,
            "reject": NONE,
            "durations": [[250, 1], [1500, 2]],
        }
    ]
    assert made["causes"][0] == of_cause
    assert (made["waivers"], made["promises"]) == ([], [])
    assert (made["notes"], made["unread"]) == ([NOTE, "x.har is not HAR"], ["x.har is not HAR"])


def test_the_shape_of_a_rule() -> None:
    """Each rule with its evidence, and what came of the requests that exercise it."""
    made = {rule["id"]: rule for rule in data()["rules"]}
    sibling = {"level": "sibling", "source": "api-10664764"}

    assert list(made) == list(bundled().pick().rules)
    assert made[PATTERN] == {
        "id": PATTERN,
        "operation": "changeInvoiceStatus",
        "pointer": "/b2bIds/buyerB2BId",
        "keyword": "pattern",
        "demands": r'must match ^[^\\"]{1,100}$',
        "document": made[PATTERN]["document"],
        "evidence": sibling,
        "receiver": sibling,
        "state": "held",
        "covered": ["accept", "reject", "both"],
        "accept": {
            "exercised": 2,
            "held": 2,
            "masked": 0,
            "inconclusive": 0,
            "state": "held",
            "on_bound": 1,
            "cases": 0,
            "families": {
                "baseline": NONE | {"exercised": 1, "held": 1},
                "pattern/c": NONE | {"exercised": 1, "held": 1},
            },
        },
        "reject": {
            "exercised": 6,
            "held": 4,
            "masked": 2,
            "inconclusive": 1,
            "state": "held",
            "on_bound": 4,
            "cases": 0,
            "families": {
                "pattern/a": {"exercised": 5, "held": 4, "masked": 1, "inconclusive": 0},
                "pattern/b": {"exercised": 1, "held": 0, "masked": 1, "inconclusive": 1},
            },
        },
        "responses": 0,
        "violations": 0,
        "others": 0,
        "breakable": True,
    }
    assert made["request#encoding"]["receiver"] == {"level": "assumed", "source": None}
    assert made["request/device#required"]["state"] == "not exercised"
    assert made["response.4XX/payload#required"]["state"] == "broken"
    assert made["response.4XX/payload#type"]["state"] == "held"
    assert made["response.200#type"]["state"] == "not exercised"


def test_the_order_of_the_members() -> None:
    """People read the file too: what decides stands first."""
    assert (
        list(data())
        == (
            "version document target exit baseline cases requests coverage runs operations causes "
            "findings rules sources sandboxes waivers promises notes unread"
        ).split()
    )


def test_the_report_is_written_as_plain_ascii() -> None:
    """One JSON object and a line's end; what is no text survives as an escape."""
    stream = io.StringIO()
    report.write("json", build(RESULT, about()), stream)
    content = stream.getvalue()

    assert json.loads(content) == data()
    assert content.isascii()
    assert content.endswith("\n}\n")


def test_overlays_are_named(tmp_path: Path) -> None:
    """A report says which overlays lay on the document when it was made."""
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: '1'}\n"
        "actions:\n"
        "  - target: $.info\n"
        "    update: {summary: mine}\n",
        encoding="utf-8",
    )

    made = json_report.as_data(build(Result(), about(load(overlay))))
    assert made["document"] == made["runs"][0]["document"]
    assert made["document"] == {"sha256": bundled().document.sha256, "overlays": [str(overlay)]}
