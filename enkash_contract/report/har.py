"""HAR 1.2 of the exchanges that findings were found in, without their secrets.

A recording is judged by what it says, and by what it leaves out. So each body is written in the way
that a reader takes as it is, and what hiding a secret has made untrue (a length, a coding) is left
out. A body of which only the beginning is kept counts as not recorded.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, TextIO

from enkash_contract.report import words
from enkash_contract.report.json_report import rule_coverage_data
from enkash_contract.traffic.entries.bodies import of_text
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.report.document import (
        Body,
        Exchange,
        Headers,
        Report,
        ReportFinding,
        ShownRequest,
        ShownResponse,
    )

UNKNOWN_TIME = "1970-01-01T00:00:00.000+00:00"
"""The time of an exchange of which nobody knows it: an entry must have one."""

UNTRUE = ("content-encoding", "content-length", "transfer-encoding")
"""The headers that say how a body was sent, which is not how it is written here."""


def write(report: Report, stream: TextIO) -> None:
    """Write the exchanges of `report` as one JSON object, an entry a line."""
    head = {
        "version": "1.2",
        "creator": {"name": "enkash-contract", "version": report.runs[0].tool},
        "comment": f"{words.verdict(report)} {words.proven(report)}",
        "_rules": [rule_coverage_data(rule) for rule in report.rules],
    }
    stream.write('{"log": {\n')
    stream.writelines(f" {json.dumps(name)}: {json.dumps(part)},\n" for name, part in head.items())
    stream.write(' "entries": [\n')
    stream.write(",\n".join(f"  {json.dumps(entry)}" for entry in entries(report)))
    stream.write("\n ]\n}}\n")


def entries(report: Report) -> Iterator[dict[str, Any]]:
    """Yield an entry for each exchange, in the order of causes, with what was found in it."""
    found: dict[Any, list[ReportFinding]] = {}
    for cause in report.causes:
        for finding in report.of_cause(cause):
            exchange = finding.exchange
            if exchange is not None:
                # A recorded exchange may look like another, so its place tells them apart.
                key = (finding.run, finding.source, finding.case, _key(exchange))
                found.setdefault(key, []).append(finding)
    started = {run.id: run.started for run in report.runs}
    for findings in found.values():
        first = findings[0]
        assert first.exchange is not None  # noqa: S101 - these were chosen for having one
        at = first.exchange.at or started.get(first.run) or UNKNOWN_TIME
        yield _entry(first.exchange, at, findings)


def _key(exchange: Exchange) -> Any:
    return exchange.request, exchange.response, exchange.error, exchange.at, exchange.seconds


def _entry(exchange: Exchange, at: str, findings: list[ReportFinding]) -> dict[str, Any]:
    took = round((exchange.seconds or 0) * 1000, 3)
    return {
        "startedDateTime": at,
        "time": took,
        "request": _request(exchange.request),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        **({"_error": exchange.error} if exchange.error else {}),
        "_findings": [
            {
                "fingerprint": finding.fingerprint,
                "check": finding.check,
                "rule": finding.rule,
                "severity": finding.severity,
                "case": finding.case,
                "source": finding.source,
            }
            for finding in findings
        ],
    }


def _request(request: ShownRequest) -> dict[str, Any]:
    body = request.body
    # Every request has this header, and one without any looks as if they were not recorded.
    headers = request.headers or (("Host", request.url.partition("//")[2].partition("/")[0]),)
    return {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, body),
        "queryString": [],
        **({} if body is None else {"postData": _content(body, request.headers)}),
        "headersSize": -1,
        "bodySize": -1 if body is None else body.size,
    }


def _response(exchange: Exchange) -> dict[str, Any]:
    response: ShownResponse | None = exchange.response
    body = response.body if response else None
    headers = response.headers if response else ()
    return {
        "status": response.status if response else 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, body),
        "content": {"size": 0, "mimeType": ""} if body is None else _content(body, headers),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1 if body is None else body.size,
    }


def _headers(headers: Headers, body: Body | None) -> list[dict[str, str]]:
    kept = [(name, value) for name, value in headers if body is None or name.lower() not in UNTRUE]
    return [{"name": name, "value": value} for name, value in kept]


def _content(body: Body, headers: Headers) -> dict[str, Any]:
    """Return a body with its label; the text of one that was cut is not the whole of it."""
    label = header(headers, "content-type") or ""
    if body.cut:
        comment = f"only the beginning of {body.size:,} bytes was kept"
        return {"size": body.size, "mimeType": label, "comment": comment}
    raw = base64.b64decode(body.text) if body.encoding == "base64" else body.text.encode()
    content = {"size": len(raw), "mimeType": label, "text": body.text}
    # Some texts look like another spelling of bytes, and are read as that.
    if body.encoding == "base64" or of_text(body.text) != raw:
        content |= {"text": base64.b64encode(raw).decode(), "encoding": "base64"}
    return content
