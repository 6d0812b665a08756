"""Exchanges and findings as plain lines, which every format of text shows in its own way.

No line holds what would control a terminal, hide other text, or be no text at all; and there are
only so many: whoever needs all of a megabyte has it in the JSON report.
"""

from __future__ import annotations

import http
from typing import TYPE_CHECKING

from enkash_contract.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.report.document import (
        Body,
        Exchange,
        Headers,
        ReportFinding,
        ShownRequest,
    )

SHORT = 1_000
"""So many characters of a body are shown at most."""

LONGEST = 500
"""So many characters of any other text are shown at most."""


def shortened(text: str, most: int = LONGEST) -> str:
    """Return `text` in one printable line, the rest of a long one left out."""
    kept = printable(text[:most])
    kept = kept if len(kept) <= most else kept[:most]
    return kept if len(text) <= most else f"{kept}…"


def request_lines(request: ShownRequest, most: int = SHORT) -> Iterator[str]:
    """Yield the lines of a request."""
    yield shortened(f"{request.method} {request.url}")
    yield from _message(request.headers, request.body, most)


def response_lines(exchange: Exchange, most: int = SHORT) -> Iterator[str]:
    """Yield the lines of a response, or the error in its place."""
    response = exchange.response
    if response is None:
        # Of a payload that was only validated, nothing is known but that it would be sent.
        yield from [f"no response: {shortened(exchange.error)}"] if exchange.error else []
        return
    yield f"{response.status} {_phrase(response.status)}".rstrip()
    yield from _message(response.headers, response.body, most)


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def _message(headers: Headers, body: Body | None, most: int) -> Iterator[str]:
    for name, value in headers:
        yield shortened(f"{name}: {value}")
    if body is None:
        yield ""
        yield "(the body was not recorded)"
    elif body.text:
        yield ""
        yield from _body(body, most)


def _body(body: Body, most: int) -> Iterator[str]:
    yield from (printable(line.removesuffix("\r")) for line in body.text[:most].split("\n"))
    if body.cut or len(body.text) > most:
        yield f"(cut: the body has {body.size:,} bytes)"
    if body.encoding != "utf-8":
        yield f"(in {body.encoding}: the body is no text)"


def evidence_line(evidence: Evidence) -> str:
    """Return evidence with the addresses of its pages."""
    pages = (f"{source} {source.url}".rstrip() for source in evidence.sources)
    return shortened(f"{evidence.level}: {'; '.join(pages) or 'our own reading'}")


def finding_lines(finding: ReportFinding) -> Iterator[str]:
    """Yield all that is known of a finding."""
    labelled = {
        "expected": finding.expected,
        "actual": finding.actual,
        "evidence": evidence_line(finding.evidence),
        "rule": f"{finding.rule} ({finding.document})",
        "case": finding.case,
        "at": finding.source,
        "fault": finding.fault,
        "waived": finding.reason,
        "fingerprint": finding.fingerprint,
    }
    yield from (f"{name:<12}{shortened(text)}" for name, text in labelled.items() if text)
    if finding.reproduce:
        yield f"{'repeat':<12}{printable(finding.reproduce)}"
    if finding.exchange:
        yield ""
        yield from (f"> {line}".rstrip() for line in request_lines(finding.exchange.request))
        yield from (f"< {line}".rstrip() for line in response_lines(finding.exchange))
