"""Servers on loopback with one lawful oddity each: what they decide is a sandbox's decision."""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, Literal

from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Headers, Request, Response, header, labelled
from tests.conftest import raw_server

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

PAGE = b"<!doctype html><title>Bad Request</title><h1>Bad Request</h1>"
PROBLEM = b'{"type": "about:blank", "title": "Bad Request", "status": 400}'
KEPT = object()
COOKIES = (("Set-Cookie", "session=1; HttpOnly"), ("Set-Cookie", "route=2; Path=/"))

Head = tuple[str, str, Headers]


@dataclass(frozen=True)
class Oddity:
    """A habit that no page and no standard forbids.

    `payload` stands in the responses that accept, `rejection` is the label and the body of those
    that reject, `status` the one of all rejections. `interim` is sent before every response, and
    `limit` is the size above which a body is rejected without being read.
    """

    payload: Any = KEPT
    rejection: tuple[str | None, bytes] | None = None
    status: int | None = None
    label: str = "application/json"
    version: Literal["HTTP/1.0", "HTTP/1.1"] = "HTTP/1.1"
    framing: Literal["sized", "chunked", "until closed"] = "sized"
    headers: Headers = ()
    closes: bool = False
    interim: bytes = b""
    coding: str = ""
    phrase: str = "Said"
    capitals: bool = True
    limit: int = 10**9
    prefix: str = ""
    slash: bool = False
    unmodified: bool = False


ODDITIES = {
    "plain": Oddity(),
    "null payload": Oddity(payload=None),
    "list payload": Oddity(payload=["SUCCESS"]),
    "object payload": Oddity(payload={"resp": {"result": "SUCCESS"}}),
    "problem details": Oddity(rejection=("application/problem+json", PROBLEM)),
    "pages": Oddity(rejection=("text/html; charset=utf-8", PAGE)),
    "empty rejections": Oddity(rejection=(None, b"")),
    "HTTP/1.0": Oddity(version="HTTP/1.0", framing="until closed", closes=True),
    "said to close": Oddity(headers=(("Connection", "close"),), closes=True),
    "closed without a word": Oddity(closes=True),
    "413 unread": Oddity(limit=5_000),
    "chunked": Oddity(framing="chunked"),
    "behind a gateway": Oddity(prefix="/uat/v1"),
    "two cookies": Oddity(headers=COOKIES),
    "100 Continue": Oddity(interim=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints": Oddity(interim=b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"),
    "gzip": Oddity(coding="gzip"),
    "x-gzip": Oddity(coding="x-gzip"),
    "deflate": Oddity(coding="deflate"),
    "gzip of nothing": Oddity(coding="gzip", rejection=(None, b"")),
    "no coding": Oddity(headers=(("Content-Encoding", "identity"),)),
    "a charset": Oddity(label="application/json;charset=UTF-8"),
    "other capitals": Oddity(label="Application/JSON", capitals=False),
    "no phrase": Oddity(phrase=""),
    "ended by closing": Oddity(framing="until closed", closes=True),
    "rejections by 200": Oddity(status=200),
    "rejections by 412": Oddity(status=412),
    "rejections by 409": Oddity(status=409),
    "rejections by 418": Oddity(status=418, rejection=("text/plain", b"no")),
    "slash at the end": Oddity(slash=True),
    "304 to GET": Oddity(unmodified=True),
}
"""The oddities by name."""


@contextlib.contextmanager
def odd_server(oddity: Oddity, defect: str | None = None) -> Iterator[str]:
    """Serve with `oddity`, and with one defect of the sandbox; yields the address for a target."""
    truth = Sandbox(defect=defect)

    def converse(connection: socket.socket) -> None:
        with connection.makefile("rb") as reader:
            while (head := _head(reader)) is not None:
                if not _exchange(connection, reader, head, oddity, truth):
                    break

    with raw_server(converse) as url:
        slash = truth.operation.path + "/" if oddity.slash else ""
        yield url + oddity.prefix + slash


