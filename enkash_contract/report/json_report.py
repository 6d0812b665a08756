"""The report for machines: version 2, in the shape that `schema/report.schema.json` describes.

What is large is in one line each (a finding, a cause, a rule), so that a report can be searched by
line, and is written fast.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from enkash_contract.judging.result import RECORDED, VOUCHED
from enkash_contract.report.coverage import SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.judging.result import Tally
    from enkash_contract.report.coverage import RuleCoverage, SideCoverage, State
    from enkash_contract.report.document import (
        Body,
        Exchange,
        Report,
        ReportCause,
        ReportFinding,
        ReportOperation,
        ReportSandbox,
        ReportWaiver,
        Run,
        ShownRequest,
    )

VERSION = 2

VERDICTS = {
    "held": "held",
    "violations": "violation",
    "assumptions": "assumption",
    "inconclusive": "inconclusive",
    "masked": "masked",
    "waived": "waived",
}
"""The verdicts by their names in a report."""


def write(report: Report, stream: TextIO) -> None:
    """Write `report` as one JSON object, in plain ASCII."""
    data = as_data(report)
    members = ",\n".join(f"  {json.dumps(name)}: {_text(value)}" for name, value in data.items())
    stream.write(f"{{\n{members}\n}}\n")


def _text(value: Any) -> str:
    """Return a member as text: of a list, one line an item."""
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    # The encoder that indents is twenty times slower.
    lines = ",\n".join(f"    {json.dumps(item)}" for item in value)
    return f"[\n{lines}\n  ]"


def as_data(report: Report) -> dict[str, Any]:
    """Return `report` as plain data."""
    first = report.runs[0]
    numbers = {id(finding): number for number, finding in enumerate(report.findings)}
    return {
        "version": VERSION,
        "document": {"sha256": first.sha256, "overlays": list(first.overlays)},
        "target": report.target,
        "exit": report.exit_code,
        "baseline": {"outcome": _baseline(report)},
        "cases": _verdicts(report.verdicts),
        "requests": {
            "sent": report.stability.requests,
            "unstable": report.stability.unstable,
            "contradicted": report.stability.contradicted,
        },
        "coverage": coverage_data(report),
        "runs": [run_data(run) for run in report.runs],
        "operations": [_operation(operation) for operation in report.operations],
        "causes": [_cause(cause, numbers) for cause in report.causes],
        "findings": [finding_data(finding) for finding in report.findings],
        "rules": [rule_coverage_data(rule) for rule in report.rules],
        "sources": [
            {"id": source.id, "shows": source.shows, "read": source.read, "url": source.url or None}
            for source in report.sources.values()
        ],
        "sandboxes": [_sandbox(sandbox) for sandbox in report.sandboxes],
        "waivers": list(report.waivers),
        "promises": list(report.promises),
        "notes": [*report.notes, *report.unread],
        "unread": list(report.unread),
        **({"recordings": asdict(report.recordings)} if report.recordings.files else {}),
    }


def _baseline(report: Report) -> str | None:
    """Return the outcome of the baseline: of several, one that is not as it should be."""
    outcomes = [run.baseline for run in report.runs if run.baseline is not None]
    return next((outcome for outcome in outcomes if outcome != "accepted"), (*outcomes, None)[0])


def _verdicts(verdicts: Mapping[Any, int]) -> dict[str, int]:
    named = {name: verdicts.get(verdict, 0) for name, verdict in VERDICTS.items()}
    return {"total": sum(named.values()), **named}


def coverage_data(report: Report) -> dict[str, int]:
    """Return how many rules of requests there are, and were exercised from each side."""
    rules = [rule for rule in report.rules if rule.is_of_request]
    counts = {side: sum(rule.covers(side) for rule in rules) for side in (*SIDES, "both")}
    return {"rules": len(rules), **counts}


def run_data(run: Run) -> dict[str, Any]:
    """Return the facts of a run as plain data."""
    return {
        "id": run.id,
        "command": run.command,
        "tool": run.tool,
        "python": run.python,
        "target": run.target,
        "document": {"sha256": run.sha256, "overlays": list(run.overlays)},
        "fail_on": run.fail_on,
        "exit": run.exit,
        "baseline": run.baseline,
        "started": run.started or None,
        "finished": run.finished or None,
        "seconds": run.seconds,
        "seed": run.seed,
        "options": [list(pair) for pair in run.options],
        "waivers": [_waiver(waiver) for waiver in run.waivers],
    }


def _waiver(waiver: ReportWaiver) -> dict[str, Any]:
    return {
        "rule": waiver.rule,
        "fingerprint": waiver.fingerprint,
        "operation": waiver.operation,
        "reason": waiver.reason,
        "until": waiver.until,
        "place": waiver.place,
    }


def _operation(operation: ReportOperation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "summary": operation.summary,
        "cases": _verdicts(operation.verdicts),
        "accept": _tally(operation.requests.get("accept")),
        "reject": _tally(operation.requests.get("reject")),
        "durations": [list(pair) for pair in sorted(operation.durations.items())],
    }


def _tally(tally: Tally | None) -> dict[str, int]:
    return {
        "exercised": tally.exercised if tally else 0,
        "held": tally.held if tally else 0,
        "masked": tally.masked if tally else 0,
        "inconclusive": tally.inconclusive if tally else 0,
    }


def rule_coverage_data(rule: RuleCoverage) -> dict[str, Any]:
    """Return a rule with its coverage as plain data."""
    return {
        "id": rule.id,
        "operation": rule.operation,
        "pointer": rule.pointer,
        "keyword": rule.keyword,
        "demands": rule.demands,
        "document": rule.place,
        "evidence": rule.evidence.as_data(),
        "receiver": rule.receiver.as_data(),
        "state": rule.state,
        "covered": [side for side in (*SIDES, "both") if rule.covers(side)],
        "accept": _side(rule.accept, rule.accept.state_beside(RECORDED, VOUCHED)),
        "reject": _side(rule.reject, rule.reject.state),
        "responses": rule.responses,
        "violations": rule.violations,
        "others": rule.others,
        "breakable": rule.breakable,
    }


def _sandbox(sandbox: ReportSandbox) -> dict[str, Any]:
    return {
        "operation": sandbox.operation,
        "id": sandbox.id,
        "says": sandbox.says,
        "rule": sandbox.rule or None,
        "outcome": sandbox.outcome,
        "others": list(sandbox.others),
    }


def _side(side: SideCoverage, state: State) -> dict[str, Any]:
    return {
        **_tally(side.tally),
        "state": state,
        "on_bound": side.on_bound.held,
        "cases": side.cases,
        "families": {family: _tally(tally) for family, tally in side.families.items()},
    }


def _cause(cause: ReportCause, numbers: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": cause.id,
        "sentence": cause.sentence,
        "severity": cause.severity,
        "fault": cause.fault,
        "evidence": cause.evidence.as_data(),
        "count": cause.count,
        "members": list(cause.members),
        "operations": list(cause.operations),
        "samples": [numbers[id(finding)] for finding in cause.samples],
        "repeat": cause.repeat,
        "valid": _request(cause.valid),
    }


def finding_data(finding: ReportFinding) -> dict[str, Any]:
    """Return one finding as plain data."""
    exchange = finding.exchange
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "operation": finding.operation,
        "rule": finding.rule,
        "family": finding.family,
        "case": finding.case,
        "pointer": finding.pointer,
        "evidence": finding.evidence.as_data(),
        "severity": finding.severity,
        "fault": finding.fault,
        "cause": finding.cause,
        "waived": finding.reason or None,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "document": finding.document,
        "source": finding.source,
        "reproduce": finding.reproduce,
        "run": finding.run,
        **({"count": finding.count} if finding.count > 1 else {}),
        **(_exchange(exchange) if exchange else NOTHING),
    }


NOTHING: dict[str, Any] = {
    "time": None,
    "seconds": None,
    "correlation": {},
    "request": None,
    "response": None,
    "error": None,
}
"""The members of a finding without an exchange."""


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "time": exchange.at or None,
        "seconds": exchange.seconds,
        "correlation": dict(exchange.correlation),
        "request": _request(request),
        "response": response
        and {
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
            "body": _body(response.body),
        },
        "error": exchange.error or None,
    }


def _request(request: ShownRequest | None) -> dict[str, Any] | None:
    if request is None:
        return None
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(pair) for pair in request.headers],
        "body": _body(request.body),
    }


def _body(body: Body | None) -> dict[str, Any] | None:
    if body is None:
        return None
    return {"text": body.text, "encoding": body.encoding, "size": body.size, "cut": body.cut}
