"""The result for machines: every member, in its order, as plain ASCII."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from enkash_contract import report
from enkash_contract.contract.contract import bundled, load
from enkash_contract.judging.result import Result
from enkash_contract.report import json_report
from tests.support.results import NOTE, RESULT, WEAK, about, finding

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shape_for_machines() -> None:
    """Every member of the report, with its value; nothing more and nothing less."""
    made = json_report.as_data(RESULT, about())
    rules = {one["id"]: one for one in made.pop("rules")}
    command = (
        "curl -sS -i -X POST http://h/x -H 'Content-Type: application/json' --data-binary '{}'"
    )
    told = {
        "fingerprint": finding().fingerprint,
        "check": "negative_data_rejection",
        "rule": "request/b2bIds/buyerB2BId#required",
        "family": "required/removed",
        "case": "request/b2bIds/buyerB2BId#required/removed",
        "pointer": "/b2bIds/buyerB2BId",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "severity": "violation",
        "fault": "server",
        "waived": None,
        "message": "accepted, although /b2bIds/buyerB2BId is required, but missing",
        "document": "openapi/enkash.yaml:227",
        "source": "http://h",
        "reproduce": command,
    }
    weak = {
        "fingerprint": WEAK.fingerprint,
        "rule": "response.4XX/payload#required",
        "family": "",
        "case": "",
        "evidence": {"level": "assumed", "source": None},
        "severity": "assumption",
        "message": "in the response,\n\x1b[1m it is \ud800",
        "source": "log.har:log.entries[3]",
    }
    other = {"case": "request#json/empty", "message": "[bold]other[/bold]"}

    assert made == {
        "version": 1,
        "document": {"sha256": bundled().document.sha256, "overlays": []},
        "target": "http://h [x]",
        "exit": 2,
        "baseline": {"outcome": "accepted"},
        "cases": {
            "total": 11,
            "held": 5,
            "violations": 3,
            "assumptions": 1,
            "inconclusive": 2,
            "masked": 0,
            "waived": 0,
        },
        "requests": {"sent": 0, "unstable": 0, "contradicted": 0},
        "waivers": [],
        "findings": [told | weak, told, told, told | other],
        "notes": [NOTE, "x.har is not HAR"],
    }
    assert list(rules) == list(bundled().pick().rules)
    assert rules["request/b2bIds/buyerB2BId#pattern"] == {
        "id": "request/b2bIds/buyerB2BId#pattern",
        "evidence": {"level": "sibling", "source": "api-10664764"},
        "receiver": {"level": "sibling", "source": "api-10664764"},
        "accept": {"exercised": 2, "held": 2, "masked": 0, "inconclusive": 0},
        "reject": {"exercised": 6, "held": 4, "masked": 2, "inconclusive": 1},
    }
    assert rules["request#encoding"]["receiver"] == {"level": "assumed", "source": None}
    assert set(rules["request/device#required"]["accept"].values()) == {0}


def test_the_order_of_the_members() -> None:
    """People read the file too: what decides stands first."""
    made = json_report.as_data(RESULT, about())

    assert list(made) == (
        "version document target exit baseline cases requests rules findings waivers notes".split()
    )
    assert list(made["findings"][0]) == (
        "fingerprint check rule family case pointer evidence severity fault waived message "
        "document source reproduce".split()
    )


def test_the_report_is_written_as_plain_ascii() -> None:
    """One JSON object and a line's end; what is no text survives as an escape."""
    stream = io.StringIO()
    report.write("json", RESULT, about(), stream)
    content = stream.getvalue()

    assert json.loads(content) == json_report.as_data(RESULT, about())
    assert content.isascii()
    assert content.endswith("}\n")


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

    assert json_report.as_data(Result(), about(load(overlay)))["document"] == {
        "sha256": bundled().document.sha256,
        "overlays": [str(overlay)],
    }
