"""SARIF 2.1.0, which code scanning and many viewers read.

A location is a file of the user: a recording, a payload, a test. Our own document is none, and a
server has no file, so what is found there has logical locations alone. What was sent and received
is told of the samples of each cause: results are many, and a viewer needs one of a kind.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from enkash_contract.judging.result import CONFORMS, INCONCLUSIVE, VIOLATED
from enkash_contract.report import places, plain, words
from enkash_contract.report.coverage import SIDES
from enkash_contract.report.places import Places

if TYPE_CHECKING:
    from enkash_contract.place import Place
    from enkash_contract.report.coverage import RuleCoverage
    from enkash_contract.report.document import (
        Body,
        Exchange,
        Headers,
        Report,
        ReportCause,
        ReportFinding,
        Run,
    )

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

FINGERPRINT = "enkashContract/v1"
"""The name of our fingerprint; it changes if what the fingerprint is made of does."""

LEVELS = {"violation": "error", "waived": "error", "assumption": "note"}
"""The levels of results by severity; what is waived is suppressed."""


def write(report: Report, stream: TextIO) -> None:
    """Write `report` as one JSON object, a result a line."""
    data = as_data(report)
    (run,) = data["runs"]
    results = run.pop("results")
    rest = json.dumps(data, indent=1).removesuffix("\n  }\n ]\n}")
    lines = ",\n".join(f"    {json.dumps(result)}" for result in results)
    stream.write(f'{rest},\n   "results": [\n{lines}\n   ]\n  }}\n ]\n}}\n')


def as_data(report: Report) -> dict[str, Any]:
    """Return `report` as plain data."""
    several = len(report.operations) > 1
    ids = {
        (rule.operation, rule.id): _id(rule.operation, rule.id, several) for rule in report.rules
    }
    found = Places()
    results = []
    for cause in report.causes:
        samples = {id(sample) for sample in cause.samples}
        for finding in report.of_cause(cause):
            name = ids.get((finding.operation, finding.rule)) or finding.rule
            result = _result(finding, cause, name, found.of(finding.source))
            results.append(result)
            if id(finding) in samples:
                result |= _details(finding)
                result["properties"]["repeat"] = finding.reproduce
    rules = [_rule(rule, ids[rule.operation, rule.id]) for rule in report.rules]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    for result in results:
        if result["ruleId"] in numbers:
            result["ruleIndex"] = numbers[result["ruleId"]]
    driver = {"name": "enkash-contract", "version": report.runs[0].tool, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(each, report) for each in report.runs],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": words.verdict(report), "coverage": words.proven(report)},
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _id(operation: str, rule: str, several: bool) -> str:  # noqa: FBT001 - a fact, no option
    return f"{operation}:{rule}" if several else rule


# Rules


def _rule(rule: RuleCoverage, name: str) -> dict[str, Any]:
    place = rule.pointer or ("the request" if rule.is_of_request else "the response")
    demands = plain.shortened(f"{place} {rule.demands}")
    basis = plain.evidence_line(rule.evidence)
    shows = [f"{source.id} shows: {source.shows}" for source in rule.evidence.sources]
    text = "\n".join((f"{demands}.", f"Evidence: {basis}.", *map(plain.shortened, shows)))
    url = next((source.url for source in rule.evidence.sources if source.url), "")
    return {
        "id": name,
        "name": rule.keyword,
        "shortDescription": {"text": demands},
        "fullDescription": {"text": f"{demands} ({basis})"},
        "help": {"text": text},
        **({"helpUri": url} if url else {}),
        "properties": {
            "evidence": rule.evidence.as_data(),
            "state": rule.state,
            "covered": [side for side in (*SIDES, "both") if rule.covers(side)],
        },
    }


# Results


def _result(
    finding: ReportFinding, cause: ReportCause, name: str, place: Place | None
) -> dict[str, Any]:
    text = plain.shortened(f"{cause.sentence}: {finding.message}")
    logical = {"fullyQualifiedName": f"{finding.operation}{finding.pointer}", "kind": "property"}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if place is not None:
        region = {"startLine": place.line}
        location["physicalLocation"] = {"artifactLocation": _artifact(place), "region": region}
    return {
        "ruleId": name,
        "level": LEVELS[finding.severity],
        **({"occurrenceCount": finding.count} if finding.count > 1 else {}),
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        **({"suppressions": [_suppression(finding)]} if finding.severity == "waived" else {}),
        "properties": {
            "check": finding.check,
            "severity": finding.severity,
            "fault": finding.fault,
            "cause": finding.cause,
            "evidence": finding.evidence.as_data(),
            **({"case": finding.case} if finding.case else {}),
        },
    }


def _suppression(finding: ReportFinding) -> dict[str, str]:
    reason = plain.shortened(finding.reason)
    return {"kind": "external", "status": "accepted", "justification": reason}


def _artifact(place: Place) -> dict[str, str]:
    """Return a file by its path in the repository, or by its address where it is not in there."""
    # A link stays what the user called it.
    file, top = Path(os.path.normpath(Path.cwd() / place.file)), places.root()
    if file.is_relative_to(top):
        return {"uri": quote(file.relative_to(top).as_posix()), "uriBaseId": "SRCROOT"}
    return {"uri": file.as_uri()}


def _details(finding: ReportFinding) -> dict[str, Any]:
    """Return what was sent and received, and how to repeat it."""
    details: dict[str, Any] = {}
    if finding.exchange is not None:
        request = finding.exchange.request
        details["webRequest"] = {
            "method": request.method,
            "target": plain.shortened(request.url),
            **_message(request.headers, request.body),
        }
        if finding.exchange.response or finding.exchange.error:
            details["webResponse"] = _response(finding.exchange)
    return details


def _response(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    if response is None:
        return {"noResponseReceived": True, "reasonPhrase": plain.shortened(exchange.error)}
    return {"statusCode": response.status, **_message(response.headers, response.body)}


def _message(headers: Headers, body: Body | None) -> dict[str, Any]:
    joined: dict[str, str] = {}
    for name, value in headers:
        key = plain.shortened(name)
        joined[key] = ", ".join((*([joined[key]] if key in joined else []), plain.shortened(value)))
    text = {} if body is None else {"body": {"text": plain.shortened(body.text, plain.SHORT)}}
    return {"headers": joined, **text}


# The run


def _invocation(run: Run, report: Report) -> dict[str, Any]:
    remarks = [("error", text) for text in report.unread]
    remarks += [("error", text) for text in (*report.waivers, *report.promises)]
    remarks += [("note", text) for text in report.remarks]
    return {
        "executionSuccessful": run.exit in (CONFORMS, VIOLATED, INCONCLUSIVE),
        "exitCode": run.exit,
        **({"commandLine": plain.shortened(run.command)} if run.command else {}),
        **({"startTimeUtc": _utc(run.started)} if run.started else {}),
        **({"endTimeUtc": _utc(run.finished)} if run.finished else {}),
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": plain.shortened(text)}} for level, text in remarks
        ],
        "properties": {"target": run.target, "document": run.sha256, "overlays": [*run.overlays]},
    }


def _utc(moment: str) -> str:
    return moment.replace("+00:00", "Z")
