"""The result for machines, in the shape that the README describes; version 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from enkash_contract.judging.result import Tally

if TYPE_CHECKING:
    from enkash_contract.judging.result import Finding, Result
    from enkash_contract.report import About

VERSION = 1


def write(result: Result, about: About, stream: TextIO) -> None:
    """Write `result` as one JSON object."""
    json.dump(as_data(result, about), stream, indent=2, ensure_ascii=True)
    stream.write("\n")


def as_data(result: Result, about: About) -> dict[str, Any]:
    """Return `result` as plain data."""
    document = about.contract.document
    return {
        "version": VERSION,
        "document": {"sha256": document.sha256, "overlays": list(document.layers[1:])},
        "target": about.target,
        "exit": result.exit_code,
        "baseline": {"outcome": result.baseline},
        "cases": {
            "total": result.total,
            "held": result.count("held"),
            "violations": result.count("violation"),
            "assumptions": result.count("assumption"),
            "inconclusive": result.count("inconclusive"),
            "masked": result.count("masked"),
            "waived": result.count("waived"),
        },
        "requests": {
            "sent": result.stability.requests,
            "unstable": result.stability.unstable,
            "contradicted": result.stability.contradicted,
        },
        "rules": [
            {
                "id": rule.id,
                "evidence": rule.evidence.as_data(),
                "receiver": rule.receiver.as_data(),
                "accept": _tally(result, rule.id, "accept"),
                "reject": _tally(result, rule.id, "reject"),
            }
            for rule in about.operation.rules.values()
        ],
        "findings": [finding_data(finding, about) for finding in result.findings],
        "waivers": list(result.waivers),
        "notes": [*result.notes, *result.unread],
    }


def finding_data(finding: Finding, about: About) -> dict[str, Any]:
    """Return one finding as plain data."""
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "rule": finding.rule,
        "family": finding.family,
        "case": finding.case,
        "pointer": finding.pointer,
        "evidence": finding.evidence.as_data(),
        "severity": finding.severity,
        "fault": finding.fault,
        "waived": finding.reason or None,
        "message": finding.message,
        "document": str(finding.document),
        "source": finding.source,
        "reproduce": about.reproduction.of(finding),
    }


def _tally(result: Result, rule_id: str, polarity: str) -> dict[str, int]:
    tally = result.tallies.get((rule_id, polarity), Tally())
    return {
        "exercised": tally.exercised,
        "held": tally.held,
        "masked": tally.masked,
        "inconclusive": tally.inconclusive,
    }
