"""Exchanges between a client and a server, as entries of HAR without their secrets.

A recording is judged by what it says, and by what it leaves out. So a body that was too large to
be kept is left out with its size; and where hiding a secret or undoing a coding has changed a body,
the headers and sizes that say how it was sent are left out as well.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from enkash_contract.secrets import redaction
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.traffic.entries.bodies import BODILESS, of_text
from enkash_contract.wire.codings import seen
from enkash_contract.wire.message import Request, header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Headers

KEPT = 10_000_000
"""The most bytes of a body that are kept."""

UNTRUE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""The headers that say how a body was sent, which is not always how it is written here."""

LABEL = frozenset({"content-type", *UNTRUE})
"""The headers that a verdict needs, and that hold no secret."""


@dataclass(slots=True)
class Passing:
    """The bytes of a body as they pass; of more than `KEPT` only the number is left."""

    size: int = 0
    parts: list[bytes] = field(default_factory=list)

    def add(self, part: bytes) -> None:
        """Keep a part, unless the whole grows too large."""
        self.size += len(part)
        if self.size <= KEPT:
            self.parts.append(part)
        else:
            self.parts.clear()

    @property
    def body(self) -> bytes | None:
        """The whole body; None if it was not kept."""
        return b"".join(self.parts) if self.size <= KEPT else None


@dataclass(slots=True)
class Exchange:
    """A request that was passed on, and what came back: a status, or an error in its place.

    It began `at` so many seconds since the epoch and took `seconds`.
    """

    method: str
    url: str
    headers: Headers
    at: float
    sent: Passing = field(default_factory=Passing)
    status: int = 0
    response_headers: Headers = ()
    received: Passing = field(default_factory=Passing)
    error: str = ""
    seconds: float = 0.0

    def entry(self, described: Iterable[str] = ()) -> dict[str, Any]:
        """Return the entry of HAR; members that are `described` hold no secrets by their name."""
        secrets = self._secrets(frozenset(described))
        took = round(self.seconds * 1000, 3)
        started = dt.datetime.fromtimestamp(self.at, dt.UTC)
        return {
            "startedDateTime": started.isoformat(timespec="milliseconds"),
            "time": took,
            "request": _request(self, secrets),
            "response": _response(self, secrets),
            "cache": {},
            "timings": {"send": 0, "wait": took, "receive": 0},
            **({"_error": secrets.hide(self.error)} if self.error else {}),
        }

    def _secrets(self, described: frozenset[str]) -> Secrets:
        """Return the secrets of both messages; those of a client's headers are mostly the same."""
        head = tuple(
            field for field in self.headers if field[0].lower() not in redaction.HARMLESS_HEADERS
        )
        body, _ = seen(self.sent.body, self.headers)
        own = redaction.of_request(Request(self.method, "", (), body), described)
        own.add_cookies(self.response_headers)
        if own.are_none:
            return _of_head(head, self.url, described)
        for name, value in head:
            own.add_header(name, value)
        own.add_url(self.url)
        return own


@functools.lru_cache(maxsize=64)
def _of_head(headers: Headers, url: str, described: frozenset[str]) -> Secrets:
    return redaction.of_request(Request("", url, headers), described)


def _request(exchange: Exchange, secrets: Secrets) -> dict[str, Any]:
    content, headers = _written(exchange.sent, exchange.headers, secrets)
    # Readers take a missing body of a POST for one that was not recorded, so say that it was empty.
    is_none = not exchange.sent.size and exchange.method in BODILESS
    return {
        "method": exchange.method,
        "url": _url(exchange.url, secrets),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "queryString": [],
        **({} if is_none else {"postData": content}),
        "headersSize": -1,
        "bodySize": content["size"],
    }


def _response(exchange: Exchange, secrets: Secrets) -> dict[str, Any]:
    content, headers = _written(exchange.received, exchange.response_headers, secrets)
    return {
        # HAR has no other sign of a response that did not come, or not to its end.
        "status": 0 if exchange.error else exchange.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": content["size"],
    }


def _url(url: str, secrets: Secrets) -> str:
    """Return an address without its user, and with the values of its query hidden."""
    parts = urlsplit(url)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    query = "&".join(f"{name}={HIDDEN}" for name in names)
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    shown = secrets.hide(plain.geturl())
    return f"{shown}?{query}" if query else shown


def _written(
    passing: Passing, headers: Headers, secrets: Secrets
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return a body and the headers beside it, as they are written."""
    label = header(headers, "content-type") or ""
    body, unseen = seen(passing.body, headers)
    if unseen:
        # Nobody here can look for secrets in it.
        body = None
    written = None if body is None else secrets.hide_bytes(body)
    untrue: set[str] = set() if body is None or written == passing.body else {*UNTRUE}
    if not passing.size:
        # Parts that were announced and did not come would be parts that were not kept.
        untrue.add("transfer-encoding")
    kept = [
        {"name": name, "value": _value(name, value, secrets)}
        for name, value in headers
        if name.lower() not in untrue
    ]
    if written is None:
        return {"size": passing.size, "mimeType": label, "comment": unseen or "too large"}, kept
    return {"size": len(written), "mimeType": label, **_content(written)}, kept


def _value(name: str, value: str, secrets: Secrets) -> str:
    return value if name.lower() in LABEL else secrets.hide_header(name, value)


def _content(raw: bytes) -> dict[str, str]:
    """Return the members that hold a body; some texts look like another spelling of bytes."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = ""
    if of_text(text) == raw:
        return {"text": text}
    return {"text": base64.b64encode(raw).decode(), "encoding": "base64"}
