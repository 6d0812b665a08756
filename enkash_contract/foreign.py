"""Turning the response objects of HTTP libraries into interactions, by what they all share.

httpx, requests and Starlette's test client agree on the names used here, so none is imported.
"""

from __future__ import annotations

from typing import Any

from enkash_contract.errors import UsageError
from enkash_contract.interaction import Headers, Interaction, Request, Response


def interaction_of(response: Any, source: str = "") -> Interaction:
    """Return the interaction behind a response of httpx, requests or Starlette's test client.

    Raises:
        UsageError: the object is not such a response, or does not know its request.

    """
    try:
        asked = response.request
        request = Request(
            str(asked.method).upper(), str(asked.url), _headers(asked.headers), _sent(asked)
        )
        answer = Response(response.status_code, _headers(response.headers), response.content)
    except (AttributeError, RuntimeError) as problem:
        what = f"a {type(response).__name__} is not a response with its request ({problem})"
        raise UsageError(f"{what}; pass one of httpx, requests or Starlette's TestClient") from None
    return Interaction(request, answer, source=source)


def _headers(headers: Any) -> Headers:
    pairs = headers.multi_items() if hasattr(headers, "multi_items") else headers.items()
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _sent(asked: Any) -> bytes | None:
    """Return the bytes of the request's body, or None when they were streamed away."""
    if hasattr(asked, "body"):
        body = asked.body
    else:
        try:
            body = asked.content
        except RuntimeError:
            return None
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else None
