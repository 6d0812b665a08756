"""Bodies in files of their own beside a HAR, as Playwright writes them and names by `_file`."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = (("request", "postData"), ("response", "content"))


def with_attached(recorded: Any, attached: Callable[[str], bytes | None]) -> Any:
    """Return an interaction that holds the bodies which it names as files, if they are there."""
    snapshot = _member(recorded, "snapshot")
    if snapshot:
        # In a trace of Playwright, an entry is a part of its line.
        return {**recorded, "snapshot": with_attached(snapshot, attached)}
    for side, name in _PARTS:
        message = _member(recorded, side)
        part = _member(message, name)
        # Playwright writes an empty text beside the name of a request's body.
        file = None if part.get("text") else _name(part)
        body = attached(file) if isinstance(file, str) else None
        if body is not None:
            held = {**part, "text": base64.b64encode(body).decode(), "encoding": "base64"}
            held.pop("_file", None)
            recorded = {**recorded, side: {**message, name: held}}
    return recorded


def _name(part: dict[str, Any]) -> Any:
    """Return the name of the file that holds a body, from where its recording is."""
    hashed = part.get("_sha1")
    return f"resources/{hashed}" if isinstance(hashed, str) else part.get("_file")


def _member(owner: Any, name: str) -> dict[str, Any]:
    value = owner.get(name) if isinstance(owner, dict) else None
    return value if isinstance(value, dict) else {}