def _exchange(
    connection: socket.socket, reader: IO[bytes], head: Head, oddity: Oddity, truth: Sandbox
) -> bool:
    """Respond to one request; return whether another may follow."""
    method, target, headers = head
    if int(header(headers, "content-length") or 0) > oddity.limit:
        close = ("Connection", "close")
        connection.sendall(_written(labelled(413, "text/plain", b"too large", close), oddity))
        return False
    if oddity.interim or header(headers, "expect"):
        connection.sendall(oddity.interim or b"HTTP/1.1 100 Continue\r\n\r\n")
    request = Request(method, f"http://localhost{target}", headers, _body(reader, headers))
    response = _odd(_decided(request, oddity, truth), oddity)
    connection.sendall(_written(response, oddity, bodiless=method == "HEAD"))
    return not oddity.closes


def _head(reader: IO[bytes]) -> Head | None:
    """Read the request line and the headers; None when the client has left."""
    line = reader.readline().decode("latin-1").split()
    fields: list[tuple[str, str]] = []
    while (text := reader.readline().decode("latin-1").strip()) != "":
        name, _, value = text.partition(":")
        fields.append((name, value.strip()))
    return (line[0], line[1], tuple(fields)) if line else None


def _body(reader: IO[bytes], headers: Headers) -> bytes:
    if header(headers, "transfer-encoding") is None:
        return reader.read(int(header(headers, "content-length") or 0))
    body = b""
    while size := int(reader.readline(), 16):
        body += reader.read(size)
        reader.readline()
    reader.readline()
    return body


def _decided(request: Request, oddity: Oddity, truth: Sandbox) -> Response:
    """Return the sandbox's response, unless the oddity is about the way to it."""
    if not request.path.startswith(oddity.prefix):
        return labelled(404, "text/html", PAGE)
    if oddity.unmodified and request.method in ("GET", "HEAD"):
        return Response(304)
    if oddity.slash:
        if not request.path.endswith("/"):
            return Response(308, (("Location", f"{request.path}/"),))
        request = replace(request, url=request.url.removesuffix("/"))
    request = replace(request, url=request.url.replace(oddity.prefix, "", 1))
    response = truth.answer(request).response
    assert response is not None, "a defect that never answers is no truth"
    return response


def _odd(response: Response, oddity: Oddity) -> Response:
    """Return `response` with what is odd about its content and its headers."""
    status, body, headers = response.status, response.body or b"", response.headers
    headers = tuple(
        (name, value.replace("application/json", oddity.label)) for name, value in headers
    )
    if status == 200 and oddity.payload is not KEPT:
        body = json.dumps({**json.loads(body), "payload": oddity.payload}).encode()
    if status in range(400, 500):
        if oddity.status is not None and status == 400:
            status = oddity.status
        if oddity.rejection is not None:
            label, body = oddity.rejection
            headers = () if label is None else (("Content-Type", label),)
    if oddity.coding and status != 304:
        compress = zlib.compress if oddity.coding == "deflate" else gzip.compress
        body = compress(body) if body else b""
        headers = (*headers, ("Content-Encoding", oddity.coding))
    return Response(status, (*headers, *oddity.headers), body)


def _written(response: Response, oddity: Oddity, *, bodiless: bool = False) -> bytes:
    """Return the bytes of a response in the framing of `oddity`."""
    body, fields = response.body or b"", dict[str, str]()
    if response.status == 304:
        bodiless = True
    elif oddity.framing == "chunked":
        fields["Transfer-Encoding"] = "chunked"
        half = len(body) // 2
        chunks = [chunk for chunk in (body[:half], body[half:]) if chunk]
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    elif oddity.framing == "sized":
        fields["Content-Length"] = str(len(body))
    lines = [
        f"{name if oddity.capitals else name.lower()}: {value}"
        for name, value in (*response.headers, *fields.items())
    ]
    first = f"{oddity.version} {response.status} {oddity.phrase}"
    head = "\r\n".join([first, *lines, "", ""])
    return head.encode("latin-1") + (b"" if bodiless else body)
