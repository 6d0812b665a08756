"""Interactions and requests, read from the objects of HTTP libraries by the names they share.

httpx, requests, aiohttp and Starlette agree on most names used here, and urllib is read by its
own, so none is imported. A body is read only where reading does not use it up.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from enkash_contract.errors import UsageError
from enkash_contract.wire.codings import seen
from enkash_contract.wire.message import Headers, Interaction, Request, Response

FORM = "application/x-www-form-urlencoded"
"""How urllib labels a body that was given no label."""


def interaction_of(response: Any, source: str = "") -> Interaction:
    """Return the interaction behind a response of httpx, requests or Starlette's test client.

    Raises:
        UsageError: the object is not such a response, or does not know its request.

    """
    try:
        request = _request(response.request)
        headers = _headers(response.headers)
        received = Response(response.status_code, headers, *seen(response.content, headers))
    except (AttributeError, RuntimeError) as problem:
        message = f"a {type(response).__name__} is not a response with its request ({problem})"
        raise UsageError(
            f"{message}; pass one of httpx, requests or Starlette's TestClient"
        ) from None
    return Interaction(request, received, source=source)


def glance(request: Any) -> tuple[str, str | None, Any]:
    """Return method, label and body of a request of httpx or requests; nothing of any other.

    It takes a third of the time of `request_of`, which a guard would spend on every request.
    httpx joins a label that is there twice, so that it equals no media type.
    """
    headers: Any = getattr(request, "headers", None)
    try:
        if hasattr(headers, "multi_items"):
            return request.method, headers.get("content-type"), request.content
        if hasattr(headers, "lower_items"):
            return request.method, headers.get("content-type"), request.body
    except (AttributeError, RuntimeError):
        pass
    return "", None, None


def request_of(request: Any) -> Request:
    """Return the request of an HTTP library's object, before it is sent.

    Objects of httpx, requests (prepared), urllib.request and aiohttp's client are read, and those
    that Starlette received. The body is None where reading would use it up.

    Raises:
        UsageError: the object is not such a request.

    """
    if isinstance(request, Request):
        body, unseen = seen(request.body, request.headers)
        return replace(request, body=body, unseen=unseen or request.unseen)
    try:
        return _of_urllib(request) if hasattr(request, "full_url") else _request(request)
    except AttributeError as problem:
        raise _no_request(request, problem) from None


def path_of(request: Any) -> str:
    """Return the path of a request object, or its URL before the query, whichever is quicker.

    Raises:
        UsageError: the object is not a request that `request_of` reads.

    """
    try:
        url = getattr(request, "url", None) or request.full_url
        return url.partition("?")[0] if isinstance(url, str) else str(url.path)
    except (AttributeError, RuntimeError) as problem:
        raise _no_request(request, problem) from None


def _no_request(request: Any, problem: Exception) -> UsageError:
    message = f"a {type(request).__name__} is not a request as it is sent ({problem})"
    known = "httpx, requests (prepared), urllib.request, aiohttp or Starlette"
    return UsageError(f"{message}; pass one of {known}")


def _request(request: Any) -> Request:
    method, url, headers = str(request.method).upper(), str(request.url), _headers(request.headers)
    body, unseen = seen(_sent(request), headers)
    return Request(method, url, headers, body, unseen=unseen)


def _of_urllib(request: Any) -> Request:
    headers = _headers(dict(request.header_items()))
    if request.data is not None and not request.has_header("Content-type"):
        # urllib adds it on the way out, where the author of the request never sees it.
        headers += (("Content-type", FORM),)
    body, unseen = seen(_bytes(request.data), headers)
    return Request(request.get_method(), request.full_url, headers, body, unseen=unseen)


def _headers(headers: Any) -> Headers:
    pairs = headers.multi_items() if hasattr(headers, "multi_items") else headers.items()
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _sent(request: Any) -> bytes | None:
    """Return the bytes of the request's body, or None where they cannot be had."""
    if hasattr(request, "body"):
        body = request.body
        # Starlette's is awaited, and kept once it was.
        return _bytes(getattr(request, "_body", body) if callable(body) else body)
    try:
        return _bytes(request.content)
    except RuntimeError:
        # httpx does not read a body again that it sends to another address; these it could.
        return b"".join(request.stream) if is_a(type(request.stream), "ByteStream") else None


def _bytes(body: Any) -> bytes | None:
    if body is None:
        return b""
    if isinstance(body, str):
        # A lone surrogate becomes invalid UTF-8, which is found when the bytes are judged.
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if is_a(type(body), "BytesPayload"):
        # aiohttp shows a body in memory only as text, and a memory view not even so.
        with contextlib.suppress(AttributeError):
            return str(body.decode("latin-1")).encode("latin-1")
    return None


def is_a(kind: type, name: str) -> bool:
    """Return whether a class or one of its bases is called `name`, without importing it."""
    return any(base.__name__ == name for base in kind.__mro__)
