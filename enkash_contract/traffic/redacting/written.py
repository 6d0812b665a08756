"""Interactions written in the formats that recordings come in, with what a verdict needs.

One function for each format, found through `WRITERS`; a test holds the table complete. Each makes
what the reader of the format makes the same interaction of. A body that was not recorded is left
out, beside a length that says that there was one.
"""

from __future__ import annotations

import base64
import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.traffic.entries.bodies import of_text
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.wire.message import Headers, Interaction, Request, Response

    Message = Request | Response
    Writer = Callable[[Interaction], dict[str, Any]]

UNKNOWN_TIME = "1970-01-01T00:00:00.000+00:00"


def har(interaction: Interaction) -> dict[str, Any]:
    """Return an entry of HAR."""
    request, response = interaction.request, interaction.response
    took = round((interaction.seconds or 0) * 1000, 3)
    sent = _content(request)
    return {
        "startedDateTime": _time(interaction) or UNKNOWN_TIME,
        "time": took,
        "request": {
            "method": request.method,
            "url": request.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(request.headers),
            "queryString": [],
            **({} if request.body is None else {"postData": sent}),
            "headersSize": -1,
            "bodySize": _size(request),
        },
        "response": {
            "status": response.status if response else 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(response.headers if response else ()),
            "content": _content(response) if response else {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": _size(response) if response else -1,
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
            "headers": _fields(request.headers),
            **_encoded(request),
        }
    }
    if response is not None:
        data["response"] = {
            "status": response.status,
            "headers": _fields(response.headers),
            **_encoded(response),
        }
    if interaction.at is not None:
        data["at"] = _time(interaction)
    if interaction.seconds is not None:
        data["seconds"] = interaction.seconds
    return data


def vcrpy(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of vcrpy."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "body": _plain(request),
            "headers": _lists(_sized(request)),
            "method": request.method,
            "uri": request.url,
        },
        "response": response
        and {
            "body": _string(response),
            "headers": _lists(_sized(response)),
            "status": {"code": response.status, "message": ""},
        },
    }


def ruby_vcr(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of Ruby's VCR, which betamax writes as well."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "method": request.method.lower(),
            "uri": request.url,
            "body": _in_parts(request),
            "headers": _lists(_sized(request)),
        },
        "response": response
        and {
            "status": {"code": response.status, "message": ""},
            "headers": _lists(_sized(response)),
            "body": _in_parts(response),
        },
        "recorded_at": _time(interaction),
    }


def schemathesis(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of Schemathesis."""
    return {**ruby_vcr(interaction), "checks": []}


def go_vcr(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction of go-vcr, whose bodies are texts."""
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "body": _plain(request),
            "form": {},
            "headers": _lists(_sized(request)),
            "url": request.url,
            "method": request.method,
        },
        "response": response
        and {
            "body": _plain(response),
            "headers": _lists(_sized(response)),
            "status": str(response.status),
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
            "headers": dict(_sized(request)),
            "body": _plain(request),
        },
        "response": response
        and {
            "status": {"http_version": "1.1", "code": str(response.status), "message": ""},
            "headers": dict(_sized(response)),
            "body": _plain(response),
        },
    }


def newman(interaction: Interaction) -> dict[str, Any]:
    """Return an execution of Newman, which keeps no bytes that are no text of a request."""
    request, response = interaction.request, interaction.response
    text = _text(request)
    body = {"mode": "file"} if text is None else {"mode": "raw", "raw": text}
    data: dict[str, Any] = {
        "request": {
            "method": request.method,
            "header": _pairs(_sized(request)),
            "url": _parts(request.url),
            "body": body,
        }
    }
    if response is not None:
        stream = None if response.body is None else [*response.body]
        data["response"] = {
            "code": response.status,
            "header": _pairs(_sized(response)),
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
    "betamax": ruby_vcr,
    "schemathesis": schemathesis,
    "go-vcr": go_vcr,
    "newman": newman,
    "playwright-trace": playwright_trace,
    "php-vcr": php_vcr,
    "har": har,
}
"""The writer of each format."""


def _time(interaction: Interaction) -> str | None:
    if interaction.at is None:
        return None
    return dt.datetime.fromtimestamp(interaction.at, dt.UTC).isoformat(timespec="milliseconds")


def _fields(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _pairs(headers: Headers) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in headers]


def _lists(headers: Headers) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in headers:
        lists.setdefault(name, []).append(value)
    return lists


def _size(message: Message) -> int:
    return -1 if message.body is None else len(message.body)


def _sized(message: Message) -> Headers:
    """Return the headers; where the body was not recorded, one of them says that there was one."""
    if message.body is not None or header(message.headers, "content-length"):
        return message.headers
    return (*message.headers, ("Content-Length", "1"))


def _text(message: Message) -> str | None:
    """Return the text of a body that is read as the same bytes again; None if there is none."""
    if message.body is None:
        return None
    try:
        text = message.body.decode()
    except UnicodeDecodeError:
        return None
    # Bytes that a recorder could not decode leave this mark, so some readers do not trust it.
    return text if of_text(text) == message.body and "\ufffd" not in text else None


def _plain(message: Message) -> str | dict[str, str] | None:
    """Return a body as a text, or else as its bytes in base64."""
    text = _text(message)
    if message.body is None or text is not None:
        return text
    return {"base64_string": base64.b64encode(message.body).decode()}


def _string(response: Response) -> dict[str, Any]:
    body = _plain(response)
    return body if isinstance(body, dict) else {"string": body}


def _encoded(message: Message) -> dict[str, str]:
    """Return the members that hold a body: its text, or its bytes in base64."""
    if message.body is None:
        return {}
    text = _text(message)
    if text is None:
        return {"body": base64.b64encode(message.body).decode(), "encoding": "base64"}
    return {"body": text}


def _content(message: Message) -> dict[str, Any]:
    label = header(message.headers, "content-type") or ""
    if message.body is None:
        return {"size": -1, "mimeType": label}
    held = _encoded(message)
    return {"size": len(message.body), "mimeType": label, "text": held.pop("body"), **held}


def _in_parts(message: Message) -> dict[str, str | None]:
    if message.body is None:
        return {"encoding": "UTF-8", "string": None}
    text = _text(message)
    if text is None:
        spelled = base64.b64encode(message.body).decode()
        return {"encoding": "ASCII-8BIT", "base64_string": spelled}
    return {"encoding": "UTF-8", "string": text}


def _parts(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    return {
        "protocol": parts.scheme,
        "host": (parts.hostname or "").split("."),
        "port": None if parts.port is None else str(parts.port),
        "path": parts.path.split("/")[1:],
        "query": [{"key": name, "value": value} for name, _, value in pairs],
    }
