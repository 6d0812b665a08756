"""The address of a run: where a target that is given as a URL serves the operation.

A person gives the base of an API, or the whole address of the operation, which stays as it was
written: a server may insist on a slash at the end, and say so by a redirection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from enkash_contract.contract.operation import TO_PARTNER
from enkash_contract.contract.routing import match_path
from enkash_contract.errors import TargetError
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

IN_PROCESS = "http://in-process"
"""The base of an application in this process, which has no address."""


def is_url(target: Any) -> bool:
    """Return whether `target` is written as an http(s) URL."""
    return isinstance(target, str) and target.lower().startswith(("http://", "https://"))


def address(target: str, operation: Operation) -> str:
    """Complete a base URL with the operation's path; a whole address stays as it is.

    So does that of a receiver of webhooks: no page says which path it has.

    Raises:
        TargetError: it is no URL.

    """
    shown = shown_url(target)
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        # A password with a slash in it ends up where the port should be, and so in the reason.
        why = "write /, ?, # and @ of a password as %2F, %3F, %23 and %40"
        raise TargetError(f"{shown} is not a URL: {why if '@' in target else problem}") from None
    if not host:
        raise TargetError(f"{shown} names no host; write e.g. http://127.0.0.1:8080")
    whole = operation.direction == TO_PARTNER or match_path(operation, target) != "other"
    path = parts.path if whole else parts.path.rstrip("/") + operation.path
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def is_documented(target: Any, operation: Operation) -> bool:
    """Return whether the address of `target` ends with the operation's path as it is documented.

    At another, all that is known of paths is beside the point: its own is the one to keep.
    """
    return not is_url(target) or urlsplit(address(target, operation)).path.endswith(operation.path)
