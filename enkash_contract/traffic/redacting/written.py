"""Interactions written in the formats that recordings come in, with what a verdict needs.

One function for each format, found through `WRITERS`; a test holds the table complete. Each makes
what the reader of the format makes the same interaction of, and a recorder that plays its own
recordings finds in them what it looks for. `members` has the parts.
"""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.redacting import members

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.wire.message import Interaction

    Writer = Callable[[Interaction], dict[str, Any]]

UNKNOWN_TIME = "1970-01-01T00:00:00.000+00:00"


def har(interaction: Interaction) -> dict[str, Any]:
    """Return an entry of HAR."""
    request, response = interaction.request, interaction.response
    took = round((interaction.seconds or 0) * 1000, 3)
    sent = members.content_of(request)
    return {
        "startedDateTime": members.time_of(interaction) or UNKNOWN_TIME,
        "time": took,
        "request": {
            "method": request.method,
            "url": request.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": members.fields_of(request.headers),
            "queryString": [],
            **({} if request.body is None else {"postData": sent}),
            "headersSize": -1,
            "bodySize": members.size_of(request),
        },
        "response": {
            "status": response.status if response else 0,
            "statusText": members.reason_of(response) if response else "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": members.fields_of(response.headers if response else ()),
            "content": members.content_of(response) if response else {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": members.size_of(response) if response else -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    }


def own(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction in our own shape."""
    request, response = interaction.request, interaction.response
    data: dict[str, Any] = {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": members.fields_of(request.headers),
            **members.encoded(request),
        }
    }
    if response is not None:
        data["response"] = {
            "status": response.status,
            "headers": members.fields_of(response.headers),
            **members.encoded(response),
        }
    if interaction.at is not None:
        data["at"] = members.time_of(interaction)
    if interaction.seconds is not None:
        data["seconds"] = interaction.seconds
    return data


def vcrpy(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of vcrpy."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "body": members.plain_of(request),
            "headers": members.lists_of(members.sized(request)),
            "method": request.method,
            "uri": request.url,
        },
        "response": response
        and {
            "body": {"string": members.plain_of(response)},
            "headers": members.lists_of(members.sized(response)),
            "status": members.status_of(response),
        },
    }


def ruby_vcr(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of Ruby's VCR: methods in lower case, and times as HTTP writes them."""
    at = interaction.at
    written = _vcr(interaction, None if at is None else formatdate(at, usegmt=True))
    written["request"]["method"] = interaction.request.method.lower()
    return written


def betamax(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of betamax, which reads times without a zone."""
    time = members.time_of(interaction)
    written = _vcr(interaction, time and time.partition(".")[0])
    if written["response"]:
        written["response"]["url"] = interaction.request.url
    return written


def _vcr(interaction: Interaction, at: str | None) -> dict[str, Any]:
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "method": request.method,
            "uri": request.url,
            "body": members.in_parts(request),
            "headers": members.lists_of(members.sized(request)),
        },
        "response": response
        and {
            "status": members.status_of(response),
            "headers": members.lists_of(members.sized(response)),
            "body": members.in_parts(response),
        },
        "recorded_at": at,
    }


def schemathesis(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of Schemathesis."""
    return {**_vcr(interaction, members.time_of(interaction)), "checks": []}


def go_vcr(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of go-vcr, whose bodies are texts."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "body": members.plain_of(request),
            "form": {},
            "headers": members.lists_of(members.sized(request)),
            "url": request.url,
            "method": request.method,
        },
        "response": response
        and {
            "body": members.plain_of(response),
            "headers": members.lists_of(members.sized(response)),
            "status": f"{response.status} {members.reason_of(response)}".rstrip(),
            "code": response.status,
        },
    }


def php_vcr(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of PHP-VCR, each header of which is one text."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": dict(members.sized(request)),
            "body": members.plain_of(request),
        },
        "response": response
        and {
            "status": {
                "http_version": "1.1",
                "code": str(response.status),
                "message": members.reason_of(response),
            },
            "headers": dict(members.sized(response)),
            "body": members.plain_of(response),
        },
    }


def newman(interaction: Interaction) -> dict[str, Any]:
    """Return an execution of Newman, which keeps no bytes that are no text of a request."""
    request, response = interaction.request, interaction.response
    text = members.text_of(request)
    body = {"mode": "file"} if text is None else {"mode": "raw", "raw": text}
    data: dict[str, Any] = {
        "request": {
            "method": request.method,
            "header": members.pairs_of(members.sized(request)),
            "url": members.parts_of(request.url),
            "body": body,
        }
    }
    if response is not None:
        stream = None if response.body is None else [*response.body]
        data["response"] = {
            "code": response.status,
            "header": members.pairs_of(members.sized(response)),
            **({} if stream is None else {"stream": {"type": "Buffer", "data": stream}}),
            "responseTime": round((interaction.seconds or 0) * 1000, 3),
        }
    return data


def playwright_trace(interaction: Interaction) -> dict[str, Any]:
    """Return a line of a trace of Playwright, with its bodies in it."""
    return {"type": "resource-snapshot", "snapshot": har(interaction)}


WRITERS: dict[str, Writer] = {
    "interaction": own,
    "vcrpy": vcrpy,
    "ruby-vcr": ruby_vcr,
    "betamax": betamax,
    "schemathesis": schemathesis,
    "go-vcr": go_vcr,
    "newman": newman,
    "playwright-trace": playwright_trace,
    "php-vcr": php_vcr,
    "har": har,
}
"""The writer of each format."""
