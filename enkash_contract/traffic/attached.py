"""Bodies in files of their own beside a HAR, as Playwright writes them and names by `_file`."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = (("request", "postData"), ("response", "content"))


def with_attached(recorded: Any, attached: Callable[[str], bytes | None]) -> Any:
    """Return an interaction that holds the bodies which it names as files, if they are there."""
    for side, name in _PARTS:
        message = _member(recorded, side)
        part = _member(message, name)
        # Playwright writes an empty text beside the name of a request's body.
        file = None if part.get("text") else part.get("_file")
        body = attached(file) if isinstance(file, str) else None
        if body is not None:
            held = {**part, "text": base64.b64encode(body).decode(), "encoding": "base64"}
            del held["_file"]
            recorded = {**recorded, side: {**message, name: held}}
    return recorded


def _member(owner: Any, name: str) -> dict[str, Any]:
    value = owner.get(name) if isinstance(owner, dict) else None
    return value if isinstance(value, dict) else {}
