"""Findings on exchanges that hold secrets, or texts that try to be more than texts."""

from __future__ import annotations

import functools
import io
import json
from typing import TYPE_CHECKING, Any

from enkash_contract import report
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.results import about, finding

if TYPE_CHECKING:
    from enkash_contract.report.document import Report

OPERATION = bundled().pick()

CANARIES = tuple(f"canary{name}5ecret" for name in ("url", "user", "header", "cookie", "body"))
"""Secrets in each place where a request may hold one."""

HOSTILE = (
    "<script>alert(1)</script>",
    "]]></failure><!-- --> &amp; &#0;",
    "\x1b[31m\x07\0\x0b\x85\u2028",
    "\u202eRTL\u2066",
    "\ud800 lone",
    "\n::stop-commands::x\n::set-output name=a::b\r\n%0A::error::c ##[add-mask]d",
    "```\n````\n~~~ ` `` | a | b |\n# head\n- item",
    "@everyone #1 https://evil.example/ ![x](https://evil.example/x.png) </details>",
    "long" * 250_000,
)
"""Texts that break out of what is written without care."""


@functools.cache
def leaky() -> Report:
    """Return the report of a recorded exchange full of secrets, all of which the server echoes."""
    url, user, field, cookie, password = CANARIES
    payload = {**dict(OPERATION.request.example), "objectId": "no uuid", "password": password}
    request = Request(
        OPERATION.method,
        f"https://me:{user}@h.example{OPERATION.path}?token={url}",
        (
            ("Content-Type", "application/json"),
            ("Authorization", f"Bearer {field}"),
            ("Cookie", f"session={cookie}"),
        ),
        json.dumps(payload).encode(),
    )
    echoed = {"echo": list(CANARIES), "response_code": "x"}
    headers = (("Content-Type", "application/json"), ("X-Request-Id", field), ("X-Echo", cookie))
    response = Response(200, headers, json.dumps(echoed).encode())
    result = judge_record(OPERATION, Interaction(request, response, source="a.har:log.entries[0]"))
    return build(result, about())


@functools.cache
def hostile() -> Report:
    """Return a report whose every text is hostile somewhere."""
    found = []
    for number, text in enumerate(HOSTILE):
        body = json.dumps({"objectId": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        headers = (("Content-Type", "application/json"), ("Server", text), (text[:99], "x"))
        exchange = Interaction(
            Request("POST", f"http://h/{text}", headers, body), Response(200, headers, body)
        )
        members: dict[str, Any] = {"interaction": exchange, "message": f"accepted, although {text}"}
        found.append(finding(source=f"{text[:99]}.har:log.entries[{number}]", **members))
        found.append(finding("waived", reason=text, **members))
    result = Result(
        tuple(found), {"violation": len(found)}, notes=HOSTILE, unread=HOSTILE, waivers=HOSTILE
    )
    return build(result, about())


def written(form: str, whole: Report) -> str:
    """Return a report as it is written in one of the formats."""
    stream = io.StringIO()
    report.write(form, whole, stream)
    return stream.getvalue()
