"""The members of which formats of recordings are put together: bodies, headers, times, addresses.

A body that was not recorded is left out, beside a length that says that there was one.
"""

from __future__ import annotations

import base64
import datetime as dt
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.traffic.entries.bodies import of_text
from enkash_contract.wire.message import Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.wire.message import Headers, Interaction

Message = Request | Response


def time_of(interaction: Interaction) -> str | None:
    """Return when a request was sent, in ISO 8601; None if nobody knows."""
    if interaction.at is None:
        return None
    return dt.datetime.fromtimestamp(interaction.at, dt.UTC).isoformat(timespec="milliseconds")


def fields_of(headers: Headers) -> list[dict[str, str]]:
    """Return headers as HAR lists them."""
    return [{"name": name, "value": value} for name, value in headers]


def pairs_of(headers: Headers) -> list[dict[str, str]]:
    """Return headers as Postman lists them."""
    return [{"key": name, "value": value} for name, value in headers]


def lists_of(headers: Headers) -> dict[str, list[str]]:
    """Return the values of headers by their names."""
    lists: dict[str, list[str]] = {}
    for name, value in headers:
        lists.setdefault(name, []).append(value)
    return lists


def size_of(message: Message) -> int:
    """Return the size of a body; -1 if it was not recorded."""
    return -1 if message.body is None else len(message.body)


def sized(message: Message) -> Headers:
    """Return the headers; where the body was not recorded, one of them says that there was one."""
    if message.body is not None or header(message.headers, "content-length"):
        return message.headers
    return (*message.headers, ("Content-Length", "1"))


def text_of(message: Message) -> str | None:
    """Return the text of a body that is read as the same bytes again; None if there is none."""
    if message.body is None:
        return None
    try:
        text = message.body.decode()
    except UnicodeDecodeError:
        return None
    # Bytes that a recorder could not decode leave this mark, so some readers do not trust it.
    return text if of_text(text) == message.body and "\ufffd" not in text else None


def plain_of(message: Message) -> str | bytes | None:
    """Return a body as a text, or else as its bytes."""
    text = text_of(message)
    return message.body if text is None else text


def status_of(response: Response) -> dict[str, Any]:
    """Return a status as cassettes keep it."""
    return {"code": response.status, "message": reason_of(response)}


def reason_of(response: Response) -> str:
    """Return the phrase of a status, never that of the server."""
    return responses.get(response.status, "")


def as_json(value: Any) -> Any:
    """Return an interaction as JSON can hold it, with its bytes in base64."""
    if isinstance(value, bytes):
        return {"base64_string": base64.b64encode(value).decode()}
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("string"), bytes):
        return as_json(value["string"])
    return {name: as_json(inner) for name, inner in value.items()}


def encoded(message: Message) -> dict[str, str]:
    """Return the members that hold a body: its text, or its bytes in base64."""
    if message.body is None:
        return {}
    text = text_of(message)
    if text is None:
        return {"body": base64.b64encode(message.body).decode(), "encoding": "base64"}
    return {"body": text}


def content_of(message: Message) -> dict[str, Any]:
    """Return a body as HAR keeps it."""
    label = header(message.headers, "content-type") or ""
    if message.body is None:
        return {"size": -1, "mimeType": label}
    held = encoded(message)
    return {"size": len(message.body), "mimeType": label, "text": held.pop("body"), **held}


def in_parts(message: Message) -> dict[str, str | None]:
    """Return a body as Ruby's VCR keeps it."""
    if message.body is None:
        return {"encoding": "UTF-8", "string": None}
    text = text_of(message)
    if text is None:
        spelled = base64.b64encode(message.body).decode()
        return {"encoding": "ASCII-8BIT", "base64_string": spelled}
    return {"encoding": "UTF-8", "string": text}


def parts_of(url: str) -> dict[str, Any]:
    """Return an address as Postman takes it apart."""
    parts = urlsplit(url)
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    return {
        "protocol": parts.scheme,
        "host": (parts.hostname or "").split("."),
        "port": None if parts.port is None else str(parts.port),
        "path": parts.path.split("/")[1:],
        "query": [{"key": name, "value": value} for name, _, value in pairs],
    }
